#include "common/cbor.h"

#include <string.h>

#include "common/text.h"

/* ---- heads -------------------------------------------------------------- */

struct head {
	uint8_t major, info;	/* info: the low five bits as written */
	uint64_t arg;
};

/* Takes one head; *minimal tells whether a shorter one would have done. */
static bool
take_head(struct cbor *c, struct head *h, bool *minimal)
{
	size_t n;

	if (c->bad || c->left == 0)
		return false;
	h->major = c->p[0] >> 5;
	h->info = c->p[0] & 31;
	if (h->info < 24) {
		h->arg = h->info;
		n = 0;
	} else if (h->info <= 27) {
		n = (size_t)1 << (h->info - 24);
	} else {
		return false;	/* 28-30 are reserved, 31 is indefinite */
	}
	if (c->left - 1 < n)
		return false;
	if (n != 0) {
		h->arg = 0;
		for (size_t i = 1; i <= n; i++)
			h->arg = h->arg << 8 | c->p[i];
	}
	*minimal = (n == 0) || (n == 1 && h->arg >= 24) ||
	    (n > 1 && h->arg >> (n * 4) != 0);
	c->p += 1 + n;
	c->left -= 1 + n;
	return true;
}

/* ---- the check ---------------------------------------------------------- */

/* One open array, map or tag. For a map, where its keys lie. */
struct level {
	uint64_t items;			/* still to come */
	bool map, in_value;
	bool sorted;			/* keys ascending so far */
	const uint8_t *first;		/* first key, for unsorted maps */
	struct bytes last_key;
	uint64_t seen;			/* keys taken */
	const uint8_t *key_at;		/* start of the key being read */
};

static bool
float_is_shortest(struct head h)
{
	double d;
	float f;

	if (h.info == 25)
		return true;
	if (h.info == 26) {
		uint32_t w = (uint32_t)h.arg, mant = w & 0x7fffff;
		int exp = (int)(w >> 23 & 255) - 127;

		if (exp == 128)		/* infinity, NaN: half will do */
			return (mant & 0x1fff) != 0;
		if (exp == -127)
			return mant != 0;
		if (exp >= -14 && exp <= 15)
			return (mant & 0x1fff) != 0;
		if (exp >= -24 && exp < -14)	/* half's subnormals */
			return ((mant | 0x800000) &
			    ((1u << (unsigned)(-1 - exp)) - 1)) != 0;
		return true;
	}
	memcpy(&d, &h.arg, sizeof(d));
	f = (float)d;
	return !((double)f == d || d != d);
}

/* Skips one shallow item of known good form: for walking keys again. */
static struct bytes
item_at(struct cbor *c)
{
	const uint8_t *start = c->p;
	uint64_t pending = 1;

	while (pending > 0) {
		struct head h;
		bool m;

		if (!take_head(c, &h, &m)) {
			c->bad = true;
			return (struct bytes){ NULL, 0 };
		}
		pending--;
		if (h.major == CBOR_BYTES || h.major == CBOR_TEXT) {
			if (h.arg > c->left) {
				c->bad = true;
				return (struct bytes){ NULL, 0 };
			}
			c->p += h.arg;
			c->left -= (size_t)h.arg;
		} else if (h.major == CBOR_ARRAY || h.major == CBOR_MAP) {
			/* Every item needs a byte: more is a lie. */
			if (h.arg > c->left) {
				c->bad = true;
				return (struct bytes){ NULL, 0 };
			}
			pending += h.major == CBOR_MAP ? 2 * h.arg : h.arg;
		} else if (h.major == CBOR_TAG) {
			pending++;
		}
	}
	return (struct bytes){ start, (size_t)(c->p - start) };
}

/* In an unsorted map a key is compared with all before it; the number of pairs
 * is bounded, so that a hostile map cannot cost more than its square. */
static bool
key_is_new(const struct level *l, struct bytes key)
{
	struct cbor c = cbor_from((struct bytes){ l->first,
	    (size_t)(key.p - l->first) });

	for (uint64_t i = 0; i < l->seen; i++) {
		struct bytes k = item_at(&c);

		if (c.bad || bytes_equal(k, key))
			return false;
		(void)item_at(&c);
	}
	return !c.bad;
}

static bool
key_done(struct level *l, struct bytes key, enum cbor_mode mode)
{
	struct cbor c = cbor_from(key);
	struct head h;
	bool minimal;

	/* Also in liberal reading: 169 in two lengths would be one key twice,
	 * and the second would win unseen. */
	if (!take_head(&c, &h, &minimal) || !minimal)
		return false;
	if (l->seen == 0) {
		l->first = key.p;
		l->sorted = true;
	} else if (!l->sorted || bytes_compare(l->last_key, key) >= 0) {
		if (mode == CBOR_STRICT || l->seen >= CBOR_LIBERAL_PAIRS ||
		    !key_is_new(l, key))
			return false;
		l->sorted = false;
	}
	l->last_key = key;
	l->seen++;
	return true;
}

