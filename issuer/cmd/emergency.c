/* emergency: who is there, and how they are reached. */
#include <stdio.h>

#include "issuer/command.h"
#include "issuer/exchange/csv.h"
#include "issuer/register/emergency.h"

static struct {
	const char *district, *employer, *worksite;
	bool csv;
} given;

static const struct opt opts[] = {
	{ .name = "district", .arg = "TEXT", .value = &given.district,
	    .help = N_("who lives in this consular district") },
	{ .name = "employer", .arg = "ID", .value = &given.employer,
	    .help = N_("who works for this employer, by the contracts in force") },
	{ .name = "worksite", .arg = "ID", .value = &given.worksite,
	    .help = N_("who works at this worksite") },
	{ .name = "csv", .flag = &given.csv,
	    .help = N_("for a spreadsheet: comma-separated, a line a person") },
};

static const struct column columns[] = {
	{ "household", N_("Household") }, { "relationship", N_("Relationship") },
	{ "person", N_("Person") }, { "name", N_("Name") },
	{ "age", N_("Age") }, { "minor", N_("Minor") },
	{ "telephone", N_("Telephone") }, { "email", N_("E-mail") },
	{ "address", N_("Address abroad") },
	{ "emergency_contact", N_("Emergency contact") },
	{ "employer", N_("Employer") }, { "workplace", N_("Workplace") }
};

static enum status
put_person(void *arg, const struct emergency_person *p)
{
	struct answer *a = arg;

	cell_id(a, p->household);
	answer_cell_word_or_none(a, p->relationship);
	answer_cell_int(a, p->person);
	answer_cell(a, p->name);
	answer_cell_int(a, p->age);
	cell_minor(a, p->minor);
	answer_cell_or_none(a, p->telephone);
	answer_cell_or_none(a, p->email);
	answer_cell_or_none(a, p->address);
	answer_cell_or_none(a, p->emergency_contact);
	answer_cell_or_none(a, p->employer);
	answer_cell_or_none(a, p->workplace);
	return ST_OK;
}

static void
csv_field(struct buf *b, const char *value)
{
	csv_put(b, bytes_text(value), ',', b->len == 0);
}

static void
csv_number(struct buf *b, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	csv_field(b, text);
}

/* The answer ends the line itself. */
static enum status
csv_end(struct answer *a, struct buf *b)
{
	csv_put_end(b);
	if (b->bad)
		return ST_TOO_BIG;
	b->p[b->len - 1] = '\0';
	answer_main(a, "line", (const char *)b->p);
	return ST_OK;
}

static enum status
put_csv(void *arg, const struct emergency_person *p)
{
	uint8_t line[2 * (8 * REG_TEXT + REG_FOLDED)];
	struct buf b = buf_over(line, sizeof(line));

	if (p->household != 0)
		csv_number(&b, p->household);
	else
		csv_field(&b, "");
	csv_field(&b, p->relationship);
	csv_number(&b, p->person);
	csv_field(&b, p->name);
	csv_number(&b, p->age);
	csv_field(&b, p->minor ? "yes" : "no");
	csv_field(&b, p->telephone);
	csv_field(&b, p->email);
	csv_field(&b, p->address);
	csv_field(&b, p->emergency_contact);
	csv_field(&b, p->employer);
	csv_field(&b, p->workplace);
	return csv_end(arg, &b);
}

static enum status
csv_head(struct answer *a)
{
	uint8_t line[1024];
	struct buf b = buf_over(line, sizeof(line));

	for (size_t i = 0; i < COUNT(columns); i++)
		csv_field(&b, columns[i].key);
	return csv_end(a, &b);
}

static enum status
run_csv(struct session *s, const struct emergency_where *w)
{
	int64_t n;
	enum status st;

	if (answer_is_json(s->answer))
		return diag_set(s->d, ST_USAGE,
		    _("--csv, --json: give one of them"));
	if ((st = csv_head(s->answer)) != ST_OK)
		return st;
	return reg_emergency(s->reg, w, put_csv, s->answer, &n, s->d);
}

static enum status
run(struct session *s)
{
	struct emergency_where w = { .district = given.district };
	int64_t n = 0;
	enum status st;

	if ((given.district != NULL) + (given.employer != NULL) +
	    (given.worksite != NULL) != 1)
		return diag_set(s->d, ST_USAGE,
		    _("--district, --employer, --worksite: give one of them"));
	if ((st = option_id(given.employer, "--employer", &w.employer,
	    s->d)) != ST_OK ||
	    (st = option_id(given.worksite, "--worksite", &w.worksite,
	    s->d)) != ST_OK)
		return st;
	if (given.csv)
		return run_csv(s, &w);
	answer_list(s->answer, "persons", columns, COUNT(columns));
	st = reg_emergency(s->reg, &w, put_person, s->answer, &n, s->d);
	answer_list_end(s->answer);
	if (st == ST_OK)
		answer_int(s->answer, "n", N_("Persons"), n);
	return st;
}

static const struct command commands[] = {
	{ "emergency", "", AS_PROTECTION | AS_MANAGER | NEEDS_REGISTER | NEEDS_OFFICER | WRITES,
	    run, opts, COUNT(opts), "", 0, 0,
	    N_("who lives or works there now, and how to reach them; it is recorded") },
};

const struct command_group emergency_commands = {
	commands, COUNT(commands)
};
