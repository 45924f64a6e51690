#include "issuer/register/case.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/db.h"
#include "issuer/register/employer.h"
#include "issuer/register/entry.h"
#include "issuer/register/officer.h"
#include "issuer/register/words.h"

const char *const case_kinds[] = {
	"labour-complaint", "accident", "unpaid-wages", "trafficking",
	"smuggling", "detention", "illness", "death", "repatriation"
};
const size_t case_kinds_n = sizeof(case_kinds) / sizeof(case_kinds[0]);
const char *const case_roles[] = { "affected", "relative", "witness", "other" };
const size_t case_roles_n = sizeof(case_roles) / sizeof(case_roles[0]);

/* 18 is MINOR_AGE; the day is compared as a text, see entry_years_ago. */
#define SELECT_CASE "SELECT c.id, ifnull(c.employer, 0)," \
	" ifnull(c.worksite, 0), c.kind, c.state, c.district, c.referral," \
	" c.next_step, c.deadline, c.outcome, c.opened, ifnull(c.closed, 0)," \
	" o.login, EXISTS (SELECT 1 FROM case_party AS a JOIN person AS p" \
	"  ON p.id = a.person WHERE a.case_id = c.id AND a.role = 'affected'" \
	"  AND a.removed IS NULL" \
	"  AND p.birth_date > format('%04d%s'," \
	"  substr(date(c.opened, 'unixepoch'), 1, 4) - 18," \
	"  substr(date(c.opened, 'unixepoch'), 5)))," \
	" (SELECT count(*) FROM case_party WHERE case_id = c.id" \
	"  AND role = 'affected' AND removed IS NULL)," \
	" (SELECT count(*) FROM case_note WHERE case_id = c.id)" \
	" FROM protection_case AS c JOIN officer AS o ON o.id = c.opened_by"
#define FILTERED " (?2 IS NULL OR c.kind = ?2) AND (?3 IS NULL OR" \
	" c.state = ?3) AND (?4 IS NULL OR o.login = ?4) ORDER BY c.id"

static const char select_one[] = SELECT_CASE " WHERE c.id = ?1";
static const char select_all[] = SELECT_CASE " WHERE ?1 = 0 AND" FILTERED;
static const char select_of_person[] = SELECT_CASE " WHERE c.id IN"
    " (SELECT case_id FROM case_party WHERE person = ?1 AND removed IS NULL"
    "  UNION SELECT case_id FROM case_party WHERE removed IS NULL AND person IN"
    "  (SELECT id FROM person WHERE merged_into = ?1)) AND" FILTERED;
static const char select_overdue[] = SELECT_CASE
    " WHERE c.state = 'open' AND c.deadline < ?1 ORDER BY c.deadline, c.id";

static void
read_case(struct query *q, struct case_record *out)
{
	out->id = col_int(q, 0);
	out->employer = col_int(q, 1);
	out->worksite = col_int(q, 2);
	col_text(q, 3, out->kind, sizeof(out->kind));
	col_text(q, 4, out->state, sizeof(out->state));
	col_text(q, 5, out->district, sizeof(out->district));
	col_text(q, 6, out->referral, sizeof(out->referral));
	col_text(q, 7, out->next_step, sizeof(out->next_step));
	col_text(q, 8, out->deadline, sizeof(out->deadline));
	col_text(q, 9, out->outcome, sizeof(out->outcome));
	out->opened = col_int(q, 10);
	out->closed = col_int(q, 11);
	col_text(q, 12, out->officer, sizeof(out->officer));
	out->minor = col_int(q, 13) != 0;
	out->affected = col_int(q, 14);
	out->notes = col_int(q, 15);
}

static enum status
audit_case(struct reg *r, const char *action, int64_t id, struct diag *d)
{
	char object[48];

	(void)snprintf(object, sizeof(object), "case %" PRId64, id);
	return reg_audit(r, action, object, "", d);
}

enum status
reg_case(struct reg *r, int64_t id, struct case_record *out, struct diag *d)
{
	struct query q = query(r, select_one, d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q)))
		read_case(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("case %" PRId64 ": not in the register; look with case list"),
		    id);
	return st != ST_OK ? st : reg_in_jurisdiction(r, out->district, d);
}

/* A step moves the case: the schema does it. */
static enum status
add_step(struct reg *r, int64_t id, const char *what, const char *text,
    const char *deadline, const char *referral, struct diag *d)
{
	struct query q = query(r, "INSERT INTO case_step (case_id, at, officer,"
	    " what, text, deadline, referral)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", d);

	bind_int(&q, id);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, what);
	bind_text(&q, text);
	bind_text(&q, deadline);
	bind_text(&q, referral);
	return query_run(&q);
}

