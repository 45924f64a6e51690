#include "verifier/scan/picture.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

/* Everything that must survive libpng's longjmp lives here, not in locals. */
struct reading {
	png_structp png;
	png_infop info;
	struct bytes left;		/* of the file */
	bool cut;			/* it ended too early */
	bool halve;
	uint32_t width, height;		/* as in the file */
	size_t channels;		/* 1 grey, 2 grey and alpha */
	uint8_t *raw;			/* one row; all rows if interlaced */
	uint16_t *sums;			/* of an even row, when halving */
};

static void
pull(png_structp png, png_bytep to, size_t n)
{
	struct reading *r = png_get_io_ptr(png);

	if (n > r->left.len) {
		r->cut = true;
		png_error(png, "end of file");
	}
	memcpy(to, r->left.p, n);
	r->left.p += n;
	r->left.len -= n;
}

static void
fail(png_structp png, png_const_charp why)
{
	(void)why;			/* libpng's words are not for clerks */
	png_longjmp(png, 1);
}

static void
hush(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

static uint8_t
on_white(const uint8_t *pixel, size_t channels)
{
	unsigned g = pixel[0], a;

	if (channels == 1)
		return pixel[0];
	a = pixel[1];
	return (uint8_t)((g * a + 255 * (255 - a) + 127) / 255);
}

/* Row y of the file goes to its place. Of an odd width or height the last
 * column or row has no partner when halving, and is left out. */
static void
place_row(const struct reading *r, const uint8_t *row, uint32_t y,
    struct picture *out)
{
	uint8_t *to;

	if (!r->halve) {
		to = out->grey + (size_t)y * out->width;
		for (size_t x = 0; x < out->width; x++)
			to[x] = on_white(row + x * r->channels, r->channels);
		return;
	}
	if (y / 2 >= out->height)
		return;
	to = out->grey + (size_t)(y / 2) * out->width;
	for (size_t x = 0; x < out->width; x++) {
		const uint8_t *pair = row + 2 * x * r->channels;
		unsigned sum = 0u + on_white(pair, r->channels) +
		    on_white(pair + r->channels, r->channels);

		if (y % 2 == 0)
			r->sums[x] = (uint16_t)sum;
		else
			to[x] = (uint8_t)((r->sums[x] + sum + 2) / 4);
	}
}

static enum status
read_header(struct reading *r, struct diag *d)
{
	enum status st;

	/* The one size check is ours, with a sentence; libpng allocates
	 * nothing by the size before png_read_update_info. */
	png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_chunk_malloc_max(r->png, 1u << 20);
	/* Colour profiles and texts only add ways to be attacked: every
	 * ancillary chunk is passed over unread (tRNS is not among them). */
	png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_read_info(r->png, r->info);
	r->width = png_get_image_width(r->png, r->info);
	r->height = png_get_image_height(r->png, r->info);
	if ((st = picture_plan(r->width, r->height, &r->halve, d)) != ST_OK)
		return st;

	/* Whatever it was, rows come as 8-bit grey, with alpha or without. */
	png_set_expand(r->png);
	png_set_scale_16(r->png);
	png_set_rgb_to_gray_fixed(r->png, PNG_ERROR_ACTION_NONE,
	    PNG_RGB_TO_GRAY_DEFAULT, PNG_RGB_TO_GRAY_DEFAULT);
	return ST_OK;
}

static enum status
read_rows(struct reading *r, struct picture *out, struct diag *d)
{
	int passes = png_set_interlace_handling(r->png);
	size_t row, kept = passes > 1 ? r->height : 1;
	enum status st;

	png_read_update_info(r->png, r->info);
	r->channels = png_get_channels(r->png, r->info);
	row = png_get_rowbytes(r->png, r->info);
	if (r->channels < 1 || r->channels > 2 ||
	    row != r->width * r->channels)
		return diag_set(d, ST_INTERNAL,
		    _("the picture library gave rows of another size"));
	if ((st = picture_alloc(out, r->width >> r->halve,
	    r->height >> r->halve, d)) != ST_OK)
		return st;
	r->raw = calloc(kept, row);
	r->sums = calloc(out->width, sizeof(*r->sums));
	if (r->raw == NULL || r->sums == NULL)
		return diag_set(d, ST_INTERNAL,
		    _("not enough memory for the picture"));
	/* The passes of an interlaced picture each touch every row. */
	for (int pass = 0; pass < passes; pass++)
		for (uint32_t y = 0; y < r->height; y++) {
			uint8_t *p = r->raw + (kept > 1 ? y * row : 0);

			png_read_row(r->png, p, NULL);
			if (pass == passes - 1)
				place_row(r, p, y, out);
		}
	/* All pixels are here; what follows them is not asked for. */
	return ST_OK;
}

/* The frame that libpng jumps back to: it has no locals to lose. */
static enum status
read_guarded(struct reading *r, struct picture *out, struct diag *d)
{
	enum status st;

	if (setjmp(png_jmpbuf(r->png)) != 0)
		return picture_broken(r->cut, d);
	if ((st = read_header(r, d)) != ST_OK)
		return st;
	return read_rows(r, out, d);
}

enum status
picture_read_png(struct bytes file, struct picture *out, struct diag *d)
{
	struct reading r = { .left = file };
	enum status st = ST_INTERNAL;

	r.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, fail, hush);
	if (r.png == NULL ||
	    (r.info = png_create_info_struct(r.png)) == NULL) {
		st = diag_set(d, ST_INTERNAL,
		    _("not enough memory for the picture"));
		goto out;
	}
	png_set_read_fn(r.png, &r, pull);
	st = read_guarded(&r, out, d);
out:
	png_destroy_read_struct(&r.png, &r.info, NULL);
	free(r.raw);
	free(r.sums);
	return st;
}
