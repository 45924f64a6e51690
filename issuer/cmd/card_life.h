/* Card life: what card show says of a card's road. */
#ifndef CEDULA_ISSUER_CMD_CARD_LIFE_H
#define CEDULA_ISSUER_CMD_CARD_LIFE_H

#include "issuer/command.h"

/* Custody, prints, what it replaces, handover and loss. */
enum status	card_life_show(struct session *s, const struct card *c)
		    MUST_CHECK;

#endif
