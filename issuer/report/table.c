#include "issuer/report/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One after another, the boxes of all small cells are chosen again: each sees
 * then what the others withhold anyhow. */
#define PASSES 3

enum { ROW, SEX, AGE, SIDES };
enum { CORNERS = 1 << SIDES };

struct place {
	size_t at[SIDES];
};

/* A small cell and the boxes that protect it, each by the corner farthest from
 * it: one, or as many as together take n - 1 persons away. */
struct small {
	struct place at;
	int64_t n;
	struct place far[TABLE_SMALL - 2];
	size_t boxes;
};

struct work {
	const struct table *t;
	unsigned *use;		/* of each cell: boxes that it is a corner of */
	struct small *small;
	size_t n;
};

size_t
table_age(int years)
{
	static const int first[] = {
		AGE_CHILD, AGE_ADOLESCENT, AGE_YOUNG, AGE_ADULT, AGE_MIDDLE,
		AGE_OLD
	};
	size_t group = 0;

	if (years < 0)
		return TABLE_AGE_UNKNOWN;
	while (group + 1 < TABLE_AGE_UNKNOWN && years >= first[group + 1])
		group++;
	return group;
}

static size_t
total_of(const struct table *t, int side)
{
	return side == ROW ? t->rows : side == SEX ? TABLE_SEXES : TABLE_AGES;
}

static bool
is_total(const struct table *t, const struct place *p, int side)
{
	return p->at[side] == total_of(t, side);
}

static size_t
cell_at(size_t row, size_t sex, size_t age)
{
	return (row * (TABLE_SEXES + 1) + sex) * (TABLE_AGES + 1) + age;
}

static size_t
cell_of(const struct place *p)
{
	return cell_at(p->at[ROW], p->at[SEX], p->at[AGE]);
}

static size_t
cells(const struct table *t)
{
	return (t->rows + 1) * (TABLE_SEXES + 1) * (TABLE_AGES + 1);
}

bool
table_new(struct table *t, size_t rows)
{
	*t = (struct table){ .rows = rows };
	if (rows > TABLE_ROWS_MAX)
		return false;
	t->n = calloc(cells(t), sizeof(*t->n));
	t->withheld = calloc(cells(t), sizeof(*t->withheld));
	if (t->n != NULL && t->withheld != NULL)
		return true;
	table_free(t);
	return false;
}

void
table_free(struct table *t)
{
	free(t->n);
	free(t->withheld);
	*t = (struct table){ .rows = 0 };
}

void
table_add(struct table *t, size_t row, size_t sex, size_t age, int64_t n)
{
	assert(row < t->rows && sex < TABLE_SEXES && age < TABLE_AGES);
	t->n[cell_at(row, sex, age)] += n;
}

/* Adds a count to every total that it is part of. */
static void
add_up(struct table *t, size_t row, size_t sex, size_t age)
{
	int64_t n = t->n[cell_at(row, sex, age)];

	for (int m = 1; m < CORNERS; m++)
		t->n[cell_at((m & 1) != 0 ? t->rows : row,
		    (m & 2) != 0 ? (size_t)TABLE_SEXES : sex,
		    (m & 4) != 0 ? (size_t)TABLE_AGES : age)] += n;
}

void
table_sum(struct table *t)
{
	for (size_t r = 0; r < t->rows; r++)
		for (size_t s = 0; s < TABLE_SEXES; s++)
			for (size_t a = 0; a < TABLE_AGES; a++)
				add_up(t, r, s, a);
}

int64_t
table_n(const struct table *t, size_t row, size_t sex, size_t age)
{
	return t->n[cell_at(row, sex, age)];
}

bool
table_withheld(const struct table *t, size_t row, size_t sex, size_t age)
{
	return t->withheld[cell_at(row, sex, age)];
}

static bool
is_small(int64_t n)
{
	return n > 0 && n < TABLE_SMALL;
}

