/* Worksites and visits: the rest of issuer/register/employer.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/employer.h"
#include "issuer/register/entry.h"

#define MET_MAX 1000000

static void
read_worksite(struct query *q, struct worksite *out)
{
	out->id = col_int(q, 0);
	out->employer = col_int(q, 1);
	col_text(q, 2, out->name, REG_TEXT);
	col_text(q, 3, out->address, REG_TEXT);
	col_text(q, 4, out->district, REG_TEXT);
}

static enum status
name_is_free(struct reg *r, const struct worksite *w, struct diag *d)
{
	struct query q = query(r,
	    "SELECT id FROM worksite WHERE employer = ?1 AND name = ?2", d);
	int64_t other = 0;
	enum status st;

	bind_int(&q, w->employer);
	bind_text(&q, w->name);
	if (query_row(&q))
		other = col_int(&q, 0);
	if ((st = query_end(&q)) == ST_OK && other != 0)
		st = diag_set(d, ST_EXISTS,
		    _("--name: worksite %" PRId64 " of this employer has this name; use it"),
		    other);
	return st;
}

enum status
reg_worksite_add(struct reg *r, struct worksite *w, struct diag *d)
{
	struct employer e;
	char object[48];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_employer(r, w->employer, &e, d)) != ST_OK ||
	    (st = name_is_free(r, w, d)) != ST_OK)
		return st;
	if (w->district[0] == '\0')
		memcpy(w->district, e.field[EMPLOYER_DISTRICT], REG_TEXT);
	q = query(r, "INSERT INTO worksite (employer, name, address, district,"
	    " created, officer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", d);
	bind_int(&q, w->employer);
	bind_text(&q, w->name);
	bind_text(&q, w->address);
	bind_text(&q, w->district);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	w->id = sqlite3_last_insert_rowid(r->db);
	(void)snprintf(object, sizeof(object), "worksite %" PRId64, w->id);
	return reg_audit(r, "worksite.add", object, "", d);
}

enum status
reg_worksite(struct reg *r, int64_t id, struct worksite *out, struct diag *d)
{
	struct query q = query(r, "SELECT id, employer, name, address, district"
	    " FROM worksite WHERE id = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q)))
		read_worksite(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("worksite %" PRId64 ": not in the register; look with worksite list"),
		    id);
	return st;
}

enum status
reg_worksite_of(struct reg *r, int64_t worksite, int64_t *employer,
    struct diag *d)
{
	struct employer e;
	struct worksite w;
	enum status st = ST_OK;

	if (*employer != 0)
		st = reg_employer(r, *employer, &e, d);
	if (st != ST_OK || worksite == 0 ||
	    (st = reg_worksite(r, worksite, &w, d)) != ST_OK)
		return st;
	if (*employer != 0 && *employer != w.employer)
		return diag_set(d, ST_DATA,
		    _("--worksite: worksite %" PRId64 " is employer %" PRId64 "'s; give one of employer %" PRId64),
		    worksite, w.employer, *employer);
	*employer = w.employer;
	return ST_OK;
}

enum status
reg_worksites(struct reg *r, int64_t employer,
    enum status (*each)(void *arg, const struct worksite *w), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT id, employer, name, address, district"
	    " FROM worksite WHERE employer = ?1 ORDER BY name", d);
	struct worksite w;
	enum status st = ST_OK, end;

	bind_int(&q, employer);
	while (st == ST_OK && query_row(&q)) {
		read_worksite(&q, &w);
		st = each(arg, &w);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

static enum status
check_visit(struct reg *r, struct visit *v, struct diag *d)
{
	char today[DATE_TEXT];
	enum status st;

	entry_today(r, today);
	if ((st = reg_worksite_of(r, v->worksite, &v->employer, d)) != ST_OK)
		return st;
	if (v->date[0] == '\0' || strcmp(v->date, today) > 0)
		return diag_set(d, ST_DATA,
		    _("--date: give the day of the visit, not after today"));
	if (v->employer == 0)
		return diag_set(d, ST_USAGE,
		    _("--employer, --worksite: give at least one of them"));
	if (v->met < 0 || v->met > MET_MAX)
		return diag_set(d, ST_DATA,
		    _("--met: give how many nationals were met, 0 to %d"),
		    MET_MAX);
	return ST_OK;
}

enum status
reg_visit_add(struct reg *r, struct visit *v, struct diag *d)
{
	char object[48];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = check_visit(r, v, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO visit (employer, worksite, date, met, finding,"
	    " created, officer) VALUES (?1, nullif(?2, 0), ?3, ?4, ?5, ?6, ?7)",
	    d);
	bind_int(&q, v->employer);
	bind_int(&q, v->worksite);
	bind_text(&q, v->date);
	bind_int(&q, v->met);
	bind_text(&q, v->finding);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	v->id = sqlite3_last_insert_rowid(r->db);
	(void)snprintf(object, sizeof(object), "visit %" PRId64, v->id);
	return reg_audit(r, "visit.add", object, "", d);
}

enum status
reg_visits(struct reg *r, int64_t employer,
    enum status (*each)(void *arg, const struct visit *v), void *arg,
    struct diag *d)
{
	struct query q = query(r, employer != 0 ?
	    "SELECT v.id, v.employer, ifnull(v.worksite, 0), v.met, v.date,"
	    " v.finding, o.login FROM visit AS v JOIN officer AS o"
	    " ON o.id = v.officer WHERE v.employer = ?1"
	    " ORDER BY v.date DESC, v.id DESC" :
	    "SELECT v.id, v.employer, ifnull(v.worksite, 0), v.met, v.date,"
	    " v.finding, o.login FROM visit AS v JOIN officer AS o"
	    " ON o.id = v.officer WHERE ?1 = 0"
	    " ORDER BY v.date DESC, v.id DESC", d);
	struct visit v;
	enum status st = ST_OK, end;

	bind_int(&q, employer);
	while (st == ST_OK && query_row(&q)) {
		v.id = col_int(&q, 0);
		v.employer = col_int(&q, 1);
		v.worksite = col_int(&q, 2);
		v.met = col_int(&q, 3);
		col_text(&q, 4, v.date, sizeof(v.date));
		col_text(&q, 5, v.finding, sizeof(v.finding));
		col_text(&q, 6, v.officer, sizeof(v.officer));
		st = each(arg, &v);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
