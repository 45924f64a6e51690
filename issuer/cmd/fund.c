/* fund give, share, request, requests, pay, refuse, reverse, show. */
#include "issuer/cmd/period.h"
#include "issuer/command.h"
#include "issuer/register/fund.h"

static struct {
	const char *amount, *currency, *detail, *person, *reason, *from, *to;
	bool open;
} given;

#define AMOUNT_OPTS \
	{ .name = "amount", .arg = "AMOUNT", .value = &given.amount, \
	    .required = true, .help = N_("how much, as 15 or 15.00") }, \
	{ .name = "currency", .arg = "CODE", .value = &given.currency, \
	    .required = true, .help = N_("its currency, as USD") }

static const struct opt give_opts[] = {
	AMOUNT_OPTS,
	{ .name = "detail", .arg = "TEXT", .value = &given.detail, .required = true,
	    .help = N_("who gives it, and by which paper") },
	{ .name = "person", .arg = "ID", .value = &given.person,
	    .help = N_("the giver, if a person of the register") },
};

static const struct opt share_opts[] = {
	AMOUNT_OPTS,
	{ .name = "detail", .arg = "TEXT", .value = &given.detail, .required = true,
	    .help = N_("of which fees, and by which rule") },
};

static const struct opt request_opts[] = {
	{ .name = "person", .arg = "ID", .value = &given.person, .required = true,
	    .help = N_("whom it helps") },
	AMOUNT_OPTS,
	{ .name = "detail", .arg = "TEXT", .value = &given.detail, .required = true,
	    .help = N_("what for") },
};

static const struct opt requests_opts[] = {
	{ .name = "open", .flag = &given.open,
	    .help = N_("only those that nobody has decided") },
};

static const struct opt reason_opts[] = {
	REASON_OPT(&given.reason, N_("why")),
};

static const struct opt show_opts[] = {
	{ .name = "from", .arg = "DATE", .value = &given.from,
	    .help = N_("the first day; else from the beginning") },
	{ .name = "to", .arg = "DATE", .value = &given.to,
	    .help = N_("the last day; else until now") },
};

static enum status
take_money(struct session *s, struct money *m, int64_t *person)
{
	enum status st = money_parse(given.amount, given.currency, false, m,
	    s->d);

	*person = 0;
	if (st == ST_OK && given.person != NULL)
		st = number_parse(given.person, "--person", ID_MAX,
		    person, s->d);
	return st;
}

