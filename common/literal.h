/*
 * Literal: the one zlib stream (RFC 1950) of some bytes that leaves no choice:
 * 78 01, one final block with the fixed Huffman codes (RFC 1951 §3.2.6) that
 * holds literals and nothing else, zero padding, Adler-32.
 *
 * A compressed stream has bits that can change without changing what it
 * inflates to (a match may be copied from either of two equal places, unused
 * codes, padding), so a card's symbol could be altered and still verify. Here
 * text and credential are one to one. A stored block would be as strict and a
 * little smaller, but a widely used reader of claim 169 cannot inflate one.
 * docs/decisions/0003.
 */
#ifndef CEDULA_COMMON_LITERAL_H
#define CEDULA_COMMON_LITERAL_H

#include "common/bytes.h"
#include "common/status.h"

/* Appends the content to out. ST_MALFORMED for any other stream, also for one
 * that zlib would inflate; ST_TOO_BIG when out is full. */
enum status	literal_read(struct bytes in, struct buf *out) MUST_CHECK;
/* Appends the stream to out. */
enum status	literal_write(struct bytes content, struct buf *out)
		    MUST_CHECK;

#endif
