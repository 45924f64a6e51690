#include "issuer/register/log.h"

#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "common/logentry.h"

/* ---- one place makes entries -------------------------------------------- */

static bool
value_text(sqlite3_value *v, char *out, size_t cap)
{
	return bytes_to_text(db_value(v), out, cap);
}

/* cedula_log_entry(event, at, number, state, office, list, idx, exp, token) */
static void
make_entry(sqlite3_context *ctx, int argc, sqlite3_value **v)
{
	uint8_t room[LOG_ENTRY_MAX];
	struct buf out = buf_over(room, sizeof(room));
	struct log_entry e = { .kind = LOG_ISSUE };
	char event[16];
	struct bytes token;
	int64_t list;

	(void)argc;
	e.at = sqlite3_value_int64(v[1]);
	list = sqlite3_value_int64(v[5]);
	e.list.number = list > 0 && list < INT32_MAX ? (uint32_t)list : 0;
	e.index = (uint64_t)sqlite3_value_int64(v[6]);
	if (!value_text(v[0], event, sizeof(event)) ||
	    !log_kind_parse(event, &e.kind) ||
	    !value_text(v[2], e.number, sizeof(e.number)) ||
	    !value_text(v[3], e.list.state, sizeof(e.list.state)) ||
	    !value_text(v[4], e.list.office, sizeof(e.list.office)))
		goto bad;
	token = db_value(v[8]);
	if (e.kind == LOG_ISSUE) {
		e.exp = sqlite3_value_int64(v[7]);
		if (crypto_sha256(&token, 1, e.card) != ST_OK)
			goto bad;
	}
	if (log_entry_encode(&e, &out) != ST_OK)
		goto bad;
	sqlite3_result_blob(ctx, out.p, (int)out.len, SQLITE_TRANSIENT);
	return;
bad:
	sqlite3_result_error(ctx, "this act has no form in the log", -1);
}

enum status
log_function(struct reg *r, struct diag *d)
{
	return db_function(r, "cedula_log_entry", 9, make_entry, d);
}

enum status
log_append(struct reg *r, int64_t event, struct diag *d)
{
	struct query q = query(r, "INSERT INTO log_entry (seq, entry, event)"
	    " SELECT (SELECT ifnull(max(seq), -1) + 1 FROM log_entry),"
	    " cedula_log_entry(e.event, e.at, c.number, o.state, o.code,"
	    "  c.list, c.idx, c.expires, c.token), e.id"
	    " FROM card_event AS e JOIN card AS c ON c.id = e.card, office AS o"
	    " WHERE e.id = ?1 AND e.event IN"
	    "  ('issue', 'revoke', 'suspend', 'reinstate')", d);

	bind_int(&q, event);
	return query_run(&q);
}

/* ---- reading ------------------------------------------------------------ */

enum status
reg_log_size(struct reg *r, uint64_t *out, struct diag *d)
{
	struct query q = query(r,
	    "SELECT ifnull(max(seq), -1) + 1 FROM log_entry", d);

	*out = query_row(&q) ? (uint64_t)col_int(&q, 0) : 0;
	return query_end(&q);
}

enum status
reg_log_entries(struct reg *r,
    enum status (*each)(void *arg, int64_t seq, struct bytes entry), void *arg,
    struct diag *d)
{
	struct query q = query(r,
	    "SELECT seq, entry FROM log_entry ORDER BY seq", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q))
		st = each(arg, col_int(&q, 0), col_blob(&q, 1));
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

static void
read_log_row(struct query *q, struct log_row *row)
{
	memset(row, 0, sizeof(*row));
	row->seq = col_int(q, 0);
	row->entry = col_blob(q, 1);
	if ((row->has_event = sqlite3_column_type(q->stmt, 2) != SQLITE_NULL)) {
		row->at = col_int(q, 2);
		col_text(q, 3, row->event, sizeof(row->event));
	}
	if ((row->has_card = sqlite3_column_type(q->stmt, 4) != SQLITE_NULL)) {
		col_text(q, 4, row->number, sizeof(row->number));
		row->list = col_int(q, 5);
		row->index = col_int(q, 6);
		row->expires = col_int(q, 7);
		row->token = col_blob(q, 8);
		row->qr = col_blob(q, 9);
	}
}

