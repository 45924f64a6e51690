#include "issuer/register/parent.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/act.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/person_state.h"

static enum status
check_age(struct reg *r, const struct person *child,
    const struct person *parent, bool guardian, struct diag *d)
{
	struct date least = date_add_years(person_birth(parent), PARENT_YEARS);

	if (!guardian && date_compare(least, person_birth(child)) > 0)
		return diag_set(d, ST_DATA,
		    _("--parent: person %" PRId64 ", born on %s, is not %d years older than person %" PRId64 ", born on %s; give the right one"),
		    parent->id, parent->field[PERSON_BIRTH_DATE], PARENT_YEARS,
		    child->id, child->field[PERSON_BIRTH_DATE]);
	if (guardian && reg_is_minor(r, parent))
		return diag_set(d, ST_DATA,
		    _("--parent: person %" PRId64 " is a minor and cannot be a guardian"),
		    parent->id);
	if (guardian && !reg_is_minor(r, child))
		return diag_set(d, ST_DATA,
		    _("person %" PRId64 " is no minor and has no guardian; in a household they can be a ward"),
		    child->id);
	return ST_OK;
}

static bool
sex_fits(const struct person *parent, const char *relationship)
{
	return strcmp(parent->field[PERSON_SEX],
	    relationship[0] == 'm' ? "M" : "F") != 0;
}

static enum status
check_add(struct reg *r, struct person *child, struct person *parent,
    const char *relationship, struct diag *d)
{
	bool guardian = strcmp(relationship, "guardian") == 0;
	enum status st;

	if (!guardian && strcmp(relationship, "mother") != 0 &&
	    strcmp(relationship, "father") != 0)
		return diag_set(d, ST_USAGE,
		    _("--relationship: one of mother, father, guardian"));
	if (child->id == parent->id)
		return diag_set(d, ST_DATA,
		    _("--parent: nobody is their own parent; give another person"));
	if ((st = reg_person(r, child->id, child, d)) != ST_OK ||
	    (st = reg_person(r, parent->id, parent, d)) != ST_OK ||
	    (st = reg_person_may_change(r, child->id, d)) != ST_OK ||
	    (st = guardian ? reg_person_may_change(r, parent->id, d) :
	    reg_person_present(r, parent->id, d)) != ST_OK)
		return st;
	if (!guardian && !sex_fits(parent, relationship))
		return diag_set(d, ST_DATA,
		    _("--relationship: by the recorded sex person %" PRId64 " is not the %s; correct it with person edit, or give guardian"),
		    parent->id, relationship);
	return check_age(r, child, parent, guardian, d);
}

/* What the register has of the two: "" if nothing. */
static enum status
recorded(struct reg *r, int64_t child, int64_t parent, char out[12],
    struct diag *d)
{
	struct query q = query(r, "SELECT relationship FROM parent"
	    " WHERE child = ?1 AND parent = ?2", d);

	out[0] = '\0';
	bind_int(&q, child);
	bind_int(&q, parent);
	if (query_row(&q))
		col_text(&q, 0, out, 12);
	return query_end(&q);
}

/* The card of a minor names one who answers for them. */
static enum status
name_guardian(struct reg *r, struct person *child,
    const struct person *parent, struct diag *d)
{
	char name[REG_FOLDED];

	if (child->field[PERSON_GUARDIAN][0] != '\0' ||
	    !reg_is_minor(r, child) ||
	    !person_full_name(parent, name, sizeof(name)) ||
	    person_set(child, PERSON_GUARDIAN, name, NULL) != ST_OK)
		return ST_OK;
	return reg_person_edit(r, child, NULL, d);
}

