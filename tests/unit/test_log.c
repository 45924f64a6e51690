/* The log of issuance: entries, heads and proofs as bytes; who may sign a head;
 * replay; and the register's side of it. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "common/logentry.h"
#include "common/logproof.h"
#include "common/logwalk.h"
#include "common/replay.h"
#include "issuer/register/register.h"
#include "issuer/witness.h"
#include "tests/unit/fixture.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ISSUE "8801011a6b0454f069534a4f303030303132747572" \
    "6e3a636564756c613a4e49433a534a4f3a31051a746c267f5820" \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define REVOKE "8601021a6b0454f069534a4f303030303132747572" \
    "6e3a636564756c613a4e49433a534a4f3a3105"

/* ---- entries ------------------------------------------------------------ */

static const struct {
	const char *why, *hex;
	enum status want;
} entries[] = {
	{ "an issue (§11)", ISSUE, ST_OK },
	{ "a revocation", REVOKE, ST_OK },
	{ "nothing", "", ST_MALFORMED },
	{ "another version", "8602021a6b0454f069534a4f3030303031327475726e3a63"
	    "6564756c613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "kind 0", "8601001a6b0454f069534a4f3030303031327475726e3a636564756c"
	    "613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "kind 5", "8601051a6b0454f069534a4f3030303031327475726e3a636564756c"
	    "613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "an issue of six", "8601011a6b0454f069534a4f3030303031327475726e3a63"
	    "6564756c613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "a time before 1970", "86010220" "69534a4f3030303031327475726e3a6365"
	    "64756c613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "a long head", "8601021b000000006b0454f069534a4f303030303132747572"
	    "6e3a636564756c613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "a number of another office", "8601021a6b0454f0694d47413030303031327475"
	    "726e3a636564756c613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "a letter among the digits", "8601021a6b0454f069534a4f30303030413274"
	    "75726e3a636564756c613a4e49433a534a4f3a3105", ST_MALFORMED },
	{ "a list 0", "8601021a6b0454f069534a4f3030303031327475726e3a63656475"
	    "6c613a4e49433a534a4f3a3005", ST_MALFORMED },
	{ "an index past every list", "8601021a6b0454f069534a4f303030303132747572"
	    "6e3a636564756c613a4e49433a534a4f3a311a00400000", ST_MALFORMED },
	{ "the last index", "8601021a6b0454f069534a4f303030303132747572"
	    "6e3a636564756c613a4e49433a534a4f3a311a003fffff", ST_OK },
	{ "a hash of 31", "8801011a6b0454f069534a4f3030303031327475726e3a63656475"
	    "6c613a4e49433a534a4f3a31051a746c267f581f"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
	    ST_MALFORMED },
	{ "something after it", REVOKE "00", ST_MALFORMED },
	{ "a map", "a10102", ST_MALFORMED },
};

static void
test_entries(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(entries); i++) {
		uint8_t raw[256], room[LOG_ENTRY_MAX], *exact;
		struct buf out = buf_over(room, sizeof(room));
		struct log_entry e;
		enum status st;
		size_t len;

		assert_true(bytes_from_hex(bytes_text(entries[i].hex), raw,
		    sizeof(raw), &len));
		exact = fx_exact(bytes_from(raw, len));
		st = log_entry_parse(bytes_from(exact, len), &e);
		if (st != entries[i].want)
			fail_msg("%s: %s", entries[i].why, status_token(st));
		if (st == ST_OK) {
			assert_int_equal(log_entry_encode(&e, &out), ST_OK);
			assert_true(bytes_equal(buf_bytes(&out),
			    bytes_from(exact, len)));
		} else {
			assert_int_equal(e.kind, 0);
		}
		free(exact);
	}
}

/* Whatever bit is changed, what still parses is written as it was read; and no
 * prefix is an entry. */
