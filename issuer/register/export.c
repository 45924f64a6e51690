#include "issuer/register/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/db.h"

#define INSTANT(column) \
    "ifnull(strftime('%Y-%m-%dT%H:%M:%SZ', " column ", 'unixepoch'), '')"

/* ref is what import calls another register's number: so an export of persons
 * is a file that import takes. */
static const struct export_column persons[] = {
	{ "ref", "person", EXPORT_NUMBER },
#define X(name, column, option, max, label) { option, #column, EXPORT_TEXT },
	PERSON_TABLE(X)
#undef X
	{ "household", "household", EXPORT_NUMBER },
	{ "relationship", "relationship", EXPORT_RELATIONSHIP },
};

static const struct export_column households[] = {
	{ "household", "household", EXPORT_NUMBER },
	{ "person", "person", EXPORT_NUMBER },
	{ "relationship", "relationship", EXPORT_RELATIONSHIP },
	{ "given", "given", EXPORT_TEXT },
	{ "surname1", "surname1", EXPORT_TEXT },
	{ "surname2", "surname2", EXPORT_TEXT },
	{ "created", "created", EXPORT_TEXT },
};

static const struct export_column cards[] = {
	{ "number", "number", EXPORT_TEXT },
	{ "person", "person", EXPORT_NUMBER },
	{ "application", "application", EXPORT_NUMBER },
	{ "kind", "kind", EXPORT_TEXT },
	{ "status", "status", EXPORT_TEXT },
	{ "custody", "custody", EXPORT_TEXT },
	{ "issued", "issued", EXPORT_TEXT },
	{ "expires", "expires", EXPORT_TEXT },
	{ "reason", "reason", EXPORT_TEXT },
	{ "officer", "officer", EXPORT_TEXT },
};

static const struct export_column applications[] = {
	{ "application", "application", EXPORT_NUMBER },
	{ "person", "person", EXPORT_NUMBER },
	{ "kind", "kind", EXPORT_TEXT },
	{ "household", "household", EXPORT_NUMBER },
	{ "cause", "cause", EXPORT_TEXT },
	{ "state", "state", EXPORT_TEXT },
	{ "created", "created", EXPORT_TEXT },
	{ "submitted", "submitted", EXPORT_TEXT },
	{ "decided", "decided", EXPORT_TEXT },
	{ "issued", "issued", EXPORT_TEXT },
	{ "submitter", "submitter", EXPORT_TEXT },
	{ "approver", "approver", EXPORT_TEXT },
	{ "reason", "reason", EXPORT_TEXT },
};

#define COLUMN(name, column, option, max, label) ", p." #column
#define COLUMNS(a) a, sizeof(a) / sizeof((a)[0])

/* relationship 0 is the head. A person who heads a household is exported as
 * its head, whatever other households they are members of. */