static enum status
person_of(struct reg *r, int64_t id, struct person *p, struct diag *d)
{
	struct query q;
	int64_t into = 0;
	enum status st = reg_person(r, id, p, d);

	if (st != ST_OK)
		return st;
	q = query(r, "SELECT ifnull(merged_into, 0) FROM person WHERE id = ?1",
	    d);
	bind_int(&q, id);
	if (query_row(&q))
		into = col_int(&q, 0);
	if ((st = query_end(&q)) == ST_OK && into != 0)
		st = diag_set(d, ST_STATE,
		    _("person %" PRId64 " was merged into person %" PRId64 "; give that one"),
		    id, into);
	return st;
}

static enum status
no_party_yet(struct reg *r, int64_t id, int64_t person, struct diag *d)
{
	struct query q = query(r, "SELECT 1 FROM case_party"
	    " WHERE case_id = ?1 AND person = ?2 AND removed IS NULL", d);
	bool found;
	enum status st;

	bind_int(&q, id);
	bind_int(&q, person);
	found = query_row(&q);
	if ((st = query_end(&q)) == ST_OK && found)
		st = diag_set(d, ST_EXISTS,
		    _("person %" PRId64 " is a party of case %" PRId64 " already"),
		    person, id);
	return st;
}

static enum status
add_party(struct reg *r, int64_t id, const struct case_party *p,
    struct diag *d)
{
	struct person person;
	char name[REG_FOLDED];
	const char *contact = p->contact;
	struct query q;
	enum status st;

	(void)snprintf(name, sizeof(name), "%s", p->name);
	if (p->person != 0) {
		if ((st = person_of(r, p->person, &person, d)) != ST_OK ||
		    (st = no_party_yet(r, id, p->person, d)) != ST_OK)
			return st;
		if (!person_full_name(&person, name, sizeof(name)))
			return diag_set(d, ST_DATA, _("the names are too long"));
		if (contact[0] == '\0')
			contact = person.field[PERSON_TELEPHONE];
	}
	q = query(r, "INSERT INTO case_party (case_id, person, name, role,"
	    " contact, added, officer)"
	    " VALUES (?1, nullif(?2, 0), ?3, ?4, ?5, ?6, ?7)", d);
	bind_int(&q, id);
	bind_int(&q, p->person);
	bind_text(&q, name);
	bind_text(&q, p->role);
	bind_text(&q, contact);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	return query_run(&q);
}

static enum status
insert_case(struct reg *r, struct case_record *c, struct diag *d)
{
	struct query q = query(r, "INSERT INTO protection_case (kind, district,"
	    " employer, worksite, referral, next_step, deadline, opened,"
	    " opened_by) VALUES (?1, ?2, nullif(?3, 0), nullif(?4, 0), ?5, ?6,"
	    " ?7, ?8, ?9)", d);
	enum status st;

	bind_text(&q, c->kind);
	bind_text(&q, c->district);
	bind_int(&q, c->employer);
	bind_int(&q, c->worksite);
	bind_text(&q, c->referral);
	bind_text(&q, c->next_step);
	bind_text(&q, c->deadline);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) == ST_OK)
		c->id = sqlite3_last_insert_rowid(r->db);
	return st;
}

static enum status
check_deadline(struct reg *r, const char *deadline, struct diag *d)
{
	char today[DATE_TEXT];

	entry_today(r, today);
	if (deadline[0] == '\0' || strcmp(deadline, today) < 0)
		return diag_set(d, ST_DATA,
		    _("--deadline: give the day by which the next step is taken, today or later, YYYY-MM-DD"));
	return ST_OK;
}

