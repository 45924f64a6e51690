/* card handover, destroy, lost, stolen, uncollected. */
#include <string.h>

#include "issuer/cmd/card_life.h"
#include "issuer/register/custody.h"
#include "issuer/register/loss.h"

static struct {
	const char *to, *document, *signature, *reason, *date, *place;
	const char *police_report, *older;
	bool proxy, to_destroy;
} given;

static const struct opt handover_opts[] = {
	{ .name = "to", .arg = "NAME", .value = &given.to, .required = true,
	    .help = N_("who takes it: the holder; of a minor, a parent or guardian") },
	{ .name = "signature", .arg = "TEXT", .value = &given.signature, .required = true,
	    .help = N_("what was signed, and where it is kept: book and page, fingerprint") },
	{ .name = "proxy", .flag = &given.proxy,
	    .help = N_("somebody else takes it, for the holder") },
	{ .name = "document", .arg = "TEXT", .value = &given.document,
	    .help = N_("the proxy's power of attorney, or what proves the parent") },
};

static const struct opt destroy_opts[] = {
	REASON_OPT(&given.reason, N_("why")),
};

static const struct opt lost_opts[] = {
	{ .name = "date", .arg = "DATE", .value = &given.date, .required = true,
	    .help = N_("the day") },
	{ .name = "place", .arg = "TEXT", .value = &given.place, .required = true,
	    .help = N_("where") },
	{ .name = "police-report", .arg = "TEXT", .value = &given.police_report,
	    .help = N_("reference of the police report, if there is one") },
};

static const struct opt stolen_opts[] = {
	{ .name = "date", .arg = "DATE", .value = &given.date, .required = true,
	    .help = N_("the day") },
	{ .name = "place", .arg = "TEXT", .value = &given.place, .required = true,
	    .help = N_("where") },
	{ .name = "police-report", .arg = "TEXT", .value = &given.police_report,
	    .required = true, .help = N_("reference of the police report") },
};

static const struct opt uncollected_opts[] = {
	{ .name = "older", .arg = "DAYS", .value = &given.older,
	    .help = N_("only those printed so many days ago or more") },
	{ .name = "to-destroy", .flag = &given.to_destroy,
	    .help = N_("those that nobody can be given any more, and why") },
};

static void
put_moment(struct answer *a, const char *key, const char *label, int64_t at)
{
	char moment[WHEN_TEXT];

	moment_format(at, moment);
	answer_text(a, key, label, moment);
}

enum status
card_life_show(struct session *s, const struct card *c)
{
	struct answer *a = s->answer;
	struct card_life l;
	enum status st = reg_card_life(s->reg, c->id, &l, s->d);

	if (st != ST_OK)
		return st;
	answer_word(a, "custody", N_("Custody"), l.custody);
	answer_int(a, "prints", N_("Prints"), l.prints);
	answer_word(a, "cause", N_("Cause"), l.cause);
	answer_text(a, "replaces", N_("Replaces"), l.replaces);
	answer_text(a, "replaced_by", N_("Replaced by"), l.replaced_by);
	put_moment(a, "handed_over", N_("Handed over"), l.handover.at);
	answer_text_as(a, "handed_to", N_("Handed to"), l.handover.to,
	    "handed_as", l.handover.role);
	answer_text(a, "document", N_("Document"), l.handover.document);
	answer_text(a, "signature", N_("Signature"), l.handover.signature);
	answer_text(a, "handed_by", N_("Handed over by"), l.handover.officer);
	answer_word(a, "loss", N_("Loss"), l.loss.kind);
	answer_text(a, "loss_date", N_("Day of the loss"), l.loss.date);
	answer_text(a, "loss_place", N_("Place of the loss"), l.loss.place);
	answer_text(a, "police_report", N_("Police report"),
	    l.loss.police_report);
	put_moment(a, "loss_reported", N_("Loss reported"), l.loss.at);
	answer_text(a, "loss_officer", N_("Loss recorded by"), l.loss.officer);
	return ST_OK;
}

static enum status
run_handover(struct session *s)
{
	struct handover h = {
		.to = given.to, .document = given.document,
		.signature = given.signature, .proxy = given.proxy
	};
	enum status st = reg_card_handover(s->reg, s->operand[0], &h, s->d);

	if (st == ST_OK)
		answer_main(s->answer, "number", s->operand[0]);
	return st;
}

static enum status
run_destroy(struct session *s)
{
	enum status st = reg_card_destroy(s->reg, s->operand[0], given.reason,
	    s->d);

	if (st == ST_OK)
		answer_main(s->answer, "number", s->operand[0]);
	return st;
}

