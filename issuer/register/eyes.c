#include "issuer/register/eyes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"

/* As the schema's views name it, and as a clerk reads it before the id. */
static const struct {
	const char *kind, *name;
} kinds[] = {
	[EYES_APPLICATION] = { "application", N_("application") },
	[EYES_REQUEST] = { "request", N_("request") },
	[EYES_PERSON] = { "person", N_("person") },
};

/* Whose hand it was, by the first of what was given: the secret before a role. */
struct given {
	char first[REG_NAME], giver[REG_NAME], role[REG_NAME];
};

static enum status
refuse(enum eyes what, int64_t id, const struct given *g, struct diag *d)
{
	bool direct = strcmp(g->giver, g->first) == 0;
	char thing[64];

	(void)snprintf(thing, sizeof(thing), "%.40s %" PRId64,
	    _(kinds[what].name), id);
	if (g->role[0] != '\0')
		return direct ? diag_set(d, ST_PERMISSION,
		    _("%s: since it was begun, officer %.64s, who had a part in it, gave you the role %s; another officer must decide, whose role and secret are not from %.64s"),
		    thing, g->first, g->role, g->first) :
		    diag_set(d, ST_PERMISSION,
		    _("%s: since it was begun, officer %.64s gave you the role %s, and had secret or role from officer %.64s, who had a part in it; another officer must decide"),
		    thing, g->giver, g->role, g->first);
	return direct ? diag_set(d, ST_PERMISSION,
	    _("%s: since it was begun, officer %.64s, who had a part in it, gave you your passphrase or key file; another officer must decide, whose secret is not from %.64s"),
	    thing, g->first, g->first) : diag_set(d, ST_PERMISSION,
	    _("%s: since it was begun, officer %.64s gave you your passphrase or key file, and had secret or role from officer %.64s, who had a part in it; another officer must decide"),
	    thing, g->giver, g->first);
}

enum status
eyes_check(struct reg *r, enum eyes what, int64_t id, const char *role,
    const char *other_role, struct diag *d)
{
	struct query q = query(r, "WITH x AS MATERIALIZED (SELECT * FROM"
	    " same_hand WHERE kind = ?1 AND id = ?2 AND officer = ?3)"
	    " SELECT o.login, g.login, x.role FROM x"
	    " JOIN officer AS o ON o.id = x.first"
	    " JOIN officer AS g ON g.id = x.giver"
	    " WHERE x.role = '' OR (x.role IN (?4, ?5) AND NOT EXISTS"
	    "  (SELECT 1 FROM officer_role AS h WHERE h.officer = ?3 AND"
	    "   h.role IN (?4, ?5) AND h.role NOT IN (SELECT role FROM x)))"
	    " ORDER BY x.role, x.giver <> x.first LIMIT 1", d);
	struct given given = { "", "", "" };
	enum status st;

	bind_text(&q, kinds[what].kind);
	bind_int(&q, id);
	bind_int(&q, r->officer);
	bind_text(&q, role);
	bind_text(&q, other_role);
	if (query_row(&q)) {
		col_text(&q, 0, given.first, sizeof(given.first));
		col_text(&q, 1, given.giver, sizeof(given.giver));
		col_text(&q, 2, given.role, sizeof(given.role));
	}
	if ((st = query_end(&q)) != ST_OK || given.first[0] == '\0')
		return st;
	return refuse(what, id, &given, d);
}

enum status
reg_same_hand(struct reg *r, int64_t since, struct same_hand *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT (SELECT count(*) FROM application"
	    " WHERE decided >= ?1 AND state IN ('approved', 'issued')),"
	    " count(DISTINCT iif(kind = 'application', id, NULL)),"
	    " count(DISTINCT iif(kind <> 'application',"
	    "  kind || ' ' || id || ' ' || other || ' ' || at, NULL))"
	    " FROM decided_same_hand WHERE at >= ?1", d);

	memset(out, 0, sizeof(*out));
	bind_int(&q, since);
	if (query_row(&q)) {
		out->approvals = col_int(&q, 0);
		out->same = col_int(&q, 1);
		out->others = col_int(&q, 2);
	}
	return query_end(&q);
}

enum status
reg_same_hand_each(struct reg *r, int64_t since, int64_t most,
    void (*each)(void *arg, const struct same_hand_decision *x), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT x.kind, x.id, x.other, o.login,"
	    " min(h.login) FROM decided_same_hand AS x"
	    " JOIN officer AS o ON o.id = x.officer"
	    " JOIN officer AS h ON h.id = x.hand"
	    " WHERE x.at >= ?1 AND x.kind <> 'application'"
	    " GROUP BY x.kind, x.id, x.other, x.at, x.officer"
	    " ORDER BY x.at DESC, x.kind, x.id LIMIT ?2", d);

	bind_int(&q, since);
	bind_int(&q, most);
	while (query_row(&q)) {
		struct same_hand_decision x = { .id = col_int(&q, 1) };

		col_text(&q, 0, x.kind, sizeof(x.kind));
		x.other = col_int(&q, 2);
		col_text(&q, 3, x.officer, sizeof(x.officer));
		col_text(&q, 4, x.hand, sizeof(x.hand));
		each(arg, &x);
	}
	return query_end(&q);
}

enum status
reg_enrollers_wrong(struct reg *r, int64_t *n, int64_t *first, struct diag *d)
{
	struct query q = query(r, "SELECT count(*), ifnull(min(p.id), 0)"
	    " FROM person AS p WHERE p.enrolled_by IS NOT (SELECT u.officer"
	    "  FROM audit AS u WHERE u.object = 'person ' || p.id AND"
	    "  u.action = 'person.add')", d);

	*n = *first = 0;
	if (query_row(&q)) {
		*n = col_int(&q, 0);
		*first = col_int(&q, 1);
	}
	return query_end(&q);
}

enum status
reg_states_wrong(struct reg *r, int64_t *n, int64_t *first, struct diag *d)
{
	struct query q = query(r, "WITH asked (id) AS (SELECT id FROM person"
	    " WHERE state IN ('departed', 'returned', 'dead', 'merged')"
	    " UNION SELECT person FROM person_event)"
	    " SELECT count(*), ifnull(min(p.id), 0) FROM asked"
	    " JOIN person AS p ON p.id = asked.id WHERE p.state <>"
	    "  CASE (SELECT e.event FROM person_event AS e WHERE"
	    "   e.person = p.id ORDER BY e.id DESC LIMIT 1)"
	    "  WHEN 'death' THEN 'dead' WHEN 'merge' THEN 'merged' ELSE"
	    "   ifnull((SELECT CASE e.event WHEN 'departure' THEN 'departed'"
	    "     WHEN 'return' THEN 'returned' ELSE 'abroad' END"
	    "    FROM person_event AS e WHERE e.person = p.id AND"
	    "    e.event IN ('arrival', 'departure', 'return')"
	    "    ORDER BY e.id DESC LIMIT 1), 'abroad') END", d);

	*n = *first = 0;
	if (query_row(&q)) {
		*n = col_int(&q, 0);
		*first = col_int(&q, 1);
	}
	return query_end(&q);
}
