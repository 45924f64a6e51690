/* Neck and clothes. */
#include "issuer/demo/portrait/portrait.h"

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

void
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

void
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
