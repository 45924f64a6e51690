/* employer add, edit, find, show, list; worksite add, list; visit add, list. */
#include <stdio.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/contract.h"
#include "issuer/register/employer.h"
#include "issuer/register/entry.h"

static struct {
	const char *field[EMPLOYER_FIELDS];
	const char *employer, *worksite, *date, *met, *finding;
	bool another;
} given;

/* One option a field, from the register's own table. */
static const struct opt employer_opts[] = {
#define X(name_, column, option, max, label) \
	{ .name = option, .arg = "TEXT", \
	    .value = &given.field[EMPLOYER_##name_], .help = label },
	EMPLOYER_TABLE(X)
#undef X
	{ .name = "another", .flag = &given.another,
	    .help = N_("it is another one than that of the same name and district") },
};
static const struct opt list_opts[] = {
	{ .name = "district", .arg = "TEXT", .value = &given.field[EMPLOYER_DISTRICT],
	    .help = N_("those of this district alone") },
};
static const struct opt worksite_opts[] = {
	{ .name = "employer", .arg = "ID", .value = &given.employer, .required = true,
	    .help = N_("the employer whose worksite it is") },
	{ .name = "name", .arg = "TEXT", .value = &given.field[EMPLOYER_NAME], .required = true,
	    .help = N_("its name: a farm, a building site, a house") },
	{ .name = "address", .arg = "TEXT", .value = &given.field[EMPLOYER_ADDRESS],
	    .help = N_("where it is") },
	{ .name = "district", .arg = "TEXT", .value = &given.field[EMPLOYER_DISTRICT],
	    .help = N_("its consular district, the employer's if not given") },
};
static const struct opt of_employer_opts[] = {
	{ .name = "employer", .arg = "ID", .value = &given.employer, .required = true,
	    .help = N_("the employer") },
};
static const struct opt visit_opts[] = {
	{ .name = "employer", .arg = "ID", .value = &given.employer,
	    .help = N_("the employer who was visited") },
	{ .name = "worksite", .arg = "ID", .value = &given.worksite,
	    .help = N_("the worksite that was visited") },
	{ .name = "date", .arg = "DATE", .value = &given.date, .required = true,
	    .help = N_("the day of the visit") },
	{ .name = "met", .arg = "N", .value = &given.met, .required = true,
	    .help = N_("how many nationals were met") },
	{ .name = "finding", .arg = "TEXT", .value = &given.finding, .required = true,
	    .help = N_("what was found") },
};
static const struct opt visits_opts[] = {
	{ .name = "employer", .arg = "ID", .value = &given.employer,
	    .help = N_("visits to this employer alone") },
};

static enum status
take_fields(struct employer *e, struct diag *d)
{
	enum status st = ST_OK;

	for (int f = 0; f < EMPLOYER_FIELDS && st == ST_OK; f++)
		if (given.field[f] != NULL)
			st = employer_set(e, (enum employer_field)f,
			    given.field[f], d);
	return st;
}

static enum status
run_add(struct session *s)
{
	struct employer e = { .id = 0 };
	enum status st;

	(void)snprintf(e.field[EMPLOYER_DISTRICT], REG_TEXT, "%s",
	    s->office.district);
	if (given.field[EMPLOYER_NAME] == NULL)
		return diag_set(s->d, ST_USAGE, _("--name: give a text"));
	if ((st = take_fields(&e, s->d)) != ST_OK ||
	    (st = reg_employer_add(s->reg, &e, given.another, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "employer", e.id);
	return ST_OK;
}

static enum status
run_edit(struct session *s)
{
	struct employer e;
	size_t changed;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_employer(s->reg, id, &e, s->d)) != ST_OK ||
	    (st = take_fields(&e, s->d)) != ST_OK ||
	    (st = reg_employer_edit(s->reg, &e, given.another, &changed,
	    s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "changed", N_("Fields changed"),
	    (int64_t)changed);
	return ST_OK;
}

static const struct column employer_columns[] = {
	{ "employer", N_("Employer") }, { "name", N_("Name") },
	{ "sector", N_("Sector") }, { "district", N_("Consular district") },
	{ "telephone", N_("Telephone") }, { "contact", N_("Contact") }
};

static enum status
put_employer(void *arg, const struct employer *e)
{
	struct answer *a = arg;

	answer_cell_int(a, e->id);
	answer_cell(a, e->field[EMPLOYER_NAME]);
	answer_cell_or_none(a, e->field[EMPLOYER_SECTOR]);
	answer_cell_or_none(a, e->field[EMPLOYER_DISTRICT]);
	answer_cell_or_none(a, e->field[EMPLOYER_TELEPHONE]);
	answer_cell_or_none(a, e->field[EMPLOYER_CONTACT]);
	return ST_OK;
}

/* The words may come as one operand or as several. */
static enum status
run_find(struct session *s)
{
	char text[REG_FOLDED];
	size_t used = 0;
	enum status st;

	for (size_t i = 0; i < s->operands_n; i++) {
		int n = snprintf(text + used, sizeof(text) - used, "%s ",
		    s->operand[i]);

		if (n < 0 || (size_t)n >= sizeof(text) - used)
			return diag_set(s->d, ST_USAGE,
			    _("the text to find is too long"));
		used += (size_t)n;
	}
	answer_list(s->answer, "employers", employer_columns,
	    COUNT(employer_columns));
	st = reg_employer_find(s->reg, text, put_employer, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
run_list(struct session *s)
{
	enum status st;

	answer_list(s->answer, "employers", employer_columns,
	    COUNT(employer_columns));
	st = reg_employers(s->reg, given.field[EMPLOYER_DISTRICT],
	    put_employer, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static const struct column worksite_columns[] = {
	{ "worksite", N_("Worksite") }, { "name", N_("Name") },
	{ "address", N_("Address") }, { "district", N_("Consular district") }
};

static enum status
put_worksite(void *arg, const struct worksite *w)
{
	struct answer *a = arg;

	answer_cell_int(a, w->id);
	answer_cell(a, w->name);
	answer_cell_or_none(a, w->address);
	answer_cell_or_none(a, w->district);
	return ST_OK;
}

static enum status
put_worksites(struct session *s, int64_t employer)
{
	enum status st;

	answer_list(s->answer, "worksites", worksite_columns,
	    COUNT(worksite_columns));
	st = reg_worksites(s->reg, employer, put_worksite, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
count_one(void *arg, const struct contract *c)
{
	(void)c;
	++*(int64_t *)arg;
	return ST_OK;
}

static enum status
run_show(struct session *s)
{
	struct contract_filter f = { .in_force = true };
	struct employer e;
	int64_t here = 0;
	enum status st;

	if ((st = operand_id(s, &f.employer)) != ST_OK ||
	    (st = reg_employer(s->reg, f.employer, &e, s->d)) != ST_OK ||
	    (st = reg_contracts(s->reg, &f, count_one, &here, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "employer", N_("Employer"), e.id);
	for (int i = 0; i < EMPLOYER_FIELDS; i++)
		answer_text_or_none(s->answer,
		    employer_column((enum employer_field)i),
		    employer_label((enum employer_field)i), e.field[i]);
	answer_int(s->answer, "contracts", N_("Contracts in force"), here);
	return put_worksites(s, e.id);
}

static enum status
run_worksite_add(struct session *s)
{
	struct worksite w = { .id = 0 };
	enum status st;

	if ((st = option_id(given.employer, "--employer", &w.employer,
	    s->d)) != ST_OK ||
	    (st = entry_text("name", given.field[EMPLOYER_NAME], 120, true,
	    w.name, s->d)) != ST_OK ||
	    (st = entry_text("address", given.field[EMPLOYER_ADDRESS], 120,
	    false, w.address, s->d)) != ST_OK ||
	    (st = entry_text("district", given.field[EMPLOYER_DISTRICT], 60,
	    false, w.district, s->d)) != ST_OK ||
	    (st = reg_worksite_add(s->reg, &w, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "worksite", w.id);
	return ST_OK;
}

static enum status
run_worksite_list(struct session *s)
{
	struct employer e;
	int64_t id = 0;
	enum status st;

	if ((st = option_id(given.employer, "--employer", &id, s->d)) != ST_OK ||
	    (st = reg_employer(s->reg, id, &e, s->d)) != ST_OK)
		return st;
	return put_worksites(s, id);
}

static enum status
run_visit_add(struct session *s)
{
	struct visit v = { .id = 0 };
	enum status st;

	/* Nobody met is a finding too, which number_parse does not take. */
	if (strcmp(given.met, "0") != 0 && (st = number_parse(given.met,
	    "--met", 1000000, &v.met, s->d)) != ST_OK)
		return st;
	if ((st = option_id(given.employer, "--employer", &v.employer,
	    s->d)) != ST_OK ||
	    (st = option_id(given.worksite, "--worksite", &v.worksite,
	    s->d)) != ST_OK ||
	    (st = entry_date("date", given.date, v.date, s->d)) != ST_OK ||
	    (st = entry_text("finding", given.finding, 250, true, v.finding,
	    s->d)) != ST_OK ||
	    (st = reg_visit_add(s->reg, &v, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "visit", v.id);
	return ST_OK;
}

static enum status
put_visit(void *arg, const struct visit *v)
{
	struct answer *a = arg;

	answer_cell_int(a, v->id);
	answer_cell(a, v->date);
	answer_cell_int(a, v->employer);
	cell_id(a, v->worksite);
	answer_cell_int(a, v->met);
	answer_cell(a, v->officer);
	answer_cell(a, v->finding);
	return ST_OK;
}

static enum status
run_visit_list(struct session *s)
{
	static const struct column columns[] = {
		{ "visit", N_("Visit") }, { "date", N_("Date") },
		{ "employer", N_("Employer") }, { "worksite", N_("Worksite") },
		{ "met", N_("Met") }, { "officer", N_("Officer") },
		{ "finding", N_("Finding") }
	};
	int64_t employer = 0;
	enum status st;

	if ((st = option_id(given.employer, "--employer", &employer,
	    s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "visits", columns, COUNT(columns));
	st = reg_visits(s->reg, employer, put_visit, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

#define KEEPS (AS_REGISTRAR | AS_PROTECTION | NEEDS_REGISTER | NEEDS_OFFICER)

static const struct command commands[] = {
	{ "employer", "add", KEEPS | WRITES, run_add, employer_opts,
	    COUNT(employer_opts), "", 0, 0, N_("add an employer") },
	{ "employer", "edit", KEEPS | WRITES, run_edit, employer_opts,
	    COUNT(employer_opts), "ID", 1, 1,
	    N_("change what the register holds of an employer") },
	{ "employer", "find", KEEPS | READS, run_find, NULL, 0, "TEXT", 1, 16,
	    N_("find employers by words of their names") },
	{ "employer", "show", KEEPS | READS, run_show, NULL, 0, "ID", 1, 1,
	    N_("show an employer and its worksites") },
	{ "employer", "list", KEEPS | READS, run_list, list_opts,
	    COUNT(list_opts), "", 0, 0, N_("list the employers") },
	{ "worksite", "add", KEEPS | WRITES, run_worksite_add, worksite_opts,
	    COUNT(worksite_opts), "", 0, 0, N_("add a worksite") },
	{ "worksite", "list", KEEPS | READS, run_worksite_list,
	    of_employer_opts, COUNT(of_employer_opts), "", 0, 0,
	    N_("list an employer's worksites") },
	{ "visit", "add", AS_PROTECTION | NEEDS_REGISTER | NEEDS_OFFICER | WRITES,
	    run_visit_add, visit_opts, COUNT(visit_opts), "", 0, 0,
	    N_("record a visit to an employer or a worksite") },
	{ "visit", "list", AS_PROTECTION | NEEDS_REGISTER | NEEDS_OFFICER | READS,
	    run_visit_list, visits_opts, COUNT(visits_opts), "", 0, 0,
	    N_("list the visits") },
};

const struct command_group employer_commands = { commands, COUNT(commands) };
