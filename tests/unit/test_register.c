/* The register: its rules hold by themselves, whoever asks. */
#include "tests/unit/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/register/officer.h"
#include "issuer/register/register.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */

struct bench {
	char folder[32], path[64];
	struct reg *r;
	struct diag d;
};

static const struct office office = {
	.state = "NIC", .code = "SJO", .country = "Nicaragua",
	.name = "Consulado", .address = "Avenida 7\nSan José",
	.verify_at = "verificar.example", .district = "San José",
	.demo = true, .capacity = 16
};

static void
act_as(struct bench *b, const char *login)
{
	assert_int_equal(reg_act_as(b->r, login, &b->d), ST_OK);
}

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	int64_t id;

	assert_non_null(b);
	(void)snprintf(b->folder, sizeof(b->folder), "/tmp/registerXXXXXX");
	assert_non_null(mkdtemp(b->folder));
	(void)snprintf(b->path, sizeof(b->path), "%s/r.cedula", b->folder);
	assert_int_equal(reg_create(b->path, &office, "ana", "Ana Ruiz",
	    OFFICER_DESK, NULL, NOW, &b->d), ST_OK);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	reg_set_now(b->r, NOW);
	act_as(b, "ana");
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_officer_add(b->r, "luis", "Luis Peña",
	    OFFICER_DESK, &id, &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[80];

	reg_close(b->r);
	for (size_t i = 0; i < COUNT(ends); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", b->path, ends[i]);
		(void)unlink(path);
	}
	(void)rmdir(b->folder);
	free(b);
	return 0;
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

static void
someone(struct person *p, const char *given, const char *surname)
{
	struct diag d;

	memset(p, 0, sizeof(*p));
	assert_int_equal(person_set(p, PERSON_GIVEN, given, &d), ST_OK);
	assert_int_equal(person_set(p, PERSON_SURNAME1, surname, &d), ST_OK);
	assert_int_equal(person_set(p, PERSON_SEX, "F", &d), ST_OK);
	assert_int_equal(person_set(p, PERSON_BIRTH_DATE, "1990-02-28", &d),
	    ST_OK);
	assert_int_equal(person_set(p, PERSON_NATIONALITY, "NIC", &d), ST_OK);
	assert_int_equal(person_set(p, PERSON_CONSENT, "2026-11-01", &d),
	    ST_OK);
}

static int64_t
enrol(struct bench *b, const char *given, const char *surname)
{
	struct person p;

	someone(&p, given, surname);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_person_add(b->r, &p, bytes_text("a picture"),
	    &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	return p.id;
}

static int64_t
approved(struct bench *b, int64_t person)
{
	int64_t id;

	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_application_submit(b->r, person, false, &id,
	    &b->d), ST_OK);
	act_as(b, "luis");
	assert_int_equal(reg_application_approve(b->r, id, &b->d), ST_OK);
	act_as(b, "ana");
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	return id;
}

/* A card with a token of no worth: the register does not look into it. */
static enum status
add_card(struct bench *b, int64_t person, struct card *c)
{
	enum status st;

	memset(c, 0, sizeof(*c));
	c->application = approved(b, person);
	c->person = person;
	c->issued = NOW;
	c->expires = NOW + WHEN_DAY;
	c->token_len = 1;
	memcpy(c->qr, "X", 2);
	assert_int_equal(reg_person_photo(b->r, person, &c->photo, &b->d),
	    ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	if ((st = reg_card_reserve(b->r, c, &b->d)) == ST_OK &&
	    (st = reg_card_add(b->r, c, &b->d)) == ST_OK)
		st = reg_commit(b->r, &b->d);
	else
		reg_rollback(b->r);
	return st;
}

static void
test_open(void **state)
{
	struct bench *b = *state;
	struct reg *r = NULL;
	struct stat sb;
	char none[80], back[48];
	int64_t version = ask(b, "PRAGMA user_version");

	assert_int_equal(stat(b->path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_int_equal(reg_check(b->r, &b->d), ST_OK);
	assert_true(version >= 10);	/* a line of the schema each */
	(void)snprintf(none, sizeof(none), "%s/none", b->folder);
	assert_int_equal(reg_open(none, &r, &b->d), ST_NOT_FOUND);
	assert_null(r);
	assert_int_equal(reg_create(b->path, &office, "ana", "Ana",
	    OFFICER_DESK, NULL, NOW, &b->d), ST_EXISTS);
	/* A newer register is left alone. */
	assert_int_equal(behind(b, "PRAGMA user_version = 99"), SQLITE_OK);
	assert_int_equal(reg_open(b->path, &r, &b->d), ST_CONFIG);
	(void)snprintf(back, sizeof(back), "PRAGMA user_version = %d",
	    (int)version);
	assert_int_equal(behind(b, back), SQLITE_OK);
	/* A file of something else too. */
	assert_int_equal(behind(b, "PRAGMA application_id = 7"), SQLITE_OK);
	assert_int_equal(reg_open(b->path, &r, &b->d), ST_DATA);
}

static void
test_office(void **state)
{
	struct bench *b = *state;
	struct office o = office, got;

	assert_int_equal(reg_office(b->r, &got, &b->d), ST_OK);
	assert_string_equal(got.address, office.address);
	assert_int_equal(got.capacity, 16);
	memcpy(o.code, "sjo", 4);
	assert_int_equal(office_check(&o, &b->d), ST_DATA);
	o = office;
	o.capacity = 17;
	assert_int_equal(office_check(&o, &b->d), ST_DATA);
	o = office;
	memcpy(o.name, "a\x1b[1m", 6);
	assert_int_equal(office_check(&o, &b->d), ST_DATA);
	/* Nothing is left of a register that could not be made. */
	o = office;
	o.country[0] = '\0';
	(void)unlink("/tmp/register-none");
	assert_int_equal(reg_create("/tmp/register-none", &o, "ana", "Ana",
	    OFFICER_DESK, NULL, NOW, &b->d), ST_DATA);
	assert_int_equal(reg_create("/tmp/register-none", &office, "a b",
	    "Ana", OFFICER_DESK, NULL, NOW, &b->d), ST_DATA);
	assert_int_equal(reg_create("/tmp/register-none", &office, "ana",
	    "Ana", OFFICER_APPROVER, NULL, NOW, &b->d), ST_USAGE);
	assert_int_not_equal(access("/tmp/register-none", F_OK), 0);
}

static const struct {
	const char *why;
	enum person_field field;
	const char *value;
	enum status want;
} values[] = {
	{ "plain", PERSON_GIVEN, "Ana María", ST_OK },
	{ "spaces around go", PERSON_GIVEN, "  Ana  ", ST_OK },
	{ "a terminal escape", PERSON_GIVEN, "Ana\x1b[31m", ST_DATA },
	{ "a line break", PERSON_ADDRESS, "calle\n7", ST_DATA },
	{ "bidirectional override", PERSON_GIVEN, "\xe2\x80\xae" "ana", ST_DATA },
	{ "broken UTF-8", PERSON_GIVEN, "\xc3", ST_DATA },
	{ "61 letters", PERSON_GIVEN, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaa", ST_DATA },
	{ "sex", PERSON_SEX, "X", ST_OK },
	{ "sex in words", PERSON_SEX, "female", ST_DATA },
	{ "small letter", PERSON_SEX, "f", ST_DATA },
	{ "nationality", PERSON_NATIONALITY, "SLV", ST_OK },
	{ "two letters", PERSON_NATIONALITY, "NI", ST_DATA },
	{ "small letters", PERSON_NATIONALITY, "nic", ST_DATA },
	{ "telephone", PERSON_TELEPHONE, "+506 2222 3333", ST_OK },
	{ "no country", PERSON_TELEPHONE, "2222 3333", ST_DATA },
	{ "two spaces", PERSON_TELEPHONE, "+506  22223333", ST_DATA },
	{ "too short", PERSON_TELEPHONE, "+5 0", ST_DATA },
	{ "a date", PERSON_BIRTH_DATE, "19900228", ST_OK },
	{ "no such day", PERSON_BIRTH_DATE, "1990-02-30", ST_DATA },
	{ "another order", PERSON_BIRTH_DATE, "28/02/1990", ST_DATA },
};

static void
test_values(void **state)
{
	struct person p, before;
	struct diag d;

	(void)state;
	someone(&p, "Ana", "López");
	for (size_t i = 0; i < COUNT(values); i++) {
		enum status st;

		before = p;
		st = person_set(&p, values[i].field, values[i].value, &d);
		if (st != values[i].want)
			fail_msg("%s: %s", values[i].why, status_token(st));
		if (st != ST_OK)
			assert_memory_equal(&p, &before, sizeof(p));
	}
	assert_string_equal(p.field[PERSON_GIVEN], "Ana");
	assert_string_equal(p.field[PERSON_BIRTH_DATE], "1990-02-28");
}

static const struct {
	const char *why;
	enum person_field field;
	const char *value;
	enum status want;
} persons[] = {
	{ "complete", PERSON_GIVEN, "Ana", ST_OK },
	{ "one name is enough", PERSON_GIVEN, "", ST_OK },
	{ "born today", PERSON_BIRTH_DATE, "2026-11-23", ST_DATA },
	{ "born tomorrow", PERSON_BIRTH_DATE, "2026-11-24", ST_DATA },
	{ "born too long ago", PERSON_BIRTH_DATE, "1879-12-31", ST_DATA },
	{ "oldest", PERSON_BIRTH_DATE, "1880-01-01", ST_OK },
	{ "no birth", PERSON_BIRTH_DATE, "", ST_DATA },
	{ "no consent", PERSON_CONSENT, "", ST_DATA },
	{ "consent to come", PERSON_CONSENT, "2026-11-24", ST_DATA },
	{ "no sex", PERSON_SEX, "", ST_DATA },
	{ "no nationality", PERSON_NATIONALITY, "", ST_DATA },
};

static void
test_persons(void **state)
{
	struct date today = { 2026, 11, 23 };
	struct person p;
	struct diag d;

	(void)state;
	for (size_t i = 0; i < COUNT(persons); i++) {
		enum status st;

		someone(&p, "Ana", "López");
		assert_int_equal(person_set(&p, persons[i].field,
		    persons[i].value, &d), ST_OK);
		st = person_check(&p, today, &d);
		if (st != persons[i].want)
			fail_msg("%s: %s", persons[i].why, status_token(st));
	}
	someone(&p, "", "");
	assert_int_equal(person_check(&p, today, &d), ST_DATA);
	/* A name that no machine readable zone can hold. */
	someone(&p, "\xe6\xbc\xa2", "");
	assert_int_equal(person_check(&p, today, &d), ST_DATA);
}

static enum status
count(void *arg, const struct person *p)
{
	size_t *n = arg;

	assert_true(p->id > 0);
	++*n;
	return ST_OK;
}

static void
test_find(void **state)
{
	static const struct {
		const char *text;
		size_t want;
	} cases[] = {
		{ "lopez", 2 }, { "LÓPEZ", 2 }, { "ana", 1 },
		{ "lópez ana", 1 }, { "an lo", 1 }, { "opez", 0 },
		{ "ana eva", 0 }, { "lukasz", 1 }, { "ŁUKASZ", 1 },
		{ "aguero", 1 }, { "agueero", 1 }, { "agüero zoé", 1 },
	};
	struct bench *b = *state;

	(void)enrol(b, "Ana María", "López");
	(void)enrol(b, "Eva", "Lopez");
	(void)enrol(b, "Łukasz", "Nowak");
	(void)enrol(b, "Zoë", "Agüero");
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = 0;

		assert_int_equal(reg_person_find(b->r, cases[i].text, count,
		    &n, &b->d), ST_OK);
		if (n != cases[i].want)
			fail_msg("%s: %zu", cases[i].text, n);
	}
	assert_int_equal(reg_person_find(b->r, " - ", count, NULL, &b->d),
	    ST_DATA);
}

static void
test_edit(void **state)
{
	struct bench *b = *state;
	int64_t id = enrol(b, "Ana", "López");
	struct person p;
	size_t n = 0;

	assert_int_equal(reg_person(b->r, id, &p, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_SURNAME1, "Díaz", &b->d), ST_OK);
	/* Outside a transaction nothing is changed. */
	assert_int_equal(reg_person_edit(b->r, &p, &n, &b->d), ST_INTERNAL);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_person_edit(b->r, &p, &n, &b->d), ST_OK);
	assert_int_equal(n, 1);
	assert_int_equal(reg_person_edit(b->r, &p, &n, &b->d), ST_OK);
	assert_int_equal(n, 0);
	assert_int_equal(reg_person_set_photo(b->r, id, bytes_text("new"),
	    &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(ask(b, "SELECT count(*) FROM audit WHERE action ="
	    " 'person.edit' AND object = 'person 1' AND details ="
	    " '{\"surname1\":{\"before\":\"López\",\"after\":\"Díaz\"}}'"), 1);
	assert_int_equal(ask(b, "SELECT count(*) FROM photo"), 2);
	n = 0;
	assert_int_equal(reg_person_find(b->r, "diaz", count, &n, &b->d),
	    ST_OK);
	assert_int_equal(n, 1);
	assert_int_equal(reg_person_find(b->r, "lopez", count, &n, &b->d),
	    ST_OK);
	assert_int_equal(n, 1);
}

static void
test_household(void **state)
{
	struct bench *b = *state;
	struct household h = { .head = 1, .members_n = 1,
		.member = { { 2, REL_SPOUSE } } }, got, bad;
	enum relationship rel;

	(void)enrol(b, "Ana", "López");
	(void)enrol(b, "Luis", "Núñez");
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_household_add(b->r, &h, &b->d), ST_OK);
	assert_int_equal(reg_household_of(b->r, 1, &got, &b->d), ST_OK);
	assert_int_equal(got.member[0].relationship, REL_SPOUSE);
	bad = h;
	assert_int_equal(reg_household_add(b->r, &bad, &b->d), ST_EXISTS);
	bad.head = 2;
	assert_int_equal(reg_household_add(b->r, &bad, &b->d), ST_DATA);
	bad.member[0].person = 77;
	assert_int_equal(reg_household_add(b->r, &bad, &b->d), ST_NOT_FOUND);
	reg_rollback(b->r);
	assert_int_equal(reg_household(b->r, 1, &got, &b->d), ST_NOT_FOUND);
	assert_true(relationship_parse("ward", &rel));
	assert_int_equal(rel, REL_WARD);
	assert_false(relationship_parse("cousin", &rel));
}

static void
test_four_eyes(void **state)
{
	struct bench *b = *state;
	int64_t person = enrol(b, "Ana", "López"), id;
	struct application a;

	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	act_as(b, "luis");
	assert_int_equal(reg_application_submit(b->r, person, false, &id,
	    &b->d), ST_OK);
	/* Who submitted it, and who enrolled her. */
	assert_int_equal(reg_application_approve(b->r, id, &b->d),
	    ST_PERMISSION);
	act_as(b, "ana");
	assert_int_equal(reg_application_approve(b->r, id, &b->d),
	    ST_PERMISSION);
	assert_int_equal(reg_application_refuse(b->r, id, "no", &b->d),
	    ST_PERMISSION);
	assert_int_equal(reg_application(b->r, id, &a, &b->d), ST_OK);
	assert_string_equal(a.state, "submitted");
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	/* The tables refuse it by themselves. */
	assert_int_equal(behind(b, "UPDATE application SET state = 'approved',"
	    " approver = 2"), SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "UPDATE application SET state = 'approved',"
	    " approver = 1"), SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "UPDATE application SET state = 'approved'"),
	    SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "UPDATE application SET state = 'issued',"
	    " approver = 1"), SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "UPDATE application SET submitter = 1"),
	    SQLITE_CONSTRAINT);
}

