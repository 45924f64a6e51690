#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/application.h"
#include "issuer/register/db.h"
#include "issuer/register/duplicate.h"
#include "issuer/register/eyes.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/parent.h"
#include "issuer/register/person_state.h"

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
	int64_t photo, dead = 0;
	bool minor = reg_is_minor(r, p);
	enum status st;

	if ((st = reg_person_photo(r, p->id, &photo, d)) != ST_OK ||
	    (minor && (st = parent_dead(r, p->id, p->field[PERSON_GUARDIAN],
	    &dead, d)) != ST_OK))
		return st;
	if (dead != 0)
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 " is a minor, and the guardian, person %" PRId64 ", is dead; name another with person edit %" PRId64 " --guardian NAME"),
		    p->id, dead, p->id);
	if (minor && p->field[PERSON_GUARDIAN][0] == '\0')
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
reg_may_have_card(struct reg *r, int64_t person, int64_t household,
    struct diag *d)
{
	enum status st = reg_person_may_apply(r, person, d);

	return st != ST_OK ? st : reg_household_may_apply(r, household, d);
}

/* ---- drafts and their submission ---- */

/* What was asked for, in one line for the history. */
static void
describe(const struct application *a, char *out, size_t cap)
{
	bool first = strcmp(a->cause, "first") == 0;

	(void)snprintf(out, cap, "%s%s%s%s%s%s%s",
	    a->family ? "family" : "individual", first ? "" : " ",
	    first ? "" : a->cause, first ? "" : " ", a->replaces_number,
	    a->early[0] != '\0' ? " early: " : "", a->early);
}

static enum status
insert_draft(struct reg *r, struct application *a, struct diag *d)
{
	struct query q = query(r, "INSERT INTO application (kind, person,"
	    " household, state, created, submitter, drafter, cause, replaces,"
	    " early) VALUES (?1, ?2, nullif(?3, 0), 'draft', ?4, ?5, ?5, ?6,"
	    " nullif(?7, 0), ?8)", d);
	enum status st;

	bind_text(&q, a->family ? "family" : "individual");
	bind_int(&q, a->person);
	bind_int(&q, a->household);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, a->cause);
	bind_int(&q, a->replaces);
	bind_text(&q, a->early);
	if ((st = query_run(&q)) == ST_OK)
		a->id = sqlite3_last_insert_rowid(r->db);
	return st;
}

/* Makes the draft in *a; its record is the caller's. */
static enum status
make_draft(struct reg *r, const struct application_request *ask,
    struct application *a, struct diag *d)
{
	struct household h = { .id = 0 };
	struct person p;
	enum status st;

	memset(a, 0, sizeof(*a));
	a->person = ask->person;
	a->family = ask->family;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_person(r, ask->person, &p, d)) != ST_OK ||
	    (st = reg_in_jurisdiction(r, p.field[PERSON_DISTRICT], d)) != ST_OK ||
	    (ask->family && (st = reg_household_of(r, ask->person, &h, d)) !=
	    ST_OK) ||
	    (st = reg_may_have_card(r, ask->person, h.id, d)) != ST_OK ||
	    (st = none_open(r, ask->person, ask->family, d)) != ST_OK ||
	    (st = cause_choose(r, ask, a, d)) != ST_OK ||
	    (st = cause_check(r, a, d)) != ST_OK)
		return st;
	a->household = h.id;
	return insert_draft(r, a, d);
}

