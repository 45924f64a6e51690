#include "issuer/register/audit_chain.h"

#include <inttypes.h>
#include <string.h>

#include "common/crypto.h"
#include "issuer/register/db.h"

static const char domain[] = "cedula-audit-1";
static const uint8_t nothing[AUDIT_HASH];

enum { TEXTS = 4 };	/* login, action, object, details */

static void
put_u64(uint8_t *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (56 - 8 * i));
}

/* Every length is there, so that no two acts are the same bytes. */
static enum status
chain(struct bytes before, const int64_t number[3],
    const struct bytes text[TEXTS], uint8_t out[AUDIT_HASH])
{
	uint8_t numbers[24], lengths[TEXTS][8];
	struct bytes part[3 + 2 * TEXTS];
	size_t n = 0;

	if (before.len != AUDIT_HASH)
		return ST_DATA;
	for (int i = 0; i < 3; i++)
		put_u64(numbers + 8 * i, (uint64_t)number[i]);
	part[n++] = bytes_from(domain, sizeof(domain));
	part[n++] = before;
	part[n++] = bytes_from(numbers, sizeof(numbers));
	for (size_t i = 0; i < TEXTS; i++) {
		put_u64(lengths[i], text[i].len);
		part[n++] = bytes_from(lengths[i], sizeof(lengths[i]));
		part[n++] = text[i];
	}
	return crypto_sha256(part, n, out);
}

/* cedula_audit_hash(before, id, at, officer, login, action, object, details) */
static void
make_hash(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
	uint8_t hash[AUDIT_HASH];
	int64_t number[3];
	struct bytes text[TEXTS];

	(void)argc;
	for (int i = 0; i < 3; i++)
		number[i] = sqlite3_value_int64(v[1 + i]);
	for (int i = 0; i < TEXTS; i++)
		text[i] = db_value(v[4 + i]);
	if (chain(db_value(v[0]), number, text, hash) == ST_OK)
		sqlite3_result_blob(ctx, hash, sizeof(hash), SQLITE_TRANSIENT);
	else
		sqlite3_result_error(ctx, "the audit's chain is broken", -1);
}

enum status
audit_function(struct reg *r, struct diag *d)
{
	return db_function(r, "cedula_audit_hash", 8, make_hash, d);
}

enum status
reg_audit(struct reg *r, const char *action, const char *object,
    const char *details, struct diag *d)
{
	struct query q;
	enum status st = reg_acting(r, d);

	if (st != ST_OK)
		return st;
	q = query(r, "INSERT INTO audit (id, at, officer, action, object,"
	    " details, hash) SELECT p.id + 1, ?1, o.id, ?3, ?4, ?5,"
	    " cedula_audit_hash(p.hash, p.id + 1, ?1, o.id, o.login, ?3, ?4,"
	    "  ?5) FROM officer AS o, (SELECT ifnull(max(id), 0) AS id,"
	    "  ifnull((SELECT hash FROM audit ORDER BY id DESC LIMIT 1),"
	    "  zeroblob(32)) AS hash FROM audit) AS p WHERE o.id = ?2", d);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, action);
	bind_text(&q, object);
	bind_text(&q, details);
	return query_run(&q);
}

static struct bytes
text_col(struct query *q, int i)
{
	const void *p = sqlite3_column_text(q->stmt, i);

	return bytes_from(p, (size_t)sqlite3_column_bytes(q->stmt, i));
}

/* Whether the act in this row follows the head; if so it is the new head. */
static enum status
follow(struct query *q, struct audit_head *head, bool *follows)
{
	int64_t number[3];
	struct bytes text[TEXTS], kept;
	uint8_t hash[AUDIT_HASH];
	enum status st;

	for (int i = 0; i < 3; i++)
		number[i] = col_int(q, i);
	for (int i = 0; i < TEXTS; i++)
		text[i] = text_col(q, 3 + i);
	kept = col_blob(q, 3 + TEXTS);
	if ((st = chain(bytes_from(head->hash, AUDIT_HASH), number, text,
	    hash)) != ST_OK)
		return st;
	*follows = bytes_equal(kept, bytes_from(hash, AUDIT_HASH));
	if (*follows) {
		head->id = number[0];
		head->acts++;
		memcpy(head->hash, hash, AUDIT_HASH);
	}
	return ST_OK;
}

