/* The face and what is on it. */
#include "issuer/demo/portrait/portrait.h"

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

void
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

void
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

void
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

void
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

void
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

void
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

void
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

void
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

void
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
