/* What travels in a bundle beside trust lists and status lists: a root's
 * successor, short lists, log heads; and bundles made to deceive. */
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "common/cbor.h"
#include "tests/unit/fixture.h"

static struct fixture *fx;
static struct signer *second, *third;	/* roots to come */

static int
setup(void **state)
{
	(void)state;
	fx = fx_new();
	second = fx->stranger;
	third = fx->other_status;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fx_free(fx);
	return 0;
}

static struct buf
begin(void)
{
	return buf_over(fx->bundle, sizeof(fx->bundle));
}

static enum status
load(const struct buf *b)
{
	assert_false(b->bad);
	fx->bundle_len = b->len;
	return fx_load(fx);
}

/* Judged by what is loaded now. */
static void
says(enum verdict_code want, enum verdict_detail detail)
{
	enum verdict_detail got;
	enum verdict_code code = fx_judge(fx, FX_NOW, &got);

	if (code != want || got != detail)
		fail_msg("%s %s, not %s %s", verdict_token(code),
		    detail_token(got), verdict_token(want),
		    detail_token(detail));
}

/* ---- roots --------------------------------------------------------------- */

static void
next_root(void **state)
{
	struct buf b;

	(void)state;
	/* the new root's list, which the old root's anchor does not know */
	b = begin();
	fx_put_list(fx, second, &b);
	fx_put_status(fx, fx->status, &b);
	assert_int_equal(load(&b), ST_UNKNOWN_KEY);
	/* until the old root names it, in whatever place of the bundle */
	fx_put_succession("NIC", fx->root, signer_public(second), FX_NOW - 1,
	    &b);
	assert_int_equal(load(&b), ST_OK);
	assert_int_equal(fx->trust.list[0].generation, 1);
	says(VERDICT_VALID, DETAIL_NONE);
	/* the old root's list stays good beside it: both verify meanwhile */
	b = begin();
	fx_put_succession("NIC", fx->root, signer_public(second), FX_NOW - 1,
	    &b);
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->status, &b);
	assert_int_equal(load(&b), ST_OK);
	assert_int_equal(fx->trust.list[0].generation, 0);
	says(VERDICT_VALID, DETAIL_NONE);
}

/* A chain in the wrong order, and the same chain at a verifier that pins its
 * end, its middle, or nothing of it. */
static void
chains(void **state)
{
	struct signer *pins[] = { fx->root, second, third };
	const unsigned generation[] = { 2, 1, 0 };
	struct trust *t = &fx->trust;
	struct buf b = begin();

	(void)state;
	fx_put_list(fx, third, &b);
	fx_put_succession("NIC", second, signer_public(third), FX_NOW, &b);
	fx_put_succession("NIC", fx->root, signer_public(second), FX_NOW, &b);
	for (int i = 0; i < 3; i++) {
		trust_free(t);
		trust_init(t, fx->arena, sizeof(fx->arena));
		assert_int_equal(trust_add_anchor(t, "NIC",
		    signer_public(pins[i])), ST_OK);
		assert_int_equal(trust_add_bundle(t, buf_bytes(&b), NULL),
		    ST_OK);
		assert_int_equal(t->list[0].generation, generation[i]);
	}
	trust_free(t);
	trust_init(t, fx->arena, sizeof(fx->arena));
	assert_int_equal(trust_add_anchor(t, "NIC",
	    signer_public(fx->status)), ST_OK);
	assert_int_equal(trust_add_bundle(t, buf_bytes(&b), NULL),
	    ST_UNKNOWN_KEY);
	/* pinned for another state, it vouches for nothing here */
	trust_free(t);
	trust_init(t, fx->arena, sizeof(fx->arena));
	assert_int_equal(trust_add_anchor(t, "CRI", signer_public(fx->root)),
	    ST_OK);
	assert_int_equal(trust_add_bundle(t, buf_bytes(&b), NULL),
	    ST_UNKNOWN_KEY);
}

