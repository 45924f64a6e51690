#include "common/when.h"

#include <string.h>

enum { YEAR_MIN = 1600, YEAR_MAX = 9999 };

static bool
leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int
month_days(int y, int m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };

	return m == 2 && leap(y) ? 29 : days[m - 1];
}

bool
date_valid(struct date d)
{
	return d.year >= YEAR_MIN && d.year <= YEAR_MAX && d.month >= 1 &&
	    d.month <= 12 && d.day >= 1 && d.day <= month_days(d.year, d.month);
}

/* The Gregorian calendar repeats every 400 years = 146097 days; counting from
 * 1 March puts the leap day last, so that month lengths follow one formula. */
int64_t
date_to_days(struct date d)
{
	int64_t y = d.month <= 2 ? d.year - 1 : d.year;
	int64_t era = y / 400, yoe = y - era * 400;
	int64_t m = d.month > 2 ? d.month - 3 : d.month + 9;
	int64_t doy = (153 * m + 2) / 5 + d.day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct date
date_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t m = (5 * doy + 2) / 153;
	struct date d;

	d.day = (int)(doy - (153 * m + 2) / 5 + 1);
	d.month = (int)(m < 10 ? m + 3 : m - 9);
	d.year = (int)(yoe + era * 400 + (d.month <= 2));
	return d;
}

int
date_compare(struct date a, struct date b)
{
	int64_t x = date_to_days(a), y = date_to_days(b);

	return (x > y) - (x < y);
}

/* Exactly n digits at *p, which moves on; -1 otherwise. */
static int
digits(const uint8_t **p, const uint8_t *end, int n)
{
	int v = 0;

	if (end - *p < n)
		return -1;
	for (int i = 0; i < n; i++) {
		uint8_t c = (*p)[i];

		if (c < '0' || c > '9')
			return -1;
		v = v * 10 + (c - '0');
	}
	*p += n;
	return v;
}

static bool
take(const uint8_t **p, const uint8_t *end, char c)
{
	if (*p == end || **p != (uint8_t)c)
		return false;
	++*p;
	return true;
}

static bool
take_date(const uint8_t **p, const uint8_t *end, struct date *d)
{
	bool dashes;

	d->year = digits(p, end, 4);
	dashes = take(p, end, '-');
	d->month = digits(p, end, 2);
	if (take(p, end, '-') != dashes)
		return false;
	d->day = digits(p, end, 2);
	return date_valid(*d);
}

bool
date_parse(struct bytes text, struct date *out)
{
	const uint8_t *p = text.p, *end = text.p + text.len;
	struct date d;

	if (text.len == 0 || !take_date(&p, end, &d) || p != end)
		return false;
	*out = d;
	return true;
}

static void
put_digits(char *out, int v, int n)
{
	while (n-- > 0) {
		out[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

void
date_format(struct date d, char out[DATE_TEXT])
{
	put_digits(out, d.year, 4);
	out[4] = '-';
	put_digits(out + 5, d.month, 2);
	out[7] = '-';
	put_digits(out + 8, d.day, 2);
	out[10] = '\0';
}

int
date_age(struct date birth, struct date today)
{
	int years = today.year - birth.year;

	if (today.month < birth.month ||
	    (today.month == birth.month && today.day < birth.day))
		years--;
	return years < 0 ? 0 : years;
}

struct date
date_add_years(struct date d, int years)
{
	d.year += years;
	if (d.month == 2 && d.day == 29 && !leap(d.year))
		d.day = 28;
	return d;
}

/* "Z", "+hh:mm", "-hhmm": the offset east of UTC in seconds. */
static bool
take_offset(const uint8_t **p, const uint8_t *end, int64_t *offset)
{
	int sign, h, m;

	*offset = 0;
	if (take(p, end, 'Z') || take(p, end, 'z'))
		return true;
	if (take(p, end, '+'))
		sign = 1;
	else if (take(p, end, '-'))
		sign = -1;
	else
		return false;
	h = digits(p, end, 2);
	(void)take(p, end, ':');
	m = digits(p, end, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return false;
	*offset = sign * (h * 3600 + m * 60);
	return true;
}

bool
when_parse(struct bytes text, int64_t *out)
{
	const uint8_t *p = text.p, *end = text.p + text.len;
	struct date d;
	int h, m, s;
	int64_t offset;

	if (text.len == 0 || !take_date(&p, end, &d))
		return false;
	if (p == end) {
		*out = when_from_date(d);
		return true;
	}
	if (!take(&p, end, 'T') && !take(&p, end, 't') && !take(&p, end, ' '))
		return false;
	h = digits(&p, end, 2);
	if (h < 0 || h > 23 || !take(&p, end, ':'))
		return false;
	m = digits(&p, end, 2);
	if (m < 0 || m > 59 || !take(&p, end, ':'))
		return false;
	s = digits(&p, end, 2);
	if (s < 0 || s > 60)		/* 60: a leap second, read as the next */
		return false;
	if (take(&p, end, '.')) {
		if (digits(&p, end, 1) < 0)
			return false;
		while (digits(&p, end, 1) >= 0)
			;
	}
	if (!take_offset(&p, end, &offset) || p != end)
		return false;
	*out = when_from_date(d) + h * 3600 + m * 60 + s - offset;
	return true;
}

struct date
when_date(int64_t t)
{
	int64_t days = t / WHEN_DAY - (t % WHEN_DAY < 0);

	return date_from_days(days);
}

int64_t
when_from_date(struct date d)
{
	return date_to_days(d) * WHEN_DAY;
}

void
when_format(int64_t t, char out[WHEN_TEXT])
{
	/* A hostile token may claim any 64-bit instant: clamp, never overrun. */
	const int64_t lo = when_from_date((struct date){ YEAR_MIN, 1, 1 });
	const int64_t hi = when_from_date((struct date){ YEAR_MAX, 12, 31 });
	int64_t s;

	t = t < lo ? lo : t > hi ? hi : t;
	s = t % WHEN_DAY;
	if (s < 0)
		s += WHEN_DAY;
	date_format(when_date(t), out);
	out[10] = 'T';
	put_digits(out + 11, (int)(s / 3600), 2);
	out[13] = ':';
	put_digits(out + 14, (int)(s / 60 % 60), 2);
	out[16] = ':';
	put_digits(out + 17, (int)(s % 60), 2);
	out[19] = 'Z';
	out[20] = '\0';
}
