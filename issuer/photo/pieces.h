/* The pieces of issuer/photo, for each other only. */
#ifndef CEDULA_ISSUER_PHOTO_PIECES_H
#define CEDULA_ISSUER_PHOTO_PIECES_H

#include "issuer/photo/photo.h"

/* Checks the limits, then allocates; *out is empty on failure. */
enum status	photo_alloc(uint32_t w, uint32_t h, const char *name,
		    struct photo *out, struct diag *d) MUST_CHECK;
/* Only the limits: before a decoder is let loose. */
enum status	photo_check_size(uint32_t w, uint32_t h, const char *name,
		    struct diag *d) MUST_CHECK;
enum status	photo_damaged(const char *name, const char *why,
		    struct diag *d) MUST_CHECK;
/* *orientation: 1 to 8 as EXIF counts them, 1 when there is none. */
enum status	photo_jpeg_read(struct bytes file, const char *name,
		    struct photo *out, int *orientation, struct diag *d)
		    MUST_CHECK;
enum status	photo_png_read(struct bytes file, const char *name,
		    struct photo *out, struct diag *d) MUST_CHECK;
/* Orientation of an APP1 segment's content; 1 for anything odd. */
int		photo_exif_orientation(struct bytes app1);
/* Scales the w × h pixels at (x, y) of in to the size of out (allocated). */
enum status	photo_scale(const struct photo *in, uint32_t x, uint32_t y,
		    uint32_t w, uint32_t h, struct photo *out) MUST_CHECK;

#endif
