/*
 * Type: setting text in boxes that it cannot leave, and the few inks of a
 * card. For issuer/print only, but for what says so, and the inks. Units are millimetres.
 */
#ifndef CEDULA_ISSUER_PRINT_TYPE_H
#define CEDULA_ISSUER_PRINT_TYPE_H

#include <cairo.h>
#include <pango/pango.h>

#include "common/bytes.h"
#include "common/host/diag.h"

#define INK_TEXT 0x14181du
#define INK_LABEL 0x4c5763u
#define INK_WHITE 0xffffffu
#define INK_ALERT 0xc0202cu

enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

/* How a text is set: from size down to least (the em), on lines at most, and
 * no higher than high (0: no limit). A name alone in its field is first set
 * smaller, then on more lines; steady text takes more lines first, so that a
 * column keeps one size. */
struct type {
	double size, least;
	int lines;
	double high;
	bool steady, bold, italic;
	enum align align;
	double tracking;	/* between letters, in ems */
};

struct box {
	double x, y, w;		/* y is the top of the capitals */
};

/* Sets s in the source colour. *bottom, when not NULL, gets the y under the
 * descenders of the last line. what names the text in messages. */
enum status	type_set(cairo_t *c, struct bytes s, struct box b,
		    const struct type *t, const char *what, double *bottom,
		    struct diag *d) MUST_CHECK;
/* The same without drawing: *height from the capitals' top to *bottom. */
enum status	type_measure(cairo_t *c, struct bytes s, double w,
		    const struct type *t, const char *what, double *height,
		    struct diag *d) MUST_CHECK;
/* A layout for any device: outlines as designed, no hinting to a grid, so that
 * the paper and every resolution agree. For reports too. */
void		type_settle(PangoLayout *l);
/* One MRZ line, as paths, exactly w wide, its baseline at y. */
enum status	type_mrz(cairo_t *c, const char *line, double x, double y,
		    double w, struct diag *d) MUST_CHECK;

void		ink(cairo_t *c, uint32_t rgb, double alpha);
/* a with t (0 to 1) of b in it. */
uint32_t	ink_mix(uint32_t a, uint32_t b, double t);
/* Readable on white: the colour itself, or darkened. */
uint32_t	ink_strong(uint32_t rgb);

#endif
