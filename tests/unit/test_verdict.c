/* The verdict: every colour, and never green by mistake. */
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "common/base45.h"
#include "common/cose.h"
#include "common/inflate.h"
#include "common/literal.h"
#include "common/token.h"
#include "tests/unit/fixture.h"

static struct fixture *fx;

static int
setup(void **state)
{
	(void)state;
	fx = fx_new();
	return fx == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	fx_free(fx);
	return 0;
}

static void
good_card_is_valid(void **state)
{
	(void)state;
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_VALID);
	assert_true(bytes_equal_text(fx->read.identity.full_name,
	    "María José Núñez Ibarra"));
	assert_true(bytes_equal_text(fx->read.identity.id, "SJO000001"));
}

/* Moments against a card valid from -10 to +1000 days, its status list from
 * -1 to +7, its trust list from -20 to +70 (docs/format.md §7). */
static void
moments(void **state)
{
	const int64_t iat = FX_NOW - 10 * FX_DAY;
	const struct {
		const char *why;
		int64_t now;
		enum verdict_code want;
	} rows[] = {
		{ "the list's last second", fx->status_exp, VERDICT_VALID },
		{ "a second later it is old", fx->status_exp + 1,
		    VERDICT_VALID_STALE },
		{ "the card's last second, with an old list", fx->claims.exp,
		    VERDICT_VALID_STALE },
		{ "expired is never amber", fx->claims.exp + 1,
		    VERDICT_EXPIRED },
		{ "the list's own second", fx->status_iat, VERDICT_VALID },
		{ "a clock minutes behind is let pass",
		    fx->status_iat - CLOCK_SKEW, VERDICT_VALID },
		{ "further behind it is suspect",
		    fx->status_iat - CLOCK_SKEW - 1, VERDICT_CLOCK_SUSPECT },
		{ "before the card was made, but the clock is the suspect",
		    iat - 1, VERDICT_CLOCK_SUSPECT },
		{ "1970", 0, VERDICT_CLOCK_SUSPECT },
		{ "before 1970", -1, VERDICT_CLOCK_SUSPECT },
		{ "2038 and after", INT64_C(4102444800), VERDICT_EXPIRED },
		{ "the end of time", INT64_MAX, VERDICT_EXPIRED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (fx_judge(fx, rows[i].now, NULL) != rows[i].want)
			fail_msg("%s: %s", rows[i].why, verdict_token(
			    fx_judge(fx, rows[i].now, NULL)));
}

static void
statuses(void **state)
{
	const struct {
		enum card_status status;
		enum verdict_code want;
		enum verdict_detail detail;
	} rows[] = {
		{ CARD_VALID, VERDICT_VALID, DETAIL_NONE },
		{ CARD_REVOKED, VERDICT_REVOKED, DETAIL_NONE },
		{ CARD_SUSPENDED, VERDICT_SUSPENDED, DETAIL_NONE },
		{ CARD_NEVER_ISSUED, VERDICT_REVOKED, DETAIL_NEVER_ISSUED },
	};
	enum verdict_detail detail;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		statuslist_set(fx->statuses, FX_INDEX, rows[i].status);
		assert_int_equal(fx_publish(fx), ST_OK);
		assert_int_equal(fx_judge(fx, FX_NOW, &detail), rows[i].want);
		assert_int_equal(detail, rows[i].detail);
		/* Revoked stays red also on an old list. */
		if (rows[i].want != VERDICT_VALID)
			assert_int_equal(fx_judge(fx, fx->status_exp + 1,
			    NULL), rows[i].want);
	}
	statuslist_set(fx->statuses, FX_INDEX, CARD_VALID);
	assert_int_equal(fx_publish(fx), ST_OK);
}

/* A list signed before the card was made cannot know it: amber, not red. */
static void
card_newer_than_list(void **state)
{
	enum verdict_detail detail;
	struct claims was = fx->claims;

	(void)state;
	statuslist_set(fx->statuses, FX_INDEX, CARD_NEVER_ISSUED);
	assert_int_equal(fx_publish(fx), ST_OK);
	fx->claims.iat = fx->claims.nbf = fx->status_iat + 1;
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, &detail), VERDICT_VALID_STALE);
	assert_int_equal(detail, DETAIL_LIST_BEFORE_CARD);
	fx->claims.iat = fx->claims.nbf = fx->status_iat;
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, &detail), VERDICT_REVOKED);
	fx->claims = was;
	fx_sign(fx, fx->document);
	statuslist_set(fx->statuses, FX_INDEX, CARD_VALID);
	assert_int_equal(fx_publish(fx), ST_OK);
}

