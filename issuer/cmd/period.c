#include "issuer/cmd/period.h"

enum status
period_not_future(const char *option, struct date day, int64_t now,
    struct diag *d)
{
	char given[DATE_TEXT], today[DATE_TEXT];

	if (date_compare(day, when_date(now)) <= 0)
		return ST_OK;
	date_format(day, given);
	date_format(when_date(now), today);
	return diag_set(d, ST_USAGE,
	    _("--%s: %s has not come yet; give today, %s (UTC), or an earlier day"),
	    option, given, today);
}

static enum status
day_of(const char *text, const char *option, int64_t now, int64_t *out,
    struct diag *d)
{
	struct date day;

	if (!date_parse(bytes_text(text), &day))
		return diag_set(d, ST_USAGE,
		    _("--%s: not a date of the calendar; give YYYY-MM-DD"),
		    option);
	*out = when_from_date(day);
	return period_not_future(option, day, now, d);
}

enum status
period_parse(const char *from, const char *to, int64_t now, int64_t *begins,
    int64_t *ends, struct diag *d)
{
	enum status st;

	*begins = INT64_MIN;
	*ends = INT64_MAX;
	if (from != NULL && (st = day_of(from, "from", now, begins,
	    d)) != ST_OK)
		return st;
	if (to != NULL) {
		if ((st = day_of(to, "to", now, ends, d)) != ST_OK)
			return st;
		*ends += WHEN_DAY;
	}
	if (*ends <= *begins)
		return diag_set(d, ST_USAGE,
		    _("--to: before --from; give the earlier day first"));
	return ST_OK;
}
