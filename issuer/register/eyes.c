#include "issuer/register/eyes.h"

#include <inttypes.h>
#include <stdio.h>

#include "issuer/register/db.h"

/* As the schema's views name it, and as a clerk reads it before the id. */
static const struct {
	const char *kind, *name;
} kinds[] = {
	[EYES_APPLICATION] = { "application", N_("application") },
	[EYES_REQUEST] = { "request", N_("request") },
	[EYES_DEATH] = { "death", N_("person") },
	[EYES_PERSON] = { "person", N_("person") },
};

enum status
eyes_check(struct reg *r, enum eyes what, int64_t id, const char *role,
    const char *other_role, struct diag *d)
{
	struct query q = query(r, "SELECT o.login, x.role FROM same_hand AS x"
	    " JOIN officer AS o ON o.id = x.first WHERE x.kind = ?1 AND"
	    " x.id = ?2 AND x.officer = ?3 AND x.role IN ('', ?4, ?5)"
	    " ORDER BY x.role LIMIT 1", d);
	char first[REG_NAME] = "", given[REG_NAME] = "", thing[64];
	enum status st;

	bind_text(&q, kinds[what].kind);
	bind_int(&q, id);
	bind_int(&q, r->officer);
	bind_text(&q, role);
	bind_text(&q, other_role);
	if (query_row(&q)) {
		col_text(&q, 0, first, sizeof(first));
		col_text(&q, 1, given, sizeof(given));
	}
	if ((st = query_end(&q)) != ST_OK || first[0] == '\0')
		return st;
	(void)snprintf(thing, sizeof(thing), "%.40s %" PRId64,
	    _(kinds[what].name), id);
	if (given[0] != '\0')
		return diag_set(d, ST_PERMISSION,
		    _("%s: since it was begun, officer %.64s, who had a part in it, gave you the role %s; another officer must decide, whose role and secret are not from %.64s"),
		    thing, first, given, first);
	return diag_set(d, ST_PERMISSION,
	    _("%s: since it was begun, officer %.64s, who had a part in it, gave you your passphrase or key file; another officer must decide, whose secret is not from %.64s"),
	    thing, first, first);
}

enum status
reg_same_hand(struct reg *r, int64_t since, int64_t *approvals, int64_t *same,
    struct diag *d)
{
	struct query q = query(r, "SELECT (SELECT count(*) FROM application"
	    " WHERE decided >= ?1 AND state IN ('approved', 'issued')),"
	    " (SELECT count(*) FROM approved_same_hand WHERE decided >= ?1)",
	    d);

	*approvals = *same = 0;
	bind_int(&q, since);
	if (query_row(&q)) {
		*approvals = col_int(&q, 0);
		*same = col_int(&q, 1);
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
