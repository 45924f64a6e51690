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
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <jpeglib.h>

enum { WIDTH = 600, HEIGHT = 800 };

struct rgb {
	double r, g, b;
};

enum hair { HAIR_SHORT, HAIR_PART, HAIR_CURLS, HAIR_BALD, HAIR_LONG, HAIR_BUN,
	HAIR_WAVES, HAIR_BOB, HAIR_FRINGE };
enum clothes { CLOTHES_SHIRT, CLOTHES_JACKET, CLOTHES_ROUND, CLOTHES_VEE };

/* Lengths are in the face's own units: the skull is about 360 high, its middle
 * at the origin, y down. */
struct person {
	bool female, child, old;
	int age;
	struct rgb skin, dark, light, hair, iris, lips, cloth, cloth2, back;
	enum hair style;
	enum clothes clothes;
	double wide, jaw, chin;		/* half widths of the face, its end */
	double eye_x, eye_y, eye_w, eye_h;
	double brow_y, brow_thick, brow_tilt;
	double nose_y, nose_w;
	double mouth_y, mouth_w, lip_up, lip_low, smile;
	double line;			/* hairline */
	bool glasses, moustache, beard, earrings;
	double stoop;			/* width of neck and shoulders */
};

/* --- chance ------------------------------------------------------------ */

static uint64_t chance;

