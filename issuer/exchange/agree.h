/* Agree: the checks of log check, for those who ask for other things too. */
#ifndef CEDULA_ISSUER_EXCHANGE_AGREE_H
#define CEDULA_ISSUER_EXCHANGE_AGREE_H

#include "common/host/findings.h"
#include "issuer/register/register.h"

/* Does the log of issuance agree with all that was signed of it, here and in
 * the file (NULL: none), and with cards and acts? Adds to found, which is the
 * caller's and new. In one snapshot. */
enum status	log_agrees(struct reg *r, const struct office *o,
		    const char *file, struct findings *found,
		    uint64_t *entries, struct diag *d) MUST_CHECK;

#endif
