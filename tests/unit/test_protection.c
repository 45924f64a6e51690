/* Narratives of cases: what is sealed opens whole, in its place, with its key,
 * or not at all; and the file of the key. */
#include "tests/unit/check.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/register/case.h"
#include "issuer/register/officer.h"
#include "issuer/register/case_key.h"
#include "issuer/register/case_note.h"
#include "issuer/register/officer.h"
#include "keys/casekey.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */

struct bench {
	char folder[32], path[64], key_path[64];
	struct reg *r;
	struct case_key *key;
	int64_t kase, other;
	struct diag d;
};

static const struct office office = {
	.state = "NIC", .code = "SJO", .country = "Nicaragua",
	.name = "Consulado", .address = "Avenida 7\nSan José",
	.verify_at = "verificar.example", .district = "San José",
	.demo = true, .capacity = 16
};

/* SQL behind the register's back. */
static int
behind(const struct bench *b, const char *sql)
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
enrol(struct bench *b, const char *birth)
{
	struct person p = { .id = 0 };

	assert_int_equal(person_set(&p, PERSON_GIVEN, "Eva", &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_SEX, "F", &b->d), ST_OK);
	assert_int_equal(person_set(&p, PERSON_BIRTH_DATE, birth, &b->d),
	    ST_OK);
	assert_int_equal(person_set(&p, PERSON_NATIONALITY, "NIC", &b->d),
	    ST_OK);
	assert_int_equal(person_set(&p, PERSON_CONSENT, "2026-11-01", &b->d),
	    ST_OK);
	assert_int_equal(reg_person_add(b->r, &p, bytes_text("a picture"),
	    &b->d), ST_OK);
	return p.id;
}

static int64_t
open_case(struct bench *b, const char *birth)
{
	struct case_record c = {
		.kind = "detention", .next_step = "llamar",
		.deadline = "2026-12-01"
	};
	int64_t person = enrol(b, birth);

	assert_int_equal(reg_case_open(b->r, &c, &person, 1, &b->d), ST_OK);
	return c.id;
}

/* One key for all tests, as making one takes its time. */
static struct case_key *shared;

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	bool in_use;

	assert_non_null(b);
	(void)snprintf(b->folder, sizeof(b->folder), "/tmp/protectXXXXXX");
	assert_non_null(mkdtemp(b->folder));
	(void)snprintf(b->path, sizeof(b->path), "%s/r.cedula", b->folder);
	(void)snprintf(b->key_path, sizeof(b->key_path), "%s/key", b->folder);
	assert_int_equal(reg_create(b->path, &office, "ana", "Ana Ruiz",
	    OFFICER_DESK | OFFICER_PROTECTION, NULL, NOW, &b->d), ST_OK);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	reg_set_now(b->r, NOW);
	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	if (shared == NULL)
		assert_int_equal(casekey_make(b->key_path, "una clave",
		    &shared, &b->d), ST_OK);
	b->key = shared;
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	b->kase = open_case(b, "1990-02-28");
	b->other = open_case(b, "2008-11-24");
	assert_int_equal(reg_case_key_add(b->r, b->key, NULL, &in_use, &b->d),
	    ST_OK);
	assert_true(in_use);
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
	(void)unlink(b->key_path);
	(void)rmdir(b->folder);
	free(b);
	return 0;
}

static enum status
add(struct bench *b, int64_t kase, const char *text)
{
	int64_t note;
	enum status st;

	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	st = reg_case_note_add(b->r, b->key, kase, bytes_text(text), &note,
	    &b->d);
	if (st == ST_OK)
		assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	else
		reg_rollback(b->r);
	return st;
}

static enum status
keep(void *arg, const struct case_note *n)
{
	char *all = arg;

	(void)strncat(all, (const char *)n->text.p, n->text.len);
	(void)strcat(all, "|");
	return ST_OK;
}

static enum status
read_all(struct bench *b, int64_t kase, char all[512])
{
	int64_t sealed;
	enum status st;

	all[0] = '\0';
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	st = reg_case_read(b->r, b->key, kase, "a test", &sealed, keep, all,
	    &b->d);
	if (st == ST_OK)
		assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	else
		reg_rollback(b->r);
	return st;
}