/* What readers lose: persons, and more so in totals. */
static int64_t
loss(const struct table *t, const struct place *p)
{
	int64_t times = 1;

	for (int side = ROW; side < SIDES; side++)
		if (is_total(t, p, side))
			times *= 4;
	return t->n[cell_of(p)] * times + 1;
}

/* A corner of a box: bit `side` of m says whose place there it takes. */
static struct place
corner(const struct place *near, const struct place *far, int m)
{
	struct place p = *near;

	for (int side = ROW; side < SIDES; side++)
		if ((m >> side & 1) != 0)
			p.at[side] = far->at[side];
	return p;
}

/* Does the corner go up when the small cell goes up? A neighbour goes down, and
 * the total over both goes with what it counts. */
static bool
goes_along(const struct table *t, const struct place *near,
    const struct place *far, int m)
{
	bool along = true;

	for (int side = ROW; side < SIDES; side++)
		if ((m >> side & 1) != 0 && !is_total(t, near, side) &&
		    !is_total(t, far, side))
			along = !along;
	return along;
}

/* What a box costs, up to limit; limit or more: not to be had. The small cell
 * must be able to go down by `down`, which every corner that goes along then
 * loses too, and up by `up`, which the others lose. */
static int64_t
price(const struct work *w, const struct small *s, const struct place *far,
    int64_t down, int64_t up, int64_t limit)
{
	int64_t sum = 0;

	for (int m = 1; m < CORNERS; m++) {
		struct place p = corner(&s->at, far, m);
		size_t cell = cell_of(&p);
		int64_t n = w->t->n[cell];

		if (n == 0 ||
		    n < (goes_along(w->t, &s->at, far, m) ? down : up))
			return limit;
		if (w->use[cell] == 0 && !is_small(n))
			sum += loss(w->t, &p);
		if (sum >= limit)
			return limit;
	}
	return sum;
}

static void
use_boxes(struct work *w, const struct small *s, int by)
{
	for (size_t i = 0; i < s->boxes; i++)
		for (int m = 0; m < CORNERS; m++) {
			struct place p = corner(&s->at, &s->far[i], m);

			w->use[cell_of(&p)] += (unsigned)by;
		}
}

/* The cheapest box, if there is any. */
static bool
choose_one(struct work *w, struct small *s)
{
	int64_t least = INT64_MAX;
	struct place p;
	size_t *at = p.at;

	for (at[ROW] = 0; at[ROW] <= w->t->rows; at[ROW]++)
		for (at[SEX] = 0; at[SEX] <= TABLE_SEXES; at[SEX]++)
			for (at[AGE] = 0; at[AGE] <= TABLE_AGES; at[AGE]++) {
				int64_t cost;

				if (at[ROW] == s->at.at[ROW] ||
				    at[SEX] == s->at.at[SEX] ||
				    at[AGE] == s->at.at[AGE])
					continue;
				cost = price(w, s, &p, s->n - 1,
				    TABLE_SMALL - 1 - s->n, least);
				if (cost < least) {
					least = cost;
					s->far[0] = p;
				}
			}
	s->boxes = least < INT64_MAX ? 1 : 0;
	return s->boxes == 1;
}

/* The i-th of the parts that a total is made of: on the sides where the small
 * cell stands at a total, one of the places that it counts. The other sides are
 * left as they are. */
static bool
part(const struct table *t, const struct small *s, size_t i, struct place *out)
{
	for (int side = ROW; side < SIDES; side++) {
		if (!is_total(t, &s->at, side))
			continue;
		out->at[side] = i % total_of(t, side);
		i /= total_of(t, side);
	}
	return i == 0;
}

/* The largest part but those taken already, which stand in s->far. */
static int64_t
largest_part(const struct table *t, const struct small *s, struct place *out)
{
	struct place p = s->at;
	int64_t most = 0;

	for (size_t i = 0; part(t, s, i, &p); i++) {
		int64_t n = t->n[cell_of(&p)];
		bool taken = false;

		for (size_t j = 0; j < s->boxes; j++)
			if (cell_of(&s->far[j]) == cell_of(&p))
				taken = true;
		if (n > most && !taken) {
			most = n;
			*out = p;
		}
	}
	return most;
}

