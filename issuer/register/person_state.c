#include "issuer/register/person_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/act.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/parent.h"

enum status
reg_person_state(struct reg *r, int64_t id, struct person_state *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT state, state_since,"
	    " consent_withdrawn, ifnull(merged_into, 0) FROM person"
	    " WHERE id = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q))) {
		col_text(&q, 0, out->state, sizeof(out->state));
		col_text(&q, 1, out->since, sizeof(out->since));
		col_text(&q, 2, out->withdrawn, sizeof(out->withdrawn));
		out->merged_into = col_int(&q, 3);
	}
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("person %" PRId64 ": not in the register; look with person find"),
		    id);
	return st;
}

static enum status
check_present(int64_t id, const struct person_state *s, struct diag *d)
{
	return s->merged_into == 0 ? ST_OK : diag_set(d, ST_STATE,
	    _("person %" PRId64 " was merged into person %" PRId64 "; use that one"),
	    id, s->merged_into);
}

enum status
reg_person_present(struct reg *r, int64_t id, struct diag *d)
{
	struct person_state s;
	enum status st = reg_person_state(r, id, &s, d);

	return st != ST_OK ? st : check_present(id, &s, d);
}

static enum status
check_alive(int64_t id, const struct person_state *s, struct diag *d)
{
	enum status st = check_present(id, s, d);

	if (st == ST_OK && strcmp(s->state, "dead") == 0)
		st = diag_set(d, ST_STATE,
		    _("person %" PRId64 " died on %s; if that is a mistake, another officer takes it back with person correct"),
		    id, s->since);
	return st;
}

enum status
reg_person_may_change(struct reg *r, int64_t id, struct diag *d)
{
	struct person_state s;
	enum status st = reg_person_state(r, id, &s, d);

	return st != ST_OK ? st : check_alive(id, &s, d);
}

enum status
reg_person_may_apply(struct reg *r, int64_t id, struct diag *d)
{
	struct person_state s;
	enum status st;

	if ((st = reg_person_state(r, id, &s, d)) != ST_OK ||
	    (st = check_alive(id, &s, d)) != ST_OK)
		return st;
	if (strcmp(s.state, "abroad") != 0)
		return diag_set(d, ST_STATE, strcmp(s.state, "returned") == 0 ?
		    _("person %" PRId64 " returned to the country of origin on %s; record with person arrive that they are abroad again") :
		    _("person %" PRId64 " left this district on %s; record with person arrive that they are here again"),
		    id, s.since);
	if (s.withdrawn[0] != '\0')
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 " withdrew the consent on %s; without it there is no card (person consent --give DATE)"),
		    id, s.withdrawn);
	return ST_OK;
}

enum status
reg_household_may_apply(struct reg *r, int64_t household, struct diag *d)
{
	struct query q;
	int64_t id = 0;
	bool gone = false;
	enum status st;

	if (household == 0)
		return ST_OK;
	q = query(r, "SELECT p.id, p.state IN ('dead', 'merged')"
	    " FROM household_member AS m JOIN person AS p ON p.id = m.person"
	    " WHERE m.household = ?1 ORDER BY 2 DESC LIMIT 1", d);
	bind_int(&q, household);
	if (query_row(&q)) {
		id = col_int(&q, 0);
		gone = col_int(&q, 1) != 0;
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (id == 0)
		return diag_set(d, ST_STATE,
		    _("household %" PRId64 " has no members; add them with household member, or ask for an individual card"),
		    household);
	return !gone ? ST_OK : diag_set(d, ST_STATE,
	    _("household %" PRId64 ": member %" PRId64 " is dead or was merged; take them out with household member --remove"),
	    household, id);
}

bool
reg_is_minor(const struct reg *r, const struct person *p)
{
	return date_age(person_birth(p), when_date(r->now)) < MINOR_AGE;
}

enum status
person_event_add(struct reg *r, int64_t id, const char *event,
    const char *date, const char *place, const char *evidence, struct diag *d)
{
	struct query q = query(r, "INSERT INTO person_event (person, at,"
	    " officer, event, date, place, evidence) VALUES (?1, ?2, ?3, ?4,"
	    " ?5, ?6, ?7)", d);

	bind_int(&q, id);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, event);
	bind_text(&q, date);
	bind_text(&q, place);
	bind_text(&q, evidence);
	return query_run(&q);
}