/* Ready as of today, whatever was true when it was drafted. */
static enum status
send(struct reg *r, const struct application *a, struct diag *d)
{
	struct household h = { .id = 0 };
	struct person p;
	struct query q;
	char details[2 * REG_TEXT];
	enum status st;

	if ((st = reg_person(r, a->person, &p, d)) != ST_OK ||
	    (st = reg_may_have_card(r, a->person, a->household, d)) != ST_OK ||
	    (a->family && (st = reg_household(r, a->household, &h, d)) !=
	    ST_OK) ||
	    (st = reg_duplicate_none_open(r, a->person, a->family, d)) !=
	    ST_OK || (st = check_ready(r, &p, &h, d)) != ST_OK ||
	    (st = cause_check(r, a, d)) != ST_OK ||
	    (st = cause_corrected(r, a, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE application SET state = 'submitted',"
	    " submitted = ?2, submitter = ?3 WHERE id = ?1", d);
	bind_int(&q, a->id);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	describe(a, details, sizeof(details));
	return audit_application(r, "application.submit", a->id, details, d);
}

enum status
reg_application_draft(struct reg *r, const struct application_request *ask,
    int64_t *id, struct diag *d)
{
	struct application a;
	char details[2 * REG_TEXT];
	enum status st = make_draft(r, ask, &a, d);

	if (st != ST_OK)
		return st;
	*id = a.id;
	describe(&a, details, sizeof(details));
	return audit_application(r, "application.draft", a.id, details, d);
}

enum status
reg_application_ask(struct reg *r, const struct application_request *ask,
    int64_t *id, struct diag *d)
{
	struct application a;
	enum status st = make_draft(r, ask, &a, d);

	if (st != ST_OK)
		return st;
	*id = a.id;
	return send(r, &a, d);
}

enum status
reg_application_submit(struct reg *r, int64_t person, bool family,
    int64_t *id, struct diag *d)
{
	struct application_request ask = { .person = person, .family = family };

	return reg_application_ask(r, &ask, id, d);
}

static enum status
read_draft(struct reg *r, int64_t id, struct application *a, struct diag *d)
{
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_application(r, id, a, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, a->person, d)) != ST_OK)
		return st;
	if (strcmp(a->state, "draft") != 0)
		return diag_set(d, ST_STATE,
		    _("application %" PRId64 " is %s; only a draft can be changed, submitted or dropped"),
		    a->id, a->state);
	return ST_OK;
}

enum status
reg_application_send(struct reg *r, int64_t id, struct diag *d)
{
	struct application a;
	enum status st = read_draft(r, id, &a, d);

	return st != ST_OK ? st : send(r, &a, d);
}

enum status
reg_application_drop(struct reg *r, int64_t id, const char *reason,
    struct diag *d)
{
	struct application a;
	struct query q;
	enum status st;

