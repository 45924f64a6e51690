/*
 * Witness: the log of issuance as a tree: its head signed, its past heads
 * compared, its proofs made. docs/format.md §11.
 */
#ifndef CEDULA_ISSUER_WITNESS_H
#define CEDULA_ISSUER_WITNESS_H

#include "issuer/register/register.h"
#include "keys/signer.h"

/* A head to compare the log with, and what came of it. */
struct log_mark {
	struct log_head head;
	const char *from;	/* the file it came in; NULL: the register */
	bool reached, agrees;	/* the log has as many entries; and that root */
};

/* The log read once from its first entry, and compared with each mark as it
 * reaches its size. Zero it, add marks, begin, step over every entry, end. */
struct log_walk {
	struct log_mark *mark;	/* smallest first once begun */
	size_t n, cap, next;
	struct merkle tree;
};

enum status	walk_mark(struct log_walk *w, const struct log_head *h,
		    const char *from, struct diag *d) MUST_CHECK;
/* The heads that this register signed. */
enum status	walk_mark_held(struct log_walk *w, struct reg *r,
		    struct diag *d) MUST_CHECK;
enum status	walk_begin(struct log_walk *w) MUST_CHECK;
enum status	walk_step(struct log_walk *w, struct bytes entry) MUST_CHECK;
void		walk_end(struct log_walk *w);

/* The log's head, signed by a status signer, and kept in the register. The
 * same size and key again gives the head that was signed then, byte for byte.
 * ST_DATA, and nothing signed, when the log does not agree with every head
 * that was signed before. In a transaction, with an officer acting. */
enum status	witness_head(struct reg *r, const struct office *o,
		    struct signer *key, int64_t now, struct log_held *out,
		    struct diag *d) MUST_CHECK;
/* A proof file against the newest head (ST_STATE: none is, or none reaches the
 * entry), verified before it is given: that the card's issue is in the log;
 * that the log of the head `old` (signed, as in its file) was only added to. */
enum status	witness_inclusion(struct reg *r, const char *number,
		    struct buf *out, struct log_head *head, struct diag *d)
		    MUST_CHECK;
enum status	witness_consistency(struct reg *r, struct bytes old,
		    const struct log_head *old_head, struct buf *out,
		    struct log_head *head, struct diag *d) MUST_CHECK;

#endif
