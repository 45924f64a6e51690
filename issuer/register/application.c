#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/application.h"
#include "issuer/register/db.h"
#include "issuer/register/officer.h"

#define SELECT "SELECT a.id, a.person, ifnull(a.household, 0), a.kind, a.state," \
    " a.created, ifnull(a.submitted, 0), ifnull(a.decided, 0)," \
    " ifnull(a.issued, 0), s.login, ifnull(p.login, ''), a.reason" \
    " FROM application AS a JOIN officer AS s ON s.id = a.submitter" \
    " LEFT JOIN officer AS p ON p.id = a.approver "

static void
read_application(struct query *q, struct application *a)
{
	char kind[12];

	memset(a, 0, sizeof(*a));
	a->id = col_int(q, 0);
	a->person = col_int(q, 1);
	a->household = col_int(q, 2);
	col_text(q, 3, kind, sizeof(kind));
	a->family = strcmp(kind, "family") == 0;
	col_text(q, 4, a->state, sizeof(a->state));
	a->created = col_int(q, 5);
	a->submitted = col_int(q, 6);
	a->decided = col_int(q, 7);
	a->issued = col_int(q, 8);
	col_text(q, 9, a->submitter, sizeof(a->submitter));
	col_text(q, 10, a->approver, sizeof(a->approver));
	col_text(q, 11, a->reason, sizeof(a->reason));
}

enum status
reg_application(struct reg *r, int64_t id, struct application *out,
    struct diag *d)
{
	struct query q = query(r, SELECT "WHERE a.id = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q)))
		read_application(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("application %" PRId64 ": not in the register; look with application list"),
		    id);
	return st;
}

enum status
reg_applications(struct reg *r, const char *state,
    enum status (*each)(void *arg, const struct application *a), void *arg,
    struct diag *d)
{
	static const char *const states[] = {
		"draft", "submitted", "approved", "refused", "issued"
	};
	struct query q;
	bool known = state == NULL;
	enum status st = ST_OK, end;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		known = known || strcmp(states[i], state) == 0;
	if (!known)
		return diag_set(d, ST_USAGE,
		    _("--state: one of draft, submitted, approved, refused, issued"));
	q = query(r, SELECT "WHERE ?1 IS NULL OR a.state = ?1 ORDER BY a.id",
	    d);
	bind_text(&q, state);
	while (st == ST_OK && query_row(&q)) {
		struct application a;

		read_application(&q, &a);
		st = each(arg, &a);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

static enum status
audit_application(struct reg *r, const char *action, int64_t id,
    const char *details, struct diag *d)
{
	char object[48];

	(void)snprintf(object, sizeof(object), "application %" PRId64, id);
	return reg_audit(r, action, object, details, d);
}

/* An application that waits or is approved stands in the way of another: most
 * of the uncollected cards of other programmes were asked for twice. */
static enum status
none_open(struct reg *r, int64_t person, bool family, struct diag *d)
{
	struct query q = query(r, "SELECT id, state FROM application WHERE"
	    " person = ?1 AND kind = ?2 AND state IN"
	    " ('draft', 'submitted', 'approved')", d);
	char state[12] = "";
	int64_t id = 0;
	enum status st;

	bind_int(&q, person);
	bind_text(&q, family ? "family" : "individual");
	if (query_row(&q)) {
		id = col_int(&q, 0);
		col_text(&q, 1, state, sizeof(state));
	}
	if ((st = query_end(&q)) == ST_OK && id != 0)
		st = diag_set(d, ST_STATE,
		    _("person %" PRId64 " has application %" PRId64 " open already (%s); finish that one first"),
		    person, id, state);
	return st;
}

/* What a card will need, asked while it can still be given: once approved, a
 * person's data are frozen. */
static enum status
check_ready(struct reg *r, const struct person *p, const struct household *h,
    struct diag *d)
{
	int64_t photo;
	enum status st;

	if ((st = reg_person_photo(r, p->id, &photo, d)) != ST_OK)
		return st;
	if (date_age(person_birth(p), when_date(r->now)) < MINOR_AGE &&
	    p->field[PERSON_GUARDIAN][0] == '\0')
		return diag_set(d, ST_DATA,
		    _("person %" PRId64 " is a minor and has no guardian; add one with person edit %" PRId64 " --guardian NAME"),
		    p->id, p->id);
	if (h->members_n > FAMILY_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("the household has %zu members and a family card holds %d; issue cards of their own to some"),
		    h->members_n, FAMILY_MAX);
	return ST_OK;
}

enum status
reg_application_submit(struct reg *r, int64_t person, bool family,
    int64_t *id, struct diag *d)
{
	static const char insert[] = "INSERT INTO application (kind, person,"
	    " household, state, created, submitter) VALUES (?1, ?2,"
	    " nullif(?3, 0), 'draft', ?4, ?5)";
	struct household h = { .id = 0 };
	struct person p;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_person(r, person, &p, d)) != ST_OK ||
	    (st = reg_in_jurisdiction(r, p.field[PERSON_DISTRICT], d)) != ST_OK ||
	    (family && (st = reg_household_of(r, person, &h, d)) != ST_OK) ||
	    (st = none_open(r, person, family, d)) != ST_OK ||
	    (st = check_ready(r, &p, &h, d)) != ST_OK)
		return st;
	q = query(r, insert, d);
	bind_text(&q, family ? "family" : "individual");
	bind_int(&q, person);
	bind_int(&q, h.id);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	*id = sqlite3_last_insert_rowid(r->db);
	q = query(r, "UPDATE application SET state = 'submitted',"
	    " submitted = ?2 WHERE id = ?1", d);
	bind_int(&q, *id);
	bind_int(&q, r->now);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_application(r, "application.submit", *id,
	    family ? "family" : "individual", d);
}

/* Four eyes, said clearly here; the table refuses it by itself as well. */
static enum status
may_decide(struct reg *r, const struct application *a, bool refusing,
    struct diag *d)
{
	struct query q = query(r, "SELECT a.submitter = ?2, p.enrolled_by = ?2"
	    " FROM application AS a JOIN person AS p ON p.id = a.person"
	    " WHERE a.id = ?1", d);
	bool submitted = true, enrolled = true;
	enum status st;

