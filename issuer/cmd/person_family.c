/* person parent, merge. */
#include "issuer/command.h"
#include "issuer/register/parent.h"
#include "issuer/register/person_merge.h"

static struct {
	const char *parent, *remove, *relationship, *evidence, *reason;
} given;

static const struct opt parent_opts[] = {
	{ .name = "parent", .arg = "PERSON", .value = &given.parent,
	    .help = N_("the mother, father or guardian") },
	{ .name = "relationship", .arg = "RELATIONSHIP", .value = &given.relationship,
	    .help = N_("mother, father or guardian") },
	{ .name = "evidence", .arg = "TEXT", .value = &given.evidence,
	    .help = N_("the document that shows it") },
	{ .name = "remove", .arg = "PERSON", .value = &given.remove,
	    .help = N_("take out one that was recorded by mistake") },
	{ .name = "reason", .arg = "TEXT", .value = &given.reason,
	    .help = N_("why, with --remove") },
};

static const struct opt merge_opts[] = {
	REASON_OPT(&given.reason, N_("why they are one person")),
};

static enum status
add_parent(struct session *s, int64_t child)
{
	int64_t parent;
	enum status st;

	if (given.relationship == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--relationship: one of mother, father, guardian"));
	if ((st = number_parse(given.parent, "--parent", ID_MAX,
	    &parent, s->d)) != ST_OK)
		return st;
	return reg_parent_add(s->reg, child, parent, given.relationship,
	    given.evidence != NULL ? given.evidence : "", s->d);
}

static enum status
remove_parent(struct session *s, int64_t child)
{
	int64_t parent;
	enum status st;

	if (given.reason == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--remove: say why with --reason TEXT"));
	if ((st = number_parse(given.remove, "--remove", ID_MAX,
	    &parent, s->d)) != ST_OK)
		return st;
	return reg_parent_remove(s->reg, child, parent, given.reason, s->d);
}

static enum status
run_parent(struct session *s)
{
	int64_t child;
	enum status st = operand_id(s, &child);

	if (st == ST_OK && (given.parent != NULL) == (given.remove != NULL))
		st = diag_set(s->d, ST_USAGE,
		    _("give one of --parent PERSON and --remove PERSON"));
	if (st != ST_OK || (st = given.parent != NULL ? add_parent(s, child) :
	    remove_parent(s, child)) != ST_OK)
		return st;
	answer_main_int(s->answer, "person", child);
	return ST_OK;
}

static enum status
run_merge(struct session *s)
{
	int64_t keep, gone;
	enum status st;

	if ((st = operand_id(s, &keep)) != ST_OK ||
	    (st = number_parse(s->operand[1], s->operand[1], ID_MAX,
	    &gone, s->d)) != ST_OK ||
	    (st = reg_person_merge(s->reg, keep, gone, given.reason, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "person", keep);
	return ST_OK;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "person", "parent", AS_REGISTRAR | ACTS, run_parent, parent_opts, COUNT(parent_opts),
	    "ID", 1, 1, N_("whose child a person is, or who guards a minor") },
	{ "person", "merge", AS_REGISTRAR | AS_APPROVER | ACTS, run_merge, merge_opts,
	    COUNT(merge_opts), "KEEP GONE", 2, 2,
	    N_("two persons are one: the second goes into the first") },
};

const struct command_group person_family_commands = {
	commands, COUNT(commands)
};
