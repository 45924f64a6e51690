/*
 * The register's database, for the files of this folder only: one open SQLite
 * file, and a query that remembers its first failure, so that a caller binds,
 * steps and reads everything and asks once, in query_end.
 */
#ifndef CEDULA_ISSUER_REGISTER_DB_H
#define CEDULA_ISSUER_REGISTER_DB_H

#include <limits.h>

#include <sqlite3.h>

#include "issuer/register/register.h"

#define DB_KEPT 64	/* statements that stay prepared */

struct reg {
	sqlite3 *db;
	struct {
		const char *sql;	/* the literal itself, not its text */
		sqlite3_stmt *stmt;
	} kept[DB_KEPT];
	size_t next;			/* whose place the next one takes */
	char path[PATH_MAX];
	int64_t now;		/* the instant that acts are recorded at */
	bool clock_is_right;	/* though something is dated after now */
	int64_t officer;	/* who acts; 0: nobody */
	/* By which session, to be asked again: login "" where by none. */
	struct {
		char login[REG_NAME];
		uint8_t token_sha256[32];
		int64_t clock;
		unsigned needed;	/* one of these roles; 0: any */
	} acting;
};

struct query {
	struct reg *r;
	const char *sql;
	sqlite3_stmt *stmt;
	int bound, rc;
	bool cut;		/* a stored text was longer than its place */
	struct diag *d;
};

#define APPLICATION_ID 1137299994	/* schema/issuance.c, line 1 */

/* Opens the file as SQLite's flags say, with this folder's settings; what is in
 * it has not been looked at. vfs NULL: SQLite's own. Close with reg_close. */
enum status	db_open(const char *path, int flags, const char *vfs,
		    struct reg **out, struct diag *d) MUST_CHECK;
/* Is it a register? Then sets how it keeps its journal (a PRAGMA), and brings
 * it up to date. */
enum status	db_settle(struct reg *r, const char *journal, struct diag *d)
		    MUST_CHECK;
/* A pragma's number; -1 when it has none. */
enum status	db_pragma(struct reg *r, const char *sql, int64_t *out,
		    struct diag *d) MUST_CHECK;
/* The status and sentence for a SQLite result other than OK, ROW or DONE. */
enum status	reg_error(struct reg *r, int rc, struct diag *d);

/* sql is a literal; the binds that follow fill ?1, ?2 ... in order. What was
 * prepared is kept for the next query with the same literal: preparing takes
 * longer than most statements. */
struct query	query(struct reg *r, const char *sql, struct diag *d);
void		bind_int(struct query *q, int64_t v);
void		bind_text(struct query *q, const char *v);	/* NULL: null */
void		bind_blob(struct query *q, struct bytes v);
/* True while there is a row to read. */
bool		query_row(struct query *q);
int64_t		col_int(struct query *q, int i);
void		col_text(struct query *q, int i, char *out, size_t cap);
/* Borrowed until the next step. */
struct bytes	col_blob(struct query *q, int i);
/* Gives the statement back; ST_OK if nothing failed since query(). */
enum status	query_end(struct query *q) MUST_CHECK;
/* Steps to the end and frees: for statements whose rows nobody reads. */
enum status	query_run(struct query *q) MUST_CHECK;

/* A function of SQL, the same for the same arguments. Direct only: no trigger or
 * view of a strange file can call it. db_value borrows one argument. */
enum status	db_function(struct reg *r, const char *name, int args,
		    void (*f)(sqlite3_context *ctx, int argc,
		    sqlite3_value **v), struct diag *d) MUST_CHECK;
struct bytes	db_value(sqlite3_value *v);

/* Before the database is closed. */
void		query_drop_kept(struct reg *r);
/* ST_OK when an officer acts inside a transaction: asked before any change. */
enum status	reg_acting(struct reg *r, struct diag *d) MUST_CHECK;
/* Several statements without binds, from a literal. */
enum status	reg_exec(struct reg *r, const char *sql, struct diag *d)
		    MUST_CHECK;
/* How many migrations this program knows. */
int		schema_version(void);
/* Applies the migrations that the file does not have yet. */
enum status	schema_migrate(struct reg *r, struct diag *d) MUST_CHECK;

#endif
