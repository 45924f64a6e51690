#include "verifier/scan/symbols.h"

#include <iconv.h>
#include <stdlib.h>

#include <zbar.h>

/* Pictures with a longer side above it are tried halved, others doubled. */
#define DOUBLE_UNDER 1200u

/* The character sets that zbar opens for every symbol, before it looks whether
 * it needs them: opened here first, their tables are loaded when the sandbox
 * closes the file system. */
static const char *const charsets[] = {
	"ISO8859-1", "SJIS", "UTF-8", "BIG-5"
};
#define CHARSETS (sizeof(charsets) / sizeof(charsets[0]))

struct symbols_finder {
	zbar_image_scanner_t *zbar;
	iconv_t held[CHARSETS];
};

struct symbols_finder *
symbols_finder_new(void)
{
	struct symbols_finder *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	/* One that is missing on this system is zbar's to do without. */
	for (size_t i = 0; i < CHARSETS; i++)
		f->held[i] = iconv_open("UTF-8", charsets[i]);
	if ((f->zbar = zbar_image_scanner_create()) == NULL ||
	    /* Other symbologies cost half the time, and some print. */
	    zbar_image_scanner_set_config(f->zbar, ZBAR_NONE,
	    ZBAR_CFG_ENABLE, 0) != 0 ||
	    zbar_image_scanner_set_config(f->zbar, ZBAR_QRCODE,
	    ZBAR_CFG_ENABLE, 1) != 0 ||
	    /* Without it bytes are changed between character sets. */
	    zbar_image_scanner_set_config(f->zbar, ZBAR_QRCODE,
	    ZBAR_CFG_BINARY, 1) != 0 ||
	    zbar_image_scanner_set_config(f->zbar, ZBAR_NONE,
	    ZBAR_CFG_X_DENSITY, 1) != 0 ||
	    zbar_image_scanner_set_config(f->zbar, ZBAR_NONE,
	    ZBAR_CFG_Y_DENSITY, 1) != 0) {
		symbols_finder_free(f);
		return NULL;
	}
	return f;
}

void
symbols_finder_free(struct symbols_finder *f)
{
	if (f == NULL)
		return;
	if (f->zbar != NULL)
		zbar_image_scanner_destroy(f->zbar);
	for (size_t i = 0; i < CHARSETS; i++)
		/* Failure is written (iconv_t)-1, all bits set. */
		if ((intptr_t)f->held[i] != -1)
			(void)iconv_close(f->held[i]);
	free(f);
}

static bool
is_told(struct bytes text)
{
	if (text.len == 0 || text.len > SCAN_TEXT_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	return true;
}

static void
add_text(struct symbols *out, struct bytes text)
{
	if (out->n == SCAN_TEXTS_MAX || !is_told(text))
		return;
	for (size_t i = 0; i < out->n; i++)
		if (bytes_equal(out->text[i], text))
			return;
	out->text[out->n++] = (struct bytes){
		out->room.p + out->room.len, text.len
	};
	buf_put(&out->room, text.p, text.len);
}

/* One look of zbar at one picture. */
static enum status
look(struct symbols_finder *f, const struct picture *p, struct symbols *out,
    struct diag *d)
{
	zbar_image_t *image = zbar_image_create();
	const zbar_symbol_t *s;
	enum status st = ST_INTERNAL;

	if (image == NULL)
		return diag_set(d, ST_INTERNAL,
		    _("not enough memory for the picture"));
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, p->width, p->height);
	/* Borrowed: without a clean-up handler zbar frees nothing. */
	zbar_image_set_data(image, p->grey, (size_t)p->width * p->height,
	    NULL);
	if (zbar_scan_image(f->zbar, image) < 0) {
		st = diag_set(d, ST_INTERNAL,
		    _("the symbol reader failed on this picture"));
		goto out;
	}
	/* A part of a text spread over several symbols has another type. */
	for (s = zbar_image_first_symbol(image); s != NULL;
	    s = zbar_symbol_next(s))
		if (zbar_symbol_get_type(s) == ZBAR_QRCODE)
			add_text(out, bytes_from(zbar_symbol_get_data(s),
			    zbar_symbol_get_data_length(s)));
	st = ST_OK;
out:
	zbar_image_destroy(image);
	return st;
}

static enum status
halve(const struct picture *p, struct picture *out, struct diag *d)
{
	enum status st = picture_alloc(out, p->width / 2, p->height / 2, d);

	if (st != ST_OK)
		return st;
	for (size_t y = 0; y < out->height; y++)
		for (size_t x = 0; x < out->width; x++) {
			const uint8_t *a = p->grey + 2 * y * p->width + 2 * x;
			const uint8_t *b = a + p->width;

			out->grey[y * out->width + x] =
			    (uint8_t)((a[0] + a[1] + b[0] + b[1] + 2) / 4);
		}
	return ST_OK;
}

/* Each pixel four times: plain pictures have sharp modules, and zbar needs
 * more pixels of them, not smoother ones. */
static enum status
twice(const struct picture *p, struct picture *out, struct diag *d)
{
	enum status st = picture_alloc(out, p->width * 2, p->height * 2, d);

	if (st != ST_OK)
		return st;
	for (size_t y = 0; y < out->height; y++)
		for (size_t x = 0; x < out->width; x++)
			out->grey[y * out->width + x] =
			    p->grey[y / 2 * p->width + x / 2];
	return ST_OK;
}

static enum status
look_resized(struct symbols_finder *f, const struct picture *p,
    struct symbols *out, struct diag *d)
{
	uint32_t longer = p->width > p->height ? p->width : p->height;
	struct picture other;
	enum status st;

	if (longer > DOUBLE_UNDER && (p->width < 2 || p->height < 2))
		return ST_OK;		/* a line: nothing to halve */
	st = longer > DOUBLE_UNDER ? halve(p, &other, d) : twice(p, &other, d);
	if (st == ST_OK)
		st = look(f, &other, out, d);
	picture_free(&other);
	return st;
}

enum status
symbols_find(struct symbols_finder *f, const struct picture *p,
    struct symbols *out, struct diag *d)
{
	struct picture inverted;
	size_t size = (size_t)p->width * p->height;
	enum status st;

	out->n = 0;
	out->room = buf_over(out->store, sizeof(out->store));
	if ((st = look(f, p, out, d)) != ST_OK || out->n > 0 ||
	    (st = look_resized(f, p, out, d)) != ST_OK || out->n > 0)
		return st;
	if ((st = picture_alloc(&inverted, p->width, p->height, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < size; i++)
		inverted.grey[i] = (uint8_t)(255 - p->grey[i]);
	if ((st = look(f, &inverted, out, d)) == ST_OK && out->n == 0)
		st = look_resized(f, &inverted, out, d);
	picture_free(&inverted);
	return st;
}