static void
roots_that_deceive(void **state)
{
	struct buf b;
	size_t where = 0;

	(void)state;
	/* a stranger names himself */
	b = begin();
	fx_put_succession("NIC", second, signer_public(second), FX_NOW, &b);
	fx_put_list(fx, second, &b);
	assert_int_equal(load(&b), ST_UNKNOWN_KEY);
	/* two successors of one root */
	b = begin();
	fx_put_succession("NIC", fx->root, signer_public(second), FX_NOW, &b);
	fx_put_succession("NIC", fx->root, signer_public(third), FX_NOW, &b);
	fx_put_list(fx, fx->root, &b);
	assert_int_equal(load(&b), ST_STATE);
	/* also where one of them is an anchor itself */
	trust_free(&fx->trust);
	trust_init(&fx->trust, fx->arena, sizeof(fx->arena));
	assert_int_equal(trust_add_anchor(&fx->trust, "NIC",
	    signer_public(fx->root)), ST_OK);
	assert_int_equal(trust_add_anchor(&fx->trust, "NIC",
	    signer_public(second)), ST_OK);
	assert_int_equal(trust_add_bundle(&fx->trust, buf_bytes(&b), NULL),
	    ST_STATE);
	/* named for another state than the root's own */
	b = begin();
	fx_put_succession("CRI", fx->root, signer_public(second), FX_NOW, &b);
	fx_put_list(fx, second, &b);
	trust_free(&fx->trust);
	trust_init(&fx->trust, fx->arena, sizeof(fx->arena));
	assert_int_equal(trust_add_anchor(&fx->trust, "NIC",
	    signer_public(fx->root)), ST_OK);
	assert_int_equal(trust_add_bundle(&fx->trust, buf_bytes(&b), &where),
	    ST_UNKNOWN_KEY);
	assert_int_equal(where, 1);
	/* a signer of the trust list is no root */
	b = begin();
	fx_put_list(fx, fx->root, &b);
	fx_put_succession("NIC", fx->status, signer_public(second), FX_NOW, &b);
	assert_int_equal(load(&b), ST_UNKNOWN_KEY);
}

/* Root and successor name each other: no more trust than before, and an end. */
static void
circles(void **state)
{
	struct buf b = begin();

	(void)state;
	fx_put_succession("NIC", second, signer_public(fx->root), FX_NOW, &b);
	fx_put_succession("NIC", fx->root, signer_public(second), FX_NOW, &b);
	fx_put_list(fx, second, &b);
	assert_int_equal(load(&b), ST_OK);
	assert_int_equal(fx->trust.list[0].generation, 1);
	assert_int_equal(fx->trust.roots_n, 2);
}

static void
succession_payload(void **state)
{
	static const struct { const char *why, *hex; } bad[] = {
		{ "nothing", "" },
		{ "an empty map", "a0" },
		{ "no key", "a301634e4943026f726f6f742d73756363657373696f6e061a6b0454f0" },
		{ "a trust list's sub", "a401634e4943026a74727573742d6c697374061a6b0454f0"
		    "3a0001121ba401010327200621582000" },
	};
	struct root_succession s = { .state = "NIC", .iat = 7,
	    .next = *signer_public(second) }, back;
	uint8_t room[256], raw[256];
	struct buf b = buf_over(room, sizeof(room));
	size_t len;

	(void)state;
	assert_int_equal(root_succession_encode(&s, &b), ST_OK);
	assert_int_equal(root_succession_parse(buf_bytes(&b), &back), ST_OK);
	assert_memory_equal(&back, &s, sizeof(s));
	for (size_t n = 0; n < b.len; n++) {
		uint8_t *exact = fx_exact(bytes_from(room, n));

		assert_int_equal(root_succession_parse(bytes_from(exact, n),
		    &back), ST_MALFORMED);
		free(exact);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(bytes_from_hex(bytes_text(bad[i].hex), raw,
		    sizeof(raw), &len));
		if (root_succession_parse(bytes_from(raw, len), &back) !=
		    ST_MALFORMED)
			fail_msg("%s", bad[i].why);
	}
	s.iat = -1;
	b = buf_over(room, sizeof(room));
	assert_int_equal(root_succession_encode(&s, &b), ST_DATA);
	s.iat = 7;
	s.next.kty = 0;
	assert_int_equal(root_succession_encode(&s, &b), ST_DATA);
}

static void
order_of_lists(void **state)
{
	static struct trust_list a, b;

	(void)state;
	a.sequence = b.sequence = 5;
	assert_int_equal(trust_list_order(&a, &b), 0);
	a.sequence = 6;
	assert_true(trust_list_order(&a, &b) > 0);
	/* a thief with the old root counts as high as he likes */
	a.sequence = UINT64_MAX;
	b.generation = 1;
	assert_true(trust_list_order(&a, &b) < 0);
	assert_true(trust_list_order(&b, &a) > 0);
}

