/*
 * Spread: days counted one by one, and their order statistics by nearest rank:
 * the p-th percentile of n values is the smallest that at least p of a hundred
 * do not exceed. All in whole numbers.
 */
#ifndef CEDULA_ISSUER_REPORT_SPREAD_H
#define CEDULA_ISSUER_REPORT_SPREAD_H

#include <stddef.h>
#include <stdint.h>

/* Ten years and more are one. */
enum { SPREAD_DAYS = 3653 };

struct spread {
	int64_t n;
	uint32_t of[SPREAD_DAYS + 1];
};

/* Negative days count as 0. */
void		spread_add(struct spread *s, int64_t days);
/* The value at that percentile, 1 to 100 (100: the largest); 0 of none. */
int64_t		spread_at(const struct spread *s, int percent);

#endif
