#include "issuer/register/db.h"

#include <errno.h>
#include <string.h>

static enum status
constraint(struct reg *r, int rc, struct diag *d)
{
	const char *why = sqlite3_errmsg(r->db);

	if (strstr(why, "four_eyes") != NULL)
		return diag_set(d, ST_PERMISSION,
		    _("the register refuses it: who enrolled, changed, drafted or submitted cannot approve; another officer must"));
	if (strncmp(why, "same_hand:", 10) == 0)
		return diag_set(d, ST_PERMISSION,
		    _("the register refuses it: since it was begun, who decides was given secret or role by who began it; another officer must"));
	if (strncmp(why, "approver_role:", 14) == 0)
		return diag_set(d, ST_PERMISSION,
		    _("the register refuses it: only an active officer with the role approver decides an application"));
	if (strncmp(why, "own_role:", 9) == 0)
		return diag_set(d, ST_PERMISSION,
		    _("the register refuses it: nobody gives a role to themselves; another manager must"));
	if (strncmp(why, "last_manager:", 13) == 0)
		return diag_set(d, ST_STATE,
		    _("the register refuses it: this is the last manager whose time has no end; make another first"));
	if (strncmp(why, "approved:", 9) == 0)
		return diag_set(d, ST_STATE,
		    _("an approved application stands on this; issue the card first, or have the application refused and submit it anew"));
	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
		return diag_set(d, ST_EXISTS,
		    _("the register refuses it, because it has it already (%s)"),
		    why);
	if (rc == SQLITE_CONSTRAINT_FOREIGNKEY)
		return diag_set(d, ST_NOT_FOUND,
		    _("the register refuses it, because something it refers to does not exist"));
	return diag_set(d, ST_STATE, _("the register refuses it: %s"), why);
}

enum status
reg_error(struct reg *r, int rc, struct diag *d)
{
	int sys = sqlite3_system_errno(r->db);

	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return constraint(r, rc, d);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return diag_set(d, ST_STATE,
		    _("%s: another program is writing to the register; wait for it and repeat, nothing was changed"),
		    r->path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return diag_set(d, ST_DATA,
		    _("%s: not a register, or a damaged one; keep the file as it is and go on with the last good copy"),
		    r->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return diag_set(d, ST_PERMISSION,
		    _("%s: the register or its folder may not be written; nothing was changed"),
		    r->path);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_FULL:
		if ((rc & 0xff) == SQLITE_FULL || sys == ENOSPC ||
		    sys == EDQUOT)
			return diag_set(d, ST_FULL,
			    _("%s: no space left on the disk; free some and repeat, nothing was changed"),
			    r->path);
		return diag_set(d, ST_IO,
		    _("%s: reading or writing the register failed (%s); check the disk, nothing was changed"),
		    r->path, sys != 0 ? strerror(sys) : sqlite3_errstr(rc));
	case SQLITE_TOOBIG:
		return diag_set(d, ST_TOO_BIG,
		    _("a value is larger than the register takes"));
	case SQLITE_NOMEM:
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	default:
		return diag_set(d, ST_INTERNAL, _("%s: %s"), r->path,
		    sqlite3_errmsg(r->db));
	}
}

struct query
query(struct reg *r, const char *sql, struct diag *d)
{
	struct query q = { .r = r, .d = d, .sql = sql };

	for (size_t i = 0; i < DB_KEPT; i++)
		if (r->kept[i].sql == sql) {
			/* Taken: the same one within it gets its own. */
			q.stmt = r->kept[i].stmt;
			r->kept[i].sql = NULL;
			r->kept[i].stmt = NULL;
			return q;
		}
	q.rc = sqlite3_prepare_v3(r->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &q.stmt, NULL);
	return q;
}

/* In the place of the one that was put there longest ago. */
static void
give_back(struct query *q)
{
	struct reg *r = q->r;
	size_t at = r->next;

	if (q->stmt == NULL)
		return;
	(void)sqlite3_reset(q->stmt);
	(void)sqlite3_clear_bindings(q->stmt);
	for (size_t i = 0; i < DB_KEPT; i++)
		if (r->kept[i].stmt == NULL) {
			at = i;
			break;
		}
	if (at == r->next)
		r->next = (r->next + 1) % DB_KEPT;
	(void)sqlite3_finalize(r->kept[at].stmt);
	r->kept[at].sql = q->sql;
	r->kept[at].stmt = q->stmt;
	q->stmt = NULL;
}

void
query_drop_kept(struct reg *r)
{
	for (size_t i = 0; i < DB_KEPT; i++) {
		(void)sqlite3_finalize(r->kept[i].stmt);
		r->kept[i].sql = NULL;
		r->kept[i].stmt = NULL;
	}
}

void
bind_int(struct query *q, int64_t v)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_bind_int64(q->stmt, ++q->bound, v);
}