/* What the second pair of eyes saw is what is issued. */
static void
test_approved(void **state)
{
	struct bench *b = *state;
	int64_t person = enrol(b, "Ana", "López"), id = approved(b, person);
	struct person p;
	size_t n;

	assert_int_equal(reg_person(b->r, person, &p, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_TELEPHONE, "+506 2222 3333",
	    &b->d), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_person_edit(b->r, &p, &n, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_GIVEN, "Eva", &b->d), ST_OK);
	assert_int_equal(reg_person_edit(b->r, &p, &n, &b->d), ST_STATE);
	assert_int_equal(reg_person_set_photo(b->r, person, bytes_text("eva"),
	    &b->d), ST_STATE);
	assert_int_equal(reg_application_refuse(b->r, id, "name", &b->d),
	    ST_PERMISSION);
	act_as(b, "luis");
	assert_int_equal(reg_application_refuse(b->r, id, "name", &b->d),
	    ST_OK);
	assert_int_equal(reg_application_approve(b->r, id, &b->d), ST_STATE);
	assert_int_equal(reg_person_edit(b->r, &p, &n, &b->d), ST_OK);
	reg_rollback(b->r);
	assert_int_equal(behind(b, "UPDATE person SET given = 'Eva'"),
	    SQLITE_CONSTRAINT);
}

