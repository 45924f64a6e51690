/*
 * CBOR (RFC 8949): a bounded reader and writer, no heap.
 *
 * First cbor_check() walks the whole input once and settles that it is one
 * well-formed item; then a cursor reads it. The cursor checks its bounds again
 * by itself, remembers its first failure, and never leaves its buffer.
 */
#ifndef CEDULA_COMMON_CBOR_H
#define CEDULA_COMMON_CBOR_H

#include "common/bytes.h"
#include "common/status.h"

#define CBOR_DEPTH 16		/* nesting of arrays, maps and tags */
#define CBOR_LIBERAL_PAIRS 256	/* entries of one unsorted map */

enum cbor_mode {
	/* Deterministic encoding (§4.2.1): shortest heads, definite lengths,
	 * keys sorted and unique, text valid UTF-8. What we write. */
	CBOR_STRICT,
	/* Well-formed, keys unique with shortest heads, text valid UTF-8; any
	 * other head size, any key order, floats. Indefinite lengths are refused here too. */
	CBOR_LIBERAL
};

enum cbor_type {
	CBOR_UINT = 0, CBOR_NINT, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP,
	CBOR_TAG, CBOR_SIMPLE,	/* false, true, null, floats, others */
	CBOR_NONE = -1		/* nothing left, or the cursor is bad */
};

/* Exactly one item, nothing after it. */
enum status	cbor_check(struct bytes in, enum cbor_mode mode) MUST_CHECK;
/* Splits the first item off a sequence (RFC 8742). */
enum status	cbor_check_first(struct bytes in, enum cbor_mode mode,
		    struct bytes *item) MUST_CHECK;

struct cbor {
	const uint8_t *p;
	size_t left;
	bool bad;
};

struct cbor	cbor_from(struct bytes in);
enum cbor_type	cbor_peek(const struct cbor *c);
uint64_t	cbor_uint(struct cbor *c);
int64_t		cbor_int(struct cbor *c);	/* major 0 or 1, in int64 */
struct bytes	cbor_bytes(struct cbor *c);
struct bytes	cbor_text(struct cbor *c);
size_t		cbor_array(struct cbor *c);	/* items that follow */
size_t		cbor_map(struct cbor *c);	/* pairs that follow */
uint64_t	cbor_tag(struct cbor *c);
/* An integer or a float as whole seconds, rounded up or down; §3.4.2. */
int64_t		cbor_instant(struct cbor *c, bool up);
/* Major 7: true and *value for false/true/null...; floats give their double. */
bool		cbor_simple(struct cbor *c, uint8_t *value);
double		cbor_float(struct cbor *c);
bool		cbor_is_float(const struct cbor *c);
/* The bytes of the next item, whatever it is; the cursor passes it. */
struct bytes	cbor_raw(struct cbor *c);
/* Nothing was missing and nothing is left. */
bool		cbor_done(const struct cbor *c);

void	cbor_put_uint(struct buf *b, uint64_t v);
void	cbor_put_int(struct buf *b, int64_t v);
void	cbor_put_bytes(struct buf *b, struct bytes v);
void	cbor_put_text(struct buf *b, struct bytes v);
void	cbor_put_array(struct buf *b, size_t n);
void	cbor_put_map(struct buf *b, size_t n);	/* the caller sorts the keys */
void	cbor_put_tag(struct buf *b, uint64_t tag);
/* Head of a byte string of len bytes, without them: for signing in parts. */
void	cbor_put_bytes_head(struct buf *b, size_t len);

#endif