/* Every bit of what is sealed, of its nonce and of its place counts. */
static void
every_bit_counts(void **state)
{
	struct bench *b = *state;
	static const char place[] = "where it belongs", text[] = "what is told";
	uint8_t nonce[CASEKEY_NONCE], sealed[sizeof(text) + CASEKEY_TAG];
	uint8_t out[sizeof(text)], ad[sizeof(place)];
	struct { uint8_t *p; size_t len; } part[] = {
		{ sealed, sizeof(sealed) }, { nonce, sizeof(nonce) },
		{ ad, sizeof(ad) },
	};

	memcpy(ad, place, sizeof(place));
	assert_int_equal(casekey_seal(b->key, bytes_from(ad, sizeof(ad)),
	    bytes_from(text, sizeof(text)), nonce, sealed), ST_OK);
	for (size_t k = 0; k < COUNT(part); k++)
		for (size_t bit = 0; bit < 8 * part[k].len; bit++) {
			part[k].p[bit / 8] ^= (uint8_t)(1u << bit % 8);
			memset(out, 'x', sizeof(out));
			assert_int_equal(casekey_unseal(b->key,
			    bytes_from(ad, sizeof(ad)),
			    bytes_from(nonce, sizeof(nonce)),
			    bytes_from(sealed, sizeof(sealed)), out),
			    ST_SIGNATURE);
			for (size_t i = 0; i < sizeof(out); i++)
				assert_int_equal(out[i], 0);
			part[k].p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	for (size_t n = 0; n < sizeof(sealed); n++)
		assert_int_equal(casekey_unseal(b->key,
		    bytes_from(ad, sizeof(ad)),
		    bytes_from(nonce, sizeof(nonce)), bytes_from(sealed, n),
		    out), ST_SIGNATURE);
	assert_int_equal(casekey_unseal(b->key, bytes_from(ad, sizeof(ad)),
	    bytes_from(nonce, sizeof(nonce)),
	    bytes_from(sealed, sizeof(sealed)), out), ST_OK);
	assert_memory_equal(out, text, sizeof(text));
}

static void
nonces_are_fresh(void **state)
{
	struct bench *b = *state;
	uint8_t a[CASEKEY_NONCE], c[CASEKEY_NONCE], out[4 + CASEKEY_TAG];

	assert_int_equal(casekey_seal(b->key, bytes_text(""),
	    bytes_text("same"), a, out), ST_OK);
	assert_int_equal(casekey_seal(b->key, bytes_text(""),
	    bytes_text("same"), c, out), ST_OK);
	assert_memory_not_equal(a, c, sizeof(a));
}

static void
write_key(const struct bench *b, const uint8_t *file, size_t len)
{
	int fd = open(b->key_path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, file, len), (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

/* Bytes of the file: those that say how it is sealed are refused as they are
 * read, the others when it is opened. */
static void
key_file(void **state)
{
	static const size_t kept[] = { 12, 28, 40, 87 };
	struct bench *b = *state;
	uint8_t file[CASEKEY_FILE + 1];
	struct casekey_file f;
	struct case_key *k, *again;
	int fd;

	(void)unlink(b->key_path);
	assert_int_equal(casekey_make(b->key_path, "una clave", &k, &b->d),
	    ST_OK);
	fd = open(b->key_path, O_RDONLY);
	assert_int_equal(read(fd, file, sizeof(file)), CASEKEY_FILE);
	assert_int_equal(close(fd), 0);
	assert_int_equal(casekey_open(b->key_path, "una clave", &again, &b->d),
	    ST_OK);
	assert_true(bytes_equal(casekey_id(k), casekey_id(again)));
	casekey_free(again);
	casekey_free(k);
	for (size_t n = 0; n <= sizeof(file); n++)
		assert_int_equal(casekey_parse(bytes_from(file, n), &f),
		    n == CASEKEY_FILE ? ST_OK : ST_MALFORMED);
	for (size_t i = 0; i < 12; i++) {
		file[i] ^= 0x40;
		assert_int_equal(casekey_parse(bytes_from(file, CASEKEY_FILE),
		    &f), ST_MALFORMED);
		assert_null(f.head.p);
		file[i] ^= 0x40;
	}
	for (size_t i = 0; i < COUNT(kept); i++) {
		file[kept[i]] ^= 1;
		write_key(b, file, CASEKEY_FILE);
		assert_int_equal(casekey_open(b->key_path, "una clave", &k,
		    &b->d), ST_PASSPHRASE);
		assert_null(k);
		file[kept[i]] ^= 1;
	}
	write_key(b, file, CASEKEY_FILE);
	assert_int_equal(casekey_open(b->key_path, "una clavE", &k, &b->d),
	    ST_PASSPHRASE);
	assert_int_equal(chmod(b->key_path, 0640), 0);
	assert_int_equal(casekey_open(b->key_path, "una clave", &k, &b->d),
	    ST_PERMISSION);
	assert_int_equal(casekey_make(b->key_path, "una clave", &k, &b->d),
	    ST_EXISTS);
}

static void
there_and_back(void **state)
{
	struct bench *b = *state;
	char all[512];

	assert_int_equal(read_all(b, b->kase, all), ST_NOT_FOUND);
	assert_int_equal(add(b, b->kase, "uno\n\tñ"), ST_OK);
	assert_int_equal(add(b, b->other, "dos"), ST_OK);
	assert_int_equal(add(b, b->kase, "tres"), ST_OK);
	assert_int_equal(read_all(b, b->kase, all), ST_OK);
	assert_string_equal(all, "uno\n\tñ|tres|");
	assert_int_equal(read_all(b, b->other, all), ST_OK);
	assert_string_equal(all, "dos|");
}

/* A row's place is part of what is sealed. */
static void
moved(void **state)
{
	static const char *const how[] = {
		"UPDATE case_note SET case_id = 1 WHERE id = 2",
		"UPDATE case_note SET id = 9 WHERE id = 1",
		"UPDATE case_note SET officer = 2 WHERE id = 1",
		"UPDATE case_note SET at = at + 1 WHERE id = 1",
		"UPDATE case_note SET sealed = (SELECT sealed FROM case_note"
		" WHERE id = 3), nonce = (SELECT nonce FROM case_note"
		" WHERE id = 3) WHERE id = 1",
		"UPDATE case_note SET sealed = CAST(sealed || x'00' AS BLOB)"
		" WHERE id = 1",
		"UPDATE case_note SET sealed = substr(sealed, 2) WHERE id = 1",
		"UPDATE case_note SET sealed = zeroblob(17) WHERE id = 1",
		"UPDATE case_note SET sealed = zeroblob(65536 + 17)"
		" WHERE id = 1",
		"UPDATE office SET created = created + 1",
		"UPDATE office SET code = 'MIA'",
	};
	struct bench *b = *state;
	char all[512], sql[512];

	assert_int_equal(add(b, b->kase, "uno"), ST_OK);
	assert_int_equal(add(b, b->other, "dos"), ST_OK);
	assert_int_equal(add(b, b->kase, "tres"), ST_OK);
	assert_int_equal(behind(b, "INSERT INTO officer (login, full_name,"
	    " created) VALUES ('luis', 'Luis', 0);"
	    " INSERT INTO officer_role VALUES (2, 'protection', 0, 1, 0)"),
	    SQLITE_OK);
	for (size_t i = 0; i < COUNT(how); i++)
		if (strstr(how[i], "case_note") != NULL)
			assert_int_equal(behind(b, how[i]), SQLITE_CONSTRAINT);
	assert_int_equal(behind(b, "DROP TRIGGER case_note_rekeyed;"
	    " DROP TRIGGER case_note_no_delete;"
	    " CREATE TABLE kept AS SELECT * FROM case_note;"
	    " CREATE TABLE kept_office AS SELECT * FROM office"), SQLITE_OK);
	for (size_t i = 0; i < COUNT(how); i++) {
		assert_int_equal(behind(b, how[i]), SQLITE_OK);
		assert_int_equal(read_all(b, b->kase, all), ST_SIGNATURE);
		assert_null(strstr(b->d.text, "uno"));
		(void)snprintf(sql, sizeof(sql), "DELETE FROM case_note;"
		    " INSERT INTO case_note SELECT * FROM kept;"
		    " DELETE FROM office;"
		    " INSERT INTO office SELECT * FROM kept_office");
		assert_int_equal(behind(b, sql), SQLITE_OK);
		assert_int_equal(read_all(b, b->kase, all), ST_OK);
	}
}

/* A note passes from a retired key to its successor, and in no other way. */
static void
rekeyed(void **state)
{
	struct bench *b = *state;
	struct case_key *old = b->key, *new = NULL;
	char path[80], all[512];
	int64_t n;
	bool in_use;

	(void)snprintf(path, sizeof(path), "%s/new", b->folder);
	assert_int_equal(add(b, b->kase, "uno"), ST_OK);
	assert_int_equal(add(b, b->other, "dos"), ST_OK);
	assert_int_equal(casekey_make(path, "otra clave", &new, &b->d), ST_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_case_rekey(b->r, old, new, &n, &b->d),
	    ST_UNKNOWN_KEY);
	reg_rollback(b->r);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_case_key_add(b->r, new, NULL, &in_use, &b->d),
	    ST_OK);
	assert_false(in_use);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_case_rekey(b->r, new, old, &n, &b->d),
	    ST_UNKNOWN_KEY);
	reg_rollback(b->r);
	b->key = new;
	assert_int_equal(add(b, b->kase, "no"), ST_UNKNOWN_KEY);
	assert_int_equal(read_all(b, b->kase, all), ST_UNKNOWN_KEY);
	assert_int_equal(behind(b, "UPDATE case_note SET key_id = (SELECT id"
	    " FROM protection_key WHERE used_from IS NULL), nonce ="
	    " zeroblob(12)"), SQLITE_CONSTRAINT);
	/* One that does not open fails it all. */
	assert_int_equal(behind(b, "CREATE TABLE kept AS SELECT sql FROM"
	    " sqlite_schema WHERE name = 'case_note_rekeyed';"
	    " DROP TRIGGER case_note_rekeyed; CREATE TABLE was AS SELECT nonce"
	    " FROM case_note WHERE id = 2;"
	    " UPDATE case_note SET nonce = zeroblob(12) WHERE id = 2"),
	    SQLITE_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_case_rekey(b->r, old, new, &n, &b->d),
	    ST_SIGNATURE);
	reg_rollback(b->r);
	assert_int_equal(behind(b, "UPDATE case_note SET nonce ="
	    " (SELECT nonce FROM was) WHERE id = 2"), SQLITE_OK);
	b->key = old;
	assert_int_equal(read_all(b, b->kase, all), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_case_rekey(b->r, old, new, &n, &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(n, 2);
	assert_int_equal(read_all(b, b->kase, all), ST_UNKNOWN_KEY);
	assert_int_equal(add(b, b->kase, "no"), ST_UNKNOWN_KEY);
	b->key = new;
	assert_int_equal(read_all(b, b->other, all), ST_OK);
	assert_string_equal(all, "dos|");
	casekey_free(new);
}

/* A lost key: the next is in use at once; and what the lost one sealed follows
 * when it is found. */
static void
lost(void **state)
{
	struct bench *b = *state;
	struct case_key *old = b->key, *new = NULL;
	char path[80], all[512];
	int64_t n;
	bool in_use;

	(void)snprintf(path, sizeof(path), "%s/new", b->folder);
	assert_int_equal(add(b, b->kase, "uno"), ST_OK);
	assert_int_equal(casekey_make(path, "otra clave", &new, &b->d), ST_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_case_key_add(b->r, new, "robo", &in_use, &b->d),
	    ST_OK);
	assert_true(in_use);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(add(b, b->kase, "no"), ST_UNKNOWN_KEY);
	b->key = new;
	assert_int_equal(add(b, b->kase, "dos"), ST_OK);
	assert_int_equal(read_all(b, b->kase, all), ST_OK);
	assert_string_equal(all, "dos|");
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_case_rekey(b->r, old, new, &n, &b->d), ST_OK);
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(n, 1);
	assert_int_equal(read_all(b, b->kase, all), ST_OK);
	assert_string_equal(all, "uno|dos|");
	casekey_free(new);
}

static void
texts(void **state)
{
	static const struct { const char *why, *text; enum status want; } row[] = {
		{ "empty", "", ST_DATA }, { "plain", "sí\n\tno\n", ST_OK },
		{ "escape", "a\x1b[2J", ST_DATA }, { "CR", "a\r\n", ST_DATA },
		{ "C1", "a\xc2\x9b", ST_DATA }, { "bidi", "\xe2\x80\xae", ST_DATA },
		{ "not UTF-8", "a\xff", ST_DATA },
		{ "cut by a line's end", "a\xc3\nb", ST_DATA },
	};
	static uint8_t large[CASE_NOTE_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(row); i++)
		if (case_note_check(bytes_text(row[i].text), NULL) !=
		    row[i].want)
			fail_msg("%s", row[i].why);
	memset(large, '\n', sizeof(large));
	assert_int_equal(case_note_check(bytes_from(large, CASE_NOTE_MAX),
	    NULL), ST_OK);
	assert_int_equal(case_note_check(bytes_from(large, sizeof(large)),
	    NULL), ST_TOO_BIG);
}

/* 18 on the day before it was opened, and on the day after. */
static void
minors(void **state)
{
	struct bench *b = *state;
	struct case_record c;
	int64_t id;

	assert_int_equal(reg_case(b->r, b->kase, &c, &b->d), ST_OK);
	assert_false(c.minor);
	assert_int_equal(reg_case(b->r, b->other, &c, &b->d), ST_OK);
	assert_true(c.minor);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	id = open_case(b, "2008-11-23");
	assert_int_equal(reg_case(b->r, id, &c, &b->d), ST_OK);
	assert_false(c.minor);
	reg_rollback(b->r);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(key_file), CASE(every_bit_counts), CASE(nonces_are_fresh),
		CASE(there_and_back), CASE(moved), CASE(rekeyed), CASE(lost),
		cmocka_unit_test(texts), CASE(minors),
	};

	int failed = cmocka_run_group_tests_name("protection", tests, NULL,
	    NULL);

	casekey_free(shared);
	return failed;
}