	bind_int(&q, a->id);
	bind_int(&q, r->officer);
	if (query_row(&q)) {
		submitted = col_int(&q, 0) != 0;
		enrolled = col_int(&q, 1) != 0;
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (submitted)
		return diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you submitted it; another officer must decide"),
		    a->id);
	if (enrolled)
		return diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you enrolled the person; another officer must decide"),
		    a->id);
	/* Until the card is issued an approval can be taken back. */
	if (strcmp(a->state, "submitted") != 0 &&
	    !(refusing && strcmp(a->state, "approved") == 0))
		return diag_set(d, ST_STATE,
		    _("application %" PRId64 " is %s; only a submitted one can be decided"),
		    a->id, a->state);
	return ST_OK;
}

static enum status
decide(struct reg *r, int64_t id, const char *state, const char *action,
    const char *reason, struct diag *d)
{
	struct application a;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_application(r, id, &a, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, a.person, d)) != ST_OK ||
	    (st = may_decide(r, &a, strcmp(state, "refused") == 0, d)) !=
	    ST_OK)
		return st;
	q = query(r, "UPDATE application SET state = ?2, approver = ?3,"
	    " decided = ?4, reason = ?5 WHERE id = ?1", d);
	bind_int(&q, id);
	bind_text(&q, state);
	bind_int(&q, r->officer);
	bind_int(&q, r->now);
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_application(r, action, id, reason, d);
}

enum status
reg_application_approve(struct reg *r, int64_t id, struct diag *d)
{
	return decide(r, id, "approved", "application.approve", "", d);
}

enum status
reg_application_refuse(struct reg *r, int64_t id, const char *reason,
    struct diag *d)
{
	enum status st = reason_check(reason, d);

	return st != ST_OK ? st : decide(r, id, "refused",
	    "application.refuse", reason, d);
}

enum status
application_issued(struct reg *r, int64_t id, const char *number,
    struct diag *d)
{
	struct query q = query(r, "UPDATE application SET state = 'issued',"
	    " issued = ?2 WHERE id = ?1", d);
	enum status st;

	bind_int(&q, id);
	bind_int(&q, r->now);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_application(r, "application.issue", id, number, d);
}

enum status
reason_check(const char *reason, struct diag *d)
{
	struct bytes b = bytes_text(reason);

	if (b.len == 0 || b.len >= REG_TEXT || !text_is_printable(b))
		return diag_set(d, ST_DATA,
		    _("--reason: give one line of plain text, up to %d bytes"),
		    REG_TEXT - 1);
	return ST_OK;
}
