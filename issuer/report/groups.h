/*
 * Groups: counts by a text as it was typed, and the rows that they become. For
 * issuer/report only. Memory grows with the texts that differ, not with how
 * often they come.
 */
#ifndef CEDULA_ISSUER_REPORT_GROUPS_H
#define CEDULA_ISSUER_REPORT_GROUPS_H

#include "issuer/report/report.h"

struct group {
	char *text;
	uint32_t n[STAGES][TABLE_SEXES][TABLE_AGES];
	int64_t sum;
	size_t row;
};

struct groups {
	struct group **slot;	/* by hash; NULL: free */
	size_t slots, n;
};

/* The group of a text, made when it is new; NULL when out of memory. */
struct group	*groups_of(struct groups *g, const char *text);
void		 groups_free(struct groups *g);
/* Gives every group its row, gathering spellings, and p its rows: the most
 * frequent `most`, then not stated, then the others. */
bool		 groups_fold(struct groups *g, struct report *p, size_t most)
		    MUST_CHECK;
/* Gives the groups that have none a row of their own, while there are any. */
bool		 groups_place(struct groups *g, struct report *p) MUST_CHECK;

#endif
