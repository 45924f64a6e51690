/*
 * Photo: from the file a photographer or a telephone gave us to the portrait
 * in the register (480×640 JPEG) and the face in the symbol (64×80 WebP).
 *
 * Files are hostile until decoded: sizes are looked at before anything is
 * allocated, and a picture that is damaged or cut off is refused, never stored
 * in part. Same input, same bytes out.
 */
#ifndef CEDULA_ISSUER_PHOTO_PHOTO_H
#define CEDULA_ISSUER_PHOTO_PHOTO_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define PHOTO_FILE_MAX (32u << 20)	/* for file_read */
#define PHOTO_SIDE_MAX 8000
#define PHOTO_PIXELS_MAX 40000000u
#define PHOTO_W 480			/* the stored portrait, 3:4 */
#define PHOTO_H 640
#define PHOTO_LEAST_W 240		/* of the part cut out, before scaling */
#define PHOTO_LEAST_H 320
#define FACE_W 64			/* in the symbol, 4:5 */
#define FACE_H 80
#define FACE_BUDGET_MIN 300
#define FACE_BUDGET_MAX 640

/* 8-bit RGB, rows packed. Owned: free with photo_free. */
struct photo {
	uint32_t w, h;
	uint8_t *rgb;
};

/* What became of the face, for those who choose budgets. */
struct photo_face {
	size_t len;
	bool colour;
	int quality;		/* of WebP, 0-100 */
	int ssim;		/* thousandths, luma, against the scaled source */
};

/* Accepts NULL and what was freed before. */
void		photo_free(struct photo *p);
/* Decodes a JPEG or PNG: upright (EXIF orientation), RGB, transparency on
 * white. A very large JPEG comes back at 1/2, 1/4 or 1/8 of its size. name is
 * for messages. *out is empty on failure. ST_DATA: not a picture, damaged, or
 * too small to cut a portrait from; ST_TOO_BIG. */
enum status	photo_load(struct bytes file, const char *name,
		    struct photo *out, struct diag *d) MUST_CHECK;
/* Cuts the middle out at 3:4 and scales it to PHOTO_W × PHOTO_H; nothing is
 * stretched. */
enum status	photo_portrait(const struct photo *in, struct photo *out,
		    struct diag *d) MUST_CHECK;
/* A baseline JPEG on the heap, which the caller frees. */
enum status	photo_jpeg(const struct photo *p, uint8_t **out, size_t *len,
		    struct diag *d) MUST_CHECK;
/* Appends the face as a WebP of at most budget bytes: of grey and colour, and
 * of several settings of the encoder, the one most like the picture. budget is
 * clipped to FACE_BUDGET_MAX; under FACE_BUDGET_MIN, or when nothing fits, or
 * out is full: ST_TOO_BIG. info may be NULL. */
enum status	photo_face_webp(const uint8_t *rgb, uint32_t w, uint32_t h,
		    size_t budget, struct buf *out, struct photo_face *info,
		    struct diag *d) MUST_CHECK;

#endif
