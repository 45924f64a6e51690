/* household add, show, list, member, head, close. */
#include <stdio.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/household.h"
#include "issuer/register/person_find.h"

static const char *head, *members[REG_HOUSEHOLD_MAX];
static size_t members_n;
static const char *removed[REG_HOUSEHOLD_MAX], *reason, *former, *person, *limit;
static size_t removed_n;

static const struct opt add_opts[] = {
	{ .name = "head", .arg = "ID", .value = &head, .required = true,
	    .help = N_("the person who heads it") },
	{ .name = "member", .arg = "ID:RELATIONSHIP", .list = members,
	    .list_n = &members_n, .list_max = REG_HOUSEHOLD_MAX, .required = true,
	    .help = N_("a member: spouse, child, parent, sibling, grandparent, dependant or ward of the head") },
};

static const struct opt list_opts[] = {
	{ .name = "person", .arg = "ID", .value = &person,
	    .help = N_("only those of this person") },
	{ .name = "limit", .arg = "N", .value = &limit,
	    .help = N_("how many at most, 100 if not given") },
};

static const struct opt member_opts[] = {
	{ .name = "add", .arg = "ID:RELATIONSHIP", .list = members,
	    .list_n = &members_n, .list_max = REG_HOUSEHOLD_MAX,
	    .help = N_("a member who comes: spouse, child, parent, sibling, grandparent, dependant or ward of the head") },
	{ .name = "remove", .arg = "ID", .list = removed,
	    .list_n = &removed_n, .list_max = REG_HOUSEHOLD_MAX,
	    .help = N_("a member who goes") },
	REASON_OPT(&reason, N_("why")),
};

static const struct opt head_opts[] = {
	{ .name = "former", .arg = "RELATIONSHIP", .value = &former,
	    .help = N_("what the head until now is to the new one, where it does not follow") },
	{ .name = "member", .arg = "ID:RELATIONSHIP", .list = members,
	    .list_n = &members_n, .list_max = REG_HOUSEHOLD_MAX,
	    .help = N_("what another member is to the new head, where it does not follow") },
	REASON_OPT(&reason, N_("why")),
};

static const struct opt close_opts[] = {
	REASON_OPT(&reason, N_("why")),
};

static enum status
take_member(const char *text, const char *option, struct household *h,
    struct diag *d)
{
	const char *colon = strchr(text, ':');
	char id[24];
	enum status st;

	if (colon == NULL || (size_t)(colon - text) >= sizeof(id) ||
	    !relationship_parse(colon + 1,
	    &h->member[h->members_n].relationship))
		return diag_set(d, ST_USAGE,
		    _("--%s %.60s: give ID:RELATIONSHIP, with spouse, child, parent, sibling, grandparent, dependant or ward"),
		    option, text);
	(void)snprintf(id, sizeof(id), "%.*s", (int)(colon - text), text);
	if ((st = number_parse(id, text, ID_MAX,
	    &h->member[h->members_n].person, d)) != ST_OK)
		return st;
	h->members_n++;
	return ST_OK;
}

static enum status
take_members(const char *option, struct household *h, struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < members_n && st == ST_OK; i++)
		st = take_member(members[i], option, h, d);
	return st;
}

static enum status
run_add(struct session *s)
{
	struct household h = { .id = 0 };
	enum status st = number_parse(head, "--head", ID_MAX, &h.head,
	    s->d);

	if (st != ST_OK || (st = take_members("member", &h, s->d)) != ST_OK ||
	    (st = reg_household_add(s->reg, &h, s->d)) != ST_OK)
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
	struct household_end end;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_household(s->reg, id, &h, s->d)) != ST_OK ||
	    (st = reg_household_end(s->reg, id, &end, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "household", N_("Household"), h.id);
	answer_word(s->answer, "state", N_("State"),
	    end.closed == 0 ? "open" : "closed");
	answer_text(s->answer, "reason", N_("Reason"), end.reason);
	answer_int(s->answer, "head", N_("Head"), h.head);
	answer_list(s->answer, "persons", columns, COUNT(columns));
	st = put_member(s, h.head, "head");
	for (size_t i = 0; i < h.members_n && st == ST_OK; i++)
		st = put_member(s, h.member[i].person,
		    relationship_token(h.member[i].relationship));
	answer_list_end(s->answer);
	return st;
}

