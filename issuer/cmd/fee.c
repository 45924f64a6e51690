/* fee set, list, due, show, pay, receipt, void, waive, cash. */
#include "issuer/cmd/period.h"
#include "issuer/command.h"
#include "issuer/register/money.h"

static struct {
	const char *kind, *cause, *amount, *currency, *payer, *reason;
	const char *from, *to, *officer_of_till;
	bool from_fund;
} given;

#define AMOUNT_OPTS(what) \
	{ .name = "amount", .arg = "AMOUNT", .value = &given.amount, \
	    .required = true, .help = what }, \
	{ .name = "currency", .arg = "CODE", .value = &given.currency, \
	    .required = true, .help = N_("its currency, as USD") }

static const struct opt set_opts[] = {
	{ .name = "kind", .arg = "KIND", .value = &given.kind, .required = true,
	    .help = N_("individual or family") },
	{ .name = "cause", .arg = "CAUSE", .value = &given.cause, .required = true,
	    .help = N_("first, renewal, lost, stolen, damaged or correction") },
	AMOUNT_OPTS(N_("what it costs from now on, as 15 or 15.00; 0 is free")),
};

static const struct opt pay_opts[] = {
	AMOUNT_OPTS(N_("what is paid, the fee or a part of it, as 15 or 15.00")),
	{ .name = "payer", .arg = "NAME", .value = &given.payer, .required = true,
	    .help = N_("who pays") },
};

static const struct opt void_opts[] = {
	REASON_OPT(&given.reason, N_("why the money goes back")),
};

static const struct opt waive_opts[] = {
	REASON_OPT(&given.reason, N_("why it is not asked for")),
	{ .name = "from-fund", .flag = &given.from_fund,
	    .help = N_("the solidarity fund pays it") },
};

#define PERIOD_OPTS \
	{ .name = "from", .arg = "DATE", .value = &given.from, \
	    .help = N_("the first day; else from the beginning") }, \
	{ .name = "to", .arg = "DATE", .value = &given.to, \
	    .help = N_("the last day; else until now") }

static const struct opt waivers_opts[] = { PERIOD_OPTS };

static const struct opt cash_opts[] = {
	PERIOD_OPTS,
	{ .name = "till", .arg = "NAME", .value = &given.officer_of_till,
	    .help = N_("only this officer's") },
};

static void
cell_money(struct answer *a, int64_t amount, const char *currency)
{
	char text[MONEY_TEXT];

	money_format(amount, currency, text);
	answer_cell(a, text);
}

static void
text_money(struct answer *a, const char *key, const char *label,
    int64_t amount, const char *currency)
{
	char text[MONEY_TEXT];

	money_format(amount, currency, text);
	answer_text(a, key, label, text);
}

/* ---- tariffs ---- */

static enum status
run_set(struct session *s)
{
	struct money m;
	char text[MONEY_TEXT];
	enum status st;

	if ((st = money_parse(given.amount, given.currency, true, &m, s->d)) !=
	    ST_OK || (st = reg_tariff_set(s->reg, given.kind, given.cause, &m,
	    s->d)) != ST_OK)
		return st;
	money_format(m.amount, m.currency, text);
	answer_main(s->answer, "amount", text);
	return ST_OK;
}

