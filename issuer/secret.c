#include "issuer/secret.h"

#include <sys/stat.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/text.h"
#include "keys/passphrase.h"
#include "keys/scrypt.h"

/* 32 MiB and about a fifth of a second for each guess. */
enum { SCRYPT_N = 32768, SCRYPT_P = 1 };

static const char key_label[] = "cedula officer key 1";
static const char key_domain[] = "cedula-officer-key-1";

/* ---- files -------------------------------------------------------------- */

enum status
secret_random(uint8_t out[SECRET_BYTES], struct diag *d)
{
	if (RAND_priv_bytes(out, SECRET_BYTES) == 1)
		return ST_OK;
	ERR_clear_error();
	return diag_set(d, ST_INTERNAL, _("no random numbers"));
}

void
secret_file_text(const char *label, const uint8_t secret[SECRET_BYTES],
    char out[SECRET_FILE_TEXT])
{
	char hex[2 * SECRET_BYTES + 1] = "";

	(void)bytes_to_hex(bytes_from(secret, SECRET_BYTES), hex, sizeof(hex));
	(void)snprintf(out, SECRET_FILE_TEXT, "%s\n%s\n", label, hex);
	crypto_wipe(hex, sizeof(hex));
}

/* Exactly what secret_file_text makes. */
static bool
parse(const char *label, char *text, uint8_t out[SECRET_BYTES])
{
	size_t n = strlen(label), len;

	return strncmp(text, label, n) == 0 && text[n] == '\n' &&
	    strlen(text + n + 1) == 2 * SECRET_BYTES + 1 &&
	    text[n + 1 + 2 * SECRET_BYTES] == '\n' &&
	    bytes_from_hex(bytes_from(text + n + 1, 2 * SECRET_BYTES), out,
	    SECRET_BYTES, &len) && len == SECRET_BYTES;
}

enum status
secret_file_read(const char *path, const char *label,
    uint8_t out[SECRET_BYTES], struct diag *d)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	uint8_t *text = NULL;
	size_t len = 0;
	struct stat sb;
	enum status st;

	memset(out, 0, SECRET_BYTES);
	if (fd < 0)
		return diag_errno(d, ST_IO, path);
	if (fstat(fd, &sb) != 0)
		st = diag_errno(d, ST_IO, path);
	else if (!S_ISREG(sb.st_mode) || sb.st_uid != geteuid() ||
	    (sb.st_mode & 077) != 0)
		st = diag_set(d, ST_PERMISSION,
		    _("%s: not a file that is yours alone; chmod 600 it, and ask who may have copied it"),
		    path);
	else
		st = file_read_fd(fd, path, SECRET_FILE_TEXT, &text, &len, d);
	close(fd);
	if (st == ST_OK && !parse(label, (char *)text, out))
		st = diag_set(d, ST_DATA,
		    _("%s: not a file of the kind '%s', or a damaged one"),
		    path, label);
	if (text != NULL)
		crypto_wipe(text, len);
	free(text);
	if (st != ST_OK)
		crypto_wipe(out, SECRET_BYTES);
	return st;
}

/* ---- what is compared --------------------------------------------------- */

static enum status
stretch(const char *passphrase, const struct secret *s, uint8_t out[32],
    struct diag *d)
{
	struct scrypt work = { .r = s->r == SCRYPT_R ? SCRYPT_R : 0,
	    .p = s->p > 0 && s->p <= SCRYPT_P_MAX ? (unsigned)s->p : 0,
	    .salt = bytes_from(s->salt, sizeof(s->salt)) };

	while (work.log_n < 62 && INT64_C(1) << work.log_n < s->n)
		work.log_n++;
	if (s->n == INT64_C(1) << work.log_n &&
	    scrypt_key(&work, passphrase, out, 32) == ST_OK)
		return ST_OK;
	return diag_set(d, ST_INTERNAL,
	    _("scrypt cannot be computed; is there enough memory?"));
}

static enum status
digest(const uint8_t key[SECRET_BYTES], uint8_t out[32])
{
	struct bytes part[] = { bytes_from(key_domain, sizeof(key_domain)),
	    bytes_from(key, SECRET_BYTES) };

	return crypto_sha256(part, 2, out);
}

/* Where there is nothing to compare with, all is done as if there were. */
enum status
secret_compare(const struct secret_typed *t, const struct secret *s,
    bool *same, struct diag *d)
{
	static const struct secret nobody = { .n = SCRYPT_N, .r = SCRYPT_R,
	    .p = SCRYPT_P };
	bool real = s != NULL && s->is_key == t->is_key;
	const struct secret *with = real ? s : &nobody;
	uint8_t got[32];
	enum status st = t->is_key ? digest(t->key, got) :
	    stretch(t->text, with, got, d);

	*same = st == ST_OK && real &&
	    CRYPTO_memcmp(got, with->verifier, sizeof(got)) == 0;
	crypto_wipe(got, sizeof(got));
	return st;
}

enum status
secret_read(const struct secret_given *g, const char *officer,
    struct secret_typed *out, struct diag *d)
{
	char question[REG_NAME + 64];
	enum status st;