static const struct {
	const char *why, *sql;
} forbidden[] = {
	{ "audit changed", "UPDATE audit SET details = ''" },
	{ "audit taken away", "DELETE FROM audit" },
	{ "history changed", "UPDATE card_event SET event = ''" },
	{ "history taken away", "DELETE FROM card_event" },
	{ "number counter back", "UPDATE number_counter SET next = 1" },
	{ "number counter gone", "DELETE FROM number_counter" },
	{ "card renumbered", "UPDATE card SET number = 'SJO000009'" },
	{ "card moved in its list", "UPDATE card SET idx = 15 - idx" },
	{ "token replaced", "UPDATE card SET token = x'00'" },
	{ "card gone", "DELETE FROM card" },
	{ "application gone", "DELETE FROM application" },
	{ "revoked card again valid", "UPDATE card SET status = 'valid'" },
	{ "a second office", "INSERT INTO office SELECT 2, state, code, country,"
	    " name, address, verify_at, district, colour, demo, capacity,"
	    " created FROM office" },
	{ "person without birth", "UPDATE person SET birth_date = ''" },
	{ "no such day", "UPDATE person SET birth_date = '2001-02-30'" },
	{ "text where a number goes", "UPDATE person SET enrolled = 'x'" },
	{ "a card for nothing", "INSERT INTO card (number, application, person,"
	    " photo, kind, list, idx, issued, expires, kid, token, qr, officer)"
	    " SELECT 'SJO000002', 2, person, photo, kind, list, 15 - idx,"
	    " issued, expires, kid, token, qr, officer FROM card" },
	{ "a person with cards gone", "DELETE FROM person" },
};

