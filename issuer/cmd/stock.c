/* stock receive, spoil, missing, found, destroy, show, reconcile. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/stock.h"

#define RANGES_MAX 256	/* of one count or one act */

static struct {
	const char *first, *last, *supplier, *reason, *witness, *by;
	const char *counted[RANGES_MAX];
	size_t counted_n;
} given;

static const struct opt receive_opts[] = {
	{ .name = "first", .arg = "SERIAL", .value = &given.first, .required = true,
	    .help = N_("the first serial of the parcel") },
	{ .name = "last", .arg = "SERIAL", .value = &given.last, .required = true,
	    .help = N_("the last one") },
	{ .name = "supplier", .arg = "TEXT", .value = &given.supplier, .required = true,
	    .help = N_("who delivered it, and by which paper") },
};

static const struct opt reason_opts[] = {
	REASON_OPT(&given.reason, N_("why")),
};

static const struct opt destroy_opts[] = {
	REASON_OPT(&given.reason, N_("why")),
	{ .name = "witness", .arg = "NAME", .value = &given.witness, .required = true,
	    .help = N_("the other active officer who saw it") },
};

static const struct opt reconcile_opts[] = {
	{ .name = "counted", .arg = "FIRST-LAST", .list = given.counted,
	    .list_n = &given.counted_n, .list_max = RANGES_MAX, .required = true,
	    .help = N_("serials that lie in the cupboard, as often as needed; none for an empty one") },
	{ .name = "by", .arg = "TEXT", .value = &given.by,
	    .help = N_("who counted") },
};

