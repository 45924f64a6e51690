/* Duplicates: names, sounds, dates, scores, keys; and that what a second clerk
 * writes of a person is found. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/register/duplicate.h"
#include "issuer/register/dupsearch.h"
#include "issuer/register/officer.h"
#include "tests/bench/people.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */

/* ---- words ---------------------------------------------------------------- */

static void
test_sounds(void **state)
{
	static const struct {
		const char *why, *a, *b;
		bool alike;
	} cases[] = {
		{ "b v", "VASQUEZ", "BASQUES", true },
		{ "z s", "GONZALEZ", "GONSALES", true },
		{ "c before e", "CELIA", "SELIA", true },
		{ "c as k", "KARLA", "CARLA", true },
		{ "qu", "QUIROZ", "KIROS", true },
		{ "ll y", "CASTILLO", "CASTIYO", true },
		{ "lh ll", "CARVALHO", "CARVALLO", true },
		{ "nh n", "CUNHA", "CUNA", true },
		{ "h is mute", "HERNANDEZ", "ERNANDEZ", true },
		{ "g j before e", "GIMENEZ", "JIMENEZ", true },
		{ "gue is hard", "GUERRA", "JERRA", false },
		{ "ch sh", "CHARLES", "SHARLES", true },
		{ "ph f", "PHILIPPE", "FILIPE", true },
		{ "w hu gu", "WAMAN", "HUAMAN", true },
		{ "gua", "GUADALUPE", "WADALUPE", true },
		{ "ou u", "LOUIS", "LUIS", true },
		{ "doubled", "ANNETTE", "ANETE", true },
		{ "m before b", "ZAMBRANO", "SANBRANO", true },
		{ "last s", "TORRE", "TORRES", true },
		{ "others", "PEREZ", "LOPEZ", false },
		{ "others too", "MARTINEZ", "RAMIREZ", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char a[DUP_WORD], b[DUP_WORD];

		dup_sound(cases[i].a, false, a);
		dup_sound(cases[i].b, false, b);
		if ((strcmp(a, b) == 0) != cases[i].alike)
			fail_msg("%s: %s %s", cases[i].why, a, b);
	}
}

static void
test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		int apart;
	} cases[] = {
		{ "", "", 0 }, { "ANA", "ANA", 0 }, { "ANA", "ANNA", 1 },
		{ "ANA", "NAA", 1 }, { "LOPEZ", "LOPES", 1 },
		{ "LOPEZ", "OLPES", 2 }, { "ANA", "EVA", 2 },
		{ "MARTINEZ", "RAMIREZ", DUP_FAR }, { "", "ANA", DUP_FAR },
		{ "ABCDEFGHIJKLMNOPQRSTUVW", "ABCDEFGHIJKLMNOPQRSTUVX", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(dup_distance(cases[i].a, cases[i].b),
		    cases[i].apart);
		assert_int_equal(dup_distance(cases[i].b, cases[i].a),
		    cases[i].apart);
	}
}

static void
test_words(void **state)
{
	struct dup_word w[4];

	(void)state;
	assert_int_equal(dup_words("de la Cruz", DUP_SURNAME1, w, 4), 1);
	assert_string_equal(w[0].text, "CRUZ");
	assert_int_equal(dup_words("De la O", DUP_SURNAME1, w, 4), 1);
	assert_int_equal(dup_words("de", DUP_SURNAME1, w, 4), 1);
	assert_int_equal(dup_words("Ma. José", DUP_GIVEN, w, 4), 2);
	assert_string_equal(w[0].text, "MARIA");
	assert_int_equal(dup_words("Jean-Pierre Agüero", DUP_GIVEN, w, 4), 3);
	assert_string_equal(w[2].text, "AGUERO");
	assert_int_equal(dup_words("a b c d e f", DUP_GIVEN, w, 4), 4);
	assert_int_equal(dup_words("", DUP_GIVEN, w, 4), 0);
	/* Longer than is looked at: cut, and no byte further. */
	assert_int_equal(dup_words("Abcdefghijklmnopqrstuvwxyzabc", DUP_GIVEN,
	    w, 4), 1);
	assert_int_equal(strlen(w[0].text), DUP_WORD - 1);
	assert_true(dup_rarity("MARIA") < dup_rarity("RAMIREZ"));
	assert_true(dup_rarity("RAMIREZ") < dup_rarity("WANGKIWALA"));
}

/* ---- dates ---------------------------------------------------------------- */

