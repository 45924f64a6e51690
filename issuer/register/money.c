#include "issuer/register/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/eyes.h"
#include "issuer/register/fund.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"

#define ACCOUNT "SELECT f.application, f.person, f.kind, f.cause, f.state," \
    " f.amount, f.currency, f.paid, f.waived FROM fee_account AS f "

static bool
is_one_of(const char *token, const char *const *tokens, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(tokens[i], token) == 0)
			return true;
	return false;
}

/* ---- tariffs ---- */

static enum status
tariff_check(struct reg *r, const char *kind, const char *cause,
    struct diag *d)
{
	static const char *const kinds[] = { "individual", "family" };
	static const char *const causes[] = {
		"first", "renewal", "lost", "stolen", "damaged", "correction"
	};
	struct query q;
	int64_t last;
	enum status st;

	if (!is_one_of(kind, kinds, sizeof(kinds) / sizeof(kinds[0])))
		return diag_set(d, ST_USAGE,
		    _("--kind: one of individual, family"));
	if (!is_one_of(cause, causes, sizeof(causes) / sizeof(causes[0])))
		return diag_set(d, ST_USAGE,
		    _("--cause: one of first, renewal, lost, stolen, damaged, correction"));
	q = query(r, "SELECT max(at) FROM tariff WHERE kind = ?1 AND"
	    " cause = ?2", d);
	bind_text(&q, kind);
	bind_text(&q, cause);
	last = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_end(&q)) == ST_OK && last > r->now) {
		char when[WHEN_TEXT];

		when_format(last, when);
		st = diag_set(d, ST_STATE,
		    _("the last tariff of this kind and cause is dated %s, which is after now; look at the clock"),
		    when);
	}
	return st;
}

enum status
reg_tariff_set(struct reg *r, const char *kind, const char *cause,
    const struct money *m, struct diag *d)
{
	char object[48], details[48], text[MONEY_TEXT];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = tariff_check(r, kind, cause, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO tariff (kind, cause, amount, currency, at,"
	    " officer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", d);
	bind_text(&q, kind);
	bind_text(&q, cause);
	bind_int(&q, m->amount);
	bind_text(&q, m->currency);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "tariff %s %s", kind, cause);
	money_format(m->amount, m->currency, text);
	(void)snprintf(details, sizeof(details), "%s %s", text, m->currency);
	return reg_audit(r, "fee.set", object, details, d);
}

