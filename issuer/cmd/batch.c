/* batch open, add, show, list, print, aside, close. */
#include <string.h>

#include "issuer/command.h"
#include "issuer/print_run.h"
#include "issuer/register/batch.h"
#include "issuer/register/session.h"
#include "issuer/register/stock.h"

#define CARDS_MAX 256	/* of one command */

static struct {
	const char *waiting, *cards[CARDS_MAX], *out, *blanks, *dpi, *reason;
	size_t cards_n;
} given;

#define CARD_OPT { .name = "card", .arg = "NUMBER", .list = given.cards, \
	    .list_n = &given.cards_n, .list_max = CARDS_MAX, .required = true, \
	    .help = N_("a card; several, and all of them or none") }

static const struct opt open_opts[] = {
	{ .name = "waiting", .arg = "N", .value = &given.waiting,
	    .help = N_("with the N cards that wait longest to be printed") },
};

static const struct opt add_opts[] = { CARD_OPT };

static const struct opt print_opts[] = {
	{ .name = "out", .arg = "FOLDER", .value = &given.out, .required = true,
	    .help = N_("where the files go") },
	{ .name = "blanks", .arg = "FIRST", .value = &given.blanks,
	    .help = N_("the first blank; on from it those in stock are taken, in order") },
	{ .name = "dpi", .arg = "300|600", .value = &given.dpi,
	    .help = N_("of the PNG files, 300 if not given") },
};

static const struct opt aside_opts[] = {
	CARD_OPT,
	REASON_OPT(&given.reason, N_("why")),
};

static enum status
run_open(struct session *s)
{
	int64_t id, n = 0, added;
	enum status st;

	if ((given.waiting != NULL && (st = number_parse(given.waiting,
	    "--waiting", BATCH_MAX, &n, s->d)) != ST_OK) ||
	    (st = reg_batch_open(s->reg, &id, s->d)) != ST_OK)
		return st;
	if (n > 0) {
		if ((st = reg_batch_add_waiting(s->reg, id, n, &added,
		    s->d)) != ST_OK)
			return st;
		if (added == 0)
			return diag_set(s->d, ST_NOT_FOUND,
			    _("no card waits to be printed"));
	}
	answer_main_int(s->answer, "batch", id);
	return ST_OK;
}

static enum status
run_add(struct session *s)
{
	int64_t id;
	enum status st = operand_id(s, &id);

	for (size_t i = 0; i < given.cards_n && st == ST_OK; i++)
		st = reg_batch_add(s->reg, id, given.cards[i], s->d);
	if (st == ST_OK)
		answer_main_int(s->answer, "batch", id);
	return st;
}

static enum status
run_aside(struct session *s)
{
	struct card c;
	int64_t id;
	enum status st = operand_id(s, &id);

	for (size_t i = 0; i < given.cards_n && st == ST_OK; i++)
		if ((st = reg_card(s->reg, given.cards[i], &c, s->d)) == ST_OK)
			st = reg_batch_aside(s->reg, id, &c, given.reason,
			    s->d);
	if (st == ST_OK)
		answer_main_int(s->answer, "batch", id);
	return st;
}

static enum status
run_close(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_batch_close(s->reg, id, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "batch", id);
	return ST_OK;
}

static enum status
put_card(void *arg, const char *number, const char *state, const char *serial,
    const char *reason)
{
	struct answer *a = arg;

	answer_cell(a, number);
	answer_cell_word(a, state);
	answer_cell_or_none(a, serial);
	answer_cell_or_none(a, reason);
	return ST_OK;
}

static const struct column card_columns[] = {
	{ "card", N_("Card") }, { "state", N_("State") },
	{ "serial", N_("Serial") }, { "reason", N_("Reason") }
};

static void
put_counts(struct answer *a, const struct batch *b)
{
	answer_int(a, "waiting", N_("Waiting"), b->waiting);
	answer_int(a, "printed", N_("Printed"), b->printed);
	answer_int(a, "aside", N_("Set aside"), b->aside);
}

/* The blank that the printer takes next: on from the last one, of its series
 * first. Empty without stock. */