/* ---- short lists --------------------------------------------------------- */

/* The full list is a day old; the short list is of now. */
static void
with_short(enum card_status full, enum card_status brief, int64_t exp)
{
	struct buf b = begin();

	statuslist_set(fx->statuses, FX_INDEX, full);
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->status, &b);
	statuslist_set(fx->statuses, FX_INDEX, brief);
	fx_put_short(fx, fx->status, FX_NOW - 60, exp, &b);
	statuslist_set(fx->statuses, FX_INDEX, CARD_VALID);
	assert_int_equal(load(&b), ST_OK);
}

static void
short_list_brings_up_to_date(void **state)
{
	const int64_t exp = FX_NOW + FX_DAY, was = fx->status_exp;

	(void)state;
	with_short(CARD_VALID, CARD_VALID, exp);
	says(VERDICT_VALID, DETAIL_NONE);
	with_short(CARD_VALID, CARD_REVOKED, exp);
	says(VERDICT_REVOKED, DETAIL_NONE);
	with_short(CARD_VALID, CARD_SUSPENDED, exp);
	says(VERDICT_SUSPENDED, DETAIL_NONE);
	with_short(CARD_SUSPENDED, CARD_REVOKED, exp);
	says(VERDICT_REVOKED, DETAIL_NONE);
	/* complete for its moment: who is in it no longer is reinstated */
	with_short(CARD_SUSPENDED, CARD_VALID, exp);
	says(VERDICT_VALID, DETAIL_NONE);
	/* but revoked is final, and issued it cannot say */
	with_short(CARD_REVOKED, CARD_VALID, exp);
	says(VERDICT_REVOKED, DETAIL_NONE);
	with_short(CARD_NEVER_ISSUED, CARD_VALID, exp);
	says(VERDICT_REVOKED, DETAIL_NEVER_ISSUED);
	/* a full list past its deadline is fresh again */
	fx->status_exp = FX_NOW - 100;
	with_short(CARD_VALID, CARD_VALID, exp);
	says(VERDICT_VALID, DETAIL_NONE);
	/* until the short list's own */
	with_short(CARD_VALID, CARD_VALID, FX_NOW - 1);
	says(VERDICT_VALID_STALE, DETAIL_LIST_OLD);
	fx->status_exp = was;
}

/* A list by a key that was revoked since may turn a card red, and none green:
 * the full one, or the short one beside a full one by another key. */
static void
by_a_revoked_signer(void **state)
{
	const struct trust_key was = fx->list.key[1];
	const char *office = "SJO";
	struct buf b;

	(void)state;
	fx->list.key[1].revoked_from = FX_NOW;
	fx->list.key[2].office = bytes_text(office);
	for (int i = 0; i < 3; i++) {
		b = begin();
		statuslist_set(fx->statuses, FX_INDEX, i == 2 ? CARD_REVOKED :
		    CARD_VALID);
		fx_put_list(fx, fx->root, &b);
		fx_put_status(fx, i == 1 ? fx->other_status : fx->status, &b);
		if (i == 1)
			fx_put_short(fx, fx->status, FX_NOW - 1,
			    FX_NOW + FX_DAY, &b);
		assert_int_equal(load(&b), ST_OK);
		if (i == 2)
			says(VERDICT_REVOKED, DETAIL_NONE);
		else
			says(VERDICT_VALID_STALE, DETAIL_SIGNER_REVOKED);
	}
	statuslist_set(fx->statuses, FX_INDEX, CARD_VALID);
	fx->list.key[1] = was;
	fx->list.key[2].office = bytes_text("MGA");
}

static void
short_list_alone_is_never_green(void **state)
{
	struct buf b = begin();

	(void)state;
	fx_put_list(fx, fx->root, &b);
	fx_put_short(fx, fx->status, FX_NOW - 60, FX_NOW + FX_DAY, &b);
	assert_int_equal(load(&b), ST_OK);
	says(VERDICT_VALID_STALE, DETAIL_SHORT_ALONE);
	b = begin();
	statuslist_set(fx->statuses, FX_INDEX, CARD_REVOKED);
	fx_put_list(fx, fx->root, &b);
	fx_put_short(fx, fx->status, FX_NOW - 60, FX_NOW + FX_DAY, &b);
	statuslist_set(fx->statuses, FX_INDEX, CARD_VALID);
	assert_int_equal(load(&b), ST_OK);
	says(VERDICT_REVOKED, DETAIL_NONE);
}