static void
test_entry_bits(void **state)
{
	uint8_t raw[256], room[LOG_ENTRY_MAX];
	struct log_entry e;
	size_t len;

	(void)state;
	assert_true(bytes_from_hex(bytes_text(ISSUE), raw, sizeof(raw), &len));
	for (size_t bit = 0; bit < len * 8; bit++) {
		struct buf out = buf_over(room, sizeof(room));

		raw[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		if (log_entry_parse(bytes_from(raw, len), &e) == ST_OK) {
			assert_int_equal(log_entry_encode(&e, &out), ST_OK);
			assert_true(bytes_equal(buf_bytes(&out),
			    bytes_from(raw, len)));
		}
		raw[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t n = 0; n < len; n++) {
		uint8_t *exact = fx_exact(bytes_from(raw, n));

		assert_int_equal(log_entry_parse(bytes_from(exact, n), &e),
		    ST_MALFORMED);
		free(exact);
	}
}

static void
test_entry_encode(void **state)
{
	uint8_t room[LOG_ENTRY_MAX], small[20];
	struct log_entry good = { .kind = LOG_REVOKE, .at = 5,
	    .number = "SJO000012", .list = { "NIC", "SJO", 1 } }, e = good;
	struct buf out = buf_over(room, sizeof(room));
	struct bytes rest, raw;
	enum log_kind kind;

	(void)state;
	assert_int_equal(log_entry_encode(&e, &out), ST_OK);
	assert_int_equal(log_entry_encode(&e, &out), ST_OK);
	rest = buf_bytes(&out);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(log_entry_next(&rest, &raw, &e), ST_OK);
		assert_int_equal(e.at, 5);
	}
	assert_int_equal(rest.len, 0);
	assert_int_equal(log_entry_next(&rest, &raw, &e), ST_MALFORMED);
	e = good;
	e.list.number = 0;
	assert_int_equal(log_entry_encode(&e, &out), ST_DATA);
	e = good;
	e.list.number = 1000000;
	assert_int_equal(log_entry_encode(&e, &out), ST_DATA);
	e = good;
	e.at = -1;
	assert_int_equal(log_entry_encode(&e, &out), ST_DATA);
	e = good;
	e.number[0] = 'X';
	assert_int_equal(log_entry_encode(&e, &out), ST_DATA);
	out = buf_over(small, sizeof(small));
	assert_int_equal(log_entry_encode(&good, &out), ST_TOO_BIG);
	for (int i = LOG_ISSUE; i <= LOG_REINSTATE; i++) {
		assert_true(log_kind_parse(log_kind_token((enum log_kind)i),
		    &kind));
		assert_int_equal(kind, i);
	}
	assert_false(log_kind_parse("print", &kind));
	assert_false(log_kind_parse("", &kind));
	assert_string_equal(log_kind_token((enum log_kind)9), "");
}

/* ---- heads -------------------------------------------------------------- */

#define HEAD "a501634e4943027675726e3a636564756c613a4e49433a534a4f3a6c6f67" \
    "061a6b0d2d003a0001121d18783a0001121e5820" \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static const struct {
	const char *why, *hex;
	enum status want;
} heads[] = {
	{ "a head of 120 (§11)", HEAD, ST_OK },
	{ "of another state than its sub", "a50163434f4c02767572" "6e3a63656475"
	    "6c613a4e49433a534a4f3a6c6f67061a6b0d2d003a0001121d18783a0001121e5820"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	    ST_MALFORMED },
	{ "a status list's sub", "a501634e49430274" "75726e3a636564756c613a4e49"
	    "433a534a4f3a31061a6b0d2d003a0001121d18783a0001121e5820"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	    ST_MALFORMED },
	{ "no root", "a401634e4943027675726e3a636564756c613a4e49433a534a4f3a6c6f"
	    "67061a6b0d2d003a0001121d1878", ST_MALFORMED },
	{ "no size", "a401634e4943027675726e3a636564756c613a4e49433a534a4f3a6c6f"
	    "67061a6b0d2d003a0001121e5820"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	    ST_MALFORMED },
	{ "no moment", "a401634e4943027675726e3a636564756c613a4e49433a534a4f3a6c"
	    "6f673a0001121d18783a0001121e5820"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	    ST_MALFORMED },
	{ "a short root", "a501634e4943027675726e3a636564756c613a4e49433a534a4f3a"
	    "6c6f67061a6b0d2d003a0001121d18783a0001121e4100", ST_MALFORMED },
	{ "a size past 2^63", "a501634e4943027675726e3a636564756c613a4e49433a53"
	    "4a4f3a6c6f67061a6b0d2d003a0001121d1b80000000000000003a0001121e5820"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	    ST_MALFORMED },
	{ "a claim more", "a601634e4943027675726e3a636564756c613a4e49433a534a4f3a"
	    "6c6f67041a6b0d2d00061a6b0d2d003a0001121d18783a0001121e5820"
	    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	    ST_MALFORMED },
	{ "nothing", "", ST_MALFORMED },
};

static void
test_heads(void **state)
{
	struct log_head h = { .state = "NIC", .office = "SJO" };
	uint8_t room[256];
	struct buf out = buf_over(room, sizeof(room));

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		uint8_t raw[256], *exact;
		enum status st;
		size_t len;

		assert_true(bytes_from_hex(bytes_text(heads[i].hex), raw,
		    sizeof(raw), &len));
		exact = fx_exact(bytes_from(raw, len));
		st = log_head_parse(bytes_from(exact, len), &h);
		if (st != heads[i].want)
			fail_msg("%s: %s", heads[i].why, status_token(st));
		if (st == ST_OK) {
			out = buf_over(room, sizeof(room));
			assert_int_equal(log_head_encode(&h, &out), ST_OK);
			assert_true(bytes_equal(buf_bytes(&out),
			    bytes_from(exact, len)));
			assert_int_equal(h.size, 120);
			assert_string_equal(h.office, "SJO");
		} else {
			assert_int_equal(h.state[0], 0);
		}
		free(exact);
	}
	memcpy(h.state, "NIC", 4);
	memcpy(h.office, "SJO", 4);
	h.iat = -1;
	assert_int_equal(log_head_encode(&h, &out), ST_DATA);
	h.iat = 1;
	h.size = UINT64_MAX;
	assert_int_equal(log_head_encode(&h, &out), ST_DATA);
	h.size = 1;
	out = buf_over(room, 40);
	assert_int_equal(log_head_encode(&h, &out), ST_TOO_BIG);
	memcpy(h.office, "sjo", 4);
	assert_int_equal(log_head_encode(&h, &out), ST_DATA);
}