void
bind_text(struct query *q, const char *v)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_bind_text(q->stmt, ++q->bound, v, -1,
		    SQLITE_TRANSIENT);
}

void
bind_blob(struct query *q, struct bytes v)
{
	if (q->rc == SQLITE_OK)
		q->rc = sqlite3_bind_blob64(q->stmt, ++q->bound,
		    v.len == 0 ? (const void *)"" : v.p, v.len,
		    SQLITE_TRANSIENT);
}

bool
query_row(struct query *q)
{
	if (q->rc != SQLITE_OK && q->rc != SQLITE_ROW)
		return false;
	q->rc = sqlite3_step(q->stmt);
	return q->rc == SQLITE_ROW;
}

int64_t
col_int(struct query *q, int i)
{
	return sqlite3_column_int64(q->stmt, i);
}

void
col_text(struct query *q, int i, char *out, size_t cap)
{
	struct bytes b = {
		(const uint8_t *)sqlite3_column_text(q->stmt, i),
		(size_t)sqlite3_column_bytes(q->stmt, i)
	};

	if (!bytes_to_text(b, out, cap)) {
		q->cut = true;
		out[0] = '\0';
	}
}

struct bytes
col_blob(struct query *q, int i)
{
	const void *p = sqlite3_column_blob(q->stmt, i);

	return bytes_from(p, (size_t)sqlite3_column_bytes(q->stmt, i));
}

enum status
query_end(struct query *q)
{
	enum status st = ST_INTERNAL;

	if (q->rc != SQLITE_OK && q->rc != SQLITE_ROW && q->rc != SQLITE_DONE)
		st = reg_error(q->r, q->rc, q->d);
	else if (q->cut)
		st = diag_set(q->d, ST_DATA,
		    _("%s: holds a text longer than this program takes; was it written by another one?"),
		    q->r->path);
	else
		st = ST_OK;
	/* A statement that failed is not asked again. */
	if (st == ST_OK)
		give_back(q);
	else
		(void)sqlite3_finalize(q->stmt);
	q->stmt = NULL;
	return st;
}

enum status
query_run(struct query *q)
{
	while (query_row(q))
		;
	return query_end(q);
}

enum status
db_function(struct reg *r, const char *name, int args,
    void (*f)(sqlite3_context *ctx, int argc, sqlite3_value **v),
    struct diag *d)
{
	int rc = sqlite3_create_function_v2(r->db, name, args, SQLITE_UTF8 |
	    SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, f, NULL, NULL,
	    NULL);

	return rc == SQLITE_OK ? ST_OK : reg_error(r, rc, d);
}

struct bytes
db_value(sqlite3_value *v)
{
	const void *p = sqlite3_value_blob(v);

	return bytes_from(p, (size_t)sqlite3_value_bytes(v));
}

enum status
reg_exec(struct reg *r, const char *sql, struct diag *d)
{
	int rc = sqlite3_exec(r->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? ST_OK : reg_error(r, rc, d);
}