static const struct {
	const char *word;
	const struct export_column *column;
	size_t n;
	const char *count, *select;
} exports[] = {
	[EXPORT_PERSONS] = { "persons", COLUMNS(persons),
	    "SELECT count(*) FROM person",
	    "SELECT p.id" PERSON_TABLE(COLUMN) ", coalesce(h.id,"
	    "  m.household, ''), coalesce(h.id * 0, m.relationship, '')"
	    " FROM person AS p LEFT JOIN household AS h ON h.head = p.id AND"
	    "  h.closed IS NULL LEFT JOIN household_member AS m ON"
	    "  h.id IS NULL AND m.person = p.id AND m.household ="
	    "  (SELECT min(k.household) FROM household_member AS k"
	    "   JOIN household AS o ON o.id = k.household"
	    "   WHERE k.person = p.id AND o.closed IS NULL)"
	    " WHERE (?1 = '' OR p.district = ?1) AND p.enrolled >= ?2 AND"
	    "  p.consent_withdrawn = '' AND p.state NOT IN ('dead', 'merged')"
	    " ORDER BY p.id" },
	[EXPORT_HOUSEHOLDS] = { "households", COLUMNS(households),
	    "SELECT (SELECT count(*) FROM household) +"
	    " (SELECT count(*) FROM household_member)",
	    "SELECT h.id, p.id, m.relationship, p.given, p.surname1,"
	    " p.surname2, " INSTANT("h.created") " FROM household AS h"
	    " JOIN (SELECT id AS household, head AS person, 0 AS relationship,"
	    "  -1 AS position FROM household UNION ALL SELECT household,"
	    "  person, relationship, position FROM household_member) AS m"
	    "  ON m.household = h.id JOIN person AS p ON p.id = m.person"
	    " WHERE (?1 = '' OR ?1 ="
	    "  (SELECT district FROM person WHERE id = h.head)) AND"
	    "  h.created >= ?2 AND h.closed IS NULL AND p.consent_withdrawn = ''"
	    " ORDER BY h.id, m.position" },
	[EXPORT_CARDS] = { "cards", COLUMNS(cards),
	    "SELECT count(*) FROM card",
	    "SELECT c.number, c.person, c.application, c.kind, c.status,"
	    " c.custody, " INSTANT("c.issued") ", " INSTANT("c.expires") ","
	    " c.reason, o.login FROM card AS c JOIN officer AS o"
	    " ON o.id = c.officer WHERE (?1 = '' OR ?1 ="
	    "  (SELECT district FROM person WHERE id = c.person)) AND"
	    "  c.issued >= ?2 ORDER BY c.id" },
	[EXPORT_APPLICATIONS] = { "applications", COLUMNS(applications),
	    "SELECT count(*) FROM application",
	    "SELECT a.id, a.person, a.kind, ifnull(a.household, ''), a.cause,"
	    " a.state, " INSTANT("a.created") ", " INSTANT("a.submitted") ", "
	    INSTANT("a.decided") ", " INSTANT("a.issued") ", s.login,"
	    " ifnull(v.login, ''), a.reason FROM application AS a"
	    " JOIN officer AS s ON s.id = a.submitter"
	    " LEFT JOIN officer AS v ON v.id = a.approver"
	    " WHERE (?1 = '' OR ?1 ="
	    "  (SELECT district FROM person WHERE id = a.person)) AND"
	    "  a.created >= ?2 ORDER BY a.id" },
};
#undef COLUMN

const char *
export_word(enum export_kind kind)
{
	return exports[kind].word;
}

const struct export_column *
export_columns(enum export_kind kind, size_t *n)
{
	*n = exports[kind].n;
	return exports[kind].column;
}

static struct bytes
relationship_cell(struct bytes b)
{
	if (b.len != 1)
		return b;
	return b.p[0] == '0' ? bytes_text("head") : bytes_text(
	    relationship_token((enum relationship)(b.p[0] - '0')));
}

enum status
reg_export(struct reg *r, enum export_kind kind,
    const struct export_filter *f,
    enum status (*each)(void *arg, const struct bytes *cell), void *arg,
    struct diag *d)
{
	struct query q = query(r, exports[kind].select, d);
	struct bytes cell[EXPORT_COLUMNS_MAX];
	enum status st = ST_OK, end;

	bind_text(&q, f->district);
	bind_int(&q, f->since);
	while (st == ST_OK && query_row(&q)) {
		for (size_t i = 0; i < exports[kind].n; i++) {
			const void *p = sqlite3_column_text(q.stmt, (int)i);

			cell[i] = bytes_from(p,
			    (size_t)sqlite3_column_bytes(q.stmt, (int)i));
			if (exports[kind].column[i].form ==
			    EXPORT_RELATIONSHIP)
				cell[i] = relationship_cell(cell[i]);
		}
		st = each(arg, cell);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_export_count(struct reg *r, enum export_kind kind, uint64_t *n,
    struct diag *d)
{
	struct query q = query(r, exports[kind].count, d);

	*n = query_row(&q) ? (uint64_t)col_int(&q, 0) : 0;
	return query_end(&q);
}

enum status
reg_export_done(struct reg *r, enum export_kind kind,
    const struct export_filter *f, const char *file, int64_t rows,
    struct diag *d)
{
	uint8_t room[8192];
	struct buf b = buf_over(room, sizeof(room) - 1);
	struct jsonw j = jsonw_to(&b);
	char action[32];

	jsonw_object(&j);
	jsonw_field(&j, "file", file);
	jsonw_field_int(&j, "rows", rows);
	jsonw_field(&j, "district", f->district);
	jsonw_field_int(&j, "since", f->since);
	jsonw_object_end(&j);
	room[b.len] = '\0';
	(void)snprintf(action, sizeof(action), "export.%s",
	    exports[kind].word);
	return b.bad ? diag_set(d, ST_USAGE, _("%.80s: the path is too long"),
	    file) : reg_audit(r, action, "register", (const char *)room, d);
}
