/*
 * RFC 8949 appendix A: every example is decoded by the cursor and its value
 * compared, or refused because it lies outside our subset.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cbor.h"
#include "tests/vectors/suite.h"

enum { DIGITS_MAX = 32 };

/* ---- values as text (RFC 8949 section 8) -------------------------------- */

/* A big-endian number of at most 9 bytes in decimal, plus one if asked. */
static void
put_decimal(FILE *f, struct bytes n, bool negative)
{
	uint8_t v[10] = { 0 };
	char digits[DIGITS_MAX];
	size_t at = sizeof(digits);
	bool zero = false;

	if (n.len > 9) {
		fprintf(f, "too long");
		return;
	}
	memcpy(v + 10 - n.len, n.p, n.len);
	/* A negative integer n is written as -1 - n. */
	for (size_t i = 10; negative && i > 0; i--)
		if (++v[i - 1] != 0)
			break;
	while (!zero) {
		unsigned rest = 0;

		zero = true;
		for (size_t i = 0; i < 10; i++) {
			rest = rest << 8 | v[i];
			v[i] = (uint8_t)(rest / 10);
			rest %= 10;
			zero = zero && v[i] == 0;
		}
		digits[--at] = (char)('0' + rest);
	}
	fprintf(f, "%s%.*s", negative ? "-" : "", (int)(DIGITS_MAX - at),
	    digits + at);
}

static void
put_real(FILE *f, double d)
{
	char text[40];

	if (d != d || d - d != 0) {
		fprintf(f, "%s", d != d ? "NaN" : d > 0 ? "Infinity" :
		    "-Infinity");
		return;
	}
	(void)snprintf(text, sizeof(text), "%.17g", d);
	fprintf(f, "%s%s", text, strpbrk(text, ".e") != NULL ? "" : ".0");
}

static void
put_simple(FILE *f, struct cbor *c)
{
	static const char *const names[] = { "false", "true", "null",
	    "undefined" };
	uint8_t v;

	if (cbor_is_float(c))
		put_real(f, cbor_float(c));
	else if (cbor_simple(c, &v) && v >= 20 && v <= 23)
		fprintf(f, "%s", names[v - 20]);
	else
		fprintf(f, "simple(%u)", v);
}

static void	put_item(FILE *f, struct cbor *c);

static void
put_tagged(FILE *f, struct cbor *c)
{
	uint64_t tag = cbor_tag(c);

	if (tag == 2 || tag == 3) {
		put_decimal(f, cbor_bytes(c), tag == 3);
		return;
	}
	fprintf(f, "%" PRIu64 "(", tag);
	put_item(f, c);
	(void)fputc(')', f);
}

static void
put_several(FILE *f, struct cbor *c)
{
	bool map = cbor_peek(c) == CBOR_MAP;
	size_t n = map ? cbor_map(c) : cbor_array(c);

	(void)fputc(map ? '{' : '[', f);
	for (size_t i = 0; i < n && !c->bad; i++) {
		fprintf(f, "%s", i > 0 ? ", " : "");
		if (map) {
			put_item(f, c);
			fprintf(f, ": ");
		}
		put_item(f, c);
	}
	(void)fputc(map ? '}' : ']', f);
}

/* int64 through the cursor's own call; beyond it, the head's argument. */
static void
put_negative(FILE *f, struct cbor *c)
{
	struct cbor copy = *c;
	int64_t v = cbor_int(&copy);
	struct bytes raw;

	if (!copy.bad) {
		*c = copy;
		fprintf(f, "%" PRId64, v);
		return;
	}
	raw = cbor_raw(c);
	put_decimal(f, bytes_from(raw.p + 1, raw.len - 1), true);
}

static void
put_item(FILE *f, struct cbor *c)
{
	struct bytes b;

	switch (cbor_peek(c)) {
	case CBOR_UINT:
		fprintf(f, "%" PRIu64, cbor_uint(c));
		break;
	case CBOR_NINT:
		put_negative(f, c);
		break;
	case CBOR_BYTES:
		b = cbor_bytes(c);
		fprintf(f, "h'");
		for (size_t i = 0; i < b.len; i++)
			fprintf(f, "%02x", b.p[i]);
		(void)fputc('\'', f);
		break;
	case CBOR_TEXT:
		b = cbor_text(c);
		fprintf(f, "\"%.*s\"", (int)b.len, (const char *)b.p);
		break;
	case CBOR_ARRAY:
	case CBOR_MAP:
		put_several(f, c);
		break;
	case CBOR_TAG:
		put_tagged(f, c);
		break;
	case CBOR_SIMPLE:
		put_simple(f, c);
		break;
	case CBOR_NONE:
		fprintf(f, "nothing");
		c->bad = true;
		break;
	}
}

