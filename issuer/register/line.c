#include "issuer/register/line.h"

#include "common/text.h"

enum status
plain_line(const char *option, const char *s, size_t max, struct diag *d)
{
	struct bytes b = bytes_text(s);

	if (b.len == 0 || !text_is_printable(b) || text_length(b) > max)
		return diag_set(d, ST_DATA,
		    _("--%s: give one line of plain text, up to %zu characters"),
		    option, max);
	return ST_OK;
}
