/*
 * Issue: an approved application becomes a card. Inside the caller's
 * transaction, so that number, place, signature, card and record are kept
 * together or not at all.
 */
#ifndef CEDULA_ISSUER_ISSUE_H
#define CEDULA_ISSUER_ISSUE_H

#include "issuer/register/register.h"
#include "keys/signer.h"

#define VALID_YEARS 5
#define VALID_YEARS_MINOR 2
#define VALID_YEARS_MAX 10

/* expires NULL: the usual time. ST_STATE unless the application is approved. */
enum status	issue_card(struct reg *r, const struct office *o,
		    int64_t application, struct signer *key,
		    const struct date *expires, int64_t now,
		    struct card *out, struct diag *d) MUST_CHECK;

#endif
