/* CBOR: what is well-formed, what is deterministic, and hostile bytes. */
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "common/cbor.h"
#include "tests/unit/fixture.h"

enum { S = 1, L = 2 };	/* accepted by the strict, by the liberal reader */

static const struct { const char *why, *hex; int accepted; } cases[] = {
	{ "zero (RFC 8949 §3.1)", "00", S | L },
	{ "23 in one byte", "17", S | L },
	{ "24 in two", "1818", S | L },
	{ "23 in two: not the shortest (§4.2.1)", "1817", L },
	{ "255 in three", "1900ff", L },
	{ "65535 in five", "1a0000ffff", L },
	{ "2^32-1 in nine", "1b00000000ffffffff", L },
	{ "2^64-1", "1bffffffffffffffff", S | L },
	{ "-2^64", "3bffffffffffffffff", S | L },
	{ "reserved additional information 28", "1c", 0 },
	{ "reserved 30", "1e", 0 },
	{ "a lone break", "ff", 0 },
	{ "indefinite bytes (refused, docs/format.md §1)", "5f4101ff", 0 },
	{ "indefinite array", "9f01ff", 0 },
	{ "indefinite map", "bf0102ff", 0 },
	{ "nothing", "", 0 },
	{ "head cut off", "19ff", 0 },
	{ "text runs past the end", "6261", 0 },
	{ "bytes of 2^63", "5b8000000000000000", 0 },
	{ "array claims 2^28 items", "9a10000000", 0 },
	{ "array claims 2^64-1 items", "9bffffffffffffffff", 0 },
	{ "map claims 2^63 pairs", "bb8000000000000000", 0 },
	{ "bytes left over", "0000", 0 },
	{ "map in order", "a201020304", S | L },
	{ "map out of order", "a203040102", L },
	{ "same key twice", "a201020103", 0 },
	{ "same key twice, apart", "a3010203040105", 0 },
	{ "same key in two encodings", "a20102180103", 0 },
	{ "negative key after positive", "a201022003", S | L },
	{ "negative key before positive", "a220030102", L },
	{ "shorter text key first", "a2616101626262" "02", S | L },
	{ "longer text key first", "a26262620261" "6101", L },
	{ "an odd map", "a201", 0 },
	{ "invalid UTF-8", "61ff", 0 },
	{ "overlong UTF-8", "62c080", 0 },
	{ "surrogate", "63eda080", 0 },
	{ "false, true, null", "83f4f5f6", S | L },
	{ "simple(24) in two bytes is ill-formed", "f818", 0 },
	{ "simple(32)", "f820", S | L },
	{ "half float", "f93c00", S | L },
	{ "1.0 as single: not the shortest", "fa3f800000", L },
	{ "1.1 as double", "fb3ff199999999999a", S | L },
	{ "1.5 as double: not the shortest", "fb3ff8000000000000", L },
	{ "100000.0 as single", "fa47c35000", S | L },
	{ "tag 18", "d28440a04040", S | L },
	{ "tag without content", "d2", 0 },
	{ "16 levels", "8181818181818181818181818181818101", S | L },
	{ "17 levels", "818181818181818181818181818181818101", 0 },
	{ "16 tags and a value", "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c100", S | L },
	{ "17 tags", "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c100", 0 },
	{ "an empty map in a map in an array", "81a101a0", S | L },
};

static void
accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t raw[64], *exact;
		size_t n;
		bool s, l;

		assert_true(bytes_from_hex(bytes_text(cases[i].hex), raw,
		    sizeof(raw), &n));
		exact = fx_exact(bytes_from(raw, n));
		s = cbor_check(bytes_from(exact, n), CBOR_STRICT) == ST_OK;
		l = cbor_check(bytes_from(exact, n), CBOR_LIBERAL) == ST_OK;
		if (s != ((cases[i].accepted & S) != 0) ||
		    l != ((cases[i].accepted & L) != 0))
			fail_msg("%s: strict %d, liberal %d", cases[i].why, s,
			    l);
		free(exact);
	}
}

/* A map with 300 keys out of order costs at most its square, then is refused;
 * in order it is fine. */
