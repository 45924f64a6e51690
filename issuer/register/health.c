#include "issuer/register/health.h"

#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"

static enum status
read_settings(struct reg *r, struct reg_health *out, struct diag *d)
{
	struct query q = query(r, "SELECT v.user_version, j.journal_mode,"
	    " s.synchronous, f.foreign_keys, p.page_count * z.page_size"
	    " FROM pragma_user_version() AS v, pragma_journal_mode() AS j,"
	    " pragma_synchronous() AS s, pragma_foreign_keys() AS f,"
	    " pragma_page_count() AS p, pragma_page_size() AS z", d);

	out->known = schema_version();
	if (query_row(&q)) {
		out->version = col_int(&q, 0);
		col_text(&q, 1, out->journal, sizeof(out->journal));
		out->synchronous = col_int(&q, 2);
		out->foreign_keys = col_int(&q, 3);
		out->bytes = (uint64_t)col_int(&q, 4);
	}
	return query_end(&q);
}

static enum status
read_dates(struct reg *r, struct reg_health *out, struct diag *d)
{
	struct query q = query(r, "SELECT ifnull((SELECT at FROM audit"
	    " ORDER BY id DESC LIMIT 1), 0)", d);
	enum status st;

	out->last_act = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_end(&q)) != ST_OK)
		return st;
	q = query(r, "SELECT iat, exp FROM trust_list ORDER BY id DESC LIMIT 1",
	    d);
	if (query_row(&q)) {
		out->trust_iat = col_int(&q, 0);
		out->trust_exp = col_int(&q, 1);
	}
	return query_end(&q);
}

static enum status
read_stock(struct reg *r, struct reg_health *out, struct diag *d)
{
	struct query q = query(r, "SELECT (SELECT count(*) FROM blank),"
	    " (SELECT count(*) FROM blank WHERE state = 'missing'),"
	    " (SELECT count(*) FROM blank_receipt AS r LEFT JOIN"
	    "  (SELECT receipt, count(*) AS n FROM blank GROUP BY receipt) AS b"
	    "  ON b.receipt = r.id WHERE ifnull(b.n, 0) <> r.last - r.first + 1),"
	    " (SELECT count(*) FROM (SELECT 1 FROM blank WHERE"
	    "  state = 'printed' GROUP BY card HAVING count(*) > 1)),"
	    " (SELECT count(*) FROM card AS c WHERE c.custody IN ('printed',"
	    "  'handed-over') AND c.issued >"
	    "  (SELECT min(at) FROM blank_receipt) AND NOT EXISTS"
	    "  (SELECT 1 FROM blank AS b WHERE b.card = c.id))", d);

	if (query_row(&q)) {
		out->blanks = col_int(&q, 0);
		out->missing = col_int(&q, 1);
		out->receipts_wrong = col_int(&q, 2);
		out->cards_wrong = col_int(&q, 3);
		out->cards_blankless = col_int(&q, 4);
	}
	return query_end(&q);
}

static enum status
read_count(struct reg *r, struct reg_health *out, struct diag *d)
{
	struct query q = query(r, "SELECT at, unexplained FROM stock_count"
	    " ORDER BY id DESC LIMIT 1", d);

	if (query_row(&q)) {
		out->counted = col_int(&q, 0);
		out->unexplained = col_int(&q, 1);
	}
	return query_end(&q);
}

enum status
reg_health(struct reg *r, struct reg_health *out, struct diag *d)
{
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = read_settings(r, out, d)) != ST_OK ||
	    (st = read_dates(r, out, d)) != ST_OK)
		return st;
	if ((st = read_stock(r, out, d)) != ST_OK)
		return st;
	return read_count(r, out, d);
}

enum status
reg_integrity(struct reg *r, char found[256], struct diag *d)
{
	struct query q = query(r, "PRAGMA integrity_check(1)", d);

	found[0] = '\0';
	if (query_row(&q)) {
		(void)snprintf(found, 256, "%.255s",
		    (const char *)sqlite3_column_text(q.stmt, 0));
		if (strcmp(found, "ok") == 0)
			found[0] = '\0';
	}
	return query_end(&q);
}

enum status
reg_orphans(struct reg *r, int64_t *n, char table[64], struct diag *d)
{
	struct query q = query(r, "PRAGMA foreign_key_check", d);

	*n = 0;
	table[0] = '\0';
	while (query_row(&q))
		if ((*n)++ == 0)
			col_text(&q, 0, table, 64);
	return query_end(&q);
}

enum status
reg_keys(struct reg *r, enum status (*each)(void *arg,
    const struct office_key *k), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT pub, role, kid, from_, sign_until,"
	    " until, revoked_from FROM signer_key ORDER BY role, sign_until",
	    d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		struct office_key k = { .role = (enum key_role)col_int(&q, 1) };
		struct cbor c = cbor_from(col_blob(&q, 0));
		struct bytes kid = col_blob(&q, 2);

		if ((st = cose_key_parse(&c, &k.pub)) != ST_OK)
			break;
		if (kid.len == KID_LEN)
			memcpy(k.kid, kid.p, KID_LEN);
		k.from = col_int(&q, 3);
		k.sign_until = col_int(&q, 4);
		k.until = col_int(&q, 5);
		k.revoked_from = col_int(&q, 6);
		st = each(arg, &k);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
