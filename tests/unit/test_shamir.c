/* Shares of a secret: the field, the polynomial, and the line of text. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <string.h>

#include "keys/shamir.h"
#include "keys/share.h"

/* FIPS 197 §4.2 and §4.2.1, and the corners. */
static void
field(void **state)
{
	static const struct { uint8_t a, b, product; } cases[] = {
		{ 0x57, 0x83, 0xc1 }, { 0x57, 0x13, 0xfe }, { 0x57, 0x02, 0xae },
		{ 0x57, 0x04, 0x47 }, { 0x57, 0x08, 0x8e }, { 0x57, 0x10, 0x07 },
		{ 0x53, 0xca, 0x01 },	/* inverses of each other */
		{ 0, 0xff, 0 }, { 1, 0xff, 0xff }, { 0xff, 0xff, 0x13 },
		{ 0x80, 0x02, 0x1b },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(shamir_mul(cases[i].a, cases[i].b),
		    cases[i].product);
		assert_int_equal(shamir_mul(cases[i].b, cases[i].a),
		    cases[i].product);
	}
	/* A field: no product of two that are not 0 is 0; each has an inverse. */
	for (unsigned a = 1; a < 256; a++) {
		unsigned ones = 0;

		for (unsigned b = 1; b < 256; b++) {
			uint8_t p = shamir_mul((uint8_t)a, (uint8_t)b);

			assert_int_not_equal(p, 0);
			ones += p == 1;
		}
		assert_int_equal(ones, 1);
	}
}

/* By hand: s = 0x42, f(x) = 0x42 + 0x57 x, so f(1) = 0x15, f(2) = 0xec
 * (0x57 * 2 = 0xae), f(3) = 0xbb. */
static void
known_answer(void **state)
{
	static const uint8_t y1 = 0x15, y2 = 0xec, y3 = 0xbb;
	const uint8_t *y[][2] = { { &y1, &y2 }, { &y3, &y1 }, { &y2, &y3 } };
	static const uint8_t x[][2] = { { 1, 2 }, { 3, 1 }, { 2, 3 } };
	uint8_t out;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(shamir_combine(x[i], y[i], 2, 1, &out), ST_OK);
		assert_int_equal(out, 0x42);
	}
}

static unsigned
bits(unsigned v)
{
	unsigned n = 0;

	for (; v != 0; v &= v - 1)
		n++;
	return n;
}

/* Every set of at least k shares gives the secret; no set of k - 1 does. */
static void
one_split(unsigned k, unsigned n)
{
	uint8_t secret[32], shares[SHAMIR_MAX * 32], out[32], x[SHAMIR_MAX];
	const uint8_t *y[SHAMIR_MAX];

	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)(i * 37 + k * 5 + n);
	assert_int_equal(shamir_split(bytes_from(secret, 32), k, n, shares),
	    ST_OK);
	for (unsigned set = 1; set < 1u << n; set++) {
		size_t m = 0;

		for (unsigned i = 0; i < n; i++)
			if ((set >> i & 1) != 0) {
				x[m] = (uint8_t)(i + 1);
				y[m++] = shares + i * 32;
			}
		if (bits(set) < 2 || bits(set) + 1 < k)
			continue;
		assert_int_equal(shamir_combine(x, y, m, 32, out), ST_OK);
		if (bits(set) >= k)
			assert_memory_equal(out, secret, 32);
		else
			assert_memory_not_equal(out, secret, 32);
	}
}

