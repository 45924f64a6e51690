#include "common/shortlist.h"

#include "common/cbor.h"
#include "common/claims.h"

#define PLACES ((uint64_t)STATUSLIST_BYTES_MAX * 4)	/* of one status list */

/* A coded set: k, the count in three bytes, then the gaps as Golomb-Rice codes,
 * most significant bit first. */
enum { K_MAX = 21, HEAD = 4 };

/* ---- reading ------------------------------------------------------------ */

struct walk {
	const uint8_t *p;
	size_t bytes;		/* not yet in acc */
	uint64_t acc;		/* the next bits, from the top; zeros behind */
	unsigned have;		/* bits in acc */
	unsigned k;
	uint32_t left;		/* indexes not yet read */
	uint64_t next;		/* the least that the next index can be */
	uint64_t cost[K_MAX + 1];	/* sum of gap >> k, for every k */
	bool bad;
};

static struct walk
walk_from(struct bytes set)
{
	struct walk w = { 0 };

	if (set.len == 0)
		return w;		/* the empty set */
	w.bad = set.len < HEAD || set.len > SHORTLIST_BYTES_MAX ||
	    set.p[0] > K_MAX;
	if (w.bad)
		return w;
	w.k = set.p[0];
	w.left = (uint32_t)set.p[1] << 16 | (uint32_t)set.p[2] << 8 | set.p[3];
	w.bad = w.left == 0;
	w.p = set.p + HEAD;
	w.bytes = set.len - HEAD;
	return w;
}

static void
fill(struct walk *w)
{
	for (; w->have <= 56 && w->bytes > 0; w->bytes--, w->have += 8)
		w->acc |= (uint64_t)*w->p++ << (56 - w->have);
}

/* n is at most have. */
static void
drop(struct walk *w, unsigned n)
{
	w->acc = n < 64 ? w->acc << n : 0;
	w->have -= n;
}

/* The ones before the next zero, which goes too. Bounded by the bits there
 * are, at most 2^18. */
static uint64_t
ones(struct walk *w)
{
	uint64_t n = 0;

	for (;;) {
		unsigned run;

		fill(w);
		/* Zeros lie behind the last bit: never more than have. */
		run = w->acc == UINT64_MAX ? 64 :
		    (unsigned)__builtin_clzll(~w->acc);
		if (run < w->have) {
			drop(w, run + 1);
			return n + run;
		}
		if (w->bytes == 0) {
			w->bad = true;
			return 0;
		}
		n += run;
		w->acc = 0;
		w->have = 0;
	}
}

/* The next index; false at the end, and when the rest is no code. */
static bool
walk_next(struct walk *w, uint64_t *index)
{
	uint64_t gap;

	if (w->bad || w->left == 0)
		return false;
	gap = ones(w) << w->k;
	fill(w);
	if (w->have < w->k)
		w->bad = true;
	if (w->bad)
		return false;
	if (w->k > 0) {
		gap |= w->acc >> (64 - w->k);
		drop(w, w->k);
	}
	*index = w->next + gap;
	if (*index >= PLACES) {
		w->bad = true;
		return false;
	}
	w->next = *index + 1;
	w->left--;
	return true;
}

/* Everything was read, less than a byte is left, and that is zeros. */
static bool
walk_done(const struct walk *w)
{
	return !w->bad && w->left == 0 && w->bytes == 0 && w->have < 8 &&
	    w->acc == 0;
}

static void
count_cost(struct walk *w, uint64_t gap)
{
	for (unsigned k = 0; k <= K_MAX && gap >> k != 0; k++)
		w->cost[k] += gap >> k;
}

/* The k that takes the fewest bits; of several, the least. */
static unsigned
best_k(const uint64_t cost[K_MAX + 1], uint64_t n)
{
	unsigned best = 0;

	for (unsigned k = 1; k <= K_MAX; k++)
		if (cost[k] + n * k < cost[best] + n * best)
			best = k;
	return best;
}

/* Both sets from end to end, side by side: an index in both is a lie. */
static enum status
check_sets(struct shortlist *l)
{
	struct walk w[2] = { walk_from(l->revoked), walk_from(l->suspended) };
	uint64_t at[2] = { 0, 0 }, before[2];
	bool more[2];

	l->revoked_n = w[0].left;
	l->suspended_n = w[1].left;
	for (int i = 0; i < 2; i++) {
		more[i] = walk_next(&w[i], &at[i]);
		if (more[i])
			count_cost(&w[i], at[i]);
	}
	while (more[0] || more[1]) {
		int i = more[0] && (!more[1] || at[0] < at[1]) ? 0 : 1;

		if (more[0] && more[1] && at[0] == at[1])
			return ST_MALFORMED;
		before[i] = w[i].next;
		more[i] = walk_next(&w[i], &at[i]);
		if (more[i])
			count_cost(&w[i], at[i] - before[i]);
	}
	if (!walk_done(&w[0]) || !walk_done(&w[1]) ||
	    w[0].k != best_k(w[0].cost, l->revoked_n) ||
	    w[1].k != best_k(w[1].cost, l->suspended_n))
		return ST_MALFORMED;
	return ST_OK;
}

