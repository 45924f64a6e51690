#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "issuer/photo/pieces.h"

enum { CHUNK_BYTES_MAX = 4 << 20, CHUNKS_MAX = 64 };

struct source {
	struct bytes left;
	char why[128];
};

static void
on_error(png_structp png, png_const_charp why)
{
	struct source *s = png_get_error_ptr(png);

	(void)bytes_to_text(bytes_from(why, strnlen(why, sizeof(s->why) - 1)),
	    s->why, sizeof(s->why));
	longjmp(png_jmpbuf(png), 1);
}

static void
on_warning(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

static void
on_read(png_structp png, png_bytep to, size_t n)
{
	struct source *s = png_get_io_ptr(png);

	if (n > s->left.len)
		png_error(png, "it ends too early");
	memcpy(to, s->left.p, n);
	s->left.p += n;
	s->left.len -= n;
}

/* Every kind of PNG becomes 8-bit RGBA. */
static void
transform(png_structp png, png_infop info)
{
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
	(void)png_set_interlace_handling(png);
	png_read_update_info(png, info);
}

/* On white, as paper would show it. */
static void
flatten(const uint8_t *rgba, struct photo *out)
{
	size_t n = (size_t)out->w * out->h;

	for (size_t i = 0; i < n; i++) {
		unsigned a = rgba[i * 4 + 3];

		for (size_t k = 0; k < 3; k++)
			out->rgb[i * 3 + k] = (uint8_t)((rgba[i * 4 + k] * a +
			    255 * (255 - a) + 127) / 255);
	}
}

/* What must survive a longjmp is behind a pointer, out of its reach. */
struct decoder {
	png_structp png;
	png_infop info;
	uint8_t *rgba;
	png_bytep *rows;
};

static enum status
decode(struct decoder *c, struct source *s, const char *name,
    struct photo *out, struct diag *d)
{
	uint32_t w, h;
	enum status st;

	if (setjmp(png_jmpbuf(c->png)) != 0)
		return photo_damaged(name, s->why, d);
	/* The header is ours to judge: libpng's own limits would only say that
	 * the file is bad. */
	png_set_user_limits(c->png, 0x7fffffff, 0x7fffffff);
	png_set_chunk_malloc_max(c->png, CHUNK_BYTES_MAX);
	png_set_chunk_cache_max(c->png, CHUNKS_MAX);
	png_set_read_fn(c->png, s, on_read);
	png_read_info(c->png, c->info);
	w = png_get_image_width(c->png, c->info);
	h = png_get_image_height(c->png, c->info);
	if ((st = photo_check_size(w, h, name, d)) != ST_OK)
		return st;
	transform(c->png, c->info);
	if (png_get_rowbytes(c->png, c->info) != (size_t)w * 4)
		return photo_damaged(name, _("an odd row length"), d);
	c->rgba = malloc((size_t)w * h * 4);
	c->rows = calloc(h, sizeof(c->rows[0]));
	if (c->rgba == NULL || c->rows == NULL)
		return diag_set(d, ST_INTERNAL, _("%s: out of memory"), name);
	for (uint32_t y = 0; y < h; y++)
		c->rows[y] = c->rgba + (size_t)y * w * 4;
	png_read_image(c->png, c->rows);
	png_read_end(c->png, NULL);
	if ((st = photo_alloc(w, h, name, out, d)) == ST_OK)
		flatten(c->rgba, out);
	return st;
}

enum status
photo_png_read(struct bytes file, const char *name, struct photo *out,
    struct diag *d)
{
	struct source s = { file, "" };
	struct decoder c = { 0 };
	enum status st = ST_INTERNAL;

	*out = (struct photo){ 0 };
	c.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &s, on_error,
	    on_warning);
	if (c.png != NULL)
		c.info = png_create_info_struct(c.png);
	if (c.info == NULL)
		st = diag_set(d, ST_INTERNAL, _("%s: out of memory"), name);
	else
		st = decode(&c, &s, name, out, d);
	png_destroy_read_struct(&c.png, &c.info, NULL);
	free(c.rgba);
	free(c.rows);
	return st;
}
