/* Agree: the checks of log check, for those who ask for other things too. */
#ifndef CEDULA_ISSUER_EXCHANGE_AGREE_H
#define CEDULA_ISSUER_EXCHANGE_AGREE_H

#include "common/host/findings.h"
#include "issuer/register/register.h"

struct agreement {
	struct findings found;
	struct findings unchecked;	/* heads whose key is not known here */
	uint64_t entries;
	size_t heads;			/* that were compared */
};

/* Does the log of issuance agree with all that was signed of it, here and in
 * the n files, and with cards and acts? In one snapshot. Free *out with
 * agreement_free, also after a failure. */
enum status	agreement_make(struct reg *r, const struct office *o,
		    const char *const *file, size_t n, struct agreement *out,
		    struct diag *d) MUST_CHECK;
void		agreement_free(struct agreement *a);
/* The same of one file (NULL: none), what was found added to found, which is
 * the caller's and new. */
enum status	log_agrees(struct reg *r, const struct office *o,
		    const char *file, struct findings *found,
		    uint64_t *entries, struct diag *d) MUST_CHECK;

#endif