enum status
shortlist_parse(struct bytes payload, struct shortlist *out)
{
	struct cbor c = cbor_from(payload);
	struct shortlist l = { 0 };
	bool good;
	enum status st;

	*out = l;
	if (cbor_check(payload, CBOR_STRICT) != ST_OK)
		return ST_MALFORMED;
	/* Strict maps have one order, so the five can be read in a row. */
	good = cbor_map(&c) == 5 && cbor_int(&c) == CWT_ISS;
	(void)cbor_text(&c);
	good = good && cbor_int(&c) == CWT_SUB;
	l.uri = cbor_text(&c);
	good = good && cbor_int(&c) == CWT_EXP;
	l.exp = cbor_int(&c);
	good = good && cbor_int(&c) == CWT_IAT;
	l.iat = cbor_int(&c);
	good = good && cbor_int(&c) == CWT_REVOCATIONS && cbor_array(&c) == 2;
	l.revoked = cbor_bytes(&c);
	l.suspended = cbor_bytes(&c);
	if (!good || !cbor_done(&c) || l.uri.len == 0 ||
	    l.uri.len > STATUSLIST_URI_MAX || l.iat < 0 || l.exp < l.iat)
		return ST_MALFORMED;
	if ((st = check_sets(&l)) != ST_OK)
		return st;
	*out = l;
	return ST_OK;
}

static bool
is_in(struct bytes set, uint64_t index)
{
	struct walk w = walk_from(set);
	uint64_t at;

	while (walk_next(&w, &at))
		if (at >= index)
			return at == index;
	return false;
}

enum card_status
shortlist_get(const struct shortlist *l, uint64_t index)
{
	if (is_in(l->revoked, index))
		return CARD_REVOKED;
	if (is_in(l->suspended, index))
		return CARD_SUSPENDED;
	return CARD_VALID;
}

/* ---- writing ------------------------------------------------------------ */

/* The places of one status in a raw list, in order. */
struct places {
	struct bytes raw;
	enum card_status want;
	uint64_t at;		/* the next to look at */
};

static bool
next_gap(struct places *p, uint64_t *gap)
{
	uint64_t from = p->at;

	for (; p->at < (uint64_t)p->raw.len * 4; p->at++)
		if (((unsigned)p->raw.p[p->at / 4] >> p->at % 4 * 2 & 3) ==
		    (unsigned)p->want) {
			*gap = p->at++ - from;
			return true;
		}
	return false;
}

struct bits {
	struct buf *out;
	unsigned acc, have;
};

static void
put_bit(struct bits *b, unsigned bit)
{
	b->acc = b->acc << 1 | bit;
	if (++b->have < 8)
		return;
	buf_put_u8(b->out, (uint8_t)b->acc);
	b->acc = b->have = 0;
}

static void
put_gap(struct bits *b, uint64_t gap, unsigned k)
{
	for (uint64_t i = 0; i < gap >> k; i++)
		put_bit(b, 1);
	put_bit(b, 0);
	while (k-- > 0)
		put_bit(b, (unsigned)(gap >> k & 1));
}

/* The set as a CBOR byte string. */
static enum status
put_set(struct bytes raw, enum card_status want, struct buf *out)
{
	struct places p = { raw, want, 0 };
	struct bits b = { out, 0, 0 };
	struct walk sum = { 0 };
	uint64_t gap, n = 0, len;
	unsigned k;

	for (; next_gap(&p, &gap); n++)
		count_cost(&sum, gap);
	k = best_k(sum.cost, n);
	len = n == 0 ? 0 : HEAD + (sum.cost[k] + n * (k + 1) + 7) / 8;
	if (len > SHORTLIST_BYTES_MAX)
		return ST_TOO_BIG;
	cbor_put_bytes_head(out, (size_t)len);
	if (n == 0)
		return ST_OK;
	buf_put_u8(out, (uint8_t)k);
	buf_put_u8(out, (uint8_t)(n >> 16));
	buf_put_u8(out, (uint8_t)(n >> 8));
	buf_put_u8(out, (uint8_t)n);
	p = (struct places){ raw, want, 0 };
	while (next_gap(&p, &gap))
		put_gap(&b, gap, k);
	while (b.have != 0)
		put_bit(&b, 0);
	return ST_OK;
}

enum status
shortlist_encode(struct bytes state, struct bytes uri, int64_t iat,
    int64_t exp, struct bytes raw, struct buf *out)
{
	enum status st;

	if (raw.len > STATUSLIST_BYTES_MAX)
		return ST_TOO_BIG;
	/* Sorted: 1, 2, 4, 6, -70173. */
	cbor_put_map(out, 5);
	cbor_put_int(out, CWT_ISS);
	cbor_put_text(out, state);
	cbor_put_int(out, CWT_SUB);
	cbor_put_text(out, uri);
	cbor_put_int(out, CWT_EXP);
	cbor_put_int(out, exp);
	cbor_put_int(out, CWT_IAT);
	cbor_put_int(out, iat);
	cbor_put_int(out, CWT_REVOCATIONS);
	cbor_put_array(out, 2);
	if ((st = put_set(raw, CARD_REVOKED, out)) != ST_OK ||
	    (st = put_set(raw, CARD_SUSPENDED, out)) != ST_OK)
		return st;
	return out->bad ? ST_TOO_BIG : ST_OK;
}