enum status
reg_case_open(struct reg *r, struct case_record *c, const int64_t *affected,
    size_t n, struct diag *d)
{
	struct case_party p = { .role = "affected" };
	struct person first;
	enum status st;

	if (n == 0)
		return diag_set(d, ST_USAGE,
		    _("--person: give at least one affected person"));
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = check_deadline(r, c->deadline, d)) != ST_OK ||
	    (st = person_of(r, affected[0], &first, d)) != ST_OK ||
	    (st = reg_worksite_of(r, c->worksite, &c->employer, d)) != ST_OK)
		return st;
	if (c->district[0] == '\0')
		memcpy(c->district, first.field[PERSON_DISTRICT], REG_TEXT);
	if ((st = reg_in_jurisdiction(r, c->district, d)) != ST_OK ||
	    (st = insert_case(r, c, d)) != ST_OK ||
	    (st = add_step(r, c->id, "open", c->next_step, c->deadline,
	    c->referral, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < n && st == ST_OK; i++) {
		p.person = affected[i];
		st = add_party(r, c->id, &p, d);
	}
	return st != ST_OK ? st : audit_case(r, "case.open", c->id, d);
}

/* The case in the state that an act needs. */
static enum status
in_state(struct reg *r, int64_t id, bool open, struct case_record *c,
    struct diag *d)
{
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_case(r, id, c, d)) != ST_OK)
		return st;
	if (open && c->closed != 0)
		return diag_set(d, ST_STATE,
		    _("case %" PRId64 " is closed; reopen it first"), id);
	if (!open && c->closed == 0)
		return diag_set(d, ST_STATE,
		    _("case %" PRId64 " is open"), id);
	return ST_OK;
}

enum status
reg_case_party(struct reg *r, int64_t id, const struct case_party *p,
    struct diag *d)
{
	struct case_record c;
	enum status st;

	if ((st = in_state(r, id, true, &c, d)) != ST_OK ||
	    (st = add_party(r, id, p, d)) != ST_OK)
		return st;
	return audit_case(r, "case.party", id, d);
}

/* Is it there to be taken off? *role: what it was. */
static enum status
find_party(struct reg *r, int64_t id, int64_t party, char role[REG_NAME],
    struct diag *d)
{
	struct query q = query(r, "SELECT a.role, (SELECT count(*) FROM"
	    " case_party WHERE case_id = ?1 AND role = 'affected' AND"
	    " removed IS NULL) FROM case_party AS a WHERE a.case_id = ?1 AND"
	    " a.id = ?2 AND a.removed IS NULL", d);
	int64_t affected = 0;
	bool found;
	enum status st;

	bind_int(&q, id);
	bind_int(&q, party);
	if ((found = query_row(&q))) {
		col_text(&q, 0, role, REG_NAME);
		affected = col_int(&q, 1);
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (!found)
		return diag_set(d, ST_NOT_FOUND,
		    _("--remove: case %" PRId64 " has no party %" PRId64 "; case show says their numbers"),
		    id, party);
	if (affected == 1 && strcmp(role, "affected") == 0)
		return diag_set(d, ST_STATE,
		    _("--remove: party %" PRId64 " is the only one affected in case %" PRId64 "; add the right one first"),
		    party, id);
	return ST_OK;
}

/* As with all of a case, the history does not say who. */
static enum status
audit_removed(struct reg *r, int64_t id, int64_t party, const char *role,
    struct diag *d)
{
	uint8_t text[256];
	struct buf b = buf_over(text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);
	char object[48];

	jsonw_object(&j);
	jsonw_field_int(&j, "party", party);
	jsonw_key(&j, "role");
	jsonw_object(&j);
	jsonw_field(&j, "before", role);
	jsonw_field(&j, "after", "");
	jsonw_object_end(&j);
	jsonw_object_end(&j);
	text[b.len] = '\0';
	(void)snprintf(object, sizeof(object), "case %" PRId64, id);
	return b.bad ? ST_INTERNAL : reg_audit(r, "case.remove", object,
	    (const char *)text, d);
}

enum status
reg_case_remove(struct reg *r, int64_t id, int64_t party, const char *why,
    struct diag *d)
{
	struct case_record c;
	struct query q;
	char role[REG_NAME] = "";
	enum status st;

