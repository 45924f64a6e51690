#include "issuer/register/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/jsonw.h"
#include "common/merkle.h"
#include "issuer/register/db.h"
#include "issuer/register/log.h"

enum { ATTEMPTS = 60, TRIES = 5 };

/* ---- the file stands still ---------------------------------------------- */

static void
pause_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* *all: the -wal file holds nothing that the register's file lacks. */
static enum status
checkpoint(struct reg *r, bool *all, struct diag *d)
{
	struct query q = query(r, "PRAGMA wal_checkpoint(PASSIVE)", d);

	*all = query_row(&q) && col_int(&q, 0) == 0 &&
	    col_int(&q, 1) >= 0 && col_int(&q, 1) == col_int(&q, 2);
	return query_end(&q);
}

/* While `still` keeps others from committing. */
static enum status
begin_still(struct reg *r, struct reg *still, bool *begun, struct diag *d)
{
	bool all = false;
	enum status st = reg_begin(still, d);

	for (int i = 0; st == ST_OK && !all && i < TRIES; i++) {
		if (i > 0)
			pause_ms(50);
		st = checkpoint(r, &all, d);
	}
	if (st == ST_OK && all && (st = reg_begin_reading(r, d)) == ST_OK) {
		/* A snapshot begins with the first reading. */
		struct query q = query(r, "SELECT count(*) FROM office", d);

		*begun = query_row(&q);
		st = query_end(&q);
	}
	reg_rollback(still);
	return st;
}

static enum status
measure(struct reg *r, uint64_t *bytes, struct diag *d)
{
	struct query q = query(r, "SELECT c.page_count * s.page_size"
	    " FROM pragma_page_count() AS c, pragma_page_size() AS s", d);

	*bytes = query_row(&q) ? (uint64_t)col_int(&q, 0) : 0;
	return query_end(&q);
}

enum status
reg_snapshot(struct reg *r, uint64_t *bytes, struct diag *d)
{
	struct reg *still = NULL;
	bool begun = false;
	enum status st = reg_open(r->path, &still, d);

	for (int i = 0; st == ST_OK && !begun && i < ATTEMPTS; i++) {
		if (i > 0)
			pause_ms(1000);
		st = begin_still(r, still, &begun, d);
	}
	reg_close(still);
	if (st == ST_OK && !begun)
		st = diag_set(d, ST_STATE,
		    _("%s: other programs have been reading the register for a minute; wait for them and repeat"),
		    r->path);
	if (st == ST_OK)
		st = measure(r, bytes, d);
	if (st != ST_OK)
		reg_rollback(r);
	return st;
}

enum status
reg_snapshot_read(struct reg *r, uint64_t at, uint8_t *out, size_t len,
    struct diag *d)
{
	sqlite3_file *f = NULL;
	int rc = sqlite3_file_control(r->db, "main",
	    SQLITE_FCNTL_FILE_POINTER, &f);

	if (sqlite3_get_autocommit(r->db) != 0)
		return diag_set(d, ST_INTERNAL, _("a snapshot without its reader"));
	if (rc == SQLITE_OK)
		rc = f->pMethods->xRead(f, out, (int)len, (sqlite3_int64)at);
	return rc == SQLITE_OK ? ST_OK : reg_error(r, rc, d);
}

/* ---- counts ------------------------------------------------------------- */

static enum status
add_leaf(void *arg, int64_t seq, struct bytes entry)
{
	uint8_t leaf[MERKLE_HASH];
	enum status st = merkle_leaf(entry, leaf);

	(void)seq;
	return st != ST_OK ? st : merkle_add(arg, leaf);
}

enum status
reg_counts(struct reg *r, struct reg_counts *out, struct diag *d)
{
	struct merkle tree;
	struct query q = query(r, "SELECT (SELECT user_version FROM"
	    " pragma_user_version()), (SELECT count(*) FROM person),"
	    " (SELECT count(*) FROM household),"
	    " (SELECT count(*) FROM application), (SELECT count(*) FROM card),"
	    " (SELECT count(*) FROM audit)", d);
	enum status st;

	memset(out, 0, sizeof(*out));
	if (query_row(&q)) {
		out->version = col_int(&q, 0);
		out->persons = col_int(&q, 1);
		out->households = col_int(&q, 2);
		out->applications = col_int(&q, 3);
		out->cards = col_int(&q, 4);
		out->acts = col_int(&q, 5);
	}
	merkle_init(&tree);
	st = query_end(&q);
	if (st == ST_OK && out->version > schema_version())
		st = diag_set(d, ST_CONFIG,
		    _("%s: made by a newer Cédula (register version %d, this program knows %d); use the newer program"),
		    r->path, (int)out->version, schema_version());
	if (st != ST_OK ||
	    (st = reg_log_entries(r, add_leaf, &tree, d)) != ST_OK ||
	    (st = merkle_root(&tree, out->log_root)) != ST_OK)
		return st;
	out->log_size = tree.size;
	return ST_OK;
}

