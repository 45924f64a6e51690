/*
 * Loss: a card reported lost or stolen is recorded and revoked by one act, for
 * ever: one that comes back is destroyed, not used. Conventions of register.h.
 */
#ifndef CEDULA_ISSUER_REGISTER_LOSS_H
#define CEDULA_ISSUER_REGISTER_LOSS_H

#include "issuer/register/register.h"

struct loss {
	bool stolen;
	const char *date, *place;	/* when, as typed, and where */
	const char *police_report;	/* its reference; NULL only when lost */
};

/* ST_STATE for a card that is revoked already, ST_DATA for a date outside the
 * card's life so far. */
enum status	reg_card_lose(struct reg *r, const char *number,
		    const struct loss *l, struct diag *d) MUST_CHECK;

#endif
