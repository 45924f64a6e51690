/* What every bench measures with: a clock that nobody sets, and the median of
 * rounds, for these machines are noisy. */
#ifndef CEDULA_TESTS_BENCH_BENCH_H
#define CEDULA_TESTS_BENCH_BENCH_H

#include <stdlib.h>
#include <time.h>

static inline double
bench_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline int
bench_ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorts v. */
static inline double
bench_median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), bench_ascending);
	return v[n / 2];
}

#endif
