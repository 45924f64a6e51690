/*
 * portrait: draws the people of the demonstration. Nobody real is shown, and
 * one sees at once that they are drawn.
 *
 *	portrait --seed N --sex m|f|x --age A --out FILE.jpg
 *
 * The same arguments draw the same person. 600×800 pixels.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "issuer/demo/portrait/portrait.h"

static void
draw_back(cairo_t *c, const struct person *p)
{
	ramp(c, 0, 0, WIDTH, HEIGHT, mix(p->back, hex(0xffffff), 0.5),
	    mix(p->back, hex(0x7c8894), 0.22));
	cairo_paint(c);
}

static void
draw_person(cairo_t *c, const struct person *p)
{
	double size = p->child ? 1.14 : 1.22;

	draw_back(c, p);
	cairo_translate(c, WIDTH / 2.0, p->child ? 416 : 392);
	cairo_scale(c, size, size);
	draw_hair_behind(c, p);
	draw_neck(c, p);
	draw_clothes(c, p);
	draw_ears(c, p);
	draw_face(c, p);
	draw_age(c, p);
	draw_nose(c, p);
	draw_beard(c, p);
	draw_mouth(c, p);
	for (int side = -1; side <= 1; side += 2) {
		draw_eye(c, p, side);
		draw_brow(c, p, side);
	}
	draw_hair(c, p);
	if (p->glasses)
		draw_glasses(c, p);
}

static bool
write_jpeg(cairo_surface_t *s, const char *path)
{
	struct jpeg_compress_struct j;
	struct jpeg_error_mgr err;	/* exits with a message: a tool may */
	const unsigned char *data = cairo_image_surface_get_data(s);
	int stride = cairo_image_surface_get_stride(s);
	FILE *f = fopen(path, "wb");
	bool ok;

	if (f == NULL)
		return false;
	j.err = jpeg_std_error(&err);
	jpeg_create_compress(&j);
	jpeg_stdio_dest(&j, f);
	j.image_width = WIDTH;
	j.image_height = HEIGHT;
	j.input_components = 3;
	j.in_color_space = JCS_RGB;
	jpeg_set_defaults(&j);
	jpeg_set_quality(&j, 92, TRUE);
	jpeg_start_compress(&j, TRUE);
	for (int y = 0; y < HEIGHT; y++) {
		uint8_t row[WIDTH * 3], *p = row;

		for (int x = 0; x < WIDTH; x++) {
			uint32_t v;

			memcpy(&v, data + (size_t)y * (size_t)stride +
			    (size_t)x * 4,
			    sizeof(v));
			*p++ = (uint8_t)(v >> 16);
			*p++ = (uint8_t)(v >> 8);
			*p++ = (uint8_t)v;
		}
		p = row;
		(void)jpeg_write_scanlines(&j, &p, 1);
	}
	jpeg_finish_compress(&j);
	jpeg_destroy_compress(&j);
	ok = ferror(f) == 0;
	return fclose(f) == 0 && ok;
}

static int
usage(void)
{
	fputs("usage: portrait --seed N --sex m|f|x --age A --out FILE.jpg\n",
	    stderr);
	return 64;
}

int
main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "sex", required_argument, NULL, 'x' },
		{ "age", required_argument, NULL, 'a' },
		{ "out", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 }
	};
	struct person p = { .age = 30 };
	const char *path = NULL, *sex = "x";
	uint64_t seed = 0;
	cairo_surface_t *s;
	cairo_t *c;
	int opt, status = 0;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (opt == 'x')
			sex = optarg;
		else if (opt == 'a')
			p.age = (int)strtol(optarg, NULL, 10);
		else if (opt == 'o')
			path = optarg;
		else
			return usage();
	}
	if (path == NULL || optind != argc || p.age < 0 || p.age > 120 ||
	    strlen(sex) != 1 || strchr("mfx", sex[0]) == NULL)
		return usage();
	person_choose(&p, seed, sex[0]);
	s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
	c = cairo_create(s);
	draw_person(c, &p);
	cairo_destroy(c);
	cairo_surface_flush(s);
	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS ||
	    !write_jpeg(s, path)) {
		fprintf(stderr, "portrait: %s: %s\n", path, strerror(errno));
		status = 73;
	}
	cairo_surface_destroy(s);
	return status;
}
