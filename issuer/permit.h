/*
 * Permit: may this key sign that now? The rules of the ministry's trust list,
 * asked before anything is signed, so that no card leaves the office that a
 * verifier would refuse.
 */
#ifndef CEDULA_ISSUER_PERMIT_H
#define CEDULA_ISSUER_PERMIT_H

#include "issuer/register/register.h"

/* ST_UNKNOWN_KEY: not this office's key in that role. ST_PERMISSION: not yet,
 * no longer, or revoked. */
enum status	permit_signing(struct reg *r, const struct office *o,
		    const struct cose_key *pub, enum key_role role,
		    int64_t now, struct office_key *out, struct diag *d)
		    MUST_CHECK;
/* What is signed must not outlive its key: ST_DATA, naming the latest day. */
enum status	permit_until(const struct office_key *k, int64_t expires,
		    struct diag *d) MUST_CHECK;

#endif
