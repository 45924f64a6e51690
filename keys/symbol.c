#include "keys/symbol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>
#include <qrencode.h>

enum { TEXT_MAX = 10000 };	/* more than any symbol holds */

enum status
symbol_make(const char *text, int version_max, struct symbol *out)
{
	QRinput *in = QRinput_new2(0, QR_ECLEVEL_M);
	QRcode *code = NULL;
	size_t len = strlen(text), modules;
	enum status st = ST_INTERNAL;

	memset(out, 0, sizeof(*out));
	if (in == NULL)
		goto out;
	/* One segment: cutting digits out into their own saves little and
	 * makes the version depend on chance. */
	if (len == 0 || len > TEXT_MAX || QRinput_append(in, QR_MODE_AN,
	    (int)len, (const unsigned char *)text) != 0) {
		st = ST_DATA;
		goto out;
	}
	errno = 0;
	code = QRcode_encodeInput(in);
	if (code == NULL && errno != ERANGE)
		goto out;
	if (code == NULL || code->version > version_max) {
		st = ST_TOO_BIG;
		goto out;
	}
	modules = (size_t)code->width * (size_t)code->width;
	if ((out->module = malloc(modules)) == NULL)
		goto out;
	out->version = code->version;
	out->n = code->width;
	for (size_t i = 0; i < modules; i++)
		out->module[i] = code->data[i] & 1;
	st = ST_OK;
out:
	QRcode_free(code);
	QRinput_free(in);
	return st;
}

void
symbol_free(struct symbol *s)
{
	free(s->module);
	memset(s, 0, sizeof(*s));
}

/* 8-bit grey, white but for the dark modules. */
static uint8_t *
draw(const struct symbol *s, size_t dots, size_t side)
{
	size_t n = (size_t)s->n;
	uint8_t *grey = malloc(side * side);

	if (grey == NULL)
		return NULL;
	memset(grey, 0xff, side * side);
	for (size_t y = 0; y < n * dots; y++)
		for (size_t x = 0; x < n; x++)
			if (s->module[y / dots * n + x] != 0)
				memset(grey + (y + SYMBOL_QUIET * dots) * side +
				    (x + SYMBOL_QUIET) * dots, 0, dots);
	return grey;
}

enum status
symbol_png(const struct symbol *s, int dots, uint8_t **out, size_t *len)
{
	size_t side = (size_t)(s->n + 2 * SYMBOL_QUIET) * (size_t)dots;
	uint8_t *grey = draw(s, (size_t)dots, side), *png = NULL;
	png_image image = { .version = PNG_IMAGE_VERSION,
	    .format = PNG_FORMAT_GRAY, .width = (png_uint_32)side,
	    .height = (png_uint_32)side };
	png_alloc_size_t size = 0;
	enum status st = ST_INTERNAL;

	*out = NULL;
	*len = 0;
	/* Once for the size, once for the bytes. */
	if (grey == NULL || png_image_write_to_memory(&image, NULL, &size, 0,
	    grey, 0, NULL) == 0 || (png = malloc(size)) == NULL ||
	    png_image_write_to_memory(&image, png, &size, 0, grey, 0,
	    NULL) == 0)
		goto out;
	*out = png;
	*len = size;
	png = NULL;
	st = ST_OK;
out:
	png_image_free(&image);
	free(png);
	free(grey);
	return st;
}
