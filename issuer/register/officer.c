#include "issuer/register/officer.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/jsonw.h"
#include "common/text.h"
#include "issuer/register/db.h"
#include "issuer/register/office.h"

#define CHANGES_MAX 65536	/* JSON of one change */

static const struct {
	unsigned bit;
	const char *token;
} roles[] = {
#define X(name, token) { OFFICER_##name, token },
	OFFICER_ROLE_TABLE(X)
#undef X
};

#define ROLES (sizeof(roles) / sizeof(roles[0]))

unsigned
officer_role(const char *token)
{
	for (size_t i = 0; i < ROLES; i++)
		if (strcmp(roles[i].token, token) == 0)
			return roles[i].bit;
	return 0;
}

void
officer_roles_text(unsigned set, char out[OFFICER_ROLES_TEXT])
{
	struct buf b = buf_over((uint8_t *)out, OFFICER_ROLES_TEXT - 1);

	for (size_t i = 0; i < ROLES; i++) {
		if ((set & roles[i].bit) == 0)
			continue;
		if (b.len > 0)
			buf_put_text(&b, ", ");
		buf_put_text(&b, roles[i].token);
	}
	out[b.len] = '\0';
}

enum status
officer_in_time(const struct officer *o, int64_t now, struct diag *d)
{
	struct date until;

	if (!o->active)
		return diag_set(d, ST_PERMISSION,
		    _("officer %.64s is no longer active here"), o->login);
	if (o->until[0] != '\0' && (!date_parse(bytes_text(o->until), &until) ||
	    date_compare(when_date(now), until) > 0))
		return diag_set(d, ST_PERMISSION,
		    _("officer %.64s: the time here ended on %s; a manager can give more with officer change %.64s --until DATE"),
		    o->login, o->until, o->login);
	return ST_OK;
}

/* ---- reading ------------------------------------------------------------ */

#define SELECT "SELECT o.id, o.login, o.full_name, o.active, o.until," \
    " o.office_code, s.officer IS NOT NULL, ifnull(s.locked_until, 0)," \
    " ifnull((SELECT max(opened) FROM session WHERE officer = o.id), 0)" \
    " FROM officer AS o LEFT JOIN officer_secret AS s ON s.officer = o.id "

static void
read_officer(struct query *q, struct officer *o)
{
	memset(o, 0, sizeof(*o));
	o->id = col_int(q, 0);
	col_text(q, 1, o->login, sizeof(o->login));
	col_text(q, 2, o->full_name, sizeof(o->full_name));
	o->active = col_int(q, 3) != 0;
	col_text(q, 4, o->until, sizeof(o->until));
	col_text(q, 5, o->office_code, sizeof(o->office_code));
	o->has_secret = col_int(q, 6) != 0;
	o->locked_until = col_int(q, 7);
	o->last_login = col_int(q, 8);
}

static enum status
read_roles(struct reg *r, struct officer *o, struct diag *d)
{
	struct query q = query(r,
	    "SELECT role FROM officer_role WHERE officer = ?1", d);
	char token[REG_NAME];

	bind_int(&q, o->id);
	while (query_row(&q)) {
		col_text(&q, 0, token, sizeof(token));
		o->roles |= officer_role(token);
	}
	return query_end(&q);
}

static enum status
read_districts(struct reg *r, struct officer *o, struct diag *d)
{
	struct query q = query(r, "SELECT district FROM officer_district"
	    " WHERE officer = ?1 ORDER BY district LIMIT 16", d);

	bind_int(&q, o->id);
	while (query_row(&q) && o->districts_n < OFFICER_DISTRICTS)
		col_text(&q, 0, o->district[o->districts_n++], REG_TEXT);
	return query_end(&q);
}