/* ---- backups and restoring ---------------------------------------------- */

enum status
reg_backup_add(struct reg *r, const struct backup_made *b, struct diag *d)
{
	char object[48], hex[65];
	uint8_t room[4096];
	struct buf text = buf_over(room, sizeof(room) - 1);
	struct jsonw j = jsonw_to(&text);
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO backup_made (at, officer, file, sha256,"
	    " bytes, log_size, log_root) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	    d);
	bind_int(&q, b->at);
	bind_int(&q, r->officer);
	bind_text(&q, b->file);
	bind_blob(&q, bytes_from(b->sha256, sizeof(b->sha256)));
	bind_int(&q, b->bytes);
	bind_int(&q, (int64_t)b->counts.log_size);
	bind_blob(&q, bytes_from(b->counts.log_root, MERKLE_HASH));
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "backup %lld",
	    (long long)sqlite3_last_insert_rowid(r->db));
	(void)bytes_to_hex(bytes_from(b->sha256, sizeof(b->sha256)), hex,
	    sizeof(hex));
	jsonw_object(&j);
	jsonw_field(&j, "file", b->file);
	jsonw_field(&j, "sha256", hex);
	jsonw_field_int(&j, "bytes", b->bytes);
	jsonw_object_end(&j);
	room[text.len] = '\0';
	return text.bad ? ST_INTERNAL : reg_audit(r, "backup.create", object,
	    (const char *)room, d);
}

enum status
reg_backup_newest(struct reg *r, struct backup_made *out, struct diag *d)
{
	struct query q = query(r, "SELECT b.at, b.bytes, b.file, o.login,"
	    " b.log_size FROM backup_made AS b JOIN officer AS o"
	    " ON o.id = b.officer ORDER BY b.id DESC LIMIT 1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((found = query_row(&q))) {
		out->at = col_int(&q, 0);
		out->bytes = col_int(&q, 1);
		col_text(&q, 2, out->file, sizeof(out->file));
		col_text(&q, 3, out->officer, sizeof(out->officer));
		out->counts.log_size = (uint64_t)col_int(&q, 4);
	}
	st = query_end(&q);
	return st != ST_OK || found ? st : ST_NOT_FOUND;
}

/* Another register from here on: who is logged in to the one that was backed
 * up is not logged in to this. */
static enum status
part_ways(struct reg *r, int64_t clock, struct diag *d)
{
	struct query q = query(r, "UPDATE session SET closed = ?1"
	    " WHERE closed IS NULL", d);
	enum status st;

	bind_int(&q, clock);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return reg_exec(r, "UPDATE register_uid SET uid = randomblob(16)", d);
}

enum status
reg_restored(struct reg *r, const char *backup, const char *proof,
    int64_t after, int64_t clock, int64_t *next, struct diag *d)
{
	uint8_t room[4096];
	struct buf text = buf_over(room, sizeof(room) - 1);
	struct jsonw j = jsonw_to(&text);
	struct query q;
	int64_t was;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK)
		return st;
	q = query(r, "SELECT next FROM number_counter", d);
	was = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_end(&q)) != ST_OK)
		return st;
	*next = after >= was ? after + 1 : was;
	q = query(r, "UPDATE number_counter SET next = ?1 WHERE next < ?1", d);
	bind_int(&q, *next);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	if ((st = part_ways(r, clock, d)) != ST_OK)
		return st;
	jsonw_object(&j);
	jsonw_field(&j, "backup", backup);
	jsonw_field(&j, "proof", proof);
	jsonw_field_int(&j, "next_before", was);
	jsonw_field_int(&j, "next", *next);
	jsonw_object_end(&j);
	room[text.len] = '\0';
	return text.bad ? ST_INTERNAL : reg_audit(r, "register.restore",
	    "register", (const char *)room, d);
}