static void
test_constraints(void **state)
{
	struct bench *b = *state;
	struct card c;

	assert_int_equal(add_card(b, enrol(b, "Ana", "López"), &c), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_card_set_status(b->r, c.number, CARD_REVOKED,
	    "lost", &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	for (size_t i = 0; i < COUNT(forbidden); i++)
		if (behind(b, forbidden[i].sql) != SQLITE_CONSTRAINT)
			fail_msg("%s", forbidden[i].why);
	assert_int_equal(reg_check(b->r, &b->d), ST_OK);
}

static void
test_status(void **state)
{
	struct bench *b = *state;
	struct card c;
	enum status st;

	assert_int_equal(add_card(b, enrol(b, "Ana", "López"), &c), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_card_set_status(b->r, c.number, CARD_VALID,
	    "why", &b->d), ST_STATE);
	assert_int_equal(reg_card_set_status(b->r, c.number, CARD_SUSPENDED,
	    "", &b->d), ST_DATA);
	assert_int_equal(reg_card_set_status(b->r, c.number, CARD_SUSPENDED,
	    "stolen", &b->d), ST_OK);
	assert_int_equal(reg_card_set_status(b->r, c.number, CARD_VALID,
	    "found", &b->d), ST_OK);
	assert_int_equal(reg_card_set_status(b->r, c.number, CARD_REVOKED,
	    "lost", &b->d), ST_OK);
	st = reg_card_set_status(b->r, c.number, CARD_VALID, "no", &b->d);
	assert_int_equal(st, ST_STATE);
	assert_int_equal(reg_card_set_status(b->r, "SJO000077", CARD_REVOKED,
	    "no", &b->d), ST_NOT_FOUND);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(ask(b, "SELECT count(*) FROM card_event"), 4);
}

/* Numbers and places: sequential, random, never twice; a rolled back one is
 * free again; the list bits say what the cards are. */
static void
test_never_twice(void **state)
{
	struct bench *b = *state;
	struct card c;
	uint8_t *raw;
	size_t len;
	uint32_t lists;
	char number[REG_NUMBER];

	for (int i = 1; i <= 20; i++) {
		char name[3] = { 'A', (char)('a' + i), '\0' };

		if (i == 10) {
			assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
			assert_int_equal(reg_card_reserve(b->r, &c, &b->d),
			    ST_OK);
			reg_rollback(b->r);
		}
		assert_int_equal(add_card(b, enrol(b, name, "López"), &c),
		    ST_OK);
		(void)snprintf(number, sizeof(number), "SJO%06d", i);
		assert_string_equal(c.number, number);
		assert_true(c.index < 16);
		/* 16 places: the next list opens when 15 are used. */
		assert_int_equal(c.list, i <= 15 ? 1 : 2);
	}
	assert_int_equal(reg_lists(b->r, &lists, &b->d), ST_OK);
	assert_int_equal(lists, 2);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_card_set_status(b->r, c.number, CARD_SUSPENDED,
	    "stolen", &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(reg_list_raw(b->r, 2, &raw, &len, &b->d), ST_OK);
	assert_int_equal(len, 4);
	for (uint64_t i = 0, never = 0; i < 16; i++) {
		struct statuslist l = { .bits = 2,
			.list = bytes_from(raw, len) };
		unsigned value;

		assert_true(statuslist_get(&l, i, &value));
		never += value == CARD_NEVER_ISSUED;
		if (i == c.index)
			assert_int_equal(value, CARD_SUSPENDED);
		if (i == 15)
			assert_int_equal(never, 11);
	}
	free(raw);
	assert_int_equal(reg_list_raw(b->r, 3, &raw, &len, &b->d),
	    ST_NOT_FOUND);
}

/* A list made smaller behind the program's back: nothing is written outside
 * what it then has, and the card is named. */
static void
test_list_outside(void **state)
{
	struct bench *b = *state;
	struct card c;
	uint8_t *raw;
	size_t len;

	do
		assert_int_equal(add_card(b, enrol(b, "Ana", "López"), &c),
		    ST_OK);
	while (c.index < 8);
	assert_int_not_equal(behind(b, "UPDATE status_list SET capacity = 8"),
	    SQLITE_OK);
	assert_int_not_equal(behind(b, "DELETE FROM status_list"), SQLITE_OK);
	assert_int_equal(behind(b, "DROP TRIGGER status_list_fixed;"
	    "UPDATE status_list SET capacity = 8"), SQLITE_OK);
	assert_int_equal(reg_list_raw(b->r, 1, &raw, &len, &b->d), ST_DATA);
	assert_null(raw);
	assert_non_null(strstr(b->d.text, "SJO"));
}

static enum status
publish(struct bench *b, uint32_t list, const struct published *p)
{
	enum status st;

	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	if ((st = reg_publish(b->r, list, p, &b->d)) == ST_OK)
		st = reg_commit(b->r, &b->d);
	else
		reg_rollback(b->r);
	return st;
}

/* The last one published is kept, and replaced by newer ones alone. */
static void
test_published(void **state)
{
	struct bench *b = *state;
	uint8_t token[] = { 1, 2, 3 }, brief[] = { 4 };
	struct published p = { .iat = NOW, .exp = NOW + 9, .kid_len = KID_LEN,
	    .token = token, .token_len = 3, .short_token = brief,
	    .short_len = 1 }, got;
	struct card c;

	assert_int_equal(add_card(b, enrol(b, "Ana", "López"), &c), ST_OK);
	assert_int_equal(reg_published(b->r, 1, &got, &b->d), ST_NOT_FOUND);
	assert_null(got.token);
	assert_int_equal(publish(b, 1, &p), ST_OK);
	assert_int_equal(reg_published(b->r, 1, &got, &b->d), ST_OK);
	assert_true(got.iat == NOW && got.exp == NOW + 9 && got.kid_len == 8);
	assert_int_equal(got.token_len, 3);
	assert_memory_equal(got.token, token, 3);
	assert_int_equal(got.short_len, 1);
	published_free(&got);
	/* the same date, an earlier one, a list that there is not */
	assert_int_not_equal(publish(b, 1, &p), ST_OK);
	p.iat = NOW - 1;
	assert_int_not_equal(publish(b, 1, &p), ST_OK);
	p.iat = NOW + 1;
	assert_int_not_equal(publish(b, 2, &p), ST_OK);
	/* a payload, and no short list */
	p.kid_len = p.short_len = 0;
	assert_int_equal(publish(b, 1, &p), ST_OK);
	assert_int_equal(reg_published(b->r, 1, &got, &b->d), ST_OK);
	assert_true(got.iat == NOW + 1 && got.kid_len == 0 &&
	    got.short_len == 0);
	published_free(&got);
	assert_int_not_equal(behind(b,
	    "UPDATE status_published SET iat = iat - 1"), SQLITE_OK);
}

static enum status
touch(struct bench *b, const char *number, int64_t now)
{
	enum status st;

	reg_set_now(b->r, now);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	if ((st = reg_card_event(b->r, number, "print", "", &b->d)) == ST_OK)
		st = reg_commit(b->r, &b->d);
	else
		reg_rollback(b->r);
	return st;
}

#define LAST_AT "SELECT at FROM card_event ORDER BY id DESC LIMIT 1"

/* An act is not dated before the last one or what was published: a little
 * behind is passed over, much is refused where the clock is no play. */
static void
test_dated(void **state)
{
	struct bench *b = *state;
	uint8_t token[] = { 1 };
	struct published p = { .iat = NOW + 500, .exp = NOW + 900,
	    .token = token, .token_len = 1 };
	struct card c;

	assert_int_equal(add_card(b, enrol(b, "Ana", "López"), &c), ST_OK);
	assert_int_equal(touch(b, c.number, NOW - 1), ST_OK);
	assert_int_equal(ask(b, LAST_AT), NOW);
	assert_int_equal(publish(b, 1, &p), ST_OK);
	assert_int_equal(touch(b, c.number, NOW + 200), ST_OK);
	assert_int_equal(ask(b, LAST_AT), NOW + 500);
	/* a demo register: as --now says */
	assert_int_equal(touch(b, c.number, NOW + 199), ST_OK);
	assert_int_equal(ask(b, LAST_AT), NOW + 199);
	assert_int_equal(behind(b, "UPDATE office SET demo = 0"), SQLITE_OK);
	assert_int_equal(touch(b, c.number, NOW + 199), ST_STATE);
	assert_non_null(strstr(b->d.text, "--clock-is-right"));
	assert_int_equal(touch(b, c.number, NOW + 200), ST_OK);
	assert_int_equal(ask(b, LAST_AT), NOW + 500);
	reg_set_clock_right(b->r);
	assert_int_equal(touch(b, c.number, NOW + 100), ST_OK);
	assert_int_equal(ask(b, LAST_AT), NOW + 100);
	assert_int_equal(ask(b, "SELECT count(*) FROM audit WHERE action ="
	    " 'clock.is-right'"), 1);
}

static void
test_exhausted(void **state)
{
	struct bench *b = *state;
	struct card c;

	assert_int_equal(behind(b, "UPDATE number_counter SET next = 999999"),
	    SQLITE_OK);
	assert_int_equal(add_card(b, enrol(b, "Ana", "López"), &c), ST_OK);
	assert_string_equal(c.number, "SJO999999");
	assert_int_equal(add_card(b, enrol(b, "Eva", "López"), &c), ST_STATE);
	assert_non_null(strstr(b->d.text, "999999"));
}

/* Every act has its row, under the officer's name; nobody, no act. */
static void
test_audit(void **state)
{
	struct bench *b = *state;
	struct card c;
	struct reg *r = NULL;
	struct person p;
	struct officer luis;
	int64_t before;

	assert_int_equal(add_card(b, enrol(b, "Ana", "López"), &c), ST_OK);
	before = ask(b, "SELECT count(*) FROM audit");
	/* init, officer, person, submit, approve, card, application */
	assert_int_equal(before, 7);
	assert_int_equal(ask(b, "SELECT officer FROM audit WHERE action ="
	    " 'application.approve'"), 2);
	assert_int_equal(reg_open(b->path, &r, &b->d), ST_OK);
	reg_set_now(r, NOW);
	someone(&p, "Eva", "López");
	assert_int_equal(reg_begin(r, &b->d), ST_OK);
	assert_int_equal(reg_person_add(r, &p, bytes_from(NULL, 0), &b->d),
	    ST_PERMISSION);
	reg_rollback(r);
	reg_close(r);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_officer(b->r, "luis", &luis, &b->d), ST_OK);
	luis.active = false;
	assert_int_equal(reg_officer_change(b->r, &luis, NOW, NULL, &b->d),
	    ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(reg_act_as(b->r, "luis", &b->d), ST_PERMISSION);
	assert_int_equal(reg_act_as(b->r, "eva", &b->d), ST_PERMISSION);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(test_open), T(test_office), cmocka_unit_test(test_values),
		cmocka_unit_test(test_persons), T(test_find), T(test_edit),
		T(test_household), T(test_four_eyes), T(test_approved), T(test_constraints),
		T(test_status), T(test_never_twice), T(test_list_outside), T(test_published),
		T(test_exhausted), T(test_dated),
		T(test_audit),
#undef T
	};

	return cmocka_run_group_tests_name("register", tests, NULL, NULL);
}