static enum status
put_next(struct session *s, const char *from, struct diag *d)
{
	char next[SERIAL_TEXT];
	enum status st = ST_OK;

	if (from[0] == '\0' || reg_blank_next(s->reg, from, next, NULL) != ST_OK)
		st = reg_stock_next(s->reg, next, d);
	if (st == ST_OK)
		answer_text(s->answer, "next_blank", N_("Next blank"), next);
	return st;
}

static enum status
run_show(struct session *s)
{
	struct batch b;
	char moment[WHEN_TEXT];
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_batch(s->reg, id, &b, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "batch", N_("Batch"), b.id);
	answer_word(s->answer, "state", N_("State"),
	    b.closed != 0 ? "closed" : "open");
	moment_format(b.opened, moment);
	answer_text(s->answer, "opened", N_("Opened"), moment);
	answer_text(s->answer, "officer", N_("Officer"), b.officer);
	moment_format(b.closed, moment);
	answer_text_or_none(s->answer, "closed", N_("Closed"), moment);
	put_counts(s->answer, &b);
	if ((st = put_next(s, "", s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "cards", card_columns, COUNT(card_columns));
	st = reg_batch_cards(s->reg, id, put_card, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
put_batch(void *arg, const struct batch *b)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell_int(a, b->id);
	answer_cell_word(a, b->closed != 0 ? "closed" : "open");
	moment_format(b->opened, moment);
	answer_cell(a, moment);
	answer_cell(a, b->officer);
	answer_cell_int(a, b->waiting);
	answer_cell_int(a, b->printed);
	answer_cell_int(a, b->aside);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "batch", N_("Batch") }, { "state", N_("State") },
		{ "opened", N_("Opened") }, { "officer", N_("Officer") },
		{ "waiting", N_("Waiting") }, { "printed", N_("Printed") },
		{ "aside", N_("Set aside") }
	};
	enum status st;

	answer_list(s->answer, "batches", columns, COUNT(columns));
	st = reg_batches(s->reg, put_batch, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

/* ---- print ---- */

struct press {
	struct session *s;
	int64_t batch;
	char next[SERIAL_TEXT];	/* look for a blank from here; "": no stock */
	int dpi;
	size_t aside;		/* by this command */
};

/* A transaction of its own: the rest of the batch goes on. */
static enum status
set_aside(struct press *p, const struct card *c, const char *why)
{
	struct session *s = p->s;
	enum status st = reg_begin_acting(s->reg, s->d);

	if (st != ST_OK)
		return st;
	if ((st = reg_batch_aside(s->reg, p->batch, c, why, s->d)) != ST_OK ||
	    (st = reg_commit(s->reg, s->d)) != ST_OK)
		reg_rollback(s->reg);
	else {
		p->aside++;
		st = put_card(s->answer, c->number, "aside", "", why);
	}
	return st;
}

static enum status
print_one(struct press *p, const char *number)
{
	struct session *s = p->s;
	struct card c;
	struct diag why = { "" };
	struct print_job job = {
		.office = &s->office, .card = &c, .folder = given.out,
		.name = c.number, .dpi = p->dpi
	};
	char blank[SERIAL_TEXT] = "";
	bool faulty = false;
	enum status st;

	if ((st = reg_card(s->reg, number, &c, s->d)) != ST_OK)
		return st;
	if (reg_batch_may_print(s->reg, &c, &why) != ST_OK)
		return set_aside(p, &c, why.text);
	if (p->next[0] != '\0' &&
	    (st = reg_blank_next(s->reg, p->next, blank, s->d)) != ST_OK)
		return st;
	st = print_recorded(s->reg, &job, blank[0] != '\0' ? blank : NULL,
	    NULL, p->batch, &faulty, &why);
	if (st == ST_OK) {
		memcpy(p->next, blank, sizeof(p->next));
		return put_card(s->answer, number, "printed", blank, "");
	}
	return faulty ? set_aside(p, &c, why.text) :
	    diag_set(s->d, st, "%s", why.text);
}

static enum status
press_check(struct press *p)
{
	struct session *s = p->s;
	struct serial_range range;
	struct batch b;
	bool any;
	enum status st;

	if (given.dpi != NULL && strcmp(given.dpi, "600") == 0)
		p->dpi = 600;
	else if (given.dpi != NULL && strcmp(given.dpi, "300") != 0)
		return diag_set(s->d, ST_USAGE, _("--dpi: 300 or 600"));
	if ((st = operand_id(s, &p->batch)) != ST_OK ||
	    (st = reg_batch(s->reg, p->batch, &b, s->d)) != ST_OK ||
	    (st = reg_stock_any(s->reg, &any, s->d)) != ST_OK)
		return st;
	if (given.blanks == NULL && any) {
		if ((st = reg_stock_next(s->reg, p->next, s->d)) != ST_OK)
			return st;
		if (p->next[0] == '\0')
			return diag_set(s->d, ST_USAGE,
			    _("cards are printed on blanks of this office's stock, and none is left; see stock show"));
		return diag_set(s->d, ST_USAGE,
		    _("this office keeps stock of its blank cards; say with --blanks FIRST from which one on they are taken; the next is %s"),
		    p->next);
	}
	if (given.blanks == NULL)
		return ST_OK;
	if ((st = serial_parse(given.blanks, &range, s->d)) != ST_OK)
		return st;
	serial_format(&range, range.first, p->next);
	return reg_blank_in_stock(s->reg, p->next, s->d);
}

/* A transaction a card: what is printed is recorded, whatever stops the rest,
 * and what stopped it is told behind what was done. */
static enum status
run_print(struct session *s)
{
	struct press p = { .s = s, .dpi = 300 };
	struct batch b;
	char number[REG_NUMBER];
	enum status st, stopped = ST_OK;

	if ((st = press_check(&p)) != ST_OK)
		return st;
	answer_list(s->answer, "cards", card_columns, COUNT(card_columns));
	while ((stopped = reg_batch_next(s->reg, p.batch, number, s->d)) ==
	    ST_OK && number[0] != '\0')
		if ((stopped = print_one(&p, number)) != ST_OK)
			break;
	answer_list_end(s->answer);
	if ((st = reg_batch(s->reg, p.batch, &b, NULL)) != ST_OK)
		return st;
	put_counts(s->answer, &b);
	if ((st = put_next(s, p.next, NULL)) != ST_OK)
		return st;
	answer_text_or_none(s->answer, "stopped", N_("Stopped"), s->d->text);
	if (stopped != ST_OK)
		answer_found(s->answer, stopped);
	else if (p.aside > 0)
		answer_found(s->answer, diag_set(s->d, ST_DATA,
		    _("batch %lld: cards were set aside: %zu; see batch show %lld"),
		    (long long)b.id, p.aside, (long long)b.id));
	return ST_OK;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)
#define LOOKS (AS_PRINTER | AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS)

static const struct command commands[] = {
	{ "batch", "open", AS_PRINTER | ACTS, run_open, open_opts,
	    COUNT(open_opts), "", 0, 0, N_("open a batch of cards to print") },
	{ "batch", "add", AS_PRINTER | ACTS, run_add, add_opts,
	    COUNT(add_opts), "BATCH", 1, 1, N_("add cards to it") },
	{ "batch", "show", LOOKS, run_show, NULL, 0, "BATCH", 1, 1,
	    N_("show its cards") },
	{ "batch", "list", LOOKS, run_list, NULL, 0, "", 0, 0,
	    N_("list the batches") },
	{ "batch", "print", AS_PRINTER | NEEDS_REGISTER | NEEDS_OFFICER | DATES,
	    run_print, print_opts, COUNT(print_opts), "BATCH", 1, 1,
	    N_("print all that wait in it; again, and it goes on") },
	{ "batch", "aside", AS_PRINTER | ACTS, run_aside, aside_opts,
	    COUNT(aside_opts), "BATCH", 1, 1,
	    N_("set cards aside, with a reason") },
	{ "batch", "close", AS_PRINTER | ACTS, run_close, NULL, 0, "BATCH", 1,
	    1, N_("close it when no card waits") },
};

const struct command_group batch_commands = { commands, COUNT(commands) };
