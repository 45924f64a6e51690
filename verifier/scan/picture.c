#include "verifier/scan/picture.h"

#include <stdlib.h>

static bool
starts_with(struct bytes file, const char *magic)
{
	struct bytes m = bytes_text(magic);

	return file.len >= m.len && bytes_equal(bytes_from(file.p, m.len), m);
}

enum status
picture_read(struct bytes file, struct picture *out, struct diag *d)
{
	enum status st;

	*out = (struct picture){ 0 };
	if (starts_with(file, "\x89PNG\r\n\x1a\n"))
		st = picture_read_png(file, out, d);
	else if (starts_with(file, "\xff\xd8\xff"))
		st = picture_read_jpeg(file, out, d);
	else
		st = diag_set(d, ST_MALFORMED,
		    _("the file is neither a PNG nor a JPEG picture"));
	if (st != ST_OK)
		picture_free(out);
	return st;
}

void
picture_free(struct picture *p)
{
	free(p->grey);
	*p = (struct picture){ 0 };
}

enum status
picture_alloc(struct picture *out, uint32_t width, uint32_t height,
    struct diag *d)
{
	*out = (struct picture){ 0 };
	if ((out->grey = malloc((size_t)width * height)) == NULL)
		return diag_set(d, ST_INTERNAL,
		    _("not enough memory for the picture"));
	out->width = width;
	out->height = height;
	return ST_OK;
}

enum status
picture_plan(uint32_t width, uint32_t height, bool *halve, struct diag *d)
{
	uint64_t area = (uint64_t)width * height;

	*halve = area > PICTURE_FULL;
	if (width == 0 || height == 0)
		return picture_broken(false, d);
	if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
	    area > PICTURE_AREA_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("the picture has %lu x %lu pixels, which is too large; make it smaller and repeat"),
		    (unsigned long)width, (unsigned long)height);
	return ST_OK;
}

enum status
picture_broken(bool cut_short, struct diag *d)
{
	if (cut_short)
		return diag_set(d, ST_MALFORMED,
		    _("the picture is cut short; copy it again or take another"));
	return diag_set(d, ST_MALFORMED,
	    _("the picture is damaged; copy it again or take another"));
}
