#include "issuer/cmd/period.h"

static enum status
day_of(const char *text, const char *option, int64_t *out, struct diag *d)
{
	struct date day;

	if (!date_parse(bytes_text(text), &day))
		return diag_set(d, ST_USAGE,
		    _("--%s: not a date of the calendar; give YYYY-MM-DD"),
		    option);
	*out = when_from_date(day);
	return ST_OK;
}

enum status
period_parse(const char *from, const char *to, int64_t *begins, int64_t *ends,
    struct diag *d)
{
	enum status st;

	*begins = INT64_MIN;
	*ends = INT64_MAX;
	if (from != NULL && (st = day_of(from, "from", begins, d)) != ST_OK)
		return st;
	if (to != NULL) {
		if ((st = day_of(to, "to", ends, d)) != ST_OK)
			return st;
		*ends += WHEN_DAY;
	}
	if (*ends <= *begins)
		return diag_set(d, ST_USAGE,
		    _("--to: before --from; give the earlier day first"));
	return ST_OK;
}