enum status
reg_parent_add(struct reg *r, int64_t child, int64_t parent,
    const char *relationship, const char *evidence, struct diag *d)
{
	struct person c = { .id = child }, p = { .id = parent };
	struct change change;
	struct query q;
	char was[12];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = line_check("evidence", evidence, PERSON_EVIDENCE, false, d)) !=
	    ST_OK || (st = check_add(r, &c, &p, relationship, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, child, d)) != ST_OK ||
	    (st = recorded(r, child, parent, was, d)) != ST_OK)
		return st;
	if (was[0] != '\0')
		return diag_set(d, ST_EXISTS,
		    _("person %" PRId64 " has person %" PRId64 " as %s already; take a wrong one out with person parent --remove"),
		    child, parent, was);
	q = query(r, "INSERT INTO parent (child, parent, relationship,"
	    " evidence, at, officer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", d);
	bind_int(&q, child);
	bind_int(&q, parent);
	bind_text(&q, relationship);
	bind_text(&q, evidence);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	change_begin(&change);
	change_person(&change, relationship, 0, parent);
	change_note(&change, "evidence", evidence);
	if ((st = change_keep(r, &change, "person.parent", "person", child,
	    d)) != ST_OK)
		return st;
	return name_guardian(r, &c, &p, d);
}

enum status
reg_parent_remove(struct reg *r, int64_t child, int64_t parent,
    const char *reason, struct diag *d)
{
	struct change change;
	struct query q;
	char was[12];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = reg_person_present(r, child, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, child, d)) != ST_OK ||
	    (st = recorded(r, child, parent, was, d)) != ST_OK)
		return st;
	if (was[0] == '\0')
		return diag_set(d, ST_NOT_FOUND,
		    _("person %" PRId64 " is no parent or guardian of person %" PRId64 "; look with person show"),
		    parent, child);
	q = query(r, "DELETE FROM parent WHERE child = ?1 AND parent = ?2", d);
	bind_int(&q, child);
	bind_int(&q, parent);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	change_begin(&change);
	change_person(&change, was, parent, 0);
	change_note(&change, "reason", reason);
	return change_keep(r, &change, "person.parent", "person", child, d);
}

static void
read_relative(struct query *q, struct relative *rel)
{
	struct person p = { .id = col_int(q, 0) };

	memset(rel, 0, sizeof(*rel));
	rel->person = p.id;
	rel->is_parent = col_int(q, 1) != 0;
	col_text(q, 2, rel->relationship, sizeof(rel->relationship));
	col_text(q, 3, p.field[PERSON_GIVEN], REG_TEXT);
	col_text(q, 4, p.field[PERSON_SURNAME1], REG_TEXT);
	col_text(q, 5, p.field[PERSON_SURNAME2], REG_TEXT);
	(void)person_full_name(&p, rel->name, sizeof(rel->name));
	col_text(q, 6, rel->birth, sizeof(rel->birth));
	col_text(q, 7, rel->state, sizeof(rel->state));
	col_text(q, 8, rel->evidence, sizeof(rel->evidence));
}

