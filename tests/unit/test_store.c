/* The verifier's trust store: what comes in, what stays, what is refused. */
#include "tests/unit/check.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/pem.h"
#include "tests/unit/fixture.h"
#include "verifier/trust/merge.h"
#include "verifier/trust/show.h"

static struct fixture *fx;
static struct trust_list list_was;
static char folder[128], anchor[160], held[160];
static struct store store;
static struct merge_count count;
static struct diag diag;
static uint8_t room[1 << 16];

static void
pem_to(const char *path, const struct cose_key *key)
{
	uint8_t pem[512];
	struct buf b = buf_over(pem, sizeof(pem));

	assert_int_equal(pem_encode(key, &b), ST_OK);
	assert_int_equal(file_write(path, buf_bytes(&b), 0644, NULL), ST_OK);
}

static int
setup(void **state)
{
	(void)state;
	fx = fx_new();
	list_was = fx->list;
	(void)snprintf(folder, sizeof(folder), "%s/store", fx->dir);
	(void)snprintf(anchor, sizeof(anchor), "%s/NIC.pem", fx->dir);
	(void)snprintf(held, sizeof(held), "%s/NIC.trust", folder);
	pem_to(anchor, signer_public(fx->root));
	return 0;
}

static void
empty_folder(void)
{
	static const char *const names[] = { "NIC.pem", "NIC.trust",
	    "CRI.pem", "CRI.trust" };
	char path[192];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(folder);
}

static int
teardown(void **state)
{
	(void)state;
	empty_folder();
	(void)unlink(anchor);
	fx_free(fx);
	return 0;
}

static struct buf
begin(void)
{
	return buf_over(room, sizeof(room));
}

/* One command: open, merge, close. */
static enum status
add(const struct buf *b)
{
	enum status st;

	diag.text[0] = '\0';
	if ((st = store_open(folder, STORE_WRITE, &store, &diag)) == ST_OK)
		st = store_merge(&store, "what comes", buf_bytes(b), &count,
		    &diag);
	store_close(&store);
	/* What the command makes of it. */
	if (st == ST_OK && count.newer == 0 && count.older > 0)
		st = diag_set(&diag, ST_ROLLBACK, "older");
	return st;
}

/* A store with the anchor and the fixture's bundle as it stands at first. */
static int
fresh(void **state)
{
	struct anchor a;
	struct buf b = begin();

	(void)state;
	empty_folder();
	fx->list = list_was;
	fx->status_iat = FX_NOW - FX_DAY;
	fx->status_exp = FX_NOW + 7 * FX_DAY;
	memset(fx->statuses, 0, sizeof(fx->statuses));
	if (store_open(folder, STORE_WRITE, &store, &diag) != ST_OK ||
	    store_add_anchor(&store, anchor, &a, &diag) != ST_OK)
		return -1;
	store_close(&store);
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->status, &b);
	fx_put_head(fx->status, "SJO", FX_NOW, 10, 1, &b);
	return add(&b) == ST_OK && count.newer == 3 ? 0 : -1;
}

/* What the store says of the good card. */
static enum verdict_code
verdict(int64_t now)
{
	struct trust_host h = { NULL, NULL };
	struct claims c;
	enum verdict_code code = VERDICT_UNREADABLE;

	if (store_open(folder, STORE_READ, &store, &diag) == ST_OK &&
	    store_load(&store, &h, &diag) == ST_OK)
		code = verdict_judge(h.trust, bytes_from(fx->cose,
		    fx->cose_len), now, &c).code;
	trust_host_close(&h);
	store_close(&store);
	return code;
}

/* Refused, and not a byte of the store has changed. */
static void
refused(const struct buf *b, enum status want, const char *says)
{
	uint8_t *before, *after;
	size_t n, m;
	enum status st;

	assert_int_equal(file_read(held, 1 << 20, &before, &n, NULL), ST_OK);
	st = add(b);
	if (st != want || strstr(diag.text, says) == NULL)
		fail_msg("%s: %s", status_token(st), diag.text);
	assert_int_equal(file_read(held, 1 << 20, &after, &m, NULL), ST_OK);
	assert_int_equal(n, m);
	assert_memory_equal(before, after, n);
	free(before);
	free(after);
}

static void
first_and_again(void **state)
{
	struct buf b = begin();

	(void)state;
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
	fx_put_list(fx, fx->root, &b);	/* signed anew: the same list */
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.newer == 0 && count.same == 1 && count.older == 0);
}

