/* Reports: what is withheld cannot be found out; order statistics. */
#include "tests/unit/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/report/spread.h"
#include "issuer/report/table.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { LEAVES_MAX = 24, SUMS_MAX = 96, TRIES_MAX = 5000000 };

static uint64_t seed = 20261123;

static unsigned
draw(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % n;
}

/* ---- an attacker who tries every table that could be the true one ---- */

/* What the reader does not know (leaves, of which he has tried some), and what
 * he is told of their sums: how much is left for those he has not tried, and
 * how much these are in truth. */
struct attack {
	const struct table *t;
	struct { size_t r, s, a; int64_t n; bool tried; } leaf[LEAVES_MAX];
	size_t leaves;
	struct { int64_t left, truth; size_t open; } sum[SUMS_MAX];
	size_t sums;
	bool in[SUMS_MAX][LEAVES_MAX];
	long tries;
};

static bool
counts(size_t sum, size_t total, size_t leaf)
{
	return sum == total || sum == leaf;
}

/* The total at a place is `value`: the unknown leaves make up what the shown
 * ones leave of it. */
static void
tell(struct attack *k, size_t r, size_t s, size_t a, int64_t value)
{
	size_t i = k->sums++;
	int64_t known = table_n(k->t, r, s, a);

	assert_true(i < SUMS_MAX);
	k->sum[i].open = 0;
	k->sum[i].truth = 0;
	for (size_t j = 0; j < k->leaves; j++) {
		k->in[i][j] = counts(r, k->t->rows, k->leaf[j].r) &&
		    counts(s, TABLE_SEXES, k->leaf[j].s) &&
		    counts(a, TABLE_AGES, k->leaf[j].a);
		if (k->in[i][j]) {
			k->sum[i].open++;
			k->sum[i].truth += k->leaf[j].n;
		}
	}
	known -= k->sum[i].truth;
	k->sum[i].left = value - known;
}

/* Is any table left to try when leaf j is n? Takes it out of the sums. */
static bool
take(struct attack *k, size_t j, int64_t n)
{
	bool good = true;

	k->leaf[j].tried = true;
	for (size_t i = 0; i < k->sums; i++)
		if (k->in[i][j]) {
			k->sum[i].left -= n;
			k->sum[i].truth -= k->leaf[j].n;
			k->sum[i].open--;
			if (k->sum[i].left < 0 ||
			    (k->sum[i].open == 0 && k->sum[i].left != 0))
				good = false;
		}
	return good;
}

static void
give_back(struct attack *k, size_t j, int64_t n)
{
	k->leaf[j].tried = false;
	for (size_t i = 0; i < k->sums; i++)
		if (k->in[i][j]) {
			k->sum[i].left += n;
			k->sum[i].truth += k->leaf[j].n;
			k->sum[i].open++;
		}
}

/* A leaf of the sum that is wrong with the rest as it is in truth, and has the
 * fewest left to try. False when none is wrong: this is a table. */
static bool
wrong(const struct attack *k, size_t *leaf)
{
	size_t best = SUMS_MAX;

	for (size_t i = 0; i < k->sums; i++)
		if (k->sum[i].left != k->sum[i].truth && (best == SUMS_MAX ||
		    k->sum[i].open < k->sum[best].open))
			best = i;
	for (size_t j = 0; best < SUMS_MAX && j < k->leaves; j++)
		if (k->in[best][j] && !k->leaf[j].tried) {
			*leaf = j;
			return true;
		}
	return false;
}

static bool
search(struct attack *k)
{
	size_t j;

	if (!wrong(k, &j))
		return true;
	if (++k->tries > TRIES_MAX)
		fail_msg("the attacker has not enough time");
	/* Around the true value, and that value too. */
	for (int step = 1; step <= 11; step++) {
		int64_t n = k->leaf[j].n +
		    (step % 2 == 0 ? step / 2 : -(step / 2));
		bool found;

		if (n < 0)
			continue;
		found = take(k, j, n) && search(k);
		give_back(k, j, n);
		if (found)
			return true;
	}
	return false;
}

