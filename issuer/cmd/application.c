/* application draft, edit, submit, drop, approve, refuse, show, list. */
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/application.h"

#define APPROVALS_MAX 256	/* of one command: all of them or none */

static struct {
	const char *person, *reason, *state, *cause, *replaces, *early, *older;
	bool family, same_hand;
} given;

#define CAUSE_OPTS \
	{ .name = "cause", .arg = "CAUSE", .value = &given.cause, \
	    .help = N_("first, renewal, lost, stolen, damaged or correction") }, \
	{ .name = "replaces", .arg = "NUMBER", .value = &given.replaces, \
	    .help = N_("the card it replaces; else the person's newest that fits") }, \
	{ .name = "early", .arg = "TEXT", .value = &given.early, \
	    .help = N_("why a card is renewed before its last six months") }

static const struct opt draft_opts[] = {
	{ .name = "person", .arg = "ID", .value = &given.person, .required = true,
	    .help = N_("who asks for the card; of a family: the head") },
	{ .name = "family", .flag = &given.family,
	    .help = N_("a family card of the household the person heads") },
	CAUSE_OPTS,
};

static const struct opt submit_opts[] = {
	{ .name = "person", .arg = "ID", .value = &given.person,
	    .help = N_("who asks for the card, where there is no draft; of a family: the head") },
	{ .name = "family", .flag = &given.family,
	    .help = N_("a family card of the household the person heads") },
	CAUSE_OPTS,
};

static const struct opt edit_opts[] = { CAUSE_OPTS };

static const struct opt drop_opts[] = {
	{ .name = "reason", .arg = "TEXT", .value = &given.reason, .required = true,
	    .help = N_("why it is dropped") },
};

static const struct opt refuse_opts[] = {
	{ .name = "reason", .arg = "TEXT", .value = &given.reason, .required = true,
	    .help = N_("why it is refused") },
};

static const struct opt list_opts[] = {
	{ .name = "state", .arg = "STATE", .value = &given.state,
	    .help = N_("only draft, submitted, approved, refused, issued or dropped ones") },
	{ .name = "cause", .arg = "CAUSE", .value = &given.cause,
	    .help = N_("only those for this cause") },
	{ .name = "person", .arg = "ID", .value = &given.person,
	    .help = N_("only this person's") },
	{ .name = "older", .arg = "DAYS", .value = &given.older,
	    .help = N_("only open ones that wait so many days or more, the longest first") },
	{ .name = "same-hand", .flag = &given.same_hand,
	    .help = N_("only those approved with a secret from who began them") },
};

static struct application_request
request(int64_t person)
{
	return (struct application_request){
		.person = person, .family = given.family,
		.cause = given.cause, .replaces = given.replaces,
		.early = given.early
	};
}

static enum status
run_draft(struct session *s)
{
	struct application_request q;
	int64_t person, id;
	enum status st;

	if ((st = number_parse(given.person, "--person", ID_MAX,
	    &person, s->d)) != ST_OK)
		return st;
	q = request(person);
	if ((st = reg_application_draft(s->reg, &q, &id, s->d)) == ST_OK)
		answer_main_int(s->answer, "application", id);
	return st;
}

/* A draft by its id, or the whole in one act. */
static enum status
run_submit(struct session *s)
{
	struct application_request q;
	int64_t person, id;
	enum status st;

	if ((s->operands_n == 1) == (given.person != NULL))
		return diag_set(s->d, ST_USAGE,
		    _("give a draft's ID, or --person"));
	if (s->operands_n == 1 && (given.family || given.cause != NULL ||
	    given.replaces != NULL || given.early != NULL))
		return diag_set(s->d, ST_USAGE,
		    _("a draft is submitted as it stands; change it with application edit"));
	if (s->operands_n == 1) {
		if ((st = operand_id(s, &id)) != ST_OK ||
		    (st = reg_application_send(s->reg, id, s->d)) != ST_OK)
			return st;
	} else {
		if ((st = number_parse(given.person, "--person",
		    ID_MAX, &person, s->d)) != ST_OK)
			return st;
		q = request(person);
		if ((st = reg_application_ask(s->reg, &q, &id, s->d)) != ST_OK)
			return st;
	}
	answer_main_int(s->answer, "application", id);
	return ST_OK;
}

static enum status
run_edit(struct session *s)
{
	struct application_request q = request(0);
	int64_t id;
	enum status st;

	if (given.cause == NULL && given.replaces == NULL &&
	    given.early == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("say what changes: --cause, --replaces or --early"));
	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_application_edit(s->reg, id, &q, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "application", id);
	return ST_OK;
}

