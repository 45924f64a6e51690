/*
 * Symbols: the texts of the QR codes in a picture.
 *
 * Only printable ASCII is told (a credential is Base45); anything else that a
 * symbol may hold stays here. A short ladder of passes for a good plain
 * picture: as it is, halved or doubled, and inverted.
 */
#ifndef CEDULA_VERIFIER_SCAN_SYMBOLS_H
#define CEDULA_VERIFIER_SCAN_SYMBOLS_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"
#include "verifier/scan/limits.h"
#include "verifier/scan/picture.h"

struct symbols {
	size_t n;
	struct bytes text[SCAN_TEXTS_MAX];	/* into store, no NUL */
	struct buf room;
	uint8_t store[SCAN_TEXTS_MAX * SCAN_TEXT_MAX];
};

struct symbols_finder;

/* Loads what zbar will want of the system; before the sandbox. NULL when that
 * fails. The caller ends it with symbols_finder_free. */
struct symbols_finder *symbols_finder_new(void);
void		symbols_finder_free(struct symbols_finder *f);
/* Fills out with the symbols of the first pass that finds one; out->n is 0
 * when none does. Each text once, at most SCAN_TEXTS_MAX. */
enum status	symbols_find(struct symbols_finder *f,
		    const struct picture *p, struct symbols *out,
		    struct diag *d) MUST_CHECK;

#endif