static enum status
lose(struct session *s, bool stolen)
{
	struct loss l = {
		.stolen = stolen, .date = given.date, .place = given.place,
		.police_report = given.police_report
	};
	enum status st = reg_card_lose(s->reg, s->operand[0], &l, s->d);

	if (st == ST_OK)
		answer_main(s->answer, "number", s->operand[0]);
	return st;
}

static enum status
run_lost(struct session *s)
{
	return lose(s, false);
}

static enum status
run_stolen(struct session *s)
{
	return lose(s, true);
}

static enum status
put_uncollected(void *arg, const struct card_row *c)
{
	struct session *s = arg;
	char day[DATE_TEXT];

	answer_cell(s->answer, c->number);
	answer_cell_word(s->answer, c->family ? "family" : "individual");
	answer_cell_int(s->answer, c->person);
	answer_cell(s->answer, c->name);
	answer_cell(s->answer, c->telephone);
	date_format(when_date(c->printed), day);
	answer_cell(s->answer, day);
	answer_cell_int(s->answer, s->now > c->printed ?
	    (s->now - c->printed) / WHEN_DAY : 0);
	date_format(when_date(c->expires), day);
	answer_cell(s->answer, day);
	if (given.to_destroy)
		answer_cell_word(s->answer,
		    strcmp(c->status, "revoked") == 0 ? "revoked" :
		    strcmp(c->state, "dead") == 0 ? "dead" : "expired");
	return ST_OK;
}

static enum status
run_uncollected(struct session *s)
{
	static const struct column columns[] = {
		{ "number", N_("Number") }, { "kind", N_("Kind") },
		{ "person", N_("Person") }, { "name", N_("Name") },
		{ "telephone", N_("Telephone") }, { "printed", N_("Printed") },
		{ "days", N_("Days") }, { "expires", N_("Expires") },
		{ "why", N_("Why") }
	};
	struct card_filter f = {
		.printed_by = INT64_MAX, .to_destroy = given.to_destroy
	};
	int64_t days, useless;
	enum status st;

	if (given.older != NULL) {
		if ((st = number_parse(given.older, "--older", 36500, &days,
		    s->d)) != ST_OK)
			return st;
		f.printed_by = s->now - days * WHEN_DAY;
	}
	answer_list(s->answer, "cards", columns,
	    COUNT(columns) - (given.to_destroy ? 0 : 1));
	st = reg_card_list(s->reg, &f, put_uncollected, s, s->d);
	answer_list_end(s->answer);
	if (st != ST_OK ||
	    (st = reg_cards_to_destroy(s->reg, &useless, s->d)) != ST_OK)
		return st;
	if (useless > 0 || answer_is_json(s->answer))
		answer_int(s->answer, "to_destroy", given.to_destroy ?
		    N_("To be destroyed (card destroy NUMBER --reason TEXT)") :
		    N_("Expired, revoked or of the dead, to be destroyed (see card uncollected --to-destroy)"),
		    useless);
	return ST_OK;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES | DATES)

static const struct command commands[] = {
	{ "card", "handover", AS_REGISTRAR | AS_PRINTER | AS_MANAGER | ACTS,
	    run_handover, handover_opts, COUNT(handover_opts), "NUMBER", 1, 1,
	    N_("hand a printed card over; what it replaces is revoked") },
	{ "card", "lost", AS_REGISTRAR | AS_APPROVER | AS_MANAGER | ACTS,
	    run_lost, lost_opts, COUNT(lost_opts), "NUMBER", 1, 1,
	    N_("record a loss and revoke the card") },
	{ "card", "stolen", AS_REGISTRAR | AS_APPROVER | AS_MANAGER | ACTS,
	    run_stolen, stolen_opts, COUNT(stolen_opts), "NUMBER", 1, 1,
	    N_("record a theft and revoke the card") },
	{ "card", "destroy", AS_PRINTER | AS_MANAGER | ACTS, run_destroy,
	    destroy_opts, COUNT(destroy_opts), "NUMBER", 1, 1,
	    N_("record a card's destruction; it is revoked with it") },
	{ "card", "uncollected", AS_DESK | AS_AUDITOR | NEEDS_REGISTER | READS,
	    run_uncollected, uncollected_opts, COUNT(uncollected_opts), "", 0,
	    0, N_("list the printed cards that can be handed over") },
};

const struct command_group card_life_commands = {
	commands, COUNT(commands)
};
