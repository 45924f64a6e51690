#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/officer.h"
#include "issuer/register/household.h"
#include "issuer/register/person_state.h"

static const char *const relationships[] = {
	[REL_SPOUSE] = "spouse", [REL_CHILD] = "child",
	[REL_PARENT] = "parent", [REL_SIBLING] = "sibling",
	[REL_GRANDPARENT] = "grandparent", [REL_DEPENDANT] = "dependant",
	[REL_WARD] = "ward",
};

#define RELATIONSHIPS (sizeof(relationships) / sizeof(relationships[0]))

const char *
relationship_token(enum relationship rel)
{
	return rel >= REL_SPOUSE && (size_t)rel < RELATIONSHIPS ?
	    relationships[rel] : "";
}

bool
relationship_parse(const char *token, enum relationship *out)
{
	for (size_t i = REL_SPOUSE; i < RELATIONSHIPS; i++)
		if (strcmp(relationships[i], token) == 0) {
			*out = (enum relationship)i;
			return true;
		}
	return false;
}

static enum status
check_members(const struct household *h, struct diag *d)
{
	if (h->members_n == 0 || h->members_n > REG_HOUSEHOLD_MAX)
		return diag_set(d, ST_DATA,
		    _("--member: give from 1 to %d members"),
		    REG_HOUSEHOLD_MAX);
	for (size_t i = 0; i < h->members_n; i++) {
		int64_t id = h->member[i].person;

		if (id == h->head)
			return diag_set(d, ST_DATA,
			    _("--member: person %" PRId64 " is the head already"),
			    id);
		for (size_t k = 0; k < i; k++)
			if (h->member[k].person == id)
				return diag_set(d, ST_DATA,
				    _("--member: person %" PRId64 " is given twice"),
				    id);
	}
	return ST_OK;
}

static enum status
insert_head(struct reg *r, struct household *h, struct diag *d)
{
	struct query q = query(r, "INSERT INTO household (head, created)"
	    " VALUES (?1, ?2) ON CONFLICT (head) WHERE closed IS NULL"
	    " DO NOTHING RETURNING id", d);
	enum status st;

	bind_int(&q, h->head);
	bind_int(&q, r->now);
	h->id = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_run(&q)) == ST_OK && h->id == 0)
		st = diag_set(d, ST_EXISTS,
		    _("--head: person %" PRId64 " heads a household already; close that one or give it another head first"),
		    h->head);
	return st != ST_OK ? st : household_event_add(r, h->id, h->head,
	    "head", REL_NONE, "", d);
}

enum status
reg_household_add(struct reg *r, struct household *h, struct diag *d)
{
	char object[48], details[1024] = "";
	size_t used = 0;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = check_members(h, d)) != ST_OK ||
	    (st = reg_person_may_change(r, h->head, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, h->head, d)) != ST_OK ||
	    (st = insert_head(r, h, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < h->members_n; i++) {
		int n;

		if ((st = reg_person_may_change(r, h->member[i].person,
		    d)) != ST_OK ||
		    (st = household_age_check(r, h->head, h->member[i].person,
		    h->member[i].relationship, d)) != ST_OK ||
		    (st = household_join(r, h->id, h->member[i].person,
		    h->member[i].relationship, "", d)) != ST_OK)
			return st;
		n = snprintf(details + used, sizeof(details) - used,
		    "%s%" PRId64 ":%s", i == 0 ? "" : " ", h->member[i].person,
		    relationship_token(h->member[i].relationship));
		used += n > 0 && (size_t)n < sizeof(details) - used ?
		    (size_t)n : 0;
	}
	(void)snprintf(object, sizeof(object), "household %" PRId64, h->id);
	return reg_audit(r, "household.add", object, details, d);
}

static enum status
read_members(struct reg *r, struct household *out, struct diag *d)
{
	struct query q = query(r, "SELECT person, relationship"
	    " FROM household_member WHERE household = ?1 ORDER BY position", d);

	bind_int(&q, out->id);
	while (out->members_n < REG_HOUSEHOLD_MAX && query_row(&q)) {
		out->member[out->members_n].person = col_int(&q, 0);
		out->member[out->members_n].relationship =
		    (enum relationship)col_int(&q, 1);
		out->members_n++;
	}
	return query_end(&q);
}

static enum status
read_household(struct reg *r, const char *sql, int64_t key,
    struct household *out, struct diag *d)
{
	struct query q = query(r, sql, d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, key);
	if ((found = query_row(&q))) {
		out->id = col_int(&q, 0);
		out->head = col_int(&q, 1);
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	return found ? read_members(r, out, d) : ST_NOT_FOUND;
}

enum status
reg_household(struct reg *r, int64_t id, struct household *out,
    struct diag *d)
{
	enum status st = read_household(r,
	    "SELECT id, head FROM household WHERE id = ?1", id, out, d);

	return st != ST_NOT_FOUND ? st : diag_set(d, st,
	    _("household %" PRId64 ": not in the register"), id);
}

enum status
reg_household_of(struct reg *r, int64_t head, struct household *out,
    struct diag *d)
{
	enum status st = read_household(r,
	    "SELECT id, head FROM household WHERE head = ?1 AND closed IS NULL",
	    head, out, d);

	return st != ST_NOT_FOUND ? st : diag_set(d, st,
	    _("person %" PRId64 " heads no household; make it with household add"),
	    head);
}
