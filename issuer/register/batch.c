#include "issuer/register/batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"

#define COUNT_OF(state) "(SELECT count(*) FROM batch_card AS m WHERE" \
    " m.batch = b.id AND m.state = '" state "')"
#define SELECT "SELECT b.id, b.opened, ifnull(b.closed, 0), o.login, " \
    COUNT_OF("waiting") ", " COUNT_OF("printed") ", " COUNT_OF("aside") \
    " FROM print_batch AS b JOIN officer AS o ON o.id = b.officer "

static enum status
audit_batch(struct reg *r, const char *action, int64_t id,
    const char *details, struct diag *d)
{
	char object[48];

	(void)snprintf(object, sizeof(object), "batch %" PRId64, id);
	return reg_audit(r, action, object, details, d);
}

static void
read_batch(struct query *q, struct batch *b)
{
	memset(b, 0, sizeof(*b));
	b->id = col_int(q, 0);
	b->opened = col_int(q, 1);
	b->closed = col_int(q, 2);
	col_text(q, 3, b->officer, sizeof(b->officer));
	b->waiting = col_int(q, 4);
	b->printed = col_int(q, 5);
	b->aside = col_int(q, 6);
}

enum status
reg_batch(struct reg *r, int64_t id, struct batch *out, struct diag *d)
{
	struct query q = query(r, SELECT "WHERE b.id = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q)))
		read_batch(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("batch %" PRId64 ": not in the register; look with batch list"),
		    id);
	return st;
}

enum status
reg_batches(struct reg *r, enum status (*each)(void *arg,
    const struct batch *b), void *arg, struct diag *d)
{
	struct query q = query(r, SELECT "ORDER BY b.id", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct batch b;

		read_batch(&q, &b);
		st = each(arg, &b);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_batch_open(struct reg *r, int64_t *id, struct diag *d)
{
	struct query q;
	enum status st = reg_acting(r, d);

	if (st != ST_OK)
		return st;
	q = query(r, "INSERT INTO print_batch (opened, officer)"
	    " VALUES (?1, ?2)", d);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	*id = sqlite3_last_insert_rowid(r->db);
	return audit_batch(r, "batch.open", *id, "", d);
}

static enum status
is_open(struct reg *r, int64_t id, struct diag *d)
{
	struct batch b;
	enum status st = reg_batch(r, id, &b, d);

	if (st == ST_OK && b.closed != 0)
		st = diag_set(d, ST_STATE,
		    _("batch %" PRId64 " is closed; open another with batch open"),
		    id);
	return st;
}

enum status
reg_batch_may_print(struct reg *r, const struct card *c, struct diag *d)
{
	struct query q = query(r, "SELECT c.custody, p.state FROM card AS c"
	    " JOIN person AS p ON p.id = c.person WHERE c.id = ?1", d);
	char custody[16] = "", state[12] = "", day[DATE_TEXT];
	enum status st;

	bind_int(&q, c->id);
	if (query_row(&q)) {
		col_text(&q, 0, custody, sizeof(custody));
		col_text(&q, 1, state, sizeof(state));
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (strcmp(state, "dead") == 0)
		return diag_set(d, ST_STATE,
		    _("card %s: its holder has died; it is not printed any more"),
		    c->number);
	if (c->status != CARD_VALID)
		return diag_set(d, ST_STATE,
		    _("card %s is %s (%s); only a valid one is printed in a batch"),
		    c->number, card_status_token(c->status), c->reason);
	date_format(when_date(c->expires), day);
	if (c->expires < r->now)
		return diag_set(d, ST_STATE,
		    _("card %s was good until %s; it is not printed any more"),
		    c->number, day);
	if (strcmp(custody, "issued") != 0)
		return diag_set(d, ST_STATE,
		    _("card %s does not wait to be printed (%s); a print that is no good is recorded with stock spoil first"),
		    c->number, custody);
	return ST_OK;
}

/* The batch that the card waits in; 0: none. */
static enum status
waits_in(struct reg *r, int64_t card, int64_t *batch, struct diag *d)
{
	struct query q = query(r, "SELECT batch FROM batch_card"
	    " WHERE card = ?1 AND state = 'waiting'", d);

	bind_int(&q, card);
	*batch = query_row(&q) ? col_int(&q, 0) : 0;
	return query_end(&q);
}

enum status
reg_batch_add(struct reg *r, int64_t batch, const char *number,
    struct diag *d)
{
	struct query q;
	struct card c;
	int64_t other;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = is_open(r, batch, d)) != ST_OK ||
	    (st = reg_card(r, number, &c, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, c.person, d)) != ST_OK ||
	    (st = reg_batch_may_print(r, &c, d)) != ST_OK ||
	    (st = waits_in(r, c.id, &other, d)) != ST_OK)
		return st;
	if (other != 0)
		return diag_set(d, ST_EXISTS,
		    _("card %s waits in batch %" PRId64 " already"), number,
		    other);
	q = query(r, "INSERT INTO batch_card (batch, card) VALUES (?1, ?2)"
	    " ON CONFLICT (batch, card) DO UPDATE SET state = 'waiting',"
	    " reason = ''", d);
	bind_int(&q, batch);
	bind_int(&q, c.id);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_batch(r, "batch.add", batch, number, d);
}

/* Those that wait longest, n at most, of the officer's own districts. */
static enum status
find_waiting(struct reg *r, int64_t batch, int64_t n, int64_t *out,
    int64_t *found, struct diag *d)
{
	struct query q = query(r, "SELECT c.id, p.district FROM card AS c"
	    " JOIN person AS p ON p.id = c.person"
	    " WHERE c.custody = 'issued' AND c.status = 'valid'"
	    " AND c.expires >= ?2 AND p.state <> 'dead'"
	    " AND NOT EXISTS (SELECT 1 FROM batch_card AS m"
	    " WHERE m.card = c.id AND (m.state = 'waiting' OR m.batch = ?1))"
	    " ORDER BY c.id", d);
	char district[REG_TEXT];
	enum status st = ST_OK, end;

	*found = 0;
	bind_int(&q, batch);
	bind_int(&q, r->now);
	while (st == ST_OK && *found < n && query_row(&q)) {
		col_text(&q, 1, district, sizeof(district));
		st = reg_in_jurisdiction(r, district, NULL);
		if (st == ST_OK)
			out[(*found)++] = col_int(&q, 0);
		else if (st == ST_PERMISSION)
			st = ST_OK;
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

static enum status
insert_waiting(struct reg *r, int64_t batch, int64_t card, struct diag *d)
{
	struct query q = query(r, "INSERT INTO batch_card (batch, card)"
	    " VALUES (?1, ?2)", d);

	bind_int(&q, batch);
	bind_int(&q, card);
	return query_run(&q);
}

enum status
reg_batch_add_waiting(struct reg *r, int64_t batch, int64_t n,
    int64_t *added, struct diag *d)
{
	int64_t card[BATCH_MAX];
	char details[48];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = is_open(r, batch, d)) != ST_OK ||
	    (st = find_waiting(r, batch, n < BATCH_MAX ? n : BATCH_MAX, card,
	    added, d)) != ST_OK)
		return st;
	for (int64_t i = 0; i < *added; i++)
		if ((st = insert_waiting(r, batch, card[i], d)) != ST_OK)
			return st;
	(void)snprintf(details, sizeof(details), "%" PRId64 " cards", *added);
	return audit_batch(r, "batch.add", batch, details, d);
}

enum status
reg_batch_cards(struct reg *r, int64_t batch, enum status (*each)(void *arg,
    const char *number, const char *state, const char *serial,
    const char *reason), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT c.number, m.state, ifnull((SELECT"
	    " b.serial FROM blank AS b WHERE b.card = m.card AND b.batch ="
	    " m.batch AND b.state = 'printed'), ''), m.reason"
	    " FROM batch_card AS m JOIN card AS c ON c.id = m.card"
	    " WHERE m.batch = ?1 ORDER BY m.id", d);
	enum status st = ST_OK, end;

	bind_int(&q, batch);
	while (st == ST_OK && query_row(&q)) {
		char number[REG_NUMBER], state[12], serial[SERIAL_TEXT];
		char reason[REG_TEXT];

		col_text(&q, 0, number, sizeof(number));
		col_text(&q, 1, state, sizeof(state));
		col_text(&q, 2, serial, sizeof(serial));
		col_text(&q, 3, reason, sizeof(reason));
		st = each(arg, number, state, serial, reason);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_batch_next(struct reg *r, int64_t batch, char number[REG_NUMBER],
    struct diag *d)
{
	struct query q = query(r, "SELECT c.number FROM batch_card AS m"
	    " JOIN card AS c ON c.id = m.card WHERE m.batch = ?1 AND"
	    " m.state = 'waiting' ORDER BY m.id LIMIT 1", d);

	number[0] = '\0';
	bind_int(&q, batch);
	if (query_row(&q))
		col_text(&q, 0, number, REG_NUMBER);
	return query_end(&q);
}

static enum status
mark(struct reg *r, int64_t batch, const struct card *c, const char *state,
    const char *reason, struct diag *d)
{
	struct query q;
	struct batch b;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_batch(r, batch, &b, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE batch_card SET state = ?3, reason = ?4"
	    " WHERE batch = ?1 AND card = ?2 AND state = 'waiting'", d);
	bind_int(&q, batch);
	bind_int(&q, c->id);
	bind_text(&q, state);
	bind_text(&q, reason);
	if ((st = query_run(&q)) == ST_OK && sqlite3_changes(r->db) != 1)
		st = diag_set(d, ST_STATE,
		    _("card %s does not wait in batch %" PRId64 "; see batch show %" PRId64),
		    c->number, batch, batch);
	return st;
}

enum status
reg_batch_printed(struct reg *r, int64_t batch, const struct card *c,
    struct diag *d)
{
	enum status st = mark(r, batch, c, "printed", "", d);

	return st != ST_OK ? st : audit_batch(r, "batch.print", batch,
	    c->number, d);
}

enum status
reg_batch_aside(struct reg *r, int64_t batch, const struct card *c,
    const char *reason, struct diag *d)
{
	char details[REG_TEXT + 16];
	enum status st;

	if ((st = reason_check(reason, d)) != ST_OK ||
	    (st = mark(r, batch, c, "aside", reason, d)) != ST_OK)
		return st;
	(void)snprintf(details, sizeof(details), "%s: %s", c->number, reason);
	return audit_batch(r, "batch.aside", batch, details, d);
}

enum status
reg_batch_close(struct reg *r, int64_t batch, struct diag *d)
{
	char number[REG_NUMBER];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = is_open(r, batch, d)) != ST_OK ||
	    (st = reg_batch_next(r, batch, number, d)) != ST_OK)
		return st;
	if (number[0] != '\0')
		return diag_set(d, ST_STATE,
		    _("batch %" PRId64 ": card %s waits in it; print it or set it aside with batch aside"),
		    batch, number);
	q = query(r, "UPDATE print_batch SET closed = ?2 WHERE id = ?1", d);
	bind_int(&q, batch);
	bind_int(&q, r->now);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_batch(r, "batch.close", batch, "", d);
}