static enum status
run_member(struct session *s)
{
	struct household h = { .id = 0 };
	int64_t out[REG_HOUSEHOLD_MAX];
	enum status st;

	if ((st = operand_id(s, &h.id)) != ST_OK ||
	    (st = take_members("add", &h, s->d)) != ST_OK)
		return st;
	for (size_t i = 0; i < removed_n && st == ST_OK; i++)
		st = number_parse(removed[i], "--remove", ID_MAX,
		    &out[i], s->d);
	if (st != ST_OK || (st = reg_household_members(s->reg, &h, out,
	    removed_n, reason, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "household", h.id);
	return ST_OK;
}

static enum status
run_head(struct session *s)
{
	struct household h = { .id = 0 };
	enum relationship was = REL_NONE;
	enum status st;

	if (former != NULL && !relationship_parse(former, &was))
		return diag_set(s->d, ST_USAGE,
		    _("--former: one of spouse, child, parent, sibling, grandparent, dependant, ward"));
	if ((st = operand_id(s, &h.id)) != ST_OK ||
	    (st = number_parse(s->operand[1], s->operand[1], ID_MAX,
	    &h.head, s->d)) != ST_OK ||
	    (st = take_members("member", &h, s->d)) != ST_OK ||
	    (st = reg_household_set_head(s->reg, &h, was, reason, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "household", h.id);
	return ST_OK;
}

static enum status
run_close(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_household_close(s->reg, id, reason, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "household", id);
	return ST_OK;
}

struct list {
	struct answer *a;
	int64_t left;
	bool of_person, more;
};

static enum status
put_household(void *arg, const struct household_row *h)
{
	struct list *list = arg;

	if (list->left-- == 0) {
		list->more = true;
		return ST_OK;
	}
	answer_cell_int(list->a, h->id);
	answer_cell_int(list->a, h->head);
	answer_cell(list->a, h->head_name);
	answer_cell_int(list->a, h->members);
	answer_cell_word(list->a, h->open ? "open" : "closed");
	if (list->of_person)
		answer_cell_word(list->a, h->role);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "household", N_("Household") }, { "head", N_("Head") },
		{ "name", N_("Name") }, { "members", N_("Members") },
		{ "state", N_("State") }, { "role", N_("As") }
	};
	struct list list = { .a = s->answer, .left = FIND_LIMIT,
	    .of_person = person != NULL };
	struct person p;
	int64_t id = 0;
	enum status st = ST_OK;

	if ((limit != NULL && (st = number_parse(limit, "--limit",
	    FIND_LIMIT_MAX, &list.left, s->d)) != ST_OK) ||
	    (person != NULL && ((st = number_parse(person, "--person",
	    ID_MAX, &id, s->d)) != ST_OK ||
	    (st = reg_person(s->reg, id, &p, s->d)) != ST_OK)))
		return st;
	answer_list(s->answer, "households", columns,
	    COUNT(columns) - (list.of_person ? 0 : 1));
	st = reg_households(s->reg, id, (size_t)list.left + 1, put_household,
	    &list, s->d);
	answer_list_end(s->answer);
	if (st == ST_OK && (list.more || answer_is_json(s->answer)))
		answer_word(s->answer, "more", N_("There are more (--limit)"),
		    list.more ? "yes" : "no");
	return st;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "household", "add", AS_REGISTRAR | NEEDS_REGISTER | NEEDS_OFFICER | WRITES, run_add,
	    add_opts, COUNT(add_opts), "", 0, 0,
	    N_("make a household of a head and members") },
	{ "household", "show", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_show, NULL, 0,
	    "ID", 1, 1, N_("show a household") },
	{ "household", "list", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_list, list_opts,
	    COUNT(list_opts), "", 0, 0, N_("list households, or those of a person") },
	{ "household", "member", AS_REGISTRAR | ACTS, run_member, member_opts, COUNT(member_opts),
	    "ID", 1, 1, N_("members come to a household or leave it") },
	{ "household", "head", AS_REGISTRAR | ACTS, run_head, head_opts, COUNT(head_opts),
	    "ID PERSON", 2, 2, N_("a household gets another head") },
	{ "household", "close", AS_REGISTRAR | ACTS, run_close, close_opts, COUNT(close_opts),
	    "ID", 1, 1, N_("a household ends; its head may head another") },
};

const struct command_group household_commands = {
	commands, COUNT(commands)
};
