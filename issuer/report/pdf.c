#include "issuer/report/pdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>

#include "issuer/print/type.h"
#include "issuer/report/chart.h"

#define POINT (72.0 / 2540)	/* hundredths of a millimetre in points */

enum {
	LINE = 450, NAME_W = 5000, SEX_W = 1700, NAMED = 4,
	COLUMNS_FROM = 3	/* rows that columns are drawn of */
};

/* ---- the tables ---- */

static void
put_rule(struct page *g)
{
	page_rule(g, PAGE_LEFT, g->y + 30, PAGE_W - PAGE_LEFT, g->y + 30);
	g->y += 60;
}

static void
put_number(struct page *g, int x, int w, bool bold, bool shown, int64_t n)
{
	char text[PAGE_NUMBER];

	page_number(n, text);
	page_text(g, x, g->y, w - 100, SIZE_FINE, bold, TEXT_RIGHT,
	    shown ? text : REPORT_WITHHELD);
}

/* Where the i-th of n columns of numbers stands. */
static int
column_x(size_t i, size_t n, int *w)
{
	*w = (PAGE_WIDTH - NAME_W - SEX_W) / (int)n;
	return PAGE_LEFT + NAME_W + SEX_W + (int)i * *w;
}

static bool
has_sex(const struct report *p, size_t sex)
{
	return sex == TABLE_SEXES || p->sex[sex];
}

static size_t
sexes(const struct report *p)
{
	size_t n = 1;

	for (size_t s = 0; s < TABLE_SEXES; s++)
		n += p->sex[s] ? 1 : 0;
	return n;
}

/* The head of a table; again where it goes on on another page. */
static void
put_head(struct page *g, const char *const *name, size_t n)
{
	int w;

	page_fill(g, PAGE_LEFT, g->y - 40, PAGE_WIDTH, LINE + 60, FILL_PALE);
	ink(g->c, INK_TEXT, 1);
	page_text(g, PAGE_LEFT + 80, g->y, NAME_W - 160, SIZE_FINE, true,
	    TEXT_LEFT, g->p->ask.by == BY_NONE ? "" :
	    gettext(report_by_title(g->p->ask.by)));
	page_text(g, PAGE_LEFT + NAME_W, g->y, SEX_W, SIZE_FINE, true,
	    TEXT_LEFT, _("Sex"));
	for (size_t i = 0; i < n; i++) {
		int x = column_x(i, n, &w);

		page_text(g, x, g->y, w - 100, SIZE_FINE, true, TEXT_RIGHT,
		    name[i]);
	}
	g->y += LINE + 80;
}

/* A row's lines stay together, under a head. */
static void
row_room(struct page *g, const char *const *name, size_t n, bool first)
{
	int page = g->n, lines = (int)sexes(g->p);

	page_room(g, (lines + (first ? 2 : 1)) * LINE);
	if (first || g->n != page)
		put_head(g, name, n);
}

static void
put_line_names(struct page *g, size_t row, size_t sex)
{
	if (sex == TABLE_F)
		page_text(g, PAGE_LEFT + 80, g->y, NAME_W - 160, SIZE_FINE,
		    row == g->p->rows, TEXT_LEFT,
		    report_row_name(g->p, row));
	page_text(g, PAGE_LEFT + NAME_W, g->y, SEX_W, SIZE_FINE,
	    sex == TABLE_SEXES, TEXT_LEFT, report_word(report_sex(sex)));
}

static void
put_counts(struct page *g)
{
	const struct report *p = g->p;
	const char *name[TABLE_AGES + 1];
	size_t age_of[TABLE_AGES + 1], n = 0;

	for (size_t age = 0; age <= TABLE_AGES; age++)
		if (age != TABLE_AGE_UNKNOWN || p->age_unknown) {
			name[n] = report_word(report_age(age));
			age_of[n++] = age;
		}
	for (size_t row = 0; row < report_lines(p); row++) {
		row_room(g, name, n, row == 0);
		for (size_t sex = 0; sex <= TABLE_SEXES; sex++) {
			if (!has_sex(p, sex))
				continue;
			put_line_names(g, row, sex);
			for (size_t i = 0; i < n; i++) {
				int64_t count;
				bool shown = report_shown(p, 0, row, sex,
				    age_of[i], &count);
				int w, x = column_x(i, n, &w);

				put_number(g, x, w, sex == TABLE_SEXES, shown,
				    count);
			}
			g->y += LINE;
		}
		put_rule(g);
	}
}

