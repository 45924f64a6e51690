/*
 * What an office's evening costs with many persons: a report by sex, age and
 * district beside raw SQLite that groups the same rows, and a sealed backup
 * beside SQLite's own copy in the clear. Sizes as arguments, else 100,000 and
 * 1,000,000; one run. TMPDIR says where the registers are.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "issuer/exchange/backup.h"
#include "issuer/register/officer.h"
#include "issuer/report/report.h"
#include "tests/bench/bench.h"
#include "tests/bench/people.h"

enum { CHUNK = 20000, ROUNDS = 3, SEED = 20261124 };

#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */
#define PASSPHRASE "solo para medir, nada mas"

static struct diag diag;
static char folder[256];

static void
holds_at(bool what, int line)
{
	if (what)
		return;
	fprintf(stderr, "bench_office: line %d: %s\n", line, diag.text);
	abort();
}
#define holds(what) holds_at(what, __LINE__)

static const struct office office = { .state = "NIC", .code = "SJO",
    .country = "X", .name = "X", .address = "X", .verify_at = "X",
    .demo = true, .capacity = 65536 };

static void
path_of(char out[320], const char *name)
{
	(void)snprintf(out, 320, "%s/%s", folder, name);
}

static struct reg *
make_register(size_t n)
{
	static struct people g;
	static struct person p;
	char path[320];
	struct reg *r;

	path_of(path, "office");
	holds(reg_create(path, &office, "ana", "Ana", OFFICER_DESK, NULL, NOW,
	    &diag) == ST_OK);
	holds(reg_open(path, &r, &diag) == ST_OK);
	reg_set_now(r, NOW);
	holds(reg_act_as(r, "ana", &diag) == ST_OK);
	people_begin(&g, SEED);
	for (size_t i = 0; i < n; i++) {
		if (i % CHUNK == 0)
			holds(reg_begin(r, &diag) == ST_OK);
		p = people_next(&g)->p;
		holds(reg_person_add(r, &p, bytes_from("", 0), &diag) ==
		    ST_OK);
		if (i % CHUNK == CHUNK - 1 || i + 1 == n)
			holds(reg_commit(r, &diag) == ST_OK);
	}
	return r;
}

static sqlite3 *
raw_open(const char *name)
{
	char path[320];
	sqlite3 *db;

	path_of(path, name);
	holds(sqlite3_open(path, &db) == SQLITE_OK);
	return db;
}

/* The same counts, not withheld, by one statement. */
static double
raw_report(void)
{
	sqlite3 *db = raw_open("office");
	sqlite3_stmt *q;
	double t = bench_seconds();

	holds(sqlite3_prepare_v2(db, "SELECT district, sex,"
	    " (CAST(strftime('%Y', '2026-11-23') AS INTEGER) -"
	    "  CAST(substr(birth_date, 1, 4) AS INTEGER)) / 15, count(*)"
	    " FROM person WHERE state = 'abroad' GROUP BY 1, 2, 3", -1, &q,
	    NULL) == SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		;
	t = bench_seconds() - t;
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return t;
}

static double
our_report(struct reg *r)
{
	static struct report report;
	struct report_ask ask = { .kind = REPORT_POPULATION,
	    .by = BY_DISTRICT, .from = { 2026, 1, 1 }, .to = { 2026, 11, 23 } };
	double t = bench_seconds();

	holds(report_make(&report, &ask, &r, &office, 1, 20, NOW, &diag) ==
	    ST_OK);
	t = bench_seconds() - t;
	report_free(&report);
	return t;
}

static double
raw_backup(void)
{
	sqlite3 *db = raw_open("office"), *to = raw_open("copy");
	double t = bench_seconds();
	sqlite3_backup *b = sqlite3_backup_init(to, "main", db, "main");
	char path[320];

	holds(b != NULL && sqlite3_backup_step(b, -1) == SQLITE_DONE &&
	    sqlite3_backup_finish(b) == SQLITE_OK);
	(void)sqlite3_close(to);
	t = bench_seconds() - t;
	(void)sqlite3_close(db);
	path_of(path, "copy");
	(void)unlink(path);
	return t;
}

static double
our_backup(struct reg *r, double *verify)
{
	char path[320];
	struct backup_made made;
	struct backup b;
	double t = bench_seconds();

	path_of(path, "sealed");
	holds(backup_create(r, &office, NOW, path, PASSPHRASE, &made, &diag) ==
	    ST_OK);
	t = bench_seconds() - t;
	*verify = bench_seconds();
	holds(backup_open(path, PASSPHRASE, &b, &diag) == ST_OK);
	holds(backup_read(&b, NULL, NULL, &diag) == ST_OK);
	backup_close(&b);
	*verify = bench_seconds() - *verify;
	(void)unlink(path);
	return t;
}

static void
bench_size(size_t n)
{
	static const char *const names[] = { "office", "office-wal",
	    "office-shm" };
	double ours[ROUNDS], raw[ROUNDS], t, base, verify;
	struct reg *r = make_register(n);
	struct stat sb;
	char path[320];

	path_of(path, "office");
	for (int i = 0; i < ROUNDS; i++) {
		ours[i] = our_report(r);
		raw[i] = raw_report();
	}
	t = bench_median(ours, ROUNDS);
	base = bench_median(raw, ROUNDS);
	printf("bench_office: %zu persons, seed %d\n", n, SEED);
	printf("  population by district, sex, age    %8.3f s\n", t);
	printf("  raw SQLite, GROUP BY the same       %8.3f s, ratio %.2f\n",
	    base, t / base);
	base = raw_backup();
	t = our_backup(r, &verify);
	holds(stat(path, &sb) == 0);
	printf("  backup create, sealed               %8.3f s (%.0f MB)\n", t,
	    (double)sb.st_size / 1e6);
	printf("  raw SQLite backup, in the clear     %8.3f s, ratio %.2f\n",
	    base, t / base);
	printf("  reading it back through the seal    %8.3f s\n", verify);
	fflush(stdout);
	reg_close(r);
	for (size_t i = 0; i < 3; i++) {
		path_of(path, names[i]);
		(void)unlink(path);
	}
}

int
main(int argc, char *argv[])
{
	static const char *const sizes[] = { "100000", "1000000" };
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(folder, sizeof(folder), "%s/benchXXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	holds(mkdtemp(folder) != NULL);
	for (int i = 0; i < (argc > 1 ? argc - 1 : 2); i++)
		bench_size((size_t)strtoull(argc > 1 ? argv[i + 1] : sizes[i],
		    NULL, 10));
	(void)rmdir(folder);
	return 0;
}
