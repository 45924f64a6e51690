#include "verifier/moment.h"

#include "common/host/program.h"
#include "common/when.h"

enum status
moment_take(const char *text, int64_t *out, struct diag *d)
{
	*out = program_now();
	if (text == NULL || when_parse(bytes_text(text), out))
		return ST_OK;
	return diag_set(d, ST_USAGE,
	    _("--now: an instant as 2026-11-23T18:00:00Z, not %s"), text);
}
