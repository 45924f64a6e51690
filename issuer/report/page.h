/*
 * Page: what reports are drawn with: text, fills and lines on A4 pages, from
 * the top down. Everything is in whole hundredths of a millimetre. For
 * issuer/report only.
 */
#ifndef CEDULA_ISSUER_REPORT_PAGE_H
#define CEDULA_ISSUER_REPORT_PAGE_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "issuer/report/report.h"

enum {
	PAGE_W = 21000, PAGE_H = 29700, PAGE_LEFT = 1600, PAGE_TOP = 1500,
	PAGE_WIDTH = PAGE_W - 2 * PAGE_LEFT, PAGE_END = PAGE_H - 2100,
	SIZE_TITLE = 640, SIZE_HEAD = 400, SIZE_TEXT = 310, SIZE_FINE = 270
};

enum text_align { TEXT_LEFT, TEXT_RIGHT, TEXT_CENTRE };

/* Told apart in grey as well. */
enum fill {
	FILL_F = TABLE_F, FILL_M = TABLE_M, FILL_X = TABLE_X,
	FILL_UNKNOWN = TABLE_SEX_UNKNOWN, FILL_WITHHELD, FILL_BAND, FILL_PALE,
	FILLS
};

struct page {
	cairo_t *c;
	PangoLayout *layout;
	uint32_t colour;	/* the office's, readable on white */
	int y;			/* where the next thing goes */
	int n, total;		/* this page; all of them, 0: not yet known */
	const struct report *p;
};

/* One line in a box that it does not leave: what is too long ends in "…". y is
 * its upper edge. */
void		page_text(struct page *g, int x, int y, int w, int size,
		    bool bold, enum text_align align, const char *text);
/* As many lines as it takes, at g->y, which moves below them. */
void		page_lines(struct page *g, int size, bool bold,
		    const char *text);
/* The width that a line takes. */
int		page_width(struct page *g, int size, const char *text);
void		page_fill(struct page *g, int x, int y, int w, int h,
		    enum fill fill);
/* A hair line, grey. */
void		page_rule(struct page *g, int x1, int y1, int x2, int y2);
/* Goes to a new page when less than h is left on this one. */
void		page_room(struct page *g, int h);
/* "41 336": out has room for every number. */
enum { PAGE_NUMBER = 48 };
void		page_number(int64_t n, char out[PAGE_NUMBER]);
/* The frame of the page that begins. */
void		page_begin(struct page *g);

#endif
