#include "issuer/register/report.h"

#include <string.h>

#include "issuer/register/db.h"

/* Every statement: ?1 first instant, ?2 the one after the last, ?3 dimension;
 * gives instant, sex, date of birth, text in the dimension, days. */
#define GROUP(district, sector, kind, cause) \
	" CASE ?3 WHEN 'district' THEN " district \
	" WHEN 'origin' THEN p.origin WHEN 'occupation' THEN p.occupation" \
	" WHEN 'sector' THEN " sector " WHEN 'kind' THEN " kind \
	" WHEN 'cause' THEN " cause " ELSE '' END"
#define OF_APPLICATION GROUP("p.district", "p.sector", "a.kind", "a.cause")
#define WITHIN(at) at " >= ?1 AND " at " < ?2"
#define DAYS(at) "(" at " / 86400 - a.submitted / 86400)"

#define APPLICATIONS(at, days, where) \
	"SELECT " at ", p.sex, p.birth_date," OF_APPLICATION ", " days \
	" FROM application AS a CROSS JOIN person AS p ON p.id = a.person" \
	" WHERE " WITHIN(at) " AND " where

/* What a person was at the end of the day ?4. One who is the same person as
 * another was never two; a death that was taken back never was. */
#define WAS_ABROAD \
	"p.enrolled < ?2 AND p.state <> 'merged' AND CASE" \
	" WHEN p.state_since <= ?4 THEN p.state = 'abroad'" \
	" ELSE ifnull((SELECT e.event = 'arrival' FROM person_event AS e" \
	"  WHERE e.person = p.id AND e.date <= ?4 AND e.event IN ('arrival'," \
	"  'departure', 'return', 'death') AND NOT (e.event = 'death' AND" \
	"   EXISTS (SELECT 1 FROM person_event AS c WHERE c.person = p.id" \
	"   AND c.event = 'correction' AND c.id > e.id))" \
	"  ORDER BY e.date DESC, e.id DESC LIMIT 1), 1) END"

static const char *const statements[REPORT_KINDS] = {
	[REPORT_ISSUED] = APPLICATIONS("a.issued", "0", "a.state = 'issued'"),
	[REPORT_RENEWED] = APPLICATIONS("a.issued", "0",
	    "a.state = 'issued' AND a.cause = 'renewal'"),
	[REPORT_LOST] = "SELECT l.at, p.sex, p.birth_date,"
	    GROUP("p.district", "p.sector", "l.kind", "a.cause") ", 0"
	    " FROM loss AS l CROSS JOIN card AS c ON c.id = l.card"
	    " CROSS JOIN application AS a ON a.id = c.application"
	    " CROSS JOIN person AS p ON p.id = c.person WHERE " WITHIN("l.at"),
	[REPORT_REVOKED] = "SELECT e.at, p.sex, p.birth_date," OF_APPLICATION
	    ", 0 FROM card_event AS e CROSS JOIN card AS c ON c.id = e.card"
	    " CROSS JOIN application AS a ON a.id = c.application"
	    " CROSS JOIN person AS p ON p.id = c.person"
	    " WHERE e.event = 'revoke' AND " WITHIN("e.at"),
	[REPORT_REFUSED] = APPLICATIONS("a.decided", "0",
	    "a.state = 'refused'"),
	[REPORT_CASES] = "SELECT c.opened, ifnull(p.sex, ''),"
	    " ifnull(p.birth_date, ''), ifnull("
	    GROUP("c.district", "ifnull(nullif(b.sector, ''), p.sector)", "c.kind", "''")
	    ", ''), 0 FROM protection_case AS c"
	    " LEFT JOIN case_party AS f ON f.removed IS NULL AND f.case_id = c.id"
	    "  AND f.role = 'affected'"
	    " LEFT JOIN person AS p ON p.id = f.person"
	    " LEFT JOIN employer AS b ON b.id = c.employer"
	    " WHERE " WITHIN("c.opened"),
	[REPORT_POPULATION] = "SELECT ?2 - 1, p.sex, p.birth_date,"
	    GROUP("p.district", "p.sector", "''", "''") ", 0"
	    " FROM person AS p WHERE ?1 < ?2 AND " WAS_ABROAD,
	[REPORT_HOUSEHOLDS] = "SELECT ?2 - 1, p.sex, p.birth_date,"
	    GROUP("p.district", "p.sector", "''", "''") ", 0"
	    " FROM household AS h CROSS JOIN person AS p ON p.id = h.head"
	    " WHERE ?1 < ?2 AND h.created < ?2 AND"
	    " (h.closed IS NULL OR h.closed >= ?2) AND " WAS_ABROAD,
};

