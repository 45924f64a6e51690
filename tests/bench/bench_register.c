/*
 * What a register of many persons costs: putting them in, finding them by name,
 * and finding out who was there already, each beside raw SQLite or a full scan;
 * and how many of the copies that a second clerk makes are found, class by
 * class (people.h). Sizes as arguments, else 100,000 and 1,000,000; one run.
 * Never a test: machines are noisy. TMPDIR says where the registers are.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "issuer/register/duplicate.h"
#include "issuer/register/dupsearch.h"
#include "issuer/register/person_find.h"
#include "tests/bench/bench.h"
#include "tests/bench/people.h"
#include "tests/bench/register_raw.h"

enum { CHUNK = 1000, BIG_CHUNK = 20000, A_CLASS = 200, STRANGERS = 1000,
    SEARCHES = 300, COLD = 60, RAW = 100000 };

/* ---- copies ---------------------------------------------------------------- */

struct copy {
	struct person *p;
	int64_t of;
	enum people_error error;
};

static struct copy copies[A_CLASS * PEOPLE_ERRORS];
static size_t copies_n;

/* Of every so many persons, one for the next class, if it has what it takes. */
static void
maybe_copy(struct people *chance, const struct person *p, size_t done,
    size_t all)
{
	size_t cap = sizeof(copies) / sizeof(copies[0]);
	static struct person made;
	struct copy *c = &copies[copies_n];

	if (copies_n == cap || done * cap < copies_n * all)
		return;
	c->error = (enum people_error)(copies_n % PEOPLE_ERRORS);
	if (!people_disturb(chance, p, c->error, &made))
		return;
	holds((c->p = malloc(sizeof(made))) != NULL);
	*c->p = made;
	c->of = p->id;
	copies_n++;
}

/* ---- putting in ------------------------------------------------------------ */

static double
fill(struct reg *r, size_t n, size_t chunk)
{
	static struct people g, chance;
	static struct person p;
	double t = bench_seconds(), not = 0;

	people_begin(&g, SEED);
	people_begin(&chance, SEED + 1);
	for (size_t i = 0; i < n; i++) {
		double at;

		if (i % chunk == 0)
			holds(reg_begin(r, &bench_diag) == ST_OK);
		at = bench_seconds();
		p = people_next(&g)->p;
		not += bench_seconds() - at;
		holds(reg_person_add(r, &p, bytes_from("", 0), &bench_diag) ==
		    ST_OK);
		at = bench_seconds();
		maybe_copy(&chance, &p, i, n);
		not += bench_seconds() - at;
		if (i % chunk == chunk - 1 || i + 1 == n)
			holds(reg_commit(r, &bench_diag) == ST_OK);
	}
	return bench_seconds() - t - not;
}

/* ---- finding by name -------------------------------------------------------- */

static enum status
count_person(void *arg, const struct person *p)
{
	(void)p;
	++*(size_t *)arg;
	return ST_OK;
}

static void
print_times(const char *what, double *t, size_t n)
{
	qsort(t, n, sizeof(t[0]), bench_ascending);
	printf("  %-34s %8.2f ms median, %8.2f ms 95th, %8.2f ms most\n", what,
	    t[n / 2] * 1e3, t[n * 95 / 100] * 1e3, t[n - 1] * 1e3);
}

/* Given name and both surnames, as somebody at the counter says them. */
static void
bench_search(struct reg *r)
{
	static double t[SEARCHES];
	size_t found = 0;

	for (size_t i = 0; i < SEARCHES; i++) {
		const struct person *p = copies[i * PEOPLE_ERRORS %
		    copies_n].p;
		char name[REG_FOLDED];

		holds(person_full_name(p, name, sizeof(name)));
		t[i] = bench_seconds();
		holds(reg_person_find(r, name, count_person, &found, &bench_diag) ==
		    ST_OK);
		t[i] = bench_seconds() - t[i];
	}
	print_times("person find, whole names", t, SEARCHES);
}

/* ---- duplicates ------------------------------------------------------------- */