static void
large_maps(void **state)
{
	uint8_t raw[4096];
	struct buf b = buf_over(raw, sizeof(raw));

	(void)state;
	cbor_put_map(&b, 300);
	for (int i = 0; i < 300; i++) {
		cbor_put_int(&b, i);
		cbor_put_int(&b, 0);
	}
	assert_int_equal(cbor_check(buf_bytes(&b), CBOR_STRICT), ST_OK);
	assert_int_equal(cbor_check(buf_bytes(&b), CBOR_LIBERAL), ST_OK);
	b = buf_over(raw, sizeof(raw));
	cbor_put_map(&b, 300);
	for (int i = 300; i > 0; i--) {
		cbor_put_int(&b, i);
		cbor_put_int(&b, 0);
	}
	assert_int_equal(cbor_check(buf_bytes(&b), CBOR_LIBERAL),
	    ST_MALFORMED);
}

static void
numbers_round_trip(void **state)
{
	static const int64_t values[] = { 0, 1, 23, 24, 255, 256, 65535, 65536,
	    4294967295, 4294967296, INT64_MAX, -1, -24, -25, -256, -257,
	    -65536, -65537, INT64_MIN, -70169 };
	uint8_t raw[16];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct buf b = buf_over(raw, sizeof(raw));
		struct cbor c;

		cbor_put_int(&b, values[i]);
		assert_int_equal(cbor_check(buf_bytes(&b), CBOR_STRICT), ST_OK);
		c = cbor_from(buf_bytes(&b));
		assert_true(cbor_int(&c) == values[i] && cbor_done(&c));
	}
}

/* The cursor alone, on bytes that nobody checked. */
static void
cursor_stays_inside(void **state)
{
	static const uint8_t lie[] = { 0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0x00 };
	uint8_t *exact = fx_exact(bytes_from(lie, sizeof(lie)));
	struct cbor c = cbor_from(bytes_from(exact, sizeof(lie)));
	struct bytes b = cbor_bytes(&c);

	(void)state;
	assert_true(c.bad && b.len == 0);
	assert_int_equal(cbor_peek(&c), CBOR_NONE);
	assert_true(cbor_int(&c) == 0 && !cbor_done(&c));
	free(exact);
	c = cbor_from(bytes_from("\xc1", 1));
	(void)cbor_raw(&c);
	assert_true(c.bad);
	c = cbor_from(bytes_from("\x61\x41", 2));
	(void)cbor_int(&c);		/* text where a number was asked */
	assert_true(c.bad);
}

/* Fractions go toward red: an expiry down, a beginning up; NaN is bad. */
static void
instants(void **state)
{
	static const struct { const char *hex; bool up; int64_t want; bool bad; } rows[] = {
		{ "fb41d584367c200000", false, 1443944944, false },
		{ "fb41d584367c200000", true, 1443944945, false },
		{ "f93e00", false, 1, false },		/* 1.5 */
		{ "f93e00", true, 2, false },
		{ "f9be00", false, -2, false },
		{ "f9be00", true, -1, false },
		{ "f97e00", false, 0, true },		/* NaN */
		{ "f97c00", false, 0, true },		/* infinity */
		{ "fb7fefffffffffffff", true, 0, true },
		{ "1a6553f100", false, 1700000000, false },
		{ "1bffffffffffffffff", false, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t raw[16];
		size_t n;
		struct cbor c;
		int64_t got;

		assert_true(bytes_from_hex(bytes_text(rows[i].hex), raw,
		    sizeof(raw), &n));
		c = cbor_from(bytes_from(raw, n));
		got = cbor_instant(&c, rows[i].up);
		assert_int_equal(c.bad, rows[i].bad);
		if (!c.bad)
			assert_true(got == rows[i].want);
	}
}

static void
writer_stops_at_its_end(void **state)
{
	uint8_t raw[8];

	(void)state;
	for (size_t cap = 0; cap < 6; cap++) {
		struct buf b = buf_over(raw, cap);

		cbor_put_text(&b, bytes_text("hello"));
		assert_true(b.bad && buf_bytes(&b).len == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(large_maps),
		cmocka_unit_test(numbers_round_trip),
		cmocka_unit_test(cursor_stays_inside),
		cmocka_unit_test(instants),
		cmocka_unit_test(writer_stops_at_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