static enum status
run_give(struct session *s)
{
	struct money m;
	int64_t person, entry;
	enum status st;

	if ((st = take_money(s, &m, &person)) != ST_OK ||
	    (st = reg_fund_give(s->reg, &m, person, given.detail, &entry,
	    s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "entry", entry);
	return ST_OK;
}

static enum status
run_share(struct session *s)
{
	struct money m;
	int64_t person, entry;
	enum status st;

	if ((st = take_money(s, &m, &person)) != ST_OK ||
	    (st = reg_fund_share(s->reg, &m, given.detail, &entry, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "entry", entry);
	return ST_OK;
}

static enum status
run_request(struct session *s)
{
	struct money m;
	int64_t person, id;
	enum status st;

	if ((st = take_money(s, &m, &person)) != ST_OK ||
	    (st = reg_fund_request(s->reg, person, &m, given.detail, &id,
	    s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "request", id);
	return ST_OK;
}

static enum status
run_pay(struct session *s)
{
	int64_t id, entry;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_fund_pay(s->reg, id, &entry, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "entry", entry);
	return ST_OK;
}

static enum status
run_refuse(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_fund_refuse(s->reg, id, given.reason, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "request", id);
	return ST_OK;
}

static enum status
run_reverse(struct session *s)
{
	int64_t id, entry;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_fund_reverse(s->reg, id, given.reason, &entry, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "entry", entry);
	return ST_OK;
}

/* ---- shown ---- */

static void
cell_money(struct answer *a, int64_t amount, const char *currency)
{
	char text[MONEY_TEXT];

	money_format(amount, currency, text);
	answer_cell(a, text);
}

static enum status
put_request(void *arg, const struct fund_request *f)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell_int(a, f->id);
	answer_cell_word(a, f->state);
	moment_format(f->at, moment);
	answer_cell(a, moment);
	answer_cell_int(a, f->person);
	cell_money(a, f->money.amount, f->money.currency);
	answer_cell(a, f->money.currency);
	answer_cell(a, f->officer);
	answer_cell_or_none(a, f->decided_by);
	answer_cell_or_none(a, f->detail);
	answer_cell_or_none(a, f->reason);
	return ST_OK;
}

static enum status
run_requests(struct session *s)
{
	static const struct column columns[] = {
		{ "request", N_("Request") }, { "state", N_("State") },
		{ "at", N_("When") }, { "person", N_("Person") },
		{ "amount", N_("Amount") }, { "currency", N_("Currency") },
		{ "officer", N_("Asked by") }, { "decided_by", N_("Decided by") },
		{ "detail", N_("Detail") }, { "reason", N_("Reason") }
	};
	enum status st;

	answer_list(s->answer, "requests", columns, COUNT(columns));
	st = reg_fund_requests(s->reg, given.open ? "open" : NULL, put_request,
	    s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
put_entry(void *arg, const struct fund_entry *e)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell_int(a, e->id);
	moment_format(e->at, moment);
	answer_cell(a, moment);
	answer_cell_word(a, e->kind);
	cell_money(a, e->money.amount, e->money.currency);
	answer_cell(a, e->money.currency);
	cell_money(a, e->balance, e->money.currency);
	cell_id(a, e->person);
	cell_id(a, e->application);
	cell_id(a, e->request);
	cell_id(a, e->reverses);
	answer_cell(a, e->officer);
	answer_cell_or_none(a, e->detail);
	return ST_OK;
}

static enum status
put_sum(void *arg, const struct fund_sum *x)
{
	struct answer *a = arg;

	answer_cell(a, x->currency);
	cell_money(a, x->opening, x->currency);
	cell_money(a, x->in, x->currency);
	cell_money(a, x->out, x->currency);
	cell_money(a, x->closing, x->currency);
	return ST_OK;
}

static enum status
run_show(struct session *s)
{
	static const struct column entries[] = {
		{ "entry", N_("Entry") }, { "at", N_("When") },
		{ "kind", N_("Kind") }, { "amount", N_("Amount") },
		{ "currency", N_("Currency") }, { "balance", N_("Balance") },
		{ "person", N_("Person") }, { "application", N_("Application") },
		{ "request", N_("Request") }, { "reverses", N_("Reverses") },
		{ "officer", N_("Officer") }, { "detail", N_("Detail") }
	}, balances[] = {
		{ "currency", N_("Currency") }, { "opening", N_("Opening") },
		{ "in", N_("In") }, { "out", N_("Out") },
		{ "closing", N_("Closing") }
	};
	int64_t from, to;
	enum status st = period_parse(given.from, given.to, s->now, &from, &to,
	    s->d);

	if (st != ST_OK)
		return st;
	answer_list(s->answer, "entries", entries, COUNT(entries));
	st = reg_fund_entries(s->reg, from, to, put_entry, s->answer, s->d);
	answer_list_end(s->answer);
	if (st != ST_OK)
		return st;
	answer_list(s->answer, "balances", balances, COUNT(balances));
	st = reg_fund_sums(s->reg, from, to, put_sum, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)
#define LOOKS (AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS)

static const struct command commands[] = {
	{ "fund", "give", AS_MANAGER | ACTS, run_give, give_opts,
	    COUNT(give_opts), "", 0, 0, N_("book a donation") },
	{ "fund", "share", AS_MANAGER | ACTS, run_share, share_opts,
	    COUNT(share_opts), "", 0, 0, N_("move a part of the fees to the fund") },
	{ "fund", "request", AS_REGISTRAR | AS_MANAGER | AS_PROTECTION | ACTS,
	    run_request, request_opts, COUNT(request_opts), "", 0, 0,
	    N_("ask for aid for a person") },
	{ "fund", "requests", AS_REGISTRAR | AS_PROTECTION | LOOKS, run_requests,
	    requests_opts, COUNT(requests_opts), "", 0, 0,
	    N_("list what was asked for") },
	{ "fund", "pay", AS_MANAGER | ACTS, run_pay, NULL, 0, "REQUEST", 1, 1,
	    N_("pay the aid that another officer asked for") },
	{ "fund", "refuse", AS_MANAGER | ACTS, run_refuse, reason_opts,
	    COUNT(reason_opts), "REQUEST", 1, 1, N_("refuse it, with a reason") },
	{ "fund", "reverse", AS_MANAGER | ACTS, run_reverse, reason_opts,
	    COUNT(reason_opts), "ENTRY", 1, 1,
	    N_("take an entry back by an opposite one") },
	{ "fund", "show", LOOKS, run_show, show_opts, COUNT(show_opts), "", 0,
	    0, N_("show the ledger and the balance") },
};

const struct command_group fund_commands = { commands, COUNT(commands) };