static const struct {
	const char *why;
	struct date a, b;
	enum dup_date is;
} dates[] = {
	{ "same", { 1990, 2, 28 }, { 1990, 2, 28 }, DUP_DATE_SAME },
	{ "exchanged", { 1990, 2, 3 }, { 1990, 3, 2 }, DUP_DATE_SWAPPED },
	{ "a digit of the year", { 1990, 2, 3 }, { 1980, 2, 3 },
	    DUP_DATE_DIGIT },
	{ "a digit of the day", { 1990, 2, 3 }, { 1990, 2, 23 },
	    DUP_DATE_DIGIT },
	{ "turned", { 1987, 5, 5 }, { 1978, 5, 5 }, DUP_DATE_DIGIT },
	{ "a day on", { 1990, 2, 28 }, { 1990, 3, 1 }, DUP_DATE_DIGIT },
	{ "a year on", { 1989, 4, 9 }, { 1990, 4, 9 }, DUP_DATE_DIGIT },
	{ "first of January", { 1990, 1, 1 }, { 1990, 7, 30 },
	    DUP_DATE_FIRST },
	{ "day and month", { 1990, 7, 30 }, { 1963, 7, 30 }, DUP_DATE_PART },
	{ "year and month", { 1990, 7, 30 }, { 1990, 7, 12 }, DUP_DATE_PART },
	{ "other", { 1990, 7, 30 }, { 1971, 3, 2 }, DUP_DATE_OTHER },
	{ "none", { 0, 0, 0 }, { 0, 0, 0 }, DUP_DATE_OTHER },
};

static void
test_dates(void **state)
{
	struct date v[DUP_VARIANTS];

	(void)state;
	for (size_t i = 0; i < COUNT(dates); i++) {
		bool near = dates[i].is == DUP_DATE_SWAPPED ||
		    dates[i].is == DUP_DATE_DIGIT, found = false;
		size_t n;

		if (dup_date_compare(dates[i].a, dates[i].b) != dates[i].is ||
		    dup_date_compare(dates[i].b, dates[i].a) != dates[i].is)
			fail_msg("%s", dates[i].why);
		n = dup_date_variants(dates[i].a, v);
		assert_true(n < DUP_VARIANTS);
		for (size_t j = 0; j < n; j++)
			found = found || date_compare(v[j], dates[i].b) == 0;
		/* Whatever the score forgives the search tries. */
		if (found != near)
			fail_msg("%s: variants", dates[i].why);
	}
}

/* ---- scores --------------------------------------------------------------- */

struct someone {
	const char *given, *surname1, *surname2, *maiden, *birth, *place, *sex;
};

static const struct someone ana = { "Ana María", "López", "Pérez", "",
    "1990-02-08", "León, León", "F" };

static const struct {
	const char *why;
	struct someone b;
	int least, most;
	uint32_t reasons;	/* among them */
} scores[] = {
	{ "the same", { "Ana María", "López", "Pérez", "", "1990-02-08",
	    "León, León", "F" }, DUP_HIGH, 100, 1 << DUP_NAMES_SAME |
	    1 << DUP_BIRTH_SAME | 1 << DUP_PLACE_SAME },
	{ "accents and capitals are no difference", { "ANA MARIA", "LOPEZ",
	    "PEREZ", "", "1990-02-08", "LEON LEON", "F" }, DUP_HIGH, 100,
	    1 << DUP_NAMES_SAME },
	{ "as it sounds", { "Ana Maria", "Lopes", "Peres", "", "1990-02-08",
	    "León", "F" }, DUP_HIGH - 5, 100, 1 << DUP_NAMES_LIKE },
	{ "surnames exchanged", { "Ana María", "Pérez", "López", "",
	    "1990-02-08", "León, León", "F" }, DUP_HIGH, 100,
	    1 << DUP_NAME_ORDER },
	{ "day and month exchanged", { "Ana María", "López", "Pérez", "",
	    "1990-08-02", "León, León", "F" }, DUP_OPEN, 100,
	    1 << DUP_BIRTH_SWAPPED },
	{ "one digit off, no place", { "Ana María", "López", "Pérez", "",
	    "1991-02-08", "", "F" }, DUP_OPEN, 100, 1 << DUP_BIRTH_DIGIT },
	{ "married", { "Ana María", "García", "", "López", "1990-02-08",
	    "León, León", "F" }, DUP_OPEN, 100, 1 << DUP_MAIDEN_NAME },
	{ "a twin of another name", { "Zoila", "López", "Pérez", "",
	    "1990-02-08", "León, León", "F" }, 0, DUP_HIGH - 1,
	    1 << DUP_GIVEN_OTHER },
	{ "a brother", { "Marcos", "López", "Pérez", "", "1992-05-30",
	    "León, León", "M" }, 0, DUP_OPEN - 1,
	    1 << DUP_SEX_OTHER | 1 << DUP_BIRTH_OTHER },
	{ "a mother of the same name", { "Ana María", "López", "Pérez", "",
	    "1961-11-17", "León, León", "F" }, 0, DUP_OPEN - 1,
	    1 << DUP_NAMES_SAME | 1 << DUP_BIRTH_OTHER },
	{ "born on the same day", { "Wendy", "Zeledón", "", "", "1990-02-08",
	    "León, León", "F" }, 0, DUP_OPEN - 1, 1 << DUP_SURNAME_OTHER },
};