static void
every_subset(void **state)
{
	static const unsigned cases[][2] = { { 2, 2 }, { 2, 3 }, { 3, 3 },
	    { 3, 5 }, { 5, 5 }, { 4, 7 }, { 2, 9 }, { 9, 10 }, { 2, 16 },
	    { 15, 16 }, { 16, 16 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		one_split(cases[i][0], cases[i][1]);
}

static void
refused(void **state)
{
	static const unsigned cases[][2] = { { 0, 0 }, { 1, 1 }, { 1, 3 },
	    { 3, 2 }, { 2, 17 }, { 17, 17 } };
	static const uint8_t same[] = { 2, 2 }, zero[] = { 0, 1 };
	uint8_t room[17 * 4], out[4], secret[4] = { 1, 2, 3, 4 };
	const uint8_t *y[] = { secret, secret };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(shamir_split(bytes_from(secret, 4),
		    cases[i][0], cases[i][1], room), ST_USAGE);
	assert_int_equal(shamir_combine(same, y, 2, 4, out), ST_DATA);
	assert_int_equal(shamir_combine(zero, y, 2, 4, out), ST_DATA);
	assert_int_equal(shamir_combine(same, y, 1, 4, out), ST_DATA);
	assert_int_equal(shamir_combine(same, y, 17, 4, out), ST_DATA);
}

/* With k - 1 shares every secret is possible, each in one way. */
static void
every_secret_fits(void **state)
{
	static const uint8_t x[] = { 1, 2, 3 };
	uint8_t secret = 0x5a, shares[5], third, out;
	const uint8_t *y[] = { &shares[0], &shares[1], &third };
	unsigned seen[256] = { 0 };

	(void)state;
	assert_int_equal(shamir_split(bytes_from(&secret, 1), 3, 5, shares),
	    ST_OK);
	for (unsigned v = 0; v < 256; v++) {
		third = (uint8_t)v;
		assert_int_equal(shamir_combine(x, y, 3, 1, &out), ST_OK);
		seen[out]++;
	}
	for (unsigned v = 0; v < 256; v++)
		assert_int_equal(seen[v], 1);
}

/* One share of two is uniform, whatever the secret: chi square with 255
 * degrees of freedom. Above 400 once in 10^8 runs; coefficients that are never
 * 0, the classic mistake, give a share that is never the secret and some 650. */
static void
share_is_uniform(void **state)
{
	enum { EACH = 400, RUNS = 256 * EACH };
	static const uint8_t secrets[] = { 0x00, 0x01, 0xa7, 0xff };
	uint8_t secret[256], shares[2 * 256];

	(void)state;
	for (size_t s = 0; s < sizeof(secrets); s++) {
		unsigned long count[2][256] = { { 0 } };

		memset(secret, secrets[s], sizeof(secret));
		for (size_t i = 0; i < EACH; i++) {
			assert_int_equal(shamir_split(bytes_from(secret,
			    sizeof(secret)), 2, 2, shares), ST_OK);
			for (size_t j = 0; j < sizeof(shares); j++)
				count[j / 256][shares[j]]++;
		}
		for (size_t which = 0; which < 2; which++) {
			unsigned long sum = 0;

			for (size_t v = 0; v < 256; v++) {
				long off = (long)count[which][v] - EACH;

				sum += (unsigned long)(off * off);
			}
			assert_true(sum / EACH < 400);
		}
	}
}

struct set {
	uint8_t secret[SHARE_SECRET];
	struct share s[SHAMIR_MAX];
	char text[SHAMIR_MAX][SHARE_TEXT];
};

static struct set
a_set(unsigned k, unsigned n)
{
	struct set t;

	for (size_t i = 0; i < SHARE_SECRET; i++)
		t.secret[i] = (uint8_t)(i * 11 + 3);
	assert_int_equal(share_split(t.secret, "NIC", k, n, t.s), ST_OK);
	for (unsigned i = 0; i < n; i++)
		share_encode(&t.s[i], t.text[i]);
	return t;
}

static enum status
parse(const char *text, struct share *out)
{
	return share_parse(bytes_text(text), out);
}

static void
text_and_back(void **state)
{
	struct set t = a_set(2, 3);
	struct share got[3];
	uint8_t secret[SHARE_SECRET];
	struct diag d = { "" };
	char title[40];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		(void)snprintf(title, sizeof(title),
		    "CEDULA-SHARE-1 NIC 2of3 #%u ", i + 1);
		assert_memory_equal(t.text[i], title, strlen(title));
		assert_int_equal(strlen(t.text[i]), strlen(title) + 95);
		assert_int_equal(parse(t.text[i], &got[i]), ST_OK);
		assert_memory_equal(&got[i], &t.s[i], sizeof(got[i]));
		/* The groups alone will do. */
		assert_int_equal(parse(t.text[i] + strlen(title), &got[i]),
		    ST_OK);
		assert_memory_equal(&got[i], &t.s[i], sizeof(got[i]));
	}
	assert_int_equal(share_join(got + 1, 2, secret, &d), ST_OK);
	assert_memory_equal(secret, t.secret, sizeof(secret));
}

/* What people take for one another is one character. */
static char
plain(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' :
	    c == ' ' ? '-' : c;
}

/* Every character of the line in turn, in place of it every other. */
static void
every_substitution(void **state)
{
	static const char strangers[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ#*.-";
	struct set t = a_set(2, 3);
	struct share got;
	char text[SHARE_TEXT];
	unsigned tried = 0;

	(void)state;
	for (size_t i = 0; t.text[1][i] != '\0'; i++)
		for (const char *c = strangers; *c != '\0'; c++) {
			memcpy(text, t.text[1], sizeof(text));
			if (plain(*c) == plain(text[i]))
				continue;
			text[i] = *c;
			assert_int_not_equal(parse(text, &got), ST_OK);
			assert_int_equal(got.number, 0);
			tried++;
		}
	assert_true(tried > 4000);
}

/* Neighbours swapped, one left out, one twice, cut off, another's words. */
static void
other_slips(void **state)
{
	struct set t = a_set(2, 3);
	struct share got;
	char text[SHARE_TEXT + 1];
	size_t len = strlen(t.text[0]);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		bool mark = strchr(" -", t.text[0][i]) != NULL;

		(void)snprintf(text, sizeof(text), "%.*s%s", (int)i, t.text[0],
		    t.text[0] + i + 1);
		assert_int_equal(parse(text, &got) == ST_OK, mark);
		(void)snprintf(text, sizeof(text), "%.*s%s", (int)i + 1,
		    t.text[0], t.text[0] + i);
		assert_int_equal(parse(text, &got) == ST_OK, mark);
		(void)snprintf(text, sizeof(text), "%.*s", (int)i, t.text[0]);
		assert_int_not_equal(parse(text, &got), ST_OK);
		if (i + 1 < len && !mark && t.text[0][i + 1] != t.text[0][i] &&
		    strchr(" -", t.text[0][i + 1]) == NULL) {
			memcpy(text, t.text[0], SHARE_TEXT);
			text[i] = t.text[0][i + 1];
			text[i + 1] = t.text[0][i];
			assert_int_not_equal(parse(text, &got), ST_OK);
		}
	}
	/* The words of one before the groups of another. */
	(void)snprintf(text, sizeof(text), "%.26s%.120s", t.text[0],
	    t.text[1] + 26);
	assert_int_equal(parse(t.text[1], &got), ST_OK);
	assert_int_equal(parse(text, &got), ST_DATA);
	assert_int_equal(parse("", &got), ST_MALFORMED);
	assert_int_equal(parse("CEDULA-SHARE-1", &got), ST_MALFORMED);
	memset(text, 'Z', SHARE_TEXT);
	assert_int_equal(share_parse(bytes_from(text, SHARE_TEXT), &got),
	    ST_MALFORMED);
	assert_int_equal(share_parse(bytes_from(text, 80), &got), ST_DATA);
}

static void
as_people_type(void **state)
{
	struct set t = a_set(2, 2);
	struct share got;
	char text[SHARE_TEXT];
	size_t n = 0;

	(void)state;
	for (const char *c = t.text[0]; *c != '\0'; c++) {
		if (*c == '-')
			continue;
		text[n] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') :
		    *c == '0' ? 'o' : *c == '1' && n > 30 ? 'l' : *c;
		n++;
	}
	text[n] = '\0';
	assert_int_equal(parse(text, &got), ST_OK);
	assert_memory_equal(&got, &t.s[0], sizeof(got));
}

static void
joins_refused(void **state)
{
	struct set a = a_set(2, 3), b = a_set(2, 3), c = a_set(3, 3);
	struct share s[SHAMIR_MAX];
	uint8_t secret[SHARE_SECRET];
	struct diag d = { "" };

	(void)state;
	/* Same secret, another set. */
	assert_memory_not_equal(a.s[0].set, b.s[0].set, SHARE_SET);
	s[0] = a.s[0];
	s[1] = b.s[1];
	assert_int_equal(share_join(s, 2, secret, &d), ST_DATA);
	assert_non_null(strstr(d.text, "different sets"));
	s[1] = a.s[0];
	assert_int_equal(share_join(s, 2, secret, &d), ST_DATA);
	assert_non_null(strstr(d.text, "given twice"));
	assert_int_equal(share_join(s, 1, secret, &d), ST_DATA);
	assert_non_null(strstr(d.text, "too few"));
	assert_int_equal(share_join(c.s, 2, secret, &d), ST_DATA);
	assert_non_null(strstr(d.text, "3 are needed, 2 given"));
	assert_int_equal(share_join(s, 0, secret, &d), ST_DATA);
	/* A share that says it belongs, and does not. */
	s[1] = b.s[1];
	memcpy(s[1].set, a.s[0].set, SHARE_SET);
	assert_int_equal(share_join(s, 2, secret, &d), ST_DATA);
	assert_non_null(strstr(d.text, "not genuine"));
	/* In any order, and more than needed. */
	s[0] = a.s[2];
	s[1] = a.s[0];
	s[2] = a.s[1];
	assert_int_equal(share_join(s, 2, secret, &d), ST_OK);
	assert_memory_equal(secret, a.secret, sizeof(secret));
	assert_int_equal(share_join(s, 3, secret, &d), ST_OK);
	assert_memory_equal(secret, a.secret, sizeof(secret));
	/* Of three, a false one is noticed though two would do. */
	s[2].y[5] ^= 1;
	assert_int_equal(share_join(s, 3, secret, &d), ST_DATA);
	assert_int_equal(share_split(a.secret, "nic", 2, 3, s), ST_USAGE);
	assert_int_equal(share_split(a.secret, "NIC", 1, 3, s), ST_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(field),
		cmocka_unit_test(known_answer),
		cmocka_unit_test(every_subset),
		cmocka_unit_test(refused),
		cmocka_unit_test(every_secret_fits),
		cmocka_unit_test(share_is_uniform),
		cmocka_unit_test(text_and_back),
		cmocka_unit_test(every_substitution),
		cmocka_unit_test(other_slips),
		cmocka_unit_test(as_people_type),
		cmocka_unit_test(joins_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
