/* The log of issuance, for the files of this folder only. */
#ifndef CEDULA_ISSUER_REGISTER_LOG_H
#define CEDULA_ISSUER_REGISTER_LOG_H

#include "issuer/register/db.h"

/* Gives this connection the SQL function that makes an entry: a migration uses
 * it for what was issued before there was a log, log_append for all since. */
enum status	log_function(struct reg *r, struct diag *d) MUST_CHECK;
/* The entry of a card_event row, in the transaction that wrote the row. Events
 * that leave the status ("print") get none. */
enum status	log_append(struct reg *r, int64_t event, struct diag *d)
		    MUST_CHECK;

#endif