static enum status
set_state(struct reg *r, int64_t id, const char *state, const char *since,
    struct diag *d)
{
	struct query q = query(r, "UPDATE person SET state = ?2,"
	    " state_since = ?3 WHERE id = ?1", d);

	bind_int(&q, id);
	bind_text(&q, state);
	bind_text(&q, since);
	return query_run(&q);
}

/* A day of this life, and not before what was recorded of it last. */
static enum status
check_day(struct reg *r, int64_t id, const struct person_state *s,
    const char *date, char out[DATE_TEXT], struct diag *d)
{
	struct person p;
	enum status st;

	if ((st = act_date(r, "date", date, out, d)) != ST_OK ||
	    (st = reg_person(r, id, &p, d)) != ST_OK)
		return st;
	if (strcmp(out, p.field[PERSON_BIRTH_DATE]) < 0)
		return diag_set(d, ST_DATA,
		    _("--date: %s is before the birth on %s; correct it"), out,
		    p.field[PERSON_BIRTH_DATE]);
	if (strcmp(out, s->since) < 0)
		return diag_set(d, ST_DATA,
		    _("--date: %s is before %s, since when the person is %s; correct it"),
		    out, s->since, s->state);
	return ST_OK;
}

struct life {
	const char *event, *state, *action;	/* "departure", "departed" */
	const char *from1, *from2, *from3;	/* states it is possible in */
};

static enum status
check_from(int64_t id, const struct life *life,
    const struct person_state *s, struct diag *d)
{
	enum status st = check_alive(id, s, d);

	if (st == ST_OK && strcmp(s->state, life->from1) != 0 &&
	    strcmp(s->state, life->from2) != 0 &&
	    strcmp(s->state, life->from3) != 0)
		st = diag_set(d, ST_STATE,
		    _("person %" PRId64 " is %s already, since %s"), id,
		    s->state, s->since[0] != '\0' ? s->since :
		    _("the enrolment"));
	return st;
}

/* The last day on which an officer had the person before them: a death before
 * it is a mistake, or somebody else came in their name. */
static enum status
check_seen(struct reg *r, int64_t id, const char *day, struct diag *d)
{
	struct query q = query(r, "SELECT max(day) FROM"
	    " (SELECT max(consent, consent_withdrawn) AS day FROM person"
	    "   WHERE id = ?1 UNION ALL"
	    "  SELECT date(h.at, 'unixepoch') FROM card AS c"
	    "   JOIN handover AS h ON h.card = c.id"
	    "   WHERE c.person = ?1 AND h.role = 'holder')", d);
	char seen[DATE_TEXT] = "";
	enum status st;

	bind_int(&q, id);
	if (query_row(&q))
		col_text(&q, 0, seen, sizeof(seen));
	if ((st = query_end(&q)) != ST_OK || strcmp(day, seen) >= 0)
		return st;
	return diag_set(d, ST_DATA,
	    _("--date: %s is before %s, when the person was last seen here (consent or handover); correct it, or say with --despite why it is so"),
	    day, seen);
}

static enum status
check_death(struct reg *r, int64_t id, const char *day, const char *despite,
    struct diag *d)
{
	enum status st = parent_death_check(r, id, day, d);

	if (st != ST_OK || despite == NULL)
		return st != ST_OK ? st : check_seen(r, id, day, d);
	return line_check("despite", despite, PERSON_EVIDENCE, true, d);
}

