/*
 * docs/format.md against the code: the limits of its §1 are the headers', and
 * its worked example (§8) is judged as it says. The page is read, not copied:
 * a change of either that the other does not follow fails here.
 */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/claims.h"
#include "common/cose.h"
#include "common/host/file.h"
#include "common/literal.h"
#include "common/logentry.h"
#include "common/logproof.h"
#include "common/pem.h"
#include "common/series.h"
#include "common/shortlist.h"
#include "common/token.h"
#include "common/trust.h"
#include "common/verdict.h"
#include "common/when.h"
#include "issuer/photo/photo.h"
#include "verifier/scan/limits.h"

#define PAGE "docs/format.md"

static char *page;			/* NUL-terminated */
static struct trust trust;
static uint8_t arena[1 << 16];

/* The lines of the fenced block "```LABEL". */
static struct bytes
block(const char *label)
{
	char head[64];
	const char *start, *end;

	(void)snprintf(head, sizeof(head), "\n```%s\n", label);
	start = strstr(page, head);
	if (start == NULL)
		fail_msg("%s: no block %s", PAGE, label);
	start += strlen(head);
	end = strstr(start, "```");
	assert_non_null(end);
	return bytes_from(start, (size_t)(end - start));
}

/* Hex with blanks, and comments from '#' to the line's end. */
static struct bytes
hex_block(const char *label, uint8_t *out, size_t cap)
{
	char digits[8192];
	struct bytes b = block(label);
	size_t n = 0, len;
	bool comment = false;

	for (size_t i = 0; i < b.len; i++) {
		char c = (char)b.p[i];

		comment = (comment || c == '#') && c != '\n';
		if (comment || c == ' ' || c == '\n')
			continue;
		assert_true(n < sizeof(digits));
		digits[n++] = c;
	}
	if (!bytes_from_hex(bytes_from(digits, n), out, cap, &len))
		fail_msg("%s: block %s is not hex", PAGE, label);
	return bytes_from(out, len);
}

static struct bytes
line_of(struct bytes b)
{
	const uint8_t *end = memchr(b.p, '\n', b.len);

	assert_non_null(end);
	return bytes_from(b.p, (size_t)(end - b.p));
}

static struct cose_key
root_key(void)
{
	struct pem_key key;

	assert_int_equal(pem_parse(block("pem anchor"), false, &key), ST_OK);
	crypto_key_free(key.parsed);
	return key.pub;
}

static int
setup(void **state)
{
	static uint8_t bundle[8192];
	struct cose_key root;
	struct bytes list, status;
	uint8_t *raw = NULL;
	size_t len;
	struct diag d = { "" };

	(void)state;
	if (file_read(PAGE, 1 << 20, &raw, &len, &d) != ST_OK) {
		fprintf(stderr, "%s\n", d.text);
		return -1;
	}
	page = (char *)raw;
	root = root_key();
	list = hex_block("hex trust-list", bundle, sizeof(bundle));
	status = hex_block("hex status-list", bundle + list.len,
	    sizeof(bundle) - list.len);
	trust_init(&trust, arena, sizeof(arena));
	assert_int_equal(trust_add_anchor(&trust, "NIC", &root), ST_OK);
	assert_int_equal(trust_add_bundle(&trust, bytes_from(bundle,
	    list.len + status.len), NULL), ST_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	trust_free(&trust);
	free(page);
	return 0;
}

static void
limits_are_the_headers(void **state)
{
#define ROW(name) { #name, (unsigned long)(name) }
	static const struct {
		const char *name;
		unsigned long value;
	} rows[] = {
		ROW(TOKEN_TEXT_MAX), ROW(TOKEN_BYTES_MAX),
		ROW(TOKEN_INDIVIDUAL_MAX), ROW(TOKEN_FAMILY_MAX),
		ROW(FACE_BUDGET_MIN), ROW(FACE_BUDGET_MAX), ROW(CBOR_DEPTH), ROW(CBOR_LIBERAL_PAIRS),
		ROW(COSE_PROTECTED_MAX), ROW(COSE_KEY_MAX), ROW(KID_LEN),
		ROW(FAMILY_MAX), ROW(BIOMETRICS_MAX), ROW(FINGERS_MAX),
		ROW(TRUST_STATES_MAX), ROW(TRUST_KEYS_MAX),
		ROW(TRUST_LISTS_MAX), ROW(TRUST_NAME_MAX),
		ROW(TRUST_BUNDLE_MAX), ROW(STATUSLIST_BYTES_MAX),
		ROW(STATUSLIST_URI_MAX), ROW(CLOCK_SKEW), ROW(SCAN_FILE_MAX),
		ROW(SCAN_TEXTS_MAX), ROW(SHORTLIST_BYTES_MAX),
		ROW(SERIES_PARTS_MAX), ROW(SERIES_PART_MAX),
		ROW(LOG_ENTRY_MAX), ROW(LOG_INDEX_MAX), ROW(LOG_FILE_MAX),
		ROW(LOG_SIGNED_MAX), ROW(LOG_PROOF_MAX), ROW(MERKLE_PATH_MAX)
	};
#undef ROW
	char want[96];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(want, sizeof(want), "\n| `%s` | %lu |",
		    rows[i].name, rows[i].value);
		if (strstr(page, want) == NULL)
			fail_msg("%s: no row '%s'", PAGE, want + 1);
	}
}

