/* household add, show. */
#include <stdio.h>
#include <string.h>

#include "issuer/command.h"

static const char *head, *members[REG_HOUSEHOLD_MAX];
static size_t members_n;

static const struct opt add_opts[] = {
	{ .name = "head", .arg = "ID", .value = &head, .required = true,
	    .help = N_("the person who heads it") },
	{ .name = "member", .arg = "ID:RELATIONSHIP", .list = members,
	    .list_n = &members_n, .list_max = REG_HOUSEHOLD_MAX, .required = true,
	    .help = N_("a member: spouse, child, parent, sibling, grandparent, dependant or ward of the head") },
};

static enum status
take_member(const char *text, struct household *h, struct diag *d)
{
	const char *colon = strchr(text, ':');
	char id[24];
	enum status st;

	if (colon == NULL || (size_t)(colon - text) >= sizeof(id) ||
	    !relationship_parse(colon + 1,
	    &h->member[h->members_n].relationship))
		return diag_set(d, ST_USAGE,
		    _("--member %.60s: give ID:RELATIONSHIP, with spouse, child, parent, sibling, grandparent, dependant or ward"),
		    text);
	(void)snprintf(id, sizeof(id), "%.*s", (int)(colon - text), text);
	if ((st = number_parse(id, "--member", INT64_MAX / 16,
	    &h->member[h->members_n].person, d)) != ST_OK)
		return st;
	h->members_n++;
	return ST_OK;
}

static enum status
run_add(struct session *s)
{
	struct household h = { .id = 0 };
	enum status st = number_parse(head, "--head", INT64_MAX / 16, &h.head,
	    s->d);

	for (size_t i = 0; i < members_n && st == ST_OK; i++)
		st = take_member(members[i], &h, s->d);
	if (st != ST_OK || (st = reg_household_add(s->reg, &h, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "household", h.id);
	return ST_OK;
}

static enum status
put_member(struct session *s, int64_t id, const char *relationship)
{
	struct person p;
	char name[REG_FOLDED];
	enum status st = reg_person(s->reg, id, &p, s->d);

	if (st != ST_OK)
		return st;
	answer_cell_int(s->answer, id);
	answer_cell_word(s->answer, relationship);
	answer_cell(s->answer, person_full_name(&p, name, sizeof(name)) ?
	    name : "");
	answer_cell(s->answer, p.field[PERSON_BIRTH_DATE]);
	answer_cell(s->answer, p.field[PERSON_SEX]);
	return ST_OK;
}

static enum status
run_show(struct session *s)
{
	static const struct column columns[] = {
		{ "person", N_("Person") },
		{ "relationship", N_("Relationship") }, { "name", N_("Name") },
		{ "birth_date", N_("Date of birth") }, { "sex", N_("Sex") }
	};
	struct household h;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_household(s->reg, id, &h, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "household", N_("Household"), h.id);
	answer_int(s->answer, "head", N_("Head"), h.head);
	answer_list(s->answer, "persons", columns, COUNT(columns));
	st = put_member(s, h.head, "head");
	for (size_t i = 0; i < h.members_n && st == ST_OK; i++)
		st = put_member(s, h.member[i].person,
		    relationship_token(h.member[i].relationship));
	answer_list_end(s->answer);
	return st;
}

static const struct command commands[] = {
	{ "household", "add", AS_REGISTRAR | NEEDS_REGISTER | NEEDS_OFFICER | WRITES, run_add,
	    add_opts, COUNT(add_opts), "", 0, 0,
	    N_("make a household of a head and members") },
	{ "household", "show", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_show, NULL, 0,
	    "ID", 1, 1, N_("show a household") },
};

const struct command_group household_commands = {
	commands, COUNT(commands)
};
