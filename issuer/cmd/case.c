/* case open, party, step, close, reopen, list, overdue, show. */
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/case.h"
#include "issuer/register/entry.h"

#define STEP_MAX 200		/* characters of a step, an outcome, a reason */

static struct {
	const char *persons[CASE_AFFECTED_MAX];
	size_t persons_n;
	const char *kind, *employer, *worksite, *district, *referral;
	const char *next_step, *deadline, *person, *name, *role, *contact;
	const char *outcome, *reason, *state, *opened_by, *on, *remove;
} given;

static const struct opt open_opts[] = {
	{ .name = "kind", .arg = "KIND", .value = &given.kind, .required = true,
	    .help = N_("labour-complaint, accident, unpaid-wages, trafficking, smuggling, detention, illness, death or repatriation") },
	{ .name = "person", .arg = "ID", .list = given.persons,
	    .list_n = &given.persons_n, .list_max = CASE_AFFECTED_MAX, .required = true,
	    .help = N_("an affected person; may be given several times") },
	{ .name = "employer", .arg = "ID", .value = &given.employer,
	    .help = N_("the employer concerned") },
	{ .name = "worksite", .arg = "ID", .value = &given.worksite,
	    .help = N_("the worksite concerned; it says the employer too") },
	{ .name = "district", .arg = "TEXT", .value = &given.district,
	    .help = N_("where; the first person's if not given") },
	{ .name = "referral", .arg = "TEXT", .value = &given.referral,
	    .help = N_("who else has been given it: a ministry, a shelter, a lawyer") },
	{ .name = "next-step", .arg = "TEXT", .value = &given.next_step, .required = true,
	    .help = N_("what is to be done next; nothing of what happened") },
	{ .name = "deadline", .arg = "DATE", .value = &given.deadline, .required = true,
	    .help = N_("by when") },
};
static const struct opt party_opts[] = {
	{ .name = "person", .arg = "ID", .value = &given.person,
	    .help = N_("a person of the register") },
	{ .name = "name", .arg = "TEXT", .value = &given.name,
	    .help = N_("the name of one who is not in the register") },
	{ .name = "role", .arg = "ROLE", .value = &given.role,
	    .help = N_("affected, relative, witness or other") },
	{ .name = "contact", .arg = "TEXT", .value = &given.contact,
	    .help = N_("telephone or address; of a person, the register's if not given") },
	{ .name = "remove", .arg = "PARTY", .value = &given.remove,
	    .help = N_("take off a party that was added wrongly, by its number in case show") },
	{ .name = "reason", .arg = "TEXT", .value = &given.reason,
	    .help = N_("why, with --remove") },
};
static const struct opt step_opts[] = {
	{ .name = "next-step", .arg = "TEXT", .value = &given.next_step, .required = true,
	    .help = N_("what is to be done next; nothing of what happened") },
	{ .name = "deadline", .arg = "DATE", .value = &given.deadline, .required = true,
	    .help = N_("by when") },
	{ .name = "referral", .arg = "TEXT", .value = &given.referral,
	    .help = N_("who else has been given it; as before if not given") },
};
static const struct opt close_opts[] = {
	{ .name = "outcome", .arg = "TEXT", .value = &given.outcome, .required = true,
	    .help = N_("how it ended") },
};
static const struct opt reopen_opts[] = {
	REASON_OPT(&given.reason, N_("why")),
};
static const struct opt list_opts[] = {
	{ .name = "kind", .arg = "KIND", .value = &given.kind,
	    .help = N_("cases of this kind alone") },
	{ .name = "state", .arg = "STATE", .value = &given.state,
	    .help = N_("open or closed") },
	{ .name = "district", .arg = "TEXT", .value = &given.district,
	    .help = N_("cases of this district alone") },
	{ .name = "opened-by", .arg = "NAME", .value = &given.opened_by,
	    .help = N_("cases that this officer opened") },
	{ .name = "person", .arg = "ID", .value = &given.person,
	    .help = N_("cases that this person is a party of") },
};
static const struct opt overdue_opts[] = {
	{ .name = "on", .arg = "DATE", .value = &given.on,
	    .help = N_("as on that day; today if not given") },
};

