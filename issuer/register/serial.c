#include "issuer/register/serial.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum status
parse(struct bytes text, struct serial_range *out, struct diag *d)
{
	const char *p = (const char *)text.p;
	size_t digits = 0, prefix;
	bool fine = text.len > 0 && text.len < SERIAL_TEXT;

	for (size_t i = 0; i < text.len && fine; i++)
		fine = is_digit(p[i]) || (p[i] >= 'A' && p[i] <= 'Z');
	while (fine && digits < text.len && digits < SERIAL_WIDTH &&
	    is_digit(p[text.len - 1 - digits]))
		digits++;
	prefix = text.len - digits;
	if (!fine || digits == 0 || prefix > SERIAL_PREFIX)
		return diag_set(d, ST_DATA,
		    _("'%.*s': not a serial; give it as it is printed on the blank, capitals and digits that end in a number, as A000001"),
		    (int)(text.len < 80 ? text.len : 80), p);
	memset(out, 0, sizeof(*out));
	memcpy(out->prefix, p, prefix);
	out->width = (int)digits;
	for (size_t i = prefix; i < text.len; i++)
		out->first = out->first * 10 + (p[i] - '0');
	out->last = out->first;
	return ST_OK;
}

enum status
serial_parse(const char *text, struct serial_range *out, struct diag *d)
{
	return parse(bytes_text(text), out, d);
}

static enum status
between(struct bytes first, struct bytes last, struct serial_range *out,
    struct diag *d)
{
	struct serial_range a, b;
	char from[SERIAL_TEXT], to[SERIAL_TEXT];
	enum status st;

	if ((st = parse(first, &a, d)) != ST_OK ||
	    (st = parse(last, &b, d)) != ST_OK)
		return st;
	serial_format(&a, a.first, from);
	serial_format(&b, b.first, to);
	if (!serial_same_series(&a, &b))
		return diag_set(d, ST_DATA,
		    _("%s and %s are not of one series; give the same letters and as many digits"),
		    from, to);
	a.last = b.first;
	if (a.last < a.first)
		return diag_set(d, ST_DATA,
		    _("%s comes before %s; give the first serial first"), to,
		    from);
	if (serial_count(&a) > SERIAL_RANGE_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("from %s to %s are %" PRId64 " blanks; %" PRId64 " at a time are the most"),
		    from, to, serial_count(&a), SERIAL_RANGE_MAX);
	*out = a;
	return ST_OK;
}

enum status
serial_between(const char *first, const char *last, struct serial_range *out,
    struct diag *d)
{
	return between(bytes_text(first), bytes_text(last), out, d);
}

enum status
serial_range_parse(const char *text, struct serial_range *out, struct diag *d)
{
	const char *dash = strchr(text, '-');

	if (dash == NULL)
		return serial_parse(text, out, d);
	return between(bytes_from(text, (size_t)(dash - text)),
	    bytes_text(dash + 1), out, d);
}

void
serial_format(const struct serial_range *r, int64_t n, char out[SERIAL_TEXT])
{
	if (snprintf(out, SERIAL_TEXT, "%s%0*" PRId64, r->prefix, r->width,
	    n) >= SERIAL_TEXT)
		out[0] = '\0';
}

void
serial_range_format(const struct serial_range *r, char out[SERIAL_RANGE_TEXT])
{
	char last[SERIAL_TEXT];
	size_t len;

	serial_format(r, r->first, out);
	if (r->last == r->first)
		return;
	serial_format(r, r->last, last);
	len = strlen(out);
	(void)snprintf(out + len, SERIAL_RANGE_TEXT - len, "-%s", last);
}

int64_t
serial_count(const struct serial_range *r)
{
	return r->last - r->first + 1;
}

bool
serial_same_series(const struct serial_range *a, const struct serial_range *b)
{
	return a->width == b->width && strcmp(a->prefix, b->prefix) == 0;
}

bool
serial_overlap(const struct serial_range *a, const struct serial_range *b,
    int64_t *first)
{
	*first = a->first > b->first ? a->first : b->first;
	return serial_same_series(a, b) && a->first <= b->last &&
	    b->first <= a->last;
}
