/*
 * Input: what the operator gave to check: a picture, a file of text, or
 * standard input, as candidate QR texts.
 */
#ifndef CEDULA_VERIFIER_INPUT_H
#define CEDULA_VERIFIER_INPUT_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"
#include "verifier/scanner.h"

struct input {
	uint8_t *raw;			/* heap, erased when freed */
	size_t raw_len;
	struct scan_texts scanned;	/* of a picture */
	bool picture;
	size_t n;			/* candidates */
	struct bytes text[SCAN_TEXTS_MAX];
};

/* path "-" is standard input. A picture without a code gives n = 0. */
enum status	input_read(const char *path, struct input *out,
		    struct diag *d) MUST_CHECK;
void		input_free(struct input *in);

#endif