/* What another threshold would have found. */
static const int scores[] = { DUP_OPEN, DUP_OPEN + 5, DUP_OPEN + 10,
    DUP_OPEN + 15, DUP_HIGH };
#define SCORES (sizeof(scores) / sizeof(scores[0]))

struct tally {
	size_t asked, hits, first, others;
};

static struct tally from[SCORES];	/* of the copies */

/* What this process had of the processor: the machine may have other work. */
static double
busy_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double busy;	/* of the last ask */

static double
ask(struct reg *r, const struct person *p, int64_t of, struct tally *t)
{
	struct duplicate_candidate c[DUP_FOUND_MAX];
	size_t n;
	double at = bench_seconds();

	busy = busy_seconds();

	/* As every command: one snapshot. */
	holds(reg_begin_reading(r, &bench_diag) == ST_OK);
	holds(reg_duplicate_find(r, p, c, DUP_FOUND_MAX, &n, &bench_diag) == ST_OK);
	holds(reg_commit(r, &bench_diag) == ST_OK);
	at = bench_seconds() - at;
	busy = busy_seconds() - busy;
	t->asked++;
	for (size_t i = 0; i < n; i++) {
		if (c[i].person == of) {
			t->hits++;
			t->first += i == 0;
		} else
			t->others++;
		for (size_t j = 0; j < SCORES && of > 0; j++) {
			from[j].hits += c[i].score >= scores[j] &&
			    c[i].person == of;
			from[j].others += c[i].score >= scores[j] &&
			    c[i].person != of;
		}
	}
	return at;
}

static void
show_missed(struct reg *r, const struct copy *c)
{
	static struct person p;
	struct dup_profile x, y;
	const struct person *pair[2] = { &p, c->p };
	uint32_t reasons;
	char text[DUP_REASONS_TEXT];
	int score;

	if (getenv("BENCH_MISSED") == NULL)
		return;
	holds(reg_person(r, c->of, &p, &bench_diag) == ST_OK);
	for (int i = 0; i < 2; i++) {
		const struct person *q = pair[i];

		dup_profile_make(q->field[PERSON_GIVEN],
		    q->field[PERSON_SURNAME1], q->field[PERSON_SURNAME2],
		    q->field[PERSON_MAIDEN],
		    q->field[PERSON_BIRTH_DATE], q->field[PERSON_BIRTH_PLACE],
		    q->field[PERSON_SEX], i == 0 ? &x : &y);
		printf("    %s | %s | %s | %s | %s\n", q->field[PERSON_GIVEN],
		    q->field[PERSON_SURNAME1], q->field[PERSON_SURNAME2],
		    q->field[PERSON_BIRTH_DATE], q->field[PERSON_BIRTH_PLACE]);
	}
	score = dup_score(&x, &y, &reasons);
	dup_reasons_format(reasons, text);
	printf("    missed: %s, score %d: %s\n", people_error_text(c->error),
	    score, text);
}

static double
percent(size_t part, size_t of)
{
	return of == 0 ? 100 : 100 * (double)part / (double)of;
}

static void
print_tally(const char *what, const struct tally *t)
{
	printf("  %-38s %6zu %8.1f %8.1f %10.1f\n", what, t->asked,
	    percent(t->hits, t->asked), percent(t->first, t->asked),
	    percent(t->hits, t->hits + t->others));
}