static struct bytes
sign_head(struct signer *by, const char *typ, int64_t iat, uint8_t *room,
    size_t cap)
{
	struct log_head h = { .state = "NIC", .office = "SJO", .iat = iat,
	    .size = 7, .root = { 1, 2, 3 } };
	uint8_t raw[256];
	struct buf payload = buf_over(raw, sizeof(raw));
	struct buf out = buf_over(room, cap);

	assert_int_equal(log_head_encode(&h, &payload), ST_OK);
	assert_int_equal(signer_sign1(by, typ, buf_bytes(&payload), &out,
	    NULL), ST_OK);
	return buf_bytes(&out);
}

static void
test_signed_heads(void **state)
{
	struct fixture *f = fx_new();
	uint8_t room[LOG_SIGNED_MAX];
	struct log_head h;
	struct bytes cose, rest, next;

	(void)state;
	assert_int_equal(fx_publish(f), ST_OK);
	cose = sign_head(f->document, LOG_HEAD_TYP, FX_NOW, room, sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_STATE);
	cose = sign_head(f->other_status, LOG_HEAD_TYP, FX_NOW, room,
	    sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_STATE);
	cose = sign_head(f->stranger, LOG_HEAD_TYP, FX_NOW, room, sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_UNKNOWN_KEY);
	cose = sign_head(f->status, STATUSLIST_TYP, FX_NOW, room, sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_MALFORMED);
	cose = sign_head(f->status, NULL, FX_NOW, room, sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_MALFORMED);
	cose = sign_head(f->status, LOG_HEAD_TYP, FX_NOW + 101 * FX_DAY, room,
	    sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_STATE);
	cose = sign_head(f->status, LOG_HEAD_TYP, FX_NOW - 401 * FX_DAY, room,
	    sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_STATE);
	assert_int_equal(h.size, 0);
	cose = sign_head(f->status, LOG_HEAD_TYP, FX_NOW, room, sizeof(room));
	assert_int_equal(log_head_verify(&f->trust, cose, &h), ST_OK);
	assert_int_equal(h.size, 7);
	for (size_t bit = 0; bit < cose.len * 8; bit++) {
		room[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_not_equal(log_head_verify(&f->trust, cose, &h),
		    ST_OK);
		room[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t n = 0; n < cose.len; n++)
		assert_int_not_equal(log_head_verify(&f->trust,
		    bytes_from(cose.p, n), &h), ST_OK);
	rest = cose;
	assert_int_equal(log_head_next(&rest, &next), ST_OK);
	assert_true(bytes_equal(next, cose));
	assert_int_equal(log_head_next(&rest, &next), ST_NOT_FOUND);
	rest = bytes_from(f->bundle, f->bundle_len);
	assert_int_equal(log_head_next(&rest, &next), ST_NOT_FOUND);
	rest = bytes_text("nothing of the kind");
	assert_int_equal(log_head_next(&rest, &next), ST_MALFORMED);
	fx_free(f);
}

/* ---- proofs, walks, replays --------------------------------------------- */

static void
test_proofs(void **state)
{
	uint8_t entry[256], room[LOG_PROOF_MAX], again[LOG_PROOF_MAX];
	struct log_proof p = { .kind = LOG_INCLUSION, .index = 0 }, got;
	struct buf out = buf_over(room, sizeof(room)), out2;
	struct log_head head = { .state = "NIC", .office = "SJO", .size = 1 };
	struct bytes raw;
	size_t len;

	(void)state;
	assert_true(bytes_from_hex(bytes_text(REVOKE), entry, sizeof(entry),
	    &len));
	p.entry = bytes_from(entry, len);
	p.head = bytes_text("a signed head");
	assert_int_equal(merkle_leaf(p.entry, head.root), ST_OK);
	assert_int_equal(log_proof_verify(&p, NULL, &head), ST_OK);
	/* Another office's head, or another state's, proves nothing of it. */
	memcpy(head.office, "MGA", 3);
	assert_int_equal(log_proof_verify(&p, NULL, &head), ST_SIGNATURE);
	memcpy(head.office, "SJO", 3);
	memcpy(head.state, "COL", 3);
	assert_int_equal(log_proof_verify(&p, NULL, &head), ST_SIGNATURE);
	memcpy(head.state, "NIC", 3);
	p.index = 1;
	assert_int_equal(log_proof_verify(&p, NULL, &head), ST_SIGNATURE);
	p.path.n = 2;
	assert_int_equal(log_proof_encode(&p, &out), ST_OK);
	raw = buf_bytes(&out);
	assert_int_equal(log_proof_parse(raw, &got), ST_OK);
	assert_int_equal(got.index, 1);
	assert_int_equal(got.path.n, 2);
	for (size_t bit = 0; bit < raw.len * 8; bit++) {
		room[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		out2 = buf_over(again, sizeof(again));
		if (log_proof_parse(raw, &got) == ST_OK) {
			assert_int_equal(log_proof_encode(&got, &out2), ST_OK);
			assert_true(bytes_equal(buf_bytes(&out2), raw));
		}
		room[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t n = 0; n < raw.len; n++)
		assert_int_equal(log_proof_parse(bytes_from(raw.p, n), &got),
		    ST_MALFORMED);
	p.path.n = MERKLE_PATH_MAX + 1;
	assert_int_equal(log_proof_encode(&p, &out), ST_DATA);
	/* Two heads of different offices prove nothing together. */
	p = (struct log_proof){ .kind = LOG_CONSISTENCY };
	got.kind = LOG_CONSISTENCY;
	assert_int_equal(log_proof_verify(&p, &head, &head), ST_OK);
	assert_int_equal(log_proof_verify(&p, &(struct log_head){
	    .state = "NIC", .office = "MGA", .size = 1 }, &head),
	    ST_SIGNATURE);
}

static void
test_walk(void **state)
{
	struct log_mark marks[4] = { { .head.size = 2 }, { .head.size = 9 },
	    { .head.size = 0 }, { .head.size = 2 } };
	struct log_walk w = { .mark = marks, .n = 4, .cap = 4 };
	struct merkle m;
	uint8_t leaf[MERKLE_HASH];

	(void)state;
	merkle_init(&m);
	assert_int_equal(merkle_root(&m, marks[2].head.root), ST_OK);
	for (uint8_t i = 0; i < 2; i++) {
		assert_int_equal(merkle_leaf(bytes_from(&i, 1), leaf), ST_OK);
		assert_int_equal(merkle_add(&m, leaf), ST_OK);
	}
	assert_int_equal(merkle_root(&m, marks[3].head.root), ST_OK);
	assert_int_equal(log_walk_begin(&w), ST_OK);
	for (uint8_t i = 0; i < 3; i++)
		assert_int_equal(log_walk_step(&w, bytes_from(&i, 1)), ST_OK);
	assert_int_equal(marks[0].head.size, 0);
	assert_true(marks[0].agrees);
	assert_true(marks[1].reached && !marks[1].agrees);
	assert_true(marks[2].reached && marks[2].agrees);
	assert_false(marks[3].reached);
}

static void
test_replay(void **state)
{
	static const struct {
		const char *why;
		struct {
			enum card_status is;
			int64_t at;
		} act[3];
		size_t n;
		enum replay_answer want[4];	/* for each value, iat 10 */
	} cases[] = {
		{ "never", { { 0, 0 } }, 0,
		    { REPLAY_WRONG, REPLAY_WRONG, REPLAY_WRONG, REPLAY_SAME } },
		{ "issued before", { { CARD_VALID, 9 } }, 1,
		    { REPLAY_SAME, REPLAY_WRONG, REPLAY_WRONG, REPLAY_WRONG } },
		{ "issued after", { { CARD_VALID, 11 } }, 1,
		    { REPLAY_WRONG, REPLAY_WRONG, REPLAY_WRONG, REPLAY_CHANGED } },
		{ "in that second", { { CARD_VALID, 10 } }, 1,
		    { REPLAY_SAME, REPLAY_WRONG, REPLAY_WRONG, REPLAY_CHANGED } },
		{ "revoked after", { { CARD_VALID, 1 }, { CARD_REVOKED, 11 } }, 2,
		    { REPLAY_CHANGED, REPLAY_WRONG, REPLAY_WRONG, REPLAY_WRONG } },
		{ "all in that second", { { CARD_VALID, 10 },
		    { CARD_SUSPENDED, 10 }, { CARD_VALID, 10 } }, 3,
		    { REPLAY_SAME, REPLAY_WRONG, REPLAY_CHANGED, REPLAY_CHANGED } },
		{ "suspended, and back after", { { CARD_VALID, 1 },
		    { CARD_SUSPENDED, 5 }, { CARD_VALID, 12 } }, 3,
		    { REPLAY_WRONG, REPLAY_WRONG, REPLAY_CHANGED, REPLAY_WRONG } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t cell = REPLAY_NEW;

		for (size_t k = 0; k < cases[i].n; k++)
			replay_act(&cell, cases[i].act[k].is,
			    cases[i].act[k].at, 10);
		for (unsigned v = 0; v < 4; v++)
			if (replay_judge(cell, v) != cases[i].want[v])
				fail_msg("%s: %u", cases[i].why, v);
	}
}

/* ---- the register ------------------------------------------------------- */

static char *
read_text(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 20);

	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

/* A register as version 9 left it, with two cards and a history. */
static void
old_register(char path[64])
{
	char *sql = read_text("tests/unit/register-9.sql");
	sqlite3 *db;
	int fd;

	(void)snprintf(path, 64, "/tmp/logXXXXXX");
	assert_true((fd = mkstemp(path)) >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	free(sql);
}

static void
forget(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[80];

	for (size_t i = 0; i < COUNT(ends); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)unlink(name);
	}
}

static int
behind(const char *path, const char *sql)
{
	sqlite3 *db;
	int rc;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return rc & 0xff;
}

struct seen {
	size_t n;
	struct log_entry e[16];
};

static enum status
see(void *arg, int64_t seq, struct bytes entry)
{
	struct seen *s = arg;

	assert_int_equal(seq, s->n);
	assert_true(s->n < COUNT(s->e));
	assert_int_equal(log_entry_parse(entry, &s->e[s->n++]), ST_OK);
	return ST_OK;
}

static enum status
no_row(void *arg, const struct log_stray *s)
{
	(void)arg;
	fail_msg("%s %s", s->number, s->event);
	return ST_OK;
}

static void
test_migration(void **state)
{
	static const enum log_kind kinds[] = { LOG_ISSUE, LOG_ISSUE,
	    LOG_SUSPEND, LOG_REVOKE, LOG_REINSTATE };
	struct seen s = { 0 };
	struct reg *r = NULL;
	struct diag d = { "" };
	char path[64];

	(void)state;
	old_register(path);
	for (int again = 0; again < 2; again++) {
		s.n = 0;
		assert_int_equal(reg_open(path, &r, &d), ST_OK);
		assert_int_equal(reg_log_entries(r, see, &s, &d), ST_OK);
		assert_int_equal(s.n, COUNT(kinds));
		for (size_t i = 0; i < COUNT(kinds); i++)
			assert_int_equal(s.e[i].kind, kinds[i]);
		assert_string_equal(s.e[3].number, "SJO000002");
		assert_string_equal(s.e[4].number, "SJO000001");
		assert_int_equal(reg_log_strays(r, no_row, NULL, &d), ST_OK);
		assert_int_equal(reg_check(r, &d), ST_OK);
		reg_close(r);
	}
	forget(path);
}

/* An act and its entry are kept or lost together; nothing heals by itself. */
static void
test_append(void **state)
{
	struct reg *r = NULL;
	struct diag d = { "" };
	uint64_t size;
	char path[64];

	(void)state;
	old_register(path);
	assert_int_equal(reg_open(path, &r, &d), ST_OK);
	reg_set_now(r, FX_NOW);
	assert_int_equal(reg_act_as(r, "ana", &d), ST_OK);
	assert_int_equal(reg_begin(r, &d), ST_OK);
	assert_int_equal(reg_card_set_status(r, "SJO000001", CARD_REVOKED,
	    "x", &d), ST_OK);
	assert_int_equal(reg_card_event(r, "SJO000001", "print", "", &d),
	    ST_OK);
	assert_int_equal(reg_log_size(r, &size, &d), ST_OK);
	assert_int_equal(size, 6);
	reg_rollback(r);
	assert_int_equal(reg_log_size(r, &size, &d), ST_OK);
	assert_int_equal(size, 5);
	reg_close(r);
	assert_int_equal(behind(path, "DROP TRIGGER log_entry_no_delete;"
	    "DELETE FROM log_entry"), SQLITE_OK);
	assert_int_equal(reg_open(path, &r, &d), ST_OK);
	assert_int_equal(reg_log_size(r, &size, &d), ST_OK);
	assert_int_equal(size, 0);
	reg_close(r);
	forget(path);
}

static const char *const forbidden[] = {
	"UPDATE log_entry SET entry = x'00'",
	"UPDATE log_entry SET seq = seq + 1",
	"DELETE FROM log_entry",
	"INSERT INTO log_entry VALUES (6, x'00', 5)",
	"INSERT INTO log_entry VALUES (4, x'00', 5)",
	"INSERT OR REPLACE INTO log_entry VALUES (4, x'00', 6)",
	"INSERT INTO log_entry VALUES (5, x'00', 6)",
	"INSERT INTO log_entry VALUES (5, 'text', 5)",
	"UPDATE log_head SET size = 0",
	"DELETE FROM log_head",
};

static void
test_constraints(void **state)
{
	struct reg *r = NULL;
	struct diag d = { "" };
	char path[64];

	(void)state;
	old_register(path);
	assert_int_equal(reg_open(path, &r, &d), ST_OK);
	reg_close(r);
	assert_int_equal(behind(path, "INSERT INTO log_head (size, iat, root,"
	    " kid, head) VALUES (1, 1, randomblob(32), randomblob(8), x'00')"),
	    SQLITE_OK);
	for (size_t i = 0; i < COUNT(forbidden); i++)
		if (behind(path, forbidden[i]) != SQLITE_CONSTRAINT)
			fail_msg("%s", forbidden[i]);
	forget(path);
}

/* The head is what the entries say; again, it is the one that was signed; and
 * none is signed of a log that its past denies. */
static void
test_witness(void **state)
{
	struct fixture *f = fx_new();
	struct office o;
	struct log_held one, two;
	struct reg *r = NULL;
	struct diag d = { "" };
	uint8_t room[LOG_PROOF_MAX];
	struct buf out = buf_over(room, sizeof(room));
	struct log_proof p;
	struct log_head h;
	char path[64];

	(void)state;
	assert_int_equal(fx_publish(f), ST_OK);
	old_register(path);
	assert_int_equal(reg_open(path, &r, &d), ST_OK);
	assert_int_equal(reg_office(r, &o, &d), ST_OK);
	reg_set_now(r, FX_NOW);
	assert_int_equal(reg_begin(r, &d), ST_OK);
	assert_int_equal(witness_head(r, &o, f->status, FX_NOW, &one, &d),
	    ST_PERMISSION);	/* nobody acts */
	assert_int_equal(reg_act_as(r, "ana", &d), ST_OK);
	assert_int_equal(witness_head(r, &o, f->status, FX_NOW, &one, &d),
	    ST_OK);
	assert_int_equal(witness_head(r, &o, f->status, FX_NOW + 1, &two, &d),
	    ST_OK);
	assert_true(bytes_equal(bytes_from(one.signed_head, one.len),
	    bytes_from(two.signed_head, two.len)));
	assert_int_equal(log_head_verify(&f->trust,
	    bytes_from(one.signed_head, one.len), &h), ST_OK);
	assert_int_equal(h.size, 5);
	assert_int_equal(witness_inclusion(r, "SJO000002", &out, &h, &d),
	    ST_OK);
	assert_int_equal(log_proof_parse(buf_bytes(&out), &p), ST_OK);
	assert_int_equal(p.index, 1);
	assert_int_equal(reg_commit(r, &d), ST_OK);
	reg_close(r);
	assert_int_equal(behind(path, "DROP TRIGGER log_entry_no_update;"
	    "UPDATE log_entry SET entry = (SELECT entry FROM log_entry"
	    " WHERE seq = 0) WHERE seq = 1"), SQLITE_OK);
	assert_int_equal(reg_open(path, &r, &d), ST_OK);
	assert_int_equal(reg_act_as(r, "ana", &d), ST_OK);
	assert_int_equal(reg_begin(r, &d), ST_OK);
	assert_int_equal(witness_head(r, &o, f->status, FX_NOW, &one, &d),
	    ST_DATA);
	out.len = 0;
	assert_int_equal(witness_inclusion(r, "SJO000002", &out, &h, &d),
	    ST_DATA);
	reg_rollback(r);
	reg_close(r);
	forget(path);
	fx_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_entry_bits),
		cmocka_unit_test(test_entry_encode),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_signed_heads),
		cmocka_unit_test(test_proofs), cmocka_unit_test(test_walk),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_migration),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_constraints),
		cmocka_unit_test(test_witness),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