static void
status_out_of_range(void **state)
{
	enum verdict_detail detail;

	(void)state;
	fx->claims.status_index = sizeof(fx->statuses) * 4;
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, &detail), VERDICT_REVOKED);
	assert_int_equal(detail, DETAIL_OUT_OF_RANGE);
	fx->claims.status_index = UINT64_MAX;
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, &detail), VERDICT_REVOKED);
	fx->claims.status_index = FX_INDEX;
	fx_sign(fx, fx->document);
}

static void
status_list_missing(void **state)
{
	enum verdict_detail detail;

	(void)state;
	fx->claims.status_uri = bytes_text("urn:cedula:NIC:SJO:2");
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, &detail), VERDICT_VALID_STALE);
	assert_int_equal(detail, DETAIL_LIST_MISSING);
	fx->claims.status_uri = bytes_text(FX_URI);
	fx_sign(fx, fx->document);
}

static void
wrong_signers(void **state)
{
	(void)state;
	fx_sign(fx, fx->stranger);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_UNKNOWN_ISSUER);
	fx_sign(fx, fx->status);	/* trusted, but for status lists */
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_WRONG_SCOPE);
	fx_sign(fx, fx->root);		/* an anchor signs no cards */
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_UNKNOWN_ISSUER);
	fx->claims.status_uri = bytes_text("urn:cedula:NIC:MGA:1");
	fx_sign(fx, fx->document);	/* another office's list */
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_WRONG_SCOPE);
	fx->claims.status_uri = bytes_text(FX_URI);
	fx->claims.iss = fx->claims.identity.country = bytes_text("CRI");
	fx_sign(fx, fx->document);	/* another state's name */
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_WRONG_SCOPE);
	fx->claims.iss = fx->claims.identity.country = bytes_text("NIC");
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_VALID);
}

static void
key_times(void **state)
{
	struct trust_key *k = &fx->list.key[0], was = *k;

	(void)state;
	k->revoked_from = fx->claims.iat;
	assert_int_equal(fx_publish(fx), ST_OK);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_KEY_REVOKED);
	k->revoked_from = fx->claims.iat + 1;	/* signed a second before */
	assert_int_equal(fx_publish(fx), ST_OK);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_VALID);
	*k = was;
	k->sign_until = fx->claims.iat - 1;
	assert_int_equal(fx_publish(fx), ST_OK);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_KEY_EXPIRED);
	*k = was;
	k->until = fx->claims.exp - 1;		/* a card outliving its key */
	assert_int_equal(fx_publish(fx), ST_OK);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_WRONG_SCOPE);
	*k = was;
	k->from = fx->claims.iat + 1;
	assert_int_equal(fx_publish(fx), ST_OK);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_WRONG_SCOPE);
	*k = was;
	assert_int_equal(fx_publish(fx), ST_OK);
}

static void
future_card(void **state)
{
	struct claims was = fx->claims;

	(void)state;
	fx->claims.nbf = FX_NOW + 1;
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_NOT_YET_VALID);
	assert_int_equal(fx_judge(fx, FX_NOW + 1, NULL), VERDICT_VALID);
	fx->claims = was;
	fx->claims.iat = FX_NOW + 1;
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_NOT_YET_VALID);
	fx->claims = was;
	fx_sign(fx, fx->document);
}

static void
trust_list_old(void **state)
{
	enum verdict_detail detail;
	int64_t was = fx->status_exp;

	(void)state;
	fx->status_exp = fx->list.exp + FX_DAY;
	assert_int_equal(fx_publish(fx), ST_OK);
	assert_int_equal(fx_judge(fx, fx->list.exp, &detail), VERDICT_VALID);
	assert_int_equal(fx_judge(fx, fx->list.exp + 1, &detail),
	    VERDICT_VALID_STALE);
	assert_int_equal(detail, DETAIL_TRUST_OLD);
	fx->status_exp = was;
	assert_int_equal(fx_publish(fx), ST_OK);
}

