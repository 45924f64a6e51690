/*
 * Table: counts by row, sex and age group, with every total; and which of them
 * are withheld so that nothing small can be found out.
 *
 * A count from 1 to 4 is small: it could point at a person. Small counts are
 * withheld, and with each of them as many others as it takes that nobody can
 * compute it, by the hypercube method: the small cell is one corner of a box,
 * two places a side (a total is a place too), whose eight corners are all
 * withheld. Adding one person at a corner and taking one away at the next
 * leaves every total as it is, so a reader of the table, whatever he computes
 * and however, finds no more of the small cell than this:
 *
 * - every value from 1 to 4 of a small cell is possible with what is shown;
 * - every withheld cell has more than one possible value;
 * - where no cell is small, none is withheld; zeros are always shown.
 *
 * Small cells and those withheld with them are not told apart: that would say
 * which ones are from 1 to 4, and narrow the others. This holds for one table.
 * It promises nothing where two tables that overlap are compared.
 */
#ifndef CEDULA_ISSUER_REPORT_TABLE_H
#define CEDULA_ISSUER_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"

#define TABLE_SMALL 5		/* the least count that may be shown, but 0 */

enum table_sex { TABLE_F, TABLE_M, TABLE_X, TABLE_SEX_UNKNOWN, TABLE_SEXES };

/* First age of each group; the last has no end. */
enum {
	AGE_CHILD = 0, AGE_ADOLESCENT = 12, AGE_YOUNG = 18, AGE_ADULT = 30,
	AGE_MIDDLE = 45, AGE_OLD = 60
};
enum { TABLE_AGE_UNKNOWN = 6, TABLE_AGES };

enum { TABLE_ROWS_MAX = 128 };

/* Places: rows 0 to rows - 1 and then their total; likewise sexes and ages. */
struct table {
	size_t rows;
	int64_t *n;
	bool *withheld;
};

/* The group of an age in years; negative: unknown. */
size_t		table_age(int years);
/* False when out of memory, or for more than TABLE_ROWS_MAX rows; t is then
 * empty. Free with table_free, which takes an empty one too. */
bool		table_new(struct table *t, size_t rows) MUST_CHECK;
void		table_free(struct table *t);
/* Counts n more in one place, which is no total. */
void		table_add(struct table *t, size_t row, size_t sex, size_t age,
		    int64_t n);
/* Fills the totals from the counts. */
void		table_sum(struct table *t);
/* Withholds, as promised above; after table_sum. The same counts give the same
 * result. False when out of memory. */
bool		table_protect(struct table *t) MUST_CHECK;
int64_t		table_n(const struct table *t, size_t row, size_t sex,
		    size_t age);
bool		table_withheld(const struct table *t, size_t row, size_t sex,
		    size_t age);

#endif
