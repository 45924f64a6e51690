/*
 * Print run: a card is drawn on a blank and the register knows it; or the
 * register does not know it, and no file of it is left.
 */
#ifndef CEDULA_ISSUER_PRINT_RUN_H
#define CEDULA_ISSUER_PRINT_RUN_H

#include "issuer/print_card.h"

/* Drawing takes a second and is done before the transaction, which this begins
 * and ends: other desks do not wait for it. blank NULL: the office keeps no
 * stock. again: why once more (custody.h), or NULL. batch 0: none. *faulty, when
 * not NULL, is true on a failure that is in the card's own record, so that the
 * next card may do better. */
enum status	print_recorded(struct reg *r, const struct print_job *job,
		    const char *blank, const char *again, int64_t batch,
		    bool *faulty, struct diag *d) MUST_CHECK;

#endif
