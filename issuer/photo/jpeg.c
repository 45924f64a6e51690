#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "issuer/photo/pieces.h"

enum {
	SCANS_MAX = 64,		/* cameras write at most a dozen: a file with
				 * thousands is made to keep us busy */
	QUALITY = 90,
	MEMORY_MAX = 256 << 20,	/* libjpeg's own, for progressive files */
	EXIF_MAX = 0xffff
};

/* libjpeg calls error_exit when it cannot go on; it must not return. Locals
 * that change after setjmp live in here, so that they keep their values. */
struct guard {
	struct jpeg_error_mgr base;	/* first: libjpeg knows only this */
	struct jpeg_progress_mgr progress;
	jmp_buf escape;
	bool damaged;
	char why[JMSG_LENGTH_MAX];
};

static void
on_error(j_common_ptr c)
{
	struct guard *g = (struct guard *)c->err;

	c->err->format_message(c, g->why);
	longjmp(g->escape, 1);
}

/* Warnings: data that had to be made up. Stray bytes between markers are
 * common in honest files and lose nothing. */
static void
on_message(j_common_ptr c, int level)
{
	struct guard *g = (struct guard *)c->err;

	if (level >= 0 || c->err->msg_code == JWRN_EXTRANEOUS_DATA)
		return;
	if (!g->damaged)
		c->err->format_message(c, g->why);
	g->damaged = true;
}

static void
on_progress(j_common_ptr c)
{
	struct guard *g = (struct guard *)c->err;
	j_decompress_ptr in = (j_decompress_ptr)c;

	if (c->is_decompressor && in->input_scan_number > SCANS_MAX) {
		(void)snprintf(g->why, sizeof(g->why), "%d scans", SCANS_MAX);
		longjmp(g->escape, 1);
	}
}

static void
guard_init(struct guard *g)
{
	memset(g, 0, sizeof(*g));
	(void)jpeg_std_error(&g->base);
	g->base.error_exit = on_error;
	g->base.emit_message = on_message;
	g->progress.progress_monitor = on_progress;
}

static int
orientation_of(const struct jpeg_decompress_struct *c)
{
	for (jpeg_saved_marker_ptr m = c->marker_list; m != NULL; m = m->next) {
		int o = m->marker != JPEG_APP0 + 1 ? 1 :
		    photo_exif_orientation(bytes_from(m->data, m->data_length));

		if (o != 1)
			return o;
	}
	return 1;
}

/* Lets the decoder halve what is more than twice the portrait's size: it
 * saves memory and time and loses nothing that the card could show. */
static unsigned
shrink(uint32_t w, uint32_t h)
{
	unsigned by = 1;
	uint32_t least = w < h ? w : h;

	while (by < 8 && least / (by * 2) >= 2 * PHOTO_H)
		by *= 2;
	return by;
}

static enum status
start(struct jpeg_decompress_struct *c, struct bytes file, const char *name,
    struct diag *d)
{
	enum status st;

	jpeg_mem_src(c, file.p, file.len);
	jpeg_save_markers(c, JPEG_APP0 + 1, EXIF_MAX);
	(void)jpeg_read_header(c, TRUE);
	if ((st = photo_check_size(c->image_width, c->image_height, name, d)) !=
	    ST_OK)
		return st;
	if (c->jpeg_color_space != JCS_GRAYSCALE &&
	    c->jpeg_color_space != JCS_YCbCr && c->jpeg_color_space != JCS_RGB)
		return diag_set(d, ST_DATA,
		    _("%s: a JPEG for printing (CMYK); save it as an RGB JPEG and repeat"),
		    name);
	c->out_color_space = JCS_RGB;
	c->scale_num = 1;
	c->scale_denom = shrink(c->image_width, c->image_height);
	return ST_OK;
}

enum status
photo_jpeg_read(struct bytes file, const char *name, struct photo *out,
    int *orientation, struct diag *d)
{
	struct jpeg_decompress_struct c;
	struct guard g;
	volatile enum status st = ST_INTERNAL;

	*out = (struct photo){ 0 };
	guard_init(&g);
	memset(&c, 0, sizeof(c));
	c.err = &g.base;
	if (setjmp(g.escape) != 0) {
		st = photo_damaged(name, g.why, d);
		goto out;
	}
	jpeg_create_decompress(&c);
	c.progress = &g.progress;
	c.mem->max_memory_to_use = MEMORY_MAX;
	if ((st = start(&c, file, name, d)) != ST_OK)
		goto out;
	*orientation = orientation_of(&c);
	jpeg_calc_output_dimensions(&c);
	if ((st = photo_alloc(c.output_width, c.output_height, name, out, d)) !=
	    ST_OK)
		goto out;
	(void)jpeg_start_decompress(&c);
	while (c.output_scanline < c.output_height) {
		JSAMPROW row = out->rgb +
		    (size_t)c.output_scanline * out->w * 3;

		(void)jpeg_read_scanlines(&c, &row, 1);
	}
	(void)jpeg_finish_decompress(&c);
	st = g.damaged ? photo_damaged(name, g.why, d) : ST_OK;
out:
	jpeg_destroy_decompress(&c);
	if (st != ST_OK)
		photo_free(out);
	return st;
}

enum status
photo_jpeg(const struct photo *p, uint8_t **out, size_t *len, struct diag *d)
{
	struct jpeg_compress_struct c;
	struct guard g;
	/* jpeg_mem_dest writes through these when it ends and when it grows. */
	unsigned char *volatile made = NULL;
	unsigned char *mem = NULL;
	unsigned long size = 0;
	volatile enum status st = ST_INTERNAL;

	*out = NULL;
	*len = 0;
	guard_init(&g);
	memset(&c, 0, sizeof(c));
	c.err = &g.base;
	if (setjmp(g.escape) != 0) {
		st = diag_set(d, ST_INTERNAL,
		    _("the portrait could not be stored as JPEG: %s"), g.why);
		goto out;
	}
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &mem, &size);
	c.image_width = p->w;
	c.image_height = p->h;
	c.input_components = 3;
	c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, QUALITY, TRUE);
	c.optimize_coding = TRUE;
	jpeg_start_compress(&c, TRUE);
	while (c.next_scanline < c.image_height) {
		JSAMPROW row = p->rgb + (size_t)c.next_scanline * p->w * 3;

		(void)jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	made = mem;
	*out = made;
	*len = size;
	st = ST_OK;
out:
	jpeg_destroy_compress(&c);
	return st;
}
