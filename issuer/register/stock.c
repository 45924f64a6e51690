#include "issuer/register/stock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/batch.h"
#include "issuer/register/custody.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"

/* The blanks of ?1 to ?2 that are of series ?3, ?4: others sort between. */
#define WITHIN " WHERE serial BETWEEN ?1 AND ?2 AND receipt IN (SELECT id" \
    " FROM blank_receipt WHERE prefix = ?3 AND width = ?4)"

static const char *const states[BLANK_STATES] = {
	[BLANK_STOCK] = "stock", [BLANK_PRINTED] = "printed",
	[BLANK_SPOILED] = "spoiled", [BLANK_MISSING] = "missing",
	[BLANK_DESTROYED] = "destroyed",
};

const char *
blank_state_token(enum blank_state s)
{
	return (size_t)s < BLANK_STATES ? states[s] : "";
}

static void
bind_range(struct query *q, const struct serial_range *range)
{
	char serial[SERIAL_TEXT];

	serial_format(range, range->first, serial);
	bind_text(q, serial);
	serial_format(range, range->last, serial);
	bind_text(q, serial);
	bind_text(q, range->prefix);
	bind_int(q, range->width);
}

static enum status
audit_range(struct reg *r, const char *action,
    const struct serial_range *range, const char *details, struct diag *d)
{
	char text[SERIAL_RANGE_TEXT], object[SERIAL_RANGE_TEXT + 8];

	serial_range_format(range, text);
	(void)snprintf(object, sizeof(object), "blank %s", text);
	return reg_audit(r, action, object, details, d);
}

/* ---- received ---- */

static enum status
none_received(struct reg *r, const struct serial_range *range, struct diag *d)
{
	struct query q = query(r, "SELECT serial FROM blank" WITHIN
	    " ORDER BY serial LIMIT 1", d);
	char serial[SERIAL_TEXT] = "";
	enum status st;

	bind_range(&q, range);
	if (query_row(&q))
		col_text(&q, 0, serial, sizeof(serial));
	if ((st = query_end(&q)) == ST_OK && serial[0] != '\0')
		st = diag_set(d, ST_EXISTS,
		    _("blank %s: received before; look at the parcel's label and at stock show %s"),
		    serial, serial);
	return st;
}

static enum status
insert_blanks(struct reg *r, const struct serial_range *range,
    int64_t parcel, struct diag *d)
{
	struct query q = query(r, "INSERT INTO blank (serial, receipt, at,"
	    " officer) WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1"
	    " FROM n WHERE i < ?2) SELECT ?3 || printf('%0*d', ?4, i), ?5, ?6,"
	    " ?7 FROM n", d);

	bind_int(&q, range->first);
	bind_int(&q, range->last);
	bind_text(&q, range->prefix);
	bind_int(&q, range->width);
	bind_int(&q, parcel);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	return query_run(&q);
}

enum status
reg_stock_receive(struct reg *r, const struct serial_range *range,
    const char *supplier, int64_t *parcel, struct diag *d)
{
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = line_check("supplier", supplier, SUPPLIER_MAX, true, d)) != ST_OK ||
	    (st = none_received(r, range, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO blank_receipt (at, officer, prefix, width,"
	    " first, last, supplier) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", d);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, range->prefix);
	bind_int(&q, range->width);
	bind_int(&q, range->first);
	bind_int(&q, range->last);
	bind_text(&q, supplier);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	*parcel = sqlite3_last_insert_rowid(r->db);
	if ((st = insert_blanks(r, range, *parcel, d)) != ST_OK)
		return st;
	return audit_range(r, "stock.receive", range, supplier, d);
}

enum status
reg_stock_any(struct reg *r, bool *any, struct diag *d)
{
	struct query q = query(r, "SELECT 1 FROM blank_receipt LIMIT 1", d);

	*any = query_row(&q);
	return query_end(&q);
}

static enum status
lowest(struct reg *r, int64_t parcel, char out[SERIAL_TEXT], struct diag *d)
{
	struct query q = query(r, "SELECT serial FROM blank WHERE receipt = ?1"
	    " AND state = 'stock' ORDER BY serial LIMIT 1", d);

	out[0] = '\0';
	bind_int(&q, parcel);
	if (query_row(&q))
		col_text(&q, 0, out, SERIAL_TEXT);
	return query_end(&q);
}

enum status
reg_stock_next(struct reg *r, char out[SERIAL_TEXT], struct diag *d)
{
	struct query q = query(r, "SELECT id FROM blank_receipt AS p WHERE"
	    " EXISTS (SELECT 1 FROM blank AS b WHERE b.receipt = p.id AND"
	    "  b.state = 'stock') ORDER BY id LIMIT 1", d);
	int64_t parcel = query_row(&q) ? col_int(&q, 0) : 0;
	enum status st = query_end(&q);

	return st != ST_OK ? st : lowest(r, parcel, out, d);
}

