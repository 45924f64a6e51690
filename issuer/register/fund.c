#include "issuer/register/fund.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/eyes.h"
#include "issuer/register/officer.h"
#include "issuer/register/line.h"

/* One entry as it is stored; ids of 0 are none. */
struct entry {
	const char *kind, *detail;
	struct money money;
	int64_t person, request, reverses;
};

static enum status
audit_fund(struct reg *r, const char *action, const char *what, int64_t id,
    const struct money *m, const char *detail, struct diag *d)
{
	char object[48], details[REG_TEXT * 2], text[MONEY_TEXT];

	(void)snprintf(object, sizeof(object), "%s %" PRId64, what, id);
	money_format(m->amount, m->currency, text);
	(void)snprintf(details, sizeof(details), "%s %s: %s", text,
	    m->currency, detail);
	return reg_audit(r, action, object, details, d);
}

static enum status
add_entry(struct reg *r, const struct entry *e, const char *action,
    int64_t *id, struct diag *d)
{
	struct query q = query(r, "INSERT INTO fund_entry (at, officer, kind,"
	    " amount, currency, person, request, reverses, detail) VALUES (?1,"
	    " ?2, ?3, ?4, ?5, nullif(?6, 0), nullif(?7, 0), nullif(?8, 0), ?9)",
	    d);
	enum status st;

	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, e->kind);
	bind_int(&q, e->money.amount);
	bind_text(&q, e->money.currency);
	bind_int(&q, e->person);
	bind_int(&q, e->request);
	bind_int(&q, e->reverses);
	bind_text(&q, e->detail);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	*id = sqlite3_last_insert_rowid(r->db);
	return audit_fund(r, action, "fund", *id, &e->money, e->detail, d);
}

/* Whom an entry or a request is about, if anybody: there, and of the officer's
 * own districts. */
static enum status
check_person(struct reg *r, int64_t id, struct diag *d)
{
	struct person p;
	enum status st;

	if (id == 0)
		return ST_OK;
	if ((st = reg_person(r, id, &p, d)) != ST_OK)
		return st;
	return reg_person_in_jurisdiction(r, id, d);
}

enum status
reg_fund_give(struct reg *r, const struct money *m, int64_t person,
    const char *detail, int64_t *entry, struct diag *d)
{
	struct entry e = {
		.kind = "donation", .detail = detail, .money = *m,
		.person = person
	};
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = line_check("detail", detail, FUND_DETAIL_MAX, true, d)) != ST_OK ||
	    (st = check_person(r, person, d)) != ST_OK)
		return st;
	return add_entry(r, &e, "fund.give", entry, d);
}

/* What was taken in fees, and not moved to the fund yet. */
static enum status
fees_left(struct reg *r, const char *currency, int64_t *left, struct diag *d)
{
	struct query q = query(r, "SELECT (SELECT ifnull(sum(amount), 0) FROM"
	    " receipt WHERE currency = ?1 AND void = 0) - ifnull(sum(e.amount),"
	    " 0) FROM fund_entry AS e WHERE e.currency = ?1 AND (e.kind ="
	    " 'share' OR e.reverses IN (SELECT id FROM fund_entry WHERE kind ="
	    " 'share'))", d);

	bind_text(&q, currency);
	*left = query_row(&q) ? col_int(&q, 0) : 0;
	return query_end(&q);
}

enum status
reg_fund_share(struct reg *r, const struct money *m, const char *detail,
    int64_t *entry, struct diag *d)
{
	struct entry e = { .kind = "share", .detail = detail, .money = *m };
	char text[MONEY_TEXT];
	int64_t left;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = line_check("detail", detail, FUND_DETAIL_MAX, true, d)) != ST_OK ||
	    (st = fees_left(r, m->currency, &left, d)) != ST_OK)
		return st;
	money_format(left, m->currency, text);
	if (m->amount > left)
		return diag_set(d, ST_STATE,
		    _("--amount: of the fees that were taken, only %s %s is not in the fund yet"),
		    text, m->currency);
	return add_entry(r, &e, "fund.share", entry, d);
}

enum status
reg_fund_has(struct reg *r, const struct money *m, struct diag *d)
{
	struct query q = query(r, "SELECT ifnull(sum(amount), 0)"
	    " FROM fund_entry WHERE currency = ?1", d);
	char has[MONEY_TEXT], wants[MONEY_TEXT];
	int64_t balance;
	enum status st;

	bind_text(&q, m->currency);
	balance = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_end(&q)) != ST_OK || m->amount <= balance)
		return st;
	money_format(balance, m->currency, has);
	money_format(m->amount, m->currency, wants);
	return diag_set(d, ST_STATE,
	    _("the fund has %s %s and cannot give %s; see fund show"), has,
	    m->currency, wants);
}

/* ---- aid: one asks, another pays ---- */

