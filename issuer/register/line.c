#include "issuer/register/line.h"

#include "common/text.h"

struct bytes
line_trim(struct bytes s)
{
	while (s.len > 0 && s.p[0] == ' ') {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && s.p[s.len - 1] == ' ')
		s.len--;
	return s;
}

enum status
line_check_bytes(const char *option, struct bytes s, size_t max, bool needed,
    struct diag *d)
{
	if (needed && line_trim(s).len == 0)
		return diag_set(d, ST_DATA, _("--%s: give a text"), option);
	if (!text_is_printable(s))
		return diag_set(d, ST_DATA,
		    _("--%s: not plain text (control characters or broken UTF-8); type it again"),
		    option);
	if (text_length(s) > max)
		return diag_set(d, ST_DATA,
		    _("--%s: longer than %zu characters; shorten it"), option,
		    max);
	if (s.len >= REG_TEXT)
		return diag_set(d, ST_DATA,
		    _("--%s: longer than %d bytes; shorten it"), option,
		    REG_TEXT - 1);
	return ST_OK;
}

enum status
line_check(const char *option, const char *s, size_t max, bool needed,
    struct diag *d)
{
	return line_check_bytes(option, bytes_text(s), max, needed, d);
}

enum status
reason_check(const char *reason, struct diag *d)
{
	return line_check("reason", reason, LINE_LONGEST, true, d);
}