enum status
reg_tariffs(struct reg *r, enum status (*each)(void *arg,
    const struct tariff *t), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT t.at, t.kind, t.cause, t.amount,"
	    " t.currency, o.login, NOT EXISTS (SELECT 1 FROM tariff AS n WHERE"
	    " n.kind = t.kind AND n.cause = t.cause AND (n.at, n.id) > (t.at,"
	    " t.id)) FROM tariff AS t JOIN officer AS o ON o.id = t.officer"
	    " ORDER BY t.kind DESC, t.cause, t.at, t.id", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct tariff t = { .at = col_int(&q, 0) };

		col_text(&q, 1, t.kind, sizeof(t.kind));
		col_text(&q, 2, t.cause, sizeof(t.cause));
		t.money.amount = col_int(&q, 3);
		col_text(&q, 4, t.money.currency, CURRENCY);
		col_text(&q, 5, t.officer, sizeof(t.officer));
		t.current = col_int(&q, 6) != 0;
		st = each(arg, &t);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* ---- what is owed ---- */

static void
read_account(struct query *q, struct fee_account *f)
{
	memset(f, 0, sizeof(*f));
	f->application = col_int(q, 0);
	f->person = col_int(q, 1);
	col_text(q, 2, f->kind, sizeof(f->kind));
	col_text(q, 3, f->cause, sizeof(f->cause));
	col_text(q, 4, f->state, sizeof(f->state));
	f->fee = col_int(q, 5);
	col_text(q, 6, f->currency, sizeof(f->currency));
	f->paid = col_int(q, 7);
	f->waived = col_int(q, 8);
}

enum status
reg_fee_account(struct reg *r, int64_t application, struct fee_account *out,
    struct diag *d)
{
	struct application a;
	struct query q;
	bool found;
	enum status st = reg_application(r, application, &a, d);

	memset(out, 0, sizeof(*out));
	if (st != ST_OK)
		return st;
	q = query(r, ACCOUNT "WHERE f.application = ?1", d);
	bind_int(&q, application);
	if ((found = query_row(&q)))
		read_account(&q, out);
	if ((st = query_end(&q)) != ST_OK || found)
		return st;
	out->application = application;
	out->person = a.person;
	(void)snprintf(out->kind, sizeof(out->kind), "%s",
	    a.family ? "family" : "individual");
	(void)snprintf(out->state, sizeof(out->state), "%s", a.state);
	return ST_OK;
}

int64_t
fee_open(const struct fee_account *f)
{
	return f->paid + f->waived < f->fee ? f->fee - f->paid - f->waived : 0;
}

enum status
reg_fee_settled(struct reg *r, int64_t application, struct diag *d)
{
	struct fee_account f;
	char fee[MONEY_TEXT], open[MONEY_TEXT];
	enum status st = reg_fee_account(r, application, &f, d);

	if (st != ST_OK || fee_open(&f) == 0)
		return st;
	money_format(f.fee, f.currency, fee);
	money_format(fee_open(&f), f.currency, open);
	return diag_set(d, ST_STATE,
	    _("application %" PRId64 ": of its fee of %s %s, %s is open; take it with fee pay %" PRId64 ", or waive it with fee waive %" PRId64),
	    application, fee, f.currency, open, application, application);
}

enum status
reg_fee_due(struct reg *r, enum status (*each)(void *arg,
    const struct fee_account *f), void *arg, struct diag *d)
{
	struct query q = query(r, ACCOUNT "WHERE f.state IN ('submitted',"
	    " 'approved') AND f.paid + f.waived < f.amount"
	    " ORDER BY f.application", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct fee_account f;

		read_account(&q, &f);
		st = each(arg, &f);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_fee_open(struct reg *r, int64_t application, struct fee_account *f,
    struct diag *d)
{
	enum status st = reg_fee_account(r, application, f, d);

	if (st != ST_OK)
		return st;
	if (strcmp(f->state, "submitted") != 0 &&
	    strcmp(f->state, "approved") != 0)
		return diag_set(d, ST_STATE,
		    _("application %" PRId64 " is %s; a fee is taken or waived between submission and issue"),
		    application, f->state);
	if (f->currency[0] == '\0' || f->fee == 0)
		return diag_set(d, ST_STATE,
		    _("application %" PRId64 ": no fee is asked for it; see fee list"),
		    application);
	if (fee_open(f) == 0)
		return diag_set(d, ST_STATE,
		    _("application %" PRId64 ": its fee is settled; see fee show %" PRId64),
		    application, application);
	return ST_OK;
}

/* Four eyes, said clearly here; the table refuses it by itself as well. */
static enum status
not_by_submitter(struct reg *r, int64_t application, struct diag *d)
{
	struct query q = query(r, "SELECT submitter = ?2 FROM application"
	    " WHERE id = ?1", d);
	bool own;
	enum status st;

	bind_int(&q, application);
	bind_int(&q, r->officer);
	own = query_row(&q) && col_int(&q, 0) != 0;
	if ((st = query_end(&q)) == ST_OK && own)
		st = diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you submitted it; another officer must waive its fee"),
		    application);
	return st;
}

static enum status
store_waiver(struct reg *r, const struct fee_account *f, const char *reason,
    bool from_fund, struct diag *d)
{
	char object[48], details[REG_TEXT + 64], text[MONEY_TEXT];
	struct query q = query(r, "INSERT INTO waiver (application, amount,"
	    " currency, reason, from_fund, at, officer) VALUES (?1, ?2, ?3, ?4,"
	    " ?5, ?6, ?7)", d);
	enum status st;

	bind_int(&q, f->application);
	bind_int(&q, fee_open(f));
	bind_text(&q, f->currency);
	bind_text(&q, reason);
	bind_int(&q, from_fund ? 1 : 0);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "application %" PRId64,
	    f->application);
	money_format(fee_open(f), f->currency, text);
	(void)snprintf(details, sizeof(details), "%s %s%s: %s", text,
	    f->currency, from_fund ? " from the fund" : "", reason);
	return reg_audit(r, "fee.waive", object, details, d);
}

enum status
reg_fee_waive(struct reg *r, int64_t application, const char *reason,
    bool from_fund, struct diag *d)
{
	struct fee_account f;
	struct money m = { 0 };
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = reg_fee_open(r, application, &f, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, f.person, d)) != ST_OK ||
	    (st = not_by_submitter(r, application, d)) != ST_OK ||
	    (st = eyes_check(r, EYES_APPLICATION, application, "approver",
	    "manager", d)) != ST_OK)
		return st;
	if (f.waived != 0)
		return diag_set(d, ST_EXISTS,
		    _("application %" PRId64 ": a part of its fee was waived before; take the rest with fee pay %" PRId64),
		    application, application);
	m.amount = fee_open(&f);
	(void)snprintf(m.currency, sizeof(m.currency), "%s", f.currency);
	if (from_fund && (st = reg_fund_has(r, &m, d)) != ST_OK)
		return st;
	return store_waiver(r, &f, reason, from_fund, d);
}
