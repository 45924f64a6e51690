#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <qrencode.h>

#include "issuer/print/card.h"

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
	QRinput *in = QRinput_new2(0, QR_ECLEVEL_M);
	QRcode *code = NULL;
	size_t len = strlen(text);
	enum status st = ST_INTERNAL;

	memset(out, 0, sizeof(*out));
	if (in == NULL)
		goto out;
	/* One segment: cutting digits out into their own saves little and
	 * makes the version depend on chance. */
	if (len == 0 || len > 10000 || QRinput_append(in, QR_MODE_AN, (int)len,
	    (const unsigned char *)text) != 0) {
		st = diag_set(d, ST_DATA,
		    _("the credential is not Base45 text and cannot be printed as a code"));
		goto out;
	}
	errno = 0;
	code = QRcode_encodeInput(in);
	if (code == NULL && errno != ERANGE)
		goto out;
	if (code == NULL || code->version > CARD_QR_VERSION_MAX ||
	    dots_for(code->width) < DOTS_MIN) {
		st = diag_set(d, ST_TOO_BIG,
		    _("the credential of %zu characters needs a larger code than the card can hold (version %d); use a smaller photo or shorter names"),
		    len, CARD_QR_VERSION_MAX);
		goto out;
	}
	out->module = malloc((size_t)code->width * (size_t)code->width);
	if (out->module == NULL)
		goto out;
	out->version = code->version;
	out->n = code->width;
	out->dots = dots_for(code->width);
	for (int i = 0; i < out->n * out->n; i++)
		out->module[i] = code->data[i] & 1;
	st = ST_OK;
out:
	QRcode_free(code);
	QRinput_free(in);
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