/* The suite's JSON value in the same words. */
static void
put_json(FILE *f, json_t *j)
{
	const char *key;
	size_t i = 0;
	json_t *v;

	switch (json_typeof(j)) {
	case JSON_INTEGER:
		fprintf(f, "%" JSON_INTEGER_FORMAT, json_integer_value(j));
		break;
	case JSON_REAL:
		put_real(f, json_real_value(j));
		break;
	case JSON_STRING:
		if (json_string_value(j)[0] == '#')	/* see quote_large */
			fprintf(f, "%s", json_string_value(j) + 1);
		else
			fprintf(f, "\"%s\"", json_string_value(j));
		break;
	case JSON_ARRAY:
		(void)fputc('[', f);
		json_array_foreach(j, i, v) {
			fprintf(f, "%s", i > 0 ? ", " : "");
			put_json(f, v);
		}
		(void)fputc(']', f);
		break;
	case JSON_OBJECT:
		(void)fputc('{', f);
		json_object_foreach(j, key, v) {
			fprintf(f, "%s\"%s\": ", i++ > 0 ? ", " : "", key);
			put_json(f, v);
		}
		(void)fputc('}', f);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		fprintf(f, "%s", json_is_null(j) ? "null" :
		    json_is_true(j) ? "true" : "false");
		break;
	}
}

static char *
text_of_cbor(struct bytes in)
{
	struct cbor c = cbor_from(in);
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (f == NULL)
		abort();
	put_item(f, &c);
	if (!cbor_done(&c))
		fprintf(f, " (the cursor is not done)");
	(void)fclose(f);
	return text;
}

static char *
text_of_json(json_t *test)
{
	json_t *value = json_object_get(test, "decoded");
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (f == NULL)
		abort();
	if (value != NULL)
		put_json(f, value);
	else
		fprintf(f, "%s", json_text_at(test, "diagnostic", NULL));
	(void)fclose(f);
	return text;
}

/* ---- writing back ------------------------------------------------------- */

/* False when some part is of a kind that the writer has no word for (floats,
 * simple values, integers under int64): we never write those. */
static bool
write_back(struct cbor *c, struct buf *out)
{
	struct cbor copy = *c;
	size_t n = 0;

	switch (cbor_peek(c)) {
	case CBOR_UINT:
		cbor_put_uint(out, cbor_uint(c));
		return true;
	case CBOR_NINT:
		(void)cbor_int(&copy);
		if (copy.bad)
			return false;
		cbor_put_int(out, cbor_int(c));
		return true;
	case CBOR_BYTES:
		cbor_put_bytes(out, cbor_bytes(c));
		return true;
	case CBOR_TEXT:
		cbor_put_text(out, cbor_text(c));
		return true;
	case CBOR_ARRAY:
		n = cbor_array(c);
		cbor_put_array(out, n);
		break;
	case CBOR_MAP:
		n = cbor_map(c);
		cbor_put_map(out, n);
		n *= 2;
		break;
	case CBOR_TAG:
		cbor_put_tag(out, cbor_tag(c));
		n = 1;
		break;
	case CBOR_SIMPLE:
	case CBOR_NONE:
		return false;
	}
	for (; n > 0; n--)
		if (!write_back(c, out))
			return false;
	return !c->bad;
}

/* ---- the cases ---------------------------------------------------------- */

struct counts {
	size_t decoded, written, unwritable, refused;
};

/* What does not round trip is a float in more bytes than it needs, or has an
 * indefinite length somewhere in it. */
static bool
is_indefinite(struct bytes in)
{
	return !(in.p[0] >= 0xf9 && in.p[0] <= 0xfb);
}

