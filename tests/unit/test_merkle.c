/* The Merkle tree of RFC 9162 against published roots and proofs, and against
 * the RFC's own recursive definitions, written down slowly. */
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/merkle.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SIZES 200

typedef uint8_t hash[MERKLE_HASH];

/* The test tree of certificate-transparency (cpp/merkletree/merkle_tree_test.cc,
 * and testonly/constants.go of transparency-dev/merkle). */
static const char *const leaves[] = {
	"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
	"606162636465666768696a6b6c6d6e6f"
};

static const char *const roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
};

static const struct {
	bool inclusion;
	uint64_t a, size;	/* the index, or the old size */
	const char *path[3];
} published[] = {
	{ true, 0, 8, {
	    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
	    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4" } },
	{ true, 5, 8, {
	    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
	    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" } },
	{ false, 1, 8, {
	    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
	    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4" } },
	{ false, 6, 8, {
	    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
	    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" } },
	{ false, 2, 5, {
	    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
	    NULL } },
};

static void
from_hex(const char *hex, hash out)
{
	size_t len;

	assert_true(bytes_from_hex(bytes_text(hex), out, MERKLE_HASH, &len));
	assert_int_equal(len, MERKLE_HASH);
}

static void
published_leaf(size_t i, hash out)
{
	uint8_t raw[16];
	size_t len;

	assert_true(bytes_from_hex(bytes_text(leaves[i]), raw, sizeof(raw),
	    &len));
	assert_int_equal(merkle_leaf(bytes_from(raw, len), out), ST_OK);
}

static void
test_published_roots(void **state)
{
	struct merkle m;
	hash leaf, want, got;

	(void)state;
	merkle_init(&m);
	for (size_t n = 0; n < COUNT(roots); n++) {
		from_hex(roots[n], want);
		assert_int_equal(merkle_root(&m, got), ST_OK);
		assert_memory_equal(got, want, MERKLE_HASH);
		assert_int_equal(m.size, n);
		if (n < COUNT(leaves)) {
			published_leaf(n, leaf);
			assert_int_equal(merkle_add(&m, leaf), ST_OK);
		}
	}
}

static void
test_published_proofs(void **state)
{
	hash leaf[COUNT(leaves)], old, root, want;
	struct merkle_path p;

	(void)state;
	for (size_t i = 0; i < COUNT(leaves); i++)
		published_leaf(i, leaf[i]);
	for (size_t i = 0; i < COUNT(published); i++) {
		size_t n = 0;

		assert_int_equal(published[i].inclusion ?
		    merkle_inclusion(leaf[0], published[i].size, published[i].a,
		    &p) : merkle_consistency(leaf[0], published[i].a,
		    published[i].size, &p), ST_OK);
		for (; n < 3 && published[i].path[n] != NULL; n++) {
			from_hex(published[i].path[n], want);
			assert_memory_equal(p.hash[n], want, MERKLE_HASH);
		}
		assert_int_equal(p.n, n);
		from_hex(roots[published[i].size], root);
		from_hex(roots[published[i].a], old);
		assert_int_equal(published[i].inclusion ?
		    merkle_inclusion_verify(leaf[published[i].a],
		    published[i].a, published[i].size, &p, root) :
		    merkle_consistency_verify(published[i].a, old,
		    published[i].size, root, &p), ST_OK);
	}
}

/* ---- the RFC's definitions ---------------------------------------------- */

static uint64_t
power_below(uint64_t n)
{
	uint64_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

static void
concat(const hash a, const hash b, hash out)
{
	uint8_t all[1 + 2 * MERKLE_HASH] = { 1 };
	struct bytes in = bytes_from(all, sizeof(all));

	memcpy(all + 1, a, MERKLE_HASH);
	memcpy(all + 1 + MERKLE_HASH, b, MERKLE_HASH);
	assert_int_equal(crypto_sha256(&in, 1, out), ST_OK);
}

static void
mth(const uint8_t *d, uint64_t n, hash out)
{
	hash l, r;
	uint64_t k;

	if (n == 0) {
		assert_int_equal(crypto_sha256(NULL, 0, out), ST_OK);
		return;
	}
	if (n == 1) {
		memcpy(out, d, MERKLE_HASH);
		return;
	}
	k = power_below(n);
	mth(d, k, l);
	mth(d + k * MERKLE_HASH, n - k, r);
	concat(l, r, out);
}

static void
slow_path(uint64_t m, const uint8_t *d, uint64_t n, struct merkle_path *p)
{
	uint64_t k;

	if (n == 1)
		return;
	k = power_below(n);
	if (m < k) {
		slow_path(m, d, k, p);
		mth(d + k * MERKLE_HASH, n - k, p->hash[p->n++]);
	} else {
		slow_path(m - k, d + k * MERKLE_HASH, n - k, p);
		mth(d, k, p->hash[p->n++]);
	}
}

static void
slow_subproof(uint64_t m, const uint8_t *d, uint64_t n, bool b,
    struct merkle_path *p)
{
	uint64_t k;

	if (m == n) {
		if (!b)
			mth(d, n, p->hash[p->n++]);
		return;
	}
	k = power_below(n);
	if (m <= k) {
		slow_subproof(m, d, k, b, p);
		mth(d + k * MERKLE_HASH, n - k, p->hash[p->n++]);
	} else {
		slow_subproof(m - k, d + k * MERKLE_HASH, n - k, false, p);
		mth(d, k, p->hash[p->n++]);
	}
}

static void
same_path(const struct merkle_path *a, const struct merkle_path *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++)
		assert_memory_equal(a->hash[i], b->hash[i], MERKLE_HASH);
}

static hash all[SIZES];

static void
make_all(void)
{
	for (size_t i = 0; i < SIZES; i++)
		assert_int_equal(merkle_leaf(bytes_from(&i, sizeof(i)),
		    all[i]), ST_OK);
}

static void
test_every_size(void **state)
{
	struct merkle m;
	hash got, want, old;

	(void)state;
	make_all();
	merkle_init(&m);
	for (uint64_t n = 0; n <= SIZES; n++) {
		mth(all[0], n, want);
		assert_int_equal(merkle_root(&m, got), ST_OK);
		assert_memory_equal(got, want, MERKLE_HASH);
		for (uint64_t i = 0; i < n; i++) {
			struct merkle_path p, s = { 0 };

			assert_int_equal(merkle_inclusion(all[0], n, i, &p),
			    ST_OK);
			slow_path(i, all[0], n, &s);
			same_path(&p, &s);
			assert_int_equal(merkle_inclusion_verify(all[i], i, n,
			    &p, want), ST_OK);
		}
		for (uint64_t o = 0; o <= n; o++) {
			struct merkle_path p, s = { 0 };

			assert_int_equal(merkle_consistency(all[0], o, n, &p),
			    ST_OK);
			if (o > 0 && o < n)
				slow_subproof(o, all[0], n, true, &s);
			same_path(&p, &s);
			mth(all[0], o, old);
			assert_int_equal(merkle_consistency_verify(o, old, n,
			    want, &p), ST_OK);
		}
		if (n < SIZES)
			assert_int_equal(merkle_add(&m, all[n]), ST_OK);
	}
}

static void
flip(uint8_t *p, size_t bit)
{
	p[bit / 8] ^= (uint8_t)(1u << (bit % 8));
}

/* Every bit of the leaf, the path and the root; every other index and size. */
static void
break_inclusion(uint64_t index, uint64_t n, const hash root_)
{
	struct merkle_path p;
	hash leaf, root;

	memcpy(leaf, all[index], MERKLE_HASH);
	memcpy(root, root_, MERKLE_HASH);
	assert_int_equal(merkle_inclusion(all[0], n, index, &p), ST_OK);
	for (size_t bit = 0; bit < 8 * MERKLE_HASH; bit++) {
		flip(leaf, bit);
		assert_int_equal(merkle_inclusion_verify(leaf, index, n, &p,
		    root), ST_SIGNATURE);
		flip(leaf, bit);
		flip(root, bit);
		assert_int_equal(merkle_inclusion_verify(leaf, index, n, &p,
		    root), ST_SIGNATURE);
		flip(root, bit);
		for (size_t k = 0; k < p.n; k++) {
			flip(p.hash[k], bit);
			assert_int_equal(merkle_inclusion_verify(leaf, index,
			    n, &p, root), ST_SIGNATURE);
			flip(p.hash[k], bit);
		}
	}
	for (uint64_t i = 0; i < n + 2; i++)
		if (i != index)
			assert_int_equal(merkle_inclusion_verify(leaf, i, n,
			    &p, root), ST_SIGNATURE);
	p.n++;
	assert_int_equal(merkle_inclusion_verify(leaf, index, n, &p, root),
	    ST_SIGNATURE);
	if (p.n > 1) {
		p.n -= 2;
		assert_int_equal(merkle_inclusion_verify(leaf, index, n, &p,
		    root), ST_SIGNATURE);
	}
}

static void
break_consistency(uint64_t o, const hash old_, uint64_t n, const hash root_)
{
	struct merkle_path p;
	hash old, root;

	memcpy(old, old_, MERKLE_HASH);
	memcpy(root, root_, MERKLE_HASH);
	assert_int_equal(merkle_consistency(all[0], o, n, &p), ST_OK);
	for (size_t bit = 0; bit < 8 * MERKLE_HASH; bit++) {
		flip(old, bit);
		assert_int_equal(merkle_consistency_verify(o, old, n, root,
		    &p), ST_SIGNATURE);
		flip(old, bit);
		/* Of an empty tree's growth nothing is proved. */
		if (o != 0) {
			flip(root, bit);
			assert_int_equal(merkle_consistency_verify(o, old, n,
			    root, &p), ST_SIGNATURE);
			flip(root, bit);
		}
		for (size_t k = 0; k < p.n; k++) {
			flip(p.hash[k], bit);
			assert_int_equal(merkle_consistency_verify(o, old, n,
			    root, &p), ST_SIGNATURE);
			flip(p.hash[k], bit);
		}
	}
	p.n++;
	assert_int_equal(merkle_consistency_verify(o, old, n, root, &p),
	    ST_SIGNATURE);
	if (p.n > 1) {
		p.n -= 2;
		assert_int_equal(merkle_consistency_verify(o, old, n, root,
		    &p), ST_SIGNATURE);
	}
}

static void
test_every_bit(void **state)
{
	hash root, old;

	(void)state;
	make_all();
	for (uint64_t n = 1; n <= 20; n++) {
		mth(all[0], n, root);
		for (uint64_t i = 0; i < n; i++)
			break_inclusion(i, n, root);
		for (uint64_t o = 0; o <= n; o++) {
			mth(all[0], o, old);
			break_consistency(o, old, n, root);
		}
	}
}

static void
test_edges(void **state)
{
	struct merkle_path p = { 0 };
	hash root;

	(void)state;
	make_all();
	mth(all[0], 0, root);
	assert_int_equal(merkle_inclusion(all[0], 0, 0, &p), ST_DATA);
	assert_int_equal(merkle_inclusion(all[0], 5, 5, &p), ST_DATA);
	assert_int_equal(merkle_consistency(all[0], 6, 5, &p), ST_DATA);
	assert_int_equal(merkle_inclusion_verify(all[0], 0, 0, &p, root),
	    ST_SIGNATURE);
	assert_int_equal(merkle_consistency_verify(6, root, 5, root, &p),
	    ST_SIGNATURE);
	/* A path longer than it can be. */
	p.n = MERKLE_PATH_MAX + 1;
	assert_int_equal(merkle_inclusion_verify(all[0], 0, UINT64_MAX, &p,
	    root), ST_SIGNATURE);
	assert_int_equal(merkle_consistency_verify(1, all[0], UINT64_MAX,
	    root, &p), ST_SIGNATURE);
	/* The largest numbers end. */
	p.n = MERKLE_PATH_MAX;
	assert_int_equal(merkle_inclusion_verify(all[0], UINT64_MAX - 1,
	    UINT64_MAX, &p, root), ST_SIGNATURE);
	assert_int_equal(merkle_consistency_verify(UINT64_MAX - 1, all[0],
	    UINT64_MAX, root, &p), ST_SIGNATURE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_roots),
		cmocka_unit_test(test_published_proofs),
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