	memset(out, 0, sizeof(*out));
	if (g->passphrase_file != NULL && g->key_file != NULL)
		return diag_set(d, ST_USAGE, g->beside_another ?
		    _("give --login-passphrase-file or --login-key-file, not both") :
		    _("give --passphrase-file or --key-file, not both"));
	out->is_key = g->key_file != NULL;
	if (g->key_file != NULL)
		st = secret_file_read(g->key_file, key_label, out->key, d);
	else if (g->passphrase_file != NULL)
		st = passphrase_from_file(g->passphrase_file, out->text, d);
	else {
		(void)snprintf(question, sizeof(question),
		    _("Passphrase of officer %.64s"), officer);
		st = passphrase_ask(question, g->beside_another ?
		    _("there is no terminal to ask for the officer's passphrase on; give --login-passphrase-file or --login-key-file") :
		    _("there is no terminal to ask for a passphrase on; give --passphrase-file or --key-file"),
		    out->text, d);
	}
	if (st != ST_OK)
		secret_forget(out);
	return st;
}

void
secret_forget(struct secret_typed *t)
{
	crypto_wipe(t, sizeof(*t));
}

enum status
secret_check(const struct secret_given *g, const char *officer,
    const struct secret *s, bool *same, struct diag *d)
{
	struct secret_typed t;
	enum status st = secret_read(g, officer, &t, d);

	*same = false;
	if (st == ST_OK)
		st = secret_compare(&t, s, same, d);
	secret_forget(&t);
	return st;
}

/* ---- a new one ---------------------------------------------------------- */

static enum status
ask_twice(const char *officer, char out[PASSPHRASE_MAX], struct diag *d)
{
	const char *nobody =
	    _("there is no terminal to ask for a passphrase on; give --new-passphrase-file or --new-key-file");
	char question[REG_NAME + 64], again[PASSPHRASE_MAX];
	enum status st;

	(void)snprintf(question, sizeof(question),
	    _("New passphrase of officer %.64s"), officer);
	if ((st = passphrase_ask(question, nobody, out, d)) != ST_OK)
		return st;
	st = passphrase_ask(_("The same again"), nobody, again, d);
	if (st == ST_OK && strcmp(out, again) != 0)
		st = diag_set(d, ST_PASSPHRASE,
		    _("the two passphrases differ; nothing was changed"));
	passphrase_wipe(again);
	return st;
}

static enum status
make_passphrase(const char *file, const char *officer,
    const struct secret_typed *old, struct secret *out, struct diag *d)
{
	char text[PASSPHRASE_MAX] = "";
	enum status st;

	st = file != NULL ? passphrase_from_file(file, text, d) :
	    ask_twice(officer, text, d);
	if (st == ST_OK && !text_is_utf8(bytes_text(text)))
		st = diag_set(d, ST_PASSPHRASE,
		    _("the new passphrase is not valid UTF-8; type it again"));
	if (st == ST_OK && text_length(bytes_text(text)) < SECRET_CHARS)
		st = diag_set(d, ST_PASSPHRASE,
		    _("the new passphrase is too short: take at least %d characters, better several words"),
		    SECRET_CHARS);
	if (st == ST_OK && old != NULL && !old->is_key &&
	    strcmp(old->text, text) == 0)
		st = diag_set(d, ST_PASSPHRASE,
		    _("the new passphrase is the old one; take another"));
	out->n = SCRYPT_N;
	out->r = SCRYPT_R;
	out->p = SCRYPT_P;
	if (st == ST_OK)
		st = stretch(text, out, out->verifier, d);
	passphrase_wipe(text);
	return st;
}

static enum status
make_key(const char *file, struct secret *out, struct diag *d)
{
	uint8_t key[SECRET_BYTES];
	char text[SECRET_FILE_TEXT];
	enum status st;

	if ((st = secret_random(key, d)) != ST_OK)
		return st;
	out->is_key = true;
	secret_file_text(key_label, key, text);
	if ((st = digest(key, out->verifier)) == ST_OK)
		st = file_create(file, bytes_text(text), 0600, d);
	crypto_wipe(text, sizeof(text));
	crypto_wipe(key, sizeof(key));
	return st;
}

enum status
secret_make(const struct secret_given *g, const char *officer,
    const struct secret_typed *old, struct secret *out, struct diag *d)
{
	uint8_t random[SECRET_BYTES];
	enum status st;

	memset(out, 0, sizeof(*out));
	if (g->new_passphrase_file != NULL && g->new_key_file != NULL)
		return diag_set(d, ST_USAGE,
		    _("give --new-passphrase-file or --new-key-file, not both"));
	if ((st = secret_random(random, d)) != ST_OK)
		return st;
	memcpy(out->salt, random, sizeof(out->salt));
	return g->new_key_file != NULL ? make_key(g->new_key_file, out, d) :
	    make_passphrase(g->new_passphrase_file, officer, old, out, d);
}

void
secret_undo(const struct secret_given *g)
{
	if (g->new_key_file != NULL)
		(void)unlink(g->new_key_file);
}
