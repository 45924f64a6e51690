/* The short list: every set has one encoding, and nothing else is taken. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cbor.h"
#include "common/claims.h"
#include "common/inflate.h"
#include "common/shortlist.h"
#include "tests/unit/fixture.h"

#define URI "urn:cedula:NIC:SJO:1"
#define IAT INT64_C(1795000000)
#define EXP (IAT + 7 * 86400)

static uint8_t raw[STATUSLIST_BYTES_MAX];
static uint8_t room[2 * SHORTLIST_BYTES_MAX + 512];
static uint8_t again[2 * SHORTLIST_BYTES_MAX + 512];

/* The same numbers in every run (Knuth's MMIX). */
static uint64_t state;

static uint32_t
draw(uint32_t below)
{
	state = state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)((state >> 33) % below);
}

static void
mark(uint32_t places, uint32_t n, enum card_status from, enum card_status to)
{
	struct statuslist l = { .bits = 2, .list = bytes_from(raw, places / 4) };

	while (n > 0) {
		uint32_t i = draw(places);
		unsigned was;

		assert_true(statuslist_get(&l, i, &was));
		if (was != (unsigned)from)
			continue;
		statuslist_set(raw, i, to);
		n--;
	}
}

static struct bytes
encode(uint32_t places, uint8_t *to, size_t cap)
{
	struct buf b = buf_over(to, cap);

	assert_int_equal(shortlist_encode(bytes_text("NIC"), bytes_text(URI),
	    IAT, EXP, bytes_from(raw, places / 4), &b), ST_OK);
	return buf_bytes(&b);
}

/* What is read is what the raw list says, place by place. */
static void
says_the_raw(const struct shortlist *s, uint32_t places, uint32_t step)
{
	struct statuslist l = { .bits = 2, .list = bytes_from(raw, places / 4) };

	for (uint32_t i = 0; i < places; i += step) {
		unsigned v;

		assert_true(statuslist_get(&l, i, &v));
		if (v == CARD_NEVER_ISSUED)
			v = CARD_VALID;
		if (shortlist_get(s, i) != (enum card_status)v)
			fail_msg("place %u", i);
	}
	assert_int_equal(shortlist_get(s, UINT64_MAX), CARD_VALID);
	assert_int_equal(shortlist_get(s, places), CARD_VALID);
}

static void
random_sets(void **unused)
{
	static const uint32_t sizes[] = { 16, 64, 1000, 4096, 65536 };
	struct shortlist s;

	(void)unused;
	state = 1;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int round = 0; round < 20; round++) {
			uint32_t places = sizes[i], r, q;
			struct bytes b;

			memset(raw, round % 2 ? 0xff : 0, places / 4);
			r = draw(places / 2);
			q = draw(places / 4);
			if (round % 4 < 2) {
				r = r * 16 / places;
				q = q * 16 / places;
			}
			mark(places, r, round % 2 ? CARD_NEVER_ISSUED :
			    CARD_VALID, CARD_REVOKED);
			mark(places, q, round % 2 ? CARD_NEVER_ISSUED :
			    CARD_VALID, CARD_SUSPENDED);
			b = encode(places, room, sizeof(room));
			assert_int_equal(shortlist_parse(b, &s), ST_OK);
			assert_int_equal(s.revoked_n, r);
			assert_int_equal(s.suspended_n, q);
			assert_true(s.iat == IAT && s.exp == EXP);
			assert_true(bytes_equal_text(s.uri, URI));
			says_the_raw(&s, places, places > 4096 ? 997 : 1);
		}
}

