/*
 * Series: a bundle as a numbered row of texts, each for one QR symbol or one
 * line of a message: "CEDULA:1/3:5F0C21AB:" and the Base45 of a piece. The
 * eight digits are the beginning of the whole's SHA-256: they tell one series
 * from another and show that it was put together right. They prove nothing of
 * who made it: that is for the bundle's own signatures. docs/format.md §12.
 */
#ifndef CEDULA_COMMON_SERIES_H
#define CEDULA_COMMON_SERIES_H

#include "common/bytes.h"
#include "common/status.h"

#define SERIES_PARTS_MAX 32
#define SERIES_PART_MAX 952	/* bytes of one: a symbol of version 25-M */
#define SERIES_BYTES_MAX (SERIES_PARTS_MAX * SERIES_PART_MAX)
#define SERIES_TEXT_MAX 1452	/* characters of one, and a NUL */
#define SERIES_TAG_LEN 4

/* It begins as one: a card's text, Base45 of 78 01, cannot. */
bool		series_is_part(struct bytes text);
/* How many parts a bundle of len bytes makes, and how many bytes each but the
 * last then has: the same in all, so that the symbols are of one size. *n may
 * be more than SERIES_PARTS_MAX, which series_write refuses. */
void		series_plan(size_t len, size_t *n, size_t *part_bytes);
/* Part i, from 1, of the bundle cut every part_bytes: text is NUL-terminated
 * and needs SERIES_TEXT_MAX. ST_TOO_BIG: more than SERIES_PARTS_MAX parts or
 * SERIES_PART_MAX bytes; ST_USAGE: no part i. */
enum status	series_write(struct bytes bundle, size_t part_bytes, size_t i,
		    char *text, size_t cap) MUST_CHECK;

/* What has been collected of one series. */
struct series {
	uint8_t *room;			/* the caller's: SERIES_BYTES_MAX */
	size_t n;			/* parts in all; 0: none seen yet */
	size_t held;			/* parts seen */
	size_t len[SERIES_PARTS_MAX];	/* 0: not seen yet */
	uint8_t tag[SERIES_TAG_LEN];
};

void		series_init(struct series *s, uint8_t *room);
/* Takes one part; they may come in any order, and again. ST_MALFORMED: no part
 * of a series; ST_STATE: of another series than the first one taken; ST_DATA:
 * other than the part of this number taken before. On failure nothing is
 * taken. CR and LF at the end are no part of the text. */
enum status	series_take(struct series *s, struct bytes text) MUST_CHECK;
/* The least part number above `after` that is missing, or 0: begin with 0. */
size_t		series_missing(const struct series *s, size_t after);
/* The bundle, in room: to be called once, when no part is missing (ST_STATE).
 * ST_DATA: the parts are not those of one bundle; s is then as new. */
enum status	series_finish(struct series *s, struct bytes *bundle)
		    MUST_CHECK;

#endif