static void
profile(const struct someone *s, struct dup_profile *out)
{
	dup_profile_make(s->given, s->surname1, s->surname2, s->maiden,
	    s->birth, s->place, s->sex, out);
}

static void
test_scores(void **state)
{
	struct dup_profile a, b;

	(void)state;
	profile(&ana, &a);
	for (size_t i = 0; i < COUNT(scores); i++) {
		uint32_t reasons, back;
		char text[DUP_REASONS_TEXT];
		int score;

		profile(&scores[i].b, &b);
		score = dup_score(&a, &b, &reasons);
		dup_reasons_format(reasons, text);
		if (score < scores[i].least || score > scores[i].most ||
		    (reasons & scores[i].reasons) != scores[i].reasons)
			fail_msg("%s: %d, %s", scores[i].why, score, text);
		assert_int_equal(dup_reasons_parse(text), reasons);
		/* Neither is the first. */
		assert_int_equal(dup_score(&b, &a, &back), score);
		assert_int_equal(back, reasons);
	}
	/* All of them have room. */
	{
		char text[DUP_REASONS_TEXT];
		uint32_t all = (UINT32_C(1) << DUP_REASONS) - 1;

		dup_reasons_format(all, text);
		assert_int_equal(dup_reasons_parse(text), all);
	}
}

static void
test_numbers(void **state)
{
	struct dup_profile a, b;
	uint32_t reasons;
	int without;

	(void)state;
	profile(&ana, &a);
	profile(&scores[8].b, &b);
	without = dup_score(&a, &b, &reasons);
	dup_profile_numbers(&a, "passport C0123-4567, seen by Ana 12");
	assert_int_equal(a.documents_n, 1);
	assert_string_equal(a.document[0], "C01234567");
	dup_profile_number(&b, "c 0123 4567");
	assert_true(dup_score(&a, &b, &reasons) > without);
	assert_true((reasons & 1 << DUP_DOCUMENT) != 0);
	for (int i = 0; i < 2 * DUP_DOCUMENTS; i++) {
		char number[16];

		(void)snprintf(number, sizeof(number), "N%07d", i);
		dup_profile_number(&a, number);
	}
	assert_int_equal(a.documents_n, DUP_DOCUMENTS);
}

/* ---- the register ------------------------------------------------------------ */

struct place {
	char folder[40], path[64];
	struct reg *r;
	struct diag d;
};

static const struct office office = {
	.state = "NIC", .code = "SJO", .country = "Nicaragua",
	.name = "Consulado", .address = "Avenida 7", .verify_at = "x.example",
	.district = "San José", .demo = true, .capacity = 16
};

static int
setup(void **state)
{
	struct place *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	(void)snprintf(b->folder, sizeof(b->folder), "/tmp/duplicateXXXXXX");
	assert_non_null(mkdtemp(b->folder));
	(void)snprintf(b->path, sizeof(b->path), "%s/r.cedula", b->folder);
	assert_int_equal(reg_create(b->path, &office, "ana", "Ana Ruiz",
	    OFFICER_DESK, NULL, NOW, &b->d), ST_OK);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	reg_set_now(b->r, NOW);
	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct place *b = *state;
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

static int64_t
ask(struct place *b, const char *sql)
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
behind(struct place *b, const char *sql, int want)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(b->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL) & 0xff, want);
	(void)sqlite3_close(db);
}

enum { PERSONS = 3000, COPIES = 520 };