static void
find_leaves(struct attack *k)
{
	const struct table *t = k->t;

	for (size_t i = 0; i < t->rows; i++)
		for (size_t j = 0; j < TABLE_SEXES; j++)
			for (size_t l = 0; l < TABLE_AGES; l++) {
				size_t n = k->leaves;

				if (!table_withheld(t, i, j, l))
					continue;
				assert_true(n < LEAVES_MAX);
				k->leaf[n].r = i;
				k->leaf[n].s = j;
				k->leaf[n].a = l;
				k->leaf[n].n = table_n(t, i, j, l);
				k->leaves++;
			}
}

/* Could the cell be `value`, by all that the table shows? */
static bool
possible(const struct table *t, size_t r, size_t s, size_t a, int64_t value)
{
	static struct attack k;

	memset(&k, 0, sizeof(k));
	k.t = t;
	find_leaves(&k);
	for (size_t i = 0; i <= t->rows; i++)
		for (size_t j = 0; j <= TABLE_SEXES; j++)
			for (size_t l = 0; l <= TABLE_AGES; l++)
				if ((i == t->rows || j == TABLE_SEXES ||
				    l == TABLE_AGES) &&
				    !table_withheld(t, i, j, l) &&
				    table_n(t, i, j, l) > 0)
					tell(&k, i, j, l, table_n(t, i, j, l));
	tell(&k, r, s, a, value);
	/* No leaf can make up for what a sum of none should be. */
	if (k.sum[k.sums - 1].open == 0)
		return k.sum[k.sums - 1].left == 0;
	return search(&k);
}

static void
print_table(const struct table *t)
{
	for (size_t r = 0; r <= t->rows; r++)
		for (size_t s = 0; s <= TABLE_SEXES; s++) {
			print_message("# row %zu sex %zu:", r, s);
			for (size_t a = 0; a <= TABLE_AGES; a++)
				print_message(" %lld%s",
				    (long long)table_n(t, r, s, a),
				    table_withheld(t, r, s, a) ? "x" : "");
			print_message("\n");
		}
}

/* Every promise of table.h, for one cell. */
static bool
promises(const struct table *t, size_t r, size_t s, size_t a)
{
	int64_t n = table_n(t, r, s, a);
	bool held = table_withheld(t, r, s, a);

	if (n == 0)
		return !held;
	if (n < TABLE_SMALL) {
		for (int64_t v = 1; v < TABLE_SMALL; v++)
			if (!possible(t, r, s, a, v))
				return false;
		return held;
	}
	return !held || possible(t, r, s, a, n - 1) ||
	    possible(t, r, s, a, n + 1);
}

static void
assert_safe(const struct table *t)
{
	for (size_t r = 0; r <= t->rows; r++)
		for (size_t s = 0; s <= TABLE_SEXES; s++)
			for (size_t a = 0; a <= TABLE_AGES; a++)
				if (!promises(t, r, s, a)) {
					print_table(t);
					fail_msg("row %zu sex %zu age %zu",
					    r, s, a);
				}
}

/* Small random tables of every kind of emptiness and size of counts. */
static void
test_attack(void **state)
{
	static const struct {
		size_t rows;
		unsigned sexes, ages, most, empty;
		unsigned rare;		/* of one sex: at most this */
	} kinds[] = {
		{ 1, 2, 2, 9, 3, 0 }, { 2, 2, 2, 9, 4, 0 }, { 3, 2, 2, 12, 3, 0 },
		{ 3, 2, 2, 5, 2, 0 }, { 4, 2, 2, 30, 9, 0 }, { 4, 2, 2, 2, 2, 0 },
		{ 3, 3, 2, 9, 3, 0 }, { 2, 2, 3, 20, 5, 0 }, { 3, 2, 3, 40, 9, 0 },
		{ 4, 1, 1, 6, 3, 0 }, { 1, 1, 1, 9, 9, 0 },
		{ 4, 3, 1, 4, 2, 0 }, { 5, 3, 1, 9, 2, 0 }, { 9, 2, 1, 2, 2, 0 },
		{ 3, 1, 6, 4, 3, 0 }, { 4, 3, 1, 5, 9, 1 }, { 4, 3, 1, 9, 5, 1 },
		{ 4, 2, 1, 3, 9, 1 }, { 5, 2, 1, 6, 3, 1 }, { 3, 3, 2, 6, 5, 1 },
		{ 3, 2, 3, 4, 5, 1 }, { 4, 2, 2, 5, 5, 1 },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(kinds); k++)
		for (int i = 0; i < 60; i++) {
			struct table t;

			assert_true(table_new(&t, kinds[k].rows));
			for (size_t r = 0; r < t.rows; r++)
				for (size_t s = 0; s < kinds[k].sexes; s++)
					for (size_t a = 0; a < kinds[k].ages; a++)
						if (draw(kinds[k].empty) != 0)
							table_add(&t, r, s, a,
							    draw((kinds[k].rare > 0 && s == 0 ? kinds[k].rare :
							    kinds[k].most) + 1));
			table_sum(&t);
			assert_true(table_protect(&t));
			assert_safe(&t);
			table_free(&t);
		}
}

