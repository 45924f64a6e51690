#include "common/statuslist.h"

#include <string.h>

#include "common/claims.h"
#include "common/inflate.h"
#include "common/text.h"

static enum status
read_list(struct cbor *c, struct statuslist *l)
{
	size_t n = cbor_map(c);
	bool lst = false;

	l->bits = 0;
	for (size_t i = 0; i < n && !c->bad; i++) {
		struct bytes key = cbor_text(c);

		if (bytes_equal_text(key, "bits")) {
			uint64_t bits = cbor_uint(c);

			l->bits = bits <= 8 ? (int)bits : 0;
		} else if (bytes_equal_text(key, "lst")) {
			l->packed = cbor_bytes(c);
			lst = true;
		} else {
			(void)cbor_raw(c);	/* aggregation_uri and others */
		}
	}
	if (c->bad || !lst || (l->bits != 1 && l->bits != 2 && l->bits != 4 &&
	    l->bits != 8))
		return ST_MALFORMED;
	return ST_OK;
}

static enum status
inflate_list(struct statuslist *l, struct buf *arena)
{
	/* The format's own bound, inside whatever room the arena has left. */
	struct buf room = buf_over(arena->p + arena->len,
	    arena->cap - arena->len < STATUSLIST_BYTES_MAX ?
	    arena->cap - arena->len : STATUSLIST_BYTES_MAX);
	enum status st = inflate_exact(l->packed, &room);

	if (st != ST_OK)
		return st;
	l->list = buf_bytes(&room);
	arena->len += room.len;
	return ST_OK;
}

enum status
statuslist_parse_list(struct bytes map, enum cbor_mode mode, struct buf *arena,
    struct statuslist *out)
{
	struct statuslist l = { 0 };
	struct cbor c = cbor_from(map);
	enum status st;

	*out = l;
	if (cbor_check(map, mode) != ST_OK)
		return ST_MALFORMED;
	if ((st = read_list(&c, &l)) != ST_OK ||
	    (st = inflate_list(&l, arena)) != ST_OK)
		return st;
	*out = l;
	return ST_OK;
}

enum status
statuslist_parse(struct bytes payload, enum cbor_mode mode, struct buf *arena,
    struct statuslist *out)
{
	struct statuslist l = { 0 };
	struct cbor c = cbor_from(payload);
	bool iat = false, list = false;
	enum status st;
	size_t n;

	*out = l;
	if (cbor_check(payload, mode) != ST_OK)
		return ST_MALFORMED;
	n = cbor_map(&c);
	for (size_t i = 0; i < n && !c.bad; i++) {
		int64_t key = 0;

		if (cbor_peek(&c) == CBOR_TEXT)
			(void)cbor_text(&c);
		else
			key = cbor_int(&c);
		switch (key) {
		case CWT_SUB:
			l.uri = cbor_text(&c);
			break;
		case CWT_EXP:
			l.exp = cbor_instant(&c, false);
			break;
		case CWT_IAT:
			l.iat = cbor_instant(&c, false);
			iat = true;
			break;
		case CWT_STATUS_LIST:
			if ((st = read_list(&c, &l)) != ST_OK)
				return st;
			list = true;
			break;
		default:
			(void)cbor_raw(&c);
		}
	}
	if (!cbor_done(&c) || !iat || !list || l.uri.len == 0 ||
	    l.iat < 0 || l.exp < 0)
		return ST_MALFORMED;
	if ((st = inflate_list(&l, arena)) != ST_OK)
		return st;
	*out = l;
	return ST_OK;
}

bool
statuslist_get(const struct statuslist *l, uint64_t index, unsigned *value)
{
	uint64_t per = 8 / (unsigned)l->bits;

	*value = 0;
	if (index / per >= l->list.len)
		return false;
	*value = (unsigned)l->list.p[index / per] >>
	    (unsigned)(index % per) * (unsigned)l->bits &
	    ((1u << (unsigned)l->bits) - 1);
	return true;
}

void
statuslist_set(uint8_t *list, uint64_t index, enum card_status value)
{
	unsigned shift = (unsigned)(index % 4) * 2;
	uint8_t *p = list + index / 4;

	*p = (uint8_t)((*p & ~(3u << shift)) | (unsigned)value << shift);
}

enum status
statuslist_encode(struct bytes state, struct bytes uri, int64_t iat,
    int64_t exp, struct bytes raw, struct buf *out)
{
	uint8_t *packed;
	struct buf z;
	enum status st;

	if (raw.len > STATUSLIST_BYTES_MAX)
		return ST_TOO_BIG;
	/* Sorted: 1, 2, 4, 6, 65533, 65534. The list is deflated in place, at
	 * the end of out, then moved behind its head, whose length depends
	 * on it. */
	cbor_put_map(out, 6);
	cbor_put_int(out, CWT_ISS);
	cbor_put_text(out, state);
	cbor_put_int(out, CWT_SUB);
	cbor_put_text(out, uri);
	cbor_put_int(out, CWT_EXP);
	cbor_put_int(out, exp);
	cbor_put_int(out, CWT_IAT);
	cbor_put_int(out, iat);
	cbor_put_int(out, CWT_STATUS_LIST);
	cbor_put_map(out, 2);
	cbor_put_text(out, bytes_text("lst"));
	if (out->bad || out->cap - out->len < 32)
		return ST_TOO_BIG;
	packed = out->p + out->len + 9;
	z = buf_over(packed, out->cap - out->len - 9);
	if ((st = deflate_all(raw, &z)) != ST_OK)
		return st;
	cbor_put_bytes_head(out, z.len);
	memmove(out->p + out->len, packed, z.len);
	out->len += z.len;
	cbor_put_text(out, bytes_text("bits"));
	cbor_put_uint(out, 2);
	cbor_put_int(out, CWT_TTL);
	cbor_put_int(out, exp > iat ? exp - iat : 0);
	return out->bad ? ST_TOO_BIG : ST_OK;
}

/* A code and the colon after it. */
static bool
take_code(struct bytes *in, bool digits, char out[4])
{
	if (in->len < 4 || in->p[3] != ':' ||
	    !text_is_code(bytes_from(in->p, 3), digits))
		return false;
	memcpy(out, in->p, 3);
	out[3] = '\0';
	in->p += 4;
	in->len -= 4;
	return true;
}

bool
status_uri_parse(struct bytes uri, struct status_uri *out)
{
	static const char head[] = "urn:cedula:";
	struct status_uri u = { 0 };

	*out = u;
	if (uri.len < sizeof(head) - 1 || uri.len > STATUSLIST_URI_MAX ||
	    memcmp(uri.p, head, sizeof(head) - 1) != 0)
		return false;
	uri.p += sizeof(head) - 1;
	uri.len -= sizeof(head) - 1;
	if (!take_code(&uri, false, u.state) ||
	    !take_code(&uri, true, u.office) || uri.len == 0 || uri.len > 6 ||
	    uri.p[0] == '0')
		return false;
	for (size_t i = 0; i < uri.len; i++) {
		if (uri.p[i] < '0' || uri.p[i] > '9')
			return false;
		u.number = u.number * 10 + (uint32_t)(uri.p[i] - '0');
	}
	*out = u;
	return true;
}