/* Recall and precision of the whole: keys, search and score together. */
static void
test_recall(void **state)
{
	struct place *b = *state;
	static struct people g, chance;
	static struct person p, copy;
	static struct person copies[COPIES];
	static int64_t of[COPIES];
	size_t n = 0, hits = 0, others = 0;

	people_begin(&g, 7);
	people_begin(&chance, 8);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	for (size_t i = 0; i < PERSONS; i++) {
		p = people_next(&g)->p;
		assert_int_equal(reg_person_add(b->r, &p, bytes_from("", 0),
		    &b->d), ST_OK);
		if (n < COPIES && people_disturb(&chance, &p,
		    (enum people_error)(n % PEOPLE_ERRORS), &copy)) {
			of[n] = p.id;
			copies[n++] = copy;
		}
	}
	assert_int_equal(n, COPIES);
	for (size_t i = 0; i < n; i++) {
		struct duplicate_candidate c[DUP_FOUND_MAX];
		size_t found;

		assert_int_equal(reg_duplicate_find(b->r, &copies[i], c,
		    DUP_FOUND_MAX, &found, &b->d), ST_OK);
		for (size_t j = 0; j < found; j++) {
			assert_true(j == 0 || c[j].score <= c[j - 1].score);
			hits += c[j].person == of[i];
			others += c[j].person != of[i];
		}
	}
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	print_message("# %zu of %zu found, %zu others\n", hits, n, others);
	/* The same persons on every machine: one more lost is a change. */
	assert_true(hits + 1 >= n);
	assert_true(others * 100 <= hits * 5);
}

static void
add(struct place *b, const char *given, const char *surname, int64_t *id)
{
	static struct person p;

	memset(&p, 0, sizeof(p));
	assert_int_equal(person_set(&p, PERSON_GIVEN, given, &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_SURNAME1, surname, &b->d),
	    ST_OK);
	assert_int_equal(person_set(&p, PERSON_SEX, "F", &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_BIRTH_DATE, "1990-02-28",
	    &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_NATIONALITY, "NIC", &b->d),
	    ST_OK);
	assert_int_equal(person_set(&p, PERSON_CONSENT, "2026-11-01", &b->d),
	    ST_OK);
	assert_int_equal(reg_person_add(b->r, &p, bytes_from("", 0), &b->d),
	    ST_OK);
	*id = p.id;
}

/* What the keys say is what the person says, whatever was before; and a
 * register of before is filled when it is opened. */
static void
test_keys(void **state)
{
	struct place *b = *state;
	static struct person p;
	int64_t id, twin, keys;
	size_t n;

	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	add(b, "Zoila", "Ximénez", &id);
	assert_int_equal(reg_duplicate_record(b->r, id, &n, &b->d), ST_OK);
	assert_int_equal(n, 0);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	keys = ask(b, "SELECT count(*) FROM person_key");
	assert_true(keys > 0);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_person(b->r, id, &p, &b->d), ST_OK);
	(void)strcpy(p.field[PERSON_SURNAME1], "Zeledón");
	assert_int_equal(reg_person_edit(b->r, &p, &n, &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(ask(b, "SELECT count(*) FROM person_key"), keys);
	assert_int_equal(ask(b, "SELECT sum(length(keys)) / 8 FROM"
	    " person_keyed"), keys);
	reg_close(b->r);
	behind(b, "DELETE FROM person_key; DELETE FROM person_keyed;"
	    "INSERT INTO person_unkeyed SELECT id FROM person", SQLITE_OK);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	assert_int_equal(ask(b, "SELECT count(*) FROM person_key"), keys);
	assert_int_equal(ask(b, "SELECT count(*) FROM person_unkeyed"), 0);
	reg_set_now(b->r, NOW);
	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	add(b, "Soila", "Seledon", &twin);
	assert_int_equal(reg_duplicate_record(b->r, twin, &n, &b->d), ST_OK);
	assert_int_equal(n, 1);
	assert_int_equal(reg_duplicate_none_open(b->r, id, false, &b->d),
	    ST_STATE);
	assert_int_equal(reg_duplicate_decide(b->r, twin, id,
	    DUPLICATE_DIFFERENT, 0, "vistas juntas", &b->d), ST_OK);
	assert_int_equal(reg_duplicate_none_open(b->r, id, false, &b->d),
	    ST_OK);
	/* Asked once. */
	assert_int_equal(reg_duplicate_record(b->r, id, &n, &b->d), ST_OK);
	assert_int_equal(n, 0);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	behind(b, "DELETE FROM duplicate", SQLITE_CONSTRAINT);
	behind(b, "UPDATE duplicate SET decision = 'open', decided = NULL,"
	    " decided_by = NULL", SQLITE_CONSTRAINT);
	behind(b, "UPDATE duplicate SET score = 90, decision = 'twin',"
	    " decided_by = 1", SQLITE_CONSTRAINT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sounds),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_scores),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test_setup_teardown(test_recall, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
