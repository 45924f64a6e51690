#include "keys/sheet.h"

#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/when.h"

#define _(s) gettext(s)

/* All lengths are hundredths of a millimetre: whole numbers, so that every
 * module is as large as the next. */
enum {
	PAGE_W = 21000, PAGE_H = 29700, MARGIN = 1500, TOP = 1200,
	GRID_TOP = 8600, GRID_W = PAGE_W - 2 * MARGIN, LABEL = 500
};

/* As few columns as hold them all, so that few symbols are large ones. The
 * least: 5800 a symbol with its quiet zone, 54 mm of modules at version 25. */
static const struct grid {
	size_t columns, rows;
	int side, pitch;	/* of a symbol with its quiet zone; of rows */
} grids[] = {
	{ 1, 1, 12000, 13000 }, { 2, 2, 8400, 9400 }, { 3, 3, 5800, 6600 },
};

static const struct grid *
grid_of(const struct sheet *s)
{
	return s->n == 1 ? &grids[0] : s->n <= 4 ? &grids[1] : &grids[2];
}

size_t
sheet_pages(const struct sheet *s)
{
	size_t each = grid_of(s)->columns * grid_of(s)->rows;

	return (s->n + each - 1) / each;
}

static void put(FILE *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Of the file's markup, nothing that is read by people. */
static void
put(FILE *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vfprintf(f, fmt, ap);
	va_end(ap);
}

static void
put_escaped(FILE *f, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		switch (text[i]) {
		case '&': put(f, "&amp;"); break;
		case '<': put(f, "&lt;"); break;
		case '>': put(f, "&gt;"); break;
		default: put(f, "%c", text[i]);
		}
}

/* The bytes of the first line of text: up to a space before the columns end,
 * or all of a word that is longer. */
static size_t
line_length(const char *text, int columns)
{
	size_t space = 0;
	int n = 0;

	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] == ' ')
			space = i;
		if (((unsigned char)text[i] & 0xc0) != 0x80 &&
		    n++ == columns)
			return space > 0 ? space : i;
	}
	for (n = 0; text[n] != '\0'; n++)
		;
	return (size_t)n;
}

struct pen {
	FILE *f;
	int y;		/* the next line's base */
};

/* Lines of this size, wrapped; a letter is about half as wide as high. */
static void
put_text(struct pen *p, int size, bool bold, const char *text)
{
	int columns = GRID_W * 100 / (size * 54);

	while (*text != '\0') {
		size_t n = line_length(text, columns);

		p->y += size + size * 3 / 10;
		put(p->f, "<text x=\"%d\" y=\"%d\" font-size=\"%d\"%s>",
		    MARGIN, p->y, size, bold ? " font-weight=\"bold\"" : "");
		put_escaped(p->f, text, n);
		put(p->f, "</text>\n");
		for (text += n; *text == ' '; text++)
			;
	}
}

/* "2026-11-30 08:00 UTC" */
static void
moment(int64_t t, char out[WHEN_TEXT])
{
	char iso[WHEN_TEXT];

	when_format(t, iso);
	(void)snprintf(out, WHEN_TEXT, "%.10s %.5s UTC", iso, iso + 11);
}

/* At most 7000 high, with every name at its longest: the grid is below. */
static void
put_head(struct pen *p, const struct sheet *s)
{
	char from[WHEN_TEXT], until[WHEN_TEXT], line[512];

	put_text(p, 700, true, _("Consular cards: revocation data"));
	p->y += 100;
	for (size_t i = 0; i < s->offices_n && i < SHEET_NAMED; i++) {
		(void)snprintf(line, sizeof(line), "%s · %s · %.*s", s->state,
		    s->office[i].code, (int)s->office[i].name.len,
		    (const char *)s->office[i].name.p);
		put_text(p, 380, true, line);
	}
	if (s->offices_n > SHEET_NAMED) {
		(void)snprintf(line, sizeof(line), _("and %zu offices more"),
		    s->offices_n - SHEET_NAMED);
		put_text(p, 380, true, line);
	}
	if (s->offices_n == 0)
		put_text(p, 380, true, s->state);
	moment(s->as_of, from);
	moment(s->until, until);
	(void)snprintf(line, sizeof(line),
	    _("As of %s. Good until %s: then look for a newer sheet."), from,
	    until);
	put_text(p, 380, false, line);
	p->y += 100;
	put_text(p, 380, false, s->n == 1 ?
	    _("Photograph the symbol and give the picture to: cedula-verifier trust add PICTURE") :
	    _("Photograph every symbol of all sheets, in any order, and give the pictures to: cedula-verifier trust add PICTURE..."));
}

/* One path: a rectangle for each run of dark modules. */
static void
put_symbol(FILE *f, const struct symbol *q, int x, int y, int side)
{
	int n = q->n, m = side / (n + 2 * SYMBOL_QUIET);
	int left = x + (side - n * m) / 2, top = y + (side - n * m) / 2;

	put(f, "<path fill=\"#000\" shape-rendering=\"crispEdges\" d=\"");
	for (int r = 0; r < n; r++)
		for (int c = 0, run; c < n; c += run) {
			const uint8_t *at = q->module + r * n + c;

			for (run = 1; c + run < n && at[run] == at[0]; run++)
				;
			if (at[0] != 0)
				put(f, "M%d,%dh%dv%dh-%dz", left + c * m,
				    top + r * m, run * m, m, run * m);
		}
	put(f, "\"/>\n");
}

static void
put_grid(FILE *f, const struct sheet *s, size_t page)
{
	const struct grid *g = grid_of(s);
	size_t each = g->columns * g->rows, first = (page - 1) * each;
	int cell = GRID_W / (int)g->columns;

	for (size_t k = 0; k < each && first + k < s->n; k++) {
		int x = MARGIN + (int)(k % g->columns) * cell;
		int y = GRID_TOP + (int)(k / g->columns) * g->pitch;

		put_symbol(f, &s->symbol[first + k], x + (cell - g->side) / 2,
		    y, g->side);
		put(f, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" text-anchor=\"middle\">%zu/%zu</text>\n",
		    x + cell / 2, y + g->side + LABEL * 8 / 10, LABEL,
		    first + k + 1, s->n);
	}
}

enum status
sheet_svg(const struct sheet *s, size_t page, char **out, size_t *len)
{
	struct pen p = { NULL, TOP };
	char foot[128];
	bool bad;

	*out = NULL;
	*len = 0;
	if ((p.f = open_memstream(out, len)) == NULL)
		return ST_INTERNAL;
	put(p.f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\""
	    " height=\"297mm\" viewBox=\"0 0 %d %d\""
	    " font-family=\"sans-serif\">\n"
	    "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", PAGE_W,
	    PAGE_H, PAGE_W, PAGE_H);
	put_head(&p, s);
	put_grid(p.f, s, page);
	(void)snprintf(foot, sizeof(foot), _("Series %s, sheet %zu of %zu"),
	    s->tag, page, sheet_pages(s));
	p.y = PAGE_H - 1200;
	put_text(&p, 300, false, foot);
	put(p.f, "</svg>\n");
	bad = ferror(p.f) != 0;
	if (fclose(p.f) != 0 || bad) {
		free(*out);
		*out = NULL;
		*len = 0;
		return ST_INTERNAL;
	}
	return ST_OK;
}
