/*
 * Inflate and deflate (RFC 1950, 1951), bounded by the caller's buffer.
 */
#ifndef CEDULA_COMMON_INFLATE_H
#define CEDULA_COMMON_INFLATE_H

#include "common/bytes.h"
#include "common/status.h"

/* The input must be one complete zlib stream and nothing more. ST_TOO_BIG when
 * out is too small, ST_MALFORMED otherwise. Appends to out. */
enum status	inflate_exact(struct bytes in, struct buf *out) MUST_CHECK;
/* Level 9. */
enum status	deflate_all(struct bytes in, struct buf *out) MUST_CHECK;

#endif
