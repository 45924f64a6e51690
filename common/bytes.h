/*
 * Bytes: a borrowed run of bytes, a cursor that reads one, and a writer that
 * fills a buffer the caller owns.
 *
 * Nothing here allocates. The cursor and the writer remember their first
 * failure, so a caller reads or writes everything and asks once at the end.
 */
#ifndef CEDULA_COMMON_BYTES_H
#define CEDULA_COMMON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

/* Borrowed: never freed through this. p may be NULL only when len is 0. */
struct bytes {
	const uint8_t *p;
	size_t len;
};

/* A writer over the caller's memory. Once bad, writes do nothing. */
struct buf {
	uint8_t *p;
	size_t cap, len;
	bool bad;
};

struct bytes	bytes_from(const void *p, size_t len);
struct bytes	bytes_text(const char *s);
/* Equal in length and content. Not constant time: for public data only. */
bool		bytes_equal(struct bytes a, struct bytes b);
bool		bytes_equal_text(struct bytes a, const char *s);
/* <0, 0, >0 as RFC 8949 §4.2.1 orders encoded keys: bytewise, prefix first. */
int		bytes_compare(struct bytes a, struct bytes b);
/* Copies as a NUL-terminated string; false when it does not fit or holds NUL. */
bool		bytes_to_text(struct bytes b, char *out, size_t cap);
/* Lower-case hex, NUL-terminated; cap must be at least 2 * b.len + 1. */
bool		bytes_to_hex(struct bytes b, char *out, size_t cap);
/* False on an odd count, a stranger among the digits or too little room. */
bool		bytes_from_hex(struct bytes hex, uint8_t *out, size_t cap,
		    size_t *len);

struct buf	buf_over(uint8_t *p, size_t cap);
void		buf_put(struct buf *b, const void *p, size_t len);
void		buf_put_u8(struct buf *b, uint8_t v);
void		buf_put_text(struct buf *b, const char *s);
struct bytes	buf_bytes(const struct buf *b);

#endif