/* ---- an attacker who narrows every cell of a large table by every sum ---- */

enum { RANGES = (TABLE_ROWS_MAX + 1) * (TABLE_SEXES + 1) * (TABLE_AGES + 1) };

static struct range { int64_t least, most; } range[RANGES];

static struct range *
range_at(const size_t at[3])
{
	return &range[(at[0] * (TABLE_SEXES + 1) + at[1]) * (TABLE_AGES + 1) +
	    at[2]];
}

static bool
narrow(struct range *r, int64_t least, int64_t most)
{
	bool did = least > r->least || most < r->most;

	r->least = least > r->least ? least : r->least;
	r->most = most < r->most ? most : r->most;
	return did;
}

/* Along one side: the last place is the sum of those before it. */
static bool
narrow_line(size_t at[3], int side, size_t n)
{
	int64_t least = 0, most = 0;
	struct range total;
	bool did;

	for (at[side] = 0; at[side] < n; at[side]++) {
		least += range_at(at)->least;
		most += range_at(at)->most;
	}
	did = narrow(range_at(at), least, most);
	total = *range_at(at);
	for (at[side] = 0; at[side] < n; at[side]++) {
		struct range r = *range_at(at);

		if (narrow(range_at(at), total.least - (most - r.most),
		    total.most - (least - r.least)))
			did = true;
		least += range_at(at)->least - r.least;
		most += range_at(at)->most - r.most;
	}
	at[side] = 0;
	return did;
}

static void
narrow_all(const struct table *t)
{
	const size_t n[3] = { t->rows, TABLE_SEXES, TABLE_AGES };
	bool did = true;

	for (int round = 0; did && round < 100; round++) {
		did = false;
		for (int side = 0; side < 3; side++) {
			int x = side == 0 ? 1 : 0, y = side == 2 ? 1 : 2;
			size_t at[3] = { 0, 0, 0 };

			for (at[x] = 0; at[x] <= n[x]; at[x]++)
				for (at[y] = 0; at[y] <= n[y]; at[y]++)
					if (narrow_line(at, side, n[side]))
						did = true;
		}
	}
}

/* As a register gives it: few of sex X, few old, rows of every size. */
static void
fill_likely(struct table *t, unsigned persons)
{
	static const unsigned sex[] = { 540, 455, 5 };

	for (unsigned i = 0; i < persons; i++) {
		unsigned x = draw(1000), row = draw((unsigned)t->rows), s = 0;

		while (x >= sex[s])
			x -= sex[s++];
		table_add(t, draw(row + 1), s, draw(3 + draw(4)), 1);
	}
	table_sum(t);
}

