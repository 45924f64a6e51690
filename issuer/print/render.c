#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <png.h>

#include "issuer/print/card.h"

#define POINT (72.0 / 25.4)

/* A heap block that grows as a library writes to it. */
struct sink {
	uint8_t *p;
	size_t len, cap;
};

static bool
sink_put(struct sink *s, const void *p, size_t len)
{
	if (len > s->cap - s->len) {
		size_t cap = s->cap * 2 + len + 65536;
		uint8_t *more = realloc(s->p, cap);

		if (more == NULL)
			return false;
		s->p = more;
		s->cap = cap;
	}
	if (len > 0)
		memcpy(s->p + s->len, p, len);
	s->len += len;
	return true;
}

static cairo_status_t
on_pdf(void *closure, const unsigned char *data, unsigned int len)
{
	return sink_put(closure, data, len) ? CAIRO_STATUS_SUCCESS :
	    CAIRO_STATUS_NO_MEMORY;
}

static enum status
draw_side(cairo_t *c, const struct card_face *f, enum card_side side,
    struct diag *d)
{
	enum status st = side == CARD_FRONT ? card_draw_front(c, f, d) :
	    card_draw_back(c, f, d);

	if (st == ST_OK && cairo_status(c) != CAIRO_STATUS_SUCCESS)
		st = diag_set(d, ST_INTERNAL, _("drawing the card failed: %s"),
		    cairo_status_to_string(cairo_status(c)));
	return st;
}

/* The date of issue stands in for the clock: a reprint has the same bytes. */
static void
date_pdf(cairo_surface_t *s, struct date issued)
{
	char when[WHEN_TEXT];

	when_format(when_from_date(issued), when);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, when);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, when);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE,
	    "Documento de identidad consular");
}

static enum status
render_pdf(const struct card_face *f, enum card_side side, struct sink *out,
    struct diag *d)
{
	cairo_surface_t *s = cairo_pdf_surface_create_for_stream(on_pdf, out,
	    CARD_W * POINT, CARD_H * POINT);
	cairo_t *c = cairo_create(s);
	enum status st = ST_OK;

	if (date_valid(f->issued))
		date_pdf(s, f->issued);
	cairo_scale(c, POINT, POINT);
	if ((side & CARD_FRONT) != 0) {
		st = draw_side(c, f, CARD_FRONT, d);
		cairo_show_page(c);
	}
	if (st == ST_OK && (side & CARD_BACK) != 0) {
		st = draw_side(c, f, CARD_BACK, d);
		cairo_show_page(c);
	}
	cairo_destroy(c);
	cairo_surface_finish(s);
	if (st == ST_OK && cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
		st = diag_set(d, ST_INTERNAL, _("writing the PDF failed: %s"),
		    cairo_status_to_string(cairo_surface_status(s)));
	cairo_surface_destroy(s);
	return st;
}

static void
on_png(png_structp png, png_bytep data, size_t len)
{
	if (!sink_put(png_get_io_ptr(png), data, len))
		png_error(png, "out of memory");
}

static void
on_png_flush(png_structp png)
{
	(void)png;
}

static void
on_png_error(png_structp png, png_const_charp why)
{
	(void)why;
	longjmp(png_jmpbuf(png), 1);
}

static void
on_png_warning(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

/* Everything that must survive a longjmp was there before setjmp. */
static bool
write_png(png_structp png, png_infop info, cairo_surface_t *s, int dpi,
    uint8_t *row, struct sink *out)
{
	uint32_t w = (uint32_t)cairo_image_surface_get_width(s);
	uint32_t h = (uint32_t)cairo_image_surface_get_height(s);
	size_t stride = (size_t)cairo_image_surface_get_stride(s);
	const uint8_t *from = cairo_image_surface_get_data(s);
	uint32_t per_metre = (uint32_t)(dpi / 0.0254 + 0.5);

	if (setjmp(png_jmpbuf(png)) != 0)
		return false;
	png_set_write_fn(png, out, on_png, on_png_flush);
	png_set_IHDR(png, info, w, h, 8, PNG_COLOR_TYPE_RGB,
	    PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
	    PNG_FILTER_TYPE_DEFAULT);
	png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
	png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
	png_set_compression_level(png, 6);
	png_write_info(png, info);
	for (uint32_t y = 0; y < h; y++) {
		for (uint32_t x = 0; x < w; x++) {
			uint32_t v;

			memcpy(&v, from + y * stride + (size_t)x * 4,
			    sizeof(v));
			row[x * 3] = (uint8_t)(v >> 16);
			row[x * 3 + 1] = (uint8_t)(v >> 8);
			row[x * 3 + 2] = (uint8_t)v;
		}
		png_write_row(png, row);
	}
	png_write_end(png, info);
	return true;
}

static enum status
encode_png(cairo_surface_t *s, int dpi, struct sink *out, struct diag *d)
{
	png_infop info = NULL;
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
	    on_png_error, on_png_warning);
	uint8_t *row = malloc((size_t)cairo_image_surface_get_width(s) * 3);
	enum status st = ST_INTERNAL;

	if (png != NULL)
		info = png_create_info_struct(png);
	cairo_surface_flush(s);
	if (info == NULL || row == NULL ||
	    !write_png(png, info, s, dpi, row, out))
		(void)diag_set(d, st, _("out of memory"));
	else
		st = ST_OK;
	png_destroy_write_struct(&png, &info);
	free(row);
	return st;
}

static enum status
render_png(const struct card_face *f, enum card_side side, int dpi,
    struct sink *out, struct diag *d)
{
	cairo_surface_t *s;
	cairo_t *c;
	enum status st;

	if (side == CARD_BOTH || (dpi != 300 && dpi != 600))
		return diag_set(d, ST_USAGE,
		    _("a PNG holds one side, at 300 or 600 dots an inch"));
	s = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
	    (int)(CARD_W * dpi / 25.4 + 0.5), (int)(CARD_H * dpi / 25.4 + 0.5));
	c = cairo_create(s);
	/* The last row of dots is only half card. */
	cairo_set_source_rgb(c, 1, 1, 1);
	cairo_paint(c);
	cairo_scale(c, dpi / 25.4, dpi / 25.4);
	st = draw_side(c, f, side, d);
	cairo_destroy(c);
	if (st == ST_OK)
		st = encode_png(s, dpi, out, d);
	cairo_surface_destroy(s);
	return st;
}

enum status
card_render(const struct card_face *f, enum card_side side,
    enum card_format format, int dpi, uint8_t **out, size_t *len,
    struct diag *d)
{
	struct sink sink = { 0 };
	enum status st = format == CARD_PDF ? render_pdf(f, side, &sink, d) :
	    render_png(f, side, dpi, &sink, d);

	*out = NULL;
	*len = 0;
	if (st != ST_OK) {
		free(sink.p);
		return st;
	}
	*out = sink.p;
	*len = sink.len;
	return ST_OK;
}
