#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/money.h"
#include "issuer/register/officer.h"

#define RECEIPT "SELECT x.number, x.application, a.person, x.at," \
    " ifnull(x.void_at, 0), x.amount, x.currency, x.payer, o.login, x.reason," \
    " ifnull(v.login, '') FROM receipt AS x JOIN application AS a" \
    " ON a.id = x.application JOIN officer AS o ON o.id = x.officer" \
    " LEFT JOIN officer AS v ON v.id = x.void_by "

static void
read_receipt(struct query *q, struct receipt *x)
{
	memset(x, 0, sizeof(*x));
	col_text(q, 0, x->number, sizeof(x->number));
	x->application = col_int(q, 1);
	x->person = col_int(q, 2);
	x->at = col_int(q, 3);
	x->void_at = col_int(q, 4);
	x->money.amount = col_int(q, 5);
	col_text(q, 6, x->money.currency, CURRENCY);
	col_text(q, 7, x->payer, sizeof(x->payer));
	col_text(q, 8, x->officer, sizeof(x->officer));
	col_text(q, 9, x->reason, sizeof(x->reason));
	col_text(q, 10, x->void_by, sizeof(x->void_by));
}

enum status
reg_receipt(struct reg *r, const char *number, struct receipt *out,
    struct diag *d)
{
	struct query q = query(r, RECEIPT "WHERE x.number = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_text(&q, number);
	if ((found = query_row(&q)))
		read_receipt(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("receipt %.40s: not in the register; see fee show with its application"),
		    number);
	return st;
}

enum status
reg_receipts(struct reg *r, int64_t application, enum status (*each)(
    void *arg, const struct receipt *x), void *arg, struct diag *d)
{
	struct query q = query(r, RECEIPT
	    "WHERE x.application = ?1 ORDER BY x.id", d);
	enum status st = ST_OK, end;

	bind_int(&q, application);
	while (st == ST_OK && query_row(&q)) {
		struct receipt x;

		read_receipt(&q, &x);
		st = each(arg, &x);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_waivers(struct reg *r, int64_t application, int64_t from, int64_t to,
    enum status (*each)(void *arg, const struct waived *w), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT w.application, a.person, w.at,"
	    " p.given || ifnull(' ' || nullif(p.surname1, ''), '') ||"
	    " ifnull(' ' || nullif(p.surname2, ''), ''), w.reason, o.login,"
	    " w.amount, w.currency, w.from_fund FROM waiver AS w"
	    " JOIN application AS a ON a.id = w.application"
	    " JOIN person AS p ON p.id = a.person"
	    " JOIN officer AS o ON o.id = w.officer"
	    " WHERE (?1 = 0 OR w.application = ?1) AND w.at >= ?2 AND"
	    " w.at < ?3 ORDER BY w.at, w.application", d);
	enum status st = ST_OK, end;

	bind_int(&q, application);
	bind_int(&q, from);
	bind_int(&q, to);
	while (st == ST_OK && query_row(&q)) {
		struct waived w = { .application = col_int(&q, 0),
		    .person = col_int(&q, 1), .at = col_int(&q, 2),
		    .money.amount = col_int(&q, 6),
		    .from_fund = col_int(&q, 8) != 0 };

		col_text(&q, 3, w.name, sizeof(w.name));
		col_text(&q, 4, w.reason, sizeof(w.reason));
		col_text(&q, 5, w.officer, sizeof(w.officer));
		col_text(&q, 7, w.money.currency, sizeof(w.money.currency));
		st = each(arg, &w);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* ---- taken and given back ---- */

/* The next number of this year: with the receipt in one transaction, so that
 * none is left out. */
static enum status
next_number(struct reg *r, int64_t *year, int64_t *seq,
    char number[RECEIPT_NUMBER], struct diag *d)
{
	struct query q = query(r, "SELECT code, (SELECT ifnull(max(seq), 0) + 1"
	    " FROM receipt WHERE year = ?1) FROM office", d);
	char code[4] = "";

	*year = when_date(r->now).year;
	*seq = 0;
	bind_int(&q, *year);
	if (query_row(&q)) {
		col_text(&q, 0, code, sizeof(code));
		*seq = col_int(&q, 1);
	}
	(void)snprintf(number, RECEIPT_NUMBER, "%.3s-%04d-%06d", code,
	    (int)*year, (int)*seq);
	return query_end(&q);
}

static enum status
may_take(struct reg *r, int64_t application, const struct money *m,
    struct diag *d)
{
	struct fee_account f;
	char open[MONEY_TEXT];
	enum status st = reg_fee_open(r, application, &f, d);

	if (st != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, f.person, d)) != ST_OK)
		return st;
	if (strcmp(f.currency, m->currency) != 0)
		return diag_set(d, ST_DATA,
		    _("application %" PRId64 ": its fee is in %s, not %s; take it in that"),
		    application, f.currency, m->currency);
	money_format(fee_open(&f), f.currency, open);
	return m->amount <= fee_open(&f) ? ST_OK : diag_set(d, ST_DATA,
	    _("application %" PRId64 ": only %s %s of its fee is open; take no more than that"),
	    application, open, f.currency);
}

enum status
reg_fee_pay(struct reg *r, int64_t application, const struct money *m,
    const char *payer, char number[RECEIPT_NUMBER], struct diag *d)
{
	char object[48], details[96], text[MONEY_TEXT];
	int64_t year, seq;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = line_check("payer", payer, PAYER_MAX, true, d)) != ST_OK ||
	    (st = may_take(r, application, m, d)) != ST_OK ||
	    (st = next_number(r, &year, &seq, number, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO receipt (number, year, seq, application,"
	    " amount, currency, payer, at, officer) VALUES (?1, ?2, ?3, ?4, ?5,"
	    " ?6, ?7, ?8, ?9)", d);
	bind_text(&q, number);
	bind_int(&q, year);
	bind_int(&q, seq);
	bind_int(&q, application);
	bind_int(&q, m->amount);
	bind_text(&q, m->currency);
	bind_text(&q, payer);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "application %" PRId64,
	    application);
	money_format(m->amount, m->currency, text);
	(void)snprintf(details, sizeof(details), "%s: %s %s", number, text,
	    m->currency);
	return reg_audit(r, "fee.pay", object, details, d);
}

enum status
reg_receipt_void(struct reg *r, const char *number, const char *reason,
    struct diag *d)
{
	char object[RECEIPT_NUMBER + 8];
	struct application a;
	struct receipt x;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = reg_receipt(r, number, &x, d)) != ST_OK ||
	    (st = reg_application(r, x.application, &a, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, a.person, d)) != ST_OK)
		return st;
	if (x.void_at != 0)
		return diag_set(d, ST_STATE,
		    _("receipt %s: void already (%s)"), number, x.reason);
	if (strcmp(a.state, "issued") == 0)
		return diag_set(d, ST_STATE,
		    _("receipt %s: the card of application %" PRId64 " is issued; its fee stays paid"),
		    number, x.application);
	q = query(r, "UPDATE receipt SET void = 1, reason = ?2, void_at = ?3,"
	    " void_by = ?4 WHERE number = ?1", d);
	bind_text(&q, number);
	bind_text(&q, reason);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "receipt %s", number);
	return reg_audit(r, "fee.void", object, reason, d);
}