enum status
reg_officer(struct reg *r, const char *login, struct officer *out,
    struct diag *d)
{
	struct query q = query(r, SELECT "WHERE o.login = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_text(&q, login);
	if ((found = query_row(&q)))
		read_officer(&q, out);
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (!found)
		return diag_set(d, ST_NOT_FOUND,
		    _("officer '%.64s' is not in this register; officer list shows who is"),
		    login);
	if ((st = read_roles(r, out, d)) != ST_OK)
		return st;
	return read_districts(r, out, d);
}

enum status
reg_officers(struct reg *r, enum status (*each)(void *arg,
    const struct officer *o), void *arg, struct diag *d)
{
	struct query q = query(r, SELECT "ORDER BY o.id", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct officer o;

		read_officer(&q, &o);
		if ((st = read_roles(r, &o, d)) == ST_OK &&
		    (st = read_districts(r, &o, d)) == ST_OK)
			st = each(arg, &o);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_act_as(struct reg *r, const char *login, struct diag *d)
{
	struct officer o;
	enum status st = reg_officer(r, login, &o, d);

	if (st == ST_NOT_FOUND)
		return diag_set(d, ST_PERMISSION,
		    _("officer %.64s is not in this register; ask an officer who is to add you"),
		    login);
	if (st == ST_OK && (st = officer_in_time(&o, r->now, d)) == ST_OK)
		r->officer = o.id;
	return st;
}

enum status
reg_acting(struct reg *r, struct diag *d)
{
	if (r->officer == 0)
		return diag_set(d, ST_PERMISSION,
		    _("say who acts: --officer NAME or CEDULA_OFFICER"));
	/* An act outside a transaction could be kept without its record. */
	if (sqlite3_get_autocommit(r->db) != 0)
		return diag_set(d, ST_INTERNAL,
		    _("an act outside a transaction"));
	return ST_OK;
}

/* ---- checks ------------------------------------------------------------- */

static enum status
login_check(const char *login, struct diag *d)
{
	size_t n = strlen(login);

	for (const char *p = login; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			n = 0;
	if (n == 0 || n >= REG_NAME)
		return diag_set(d, ST_DATA,
		    _("officer '%.64s': give a short name of letters, digits, '.', '_' or '-'"),
		    login);
	return ST_OK;
}

static enum status
officer_check(struct reg *r, const struct officer *old,
    const struct officer *o, struct diag *d)
{
	struct date until;
	enum status st = office_check_text("full-name", o->full_name, true, d);

	for (size_t i = 0; st == ST_OK && i < o->districts_n; i++)
		st = office_check_text("jurisdiction", o->district[i], true, d);
	if (st != ST_OK)
		return st;
	if (o->office_code[0] != '\0' &&
	    !text_is_code(bytes_text(o->office_code), true))
		return diag_set(d, ST_DATA,
		    _("--office-code: give an office's code, three of A-Z and 0-9, as SJO"));
	if (o->until[0] == '\0')
		return ST_OK;
	if (!date_parse(bytes_text(o->until), &until))
		return diag_set(d, ST_DATA,
		    _("--until: give the last day as YYYY-MM-DD, or 'never'"));
	/* One whose time is over can still be changed otherwise. */
	if (strcmp(o->until, old->until) != 0 &&
	    date_compare(until, when_date(r->now)) < 0)
		return diag_set(d, ST_DATA,
		    _("--until: %s is over; give today or a later day, or use --deactivate"),
		    o->until);
	return ST_OK;
}

/* ---- adding and changing ------------------------------------------------ */

static enum status
give_role(struct reg *r, int64_t officer, const char *token, struct diag *d)
{
	/* The act is the next one: who gives it records it right after. */
	struct query q = query(r, "INSERT INTO officer_role (officer, role,"
	    " granted, granted_by, act) VALUES (?1, ?2, ?3, ?4,"
	    " (SELECT ifnull(max(id), 0) + 1 FROM audit))", d);

	bind_int(&q, officer);
	bind_text(&q, token);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	return query_run(&q);
}

static enum status
take_role(struct reg *r, int64_t officer, const char *token, struct diag *d)
{
	struct query q = query(r, "DELETE FROM officer_role"
	    " WHERE officer = ?1 AND role = ?2", d);

	bind_int(&q, officer);
	bind_text(&q, token);
	return query_run(&q);
}

static enum status
store_roles(struct reg *r, int64_t officer, unsigned before, unsigned after,
    struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < ROLES && st == ST_OK; i++)
		if ((after & ~before & roles[i].bit) != 0)
			st = give_role(r, officer, roles[i].token, d);
		else if ((before & ~after & roles[i].bit) != 0)
			st = take_role(r, officer, roles[i].token, d);
	return st;
}

static enum status
insert(struct reg *r, const char *login, const char *full_name, int64_t *id,
    struct diag *d)
{
	struct query q;
	enum status st;

	if ((st = login_check(login, d)) != ST_OK ||
	    (st = office_check_text("full-name", full_name, true, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO officer (login, full_name, office_code,"
	    " created) VALUES (?1, ?2, (SELECT code FROM office), ?3)"
	    " ON CONFLICT (login) DO NOTHING RETURNING id", d);
	bind_text(&q, login);
	bind_text(&q, full_name);
	bind_int(&q, r->now);
	*id = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_run(&q)) == ST_OK && *id == 0)
		st = diag_set(d, ST_EXISTS,
		    _("officer %s exists already; choose another name"), login);
	return st;
}

enum status
officer_first(struct reg *r, const char *login, const char *full_name,
    unsigned set, struct diag *d)
{
	enum status st;

	if ((set & OFFICER_MANAGER) == 0)
		return diag_set(d, ST_USAGE,
		    _("--role: the first officer is a manager, or nobody could add others"));
	if ((st = insert(r, login, full_name, &r->officer, d)) != ST_OK)
		return st;
	return store_roles(r, r->officer, 0, set, d);
}

enum status
reg_officer_add(struct reg *r, const char *login, const char *full_name,
    unsigned set, int64_t *id, struct diag *d)
{
	char object[REG_NAME + 16], text[OFFICER_ROLES_TEXT];
	char details[REG_TEXT + OFFICER_ROLES_TEXT + 8];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = insert(r, login, full_name, id, d)) != ST_OK ||
	    (st = store_roles(r, *id, 0, set, d)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "officer %s", login);
	officer_roles_text(set, text);
	(void)snprintf(details, sizeof(details), "%s: %s", full_name, text);
	return reg_audit(r, "officer.add", object, details, d);
}

/* Another manager who stays: said here, refused by the tables as well. */
static enum status
manager_left(struct reg *r, const struct officer *old,
    const struct officer *new, struct diag *d)
{
	struct query q;
	bool left, was = (old->roles & OFFICER_MANAGER) != 0 && old->active &&
	    old->until[0] == '\0';
	enum status st;

	if (!was || ((new->roles & OFFICER_MANAGER) != 0 && new->active &&
	    new->until[0] == '\0'))
		return ST_OK;
	q = query(r, "SELECT 1 FROM officer_role AS r JOIN officer AS o"
	    " ON o.id = r.officer WHERE r.role = 'manager' AND o.active = 1"
	    " AND o.until = '' AND o.id <> ?1", d);
	bind_int(&q, old->id);
	left = query_row(&q);
	if ((st = query_end(&q)) == ST_OK && !left)
		st = diag_set(d, ST_STATE,
		    _("officer %.64s is the last manager whose time has no end, and stays so; make another first"),
		    old->login);
	return st;
}

static bool
same_districts(const struct officer *a, const struct officer *b)
{
	if (a->districts_n != b->districts_n)
		return false;
	for (size_t i = 0; i < a->districts_n; i++)
		if (strcmp(a->district[i], b->district[i]) != 0)
			return false;
	return true;
}

static enum status
not_oneself(struct reg *r, const struct officer *old,
    const struct officer *new, struct diag *d)
{
	if (old->id != r->officer || (old->roles == new->roles &&
	    old->active == new->active &&
	    strcmp(old->until, new->until) == 0 &&
	    strcmp(old->office_code, new->office_code) == 0 &&
	    same_districts(old, new)))
		return ST_OK;
	return diag_set(d, ST_PERMISSION,
	    _("officer %.64s: nobody changes their own roles, time, office or districts; another manager must"),
	    old->login);
}

static enum status
store_districts(struct reg *r, const struct officer *o, struct diag *d)
{
	struct query q = query(r,
	    "DELETE FROM officer_district WHERE officer = ?1", d);
	enum status st;

	bind_int(&q, o->id);
	st = query_run(&q);
	for (size_t i = 0; st == ST_OK && i < o->districts_n; i++) {
		q = query(r, "INSERT INTO officer_district (officer, district)"
		    " VALUES (?1, ?2) ON CONFLICT DO NOTHING", d);
		bind_int(&q, o->id);
		bind_text(&q, o->district[i]);
		st = query_run(&q);
	}
	return st;
}

static void
districts_text(const struct officer *o, char *out, size_t cap)
{
	struct buf b = buf_over((uint8_t *)out, cap - 1);

	for (size_t i = 0; i < o->districts_n; i++) {
		if (i > 0)
			buf_put_text(&b, "; ");
		buf_put_text(&b, o->district[i]);
	}
	out[b.len] = '\0';
}

/* {"until": {"before": "...", "after": "..."}, ...} */
static void
put_change(struct jsonw *j, const char *what, const char *before,
    const char *after, size_t *n)
{
	if (strcmp(before, after) == 0)
		return;
	++*n;
	jsonw_key(j, what);
	jsonw_object(j);
	jsonw_field(j, "before", before);
	jsonw_field(j, "after", after);
	jsonw_object_end(j);
}

static bool
changes(const struct officer *old, const struct officer *new, char *out,
    size_t *n)
{
	char was[OFFICER_DISTRICTS * REG_TEXT], is[OFFICER_DISTRICTS * REG_TEXT];
	struct buf b = buf_over((uint8_t *)out, CHANGES_MAX - 1);
	struct jsonw j = jsonw_to(&b);

	*n = 0;
	jsonw_object(&j);
	put_change(&j, "full_name", old->full_name, new->full_name, n);
	put_change(&j, "active", old->active ? "yes" : "no",
	    new->active ? "yes" : "no", n);
	officer_roles_text(old->roles, was);
	officer_roles_text(new->roles, is);
	put_change(&j, "roles", was, is, n);
	put_change(&j, "until", old->until, new->until, n);
	put_change(&j, "office_code", old->office_code, new->office_code, n);
	districts_text(old, was, sizeof(was));
	districts_text(new, is, sizeof(is));
	put_change(&j, "jurisdiction", was, is, n);
	jsonw_object_end(&j);
	out[b.len] = '\0';
	return !b.bad;
}

static enum status
end_sessions(struct reg *r, int64_t officer, int64_t clock, struct diag *d)
{
	struct query q = query(r, "UPDATE session SET closed = ?2"
	    " WHERE officer = ?1 AND closed IS NULL", d);

	bind_int(&q, officer);
	bind_int(&q, clock);
	return query_run(&q);
}

static enum status
store(struct reg *r, const struct officer *old, const struct officer *o,
    int64_t clock, struct diag *d)
{
	struct query q = query(r, "UPDATE officer SET full_name = ?2,"
	    " active = ?3, until = ?4, office_code = ?5 WHERE id = ?1", d);
	enum status st;

	bind_int(&q, o->id);
	bind_text(&q, o->full_name);
	bind_int(&q, o->active ? 1 : 0);
	bind_text(&q, o->until);
	bind_text(&q, o->office_code);
	if ((st = query_run(&q)) != ST_OK ||
	    (st = store_roles(r, o->id, old->roles, o->roles, d)) != ST_OK ||
	    (st = store_districts(r, o, d)) != ST_OK)
		return st;
	return o->active ? ST_OK : end_sessions(r, o->id, clock, d);
}

enum status
reg_officer_change(struct reg *r, const struct officer *o, int64_t clock,
    size_t *changed, struct diag *d)
{
	char object[REG_NAME + 16], details[CHANGES_MAX];
	struct officer old;
	size_t n;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_officer(r, o->login, &old, d)) != ST_OK ||
	    (st = officer_check(r, &old, o, d)) != ST_OK ||
	    (st = not_oneself(r, &old, o, d)) != ST_OK ||
	    (st = manager_left(r, &old, o, d)) != ST_OK)
		return st;
	if (!changes(&old, o, details, &n))
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	if (changed != NULL)
		*changed = n;
	if (n == 0)
		return ST_OK;
	if ((st = store(r, &old, o, clock, d)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "officer %s", o->login);
	return reg_audit(r, "officer.change", object, details, d);
}

/* ---- jurisdiction ------------------------------------------------------- */

static bool
same_district(const char *a, const char *b)
{
	char one[REG_FOLDED], two[REG_FOLDED];

	if (!text_mrz_fold(bytes_text(a), one, sizeof(one)) ||
	    !text_mrz_fold(bytes_text(b), two, sizeof(two)))
		return strcmp(a, b) == 0;
	/* What has no Latin letter folds to nothing. */
	return one[0] != '\0' ? strcmp(one, two) == 0 : strcmp(a, b) == 0;
}

enum status
reg_in_jurisdiction(struct reg *r, const char *district, struct diag *d)
{
	struct officer o = { .id = r->officer };
	enum status st;

	if ((st = read_districts(r, &o, d)) != ST_OK || o.districts_n == 0)
		return st;
	for (size_t i = 0; i < o.districts_n; i++)
		if (same_district(o.district[i], district))
			return ST_OK;
	return diag_set(d, ST_PERMISSION,
	    _("district '%.60s' is not yours to act in (%.60s%s); ask an officer of that district"),
	    district, o.district[0], o.districts_n > 1 ? ", ..." : "");
}

enum status
reg_person_in_jurisdiction(struct reg *r, int64_t person, struct diag *d)
{
	struct query q = query(r, "SELECT district FROM person WHERE id ="
	    " (SELECT ifnull(merged_into, id) FROM person WHERE id = ?1)", d);
	char district[REG_TEXT] = "";
	enum status st;

	bind_int(&q, person);
	if (query_row(&q))
		col_text(&q, 0, district, sizeof(district));
	if ((st = query_end(&q)) != ST_OK)
		return st;
	return reg_in_jurisdiction(r, district, d);
}