static const char *const waiting[STAGES] = {
	[STAGE_DECISION] = APPLICATIONS("a.decided", DAYS("a.decided"),
	    "a.state IN ('approved', 'refused', 'issued')"),
	[STAGE_ISSUE] = APPLICATIONS("a.issued", DAYS("a.issued"),
	    "a.state = 'issued'"),
	[STAGE_HANDOVER] = "SELECT h.at, p.sex, p.birth_date," OF_APPLICATION
	    ", " DAYS("h.at") " FROM handover AS h"
	    " CROSS JOIN card AS c ON c.id = h.card"
	    " CROSS JOIN application AS a ON a.id = c.application"
	    " CROSS JOIN person AS p ON p.id = c.person WHERE " WITHIN("h.at"),
};

static const char *const tokens[REPORT_BYS] = {
	[BY_NONE] = "none", [BY_OFFICE] = "office", [BY_DISTRICT] = "district",
	[BY_ORIGIN] = "origin", [BY_OCCUPATION] = "occupation",
	[BY_SECTOR] = "sector", [BY_MONTH] = "month", [BY_YEAR] = "year",
	[BY_KIND] = "kind", [BY_CAUSE] = "cause",
};

const char *
report_by_token(enum report_by by)
{
	return tokens[by];
}

bool
report_has(enum report_kind kind, enum report_by by)
{
	bool standing = kind == REPORT_POPULATION || kind == REPORT_HOUSEHOLDS;

	return !(standing && by >= BY_MONTH) &&
	    !(kind == REPORT_CASES && by == BY_CAUSE);
}

static void
read_fact(struct query *q, struct report_fact *f, char group[REG_TEXT])
{
	char sex[2], birth[DATE_TEXT];

	f->at = col_int(q, 0);
	col_text(q, 1, sex, sizeof(sex));
	f->sex = sex[0];
	col_text(q, 2, birth, sizeof(birth));
	if (!date_parse(bytes_text(birth), &f->birth))
		f->birth = (struct date){ 0, 0, 0 };
	col_text(q, 3, group, REG_TEXT);
	f->group = group;
	f->days = col_int(q, 4);
}

enum status
reg_report(struct reg *r, const struct report_ask *ask, enum report_stage stage,
    enum status (*each)(void *arg, const struct report_fact *f), void *arg,
    struct diag *d)
{
	struct query q = query(r, ask->kind == REPORT_WAITING ?
	    waiting[stage] : statements[ask->kind], d);
	char group[REG_TEXT], day[DATE_TEXT];
	struct report_fact f;
	enum status st = ST_OK, end;

	bind_int(&q, when_from_date(ask->from));
	bind_int(&q, when_from_date(ask->to) + WHEN_DAY);
	bind_text(&q, report_by_token(ask->by));
	if (ask->kind == REPORT_POPULATION || ask->kind == REPORT_HOUSEHOLDS) {
		date_format(ask->to, day);
		bind_text(&q, day);
	}
	while (st == ST_OK && query_row(&q)) {
		read_fact(&q, &f, group);
		st = each(arg, &f);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_report_made(struct reg *r, const char *object, const char *details,
    struct diag *d)
{
	return reg_audit(r, "report.make", object, details, d);
}
