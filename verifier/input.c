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

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct bytes
input_tidy(struct bytes text, struct buf *room)
{
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0) {
		text.p += 3;
		text.len -= 3;
	}
	for (; text.len > 0 && is_blank(text.p[0]); text.len--)
		text.p++;
	while (text.len > 0 && is_blank(text.p[text.len - 1]))
		text.len--;
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != '\r' && text.p[i] != '\n')
			buf_put_u8(room, text.p[i]);
	return room->bad ? text : buf_bytes(room);
}

bool
input_could_be_token(struct bytes text)
{
	static const char set[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

	if (text.len < 16)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (memchr(set, text.p[i], sizeof(set) - 1) == NULL)
			return false;
	return true;
}