/* §7: every verdict stands with its exit status and colour. */
static void
verdicts_are_the_table(void **state)
{
	char want[96];

	(void)state;
#define X(name, token, exit, colour, text) \
	(void)snprintf(want, sizeof(want), "| `%s` | %d | %s |", token, exit, \
	    colour_token(colour)); \
	if (strstr(page, want) == NULL) \
		fail_msg("%s: no '%s'", PAGE, want);
	VERDICT_TABLE(X)
#undef X
}

static void
anchor_has_its_thumbprint(void **state)
{
	uint8_t want[32], got[32];
	struct cose_key root = root_key();
	struct bytes b = hex_block("hex anchor-thumbprint", want,
	    sizeof(want));

	(void)state;
	assert_int_equal(b.len, 32);
	assert_int_equal(cose_key_thumbprint(&root, got), ST_OK);
	assert_memory_equal(got, want, 32);
}

static void
text_is_the_card(void **state)
{
	uint8_t room[4096], stream_room[4096], packed[TOKEN_TEXT_MAX];
	uint8_t again[4096];
	char text[TOKEN_TEXT_MAX];
	struct buf work = buf_over(packed, sizeof(packed));
	struct buf stream = buf_over(again, sizeof(again));
	struct bytes want = hex_block("hex card", room, sizeof(room));
	struct bytes packed_want = hex_block("hex card-stream", stream_room,
	    sizeof(stream_room));
	struct bytes given = line_of(block("text card-text")), cose;

	(void)state;
	assert_int_equal(literal_write(want, &stream), ST_OK);
	assert_true(bytes_equal(buf_bytes(&stream), packed_want));
	assert_int_equal(token_read(given, &work, &cose), ST_OK);
	assert_true(bytes_equal(cose, want));
	assert_int_equal(token_wrap(want, text, sizeof(text), NULL), ST_OK);
	assert_true(bytes_equal_text(given, text));
}

/* §3, §4.4 of RFC 9052: what was signed, and that the writer agrees. */
static void
card_is_what_we_write(void **state)
{
	uint8_t room[4096], signed_room[4096], head_room[512];
	uint8_t payload_room[4096], key[32];
	struct buf head = buf_over(head_room, sizeof(head_room));
	struct buf payload = buf_over(payload_room, sizeof(payload_room));
	struct bytes cose = hex_block("hex card", room, sizeof(room));
	struct bytes tbs = hex_block("hex card-signed", signed_room,
	    sizeof(signed_room));
	struct bytes pub = hex_block("hex document-key", key, sizeof(key));
	struct cose_sign1 s;
	struct claims c;

	(void)state;
	assert_int_equal(cose_sign1_parse(cose, CBOR_STRICT, &s), ST_OK);
	cose_sign1_head(s.protected_raw, bytes_from(NULL, 0), s.payload.len,
	    &head);
	buf_put(&head, s.payload.p, s.payload.len);
	assert_true(bytes_equal(buf_bytes(&head), tbs));
	assert_int_equal(claims_parse(s.payload, CBOR_STRICT, &c), ST_OK);
	assert_int_equal(claims_check_profile(&c), ST_OK);
	assert_int_equal(claims_encode(&c, &payload), ST_OK);
	assert_true(bytes_equal(buf_bytes(&payload), s.payload));
	assert_true(bytes_equal_text(c.identity.full_name,
	    "María José Núñez Ibarra"));
	assert_true(bytes_equal(pub, bytes_from(trust.list[0].key[0].pub.x,
	    32)));
}

