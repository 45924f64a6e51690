/*
 * Log head: what an office signs about its log of issuance: how many entries
 * it has and the root of their Merkle tree (RFC 9162 §2.1). It travels in the
 * bundle, so that whoever kept one can tell a log that was rewritten later.
 * docs/format.md §11.
 */
#ifndef CEDULA_COMMON_LOGHEAD_H
#define CEDULA_COMMON_LOGHEAD_H

#include "common/bytes.h"
#include "common/status.h"

#define LOG_HEAD_TYP "application/cedula-log+cwt"
#define LOG_HASH 32		/* SHA-256 */
enum { CWT_LOG_SIZE = -70174, CWT_LOG_ROOT = -70175 };

struct log_head {
	char state[4], office[4];	/* of sub, "urn:cedula:NIC:SJO:log" */
	int64_t iat;
	uint64_t size;			/* entries */
	uint8_t root[LOG_HASH];
};

/* Reads the payload of a log head, strict. ST_MALFORMED leaves out empty. */
enum status	log_head_parse(struct bytes payload, struct log_head *out)
		    MUST_CHECK;
/* The payload to sign: iss, sub, iat, size, root. ST_DATA for a head that
 * log_head_parse would refuse, ST_TOO_BIG when out is full. */
enum status	log_head_encode(const struct log_head *h, struct buf *out)
		    MUST_CHECK;

/* What became of a log from one head to a later one, as far as two heads tell:
 * it grew or stayed, it lost entries, or as many are no longer the same. */
enum log_change { LOG_GREW, LOG_LOST, LOG_REWRITTEN };

enum log_change	log_head_change(const struct log_head *was,
		    const struct log_head *now);

#endif