static enum status
run_drop(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_application_drop(s->reg, id, given.reason, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "application", id);
	return ST_OK;
}

static enum status
run_approve(struct session *s)
{
	static const struct column columns[] = {
		{ "application", N_("Application") }
	};
	bool several = s->operands_n > 1;
	enum status st = ST_OK;

	if (several)
		answer_list(s->answer, "applications", columns, 1);
	for (size_t i = 0; i < s->operands_n && st == ST_OK; i++) {
		int64_t id;

		if ((st = number_parse(s->operand[i], s->operand[i],
		    ID_MAX, &id, s->d)) != ST_OK ||
		    (st = reg_application_approve(s->reg, id, s->d)) != ST_OK)
			break;
		if (several)
			answer_cell_int(s->answer, id);
		else
			answer_main_int(s->answer, "application", id);
	}
	if (several)
		answer_list_end(s->answer);
	return st;
}

static enum status
run_refuse(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_application_refuse(s->reg, id, given.reason, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "application", id);
	return ST_OK;
}

static enum status
full_name(struct session *s, int64_t person, char name[REG_FOLDED])
{
	struct person p;
	enum status st = reg_person(s->reg, person, &p, s->d);

	if (st != ST_OK || !person_full_name(&p, name, REG_FOLDED))
		name[0] = '\0';
	return st;
}

/* A list that people see only when there is somebody in it. */
struct doubles {
	struct session *s;
	bool begun;
};

static void
begin_doubles(struct doubles *o)
{
	static const struct column columns[] = {
		{ "person", N_("May be person") }, { "name", N_("Name") },
		{ "score", N_("Score") }, { "decision", N_("Decision") }
	};

	if (!o->begun)
		answer_list(o->s->answer, "duplicates", columns,
		    COUNT(columns));
	o->begun = true;
}

static enum status
put_double(void *arg, const struct application_double *o)
{
	struct doubles *doubles = arg;
	struct session *s = doubles->s;
	char name[REG_FOLDED];
	enum status st = full_name(s, o->person, name);

	if (st != ST_OK)
		return st;
	begin_doubles(doubles);
	answer_cell_int(s->answer, o->person);
	answer_cell(s->answer, name);
	answer_cell_int(s->answer, o->score);
	answer_cell_word(s->answer, o->decision);
	return ST_OK;
}

static void
put_moment(struct answer *a, const char *key, const char *label, int64_t at)
{
	char moment[WHEN_TEXT];

	moment_format(at, moment);
	answer_text(a, key, label, moment);
}

static void
show_road(struct answer *a, const struct application *p, int64_t now)
{
	answer_word(a, "cause", N_("Cause"), p->cause);
	answer_text(a, "replaces", N_("Replaces"), p->replaces_number);
	answer_text(a, "early", N_("Early because"), p->early);
	put_moment(a, "drafted", N_("Drafted"), p->created);
	answer_text(a, "drafter", N_("Drafted by"), p->drafter);
	put_moment(a, "submitted", N_("Submitted"), p->submitted);
	answer_text(a, "submitter", N_("Submitted by"),
	    p->submitted != 0 ? p->submitter : "");
	put_moment(a, "decided", N_("Decided"), p->decided);
	answer_text(a, "approver", N_("Decided by"), p->approver);
	put_moment(a, "issued", N_("Issued"), p->issued);
	answer_text(a, "reason", N_("Reason"), p->reason);
	answer_int(a, "days", N_("Days waited"), application_days(p, now));
}

static enum status
run_show(struct session *s)
{
	struct doubles doubles = { .s = s };
	struct application a;
	char name[REG_FOLDED], enroller[REG_NAME];
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_application(s->reg, id, &a, s->d)) != ST_OK ||
	    (st = full_name(s, a.person, name)) != ST_OK ||
	    (st = reg_enroller(s->reg, a.person, enroller, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "application", N_("Application"), a.id);
	answer_word(s->answer, "state", N_("State"), a.state);
	answer_word(s->answer, "kind", N_("Kind"),
	    a.family ? "family" : "individual");
	answer_int(s->answer, "person", N_("Person"), a.person);
	answer_text(s->answer, "name", N_("Name"), name);
	answer_text(s->answer, "enroller", N_("Enrolled by"), enroller);
	if (a.family)
		answer_int(s->answer, "household", N_("Household"),
		    a.household);
	show_road(s->answer, &a, s->now);
	if (answer_is_json(s->answer))
		begin_doubles(&doubles);
	st = reg_application_doubles(s->reg, a.person, put_double, &doubles,
	    s->d);
	if (doubles.begun)
		answer_list_end(s->answer);
	return st;
}

