/*
 * Import: the ministry's trust list, verified, and never an older one in the
 * place of a newer.
 */
#ifndef CEDULA_ISSUER_IMPORT_H
#define CEDULA_ISSUER_IMPORT_H

#include "issuer/register/register.h"

/* Verifies a trust list file by the anchor and hands it to the register.
 * ST_ROLLBACK for one that is older than what the register holds. */
enum status	import_trust_list(struct reg *r, const struct office *o,
		    const char *path, const char *anchor, uint64_t *sequence,
		    struct diag *d) MUST_CHECK;

#endif
