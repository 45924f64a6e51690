/*
 * When: instants and calendar dates as pure arithmetic. No clock, no time
 * zone data, no libc time functions; 64-bit throughout (2038 and 2106 are
 * ordinary). An instant is seconds since 1970-01-01T00:00:00Z without leap
 * seconds (RFC 8392 NumericDate). Years 1600 to 9999.
 */
#ifndef CEDULA_COMMON_WHEN_H
#define CEDULA_COMMON_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"

#define WHEN_DAY INT64_C(86400)
#define WHEN_TEXT 21		/* "2026-11-23T18:20:00Z" and its NUL */
#define DATE_TEXT 11		/* "2026-11-23" and its NUL */

struct date {
	int year, month, day;
};

bool		date_valid(struct date d);
/* Days since 1970-01-01; negative before. d must be valid. */
int64_t		date_to_days(struct date d);
struct date	date_from_days(int64_t days);
/* <0, 0, >0 */
int		date_compare(struct date a, struct date b);
/* Accepts YYYY-MM-DD and YYYYMMDD; false on anything else or no such day. */
bool		date_parse(struct bytes text, struct date *out);
void		date_format(struct date d, char out[DATE_TEXT]);
/* Years completed on `today` by one born on `birth`; 0 if in the future.
 * Born on 29 February: the year is completed on 1 March in common years. */
int		date_age(struct date birth, struct date today);
/* Adds whole years; 29 February becomes 28 February in common years. */
struct date	date_add_years(struct date d, int years);

/* RFC 3339: "T" or a space, fraction allowed and dropped, "Z" or ±hh:mm
 * (±hhmm also read). A bare date means its first second in UTC. */
bool		when_parse(struct bytes text, int64_t *out);
void		when_format(int64_t t, char out[WHEN_TEXT]);
struct date	when_date(int64_t t);		/* the UTC calendar date */
int64_t		when_from_date(struct date d);	/* its first second, UTC */

#endif