/* ---- printed ---- */

static enum status
refuse_state(const struct blank *b, struct diag *d)
{
	if (strcmp(b->state, "printed") == 0)
		return diag_set(d, ST_STATE,
		    _("blank %s: card %s is printed on it; take another"),
		    b->serial, b->card);
	return diag_set(d, ST_STATE,
	    _("blank %s: not in stock (%s: %s); take another"),
	    b->serial, b->state, b->reason);
}

static enum status
no_other_blank(struct reg *r, const struct card *c, struct diag *d)
{
	struct query q = query(r, "SELECT serial FROM blank WHERE card = ?1"
	    " AND state = 'printed'", d);
	char serial[SERIAL_TEXT] = "";
	enum status st;

	bind_int(&q, c->id);
	if (query_row(&q))
		col_text(&q, 0, serial, sizeof(serial));
	if ((st = query_end(&q)) == ST_OK && serial[0] != '\0')
		st = diag_set(d, ST_STATE,
		    _("card %s: printed on blank %s already; if that print is no good, record it with stock spoil %s and print again"),
		    c->number, serial, serial);
	return st;
}

enum status
reg_blank_may_begin(struct reg *r, const char *serial, int64_t batch,
    struct diag *d)
{
	struct blank b;
	struct diag why = { "" };
	char next[SERIAL_TEXT];
	enum status st = reg_blank(r, serial, &b, d);

	if (st != ST_OK || strcmp(b.state, "stock") == 0 ||
	    (strcmp(b.state, "printed") == 0 && b.batch == batch) ||
	    (reg_blank_next(r, serial, next, NULL) != ST_OK &&
	    (st = reg_stock_next(r, next, d)) != ST_OK))
		return st;
	return next[0] == '\0' ? refuse_state(&b, d) : diag_set(d,
	    refuse_state(&b, &why), _("%s; the next is %s"), why.text, next);
}

/* None was named: right where no stock is kept. */
static enum status
no_blank_needed(struct reg *r, const struct card *c, struct diag *d)
{
	char next[SERIAL_TEXT];
	bool any;
	enum status st;

	if ((st = reg_stock_any(r, &any, d)) != ST_OK || !any ||
	    (st = reg_stock_next(r, next, d)) != ST_OK)
		return st;
	if (next[0] == '\0')
		return diag_set(d, ST_USAGE,
		    _("card %s: it is printed on a blank of this office's stock, and none is left; see stock show"),
		    c->number);
	return diag_set(d, ST_USAGE,
	    _("card %s: this office keeps stock of its blank cards; say with --blank SERIAL which one it is printed on; the next is %s"),
	    c->number, next);
}

enum status
reg_blank_may_print(struct reg *r, const char *serial, const struct card *c,
    struct diag *d)
{
	struct blank b;
	enum status st;

	if (serial == NULL)
		return no_blank_needed(r, c, d);
	if ((st = reg_blank(r, serial, &b, d)) != ST_OK)
		return st;
	if (strcmp(b.state, "stock") != 0)
		return refuse_state(&b, d);
	return no_other_blank(r, c, d);
}

static enum status
print_on(struct reg *r, const char *serial, int64_t batch,
    const struct card *c, struct diag *d)
{
	struct serial_range range;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_blank_may_print(r, serial, c, d)) != ST_OK ||
	    serial == NULL ||
	    (st = serial_parse(serial, &range, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE blank SET state = 'printed', card = ?2,"
	    " batch = nullif(?3, 0), at = ?4, officer = ?5, reason = ''"
	    " WHERE serial = ?1", d);
	bind_text(&q, serial);
	bind_int(&q, c->id);
	bind_int(&q, batch);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_range(r, "stock.print", &range, c->number, d);
}

enum status
reg_blank_print(struct reg *r, const char *serial, const struct card *c,
    struct diag *d)
{
	return print_on(r, serial, 0, c, d);
}

enum status
reg_print_record(struct reg *r, const char *serial, const char *again,
    int64_t batch, const struct card *c, struct diag *d)
{
	enum status st;

	if ((st = print_on(r, serial, batch, c, d)) != ST_OK ||
	    (st = again != NULL ? reg_card_reprinted(r, c->number, again, d) :
	    reg_card_printed(r, c->number, d)) != ST_OK)
		return st;
	return batch == 0 ? ST_OK : reg_batch_printed(r, batch, c, d);
}

enum status
reg_blank_next(struct reg *r, const char *from, char out[SERIAL_TEXT],
    struct diag *d)
{
	struct serial_range range;
	struct query q;
	enum status st = serial_parse(from, &range, d);

