#include "common/merkle.h"

#include <string.h>

#include "common/crypto.h"

enum status
merkle_leaf(struct bytes entry, uint8_t out[MERKLE_HASH])
{
	static const uint8_t mark[] = { 0 };
	const struct bytes parts[] = { { mark, 1 }, entry };

	return crypto_sha256(parts, 2, out);
}

/* HASH(0x01 || left || right), §2.1.1; out may be one of the two. */
static enum status
node(const uint8_t left[MERKLE_HASH], const uint8_t right[MERKLE_HASH],
    uint8_t out[MERKLE_HASH])
{
	static const uint8_t mark[] = { 1 };
	const struct bytes parts[] = {
		{ mark, 1 }, { left, MERKLE_HASH }, { right, MERKLE_HASH }
	};

	return crypto_sha256(parts, 3, out);
}

static bool
same(const uint8_t a[MERKLE_HASH], const uint8_t b[MERKLE_HASH])
{
	return bytes_equal(bytes_from(a, MERKLE_HASH),
	    bytes_from(b, MERKLE_HASH));
}

/* ---- a tree that grows -------------------------------------------------- */

void
merkle_init(struct merkle *m)
{
	m->size = 0;
	m->n = 0;
}

enum status
merkle_add(struct merkle *m, const uint8_t leaf[MERKLE_HASH])
{
	enum status st;

	if (m->size >= (uint64_t)INT64_MAX)
		return ST_TOO_BIG;
	/* Like a carry: each set bit of size from the right is a whole subtree
	 * that the new one completes. */
	memcpy(m->stack[m->n++], leaf, MERKLE_HASH);
	for (uint64_t bits = m->size++; bits & 1; bits >>= 1) {
		m->n--;
		if ((st = node(m->stack[m->n - 1], m->stack[m->n],
		    m->stack[m->n - 1])) != ST_OK)
			return st;
	}
	return ST_OK;
}

enum status
merkle_root(const struct merkle *m, uint8_t out[MERKLE_HASH])
{
	enum status st = ST_OK;

	if (m->n == 0)
		return crypto_sha256(NULL, 0, out);
	memcpy(out, m->stack[m->n - 1], MERKLE_HASH);
	for (size_t i = m->n - 1; i > 0 && st == ST_OK; i--)
		st = node(m->stack[i - 1], out, out);
	return st;
}

/* ---- proofs made -------------------------------------------------------- */

/* The largest power of two below n, which is above 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k *= 2;
	return k;
}

/* MTH(D[from:from + n]) put at the end of out. */
static enum status
push_root(const uint8_t *leaves, uint64_t from, uint64_t n,
    struct merkle_path *out)
{
	struct merkle m;
	enum status st = ST_OK;

	if (out->n == MERKLE_PATH_MAX)
		return ST_TOO_BIG;
	merkle_init(&m);
	for (uint64_t i = 0; i < n && st == ST_OK; i++)
		st = merkle_add(&m, leaves + (from + i) * MERKLE_HASH);
	if (st == ST_OK)
		st = merkle_root(&m, out->hash[out->n]);
	if (st == ST_OK)
		out->n++;
	return st;
}

/* Both proofs are found from the top and read from the bottom. */
static void
turn_round(struct merkle_path *p)
{
	uint8_t tmp[MERKLE_HASH];

	for (size_t i = 0; i < p->n / 2; i++) {
		memcpy(tmp, p->hash[i], MERKLE_HASH);
		memcpy(p->hash[i], p->hash[p->n - 1 - i], MERKLE_HASH);
		memcpy(p->hash[p->n - 1 - i], tmp, MERKLE_HASH);
	}
}

enum status
merkle_inclusion(const uint8_t *leaves, uint64_t size,
    uint64_t index, struct merkle_path *out)
{
	uint64_t from = 0, n = size, k;
	enum status st;

	out->n = 0;
	if (index >= size)
		return ST_DATA;
	while (n > 1) {
		k = split(n);
		if (index - from < k) {
			st = push_root(leaves, from + k, n - k, out);
			n = k;
		} else {
			st = push_root(leaves, from, k, out);
			from += k;
			n -= k;
		}
		if (st != ST_OK)
			return st;
	}
	turn_round(out);
	return ST_OK;
}