static void
compare_value(struct suite *s, const char *hex, struct bytes in, json_t *test)
{
	char *got = text_of_cbor(in), *expected = text_of_json(test);

	if (strcmp(got, expected) != 0)
		suite_fail(s, NULL, hex, "expected %s got %s", expected, got);
	free(got);
	free(expected);
}

static void
decode(struct suite *s, const char *hex, struct bytes in, json_t *test,
    struct counts *n)
{
	uint8_t room[256];
	struct buf out = buf_over(room, sizeof(room));
	struct cbor c = cbor_from(in);

	n->decoded++;
	if (cbor_check(in, CBOR_STRICT) != ST_OK ||
	    cbor_check(in, CBOR_LIBERAL) != ST_OK) {
		suite_fail(s, NULL, hex, "expected a value got a refusal");
		return;
	}
	compare_value(s, hex, in, test);
	if (!write_back(&c, &out)) {
		n->unwritable++;
		return;
	}
	n->written++;
	if (out.bad || !bytes_equal(buf_bytes(&out), in))
		suite_fail(s, NULL, hex, "expected the same bytes written back");
}

/* never: not even the liberal reader takes it. */
static void
refuse(struct suite *s, const char *hex, struct bytes in, json_t *test,
    bool never, struct counts *n)
{
	enum status liberal = cbor_check(in, CBOR_LIBERAL);

	n->refused++;
	if (cbor_check(in, CBOR_STRICT) == ST_OK)
		suite_fail(s, NULL, hex, "expected a refusal got a value");
	if ((liberal == ST_OK) == never)
		suite_fail(s, NULL, hex, "liberal: expected a %s",
		    never ? "refusal" : "value");
	if (!never && liberal == ST_OK)
		compare_value(s, hex, in, test);
}

static void
run_case(struct suite *s, json_t *test, struct counts *n)
{
	const char *hex = json_text_at(test, "hex", NULL);
	bool round_trip = json_is_true(json_object_get(test, "roundtrip"));
	struct block in;
	bool reserved;

	s->cases++;
	if (!block_hex(hex, &in)) {
		suite_fail(s, NULL, hex, "no hex");
		return;
	}
	/* simple(24) as f818 was well-formed in RFC 7049; RFC 8949 section
	 * 3.3 reserves 24 to 31. */
	reserved = strcmp(hex, "f818") == 0;
	if (round_trip && !reserved)
		decode(s, hex, block_bytes(&in), test, n);
	else
		refuse(s, hex, block_bytes(&in), test,
		    reserved || is_indefinite(block_bytes(&in)), n);
	block_free(&in);
}

/* JSON numbers past 64 bits would lose digits: they become the text "#...". */
static char *
quote_large(const char *text)
{
	static const char key[] = "\"decoded\": ";
	char *out = malloc(2 * strlen(text) + 1), *to = out;

	if (out == NULL)
		abort();
	while (*text != '\0') {
		size_t digits;

		if (strncmp(text, key, sizeof(key) - 1) != 0) {
			*to++ = *text++;
			continue;
		}
		memcpy(to, key, sizeof(key) - 1);
		to += sizeof(key) - 1;
		text += sizeof(key) - 1;
		digits = strspn(text, "-0123456789");
		if (digits >= 19 && strchr(",\r\n }", text[digits]) != NULL) {
			*to++ = '"';
			*to++ = '#';
			memcpy(to, text, digits);
			to += digits;
			*to++ = '"';
			text += digits;
		}
	}
	*to = '\0';
	return out;
}

void
suite_cbor(struct suite *s)
{
	char *text = suite_text(s, NULL);
	struct counts n = { 0 };
	json_t *all, *test;
	json_error_t why;
	char *quoted;
	size_t i;

	if (text == NULL)
		return;
	quoted = quote_large(text);
	if ((all = json_loads(quoted, 0, &why)) == NULL)
		suite_fail(s, NULL, NULL, "line %d: %s", why.line, why.text);
	json_array_foreach(all, i, test)
		run_case(s, test, &n);
	json_decref(all);
	free(quoted);
	free(text);
	suite_note(s, "%zu decoded (%zu written back the same, %zu of kinds "
	    "never written), %zu outside the subset and refused", n.decoded,
	    n.written, n.unwritable, n.refused);
}
