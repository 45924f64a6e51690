/* The road of a card: an old register becomes a new one, and the tables hold
 * what custody.h and application.h promise, whoever asks. */
#include "tests/unit/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/register/application.h"
#include "issuer/register/custody.h"
#include "issuer/register/loss.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* A day after the last act of register-9.sql. */
#define NOW (INT64_C(1795553730) + WHEN_DAY)

struct bench {
	char path[64];
	struct reg *r;
	struct diag d;
};

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

/* SQL behind the register's back: what a mistaken program could try. */
static int
behind(struct bench *b, const char *sql)
{
	sqlite3 *db;
	int rc;

	assert_int_equal(sqlite3_open(b->path, &db), SQLITE_OK);
	(void)sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
	rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return rc & 0xff;
}

static int64_t
ask(struct bench *b, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *q;
	int64_t n;

	assert_int_equal(sqlite3_open(b->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return n;
}

/* The register that version 9 left, with two officers, two persons and two
 * cards: SJO000001 valid and printed, SJO000002 revoked. */
static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	char *sql = read_text("tests/unit/register-9.sql");
	sqlite3 *db;
	int fd;

	assert_non_null(b);
	(void)snprintf(b->path, sizeof(b->path), "/tmp/workXXXXXX");
	assert_true((fd = mkstemp(b->path)) >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(sqlite3_open(b->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	free(sql);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	reg_set_now(b->r, NOW);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	struct bench *b = *state;
	char path[80];

	reg_close(b->r);
	for (size_t i = 0; i < COUNT(ends); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", b->path, ends[i]);
		(void)unlink(path);
	}
	free(b);
	return 0;
}

static void
act_as(struct bench *b, const char *login)
{
	assert_int_equal(reg_act_as(b->r, login, &b->d), ST_OK);
}

/* Between begin and commit; a refusal is taken back. */
#define DO(b, want, call) do { \
	assert_int_equal(reg_begin((b)->r, &(b)->d), ST_OK); \
	enum status done_ = (call); \
	if (done_ == ST_OK) \
		assert_int_equal(reg_commit((b)->r, &(b)->d), ST_OK); \
	else \
		reg_rollback((b)->r); \
	assert_int_equal(done_, (want)); \
} while (0)

static void
test_migration(void **state)
{
	struct bench *b = *state;
	struct application a;

	assert_int_equal(reg_check(b->r, &b->d), ST_OK);
	assert_int_equal(reg_application(b->r, 2, &a, &b->d), ST_OK);
	assert_int_equal(a.person, 2);
	assert_string_equal(a.state, "issued");
	assert_string_equal(a.cause, "first");
	assert_string_equal(a.submitter, "ana");
	assert_string_equal(a.drafter, "ana");
	assert_string_equal(a.approver, "luis");
	assert_int_equal(a.issued, 1795553730);
	/* What hung on the table hangs on it again. */
	assert_int_equal(ask(b, "SELECT count(*) FROM sqlite_schema WHERE"
	    " type = 'index' AND tbl_name = 'application' AND name IN"
	    " ('application_open', 'application_state')"), 2);
	assert_int_equal(ask(b, "SELECT count(*) FROM sqlite_schema WHERE"
	    " type = 'trigger' AND tbl_name = 'application' AND name IN"
	    " ('application_begins', 'application_steps', 'application_fixed',"
	    " 'application_four_eyes', 'application_kept')"), 5);
	assert_int_equal(ask(b, "SELECT seq FROM sqlite_sequence"
	    " WHERE name = 'application'"), 2);
	assert_int_equal(behind(b, "DELETE FROM application"),
	    SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "UPDATE card SET application = 9"),
	    SQLITE_CONSTRAINT);
	assert_int_equal(ask(b, "SELECT count(*) FROM card WHERE"
	    " custody = 'printed' AND number = 'SJO000001'"), 1);
	assert_int_equal(ask(b, "SELECT count(*) FROM card WHERE"
	    " custody = 'issued' AND number = 'SJO000002'"), 1);
}

/* A card of no worth for an application: the register does not look into it. */
static void
issue(struct bench *b, int64_t application, struct card *c)
{
	struct application a;

	assert_int_equal(reg_application(b->r, application, &a, &b->d), ST_OK);
	memset(c, 0, sizeof(*c));
	c->application = application;
	c->person = a.person;
	c->issued = NOW;
	c->expires = NOW + 1000 * WHEN_DAY;
	c->token_len = 1;
	memcpy(c->qr, "X", 2);
	assert_int_equal(reg_person_photo(b->r, a.person, &c->photo, &b->d),
	    ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_card_reserve(b->r, c, &b->d), ST_OK);
	assert_int_equal(reg_card_add(b->r, c, &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
}

static void
replace(struct bench *b, const char *cause, const char *number,
    const char *early, struct card *c)
{
	struct application_request q = {
		.person = 1, .cause = cause, .replaces = number,
		.early = early
	};
	int64_t id;

	act_as(b, "ana");
	DO(b, ST_OK, reg_application_ask(b->r, &q, &id, &b->d));
	act_as(b, "luis");
	DO(b, ST_OK, reg_application_approve(b->r, id, &b->d));
	act_as(b, "ana");
	issue(b, id, c);
}

static void
status_is(struct bench *b, const char *number, enum card_status want)
{
	struct card c;

	assert_int_equal(reg_card(b->r, number, &c, &b->d), ST_OK);
	assert_int_equal(c.status, want);
}

static const struct handover holder = {
	.to = "ana lopez", .signature = "book 1"
};

/* A replacement that never left the office does not keep what it replaced. */
static void
test_chain(void **state)
{
	struct bench *b = *state;
	struct card second, third;
	struct person p;

	replace(b, "renewal", NULL, "travel", &second);
	assert_int_equal(reg_person(b->r, 1, &p, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_SURNAME2, "Soto", &b->d), ST_OK);
	DO(b, ST_OK, reg_person_edit(b->r, &p, NULL, &b->d));
	replace(b, "correction", second.number, NULL, &third);
	DO(b, ST_STATE, reg_card_handover(b->r, third.number, &holder, &b->d));
	DO(b, ST_OK, reg_card_printed(b->r, third.number, &b->d));
	status_is(b, "SJO000001", CARD_VALID);
	DO(b, ST_OK, reg_card_handover(b->r, third.number, &holder, &b->d));
	status_is(b, "SJO000001", CARD_REVOKED);
	status_is(b, second.number, CARD_REVOKED);
	status_is(b, third.number, CARD_VALID);
	assert_int_equal(ask(b, "SELECT count(*) FROM card WHERE reason ="
	    " 'replaced by SJO000004'"), 2);
	/* Both by acts in the history and the log. */
	assert_int_equal(ask(b, "SELECT count(*) FROM log_entry AS l JOIN"
	    " card_event AS e ON e.id = l.event WHERE e.reason = 'replaced by SJO000004'"),
	    2);
}

/* A spoiled print is printed anew: the same card under the same number. */
static void
test_spoiled(void **state)
{
	struct bench *b = *state;
	struct card_life l;

	act_as(b, "ana");
	DO(b, ST_STATE, reg_card_printed(b->r, "SJO000001", &b->d));
	DO(b, ST_OK, reg_card_reprinted(b->r, "SJO000001", "grey", &b->d));
	DO(b, ST_OK, reg_card_unprinted(b->r, "SJO000001", "torn", &b->d));
	DO(b, ST_STATE, reg_card_unprinted(b->r, "SJO000001", "torn", &b->d));
	DO(b, ST_OK, reg_card_printed(b->r, "SJO000001", &b->d));
	assert_int_equal(reg_card_life(b->r, 1, &l, &b->d), ST_OK);
	assert_int_equal(l.prints, 3);
	assert_string_equal(l.custody, "printed");
	assert_int_equal(ask(b, "SELECT count(*) FROM card"), 2);
	DO(b, ST_STATE, reg_card_printed(b->r, "SJO000002", &b->d));
}

static void
test_expired(void **state)
{
	struct bench *b = *state;
	struct application_request q = { .person = 1, .cause = "renewal" };
	int64_t id;

	act_as(b, "ana");
	reg_set_now(b->r, INT64_C(1953331199));	/* its last second */
	DO(b, ST_OK, reg_card_may_print(b->r, "SJO000001", true, &b->d));
	reg_set_now(b->r, INT64_C(1953331199) + 1);
	DO(b, ST_STATE, reg_card_may_print(b->r, "SJO000001", true, &b->d));
	DO(b, ST_STATE, reg_card_handover(b->r, "SJO000001", &holder, &b->d));
	assert_int_equal(behind(b, "INSERT INTO handover VALUES (1, 1953331200,"
	    " 1, 'x', 'holder', 0, '', 'x')"), SQLITE_CONSTRAINT);
	/* Expired, it is still what is renewed. */
	DO(b, ST_OK, reg_application_ask(b->r, &q, &id, &b->d));
}

static const struct {
	const char *why, *sql;
} forbidden[] = {
	{ "a destroyed card back",
	    "UPDATE card SET custody = 'destroyed' WHERE id = 2;"
	    "UPDATE card SET custody = 'issued' WHERE id = 2" },
	{ "a revoked card printed",
	    "UPDATE card SET custody = 'printed' WHERE id = 2" },
	{ "a valid card destroyed",
	    "UPDATE card SET custody = 'destroyed' WHERE id = 1" },
	{ "handed over to nobody",
	    "UPDATE card SET custody = 'handed-over' WHERE id = 1" },
	{ "a proxy without a document", "INSERT INTO handover VALUES"
	    " (1, 1795553731, 1, 'x', 'proxy', 1, '', 'x')" },
	{ "nothing signed", "INSERT INTO handover VALUES"
	    " (1, 1795553731, 1, 'x', 'holder', 0, '', '')" },
	{ "a revoked card handed over", "INSERT INTO handover VALUES"
	    " (2, 1795553731, 1, 'x', 'holder', 0, '', 'x')" },
	{ "a loss that revokes nothing", "INSERT INTO loss VALUES"
	    " (1, 1, 1, 'lost', '2026-11-20', 'x', '')" },
	{ "stolen without a report", "INSERT INTO loss VALUES"
	    " (2, 1, 1, 'stolen', '2026-11-20', 'x', '')" },
	{ "a first card that replaces one", "INSERT INTO application (kind,"
	    " person, state, created, submitter, cause, replaces) VALUES"
	    " ('individual', 2, 'draft', 1, 1, 'first', 2)" },
	{ "dropped without a reason", "INSERT INTO application (kind,"
	    " person, state, created, submitter) VALUES ('individual', 2,"
	    " 'draft', 1, 1); UPDATE application SET state = 'dropped'"
	    " WHERE state = 'draft'" },
	{ "submitted and dropped", "INSERT INTO application (kind,"
	    " person, state, created, submitter) VALUES ('individual', 2,"
	    " 'draft', 1, 1); UPDATE application SET state = 'submitted',"
	    " submitted = 1 WHERE state = 'draft'; UPDATE application SET"
	    " state = 'dropped', reason = 'x' WHERE state = 'submitted'" },
	{ "a stranger's card replaced", "INSERT INTO application (kind,"
	    " person, state, created, submitter, cause, replaces) VALUES"
	    " ('individual', 2, 'draft', 1, 1, 'damaged', 1);"
	    " UPDATE application SET state = 'submitted', submitted = 1"
	    " WHERE state = 'draft'" },
};

static void
test_tables(void **state)
{
	struct bench *b = *state;
	char sql[1024];

	for (size_t i = 0; i < COUNT(forbidden); i++) {
		(void)snprintf(sql, sizeof(sql), "BEGIN; %s; COMMIT",
		    forbidden[i].sql);
		if (behind(b, sql) != SQLITE_CONSTRAINT)
			fail_msg("%s", forbidden[i].why);
	}
	assert_int_equal(ask(b, "SELECT count(*) FROM application"), 2);
	assert_int_equal(reg_check(b->r, &b->d), ST_OK);
}

static void
test_loss(void **state)
{
	struct bench *b = *state;
	struct loss l = {
		.stolen = false, .date = "2026-11-25", .place = "Heredia"
	};
	struct application_request q = { .person = 1, .cause = "lost" };
	int64_t id;

	act_as(b, "ana");
	DO(b, ST_STATE, reg_application_ask(b->r, &q, &id, &b->d));
	DO(b, ST_OK, reg_card_lose(b->r, "SJO000001", &l, &b->d));
	status_is(b, "SJO000001", CARD_REVOKED);
	DO(b, ST_STATE, reg_card_lose(b->r, "SJO000001", &l, &b->d));
	DO(b, ST_STATE, reg_card_handover(b->r, "SJO000001", &holder, &b->d));
	q.cause = "stolen";
	DO(b, ST_STATE, reg_application_ask(b->r, &q, &id, &b->d));
	q.cause = "lost";
	DO(b, ST_OK, reg_application_ask(b->r, &q, &id, &b->d));
	assert_int_equal(ask(b, "SELECT replaces FROM application"
	    " ORDER BY id DESC LIMIT 1"), 1);
}

/* Only a change after the submission, and of those who are on the card. */
static void
test_changed(void **state)
{
	struct bench *b = *state;
	struct person p;
	int64_t id, other;

	act_as(b, "luis");
	assert_int_equal(reg_person(b->r, 2, &p, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_OCCUPATION, "baker", &b->d),
	    ST_OK);
	DO(b, ST_OK, reg_person_edit(b->r, &p, NULL, &b->d));
	act_as(b, "ana");
	DO(b, ST_OK, reg_application_submit(b->r, 2, false, &id, &b->d));
	act_as(b, "luis");
	assert_int_equal(reg_person(b->r, 1, &p, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_OCCUPATION, "baker", &b->d),
	    ST_OK);
	DO(b, ST_OK, reg_person_edit(b->r, &p, NULL, &b->d));
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_application_approve(b->r, id, &b->d), ST_OK);
	reg_rollback(b->r);
	assert_int_equal(reg_person(b->r, 2, &p, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_SECTOR, "food", &b->d), ST_OK);
	DO(b, ST_OK, reg_person_edit(b->r, &p, NULL, &b->d));
	DO(b, ST_PERMISSION, reg_application_approve(b->r, id, &b->d));
	assert_int_equal(behind(b, "UPDATE application SET state = 'approved',"
	    " approver = 2, decided = 1 WHERE state = 'submitted'"),
	    SQLITE_CONSTRAINT);
	DO(b, ST_OK, reg_application_refuse(b->r, id, "changed", &b->d));
	act_as(b, "ana");
	DO(b, ST_OK, reg_application_submit(b->r, 2, false, &other, &b->d));
	act_as(b, "luis");
	DO(b, ST_OK, reg_application_approve(b->r, other, &b->d));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_migration), T(test_chain), T(test_spoiled),
		T(test_expired), T(test_tables), T(test_loss), T(test_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
