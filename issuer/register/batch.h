/*
 * Batch: cards that are printed together. A card waits in one batch at most;
 * in it, it is printed or set aside with a reason. A batch is closed when none
 * waits, and then stays as it is.
 */
#ifndef CEDULA_ISSUER_REGISTER_BATCH_H
#define CEDULA_ISSUER_REGISTER_BATCH_H

#include "issuer/register/register.h"
#include "issuer/register/serial.h"

#define BATCH_MAX 10000		/* cards that --waiting takes, at most */

struct batch {
	int64_t id, opened, closed;	/* 0: open */
	char officer[REG_NAME];
	int64_t waiting, printed, aside;
};

enum status	reg_batch_open(struct reg *r, int64_t *id, struct diag *d)
		    MUST_CHECK;
/* ST_PERMISSION for a holder of another district than the officer's; ST_STATE
 * unless the card is valid, in force and waits to be printed, and in
 * no batch. One that was set aside in this batch waits again. */
enum status	reg_batch_add(struct reg *r, int64_t batch, const char *number,
		    struct diag *d) MUST_CHECK;
/* The n such cards of the officer's own districts that wait longest; *added may be fewer. */
enum status	reg_batch_add_waiting(struct reg *r, int64_t batch, int64_t n,
		    int64_t *added, struct diag *d) MUST_CHECK;
enum status	reg_batch(struct reg *r, int64_t id, struct batch *out,
		    struct diag *d) MUST_CHECK;
enum status	reg_batches(struct reg *r,
		    enum status (*each)(void *arg, const struct batch *b),
		    void *arg, struct diag *d) MUST_CHECK;
/* serial "": not printed, or without stock. */
enum status	reg_batch_cards(struct reg *r, int64_t batch,
		    enum status (*each)(void *arg, const char *number,
		    const char *state, const char *serial,
		    const char *reason), void *arg, struct diag *d) MUST_CHECK;
/* The next card that waits in it; "" when none does. */
enum status	reg_batch_next(struct reg *r, int64_t batch,
		    char number[REG_NUMBER], struct diag *d) MUST_CHECK;
/* ST_STATE with what has become of a card since it was added. */
enum status	reg_batch_may_print(struct reg *r, const struct card *c,
		    struct diag *d) MUST_CHECK;
/* ST_STATE when the card does not wait in it. */
enum status	reg_batch_printed(struct reg *r, int64_t batch,
		    const struct card *c, struct diag *d) MUST_CHECK;
enum status	reg_batch_aside(struct reg *r, int64_t batch,
		    const struct card *c, const char *reason, struct diag *d)
		    MUST_CHECK;
enum status	reg_batch_close(struct reg *r, int64_t batch, struct diag *d)
		    MUST_CHECK;

#endif
