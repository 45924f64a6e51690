/* Dump: whatever CBOR a token holds, inspect writes one JSON value. */
#include <string.h>

#include "common/cbor.h"
#include "tests/fuzz/fuzz.h"
#include "verifier/dump.h"

enum { INPUT_MAX = 1 << 13 };

/* A JSON reader of its own (RFC 8259): true when one value lies at *p. */
static bool	value(const char **p, const char *end, int depth);

static bool
string(const char **p, const char *end)
{
	for (++*p; *p < end && **p != '"'; ++*p) {
		if ((unsigned char)**p < 0x20)
			return false;
		if (**p == '\\') {
			++*p;
			if (*p == end || strchr("\"\\/bfnrtu", **p) == NULL)
				return false;
		}
	}
	if (*p == end)
		return false;
	++*p;
	return true;
}

static bool
several(const char **p, const char *end, int depth)
{
	bool map = **p == '{';
	char close = map ? '}' : ']';

	if (++*p < end && **p == close) {
		++*p;
		return true;
	}
	for (;;) {
		if (map && (*p == end || **p != '"' || !string(p, end) ||
		    *p == end || *(*p)++ != ':'))
			return false;
		if (!value(p, end, depth + 1) || *p == end)
			return false;
		if (**p == close) {
			++*p;
			return true;
		}
		if (*(*p)++ != ',')
			return false;
	}
}

static bool
number(const char **p, const char *end)
{
	const char *start = *p;

	while (*p < end && strchr("0123456789+-.eE", **p) != NULL)
		++*p;
	return *p > start && start[strspn(start, "-")] >= '0' &&
	    start[strspn(start, "-")] <= '9';
}

static bool
value(const char **p, const char *end, int depth)
{
	static const char *const words[] = { "true", "false", "null" };

	if (*p == end || depth > CBOR_DEPTH)
		return false;
	if (**p == '"')
		return string(p, end);
	if (**p == '{' || **p == '[')
		return several(p, end, depth);
	for (int i = 0; i < 3; i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(end - *p) >= n && memcmp(*p, words[i], n) == 0) {
			*p += n;
			return true;
		}
	}
	return number(p, end);
}

static void
one_value(const struct buf *out)
{
	const char *p = (const char *)out->p, *end = p + out->len;

	HOLDS(!out->bad && value(&p, end, 0) && p == end);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[64 * INPUT_MAX];
	static struct claims c;
	struct bytes in = bytes_from(data, size);
	struct buf out = buf_over(room, sizeof(room));
	struct jsonw j = jsonw_to(&out);

	if (size > INPUT_MAX || cbor_check(in, CBOR_LIBERAL) != ST_OK)
		return 0;
	dump_cbor(&j, in);
	one_value(&out);
	if (claims_parse(in, CBOR_LIBERAL, &c) != ST_OK)
		return 0;
	out.len = 0;
	j = jsonw_to(&out);
	dump_cwt(&j, &c);
	one_value(&out);
	out.len = 0;
	j = jsonw_to(&out);
	dump_identity(&j, &c.identity);
	one_value(&out);
	return 0;
}