	if ((st = reason_check(reason, d)) != ST_OK ||
	    (st = read_draft(r, id, &a, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE application SET state = 'dropped', decided = ?2,"
	    " reason = ?3 WHERE id = ?1", d);
	bind_int(&q, id);
	bind_int(&q, r->now);
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_application(r, "application.drop", id, reason, d);
}

static void
change(struct jsonw *j, const char *key, const char *before, const char *after)
{
	if (strcmp(before, after) == 0)
		return;
	jsonw_key(j, key);
	jsonw_object(j);
	jsonw_field(j, "before", before);
	jsonw_field(j, "after", after);
	jsonw_object_end(j);
}

/* {"cause": {"before": "...", "after": "..."}, ...} */
static enum status
audit_edit(struct reg *r, const struct application *old,
    const struct application *new, struct diag *d)
{
	uint8_t text[8 * REG_TEXT];
	struct buf b = buf_over(text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);

	jsonw_object(&j);
	change(&j, "cause", old->cause, new->cause);
	change(&j, "replaces", old->replaces_number, new->replaces_number);
	change(&j, "early", old->early, new->early);
	jsonw_object_end(&j);
	if (b.bad)
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	text[b.len] = '\0';
	return audit_application(r, "application.edit", new->id,
	    (const char *)text, d);
}

enum status
reg_application_edit(struct reg *r, int64_t id,
    const struct application_request *ask, struct diag *d)
{
	struct application old, new;
	struct application_request whole = *ask;
	struct query q;
	enum status st;

	if ((st = read_draft(r, id, &old, d)) != ST_OK)
		return st;
	if (whole.cause == NULL) {
		whole.cause = old.cause;
		if (whole.replaces == NULL && old.replaces != 0)
			whole.replaces = old.replaces_number;
		if (whole.early == NULL && old.early[0] != '\0')
			whole.early = old.early;
	}
	new = old;
	if ((st = cause_choose(r, &whole, &new, d)) != ST_OK ||
	    (st = cause_check(r, &new, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE application SET cause = ?2,"
	    " replaces = nullif(?3, 0), early = ?4 WHERE id = ?1", d);
	bind_int(&q, id);
	bind_text(&q, new.cause);
	bind_int(&q, new.replaces);
	bind_text(&q, new.early);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_edit(r, &old, &new, d);
}

/* ---- the second pair of eyes ---- */

/* Why this officer is not the second pair of eyes. */
struct first_eyes {
	bool submitted, drafted, enrolled, member, changed;
};

static enum status
look(struct reg *r, const struct application *a, struct first_eyes *e,
    struct diag *d)
{
	struct query q = query(r, "SELECT a.submitter = ?2,"
	    " ifnull(a.drafter = ?2, 0), p.enrolled_by = ?2,"
	    " EXISTS (SELECT 1 FROM household_member AS m JOIN person AS n"
	    "  ON n.id = m.person WHERE m.household = a.household"
	    "  AND n.enrolled_by = ?2),"
	    " EXISTS (SELECT 1 FROM audit AS u WHERE u.object IN"
	    "  (SELECT 'person ' || a.person"
	    "   UNION ALL SELECT 'household ' || a.household"
	    "   UNION ALL SELECT 'person ' || m.person FROM household_member AS m"
	    "   WHERE m.household = a.household)"
	    "  AND u.officer = ?2 AND (u.action GLOB 'person.*' OR"
	    "   u.action GLOB 'household.*')"
	    "  AND u.id > ifnull((SELECT max(s.id) FROM audit AS s WHERE"
	    "   s.object = 'application ' || a.id AND"
	    "   s.action = 'application.submit'), 0))"
	    " FROM application AS a JOIN person AS p ON p.id = a.person"
	    " WHERE a.id = ?1", d);

	*e = (struct first_eyes){ true, true, true, true, true };
	bind_int(&q, a->id);
	bind_int(&q, r->officer);
	if (query_row(&q)) {
		e->submitted = col_int(&q, 0) != 0;
		e->drafted = col_int(&q, 1) != 0;
		e->enrolled = col_int(&q, 2) != 0;
		e->member = col_int(&q, 3) != 0;
		e->changed = col_int(&q, 4) != 0;
	}
	return query_end(&q);
}

/* Four eyes, said clearly here; the table refuses it by itself as well. To
 * refuse, who drafted it, enrolled a member or changed something is good enough:
 * it gives nobody a card, and an office of two could not end it otherwise. */
static enum status
may_decide(struct reg *r, const struct application *a, bool refusing,
    struct diag *d)
{
	struct first_eyes e;
	enum status st = look(r, a, &e, d);

	if (st != ST_OK)
		return st;
	if (e.submitted)
		return diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you submitted it; another officer must decide"),
		    a->id);
	if (e.enrolled)
		return diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you enrolled the person; another officer must decide"),
		    a->id);
	if (!refusing && e.drafted)
		return diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you drafted it; another officer must approve it"),
		    a->id);
	if (!refusing && e.member)
		return diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you enrolled a member of the family; another officer must approve it"),
		    a->id);
	if (!refusing && e.changed && strcmp(a->state, "submitted") == 0)
		return diag_set(d, ST_PERMISSION,
		    _("application %" PRId64 ": you changed the person or the household after it was submitted; another officer must approve it"),
		    a->id);
	/* Until the card is issued an approval can be taken back. */
	if (strcmp(a->state, "submitted") != 0 &&
	    !(refusing && strcmp(a->state, "approved") == 0))
		return diag_set(d, ST_STATE,
		    _("application %" PRId64 " is %s; only a submitted one can be decided"),
		    a->id, a->state);
	return refusing ? ST_OK : eyes_check(r, EYES_APPLICATION, a->id,
	    "approver", "", d);
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
	if (strcmp(state, "approved") == 0 &&
	    ((st = reg_person_may_apply(r, a.person, d)) != ST_OK ||
	    (st = reg_household_may_apply(r, a.household, d)) != ST_OK))
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
