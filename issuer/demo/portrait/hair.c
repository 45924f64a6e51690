/* Hair, behind the neck and over the forehead. */
#include "issuer/demo/portrait/portrait.h"

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

void
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

void
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
