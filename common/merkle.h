/*
 * Merkle tree of RFC 9162 §2.1, with SHA-256: the root over a log's entries,
 * the proof that one entry is in it, and the proof that a later tree only
 * appended to an earlier one.
 *
 * Pure functions over the caller's memory; trees of up to 2^63 entries. Every
 * function that hashes can fail with ST_INTERNAL when OpenSSL does.
 */
#ifndef CEDULA_COMMON_MERKLE_H
#define CEDULA_COMMON_MERKLE_H

#include "common/bytes.h"
#include "common/status.h"

#define MERKLE_HASH 32
#define MERKLE_PATH_MAX 64	/* hashes of one proof */

/* HASH(0x00 || entry), §2.1.1 */
enum status	merkle_leaf(struct bytes entry, uint8_t out[MERKLE_HASH])
		    MUST_CHECK;

/* A tree that grows and keeps only the roots of its whole subtrees: one for
 * each bit that is set in size, largest first. */
struct merkle {
	uint64_t size;
	size_t n;
	uint8_t stack[MERKLE_PATH_MAX][MERKLE_HASH];
};

void		merkle_init(struct merkle *m);
enum status	merkle_add(struct merkle *m, const uint8_t leaf[MERKLE_HASH])
		    MUST_CHECK;
/* The root as it is now; of an empty tree SHA-256 of nothing. */
enum status	merkle_root(const struct merkle *m, uint8_t out[MERKLE_HASH])
		    MUST_CHECK;

struct merkle_path {
	size_t n;
	uint8_t hash[MERKLE_PATH_MAX][MERKLE_HASH];
};

/* PATH(index, D[size]), §2.1.3.1, from all leaf hashes, one after the
 * other. ST_DATA for an index
 * outside the tree. */
enum status	merkle_inclusion(const uint8_t *leaves,
		    uint64_t size, uint64_t index, struct merkle_path *out)
		    MUST_CHECK;
/* PROOF(old, D[size]), §2.1.4.1; empty when old is 0 or size. ST_DATA for an
 * old tree that is larger. */
enum status	merkle_consistency(const uint8_t *leaves,
		    uint64_t old, uint64_t size, struct merkle_path *out)
		    MUST_CHECK;

/* §2.1.3.2. ST_OK only if the leaf is entry `index` of the tree of that size
 * and root; ST_SIGNATURE if not. */
enum status	merkle_inclusion_verify(const uint8_t leaf[MERKLE_HASH],
		    uint64_t index, uint64_t size,
		    const struct merkle_path *path,
		    const uint8_t root[MERKLE_HASH]) MUST_CHECK;
/* §2.1.4.2. ST_OK only if the tree of `size` begins with that of `old`. An
 * empty tree begins every other (the RFC leaves it out): its root must be
 * SHA-256 of nothing and the path empty. ST_SIGNATURE if not. */
enum status	merkle_consistency_verify(uint64_t old,
		    const uint8_t old_root[MERKLE_HASH], uint64_t size,
		    const uint8_t root[MERKLE_HASH],
		    const struct merkle_path *path) MUST_CHECK;

#endif
