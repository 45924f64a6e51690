#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "issuer/register/audit_chain.h"
#include "issuer/register/db.h"
#include "issuer/register/duplicate.h"
#include "issuer/register/log.h"
#include "issuer/register/office.h"
#include "issuer/register/session.h"

#define BUSY_MS 10000

/* Durable (FULL), room (64 MB, taken as it is used) for the pages that a search
 * for duplicates goes back to, nothing personal in temporary files, and no trust in what a
 * stranger may have written into the file's own schema. */
static const char settings[] =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA cache_size = -65536;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA recursive_triggers = ON;";

enum status
db_pragma(struct reg *r, const char *sql, int64_t *out, struct diag *d)
{
	struct query q = query(r, sql, d);

	*out = query_row(&q) ? col_int(&q, 0) : -1;
	return query_end(&q);
}

enum status
db_open(const char *path, int flags, const char *vfs, struct reg **out,
    struct diag *d)
{
	struct reg *r = calloc(1, sizeof(*r));
	enum status st = ST_INTERNAL;
	int rc, n;

	*out = NULL;
	if (r == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	n = snprintf(r->path, sizeof(r->path), "%s", path);
	if (n < 0 || (size_t)n >= sizeof(r->path)) {
		st = diag_set(d, ST_USAGE, _("%s: the path is too long"), path);
		goto out;
	}
	rc = sqlite3_open_v2(path, &r->db, flags | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_EXRESCODE, vfs);
	if (rc != SQLITE_OK || (rc = sqlite3_busy_timeout(r->db, BUSY_MS)) !=
	    SQLITE_OK) {
		st = reg_error(r, rc, d);
		goto out;
	}
	(void)sqlite3_db_config(r->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(r->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void)sqlite3_db_config(r->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if ((st = reg_exec(r, settings, d)) != ST_OK ||
	    (st = log_function(r, d)) != ST_OK ||
	    (st = audit_function(r, d)) != ST_OK)
		goto out;
	*out = r;
	r = NULL;
	st = ST_OK;
out:
	reg_close(r);
	return st;
}

enum status
db_settle(struct reg *r, const char *journal, struct diag *d)
{
	int64_t id;
	enum status st;

	if ((st = db_pragma(r, "PRAGMA application_id", &id, d)) != ST_OK)
		return st;
	if (id != APPLICATION_ID)
		return diag_set(d, ST_DATA,
		    _("%s: not a register of Cédula; name the right file with --register"),
		    r->path);
	if ((st = reg_exec(r, journal, d)) != ST_OK ||
	    (st = schema_migrate(r, d)) != ST_OK)
		return st;
	return reg_duplicate_fill(r, d);
}

enum status
reg_open(const char *path, struct reg **out, struct diag *d)
{
	struct reg *r = NULL;
	struct stat sb;
	enum status st;

	*out = NULL;
	if (stat(path, &sb) != 0)
		return errno == ENOENT ? diag_set(d, ST_NOT_FOUND,
		    _("%s: no register there; name one with --register or make one with init"),
		    path) : diag_errno(d, ST_IO, path);
	if ((st = db_open(path, SQLITE_OPEN_READWRITE, NULL, &r, d)) == ST_OK)
		st = db_settle(r, "PRAGMA journal_mode = WAL;", d);
	if (st == ST_OK)
		*out = r;
	else
		reg_close(r);
	return st;
}

/* The file and what SQLite keeps beside it. */
static void
remove_files(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[PATH_MAX];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		int n = snprintf(name, sizeof(name), "%s%s", path, ends[i]);

		if (n > 0 && (size_t)n < sizeof(name))
			(void)unlink(name);
	}
}

enum status
reg_create(const char *path, const struct office *office, const char *login,
    const char *full_name, unsigned roles, const struct secret *secret,
    int64_t now, struct diag *d)
{
	struct reg *r = NULL;
	enum status st = ST_INTERNAL;
	int fd;

	if ((st = office_check(office, d)) != ST_OK)
		return st;
	/* Ours alone from its first moment, and never another's file. */
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0)
		return errno == EEXIST ? diag_set(d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    path) : diag_errno(d, ST_CANT_CREATE, path);
	close(fd);
	if ((st = db_open(path, SQLITE_OPEN_READWRITE, NULL, &r, d)) != ST_OK ||
	    (st = reg_exec(r, "PRAGMA journal_mode = WAL;", d)) != ST_OK ||
	    (st = schema_migrate(r, d)) != ST_OK ||
	    (st = reg_begin(r, d)) != ST_OK)
		goto out;
	r->now = now;
	if ((st = office_store(r, office, d)) != ST_OK ||
	    (st = officer_first(r, login, full_name, roles, d)) != ST_OK ||
	    (st = reg_audit(r, "register.init", "register", office->name,
	    d)) != ST_OK || (secret != NULL && (st = reg_secret_set(r,
	    r->officer, secret, "officer.secret", NULL, now, d)) != ST_OK))
		goto out;
	st = reg_commit(r, d);
out:
	reg_close(r);
	if (st != ST_OK)
		remove_files(path);
	return st;
}

void
reg_close(struct reg *r)
{
	if (r == NULL)
		return;
	query_drop_kept(r);
	reg_rollback(r);
	(void)sqlite3_close(r->db);
	free(r);
}

void
reg_set_now(struct reg *r, int64_t now)
{
	r->now = now;
}

void
reg_set_clock_right(struct reg *r)
{
	r->clock_is_right = true;
}

enum status
reg_clock_refused(int64_t last, struct diag *d)
{
	char when[WHEN_TEXT];

	when_format(last, when);
	return diag_set(d, ST_STATE,
	    _("the register holds what was done or published at %s, which is after now: if this machine's clock is behind, set the clock; if it was ahead then and is right now, repeat with --clock-is-right"),
	    when);
}

enum status
reg_begin(struct reg *r, struct diag *d)
{
	return reg_exec(r, "BEGIN IMMEDIATE", d);
}

enum status
reg_begin_reading(struct reg *r, struct diag *d)
{
	return reg_exec(r, "BEGIN", d);
}

enum status
reg_commit(struct reg *r, struct diag *d)
{
	return reg_exec(r, "COMMIT", d);
}

void
reg_rollback(struct reg *r)
{
	if (r != NULL && r->db != NULL && sqlite3_get_autocommit(r->db) == 0)
		(void)sqlite3_exec(r->db, "ROLLBACK", NULL, NULL, NULL);
}

enum status
reg_check(struct reg *r, struct diag *d)
{
	struct query q = query(r, "PRAGMA integrity_check(1)", d);
	char found[256] = "";
	bool sound = false, orphans;
	enum status st;

	if (query_row(&q)) {
		(void)snprintf(found, sizeof(found), "%.*s",
		    (int)sizeof(found) - 1,
		    (const char *)sqlite3_column_text(q.stmt, 0));
		sound = strcmp(found, "ok") == 0;
	}
	if ((st = query_end(&q)) != ST_OK)
		return st;
	q = query(r, "PRAGMA foreign_key_check", d);
	orphans = query_row(&q);
	if ((st = query_end(&q)) != ST_OK)
		return st;
	if (!sound || orphans)
		return diag_set(d, ST_DATA,
		    _("%s: the register is damaged (%s); keep the file as it is and go on with the last good copy"),
		    r->path, sound ? _("rows that refer to nothing") : found);
	return ST_OK;
}
