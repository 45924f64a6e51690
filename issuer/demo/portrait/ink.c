/* Colours and shapes. */
#include "issuer/demo/portrait/portrait.h"

struct rgb
hex(uint32_t c)
{
	return (struct rgb){ (c >> 16 & 255) / 255.0, (c >> 8 & 255) / 255.0,
	    (c & 255) / 255.0 };
}

struct rgb
mix(struct rgb a, struct rgb b, double t)
{
	return (struct rgb){ a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t,
	    a.b + (b.b - a.b) * t };
}

void
ink(cairo_t *c, struct rgb k, double alpha)
{
	cairo_set_source_rgba(c, k.r, k.g, k.b, alpha);
}

void
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

void
ramp(cairo_t *c, double x0, double y0, double x1, double y1, struct rgb a,
    struct rgb b)
{
	cairo_pattern_t *p = cairo_pattern_create_linear(x0, y0, x1, y1);

	cairo_pattern_add_color_stop_rgb(p, 0, a.r, a.g, a.b);
	cairo_pattern_add_color_stop_rgb(p, 1, b.r, b.g, b.b);
	cairo_set_source(c, p);
	cairo_pattern_destroy(p);
}

void
ellipse(cairo_t *c, double x, double y, double rx, double ry)
{
	cairo_save(c);
	cairo_translate(c, x, y);
	cairo_scale(c, rx, ry);
	cairo_new_sub_path(c);
	cairo_arc(c, 0, 0, 1, 0, 2 * M_PI);
	cairo_restore(c);
}