static void
newer_takes_its_place(void **state)
{
	struct buf b = begin();

	(void)state;
	fx->status_iat = FX_NOW;
	statuslist_set(fx->statuses, FX_INDEX, CARD_REVOKED);
	fx_put_status(fx, fx->status, &b);	/* alone: no trust list needed */
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.newer == 1);
	assert_int_equal(verdict(FX_NOW), VERDICT_REVOKED);
}

static void
older_never_does(void **state)
{
	struct buf b = begin();

	(void)state;
	fx->status_iat = FX_NOW - 2 * FX_DAY;
	fx_put_status(fx, fx->status, &b);
	refused(&b, ST_ROLLBACK, "older");
	b = begin();
	fx->list.sequence--;
	fx_put_list(fx, fx->root, &b);
	refused(&b, ST_ROLLBACK, "older");
	/* another list of the sequence held: one of them lacks something */
	fx->list.sequence++;
	fx->list.key[0].revoked_from = FX_NOW;
	b = begin();
	fx_put_list(fx, fx->root, &b);
	refused(&b, ST_ROLLBACK, "sequence of the one held");
	/* of one moment, the one that is held */
	fx->list = list_was;
	fx->status_iat = FX_NOW - FX_DAY;
	statuslist_set(fx->statuses, FX_INDEX, CARD_SUSPENDED);
	b = begin();
	fx_put_status(fx, fx->status, &b);
	refused(&b, ST_ROLLBACK, "older");
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
}

/* An office bundles the ministry's list of last week with its status list of
 * today: the one is left aside, the other taken. */
static void
older_beside_newer(void **state)
{
	struct buf b = begin();

	(void)state;
	fx->list.sequence++;
	fx_put_list(fx, fx->root, &b);
	assert_int_equal(add(&b), ST_OK);
	fx->list.sequence--;
	fx->status_iat = FX_NOW;
	statuslist_set(fx->statuses, FX_INDEX, CARD_REVOKED);
	b = begin();
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->status, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.newer == 1 && count.older == 1);
	assert_int_equal(verdict(FX_NOW), VERDICT_REVOKED);
}

/* The ministry revokes the status signer: what it signed before stays, what it
 * signs afterwards does not come in, not even beside an old trust list. */
static void
signer_revoked(void **state)
{
	struct buf b = begin();

	(void)state;
	fx->list.sequence++;
	fx->list.key[1].revoked_from = FX_NOW - 60;
	fx_put_list(fx, fx->root, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.dropped == 1);	/* the head of FX_NOW */
	/* and what stays is no reason for green until it is signed anew */
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID_STALE);
	fx->list = list_was;
	fx->status_iat = FX_NOW;
	b = begin();
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->status, &b);
	refused(&b, ST_STATE, "the newer trust list held here");
	/* revoked from its first day: its list goes, and nothing is green */
	fx->list.sequence += 2;
	fx->list.key[1].revoked_from = 0;
	b = begin();
	fx_put_list(fx, fx->root, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.dropped == 1);
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID_STALE);
}

static void
log_only_grows(void **state)
{
	struct buf b = begin();

	(void)state;
	fx_put_head(fx->status, "SJO", FX_NOW + 1, 11, 2, &b);
	assert_int_equal(add(&b), ST_OK);
	b = begin();
	fx_put_head(fx->status, "SJO", FX_NOW + 2, 10, 1, &b);
	refused(&b, ST_ROLLBACK, "taken away");
	b = begin();
	fx_put_head(fx->status, "SJO", FX_NOW + 2, 11, 3, &b);
	refused(&b, ST_ROLLBACK, "rewritten");
	/* nor does a status list come in beside such a head */
	fx->status_iat = FX_NOW;
	fx_put_status(fx, fx->status, &b);
	refused(&b, ST_ROLLBACK, "rewritten");
	b = begin();
	fx_put_head(fx->status, "SJO", FX_NOW - 1, 9, 9, &b);
	refused(&b, ST_ROLLBACK, "older");
	/* the same log signed again is no news of any kind */
	b = begin();
	fx_put_head(fx->status, "SJO", FX_NOW + 2, 11, 2, &b);
	assert_int_equal(add(&b), ST_OK);
}

