/*
 * Families: the lines of a file that have the same key in their column
 * "household", gathered before anything is imported.
 */
#ifndef CEDULA_ISSUER_EXCHANGE_FAMILIES_H
#define CEDULA_ISSUER_EXCHANGE_FAMILIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "issuer/register/register.h"

struct family {
	const char *key;
	int64_t last;			/* its last line */
	size_t heads, members;
	struct date head_birth, of[REL_WARD + 1];
	bool broken;			/* a line of it cannot be imported */
	struct family *next;
};

struct families;

/* NULL when out of memory. */
struct families	*families_new(void);
void		 families_free(struct families *f);	/* NULL is fine */
/* The family of that key, made if it is new; NULL when out of memory. */
struct family	*families_of(struct families *f, const char *key);
/* All of them, each pointing to the next. */
struct family	*families_all(struct families *f);
/* One more line of it; rel 0: the head. */
void		 family_take(struct family *f, enum relationship rel,
		    struct date birth);
/* Why it cannot become a household, in a sentence; NULL: it can, or is a head
 * alone and becomes none. */
const char	*family_fault(const struct family *f, struct date today);
/* Is that because of one of its lines, and not of the whole? */
bool		 family_follows(const struct family *f, struct date today);
/* Why the line of a member of it cannot be: the ages. NULL: it can. */
const char	*family_line_fault(const struct family *f,
		    enum relationship rel, struct date birth,
		    struct date today);

#endif
