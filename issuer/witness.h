/*
 * Witness: the log of issuance as a tree: its head signed, its past heads
 * compared, its proofs made. docs/format.md §11.
 */
#ifndef CEDULA_ISSUER_WITNESS_H
#define CEDULA_ISSUER_WITNESS_H

#include "common/logwalk.h"
#include "issuer/register/register.h"
#include "keys/signer.h"

/* A mark more, on the heap. */
enum status	walk_mark(struct log_walk *w, const struct log_head *h,
		    const char *from, struct diag *d) MUST_CHECK;
/* The heads that this register signed. */
enum status	walk_mark_held(struct log_walk *w, struct reg *r,
		    struct diag *d) MUST_CHECK;
void		walk_end(struct log_walk *w);

/* The log's head, signed by a status signer, and kept in the register. The
 * same size and key again gives the head that was signed then, byte for byte;
 * but none that is older than the newest status list: of a list that is newer
 * than its log a verifier could not tell that the log went back.
 * ST_DATA, and nothing signed, when the log does not agree with every head
 * that was signed before. In a transaction, with an officer acting. */
enum status	witness_head(struct reg *r, const struct office *o,
		    struct signer *key, int64_t now, struct log_held *out,
		    struct diag *d) MUST_CHECK;
/* *yes: the log begins with that of a head that was published. If not, it was
 * rewritten, or the register restored from an older backup. */
enum status	witness_follows(struct reg *r, const struct log_head *published,
		    bool *yes, struct diag *d) MUST_CHECK;
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