/* After a restore the ministry starts the office anew with another signer. */
static void
log_begins_anew(void **state)
{
	struct buf b = begin();

	(void)state;
	fx->list.sequence++;
	fx->list.key[1].revoked_from = FX_NOW - 2 * FX_DAY;
	fx->list.key[2].office = bytes_text("SJO");
	fx_put_list(fx, fx->root, &b);
	fx_put_head(fx->other_status, "SJO", FX_NOW + 5, 4, 4, &b);
	fx->status_iat = FX_NOW;
	fx_put_status(fx, fx->other_status, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
}

static void
root_succeeds(void **state)
{
	struct signer *next = fx->stranger;
	struct buf b = begin();

	(void)state;
	fx->list.sequence = 1;
	fx_put_list(fx, next, &b);
	refused(&b, ST_UNKNOWN_KEY, "vouches");
	fx_put_succession("NIC", fx->root, signer_public(next), FX_NOW, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
	/* the old root has had its day, whatever it counts */
	fx->list.sequence = 1000;
	b = begin();
	fx_put_list(fx, fx->root, &b);
	refused(&b, ST_ROLLBACK, "older");
	/* and names nobody else */
	fx_put_succession("NIC", fx->root, signer_public(fx->document), FX_NOW,
	    &b);
	refused(&b, ST_STATE, "names a second root");
	/* known now: the new root's lists need no introduction */
	fx->list.sequence = 2;
	b = begin();
	fx_put_list(fx, next, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.newer == 1);
}

static void
short_lists(void **state)
{
	struct buf b = begin();

	(void)state;
	statuslist_set(fx->statuses, FX_INDEX, CARD_REVOKED);
	fx_put_short(fx, fx->status, FX_NOW, FX_NOW + 30 * FX_DAY, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW), VERDICT_REVOKED);
	b = begin();
	statuslist_set(fx->statuses, FX_INDEX, CARD_VALID);
	fx_put_short(fx, fx->status, FX_NOW - 100, FX_NOW + 30 * FX_DAY, &b);
	refused(&b, ST_ROLLBACK, "older");
	/* a newer full list makes it superfluous, and it is let go */
	fx->status_iat = FX_NOW + 1;
	b = begin();
	fx_put_status(fx, fx->status, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW + 1), VERDICT_VALID);
	b = begin();
	fx_put_short(fx, fx->status, FX_NOW, FX_NOW + 30 * FX_DAY, &b);
	refused(&b, ST_ROLLBACK, "older");
	assert_int_equal(verdict(FX_NOW + 1), VERDICT_VALID);
}

/* A revocation of the status signer drops its newest word from the store. What
 * is left, or brought again, is older, and makes nothing green: full after
 * short, full after full, both in one bundle. */
static void
nothing_comes_back(void **state)
{
	uint8_t old_room[1 << 14];
	struct buf old = buf_over(old_room, sizeof(old_room)), b = begin();

	(void)state;
	fx->status_iat = FX_NOW - FX_DAY;
	fx_put_status(fx, fx->status, &old);
	statuslist_set(fx->statuses, FX_INDEX, CARD_REVOKED);
	fx_put_short(fx, fx->status, FX_NOW, FX_NOW + FX_DAY, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW), VERDICT_REVOKED);
	fx->list.sequence++;
	fx->list.key[1].revoked_from = FX_NOW - 60;
	b = begin();
	fx_put_list(fx, fx->root, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.dropped == 2);	/* short list and head */
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID_STALE);
	buf_put(&b, old.p, old.len);
	assert_int_equal(add(&b), ST_OK);	/* held already */
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID_STALE);
}

/* The list that the thief of the signer dated ahead gives way at once. */
static void
dated_ahead(void **state)
{
	struct buf b = begin();

	(void)state;
	fx->status_iat = FX_NOW + 50 * FX_DAY;
	fx->status_exp = FX_NOW + 99 * FX_DAY;
	fx_put_status(fx, fx->status, &b);
	fx_put_short(fx, fx->status, FX_NOW + 60 * FX_DAY, FX_NOW + 99 *
	    FX_DAY, &b);
	assert_int_equal(add(&b), ST_OK);
	fx->list.sequence++;
	fx->list.key[1].revoked_from = FX_NOW - 60;
	fx->list.key[2].office = bytes_text("SJO");
	fx->status_iat = FX_NOW;
	fx->status_exp = FX_NOW + 7 * FX_DAY;
	b = begin();
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->other_status, &b);
	fx_put_short(fx, fx->other_status, FX_NOW + 1, FX_NOW + FX_DAY, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW + 1), VERDICT_VALID);
}

/* Nor does a head of his, dated before the revocation, stop the office. */
static void
thiefs_head(void **state)
{
	struct buf b = begin();

	(void)state;
	fx_put_head(fx->status, "SJO", FX_NOW + 1, INT64_MAX, 9, &b);
	assert_int_equal(add(&b), ST_OK);
	fx->list.sequence++;
	fx->list.key[1].revoked_from = FX_NOW + 2;
	fx->list.key[2].office = bytes_text("SJO");
	b = begin();
	fx_put_list(fx, fx->root, &b);
	fx_put_head(fx->other_status, "SJO", FX_NOW + 3, 11, 2, &b);
	fx->status_iat = FX_NOW + 3;
	fx_put_status(fx, fx->other_status, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW + 3), VERDICT_VALID);
}