	if (st != ST_OK)
		return st;
	for (int i = 0; i < range.width; i++)
		range.last = i == 0 ? 9 : range.last * 10 + 9;
	q = query(r, "SELECT serial FROM blank" WITHIN " AND state = 'stock'"
	    " ORDER BY serial LIMIT 1", d);
	bind_range(&q, &range);
	out[0] = '\0';
	if (query_row(&q))
		col_text(&q, 0, out, SERIAL_TEXT);
	if ((st = query_end(&q)) == ST_OK && out[0] == '\0')
		st = diag_set(d, ST_NOT_FOUND,
		    _("no blank from %s on is in stock; see stock show"), from);
	return st;
}

/* ---- what else becomes of them ---- */

/* Every serial of the range must be known and in one of two states. */
static enum status
all_are(struct reg *r, const struct serial_range *range, const char *one,
    const char *other, struct diag *d)
{
	struct query q = query(r, "SELECT serial, state FROM blank" WITHIN
	    " ORDER BY serial", d);
	char serial[SERIAL_TEXT] = "", state[12] = "", want[SERIAL_TEXT];
	int64_t n = range->first;
	bool known = true, fine = true;
	enum status st;

	bind_range(&q, range);
	for (; n <= range->last && known && fine; n++) {
		serial_format(range, n, want);
		if ((known = query_row(&q))) {
			col_text(&q, 0, serial, sizeof(serial));
			col_text(&q, 1, state, sizeof(state));
			known = strcmp(serial, want) == 0;
		}
		fine = strcmp(state, one) == 0 || strcmp(state, other) == 0;
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (!known)
		return diag_set(d, ST_NOT_FOUND,
		    _("blank %s: never received here; look at its serial and at stock show"),
		    want);
	return fine ? ST_OK : diag_set(d, ST_STATE,
	    _("blank %s: %s by the books; this is for one that is: %s, %s"),
	    want, state, one, other);
}

struct step {
	const char *one, *other;	/* from */
	const char *to, *action;
	int64_t witness;		/* 0: none */
};

static enum status
take_step(struct reg *r, const struct serial_range *range,
    const struct step *step, const char *reason, struct diag *d)
{
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = all_are(r, range, step->one, step->other, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE blank SET state = ?5, at = ?6, officer = ?7,"
	    " reason = ?8, witness = nullif(?9, 0)" WITHIN, d);
	bind_range(&q, range);
	bind_text(&q, step->to);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, reason);
	bind_int(&q, step->witness);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_range(r, step->action, range, reason, d);
}

/* The card that was printed on it waits again. */
static enum status
unprint(struct reg *r, const char *number, const char *reason,
    struct diag *d)
{
	struct query q;
	struct card c;
	enum status st;