	if ((st = in_state(r, id, true, &c, d)) != ST_OK ||
	    (st = find_party(r, id, party, role, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE case_party SET removed = ?2, removed_by = ?3,"
	    " why = ?4 WHERE id = ?1", d);
	bind_int(&q, party);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, why);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_removed(r, id, party, role, d);
}

enum status
reg_case_step(struct reg *r, int64_t id, const char *next_step,
    const char *deadline, const char *referral, struct diag *d)
{
	struct case_record c;
	enum status st;

	if ((st = in_state(r, id, true, &c, d)) != ST_OK ||
	    (st = check_deadline(r, deadline, d)) != ST_OK ||
	    (st = add_step(r, id, "step", next_step, deadline,
	    referral[0] != '\0' ? referral : c.referral, d)) != ST_OK)
		return st;
	return audit_case(r, "case.step", id, d);
}

enum status
reg_case_close(struct reg *r, int64_t id, const char *outcome, struct diag *d)
{
	struct case_record c;
	enum status st;

	if ((st = in_state(r, id, true, &c, d)) != ST_OK ||
	    (st = add_step(r, id, "close", outcome, "", "", d)) != ST_OK)
		return st;
	return audit_case(r, "case.close", id, d);
}

enum status
reg_case_reopen(struct reg *r, int64_t id, const char *reason, struct diag *d)
{
	struct case_record c;
	enum status st;

	if ((st = in_state(r, id, false, &c, d)) != ST_OK ||
	    (st = add_step(r, id, "reopen", reason, "", "", d)) != ST_OK)
		return st;
	return audit_case(r, "case.reopen", id, d);
}

enum status
reg_case_parties(struct reg *r, int64_t id, bool removed,
    enum status (*each)(void *arg, const struct case_party *p), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT a.id, ifnull(a.person, 0), a.name,"
	    " a.role, a.contact, ifnull(p.birth_date > ?2, 0),"
	    " ifnull(a.removed, 0), ifnull(o.login, ''), a.why"
	    " FROM case_party AS a LEFT JOIN person AS p ON p.id = a.person"
	    " LEFT JOIN officer AS o ON o.id = a.removed_by"
	    " WHERE a.case_id = ?1 AND (a.removed IS NOT NULL) = ?3"
	    " ORDER BY a.id", d);
	char born_after[DATE_TEXT];
	struct case_party p;
	enum status st = ST_OK, end;

	entry_years_ago(r, MINOR_AGE, born_after);
	bind_int(&q, id);
	bind_text(&q, born_after);
	bind_int(&q, removed ? 1 : 0);
	while (st == ST_OK && query_row(&q)) {
		p.id = col_int(&q, 0);
		p.person = col_int(&q, 1);
		col_text(&q, 2, p.name, sizeof(p.name));
		col_text(&q, 3, p.role, sizeof(p.role));
		col_text(&q, 4, p.contact, sizeof(p.contact));
		p.minor = col_int(&q, 5) != 0;
		p.removed = col_int(&q, 6);
		col_text(&q, 7, p.removed_by, sizeof(p.removed_by));
		col_text(&q, 8, p.why, sizeof(p.why));
		st = each(arg, &p);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_case_steps(struct reg *r, int64_t id,
    enum status (*each)(void *arg, const struct case_step *s), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT s.at, o.login, s.what, s.text,"
	    " s.deadline, s.referral FROM case_step AS s JOIN officer AS o"
	    " ON o.id = s.officer WHERE s.case_id = ?1 ORDER BY s.id", d);
	struct case_step s;
	enum status st = ST_OK, end;

	bind_int(&q, id);
	while (st == ST_OK && query_row(&q)) {
		s.at = col_int(&q, 0);
		col_text(&q, 1, s.officer, sizeof(s.officer));
		col_text(&q, 2, s.what, sizeof(s.what));
		col_text(&q, 3, s.text, sizeof(s.text));
		col_text(&q, 4, s.deadline, sizeof(s.deadline));
		col_text(&q, 5, s.referral, sizeof(s.referral));
		st = each(arg, &s);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* Those of q in the district, or in any; and of those the ones that the officer
 * may act in. */
static enum status
each_case(struct query *q, const char *district,
    enum status (*each)(void *arg, const struct case_record *c), void *arg)
{
	struct case_record c;
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(q)) {
		read_case(q, &c);
		if (district != NULL && !words_alike(district, c.district))
			continue;
		st = reg_in_jurisdiction(q->r, c.district, NULL);
		if (st == ST_PERMISSION) {
			st = ST_OK;
			continue;
		}
		if (st == ST_OK)
			st = each(arg, &c);
	}
	end = query_end(q);
	return st != ST_OK ? st : end;
}

enum status
reg_cases(struct reg *r, const struct case_filter *f,
    enum status (*each)(void *arg, const struct case_record *c), void *arg,
    struct diag *d)
{
	struct query q = query(r, f->person != 0 ? select_of_person :
	    select_all, d);

	bind_int(&q, f->person);
	bind_text(&q, f->kind);
	bind_text(&q, f->state);
	bind_text(&q, f->officer);
	return each_case(&q, f->district, each, arg);
}

enum status
reg_cases_overdue(struct reg *r, const char *on,
    enum status (*each)(void *arg, const struct case_record *c), void *arg,
    struct diag *d)
{
	struct query q = query(r, select_overdue, d);

	bind_text(&q, on);
	return each_case(&q, NULL, each, arg);
}
