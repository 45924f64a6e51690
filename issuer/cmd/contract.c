/* contract add, close, list, ending. */
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/contract.h"
#include "issuer/register/employer.h"
#include "issuer/register/entry.h"

static struct {
	const char *person, *employer, *worksite, *occupation;
	const char *arrival, *ends, *date, *reason, *before;
	bool in_force;
} given;

static const struct opt add_opts[] = {
	{ .name = "person", .arg = "ID", .value = &given.person, .required = true,
	    .help = N_("the person who works") },
	{ .name = "employer", .arg = "ID", .value = &given.employer,
	    .help = N_("for whom") },
	{ .name = "worksite", .arg = "ID", .value = &given.worksite,
	    .help = N_("where; it says the employer too") },
	{ .name = "occupation", .arg = "TEXT", .value = &given.occupation, .required = true,
	    .help = N_("as what") },
	{ .name = "arrival", .arg = "DATE", .value = &given.arrival, .required = true,
	    .help = N_("the first day") },
	{ .name = "ends", .arg = "DATE", .value = &given.ends,
	    .help = N_("the last day; open if not given") },
};
static const struct opt close_opts[] = {
	{ .name = "date", .arg = "DATE", .value = &given.date,
	    .help = N_("the day from which it is no longer in force, today if not given") },
	REASON_OPT(&given.reason, N_("why")),
};
static const struct opt list_opts[] = {
	{ .name = "person", .arg = "ID", .value = &given.person,
	    .help = N_("those of this person") },
	{ .name = "employer", .arg = "ID", .value = &given.employer,
	    .help = N_("those with this employer") },
	{ .name = "worksite", .arg = "ID", .value = &given.worksite,
	    .help = N_("those at this worksite") },
	{ .name = "in-force", .flag = &given.in_force,
	    .help = N_("those in force today alone") },
};
static const struct opt ending_opts[] = {
	{ .name = "before", .arg = "DATE", .value = &given.before, .required = true,
	    .help = N_("the first day that is not asked for") },
};

static enum status
run_add(struct session *s)
{
	struct contract c = { .id = 0 };
	enum status st;

	if ((st = option_id(given.person, "--person", &c.person, s->d)) != ST_OK ||
	    (st = option_id(given.employer, "--employer", &c.employer,
	    s->d)) != ST_OK ||
	    (st = option_id(given.worksite, "--worksite", &c.worksite,
	    s->d)) != ST_OK ||
	    (st = entry_text("occupation", given.occupation, 80, true,
	    c.occupation, s->d)) != ST_OK ||
	    (st = entry_date("arrival", given.arrival, c.arrival,
	    s->d)) != ST_OK ||
	    (st = entry_date("ends", given.ends, c.ends, s->d)) != ST_OK ||
	    (st = reg_contract_add(s->reg, &c, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "contract", c.id);
	return ST_OK;
}

static enum status
run_close(struct session *s)
{
	char date[DATE_TEXT], reason[REG_TEXT];
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = entry_date("date", given.date, date, s->d)) != ST_OK ||
	    (st = entry_text("reason", given.reason, 120, true, reason,
	    s->d)) != ST_OK ||
	    (st = reg_contract_close(s->reg, id, date, reason, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "contract", id);
	return ST_OK;
}

static const struct column columns[] = {
	{ "contract", N_("Contract") }, { "person", N_("Person") },
	{ "name", N_("Name") }, { "telephone", N_("Telephone") },
	{ "employer", N_("Employer") }, { "employer_name", N_("Name") },
	{ "worksite", N_("Worksite") }, { "occupation", N_("Occupation") },
	{ "arrival", N_("Arrival") }, { "ends", N_("Ends") },
	{ "closed", N_("Closed") }, { "reason", N_("Reason") }
};

static enum status
put_contract(void *arg, const struct contract *c)
{
	struct answer *a = arg;

	answer_cell_int(a, c->id);
	answer_cell_int(a, c->person);
	answer_cell(a, c->name);
	answer_cell_or_none(a, c->telephone);
	answer_cell_int(a, c->employer);
	answer_cell(a, c->employer_name);
	cell_id(a, c->worksite);
	answer_cell_or_none(a, c->occupation);
	answer_cell_or_none(a, c->arrival);
	answer_cell_or_none(a, c->ends);
	answer_cell_or_none(a, c->closed);
	answer_cell_or_none(a, c->reason);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	struct contract_filter f = { .in_force = given.in_force };
	struct person p;
	int64_t employer;
	enum status st;

	if ((st = option_id(given.person, "--person", &f.person, s->d)) != ST_OK ||
	    (st = option_id(given.employer, "--employer", &f.employer,
	    s->d)) != ST_OK ||
	    (st = option_id(given.worksite, "--worksite", &f.worksite,
	    s->d)) != ST_OK)
		return st;
	if (f.person == 0 && f.employer == 0 && f.worksite == 0)
		return diag_set(s->d, ST_USAGE,
		    _("--person, --employer, --worksite: give at least one of them"));
	employer = f.employer;
	if ((f.person != 0 &&
	    (st = reg_person(s->reg, f.person, &p, s->d)) != ST_OK) ||
	    (st = reg_worksite_of(s->reg, f.worksite, &employer, s->d)) !=
	    ST_OK)
		return st;
	answer_list(s->answer, "contracts", columns, COUNT(columns));
	st = reg_contracts(s->reg, &f, put_contract, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
run_ending(struct session *s)
{
	char before[DATE_TEXT];
	enum status st = entry_date("before", given.before, before, s->d);

	if (st != ST_OK)
		return st;
	answer_list(s->answer, "contracts", columns, COUNT(columns));
	st = reg_contracts_ending(s->reg, before, put_contract, s->answer,
	    s->d);
	answer_list_end(s->answer);
	return st;
}

#define KEEPS (AS_REGISTRAR | AS_PROTECTION | NEEDS_REGISTER | NEEDS_OFFICER)

static const struct command commands[] = {
	{ "contract", "add", KEEPS | WRITES, run_add, add_opts,
	    COUNT(add_opts), "", 0, 0, N_("record a person's contract") },
	{ "contract", "close", KEEPS | WRITES, run_close, close_opts,
	    COUNT(close_opts), "ID", 1, 1,
	    N_("record that a contract is no longer in force") },
	{ "contract", "list", KEEPS | READS, run_list, list_opts,
	    COUNT(list_opts), "", 0, 0,
	    N_("list contracts of a person, an employer or a worksite") },
	{ "contract", "ending", KEEPS | READS, run_ending, ending_opts,
	    COUNT(ending_opts), "", 0, 0,
	    N_("list the contracts that end soon, with telephones") },
};

const struct command_group contract_commands = { commands, COUNT(commands) };
