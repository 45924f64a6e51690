#include "issuer/register/person_merge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/act.h"
#include "issuer/register/db.h"
#include "issuer/register/duplicate.h"
#include "issuer/register/eyes.h"
#include "issuer/register/household.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/person_record.h"
#include "issuer/register/person_state.h"

struct merge {
	struct reg *r;
	int64_t keep, gone;
	const char *reason;
	struct diag *d;
};

/* ---- may they be merged? ---- */

static enum status
check_states(struct merge *m, struct person_state *gone)
{
	struct person_state keep;
	bool dead;
	enum status st;

	if (m->keep == m->gone)
		return diag_set(m->d, ST_DATA,
		    _("person %" PRId64 " cannot be merged into itself; give two persons"),
		    m->keep);
	if ((st = reg_person_state(m->r, m->keep, &keep, m->d)) != ST_OK ||
	    (st = reg_person_state(m->r, m->gone, gone, m->d)) != ST_OK ||
	    (st = reg_person_present(m->r, m->gone, m->d)) != ST_OK ||
	    (st = reg_person_present(m->r, m->keep, m->d)) != ST_OK)
		return st;
	dead = strcmp(gone->state, "dead") == 0;
	if (dead != (strcmp(keep.state, "dead") == 0))
		return diag_set(m->d, ST_STATE,
		    _("person %" PRId64 " is dead and person %" PRId64 " is not; record the death of both, or correct it, before they are merged"),
		    dead ? m->gone : m->keep, dead ? m->keep : m->gone);
	return ST_OK;
}

static enum status
check_application(void *arg, const struct person_application *a)
{
	struct merge *m = arg;

	if (a->person != m->gone)
		return ST_OK;
	return diag_set(m->d, ST_STATE, strcmp(a->state, "draft") == 0 ?
	    _("person %" PRId64 ": application %" PRId64 " is open (%s); drop it first with application drop") :
	    _("person %" PRId64 ": application %" PRId64 " is open (%s); have it refused first"),
	    m->gone, a->id, a->state);
}

static enum status
check_card(void *arg, const struct person_card *c)
{
	struct merge *m = arg;

	if (c->member)
		return ST_OK;
	return diag_set(m->d, ST_STATE,
	    _("person %" PRId64 ": card %s is %s; revoke it first with card revoke %s"),
	    m->gone, c->number, c->status, c->number);
}

/* What matters of the two, and of who merges them. */
struct merger {
	bool both_cards, approver, enrolled_gone, enrolled_keep, alike;
};

static enum status
look(struct merge *m, struct merger *out)
{
	struct query q = query(m->r, "SELECT EXISTS (SELECT 1 FROM card WHERE"
	    " person = ?1) AND EXISTS (SELECT 1 FROM card WHERE person = ?2),"
	    " EXISTS (SELECT 1 FROM officer_role WHERE officer = ?3 AND"
	    "  role = 'approver'), g.enrolled_by = ?3, k.enrolled_by = ?3,"
	    " EXISTS (SELECT 1 FROM duplicate WHERE a = min(?1, ?2) AND"
	    "  b = max(?1, ?2) AND score >= ?4)"
	    " FROM person AS k, person AS g WHERE k.id = ?1 AND g.id = ?2",
	    m->d);

	*out = (struct merger){ true, false, true, true, false };
	bind_int(&q, m->keep);
	bind_int(&q, m->gone);
	bind_int(&q, m->r->officer);
	bind_int(&q, DUP_OPEN);
	if (query_row(&q)) {
		out->both_cards = col_int(&q, 0) != 0;
		out->approver = col_int(&q, 1) != 0;
		out->enrolled_gone = col_int(&q, 2) != 0;
		out->enrolled_keep = col_int(&q, 3) != 0;
		out->alike = col_int(&q, 4) != 0;
	}
	return query_end(&q);
}

