/*
 * Kept: is a status list that the register keeps as published what its columns
 * say of it? Nobody signs the columns.
 */
#ifndef CEDULA_ISSUER_KEPT_H
#define CEDULA_ISSUER_KEPT_H

#include "common/host/findings.h"
#include "issuer/register/register.h"

#define KEPT_URI(o, number) "urn:cedula:%s:%s:%" PRIu32, (o)->state, (o)->code, \
    (number)

/* The kept list with its short list, read: name, dates, signer and bits are
 * those of the columns. pub, when not NULL, must have signed both; trust, when
 * not NULL, must not know that its key did not. */
bool		kept_agrees(const struct office *o, uint32_t number,
		    const struct published *p, const struct cose_key *pub,
		    const struct trust *trust);
/* A finding for each kept list that is not. */
enum status	kept_check(struct reg *r, const struct office *o,
		    const struct trust *trust, struct findings *found,
		    struct diag *d) MUST_CHECK;

#endif