static void
bench_copies(struct reg *r)
{
	struct tally by[PEOPLE_ERRORS] = { { 0 } }, all = { 0 }, none = { 0 };
	double *t = malloc((copies_n + STRANGERS) * sizeof(*t));
	double *cpu = malloc((copies_n + STRANGERS) * sizeof(*cpu));
	static struct people g;
	size_t n = 0;

	holds(t != NULL && cpu != NULL);
	for (size_t i = 0; i < copies_n; i++) {
		struct tally *of = &by[copies[i].error];
		size_t hits = of->hits;

		t[n] = ask(r, copies[i].p, copies[i].of, of);
		cpu[n++] = busy;
		if (of->hits == hits)
			show_missed(r, &copies[i]);
	}
	people_begin(&g, SEED + 2);
	for (size_t i = 0; i < STRANGERS; i++) {
		t[n] = ask(r, &people_next(&g)->p, -1, &none);
		cpu[n++] = busy;
	}
	print_times("duplicates of one person, warm", t, n);
	print_times("  of it on the processor", cpu, n);
	printf("  score from %d               persons  recall %%  first %% "
	    "precision %%\n", DUP_OPEN);
	for (int e = 0; e < PEOPLE_ERRORS; e++) {
		print_tally(people_error_text((enum people_error)e), &by[e]);
		all.asked += by[e].asked;
		all.hits += by[e].hits;
		all.first += by[e].first;
		all.others += by[e].others;
	}
	print_tally("all of these", &all);
	for (size_t i = 0; i < SCORES; i++)
		printf("  from a score of %d: recall %.2f %%, precision %.2f %%\n",
		    scores[i], percent(from[i].hits, all.asked),
		    percent(from[i].hits, from[i].hits + from[i].others));
	memset(from, 0, sizeof(from));
	printf("  persons who are new: %zu asked, %zu pairs put to an officer\n",
	    none.asked, none.others);
	free(t);
	free(cpu);
}

/* A register that no page of is in memory, opened for one question. */
static void
bench_cold(const char *name)
{
	static double t[COLD];
	struct tally ignored = { 0 };
	char path[320];

	path_of(path, name, "");
	for (size_t i = 0; i < COLD; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		struct reg *r;

		holds(fd >= 0 && fsync(fd) == 0 &&
		    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
		close(fd);
		t[i] = bench_seconds();
		holds(reg_open(path, &r, &bench_diag) == ST_OK);
		(void)ask(r, copies[(i * 7919) % copies_n].p, 0, &ignored);
		t[i] = bench_seconds() - t[i];
		reg_close(r);
	}
	print_times("duplicates, opened, nothing cached", t, COLD);
}

static void
bench_scan(const char *name, size_t rounds)
{
	static double t[8];

	for (size_t i = 0; i < rounds; i++)
		t[i] = raw_scan(name, copies[i].p);
	print_times("the same by a full scan", t, rounds);
}

/* ---- all of it ---------------------------------------------------------------- */

static void
bench_size(size_t n)
{
	struct reg *r = new_register("register");
	size_t chunk = n > 200000 ? BIG_CHUNK : CHUNK;
	struct stat sb;
	char path[320];
	double t = fill(r, n, chunk), raw;

	path_of(path, "register", "");
	holds(stat(path, &sb) == 0);
	printf("bench_register: %zu persons, %.0f MB, seed %d, one run\n", n,
	    (double)sb.st_size / 1e6, SEED);
	printf("  person add, %5zu a transaction     %8.0f a second\n", chunk,
	    (double)n / t);
	if (n <= RAW) {
		raw = raw_fill(n - n % chunk, chunk);
		printf("  raw SQLite, the same rows          %8.0f a second,"
		    " ratio %.2f\n", (double)(n - n % chunk) / raw,
		    t / raw);
	}
	fflush(stdout);
	bench_search(r);
	bench_copies(r);
	fflush(stdout);
	reg_close(r);
	bench_cold("register");
	bench_scan("register", n > 200000 ? 3 : 8);
	fflush(stdout);
	remove_register("register");
	while (copies_n > 0)
		free(copies[--copies_n].p);
}

int
main(int argc, char *argv[])
{
	static const char *const sizes[] = { "100000", "1000000" };
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(bench_folder, sizeof(bench_folder), "%s/benchXXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	holds(mkdtemp(bench_folder) != NULL);
	for (int i = 0; i < (argc > 1 ? argc - 1 : 2); i++) {
		size_t n = (size_t)strtoull(argc > 1 ? argv[i + 1] : sizes[i],
		    NULL, 10);

		holds(n >= CHUNK);
		bench_size(n);
	}
	(void)rmdir(bench_folder);
	return 0;
}