enum status
reg_fund_request(struct reg *r, int64_t person, const struct money *m,
    const char *detail, int64_t *id, struct diag *d)
{
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = line_check("detail", detail, FUND_DETAIL_MAX, true, d)) != ST_OK ||
	    (st = check_person(r, person, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO fund_request (at, officer, person, amount,"
	    " currency, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", d);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_int(&q, person);
	bind_int(&q, m->amount);
	bind_text(&q, m->currency);
	bind_text(&q, detail);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	*id = sqlite3_last_insert_rowid(r->db);
	return audit_fund(r, "fund.request", "request", *id, m, detail, d);
}

#define REQUEST "SELECT f.id, f.at, f.person, ifnull(f.decided, 0), f.amount," \
    " f.currency, f.state, f.detail, f.reason, o.login, ifnull(b.login, '')" \
    " FROM fund_request AS f JOIN officer AS o ON o.id = f.officer" \
    " LEFT JOIN officer AS b ON b.id = f.decided_by "

static void
read_request(struct query *q, struct fund_request *f)
{
	memset(f, 0, sizeof(*f));
	f->id = col_int(q, 0);
	f->at = col_int(q, 1);
	f->person = col_int(q, 2);
	f->decided = col_int(q, 3);
	f->money.amount = col_int(q, 4);
	col_text(q, 5, f->money.currency, CURRENCY);
	col_text(q, 6, f->state, sizeof(f->state));
	col_text(q, 7, f->detail, sizeof(f->detail));
	col_text(q, 8, f->reason, sizeof(f->reason));
	col_text(q, 9, f->officer, sizeof(f->officer));
	col_text(q, 10, f->decided_by, sizeof(f->decided_by));
}

/* *own: it was the acting officer who asked. */
static enum status
open_request(struct reg *r, int64_t id, struct fund_request *f, bool *own,
    struct diag *d)
{
	struct query q = query(r, REQUEST "WHERE f.id = ?1", d);
	bool found;
	enum status st;

	bind_int(&q, id);
	memset(f, 0, sizeof(*f));
	if ((found = query_row(&q)))
		read_request(&q, f);
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (!found)
		return diag_set(d, ST_NOT_FOUND,
		    _("request %" PRId64 ": not in the register; see fund requests"),
		    id);
	if (strcmp(f->state, "open") != 0)
		return diag_set(d, ST_STATE,
		    _("request %" PRId64 " is %s; only an open one can be decided"),
		    id, f->state);
	q = query(r, "SELECT officer = ?2 FROM fund_request WHERE id = ?1", d);
	bind_int(&q, id);
	bind_int(&q, r->officer);
	*own = query_row(&q) && col_int(&q, 0) != 0;
	return query_end(&q);
}

static enum status
decide(struct reg *r, int64_t id, const char *state, const char *reason,
    struct diag *d)
{
	struct query q = query(r, "UPDATE fund_request SET state = ?2,"
	    " decided = ?3, decided_by = ?4, reason = ?5 WHERE id = ?1", d);

	bind_int(&q, id);
	bind_text(&q, state);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, reason);
	return query_run(&q);
}

enum status
reg_fund_pay(struct reg *r, int64_t request, int64_t *entry, struct diag *d)
{
	struct fund_request f;
	struct entry e = { .kind = "aid", .request = request };
	bool own;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = open_request(r, request, &f, &own, d)) != ST_OK ||
	    (st = check_person(r, f.person, d)) != ST_OK)
		return st;
	if (own)
		return diag_set(d, ST_PERMISSION,
		    _("request %" PRId64 ": you asked for it; another manager must pay it"),
		    request);
	if ((st = eyes_check(r, EYES_REQUEST, request, "manager", "", d)) !=
	    ST_OK || (st = reg_fund_has(r, &f.money, d)) != ST_OK ||
	    (st = decide(r, request, "paid", "", d)) != ST_OK)
		return st;
	e.money = f.money;
	e.money.amount = -f.money.amount;
	e.person = f.person;
	e.detail = f.detail;
	return add_entry(r, &e, "fund.pay", entry, d);
}

enum status
reg_fund_refuse(struct reg *r, int64_t request, const char *reason,
    struct diag *d)
{
	struct fund_request f;
	bool own;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = open_request(r, request, &f, &own, d)) != ST_OK ||
	    (st = check_person(r, f.person, d)) != ST_OK ||
	    (st = decide(r, request, "refused", reason, d)) != ST_OK)
		return st;
	return audit_fund(r, "fund.refuse", "request", request, &f.money,
	    reason, d);
}