	if ((st = reg_card(r, number, &c, d)) != ST_OK ||
	    (st = reg_card_unprinted(r, number, reason, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE batch_card SET state = 'waiting' WHERE card = ?1"
	    " AND state = 'printed' AND batch = (SELECT max(b.id) FROM"
	    " print_batch AS b JOIN batch_card AS m ON m.batch = b.id WHERE"
	    " m.card = ?1 AND b.closed IS NULL) AND NOT EXISTS (SELECT 1 FROM"
	    " batch_card WHERE card = ?1 AND state = 'waiting')", d);
	bind_int(&q, c.id);
	return query_run(&q);
}

static enum status
custody_of(struct reg *r, const char *number, char out[16], struct diag *d)
{
	struct query q = query(r, "SELECT custody FROM card WHERE number = ?1",
	    d);

	out[0] = '\0';
	bind_text(&q, number);
	if (query_row(&q))
		col_text(&q, 0, out, 16);
	return query_end(&q);
}

enum status
reg_blank_spoil(struct reg *r, const char *serial, const char *reason,
    struct diag *d)
{
	static const struct step step = {
		"stock", "printed", "spoiled", "stock.spoil", 0
	};
	struct serial_range range;
	struct blank b;
	char custody[16];
	bool printed;
	enum status st;

	if ((st = serial_parse(serial, &range, d)) != ST_OK ||
	    (st = reg_blank(r, serial, &b, d)) != ST_OK)
		return st;
	printed = strcmp(b.state, "printed") == 0;
	if (printed && (st = custody_of(r, b.card, custody, d)) != ST_OK)
		return st;
	if (printed && strcmp(custody, "issued") != 0 &&
	    strcmp(custody, "printed") != 0)
		return diag_set(d, ST_STATE,
		    _("blank %s: card %s on it is no longer in the office (%s); a holder whose card is damaged applies for another"),
		    serial, b.card, custody);
	if ((st = take_step(r, &range, &step, reason, d)) != ST_OK)
		return st;
	return printed ? unprint(r, b.card, reason, d) : ST_OK;
}

enum status
reg_blanks_missing(struct reg *r, const struct serial_range *range,
    const char *reason, struct diag *d)
{
	static const struct step step = {
		"stock", "stock", "missing", "stock.missing", 0
	};

	return take_step(r, range, &step, reason, d);
}

enum status
reg_blanks_found(struct reg *r, const struct serial_range *range,
    const char *reason, struct diag *d)
{
	static const struct step step = {
		"missing", "missing", "stock", "stock.found", 0
	};

	return take_step(r, range, &step, reason, d);
}

static enum status
find_witness(struct reg *r, const char *login, int64_t *id, struct diag *d)
{
	struct officer o;
	enum status st = reg_officer(r, login, &o, d);

	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	/* Without a secret nobody has ever been that officer. */
	if (st == ST_NOT_FOUND || !o.active || !o.has_secret)
		return diag_set(d, ST_PERMISSION,
		    _("--witness %.60s: no active officer of this register; see officer list"),
		    login);
	if ((st = officer_in_time(&o, r->now, d)) != ST_OK)
		return st;
	*id = o.id;
	if (*id == r->officer)
		return diag_set(d, ST_PERMISSION,
		    _("--witness %.60s: that is you; blanks are destroyed before another officer's eyes"),
		    login);
	return ST_OK;
}

enum status
reg_blanks_destroy(struct reg *r, const struct serial_range *range,
    const char *reason, const char *witness, struct diag *d)
{
	struct step step = {
		"spoiled", "stock", "destroyed", "stock.destroy", 0
	};
	enum status st = reg_acting(r, d);

	if (st != ST_OK ||
	    (st = find_witness(r, witness, &step.witness, d)) != ST_OK)
		return st;
	return take_step(r, range, &step, reason, d);
}

/* ---- shown ---- */

static enum status
count_parcel(struct reg *r, struct parcel *p, struct diag *d)
{
	struct query q = query(r, "SELECT state, count(*) FROM blank"
	    " WHERE receipt = ?1 GROUP BY state", d);
	char state[12];

	bind_int(&q, p->id);
	while (query_row(&q)) {
		col_text(&q, 0, state, sizeof(state));
		for (int s = 0; s < BLANK_STATES; s++)
			if (strcmp(states[s], state) == 0)
				p->n[s] = col_int(&q, 1);
	}
	return query_end(&q);
}

enum status
reg_parcels(struct reg *r, enum status (*each)(void *arg,
    const struct parcel *p), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT p.id, p.at, p.prefix, p.width,"
	    " p.first, p.last, p.supplier, o.login FROM blank_receipt AS p"
	    " JOIN officer AS o ON o.id = p.officer ORDER BY p.id", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct parcel p = { .id = col_int(&q, 0) };

		p.at = col_int(&q, 1);
		col_text(&q, 2, p.range.prefix, sizeof(p.range.prefix));
		p.range.width = (int)col_int(&q, 3);
		p.range.first = col_int(&q, 4);
		p.range.last = col_int(&q, 5);
		col_text(&q, 6, p.supplier, sizeof(p.supplier));
		col_text(&q, 7, p.officer, sizeof(p.officer));
		if ((st = count_parcel(r, &p, d)) == ST_OK &&
		    (st = lowest(r, p.id, p.next, d)) == ST_OK)
			st = each(arg, &p);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_blank(struct reg *r, const char *serial, struct blank *out,
    struct diag *d)
{
	struct serial_range range;
	struct query q;
	bool found;
	enum status st = serial_parse(serial, &range, d);

	memset(out, 0, sizeof(*out));
	if (st != ST_OK)
		return st;
	q = query(r, "SELECT b.serial, b.state, ifnull(c.number, ''),"
	    " b.receipt, p.at, ifnull(b.batch, 0), p.supplier, b.reason"
	    " FROM blank AS b JOIN blank_receipt AS p ON p.id = b.receipt"
	    " LEFT JOIN card AS c ON c.id = b.card WHERE b.serial = ?1", d);
	bind_text(&q, serial);
	if ((found = query_row(&q))) {
		col_text(&q, 0, out->serial, sizeof(out->serial));
		col_text(&q, 1, out->state, sizeof(out->state));
		col_text(&q, 2, out->card, sizeof(out->card));
		out->parcel = col_int(&q, 3);
		out->received = col_int(&q, 4);
		out->batch = col_int(&q, 5);
		col_text(&q, 6, out->supplier, sizeof(out->supplier));
		col_text(&q, 7, out->reason, sizeof(out->reason));
	}
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("blank %s: never received here; look at its serial and at stock show"),
		    serial);
	return st;
}
