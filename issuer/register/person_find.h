/*
 * Person find: persons by words of their names and by what is known of them.
 * One who was merged is found as the person they were merged into. Registers
 * have a million persons: whatever is asked has an index, and the answer a
 * limit.
 */
#ifndef CEDULA_ISSUER_REGISTER_PERSON_FIND_H
#define CEDULA_ISSUER_REGISTER_PERSON_FIND_H

#include "issuer/register/person_state.h"

#define FIND_LIMIT 100		/* persons of one answer, if none is said */
#define FIND_LIMIT_MAX 100000

/* NULL: whichever. At least one of them, or withdrawn, must be given. */
struct person_query {
	const char *text;	/* words that begin words of the names */
	const char *district;	/* exactly */
	const char *state;	/* a state's token */
	const char *born;	/* YYYY-MM-DD */
	bool withdrawn;		/* only those without consent */
	size_t limit;
};

/* In order of enrolment. *more: there are some beyond the limit. ST_DATA or
 * ST_USAGE for a value that cannot be asked. */
enum status	reg_person_search(struct reg *r, const struct person_query *want,
		    enum status (*each)(void *arg, const struct person *p,
		    const struct person_state *s), void *arg, bool *more,
		    struct diag *d) MUST_CHECK;

#endif