/* A day is enough for people's eyes: application show has the minute. */
static void
put_day(struct answer *a, int64_t at)
{
	char moment[WHEN_TEXT], day[DATE_TEXT];

	moment_format(at, moment);
	if (answer_is_json(a) || at == 0) {
		answer_cell(a, moment);
		return;
	}
	date_format(when_date(at), day);
	answer_cell(a, day);
}

static enum status
put_application(void *arg, const struct application *a)
{
	struct session *s = arg;
	char name[REG_FOLDED];
	enum status st = full_name(s, a->person, name);

	if (st != ST_OK)
		return st;
	answer_cell_int(s->answer, a->id);
	answer_cell_word(s->answer, a->state);
	answer_cell_word(s->answer, a->family ? "family" : "individual");
	answer_cell_word(s->answer, a->cause);
	answer_cell(s->answer, a->replaces_number);
	answer_cell_int(s->answer, a->person);
	answer_cell(s->answer, name);
	put_day(s->answer, a->created);
	put_day(s->answer, a->submitted);
	answer_cell_int(s->answer, application_days(a, s->now));
	answer_cell(s->answer, a->submitted != 0 ? a->submitter : "");
	put_day(s->answer, a->decided);
	answer_cell(s->answer, a->approver);
	answer_cell(s->answer, a->reason);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "application", N_("Application") }, { "state", N_("State") },
		{ "kind", N_("Kind") }, { "cause", N_("Cause") },
		{ "replaces", N_("Replaces") }, { "person", N_("Person") },
		{ "name", N_("Name") }, { "drafted", N_("Drafted") },
		{ "submitted", N_("Submitted") }, { "days", N_("Days") },
		{ "submitter", N_("Submitted by") },
		{ "decided", N_("Decided") }, { "approver", N_("Decided by") },
		{ "reason", N_("Reason") }
	};
	struct application_filter f = {
		.state = given.state, .cause = given.cause,
		.same_hand = given.same_hand
	};
	int64_t days;
	enum status st;

	if ((given.person != NULL && (st = number_parse(given.person,
	    "--person", ID_MAX, &f.person, s->d)) != ST_OK) ||
	    (given.older != NULL && (st = number_parse(given.older, "--older",
	    36500, &days, s->d)) != ST_OK))
		return st;
	if (given.older != NULL)
		f.begun_by = s->now - days * WHEN_DAY;
	answer_list(s->answer, "applications", columns, COUNT(columns));
	st = reg_application_list(s->reg, &f, put_application, s, s->d);
	answer_list_end(s->answer);
	answer_int(s->answer, "count", N_("Applications"),
	    answer_rows(s->answer));
	return st;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "application", "draft", AS_REGISTRAR | ACTS, run_draft, draft_opts,
	    COUNT(draft_opts), "", 0, 0,
	    N_("write down what is asked for, to be submitted later") },
	{ "application", "edit", AS_REGISTRAR | ACTS, run_edit, edit_opts,
	    COUNT(edit_opts), "ID", 1, 1,
	    N_("change a draft's cause, or what it replaces") },
	{ "application", "submit", AS_REGISTRAR | ACTS, run_submit,
	    submit_opts, COUNT(submit_opts), "[ID]", 0, 1,
	    N_("ask for a card: a draft, or at once") },
	{ "application", "drop", AS_REGISTRAR | ACTS, run_drop, drop_opts,
	    COUNT(drop_opts), "ID", 1, 1,
	    N_("give up a draft, with a reason") },
	{ "application", "approve", AS_APPROVER | ACTS, run_approve, NULL, 0,
	    "ID", 1, APPROVALS_MAX,
	    N_("approve what another officer enrolled and submitted") },
	{ "application", "refuse", AS_APPROVER | ACTS, run_refuse, refuse_opts,
	    COUNT(refuse_opts), "ID", 1, 1, N_("refuse it, with a reason") },
	{ "application", "show", AS_DESK | AS_AUDITOR | NEEDS_REGISTER | READS,
	    run_show, NULL, 0, "ID", 1, 1,
	    N_("show an application, and who did what") },
	{ "application", "list", AS_DESK | AS_AUDITOR | NEEDS_REGISTER | READS,
	    run_list, list_opts, COUNT(list_opts), "", 0, 0,
	    N_("list the applications") },
};

const struct command_group application_commands = {
	commands, COUNT(commands)
};