static enum status
run_receive(struct session *s)
{
	struct serial_range range;
	int64_t parcel;
	enum status st;

	if ((st = serial_between(given.first, given.last, &range, s->d)) !=
	    ST_OK || (st = reg_stock_receive(s->reg, &range, given.supplier,
	    &parcel, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "blanks", serial_count(&range));
	return ST_OK;
}

static enum status
run_spoil(struct session *s)
{
	enum status st = reg_blank_spoil(s->reg, s->operand[0], given.reason,
	    s->d);

	if (st == ST_OK)
		answer_main(s->answer, "serial", s->operand[0]);
	return st;
}

static enum status
destroy(struct reg *r, const struct serial_range *range, const char *reason,
    struct diag *d)
{
	return reg_blanks_destroy(r, range, reason, given.witness, d);
}

/* Every range of the operands, or none. */
static enum status
each_range(struct session *s, enum status (*act)(struct reg *r,
    const struct serial_range *range, const char *reason, struct diag *d))
{
	struct serial_range range;
	int64_t blanks = 0;
	enum status st = ST_OK;

	for (size_t i = 0; i < s->operands_n && st == ST_OK; i++)
		if ((st = serial_range_parse(s->operand[i], &range, s->d)) ==
		    ST_OK && (st = act(s->reg, &range, given.reason, s->d)) ==
		    ST_OK)
			blanks += serial_count(&range);
	if (st == ST_OK)
		answer_main_int(s->answer, "blanks", blanks);
	return st;
}

static enum status
run_missing(struct session *s)
{
	return each_range(s, reg_blanks_missing);
}

static enum status
run_found(struct session *s)
{
	return each_range(s, reg_blanks_found);
}

static enum status
run_destroy(struct session *s)
{
	return each_range(s, destroy);
}

/* ---- show ---- */

static enum status
put_event(void *arg, const struct blank_event *e)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	moment_format(e->at, moment);
	answer_cell(a, moment);
	answer_cell_word(a, e->state);
	answer_cell_or_none(a, e->card);
	answer_cell(a, e->officer);
	answer_cell_or_none(a, e->witness);
	answer_cell_or_none(a, e->reason);
	return ST_OK;
}

static enum status
show_one(struct session *s)
{
	static const struct column columns[] = {
		{ "at", N_("When") }, { "state", N_("State") },
		{ "card", N_("Card") }, { "officer", N_("Officer") },
		{ "witness", N_("Witness") }, { "reason", N_("Reason") }
	};
	struct blank b;
	char moment[WHEN_TEXT];
	enum status st;

	if ((st = reg_blank(s->reg, s->operand[0], &b, s->d)) != ST_OK)
		return st;
	answer_text(s->answer, "serial", N_("Serial"), b.serial);
	answer_word(s->answer, "state", N_("State"), b.state);
	answer_text_or_none(s->answer, "card", N_("Card"), b.card);
	answer_text_or_none(s->answer, "reason", N_("Reason"), b.reason);
	answer_int(s->answer, "parcel", N_("Parcel"), b.parcel);
	moment_format(b.received, moment);
	answer_text(s->answer, "received", N_("Received"), moment);
	answer_text_or_none(s->answer, "supplier", N_("Supplier"), b.supplier);
	answer_int_or_none(s->answer, "batch", N_("Batch"), b.batch);
	answer_list(s->answer, "events", columns, COUNT(columns));
	st = reg_blank_events(s->reg, b.serial, put_event, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

struct totals {
	struct answer *a;
	int64_t received, n[BLANK_STATES];
	int64_t wrong;		/* that no state accounts for */
	bool silent;
};

static enum status
put_parcel(void *arg, const struct parcel *p)
{
	struct totals *t = arg;
	char text[SERIAL_RANGE_TEXT], moment[WHEN_TEXT];
	int64_t sum = 0, received = serial_count(&p->range);

	for (int i = 0; i < BLANK_STATES; i++) {
		sum += p->n[i];
		t->n[i] += p->n[i];
	}
	t->received += received;
	t->wrong += sum > received ? sum - received : received - sum;
	if (t->silent)
		return ST_OK;
	serial_range_format(&p->range, text);
	moment_format(p->at, moment);
	answer_cell_int(t->a, p->id);
	answer_cell(t->a, text);
	answer_cell(t->a, moment);
	answer_cell_or_none(t->a, p->supplier);
	answer_cell_int(t->a, received);
	for (int i = 0; i < BLANK_STATES; i++)
		answer_cell_int(t->a, p->n[i]);
	answer_cell(t->a, p->next);
	return ST_OK;
}

static void
put_totals(struct answer *a, const struct totals *t)
{
	answer_int(a, "received", N_("Received"), t->received);
	answer_int(a, "stock", N_("In stock"), t->n[BLANK_STOCK]);
	answer_int(a, "printed", N_("Printed"), t->n[BLANK_PRINTED]);
	answer_int(a, "spoiled", N_("Spoiled"), t->n[BLANK_SPOILED]);
	answer_int(a, "missing", N_("Missing"), t->n[BLANK_MISSING]);
	answer_int(a, "destroyed", N_("Destroyed"), t->n[BLANK_DESTROYED]);
}

static enum status
run_show(struct session *s)
{
	static const struct column columns[] = {
		{ "parcel", N_("Parcel") }, { "serials", N_("Serials") },
		{ "at", N_("Received") }, { "supplier", N_("Supplier") },
		{ "received", N_("Blanks") }, { "stock", N_("In stock") },
		{ "printed", N_("Printed") }, { "spoiled", N_("Spoiled") },
		{ "missing", N_("Missing") }, { "destroyed", N_("Destroyed") },
		{ "next", N_("Next") }
	};
	struct totals t = { .a = s->answer };
	char next[SERIAL_TEXT];
	enum status st;

	if (s->operands_n == 1)
		return show_one(s);
	answer_list(s->answer, "parcels", columns, COUNT(columns));
	st = reg_parcels(s->reg, put_parcel, &t, s->d);
	answer_list_end(s->answer);
	put_totals(s->answer, &t);
	if (st != ST_OK ||
	    (st = reg_stock_next(s->reg, next, s->d)) != ST_OK)
		return st;
	answer_text(s->answer, "next_blank", N_("Next blank"), next);
	return ST_OK;
}

/* ---- reconcile ---- */

struct finding {
	struct answer *a;
	int64_t blanks, cards;
};

static enum status
put_difference(void *arg, const struct stock_difference *x)
{
	struct finding *f = arg;
	char text[SERIAL_RANGE_TEXT];

	f->blanks += serial_count(&x->range);
	serial_range_format(&x->range, text);
	answer_cell(f->a, text);
	answer_cell_int(f->a, serial_count(&x->range));
	answer_cell_word(f->a, x->books);
	answer_cell_word(f->a, x->counted ? "yes" : "no");
	return ST_OK;
}

static enum status
put_card(void *arg, const char *serial, const char *number,
    const char *custody)
{
	struct finding *f = arg;

	f->cards++;
	answer_cell(f->a, number);
	answer_cell_word(f->a, custody);
	answer_cell(f->a, serial);
	return ST_OK;
}

static enum status
take_counted(struct session *s, struct serial_range *ranges, size_t *n,
    int64_t *counted)
{
	enum status st = ST_OK;

	*n = 0;
	*counted = 0;
	if (given.counted_n == 1 && strcmp(given.counted[0], "none") == 0)
		return ST_OK;
	for (size_t i = 0; i < given.counted_n && st == ST_OK; i++)
		if ((st = serial_range_parse(given.counted[i], &ranges[i],
		    s->d)) == ST_OK)
			*counted += serial_count(&ranges[i]);
	*n = given.counted_n;
	return st;
}

static enum status
compare(struct session *s, const struct serial_range *ranges, size_t n,
    int64_t *stock, struct finding *f)
{
	static const struct column blanks[] = {
		{ "serials", N_("Serials") }, { "blanks", N_("Blanks") },
		{ "books", N_("By the books") }, { "counted", N_("Counted") }
	}, cards[] = {
		{ "card", N_("Card") }, { "custody", N_("Custody") },
		{ "serial", N_("Serial") }
	};
	enum status st;

	answer_list(s->answer, "differences", blanks, COUNT(blanks));
	st = reg_stock_compare(s->reg, ranges, n, put_difference, f, stock,
	    s->d);
	answer_list_end(s->answer);
	if (st != ST_OK)
		return st;
	answer_list(s->answer, "cards", cards, COUNT(cards));
	st = reg_stock_cards(s->reg, put_card, f, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
run_reconcile(struct session *s)
{
	struct serial_range ranges[RANGES_MAX];
	struct finding f = { .a = s->answer };
	struct totals t = { .a = s->answer, .silent = true };
	int64_t counted, stock, unexplained;
	size_t n;
	enum status st;

	if ((st = take_counted(s, ranges, &n, &counted)) != ST_OK ||
	    (st = compare(s, ranges, n, &stock, &f)) != ST_OK ||
	    (st = reg_parcels(s->reg, put_parcel, &t, s->d)) != ST_OK)
		return st;
	unexplained = f.blanks + f.cards + t.wrong;
	put_totals(s->answer, &t);
	answer_int(s->answer, "counted", N_("Counted"), counted);
	answer_int(s->answer, "unexplained", N_("Unexplained"), unexplained);
	if (unexplained != 0)
		answer_found(s->answer, diag_set(s->d, ST_DATA,
		    _("unexplained: %lld; look for them, then record what is found with stock missing, spoil or found, and count again"),
		    (long long)unexplained));
	return reg_stock_counted(s->reg, ranges, n,
	    given.by != NULL ? given.by : "", stock, unexplained, s->d);
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "stock", "receive", AS_MANAGER | ACTS, run_receive, receive_opts,
	    COUNT(receive_opts), "", 0, 0,
	    N_("take a parcel of blank cards into stock") },
	{ "stock", "spoil", AS_PRINTER | ACTS, run_spoil, reason_opts,
	    COUNT(reason_opts), "SERIAL", 1, 1,
	    N_("a blank is spoiled; its card is printed again") },
	{ "stock", "missing", AS_MANAGER | ACTS, run_missing, reason_opts,
	    COUNT(reason_opts), "SERIAL|FIRST-LAST ...", 1, RANGES_MAX,
	    N_("blanks are missing") },
	{ "stock", "found", AS_MANAGER | ACTS, run_found, reason_opts,
	    COUNT(reason_opts), "SERIAL|FIRST-LAST ...", 1, RANGES_MAX,
	    N_("missing blanks are back in stock") },
	{ "stock", "destroy", AS_PRINTER | AS_MANAGER | ACTS, run_destroy, destroy_opts,
	    COUNT(destroy_opts), "SERIAL|FIRST-LAST ...", 1, RANGES_MAX,
	    N_("blanks were destroyed before a witness") },
	{ "stock", "show", AS_PRINTER | AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS,
	    run_show, NULL, 0, "[SERIAL]", 0, 1,
	    N_("show the stock, or what became of a blank") },
	{ "stock", "reconcile", AS_PRINTER | AS_MANAGER | ACTS, run_reconcile,
	    reconcile_opts, COUNT(reconcile_opts), "", 0, 0,
	    N_("compare what was counted with the books") },
};

const struct command_group stock_commands = { commands, COUNT(commands) };
