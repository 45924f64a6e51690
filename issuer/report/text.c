#include "issuer/report/write.h"

enum { COLUMNS = TABLE_AGES + 4 };

static void
put_n(struct answer *a, bool shown, int64_t n)
{
	if (shown)
		answer_cell_int(a, n);
	else
		answer_cell(a, answer_is_json(a) ? NULL : REPORT_WITHHELD);
}

/* What a total and each sex that occurs has a line for. */
static bool
has_sex(const struct report *p, size_t sex)
{
	return sex == TABLE_SEXES || p->sex[sex];
}

static bool
has_age(const struct report *p, size_t age)
{
	return age != TABLE_AGE_UNKNOWN || p->age_unknown;
}

/* The name stands once for people, and in every object for programs. */
static void
put_names(const struct report *p, struct answer *a, size_t row, size_t sex)
{
	if (!answer_is_json(a)) {
		answer_cell(a, sex == TABLE_F ? report_row_name(p, row) : "");
		answer_cell(a, report_word(report_sex(sex)));
		return;
	}
	answer_cell(a, row == p->rows ? "total" : p->row[row].text);
	answer_cell(a, report_sex(sex));
}

static void
put_counts(const struct report *p, struct answer *a)
{
	struct column columns[COLUMNS] = {
		{ "row", report_by_title(p->ask.by) }, { "sex", N_("Sex") }
	};
	size_t n = 2;

	for (size_t age = 0; age <= TABLE_AGES; age++)
		if (has_age(p, age))
			columns[n++] = (struct column){ report_age_key(age),
			    age < TABLE_AGE_UNKNOWN ? report_age(age) :
			    report_word(report_age(age)) };
	answer_list(a, "rows", columns, n);
	for (size_t row = 0; row < report_lines(p); row++)
		for (size_t sex = 0; sex <= TABLE_SEXES; sex++) {
			if (!has_sex(p, sex))
				continue;
			put_names(p, a, row, sex);
			for (size_t age = 0; age <= TABLE_AGES; age++) {
				int64_t count;
				bool shown = report_shown(p, 0, row, sex, age,
				    &count);

				if (has_age(p, age))
					put_n(a, shown, count);
			}
		}
	answer_list_end(a);
}

/* Of nobody there are no days: nothing, and null. */
static void
put_day(struct answer *a, bool any, bool shown, int64_t n)
{
	if (!any && !answer_is_json(a))
		answer_cell(a, "");
	else
		put_n(a, any && shown, n);
}

static void
put_waits(const struct report *p, struct answer *a, size_t part)
{
	const struct column columns[] = {
		{ "row", report_by_title(p->ask.by) }, { "sex", N_("Sex") },
		{ "count", N_("Applications") }, { "median", N_("Median") },
		{ "ninetieth", N_("90th percentile") },
		{ "longest", N_("Longest") }
	};

	if (!answer_is_json(a))
		answer_text(a, "stage", N_("Waiting time"),
		    gettext(report_stage_title((enum report_stage)part)));
	answer_list(a, report_stage_token((enum report_stage)part), columns,
	    sizeof(columns) / sizeof(columns[0]));
	for (size_t row = 0; row < report_lines(p); row++)
		for (size_t sex = 0; sex <= TABLE_SEXES; sex++) {
			struct report_stats days;
			int64_t count;
			bool shown = report_shown(p, part, row, sex,
			    TABLE_AGES, &count);
			bool any = report_days(p, part, row, sex, &days);

			if (!has_sex(p, sex))
				continue;
			put_names(p, a, row, sex);
			put_n(a, shown, count);
			put_day(a, any || !shown, any, days.median);
			put_day(a, any || !shown, days.ninetieth_shown,
			    days.ninetieth);
			put_day(a, any || !shown, days.most_shown, days.most);
		}
	answer_list_end(a);
}

static void
put_withheld(const struct report *p, struct answer *a, size_t part)
{
	for (size_t row = 0; row < report_lines(p); row++)
		for (size_t sex = 0; sex <= TABLE_SEXES; sex++)
			for (size_t age = 0; age <= TABLE_AGES; age++) {
				int64_t n;

				if (report_shown(p, part, row, sex, age, &n))
					continue;
				answer_cell(a, p->parts == 1 ? "rows" :
				    report_stage_token(
				    (enum report_stage)part));
				answer_cell(a, row == p->rows ? "total" :
				    p->row[row].text);
				answer_cell(a, report_sex(sex));
				answer_cell(a, report_age_key(age));
				answer_cell(a, "small-or-protecting");
			}
}

static void
put_offices(const struct report *p, struct answer *a)
{
	static const struct column columns[] = {
		{ "state", N_("State") }, { "code", N_("Code") },
		{ "office", N_("Office") }
	};

	answer_list(a, "offices", columns, 3);
	for (size_t i = 0; i < p->offices_n; i++) {
		answer_cell(a, p->office[i].state);
		answer_cell(a, p->office[i].code);
		answer_cell(a, p->office[i].name);
	}
	answer_list_end(a);
}

void
report_answer(const struct report *p, struct answer *a)
{
	static const struct column withheld[] = {
		{ "table", N_("Table") }, { "row", N_("Row") },
		{ "sex", N_("Sex") }, { "age", N_("Age") },
		{ "reason", N_("Reason") }
	};
	char day[DATE_TEXT];
	bool json = answer_is_json(a);

	answer_text(a, "report", N_("Report"), json ?
	    report_token(p->ask.kind) : gettext(report_title(p->ask.kind)));
	date_format(p->ask.from, day);
	answer_text(a, "from", N_("From"), day);
	date_format(p->ask.to, day);
	answer_text(a, "to", N_("To"), day);
	answer_text(a, "counted", N_("Counted"),
	    gettext(report_definition(p->ask.kind)));
	if (json)
		answer_text(a, "by", N_("By"), report_by_token(p->ask.by));
	put_offices(p, a);
	if (p->ask.kind != REPORT_WAITING)
		put_counts(p, a);
	for (size_t i = 0; p->ask.kind == REPORT_WAITING && i < p->parts; i++)
		put_waits(p, a, i);
	if (json) {
		answer_list(a, "withheld", withheld, 5);
		for (size_t i = 0; i < p->parts; i++)
			put_withheld(p, a, i);
		answer_list_end(a);
	} else if (report_withholds(p))
		answer_text(a, "note", N_("Note"), report_withheld_note());
}
