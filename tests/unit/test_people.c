/* Persons, households and documents: registers of before keep theirs, and what
 * the commands cannot show. */
#include "tests/unit/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/register/document.h"
#include "issuer/register/household.h"
#include "issuer/register/line.h"
#include "issuer/register/parent.h"
#include "issuer/register/person_find.h"
#include "issuer/register/person_merge.h"
#include "issuer/register/person_record.h"
#include "issuer/register/words.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW INT64_C(1795651200)		/* 2026-11-26 */

struct bench {
	char path[64];
	struct reg *r;
	struct diag d;
};

/* Two households of the old schema: one with an approved family card. */
static const char old_households[] =
    "INSERT INTO household (id, head, created) VALUES (3, 1, 1795553700);"
    "INSERT INTO household (id, head, created) VALUES (7, 2, 1795553800);"
    "INSERT INTO household_member VALUES (3, 2, 1, 0);"
    "INSERT INTO household_member VALUES (7, 1, 4, 0);"
    "INSERT INTO audit (at, officer, action, object, details)"
    " VALUES (1795553800, 2, 'household.add', 'household 7', '1:sibling');"
    "INSERT INTO application (kind, person, household, state, created,"
    " submitter) VALUES ('family', 1, 3, 'draft', 1795553900, 1);"
    "UPDATE application SET state = 'submitted', submitted = 1795553900"
    " WHERE household = 3;"
    "UPDATE application SET state = 'approved', approver = 2"
    " WHERE household = 3;";

static char *
read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(f);
	assert_non_null(text);
	assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

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

/* A register of version 9 with those households, opened by this program. */
static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	char *sql = read_text("tests/unit/register-9.sql");
	int fd;

	assert_non_null(b);
	(void)snprintf(b->path, sizeof(b->path), "/tmp/peopleXXXXXX");
	assert_true((fd = mkstemp(b->path)) >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(behind(b, sql), SQLITE_OK);
	assert_int_equal(behind(b, old_households), SQLITE_OK);
	free(sql);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	reg_set_now(b->r, NOW);
	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[80];

	reg_close(b->r);
	for (size_t i = 0; i < COUNT(ends); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", b->path, ends[i]);
		(void)unlink(name);
	}
	free(b);
	return 0;
}

static void
begin(struct bench *b)
{
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
}

static void
commit(struct bench *b)
{
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
}

/* The household table is made anew: ids, members, applications and the rules
 * on them stay, and what was nobody's second head still is. */
static void
test_migration(void **state)
{
	struct bench *b = *state;
	struct household h;

	assert_int_equal(reg_check(b->r, &b->d), ST_OK);
	assert_int_equal(reg_household(b->r, 3, &h, &b->d), ST_OK);
	assert_int_equal(h.head, 1);
	assert_int_equal(h.member[0].relationship, REL_SPOUSE);
	assert_int_equal(reg_household_of(b->r, 2, &h, &b->d), ST_OK);
	assert_int_equal(h.id, 7);
	assert_int_equal(ask(b, "SELECT count(*) FROM household_event"), 4);
	assert_int_equal(ask(b, "SELECT officer FROM household_event"
	    " WHERE household = 7 AND event = 'join'"), 2);
	assert_int_equal(ask(b, "SELECT created FROM household WHERE id = 3"),
	    1795553700);
	/* Ids go on from the last. */
	assert_int_equal(ask(b, "SELECT seq FROM sqlite_sequence"
	    " WHERE name = 'household'"), 7);
	assert_int_equal(behind(b, "INSERT INTO household (head, created)"
	    " VALUES (2, 0)"), SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "INSERT INTO household_member"
	    " VALUES (7, 2, 1, 1)"), SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "DELETE FROM household_member"
	    " WHERE household = 3"), SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "INSERT INTO household_member"
	    " VALUES (99, 2, 1, 1)"), SQLITE_CONSTRAINT);
	assert_int_equal(ask(b, "SELECT count(*) FROM person WHERE"
	    " state = 'abroad' AND merged_into IS NULL AND maiden = ''"), 2);
}

