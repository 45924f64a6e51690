#include "issuer/print/type.h"

#include <string.h>

#include <pango/pangocairo.h>

#include "common/text.h"

#define FAMILY "Noto Sans"
#define FAMILY_MRZ "OCR B"

/* Of the em: height of capitals, line to line, below the baseline. */
#define CAPITALS 0.714
#define LEADING 1.16
#define DESCENT 0.22

/* Layouts are made in hundredths of a millimetre: Pango counts in 1/1024 of a
 * unit, which would be coarse at two units an em. */
#define FINE 100.0
#define UNIT (FINE * PANGO_SCALE)

/* All text is laid out at this em and scaled when shown: one font to load. */
#define EM 2.0

enum { TEXT_MAX = 1024, STEPS = 24 };

void
ink(cairo_t *c, uint32_t rgb, double alpha)
{
	cairo_set_source_rgba(c, (rgb >> 16 & 255) / 255.0,
	    (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, alpha);
}

uint32_t
ink_mix(uint32_t a, uint32_t b, double t)
{
	uint32_t out = 0;

	for (int shift = 16; shift >= 0; shift -= 8) {
		double x = a >> shift & 255, y = b >> shift & 255;

		out |= (uint32_t)(x + (y - x) * t + 0.5) << shift;
	}
	return out;
}

uint32_t
ink_strong(uint32_t rgb)
{
	for (int i = 0; i < 10; i++) {
		uint32_t luma = 2126 * (rgb >> 16 & 255) +
		    7152 * (rgb >> 8 & 255) + 722 * (rgb & 255);

		if (luma < 10000u * 105)
			break;
		rgb = ink_mix(rgb, 0x000000, 0.15);
	}
	return rgb;
}

void
type_settle(PangoLayout *l)
{
	cairo_font_options_t *o = cairo_font_options_create();
	PangoContext *ctx = pango_layout_get_context(l);

	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(ctx, o);
	cairo_font_options_destroy(o);
	pango_context_set_round_glyph_positions(ctx, FALSE);
	pango_context_set_language(ctx, pango_language_from_string("es"));
	pango_context_set_base_dir(ctx, PANGO_DIRECTION_LTR);
	pango_layout_set_auto_dir(l, FALSE);
	pango_layout_context_changed(l);
}

static PangoLayout *
layout_new(cairo_t *c)
{
	PangoLayout *l;

	/* Made under the matrix it will be shown with, or FreeType is asked
	 * for glyphs of a hundred times the size, and fails. */
	cairo_save(c);
	cairo_scale(c, 1 / FINE, 1 / FINE);
	l = pango_cairo_create_layout(c);
	cairo_restore(c);
	type_settle(l);
	return l;
}

static PangoFontDescription *
face_new(const char *family, const struct type *t, double size)
{
	PangoFontDescription *f = pango_font_description_new();

	pango_font_description_set_family(f, family);
	if (t != NULL && t->bold)
		pango_font_description_set_weight(f, PANGO_WEIGHT_BOLD);
	if (t != NULL && t->italic)
		pango_font_description_set_style(f, PANGO_STYLE_ITALIC);
	pango_font_description_set_absolute_size(f,
	    size * UNIT);
	return f;
}

/* Pango takes another family in silence when ours is not installed. */
static enum status
require(PangoLayout *l, const PangoFontDescription *want, struct diag *d)
{
	const char *family = pango_font_description_get_family(want);
	PangoFont *font = pango_context_load_font(
	    pango_layout_get_context(l), want);
	PangoFontDescription *got;
	enum status st = ST_CONFIG;

	if (font != NULL) {
		got = pango_font_describe(font);
		if (strcmp(pango_font_description_get_family(got), family) == 0)
			st = ST_OK;
		pango_font_description_free(got);
		g_object_unref(font);
	}
	if (st != ST_OK)
		(void)diag_set(d, st,
		    _("the font %s is not installed; install fonts-noto-core and fonts-ocr-b"),
		    family);
	return st;
}

static void
dress(PangoLayout *l, const struct type *t)
{
	PangoFontDescription *f = face_new(FAMILY, t, EM);
	PangoAttrList *list;

	pango_layout_set_font_description(l, f);
	pango_font_description_free(f);
	if (t->tracking <= 0)
		return;
	list = pango_attr_list_new();
	pango_attr_list_insert(list, pango_attr_letter_spacing_new(
	    (int)(t->tracking * EM * UNIT)));
	pango_layout_set_attributes(l, list);
	pango_attr_list_unref(list);
}

static double
height_of(PangoLayout *l, double size)
{
	int n = pango_layout_get_line_count(l);

	return size * (CAPITALS + DESCENT + (n - 1) * LEADING);
}

/* Would the text, set at size, stay within w on this many lines? Letters are
 * not hinted, so a size is only a scale: what is tried is the width. */
static bool
fits(PangoLayout *l, const struct type *t, double size, int lines, double w)
{
	double limit = w * EM / size * UNIT;
	int widest = 0;

	pango_layout_set_width(l, lines > 1 ? (int)limit : -1);
	pango_layout_get_size(l, &widest, NULL);
	return pango_layout_get_line_count(l) <= lines && widest <= limit &&
	    (t->high <= 0 || height_of(l, size) <= t->high);
}

/* The largest size that fits; 0 when none does. */
static double
fit(PangoLayout *l, const struct type *t, double w)
{
	/* One line may shrink to 3/4 before two larger ones look better. */
	double alone = t->lines == 1 ? t->least :
	    t->least > t->size * 0.75 ? t->least : t->size * 0.75;

	for (int i = 0; i <= STEPS && !t->steady; i++) {
		double s = t->size + (alone - t->size) * i / STEPS;

		if (fits(l, t, s, 1, w))
			return s;
	}
	for (int i = 0; i <= STEPS && (t->lines > 1 || t->steady); i++) {
		double s = t->size + (t->least - t->size) * i / STEPS;

		if (fits(l, t, s, 1, w) ||
		    (t->lines > 1 && fits(l, t, s, t->lines, w)))
			return s;
	}
	return 0;
}

static enum status
prepare(cairo_t *c, struct bytes s, double w, const struct type *t,
    const char *what, PangoLayout **out, double *size, struct diag *d)
{
	char text[TEXT_MAX];
	PangoFontDescription *f;
	enum status st;

	*out = NULL;
	if (!text_is_printable(s))
		return diag_set(d, ST_DATA,
		    _("%s: the text has characters that cannot be printed"),
		    what);
	if (!bytes_to_text(s, text, sizeof(text)))
		return diag_set(d, ST_TOO_BIG,
		    _("%s: the text is too long for the card"), what);
	*out = layout_new(c);
	f = face_new(FAMILY, t, EM);
	st = require(*out, f, d);
	pango_font_description_free(f);
	if (st != ST_OK)
		return st;
	dress(*out, t);
	pango_layout_set_wrap(*out, PANGO_WRAP_WORD);
	pango_layout_set_text(*out, text, -1);
	if ((*size = fit(*out, t, w)) == 0)
		return diag_set(d, ST_TOO_BIG,
		    _("%s: \"%.80s\" is too long for the card; shorten it as on the passport"),
		    what, text);
	return ST_OK;
}

/* Line by line, each on its own baseline: a fallback font for another script
 * must not move its neighbours. */
static void
show(cairo_t *c, PangoLayout *l, struct box b, const struct type *t,
    double size)
{
	double y = b.y + size * CAPITALS, scale = size / EM;

	for (int i = 0; i < pango_layout_get_line_count(l); i++) {
		PangoLayoutLine *line = pango_layout_get_line_readonly(l, i);
		PangoRectangle r;
		double x = b.x;

		pango_layout_line_get_extents(line, NULL, &r);
		if (t->align != ALIGN_LEFT)
			x += (b.w - r.width * scale / UNIT) /
			    (t->align == ALIGN_CENTRE ? 2 : 1);
		cairo_save(c);
		cairo_translate(c, x, y + i * size * LEADING);
		cairo_scale(c, scale / FINE, scale / FINE);
		cairo_move_to(c, 0, 0);
		pango_cairo_show_layout_line(c, line);
		cairo_restore(c);
		cairo_new_path(c);
	}
}

enum status
type_set(cairo_t *c, struct bytes s, struct box b, const struct type *t,
    const char *what, double *bottom, struct diag *d)
{
	PangoLayout *l = NULL;
	double size = 0;
	enum status st = prepare(c, s, b.w, t, what, &l, &size, d);

	if (st == ST_OK) {
		show(c, l, b, t, size);
		if (bottom != NULL)
			*bottom = b.y + height_of(l, size);
	}
	if (l != NULL)
		g_object_unref(l);
	return st;
}

enum status
type_measure(cairo_t *c, struct bytes s, double w, const struct type *t,
    const char *what, double *height, struct diag *d)
{
	PangoLayout *l = NULL;
	double size = 0;
	enum status st = prepare(c, s, w, t, what, &l, &size, d);

	if (st == ST_OK)
		*height = height_of(l, size);
	if (l != NULL)
		g_object_unref(l);
	return st;
}

/*
 * cairo 1.16 embeds the CFF outlines of this font in a form that readers turn
 * down, and says nothing; as paths they are only curves. Every character gets
 * its own pitch: the line is as wide as the standard wants, not as the font.
 */
enum status
type_mrz(cairo_t *c, const char *line, double x, double y, double w,
    struct diag *d)
{
	PangoLayout *l = layout_new(c);
	size_t n = strlen(line);
	double pitch = w / (double)n, size;
	PangoFontDescription *f = face_new(FAMILY_MRZ, NULL, 1);
	PangoRectangle r;
	enum status st = require(l, f, d);

	if (st != ST_OK)
		goto out;
	pango_layout_set_font_description(l, f);
	pango_layout_set_text(l, "<", 1);
	pango_layout_get_extents(l, NULL, &r);
	size = pitch / (r.width / UNIT);
	pango_font_description_set_absolute_size(f, size * UNIT);
	pango_layout_set_font_description(l, f);
	for (size_t i = 0; i < n; i++) {
		pango_layout_set_text(l, line + i, 1);
		cairo_save(c);
		cairo_translate(c, x + pitch * (double)i, y);
		cairo_scale(c, 1 / FINE, 1 / FINE);
		cairo_move_to(c, 0, 0);
		pango_cairo_layout_line_path(c,
		    pango_layout_get_line_readonly(l, 0));
		cairo_restore(c);
	}
	cairo_fill(c);
out:
	pango_font_description_free(f);
	g_object_unref(l);
	return st;
}