static enum status
happen(struct reg *r, int64_t id, const struct life *life, const char *date,
    const char *place, const char *evidence, const char *despite,
    struct diag *d)
{
	struct person_state s;
	struct change c;
	char day[DATE_TEXT];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_person_state(r, id, &s, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, id, d)) != ST_OK ||
	    (st = check_from(id, life, &s, d)) != ST_OK ||
	    (st = check_day(r, id, &s, date, day, d)) != ST_OK ||
	    (strcmp(life->state, "dead") == 0 &&
	    (st = check_death(r, id, day, despite, d)) != ST_OK) ||
	    (st = person_event_add(r, id, life->event, day, place, evidence,
	    d)) != ST_OK ||
	    (st = set_state(r, id, life->state, day, d)) != ST_OK)
		return st;
	change_begin(&c);
	change_field(&c, "state", s.state, life->state);
	change_field(&c, "state_since", s.since, day);
	change_note(&c, "place", place);
	change_note(&c, "evidence", evidence);
	change_note(&c, "despite", despite != NULL ? despite : "");
	return change_keep(r, &c, life->action, "person", id, d);
}

enum status
reg_person_depart(struct reg *r, int64_t id, const char *date, const char *to,
    struct diag *d)
{
	static const struct life life = { "departure", "departed",
	    "person.depart", "abroad", "returned", "" };
	enum status st = line_check("to", to, PERSON_PLACE, true, d);

	return st != ST_OK ? st : happen(r, id, &life, date, to, "",
	    NULL, d);
}

enum status
reg_person_return(struct reg *r, int64_t id, const char *date, struct diag *d)
{
	static const struct life life = { "return", "returned",
	    "person.return", "abroad", "departed", "" };

	return happen(r, id, &life, date, "", "", NULL, d);
}

enum status
reg_person_arrive(struct reg *r, int64_t id, const char *date, struct diag *d)
{
	static const struct life life = { "arrival", "abroad",
	    "person.arrive", "departed", "returned", "" };

	return happen(r, id, &life, date, "", "", NULL, d);
}

enum status
reg_person_die(struct reg *r, int64_t id, const char *date, const char *place,
    const char *evidence, const char *despite, struct diag *d)
{
	static const struct life life = { "death", "dead", "person.death",
	    "abroad", "departed", "returned" };
	enum status st;

	if ((st = line_check("place", place, PERSON_PLACE, true, d)) != ST_OK ||
	    (st = line_check("evidence", evidence, PERSON_EVIDENCE, true, d)) !=
	    ST_OK)
		return st;
	return happen(r, id, &life, date, place, evidence, despite, d);
}

/* Who recorded the last death; and what the person was before it: what the
 * last event that is neither a death nor its correction made of them. */
static enum status
before_death(struct reg *r, int64_t id, int64_t *officer, char state[12],
    char since[DATE_TEXT], struct diag *d)
{
	struct query q = query(r, "SELECT officer FROM person_event WHERE"
	    " person = ?1 AND event = 'death' ORDER BY id DESC LIMIT 1", d);
	enum status st;

	bind_int(&q, id);
	*officer = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_end(&q)) != ST_OK)
		return st;
	q = query(r, "SELECT CASE event WHEN 'departure' THEN 'departed'"
	    " WHEN 'return' THEN 'returned' ELSE 'abroad' END, date"
	    " FROM person_event WHERE person = ?1 AND event IN ('arrival',"
	    " 'departure', 'return') ORDER BY id DESC LIMIT 1", d);
	bind_int(&q, id);
	(void)snprintf(state, 12, "abroad");
	since[0] = '\0';
	if (query_row(&q)) {
		col_text(&q, 0, state, 12);
		col_text(&q, 1, since, DATE_TEXT);
	}
	return query_end(&q);
}

enum status
reg_person_correct(struct reg *r, int64_t id, const char *reason,
    struct diag *d)
{
	struct person_state s;
	struct change c;
	char state[12], since[DATE_TEXT], today[DATE_TEXT];
	int64_t recorder;
	enum status st;

