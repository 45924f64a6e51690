/* Trust lists, status lists, bundles: who may sign what, and hostile parts. */
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "common/cose.h"
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
good_bundle(void **state)
{
	struct bytes first;

	(void)state;
	assert_int_equal(fx_load(fx), ST_OK);
	assert_int_equal(fx->trust.lists_n, 1);
	assert_int_equal(fx->trust.statuses_n, 1);
	assert_true(fx->trust.floor == fx->status_iat);
	/* the same two parts the other way round */
	assert_int_equal(cbor_check_first(bytes_from(fx->bundle,
	    fx->bundle_len), CBOR_STRICT, &first), ST_OK);
	{
		uint8_t *swapped = malloc(fx->bundle_len);
		size_t rest = fx->bundle_len - first.len;

		assert_non_null(swapped);
		memcpy(swapped, fx->bundle + first.len, rest);
		memcpy(swapped + rest, fx->bundle, first.len);
		memcpy(fx->bundle, swapped, fx->bundle_len);
		free(swapped);
	}
	assert_int_equal(fx_load(fx), ST_OK);
	assert_int_equal(fx_publish(fx), ST_OK);
}

static void
list_round_trip(void **state)
{
	static uint8_t raw[1 << 15];
	static struct trust_list back;
	struct buf b = buf_over(raw, sizeof(raw));

	(void)state;
	fx->list.key[1].revoked_from = FX_NOW;
	assert_int_equal(trust_list_encode(&fx->list, &b), ST_OK);
	assert_int_equal(trust_list_parse(buf_bytes(&b), &back), ST_OK);
	assert_int_equal(back.keys_n, 3);
	assert_true(back.sequence == 7 && back.iat == fx->list.iat);
	assert_true(back.key[1].revoked_from == FX_NOW);
	assert_true(back.key[0].revoked_from == TRUST_NEVER);
	assert_memory_equal(back.key[2].kid, fx->list.key[2].kid, KID_LEN);
	assert_true(bytes_equal_text(back.key[0].office, "SJO"));
	fx->list.key[1].revoked_from = TRUST_NEVER;
}

