/*
 * Stored: the one zlib stream (RFC 1950) of some bytes that leaves no choice:
 * 78 01, one final stored block (RFC 1951 §3.2.4), Adler-32.
 *
 * Compressed streams have bits that can change without changing what they
 * inflate to (a match may be copied from either of two equal places, unused
 * codes, padding), so a card's symbol could be altered and still verify. Cards
 * are small and mostly photo: storing them costs some 25 bytes and makes text
 * and credential one to one. docs/decisions/0003.
 */
#ifndef CEDULA_COMMON_STORED_H
#define CEDULA_COMMON_STORED_H

#include "common/bytes.h"
#include "common/status.h"

#define STORED_OVERHEAD 11	/* bytes beside the content */
#define STORED_MAX 65535

/* Points content into in. ST_MALFORMED for any other stream, also for one that
 * zlib would inflate. */
enum status	stored_read(struct bytes in, struct bytes *content) MUST_CHECK;
/* Appends to out. */
enum status	stored_write(struct bytes content, struct buf *out) MUST_CHECK;

#endif
