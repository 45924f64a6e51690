#include "tests/vectors/suite.h"

#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
suite_fail(struct suite *s, const char *file, const char *test,
    const char *fmt, ...)
{
	va_list ap;

	s->failed++;
	printf("# %s%s%s: %s%s", s->folder, file != NULL ? "/" : "",
	    file != NULL ? file : "", test != NULL ? test : "",
	    test != NULL ? ": " : "");
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
}

void
suite_note(struct suite *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(s->note, sizeof(s->note), fmt, ap);
	va_end(ap);
}

static void
path_of(const struct suite *s, const char *file, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/%s%s%s", s->root, s->folder,
	    file != NULL ? "/" : "", file != NULL ? file : "");
}

void
suite_files(struct suite *s, const char *suffix,
    void (*each)(struct suite *s, const char *file, void *arg), void *arg)
{
	char path[PATH_MAX];
	struct dirent **names = NULL;
	int n;

	path_of(s, NULL, path);
	n = scandir(path, &names, NULL, alphasort);
	if (n < 0)
		suite_fail(s, NULL, NULL, "the folder cannot be read");
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		size_t len = strlen(name), end = strlen(suffix);

		if (len > end && strcmp(name + len - end, suffix) == 0)
			each(s, name, arg);
		free(names[i]);
	}
	free(names);
}

char *
suite_text(struct suite *s, const char *file)
{
	enum { TEXT_MAX = 1 << 22 };
	char path[PATH_MAX];
	char *text = malloc(TEXT_MAX);
	FILE *f;
	size_t n = 0;

	path_of(s, file, path);
	f = fopen(path, "rb");
	if (text != NULL && f != NULL)
		n = fread(text, 1, TEXT_MAX - 1, f);
	if (f != NULL)
		(void)fclose(f);
	if (n == 0) {
		suite_fail(s, file, NULL, "cannot be read");
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

json_t *
suite_json(struct suite *s, const char *file)
{
	char *text = suite_text(s, file);
	json_error_t why;
	json_t *j;

	if (text == NULL)
		return NULL;
	if ((j = json_loads(text, 0, &why)) == NULL)
		suite_fail(s, file, NULL, "line %d: %s", why.line, why.text);
	free(text);
	return j;
}

/* ---- blocks ------------------------------------------------------------- */

static bool
block_new(size_t len, struct block *out)
{
	*out = (struct block){ malloc(len), len };
	return out->p != NULL || len == 0;
}

void
block_free(struct block *b)
{
	free(b->p);
	*b = (struct block){ NULL, 0 };
}

struct bytes
block_bytes(const struct block *b)
{
	return bytes_from(b->p, b->len);
}

bool
block_hex(const char *hex, struct block *out)
{
	size_t got;

	if (hex == NULL || !block_new(strlen(hex) / 2, out))
		return false;
	if (bytes_from_hex(bytes_text(hex), out->p, out->len, &got))
		return true;
	block_free(out);
	return false;
}

static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool
block_base64(const char *text, struct block *out)
{
	size_t len = text != NULL ? strcspn(text, "=") : 0, at = 0;
	unsigned bits = 0, have = 0;

	if (text == NULL || !block_new(len * 6 / 8, out))
		return false;
	for (size_t i = 0; i < len; i++) {
		int v = sextet(text[i]);

		if (v < 0) {
			block_free(out);
			return false;
		}
		bits = (bits << 6 | (unsigned)v) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out->p[at++] = (uint8_t)(bits >> have);
		}
	}
	return true;
}

/* ---- JSON --------------------------------------------------------------- */

const char *
json_text_at(json_t *j, ...)
{
	const char *key;
	va_list ap;

	va_start(ap, j);
	while ((key = va_arg(ap, const char *)) != NULL)
		j = json_object_get(j, key);
	va_end(ap);
	return json_string_value(j);
}

/* A coordinate: "x" in base64url or "x_hex". */
static bool
coordinate(json_t *jwk, const char *name, struct block *out)
{
	char hex[8];

	(void)snprintf(hex, sizeof(hex), "%s_hex", name);
	return block_base64(json_text_at(jwk, name, NULL), out) ||
	    block_hex(json_text_at(jwk, hex, NULL), out);
}

struct crypto_key *
jwk_load(json_t *jwk)
{
	const char *crv = json_text_at(jwk, "crv", NULL);
	struct block x = { NULL, 0 }, y = { NULL, 0 };
	struct crypto_key *key = NULL;
	bool ec = crv != NULL && strcmp(crv, "P-256") == 0;
	bool ed = crv != NULL && strcmp(crv, "Ed25519") == 0;

	if ((!ec && !ed) || !coordinate(jwk, "x", &x) ||
	    (ec && !coordinate(jwk, "y", &y)) ||
	    crypto_key_new(ec ? ALG_ES256 : ALG_EDDSA, block_bytes(&x),
	    block_bytes(&y), &key) != ST_OK)
		key = NULL;
	block_free(&x);
	block_free(&y);
	return key;
}