static void
put_waits(struct page *g, size_t part)
{
	const struct report *p = g->p;
	const char *name[] = {
		_("Applications"), _("Median"), _("90th percentile"),
		_("Longest")
	};

	for (size_t row = 0; row < report_lines(p); row++) {
		row_room(g, name, 4, row == 0);
		for (size_t sex = 0; sex <= TABLE_SEXES; sex++) {
			struct report_stats d;
			int64_t v[4];
			bool shown = report_shown(p, part, row, sex,
			    TABLE_AGES, &v[0]);
			bool any = report_days(p, part, row, sex, &d);
			bool show[] = {
				shown, any, d.ninetieth_shown, d.most_shown
			};

			if (!has_sex(p, sex))
				continue;
			v[1] = d.median;
			v[2] = d.ninetieth;
			v[3] = d.most;
			put_line_names(g, row, sex);
			for (size_t i = 0; i < 4; i++) {
				int w, x = column_x(i, 4, &w);

				/* Of nobody there are no days. */
				if (i == 0 || any || !shown)
					put_number(g, x, w,
					    sex == TABLE_SEXES, show[i], v[i]);
			}
			g->y += LINE;
		}
		put_rule(g);
	}
}

/* ---- the whole ---- */

static void
put_title(struct page *g)
{
	const struct report *p = g->p;
	char text[2 * REG_TEXT + 8], from[DATE_TEXT], to[DATE_TEXT];

	date_format(p->ask.from, from);
	date_format(p->ask.to, to);
	for (size_t i = 0; i < p->offices_n && i < NAMED; i++) {
		(void)snprintf(text, sizeof(text), "%s · %s",
		    p->office[i].country, p->office[i].name);
		page_lines(g, SIZE_TEXT, true, text);
	}
	if (p->offices_n > NAMED) {
		(void)snprintf(text, sizeof(text), _("and %zu offices more"),
		    p->offices_n - NAMED);
		page_lines(g, SIZE_TEXT, true, text);
	}
	g->y += 300;
	page_lines(g, SIZE_TITLE, true, gettext(report_title(p->ask.kind)));
	if (p->ask.kind == REPORT_POPULATION ||
	    p->ask.kind == REPORT_HOUSEHOLDS)
		(void)snprintf(text, sizeof(text), _("On %s"), to);
	else
		(void)snprintf(text, sizeof(text), _("From %s to %s"), from,
		    to);
	page_lines(g, SIZE_HEAD, false, text);
	if (p->ask.by != BY_NONE) {
		(void)snprintf(text, sizeof(text), _("By: %s"),
		    gettext(report_by_title(p->ask.by)));
		page_lines(g, SIZE_HEAD, false, text);
	}
	g->y += 200;
	page_lines(g, SIZE_TEXT, false,
	    gettext(report_definition(p->ask.kind)));
	g->y += 400;
}

static bool
in_time(const struct report *p)
{
	return p->ask.by == BY_MONTH || p->ask.by == BY_YEAR;
}

static void
put_charts(struct page *g)
{
	const struct report *p = g->p;

	chart_legend(g);
	if (p->rows > 1) {
		if (in_time(p) && p->rows >= COLUMNS_FROM)
			chart_columns(g);
		else
			chart_bars(g);
		g->y += 300;
	}
	page_room(g, 7000);
	page_lines(g, SIZE_HEAD, true, _("By age and sex"));
	g->y += 150;
	chart_pyramid(g);
}

static void
put_notes(struct page *g)
{
	char text[REG_TEXT + 256], moment[WHEN_TEXT];

	g->y += 400;
	page_room(g, 3000);
	page_lines(g, SIZE_HEAD, true, _("How to read it"));
	page_lines(g, SIZE_TEXT, false,
	    _("Ages are those of the day of what is counted; district, origin, occupation and sector are those that the register holds when the report is made. Days are those of UTC."));
	page_lines(g, SIZE_TEXT, false, report_withheld_note());
	page_lines(g, SIZE_TEXT, false,
	    _("Nothing that is withheld here can be computed from this report. Two reports whose periods, rows or subjects overlap can tell more together: publish one of them, or look at both first."));
	when_format(g->p->made, moment);
	(void)snprintf(text, sizeof(text), _("Made at %s by Cédula %s"),
	    moment, CEDULA_VERSION);
	page_lines(g, SIZE_TEXT, false, text);
}

