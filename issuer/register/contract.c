#include "issuer/register/contract.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/db.h"
#include "issuer/register/employer.h"
#include "issuer/register/entry.h"
#include "issuer/register/officer.h"
#include "issuer/register/person_state.h"

#define SELECT_CONTRACT "SELECT c.id, c.person, c.employer," \
	" ifnull(c.worksite, 0), c.occupation, c.arrival, c.ends, c.closed," \
	" c.reason, trim(p.given || ' ' || p.surname1 || ' ' || p.surname2)," \
	" p.telephone, e.name FROM contract AS c" \
	" JOIN person AS p ON p.id = c.person" \
	" JOIN employer AS e ON e.id = c.employer"
#define IN_FORCE " (?2 = '' OR c.arrival <= ?2 AND (c.closed <> '' AND" \
	" c.closed > ?2 OR c.closed = '' AND (c.ends = '' OR c.ends >= ?2)))"
#define FILTERED IN_FORCE " AND (?3 = 0 OR c.person = ?3)" \
	" AND (?4 = 0 OR c.employer = ?4) AND (?5 = 0 OR c.worksite = ?5)" \
	" ORDER BY c.arrival, c.id"

static const char select_of_person[] = SELECT_CONTRACT
    " WHERE c.person = ?1 AND" FILTERED;
static const char select_of_employer[] = SELECT_CONTRACT
    " WHERE c.employer = ?1 AND" FILTERED;
static const char select_of_worksite[] = SELECT_CONTRACT
    " WHERE c.worksite = ?1 AND" FILTERED;
static const char select_ending[] = SELECT_CONTRACT
    " WHERE c.closed = '' AND c.ends <> '' AND c.ends >= ?1 AND c.ends < ?2"
    " ORDER BY c.ends, c.id";

static enum status
each_contract(struct query *q,
    enum status (*each)(void *arg, const struct contract *c), void *arg)
{
	struct contract c;
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(q)) {
		c.id = col_int(q, 0);
		c.person = col_int(q, 1);
		c.employer = col_int(q, 2);
		c.worksite = col_int(q, 3);
		col_text(q, 4, c.occupation, sizeof(c.occupation));
		col_text(q, 5, c.arrival, sizeof(c.arrival));
		col_text(q, 6, c.ends, sizeof(c.ends));
		col_text(q, 7, c.closed, sizeof(c.closed));
		col_text(q, 8, c.reason, sizeof(c.reason));
		col_text(q, 9, c.name, sizeof(c.name));
		col_text(q, 10, c.telephone, sizeof(c.telephone));
		col_text(q, 11, c.employer_name, sizeof(c.employer_name));
		st = each(arg, &c);
	}
	end = query_end(q);
	return st != ST_OK ? st : end;
}

static enum status
check_person(struct reg *r, int64_t person, struct diag *d)
{
	struct query q = query(r,
	    "SELECT ifnull(merged_into, 0) FROM person WHERE id = ?1", d);
	bool found;
	int64_t into = 0;
	enum status st;

	bind_int(&q, person);
	if ((found = query_row(&q)))
		into = col_int(&q, 0);
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (!found)
		return diag_set(d, ST_NOT_FOUND,
		    _("person %" PRId64 ": not in the register; look with person find"),
		    person);
	if (into != 0)
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 " was merged into person %" PRId64 "; give that one"),
		    person, into);
	return reg_person_may_change(r, person, d);
}

/* The schema's trigger asks the same. */
static enum status
none_in_force(struct reg *r, const struct contract *c, struct diag *d)
{
	struct query q = query(r, "SELECT c.id FROM contract AS c WHERE"
	    " c.person = ?1 AND c.employer = ?2 AND (?4 = '' OR"
	    " c.arrival <= ?4) AND (c.closed <> '' AND ?3 < c.closed OR"
	    " c.closed = '' AND (c.ends = '' OR ?3 <= c.ends)) LIMIT 1", d);
	int64_t other = 0;
	enum status st;

	bind_int(&q, c->person);
	bind_int(&q, c->employer);
	bind_text(&q, c->arrival);
	bind_text(&q, c->ends);
	if (query_row(&q))
		other = col_int(&q, 0);
	if ((st = query_end(&q)) == ST_OK && other != 0)
		st = diag_set(d, ST_EXISTS,
		    _("contract %" PRId64 " of this person with this employer is in force in that time; close it first, or correct the dates"),
		    other);
	return st;
}

