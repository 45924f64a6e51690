#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/act.h"
#include "issuer/register/db.h"
#include "issuer/register/household.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/person_state.h"

enum status
household_event_add(struct reg *r, int64_t household, int64_t person,
    const char *event, enum relationship relationship, const char *reason,
    struct diag *d)
{
	struct query q = query(r, "INSERT INTO household_event (household,"
	    " person, at, officer, event, relationship, reason) VALUES (?1,"
	    " ?2, ?3, ?4, ?5, ?6, ?7)", d);

	bind_int(&q, household);
	bind_int(&q, person);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, event);
	bind_int(&q, (int64_t)relationship);
	bind_text(&q, reason);
	return query_run(&q);
}

enum status
household_join(struct reg *r, int64_t household, int64_t person,
    enum relationship relationship, const char *reason, struct diag *d)
{
	struct query q;
	enum status st;

	if (relationship == REL_SPOUSE && (st = household_couple_check(r,
	    household, 0, person, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO household_member (household, person,"
	    " relationship, position) SELECT ?1, ?2, ?3,"
	    " ifnull(max(position), -1) + 1 FROM household_member"
	    " WHERE household = ?1", d);
	bind_int(&q, household);
	bind_int(&q, person);
	bind_int(&q, (int64_t)relationship);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return household_event_add(r, household, person, "join", relationship,
	    reason, d);
}

enum status
household_leave(struct reg *r, int64_t household, int64_t person,
    const char *reason, struct diag *d)
{
	struct query q = query(r, "DELETE FROM household_member"
	    " WHERE household = ?1 AND person = ?2", d);
	enum status st;

	bind_int(&q, household);
	bind_int(&q, person);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return household_event_add(r, household, person, "leave", REL_NONE,
	    reason, d);
}

enum status
reg_household_end(struct reg *r, int64_t id, struct household_end *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT ifnull(closed, 0), reason"
	    " FROM household WHERE id = ?1", d);

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if (query_row(&q)) {
		out->closed = col_int(&q, 0);
		col_text(&q, 1, out->reason, sizeof(out->reason));
	}
	return query_end(&q);
}

/* The household, open and with no approved application; with whole set, with
 * none that is open at all. */
static enum status
take_household(struct reg *r, int64_t id, bool whole, struct household *out,
    struct diag *d)
{
	struct household_end end;
	struct query q;
	char state[12] = "";
	int64_t application = 0;
	enum status st;

	if ((st = reg_household(r, id, out, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, out->head, d)) != ST_OK ||
	    (st = reg_household_end(r, id, &end, d)) != ST_OK)
		return st;
	if (end.closed != 0)
		return diag_set(d, ST_STATE,
		    _("household %" PRId64 " is closed (%.200s); make another with household add"),
		    id, end.reason);
	q = query(r, "SELECT id, state FROM application WHERE household = ?1"
	    " AND (state = 'approved' OR (?2 AND state IN ('draft',"
	    " 'submitted'))) LIMIT 1", d);
	bind_int(&q, id);
	bind_int(&q, whole ? 1 : 0);
	if (query_row(&q)) {
		application = col_int(&q, 0);
		col_text(&q, 1, state, sizeof(state));
	}
	if ((st = query_end(&q)) == ST_OK && application != 0)
		st = diag_set(d, ST_STATE,
		    _("household %" PRId64 ": application %" PRId64 " for its card is open (%s); issue the card or have it refused first"),
		    id, application, state);
	return st;
}

static size_t
place_of(const struct household *h, int64_t person)
{
	size_t i = 0;

	while (i < h->members_n && h->member[i].person != person)
		i++;
	return i;
}

static enum status
remove_members(struct reg *r, struct household *was, const int64_t *remove,
    size_t n, const char *reason, struct change *c, struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < n && st == ST_OK; i++) {
		size_t at = place_of(was, remove[i]);

		if (remove[i] == was->head)
			return diag_set(d, ST_STATE,
			    _("--remove: person %" PRId64 " heads household %" PRId64 "; give it another head with household head, or close it"),
			    remove[i], was->id);
		if (at == was->members_n)
			return diag_set(d, ST_NOT_FOUND,
			    _("--remove: person %" PRId64 " is no member of household %" PRId64),
			    remove[i], was->id);
		st = household_leave(r, was->id, remove[i], reason, d);
		change_person(c, relationship_token(
		    was->member[at].relationship), remove[i], 0);
		was->member[at] = was->member[--was->members_n];
	}
	return st;
}

static enum status
add_members(struct reg *r, struct household *was, const struct household *h,
    const char *reason, struct change *c, struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < h->members_n && st == ST_OK; i++) {
		int64_t id = h->member[i].person;
		enum relationship rel = h->member[i].relationship;

		if (id == was->head || place_of(was, id) < was->members_n)
			return diag_set(d, ST_EXISTS,
			    _("--add: person %" PRId64 " is in household %" PRId64 " already"),
			    id, was->id);
		if (was->members_n == REG_HOUSEHOLD_MAX)
			return diag_set(d, ST_TOO_BIG,
			    _("--add: household %" PRId64 " has %d members already, which is the most"),
			    was->id, REG_HOUSEHOLD_MAX);
		if ((st = reg_person_may_change(r, id, d)) != ST_OK ||
		    (st = household_age_check(r, was->head, id, rel, d)) !=
		    ST_OK ||
		    (st = household_join(r, was->id, id, rel, reason, d)) !=
		    ST_OK)
			return st;
		change_person(c, relationship_token(rel), 0, id);
		was->member[was->members_n].person = id;
		was->member[was->members_n++].relationship = rel;
	}
	return st;
}