/* What SQLite counted, which who cuts off the end may have forgotten. */
static enum status
counted(struct reg *r, int64_t *out, struct diag *d)
{
	struct query q = query(r,
	    "SELECT seq FROM sqlite_sequence WHERE name = 'audit'", d);

	*out = query_row(&q) ? col_int(&q, 0) : 0;
	return query_end(&q);
}

enum status
reg_audit_walk(struct reg *r, struct audit_head *head, int64_t *first_bad,
    struct diag *d)
{
	struct query q = query(r, "SELECT a.id, a.at, a.officer,"
	    " ifnull(o.login, ''), a.action, a.object, a.details, a.hash"
	    " FROM audit AS a LEFT JOIN officer AS o ON o.id = a.officer"
	    " ORDER BY a.id", d);
	enum status st = ST_OK, end;
	bool follows = true;
	int64_t count = 0;

	*first_bad = 0;
	*head = (struct audit_head){ .id = 0 };
	memcpy(head->hash, nothing, AUDIT_HASH);
	while (st == ST_OK && follows && query_row(&q)) {
		if ((st = follow(&q, head, &follows)) == ST_OK && !follows)
			*first_bad = col_int(&q, 0);
	}
	if ((end = query_end(&q)) != ST_OK || st != ST_OK)
		return end != ST_OK ? end : st;
	if (*first_bad == 0) {
		if ((st = counted(r, &count, d)) != ST_OK)
			return st;
		if (count > head->id)
			*first_bad = head->id + 1;
	}
	if (*first_bad == 0)
		return ST_OK;
	return diag_set(d, ST_DATA, count > 0 ?
	    _("audit %" PRId64 ": missing at the end; somebody removed acts behind the program's back: keep the file as it is and compare it with the last good copy") :
	    _("audit %" PRId64 ": not what follows the act before it; somebody changed the audit behind the program's back: keep the file as it is and compare it with the last good copy"),
	    *first_bad);
}

enum status
reg_audit_check(struct reg *r, int64_t *first_bad, struct diag *d)
{
	struct audit_head head;

	return reg_audit_walk(r, &head, first_bad, d);
}

enum status
reg_audit_hash(struct reg *r, int64_t id, uint8_t out[AUDIT_HASH],
    struct diag *d)
{
	struct query q = query(r, "SELECT hash FROM audit WHERE id = ?1", d);
	bool found = false;
	enum status st;

	memset(out, 0, AUDIT_HASH);
	bind_int(&q, id);
	if (query_row(&q)) {
		struct bytes b = col_blob(&q, 0);

		if ((found = b.len == AUDIT_HASH))
			memcpy(out, b.p, AUDIT_HASH);
	}
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("audit %" PRId64 ": not in this register"), id);
	return st;
}

/* By whatever narrows most; the rest is looked at row by row. */
#define ACTS(where) "SELECT a.id, a.at, o.login, a.action, a.object," \
    " a.details FROM audit AS a JOIN officer AS o ON o.id = a.officer" \
    " WHERE " where " AND a.at >= ?3 AND a.at < ?4" \
    " ORDER BY a.id DESC LIMIT ?5"

static struct query
query_acts(struct reg *r, const struct act_filter *f, struct diag *d)
{
	if (f->object != NULL)
		return query(r, ACTS("a.object = ?2 AND"
		    " (?1 IS NULL OR o.login = ?1)"), d);
	if (f->officer != NULL)
		return query(r, ACTS("a.officer = (SELECT id FROM officer"
		    " WHERE login = ?1) AND ?2 IS NULL"), d);
	return query(r, ACTS("?1 IS NULL AND ?2 IS NULL"), d);
}

static const char *
borrowed(struct query *q, int i)
{
	const void *p = sqlite3_column_text(q->stmt, i);

	return p != NULL ? p : "";
}

enum status
reg_acts(struct reg *r, const struct act_filter *f,
    enum status (*each)(void *arg, const struct act *a), void *arg,
    struct diag *d)
{
	struct query q = query_acts(r, f, d);
	enum status st = ST_OK, end;

	bind_text(&q, f->officer);
	bind_text(&q, f->object);
	bind_int(&q, f->from);
	bind_int(&q, f->to == 0 ? INT64_MAX : f->to);
	bind_int(&q, f->limit);
	while (st == ST_OK && query_row(&q)) {
		struct act a = { .id = col_int(&q, 0), .at = col_int(&q, 1),
		    .officer = borrowed(&q, 2), .action = borrowed(&q, 3),
		    .object = borrowed(&q, 4), .details = borrowed(&q, 5) };

		st = each(arg, &a);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
