/*
 * Findings: what a check found wrong, a sentence each, for the programs.
 */
#ifndef CEDULA_COMMON_HOST_FINDINGS_H
#define CEDULA_COMMON_HOST_FINDINGS_H

#include <stddef.h>

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define FINDINGS_MAX 200	/* sentences kept; the others are counted */
#define FINDING_TEXT 512

struct findings {
	size_t n;
	char (*text)[FINDING_TEXT];	/* heap, FINDINGS_MAX of them */
};

enum status	findings_new(struct findings *f, struct diag *d) MUST_CHECK;
void		findings_free(struct findings *f);
/* Already translated. What is not printable becomes '?'. */
void		findings_add(struct findings *f, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

#endif
