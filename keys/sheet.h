/*
 * Sheet: an A4 page that hangs on a wall: what it is, whose data it carries
 * and until when, how to use it, and the symbols in a grid. SVG, as text.
 */
#ifndef CEDULA_KEYS_SHEET_H
#define CEDULA_KEYS_SHEET_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/series.h"
#include "common/status.h"
#include "keys/symbol.h"

enum {
	SHEET_OFFICES = 256,	/* more than 32 symbols hold lists */
	SHEET_NAMED = 3		/* the others are counted */
};

/* What the sheets of one series say. The names are borrowed, and printable. */
struct sheet {
	char state[4];
	size_t offices_n;
	struct {
		char code[4];
		struct bytes name;
	} office[SHEET_OFFICES];
	int64_t as_of, until;	/* the oldest data's date, the first deadline */
	char tag[2 * SERIES_TAG_LEN + 1];
	size_t n;		/* symbols */
	struct symbol symbol[SERIES_PARTS_MAX];
};

/* How many pages it takes. */
size_t		sheet_pages(const struct sheet *s);
/* Page 1 to sheet_pages: a heap block that the caller frees. */
enum status	sheet_svg(const struct sheet *s, size_t page, char **out,
		    size_t *len) MUST_CHECK;

#endif