/* The boxes through the parts, with this place as the other end of the sides
 * that are no totals. */
static int64_t
price_parts(const struct work *w, struct small *s, const int64_t *take,
    const struct place *end, int64_t limit)
{
	int64_t sum = 0;

	for (size_t i = 0; i < s->boxes && sum < limit; i++) {
		for (int side = ROW; side < SIDES; side++)
			if (!is_total(w->t, &s->at, side))
				s->far[i].at[side] = end->at[side];
		sum += price(w, s, &s->far[i], take[i],
		    TABLE_SMALL - 1 - s->n, limit - sum);
	}
	return sum;
}

/* A total of small parts, none of which has n - 1 to lose: boxes through its
 * largest parts that do it together. They meet only in totals over those parts,
 * which have as much to lose. With totals as their other ends there are always
 * such boxes, for all their corners go along and hold what the parts hold. */
static void
choose_parts(struct work *w, struct small *s)
{
	int64_t take[TABLE_SMALL - 2], need = s->n - 1, least = INT64_MAX;
	struct place p = s->at, best = s->at;
	size_t n = 1;

	for (; need > 0; need -= take[s->boxes++]) {
		assert(s->boxes < TABLE_SMALL - 2);
		take[s->boxes] = largest_part(w->t, s, &s->far[s->boxes]);
		assert(take[s->boxes] > 0);
		if (take[s->boxes] > need)
			take[s->boxes] = need;
	}
	for (int side = ROW; side < SIDES; side++)
		if (!is_total(w->t, &s->at, side))
			n *= total_of(w->t, side) + 1;
	for (size_t i = 0; i < n; i++) {
		size_t rest = i;
		bool other = true;
		int64_t cost;

		for (int side = ROW; side < SIDES; side++) {
			if (is_total(w->t, &s->at, side))
				continue;
			/* From the total downwards, but not where it is. */
			p.at[side] = total_of(w->t, side) -
			    rest % (total_of(w->t, side) + 1);
			rest /= total_of(w->t, side) + 1;
			if (p.at[side] == s->at.at[side])
				other = false;
		}
		cost = other ? price_parts(w, s, take, &p, least) : least;
		if (cost < least) {
			least = cost;
			best = p;
		}
	}
	(void)price_parts(w, s, take, &best, INT64_MAX);
}

static void
choose(struct work *w, struct small *s)
{
	use_boxes(w, s, -1);
	if (!choose_one(w, s))
		choose_parts(w, s);
	use_boxes(w, s, 1);
}

/* Those at totals first: what they withhold is dear, and the others may use
 * it. */
static void
find_small(struct work *w)
{
	for (int totals = SIDES; totals >= 0; totals--)
		for (size_t i = 0; i < cells(w->t); i++) {
			struct place p = { {
				i / (TABLE_AGES + 1) / (TABLE_SEXES + 1),
				i / (TABLE_AGES + 1) % (TABLE_SEXES + 1),
				i % (TABLE_AGES + 1)
			} };
			int have = 0;

			for (int side = ROW; side < SIDES; side++)
				have += is_total(w->t, &p, side) ? 1 : 0;
			if (have == totals && is_small(w->t->n[i]))
				w->small[w->n++] = (struct small){
					.at = p, .n = w->t->n[i]
				};
		}
}

bool
table_protect(struct table *t)
{
	struct work w = { .t = t };
	bool done = false;

	w.use = calloc(cells(t), sizeof(*w.use));
	w.small = calloc(cells(t), sizeof(*w.small));
	if (w.use == NULL || w.small == NULL)
		goto out;
	find_small(&w);
	for (int pass = 0; pass < PASSES; pass++)
		for (size_t i = 0; i < w.n; i++)
			choose(&w, &w.small[i]);
	for (size_t i = 0; i < cells(t); i++)
		t->withheld[i] = w.use[i] > 0;
	done = true;
out:
	free(w.use);
	free(w.small);
	return done;
}
