/*
 * Publish: the office's status lists and short lists, and the bundle that
 * verifiers carry.
 */
#ifndef CEDULA_ISSUER_PUBLISH_H
#define CEDULA_ISSUER_PUBLISH_H

#include "common/host/file.h"
#include "issuer/register/register.h"
#include "keys/signer.h"

#define VALID_DAYS 7		/* of a status list */
#define VALID_DAYS_MAX 366

struct publication {
	const struct office *office;
	struct signer *key;	/* NULL: payloads for another custodian */
	int64_t now, exp;
	bool clock_is_right;	/* acts dated long after now date no list */
};

/* The last second of the day that is `days` after now's: a deadline in whole
 * days, so that what is published twice a day is the same. */
int64_t		publish_deadline(int64_t now, int64_t days);
/* Brings what the register keeps of every status list, and of its short list,
 * up to date: signs (or prepares) those whose bits, signer or deadline are
 * others than the kept one's, each dated later than that, if both may be one
 * signer's, and not before the last act. ST_STATE when the clock is far behind
 * that. */
enum status	publish_lists(struct reg *r, const struct publication *p,
		    struct diag *d) MUST_CHECK;
/* Commits, then puts the staged files in their places; the caller holds their
 * folder's lock. In this order: what was signed is kept before anyone can see
 * it, and killed in between, the same command gives the same files again. No
 * transaction is open afterwards: session.kept. The lock is taken within the
 * register's transaction, and nobody waits for that while holding the lock. */
enum status	publish_files(struct reg *r, struct staged *file, size_t n,
		    struct diag *d) MUST_CHECK;
/* All kept status lists one after the other, behind head: a CBOR sequence in a
 * heap block that the caller frees. */
enum status	publish_join(struct reg *r, struct bytes head, uint8_t **out,
		    size_t *len, struct diag *d) MUST_CHECK;
/* publish_lists, and the imported trust list and the head of the log with
 * them, verified as a verifier will, put in place of path. ST_ROLLBACK if path
 * holds anything newer, or a log head that this register's log does not follow;
 * ST_DATA if it holds something else than a bundle of this state. Ends with
 * publish_files. */
enum status	publish_bundle(struct reg *r, const struct publication *p,
		    const char *path, struct diag *d) MUST_CHECK;

#endif