static const struct {
	const char *why, *text, *folded;
} folds[] = {
	{ "as it is", "C1234567", "C1234567" },
	{ "small letters, blanks and hyphens", " c-123 45/67 ", "C1234567" },
	{ "letters with marks", "Cañas 7", "CANAS7" },
	{ "nothing left", " -/. ", "" },
	{ "empty", "", "" },
};

static void
test_fold(void **state)
{
	char out[REG_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(folds); i++) {
		bool some = document_fold(folds[i].text, out, sizeof(out));

		if (some != (folds[i].folded[0] != '\0') ||
		    strcmp(out, folds[i].folded) != 0)
			fail_msg("%s: '%s'", folds[i].why, out);
	}
}

static const struct {
	const char *why;
	const char *bytes;
	size_t len;
	const char *type;
} scans[] = {
	{ "JPEG", "\xff\xd8\xff\xe0", 4, "image/jpeg" },
	{ "PNG", "\x89PNG\r\n\x1a\n\0", 9, "image/png" },
	{ "PDF", "%PDF-1.7", 8, "application/pdf" },
	{ "PNG through a text filter", "\x89PNG\n\x1a\n\0", 8, NULL },
	{ "the beginning alone", "%PDF-", 5, NULL },
	{ "cut", "\xff\xd8", 2, NULL },
	{ "a page", "<html>", 6, NULL },
	{ "nothing", "", 0, NULL },
};

static void
test_scans(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scans); i++) {
		uint8_t *exact = malloc(scans[i].len + (scans[i].len == 0));
		const char *type;

		assert_non_null(exact);
		memcpy(exact, scans[i].bytes, scans[i].len);
		type = scan_media_type(bytes_from(exact, scans[i].len));
		free(exact);
		if ((type == NULL) != (scans[i].type == NULL) ||
		    (type != NULL && strcmp(type, scans[i].type) != 0))
			fail_msg("%s: %s", scans[i].why, type);
	}
}

/* A scan that was changed behind the program's back is not handed out. */
static void
test_scan_damaged(void **state)
{
	struct bench *b = *state;
	struct document doc = { .person = 1, .type = "passport",
	    .number = "C1", .issuer = "DGME" };
	uint8_t *out;
	size_t len;

	begin(b);
	assert_int_equal(reg_document_add(b->r, &doc,
	    bytes_text("%PDF-1.7 a scan"), &b->d), ST_OK);
	assert_int_equal(reg_document_scan(b->r, doc.id, &out, &len, &b->d),
	    ST_OK);
	assert_int_equal(len, 15);
	free(out);
	commit(b);
	assert_int_equal(behind(b, "DROP TRIGGER document_scan_no_update;"
	    "UPDATE document_scan SET image = x'25504446'"), SQLITE_OK);
	begin(b);
	assert_int_equal(reg_document_scan(b->r, doc.id, &out, &len, &b->d),
	    ST_DATA);
	assert_null(out);
	reg_rollback(b->r);
}

/* Nothing is done by nobody, or outside a transaction. */
static void
test_acting(void **state)
{
	struct bench *b = *state;
	struct document doc = { .person = 1, .type = "other", .number = "1",
	    .issuer = "X" };

	assert_int_equal(reg_person_die(b->r, 1, "2026-11-20", "X", "X",
	    NULL, &b->d), ST_INTERNAL);
	assert_int_equal(reg_document_add(b->r, &doc, bytes_from(NULL, 0),
	    &b->d), ST_INTERNAL);
	assert_int_equal(reg_person_merge(b->r, 1, 2, "x", &b->d),
	    ST_INTERNAL);
	assert_int_equal(reg_household_close(b->r, 7, "x", &b->d),
	    ST_INTERNAL);
	assert_int_equal(reg_parent_add(b->r, 1, 2, "mother", "", &b->d),
	    ST_INTERNAL);
}

