#include "verifier/input.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/host/file.h"
#include "common/host/program.h"

static enum status
scan(struct input *in, struct diag *d)
{
	char program[PATH_MAX];
	enum status st;

	if (!program_beside("cedula-scan", program))
		return diag_set(d, ST_CONFIG,
		    _("cedula-scan was not found beside this program"));
	in->picture = true;
	st = scanner_read(program, bytes_from(in->raw, in->raw_len),
	    &in->scanned, d);
	if (st != ST_OK)
		return st;
	in->n = in->scanned.n;
	memcpy(in->text, in->scanned.text, in->n * sizeof(in->text[0]));
	return ST_OK;
}

enum status
input_read(const char *path, struct input *out, struct diag *d)
{
	struct bytes text;
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = file_read(path, SCAN_FILE_MAX, &out->raw, &out->raw_len,
	    d)) != ST_OK)
		return st;
	text = bytes_from(out->raw, out->raw_len);
	if (scanner_is_picture(text)) {
		if ((st = scan(out, d)) != ST_OK)
			input_free(out);
		return st;
	}
	if (text.len > 5 && memcmp(text.p, "%PDF-", 5) == 0) {
		input_free(out);
		return diag_set(d, ST_DATA,
		    _("%s: a PDF is not read; make a picture of it (pdftoppm -r 200 -png) or give the printed one as PNG or JPEG"),
		    path);
	}
	while (text.len > 0 && (text.p[text.len - 1] == '\n' ||
	    text.p[text.len - 1] == '\r'))
		text.len--;
	if (text.len > 0)
		out->text[out->n++] = text;
	return ST_OK;
}

void
input_free(struct input *in)
{
	if (in->raw != NULL)
		crypto_wipe(in->raw, in->raw_len);
	free(in->raw);
	scan_texts_free(&in->scanned);
	memset(in, 0, sizeof(*in));
}