/* An item ended at c->p: tell the levels above, closing those that are full. */
static bool
item_ended(struct cbor *c, struct level *stack, size_t *depth,
    enum cbor_mode mode)
{
	while (*depth > 0) {
		struct level *l = &stack[*depth - 1];

		if (l->map && !l->in_value) {
			if (!key_done(l, (struct bytes){ l->key_at,
			    (size_t)(c->p - l->key_at) }, mode))
				return false;
			l->in_value = true;
			return true;
		}
		l->in_value = false;
		l->key_at = c->p;
		if (--l->items > 0)
			return true;
		--*depth;
	}
	return true;
}

static bool
check_leaf(struct cbor *c, struct head h, bool minimal, enum cbor_mode mode)
{
	switch (h.major) {
	case CBOR_BYTES:
	case CBOR_TEXT:
		if (h.arg > c->left)
			return false;
		if (h.major == CBOR_TEXT &&
		    !text_is_utf8((struct bytes){ c->p, (size_t)h.arg }))
			return false;
		c->p += h.arg;
		c->left -= (size_t)h.arg;
		break;
	case CBOR_SIMPLE:
		if (h.info == 24)	/* simple(0..31) has no such form */
			return h.arg >= 32;
		if (h.info >= 25)
			return mode == CBOR_LIBERAL || float_is_shortest(h);
		break;
	default:
		break;
	}
	return mode == CBOR_LIBERAL || minimal;
}

static bool
check_one(struct cbor *c, enum cbor_mode mode)
{
	struct level stack[CBOR_DEPTH];
	size_t depth = 0;

	do {
		struct head h;
		bool minimal;

		if (!take_head(c, &h, &minimal))
			return false;
		if (h.major < CBOR_ARRAY || h.major == CBOR_SIMPLE) {
			if (!check_leaf(c, h, minimal, mode))
				return false;
		} else {
			if (mode == CBOR_STRICT && !minimal)
				return false;
			if (h.major != CBOR_TAG && h.arg > c->left)
				return false;
			if (h.major == CBOR_TAG || h.arg > 0) {
				if (depth == CBOR_DEPTH)
					return false;
				stack[depth++] = (struct level){
				    .items = h.major == CBOR_TAG ? 1 : h.arg,
				    .map = h.major == CBOR_MAP,
				    .key_at = c->p };
				continue;
			}
		}
		if (!item_ended(c, stack, &depth, mode))
			return false;
	} while (depth > 0);
	return true;
}

enum status
cbor_check_first(struct bytes in, enum cbor_mode mode, struct bytes *item)
{
	struct cbor c = cbor_from(in);

	*item = (struct bytes){ NULL, 0 };
	if (!check_one(&c, mode))
		return ST_MALFORMED;
	*item = (struct bytes){ in.p, in.len - c.left };
	return ST_OK;
}

enum status
cbor_check(struct bytes in, enum cbor_mode mode)
{
	struct bytes item;

	if (cbor_check_first(in, mode, &item) != ST_OK || item.len != in.len)
		return ST_MALFORMED;
	return ST_OK;
}

/* ---- the cursor --------------------------------------------------------- */

struct cbor
cbor_from(struct bytes in)
{
	return (struct cbor){ in.p, in.len, false };
}

enum cbor_type
cbor_peek(const struct cbor *c)
{
	return c->bad || c->left == 0 ? CBOR_NONE :
	    (enum cbor_type)(c->p[0] >> 5);
}

static uint64_t
take(struct cbor *c, enum cbor_type want)
{
	struct head h;
	bool minimal;

	if (cbor_peek(c) != want || !take_head(c, &h, &minimal)) {
		c->bad = true;
		return 0;
	}
	return h.arg;
}

uint64_t
cbor_uint(struct cbor *c)
{
	return take(c, CBOR_UINT);
}

int64_t
cbor_int(struct cbor *c)
{
	bool negative = cbor_peek(c) == CBOR_NINT;
	uint64_t v = take(c, negative ? CBOR_NINT : CBOR_UINT);

	if (v > INT64_MAX) {
		c->bad = true;
		return 0;
	}
	return negative ? -1 - (int64_t)v : (int64_t)v;
}

static struct bytes
take_run(struct cbor *c, enum cbor_type want)
{
	uint64_t n = take(c, want);
	struct bytes b = { c->p, (size_t)n };

	if (c->bad || n > c->left) {
		c->bad = true;
		return (struct bytes){ NULL, 0 };
	}
	c->p += n;
	c->left -= (size_t)n;
	return b;
}

struct bytes
cbor_bytes(struct cbor *c)
{
	return take_run(c, CBOR_BYTES);
}

struct bytes
cbor_text(struct cbor *c)
{
	return take_run(c, CBOR_TEXT);
}

static size_t
take_count(struct cbor *c, enum cbor_type want)
{
	uint64_t n = take(c, want);

	if (c->bad || n > c->left) {
		c->bad = true;
		return 0;
	}
	return (size_t)n;
}