static void
test_minor(void **state)
{
	struct bench *b = *state;
	struct person p;

	assert_int_equal(reg_person(b->r, 1, &p, &b->d), ST_OK);
	assert_false(reg_is_minor(b->r, &p));
	assert_int_equal(person_set(&p, PERSON_BIRTH_DATE, "2008-11-27",
	    &b->d), ST_OK);
	assert_true(reg_is_minor(b->r, &p));	/* until tomorrow */
	assert_int_equal(person_set(&p, PERSON_BIRTH_DATE, "2008-11-26",
	    &b->d), ST_OK);
	assert_false(reg_is_minor(b->r, &p));
}

/* Whose head changes keeps every member, each with what they are now. */
static void
test_head(void **state)
{
	struct bench *b = *state;
	struct household h = { .id = 7, .head = 1 }, got;

	begin(b);
	/* Heads household 3 already. */
	assert_int_equal(reg_household_set_head(b->r, &h, REL_NONE, "x",
	    &b->d), ST_EXISTS);
	/* Household 3 has an approved application. */
	assert_int_equal(reg_household_close(b->r, 3, "x", &b->d), ST_STATE);
	assert_int_equal(reg_household_close(b->r, 7, "x", &b->d), ST_OK);
	assert_int_equal(reg_household_of(b->r, 2, &got, &b->d),
	    ST_NOT_FOUND);
	assert_int_equal(reg_household(b->r, 7, &got, &b->d), ST_OK);
	assert_int_equal(got.members_n, 1);
	reg_rollback(b->r);
}

struct found {
	int64_t id[8];
	size_t n;
};

static enum status
take(void *arg, const struct person *p, const struct person_state *s)
{
	struct found *f = arg;

	(void)s;
	if (f->n < COUNT(f->id))
		f->id[f->n++] = p->id;
	return ST_OK;
}

static struct found
find(struct bench *b, const char *text, const char *district,
    const char *born)
{
	struct person_query want = { .text = text, .district = district,
	    .born = born, .limit = 5 };
	struct found f = { .n = 0 };
	bool more;

	assert_int_equal(reg_person_search(b->r, &want, take, &f, &more,
	    &b->d), ST_OK);
	assert_false(more);
	return f;
}

/* By the name of the one that went, and by what is true of the one kept. */
static void
test_merged(void **state)
{
	struct bench *b = *state;
	struct found f;

	begin(b);
	/* Both have had cards, and she enrolled them. */
	assert_int_equal(reg_person_merge(b->r, 1, 2, "x", &b->d),
	    ST_PERMISSION);
	assert_int_equal(reg_act_as(b->r, "luis", &b->d), ST_OK);
	assert_int_equal(reg_person_merge(b->r, 1, 2, "x", &b->d), ST_STATE);
	assert_non_null(strstr(b->d.text, "heads household"));
	assert_int_equal(reg_household_close(b->r, 7, "x", &b->d), ST_OK);
	/* An approved family card stands on the household both are in. */
	assert_int_equal(reg_person_merge(b->r, 1, 2, "x", &b->d), ST_STATE);
	assert_non_null(strstr(b->d.text, "approved application"));
	reg_rollback(b->r);
	assert_int_equal(ask(b, "SELECT count(*) FROM person"
	    " WHERE state = 'merged'"), 0);
	assert_int_equal(behind(b, "UPDATE application SET state = 'refused',"
	    " reason = 'x' WHERE household = 3;"
	    "INSERT INTO person_event (person, at,"
	    " officer, event, date, place, evidence) VALUES (2, 1795651200, 2,"
	    " 'merge', '2026-11-26', '', 'x'); DROP TRIGGER person_merge_ready;"
	    "DROP TRIGGER person_merge_four_eyes;"
	    "UPDATE person SET state = 'merged', merged_into = 1,"
	    " district = 'Limón' WHERE id = 2"), SQLITE_OK);
	f = find(b, "nunez", NULL, NULL);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.id[0], 1);
	f = find(b, "nunez", "San José", "1990-02-28");
	assert_int_equal(f.n, 1);
	f = find(b, "nunez", NULL, "1985-07-01");
	assert_int_equal(f.n, 0);
	f = find(b, "nunez", "Limón", NULL);
	assert_int_equal(f.n, 0);
}