/* A merge is never undone: who enrolled the one that goes does not say alone
 * that it was the other. Who enrolled the one that stays may, where the search
 * has put the two to an officer by itself; else an office of two could merge
 * nothing whenever each has enrolled one. And two who were both given cards
 * were each seen by an officer: that it was one is for an approver to say. */
static enum status
check_eyes(struct merge *m)
{
	struct merger who;
	enum status st = look(m, &who);

	if (st != ST_OK)
		return st;
	if (who.enrolled_gone)
		return diag_set(m->d, ST_PERMISSION,
		    _("persons %" PRId64 " and %" PRId64 ": you enrolled %" PRId64 ", which would go; another officer must merge them"),
		    m->keep, m->gone, m->gone);
	if (who.enrolled_keep && !who.alike)
		return diag_set(m->d, ST_PERMISSION,
		    _("persons %" PRId64 " and %" PRId64 ": you enrolled %" PRId64 ", and the search has not found them alike (a score of %d); another officer must merge them"),
		    m->keep, m->gone, m->keep, DUP_OPEN);
	if (who.both_cards && !who.approver)
		return diag_set(m->d, ST_PERMISSION,
		    _("persons %" PRId64 " and %" PRId64 " both have had cards; an approver must merge them"),
		    m->keep, m->gone);
	st = eyes_check(m->r, EYES_PERSON, m->gone, "registrar", "approver",
	    m->d);
	return st != ST_OK || who.alike ? st : eyes_check(m->r, EYES_PERSON,
	    m->keep, "registrar", "approver", m->d);
}

/* Nobody becomes their own parent, nor a parent of somebody too old. */
static enum status
check_family(struct merge *m)
{
	struct query q = query(m->r, "SELECT iif(k.child = ?2, k.parent,"
	    " k.child), k.child IN (?1, ?2) AND k.parent IN (?1, ?2)"
	    " FROM parent AS k JOIN person AS p ON p.id = iif(k.parent = ?2,"
	    "  ?1, k.parent) JOIN person AS c ON c.id = iif(k.child = ?2, ?1,"
	    "  k.child) WHERE (k.child = ?2 OR k.parent = ?2) AND"
	    " (p.id = c.id OR (k.relationship <> 'guardian' AND"
	    "  p.birth_date > date(c.birth_date, '-12 years'))) LIMIT 1", m->d);
	int64_t other = 0;
	bool own = false;
	enum status st;

	bind_int(&q, m->keep);
	bind_int(&q, m->gone);
	if (query_row(&q)) {
		other = col_int(&q, 0);
		own = col_int(&q, 1) != 0;
	}
	if ((st = query_end(&q)) != ST_OK || other == 0)
		return st;
	return own ? diag_set(m->d, ST_STATE,
	    _("person %" PRId64 " and person %" PRId64 " are parent and child; if that is a mistake, take it out with person parent --remove"),
	    m->keep, m->gone) : diag_set(m->d, ST_STATE,
	    _("person %" PRId64 " cannot be of the family of person %" PRId64 " by the dates of birth; correct them or take it out with person parent --remove"),
	    m->keep, other);
}

static enum status
check_heads(struct merge *m)
{
	struct household keep, gone;

	if (reg_household_of(m->r, m->keep, &keep, NULL) != ST_OK ||
	    reg_household_of(m->r, m->gone, &gone, NULL) != ST_OK)
		return ST_OK;
	return diag_set(m->d, ST_STATE,
	    _("person %" PRId64 " heads household %" PRId64 " and person %" PRId64 " household %" PRId64 "; close one of them first with household close"),
	    m->keep, keep.id, m->gone, gone.id);
}

/* ---- what goes over ---- */

static enum status
moved(struct merge *m, const char *action, const char *object, int64_t id,
    const char *field)
{
	struct change c;

	change_begin(&c);
	change_person(&c, field, m->gone, m->keep);
	return change_keep(m->r, &c, action, object, id, m->d);
}