enum status
reg_relatives(struct reg *r, int64_t person,
    enum status (*each)(void *arg, const struct relative *rel), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT p.id, k.up, k.relationship, p.given,"
	    " p.surname1, p.surname2, p.birth_date, p.state, k.evidence FROM"
	    " (SELECT parent AS other, 1 AS up, relationship, evidence"
	    "   FROM parent WHERE child = ?1"
	    "  UNION ALL SELECT child, 0, relationship, evidence"
	    "   FROM parent WHERE parent = ?1) AS k"
	    " JOIN person AS p ON p.id = k.other ORDER BY k.up DESC, p.id", d);
	struct relative rel;
	enum status st = ST_OK, end;

	bind_int(&q, person);
	while (st == ST_OK && query_row(&q)) {
		read_relative(&q, &rel);
		st = each(arg, &rel);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

struct births {
	struct reg *r;
	const struct person *p;
	struct diag *d;
};

/* A ward who grows up keeps the guardian there was; a guardian is an adult. */
static enum status
check_guardian(const struct births *b, const struct relative *rel)
{
	if (rel->is_parent || !reg_is_minor(b->r, b->p))
		return ST_OK;
	return diag_set(b->d, ST_DATA,
	    _("--birth-date: born on %s the person is a minor, and is the guardian of person %" PRId64 "; correct it, or take that out with person parent --remove"),
	    b->p->field[PERSON_BIRTH_DATE], rel->person);
}

static enum status
check_relative(void *arg, const struct relative *rel)
{
	struct births *b = arg;
	const char *own = b->p->field[PERSON_BIRTH_DATE];
	struct date old = { 0, 0, 0 }, young = { 0, 0, 0 };

	if (strcmp(rel->relationship, "guardian") == 0)
		return check_guardian(b, rel);
	if (!date_parse(bytes_text(rel->is_parent ? rel->birth : own), &old) ||
	    !date_parse(bytes_text(rel->is_parent ? own : rel->birth), &young))
		return ST_INTERNAL;
	if (date_compare(date_add_years(old, PARENT_YEARS), young) <= 0)
		return ST_OK;
	return diag_set(b->d, ST_DATA, rel->is_parent ?
	    _("--birth-date: %s is not %d years after the birth of person %" PRId64 ", the %s; correct one of them") :
	    _("--birth-date: %s is not %d years before the birth of person %" PRId64 ", whose %s this is; correct one of them"),
	    own, PARENT_YEARS, rel->person, rel->relationship);
}

enum status
parent_birth_check(struct reg *r, const struct person *p, struct diag *d)
{
	struct births b = { r, p, d };

	return reg_relatives(r, p->id, check_relative, &b, d);
}

static enum status
check_sex(void *arg, const struct relative *rel)
{
	struct births *b = arg;

	if (rel->is_parent || strcmp(rel->relationship, "guardian") == 0 ||
	    sex_fits(b->p, rel->relationship))
		return ST_OK;
	return diag_set(b->d, ST_DATA,
	    _("--sex: the person is recorded as the %s of person %" PRId64 "; correct it, or take that out with person parent --remove"),
	    rel->relationship, rel->person);
}

enum status
parent_sex_check(struct reg *r, const struct person *p, struct diag *d)
{
	struct births b = { r, p, d };

	return reg_relatives(r, p->id, check_sex, &b, d);
}

/* Every word of text is a word of names, whatever case, accents and order. */
bool
person_named(const char *text, const char *names)
{
	char folded[REG_FOLDED], within[2 * REG_FOLDED], find[REG_FOLDED + 2];
	char *rest = folded, *word;
	bool any = false;

	if (!text_mrz_fold(bytes_text(text), folded, sizeof(folded)))
		return false;
	(void)snprintf(within, sizeof(within), " %s ", names);
	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		any = true;
		(void)snprintf(find, sizeof(find), " %s ", word);
		if (strstr(within, find) == NULL)
			return false;
	}
	return any;
}

enum status
parent_dead(struct reg *r, int64_t child, const char *name, int64_t *dead,
    struct diag *d)
{
	struct query q = query(r, "SELECT p.id, p.state = 'dead', p.folded"
	    " FROM parent AS k JOIN person AS p ON p.id = k.parent"
	    " WHERE k.child = ?1", d);
	char folded[REG_FOLDED];
	bool alive = false;
	enum status st;

	*dead = 0;
	bind_int(&q, child);
	while (query_row(&q)) {
		col_text(&q, 2, folded, sizeof(folded));
		if (!person_named(name, folded))
			continue;
		if (col_int(&q, 1) != 0)
			*dead = col_int(&q, 0);
		else
			alive = true;
	}
	st = query_end(&q);
	if (alive)
		*dead = 0;
	return st;
}

enum status
parent_death_check(struct reg *r, int64_t id, const char *day, struct diag *d)
{
	struct query q = query(r, "SELECT c.id FROM parent AS k JOIN person"
	    " AS c ON c.id = k.child WHERE k.parent = ?1 AND k.relationship ="
	    " 'mother' AND c.birth_date > ?2 LIMIT 1", d);
	int64_t child = 0;
	enum status st;

	bind_int(&q, id);
	bind_text(&q, day);
	if (query_row(&q))
		child = col_int(&q, 0);
	if ((st = query_end(&q)) == ST_OK && child != 0)
		st = diag_set(d, ST_DATA,
		    _("--date: %s is before the birth of person %" PRId64 ", whose mother this is; correct one of them"),
		    day, child);
	return st;
}