/* An older short list beside a newer full one says nothing. */
static void
older_short_list(void **state)
{
	struct buf b = begin();

	(void)state;
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->status, &b);
	statuslist_set(fx->statuses, FX_INDEX, CARD_REVOKED);
	fx_put_short(fx, fx->status, fx->status_iat, FX_NOW + 9 * FX_DAY, &b);
	statuslist_set(fx->statuses, FX_INDEX, CARD_VALID);
	assert_int_equal(load(&b), ST_OK);
	says(VERDICT_VALID, DETAIL_NONE);
	/* nor does it move the full one's deadline */
	assert_int_equal(fx_judge(fx, fx->status_exp + 1, NULL),
	    VERDICT_VALID_STALE);
}

/* ---- whoever may not sign ------------------------------------------------ */

static enum status
with_part(void (*put)(struct signer *by, struct buf *b), struct signer *by)
{
	struct buf b = begin();

	fx_put_list(fx, fx->root, &b);
	put(by, &b);
	return load(&b);
}

static void
put_short(struct signer *by, struct buf *b)
{
	fx_put_short(fx, by, FX_NOW, FX_NOW + FX_DAY, b);
}

static void
put_status(struct signer *by, struct buf *b)
{
	fx_put_status(fx, by, b);
}

static void
put_head(struct signer *by, struct buf *b)
{
	fx_put_head(by, "SJO", FX_NOW, 3, 7, b);
}

static void
put_two_heads(struct signer *by, struct buf *b)
{
	fx_put_head(by, "SJO", FX_NOW, 3, 7, b);
	fx_put_head(by, "SJO", FX_NOW + 1, 4, 8, b);
}

static void
put_two_shorts(struct signer *by, struct buf *b)
{
	put_short(by, b);
	fx_put_short(fx, by, FX_NOW + 1, FX_NOW + FX_DAY, b);
}

static void
who_may_sign(void **state)
{
	void (*const put[])(struct signer *, struct buf *) = {
		put_status, put_short, put_head
	};

	(void)state;
	for (size_t i = 0; i < sizeof(put) / sizeof(put[0]); i++) {
		assert_int_equal(with_part(put[i], fx->status), ST_OK);
		/* a document signer, another office's, a stranger, the root */
		assert_int_equal(with_part(put[i], fx->document), ST_STATE);
		assert_int_equal(with_part(put[i], fx->other_status), ST_STATE);
		assert_int_equal(with_part(put[i], fx->stranger),
		    ST_UNKNOWN_KEY);
		assert_int_equal(with_part(put[i], fx->root), ST_UNKNOWN_KEY);
	}
	assert_int_equal(with_part(put_two_heads, fx->status), ST_ROLLBACK);
	assert_int_equal(with_part(put_two_shorts, fx->status), ST_ROLLBACK);
}

/* A signed status list under any name, of any bytes. */
static void
put_raw_status(const char *uri, struct bytes lst, struct buf *out)
{
	static uint8_t payload_room[1 << 15];
	struct buf p = buf_over(payload_room, sizeof(payload_room));
	struct diag d = { "" };

	cbor_put_map(&p, 4);
	cbor_put_int(&p, 2);
	cbor_put_text(&p, bytes_text(uri));
	cbor_put_int(&p, 4);
	cbor_put_int(&p, FX_NOW + FX_DAY);
	cbor_put_int(&p, 6);
	cbor_put_int(&p, FX_NOW);
	cbor_put_int(&p, CWT_STATUS_LIST);
	cbor_put_map(&p, 2);
	cbor_put_text(&p, bytes_text("lst"));
	cbor_put_bytes(&p, lst);
	cbor_put_text(&p, bytes_text("bits"));
	cbor_put_uint(&p, 2);
	assert_int_equal(signer_sign1(fx->status, STATUSLIST_TYP,
	    buf_bytes(&p), out, &d), ST_OK);
}

static enum status
with_raw(const char *uri, struct bytes lst)
{
	struct buf b = begin();

	fx_put_list(fx, fx->root, &b);
	put_raw_status(uri, lst, &b);
	return load(&b);
}