static void
put_report(struct page *g)
{
	const struct report *p = g->p;

	page_begin(g);
	put_title(g);
	if (p->ask.kind != REPORT_WAITING) {
		put_charts(g);
		g->y += 300;
		put_counts(g);
	} else
		chart_legend(g);
	for (size_t i = 0; p->ask.kind == REPORT_WAITING && i < p->parts; i++) {
		page_room(g, 4500);
		page_lines(g, SIZE_HEAD, true,
		    gettext(report_stage_title((enum report_stage)i)));
		g->y += 100;
		chart_waits(g, i);
		put_waits(g, i);
		g->y += 700;
	}
	put_notes(g);
	cairo_show_page(g->c);
}

/* Pango takes another family in silence when ours is not installed. */
static enum status
require_font(PangoLayout *l, struct diag *d)
{
	PangoFontDescription *want =
	    pango_font_description_from_string("Noto Sans 8"), *got = NULL;
	PangoFont *font = pango_context_load_font(
	    pango_layout_get_context(l), want);
	enum status st = ST_CONFIG;

	if (font != NULL)
		got = pango_font_describe(font);
	if (got != NULL && strcmp(pango_font_description_get_family(got),
	    "Noto Sans") == 0)
		st = ST_OK;
	else
		(void)diag_set(d, st,
		    _("the font %s is not installed; install fonts-noto-core and fonts-ocr-b"),
		    "Noto Sans");
	pango_font_description_free(want);
	pango_font_description_free(got);
	if (font != NULL)
		g_object_unref(font);
	return st;
}

static cairo_status_t
on_pdf(void *closure, const unsigned char *data, unsigned int len)
{
	FILE *f = closure;

	return fwrite(data, 1, len, f) == len ? CAIRO_STATUS_SUCCESS :
	    CAIRO_STATUS_WRITE_ERROR;
}

/* The moment of the report stands in for the clock. */
static void
date_pdf(cairo_surface_t *s, const struct report *p)
{
	char when[WHEN_TEXT];

	when_format(p->made, when);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, when);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, when);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE,
	    gettext(report_title(p->ask.kind)));
}

/* *pages: how many there will be, and then how many there were. */
static enum status
draw(const struct report *p, FILE *f, int *pages, struct diag *d)
{
	cairo_surface_t *s = cairo_pdf_surface_create_for_stream(on_pdf, f,
	    PAGE_W * POINT, PAGE_H * POINT);
	struct page g = { .c = cairo_create(s), .p = p, .total = *pages };
	cairo_status_t cs;
	enum status st;

	date_pdf(s, p);
	cairo_scale(g.c, POINT, POINT);
	g.colour = ink_strong(p->office[0].colour);
	g.layout = pango_cairo_create_layout(g.c);
	type_settle(g.layout);
	if ((st = require_font(g.layout, d)) == ST_OK)
		put_report(&g);
	*pages = g.n;
	g_object_unref(g.layout);
	cs = cairo_status(g.c);
	cairo_destroy(g.c);
	cairo_surface_finish(s);
	if (cs == CAIRO_STATUS_SUCCESS)
		cs = cairo_surface_status(s);
	cairo_surface_destroy(s);
	if (st == ST_OK && cs != CAIRO_STATUS_SUCCESS)
		st = diag_set(d, ST_INTERNAL, _("writing the PDF failed: %s"),
		    cairo_status_to_string(cs));
	return st;
}

enum status
report_pdf(const struct report *p, uint8_t **out, size_t *len, struct diag *d)
{
	int pages = 0;
	enum status st = ST_OK;

	/* Drawn once to count the pages, which every page tells. */
	for (int pass = 0; pass < 2 && st == ST_OK; pass++) {
		char *text = NULL;
		FILE *f = open_memstream(&text, len);

		*out = NULL;
		if (f == NULL)
			return diag_set(d, ST_INTERNAL, _("out of memory"));
		st = draw(p, f, &pages, d);
		if (fclose(f) != 0 && st == ST_OK)
			st = diag_set(d, ST_INTERNAL, _("out of memory"));
		if (st == ST_OK && pass == 1)
			*out = (uint8_t *)text;
		else
			free(text);
	}
	return st;
}
