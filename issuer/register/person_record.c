#include "issuer/register/person_record.h"

#include <string.h>

#include "issuer/register/db.h"

/* The person and those who were merged into them. */
#define WHO "WITH who (id) AS (SELECT ?1 UNION ALL SELECT id FROM person" \
	" WHERE merged_into = ?1) "

enum status
reg_person_cards(struct reg *r, int64_t person, bool open,
    enum status (*each)(void *arg, const struct person_card *c), void *arg,
    struct diag *d)
{
	static const char all[] = WHO "SELECT c.number, c.status, c.kind, 0,"
	    " c.person, c.expires FROM who JOIN card AS c ON c.person = who.id"
	    " WHERE ?2 >= 0 ORDER BY c.id";
	static const char in_force[] = WHO ", own (id, member) AS ("
	    " SELECT c.id, 0 FROM who JOIN card AS c ON c.person = who.id"
	    " UNION ALL SELECT c.id, 1 FROM who"
	    "  JOIN household_member AS m ON m.person = who.id"
	    "  JOIN application AS a ON a.household = m.household"
	    "  JOIN card AS c ON c.application = a.id)"
	    " SELECT c.number, c.status, c.kind, own.member, c.person,"
	    " c.expires FROM own JOIN card AS c ON c.id = own.id"
	    " WHERE c.status <> 'revoked' AND c.expires > ?2 ORDER BY c.id";
	struct query q = query(r, open ? in_force : all, d);
	enum status st = ST_OK, end;

	bind_int(&q, person);
	bind_int(&q, r->now);
	while (st == ST_OK && query_row(&q)) {
		struct person_card c = {
			.member = col_int(&q, 3) != 0,
			.person = col_int(&q, 4), .expires = col_int(&q, 5)
		};
		char kind[12];

		col_text(&q, 0, c.number, sizeof(c.number));
		col_text(&q, 1, c.status, sizeof(c.status));
		col_text(&q, 2, kind, sizeof(kind));
		c.family = strcmp(kind, "family") == 0;
		st = each(arg, &c);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_person_applications(struct reg *r, int64_t person, bool open,
    enum status (*each)(void *arg, const struct person_application *a),
    void *arg, struct diag *d)
{
	struct query q = query(r, WHO "SELECT a.id, a.person, a.created,"
	    " a.kind, a.state FROM who JOIN application AS a"
	    " ON a.person = who.id WHERE NOT ?2 OR a.state IN ('draft',"
	    " 'submitted', 'approved') ORDER BY a.id", d);
	enum status st = ST_OK, end;

	bind_int(&q, person);
	bind_int(&q, open ? 1 : 0);
	while (st == ST_OK && query_row(&q)) {
		struct person_application a = {
			.id = col_int(&q, 0), .person = col_int(&q, 1),
			.created = col_int(&q, 2)
		};
		char kind[12];

		col_text(&q, 3, kind, sizeof(kind));
		a.family = strcmp(kind, "family") == 0;
		col_text(&q, 4, a.state, sizeof(a.state));
		st = each(arg, &a);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_person_merged(struct reg *r, int64_t person,
    enum status (*each)(void *arg, int64_t id, const char *name,
    const char *since), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT id, given, surname1, surname2,"
	    " state_since FROM person WHERE merged_into = ?1 ORDER BY id", d);
	enum status st = ST_OK, end;

	bind_int(&q, person);
	while (st == ST_OK && query_row(&q)) {
		struct person p = { .id = col_int(&q, 0) };
		char name[REG_FOLDED], since[DATE_TEXT];

		col_text(&q, 1, p.field[PERSON_GIVEN], REG_TEXT);
		col_text(&q, 2, p.field[PERSON_SURNAME1], REG_TEXT);
		col_text(&q, 3, p.field[PERSON_SURNAME2], REG_TEXT);
		col_text(&q, 4, since, sizeof(since));
		st = each(arg, p.id, person_full_name(&p, name, sizeof(name)) ?
		    name : "", since);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* The audit has the details of what changed as an object of fields, each with
 * before and after; of some acts one plain text. */
static const char history[] = WHO ", thing (object) AS ("
    " SELECT 'person ' || id FROM who"
    " UNION SELECT 'document ' || d.id FROM who"
    "  JOIN document AS d ON d.person = who.id"
    " UNION SELECT 'application ' || a.id FROM who"
    "  JOIN application AS a ON a.person = who.id"
    " UNION SELECT 'card ' || c.number FROM who"
    "  JOIN card AS c ON c.person = who.id"
    " UNION SELECT 'household ' || e.household FROM who"
    "  JOIN household_event AS e ON e.person = who.id"
    " UNION SELECT 'duplicate ' || p.a || ' ' || p.b FROM who"
    "  JOIN duplicate AS p ON p.a = who.id"
    " UNION SELECT 'duplicate ' || p.a || ' ' || p.b FROM who"
    "  JOIN duplicate AS p ON p.b = who.id)"
    " SELECT a.at, o.login, a.action, a.object, ifnull(j.key, ''),"
    " CASE WHEN j.type = 'object' THEN"
    "  ifnull(json_extract(j.value, '$.before'), '') ELSE '' END,"
    " CASE WHEN j.type = 'object' THEN"
    "  ifnull(json_extract(j.value, '$.after'), '')"
    "  ELSE ifnull(j.value, iif(json_valid(a.details), '', a.details)) END"
    " FROM thing JOIN audit AS a ON a.object = thing.object"
    " JOIN officer AS o ON o.id = a.officer"
    " LEFT JOIN json_each(CASE WHEN json_valid(a.details) AND"
    "  json_type(a.details) = 'object' THEN a.details END) AS j"
    " ORDER BY a.id, j.id";

enum status
reg_person_history(struct reg *r, int64_t person,
    enum status (*each)(void *arg, const struct history_row *h), void *arg,
    struct diag *d)
{
	struct query q = query(r, history, d);
	enum status st = ST_OK, end;

	bind_int(&q, person);
	while (st == ST_OK && query_row(&q)) {
		struct history_row h = { .at = col_int(&q, 0) };
		char before[REG_FOLDED], after[REG_FOLDED];

		col_text(&q, 1, h.officer, sizeof(h.officer));
		col_text(&q, 2, h.action, sizeof(h.action));
		col_text(&q, 3, h.object, sizeof(h.object));
		col_text(&q, 4, h.field, sizeof(h.field));
		col_text(&q, 5, before, sizeof(before));
		col_text(&q, 6, after, sizeof(after));
		h.before = before;
		h.after = after;
		st = each(arg, &h);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
