#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "issuer/exchange/csv.h"
#include "issuer/report/write.h"

struct sheet {
	FILE *f;
	const char *comma;	/* before the next field */
	bool bad;
};

static void
put_text(struct sheet *s, const char *text)
{
	uint8_t room[2 * REG_TEXT + 8];		/* every byte a quote */
	struct buf b = buf_over(room, sizeof(room));

	csv_put(&b, bytes_text(text), ',', s->comma[0] == '\0');
	s->bad = s->bad || b.bad || fwrite(room, 1, b.len, s->f) != b.len;
	s->comma = ",";
}

static void
put_n(struct sheet *s, bool shown, int64_t n)
{
	if (shown)
		fprintf(s->f, "%s%" PRId64, s->comma, n);
	else
		fprintf(s->f, "%s%s", s->comma, REPORT_WITHHELD);
	s->comma = ",";
}

static void
end_line(struct sheet *s)
{
	fputs("\r\n", s->f);
	s->comma = "";
}

static void
put_header(struct sheet *s, bool waiting)
{
	static const char *const first[] = { "report", "from", "to", "by" };
	static const char *const last[] = {
		"count", "median", "ninetieth", "longest"
	};

	for (size_t i = 0; i < 4; i++)
		put_text(s, first[i]);
	if (waiting)
		put_text(s, "stage");
	put_text(s, "row");
	put_text(s, "sex");
	for (size_t i = 0; waiting && i < 4; i++)
		put_text(s, last[i]);
	for (size_t age = 0; !waiting && age <= TABLE_AGES; age++)
		put_text(s, report_age_key(age));
	end_line(s);
}

/* Of nobody there are no days: an empty field. */
static void
put_day(struct sheet *s, bool any, bool shown, int64_t n)
{
	if (any)
		put_n(s, shown, n);
	else
		put_text(s, "");
}

static void
put_waits(struct sheet *s, const struct report *p, size_t part, size_t row,
    size_t sex)
{
	struct report_stats days;
	int64_t n;
	bool shown = report_shown(p, part, row, sex, TABLE_AGES, &n);
	bool any = report_days(p, part, row, sex, &days);

	put_n(s, shown, n);
	put_day(s, any || !shown, any, days.median);
	put_day(s, any || !shown, days.ninetieth_shown, days.ninetieth);
	put_day(s, any || !shown, days.most_shown, days.most);
}

static void
put_line(struct sheet *s, const struct report *p, size_t part, size_t row,
    size_t sex)
{
	char day[DATE_TEXT];

	put_text(s, report_token(p->ask.kind));
	date_format(p->ask.from, day);
	put_text(s, day);
	date_format(p->ask.to, day);
	put_text(s, day);
	put_text(s, report_by_token(p->ask.by));
	if (p->ask.kind == REPORT_WAITING)
		put_text(s, report_stage_token((enum report_stage)part));
	put_text(s, row == p->rows ? "total" : p->row[row].text);
	put_text(s, report_sex(sex));
	if (p->ask.kind == REPORT_WAITING)
		put_waits(s, p, part, row, sex);
	for (size_t age = 0; p->ask.kind != REPORT_WAITING &&
	    age <= TABLE_AGES; age++) {
		int64_t n;
		bool shown = report_shown(p, part, row, sex, age, &n);

		put_n(s, shown, n);
	}
	end_line(s);
}

enum status
report_csv(const struct report *p, char **out, size_t *len, struct diag *d)
{
	struct sheet s = { .comma = "" };
	bool bad;

	*out = NULL;
	*len = 0;
	if ((s.f = open_memstream(out, len)) == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	put_header(&s, p->ask.kind == REPORT_WAITING);
	for (size_t i = 0; i < p->parts; i++)
		for (size_t row = 0; row < report_lines(p); row++)
			for (size_t sex = 0; sex <= TABLE_SEXES; sex++)
				put_line(&s, p, i, row, sex);
	bad = s.bad || ferror(s.f) != 0;
	if (fclose(s.f) == 0 && !bad)
		return ST_OK;
	free(*out);
	*out = NULL;
	return diag_set(d, ST_INTERNAL, _("out of memory"));
}
