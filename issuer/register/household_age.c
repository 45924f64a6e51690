#include <inttypes.h>

#include "issuer/register/db.h"
#include "issuer/register/household.h"
#include "issuer/register/parent.h"

static bool
years_apart(struct date old, struct date young, int years)
{
	return date_compare(date_add_years(old, years), young) <= 0;
}

const char *
household_age_fault(enum relationship rel, struct date head,
    struct date member, struct date today)
{
	switch (rel) {
	case REL_CHILD:
		return years_apart(head, member, PARENT_YEARS) ? NULL :
		    _("a child is born at least 12 years after the head of the household; correct a birth date or the relationship");
	case REL_PARENT:
		return years_apart(member, head, PARENT_YEARS) ? NULL :
		    _("a parent is born at least 12 years before the head of the household; correct a birth date or the relationship");
	case REL_GRANDPARENT:
		return years_apart(member, head, 2 * PARENT_YEARS) ? NULL :
		    _("a grandparent is born at least 24 years before the head of the household; correct a birth date or the relationship");
	case REL_SPOUSE:
		return date_age(member, today) >= SPOUSE_YEARS ? NULL :
		    _("a spouse is at least 12 years old; correct the birth date or the relationship");
	case REL_WARD:
		return date_age(head, today) >= MINOR_AGE ? NULL :
		    _("a ward is in the household of an adult, and its head is a minor; give another head or relationship");
	case REL_SIBLING:
	case REL_DEPENDANT:
	default:
		return NULL;
	}
}

static enum status
read_birth(struct reg *r, int64_t id, struct date *out, struct diag *d)
{
	struct query q = query(r, "SELECT birth_date FROM person WHERE id = ?1",
	    d);
	char text[DATE_TEXT] = "";
	enum status st;

	bind_int(&q, id);
	if (query_row(&q))
		col_text(&q, 0, text, sizeof(text));
	if ((st = query_end(&q)) != ST_OK)
		return st;
	return date_parse(bytes_text(text), out) ? ST_OK : ST_INTERNAL;
}

enum status
household_age_check(struct reg *r, int64_t head, int64_t member,
    enum relationship rel, struct diag *d)
{
	struct date older, other;
	const char *why;
	enum status st;

	if ((st = read_birth(r, head, &older, d)) != ST_OK ||
	    (st = read_birth(r, member, &other, d)) != ST_OK)
		return st;
	why = household_age_fault(rel, older, other, when_date(r->now));
	return why == NULL ? ST_OK : diag_set(d, ST_DATA,
	    _("person %" PRId64 ": %s"), member, why);
}

enum status
household_birth_check(struct reg *r, const struct person *p, struct diag *d)
{
	struct query q = query(r, "SELECT h.id, m.relationship, 1, o.id,"
	    " o.birth_date FROM household AS h JOIN household_member AS m"
	    "  ON m.household = h.id JOIN person AS o ON o.id = m.person"
	    "  WHERE h.head = ?1 AND h.closed IS NULL"
	    " UNION ALL SELECT h.id, m.relationship, 0, o.id, o.birth_date"
	    "  FROM household_member AS m JOIN household AS h"
	    "  ON h.id = m.household JOIN person AS o ON o.id = h.head"
	    "  WHERE m.person = ?1 AND h.closed IS NULL", d);
	struct date own = person_birth(p), other;
	int64_t household = 0, person = 0;
	const char *why = NULL;
	enum status st;

	bind_int(&q, p->id);
	while (why == NULL && query_row(&q)) {
		bool heads = col_int(&q, 2) != 0;
		char text[DATE_TEXT];

		household = col_int(&q, 0);
		person = col_int(&q, 3);
		col_text(&q, 4, text, sizeof(text));
		if (date_parse(bytes_text(text), &other))
			why = household_age_fault(
			    (enum relationship)col_int(&q, 1),
			    heads ? own : other, heads ? other : own,
			    when_date(r->now));
	}
	if ((st = query_end(&q)) != ST_OK || why == NULL)
		return st;
	return diag_set(d, ST_DATA,
	    _("--birth-date: %s, in household %" PRId64 " with person %" PRId64 ": %s"),
	    p->field[PERSON_BIRTH_DATE], household, person, why);
}

/* ---- one couple, one household ---- */

enum status
household_couple_check(struct reg *r, int64_t household, int64_t head,
    int64_t spouse, struct diag *d)
{
	struct query q = query(r, "SELECT h.id, h.head, m.person"
	    " FROM household_member AS m JOIN household AS h"
	    " ON h.id = m.household WHERE m.relationship = 1 AND m.person ="
	    "  iif(?2 <> 0, ?2, (SELECT head FROM household WHERE id = ?1))"
	    " AND h.closed IS NULL AND h.id <> ?1 AND (h.head = ?3 OR (?3 = 0"
	    "  AND EXISTS (SELECT 1 FROM household_member WHERE"
	    "  household = ?1 AND person = h.head AND relationship = 1)))"
	    " LIMIT 1", d);
	int64_t other = 0, person = 0, with = 0;
	enum status st;

	bind_int(&q, household);
	bind_int(&q, head);
	bind_int(&q, spouse);
	if (query_row(&q)) {
		other = col_int(&q, 0);
		person = col_int(&q, 1);
		with = col_int(&q, 2);
	}
	if ((st = query_end(&q)) == ST_OK && other != 0)
		st = diag_set(d, ST_EXISTS,
		    _("person %" PRId64 " heads household %" PRId64 " with person %" PRId64 " as the spouse, and a couple is one household; add members to that one with household member, or close it first"),
		    person, other, with);
	return st;
}
