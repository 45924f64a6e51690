#include "issuer/register/emergency.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/db.h"
#include "issuer/register/employer.h"
#include "issuer/register/entry.h"
#include "issuer/register/words.h"

/* The contract in force names the employer and worksite; the person's own words
 * do where there is none. ?1 is today. */
#define IN_FORCE(c) c ".arrival <= ?1 AND (" c ".closed > ?1 OR" \
	" " c ".closed = '' AND (" c ".ends = '' OR " c ".ends >= ?1))"
/* A person's place in the household: heads one, or is a member; of several, the
 * newest that is headed, or the oldest. A person is listed once. */
#define SELECT_PERSONS "SELECT p.id, ifnull(h.id, ifnull(m.household, 0))," \
	" CASE WHEN h.id IS NOT NULL THEN 0 ELSE ifnull(m.relationship, -1) END," \
	" trim(p.given || ' ' || p.surname1 || ' ' || p.surname2)," \
	" p.birth_date, p.telephone, p.email, p.address, p.district," \
	" p.emergency_contact, ifnull(e.name, p.employer)," \
	" ifnull(s.name || CASE s.address WHEN '' THEN '' ELSE ', ' END" \
	"  || s.address, p.workplace)"
#define JOIN_REST \
	" LEFT JOIN household AS h ON h.id =" \
	"  (SELECT max(id) FROM household WHERE head = p.id" \
	"  AND closed IS NULL)" \
	" LEFT JOIN household_member AS m ON h.id IS NULL AND" \
	"  m.person = p.id AND m.household = (SELECT min(m2.household)" \
	"   FROM household_member AS m2 JOIN household AS o ON" \
	"   o.id = m2.household AND o.closed IS NULL" \
	"   WHERE m2.person = p.id)" \
	" LEFT JOIN contract AS c ON c.id = (SELECT max(id) FROM contract AS k" \
	"  WHERE k.person = p.id AND " IN_FORCE("k") ")" \
	" LEFT JOIN employer AS e ON e.id = c.employer" \
	" LEFT JOIN worksite AS s ON s.id = c.worksite"
#define IN_ORDER " ORDER BY ifnull(h.id, m.household) IS NULL," \
	" ifnull(h.id, m.household), h.id IS NULL, m.position, p.folded, p.id"

static const char select_of_district[] = SELECT_PERSONS " FROM person AS p"
    JOIN_REST " WHERE p.state = 'abroad' AND p.district IN"
    " (SELECT value FROM json_each(?2))" IN_ORDER;
static const char select_of_employer[] = SELECT_PERSONS " FROM person AS p"
    JOIN_REST " WHERE p.state = 'abroad' AND p.id IN (SELECT w.person"
    " FROM contract AS w WHERE w.employer = ?2 AND " IN_FORCE("w") ")" IN_ORDER;
static const char select_of_worksite[] = SELECT_PERSONS " FROM person AS p"
    JOIN_REST " WHERE p.state = 'abroad' AND p.id IN (SELECT w.person"
    " FROM contract AS w WHERE w.worksite = ?2 AND " IN_FORCE("w") ")" IN_ORDER;
/* Each district once: a step of the index a district, not a person. */
static const char select_districts[] = "WITH RECURSIVE d (name) AS ("
    "SELECT min(district) FROM person UNION ALL SELECT (SELECT min(district)"
    " FROM person WHERE district > d.name) FROM d WHERE d.name IS NOT NULL)"
    " SELECT name FROM d WHERE name IS NOT NULL";

static void
read_person(struct query *q, struct date today, struct emergency_person *out)
{
	char birth[DATE_TEXT];
	struct date born = { 0, 0, 0 };
	int64_t rel = col_int(q, 2);

	out->person = col_int(q, 0);
	out->household = col_int(q, 1);
	(void)snprintf(out->relationship, sizeof(out->relationship), "%s",
	    rel == 0 ? "head" : relationship_token((enum relationship)rel));
	col_text(q, 3, out->name, sizeof(out->name));
	col_text(q, 4, birth, sizeof(birth));
	(void)date_parse(bytes_text(birth), &born);
	out->age = date_age(born, today);
	out->minor = out->age < MINOR_AGE;
	col_text(q, 5, out->telephone, REG_TEXT);
	col_text(q, 6, out->email, REG_TEXT);
	col_text(q, 7, out->address, REG_TEXT);
	col_text(q, 8, out->district, REG_TEXT);
	col_text(q, 9, out->emergency_contact, REG_TEXT);
	col_text(q, 10, out->employer, REG_TEXT);
	col_text(q, 11, out->workplace, REG_TEXT);
}