/* One line of the block: "INSTANT VERDICT [DETAIL]". */
static void
judge_line(const char *line, struct bytes text)
{
	char instant[32] = "", verdict[32] = "", detail[32] = "";
	uint8_t packed[TOKEN_TEXT_MAX];
	struct buf work = buf_over(packed, sizeof(packed));
	struct claims c;
	struct verdict v;
	int64_t now;

	assert_true(sscanf(line, "%31s %31s %31s", instant, verdict,
	    detail) >= 2);
	assert_true(when_parse(bytes_text(instant), &now));
	v = verdict_judge_text(&trust, text, now, &work, &c);
	if (strcmp(verdict_token(v.code), verdict) != 0 ||
	    strcmp(detail_token(v.detail), detail) != 0)
		fail_msg("%s: at %s the code says %s %s", PAGE, instant,
		    verdict_token(v.code), detail_token(v.detail));
}

static void
judged_as_the_page_says(void **state)
{
	struct bytes text = line_of(block("text card-text"));
	struct bytes rows = block("text verdicts");
	bool valid = false, expired = false;

	(void)state;
	while (rows.len > 0) {
		struct bytes row = line_of(rows);
		char line[128];

		assert_true(bytes_to_text(row, line, sizeof(line)));
		judge_line(line, text);
		valid = valid || strstr(line, " valid") != NULL;
		expired = expired || strstr(line, " expired") != NULL;
		rows.p += row.len + 1;
		rows.len -= row.len + 1;
	}
	assert_true(valid && expired);
}

/* §8's list of 16: revoked 2, valid 5, suspended 9, the rest never issued. */
static void
status_list_is_as_told(void **state)
{
	const struct statuslist *l = &trust.status[0].list;

	(void)state;
	assert_int_equal(trust.statuses_n, 1);
	for (uint64_t i = 0; i < 16; i++) {
		unsigned v, want = i == 2 ? CARD_REVOKED : i == 5 ? CARD_VALID :
		    i == 9 ? CARD_SUSPENDED : CARD_NEVER_ISSUED;

		assert_true(statuslist_get(l, i, &v));
		assert_int_equal(v, want);
	}
}

/* §11: the card's own hash, the leaves, the root, and the head that the trust
 * list of §8 lets be believed. */
static void
log_is_as_told(void **state)
{
	uint8_t raw[1024], tree[4 * MERKLE_HASH], head_raw[512], card_raw[1024];
	struct bytes rest = hex_block("hex log", raw, sizeof(raw));
	struct bytes head = hex_block("hex log-head", head_raw,
	    sizeof(head_raw));
	struct bytes card = hex_block("hex card", card_raw, sizeof(card_raw));
	uint8_t leaf[MERKLE_HASH];
	struct log_entry e;
	struct log_head h;
	struct bytes entry;
	struct merkle m;

	(void)state;
	assert_int_equal(hex_block("hex log-tree", tree, sizeof(tree)).len,
	    sizeof(tree));
	merkle_init(&m);
	for (uint64_t i = 0; i < 3; i++) {
		assert_int_equal(log_entry_next(&rest, &entry, &e), ST_OK);
		assert_int_equal(merkle_leaf(entry, leaf), ST_OK);
		assert_memory_equal(leaf, tree + i * MERKLE_HASH, MERKLE_HASH);
		assert_int_equal(merkle_add(&m, leaf), ST_OK);
		if (i != 0)
			continue;
		assert_int_equal(crypto_sha256(&card, 1, leaf), ST_OK);
		assert_memory_equal(leaf, e.card, sizeof(e.card));
	}
	assert_int_equal(rest.len, 0);
	assert_int_equal(merkle_root(&m, leaf), ST_OK);
	assert_memory_equal(leaf, tree + 3 * MERKLE_HASH, MERKLE_HASH);
	assert_int_equal(log_head_verify(&trust, head, &h), ST_OK);
	assert_memory_equal(h.root, leaf, MERKLE_HASH);
	assert_int_equal(h.size, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_the_headers),
		cmocka_unit_test(verdicts_are_the_table),
		cmocka_unit_test(anchor_has_its_thumbprint),
		cmocka_unit_test(text_is_the_card),
		cmocka_unit_test(card_is_what_we_write),
		cmocka_unit_test(judged_as_the_page_says),
		cmocka_unit_test(status_list_is_as_told),
		cmocka_unit_test(log_is_as_told),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