/* ---- the till ---- */

/* What is taken and what is given back, each at its instant: a void out of the
 * till that took it, for no manager who voids has one; a refund by who gave it. */
#define MOVES " FROM (SELECT currency, at AS moment, officer AS teller, amount" \
    " AS taken, 0 AS voided, 0 AS refunded FROM receipt WHERE at >= ?1 AND" \
    " at < ?2 UNION ALL SELECT currency, void_at," \
    " iif(void_at / 86400 = at / 86400, officer, void_by), 0," \
    " iif(void_at / 86400 = at / 86400, amount, 0)," \
    " iif(void_at / 86400 = at / 86400, 0, amount) FROM receipt WHERE" \
    " void = 1 AND void_at >= ?1 AND void_at < ?2)" \
    " JOIN officer AS o ON o.id = teller WHERE ?3 IS NULL OR o.login = ?3"

enum status
reg_fee_cash(struct reg *r, int64_t from, int64_t to, const char *officer,
    bool sums, enum status (*each)(void *arg, const struct till *t),
    void *arg, struct diag *d)
{
	static const char tills[] = "SELECT currency, moment / 86400 AS day,"
	    " o.login, sum(taken), sum(voided), sum(refunded)" MOVES
	    " GROUP BY currency, day, o.login ORDER BY day, o.login, currency";
	static const char totals[] = "SELECT currency, 0, '', sum(taken),"
	    " sum(voided), sum(refunded)" MOVES
	    " GROUP BY currency ORDER BY currency";
	struct query q = query(r, sums ? totals : tills, d);
	enum status st = ST_OK, end;

	bind_int(&q, from);
	bind_int(&q, to);
	bind_text(&q, officer);
	while (st == ST_OK && query_row(&q)) {
		struct till t = { .day = col_int(&q, 1) };

		col_text(&q, 0, t.currency, sizeof(t.currency));
		col_text(&q, 2, t.officer, sizeof(t.officer));
		t.receipts = col_int(&q, 3);
		t.voids = col_int(&q, 4);
		t.refunds = col_int(&q, 5);
		st = each(arg, &t);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