enum status
reg_household_members(struct reg *r, const struct household *h,
    const int64_t *remove, size_t remove_n, const char *reason,
    struct diag *d)
{
	struct household was;
	struct change c;
	enum status st;

	if (h->members_n + remove_n == 0)
		return diag_set(d, ST_USAGE,
		    _("give --add ID:RELATIONSHIP or --remove ID"));
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = take_household(r, h->id, false, &was, d)) != ST_OK)
		return st;
	change_begin(&c);
	if ((st = remove_members(r, &was, remove, remove_n, reason, &c, d)) !=
	    ST_OK || (st = add_members(r, &was, h, reason, &c, d)) != ST_OK)
		return st;
	change_note(&c, "reason", reason);
	return change_keep(r, &c, "household.member", "household", h->id, d);
}

/* What the old head is to the new one, whom the household had as `was`. */
static enum relationship
inverse(enum relationship was)
{
	switch (was) {
	case REL_SPOUSE:
	case REL_SIBLING:
		return was;
	case REL_CHILD:
		return REL_PARENT;
	case REL_PARENT:
		return REL_CHILD;
	case REL_GRANDPARENT:
	case REL_DEPENDANT:
	case REL_WARD:
	default:
		return REL_NONE;
	}
}

/* What a member is to the new head, by what both were to the old one; REL_NONE
 * where it does not follow. */
static enum relationship
follows(enum relationship head, enum relationship member)
{
	static const struct {
		enum relationship head, member, is;
	} known[] = {
		{ REL_SPOUSE, REL_CHILD, REL_CHILD },
		{ REL_SPOUSE, REL_DEPENDANT, REL_DEPENDANT },
		{ REL_SPOUSE, REL_WARD, REL_WARD },
		{ REL_CHILD, REL_CHILD, REL_SIBLING },
		{ REL_SIBLING, REL_SIBLING, REL_SIBLING },
		{ REL_SIBLING, REL_PARENT, REL_PARENT },
		{ REL_PARENT, REL_SIBLING, REL_CHILD },
		{ REL_PARENT, REL_PARENT, REL_SPOUSE },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].head == head && known[i].member == member)
			return known[i].is;
	return REL_NONE;
}

