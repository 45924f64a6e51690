#include "issuer/report/page.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

#include "issuer/print/type.h"

#define FAMILY "Noto Sans"
#define INK_RULE 0xb8bec6u
#define HAIR 15
#define HATCH 130		/* between the lines of a hatching */

static void
set_text(struct page *g, int size, bool bold, const char *text)
{
	PangoFontDescription *f = pango_font_description_new();

	pango_font_description_set_family(f, FAMILY);
	if (bold)
		pango_font_description_set_weight(f, PANGO_WEIGHT_BOLD);
	pango_font_description_set_absolute_size(f, size * PANGO_SCALE);
	pango_layout_set_font_description(g->layout, f);
	pango_font_description_free(f);
	pango_layout_set_text(g->layout, text, -1);
}

void
page_text(struct page *g, int x, int y, int w, int size, bool bold,
    enum text_align align, const char *text)
{
	set_text(g, size, bold, text);
	pango_layout_set_width(g->layout, w * PANGO_SCALE);
	pango_layout_set_ellipsize(g->layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_alignment(g->layout, align == TEXT_RIGHT ?
	    PANGO_ALIGN_RIGHT : align == TEXT_CENTRE ? PANGO_ALIGN_CENTER :
	    PANGO_ALIGN_LEFT);
	cairo_move_to(g->c, x, y);
	pango_cairo_show_layout(g->c, g->layout);
	cairo_new_path(g->c);
}

void
page_lines(struct page *g, int size, bool bold, const char *text)
{
	int h;

	set_text(g, size, bold, text);
	pango_layout_set_width(g->layout, PAGE_WIDTH * PANGO_SCALE);
	pango_layout_set_ellipsize(g->layout, PANGO_ELLIPSIZE_NONE);
	pango_layout_set_alignment(g->layout, PANGO_ALIGN_LEFT);
	pango_layout_get_size(g->layout, NULL, &h);
	page_room(g, h / PANGO_SCALE);
	/* The layout may have served the frame of a new page. */
	set_text(g, size, bold, text);
	pango_layout_set_width(g->layout, PAGE_WIDTH * PANGO_SCALE);
	pango_layout_set_ellipsize(g->layout, PANGO_ELLIPSIZE_NONE);
	pango_layout_set_alignment(g->layout, PANGO_ALIGN_LEFT);
	cairo_move_to(g->c, PAGE_LEFT, g->y);
	pango_cairo_show_layout(g->c, g->layout);
	cairo_new_path(g->c);
	g->y += h / PANGO_SCALE + size / 4;
}

int
page_width(struct page *g, int size, const char *text)
{
	int w;

	set_text(g, size, false, text);
	pango_layout_set_width(g->layout, -1);
	pango_layout_get_size(g->layout, &w, NULL);
	return w / PANGO_SCALE;
}

static void
hatch(struct page *g, int x, int y, int w, int h, bool both)
{
	cairo_save(g->c);
	cairo_rectangle(g->c, x, y, w, h);
	cairo_clip(g->c);
	for (int at = -h; at < w; at += HATCH) {
		cairo_move_to(g->c, x + at, y + h);
		cairo_line_to(g->c, x + at + h, y);
		if (both) {
			cairo_move_to(g->c, x + at, y);
			cairo_line_to(g->c, x + at + h, y + h);
		}
	}
	ink(g->c, INK_LABEL, 1);
	cairo_set_line_width(g->c, HAIR);
	cairo_stroke(g->c);
	cairo_restore(g->c);
}

void
page_fill(struct page *g, int x, int y, int w, int h, enum fill fill)
{
	uint32_t colour = fill == FILL_F || fill == FILL_BAND ? g->colour :
	    fill == FILL_M ? ink_mix(g->colour, INK_WHITE, 0.62) :
	    fill == FILL_PALE ? ink_mix(g->colour, INK_WHITE, 0.92) : INK_WHITE;

	if (w <= 0)
		return;
	cairo_rectangle(g->c, x, y, w, h);
	ink(g->c, colour, 1);
	cairo_fill(g->c);
	if (fill == FILL_X || fill == FILL_WITHHELD)
		hatch(g, x, y, w, h, fill == FILL_X);
	if (fill == FILL_BAND || fill == FILL_PALE)
		return;
	cairo_rectangle(g->c, x, y, w, h);
	ink(g->c, INK_LABEL, 1);
	cairo_set_line_width(g->c, HAIR);
	cairo_stroke(g->c);
	ink(g->c, INK_TEXT, 1);
}

void
page_rule(struct page *g, int x1, int y1, int x2, int y2)
{
	cairo_move_to(g->c, x1, y1);
	cairo_line_to(g->c, x2, y2);
	ink(g->c, INK_RULE, 1);
	cairo_set_line_width(g->c, HAIR);
	cairo_stroke(g->c);
	ink(g->c, INK_TEXT, 1);
}

void
page_number(int64_t n, char out[PAGE_NUMBER])
{
	char digits[24];
	size_t len, at = 0;

	(void)snprintf(digits, sizeof(digits), "%lld", (long long)n);
	len = strlen(digits);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0) {
			/* A space that no line breaks at. */
			out[at++] = '\xc2';
			out[at++] = '\xa0';
		}
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

/* Whose and what, small, where the page begins and ends. */
void
page_begin(struct page *g)
{
	const struct report *p = g->p;
	char text[256], day[DATE_TEXT];
	int foot = PAGE_H - 1500;

	g->n++;
	ink(g->c, INK_TEXT, 1);
	page_fill(g, 0, 0, PAGE_W, 600, FILL_BAND);
	ink(g->c, INK_LABEL, 1);
	page_rule(g, PAGE_LEFT, foot - 150, PAGE_W - PAGE_LEFT, foot - 150);
	ink(g->c, INK_LABEL, 1);
	(void)snprintf(text, sizeof(text), "%.3s %.3s · %s", p->office[0].state,
	    p->office[0].code, gettext(report_title(p->ask.kind)));
	page_text(g, PAGE_LEFT, foot, PAGE_WIDTH / 2, SIZE_FINE, false,
	    TEXT_LEFT, text);
	date_format(when_date(p->made), day);
	(void)snprintf(text, sizeof(text),
	    gettext("Made on %s · page %d of %d"), day, g->n, g->total);
	page_text(g, PAGE_LEFT + PAGE_WIDTH / 2, foot, PAGE_WIDTH / 2,
	    SIZE_FINE, false, TEXT_RIGHT, text);
	ink(g->c, INK_TEXT, 1);
	g->y = PAGE_TOP;
}

void
page_room(struct page *g, int h)
{
	if (g->y + h <= PAGE_END)
		return;
	cairo_show_page(g->c);
	page_begin(g);
}
