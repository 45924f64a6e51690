#include "issuer/register/entry.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"

static struct bytes
trim(const char *value)
{
	return line_trim(bytes_text(value == NULL ? "" : value));
}

enum status
entry_text(const char *option, const char *value, size_t max, bool needed,
    char out[REG_TEXT], struct diag *d)
{
	struct bytes b = trim(value);
	enum status st = line_check_bytes(option, b, max, needed, d);

	if (st == ST_OK && !bytes_to_text(b, out, REG_TEXT))
		st = ST_INTERNAL;
	return st;
}

enum status
entry_date(const char *option, const char *value, char out[DATE_TEXT],
    struct diag *d)
{
	struct bytes b = trim(value);
	struct date date;

	if (b.len == 0)
		out[0] = '\0';
	else if (date_parse(b, &date))
		date_format(date, out);
	else
		return diag_set(d, ST_DATA,
		    _("--%s: not a date of the calendar; give YYYY-MM-DD"),
		    option);
	return ST_OK;
}

enum status
entry_token(const char *option, const char *value, const char *const *tokens,
    size_t n, struct diag *d)
{
	char all[256];
	size_t used = 0;

	all[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		int m = snprintf(all + used, sizeof(all) - used, "%s%s",
		    i == 0 ? "" : ", ", tokens[i]);

		if (strcmp(tokens[i], value) == 0)
			return ST_OK;
		if (m > 0 && (size_t)m < sizeof(all) - used)
			used += (size_t)m;
	}
	return diag_set(d, ST_USAGE, _("--%s: give one of %s"), option, all);
}

void
entry_fold(const char *text, char out[REG_FOLDED])
{
	if (!text_mrz_fold(bytes_text(text), out, REG_FOLDED))
		out[0] = '\0';
}

void
entry_today(const struct reg *r, char out[DATE_TEXT])
{
	date_format(when_date(r->now), out);
}

/* Not date_add_years: who is born on 29 February completes a common year on
 * 1 March, so that 28 February must stay before the 29th. */
void
entry_years_ago(const struct reg *r, int years, char out[DATE_TEXT])
{
	struct date d = when_date(r->now);
	char year[12];

	date_format(d, out);
	(void)snprintf(year, sizeof(year), "%04d", d.year - years);
	memcpy(out, year, 4);
}