/* The spellings of a district that persons have, as a JSON array: a heap block
 * that the caller frees. */
static enum status
spellings(struct reg *r, const char *district, char **out, struct diag *d)
{
	enum { CAP = 65536 };
	char name[REG_TEXT];
	uint8_t *text = malloc(CAP);
	struct buf b = buf_over(text, CAP - 1);
	struct jsonw j = jsonw_to(&b);
	struct query q;
	size_t n = 0;
	enum status st;

	*out = NULL;
	if (text == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	jsonw_array(&j);
	q = query(r, select_districts, d);
	while (query_row(&q)) {
		col_text(&q, 0, name, sizeof(name));
		if (!words_alike(name, district))
			continue;
		jsonw_string(&j, name);
		n++;
	}
	jsonw_array_end(&j);
	if ((st = query_end(&q)) == ST_OK && n == 0)
		st = diag_set(d, ST_NOT_FOUND,
		    _("--district: no person of the register has the district %.80s; is it written otherwise?"),
		    district);
	if (st == ST_OK && b.bad)
		st = diag_set(d, ST_TOO_BIG,
		    _("--district: too many spellings of it"));
	text[b.bad ? 0 : b.len] = '\0';
	*out = (char *)text;
	return st;
}

static enum status
record(struct reg *r, const struct emergency_where *w, int64_t n,
    struct diag *d)
{
	uint8_t text[4096];
	struct buf b = buf_over(text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);
	char object[48] = "district";

	if (w->employer != 0)
		(void)snprintf(object, sizeof(object), "employer %" PRId64,
		    w->employer);
	if (w->worksite != 0)
		(void)snprintf(object, sizeof(object), "worksite %" PRId64,
		    w->worksite);
	jsonw_object(&j);
	if (w->district != NULL)
		jsonw_field(&j, "district", w->district);
	jsonw_field_int(&j, "persons", n);
	jsonw_object_end(&j);
	if (b.bad)
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	text[b.len] = '\0';
	return reg_audit(r, "emergency.list", object, (const char *)text, d);
}

static enum status
each_person(struct reg *r, struct query *q,
    enum status (*each)(void *arg, const struct emergency_person *p),
    void *arg, int64_t *n)
{
	struct emergency_person p;
	struct date today = when_date(r->now);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(q)) {
		read_person(q, today, &p);
		st = each(arg, &p);
		++*n;
	}
	end = query_end(q);
	return st != ST_OK ? st : end;
}

enum status
reg_emergency(struct reg *r, const struct emergency_where *w,
    enum status (*each)(void *arg, const struct emergency_person *p),
    void *arg, int64_t *n, struct diag *d)
{
	char today[DATE_TEXT], *names = NULL;
	int64_t employer = w->employer;
	struct query q;
	enum status st;

	*n = 0;
	entry_today(r, today);
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (w->district == NULL && (st = reg_worksite_of(r, w->worksite,
	    &employer, d)) != ST_OK) ||
	    (w->district != NULL &&
	    (st = spellings(r, w->district, &names, d)) != ST_OK))
		goto out;
	q = query(r, w->district != NULL ? select_of_district :
	    w->worksite != 0 ? select_of_worksite : select_of_employer, d);
	bind_text(&q, today);
	if (w->district != NULL)
		bind_text(&q, names);
	else
		bind_int(&q, w->worksite != 0 ? w->worksite : w->employer);
	if ((st = each_person(r, &q, each, arg, n)) == ST_OK)
		st = record(r, w, *n, d);
out:
	free(names);
	return st;
}
