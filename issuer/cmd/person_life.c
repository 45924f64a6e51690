/* person depart, return, arrive, death, correct, consent. */
#include <stdio.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/household.h"
#include "issuer/register/parent.h"
#include "issuer/register/person_record.h"
#include "issuer/register/person_state.h"

static struct {
	const char *date, *to, *place, *evidence, *reason, *give, *withdraw,
	    *despite;
} given;

static const struct opt depart_opts[] = {
	{ .name = "date", .arg = "DATE", .value = &given.date, .required = true,
	    .help = N_("when it was") },
	{ .name = "to", .arg = "TEXT", .value = &given.to, .required = true,
	    .help = N_("the country, or the district of another office") },
};

static const struct opt date_opts[] = {
	{ .name = "date", .arg = "DATE", .value = &given.date, .required = true,
	    .help = N_("when it was") },
};

static const struct opt death_opts[] = {
	{ .name = "date", .arg = "DATE", .value = &given.date, .required = true,
	    .help = N_("when it was") },
	{ .name = "place", .arg = "TEXT", .value = &given.place, .required = true,
	    .help = N_("where it was") },
	{ .name = "evidence", .arg = "TEXT", .value = &given.evidence, .required = true,
	    .help = N_("the document that shows it") },
	{ .name = "despite", .arg = "TEXT", .value = &given.despite,
	    .help = N_("why it was before the person was last seen here") },
};

static const struct opt reason_opts[] = {
	REASON_OPT(&given.reason, N_("why")),
};

static const struct opt consent_opts[] = {
	{ .name = "give", .arg = "DATE", .value = &given.give,
	    .help = N_("given again on this day") },
	{ .name = "withdraw", .arg = "DATE", .value = &given.withdraw,
	    .help = N_("withdrawn on this day") },
};

/* What is now to be done, a line each. */
struct todo {
	struct answer *a;
	bool begun;
};

static void
put_todo(struct todo *t, const char *what, const char *name, const char *how)
{
	static const struct column columns[] = {
		{ "kind", N_("To do") }, { "object", N_("Of") },
		{ "command", N_("With") }
	};

	if (!t->begun)
		answer_list(t->a, "to_do", columns, COUNT(columns));
	t->begun = true;
	if (what == NULL)
		return;
	answer_cell(t->a, what);
	answer_cell(t->a, name);
	answer_cell(t->a, how);
}

static enum status
put_card(void *arg, const struct person_card *c)
{
	char how[64];

	(void)snprintf(how, sizeof(how), "card revoke --reason TEXT %s",
	    c->number);
	put_todo(arg, "card", c->number, how);
	return ST_OK;
}

static enum status
put_application(void *arg, const struct person_application *a)
{
	char how[96], id[24];

	(void)snprintf(id, sizeof(id), "%lld", (long long)a->id);
	(void)snprintf(how, sizeof(how), "application %s --reason TEXT %s",
	    strcmp(a->state, "draft") == 0 ? "drop" : "refuse", id);
	put_todo(arg, "application", id, how);
	return ST_OK;
}

static enum status
put_household(void *arg, const struct household_row *h)
{
	char how[96], id[24];

	if (!h->open)
		return ST_OK;
	(void)snprintf(id, sizeof(id), "%lld", (long long)h->id);
	(void)snprintf(how, sizeof(how), h->role[0] == 'h' ?
	    "household head --reason TEXT %s PERSON" :
	    "household member --remove PERSON --reason TEXT %s", id);
	put_todo(arg, "household", id, how);
	return ST_OK;
}

struct wards {
	struct todo *todo;
	struct date today;
};

static enum status
put_ward(void *arg, const struct relative *rel)
{
	struct wards *w = arg;
	struct date birth;
	char how[64], id[24];

	if (rel->is_parent || strcmp(rel->state, "dead") == 0 ||
	    strcmp(rel->state, "merged") == 0 ||
	    !date_parse(bytes_text(rel->birth), &birth) ||
	    date_age(birth, w->today) >= MINOR_AGE)
		return ST_OK;
	(void)snprintf(id, sizeof(id), "%lld", (long long)rel->person);
	(void)snprintf(how, sizeof(how), "person edit --guardian NAME %s", id);
	put_todo(w->todo, "guardian", id, how);
	return ST_OK;
}

