/*
 * Picture: a PNG or JPEG file as one plane of 8-bit grey, 0 black.
 *
 * The bytes are anybody's. Size is checked before a byte is allocated by it,
 * rows are read one at a time, and a picture over PICTURE_FULL pixels is
 * halved while it is read, so memory has a known ceiling whatever the file
 * claims. Alpha is laid on white: that is what a symbol is printed on.
 */
#ifndef CEDULA_VERIFIER_SCAN_PICTURE_H
#define CEDULA_VERIFIER_SCAN_PICTURE_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define PICTURE_SIDE_MAX 20000u		/* pixels */
#define PICTURE_AREA_MAX (64u << 20)	/* 64 Mpixel */
#define PICTURE_FULL (16u << 20)	/* above it, halved while reading */

struct picture {
	uint8_t *grey;			/* width * height, no row padding */
	uint32_t width, height;
};

/* ST_MALFORMED: neither PNG nor JPEG, damaged or cut short; ST_TOO_BIG: more
 * pixels than the limits. On success the caller ends it with picture_free;
 * on failure out is empty. */
enum status	picture_read(struct bytes file, struct picture *out,
		    struct diag *d) MUST_CHECK;
/* An empty one is fine. */
void		picture_free(struct picture *p);
/* Room for width by height, contents unset; both at least 1 and their product
 * at most PICTURE_AREA_MAX. */
enum status	picture_alloc(struct picture *out, uint32_t width,
		    uint32_t height, struct diag *d) MUST_CHECK;

/* The two formats. They are handed a file whose first bytes are theirs. */
enum status	picture_read_png(struct bytes file, struct picture *out,
		    struct diag *d) MUST_CHECK;
enum status	picture_read_jpeg(struct bytes file, struct picture *out,
		    struct diag *d) MUST_CHECK;
/* May a picture of this size be read, and must it be halved? */
enum status	picture_plan(uint32_t width, uint32_t height, bool *halve,
		    struct diag *d) MUST_CHECK;
/* The one sentence for a file that the library gave up on. */
enum status	picture_broken(bool cut_short, struct diag *d) MUST_CHECK;

#endif
