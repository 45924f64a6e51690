#include <stdlib.h>
#include <string.h>

#include "issuer/register/db.h"

static bool
copy(struct bytes from, uint8_t **to, size_t *len)
{
	/* One more, so that an empty one is no NULL. */
	if ((*to = malloc(from.len + 1)) == NULL)
		return false;
	if (from.len > 0)
		memcpy(*to, from.p, from.len);
	*len = from.len;
	return true;
}

enum status
reg_published(struct reg *r, uint32_t list, struct published *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT iat, exp, kid, raw_sha256, token,"
	    " short_token FROM status_published WHERE list = ?1", d);
	enum status st = ST_NOT_FOUND, end;

	memset(out, 0, sizeof(*out));
	bind_int(&q, list);
	if (query_row(&q)) {
		struct bytes kid = col_blob(&q, 2), raw = col_blob(&q, 3);

		out->iat = col_int(&q, 0);
		out->exp = col_int(&q, 1);
		st = kid.len > KID_LEN || raw.len != sizeof(out->raw_sha256) ?
		    ST_INTERNAL : ST_OK;
		if (st == ST_OK) {
			out->kid_len = kid.len;
			if (kid.len > 0)
				memcpy(out->kid, kid.p, kid.len);
			memcpy(out->raw_sha256, raw.p, raw.len);
		}
		if (st == ST_OK && (!copy(col_blob(&q, 4), &out->token,
		    &out->token_len) || !copy(col_blob(&q, 5),
		    &out->short_token, &out->short_len)))
			st = diag_set(d, ST_INTERNAL, _("out of memory"));
	}
	if ((end = query_end(&q)) != ST_OK)
		st = end;
	if (st != ST_OK)
		published_free(out);
	return st;
}

enum status
reg_publish(struct reg *r, uint32_t list, const struct published *p,
    struct diag *d)
{
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO status_published (list, iat, exp, kid,"
	    " raw_sha256, token, short_token) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
	    " ?7) ON CONFLICT (list) DO UPDATE SET iat = excluded.iat,"
	    " exp = excluded.exp, kid = excluded.kid,"
	    " raw_sha256 = excluded.raw_sha256, token = excluded.token,"
	    " short_token = excluded.short_token", d);
	bind_int(&q, list);
	bind_int(&q, p->iat);
	bind_int(&q, p->exp);
	bind_blob(&q, bytes_from(p->kid, p->kid_len));
	bind_blob(&q, bytes_from(p->raw_sha256, sizeof(p->raw_sha256)));
	bind_blob(&q, bytes_from(p->token, p->token_len));
	bind_blob(&q, bytes_from(p->short_token, p->short_len));
	return query_run(&q);
}

void
published_free(struct published *p)
{
	free(p->token);
	free(p->short_token);
	memset(p, 0, sizeof(*p));
}

enum status
reg_last_act(struct reg *r, uint32_t list, int64_t until, int64_t *at,
    struct diag *d)
{
	struct query q = query(r, "SELECT ifnull(max(e.at), 0) FROM card AS c"
	    " JOIN card_event AS e ON e.card = c.id WHERE c.list = ?1 AND"
	    " e.at <= ?2 AND"
	    " e.event IN ('issue', 'revoke', 'suspend', 'reinstate')", d);

	bind_int(&q, list);
	bind_int(&q, until);
	*at = query_row(&q) ? col_int(&q, 0) : 0;
	return query_end(&q);
}

enum status
reg_published_newest(struct reg *r, int64_t *iat, struct diag *d)
{
	struct query q = query(r,
	    "SELECT ifnull(max(iat), 0) FROM status_published", d);

	*iat = query_row(&q) ? col_int(&q, 0) : 0;
	return query_end(&q);
}