/* A thief of the root signs a list with a status signer of his own. The spare
 * root's list does not know that key: what it signed goes, and the store takes
 * the ministry's word again. */
static void
root_recovery(void **state)
{
	struct signer *spare = fx->stranger;
	struct buf b = begin();

	(void)state;
	fx->list.sequence = 1000;
	fx->list.key[2].office = bytes_text("SJO");
	fx->status_iat = FX_NOW + 100;
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->other_status, &b);
	fx_put_head(fx->other_status, "SJO", FX_NOW + 100, 900, 9, &b);
	assert_int_equal(add(&b), ST_OK);
	fx->list = list_was;
	fx->list.keys_n = 2;
	fx->list.sequence = 8;
	fx->status_iat = FX_NOW + 50;
	statuslist_set(fx->statuses, FX_INDEX, CARD_REVOKED);
	b = begin();
	fx_put_succession("NIC", fx->root, signer_public(spare), FX_NOW, &b);
	fx_put_list(fx, spare, &b);
	fx_put_status(fx, fx->status, &b);
	fx_put_head(fx->status, "SJO", FX_NOW + 50, 11, 2, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.dropped == 2);
	assert_int_equal(verdict(FX_NOW + 100), VERDICT_REVOKED);
}

/* A succession alone is news, and is kept beside an older list. */
static void
succession_alone(void **state)
{
	struct buf b = begin();

	(void)state;
	fx_put_succession("NIC", fx->root, signer_public(fx->stranger), FX_NOW,
	    &b);
	fx->list.sequence--;
	fx_put_list(fx, fx->root, &b);
	assert_int_equal(add(&b), ST_OK);
	assert_true(count.newer == 1 && count.older == 1);
	fx->list.sequence = 1;
	b = begin();
	fx_put_list(fx, fx->stranger, &b);
	assert_int_equal(add(&b), ST_OK);
}

/* As many states as there is room for, and not one more; all can go again,
 * also those whose files are damaged. */
static void
too_many_states(void **state)
{
	char path[192], name[8];
	struct anchor a;
	enum status st = ST_OK;
	int n;

	(void)state;
	assert_int_equal(store_open(folder, STORE_WRITE, &store, &diag), ST_OK);
	for (n = 0; n < TRUST_STATES_MAX && st == ST_OK; n++) {
		(void)snprintf(path, sizeof(path), "%s/AA%c.pem", fx->dir,
		    'A' + n);
		pem_to(path, signer_public(fx->root));
		st = store_add_anchor(&store, path, &a, &diag);
		(void)unlink(path);
	}
	assert_int_equal(st, ST_TOO_BIG);
	assert_int_equal(n, TRUST_STATES_MAX);	/* NIC was there */
	store_close(&store);
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
	(void)snprintf(path, sizeof(path), "%s/AAA.pem", folder);
	assert_int_equal(file_write(path, bytes_text("none"), 0644, NULL),
	    ST_OK);
	assert_int_equal(store_open(folder, STORE_READ, &store, &diag),
	    ST_CONFIG);
	store_close(&store);
	assert_int_equal(store_open(folder, STORE_FOLDER, &store, &diag),
	    ST_OK);
	for (int i = 0; i < n - 1; i++) {
		(void)snprintf(name, sizeof(name), "AA%c", 'A' + i);
		assert_int_equal(store_remove(&store, name, &diag), ST_OK);
	}
	store_close(&store);
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
}

/* Every bit of what lies in the store, and every prefix. */
static void
damaged(void **state)
{
	struct buf b = begin();
	uint8_t *good;
	size_t n;

	(void)state;
	assert_int_equal(file_read(held, 1 << 20, &good, &n, NULL), ST_OK);
	for (size_t i = 0; i < n; i++) {
		good[i] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(file_write(held, bytes_from(good, n), 0644,
		    NULL), ST_OK);
		if (verdict(FX_NOW) != VERDICT_UNREADABLE)
			fail_msg("byte %zu changed and it judges", i);
		good[i] ^= (uint8_t)(1u << i % 8);
	}
	fx->status_iat = FX_NOW;
	fx_put_status(fx, fx->status, &b);
	good[n / 2] ^= 1;
	assert_int_equal(file_write(held, bytes_from(good, n), 0644, NULL),
	    ST_OK);
	refused(&b, ST_DATA, "trust remove NIC");
	for (size_t i = 0; i < n; i += 7) {
		assert_int_equal(file_write(held, bytes_from(good, i), 0644,
		    NULL), ST_OK);
		assert_int_not_equal(verdict(FX_NOW), VERDICT_VALID);
	}
	free(good);
}