/* Cards in force, open applications and, of the dead, households and the minors
 * whose parent or guardian that was. */
static enum status
tell_rest(struct session *s, int64_t id, bool dead)
{
	struct todo t = { s->answer, false };
	struct wards w = { &t, when_date(s->now) };
	enum status st;

	if ((st = reg_person_cards(s->reg, id, true, put_card, &t, s->d)) !=
	    ST_OK || (st = reg_person_applications(s->reg, id, true,
	    put_application, &t, s->d)) != ST_OK ||
	    (dead && ((st = reg_households(s->reg, id, SIZE_MAX,
	    put_household, &t, s->d)) != ST_OK ||
	    (st = reg_relatives(s->reg, id, put_ward, &w, s->d)) != ST_OK)))
		return st;
	if (answer_is_json(s->answer))
		put_todo(&t, NULL, NULL, NULL);
	if (t.begun)
		answer_list_end(s->answer);
	return ST_OK;
}

static enum status
run_depart(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person_depart(s->reg, id, given.date, given.to, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "person", id);
	return ST_OK;
}

static enum status
run_return(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person_return(s->reg, id, given.date, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "person", id);
	return ST_OK;
}

static enum status
run_arrive(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person_arrive(s->reg, id, given.date, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "person", id);
	return ST_OK;
}

static enum status
run_death(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person_die(s->reg, id, given.date, given.place,
	    given.evidence, given.despite, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "person", id);
	return tell_rest(s, id, true);
}

static enum status
run_correct(struct session *s)
{
	struct person_state state;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person_correct(s->reg, id, given.reason, s->d)) != ST_OK ||
	    (st = reg_person_state(s->reg, id, &state, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "person", N_("Person"), id);
	answer_word(s->answer, "state", N_("State"), state.state);
	return ST_OK;
}

static enum status
run_consent(struct session *s)
{
	int64_t id;
	enum status st;

	if ((given.give != NULL) == (given.withdraw != NULL))
		return diag_set(s->d, ST_USAGE,
		    _("give one of --give DATE and --withdraw DATE"));
	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = given.give != NULL ?
	    reg_person_give_consent(s->reg, id, given.give, s->d) :
	    reg_person_withdraw_consent(s->reg, id, given.withdraw, s->d)) !=
	    ST_OK)
		return st;
	answer_main_int(s->answer, "person", id);
	return given.give != NULL ? ST_OK : tell_rest(s, id, false);
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "person", "depart", AS_REGISTRAR | ACTS, run_depart, depart_opts, COUNT(depart_opts),
	    "ID", 1, 1, N_("a person has left for another country") },
	{ "person", "return", AS_REGISTRAR | ACTS, run_return, date_opts, COUNT(date_opts),
	    "ID", 1, 1, N_("a person has returned to the country of origin") },
	{ "person", "arrive", AS_REGISTRAR | ACTS, run_arrive, date_opts, COUNT(date_opts),
	    "ID", 1, 1, N_("a person is abroad again, in this district") },
	{ "person", "death", AS_REGISTRAR | ACTS, run_death, death_opts, COUNT(death_opts),
	    "ID", 1, 1, N_("a person has died") },
	{ "person", "correct", AS_APPROVER | AS_MANAGER | ACTS, run_correct, reason_opts,
	    COUNT(reason_opts), "ID", 1, 1,
	    N_("take back a death that was recorded by mistake") },
	{ "person", "consent", AS_REGISTRAR | ACTS, run_consent, consent_opts, COUNT(consent_opts),
	    "ID", 1, 1, N_("a person withdraws the consent, or gives it again") },
};

const struct command_group person_life_commands = {
	commands, COUNT(commands)
};