static enum status
relate(struct reg *r, const struct household *was, const struct household *h,
    enum relationship head, const char *reason, struct change *c,
    struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < was->members_n && st == ST_OK; i++) {
		int64_t id = was->member[i].person;
		size_t said = place_of(h, id);
		enum relationship rel = said < h->members_n ?
		    h->member[said].relationship :
		    follows(head, was->member[i].relationship);
		struct query q;

		if (id == h->head)
			continue;
		if (rel == REL_NONE)
			return diag_set(d, ST_DATA,
			    _("--member: say what person %" PRId64 " is to the new head, as %" PRId64 ":RELATIONSHIP"),
			    id, id);
		if ((st = household_age_check(r, h->head, id, rel, d)) !=
		    ST_OK)
			return st;
		if (rel == REL_SPOUSE && (st = household_couple_check(r,
		    was->id, h->head, id, d)) != ST_OK)
			return st;
		if (rel == was->member[i].relationship)
			continue;
		q = query(r, "UPDATE household_member SET relationship = ?3"
		    " WHERE household = ?1 AND person = ?2", d);
		bind_int(&q, was->id);
		bind_int(&q, id);
		bind_int(&q, (int64_t)rel);
		if ((st = query_run(&q)) != ST_OK ||
		    (st = household_event_add(r, was->id, id, "change", rel,
		    reason, d)) != ST_OK)
			return st;
		change_person(c, relationship_token(
		    was->member[i].relationship), id, 0);
		change_person(c, relationship_token(rel), 0, id);
	}
	return st;
}

static enum status
update_head(struct reg *r, int64_t household, int64_t head,
    const char *reason, struct diag *d)
{
	struct query q = query(r, "UPDATE household SET head = ?2"
	    " WHERE id = ?1", d);
	enum status st;

	bind_int(&q, household);
	bind_int(&q, head);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return household_event_add(r, household, head, "head", REL_NONE,
	    reason, d);
}

/* That the one who is to head it may; *is gets what they are in it. */
static enum status
check_head(struct reg *r, const struct household *was,
    const struct household *h, enum relationship *is, struct diag *d)
{
	struct household other;
	size_t at = place_of(was, h->head);
	enum status st;

	if (h->head == was->head)
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 " heads household %" PRId64 " already"),
		    h->head, was->id);
	if ((st = reg_person_may_change(r, h->head, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, h->head, d)) != ST_OK)
		return st;
	if (reg_household_of(r, h->head, &other, NULL) == ST_OK)
		return diag_set(d, ST_EXISTS,
		    _("person %" PRId64 " heads household %" PRId64 "; close that one first"),
		    h->head, other.id);
	for (size_t i = 0; i < h->members_n; i++)
		if (place_of(was, h->member[i].person) == was->members_n ||
		    h->member[i].person == h->head)
			return diag_set(d, ST_DATA,
			    _("--member: person %" PRId64 " is none of the other members of household %" PRId64),
			    h->member[i].person, was->id);
	*is = at < was->members_n ? was->member[at].relationship : REL_NONE;
	return ST_OK;
}

/* The old head stays as a member, but for one who is gone. */
static enum status
keep_former(struct reg *r, const struct household *was, int64_t head,
    enum relationship former, const char *reason, struct change *c,
    struct diag *d)
{
	struct person_state s;
	enum status st = reg_person_state(r, was->head, &s, d);

	if (st != ST_OK)
		return st;
	if (strcmp(s.state, "dead") == 0 || s.merged_into != 0)
		return household_event_add(r, was->id, was->head, "leave",
		    REL_NONE, reason, d);
	if (former == REL_NONE)
		return diag_set(d, ST_DATA,
		    _("--former: say what person %" PRId64 ", the head until now, is to the new one"),
		    was->head);
	if ((st = household_age_check(r, head, was->head, former, d)) != ST_OK)
		return st;
	change_person(c, relationship_token(former), 0, was->head);
	return household_join(r, was->id, was->head, former, reason, d);
}

