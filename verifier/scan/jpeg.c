#include "verifier/scan/picture.h"

#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

/* Cameras write about 10 scans in a progressive picture. Each costs a walk
 * over the whole area however few bytes it has. */
#define SCANS_MAX 64
/* A progressive picture is held as coefficients, 2 bytes a sample: this is
 * PICTURE_AREA_MAX in three unreduced colours, and some. */
#define MEMORY_MAX (448L << 20)

/* Everything that must survive libjpeg's longjmp lives here, not in locals. */
struct reading {
	struct jpeg_error_mgr errors;	/* first: libjpeg gives it back */
	struct jpeg_progress_mgr progress;
	struct jpeg_decompress_struct jpeg;
	jmp_buf back;
	bool cut;			/* the file ended too early */
};

static void
fail(j_common_ptr jpeg)
{
	struct reading *r = (struct reading *)jpeg->err;

	longjmp(r->back, 1);
}

/* libjpeg paints what a short file lacks in grey and goes on; we do not, for
 * "cut short" tells the clerk what to do and "no symbol" does not. Its other
 * warnings are habits of real cameras. */
static void
warn(j_common_ptr jpeg, int level)
{
	struct reading *r = (struct reading *)jpeg->err;

	if (level < 0 && r->errors.msg_code == JWRN_JPEG_EOF) {
		r->cut = true;
		longjmp(r->back, 1);
	}
}

static void
hush(j_common_ptr jpeg)
{
	(void)jpeg;
}

static void
count_scans(j_common_ptr jpeg)
{
	struct reading *r = (struct reading *)jpeg->err;

	if (r->jpeg.input_scan_number > SCANS_MAX)
		longjmp(r->back, 1);
}

static enum status
read_rows(struct reading *r, struct bytes file, struct picture *out,
    struct diag *d)
{
	struct jpeg_decompress_struct *j = &r->jpeg;
	bool halve;
	enum status st;

	j->mem->max_memory_to_use = MEMORY_MAX;
	j->progress = &r->progress;
	jpeg_mem_src(j, file.p, file.len);
	(void)jpeg_read_header(j, TRUE);
	if ((st = picture_plan(j->image_width, j->image_height, &halve, d)) !=
	    ST_OK)
		return st;
	/* From four inks there is no way to grey in libjpeg: it fails, and no
	 * camera or scanner makes such a picture. */
	j->out_color_space = JCS_GRAYSCALE;
	j->scale_num = 1;
	j->scale_denom = halve ? 2 : 1;
	(void)jpeg_start_decompress(j);
	if ((st = picture_alloc(out, j->output_width, j->output_height, d)) !=
	    ST_OK)
		return st;
	while (j->output_scanline < j->output_height) {
		JSAMPROW row = out->grey +
		    (size_t)j->output_scanline * out->width;

		(void)jpeg_read_scanlines(j, &row, 1);
	}
	return ST_OK;
}

/* The frame that libjpeg jumps back to: it has no locals to lose. */
static enum status
read_guarded(struct reading *r, struct bytes file, struct picture *out,
    struct diag *d)
{
	if (setjmp(r->back) != 0)
		return picture_broken(r->cut, d);
	jpeg_create_decompress(&r->jpeg);
	return read_rows(r, file, out, d);
}

enum status
picture_read_jpeg(struct bytes file, struct picture *out, struct diag *d)
{
	struct reading r = { .cut = false };
	enum status st;

	r.jpeg.err = jpeg_std_error(&r.errors);
	r.errors.error_exit = fail;
	r.errors.emit_message = warn;
	r.errors.output_message = hush;
	r.progress.progress_monitor = count_scans;
	st = read_guarded(&r, file, out, d);
	jpeg_destroy_decompress(&r.jpeg);
	return st;
}
