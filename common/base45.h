/* Base45 (RFC 9285): strict, one text per byte string. */
#ifndef CEDULA_COMMON_BASE45_H
#define CEDULA_COMMON_BASE45_H

#include "common/bytes.h"
#include "common/status.h"

/* ST_MALFORMED: a character outside the alphabet, a length of 1 mod 3, a group
 * over 65535 or 255. ST_TOO_BIG: out is full. Appends to out. */
enum status	base45_decode(struct bytes text, struct buf *out) MUST_CHECK;
/* Appends to out; ST_TOO_BIG when full. */
enum status	base45_encode(struct bytes in, struct buf *out) MUST_CHECK;

#endif
