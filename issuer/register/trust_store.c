#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/register/db.h"

static struct bytes
encode_key(const struct cose_key *key, uint8_t room[COSE_KEY_MAX])
{
	struct buf b = buf_over(room, COSE_KEY_MAX);

	cose_key_encode(key, &b);
	return buf_bytes(&b);
}

/* The very same one again is no harm and no change. */
static enum status
is_held(struct reg *r, struct bytes signed_list, bool *same, struct diag *d)
{
	struct query q = query(r, "SELECT list FROM trust_list"
	    " ORDER BY id DESC LIMIT 1", d);

	*same = query_row(&q) && bytes_equal(col_blob(&q, 0), signed_list);
	return query_end(&q);
}

static enum status
store_list(struct reg *r, struct bytes signed_list,
    const struct trust_list *list, const struct cose_key *anchor,
    struct diag *d)
{
	uint8_t room[COSE_KEY_MAX];
	struct query q = query(r, "INSERT INTO trust_list (sequence, iat, exp,"
	    " list, anchor, imported) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", d);

	bind_int(&q, (int64_t)list->sequence);
	bind_int(&q, list->iat);
	bind_int(&q, list->exp);
	bind_blob(&q, signed_list);
	bind_blob(&q, encode_key(anchor, room));
	bind_int(&q, r->now);
	return query_run(&q);
}

static enum status
store_key(struct reg *r, const struct trust_key *k, struct diag *d)
{
	uint8_t room[COSE_KEY_MAX];
	struct query q = query(r, "INSERT INTO signer_key (pub, role, kid,"
	    " from_, sign_until, until, revoked_from) VALUES (?1, ?2, ?3, ?4,"
	    " ?5, ?6, ?7)", d);

	bind_blob(&q, encode_key(&k->pub, room));
	bind_int(&q, (int64_t)k->role);
	bind_blob(&q, bytes_from(k->kid, KID_LEN));
	bind_int(&q, k->from);
	bind_int(&q, k->sign_until);
	bind_int(&q, k->until);
	bind_int(&q, k->revoked_from);
	return query_run(&q);
}

enum status
reg_trust_import(struct reg *r, struct bytes signed_list,
    const struct trust_list *list, const struct cose_key *anchor,
    struct diag *d)
{
	struct office office;
	struct query q;
	char object[48];
	bool same;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_office(r, &office, d)) != ST_OK ||
	    (st = is_held(r, signed_list, &same, d)) != ST_OK ||
	    same)
		return st;
	if ((st = store_list(r, signed_list, list, anchor, d)) != ST_OK)
		return st;
	q = query(r, "DELETE FROM signer_key", d);
	st = query_run(&q);
	for (size_t i = 0; i < list->keys_n && st == ST_OK; i++)
		if (bytes_equal_text(list->key[i].office, office.code))
			st = store_key(r, &list->key[i], d);
	if (st != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "trust list %" PRIu64,
	    list->sequence);
	return reg_audit(r, "trust.import", object, "", d);
}

enum status
reg_trust(struct reg *r, uint8_t **out, size_t *len, struct cose_key *anchor,
    struct diag *d)
{
	struct query q = query(r, "SELECT list, anchor FROM trust_list"
	    " ORDER BY id DESC LIMIT 1", d);
	enum status st = ST_NOT_FOUND, end;

	*out = NULL;
	*len = 0;
	if (query_row(&q)) {
		struct bytes list = col_blob(&q, 0);
		struct cbor c = cbor_from(col_blob(&q, 1));

		st = cose_key_parse(&c, anchor);
		if (st == ST_OK && (*out = malloc(list.len)) == NULL)
			st = diag_set(d, ST_INTERNAL, _("out of memory"));
		if (st == ST_OK) {
			memcpy(*out, list.p, list.len);
			*len = list.len;
		}
	}
	if ((end = query_end(&q)) != ST_OK) {
		free(*out);
		*out = NULL;
		return end;
	}
	if (st == ST_NOT_FOUND)
		return diag_set(d, st,
		    _("no trust list yet; take the ministry's with trust import"));
	return st;
}

/* Reads the one row of a query that selects these columns, or ST_NOT_FOUND. */
#define KEY_COLUMNS "pub, role, kid, from_, sign_until, until, revoked_from"

static enum status
read_key(struct query *q, struct office_key *out)
{
	enum status st = ST_NOT_FOUND, end;

	memset(out, 0, sizeof(*out));
	if (query_row(q)) {
		struct cbor c = cbor_from(col_blob(q, 0));
		struct bytes kid = col_blob(q, 2);

		st = cose_key_parse(&c, &out->pub);
		out->role = (enum key_role)col_int(q, 1);
		if (kid.len == KID_LEN)
			memcpy(out->kid, kid.p, KID_LEN);
		out->from = col_int(q, 3);
		out->sign_until = col_int(q, 4);
		out->until = col_int(q, 5);
		out->revoked_from = col_int(q, 6);
	}
	end = query_end(q);
	return end != ST_OK ? end : st;
}

enum status
reg_key(struct reg *r, const struct cose_key *pub, enum key_role role,
    struct office_key *out, struct diag *d)
{
	uint8_t room[COSE_KEY_MAX];
	struct query q = query(r, "SELECT " KEY_COLUMNS " FROM signer_key"
	    " WHERE pub = ?1 AND role = ?2", d);

	bind_blob(&q, encode_key(pub, room));
	bind_int(&q, (int64_t)role);
	return read_key(&q, out);
}

enum status
reg_key_of(struct reg *r, const struct card *c, struct office_key *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT " KEY_COLUMNS " FROM signer_key"
	    " WHERE kid = ?1 AND role = ?2", d);

	bind_blob(&q, bytes_from(c->kid, KID_LEN));
	bind_int(&q, ROLE_DOCUMENT);
	return read_key(&q, out);
}
