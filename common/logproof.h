/*
 * Log proofs: a signed log head read and verified against a trust store, and
 * the proof files that stand on such heads: that an entry is in the log
 * (inclusion), that a later log only appended to an earlier one (consistency).
 * docs/format.md §11.
 */
#ifndef CEDULA_COMMON_LOGPROOF_H
#define CEDULA_COMMON_LOGPROOF_H

#include "common/cose.h"
#include "common/loghead.h"
#include "common/merkle.h"
#include "common/trust.h"

#define LOG_SIGNED_MAX 512	/* bytes of a signed head */
#define LOG_PROOF_MAX 4096	/* bytes of a proof file */

/* The next signed head of a sequence of signed parts (trust_part_next), as a
 * head file or a bundle is one; parts of other types are passed over.
 * ST_NOT_FOUND when none is left, ST_MALFORMED for what is no such sequence. */
enum status	log_head_next(struct bytes *rest, struct bytes *cose)
		    MUST_CHECK;
/* What a signed head says, WITHOUT looking at its signature. */
enum status	log_head_peek(struct bytes cose, struct cose_sign1 *s,
		    struct log_head *out) MUST_CHECK;
/* The same, believed: signed by whom trust_verify_status lets speak for its
 * office at its iat. ST_MALFORMED, and what that one returns. */
enum status	log_head_verify(const struct trust *t, struct bytes cose,
		    struct log_head *out) MUST_CHECK;

enum log_proof_kind { LOG_INCLUSION = 1, LOG_CONSISTENCY = 2 };

/* Borrows from what was parsed. */
struct log_proof {
	enum log_proof_kind kind;
	struct bytes entry;		/* LOG_INCLUSION: its bytes */
	uint64_t index;			/* LOG_INCLUSION */
	struct bytes old_head;		/* LOG_CONSISTENCY: signed */
	struct merkle_path path;
	struct bytes head;		/* signed */
};

enum status	log_proof_parse(struct bytes in, struct log_proof *out)
		    MUST_CHECK;
enum status	log_proof_encode(const struct log_proof *p, struct buf *out)
		    MUST_CHECK;
/* head (and old, for consistency) are what the signed heads say. ST_SIGNATURE
 * when the hashes do not lead to the root, or when entry and head, or the two
 * heads, are not of one office. */
enum status	log_proof_verify(const struct log_proof *p,
		    const struct log_head *old, const struct log_head *head)
		    MUST_CHECK;

#endif
