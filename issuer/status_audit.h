/*
 * Status audit: published status lists, full and short, against the cards, one
 * by one. The owner fills what is marked, begins, gives what is to be audited,
 * and ends, also after a failure.
 */
#ifndef CEDULA_ISSUER_STATUS_AUDIT_H
#define CEDULA_ISSUER_STATUS_AUDIT_H

#include "issuer/audit.h"

struct status_audit {
	struct reg *r;			/* the owner's, as the next four */
	const struct office *office;
	int64_t now;
	struct findings *found;
	struct diag *d;
	const char *name;		/* the file, for status_audit_file */
	int64_t lists, briefs, cards, changed;	/* of all that was given */
	/* one list, while it is audited */
	uint32_t number;		/* as its name says */
	int64_t iat, exp;
	bool brief;			/* a short list */
	uint8_t *cell, *says;		/* one a place of the list */
	uint64_t places;
	uint32_t lists_n;		/* of the register, from 1 */
	bool *seen;			/* ... was in something given */
};

/* Makes found new. */
enum status	status_audit_begin(struct status_audit *a) MUST_CHECK;
/* The file a->name, verified by the trust list held here. */
enum status	status_audit_file(struct status_audit *a,
		    const struct held_trust *h) MUST_CHECK;
/* All that the register keeps as published; ST_NOT_FOUND: nothing. trust may be
 * NULL. */
enum status	status_audit_published(struct status_audit *a,
		    const struct trust *trust) MUST_CHECK;
/* Adds a finding for each list of the register that was in nothing given. */
void		status_audit_end(struct status_audit *a);

#endif