/* A statement that moves from ?2 to ?1 and returns the ids of what it moved. */
static enum status
move(struct merge *m, const char *sql, const char *action, const char *object,
    const char *field)
{
	struct query q = query(m->r, sql, m->d);
	enum status st = ST_OK, end;

	bind_int(&q, m->keep);
	bind_int(&q, m->gone);
	while (st == ST_OK && query_row(&q))
		st = moved(m, action, object, col_int(&q, 0), field);
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* What both have is the one's that is kept; a mother who would be a father too
 * stays what she is there. */
static enum status
move_family(struct merge *m)
{
	static const char *const steps[] = {
		"DELETE FROM parent WHERE child = ?2 AND parent IN"
		" (SELECT parent FROM parent WHERE child = ?1)"
		" RETURNING child, relationship, parent",
		"DELETE FROM parent WHERE parent = ?2 AND child IN"
		" (SELECT child FROM parent WHERE parent = ?1)"
		" RETURNING child, relationship, parent",
		"UPDATE parent SET child = ?1 WHERE child = ?2"
		" RETURNING child, relationship, parent",
		"UPDATE parent SET parent = ?1 WHERE parent = ?2"
		" RETURNING child, relationship, parent",
	};
	enum status st = ST_OK, end;

	for (size_t i = 0; i < 4 && st == ST_OK; i++) {
		struct query q = query(m->r, steps[i], m->d);

		bind_int(&q, m->keep);
		bind_int(&q, m->gone);
		while (st == ST_OK && query_row(&q)) {
			bool of_child = i == 0 || i == 2;
			int64_t parent = col_int(&q, 2);
			struct change c;
			char rel[12];

			col_text(&q, 1, rel, sizeof(rel));
			change_begin(&c);
			change_person(&c, i == 2 ? "child" : rel,
			    i == 2 ? m->gone : i == 3 ? m->gone : parent,
			    i < 2 ? 0 : m->keep);
			change_note(&c, "reason", "merge");
			st = change_keep(m->r, &c, "person.parent", "person",
			    of_child && i == 0 ? m->gone : col_int(&q, 0),
			    m->d);
		}
		end = query_end(&q);
		st = st != ST_OK ? st : end;
	}
	return st;
}

/* A household that the merged one is in, and what the kept one is there. */
struct place {
	int64_t household;
	enum relationship relationship;	/* REL_NONE: heads it */
	bool keep_heads, keep_member;
};

static enum status
move_place(struct merge *m, const struct place *p)
{
	enum status st = ST_OK;

	if (p->relationship != REL_NONE) {
		st = household_leave(m->r, p->household, m->gone, "merge",
		    m->d);
		if (st == ST_OK && !p->keep_heads && !p->keep_member)
			st = household_join(m->r, p->household, m->keep,
			    p->relationship, "merge", m->d);
	} else {
		struct query q;

		if ((p->keep_member && (st = household_leave(m->r,
		    p->household, m->keep, "merge", m->d)) != ST_OK) ||
		    (st = household_couple_check(m->r, p->household, m->keep,
		    0, m->d)) != ST_OK)
			return st;
		q = query(m->r, "UPDATE household SET head = ?2"
		    " WHERE id = ?1", m->d);
		bind_int(&q, p->household);
		bind_int(&q, m->keep);
		if ((st = query_run(&q)) == ST_OK)
			st = household_event_add(m->r, p->household, m->keep,
			    "head", REL_NONE, "merge", m->d);
	}
	return st != ST_OK ? st : moved(m, "household.merge", "household",
	    p->household, p->relationship == REL_NONE ? "head" : "member");
}

/* One at a time, as each step changes what the next would read. */
static enum status
move_households(struct merge *m)
{
	for (;;) {
		struct query q = query(m->r, "SELECT h.id, k.relationship,"
		    " h.head = ?1, EXISTS (SELECT 1 FROM household_member WHERE"
		    "  household = h.id AND person = ?1) FROM"
		    " (SELECT id, 0 AS relationship FROM household"
		    "   WHERE head = ?2 UNION ALL"
		    "  SELECT household, relationship FROM household_member"
		    "   WHERE person = ?2) AS k"
		    " JOIN household AS h ON h.id = k.id"
		    " WHERE h.closed IS NULL LIMIT 1", m->d);
		struct place p = { .household = 0 };
		enum status st;

		bind_int(&q, m->keep);
		bind_int(&q, m->gone);
		if (query_row(&q)) {
			p.household = col_int(&q, 0);
			p.relationship = (enum relationship)col_int(&q, 1);
			p.keep_heads = col_int(&q, 2) != 0;
			p.keep_member = col_int(&q, 3) != 0;
		}
		if ((st = query_end(&q)) != ST_OK || p.household == 0)
			return st;
		if ((st = move_place(m, &p)) != ST_OK)
			return st;
	}
}

/* The earlier ones first, so that nobody ever points to one who is merged. */
static enum status
become_merged(struct merge *m, const struct person_state *was)
{
	struct change c;
	struct query q;
	char today[DATE_TEXT];
	enum status st;

	date_format(when_date(m->r->now), today);
	if ((st = move(m, "UPDATE person SET merged_into = ?1"
	    " WHERE merged_into = ?2 RETURNING id", "person.merge",
	    "person", "merged_into")) != ST_OK ||
	    (st = person_event_add(m->r, m->gone, "merge", today, "",
	    m->reason, m->d)) != ST_OK)
		return st;
	q = query(m->r, "UPDATE person SET state = 'merged', state_since = ?3,"
	    " merged_into = ?1 WHERE id = ?2", m->d);
	bind_int(&q, m->keep);
	bind_int(&q, m->gone);
	bind_text(&q, today);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	change_begin(&c);
	change_field(&c, "state", was->state, "merged");
	change_field(&c, "state_since", was->since, today);
	change_person(&c, "merged_into", 0, m->keep);
	change_note(&c, "reason", m->reason);
	if ((st = change_keep(m->r, &c, "person.merge", "person", m->gone,
	    m->d)) != ST_OK)
		return st;
	change_begin(&c);
	change_person(&c, "merged_from", 0, m->gone);
	change_note(&c, "reason", m->reason);
	return change_keep(m->r, &c, "person.merge", "person", m->keep, m->d);
}

enum status
reg_person_merge(struct reg *r, int64_t keep, int64_t gone,
    const char *reason, struct diag *d)
{
	struct merge m = { r, keep, gone, reason, d };
	struct person_state was;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = check_states(&m, &was)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, keep, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, gone, d)) != ST_OK ||
	    (st = reg_person_applications(r, gone, true, check_application,
	    &m, d)) != ST_OK ||
	    (st = reg_person_cards(r, gone, true, check_card, &m, d)) !=
	    ST_OK || (st = check_eyes(&m)) != ST_OK ||
	    (st = check_family(&m)) != ST_OK ||
	    (st = check_heads(&m)) != ST_OK ||
	    (st = move(&m, "UPDATE document SET person = ?1 WHERE person = ?2"
	    " RETURNING id", "document.merge", "document",
	    "person")) != ST_OK ||
	    (st = move_family(&m)) != ST_OK ||
	    (st = move_households(&m)) != ST_OK ||
	    (st = move(&m, "UPDATE contract SET person = ?1 WHERE person = ?2"
	    " RETURNING id", "contract.merge", "contract",
	    "person")) != ST_OK ||
	    (st = move(&m, "UPDATE case_party SET person = ?1 WHERE person = ?2"
	    " RETURNING case_id", "case.merge", "case",
	    "person")) != ST_OK)
		return st;
	if ((st = become_merged(&m, &was)) != ST_OK)
		return st;
	return reg_duplicate_merged(r, keep, gone, reason, d);
}
