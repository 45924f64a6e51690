#include "common/series.h"

#include <string.h>

#include "common/base45.h"
#include "common/crypto.h"

static const char head[] = "CEDULA:";
static const char digits[] = "0123456789ABCDEF";

static enum status
tag_of(struct bytes bundle, uint8_t tag[SERIES_TAG_LEN])
{
	uint8_t hash[32];
	enum status st = crypto_sha256(&bundle, 1, hash);

	if (st == ST_OK)
		memcpy(tag, hash, SERIES_TAG_LEN);
	return st;
}

/* ---- writing ------------------------------------------------------------ */

void
series_plan(size_t len, size_t *n, size_t *part_bytes)
{
	size_t each;

	*n = len / SERIES_PART_MAX + (len % SERIES_PART_MAX != 0);
	*part_bytes = 0;
	if (*n == 0)
		return;
	each = len / *n + (len % *n != 0);
	*part_bytes = each + each % 2;	/* Base45 takes bytes by twos */
}

static void
put_number(struct buf *b, size_t v)
{
	if (v >= 10)
		buf_put_u8(b, (uint8_t)digits[v / 10]);
	buf_put_u8(b, (uint8_t)digits[v % 10]);
}

enum status
series_write(struct bytes bundle, size_t part_bytes, size_t i, char *text,
    size_t cap)
{
	struct buf b = buf_over((uint8_t *)text, cap);
	uint8_t tag[SERIES_TAG_LEN];
	size_t n, at;
	enum status st;

	if (cap > 0)
		text[0] = '\0';
	if (bundle.len == 0 || part_bytes == 0)
		return ST_USAGE;
	n = bundle.len / part_bytes + (bundle.len % part_bytes != 0);
	if (n > SERIES_PARTS_MAX || part_bytes > SERIES_PART_MAX)
		return ST_TOO_BIG;
	if (i < 1 || i > n)
		return ST_USAGE;
	if ((st = tag_of(bundle, tag)) != ST_OK)
		return st;
	at = (i - 1) * part_bytes;
	buf_put_text(&b, head);
	put_number(&b, i);
	buf_put_u8(&b, '/');
	put_number(&b, n);
	buf_put_u8(&b, ':');
	for (size_t k = 0; k < SERIES_TAG_LEN; k++) {
		buf_put_u8(&b, (uint8_t)digits[tag[k] >> 4]);
		buf_put_u8(&b, (uint8_t)digits[tag[k] & 15]);
	}
	buf_put_u8(&b, ':');
	st = base45_encode(bytes_from(bundle.p + at, i < n ? part_bytes :
	    bundle.len - at), &b);
	buf_put_u8(&b, '\0');
	if (st == ST_OK && b.bad)
		st = ST_TOO_BIG;
	if (st != ST_OK && cap > 0)
		text[0] = '\0';
	return st;
}

/* ---- collecting --------------------------------------------------------- */

struct part {
	size_t i, n;
	uint8_t tag[SERIES_TAG_LEN];
	struct bytes base45;
};

bool
series_is_part(struct bytes text)
{
	return text.len >= sizeof(head) - 1 &&
	    memcmp(text.p, head, sizeof(head) - 1) == 0;
}

static void
skip(struct bytes *in, size_t n)
{
	in->p += n;
	in->len -= n;
}

/* 1 to SERIES_PARTS_MAX without a leading zero, and the character after it;
 * 0 for anything else. */
static size_t
take_number(struct bytes *in, uint8_t after)
{
	size_t v = 0, n = 0;

	for (; n < in->len && in->p[n] >= '0' && in->p[n] <= '9'; n++) {
		v = v * 10 + (size_t)(in->p[n] - '0');
		if (v == 0 || v > SERIES_PARTS_MAX)
			return 0;
	}
	if (n == in->len || in->p[n] != after)
		return 0;
	skip(in, n + 1);
	return v;
}

static bool
take_tag(struct bytes *in, uint8_t tag[SERIES_TAG_LEN])
{
	size_t n = (size_t)2 * SERIES_TAG_LEN;

	if (in->len <= n || in->p[n] != ':')
		return false;
	for (size_t k = 0; k < n; k++) {
		const char *d = memchr(digits, in->p[k], 16);

		if (d == NULL)
			return false;
		tag[k / 2] = (uint8_t)(tag[k / 2] << 4 | (d - digits));
	}
	skip(in, n + 1);
	return true;
}

static bool
read_part(struct bytes text, struct part *p)
{
	memset(p, 0, sizeof(*p));
	while (text.len > 0 && (text.p[text.len - 1] == '\r' ||
	    text.p[text.len - 1] == '\n'))
		text.len--;
	if (!series_is_part(text))
		return false;
	skip(&text, sizeof(head) - 1);
	p->i = take_number(&text, '/');
	p->n = p->i == 0 ? 0 : take_number(&text, ':');
	if (p->n == 0 || p->i > p->n || !take_tag(&text, p->tag))
		return false;
	p->base45 = text;
	return true;
}

void
series_init(struct series *s, uint8_t *room)
{
	memset(s, 0, sizeof(*s));
	s->room = room;
}

enum status
series_take(struct series *s, struct bytes text)
{
	uint8_t piece[SERIES_PART_MAX];
	struct buf b = buf_over(piece, sizeof(piece));
	struct part p;
	uint8_t *slot;

	if (!read_part(text, &p) || base45_decode(p.base45, &b) != ST_OK ||
	    b.len == 0)
		return ST_MALFORMED;
	if (s->n != 0 && (p.n != s->n ||
	    memcmp(p.tag, s->tag, SERIES_TAG_LEN) != 0))
		return ST_STATE;
	slot = s->room + (p.i - 1) * SERIES_PART_MAX;
	if (s->n != 0 && s->len[p.i - 1] != 0)
		return bytes_equal(buf_bytes(&b), bytes_from(slot,
		    s->len[p.i - 1])) ? ST_OK : ST_DATA;
	memcpy(slot, piece, b.len);
	s->len[p.i - 1] = b.len;
	s->n = p.n;
	memcpy(s->tag, p.tag, SERIES_TAG_LEN);
	s->held++;
	return ST_OK;
}

size_t
series_missing(const struct series *s, size_t after)
{
	for (size_t i = after + 1; i <= s->n; i++)
		if (s->len[i - 1] == 0)
			return i;
	return 0;
}

enum status
series_finish(struct series *s, struct bytes *bundle)
{
	uint8_t tag[SERIES_TAG_LEN];
	size_t len = 0;
	enum status st;

	*bundle = bytes_from(NULL, 0);
	if (s->n == 0 || s->held != s->n)
		return ST_STATE;
	for (size_t i = 0; i < s->n; i++) {
		memmove(s->room + len, s->room + i * SERIES_PART_MAX,
		    s->len[i]);
		len += s->len[i];
	}
	if ((st = tag_of(bytes_from(s->room, len), tag)) == ST_OK &&
	    memcmp(tag, s->tag, SERIES_TAG_LEN) != 0)
		st = ST_DATA;
	if (st == ST_OK)
		*bundle = bytes_from(s->room, len);
	else
		series_init(s, s->room);
	return st;
}
