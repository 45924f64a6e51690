/* application submit, approve, refuse, list. */
#include "issuer/command.h"

static struct {
	const char *person, *reason, *state;
	bool family;
} given;

static const struct opt submit_opts[] = {
	{ .name = "person", .arg = "ID", .value = &given.person, .required = true,
	    .help = N_("who asks for the card; of a family: the head") },
	{ .name = "family", .flag = &given.family,
	    .help = N_("a family card of the household the person heads") },
};

static const struct opt refuse_opts[] = {
	{ .name = "reason", .arg = "TEXT", .value = &given.reason, .required = true,
	    .help = N_("why it is refused") },
};

static const struct opt list_opts[] = {
	{ .name = "state", .arg = "STATE", .value = &given.state,
	    .help = N_("only draft, submitted, approved, refused or issued ones") },
};

static enum status
run_submit(struct session *s)
{
	int64_t person, id;
	enum status st;

	if ((st = number_parse(given.person, "--person", INT64_MAX / 16,
	    &person, s->d)) != ST_OK ||
	    (st = reg_application_submit(s->reg, person, given.family, &id,
	    s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "application", id);
	return ST_OK;
}

static enum status
run_approve(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_application_approve(s->reg, id, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "application", id);
	return ST_OK;
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
put_application(void *arg, const struct application *a)
{
	struct session *s = arg;
	struct person p;
	char name[REG_FOLDED], moment[WHEN_TEXT];
	enum status st = reg_person(s->reg, a->person, &p, s->d);

	if (st != ST_OK)
		return st;
	answer_cell_int(s->answer, a->id);
	answer_cell_word(s->answer, a->state);
	answer_cell_word(s->answer, a->family ? "family" : "individual");
	answer_cell_int(s->answer, a->person);
	answer_cell(s->answer, person_full_name(&p, name, sizeof(name)) ?
	    name : "");
	moment_format(a->submitted, moment);
	answer_cell(s->answer, moment);
	answer_cell(s->answer, a->submitter);
	answer_cell(s->answer, a->approver);
	answer_cell(s->answer, a->reason);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "application", N_("Application") }, { "state", N_("State") },
		{ "kind", N_("Kind") }, { "person", N_("Person") },
		{ "name", N_("Name") }, { "submitted", N_("Submitted") },
		{ "submitter", N_("Submitted by") },
		{ "approver", N_("Decided by") }, { "reason", N_("Reason") }
	};
	enum status st;

	answer_list(s->answer, "applications", columns, COUNT(columns));
	st = reg_applications(s->reg, given.state, put_application, s, s->d);
	answer_list_end(s->answer);
	return st;
}

static const struct command commands[] = {
	{ "application", "submit", AS_REGISTRAR | NEEDS_REGISTER | NEEDS_OFFICER | WRITES,
	    run_submit, submit_opts, COUNT(submit_opts), "", 0, 0,
	    N_("ask for a card") },
	{ "application", "approve", AS_APPROVER | NEEDS_REGISTER | NEEDS_OFFICER | WRITES,
	    run_approve, NULL, 0, "ID", 1, 1,
	    N_("approve what another officer enrolled and submitted") },
	{ "application", "refuse", AS_APPROVER | NEEDS_REGISTER | NEEDS_OFFICER | WRITES,
	    run_refuse, refuse_opts, COUNT(refuse_opts), "ID", 1, 1,
	    N_("refuse it, with a reason") },
	{ "application", "list", AS_DESK | AS_AUDITOR | NEEDS_REGISTER | READS, run_list, list_opts,
	    COUNT(list_opts), "", 0, 0, N_("list the applications") },
};

const struct command_group application_commands = {
	commands, COUNT(commands)
};