enum status
merkle_consistency(const uint8_t *leaves, uint64_t old,
    uint64_t size, struct merkle_path *out)
{
	uint64_t from = 0, n = size, k;
	bool known = true;	/* the verifier has this subtree's root */
	enum status st;

	out->n = 0;
	if (old > size)
		return ST_DATA;
	if (old == 0 || old == size)
		return ST_OK;
	while (old != n) {
		k = split(n);
		if (old <= k) {
			st = push_root(leaves, from + k, n - k, out);
			n = k;
		} else {
			st = push_root(leaves, from, k, out);
			from += k;
			n -= k;
			old -= k;
			known = false;
		}
		if (st != ST_OK)
			return st;
	}
	if (!known && (st = push_root(leaves, from, n, out)) != ST_OK)
		return st;
	turn_round(out);
	return ST_OK;
}

/* ---- proofs verified ---------------------------------------------------- */

/* A subtree that stands alone at the right edge goes up as it is, until it has
 * a neighbour. */
static void
climb(uint64_t *fn, uint64_t *sn)
{
	while ((*fn & 1) == 0 && *fn != 0) {
		*fn >>= 1;
		*sn >>= 1;
	}
}

enum status
merkle_inclusion_verify(const uint8_t leaf[MERKLE_HASH], uint64_t index,
    uint64_t size, const struct merkle_path *path,
    const uint8_t root[MERKLE_HASH])
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[MERKLE_HASH];
	enum status st;

	if (index >= size || path->n > MERKLE_PATH_MAX)
		return ST_SIGNATURE;
	memcpy(r, leaf, MERKLE_HASH);
	for (size_t i = 0; i < path->n; i++) {
		if (sn == 0)
			return ST_SIGNATURE;
		if ((fn & 1) != 0 || fn == sn) {
			st = node(path->hash[i], r, r);
			climb(&fn, &sn);
		} else {
			st = node(r, path->hash[i], r);
		}
		if (st != ST_OK)
			return st;
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && same(r, root) ? ST_OK : ST_SIGNATURE;
}

/* 0 < old < size: steps 2 to 7 of §2.1.4.2. */
static enum status
verify_growth(uint64_t old, const uint8_t old_root[MERKLE_HASH],
    uint64_t size, const uint8_t root[MERKLE_HASH],
    const struct merkle_path *path)
{
	uint64_t fn = old - 1, sn = size - 1;
	uint8_t fr[MERKLE_HASH], sr[MERKLE_HASH];
	bool whole = (old & (old - 1)) == 0;	/* old_root begins the path */
	enum status st = ST_OK;

	if (path->n == 0 || path->n > MERKLE_PATH_MAX)
		return ST_SIGNATURE;
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	memcpy(fr, whole ? old_root : path->hash[0], MERKLE_HASH);
	memcpy(sr, fr, MERKLE_HASH);
	for (size_t i = whole ? 0 : 1; i < path->n; i++) {
		const uint8_t *c = path->hash[i];

		if (sn == 0)
			return ST_SIGNATURE;
		if ((fn & 1) != 0 || fn == sn) {
			if ((st = node(c, fr, fr)) == ST_OK)
				st = node(c, sr, sr);
			climb(&fn, &sn);
		} else {
			st = node(sr, c, sr);
		}
		if (st != ST_OK)
			return st;
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && same(fr, old_root) && same(sr, root) ? ST_OK :
	    ST_SIGNATURE;
}

enum status
merkle_consistency_verify(uint64_t old, const uint8_t old_root[MERKLE_HASH],
    uint64_t size, const uint8_t root[MERKLE_HASH],
    const struct merkle_path *path)
{
	uint8_t empty[MERKLE_HASH];
	enum status st;

	if (old > size)
		return ST_SIGNATURE;
	if (old == size)
		return path->n == 0 && same(old_root, root) ? ST_OK :
		    ST_SIGNATURE;
	if (old == 0) {
		if ((st = crypto_sha256(NULL, 0, empty)) != ST_OK)
			return st;
		return path->n == 0 && same(old_root, empty) ? ST_OK :
		    ST_SIGNATURE;
	}
	return verify_growth(old, old_root, size, root, path);
}