enum status
reg_log_rows(struct reg *r,
    enum status (*each)(void *arg, const struct log_row *row), void *arg,
    struct diag *d)
{
	/* A token is read, and hashed, where an issue stands on it alone. */
	struct query q = query(r, "SELECT l.seq, l.entry, e.at, e.event,"
	    " c.number, c.list, c.idx, c.expires,"
	    " CASE e.event WHEN 'issue' THEN c.token END,"
	    " CASE e.event WHEN 'issue' THEN c.qr END"
	    " FROM log_entry AS l LEFT JOIN card_event AS e ON e.id = l.event"
	    " LEFT JOIN card AS c ON c.id = e.card ORDER BY l.seq", d);
	enum status st = ST_OK, end;
	struct log_row row;

	while (st == ST_OK && query_row(&q)) {
		read_log_row(&q, &row);
		st = each(arg, &row);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_log_strays(struct reg *r,
    enum status (*each)(void *arg, const struct log_stray *s), void *arg,
    struct diag *d)
{
	/* Acts without an entry; then cards whose last entry is another status
	 * than theirs, or that have no one entry of their issue. */
	struct query q = query(r, "SELECT c.number, e.event, '', e.id"
	    " FROM card_event AS e LEFT JOIN card AS c ON c.id = e.card"
	    " LEFT JOIN log_entry AS l ON l.event = e.id WHERE l.seq IS NULL"
	    " AND e.event IN ('issue', 'revoke', 'suspend', 'reinstate')"
	    " UNION ALL SELECT c.number, ifnull((SELECT e.event FROM card_event"
	    "  AS e JOIN log_entry AS l ON l.event = e.id WHERE e.card = c.id"
	    "  ORDER BY l.seq DESC LIMIT 1), '') AS last, c.status, 0"
	    " FROM card AS c WHERE c.status IS NOT CASE last"
	    "  WHEN 'issue' THEN 'valid' WHEN 'reinstate' THEN 'valid'"
	    "  WHEN 'revoke' THEN 'revoked' WHEN 'suspend' THEN 'suspended' END"
	    " OR (SELECT count(*) FROM card_event AS e JOIN log_entry AS l"
	    "  ON l.event = e.id WHERE e.card = c.id AND e.event = 'issue')"
	    "  <> 1", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct log_stray s = { .event_id = col_int(&q, 3) };

		if (sqlite3_column_type(q.stmt, 0) != SQLITE_NULL)
			col_text(&q, 0, s.number, sizeof(s.number));
		col_text(&q, 1, s.event, sizeof(s.event));
		col_text(&q, 2, s.status, sizeof(s.status));
		st = each(arg, &s);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_log_acts(struct reg *r, uint64_t *acts, uint64_t *entries, struct diag *d)
{
	struct query q = query(r, "SELECT (SELECT count(*) FROM audit WHERE"
	    " action IN ('card.issue', 'card.revoke', 'card.suspend',"
	    " 'card.reinstate')), (SELECT count(*) FROM log_entry)", d);

	*acts = *entries = 0;
	if (query_row(&q)) {
		*acts = (uint64_t)col_int(&q, 0);
		*entries = (uint64_t)col_int(&q, 1);
	}
	return query_end(&q);
}

enum status
reg_log_issue_of(struct reg *r, const char *number, uint64_t *seq,
    uint8_t entry[LOG_ENTRY_MAX], size_t *len, struct diag *d)
{
	struct query q = query(r, "SELECT l.seq, l.entry FROM card AS c"
	    " JOIN card_event AS e ON e.card = c.id AND e.event = 'issue'"
	    " JOIN log_entry AS l ON l.event = e.id WHERE c.number = ?1", d);
	bool found;
	enum status st;

	bind_text(&q, number);
	*len = 0;
	if ((found = query_row(&q))) {
		struct bytes b = col_blob(&q, 1);

		*seq = (uint64_t)col_int(&q, 0);
		*len = b.len <= LOG_ENTRY_MAX ? b.len : 0;
		memcpy(entry, b.p, *len);
	}
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("card %.32s: not in the log; look with card list"),
		    number);
	return st;
}

enum status
reg_list_acts(struct reg *r, uint32_t list,
    enum status (*each)(void *arg, uint64_t index, enum card_status is,
    int64_t at), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT c.idx, e.event, e.at FROM card AS c"
	    " JOIN card_event AS e ON e.card = c.id WHERE c.list = ?1 AND"
	    " e.event IN ('issue', 'revoke', 'suspend', 'reinstate')"
	    " ORDER BY e.id", d);
	enum status st = ST_OK, end;

	bind_int(&q, list);
	while (st == ST_OK && query_row(&q)) {
		enum log_kind kind;
		char event[16];

		col_text(&q, 1, event, sizeof(event));
		if (log_kind_parse(event, &kind))
			st = each(arg, (uint64_t)col_int(&q, 0),
			    log_kind_status(kind), col_int(&q, 2));
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* ---- what was signed ---------------------------------------------------- */

enum status
reg_log_heads(struct reg *r,
    enum status (*each)(void *arg, const struct log_head *h,
    struct bytes signed_head), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT size, iat, root, head FROM log_head"
	    " ORDER BY size, id", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct log_head h = { .size = (uint64_t)col_int(&q, 0),
		    .iat = col_int(&q, 1) };
		struct bytes root = col_blob(&q, 2);

		if (root.len == sizeof(h.root))
			memcpy(h.root, root.p, root.len);
		st = each(arg, &h, col_blob(&q, 3));
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_log_head_add(struct reg *r, const struct log_head *h, struct bytes kid,
    struct bytes signed_head, struct diag *d)
{
	struct query q;
	char object[48];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO log_head (size, iat, root, kid, head)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)", d);
	bind_int(&q, (int64_t)h->size);
	bind_int(&q, h->iat);
	bind_blob(&q, bytes_from(h->root, sizeof(h->root)));
	bind_blob(&q, kid);
	bind_blob(&q, signed_head);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "log of %llu",
	    (unsigned long long)h->size);
	return reg_audit(r, "log.head", object, "", d);
}

enum status
reg_log_head_held(struct reg *r, uint64_t size, struct bytes kid,
    struct log_held *out, struct diag *d)
{
	struct query q = query(r, "SELECT size, iat, root, head FROM log_head"
	    " WHERE (?1 < 0 OR size = ?1) AND (?2 IS NULL OR kid = ?2)"
	    " ORDER BY size DESC, id DESC LIMIT 1", d);
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, size > (uint64_t)INT64_MAX ? -1 : (int64_t)size);
	if (kid.len == 0)
		bind_text(&q, NULL);
	else
		bind_blob(&q, kid);
	if (query_row(&q)) {
		struct bytes root = col_blob(&q, 2), head = col_blob(&q, 3);

		out->head.size = (uint64_t)col_int(&q, 0);
		out->head.iat = col_int(&q, 1);
		if (root.len == sizeof(out->head.root))
			memcpy(out->head.root, root.p, root.len);
		if (head.len <= sizeof(out->signed_head)) {
			memcpy(out->signed_head, head.p, head.len);
			out->len = head.len;
		} else
			q.cut = true;
	}
	if ((st = query_end(&q)) == ST_OK && out->len == 0)
		st = ST_NOT_FOUND;
	return st;
}