enum status
reg_household_set_head(struct reg *r, struct household *h,
    enum relationship former, const char *reason, struct diag *d)
{
	struct household was;
	struct change c;
	enum relationship is = REL_NONE;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = take_household(r, h->id, true, &was, d)) != ST_OK ||
	    (st = check_head(r, &was, h, &is, d)) != ST_OK)
		return st;
	change_begin(&c);
	change_person(&c, "head", was.head, h->head);
	if ((st = relate(r, &was, h, is, reason, &c, d)) != ST_OK ||
	    (is != REL_NONE &&
	    (st = household_leave(r, h->id, h->head, reason, d)) != ST_OK) ||
	    (st = update_head(r, h->id, h->head, reason, d)) != ST_OK ||
	    (st = keep_former(r, &was, h->head, former != REL_NONE ?
	    former : inverse(is), reason, &c, d)) != ST_OK)
		return st;
	change_note(&c, "reason", reason);
	return change_keep(r, &c, "household.head", "household", h->id, d);
}

enum status
reg_household_close(struct reg *r, int64_t id, const char *reason,
    struct diag *d)
{
	struct household was;
	struct change c;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = take_household(r, id, true, &was, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE household SET closed = ?2, reason = ?3"
	    " WHERE id = ?1", d);
	bind_int(&q, id);
	bind_int(&q, r->now);
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK ||
	    (st = household_event_add(r, id, was.head, "close", REL_NONE,
	    reason, d)) != ST_OK)
		return st;
	change_begin(&c);
	change_field(&c, "closed", "no", "yes");
	change_note(&c, "reason", reason);
	return change_keep(r, &c, "household.close", "household", id, d);
}

enum status
reg_households(struct reg *r, int64_t person, size_t limit,
    enum status (*each)(void *arg, const struct household_row *row), void *arg,
    struct diag *d)
{
	static const char all[] = "SELECT h.id, h.head, p.given, p.surname1,"
	    " p.surname2, (SELECT count(*) FROM household_member"
	    "  WHERE household = h.id), h.closed IS NULL, -1 FROM household AS h"
	    " JOIN person AS p ON p.id = h.head WHERE ?1 = 0 ORDER BY h.id"
	    " LIMIT ?2";
	static const char of_person[] = "SELECT h.id, h.head, p.given,"
	    " p.surname1, p.surname2, (SELECT count(*) FROM household_member"
	    "  WHERE household = h.id), h.closed IS NULL, k.relationship FROM"
	    " (SELECT id, 0 AS relationship FROM household WHERE head = ?1"
	    "  UNION ALL SELECT household, relationship FROM household_member"
	    "   WHERE person = ?1) AS k JOIN household AS h ON h.id = k.id"
	    " JOIN person AS p ON p.id = h.head ORDER BY h.id LIMIT ?2";
	struct query q = query(r, person == 0 ? all : of_person, d);
	enum status st = ST_OK, end;

	bind_int(&q, person);
	bind_int(&q, limit < INT64_MAX ? (int64_t)limit : INT64_MAX);
	while (st == ST_OK && query_row(&q)) {
		struct household_row row = {
			.id = col_int(&q, 0), .head = col_int(&q, 1),
			.members = col_int(&q, 5), .open = col_int(&q, 6) != 0
		};
		int64_t rel = col_int(&q, 7);
		struct person p = { .id = row.head };

		col_text(&q, 2, p.field[PERSON_GIVEN], REG_TEXT);
		col_text(&q, 3, p.field[PERSON_SURNAME1], REG_TEXT);
		col_text(&q, 4, p.field[PERSON_SURNAME2], REG_TEXT);
		(void)person_full_name(&p, row.head_name,
		    sizeof(row.head_name));
		(void)snprintf(row.role, sizeof(row.role), "%s", rel == 0 ?
		    "head" : relationship_token((enum relationship)rel));
		st = each(arg, &row);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