static enum status
put_tariff(void *arg, const struct tariff *t)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell_word(a, t->kind);
	answer_cell_word(a, t->cause);
	cell_money(a, t->money.amount, t->money.currency);
	answer_cell(a, t->money.currency);
	moment_format(t->at, moment);
	answer_cell(a, moment);
	answer_cell(a, t->officer);
	answer_cell_word(a, t->current ? "yes" : "no");
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "kind", N_("Kind") }, { "cause", N_("Cause") },
		{ "amount", N_("Amount") }, { "currency", N_("Currency") },
		{ "since", N_("Since") }, { "officer", N_("Officer") },
		{ "current", N_("Current") }
	};
	enum status st;

	answer_list(s->answer, "tariffs", columns, COUNT(columns));
	st = reg_tariffs(s->reg, put_tariff, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

/* ---- accounts ---- */

static enum status
put_due(void *arg, const struct fee_account *f)
{
	struct session *s = arg;
	struct person p;
	char name[REG_FOLDED];
	enum status st = reg_person(s->reg, f->person, &p, s->d);

	if (st != ST_OK)
		return st;
	answer_cell_int(s->answer, f->application);
	answer_cell_word(s->answer, f->state);
	answer_cell_word(s->answer, f->kind);
	answer_cell_word(s->answer, f->cause);
	answer_cell_int(s->answer, f->person);
	answer_cell(s->answer, person_full_name(&p, name, sizeof(name)) ?
	    name : "");
	cell_money(s->answer, f->fee, f->currency);
	cell_money(s->answer, f->paid, f->currency);
	cell_money(s->answer, fee_open(f), f->currency);
	answer_cell(s->answer, f->currency);
	return ST_OK;
}

static enum status
run_due(struct session *s)
{
	static const struct column columns[] = {
		{ "application", N_("Application") }, { "state", N_("State") },
		{ "kind", N_("Kind") }, { "cause", N_("Cause") },
		{ "person", N_("Person") }, { "name", N_("Name") },
		{ "fee", N_("Fee") }, { "paid", N_("Paid") },
		{ "open", N_("Open") }, { "currency", N_("Currency") }
	};
	enum status st;

	answer_list(s->answer, "due", columns, COUNT(columns));
	st = reg_fee_due(s->reg, put_due, s, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
put_receipt(void *arg, const struct receipt *x)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell(a, x->number);
	moment_format(x->at, moment);
	answer_cell(a, moment);
	cell_money(a, x->money.amount, x->money.currency);
	answer_cell(a, x->money.currency);
	answer_cell_or_none(a, x->payer);
	answer_cell(a, x->officer);
	answer_cell_word(a, x->void_at != 0 ? "void" : "valid");
	answer_cell_or_none(a, x->reason);
	return ST_OK;
}

static const struct column waiver_columns[] = {
	{ "application", N_("Application") }, { "person", N_("Person") },
	{ "name", N_("Name") }, { "waived", N_("Waived") },
	{ "currency", N_("Currency") }, { "at", N_("When") },
	{ "officer", N_("Officer") }, { "from_fund", N_("From the fund") },
	{ "reason", N_("Reason") }
};

static enum status
put_waiver(void *arg, const struct waived *w)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell_int(a, w->application);
	answer_cell_int(a, w->person);
	answer_cell(a, w->name);
	cell_money(a, w->money.amount, w->money.currency);
	answer_cell(a, w->money.currency);
	moment_format(w->at, moment);
	answer_cell(a, moment);
	answer_cell(a, w->officer);
	answer_cell_word(a, w->from_fund ? "yes" : "no");
	answer_cell(a, w->reason);
	return ST_OK;
}

static enum status
run_waivers(struct session *s)
{
	int64_t from, to;
	enum status st = period_parse(given.from, given.to, s->now, &from, &to,
	    s->d);

	if (st != ST_OK)
		return st;
	answer_list(s->answer, "waivers", waiver_columns,
	    COUNT(waiver_columns));
	st = reg_waivers(s->reg, 0, from, to, put_waiver, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
run_show(struct session *s)
{
	static const struct column columns[] = {
		{ "receipt", N_("Receipt") }, { "at", N_("When") },
		{ "amount", N_("Amount") }, { "currency", N_("Currency") },
		{ "payer", N_("Payer") }, { "officer", N_("Officer") },
		{ "state", N_("State") }, { "reason", N_("Reason") }
	};
	struct fee_account f;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_fee_account(s->reg, id, &f, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "application", N_("Application"), id);
	answer_word(s->answer, "state", N_("State"), f.state);
	answer_int(s->answer, "person", N_("Person"), f.person);
	answer_word(s->answer, "kind", N_("Kind"), f.kind);
	answer_word(s->answer, "cause", N_("Cause"), f.cause);
	answer_text_or_none(s->answer, "currency", N_("Currency"), f.currency);
	text_money(s->answer, "fee", N_("Fee"), f.fee, f.currency);
	text_money(s->answer, "paid", N_("Paid"), f.paid, f.currency);
	text_money(s->answer, "waived", N_("Waived"), f.waived, f.currency);
	text_money(s->answer, "open", N_("Open"), fee_open(&f), f.currency);
	answer_list(s->answer, "receipts", columns, COUNT(columns));
	st = reg_receipts(s->reg, id, put_receipt, s->answer, s->d);
	answer_list_end(s->answer);
	if (st != ST_OK || f.waived == 0)
		return st;
	answer_list(s->answer, "waivers", waiver_columns,
	    COUNT(waiver_columns));
	st = reg_waivers(s->reg, id, 0, INT64_MAX, put_waiver, s->answer,
	    s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
run_pay(struct session *s)
{
	struct money m;
	char number[RECEIPT_NUMBER];
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = money_parse(given.amount, given.currency, false, &m,
	    s->d)) != ST_OK ||
	    (st = reg_fee_pay(s->reg, id, &m, given.payer, number, s->d)) !=
	    ST_OK)
		return st;
	answer_main(s->answer, "receipt", number);
	return ST_OK;
}

static enum status
run_receipt(struct session *s)
{
	struct receipt x;
	struct person p;
	struct answer *a = s->answer;
	char moment[WHEN_TEXT], name[REG_FOLDED];
	enum status st;

	if ((st = reg_receipt(s->reg, s->operand[0], &x, s->d)) != ST_OK ||
	    (st = reg_person(s->reg, x.person, &p, s->d)) != ST_OK)
		return st;
	answer_text(a, "receipt", N_("Receipt"), x.number);
	answer_text(a, "office", N_("Office"), s->office.name);
	moment_format(x.at, moment);
	answer_text(a, "at", N_("When"), moment);
	answer_text_or_none(a, "payer", N_("Payer"), x.payer);
	text_money(a, "amount", N_("Amount"), x.money.amount,
	    x.money.currency);
	answer_text_or_none(a, "currency", N_("Currency"), x.money.currency);
	answer_int(a, "application", N_("Application"), x.application);
	answer_text(a, "name", N_("Name"), person_full_name(&p, name,
	    sizeof(name)) ? name : "");
	answer_text(a, "officer", N_("Officer"), x.officer);
	answer_word(a, "state", N_("State"),
	    x.void_at != 0 ? "void" : "valid");
	moment_format(x.void_at, moment);
	answer_text_or_none(a, "void_at", N_("Void since"), moment);
	answer_text_or_none(a, "void_by", N_("Void by"), x.void_by);
	answer_text_or_none(a, "reason", N_("Reason"), x.reason);
	return ST_OK;
}

static enum status
run_void(struct session *s)
{
	enum status st = reg_receipt_void(s->reg, s->operand[0], given.reason,
	    s->d);

	if (st == ST_OK)
		answer_main(s->answer, "receipt", s->operand[0]);
	return st;
}

static enum status
run_waive(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_fee_waive(s->reg, id, given.reason, given.from_fund,
	    s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "application", id);
	return ST_OK;
}

/* ---- the till ---- */

static void
put_sums(struct answer *a, const struct till *t)
{
	answer_cell(a, t->currency);
	cell_money(a, t->receipts, t->currency);
	cell_money(a, t->voids, t->currency);
	cell_money(a, t->refunds, t->currency);
	cell_money(a, t->receipts - t->voids - t->refunds, t->currency);
}

static enum status
put_till(void *arg, const struct till *t)
{
	struct answer *a = arg;
	char day[DATE_TEXT];

	date_format(date_from_days(t->day), day);
	answer_cell(a, day);
	answer_cell(a, t->officer);
	put_sums(a, t);
	return ST_OK;
}

static enum status
put_total(void *arg, const struct till *t)
{
	put_sums(arg, t);
	return ST_OK;
}

#define SUMS { "currency", N_("Currency") }, { "receipts", N_("Receipts") }, \
	{ "voids", N_("Voids") }, { "refunds", N_("Refunds") }, \
	{ "cash", N_("Cash") }

static enum status
run_cash(struct session *s)
{
	static const struct column tills[] = {
		{ "day", N_("Day") }, { "officer", N_("Officer") }, SUMS
	}, totals[] = { SUMS };
	int64_t from, to;
	enum status st = period_parse(given.from, given.to, s->now, &from, &to,
	    s->d);

	if (st != ST_OK)
		return st;
	answer_list(s->answer, "tills", tills, COUNT(tills));
	st = reg_fee_cash(s->reg, from, to, given.officer_of_till, false,
	    put_till, s->answer, s->d);
	answer_list_end(s->answer);
	if (st != ST_OK)
		return st;
	answer_list(s->answer, "totals", totals, COUNT(totals));
	st = reg_fee_cash(s->reg, from, to, given.officer_of_till, true,
	    put_total, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)
#define LOOKS (AS_DESK | AS_AUDITOR | NEEDS_REGISTER | READS)

static const struct command commands[] = {
	{ "fee", "set", AS_MANAGER | ACTS, run_set, set_opts, COUNT(set_opts),
	    "", 0, 0, N_("set what a card costs from now on") },
	{ "fee", "list", LOOKS, run_list, NULL, 0, "", 0, 0,
	    N_("list the tariffs, the earlier ones too") },
	{ "fee", "due", LOOKS, run_due, NULL, 0, "", 0, 0,
	    N_("list the fees that are open") },
	{ "fee", "show", LOOKS, run_show, NULL, 0, "APPLICATION", 1, 1,
	    N_("show an application's fee and its receipts") },
	{ "fee", "pay", AS_REGISTRAR | ACTS, run_pay, pay_opts,
	    COUNT(pay_opts), "APPLICATION", 1, 1,
	    N_("take a fee, or a part of it") },
	{ "fee", "receipt", LOOKS, run_receipt, NULL, 0, "NUMBER", 1, 1,
	    N_("show a receipt") },
	{ "fee", "void", AS_MANAGER | ACTS, run_void, void_opts,
	    COUNT(void_opts), "NUMBER", 1, 1,
	    N_("void a receipt: the money goes back") },
	{ "fee", "waive", AS_MANAGER | AS_APPROVER | ACTS, run_waive, waive_opts,
	    COUNT(waive_opts), "APPLICATION", 1, 1,
	    N_("waive what is open of a fee") },
	{ "fee", "waivers", LOOKS, run_waivers, waivers_opts,
	    COUNT(waivers_opts), "", 0, 0, N_("list what was waived, and why") },
	{ "fee", "cash", LOOKS, run_cash, cash_opts, COUNT(cash_opts), "", 0,
	    0, N_("sum up the till") },
};

const struct command_group fee_commands = { commands, COUNT(commands) };