/* Red shows no personal data: nothing of the card is left behind. */
static void
red_leaves_nothing(void **state)
{
	static const struct claims nothing;

	(void)state;
	assert_int_equal(fx_judge(fx, fx->claims.exp + 1, NULL),
	    VERDICT_EXPIRED);
	assert_memory_equal(&fx->read, &nothing, sizeof(nothing));
}

static bool
is_red(struct bytes cose)
{
	struct claims c;
	uint8_t *exact = fx_exact(cose);
	struct verdict v = verdict_judge(&fx->trust, bytes_from(exact,
	    cose.len), FX_NOW, &c);

	free(exact);
	return verdict_colour(v.code) == RED;
}

static void
every_bit_of_the_cose(void **state)
{
	(void)state;
	for (size_t i = 0; i < fx->cose_len * 8; i++) {
		fx->cose[i / 8] ^= (uint8_t)(1u << i % 8);
		if (!is_red(bytes_from(fx->cose, fx->cose_len)))
			fail_msg("bit %zu flipped and not red", i);
		fx->cose[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (size_t n = 0; n < fx->cose_len; n++)
		assert_true(is_red(bytes_from(fx->cose, n)));
	fx->cose[fx->cose_len] = 0;
	assert_true(is_red(bytes_from(fx->cose, fx->cose_len + 1)));
	assert_false(is_red(bytes_from(fx->cose, fx->cose_len)));
}

static enum verdict_code
judge_text(const char *text, size_t len)
{
	struct buf work = buf_over(fx->work, sizeof(fx->work));
	uint8_t *exact = fx_exact(bytes_from(text, len));
	struct verdict v = verdict_judge_text(&fx->trust, bytes_from(exact,
	    len), FX_NOW, &work, &fx->read);

	free(exact);
	return v.code;
}

/* Every bit and every prefix of the QR text. */
static void
every_bit_of_the_text(void **state)
{
	char text[TOKEN_TEXT_MAX];
	size_t n;

	(void)state;
	assert_int_equal(token_wrap(bytes_from(fx->cose, fx->cose_len), text,
	    sizeof(text), NULL), ST_OK);
	n = strlen(text);
	assert_int_equal(judge_text(text, n), VERDICT_VALID);
	for (size_t i = 0; i < n * 8; i++) {
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
		if (verdict_colour(judge_text(text, n)) != RED)
			fail_msg("bit %zu of the text flipped, not red", i);
		text[i / 8] = (char)(text[i / 8] ^ 1 << i % 8);
	}
	for (size_t i = 0; i < n; i++)
		if (verdict_colour(judge_text(text, i)) != RED)
			fail_msg("prefix of %zu not red", i);
}

static void
flip_stream(struct bytes stream)
{
	uint8_t copy[8192];
	char text[TOKEN_TEXT_MAX];

	memcpy(copy, stream.p, stream.len);
	for (size_t i = 0; i < stream.len * 8; i++) {
		struct buf t = buf_over((uint8_t *)text, sizeof(text));

		copy[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(base45_encode(bytes_from(copy, stream.len),
		    &t), ST_OK);
		if (verdict_colour(judge_text(text, t.len)) != RED)
			fail_msg("bit %zu of the stream flipped, not red", i);
		copy[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

/* And of the zlib stream between: compressed streams have bits that inflate
 * ignores, which is why a card's holds literals alone (docs/decisions/0003). */
static void
every_bit_of_the_stream(void **state)
{
	uint8_t raw[8192];
	struct buf z = buf_over(raw, sizeof(raw));

	(void)state;
	assert_int_equal(literal_write(bytes_from(fx->cose, fx->cose_len), &z),
	    ST_OK);
	flip_stream(buf_bytes(&z));
}

/* A compressed stream of a good card inflates to the same signed bytes, but
 * its text is not the card's one text: red. */
static void
compressed_is_not_the_card(void **state)
{
	uint8_t raw[8192];
	char text[TOKEN_TEXT_MAX];
	struct buf z = buf_over(raw, sizeof(raw));
	struct buf t = buf_over((uint8_t *)text, sizeof(text));

	(void)state;
	assert_int_equal(deflate_all(bytes_from(fx->cose, fx->cose_len), &z),
	    ST_OK);
	assert_int_equal(base45_encode(buf_bytes(&z), &t), ST_OK);
	assert_int_equal(judge_text(text, t.len), VERDICT_MALFORMED);
}

/* A trust list or a status list is signed too, and is no card. */
static void
other_signed_things(void **state)
{
	struct bytes rest = bytes_from(fx->bundle, fx->bundle_len), item;
	struct claims c;

	(void)state;
	while (rest.len > 0) {
		assert_int_equal(cbor_check_first(rest, CBOR_STRICT, &item),
		    ST_OK);
		assert_int_equal(verdict_judge(&fx->trust, item, FX_NOW,
		    &c).code, VERDICT_MALFORMED);
		rest.p += item.len;
		rest.len -= item.len;
	}
}

/* inspect reads strangers' tokens: two family claims, or one key in two
 * lengths, must not pass the members' room. */
static void
family_twice(void **state)
{
	static const uint8_t keys[2][9] = { { 0x3a, 0x00, 0x01, 0x12, 0x18 },
	    { 0x3b, 0, 0, 0, 0, 0x00, 0x01, 0x12, 0x18 } };
	static const size_t len[2] = { 5, 9 };
	uint8_t raw[4096];
	struct buf b = buf_over(raw, sizeof(raw));
	struct claims *c = calloc(1, sizeof(*c));

	(void)state;
	assert_non_null(c);
	cbor_put_map(&b, 2);
	for (size_t k = 0; k < 2; k++) {
		buf_put(&b, keys[k], len[k]);
		cbor_put_array(&b, FAMILY_MAX);
		for (size_t i = 0; i < FAMILY_MAX; i++) {
			cbor_put_map(&b, 1);
			cbor_put_int(&b, 9);
			cbor_put_int(&b, INT64_MAX);
		}
	}
	assert_int_equal(claims_parse(buf_bytes(&b), CBOR_LIBERAL, c),
	    ST_MALFORMED);
	assert_int_equal(claims_parse(buf_bytes(&b), CBOR_STRICT, c),
	    ST_MALFORMED);
	free(c);
}

/* A typ of whatever kind says: no card. */
static void
typed_token(void **state)
{
	static const char *const typs[] = { "", "x" };
	struct claims c;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t room[4096], out[4096];
		struct buf p = buf_over(room, sizeof(room));
		struct buf o = buf_over(out, sizeof(out));
		struct diag d = { "" };

		assert_int_equal(claims_encode(&fx->claims, &p), ST_OK);
		assert_int_equal(signer_sign1(fx->document, typs[i],
		    buf_bytes(&p), &o, &d), ST_OK);
		assert_int_equal(verdict_judge(&fx->trust, buf_bytes(&o),
		    FX_NOW, &c).code, VERDICT_MALFORMED);
	}
}

/* The unprotected header is not signed: whatever stands there is refused. */
static void
unprotected_header(void **state)
{
	struct cose_sign1 s;
	uint8_t room[4096];
	struct buf b = buf_over(room, sizeof(room));
	struct claims c;

	(void)state;
	assert_int_equal(cose_sign1_parse(bytes_from(fx->cose, fx->cose_len),
	    CBOR_STRICT, &s), ST_OK);
	cbor_put_tag(&b, COSE_TAG_SIGN1);
	cbor_put_array(&b, 4);
	cbor_put_bytes(&b, s.protected_raw);
	cbor_put_map(&b, 1);
	cbor_put_int(&b, 99);
	cbor_put_int(&b, 1);
	cbor_put_bytes(&b, s.payload);
	cbor_put_bytes(&b, s.sig);
	assert_int_equal(verdict_judge(&fx->trust, buf_bytes(&b), FX_NOW,
	    &c).code, VERDICT_MALFORMED);
	/* An empty signature is a forgery, not a puzzle. */
	b = buf_over(room, sizeof(room));
	cose_sign1_encode(s.protected_raw, s.payload,
	    (struct bytes){ NULL, 0 }, &b);
	assert_int_equal(verdict_judge(&fx->trust, buf_bytes(&b), FX_NOW,
	    &c).code, VERDICT_FORGED);
}

/* The same signed content in other clothes: never green. */
static void
other_forms_of_a_card(void **state)
{
	struct cose_sign1 s;
	uint8_t room[4096], sig[64];
	struct buf b;
	struct claims c;
	size_t n = fx->cose_len;

	(void)state;
	assert_int_equal(verdict_judge(&fx->trust, bytes_from(fx->cose + 1,
	    n - 1), FX_NOW, &c).code, VERDICT_MALFORMED);	/* untagged */
	b = buf_over(room, sizeof(room));
	cbor_put_tag(&b, COSE_TAG_CWT);
	buf_put(&b, fx->cose, n);
	assert_int_equal(verdict_judge(&fx->trust, buf_bytes(&b), FX_NOW,
	    &c).code, VERDICT_MALFORMED);			/* 61(18()) */
	/* The other s of the same signature verifies, and is refused. */
	assert_int_equal(cose_sign1_parse(bytes_from(fx->cose, n), CBOR_STRICT,
	    &s), ST_OK);
	memcpy(sig, s.sig.p, 64);
	assert_true(cose_es256_is_low(s.sig));
	memcpy(room, sig, 64);
	{
		/* n - s by making the low one of a high one: s' = n - s */
		static const uint8_t order[32] = { 0xff, 0xff, 0xff, 0xff, 0,
		    0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3,
		    0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };
		int borrow = 0;

		for (int i = 31; i >= 0; i--) {
			int v = order[i] - sig[32 + i] - borrow;

			borrow = v < 0;
			sig[32 + i] = (uint8_t)(v + (borrow ? 256 : 0));
		}
	}
	assert_false(cose_es256_is_low(bytes_from(sig, 64)));
	b = buf_over(room, sizeof(room));
	cose_sign1_encode(s.protected_raw, s.payload, bytes_from(sig, 64), &b);
	assert_int_equal(cose_sign1_parse(buf_bytes(&b), CBOR_STRICT, &s),
	    ST_OK);
	assert_int_equal(cose_sign1_verify(&s, fx->trust.list[0].key[0].parsed,
	    (struct bytes){ NULL, 0 }), ST_OK);
	assert_int_equal(verdict_judge(&fx->trust, buf_bytes(&b), FX_NOW,
	    &c).code, VERDICT_MALFORMED);
	cose_es256_make_low(sig);
	assert_memory_equal(sig, fx->cose + n - 64, 64);
}

static void
family_card(void **state)
{
	struct claims was = fx->claims;

	(void)state;
	fx->claims.has_family = true;
	fx->claims.members_n = FAMILY_MAX;
	for (size_t i = 0; i < FAMILY_MAX; i++)
		fx->claims.member[i] = (struct member){
		    bytes_text("Ana Núñez"), bytes_text("20150101"), SEX_FEMALE,
		    REL_CHILD };
	fx_sign(fx, fx->document);
	assert_int_equal(fx_judge(fx, FX_NOW, NULL), VERDICT_VALID);
	assert_int_equal(fx->read.members_n, FAMILY_MAX);
	assert_int_equal(fx->read.member[9].relationship, REL_CHILD);
	assert_true(bytes_equal_text(fx->read.member[9].full_name,
	    "Ana Núñez"));
	fx->claims = was;
	fx_sign(fx, fx->document);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_card_is_valid),
		cmocka_unit_test(moments),
		cmocka_unit_test(statuses),
		cmocka_unit_test(card_newer_than_list),
		cmocka_unit_test(status_out_of_range),
		cmocka_unit_test(status_list_missing),
		cmocka_unit_test(wrong_signers),
		cmocka_unit_test(key_times),
		cmocka_unit_test(future_card),
		cmocka_unit_test(trust_list_old),
		cmocka_unit_test(red_leaves_nothing),
		cmocka_unit_test(every_bit_of_the_cose),
		cmocka_unit_test(every_bit_of_the_text),
		cmocka_unit_test(every_bit_of_the_stream),
		cmocka_unit_test(compressed_is_not_the_card),
		cmocka_unit_test(other_signed_things),
		cmocka_unit_test(family_twice),
		cmocka_unit_test(typed_token),
		cmocka_unit_test(unprotected_header),
		cmocka_unit_test(other_forms_of_a_card),
		cmocka_unit_test(family_card),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