static void
test_large_attack(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		struct table t;
		size_t at[3], held = 0;

		assert_true(table_new(&t, 2 + draw(30)));
		fill_likely(&t, 20 + draw(4000));
		assert_true(table_protect(&t));
		for (at[0] = 0; at[0] <= t.rows; at[0]++)
			for (at[1] = 0; at[1] <= TABLE_SEXES; at[1]++)
				for (at[2] = 0; at[2] <= TABLE_AGES; at[2]++) {
					int64_t v = table_n(&t, at[0], at[1],
					    at[2]);

					*range_at(at) = table_withheld(&t,
					    at[0], at[1], at[2]) ?
					    (struct range){ 0, 1000000 } :
					    (struct range){ v, v };
				}
		narrow_all(&t);
		for (at[0] = 0; at[0] <= t.rows; at[0]++)
			for (at[1] = 0; at[1] <= TABLE_SEXES; at[1]++)
				for (at[2] = 0; at[2] <= TABLE_AGES; at[2]++) {
					int64_t v = table_n(&t, at[0], at[1],
					    at[2]);
					struct range r = *range_at(at);

					if (v > 0 && v < TABLE_SMALL)
						assert_true(r.least <= 1 &&
						    r.most >= 4);
					if (table_withheld(&t, at[0], at[1],
					    at[2])) {
						assert_true(r.least < r.most);
						held++;
					}
				}
		assert_true(held > 0);
		table_free(&t);
	}
}

/* Nothing small: everything is shown. */
static void
test_nothing_small(void **state)
{
	struct table t;

	(void)state;
	assert_true(table_new(&t, 5));
	for (size_t r = 0; r < 5; r++)
		for (size_t s = 0; s < 2; s++)
			for (size_t a = 0; a < 6; a++)
				table_add(&t, r, s, a,
				    draw(2) == 0 ? 0 : TABLE_SMALL + draw(9));
	table_sum(&t);
	assert_true(table_protect(&t));
	for (size_t r = 0; r <= 5; r++)
		for (size_t s = 0; s <= TABLE_SEXES; s++)
			for (size_t a = 0; a <= TABLE_AGES; a++)
				assert_false(table_withheld(&t, r, s, a));
	table_free(&t);
}

static void
test_totals(void **state)
{
	struct table t;

	(void)state;
	assert_true(table_new(&t, 2));
	table_add(&t, 0, TABLE_F, 3, 7);
	table_add(&t, 1, TABLE_F, 3, 10);
	table_add(&t, 1, TABLE_M, 0, 100);
	table_sum(&t);
	assert_int_equal(table_n(&t, 2, TABLE_F, 3), 17);
	assert_int_equal(table_n(&t, 1, TABLE_SEXES, TABLE_AGES), 110);
	assert_int_equal(table_n(&t, 2, TABLE_SEXES, 3), 17);
	assert_int_equal(table_n(&t, 2, TABLE_SEXES, TABLE_AGES), 117);
	table_free(&t);
	assert_false(table_new(&t, TABLE_ROWS_MAX + 1));
	table_free(&t);
}

static void
test_ages(void **state)
{
	static const struct { int years; size_t group; } cases[] = {
		{ -1, TABLE_AGE_UNKNOWN }, { 0, 0 }, { 11, 0 }, { 12, 1 },
		{ 17, 1 }, { 18, 2 }, { 29, 2 }, { 30, 3 }, { 44, 3 },
		{ 45, 4 }, { 59, 4 }, { 60, 5 }, { 130, 5 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(table_age(cases[i].years), cases[i].group);
}

/* Against the definition: the least value that enough of them do not exceed. */
static int64_t
by_counting(const int64_t *v, size_t n, int percent)
{
	for (int64_t x = 0;; x++) {
		size_t reached = 0;

		for (size_t i = 0; i < n; i++)
			if (v[i] <= x)
				reached++;
		if (reached * 100 >= n * (size_t)percent)
			return x;
	}
}

static void
test_spread(void **state)
{
	static struct spread s;
	int64_t v[40];

	(void)state;
	assert_int_equal(spread_at(&s, 50), 0);
	for (size_t n = 1; n <= COUNT(v); n++) {
		memset(&s, 0, sizeof(s));
		for (size_t i = 0; i < n; i++)
			spread_add(&s, v[i] = draw(50));
		for (int percent = 10; percent <= 100; percent += 10)
			assert_int_equal(spread_at(&s, percent),
			    by_counting(v, n, percent));
	}
	memset(&s, 0, sizeof(s));
	spread_add(&s, -3);
	assert_int_equal(spread_at(&s, 100), 0);
	spread_add(&s, 1000000);
	assert_int_equal(spread_at(&s, 100), SPREAD_DAYS);
	assert_int_equal(s.n, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attack),
		cmocka_unit_test(test_large_attack),
		cmocka_unit_test(test_nothing_small),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_spread),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
