/* Applications as they are read: one, and the queue. */
#include <inttypes.h>
#include <string.h>

#include "issuer/register/application.h"
#include "issuer/register/db.h"

#define SELECT "SELECT a.id, a.person, ifnull(a.household, 0), a.kind, a.state," \
    " a.created, ifnull(a.submitted, 0), ifnull(a.decided, 0)," \
    " ifnull(a.issued, 0), s.login, ifnull(p.login, ''), a.reason, a.cause," \
    " ifnull(a.replaces, 0), ifnull(c.number, ''), a.early," \
    " ifnull(f.login, s.login)" \
    " FROM application AS a JOIN officer AS s ON s.id = a.submitter" \
    " LEFT JOIN officer AS p ON p.id = a.approver" \
    " LEFT JOIN officer AS f ON f.id = a.drafter" \
    " LEFT JOIN card AS c ON c.id = a.replaces "

/* The first condition is the one with an index; all of them always hold. */
#define FILTER " AND (?1 IS NULL OR a.state = ?1)" \
    " AND (?2 IS NULL OR a.cause = ?2) AND (?3 = 0 OR a.person = ?3)" \
    " AND (?4 = 0 OR ifnull(a.submitted, a.created) <= ?4)" \
    " ORDER BY iif(?4 = 0, 0, ifnull(a.submitted, a.created)), a.id"

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
	col_text(q, 12, a->cause, sizeof(a->cause));
	a->replaces = col_int(q, 13);
	col_text(q, 14, a->replaces_number, sizeof(a->replaces_number));
	col_text(q, 15, a->early, sizeof(a->early));
	col_text(q, 16, a->drafter, sizeof(a->drafter));
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

static bool
state_known(const char *state)
{
	static const char *const states[] = {
		"draft", "submitted", "approved", "refused", "issued",
		"dropped"
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i], state) == 0)
			return true;
	return false;
}

static struct query
filtered(struct reg *r, const struct application_filter *f, struct diag *d)
{
	struct query q;

	if (f->same_hand)
		q = query(r, SELECT "WHERE a.id IN (SELECT id FROM"
		    " decided_same_hand WHERE kind = 'application')" FILTER, d);
	else if (f->person != 0)
		q = query(r, SELECT "WHERE a.person = ?3" FILTER, d);
	else if (f->state != NULL)
		q = query(r, SELECT "WHERE a.state = ?1" FILTER, d);
	else if (f->begun_by != 0)
		q = query(r, SELECT "WHERE a.state IN ('draft', 'submitted',"
		    " 'approved')" FILTER, d);
	else
		q = query(r, SELECT "WHERE 1" FILTER, d);
	bind_text(&q, f->state);
	bind_text(&q, f->cause);
	bind_int(&q, f->person);
	bind_int(&q, f->begun_by);
	return q;
}

enum status
reg_application_list(struct reg *r, const struct application_filter *f,
    enum status (*each)(void *arg, const struct application *a), void *arg,
    struct diag *d)
{
	struct query q;
	enum status st = ST_OK, end;

	if (f->state != NULL && !state_known(f->state))
		return diag_set(d, ST_USAGE,
		    _("--state: one of draft, submitted, approved, refused, issued, dropped"));
	if (f->cause != NULL && !cause_known(f->cause))
		return diag_set(d, ST_USAGE,
		    _("--cause: one of first, renewal, lost, stolen, damaged, correction"));
	q = filtered(r, f, d);
	while (st == ST_OK && query_row(&q)) {
		struct application a;

		read_application(&q, &a);
		if (f->begun_by == 0 || (a.issued == 0 && a.decided == 0) ||
		    strcmp(a.state, "approved") == 0)
			st = each(arg, &a);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

int64_t
application_days(const struct application *a, int64_t now)
{
	int64_t from = a->submitted != 0 ? a->submitted : a->created;
	int64_t to = a->issued != 0 ? a->issued :
	    a->decided != 0 && strcmp(a->state, "approved") != 0 ? a->decided :
	    now;

	return to > from ? (to - from) / WHEN_DAY : 0;
}

enum status
reg_enroller(struct reg *r, int64_t person, char login[REG_NAME],
    struct diag *d)
{
	struct query q = query(r, "SELECT o.login FROM person AS p JOIN officer"
	    " AS o ON o.id = p.enrolled_by WHERE p.id = ?1", d);

	login[0] = '\0';
	bind_int(&q, person);
	if (query_row(&q))
		col_text(&q, 0, login, REG_NAME);
	return query_end(&q);
}

enum status
reg_application_doubles(struct reg *r, int64_t person,
    enum status (*each)(void *arg, const struct application_double *o),
    void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT b, score, decision FROM duplicate"
	    " WHERE a = ?1 UNION ALL SELECT a, score, decision FROM duplicate"
	    " WHERE b = ?1 ORDER BY score DESC", d);
	enum status st = ST_OK, end;

	bind_int(&q, person);
	while (st == ST_OK && query_row(&q)) {
		struct application_double o = {
			.person = col_int(&q, 0), .score = col_int(&q, 1)
		};

		col_text(&q, 2, o.decision, sizeof(o.decision));
		st = each(arg, &o);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
