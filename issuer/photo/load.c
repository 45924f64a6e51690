#include <stdlib.h>
#include <string.h>

#include "issuer/photo/pieces.h"

void
photo_free(struct photo *p)
{
	if (p == NULL)
		return;
	free(p->rgb);
	*p = (struct photo){ 0 };
}

enum status
photo_check_size(uint32_t w, uint32_t h, const char *name, struct diag *d)
{
	/* Divided, so that hostile sizes cannot overflow the product. */
	if (w > PHOTO_SIDE_MAX || h > PHOTO_SIDE_MAX ||
	    (w != 0 && h > PHOTO_PIXELS_MAX / w))
		return diag_set(d, ST_TOO_BIG,
		    _("%s: %ux%u pixels, more than %d a side or %u million; save it smaller and repeat"),
		    name, w, h, PHOTO_SIDE_MAX, PHOTO_PIXELS_MAX / 1000000);
	if (w == 0 || h == 0)
		return photo_damaged(name, _("it has no pixels"), d);
	return ST_OK;
}

enum status
photo_alloc(uint32_t w, uint32_t h, const char *name, struct photo *out,
    struct diag *d)
{
	enum status st;

	*out = (struct photo){ 0 };
	if ((st = photo_check_size(w, h, name, d)) != ST_OK)
		return st;
	if ((out->rgb = malloc((size_t)w * h * 3)) == NULL)
		return diag_set(d, ST_INTERNAL, _("%s: out of memory"), name);
	out->w = w;
	out->h = h;
	return ST_OK;
}

enum status
photo_damaged(const char *name, const char *why, struct diag *d)
{
	return diag_set(d, ST_DATA,
	    _("%s: the picture is damaged or cut off (%s); copy it again or take another"),
	    name, why);
}

/* EXIF orientation as a walk over the source: where the first pixel of the
 * upright picture is, and the steps to its neighbours right and below. */
static enum status
turn(struct photo *p, int orientation, const char *name, struct diag *d)
{
	bool swapped = orientation >= 5;
	bool from_right = orientation == 2 || orientation == 3 ||
	    orientation == 7 || orientation == 8;
	bool from_below = orientation == 3 || orientation == 4 ||
	    orientation == 6 || orientation == 7;
	struct photo out;
	enum status st;

	if (orientation <= 1 || orientation > 8)
		return ST_OK;
	st = photo_alloc(swapped ? p->h : p->w, swapped ? p->w : p->h, name,
	    &out, d);
	if (st != ST_OK)
		return st;
	for (uint32_t y = 0; y < out.h; y++) {
		for (uint32_t x = 0; x < out.w; x++) {
			uint32_t sx = swapped ? y : x, sy = swapped ? x : y;

			if (from_right)
				sx = p->w - 1 - sx;
			if (from_below)
				sy = p->h - 1 - sy;
			memcpy(out.rgb + ((size_t)y * out.w + x) * 3,
			    p->rgb + ((size_t)sy * p->w + sx) * 3, 3);
		}
	}
	photo_free(p);
	*p = out;
	return ST_OK;
}

enum status
photo_load(struct bytes file, const char *name, struct photo *out,
    struct diag *d)
{
	static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a,
	    '\n' };
	int orientation = 1;
	enum status st;

	*out = (struct photo){ 0 };
	if (file.len >= sizeof(png) && memcmp(file.p, png, sizeof(png)) == 0)
		st = photo_png_read(file, name, out, d);
	else if (file.len >= 3 && file.p[0] == 0xff && file.p[1] == 0xd8 &&
	    file.p[2] == 0xff)
		st = photo_jpeg_read(file, name, out, &orientation, d);
	else
		return diag_set(d, ST_DATA,
		    _("%s: not a JPEG or PNG picture; save the photo as JPEG and repeat"),
		    name);
	if (st == ST_OK)
		st = turn(out, orientation, name, d);
	if (st == ST_OK && (out->w < PHOTO_LEAST_W || out->h < PHOTO_LEAST_H))
		st = diag_set(d, ST_DATA,
		    _("%s: %ux%u pixels are too few for a portrait; at least %dx%d are needed, take the photo again closer or larger"),
		    name, out->w, out->h, PHOTO_LEAST_W, PHOTO_LEAST_H);
	if (st != ST_OK)
		photo_free(out);
	return st;
}
