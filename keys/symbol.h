/*
 * Symbol: a text in the QR alphanumeric set as a QR code of error correction
 * M, and that as a picture. The one place that knows libqrencode.
 */
#ifndef CEDULA_KEYS_SYMBOL_H
#define CEDULA_KEYS_SYMBOL_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"

#define SYMBOL_QUIET 4		/* modules of white around it */

/* n × n modules, row by row, 1 is dark. Owned: free with symbol_free. */
struct symbol {
	int version, n;
	uint8_t *module;
};

/* The smallest version that holds text. ST_DATA: a character outside the set,
 * or no text; ST_TOO_BIG: over version_max. */
enum status	symbol_make(const char *text, int version_max,
		    struct symbol *out) MUST_CHECK;
/* An empty one is fine. */
void		symbol_free(struct symbol *s);
/* A PNG with the quiet zone, dots pixels a module: a heap block that the caller
 * frees. */
enum status	symbol_png(const struct symbol *s, int dots, uint8_t **out,
		    size_t *len) MUST_CHECK;

#endif
