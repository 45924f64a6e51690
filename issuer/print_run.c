#include "issuer/print_run.h"

#include "issuer/register/custody.h"
#include "issuer/register/session.h"
#include "issuer/register/stock.h"

static enum status
record(struct reg *r, const struct print_job *job, const char *blank,
    const char *again, int64_t batch, struct diag *d)
{
	enum status st = reg_begin_acting(r, d);

	if (st != ST_OK)
		return st;
	if ((st = reg_print_record(r, blank, again, batch, job->card,
	    d)) != ST_OK ||
	    (st = reg_commit(r, d)) != ST_OK)
		reg_rollback(r);
	return st;
}

static enum status
may_print(struct reg *r, const struct card *c, const char *blank,
    const char *again, struct diag *d)
{
	enum status st = reg_begin_acting(r, d);

	if (st != ST_OK)
		return st;
	if ((st = reg_blank_may_print(r, blank, c, d)) == ST_OK)
		st = reg_card_may_print(r, c->number, again != NULL, d);
	reg_rollback(r);
	return st;
}

enum status
print_recorded(struct reg *r, const struct print_job *job, const char *blank,
    const char *again, int64_t batch, bool *faulty, struct diag *d)
{
	enum status st;

	if (faulty != NULL)
		*faulty = false;
	/* Before the files of an earlier print are replaced. */
	if ((st = may_print(r, job->card, blank, again, d)) != ST_OK)
		return st;
	if ((st = print_card(r, job, d)) != ST_OK) {
		if (faulty != NULL)
			*faulty = st == ST_DATA || st == ST_MALFORMED ||
			    st == ST_TOO_BIG || st == ST_NOT_FOUND;
		return st;
	}
	if ((st = record(r, job, blank, again, batch, d)) != ST_OK)
		print_remove(job, PRINT_FILES);
	return st;
}