static void
every_bit_and_prefix(void **state)
{
	(void)state;
	for (size_t i = 0; i < fx->bundle_len * 8; i++) {
		fx->bundle[i / 8] ^= (uint8_t)(1u << i % 8);
		if (fx_load(fx) == ST_OK)
			fail_msg("bit %zu flipped and accepted", i);
		fx->bundle[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	/* A prefix that ends between the parts is a bundle without a status
	 * list: fewer facts, never a green card. */
	for (size_t n = 0; n < fx->bundle_len; n++) {
		size_t whole = fx->bundle_len;
		enum status st;

		fx->bundle_len = n;
		st = fx_load(fx);
		if (st == ST_OK)
			assert_int_equal(verdict_colour(fx_judge(fx, FX_NOW,
			    NULL)), AMBER);
		fx->bundle_len = whole;
	}
	assert_int_equal(fx_load(fx), ST_OK);
}

static void
wrong_anchor(void **state)
{
	struct trust *t = &fx->trust;

	(void)state;
	trust_free(t);
	trust_init(t, fx->arena, sizeof(fx->arena));
	assert_int_equal(trust_add_anchor(t, "NIC",
	    signer_public(fx->stranger)), ST_OK);
	assert_int_equal(trust_add_bundle(t, bytes_from(fx->bundle,
	    fx->bundle_len), NULL), ST_UNKNOWN_KEY);
	/* The right root, pinned for another state, speaks for that one only. */
	trust_free(t);
	trust_init(t, fx->arena, sizeof(fx->arena));
	assert_int_equal(trust_add_anchor(t, "CRI", signer_public(fx->root)),
	    ST_OK);
	assert_int_equal(trust_add_bundle(t, bytes_from(fx->bundle,
	    fx->bundle_len), NULL), ST_UNKNOWN_KEY);
	assert_int_equal(trust_add_anchor(t, "cri", signer_public(fx->root)),
	    ST_DATA);
	assert_int_equal(fx_load(fx), ST_OK);
}

/* A status list under another office's name, another office's key, a document
 * key, or outside the key's time. */
static void
status_list_scope(void **state)
{
	struct trust_key was = fx->list.key[1];

	(void)state;
	fx->status_uri = "urn:cedula:NIC:MGA:1";
	assert_int_equal(fx_publish(fx), ST_STATE);
	fx->status_uri = "urn:cedula:CRI:SJO:1";
	assert_int_equal(fx_publish(fx), ST_UNKNOWN_KEY);
	fx->status_uri = "urn:cedula:NIC:SJO:01";
	assert_int_equal(fx_publish(fx), ST_MALFORMED);
	fx->status_uri = "https://example.org/1";
	assert_int_equal(fx_publish(fx), ST_MALFORMED);
	fx->status_uri = FX_URI;
	fx->list.key[1].role = ROLE_DOCUMENT;
	assert_int_equal(fx_publish(fx), ST_STATE);
	fx->list.key[1] = was;
	fx->list.key[1].revoked_from = fx->status_iat;
	assert_int_equal(fx_publish(fx), ST_STATE);
	fx->list.key[1] = was;
	fx->list.key[1].sign_until = fx->status_iat - 1;
	assert_int_equal(fx_publish(fx), ST_STATE);
	fx->list.key[1] = was;
	assert_int_equal(fx_publish(fx), ST_OK);
}

static void
unsound_lists(void **state)
{
	static uint8_t raw[1 << 15];
	struct trust_list *l = &fx->list;
	struct trust_list was = *l;
	struct buf b;

	(void)state;
#define REFUSED(change) do { \
		change; \
		b = buf_over(raw, sizeof(raw)); \
		assert_int_equal(trust_list_encode(l, &b), ST_DATA); \
		*l = was; \
	} while (0)
	REFUSED(l->state[0] = 'n');
	REFUSED(l->exp = l->iat - 1);
	REFUSED(l->key[0].office = bytes_text("SJ"));
	REFUSED(l->key[0].office = bytes_text("sjo"));
	REFUSED(l->key[0].office_name = bytes_text(""));
	REFUSED(l->key[0].office_name = bytes_text("A\x1b[31mB"));
	REFUSED(l->key[0].from = l->key[0].sign_until + 1);
	REFUSED(l->key[0].until = l->key[0].sign_until - 1);
	REFUSED(l->key[0].role = (enum key_role)3);
#undef REFUSED
}

/* A payload is changed where it lies and read again, unsigned. */
static void
exact_values(void **state)
{
	static uint8_t raw[1 << 15], other[1 << 15];
	static struct trust_list back;
	struct buf b = buf_over(raw, sizeof(raw));
	struct buf o = buf_over(other, sizeof(other));
	size_t at;

	(void)state;
	assert_int_equal(trust_list_encode(&fx->list, &b), ST_OK);
	/* role 257 is no role 1: "02 01 03 63" becomes "02 19 01 01 03 63" */
	for (at = 0; at + 4 < b.len; at++)
		if (memcmp(raw + at, "\x02\x01\x03\x63", 4) == 0)
			break;
	assert_true(at + 4 < b.len);
	buf_put(&o, raw, at + 1);
	buf_put(&o, "\x19\x01\x01", 3);
	buf_put(&o, raw + at + 2, b.len - at - 2);
	assert_int_equal(trust_list_parse(buf_bytes(&o), &back), ST_MALFORMED);
	/* the same key twice, the second time revoked */
	fx->list.key[fx->list.keys_n] = fx->list.key[0];
	fx->list.key[fx->list.keys_n++].revoked_from = 1;
	b = buf_over(raw, sizeof(raw));
	assert_int_equal(trust_list_encode(&fx->list, &b), ST_OK);
	assert_int_equal(trust_list_parse(buf_bytes(&b), &back), ST_MALFORMED);
	fx->list.keys_n--;
}

/* Two trust lists of one state cannot be mixed. */
static void
one_list_a_state(void **state)
{
	struct bytes first;
	size_t len = fx->bundle_len;

	(void)state;
	assert_int_equal(cbor_check_first(bytes_from(fx->bundle, len),
	    CBOR_STRICT, &first), ST_OK);
	memcpy(fx->bundle + len, fx->bundle, first.len);
	fx->bundle_len = len + first.len;
	assert_int_equal(fx_load(fx), ST_ROLLBACK);
	memcpy(fx->bundle + len, fx->bundle + first.len, len - first.len);
	fx->bundle_len = len + len - first.len;
	assert_int_equal(fx_load(fx), ST_ROLLBACK);
	fx->bundle_len = len;
	assert_int_equal(fx_load(fx), ST_OK);
}

static void
status_entries(void **state)
{
	struct statuslist l = { .bits = 2,
	    .list = bytes_from(fx->statuses, sizeof(fx->statuses)) };
	unsigned v;

	(void)state;
	for (uint64_t i = 0; i < 4 * sizeof(fx->statuses); i++)
		statuslist_set(fx->statuses, i,
		    (enum card_status)((i * 7 + i / 5) % 4));
	for (uint64_t i = 0; i < 4 * sizeof(fx->statuses); i++) {
		assert_true(statuslist_get(&l, i, &v));
		assert_int_equal(v, (i * 7 + i / 5) % 4);
	}
	assert_false(statuslist_get(&l, 4 * sizeof(fx->statuses), &v));
	assert_false(statuslist_get(&l, UINT64_MAX, &v));
	memset(fx->statuses, 0, sizeof(fx->statuses));
}

/* A list that inflates beyond the format's bound, or past the arena. */
static void
status_bomb(void **state)
{
	static uint8_t zeros[STATUSLIST_BYTES_MAX + 1], raw[1 << 16];
	static uint8_t room[2 * STATUSLIST_BYTES_MAX];
	struct buf b = buf_over(raw, sizeof(raw));
	struct buf arena = buf_over(room, sizeof(room));
	struct statuslist l;

	(void)state;
	assert_int_equal(statuslist_encode(bytes_text("NIC"),
	    bytes_text(FX_URI), 1, 2, bytes_from(zeros, sizeof(zeros)), &b),
	    ST_TOO_BIG);
	b = buf_over(raw, sizeof(raw));
	assert_int_equal(statuslist_encode(bytes_text("NIC"),
	    bytes_text(FX_URI), 1, 2, bytes_from(zeros, sizeof(zeros) - 1),
	    &b), ST_OK);
	assert_int_equal(statuslist_parse(buf_bytes(&b), CBOR_STRICT, &arena,
	    &l), ST_OK);
	assert_int_equal(l.list.len, STATUSLIST_BYTES_MAX);
	arena = buf_over(room, 1000);
	assert_int_equal(statuslist_parse(buf_bytes(&b), CBOR_STRICT, &arena,
	    &l), ST_TOO_BIG);
}

static void
uris(void **state)
{
	static const struct { const char *uri; bool ok; } rows[] = {
		{ "urn:cedula:NIC:SJO:1", true },
		{ "urn:cedula:NIC:S0O:999999", true },
		{ "urn:cedula:NIC:SJO:", false }, { "urn:cedula:NIC:SJO", false },
		{ "urn:cedula:NIC:SJO:0", false },
		{ "urn:cedula:NIC:SJO:01", false },
		{ "urn:cedula:NIC:SJO:1a", false },
		{ "urn:cedula:NIC:SJO:1234567", false },
		{ "urn:cedula:N1C:SJO:1", false },
		{ "urn:cedula:NI:SJO:1", false },
		{ "URN:cedula:NIC:SJO:1", false }, { "", false },
	};
	struct status_uri u;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = bytes_text(rows[i].uri);
		uint8_t *exact = fx_exact(b);

		if (status_uri_parse(bytes_from(exact, b.len), &u) !=
		    rows[i].ok)
			fail_msg("%s", rows[i].uri);
		free(exact);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_bundle),
		cmocka_unit_test(list_round_trip),
		cmocka_unit_test(every_bit_and_prefix),
		cmocka_unit_test(wrong_anchor),
		cmocka_unit_test(status_list_scope),
		cmocka_unit_test(unsound_lists),
		cmocka_unit_test(exact_values),
		cmocka_unit_test(one_list_a_state),
		cmocka_unit_test(status_entries),
		cmocka_unit_test(status_bomb),
		cmocka_unit_test(uris),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
