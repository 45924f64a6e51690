#include <stdlib.h>
#include <string.h>

#include "issuer/print/card.h"
#include "keys/symbol.h"

/* 300 dpi is what card printers have: a module is a whole number of its dots,
 * or its edges blur. */
#define DOT (25.4 / 300)

enum { DOTS_MIN = 4, DOTS_MAX = 8 };

static int
dots_for(int n)
{
	int dots = DOTS_MAX;

	while (dots > 0 && (n + 2 * CARD_QR_QUIET) * dots * DOT > CARD_QR_MAX)
		dots--;
	return dots;
}

enum status
card_qr_make(const char *text, struct card_qr *out, struct diag *d)
{
	struct symbol s;
	enum status st = symbol_make(text, CARD_QR_VERSION_MAX, &s);

	memset(out, 0, sizeof(*out));
	if (st == ST_OK && dots_for(s.n) < DOTS_MIN)
		st = ST_TOO_BIG;
	if (st == ST_DATA)
		return diag_set(d, st,
		    _("the credential is not Base45 text and cannot be printed as a code"));
	if (st == ST_TOO_BIG)
		st = diag_set(d, st,
		    _("the credential of %zu characters needs a larger code than the card can hold (version %d); use a smaller photo or shorter names"),
		    strlen(text), CARD_QR_VERSION_MAX);
	if (st == ST_OK) {
		*out = (struct card_qr){ .version = s.version, .n = s.n,
		    .dots = dots_for(s.n), .module = s.module };
		s.module = NULL;
	}
	symbol_free(&s);
	return st;
}

void
card_qr_free(struct card_qr *q)
{
	if (q == NULL)
		return;
	free(q->module);
	memset(q, 0, sizeof(*q));
}

double
card_qr_side(const struct card_qr *q)
{
	return (q->n + 2 * CARD_QR_QUIET) * q->dots * DOT;
}
