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

/* A text that was pasted or mailed: a byte order mark, outer blanks and line
 * ends go. None of them can be part of a card's text, which begins with the
 * Base45 of 78 01 and, as all Base45, never ends in a blank. What is left is in
 * room; what does not fit there is only trimmed, and borrows from text. */
struct bytes	input_tidy(struct bytes text, struct buf *room);
/* A text outside Base45's alphabet is some other code: a link, a ticket. */
bool		input_could_be_token(struct bytes text);

#endif
