/* person show, history. */
#include <libintl.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/document.h"
#include "issuer/register/household.h"
#include "issuer/register/parent.h"
#include "issuer/register/person_record.h"
#include "issuer/register/person_state.h"

/* A list that people see only when there is something in it. */
struct rows {
	struct answer *a;
	const char *key;
	const struct column *columns;
	size_t n;
	bool begun;
};

static struct answer *
row(struct rows *rows)
{
	if (!rows->begun)
		answer_list(rows->a, rows->key, rows->columns, rows->n);
	rows->begun = true;
	return rows->a;
}

static void
rows_end(struct rows *rows)
{
	if (answer_is_json(rows->a))
		(void)row(rows);
	if (rows->begun)
		answer_list_end(rows->a);
}

static enum status
put_relative(void *arg, const struct relative *rel)
{
	struct answer *a = row(arg);

	answer_cell_word(a, rel->is_parent ? rel->relationship : "child");
	answer_cell_int(a, rel->person);
	answer_cell(a, rel->name);
	answer_cell(a, rel->birth);
	answer_cell_word(a, rel->state);
	return ST_OK;
}

static enum status
put_household(void *arg, const struct household_row *h)
{
	struct answer *a = row(arg);

	answer_cell_int(a, h->id);
	answer_cell_word(a, h->role);
	answer_cell(a, h->head_name);
	answer_cell_word(a, h->open ? "open" : "closed");
	return ST_OK;
}

static enum status
put_document(void *arg, const struct document *doc)
{
	struct answer *a = row(arg);

	answer_cell_int(a, doc->id);
	answer_cell_word(a, doc->type);
	answer_cell(a, doc->number);
	answer_cell(a, doc->issuer);
	answer_cell(a, doc->expires);
	answer_cell_word(a, doc->void_[0] != '\0' ? "void" : "valid");
	return ST_OK;
}

static enum status
put_card(void *arg, const struct person_card *c)
{
	struct answer *a = row(arg);
	char day[DATE_TEXT];

	date_format(when_date(c->expires), day);
	answer_cell(a, c->number);
	answer_cell_word(a, c->family ? "family" : "individual");
	answer_cell_word(a, c->status);
	answer_cell(a, day);
	answer_cell_int(a, c->person);
	return ST_OK;
}

static enum status
put_application(void *arg, const struct person_application *app)
{
	struct answer *a = row(arg);
	char day[DATE_TEXT];

	date_format(when_date(app->created), day);
	answer_cell_int(a, app->id);
	answer_cell_word(a, app->family ? "family" : "individual");
	answer_cell_word(a, app->state);
	answer_cell(a, day);
	answer_cell_int(a, app->person);
	return ST_OK;
}

static enum status
put_merged(void *arg, int64_t id, const char *name, const char *since)
{
	struct answer *a = row(arg);

	answer_cell_int(a, id);
	answer_cell(a, name);
	answer_cell(a, since);
	return ST_OK;
}

static enum status
show_lists(struct session *s, int64_t id)
{
	static const struct column family[] = {
		{ "relationship", N_("Family") }, { "person", N_("Person") },
		{ "name", N_("Name") }, { "birth_date", N_("Date of birth") },
		{ "state", N_("State") }
	}, households[] = {
		{ "household", N_("Household") }, { "role", N_("As") },
		{ "head", N_("Head") }, { "state", N_("State") }
	}, documents[] = {
		{ "document", N_("Document") }, { "type", N_("Type") },
		{ "number", N_("Number") }, { "issuer", N_("Issuer") },
		{ "expires", N_("Expires") }, { "state", N_("State") }
	}, cards[] = {
		{ "number", N_("Card") }, { "kind", N_("Kind") },
		{ "status", N_("Status") }, { "expires", N_("Expires") },
		{ "person", N_("Person") }
	}, applications[] = {
		{ "application", N_("Application") }, { "kind", N_("Kind") },
		{ "state", N_("State") }, { "created", N_("Created") },
		{ "person", N_("Person") }
	}, merged[] = {
		{ "person", N_("Merged from") }, { "name", N_("Name") },
		{ "date", N_("On") }
	};
	struct rows rows[] = {
		{ s->answer, "family", family, COUNT(family), false },
		{ s->answer, "households", households, COUNT(households), false },
		{ s->answer, "documents", documents, COUNT(documents), false },
		{ s->answer, "cards", cards, COUNT(cards), false },
		{ s->answer, "applications", applications, COUNT(applications), false },
		{ s->answer, "merged_from", merged, COUNT(merged), false },
	};
	enum status st;

	if ((st = reg_relatives(s->reg, id, put_relative, &rows[0], s->d)) != ST_OK)
		return st;
	rows_end(&rows[0]);
	if ((st = reg_households(s->reg, id, SIZE_MAX, put_household, &rows[1],
	    s->d)) != ST_OK)
		return st;
	rows_end(&rows[1]);
	if ((st = reg_documents(s->reg, id, put_document, &rows[2], s->d)) != ST_OK)
		return st;
	rows_end(&rows[2]);
	if ((st = reg_person_cards(s->reg, id, false, put_card, &rows[3], s->d)) !=
	    ST_OK)
		return st;
	rows_end(&rows[3]);
	if ((st = reg_person_applications(s->reg, id, false, put_application,
	    &rows[4], s->d)) != ST_OK)
		return st;
	rows_end(&rows[4]);
	if ((st = reg_person_merged(s->reg, id, put_merged, &rows[5], s->d)) != ST_OK)
		return st;
	rows_end(&rows[5]);
	return ST_OK;
}