static enum status
run_open(struct session *s)
{
	struct case_record c = { .id = 0 };
	int64_t person[CASE_AFFECTED_MAX];
	enum status st = entry_token("kind", given.kind, case_kinds,
	    case_kinds_n, s->d);

	for (size_t i = 0; i < given.persons_n && st == ST_OK; i++)
		st = option_id(given.persons[i], "--person", &person[i], s->d);
	if (st != ST_OK ||
	    (st = option_id(given.employer, "--employer", &c.employer,
	    s->d)) != ST_OK ||
	    (st = option_id(given.worksite, "--worksite", &c.worksite,
	    s->d)) != ST_OK ||
	    (st = entry_text("district", given.district, 60, false,
	    c.district, s->d)) != ST_OK ||
	    (st = entry_text("referral", given.referral, 120, false,
	    c.referral, s->d)) != ST_OK ||
	    (st = entry_text("next-step", given.next_step, STEP_MAX, true,
	    c.next_step, s->d)) != ST_OK ||
	    (st = entry_date("deadline", given.deadline, c.deadline,
	    s->d)) != ST_OK)
		return st;
	memcpy(c.kind, given.kind, strlen(given.kind) + 1);
	if ((st = reg_case_open(s->reg, &c, person, given.persons_n,
	    s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "case", c.id);
	return ST_OK;
}

static enum status
remove_party(struct session *s)
{
	char reason[REG_TEXT];
	int64_t id, party = 0;
	enum status st;

	if (given.person != NULL || given.name != NULL || given.role != NULL ||
	    given.contact != NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--remove: goes with --reason alone; add the right party by another command"));
	if (given.reason == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--remove: say why with --reason TEXT"));
	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = option_id(given.remove, "--remove", &party, s->d)) != ST_OK ||
	    (st = entry_text("reason", given.reason, 120, true, reason,
	    s->d)) != ST_OK ||
	    (st = reg_case_remove(s->reg, id, party, reason, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "case", id);
	return ST_OK;
}

static enum status
run_party(struct session *s)
{
	struct case_party p = { .id = 0 };
	char name[REG_TEXT];
	int64_t id;
	enum status st;

	if (given.remove != NULL)
		return remove_party(s);
	if (given.reason != NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--reason: goes with --remove alone"));
	if (given.role == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--role is missing: affected, relative, witness or other"));
	if ((given.person == NULL) == (given.name == NULL))
		return diag_set(s->d, ST_USAGE,
		    _("--person, --name: give one of them"));
	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = option_id(given.person, "--person", &p.person,
	    s->d)) != ST_OK ||
	    (st = entry_token("role", given.role, case_roles, case_roles_n,
	    s->d)) != ST_OK ||
	    (st = entry_text("name", given.name, 120, given.name != NULL,
	    name, s->d)) != ST_OK ||
	    (st = entry_text("contact", given.contact, 120, false, p.contact,
	    s->d)) != ST_OK)
		return st;
	memcpy(p.name, name, sizeof(name));
	memcpy(p.role, given.role, strlen(given.role) + 1);
	if ((st = reg_case_party(s->reg, id, &p, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "case", id);
	return ST_OK;
}

static enum status
run_step(struct session *s)
{
	char step[REG_TEXT], referral[REG_TEXT], deadline[DATE_TEXT];
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = entry_text("next-step", given.next_step, STEP_MAX, true,
	    step, s->d)) != ST_OK ||
	    (st = entry_text("referral", given.referral, 120, false, referral,
	    s->d)) != ST_OK ||
	    (st = entry_date("deadline", given.deadline, deadline,
	    s->d)) != ST_OK ||
	    (st = reg_case_step(s->reg, id, step, deadline, referral,
	    s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "case", id);
	return ST_OK;
}

/* close --outcome, reopen --reason. */
static enum status
run_state(struct session *s, const char *option, const char *value,
    enum status (*f)(struct reg *r, int64_t id, const char *text,
    struct diag *d))
{
	char text[REG_TEXT];
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = entry_text(option, value, STEP_MAX, true, text,
	    s->d)) != ST_OK ||
	    (st = f(s->reg, id, text, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "case", id);
	return ST_OK;
}

static enum status
run_close(struct session *s)
{
	return run_state(s, "outcome", given.outcome, reg_case_close);
}

static enum status
run_reopen(struct session *s)
{
	return run_state(s, "reason", given.reason, reg_case_reopen);
}

static enum status
put_case(void *arg, const struct case_record *c)
{
	struct answer *a = arg;

	answer_cell_int(a, c->id);
	answer_cell_word(a, c->kind);
	answer_cell_word(a, c->state);
	cell_minor(a, c->minor);
	answer_cell_int(a, c->affected);
	answer_cell_or_none(a, c->district);
	answer_cell(a, c->officer);
	answer_cell_or_none(a, c->deadline);
	answer_cell_or_none(a, c->next_step);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "case", N_("Case") }, { "kind", N_("Kind") },
		{ "state", N_("State") }, { "minor", N_("Minor") },
		{ "affected", N_("Affected") },
		{ "district", N_("Consular district") },
		{ "officer", N_("Officer") }, { "deadline", N_("Deadline") },
		{ "next_step", N_("Next step") }
	};
	static const char *const states[] = { "open", "closed" };
	struct case_filter f = {
		.kind = given.kind, .state = given.state,
		.district = given.district, .officer = given.opened_by
	};
	enum status st;

	if ((f.kind != NULL && (st = entry_token("kind", f.kind, case_kinds,
	    case_kinds_n, s->d)) != ST_OK) ||
	    (f.state != NULL && (st = entry_token("state", f.state, states,
	    COUNT(states), s->d)) != ST_OK) ||
	    (st = option_id(given.person, "--person", &f.person,
	    s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "cases", columns, COUNT(columns));
	st = reg_cases(s->reg, &f, put_case, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

struct overdue {
	struct answer *a;
	int64_t day;
};

static enum status
put_overdue(void *arg, const struct case_record *c)
{
	const struct overdue *o = arg;
	struct date deadline;

	if (!date_parse(bytes_text(c->deadline), &deadline))
		return ST_INTERNAL;
	answer_cell_int(o->a, c->id);
	answer_cell_int(o->a, o->day - date_to_days(deadline));
	answer_cell_or_none(o->a, c->deadline);
	answer_cell_word(o->a, c->kind);
	cell_minor(o->a, c->minor);
	answer_cell_or_none(o->a, c->district);
	answer_cell(o->a, c->officer);
	answer_cell_or_none(o->a, c->next_step);
	return ST_OK;
}

static enum status
run_overdue(struct session *s)
{
	static const struct column columns[] = {
		{ "case", N_("Case") }, { "days", N_("Days overdue") },
		{ "deadline", N_("Deadline") }, { "kind", N_("Kind") },
		{ "minor", N_("Minor") },
		{ "district", N_("Consular district") },
		{ "officer", N_("Officer") }, { "next_step", N_("Next step") }
	};
	struct overdue o = { .a = s->answer };
	struct date day = when_date(s->now);
	char on[DATE_TEXT];
	enum status st = entry_date("on", given.on, on, s->d);

	if (st != ST_OK)
		return st;
	if (on[0] == '\0')
		date_format(day, on);
	else if (!date_parse(bytes_text(on), &day))
		return ST_INTERNAL;
	o.day = date_to_days(day);
	answer_list(s->answer, "cases", columns, COUNT(columns));
	st = reg_cases_overdue(s->reg, on, put_overdue, &o, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
put_party(void *arg, const struct case_party *p)
{
	struct answer *a = arg;

	answer_cell_int(a, p->id);
	answer_cell_word(a, p->role);
	cell_id(a, p->person);
	answer_cell(a, p->name);
	/* Of who is not in the register, nobody knows. */
	if (p->person != 0)
		cell_minor(a, p->minor);
	else
		answer_cell_or_none(a, "");
	answer_cell_or_none(a, p->contact);
	return ST_OK;
}

static enum status
put_removed(void *arg, const struct case_party *p)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell_int(a, p->id);
	answer_cell_word(a, p->role);
	cell_id(a, p->person);
	answer_cell(a, p->name);
	moment_format(p->removed, moment);
	answer_cell(a, moment);
	answer_cell(a, p->removed_by);
	answer_cell(a, p->why);
	return ST_OK;
}

static enum status
count_party(void *arg, const struct case_party *p)
{
	(void)p;
	++*(size_t *)arg;
	return ST_OK;
}

/* What was added wrongly: people see it only where it happened. */
static enum status
put_all_removed(struct session *s, int64_t id)
{
	static const struct column columns[] = {
		{ "party", N_("Removed") }, { "role", N_("Role") },
		{ "person", N_("Person") }, { "name", N_("Name") },
		{ "at", N_("Moment") }, { "officer", N_("Officer") },
		{ "reason", N_("Reason") }
	};
	size_t n = 0;
	enum status st = reg_case_parties(s->reg, id, true, count_party, &n,
	    s->d);

	if (st != ST_OK || (n == 0 && !answer_is_json(s->answer)))
		return st;
	answer_list(s->answer, "removed", columns, COUNT(columns));
	st = reg_case_parties(s->reg, id, true, put_removed, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
put_step(void *arg, const struct case_step *s)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	moment_format(s->at, moment);
	answer_cell(a, moment);
	answer_cell(a, s->officer);
	answer_cell_word(a, s->what);
	answer_cell_or_none(a, s->deadline);
	answer_cell_or_none(a, s->referral);
	answer_cell_or_none(a, s->text);
	return ST_OK;
}

static void
put_head(struct answer *a, const struct case_record *c)
{
	char moment[WHEN_TEXT];

	answer_int(a, "case", N_("Case"), c->id);
	answer_word(a, "kind", N_("Kind"), c->kind);
	answer_word(a, "state", N_("State"), c->state);
	answer_word(a, "minor", N_("Of a minor"), c->minor ? "yes" : "no");
	answer_text_or_none(a, "district", N_("Consular district"), c->district);
	answer_int_or_none(a, "employer", N_("Employer"), c->employer);
	answer_int_or_none(a, "worksite", N_("Worksite"), c->worksite);
	moment_format(c->opened, moment);
	answer_text(a, "opened", N_("Opened"), moment);
	answer_text(a, "officer", N_("Officer"), c->officer);
	answer_text_or_none(a, "referral", N_("Referral"), c->referral);
	answer_text_or_none(a, "next_step", N_("Next step"), c->next_step);
	answer_text_or_none(a, "deadline", N_("Deadline"), c->deadline);
	moment_format(c->closed, moment);
	answer_text_or_none(a, "closed", N_("Closed"), moment);
	answer_text_or_none(a, "outcome", N_("Outcome"), c->outcome);
	answer_int(a, "notes", N_("Sealed notes"), c->notes);
}

static enum status
run_show(struct session *s)
{
	static const struct column parties[] = {
		{ "party", N_("Party") }, { "role", N_("Role") },
		{ "person", N_("Person") }, { "name", N_("Name") },
		{ "minor", N_("Minor") },
		{ "contact", N_("Contact") }
	};
	static const struct column steps[] = {
		{ "at", N_("Moment") }, { "officer", N_("Officer") },
		{ "act", N_("Act") }, { "deadline", N_("Deadline") },
		{ "referral", N_("Referral") }, { "text", N_("Text") }
	};
	struct case_record c;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_case(s->reg, id, &c, s->d)) != ST_OK)
		return st;
	put_head(s->answer, &c);
	answer_list(s->answer, "parties", parties, COUNT(parties));
	st = reg_case_parties(s->reg, id, false, put_party, s->answer, s->d);
	answer_list_end(s->answer);
	if (st != ST_OK || (st = put_all_removed(s, id)) != ST_OK)
		return st;
	answer_list(s->answer, "steps", steps, COUNT(steps));
	st = reg_case_steps(s->reg, id, put_step, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

#define CASES (AS_PROTECTION | NEEDS_REGISTER | NEEDS_OFFICER)

static const struct command commands[] = {
	{ "case", "open", CASES | WRITES, run_open, open_opts,
	    COUNT(open_opts), "", 0, 0, N_("open a case of protection") },
	{ "case", "party", CASES | WRITES, run_party, party_opts,
	    COUNT(party_opts), "CASE", 1, 1, N_("add a party to a case, or take one off") },
	{ "case", "step", CASES | WRITES, run_step, step_opts,
	    COUNT(step_opts), "CASE", 1, 1,
	    N_("set a case's next step and its deadline") },
	{ "case", "close", CASES | WRITES, run_close, close_opts,
	    COUNT(close_opts), "CASE", 1, 1, N_("close a case") },
	{ "case", "reopen", CASES | WRITES, run_reopen, reopen_opts,
	    COUNT(reopen_opts), "CASE", 1, 1, N_("open a closed case again") },
	{ "case", "list", CASES | READS, run_list, list_opts,
	    COUNT(list_opts), "", 0, 0, N_("list the cases") },
	{ "case", "overdue", CASES | READS, run_overdue, overdue_opts,
	    COUNT(overdue_opts), "", 0, 0,
	    N_("list the open cases whose deadline has passed") },
	{ "case", "show", CASES | READS, run_show, NULL, 0, "CASE", 1, 1,
	    N_("show a case, all but its notes") },
};

const struct command_group case_commands = { commands, COUNT(commands) };