size_t
cbor_array(struct cbor *c)
{
	return take_count(c, CBOR_ARRAY);
}

size_t
cbor_map(struct cbor *c)
{
	return take_count(c, CBOR_MAP);
}

uint64_t
cbor_tag(struct cbor *c)
{
	return take(c, CBOR_TAG);
}

bool
cbor_is_float(const struct cbor *c)
{
	return cbor_peek(c) == CBOR_SIMPLE && (c->p[0] & 31) >= 25 &&
	    (c->p[0] & 31) <= 27;
}

bool
cbor_simple(struct cbor *c, uint8_t *value)
{
	*value = 0;
	if (cbor_is_float(c)) {
		c->bad = true;
		return false;
	}
	*value = (uint8_t)take(c, CBOR_SIMPLE);
	return !c->bad;
}

static double
half_to_double(uint16_t w)
{
	int exp = w >> 10 & 31, mant = w & 1023;
	double d;

	if (exp == 31) {
		uint64_t bits = UINT64_C(0x7ff) << 52 | (uint64_t)mant << 42;

		memcpy(&d, &bits, sizeof(d));
	} else if (exp == 0) {
		d = mant / 16777216.0;		/* 2^-24 */
	} else {
		d = (mant + 1024) / 1024.0;
		for (; exp > 15; exp--)
			d *= 2;
		for (; exp < 15; exp++)
			d /= 2;
	}
	return w >> 15 ? -d : d;
}

double
cbor_float(struct cbor *c)
{
	int size = cbor_is_float(c) ? c->p[0] & 31 : 0;
	uint64_t v = take(c, CBOR_SIMPLE);
	double d = 0;
	float f;
	uint32_t w = (uint32_t)v;

	if (size == 0 || c->bad) {
		c->bad = true;
		return 0;
	}
	if (size == 25)
		return half_to_double((uint16_t)v);
	if (size == 26) {
		memcpy(&f, &w, sizeof(f));
		return (double)f;
	}
	memcpy(&d, &v, sizeof(d));
	return d;
}

int64_t
cbor_instant(struct cbor *c, bool up)
{
	double d;
	int64_t t;

	if (!cbor_is_float(c))
		return cbor_int(c);
	d = cbor_float(c);
	/* NaN fails both comparisons; 2^53 keeps the conversion exact. */
	if (!(d > -9007199254740992.0 && d < 9007199254740992.0)) {
		c->bad = true;
		return 0;
	}
	t = (int64_t)d;
	if (up && (double)t < d)
		t++;
	if (!up && (double)t > d)
		t--;
	return t;
}

struct bytes
cbor_raw(struct cbor *c)
{
	if (c->bad)
		return (struct bytes){ NULL, 0 };
	return item_at(c);
}

bool
cbor_done(const struct cbor *c)
{
	return !c->bad && c->left == 0;
}

/* ---- the writer --------------------------------------------------------- */

static void
put_head(struct buf *b, enum cbor_type major, uint64_t arg)
{
	uint8_t h[9];
	size_t n;

	if (arg < 24) {
		buf_put_u8(b, (uint8_t)((unsigned)major << 5 | (unsigned)arg));
		return;
	}
	n = arg <= 0xff ? 1 : arg <= 0xffff ? 2 : arg <= 0xffffffff ? 4 : 8;
	h[0] = (uint8_t)((unsigned)major << 5 |
	    (n == 1 ? 24u : n == 2 ? 25u : n == 4 ? 26u : 27u));
	for (size_t i = n; i > 0; i--, arg >>= 8)
		h[i] = (uint8_t)(arg & 0xff);
	buf_put(b, h, n + 1);
}

void
cbor_put_uint(struct buf *b, uint64_t v)
{
	put_head(b, CBOR_UINT, v);
}

void
cbor_put_int(struct buf *b, int64_t v)
{
	if (v >= 0)
		put_head(b, CBOR_UINT, (uint64_t)v);
	else
		put_head(b, CBOR_NINT, (uint64_t)(-1 - v));
}

void
cbor_put_bytes_head(struct buf *b, size_t len)
{
	put_head(b, CBOR_BYTES, len);
}

void
cbor_put_bytes(struct buf *b, struct bytes v)
{
	put_head(b, CBOR_BYTES, v.len);
	buf_put(b, v.p, v.len);
}

void
cbor_put_text(struct buf *b, struct bytes v)
{
	put_head(b, CBOR_TEXT, v.len);
	buf_put(b, v.p, v.len);
}

void
cbor_put_array(struct buf *b, size_t n)
{
	put_head(b, CBOR_ARRAY, n);
}

void
cbor_put_map(struct buf *b, size_t n)
{
	put_head(b, CBOR_MAP, n);
}

void
cbor_put_tag(struct buf *b, uint64_t tag)
{
	put_head(b, CBOR_TAG, tag);
}
