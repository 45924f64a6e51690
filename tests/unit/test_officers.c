/* Officers: roles, districts, secrets, sessions, and the chain of the audit. */
#include "tests/unit/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/register/audit_chain.h"
#include "issuer/register/session.h"
#include "issuer/secret.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */
#define CLOCK (NOW + 777)		/* sessions go by another clock */

struct bench {
	char folder[32], path[64];
	struct reg *r;
	struct diag d;
	int64_t eva;
};

static const struct office office = {
	.state = "NIC", .code = "SJO", .country = "Nicaragua",
	.name = "Consulado", .address = "Avenida 7", .verify_at = "x",
	.district = "San José", .demo = true, .capacity = 16
};

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	(void)snprintf(b->folder, sizeof(b->folder), "/tmp/officersXXXXXX");
	assert_non_null(mkdtemp(b->folder));
	(void)snprintf(b->path, sizeof(b->path), "%s/r.cedula", b->folder);
	assert_int_equal(reg_create(b->path, &office, "ana", "Ana Ruiz",
	    OFFICER_MANAGER, NULL, NOW, &b->d), ST_OK);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	reg_set_now(b->r, NOW);
	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_officer_add(b->r, "eva", "Eva",
	    OFFICER_REGISTRAR | OFFICER_AUDITOR, &b->eva, &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;
	static const char *const names[] = { "r.cedula", "r.cedula-wal",
	    "r.cedula-shm", "key", "pass", "other" };
	char path[80];

	reg_close(b->r);
	for (size_t i = 0; i < COUNT(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", b->folder, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(b->folder);
	free(b);
	return 0;
}

static void
behind(struct bench *b, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(b->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
}

static void
commit(struct bench *b)
{
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
}

static void
begin(struct bench *b)
{
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
}

/* ---- roles and districts ------------------------------------------------ */

static void
test_roles(void **state)
{
	struct bench *b = *state;
	struct officer o;
	char text[OFFICER_ROLES_TEXT];

	assert_int_equal(officer_role("auditor"), OFFICER_AUDITOR);
	assert_int_equal(officer_role("consul"), 0);
	officer_roles_text(0, text);
	assert_string_equal(text, "");
	officer_roles_text(OFFICER_DESK | OFFICER_PROTECTION | OFFICER_AUDITOR,
	    text);
	assert_string_equal(text,
	    "registrar, approver, printer, manager, protection, auditor");
	assert_int_equal(reg_officer(b->r, "eva", &o, &b->d), ST_OK);
	assert_int_equal(o.roles, OFFICER_REGISTRAR | OFFICER_AUDITOR);
	assert_string_equal(o.office_code, "SJO");
	assert_false(o.has_secret);
	assert_int_equal(reg_officer(b->r, "zoe", &o, &b->d), ST_NOT_FOUND);
}

static const struct {
	const char *mine, *theirs;
	enum status want;
} districts[] = {
	{ "San José", "San José", ST_OK },
	{ "san jose", "SAN JOSÉ", ST_OK },
	{ "San José", "San", ST_PERMISSION },
	{ "San José", "", ST_PERMISSION },
	{ "東京", "東京", ST_OK },
	{ "東京", "大阪", ST_PERMISSION },
};

static void
test_districts(void **state)
{
	struct bench *b = *state;
	struct officer o;

	assert_int_equal(reg_officer(b->r, "eva", &o, &b->d), ST_OK);
	for (size_t i = 0; i < COUNT(districts); i++) {
		begin(b);
		o.districts_n = 2;
		(void)snprintf(o.district[0], REG_TEXT, "Elsewhere");
		(void)snprintf(o.district[1], REG_TEXT, "%s",
		    districts[i].mine);
		assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
		assert_int_equal(reg_officer_change(b->r, &o, CLOCK, NULL,
		    &b->d), ST_OK);
		assert_int_equal(reg_in_jurisdiction(b->r,
		    districts[i].theirs, &b->d), ST_OK);	/* ana: all */
		assert_int_equal(reg_act_as(b->r, "eva", &b->d), ST_OK);
		assert_int_equal(reg_in_jurisdiction(b->r,
		    districts[i].theirs, &b->d), districts[i].want);
		reg_rollback(b->r);
	}
}

/* The day that is the last is good to its last second. */
static void
test_until(void **state)
{
	struct bench *b = *state;
	struct officer o;

	assert_int_equal(reg_officer(b->r, "eva", &o, &b->d), ST_OK);
	(void)snprintf(o.until, sizeof(o.until), "2026-11-23");
	assert_int_equal(officer_in_time(&o, NOW + WHEN_DAY / 2 - 1, &b->d),
	    ST_OK);
	assert_int_equal(officer_in_time(&o, NOW + WHEN_DAY / 2, &b->d),
	    ST_PERMISSION);
	begin(b);
	assert_int_equal(reg_officer_change(b->r, &o, CLOCK, NULL, &b->d),
	    ST_OK);
	commit(b);
	reg_set_now(b->r, NOW + WHEN_DAY);
	assert_int_equal(reg_act_as(b->r, "eva", &b->d), ST_PERMISSION);
	reg_set_now(b->r, NOW);
}

/* ---- secrets ------------------------------------------------------------ */

static const char *
file(struct bench *b, const char *name, const char *text)
{
	static char path[3][80];
	static int at;
	FILE *f;

	at = (at + 1) % 3;
	(void)snprintf(path[at], sizeof(path[at]), "%s/%s", b->folder, name);
	if (text == NULL)
		return path[at];
	assert_non_null(f = fopen(path[at], "w"));
	assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
	assert_int_equal(chmod(path[at], 0600), 0);
	return path[at];
}

static bool
checks(struct bench *b, const struct secret_given *g, const struct secret *s)
{
	bool same = true;

	assert_int_equal(secret_check(g, "eva", s, &same, &b->d), ST_OK);
	return same;
}

static void
test_passphrase(void **state)
{
	struct bench *b = *state;
	struct secret_given right = { .passphrase_file =
	    file(b, "pass", "ñandú de río\nsecond line\n"),
	    .new_passphrase_file = right.passphrase_file };
	struct secret_given wrong = { .passphrase_file =
	    file(b, "other", "ñandú de rio\n") };
	struct secret_typed typed;
	struct secret one, two;

	assert_int_equal(secret_make(&right, "eva", NULL, &one, &b->d), ST_OK);
	assert_int_equal(secret_make(&right, "eva", NULL, &two, &b->d), ST_OK);
	assert_memory_not_equal(one.salt, two.salt, sizeof(one.salt));
	assert_memory_not_equal(one.verifier, two.verifier, 32);
	assert_true(checks(b, &right, &one));
	assert_true(checks(b, &right, &two));
	assert_false(checks(b, &wrong, &one));
	assert_false(checks(b, &right, NULL));
	one.salt[0] ^= 1;
	assert_false(checks(b, &right, &one));
	/* not the old one again */
	assert_int_equal(secret_read(&right, "eva", &typed, &b->d), ST_OK);
	assert_int_equal(secret_make(&right, "eva", &typed, &one, &b->d),
	    ST_PASSPHRASE);
	secret_forget(&typed);
	(void)file(b, "pass", "ñandúñand\n");	/* nine characters */
	assert_int_equal(secret_make(&right, "eva", NULL, &one, &b->d),
	    ST_PASSPHRASE);
}

/* scrypt as another program computes it; and parameters of the register's that are
 * out of all reason do not take the machine with them. */
static void
test_scrypt(void **state)
{
	struct bench *b = *state;
	/* Python: hashlib.scrypt(b"only for this test", salt=b"0123456789abcdef",
	 * n=16384, r=8, p=1, dklen=32, maxmem=1 << 26) */
	struct secret s = { .salt = { '0', '1', '2', '3', '4', '5', '6', '7',
	    '8', '9', 'a', 'b', 'c', 'd', 'e', 'f' }, .n = 16384, .r = 8,
	    .p = 1, .verifier = {
	    0x71, 0x1d, 0x31, 0x37, 0xd0, 0x49, 0x7d, 0x43,
	    0x7c, 0x7c, 0x1f, 0x3a, 0x95, 0xe2, 0x15, 0xbe,
	    0x40, 0xf5, 0x55, 0xa3, 0x52, 0xec, 0x95, 0x54,
	    0xd7, 0x16, 0x26, 0x9d, 0x7e, 0x17, 0x0e, 0x95 } };
	struct secret_given g = { .passphrase_file =
	    file(b, "pass", "only for this test\n") };
	bool same;

	assert_true(checks(b, &g, &s));
	s.n = INT64_C(1) << 40;
	assert_int_equal(secret_check(&g, "eva", &s, &same, &b->d),
	    ST_INTERNAL);
	assert_false(same);
	s.n = -1;
	assert_int_equal(secret_check(&g, "eva", &s, &same, &b->d),
	    ST_INTERNAL);
	s.n = 16385;			/* no power of two */
	assert_int_equal(secret_check(&g, "eva", &s, &same, &b->d),
	    ST_INTERNAL);
	s.n = 16384;
	s.p = 1 << 20;			/* for hours */
	assert_int_equal(secret_check(&g, "eva", &s, &same, &b->d),
	    ST_INTERNAL);
}

static void
test_key_file(void **state)
{
	struct bench *b = *state;
	const char *path = file(b, "key", NULL);
	struct secret_given g = { .key_file = path, .new_key_file = path };
	struct secret s;
	uint8_t key[SECRET_BYTES];
	struct stat sb;

	assert_int_equal(secret_make(&g, "eva", NULL, &s, &b->d), ST_OK);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_true(s.is_key && checks(b, &g, &s));
	s.is_key = false;
	assert_false(checks(b, &g, &s));
	/* never over another; not for others; not cut, not longer */
	assert_int_equal(secret_make(&g, "eva", NULL, &s, &b->d), ST_EXISTS);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(secret_file_read(path, "cedula officer key 1", key,
	    &b->d), ST_PERMISSION);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(secret_file_read(path, "cedula session 1", key,
	    &b->d), ST_DATA);
	assert_int_equal(truncate(path, sb.st_size - 1), 0);
	assert_int_equal(secret_file_read(path, "cedula officer key 1", key,
	    &b->d), ST_DATA);
	(void)file(b, "key", "cedula officer key 1\n");
	assert_int_equal(secret_file_read(path, "cedula officer key 1", key,
	    &b->d), ST_DATA);
	(void)file(b, "key", "");
	assert_int_equal(secret_file_read(path, "cedula officer key 1", key,
	    &b->d), ST_DATA);
}

/* ---- log-ins and sessions ----------------------------------------------- */

static void
give_secret(struct bench *b)
{
	struct secret s = { .is_key = true, .must_change = true };

	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	assert_int_equal(reg_secret_set(b->r, b->eva, &s, "officer.reset",
	    NULL, CLOCK, &b->d), ST_OK);
}

static enum status
failure(struct bench *b, int64_t clock)
{
	struct login l;
	enum status st;

	assert_int_equal(reg_login(b->r, "eva", &l, &b->d), ST_OK);
	st = reg_login_attempt(b->r, &l, clock, &b->d);
	return st != ST_OK ? st : reg_login_failed(b->r, &l, clock, &b->d);
}

static enum status
log_in(struct bench *b, int64_t clock)
{
	struct login l;
	enum status st;

	assert_int_equal(reg_login(b->r, "eva", &l, &b->d), ST_OK);
	st = reg_login_attempt(b->r, &l, clock, &b->d);
	return st != ST_OK ? st : reg_login_begin(b->r, &l, clock, &b->d);
}

static void
test_lock(void **state)
{
	struct bench *b = *state;
	struct login before;

	begin(b);
	give_secret(b);
	assert_int_equal(reg_login(b->r, "eva", &before, &b->d), ST_OK);
	assert_true(before.has_secret && before.secret.must_change);
	for (int round = 0; round < 2; round++) {
		for (int i = 1; i < LOGIN_FAILURES; i++)
			assert_int_equal(failure(b, CLOCK), ST_PASSPHRASE);
		/* the right one in between counts from the beginning */
		if (round == 0)
			assert_int_equal(log_in(b, CLOCK), ST_OK);
	}
	assert_int_equal(failure(b, CLOCK), ST_PERMISSION);
	/* who was computing scrypt meanwhile comes too late, right or wrong */
	assert_int_equal(reg_login_begin(b->r, &before, CLOCK, &b->d),
	    ST_PERMISSION);
	assert_int_equal(failure(b, CLOCK), ST_PERMISSION);
	assert_int_equal(log_in(b, CLOCK + LOGIN_LOCK_SECONDS - 1),
	    ST_PERMISSION);
	/* a clock that was ahead locks nobody for a year */
	assert_int_equal(log_in(b, CLOCK - WHEN_DAY), ST_OK);
	for (int i = 1; i <= LOGIN_FAILURES; i++)
		(void)failure(b, CLOCK);
	assert_int_equal(log_in(b, CLOCK), ST_PERMISSION);
	assert_int_equal(log_in(b, CLOCK + LOGIN_LOCK_SECONDS), ST_OK);
	for (int i = 1; i <= LOGIN_FAILURES; i++)
		(void)failure(b, CLOCK);
	give_secret(b);
	assert_int_equal(log_in(b, CLOCK), ST_OK);
	/* the secret that was proved is no longer the secret */
	before.secret.verifier[0] ^= 1;
	assert_int_equal(reg_login_begin(b->r, &before, CLOCK, &b->d),
	    ST_STATE);
	reg_rollback(b->r);
}

/* All begin with no failure at all; only as many are answered. */
static void
test_at_once(void **state)
{
	struct bench *b = *state;
	struct login l[2 * LOGIN_FAILURES];

	begin(b);
	give_secret(b);
	for (int i = 0; i < 2 * LOGIN_FAILURES; i++)
		assert_int_equal(reg_login(b->r, "eva", &l[i], &b->d), ST_OK);
	for (int i = 0; i < 2 * LOGIN_FAILURES; i++)
		assert_int_equal(reg_login_attempt(b->r, &l[i], CLOCK, &b->d),
		    i < LOGIN_FAILURES ? ST_OK : ST_PERMISSION);
	assert_int_equal(reg_login_failed(b->r, &l[0], CLOCK, &b->d),
	    ST_PERMISSION);
	assert_int_equal(reg_login_begin(b->r, &l[LOGIN_FAILURES], CLOCK,
	    &b->d), ST_PERMISSION);
	/* one that was counted may be the right one, the last too */
	assert_true(l[LOGIN_FAILURES - 1].locks);
	assert_int_equal(reg_login_begin(b->r, &l[LOGIN_FAILURES - 1], CLOCK,
	    &b->d), ST_OK);
	assert_int_equal(log_in(b, CLOCK), ST_OK);
	/* counted for another secret */
	l[0].secret.verifier[0] ^= 1;
	assert_int_equal(reg_login_attempt(b->r, &l[0], CLOCK, &b->d),
	    ST_STATE);
	reg_rollback(b->r);
}

static bool
acts(struct bench *b, const char *login, const uint8_t token[32],
    int64_t clock)
{
	unsigned roles;
	bool valid;

	assert_int_equal(reg_session_act(b->r, login, token, clock, &valid,
	    &roles, &b->d), ST_OK);
	assert_int_equal(roles != 0, valid);
	return valid;
}

static void
test_session(void **state)
{
	struct bench *b = *state;
	uint8_t token[32] = { 7 }, other[32] = { 8 };
	struct officer o;
	int64_t expires;
	bool closed, valid;
	unsigned roles;

	begin(b);
	give_secret(b);
	assert_int_equal(log_in(b, CLOCK), ST_OK);
	assert_int_equal(reg_session_open(b->r, token, "vm", CLOCK, &expires,
	    &b->d), ST_OK);
	assert_int_equal(expires, CLOCK + SESSION_SECONDS);
	assert_int_not_equal(reg_session_open(b->r, token, "vm", CLOCK,
	    &expires, &b->d), ST_OK);
	assert_true(acts(b, "eva", token, CLOCK));
	assert_true(acts(b, "eva", token, CLOCK + SESSION_SECONDS - 1));
	assert_false(acts(b, "eva", token, CLOCK + SESSION_SECONDS));
	assert_true(acts(b, "eva", token, CLOCK - 300));
	assert_false(acts(b, "eva", token, CLOCK - 301));
	assert_false(acts(b, "ana", token, CLOCK));
	assert_false(acts(b, "eva", other, CLOCK));
	/* a new secret ends the others' sessions, not one's own */
	assert_int_equal(reg_session_open(b->r, other, "vm", CLOCK, &expires,
	    &b->d), ST_OK);
	assert_int_equal(reg_secret_set(b->r, b->eva, &(struct secret){
	    .is_key = true }, "officer.secret", token, CLOCK, &b->d), ST_OK);
	assert_true(acts(b, "eva", token, CLOCK));
	assert_false(acts(b, "eva", other, CLOCK));
	assert_int_equal(reg_session_close(b->r, token, CLOCK, &closed, &b->d),
	    ST_OK);
	assert_true(closed && !acts(b, "eva", token, CLOCK));
	assert_int_equal(reg_session_close(b->r, token, CLOCK, &closed, &b->d),
	    ST_OK);
	assert_false(closed);
	/* deactivated: the session is closed, and would not help */
	other[0]++;
	assert_int_equal(reg_session_open(b->r, other, "vm", CLOCK, &expires,
	    &b->d), ST_OK);
	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	assert_int_equal(reg_officer(b->r, "eva", &o, &b->d), ST_OK);
	o.active = false;
	assert_int_equal(reg_officer_change(b->r, &o, CLOCK, NULL, &b->d),
	    ST_OK);
	assert_int_equal(reg_session_act(b->r, "eva", other, CLOCK, &valid,
	    &roles, &b->d), ST_OK);
	assert_false(valid);
	reg_rollback(b->r);
}

/* ---- the audit's chain -------------------------------------------------- */

static const struct {
	const char *why, *sql;
	int64_t first_bad;
} broken[] = {
	{ "details", "UPDATE audit SET details = details || ' ' WHERE id = 2", 2 },
	{ "action", "UPDATE audit SET action = 'x' WHERE id = 1", 1 },
	{ "moment", "UPDATE audit SET at = at - 1 WHERE id = 3", 3 },
	{ "a letter from one column to the next", "UPDATE audit SET"
	    " action = action || substr(object, 1, 1),"
	    " object = substr(object, 2) WHERE id = 2", 2 },
	{ "digest", "UPDATE audit SET hash = zeroblob(32) WHERE id = 4", 4 },
	{ "removed", "DELETE FROM audit WHERE id = 2", 3 },
	{ "the last removed", "DELETE FROM audit WHERE id = 5", 5 },
	{ "all removed", "DELETE FROM audit", 1 },
	{ "numbered anew", "UPDATE audit SET id = 50 WHERE id = 5", 50 },
};

static void
test_chain(void **state)
{
	struct bench *b = *state;
	struct audit_head head;
	int64_t bad;

	begin(b);
	for (int i = 0; i < 3; i++)
		assert_int_equal(reg_audit(b->r, "test.act", "thing 1",
		    i == 1 ? "" : "línea", &b->d), ST_OK);
	commit(b);
	assert_int_equal(reg_audit_check(b->r, &bad, &b->d), ST_OK);
	assert_int_equal(bad, 0);
	assert_int_equal(reg_audit_walk(b->r, &head, &bad, &b->d), ST_OK);
	assert_true(head.id == 5 && head.acts == 5);
	behind(b, "CREATE TABLE kept AS SELECT * FROM audit;"
	    "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;"
	    "DROP TRIGGER audit_in_order");
	for (size_t i = 0; i < COUNT(broken); i++) {
		behind(b, broken[i].sql);
		if (reg_audit_check(b->r, &bad, &b->d) != ST_DATA ||
		    bad != broken[i].first_bad)
			fail_msg("%s: %lld", broken[i].why, (long long)bad);
		behind(b, "DELETE FROM audit; INSERT INTO audit"
		    " SELECT * FROM kept;"
		    "UPDATE sqlite_sequence SET seq = 5 WHERE name = 'audit'");
		assert_int_equal(reg_audit_check(b->r, &bad, &b->d), ST_OK);
	}
}

/* What is digested, so that another program can: SHA-256 over
 * "cedula-audit-1" and a NUL, the digest before, three numbers of 8 bytes, and
 * login, action, object, details, each after its length in 8 bytes. */
static void
test_chain_bytes(void **state)
{
	struct bench *b = *state;
	static const uint8_t want[] = {
		0x9a, 0x47, 0x76, 0x03, 0xc9, 0xdf, 0x12, 0x83,
		0x44, 0xba, 0x29, 0xc7, 0x8e, 0x05, 0x01, 0x38,
		0x14, 0x5d, 0xdc, 0x79, 0x00, 0x7f, 0xb1, 0x1b,
		0x00, 0x4e, 0x40, 0x46, 0xcf, 0x8c, 0x2e, 0x5b };
	uint8_t got[AUDIT_HASH];

	assert_int_equal(reg_audit_hash(b->r, 1, got, &b->d), ST_OK);
	assert_memory_equal(got, want, sizeof(want));
	assert_int_equal(reg_audit_hash(b->r, 3, got, &b->d), ST_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(test_roles), T(test_districts), T(test_until),
		T(test_passphrase), T(test_scrypt), T(test_key_file),
		T(test_lock), T(test_at_once), T(test_session), T(test_chain),
		T(test_chain_bytes),
#undef T
	};

	return cmocka_run_group_tests_name("officers", tests, NULL, NULL);
}
