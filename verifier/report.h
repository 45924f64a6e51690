/*
 * Report: one verdict told to a person or a program. Red carries the reason
 * and no personal data; identity in JSON only when asked for.
 */
#ifndef CEDULA_VERIFIER_REPORT_H
#define CEDULA_VERIFIER_REPORT_H

#include <stdio.h>

#include "common/claims.h"
#include "common/host/diag.h"
#include "common/verdict.h"

struct report {
	const char *file;		/* NULL: do not name it */
	struct verdict verdict;
	const struct claims *claims;	/* of green and amber, else NULL */
	bool other_code;		/* a code was there, but not ours */
	bool series_part;		/* ours, but of revocation data */
	size_t cards;			/* credentials in the picture */
};

/* A few lines; colour codes when colour is set. */
void		report_text(FILE *f, const struct report *r, bool colour);
/* One object on one line. */
enum status	report_json(FILE *f, const struct report *r, bool identity)
		    MUST_CHECK;
/* The same shape for the operator's own errors. */
void		report_json_error(FILE *f, const char *file,
		    enum status st, const struct diag *d);

#endif
