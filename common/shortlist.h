/*
 * Short list: the revoked and suspended places of one status list and nothing
 * else, coded so tightly that it fits on paper. It stands beside a full status
 * list that the verifier took earlier and brings it up to its own date; alone
 * it can turn a card red and never green. docs/format.md §10.
 */
#ifndef CEDULA_COMMON_SHORTLIST_H
#define CEDULA_COMMON_SHORTLIST_H

#include "common/bytes.h"
#include "common/status.h"
#include "common/statuslist.h"

#define SHORTLIST_TYP "application/cedula-revocations+cwt"
#define SHORTLIST_BYTES_MAX 32768	/* of one coded set */
enum { CWT_REVOCATIONS = -70173 };

/* Borrows from the payload. The two sets are coded, and checked when parsed. */
struct shortlist {
	struct bytes uri;		/* sub: the status list's own */
	int64_t iat, exp;
	struct bytes revoked, suspended;
	uint32_t revoked_n, suspended_n;
};

/* Reads the payload, strict, and walks both sets to their end: indexes ascend,
 * none is in both, none is 2^22 or more, no bit is left over. */
enum status	shortlist_parse(struct bytes payload, struct shortlist *out)
		    MUST_CHECK;
/* CARD_REVOKED, CARD_SUSPENDED, or CARD_VALID for an index that is in neither
 * set: which says "not revoked then", not "issued". */
enum card_status shortlist_get(const struct shortlist *l, uint64_t index);
/* The payload to sign, from a raw two-bit status list. ST_TOO_BIG when it does
 * not fit out or SHORTLIST_BYTES_MAX. */
enum status	shortlist_encode(struct bytes state, struct bytes uri,
		    int64_t iat, int64_t exp, struct bytes raw,
		    struct buf *out) MUST_CHECK;

#endif
