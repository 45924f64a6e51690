#include "tests/bench/register_raw.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/register/duplicate.h"
#include "issuer/register/dupsearch.h"
#include "issuer/register/officer.h"
#include "tests/bench/bench.h"
#include "tests/bench/people.h"

#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */

struct diag bench_diag;
char bench_folder[256];

void
holds_at(bool what, const char *file, int line)
{
	if (what)
		return;
	fprintf(stderr, "%s: line %d: %s\n", file, line, bench_diag.text);
	abort();
}
static const struct office office = { .state = "NIC", .code = "SJO",
    .country = "X", .name = "X", .address = "X", .verify_at = "X",
    .demo = true, .capacity = 65536 };

void
path_of(char out[320], const char *name, const char *end)
{
	(void)snprintf(out, 320, "%s/%s%s", bench_folder, name, end);
}

struct reg *
new_register(const char *name)
{
	char path[320];
	struct reg *r;

	path_of(path, name, "");
	holds(reg_create(path, &office, "ana", "Ana", OFFICER_DESK, NULL, NOW,
	    &bench_diag) == ST_OK);
	holds(reg_open(path, &r, &bench_diag) == ST_OK);
	reg_set_now(r, NOW);
	holds(reg_act_as(r, "ana", &bench_diag) == ST_OK);
	return r;
}

void
remove_register(const char *name)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[320];

	for (size_t i = 0; i < 3; i++) {
		path_of(path, name, ends[i]);
		(void)unlink(path);
	}
}

/* ---- rows by prepared statements and nothing else ---------------------------- */

struct raw {
	sqlite3 *db;
	sqlite3_stmt *person, *word, *audit, *key, *keyed;
};

static sqlite3_stmt *
prepared(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;

	holds(sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK);
	return q;
}

static void
run_once(sqlite3_stmt *q)
{
	holds(sqlite3_step(q) == SQLITE_DONE);
	holds(sqlite3_reset(q) == SQLITE_OK);
}

static void
text_at(sqlite3_stmt *q, int i, const char *text)
{
	holds(sqlite3_bind_text(q, i, text, -1, SQLITE_TRANSIENT) ==
	    SQLITE_OK);
}

static struct raw
raw_open(const char *name)
{
	struct raw w;
	char path[320];

	path_of(path, name, "");
	holds(sqlite3_open(path, &w.db) == SQLITE_OK);
	holds(sqlite3_exec(w.db, "PRAGMA foreign_keys = ON;"
	    "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
	    "PRAGMA cache_size = -65536", NULL,
	    NULL, NULL) == SQLITE_OK);
	w.person = prepared(w.db, "INSERT INTO person (surname1, surname2,"
	    " given, sex, birth_date, birth_place, nationality,"
	    " nationality_evidence, identity_evidence, address, district,"
	    " telephone, occupation, sector, employer, workplace,"
	    " emergency_contact, guardian, consent, folded, enrolled,"
	    " enrolled_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	    " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, 0, 1)");
	w.word = prepared(w.db, "INSERT INTO person_word (word, person)"
	    " VALUES (?1, ?2) ON CONFLICT DO NOTHING");
	w.audit = prepared(w.db, "INSERT INTO audit (id, at, officer,"
	    " action, object, details, hash) SELECT max(id) + 1, 0, 1,"
	    " 'person.add', ?1, '', zeroblob(32) FROM audit");
	w.key = prepared(w.db, "INSERT INTO person_key (key, person)"
	    " VALUES (?1, ?2)");
	w.keyed = prepared(w.db, "INSERT INTO person_keyed (person, keys)"
	    " VALUES (?1, ?2)");
	return w;
}

static void
raw_close(struct raw *w)
{
	(void)sqlite3_finalize(w->person);
	(void)sqlite3_finalize(w->word);
	(void)sqlite3_finalize(w->audit);
	(void)sqlite3_finalize(w->key);
	(void)sqlite3_finalize(w->keyed);
	(void)sqlite3_close(w->db);
}

struct prepared_row {
	struct person p;
	char folded[REG_FOLDED];
	int64_t key[DUP_KEYS_MAX];
	size_t keys_n;
};