/* Each by its own name; what signs is always who may. */
static void
hostile_lists(void **state)
{
	static uint8_t zeros[STATUSLIST_BYTES_MAX + 4096], bomb[1 << 13];
	uLongf n = sizeof(bomb);
	uint8_t small[64];
	uLongf m = sizeof(small);

	(void)state;
	assert_int_equal(compress2(bomb, &n, zeros, sizeof(zeros), 9), Z_OK);
	assert_int_equal(compress2(small, &m, zeros, 16, 9), Z_OK);
	assert_int_equal(with_raw(FX_URI, bytes_from(bomb, n)), ST_TOO_BIG);
	assert_int_equal(with_raw(FX_URI, bytes_from(small, m - 1)),
	    ST_MALFORMED);
	assert_int_equal(with_raw("urn:cedula:NIC:SJO:log", bytes_from(small,
	    m)), ST_MALFORMED);
	assert_int_equal(with_raw("urn:cedula:NIC:MGA:1", bytes_from(small, m)),
	    ST_STATE);
	assert_int_equal(with_raw("urn:cedula:CRI:SJO:1", bytes_from(small, m)),
	    ST_UNKNOWN_KEY);
	/* sound, and too short for the card: no card is green beyond its end */
	assert_int_equal(with_raw(FX_URI, bytes_from(small, m)), ST_OK);
	says(VERDICT_REVOKED, DETAIL_OUT_OF_RANGE);
	/* another list of the office: nothing is known of this card's */
	assert_int_equal(with_raw("urn:cedula:NIC:SJO:2", bytes_from(small,
	    m)), ST_OK);
	says(VERDICT_VALID_STALE, DETAIL_LIST_MISSING);
}

/* Two keys of one kid: the list that holds one key twice is refused; where two
 * roles share a key's kid the one that verifies is found, and its role counts. */
static void
keys_that_deceive(void **state)
{
	struct trust_key was = fx->list.key[0];
	struct buf b = begin();

	(void)state;
	fx->list.key[fx->list.keys_n] = was;
	fx->list.key[fx->list.keys_n++].role = ROLE_STATUS;
	fx_put_list(fx, fx->root, &b);
	assert_int_equal(load(&b), ST_MALFORMED);
	fx->list.keys_n--;
	/* a card by a status signer */
	fx->list.key[0].role = ROLE_STATUS;
	b = begin();
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->status, &b);
	assert_int_equal(load(&b), ST_OK);
	says(VERDICT_WRONG_SCOPE, DETAIL_NONE);
	fx->list.key[0] = was;
}

/* Every bit of a bundle with all five kinds. Of its prefixes only those that
 * end between two parts are bundles, with fewer facts. */
static void
every_bit(void **state)
{
	struct buf b = begin();
	size_t whole, sound = 0;

	(void)state;
	fx_put_succession("NIC", fx->root, signer_public(second), FX_NOW, &b);
	fx_put_list(fx, second, &b);
	fx_put_status(fx, fx->status, &b);
	fx_put_short(fx, fx->status, FX_NOW, FX_NOW + FX_DAY, &b);
	fx_put_head(fx->status, "SJO", FX_NOW, 3, 7, &b);
	assert_int_equal(load(&b), ST_OK);
	for (size_t i = 0; i < b.len * 8; i++) {
		fx->bundle[i / 8] ^= (uint8_t)(1u << i % 8);
		if (fx_load(fx) == ST_OK)
			fail_msg("bit %zu flipped and accepted", i);
		fx->bundle[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	whole = fx->bundle_len;
	for (size_t n = 0; n < whole; n++) {
		fx->bundle_len = n;
		sound += fx_load(fx) == ST_OK;
	}
	assert_int_equal(sound, 4);
	fx->bundle_len = whole;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_root),
		cmocka_unit_test(chains),
		cmocka_unit_test(roots_that_deceive),
		cmocka_unit_test(circles),
		cmocka_unit_test(succession_payload),
		cmocka_unit_test(order_of_lists),
		cmocka_unit_test(short_list_brings_up_to_date),
		cmocka_unit_test(by_a_revoked_signer),
		cmocka_unit_test(short_list_alone_is_never_green),
		cmocka_unit_test(older_short_list),
		cmocka_unit_test(who_may_sign),
		cmocka_unit_test(hostile_lists),
		cmocka_unit_test(keys_that_deceive),
		cmocka_unit_test(every_bit),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