static void
empty_and_full(void **unused)
{
	static const enum card_status all[] = { CARD_VALID, CARD_REVOKED,
	    CARD_SUSPENDED, CARD_NEVER_ISSUED };
	struct shortlist s;
	struct buf b;
	size_t need;

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		for (uint64_t k = 0; k < 65536; k++)
			statuslist_set(raw, k, all[i]);
		assert_int_equal(shortlist_parse(encode(65536, room,
		    sizeof(room)), &s), ST_OK);
		assert_int_equal(s.revoked_n, i == 1 ? 65536 : 0);
		assert_int_equal(s.suspended_n, i == 2 ? 65536 : 0);
		assert_true(i == 1 || s.revoked.len == 0);
		says_the_raw(&s, 65536, 257);
	}
	/* A million cards revoked do not fit, nor does a list too long, nor
	 * anything into no room. */
	memset(raw, 0x55, sizeof(raw));
	b = buf_over(room, sizeof(room));
	assert_int_equal(shortlist_encode(bytes_text("NIC"), bytes_text(URI),
	    IAT, EXP, bytes_from(raw, sizeof(raw)), &b), ST_TOO_BIG);
	b = buf_over(room, sizeof(room));
	assert_int_equal(shortlist_encode(bytes_text("NIC"), bytes_text(URI),
	    IAT, EXP, bytes_from(raw, sizeof(raw) + 1), &b), ST_TOO_BIG);
	need = encode(64, room, sizeof(room)).len;
	for (size_t cap = 0; cap <= need; cap++) {
		b = buf_over(room, cap);
		assert_int_equal(shortlist_encode(bytes_text("NIC"),
		    bytes_text(URI), IAT, EXP, bytes_from(raw, 16), &b),
		    cap < need ? ST_TOO_BIG : ST_OK);
	}
}

/* The set that a short list says, as a raw list, is written as it was read. */
static bool
is_its_own_encoding(struct bytes payload, const struct shortlist *s,
    uint32_t places)
{
	static uint8_t mine[STATUSLIST_BYTES_MAX];
	struct buf b = buf_over(again, sizeof(again));
	struct cbor c = cbor_from(payload);
	struct bytes iss;

	memset(mine, 0, places / 4);
	for (uint32_t i = 0; i < places; i++)
		statuslist_set(mine, i, shortlist_get(s, i));
	(void)cbor_map(&c);
	(void)cbor_int(&c);
	iss = cbor_text(&c);
	return shortlist_encode(iss, s->uri, s->iat, s->exp,
	    bytes_from(mine, places / 4), &b) == ST_OK &&
	    bytes_equal(buf_bytes(&b), payload);
}

/* Every bit flipped and every prefix: refused, or another set (or another
 * date) in its one encoding. */