static void
show_state(struct session *s, const struct person *p,
    const struct person_state *state)
{
	struct answer *a = s->answer;

	answer_word(a, "state", N_("State"), state->state);
	answer_text(a, "state_since", N_("Since"), state->since);
	if (state->merged_into != 0)
		answer_int(a, "merged_into", N_("Merged into person"),
		    state->merged_into);
	answer_text(a, "consent_withdrawn", N_("Consent withdrawn"),
	    state->withdrawn);
	answer_word(a, "minor", N_("Minor (no signature of their own)"),
	    reg_is_minor(s->reg, p) ? "yes" : answer_is_json(a) ? "no" : "");
}

static enum status
run_show(struct session *s)
{
	struct person p;
	struct person_state state;
	char moment[WHEN_TEXT];
	int64_t id, photo;
	bool pictured;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person(s->reg, id, &p, s->d)) != ST_OK ||
	    (st = reg_person_state(s->reg, id, &state, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "person", N_("Person"), p.id);
	show_state(s, &p, &state);
	for (int f = 0; f < PERSON_FIELDS; f++)
		answer_text(s->answer, person_column((enum person_field)f),
		    person_label((enum person_field)f), p.field[f]);
	pictured = reg_person_photo(s->reg, id, &photo, NULL) == ST_OK;
	answer_word(s->answer, "photo", N_("Photo"), pictured ? "yes" : "no");
	moment_format(p.enrolled, moment);
	answer_text(s->answer, "enrolled", N_("Enrolled"), moment);
	return show_lists(s, id);
}

/* A column's name for programs, its label for people. */
static const char *
field_name(const struct answer *a, const char *field)
{
	for (int f = 0; f < PERSON_FIELDS && !answer_is_json(a); f++)
		if (strcmp(person_column((enum person_field)f), field) == 0)
			return gettext(person_label((enum person_field)f));
	return field;
}

static enum status
put_history(void *arg, const struct history_row *h)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	moment_format(h->at, moment);
	answer_cell(a, moment);
	answer_cell(a, h->officer);
	answer_cell(a, h->action);
	answer_cell(a, h->object);
	answer_cell(a, field_name(a, h->field));
	answer_cell(a, h->before);
	answer_cell(a, h->after);
	return ST_OK;
}

static enum status
run_history(struct session *s)
{
	static const struct column columns[] = {
		{ "when", N_("When") }, { "officer", N_("Officer") },
		{ "action", N_("Act") }, { "object", N_("Of") },
		{ "field", N_("Field") }, { "before", N_("Before") },
		{ "after", N_("After") }
	};
	struct person_state state;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person_state(s->reg, id, &state, s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "history", columns, COUNT(columns));
	st = reg_person_history(s->reg, id, put_history, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static const struct command commands[] = {
	{ "person", "show", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_show, NULL, 0,
	    "ID", 1, 1, N_("show what the register holds of a person") },
	{ "person", "history", AS_DESK | AS_PROTECTION | AS_AUDITOR | NEEDS_REGISTER | READS,
	    run_history, NULL, 0, "ID", 1, 1,
	    N_("every change to a person and what is theirs") },
};

const struct command_group person_show_commands = {
	commands, COUNT(commands)
};
