/*
 * Card: a face drawn on the two sides of an ID-1 card (85.6 × 53.98 mm).
 *
 * Front: photo, text and, at the foot, the three MRZ lines. Back: the symbol,
 * and beside it office, family, where to verify, return address. Text that
 * would not fit is set smaller, then on two lines, and then refused: nothing
 * is ever cut off or drawn over something else. The same face gives the same
 * bytes (with the same fonts and libraries).
 *
 * Fonts: Noto Sans (fonts-noto-core), OCR B (fonts-ocr-b).
 */
#ifndef CEDULA_ISSUER_PRINT_CARD_H
#define CEDULA_ISSUER_PRINT_CARD_H

#include <cairo.h>

#include "common/host/diag.h"
#include "common/status.h"
#include "issuer/print/face.h"

#define CARD_W 85.6		/* mm */
#define CARD_H 53.98
#define CARD_QR_MAX 48.0	/* mm, with the quiet zone */
#define CARD_QR_VERSION_MAX 29	/* DESIGN.md §4: the knee */
#define CARD_QR_QUIET 4		/* modules */

enum card_side { CARD_FRONT = 1, CARD_BACK = 2, CARD_BOTH = 3 };
enum card_format { CARD_PDF, CARD_PNG };

/* A symbol: n × n modules, 1 is dark. Owned: free with card_qr_free. */
struct card_qr {
	int version, n;
	int dots;		/* a module, in dots at 300 dpi: 4 to 8 */
	uint8_t *module;
};

/* ECC M, alphanumeric. ST_DATA: a character outside the Base45 alphabet;
 * ST_TOO_BIG: over version 29. */
enum status	card_qr_make(const char *text, struct card_qr *out,
		    struct diag *d) MUST_CHECK;
void		card_qr_free(struct card_qr *q);
/* Side with the quiet zone, mm. */
double		card_qr_side(const struct card_qr *q);

/* Draws one side with its upper left corner at the origin, one unit a mm: for
 * a sheet, translate first. ST_DATA: text that is not printable; ST_TOO_BIG:
 * text or symbol that has no room; ST_CONFIG: a font is missing. */
enum status	card_draw_front(cairo_t *c, const struct card_face *f,
		    struct diag *d) MUST_CHECK;
enum status	card_draw_back(cairo_t *c, const struct card_face *f,
		    struct diag *d) MUST_CHECK;
/* One document in memory, which the caller frees. PDF: vectors, one page a
 * side (dpi is not used). PNG: one side at 300 or 600 dpi, the symbol in whole
 * dots. *out is NULL on failure. */
enum status	card_render(const struct card_face *f, enum card_side side,
		    enum card_format format, int dpi, uint8_t **out,
		    size_t *len, struct diag *d) MUST_CHECK;

#endif