static void
make_row(const struct person *p, struct prepared_row *out)
{
	struct dup_profile profile;
	char name[REG_FOLDED];

	out->p = *p;
	holds(person_full_name(p, name, sizeof(name)) &&
	    dup_fold(name, out->folded, sizeof(out->folded)));
	dup_profile_make(p->field[PERSON_GIVEN], p->field[PERSON_SURNAME1],
	    p->field[PERSON_SURNAME2], p->field[PERSON_MAIDEN], p->field[PERSON_BIRTH_DATE],
	    p->field[PERSON_BIRTH_PLACE], p->field[PERSON_SEX], &profile);
	dup_profile_numbers(&profile, p->field[PERSON_IDENTITY_EVIDENCE]);
	out->keys_n = dup_keys(&profile, out->key);
}

static void
raw_add(struct raw *w, const struct prepared_row *row)
{
	char text[REG_FOLDED], *rest = text, *word;
	sqlite3_int64 id;

	for (int f = PERSON_SURNAME1; f <= PERSON_CONSENT; f++)
		text_at(w->person, f + 1, row->p.field[f]);
	text_at(w->person, PERSON_CONSENT + 2, row->folded);
	run_once(w->person);
	id = sqlite3_last_insert_rowid(w->db);
	(void)snprintf(text, sizeof(text), "%s", row->folded);
	while ((word = strsep(&rest, " ")) != NULL) {
		text_at(w->word, 1, word);
		holds(sqlite3_bind_int64(w->word, 2, id) == SQLITE_OK);
		run_once(w->word);
	}
	(void)snprintf(text, sizeof(text), "person %" PRId64, (int64_t)id);
	text_at(w->audit, 1, text);
	run_once(w->audit);
	for (size_t i = 0; i < row->keys_n; i++) {
		holds(sqlite3_bind_int64(w->key, 1, row->key[i]) == SQLITE_OK &&
		    sqlite3_bind_int64(w->key, 2, id) == SQLITE_OK);
		run_once(w->key);
	}
	holds(sqlite3_bind_int64(w->keyed, 1, id) == SQLITE_OK &&
	    sqlite3_bind_blob(w->keyed, 2, row->key,
	    (int)(row->keys_n * sizeof(row->key[0])), SQLITE_STATIC) ==
	    SQLITE_OK);
	run_once(w->keyed);
}

double
raw_fill(size_t n, size_t chunk)
{
	static struct people g;
	struct prepared_row *row = malloc(chunk * sizeof(*row));
	struct raw w;
	double t = 0;

	reg_close(new_register("raw"));
	w = raw_open("raw");
	holds(row != NULL);
	people_begin(&g, SEED);
	for (size_t done = 0; done < n; done += chunk) {
		double at;

		for (size_t i = 0; i < chunk; i++)
			make_row(&people_next(&g)->p, &row[i]);
		at = bench_seconds();
		holds(sqlite3_exec(w.db, "BEGIN IMMEDIATE", NULL, NULL, NULL) ==
		    SQLITE_OK);
		for (size_t i = 0; i < chunk; i++)
			raw_add(&w, &row[i]);
		holds(sqlite3_exec(w.db, "COMMIT", NULL, NULL, NULL) ==
		    SQLITE_OK);
		t += bench_seconds() - at;
	}
	raw_close(&w);
	free(row);
	remove_register("raw");
	return t;
}

double
raw_scan(const char *name, const struct person *p)
{
	struct dup_profile a, b;
	char path[320];
	sqlite3_stmt *q;
	sqlite3 *db;
	int best = 0;
	double t;

	path_of(path, name, "");
	holds(sqlite3_open(path, &db) == SQLITE_OK);
	q = prepared(db, "SELECT given, surname1, surname2, birth_date,"
	    " birth_place, sex FROM person");
	dup_profile_make(p->field[PERSON_GIVEN], p->field[PERSON_SURNAME1],
	    p->field[PERSON_SURNAME2], p->field[PERSON_MAIDEN],
	    p->field[PERSON_BIRTH_DATE], p->field[PERSON_BIRTH_PLACE],
	    p->field[PERSON_SEX], &a);
	t = bench_seconds();
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *c[6];
		uint32_t reasons;
		int score;

		for (int f = 0; f < 6; f++)
			c[f] = (const char *)sqlite3_column_text(q, f);
		dup_profile_make(c[0], c[1], c[2], "", c[3], c[4], c[5], &b);
		score = dup_score(&a, &b, &reasons);
		best = score > best ? score : best;
	}
	t = bench_seconds() - t;
	holds(sqlite3_finalize(q) == SQLITE_OK && best > 0);
	(void)sqlite3_close(db);
	return t;
}