/* One check of a typed line, whoever asks. */
static void
test_line(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		bool needed;
		const char *said;	/* NULL: taken */
	} cases[] = {
		{ "word", 4, true, NULL },
		{ "  word ", 7, true, NULL },
		{ "", 4, false, NULL },
		{ "Ñandú", 5, true, NULL },
		{ "", 4, true, "--place: give a text" },
		{ "   ", 4, true, "--place: give a text" },
		{ "Ñandúes", 6, true,
		    "--place: longer than 6 characters; shorten it" },
		{ "two\nlines", 99, true,
		    "--place: not plain text (control characters or broken UTF-8); type it again" },
		{ "\xc3", 99, false,
		    "--place: not plain text (control characters or broken UTF-8); type it again" },
	};
	char text[REG_TEXT + 2] = "";
	struct diag d;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(line_check("place", cases[i].text,
		    cases[i].max, cases[i].needed, &d),
		    cases[i].said == NULL ? ST_OK : ST_DATA);
		if (cases[i].said != NULL)
			assert_string_equal(d.text, cases[i].said);
	}
	for (size_t i = 0; i + 1 < REG_TEXT; i += 2)
		memcpy(text + i, "ñ", 3);
	assert_int_equal(reason_check(text, &d), ST_DATA);
	assert_string_equal(d.text, "--reason: longer than 511 bytes; shorten it");
	text[REG_TEXT - 2] = '\0';
	assert_int_equal(reason_check(text, &d), ST_OK);
	assert_true(bytes_equal_text(line_trim(bytes_text("  a b ")), "a b"));
	assert_int_equal(line_trim(bytes_text("  ")).len, 0);
}

/* Names are found by the beginnings of their words, also without the marks
 * that the MRZ spells. */
static void
test_words(void **state)
{
	static const struct {
		const char *name, *typed;
		bool found;
	} cases[] = {
		{ "Finca Agüero", "AGUERO", true },
		{ "Finca Agüero", "agüe fin", true },
		{ "Ødegård S.A.", "odegard", true },
		{ "Ødegård S.A.", "oedegaard sa", false },
		{ "Ødegård S.A.", "oedegaard s a", true },
		{ "Finca Agüero", "inca", false },
		{ "Finca Agüero", "agueroz", false },
	};
	char folded[REG_FOLDED];
	struct words *w = malloc(sizeof(*w));

	(void)state;
	assert_non_null(w);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(words_fold(cases[i].name, folded));
		assert_true(words_split(cases[i].typed, w));
		if (words_match(w, folded) != cases[i].found)
			fail_msg("%s: %s", cases[i].name, cases[i].typed);
	}
	assert_true(words_split("de la unión", w));
	assert_int_equal(w->n, 3);
	assert_string_equal(w->from, "UNION");
	assert_string_equal(w->to, "UNION~");
	assert_false(words_split(" - ", w));
	assert_false(words_split("a\nb", w));
	free(w);
	assert_true(words_alike("San José", "SAN  JOSE"));
	assert_false(words_alike("San José", "San José 2"));
	/* Neither has a Latin letter. */
	assert_true(words_alike("東京", "東京"));
	assert_false(words_alike("東京", "京都"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		TEST(test_migration), cmocka_unit_test(test_fold),
		cmocka_unit_test(test_scans), TEST(test_scan_damaged),
		TEST(test_acting), TEST(test_minor), TEST(test_head),
		TEST(test_merged), cmocka_unit_test(test_line),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