static void
every_bit_and_prefix(void **unused)
{
	struct shortlist s;
	struct bytes good;
	size_t taken = 0;
	uint8_t *exact;

	(void)unused;
	state = 2;
	memset(raw, 0, 256);
	mark(1024, 9, CARD_VALID, CARD_REVOKED);
	mark(1024, 5, CARD_VALID, CARD_SUSPENDED);
	good = encode(1024, room, sizeof(room));
	exact = fx_exact(good);
	for (size_t i = 0; i < good.len * 8; i++) {
		exact[i / 8] ^= (uint8_t)(1u << i % 8);
		if (shortlist_parse(bytes_from(exact, good.len), &s) == ST_OK) {
			taken++;
			/* 2^22 places: an index may have moved far. */
			if (!is_its_own_encoding(bytes_from(exact, good.len),
			    &s, 1 << 13))
				fail_msg("bit %zu: two encodings", i);
		} else {
			assert_int_equal(s.uri.len, 0);
		}
		exact[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	free(exact);
	assert_true(taken > 0);
	for (size_t n = 0; n < good.len; n++) {
		exact = fx_exact(bytes_from(good.p, n));
		assert_int_equal(shortlist_parse(bytes_from(exact, n), &s),
		    ST_MALFORMED);
		free(exact);
	}
}

/* A payload with these two sets as they are. */
static enum status
parse_sets(const char *revoked, const char *suspended)
{
	uint8_t a[64], b[64];
	struct buf out = buf_over(room, sizeof(room));
	struct shortlist s;
	size_t a_len, b_len;
	uint8_t *exact;
	enum status st;

	assert_true(bytes_from_hex(bytes_text(revoked), a, sizeof(a), &a_len));
	assert_true(bytes_from_hex(bytes_text(suspended), b, sizeof(b),
	    &b_len));
	cbor_put_map(&out, 5);
	cbor_put_int(&out, CWT_ISS);
	cbor_put_text(&out, bytes_text("NIC"));
	cbor_put_int(&out, CWT_SUB);
	cbor_put_text(&out, bytes_text(URI));
	cbor_put_int(&out, CWT_EXP);
	cbor_put_int(&out, EXP);
	cbor_put_int(&out, CWT_IAT);
	cbor_put_int(&out, IAT);
	cbor_put_int(&out, CWT_REVOCATIONS);
	cbor_put_array(&out, 2);
	cbor_put_bytes(&out, bytes_from(a, a_len));
	cbor_put_bytes(&out, bytes_from(b, b_len));
	exact = fx_exact(buf_bytes(&out));
	st = shortlist_parse(bytes_from(exact, out.len), &s);
	free(exact);
	return st;
}

static void
hostile_sets(void **unused)
{
	static const struct { const char *why, *r, *s; enum status want; }
	rows[] = {
		{ "nothing at all (§10)", "", "", ST_OK },
		{ "the example: 2, 9, 300", "06000003041bd100", "", ST_OK },
		{ "place 0", "0000000100", "", ST_OK },
		{ "places 0 and 1", "0000000200", "", ST_OK },
		{ "place 5, by k = 1", "01000001" "d0", "", ST_OK },
		{ "place 5, by k = 2, no shorter", "02000001" "50", "",
		    ST_MALFORMED },
		{ "an empty set has no head", "00000000", "", ST_MALFORMED },
		{ "a head cut off", "000000", "", ST_MALFORMED },
		{ "count over the bits there are", "0000000900", "",
		    ST_MALFORMED },
		{ "count of 2^24 - 1", "00ffffff00", "", ST_MALFORMED },
		{ "bits left over", "000000010000", "", ST_MALFORMED },
		{ "a bit of the padding set", "0000000101", "", ST_MALFORMED },
		{ "no bits for the one place", "00000001", "", ST_MALFORMED },
		{ "ones without an end", "00000001ffffffffffffffff", "",
		    ST_MALFORMED },
		{ "a run of 64 ones and more, then zero: k too small",
		    "00000001ffffffffffffffffff7f", "", ST_MALFORMED },
		{ "k of 22", "16000001000000", "", ST_MALFORMED },
		{ "k of 255", "ff000001000000", "", ST_MALFORMED },
		{ "place 2^22 - 1", "15000001" "bffffe", "", ST_OK },
		{ "place 2^22", "15000001" "c00000", "", ST_MALFORMED },
		{ "k greater than need be", "0100000100", "", ST_MALFORMED },
		{ "k less than need be: place 15 by 15 ones",
		    "00000001fffe", "", ST_MALFORMED },
		{ "the same place in both", "0000000100", "0000000100",
		    ST_MALFORMED },
		{ "the same among others", "0000000200", "0000000180",
		    ST_MALFORMED },
		{ "side by side", "0000000100", "0000000180", ST_OK },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (parse_sets(rows[i].r, rows[i].s) != rows[i].want)
			fail_msg("%s: %s", rows[i].why,
			    status_token(parse_sets(rows[i].r, rows[i].s)));
}

/* Anything but the five claims, each of its type. */
static void
hostile_payloads(void **unused)
{
	static const struct { const char *why, *hex; } rows[] = {
		{ "nothing", "" }, { "no map", "05" }, { "an empty map", "a0" },
		{ "no sets", "a401634e4943026178040206 01" },
		{ "no sub",
		    "a401634e494304020601" "3a0001121c" "824040" },
		{ "an empty sub",
		    "a501634e4943026004020601" "3a0001121c" "824040" },
		{ "exp before iat",
		    "a501634e494302617804010602" "3a0001121c" "824040" },
		{ "iat before 1970",
		    "a501634e494302617804010620" "3a0001121c" "824040" },
		{ "one set alone",
		    "a501634e494302617804020601" "3a0001121c" "8140" },
		{ "a sixth claim",
		    "a601634e494302617804020601070" "13a0001121c" "824040" },
		{ "exp a float",
		    "a501634e494302617804f93e000601" "3a0001121c" "824040" },
		{ "bytes behind",
		    "a501634e494302617804020601" "3a0001121c" "82404000" },
	};
	static const char good[] =
	    "a501634e494302617804020601" "3a0001121c" "824040";
	struct shortlist s;
	uint8_t b[128];
	size_t len;

	(void)unused;
	assert_true(bytes_from_hex(bytes_text(good), b, sizeof(b), &len));
	assert_int_equal(shortlist_parse(bytes_from(b, len), &s), ST_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char hex[128];
		size_t n = 0;

		for (const char *p = rows[i].hex; *p != '\0'; p++)
			if (*p != ' ')
				hex[n++] = *p;
		assert_true(bytes_from_hex(bytes_from(hex, n), b, sizeof(b),
		    &len));
		if (shortlist_parse(bytes_from(b, len), &s) != ST_MALFORMED)
			fail_msg("%s", rows[i].why);
	}
}

static size_t
full_payload(uint32_t places)
{
	static uint8_t big[STATUSLIST_BYTES_MAX + 4096];
	struct buf b = buf_over(big, sizeof(big));

	assert_int_equal(statuslist_encode(bytes_text("NIC"), bytes_text(URI),
	    IAT, EXP, bytes_from(raw, places / 4), &b), ST_OK);
	return b.len;
}

/* The figures of docs/decisions/0016. */
static void
sizes(void **unused)
{
	static const struct { uint32_t places, issued, revoked; size_t most; }
	rows[] = {
		{ 1 << 20, 1 << 20, 5243, 6100 },
		{ 1 << 20, 1 << 19, 5243, 6100 },
		{ 65536, 65536, 328, 450 }, { 65536, 32768, 328, 450 },
		{ 65536, 32768, 0, 70 },
	};

	(void)unused;
	state = 3;
	print_message("# payload bytes: places, issued, revoked: full list, short list\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t n = rows[i].places;
		struct bytes b;

		memset(raw, rows[i].issued == n ? 0 : 0xff, n / 4);
		if (rows[i].issued != n)
			mark(n, rows[i].issued, CARD_NEVER_ISSUED, CARD_VALID);
		mark(n, rows[i].revoked, CARD_VALID, CARD_REVOKED);
		b = encode(n, room, sizeof(room));
		print_message("# %7u %7u %5u: %6zu %5zu\n", n, rows[i].issued,
		    rows[i].revoked, full_payload(n), b.len);
		assert_true(b.len <= rows[i].most);
	}
}

/* A million cards, all handed out, one in two hundred revoked: the signed
 * full list. */
static void
a_million_cards(void **unused)
{
	static uint8_t payload[1 << 20], out[1 << 20];
	struct fixture *fx = fx_new();
	struct buf p = buf_over(payload, sizeof(payload));
	struct buf o = buf_over(out, sizeof(out));
	struct diag d = { "" };

	(void)unused;
	assert_non_null(fx);
	state = 4;
	memset(raw, 0, 1 << 18);
	mark(1 << 20, 5243, CARD_VALID, CARD_REVOKED);
	assert_int_equal(statuslist_encode(bytes_text("NIC"), bytes_text(URI),
	    IAT, EXP, bytes_from(raw, 1 << 18), &p), ST_OK);
	assert_int_equal(signer_sign1(fx->status, STATUSLIST_TYP,
	    buf_bytes(&p), &o, &d), ST_OK);
	print_message("# 2^20 cards, 0.5 %% revoked: full list signed %zu bytes\n",
	    o.len);
	assert_true(o.len < 12000);
	p.len = o.len = 0;
	assert_int_equal(shortlist_encode(bytes_text("NIC"), bytes_text(URI),
	    IAT, EXP, bytes_from(raw, 1 << 18), &p), ST_OK);
	assert_int_equal(signer_sign1(fx->status, SHORTLIST_TYP,
	    buf_bytes(&p), &o, &d), ST_OK);
	print_message("# ... short list signed %zu bytes\n", o.len);
	assert_true(o.len < 6400);
	fx_free(fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_sets),
		cmocka_unit_test(empty_and_full),
		cmocka_unit_test(every_bit_and_prefix),
		cmocka_unit_test(hostile_sets),
		cmocka_unit_test(hostile_payloads),
		cmocka_unit_test(sizes),
		cmocka_unit_test(a_million_cards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