enum status
reg_contract_add(struct reg *r, struct contract *c, struct diag *d)
{
	char object[48], details[64];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = check_person(r, c->person, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, c->person, d)) != ST_OK ||
	    (st = reg_worksite_of(r, c->worksite, &c->employer, d)) != ST_OK)
		return st;
	if (c->employer == 0)
		return diag_set(d, ST_USAGE,
		    _("--employer, --worksite: give at least one of them"));
	if (c->arrival[0] == '\0')
		return diag_set(d, ST_DATA,
		    _("--arrival: give the day on which the work begins, YYYY-MM-DD"));
	if (c->ends[0] != '\0' && strcmp(c->ends, c->arrival) < 0)
		return diag_set(d, ST_DATA,
		    _("--ends: %s is before the arrival; correct it"), c->ends);
	if ((st = none_in_force(r, c, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO contract (person, employer, worksite,"
	    " occupation, arrival, ends, created, officer) VALUES"
	    " (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7, ?8)", d);
	bind_int(&q, c->person);
	bind_int(&q, c->employer);
	bind_int(&q, c->worksite);
	bind_text(&q, c->occupation);
	bind_text(&q, c->arrival);
	bind_text(&q, c->ends);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	c->id = sqlite3_last_insert_rowid(r->db);
	(void)snprintf(object, sizeof(object), "contract %" PRId64, c->id);
	(void)snprintf(details, sizeof(details), "{\"person\":%" PRId64 "}",
	    c->person);
	return reg_audit(r, "contract.add", object, details, d);
}

/* When the contract began, which is still open, and of a person of the
 * officer's own districts. */
static enum status
read_arrival(struct reg *r, int64_t id, char arrival[DATE_TEXT],
    struct diag *d)
{
	struct query q = query(r,
	    "SELECT arrival, closed, person FROM contract WHERE id = ?1", d);
	char closed[DATE_TEXT] = "";
	int64_t person = 0;
	bool found;
	enum status st;

	arrival[0] = '\0';
	bind_int(&q, id);
	if ((found = query_row(&q))) {
		col_text(&q, 0, arrival, DATE_TEXT);
		col_text(&q, 1, closed, sizeof(closed));
		person = col_int(&q, 2);
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (!found)
		return diag_set(d, ST_NOT_FOUND,
		    _("contract %" PRId64 ": not in the register; look with contract list"),
		    id);
	if ((st = reg_person_in_jurisdiction(r, person, d)) != ST_OK)
		return st;
	if (closed[0] != '\0')
		return diag_set(d, ST_STATE,
		    _("contract %" PRId64 ": closed on %s already"), id, closed);
	return ST_OK;
}

enum status
reg_contract_close(struct reg *r, int64_t id, const char *date,
    const char *reason, struct diag *d)
{
	char arrival[DATE_TEXT], today[DATE_TEXT], object[48];
	uint8_t text[4096];
	struct buf b = buf_over(text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);
	struct query q;
	enum status st;

	entry_today(r, today);
	if (date[0] == '\0')
		date = today;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = read_arrival(r, id, arrival, d)) != ST_OK)
		return st;
	if (strcmp(date, arrival) < 0 || strcmp(date, today) > 0)
		return diag_set(d, ST_DATA,
		    _("--date: give a day from the arrival (%s) to today"),
		    arrival);
	q = query(r, "UPDATE contract SET closed = ?2, reason = ?3"
	    " WHERE id = ?1", d);
	bind_int(&q, id);
	bind_text(&q, date);
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	jsonw_object(&j);
	jsonw_field(&j, "closed", date);
	jsonw_field(&j, "reason", reason);
	jsonw_object_end(&j);
	if (b.bad)
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	text[b.len] = '\0';
	(void)snprintf(object, sizeof(object), "contract %" PRId64, id);
	return reg_audit(r, "contract.close", object, (const char *)text, d);
}

enum status
reg_contracts(struct reg *r, const struct contract_filter *f,
    enum status (*each)(void *arg, const struct contract *c), void *arg,
    struct diag *d)
{
	char today[DATE_TEXT] = "";
	struct query q;

	if (f->in_force)
		entry_today(r, today);
	q = query(r, f->person != 0 ? select_of_person : f->worksite != 0 ?
	    select_of_worksite : select_of_employer, d);
	bind_int(&q, f->person != 0 ? f->person : f->worksite != 0 ?
	    f->worksite : f->employer);
	bind_text(&q, today);
	bind_int(&q, f->person);
	bind_int(&q, f->employer);
	bind_int(&q, f->worksite);
	return each_contract(&q, each, arg);
}

enum status
reg_contracts_ending(struct reg *r, const char *before,
    enum status (*each)(void *arg, const struct contract *c), void *arg,
    struct diag *d)
{
	char today[DATE_TEXT];
	struct query q = query(r, select_ending, d);

	entry_today(r, today);
	bind_text(&q, today);
	bind_text(&q, before);
	return each_contract(&q, each, arg);
}
