/*
 * Audit: what the checks of the register share: how they answer, and the trust
 * that they stand on.
 */
#ifndef CEDULA_ISSUER_AUDIT_H
#define CEDULA_ISSUER_AUDIT_H

#include "common/host/anchor.h"
#include "common/host/findings.h"
#include "issuer/answer.h"
#include "issuer/register/register.h"

/* The sentences as "problems" in the answer. If there is any, the answer's
 * status becomes ST_DATA, and d says how many there are. */
void		findings_answer(const struct findings *f, struct answer *a,
		    struct diag *d);

/* The newest trust list that the register holds, as a store to verify with. */
struct held_trust {
	struct trust_host host;
	uint8_t *list;			/* signed; heap */
	size_t len;
};

/* Close it also after a failure. ST_NOT_FOUND: none was imported yet. */
enum status	held_trust_open(struct held_trust *h, struct reg *r,
		    const struct office *o, struct diag *d) MUST_CHECK;
void		held_trust_close(struct held_trust *h);

#endif
