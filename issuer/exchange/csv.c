#include "issuer/exchange/csv.h"

#include <string.h>

#include "common/text.h"

/* ---- bytes, with their place -------------------------------------------- */

static bool
more(struct csv *c)
{
	size_t got = 0;

	if (c->at < c->len)
		return true;
	if (c->ended || c->failed)
		return false;
	c->at = c->len = 0;
	if ((c->why = c->fill(c->arg, c->block, sizeof(c->block), &got)) !=
	    ST_OK) {
		c->failed = true;
		return false;
	}
	c->len = got;
	c->taken += got;
	c->ended = got == 0;
	return got > 0;
}

/* The next byte, or -1; it stays. */
static int
peek(struct csv *c)
{
	return more(c) ? c->block[c->at] : -1;
}

/* Columns count characters, not bytes. */
static void
take(struct csv *c)
{
	uint8_t byte = c->block[c->at++];

	if (byte == '\n') {
		c->next_line++;
		c->next_column = 1;
	} else if ((byte & 0xc0) != 0x80)
		c->next_column++;
}

uint64_t
csv_position(const struct csv *c)
{
	return c->taken - (c->len - c->at);
}

/* ---- the header line ---------------------------------------------------- */

static char
tell_delimiter(const uint8_t *p, size_t len)
{
	static const char known[] = ",;\t";
	size_t count[3] = { 0, 0, 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < len && (quoted || p[i] != '\n'); i++) {
		const char *k = memchr(known, p[i], 3);

		if (p[i] == '"')
			quoted = !quoted;
		else if (k != NULL && !quoted)
			count[k - known]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return known[best];
}

enum status
csv_begin(struct csv *c, char delimiter, enum status (*fill)(void *arg,
    uint8_t *room, size_t cap, size_t *got), void *arg, struct diag *d)
{
	const uint8_t *p = c->block;

	memset(c, 0, sizeof(*c));
	c->fill = fill;
	c->arg = arg;
	c->next_line = c->next_column = 1;
	/* A pipe gives its first line in pieces. */
	while (c->len < sizeof(c->block) && !c->ended &&
	    memchr(p, '\n', c->len) == NULL) {
		size_t got = 0;

		if ((c->why = fill(arg, c->block + c->len,
		    sizeof(c->block) - c->len, &got)) != ST_OK)
			return c->why;
		c->len += got;
		c->taken += got;
		c->ended = got == 0;
	}
	if (c->len >= 2 && ((p[0] == 0xff && p[1] == 0xfe) ||
	    (p[0] == 0xfe && p[1] == 0xff)))
		return diag_set(d, ST_DATA,
		    _("the file is UTF-16; save it as CSV UTF-8"));
	if (c->len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		c->at = 3;
	c->delimiter = delimiter != '\0' ? delimiter :
	    tell_delimiter(p + c->at, c->len - c->at);
	return ST_OK;
}

/* ---- records ------------------------------------------------------------ */

static bool
broken(struct csv *c, const char *why)
{
	if (c->error == NULL) {
		c->error = why;
		c->error_line = c->next_line;
		c->error_column = c->next_column;
		c->error_field = c->reading;
	}
	return false;
}

/* One byte into the field that begins at `from`. */
static bool
keep(struct csv *c, size_t from, int byte)
{
	if (c->used - from >= CSV_FIELD_MAX)
		return broken(c, _("the field is too long; is a quote missing at its end, or one too many before it?"));
	if (c->used >= sizeof(c->text))
		return broken(c, _("the line is too long; is a quote missing?"));
	c->text[c->used++] = (uint8_t)byte;
	return true;
}

/* At a line end, or behind the last byte: takes it. */
static bool
at_end(struct csv *c)
{
	int byte = peek(c);

	if (byte == '\r') {
		/* A CR is half a line end, or a stranger. */
		take(c);
		if (peek(c) != '\n') {
			if (c->next_column > 1)
				c->next_column--;
			return broken(c, _("a carriage return stands alone; put quotes around the field, or end lines with CR LF or LF"));
		}
		byte = '\n';
	}
	if (byte == '\n')
		take(c);
	return byte == '\n' || byte < 0;
}

static bool
quoted(struct csv *c, size_t from)
{
	uint64_t line = c->next_line, column = c->next_column;

	take(c);
	for (;;) {
		int byte = peek(c);

		if (byte < 0) {
			(void)broken(c, _("the quote that begins here is not closed"));
			c->error_line = line;
			c->error_column = column;
			return false;
		}
		if (byte == '"') {
			take(c);
			if (peek(c) != '"')
				break;
		}
		if (!keep(c, from, byte)) {
			c->error_line = line;
			c->error_column = column;
			return false;
		}
		take(c);
	}
	return true;
}

static bool
bare(struct csv *c, size_t from)
{
	for (;;) {
		int byte = peek(c);

		if (byte < 0 || byte == c->delimiter || byte == '\n' ||
		    byte == '\r')
			return true;
		if (byte == '"')
			return broken(c, _("a quote within a field; put quotes around the whole field and write each one within twice"));
		if (!keep(c, from, byte))
			return false;
		take(c);
	}
}

/* *last: the record ends behind this field. */
static bool
field(struct csv *c, bool *last)
{
	uint64_t line = c->next_line, column = c->next_column;
	size_t from = c->used;
	struct bytes f;
	int byte;

	c->reading = c->n;
	if (c->n >= CSV_FIELDS_MAX)
		return broken(c, _("too many fields"));
	c->blank = peek(c) != '"';
	if (!(c->blank ? bare(c, from) : quoted(c, from)))
		return false;
	c->blank = c->blank && c->used == from;
	f = bytes_from(c->text + from, c->used - from);
	if (c->error == NULL &&
	    (!text_is_utf8(f) || memchr(f.p, '\0', f.len) != NULL)) {
		(void)broken(c, _("not UTF-8 text; save the file as CSV UTF-8"));
		c->error_line = line;
		c->error_column = column;
	}
	c->field[c->n++] = f;
	byte = peek(c);
	if ((*last = byte != c->delimiter)) {
		if (byte >= 0 && byte != '\n' && byte != '\r')
			return broken(c, _("something follows the quote's end; write a quote within a field twice"));
		return at_end(c);
	}
	take(c);
	return true;
}

/* Behind the line end that follows. */
static void
skip_line(struct csv *c)
{
	int byte;

	while ((byte = peek(c)) >= 0) {
		take(c);
		if (byte == '\n')
			break;
	}
}

/* One record, or what is left of it. */
static bool
record(struct csv *c)
{
	bool last = false, good = true;

	c->n = c->used = 0;
	c->error = NULL;
	c->line = c->next_line;
	while (good && !last)
		good = field(c, &last);
	if (!good)
		skip_line(c);
	return c->error == NULL;
}

enum csv_got
csv_next(struct csv *c)
{
	bool good = true;

	/* A line without anything is no record; "" is. */
	do {
		if (peek(c) < 0)
			return c->failed ? CSV_FAILED : CSV_END;
		good = record(c);
	} while (good && c->n == 1 && c->blank);
	if (c->failed)
		return CSV_FAILED;
	return good ? CSV_RECORD : CSV_BROKEN;
}

/* ---- written ------------------------------------------------------------ */

static bool
is_formula(uint8_t byte)
{
	return byte != '\0' && strchr("=+-@\t\r", byte) != NULL;
}

/* What the writer's ' stands before. */
static bool
is_guarded(struct bytes f)
{
	return f.len >= 2 && f.p[0] == '\'' &&
	    (f.p[1] == '\'' || is_formula(f.p[1]));
}

struct bytes
csv_plain(struct bytes f)
{
	return is_guarded(f) ? bytes_from(f.p + 1, f.len - 1) : f;
}

void
csv_put(struct buf *out, struct bytes f, char delimiter, bool first)
{
	bool quote = false;

	if (!first)
		buf_put_u8(out, (uint8_t)delimiter);
	for (size_t i = 0; i < f.len && !quote; i++)
		quote = f.p[i] == '"' || f.p[i] == '\n' || f.p[i] == '\r' ||
		    f.p[i] == '\t' || f.p[i] == (uint8_t)delimiter ||
		    f.p[i] == ',' || f.p[i] == ';';
	/* An empty field alone on its line would be no record at all, and what
	 * begins a file as a BOM does, none of its text. */
	quote = quote || (first && (f.len == 0 || f.p[0] == 0xef));
	if (quote)
		buf_put_u8(out, '"');
	if (is_guarded(f) || (f.len > 0 && is_formula(f.p[0])))
		buf_put_u8(out, '\'');
	for (size_t i = 0; i < f.len; i++) {
		if (f.p[i] == '"')
			buf_put_u8(out, '"');
		buf_put_u8(out, f.p[i]);
	}
	if (quote)
		buf_put_u8(out, '"');
}

void
csv_put_end(struct buf *out)
{
	buf_put(out, "\r\n", 2);
}