	date_format(when_date(r->now), today);
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = reg_person_state(r, id, &s, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, id, d)) != ST_OK ||
	    (st = check_present(id, &s, d)) != ST_OK)
		return st;
	if (strcmp(s.state, "dead") != 0)
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 " is not recorded as dead; other mistakes are corrected with person edit, arrive, depart or return"),
		    id);
	if ((st = before_death(r, id, &recorder, state, since, d)) != ST_OK)
		return st;
	if (recorder == r->officer)
		return diag_set(d, ST_PERMISSION,
		    _("person %" PRId64 ": you recorded the death; another officer must take it back"),
		    id);
	if ((st = person_event_add(r, id, "correction", today, "", reason,
	    d)) != ST_OK || (st = set_state(r, id, state, since, d)) != ST_OK)
		return st;
	change_begin(&c);
	change_field(&c, "state", s.state, state);
	change_field(&c, "state_since", s.since, since);
	change_note(&c, "reason", reason);
	return change_keep(r, &c, "person.correct", "person", id, d);
}

static enum status
set_consent(struct reg *r, int64_t id, const char *consent,
    const char *withdrawn, struct diag *d)
{
	struct query q = query(r, "UPDATE person SET consent = ?2,"
	    " consent_withdrawn = ?3 WHERE id = ?1", d);

	bind_int(&q, id);
	bind_text(&q, consent);
	bind_text(&q, withdrawn);
	return query_run(&q);
}

/* Whose consent changes on a day, --option, and how it stood: out. */
static enum status
consent_of(struct reg *r, int64_t id, const char *option, const char *date,
    struct person *p, struct person_state *s, char day[DATE_TEXT],
    struct diag *d)
{
	enum status st = reg_acting(r, d);

	if (st != ST_OK ||
	    (st = act_date(r, option, date, day, d)) != ST_OK ||
	    (st = reg_person(r, id, p, d)) != ST_OK ||
	    (st = reg_person_state(r, id, s, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, id, d)) != ST_OK)
		return st;
	return check_alive(id, s, d);
}

enum status
reg_person_withdraw_consent(struct reg *r, int64_t id, const char *date,
    struct diag *d)
{
	struct person_state s;
	struct person p;
	struct change c;
	char day[DATE_TEXT];
	enum status st = consent_of(r, id, "withdraw", date, &p, &s, day, d);

	if (st != ST_OK)
		return st;
	if (s.withdrawn[0] != '\0')
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 " withdrew the consent on %s already"),
		    id, s.withdrawn);
	if (strcmp(day, p.field[PERSON_CONSENT]) < 0)
		return diag_set(d, ST_DATA,
		    _("--withdraw: %s is before the consent of %s; correct it"),
		    day, p.field[PERSON_CONSENT]);
	if ((st = set_consent(r, id, p.field[PERSON_CONSENT], day, d)) != ST_OK)
		return st;
	change_begin(&c);
	change_field(&c, "consent_withdrawn", "", day);
	return change_keep(r, &c, "person.consent", "person", id, d);
}

enum status
reg_person_give_consent(struct reg *r, int64_t id, const char *date,
    struct diag *d)
{
	struct person_state s;
	struct person p;
	struct change c;
	char day[DATE_TEXT];
	enum status st = consent_of(r, id, "give", date, &p, &s, day, d);

	if (st != ST_OK)
		return st;
	if (s.withdrawn[0] == '\0')
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 ": the consent of %s stands; it was never withdrawn"),
		    id, p.field[PERSON_CONSENT]);
	if (strcmp(day, s.withdrawn) < 0)
		return diag_set(d, ST_DATA,
		    _("--give: %s is before the withdrawal on %s; correct it"),
		    day, s.withdrawn);
	if ((st = set_consent(r, id, day, "", d)) != ST_OK)
		return st;
	change_begin(&c);
	change_field(&c, "consent", p.field[PERSON_CONSENT], day);
	change_field(&c, "consent_withdrawn", s.withdrawn, "");
	return change_keep(r, &c, "person.consent", "person", id, d);
}