enum status
reg_fund_requests(struct reg *r, const char *state, enum status (*each)(
    void *arg, const struct fund_request *f), void *arg, struct diag *d)
{
	struct query q = query(r, REQUEST
	    "WHERE ?1 IS NULL OR f.state = ?1 ORDER BY f.id", d);
	enum status st = ST_OK, end;

	bind_text(&q, state);
	while (st == ST_OK && query_row(&q)) {
		struct fund_request f;

		read_request(&q, &f);
		st = each(arg, &f);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* ---- the ledger ---- */

struct reversible {
	char kind[12], state[12];	/* of a waiver's application */
	struct money money;
	int64_t person, reversal;	/* the entry that took it back */
};

static enum status
find_entry(struct reg *r, int64_t id, struct reversible *out, struct diag *d)
{
	struct query q = query(r, "SELECT e.kind, e.amount, e.currency,"
	    " ifnull(e.person, 0), ifnull(b.id, 0), ifnull(a.state, '')"
	    " FROM fund_entry AS e LEFT JOIN fund_entry AS b"
	    " ON b.reverses = e.id LEFT JOIN application AS a"
	    " ON a.id = e.application WHERE e.id = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q))) {
		col_text(&q, 0, out->kind, sizeof(out->kind));
		out->money.amount = col_int(&q, 1);
		col_text(&q, 2, out->money.currency, CURRENCY);
		out->person = col_int(&q, 3);
		out->reversal = col_int(&q, 4);
		col_text(&q, 5, out->state, sizeof(out->state));
	}
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("entry %" PRId64 ": not in the fund's ledger; see fund show"),
		    id);
	return st;
}

static enum status
may_reverse(struct reg *r, int64_t id, const struct reversible *was,
    struct diag *d)
{
	if (strcmp(was->kind, "reversal") == 0)
		return diag_set(d, ST_STATE,
		    _("entry %" PRId64 " is a reversal itself; book anew what should stand"),
		    id);
	if (was->reversal != 0)
		return diag_set(d, ST_STATE,
		    _("entry %" PRId64 " was reversed already, by entry %" PRId64),
		    id, was->reversal);
	if (strcmp(was->kind, "waiver") == 0 &&
	    strcmp(was->state, "refused") != 0)
		return diag_set(d, ST_STATE,
		    _("entry %" PRId64 " pays a fee; only that of a refused application comes back"),
		    id);
	return was->money.amount < 0 ? ST_OK : reg_fund_has(r, &was->money, d);
}

enum status
reg_fund_reverse(struct reg *r, int64_t entry, const char *reason,
    int64_t *id, struct diag *d)
{
	struct reversible was;
	struct entry e = {
		.kind = "reversal", .detail = reason, .reverses = entry
	};
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = find_entry(r, entry, &was, d)) != ST_OK ||
	    (st = check_person(r, was.person, d)) != ST_OK ||
	    (st = may_reverse(r, entry, &was, d)) != ST_OK)
		return st;
	e.money = was.money;
	e.money.amount = -was.money.amount;
	e.person = was.person;
	return add_entry(r, &e, "fund.reverse", id, d);
}

enum status
reg_fund_entries(struct reg *r, int64_t from, int64_t to, enum status (*each)(
    void *arg, const struct fund_entry *e), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT e.id, e.at, ifnull(e.person, 0),"
	    " ifnull(e.application, 0), ifnull(e.request, 0),"
	    " ifnull(e.reverses, 0), e.kind, e.login, e.detail, e.amount,"
	    " e.currency, e.balance FROM (SELECT f.*, o.login, sum(f.amount)"
	    " OVER (PARTITION BY f.currency ORDER BY f.at, f.id) AS balance"
	    " FROM fund_entry AS f JOIN officer AS o ON o.id = f.officer) AS e"
	    " WHERE e.at >= ?1 AND e.at < ?2 ORDER BY e.at, e.id", d);
	enum status st = ST_OK, end;

	bind_int(&q, from);
	bind_int(&q, to);
	while (st == ST_OK && query_row(&q)) {
		struct fund_entry e = { .id = col_int(&q, 0) };

		e.at = col_int(&q, 1);
		e.person = col_int(&q, 2);
		e.application = col_int(&q, 3);
		e.request = col_int(&q, 4);
		e.reverses = col_int(&q, 5);
		col_text(&q, 6, e.kind, sizeof(e.kind));
		col_text(&q, 7, e.officer, sizeof(e.officer));
		col_text(&q, 8, e.detail, sizeof(e.detail));
		e.money.amount = col_int(&q, 9);
		col_text(&q, 10, e.money.currency, CURRENCY);
		e.balance = col_int(&q, 11);
		st = each(arg, &e);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_fund_sums(struct reg *r, int64_t from, int64_t to, enum status (*each)(
    void *arg, const struct fund_sum *s), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT currency,"
	    " sum(iif(at < ?1, amount, 0)),"
	    " sum(iif(at >= ?1 AND amount > 0, amount, 0)),"
	    " sum(iif(at >= ?1 AND amount < 0, amount, 0)), sum(amount)"
	    " FROM fund_entry WHERE at < ?2 GROUP BY currency"
	    " ORDER BY currency", d);
	enum status st = ST_OK, end;

	bind_int(&q, from);
	bind_int(&q, to);
	while (st == ST_OK && query_row(&q)) {
		struct fund_sum s = { .opening = col_int(&q, 1) };

		col_text(&q, 0, s.currency, sizeof(s.currency));
		s.in = col_int(&q, 2);
		s.out = col_int(&q, 3);
		s.closing = col_int(&q, 4);
		st = each(arg, &s);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