static uint64_t
draw(void)
{
	uint64_t z = (chance += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static double
between(double lo, double hi)
{
	return lo + (hi - lo) * (double)(draw() >> 11) / 9007199254740992.0;
}

static size_t
one_of(size_t n)
{
	return (size_t)(draw() % n);
}

static bool
likely(double p)
{
	return between(0, 1) < p;
}

/* --- colour ------------------------------------------------------------ */

static struct rgb
hex(uint32_t c)
{
	return (struct rgb){ (c >> 16 & 255) / 255.0, (c >> 8 & 255) / 255.0,
	    (c & 255) / 255.0 };
}

static struct rgb
mix(struct rgb a, struct rgb b, double t)
{
	return (struct rgb){ a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t,
	    a.b + (b.b - a.b) * t };
}

static void
ink(cairo_t *c, struct rgb k, double alpha)
{
	cairo_set_source_rgba(c, k.r, k.g, k.b, alpha);
}

/* Fills the path with k fading outwards from (x, y) to nothing at radius r. */
static void
glow(cairo_t *c, double x, double y, double r, struct rgb k, double alpha)
{
	cairo_pattern_t *p = cairo_pattern_create_radial(x, y, 0, x, y, r);

	cairo_pattern_add_color_stop_rgba(p, 0, k.r, k.g, k.b, alpha);
	cairo_pattern_add_color_stop_rgba(p, 0.55, k.r, k.g, k.b, alpha * 0.45);
	cairo_pattern_add_color_stop_rgba(p, 1, k.r, k.g, k.b, 0);
	cairo_set_source(c, p);
	cairo_paint(c);
	cairo_pattern_destroy(p);
}

/* Source: a to b, from (x0, y0) to (x1, y1). */
static void
ramp(cairo_t *c, double x0, double y0, double x1, double y1, struct rgb a,
    struct rgb b)
{
	cairo_pattern_t *p = cairo_pattern_create_linear(x0, y0, x1, y1);

	cairo_pattern_add_color_stop_rgb(p, 0, a.r, a.g, a.b);
	cairo_pattern_add_color_stop_rgb(p, 1, b.r, b.g, b.b);
	cairo_set_source(c, p);
	cairo_pattern_destroy(p);
}

static void
ellipse(cairo_t *c, double x, double y, double rx, double ry)
{
	cairo_save(c);
	cairo_translate(c, x, y);
	cairo_scale(c, rx, ry);
	cairo_new_sub_path(c);
	cairo_arc(c, 0, 0, 1, 0, 2 * M_PI);
	cairo_restore(c);
}

/* --- who --------------------------------------------------------------- */

static void
choose_colours(struct person *p)
{
	static const uint32_t skins[] = { 0xf3d3bd, 0xe9bf9f, 0xdcab84,
	    0xcd9a70, 0xb98258, 0xa06b45, 0x7f5236, 0x633f2b };
	static const uint32_t hairs[] = { 0x1d1714, 0x2a1e18, 0x3b2820,
	    0x553726, 0x744c2c, 0x9a6b3c };
	static const uint32_t eyes[] = { 0x3a2415, 0x4a2e18, 0x5e4022,
	    0x6b5a2e, 0x54704e, 0x4c6f8c };
	static const uint32_t cloths[] = { 0x23395b, 0x7a2f3a, 0x2f5d50,
	    0x4b4453, 0x8a5a2b, 0x3e6c8f, 0xb4523b, 0x5b6d3c, 0x6c3f6b,
	    0x2b2f36, 0xc28f2c, 0x96a3ad };
	static const uint32_t backs[] = { 0xdfe6ec, 0xe8e6e0, 0xe2eae4,
	    0xe9e4ea, 0xdde3e6 };
	size_t s = one_of(sizeof(skins) / sizeof(skins[0]));
	/* The darker the skin the fewer light eyes and hair. */
	size_t range = s < 3 ? 6 : s < 5 ? 4 : 2;

	p->skin = hex(skins[s]);
	p->dark = mix(p->skin, hex(0x4a1f10), 0.42);
	p->light = mix(p->skin, hex(0xfff4e4), 0.45);
	p->hair = hex(hairs[one_of(range)]);
	p->iris = hex(eyes[one_of(range)]);
	p->lips = mix(p->skin, hex(p->female ? 0xb03848 : 0x9c4a44),
	    p->female ? between(0.42, 0.7) : 0.36);
	p->cloth = hex(cloths[one_of(sizeof(cloths) / sizeof(cloths[0]))]);
	p->cloth2 = hex(likely(0.7) ? 0xf3f1ec : 0xc9d6e2);
	p->back = hex(backs[one_of(sizeof(backs) / sizeof(backs[0]))]);
	if (p->age > 45)
		p->hair = mix(p->hair, hex(0xc9c6c2),
		    fmin(0.92, (p->age - 45) / 32.0 + between(-0.12, 0.12)));
}

static void
choose_style(struct person *p)
{
	static const enum hair men[] = { HAIR_SHORT, HAIR_PART, HAIR_CURLS,
	    HAIR_SHORT, HAIR_PART, HAIR_BALD };
	static const enum hair women[] = { HAIR_LONG, HAIR_BUN, HAIR_WAVES,
	    HAIR_BOB, HAIR_CURLS, HAIR_LONG };
	static const enum hair girls[] = { HAIR_FRINGE, HAIR_LONG, HAIR_BUN,
	    HAIR_BOB };
	static const enum hair boys[] = { HAIR_SHORT, HAIR_PART, HAIR_CURLS };

	if (p->child)
		p->style = p->female ? girls[one_of(4)] : boys[one_of(3)];
	else
		p->style = p->female ? women[one_of(6)] : men[one_of(6)];
	if (p->style == HAIR_BALD && p->age < 32)
		p->style = HAIR_SHORT;
	p->clothes = p->child ? CLOTHES_ROUND :
	    (enum clothes)one_of(4);
	p->moustache = !p->female && p->age >= 24 && likely(0.35);
	p->beard = !p->female && p->age >= 24 && likely(0.28);
	p->glasses = p->age > 12 && likely(p->age > 50 ? 0.45 : 0.16);
	p->earrings = p->female && p->age > 3 && likely(0.6);
}

static void
choose_face(struct person *p)
{
	/* 1 at the age of 2 or less, 0 from 17 on: large eyes set low, round
	 * cheeks, a small nose and chin. */
	double young = p->age >= 17 ? 0 : fmin(1, (17 - p->age) / 15.0);

	p->wide = between(126, 142) + 8 * young;
	p->jaw = p->wide * (p->female ? between(0.72, 0.82) :
	    between(0.8, 0.93)) + 6 * young;
	p->chin = between(180, 202) - 26 * young - (p->female ? 6 : 0);
	p->eye_x = between(56, 66);
	p->eye_y = between(0, 10) + 22 * young;
	p->eye_w = between(26, 31) + 3 * young;
	p->eye_h = between(10, 14) + 4 * young - (p->old ? 1.5 : 0);
	p->brow_y = p->eye_y - between(29, 37) + 2 * young;
	p->brow_thick = (p->female ? between(5, 8) : between(8, 13)) -
	    3 * young;
	p->brow_tilt = between(-4, 6);
	p->nose_y = p->eye_y + between(70, 84) - 24 * young;
	p->nose_w = between(24, 35) - 5 * young;
	p->mouth_y = p->nose_y + between(40, 50) - 8 * young;
	p->mouth_w = between(42, 54) - 8 * young;
	p->lip_up = between(8, 13);
	p->lip_low = between(11, 18);
	p->smile = between(1, 9);
	p->line = between(-128, -108) - (p->old && !p->female ? 14 : 0);
	p->stoop = p->child ? 0.62 + 0.2 * (1 - young) : p->female ? 0.86 : 1;
}

/* --- the drawing, from back to front ------------------------------------ */

static void
face_path(cairo_t *c, const struct person *p)
{
	double w = p->wide, j = p->jaw, e = p->chin;

	cairo_new_path(c);
	cairo_move_to(c, 0, -182);
	cairo_curve_to(c, w * 0.72, -182, w, -120, w, -30);
	cairo_curve_to(c, w, 40, j * 1.12, 80, j * 0.98, e * 0.6);
	cairo_curve_to(c, j * 0.86, e * 0.82, j * 0.46, e, 0, e);
	cairo_curve_to(c, -j * 0.46, e, -j * 0.86, e * 0.82, -j * 0.98,
	    e * 0.6);
	cairo_curve_to(c, -j * 1.12, 80, -w, 40, -w, -30);
	cairo_curve_to(c, -w, -120, -w * 0.72, -182, 0, -182);
	cairo_close_path(c);
}

static void
draw_back(cairo_t *c, const struct person *p)
{
	ramp(c, 0, 0, WIDTH, HEIGHT, mix(p->back, hex(0xffffff), 0.5),
	    mix(p->back, hex(0x7c8894), 0.22));
	cairo_paint(c);
}

static void
hair_colours(cairo_t *c, const struct person *p)
{
	cairo_pattern_t *g = cairo_pattern_create_linear(-150, -240, 150, 220);
	struct rgb hi = mix(p->hair, hex(0xffe2bd), 0.24);
	struct rgb lo = mix(p->hair, hex(0x000000), 0.4);

	cairo_pattern_add_color_stop_rgb(g, 0, hi.r, hi.g, hi.b);
	cairo_pattern_add_color_stop_rgb(g, 0.4, p->hair.r, p->hair.g,
	    p->hair.b);
	cairo_pattern_add_color_stop_rgb(g, 1, lo.r, lo.g, lo.b);
	cairo_set_source(c, g);
	cairo_pattern_destroy(g);
}

/* Long hair falls behind neck and ears. */
static void
draw_hair_behind(cairo_t *c, const struct person *p)
{
	double w = p->wide + 26, end = 0;

	if (p->style == HAIR_LONG || p->style == HAIR_WAVES)
		end = 330;
	else if (p->style == HAIR_BOB || p->style == HAIR_FRINGE)
		end = 170;
	hair_colours(c, p);
	if (p->style == HAIR_BUN) {
		ellipse(c, 0, -222, 58, 50);
		cairo_fill(c);
	}
	if (p->style == HAIR_CURLS && p->female) {
		for (int i = 0; i <= 24; i++) {
			double a = M_PI * (0.86 + 1.28 * i / 24.0);

			ellipse(c, cos(a) * (w + 8), -40 + sin(a) * 165, 46,
			    46);
			cairo_fill(c);
		}
	}
	if (end == 0)
		return;
	cairo_move_to(c, 0, -214);
	cairo_curve_to(c, w * 0.9, -216, w + 12, -130, w + 8, -20);
	if (p->style == HAIR_WAVES) {
		for (double y = -20; y < end; y += 70) {
			cairo_curve_to(c, w + 34, y + 18, w + 34, y + 36,
			    w + 10, y + 46);
			cairo_curve_to(c, w, y + 54, w, y + 60, w + 8, y + 70);
		}
		cairo_line_to(c, -w - 8, end);
		for (double y = end; y > -20; y -= 70) {
			cairo_curve_to(c, -w, y - 10, -w, y - 16, -w - 10,
			    y - 24);
			cairo_curve_to(c, -w - 34, y - 34, -w - 34, y - 52,
			    -w - 8, y - 70);
		}
	} else {
		cairo_curve_to(c, w + 10, end * 0.5, w + 4, end * 0.8,
		    w - 14, end);
		cairo_curve_to(c, w * 0.4, end + 14, -w * 0.4, end + 14,
		    -w + 14, end);
		cairo_curve_to(c, -w - 4, end * 0.8, -w - 10, end * 0.5,
		    -w - 8, -20);
	}
	cairo_curve_to(c, -w - 12, -130, -w * 0.9, -216, 0, -214);
	cairo_fill(c);
}

static void
neck_path(cairo_t *c, const struct person *p)
{
	double n = p->jaw * 0.66 * (0.55 + 0.45 * p->stoop);

	cairo_new_path(c);
	cairo_move_to(c, -n, 60);
	cairo_curve_to(c, -n, 180, -n + 2, 220, -n - 70, 282);
	cairo_line_to(c, -n - 70, 430);
	cairo_line_to(c, n + 70, 430);
	cairo_line_to(c, n + 70, 282);
	cairo_curve_to(c, n - 2, 220, n, 180, n, 60);
	cairo_close_path(c);
}

static void
draw_neck(cairo_t *c, const struct person *p)
{
	cairo_save(c);
	neck_path(c, p);
	ramp(c, -90, 0, 110, 0, p->skin, mix(p->skin, p->dark, 0.55));
	cairo_fill_preserve(c);
	cairo_clip(c);
	/* The chin's shadow. */
	glow(c, 12, p->chin - 6, 120, mix(p->dark, hex(0x2a120a), 0.3), 0.85);
	cairo_restore(c);
}

static void
shoulders(cairo_t *c, const struct person *p, double neck)
{
	double s = 292 * p->stoop;

	cairo_new_path(c);
	cairo_move_to(c, -neck, 236);
	cairo_curve_to(c, -neck - 46, 268, -s * 0.72, 272, -s * 0.92, 318);
	cairo_curve_to(c, -s - 8, 350, -s - 16, 420, -s - 20, 520);
	cairo_line_to(c, s + 20, 520);
	cairo_curve_to(c, s + 16, 420, s + 8, 350, s * 0.92, 318);
	cairo_curve_to(c, s * 0.72, 272, neck + 46, 268, neck, 236);
}

static void
draw_collar(cairo_t *c, const struct person *p, double neck, double depth)
{
	for (int side = -1; side <= 1; side += 2) {
		cairo_new_path(c);
		cairo_move_to(c, side * (neck + 6), 214);
		cairo_line_to(c, side * (neck + 34), 262);
		cairo_line_to(c, side * 34, 262 + depth);
		cairo_line_to(c, 0, 300);
		cairo_curve_to(c, side * neck * 0.5, 284, side * neck * 0.9,
		    256, side * (neck + 6), 214);
		cairo_close_path(c);
		ramp(c, 0, 220, 0, 330, mix(p->cloth2, hex(0xffffff), 0.5),
		    mix(p->cloth2, hex(0x66717c), 0.25));
		cairo_fill_preserve(c);
		ink(c, hex(0x39434d), 0.35);
		cairo_set_line_width(c, 1.6);
		cairo_stroke(c);
	}
}

static void
draw_lapels(cairo_t *c, const struct person *p, double neck)
{
	for (int side = -1; side <= 1; side += 2) {
		cairo_new_path(c);
		cairo_move_to(c, side * (neck + 24), 236);
		cairo_line_to(c, side * (neck + 62), 318);
		cairo_line_to(c, side * (neck + 34), 336);
		cairo_line_to(c, side * 12, 470);
		cairo_line_to(c, side * 4, 400);
		cairo_close_path(c);
		ink(c, mix(p->cloth, hex(side < 0 ? 0xffffff : 0x000000),
		    side < 0 ? 0.1 : 0.14), 1);
		cairo_fill_preserve(c);
		ink(c, hex(0x000000), 0.3);
		cairo_set_line_width(c, 2);
		cairo_stroke(c);
	}
}

static void
draw_clothes(cairo_t *c, const struct person *p)
{
	double neck = p->jaw * 0.66 * (0.55 + 0.45 * p->stoop) + 8;
	double drop = p->clothes == CLOTHES_VEE ? 96 : 40;
	struct rgb body = p->clothes == CLOTHES_SHIRT ?
	    mix(p->cloth, p->cloth2, 0.55) : p->cloth;

	shoulders(c, p, neck + 12);
	if (p->clothes == CLOTHES_VEE)
		cairo_line_to(c, 0, 236 + drop);
	else
		cairo_curve_to(c, neck * 0.7, 236 + drop * 1.3, -neck * 0.7,
		    236 + drop * 1.3, -neck - 12, 236);
	cairo_close_path(c);
	ramp(c, -260, 240, 270, 470, mix(body, hex(0xffffff), 0.16),
	    mix(body, hex(0x000000), 0.3));
	cairo_fill_preserve(c);
	ink(c, hex(0x000000), 0.25);
	cairo_set_line_width(c, 2.5);
	cairo_stroke(c);
	if (p->clothes == CLOTHES_JACKET) {
		cairo_new_path(c);		/* the shirt between lapels */
		cairo_move_to(c, -neck - 20, 232);
		cairo_line_to(c, 0, 480);
		cairo_line_to(c, neck + 20, 232);
		cairo_line_to(c, 0, 320);
		cairo_close_path(c);
		ink(c, p->cloth2, 1);
		cairo_fill(c);
		draw_lapels(c, p, neck);
	}
	if (p->clothes == CLOTHES_JACKET || p->clothes == CLOTHES_SHIRT)
		draw_collar(c, p, neck, 44);
}

static void
draw_ears(cairo_t *c, const struct person *p)
{
	for (int side = -1; side <= 1; side += 2) {
		double x = side * (p->wide - 1), y = p->eye_y + 24;

		ellipse(c, x, y, 19, 37);
		ink(c, mix(p->skin, p->dark, side < 0 ? 0.16 : 0.4), 1);
		cairo_fill(c);
		ellipse(c, x + side * 3, y - 2, 9, 22);
		ink(c, p->dark, 0.4);
		cairo_fill(c);
		if (p->earrings) {
			ellipse(c, x + side * 5, y + 42, 6.5, 6.5);
			ink(c, hex(0xe2bd62), 1);
			cairo_fill(c);
		}
	}
}

static void
draw_face(cairo_t *c, const struct person *p)
{
	cairo_save(c);
	face_path(c, p);
	ramp(c, -p->wide, -60, p->wide + 30, 60, mix(p->skin, p->light, 0.3),
	    mix(p->skin, p->dark, 0.28));
	cairo_fill_preserve(c);
	cairo_clip(c);
	/* Light from the upper left; the far cheek, jaw and temples fall off. */
	glow(c, -42, -70, 150, p->light, 0.5);
	glow(c, p->wide + 10, 40, 120, p->dark, 0.55);
	glow(c, -p->wide - 26, 70, 90, p->dark, 0.3);
	glow(c, 20, p->chin + 36, 96, p->dark, 0.55);
	glow(c, 0, p->line - 40, 110, p->dark, 0.45);
	for (int side = -1; side <= 1; side += 2) {
		/* Sockets and cheeks. */
		glow(c, side * (p->eye_x - 4), p->eye_y - 10, 50, p->dark,
		    0.38);
		glow(c, side * (p->eye_x + 16), p->nose_y - 4, 56,
		    mix(p->skin, hex(0xd2524a), 0.6),
		    p->child ? 0.5 : p->female ? 0.42 : 0.25);
	}
	glow(c, 0, p->chin - 26, 28, p->light, 0.28);
	cairo_restore(c);
}

static void
draw_brow(cairo_t *c, const struct person *p, int side)
{
	double x = side * p->eye_x, y = p->brow_y, t = p->brow_thick;
	double w = p->eye_w + 8;

	cairo_new_path(c);
	cairo_move_to(c, x - side * w * 0.95, y + p->brow_tilt + t * 0.4);
	cairo_curve_to(c, x - side * w * 0.4, y - t, x + side * w * 0.4,
	    y - t * 1.5, x + side * w * 1.12, y + t * 0.8);
	cairo_curve_to(c, x + side * w * 0.4, y - t * 0.4, x - side * w * 0.3,
	    y + t * 0.3, x - side * w * 0.92, y + p->brow_tilt + t * 1.2);
	cairo_close_path(c);
	ink(c, mix(p->hair, hex(0x1a120e), p->old ? 0.1 : 0.35), 0.9);
	cairo_fill(c);
}

static void
eye_path(cairo_t *c, const struct person *p, double x, int side)
{
	double w = p->eye_w, h = p->eye_h, y = p->eye_y;

	cairo_new_path(c);
	cairo_move_to(c, x - side * w, y + 3);
	cairo_curve_to(c, x - side * w * 0.5, y - h * 1.25, x + side * w * 0.5,
	    y - h * 1.35, x + side * w, y - 1);
	cairo_curve_to(c, x + side * w * 0.5, y + h * 1.0, x - side * w * 0.4,
	    y + h * 1.0, x - side * w, y + 3);
	cairo_close_path(c);
}

static void
draw_eye(cairo_t *c, const struct person *p, int side)
{
	double x = side * p->eye_x, y = p->eye_y, r = p->eye_h * 0.98;
	double w = p->eye_w;

	cairo_save(c);
	eye_path(c, p, x, side);
	ink(c, hex(0xf6f2ec), 1);
	cairo_fill_preserve(c);
	cairo_clip(c);
	ellipse(c, x, y - 1, r, r);
	ink(c, mix(p->iris, hex(0x000000), 0.35), 1);
	cairo_fill(c);
	ellipse(c, x, y, r * 0.8, r * 0.8);
	ink(c, mix(p->iris, hex(0xffffff), 0.08), 1);
	cairo_fill(c);
	ellipse(c, x, y - 1, r * 0.45, r * 0.45);
	ink(c, hex(0x0c0908), 1);
	cairo_fill(c);
	glow(c, x, y - p->eye_h - 4, 22, hex(0x2b1a12), 0.6);
	cairo_restore(c);
	ellipse(c, x - 4, y - 5, 2.9, 2.9);
	ink(c, hex(0xffffff), 0.95);
	cairo_fill(c);
	/* The upper lid's edge, its crease, the lower lid. */
	cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
	cairo_move_to(c, x - side * w, y + 3);
	cairo_curve_to(c, x - side * w * 0.5, y - p->eye_h * 1.3,
	    x + side * w * 0.5, y - p->eye_h * 1.4, x + side * (w + 3), y - 2);
	ink(c, hex(0x1d120d), 0.92);
	cairo_set_line_width(c, p->female ? 4.6 : 3.4);
	cairo_stroke(c);
	cairo_move_to(c, x - side * w * 0.8, y - p->eye_h * 0.9);
	cairo_curve_to(c, x - side * w * 0.3, y - p->eye_h * 1.9,
	    x + side * w * 0.5, y - p->eye_h * 1.9, x + side * w * 0.98,
	    y - p->eye_h * 0.7);
	ink(c, p->dark, 0.6);
	cairo_set_line_width(c, 2.2);
	cairo_stroke(c);
	cairo_move_to(c, x - side * w * 0.7, y + p->eye_h * 0.75);
	cairo_curve_to(c, x - side * w * 0.2, y + p->eye_h * 1.05,
	    x + side * w * 0.5, y + p->eye_h * 0.95, x + side * w * 0.95, y);
	ink(c, p->dark, 0.55);
	cairo_set_line_width(c, 1.8);
	cairo_stroke(c);
}

static void
draw_nose(cairo_t *c, const struct person *p)
{
	double y = p->nose_y, w = p->nose_w;

	cairo_save(c);
	face_path(c, p);
	cairo_clip(c);
	glow(c, w * 0.9, y - 14, 34, p->dark, 0.42);
	glow(c, 2, y + 13, 30, p->dark, 0.4);
	glow(c, -3, y - 12, 17, p->light, 0.75);
	cairo_restore(c);
	cairo_move_to(c, 11, p->eye_y + 4);	/* the side in shadow */
	cairo_curve_to(c, 15, y - 44, 14, y - 26, w * 0.8, y - 10);
	ink(c, p->dark, 0.3);
	cairo_set_line_width(c, 4);
	cairo_stroke(c);
	for (int side = -1; side <= 1; side += 2) {
		cairo_move_to(c, side * w * 0.88, y - 13);
		cairo_curve_to(c, side * (w * 1.22), y - 4, side * w * 1.1,
		    y + 8, side * w * 0.66, y + 6);
		ink(c, p->dark, 0.75);
		cairo_set_line_width(c, 3);
		cairo_stroke(c);
		ellipse(c, side * w * 0.42, y + 5, w * 0.22, 3.6);
		ink(c, mix(p->dark, hex(0x200c06), 0.6), 0.8);
		cairo_fill(c);
	}
	cairo_move_to(c, -w * 0.24, y + 9);
	cairo_curve_to(c, -6, y + 12, 6, y + 12, w * 0.24, y + 9);
	ink(c, p->dark, 0.6);
	cairo_set_line_width(c, 2.4);
	cairo_stroke(c);
}

static void
draw_mouth(cairo_t *c, const struct person *p)
{
	double y = p->mouth_y, w = p->mouth_w, s = p->smile;

	cairo_new_path(c);			/* lower lip */
	cairo_move_to(c, -w, y - s);
	cairo_curve_to(c, -w * 0.6, y + p->lip_low * 1.25, w * 0.6,
	    y + p->lip_low * 1.25, w, y - s);
	cairo_curve_to(c, w * 0.4, y + 3, -w * 0.4, y + 3, -w, y - s);
	ramp(c, 0, y, 0, y + p->lip_low, mix(p->lips, hex(0xffe0d8), 0.14),
	    mix(p->lips, p->dark, 0.2));
	cairo_fill(c);
	cairo_new_path(c);			/* upper lip with its bow */
	cairo_move_to(c, -w, y - s);
	cairo_curve_to(c, -w * 0.6, y - s - p->lip_up * 0.5, -w * 0.3,
	    y - p->lip_up * 1.2, -7, y - p->lip_up);
	cairo_curve_to(c, -3, y - p->lip_up * 0.72, 3, y - p->lip_up * 0.72, 7,
	    y - p->lip_up);
	cairo_curve_to(c, w * 0.3, y - p->lip_up * 1.2, w * 0.6,
	    y - s - p->lip_up * 0.5, w, y - s);
	cairo_curve_to(c, w * 0.4, y + 4, -w * 0.4, y + 4, -w, y - s);
	ink(c, mix(p->lips, p->dark, 0.34), 1);
	cairo_fill(c);
	cairo_move_to(c, -w - 3, y - s - 1);
	cairo_curve_to(c, -w * 0.4, y + 4, w * 0.4, y + 4, w + 3, y - s - 1);
	ink(c, mix(p->dark, hex(0x2a0d0a), 0.55), 0.9);
	cairo_set_line_width(c, 2.8);
	cairo_stroke(c);
	cairo_move_to(c, -w * 0.4, y + p->lip_low + 5);
	cairo_curve_to(c, -w * 0.2, y + p->lip_low + 9, w * 0.2,
	    y + p->lip_low + 9, w * 0.4, y + p->lip_low + 5);
	ink(c, p->dark, 0.4);
	cairo_set_line_width(c, 4);
	cairo_stroke(c);
}

static void
draw_beard(cairo_t *c, const struct person *p)
{
	double y = p->mouth_y, w = p->mouth_w, j = p->jaw, e = p->chin;

	if (p->beard) {
		cairo_save(c);
		face_path(c, p);
		cairo_clip(c);
		cairo_move_to(c, -p->wide, 10);
		cairo_curve_to(c, -j * 0.82, 60, -j * 0.7, y - 22, -w * 0.9,
		    y - 18);
		cairo_curve_to(c, -w * 0.3, y - 30, w * 0.3, y - 30, w * 0.9,
		    y - 18);
		cairo_curve_to(c, j * 0.7, y - 22, j * 0.82, 60, p->wide, 10);
		cairo_line_to(c, p->wide + 20, e + 30);
		cairo_line_to(c, -p->wide - 20, e + 30);
		cairo_close_path(c);
		/* Room for the lips. */
		cairo_new_sub_path(c);
		ellipse(c, 0, y + 3, w + 5, p->lip_low + 5);
		cairo_set_fill_rule(c, CAIRO_FILL_RULE_EVEN_ODD);
		ink(c, mix(p->hair, p->skin, 0.12), 0.82);
		cairo_fill(c);
		cairo_restore(c);
	}
	if (p->moustache) {
		cairo_new_path(c);
		cairo_move_to(c, 0, p->nose_y + 16);
		cairo_curve_to(c, w * 0.5, p->nose_y + 12, w * 0.95, y - 18,
		    w * 1.02, y - 3);
		cairo_curve_to(c, w * 0.8, y - 10, w * 0.3, y - 8, 0, y - 8);
		cairo_curve_to(c, -w * 0.3, y - 8, -w * 0.8, y - 10, -w * 1.02,
		    y - 3);
		cairo_curve_to(c, -w * 0.95, y - 18, -w * 0.5, p->nose_y + 12,
		    0, p->nose_y + 16);
		ink(c, mix(p->hair, p->skin, 0.06), 0.94);
		cairo_fill(c);
	}
}

static void
draw_age(cairo_t *c, const struct person *p)
{
	double a = p->age < 38 ? 0 : fmin(0.6, (p->age - 38) / 55.0);

	if (a == 0)
		return;
	ink(c, p->dark, a);
	cairo_set_line_width(c, 2.2);
	for (int side = -1; side <= 1; side += 2) {
		cairo_move_to(c, side * (p->nose_w + 9), p->nose_y + 2);
		cairo_curve_to(c, side * (p->mouth_w + 4), p->nose_y + 22,
		    side * (p->mouth_w + 13), p->mouth_y - 14,
		    side * (p->mouth_w + 13), p->mouth_y + 6);
		cairo_stroke(c);
		cairo_move_to(c, side * (p->eye_x - 18), p->eye_y + 21);
		cairo_curve_to(c, side * p->eye_x, p->eye_y + 30,
		    side * (p->eye_x + 14), p->eye_y + 26,
		    side * (p->eye_x + 24), p->eye_y + 18);
		cairo_stroke(c);
		for (int i = -1; i <= 1 && p->old; i++) {
			double x = side * (p->eye_x + p->eye_w + 7);

			cairo_move_to(c, x, p->eye_y + i * 5);
			cairo_line_to(c, x + side * 15, p->eye_y + i * 11);
			cairo_stroke(c);
		}
	}
	for (int i = 0; i < 3 && p->old; i++) {
		double y = p->brow_y - 26 - i * 16;

		cairo_move_to(c, -58, y + 3);
		cairo_curve_to(c, -20, y - 4, 20, y - 4, 58, y + 3);
		cairo_stroke(c);
	}
}

/* Hair over the forehead: an outer edge around the skull, an inner one that is
 * the hairline. part shifts the highest point, deep is how far it comes down
 * at the temples. */
static void
cap(cairo_t *c, const struct person *p, double out, double part, double mid,
    double deep)
{
	double w = p->wide;

	cairo_new_path(c);
	cairo_move_to(c, -w - out * 0.35, deep);
	cairo_curve_to(c, -w - out, -120, -w * 0.78, -186 - out, 0,
	    -190 - out);
	cairo_curve_to(c, w * 0.78, -186 - out, w + out, -120, w + out * 0.35,
	    deep);
	cairo_curve_to(c, w - 4, deep - 40, w - 10, mid + 40, w * 0.62,
	    mid + 12);
	cairo_curve_to(c, w * 0.4, mid - 6, part + 30, mid - 12, part, mid);
	cairo_curve_to(c, part - 30, mid + 4, -w * 0.5, mid + 2, -w * 0.7,
	    mid + 24);
	cairo_curve_to(c, -w + 10, mid + 50, -w + 4, deep - 40,
	    -w - out * 0.35, deep);
	cairo_close_path(c);
	hair_colours(c, p);
	cairo_fill(c);
}

static void
strands(cairo_t *c, const struct person *p, double out)
{
	cairo_set_line_width(c, 2);
	for (int i = -5; i <= 5; i++) {
		double x = i * p->wide / 6.0;

		cairo_move_to(c, x * 0.35, -184 - out);
		cairo_curve_to(c, x * 0.8, -180 - out * 0.5, x * 1.05, -160,
		    x * 1.12, p->line - 8 + fabs(x) * 0.22);
		ink(c, mix(p->hair, hex(i < 0 ? 0xfff0d8 : 0x000000),
		    i < 0 ? 0.3 : 0.4), 0.4);
		cairo_stroke(c);
	}
}

static void
draw_curls(cairo_t *c, const struct person *p)
{
	double big = p->female ? 40 : 26;

	cap(c, p, 12, 0, p->line, -46);
	hair_colours(c, p);
	for (int i = 0; i <= 16; i++) {
		double a = M_PI * (0.96 + 1.08 * i / 16.0);
		double r = p->wide + (p->female ? 10 : 0);

		ellipse(c, cos(a) * r, -62 + sin(a) * 134, big, big);
		cairo_fill(c);
	}
	for (int i = 0; i <= 9; i++) {
		double a = M_PI * (1.1 + 0.8 * i / 9.0);

		ellipse(c, cos(a) * (p->wide - 24), -52 + sin(a) * 78, 24, 20);
		cairo_fill(c);
	}
	for (int i = 0; i < 34; i++) {
		double a = M_PI * (1.04 + 0.92 * (i % 17) / 16.0);
		double r = p->wide - 14 + (i / 17) * 30;

		cairo_new_sub_path(c);
		cairo_arc(c, cos(a) * r, -60 + sin(a) * (112 + i / 17 * 22),
		    9, a, a + 4);
		ink(c, mix(p->hair, hex(0xffeed6), 0.35), 0.35);
		cairo_set_line_width(c, 2.4);
		cairo_stroke(c);
	}
}

static void
draw_fringe(cairo_t *c, const struct person *p)
{
	double w = p->wide, y = p->brow_y - 18;

	cap(c, p, 24, 0, p->line, 40);
	cairo_new_path(c);
	cairo_move_to(c, -w + 6, -60);
	cairo_curve_to(c, -w + 8, -140, w - 8, -140, w - 6, -60);
	cairo_curve_to(c, w - 12, y, w * 0.5, y + 6, 0, y + 4);
	cairo_curve_to(c, -w * 0.5, y + 6, -w + 12, y, -w + 6, -60);
	hair_colours(c, p);
	cairo_fill(c);
	cairo_set_line_width(c, 2);
	for (int i = -6; i <= 6; i++) {
		cairo_move_to(c, i * 9, -178);
		cairo_curve_to(c, i * 15, -150, i * 17, -110, i * 17.5, y - 2);
		ink(c, mix(p->hair, hex(i % 2 ? 0xfff0d8 : 0x000000), 0.3),
		    0.35);
		cairo_stroke(c);
	}
}

/* Locks in front of the ears, down to end. */
static void
locks(cairo_t *c, const struct person *p, double end)
{
	for (int side = -1; side <= 1; side += 2) {
		double w = p->wide;

		cairo_new_path(c);
		cairo_move_to(c, side * (w - 8), -96);
		cairo_curve_to(c, side * (w + 40), -60, side * (w + 34),
		    end * 0.5, side * (w + 22), end);
		cairo_curve_to(c, side * (w - 4), end + 6, side * (w - 16),
		    end - 20, side * (w - 10), end * 0.5);
		cairo_curve_to(c, side * (w - 4), 20, side * (w + 4), -30,
		    side * (w - 8), -96);
		hair_colours(c, p);
		cairo_fill(c);
	}
}

/* What is left to a bald man: hair above and behind the ears. */
static void
draw_temples(cairo_t *c, const struct person *p)
{
	for (int side = -1; side <= 1; side += 2) {
		double w = p->wide;

		cairo_new_path(c);
		cairo_move_to(c, side * (w - 4), 22);
		cairo_curve_to(c, side * (w + 16), -20, side * (w + 12), -84,
		    side * (w - 18), -118);
		cairo_curve_to(c, side * (w - 20), -84, side * (w - 16), -40,
		    side * (w - 4), 22);
		hair_colours(c, p);
		cairo_fill(c);
	}
}

static void
draw_hair(cairo_t *c, const struct person *p)
{
	switch (p->style) {
	case HAIR_SHORT:
		cap(c, p, 10, 20, p->line, -34);
		strands(c, p, 8);
		break;
	case HAIR_PART:
		cap(c, p, 18, -66, p->line - 6, -28);
		strands(c, p, 14);
		break;
	case HAIR_CURLS:
		draw_curls(c, p);
		break;
	case HAIR_BALD:
		draw_temples(c, p);
		break;
	case HAIR_LONG:
		cap(c, p, 22, -20, p->line, 20);
		strands(c, p, 18);
		locks(c, p, 270);
		break;
	case HAIR_WAVES:
		cap(c, p, 26, 48, p->line - 4, 30);
		strands(c, p, 22);
		locks(c, p, 236);
		break;
	case HAIR_BUN:
		cap(c, p, 12, 0, p->line - 10, -20);
		strands(c, p, 10);
		break;
	case HAIR_BOB:
		cap(c, p, 24, -50, p->line, 30);
		strands(c, p, 20);
		locks(c, p, 140);
		break;
	case HAIR_FRINGE:
		draw_fringe(c, p);
		locks(c, p, 150);
		break;
	}
}

static void
draw_glasses(cairo_t *c, const struct person *p)
{
	double w = p->eye_w + 15, h = 27;

	cairo_set_line_width(c, 5);
	for (int side = -1; side <= 1; side += 2) {
		double x = side * (p->eye_x + 1), y = p->eye_y + 3;

		ellipse(c, x, y, w, h);
		ink(c, hex(0xffffff), 0.1);
		cairo_fill_preserve(c);
		ink(c, hex(0x2a2522), 0.92);
		cairo_stroke(c);
		cairo_move_to(c, x + side * w, y - 6);
		cairo_line_to(c, side * (p->wide + 4), y - 8);
		cairo_stroke(c);
	}
	cairo_move_to(c, -p->eye_x - 1 + w, p->eye_y);
	cairo_curve_to(c, -8, p->eye_y - 9, 8, p->eye_y - 9,
	    p->eye_x + 1 - w, p->eye_y);
	cairo_stroke(c);
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

/* --- the file ----------------------------------------------------------- */

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
	cairo_surface_t *s;
	cairo_t *c;
	int opt, status = 0;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 's')
			chance = strtoull(optarg, NULL, 10);
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
	chance = chance * 2654435761u + (uint64_t)sex[0];
	p.female = sex[0] == 'f' || (sex[0] == 'x' && likely(0.5));
	p.child = p.age < 13;
	p.old = p.age >= 55;
	choose_colours(&p);
	choose_style(&p);
	choose_face(&p);
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
