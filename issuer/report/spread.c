#include "issuer/report/spread.h"

void
spread_add(struct spread *s, int64_t days)
{
	s->of[days < 0 ? 0 : days > SPREAD_DAYS ? SPREAD_DAYS : days]++;
	s->n++;
}

int64_t
spread_at(const struct spread *s, int percent)
{
	int64_t rank = (s->n * percent + 99) / 100, seen = 0;

	for (int64_t day = 0; day <= SPREAD_DAYS; day++) {
		seen += s->of[day];
		if (seen >= rank)
			return s->n == 0 ? 0 : day;
	}
	return SPREAD_DAYS;
}
