#include "issuer/print/ornament.h"

#include <math.h>

#include "issuer/print/type.h"

#define WAVE_STEP 0.9

enum { THREADS = 6, RAYS = 24 };

/* FNV-1a: the same number, the same lines. */
static uint64_t
seed_of(struct bytes s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ s.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

static double
next(uint64_t *seed, double lo, double hi)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return lo + (hi - lo) * (double)(*seed >> 40) / 16777216.0;
}

struct wave {
	double amp1, amp2, freq1, freq2, phase1, phase2, drift1, drift2;
};

static double
height(const struct wave *v, double x, int k)
{
	return v->amp1 * sin(v->freq1 * x + v->phase1 + v->drift1 * k) +
	    v->amp2 * sin(v->freq2 * x + v->phase2 + v->drift2 * k);
}

static double
slope(const struct wave *v, double x, int k)
{
	return v->amp1 * v->freq1 *
	    cos(v->freq1 * x + v->phase1 + v->drift1 * k) +
	    v->amp2 * v->freq2 *
	    cos(v->freq2 * x + v->phase2 + v->drift2 * k);
}

/* Lines from side to side, each a little out of step with the one above.
 * Curves through points and slopes need a twentieth of the points that
 * straight pieces would. */
static void
draw_waves(cairo_t *c, struct area a, uint64_t *seed)
{
	const double step = 2.4;
	struct wave v = { next(seed, 1.6, 2.6), next(seed, 0.7, 1.3),
	    next(seed, 0.09, 0.15), next(seed, 0.26, 0.4),
	    next(seed, 0, 2 * M_PI), next(seed, 0, 2 * M_PI),
	    next(seed, 0.1, 0.22), -next(seed, 0.16, 0.3) };

	for (int k = 0; k * WAVE_STEP < a.h; k++) {
		double y = a.y + k * WAVE_STEP, x = a.x;

		cairo_move_to(c, x, y + height(&v, x, k));
		for (; x < a.x + a.w; x += step) {
			double to = x + step;

			cairo_curve_to(c,
			    x + step / 3,
			    y + height(&v, x, k) + slope(&v, x, k) * step / 3,
			    to - step / 3,
			    y + height(&v, to, k) - slope(&v, to, k) * step / 3,
			    to, y + height(&v, to, k));
		}
	}
	cairo_stroke(c);
}

/* A point of the k-th thread of a woven ring, and its slope by the angle. */
static void
thread(double r, double deep, int petals, int k, double t, double out[4])
{
	double a = petals * t + 2 * M_PI * k / THREADS;
	double q = r * (1 + deep * sin(a)), dq = r * deep * petals * cos(a);

	out[0] = q * cos(t);
	out[1] = q * sin(t);
	out[2] = dq * cos(t) - q * sin(t);
	out[3] = dq * sin(t) + q * cos(t);
}

static void
draw_ring(cairo_t *c, double x, double y, double r, double deep, int petals)
{
	int points = petals * 8;
	double step = 2 * M_PI / points;

	for (int k = 0; k < THREADS; k++) {
		double a[4], b[4];

		thread(r, deep, petals, k, 0, a);
		cairo_move_to(c, x + a[0], y + a[1]);
		for (int i = 1; i <= points; i++) {
			thread(r, deep, petals, k, i * step, b);
			cairo_curve_to(c, x + a[0] + a[2] * step / 3,
			    y + a[1] + a[3] * step / 3,
			    x + b[0] - b[2] * step / 3,
			    y + b[1] - b[3] * step / 3, x + b[0], y + b[1]);
			for (int j = 0; j < 4; j++)
				a[j] = b[j];
		}
		cairo_close_path(c);
	}
	cairo_stroke(c);
}

/* Three woven rings, one in the other. */
static void
draw_rosette(cairo_t *c, double x, double y, double r, uint64_t *seed)
{
	for (int i = 0; i < 3; i++) {
		int petals = 9 + (int)next(seed, 0, 8);

		draw_ring(c, x, y, r * (1 - 0.3 * i), next(seed, 0.1, 0.17),
		    petals);
	}
}

void
ornament_background(cairo_t *c, struct area a, uint32_t colour,
    struct bytes number)
{
	cairo_pattern_t *tint = cairo_pattern_create_linear(a.x, a.y,
	    a.x + a.w, a.y + a.h);
	uint64_t seed = seed_of(number);
	double r;
	const uint32_t ends[] = { ink_mix(colour, INK_WHITE, 0.94),
	    ink_mix(colour, INK_WHITE, 0.86) };

	for (int i = 0; i < 2; i++)
		cairo_pattern_add_color_stop_rgb(tint, i,
		    (ends[i] >> 16 & 255) / 255.0, (ends[i] >> 8 & 255) / 255.0,
		    (ends[i] & 255) / 255.0);
	cairo_save(c);
	cairo_rectangle(c, a.x, a.y, a.w, a.h);
	cairo_clip(c);
	cairo_set_source(c, tint);
	cairo_paint(c);
	cairo_pattern_destroy(tint);
	cairo_set_line_width(c, 0.07);
	ink(c, ink_mix(colour, INK_WHITE, 0.62), 1);
	draw_waves(c, a, &seed);
	ink(c, ink_mix(ink_mix(colour, 0xb08a3c, 0.55), INK_WHITE, 0.66), 1);
	r = fmin(a.w, a.h) * next(&seed, 0.4, 0.48);
	draw_rosette(c, a.x + a.w * next(&seed, 0.66, 0.74),
	    a.y + a.h * next(&seed, 0.46, 0.56), r, &seed);
	cairo_restore(c);
}

void
ornament_emblem(cairo_t *c, double x, double y, double r, uint32_t rgb)
{
	cairo_save(c);
	ink(c, rgb, 1);
	cairo_translate(c, x, y);
	cairo_scale(c, r, r);
	for (int i = 0; i < RAYS; i++) {
		double t = 2 * M_PI * i / RAYS, half = M_PI / RAYS * 0.55;
		double out = i % 2 == 0 ? 1 : 0.88;

		cairo_move_to(c, 0.7 * cos(t - half), 0.7 * sin(t - half));
		cairo_line_to(c, out * cos(t), out * sin(t));
		cairo_line_to(c, 0.7 * cos(t + half), 0.7 * sin(t + half));
		cairo_close_path(c);
	}
	cairo_fill(c);
	cairo_set_line_width(c, 0.085);
	cairo_arc(c, 0, 0, 0.58, 0, 2 * M_PI);
	cairo_stroke(c);
	/* An eight-pointed star of two squares: nobody's in particular. */
	for (int i = 0; i < 16; i++) {
		double t = M_PI * i / 8 - M_PI / 2, q = i % 2 == 0 ? 0.42 : 0.2;

		if (i == 0)
			cairo_move_to(c, q * cos(t), q * sin(t));
		else
			cairo_line_to(c, q * cos(t), q * sin(t));
	}
	cairo_close_path(c);
	cairo_fill(c);
	cairo_restore(c);
}
