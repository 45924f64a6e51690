/*
 * Merge: a bundle that comes in and what the store holds, part by part: the
 * newer of each stays. Never does an older part take a newer one's place; and
 * an office's log of issuance that lost entries or changed them is refused.
 */
#ifndef CEDULA_VERIFIER_TRUST_MERGE_H
#define CEDULA_VERIFIER_TRUST_MERGE_H

#include "verifier/trust/store.h"

struct merge_count {
	size_t newer;		/* parts taken */
	size_t same;		/* held already */
	size_t older;		/* of which a newer one is held */
	size_t dropped;		/* held ones whose signer has lost its right */
};

/*
 * Verifies bundle with the anchors of s and writes what is newer into s.
 * name: where it came from, for the message. Nothing newer and something older
 * is no failure: count says so. After a failure the store is as it was (but for
 * a full disk between the files of two states). ST_ROLLBACK: another
 * trust list of the same sequence, or a log that was rewritten; ST_STATE: what
 * it brings is signed by a key that may not, as the newest trust list says;
 * else as trust_add_bundle.
 */
enum status	store_merge(struct store *s, const char *name,
		    struct bytes bundle, struct merge_count *count,
		    struct diag *d) MUST_CHECK;

#endif