static void
anchors(void **state)
{
	struct anchor a;
	struct buf b = begin();
	char other[160], cri[160];

	(void)state;
	(void)snprintf(other, sizeof(other), "%s/two", fx->dir);
	assert_int_equal(mkdir(other, 0700), 0);
	(void)snprintf(other, sizeof(other), "%s/two/NIC.pem", fx->dir);
	(void)snprintf(cri, sizeof(cri), "%s/two/CRI.pem", fx->dir);
	pem_to(other, signer_public(fx->stranger));
	pem_to(cri, signer_public(fx->stranger));
	assert_int_equal(store_open(folder, STORE_WRITE, &store, &diag), ST_OK);
	assert_int_equal(store_add_anchor(&store, anchor, &a, &diag), ST_OK);
	assert_int_equal(store_add_anchor(&store, other, &a, &diag), ST_EXISTS);
	assert_non_null(strstr(diag.text, "trust remove NIC"));
	/* a second state: its root says nothing of the first */
	assert_int_equal(store_add_anchor(&store, cri, &a, &diag), ST_OK);
	assert_int_equal(store.n, 2);
	store_close(&store);
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
	fx->list.sequence++;
	fx_put_list(fx, fx->stranger, &b);
	refused(&b, ST_UNKNOWN_KEY, "vouches");
	memcpy(fx->list.state, "CRI", 4);
	b = begin();
	fx_put_list(fx, fx->stranger, &b);
	/* though it lists the first state's keys as its own */
	assert_int_equal(add(&b), ST_OK);
	assert_int_equal(verdict(FX_NOW), VERDICT_VALID);
	/* forgotten: the card's signer is nobody's now */
	assert_int_equal(store_open(folder, STORE_WRITE, &store, &diag), ST_OK);
	assert_int_equal(store_remove(&store, "NIC", &diag), ST_OK);
	assert_int_equal(store_remove(&store, "NIC", &diag), ST_NOT_FOUND);
	store_close(&store);
	assert_int_equal(verdict(FX_NOW), VERDICT_WRONG_SCOPE);
	(void)unlink(other);
	(void)unlink(cri);
	(void)snprintf(other, sizeof(other), "%s/two", fx->dir);
	(void)rmdir(other);
}

static void
open_to_all(void **state)
{
	(void)state;
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(store_open(folder, STORE_READ, &store, &diag),
	    ST_CONFIG);
	store_close(&store);
	assert_non_null(strstr(diag.text, "chmod o-w"));
	assert_int_equal(chmod(folder, 0755), 0);
}

static void
health(void **state)
{
	const struct { int64_t now; enum store_health want; } rows[] = {
		{ FX_NOW, STORE_FRESH },
		{ FX_NOW + 7 * FX_DAY, STORE_FRESH },
		{ FX_NOW + 7 * FX_DAY + 1, STORE_STALE },
		{ FX_NOW - CLOCK_SKEW, STORE_FRESH },
		{ FX_NOW - CLOCK_SKEW - 1, STORE_CLOCK },
		{ 0, STORE_CLOCK }, { INT64_C(4294967296), STORE_STALE },
	};
	struct trust_host h = { NULL, NULL };

	(void)state;
	assert_int_equal(store_open(folder, STORE_READ, &store, &diag), ST_OK);
	assert_int_equal(store_load(&store, &h, &diag), ST_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (store_health(&store, h.trust, rows[i].now) != rows[i].want)
			fail_msg("row %zu: %s", i, store_health_token(
			    store_health(&store, h.trust, rows[i].now)));
	trust_host_close(&h);
	store_close(&store);
}

int
main(void)
{
#define ROW(f) cmocka_unit_test_setup(f, fresh)
	const struct CMUnitTest tests[] = {
		ROW(first_and_again), ROW(newer_takes_its_place),
		ROW(older_never_does), ROW(older_beside_newer),
		ROW(signer_revoked), ROW(log_only_grows), ROW(log_begins_anew),
		ROW(root_succeeds), ROW(short_lists), ROW(nothing_comes_back),
		ROW(dated_ahead), ROW(thiefs_head), ROW(root_recovery),
		ROW(succession_alone), ROW(too_many_states), ROW(damaged),
		ROW(anchors), ROW(open_to_all), ROW(health),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
