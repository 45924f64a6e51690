/* From the facts to the tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/report/groups.h"

struct gathering {
	struct report *p;
	struct groups groups;
	size_t office;		/* whose register is being read */
	enum report_stage stage;
	struct diag *d;
};

static size_t
sex_of(char sex)
{
	return sex == 'F' ? TABLE_F : sex == 'M' ? TABLE_M :
	    sex == 'X' ? TABLE_X : TABLE_SEX_UNKNOWN;
}

/* The text that says in which row a fact belongs. */
static const char *
row_text(const struct gathering *g, const struct report_fact *f,
    char out[WHEN_TEXT])
{
	struct date day = when_date(f->at);

	switch (g->p->ask.by) {
	case BY_OFFICE:
		(void)snprintf(out, WHEN_TEXT, "%.3s %.3s",
		    g->p->office[g->office].state,
		    g->p->office[g->office].code);
		return out;
	case BY_MONTH:
		(void)snprintf(out, WHEN_TEXT, "%04d-%02d", day.year,
		    day.month);
		return out;
	case BY_YEAR:
		(void)snprintf(out, WHEN_TEXT, "%04d", day.year);
		return out;
	case BY_NONE:
		return "all";
	case BY_DISTRICT:
	case BY_ORIGIN:
	case BY_OCCUPATION:
	case BY_SECTOR:
	case BY_KIND:
	case BY_CAUSE:
	case REPORT_BYS:
	default:
		return f->group;
	}
}

static enum status
count_fact(void *arg, const struct report_fact *f)
{
	struct gathering *g = arg;
	char text[WHEN_TEXT];
	size_t sex = sex_of(f->sex), age = TABLE_AGE_UNKNOWN;
	struct group *group = groups_of(&g->groups, row_text(g, f, text));

	if (group == NULL)
		return diag_set(g->d, ST_INTERNAL, _("out of memory"));
	if (date_valid(f->birth))
		age = table_age(date_age(f->birth, when_date(f->at)));
	group->n[g->stage][sex][age]++;
	group->sum++;
	g->p->sex[sex] = true;
	if (age == TABLE_AGE_UNKNOWN)
		g->p->age_unknown = true;
	return ST_OK;
}

/* Once the rows are known: the days, in every total. */
static enum status
count_days(void *arg, const struct report_fact *f)
{
	struct gathering *g = arg;
	struct report *p = g->p;
	struct spread *s = p->part[g->stage].spread;
	char text[WHEN_TEXT];
	size_t sex = sex_of(f->sex);
	struct group *group = groups_of(&g->groups, row_text(g, f, text));

	if (group == NULL || group->row >= p->rows)
		return diag_set(g->d, ST_INTERNAL, _("out of memory"));
	for (int m = 0; m < 4; m++)
		spread_add(&s[((m & 1) != 0 ? p->rows : group->row) *
		    (TABLE_SEXES + 1) + ((m & 2) != 0 ? TABLE_SEXES : sex)],
		    f->days);
	return ST_OK;
}

static enum status
read_all(struct gathering *g, struct reg *const *reg,
    enum status (*each)(void *arg, const struct report_fact *f))
{
	enum status st = ST_OK;

	for (size_t s = 0; s < g->p->parts && st == ST_OK; s++)
		for (size_t i = 0; i < g->p->offices_n && st == ST_OK; i++) {
			g->stage = (enum report_stage)s;
			g->office = i;
			st = reg_report(reg[i], &g->p->ask, g->stage, each, g,
			    g->d);
		}
	return st;
}

/* A row that is there whether or not anything is in it. */
static bool
expect(struct gathering *g, const char *key, const char *text, bool word)
{
	struct report *p = g->p;
	struct group *group = groups_of(&g->groups, key);

	if (group == NULL || p->rows == TABLE_ROWS_MAX)
		return false;
	group->row = p->rows;
	(void)snprintf(p->row[p->rows].text, REG_TEXT, "%s", text);
	p->row[p->rows++].word = word;
	return true;
}

static bool
expect_spans(struct gathering *g)
{
	const struct report_ask *ask = &g->p->ask;
	int step = ask->by == BY_MONTH ? 1 : 12;
	int at = ask->from.year * 12 + (step == 1 ? ask->from.month - 1 : 0);
	bool good = true;

	for (; good && at <= ask->to.year * 12 + ask->to.month - 1; at += step) {
		char text[WHEN_TEXT];

		if (step == 1)
			(void)snprintf(text, sizeof(text), "%04d-%02d",
			    at / 12, at % 12 + 1);
		else
			(void)snprintf(text, sizeof(text), "%04d", at / 12);
		good = expect(g, text, text, false);
	}
	return good;
}

/* The rows that do not depend on what is found, in their order. */
static bool
expect_rows(struct gathering *g)
{
	struct report *p = g->p;
	size_t n;
	const char *const *token = report_fixed(p->ask.kind, p->ask.by, &n);
	bool good = true;

	for (size_t i = 0; i < n && good; i++)
		good = expect(g, token[i], token[i], true);
	for (size_t i = 0; p->ask.by == BY_OFFICE && i < p->offices_n && good;
	    i++) {
		char key[WHEN_TEXT];

		(void)snprintf(key, sizeof(key), "%.3s %.3s",
		    p->office[i].state, p->office[i].code);
		good = expect(g, key, p->office[i].name, false);
	}
	if (p->ask.by == BY_MONTH || p->ask.by == BY_YEAR)
		good = expect_spans(g);
	return good;
}

static bool
is_typed(enum report_by by)
{
	return by == BY_DISTRICT || by == BY_ORIGIN || by == BY_OCCUPATION ||
	    by == BY_SECTOR;
}

static bool
fill_table(struct gathering *g, size_t part)
{
	struct report *p = g->p;
	struct table *t = &p->part[part].table;

	if (!table_new(t, p->rows))
		return false;
	for (size_t i = 0; i < g->groups.slots; i++) {
		const struct group *group = g->groups.slot[i];

		for (size_t s = 0; group != NULL && s < TABLE_SEXES; s++)
			for (size_t a = 0; a < TABLE_AGES; a++)
				table_add(t, group->row, s, a,
				    group->n[part][s][a]);
	}
	table_sum(t);
	return table_protect(t);
}

static bool
fill(struct gathering *g, size_t rows_most)
{
	struct report *p = g->p;

	if (is_typed(p->ask.by) ? !groups_fold(&g->groups, p, rows_most) :
	    !groups_place(&g->groups, p))
		return false;
	for (size_t i = 0; i < p->parts; i++) {
		if (!fill_table(g, i))
			return false;
		if (p->ask.kind == REPORT_WAITING && (p->part[i].spread =
		    calloc((p->rows + 1) * (TABLE_SEXES + 1),
		    sizeof(struct spread))) == NULL)
			return false;
	}
	return true;
}

static enum status
check_spans(const struct report_ask *ask, struct diag *d)
{
	int months = (ask->to.year - ask->from.year) * 12 + ask->to.month -
	    ask->from.month;

	if (ask->by == BY_MONTH && months >= REPORT_SPANS_MAX)
		return diag_set(d, ST_USAGE,
		    _("--by month: the period has more than %d months; shorten it or take --by year"),
		    REPORT_SPANS_MAX);
	if (ask->by == BY_YEAR &&
	    ask->to.year - ask->from.year >= REPORT_SPANS_MAX)
		return diag_set(d, ST_USAGE,
		    _("--by year: the period has more than %d years; shorten it"),
		    REPORT_SPANS_MAX);
	return ST_OK;
}

enum status
report_make(struct report *p, const struct report_ask *ask,
    struct reg *const *reg, const struct office *office, size_t n,
    size_t rows_most, int64_t now, struct diag *d)
{
	struct gathering g = { .p = p, .d = d };
	enum status st;

	memset(p, 0, sizeof(*p));
	p->ask = *ask;
	p->office = office;
	p->offices_n = n;
	p->made = now;
	p->parts = ask->kind == REPORT_WAITING ? STAGES : 1;
	p->sex[TABLE_F] = p->sex[TABLE_M] = true;
	if ((st = check_spans(ask, d)) != ST_OK)
		return st;
	if (!expect_rows(&g))
		st = diag_set(d, ST_INTERNAL, _("out of memory"));
	else if ((st = read_all(&g, reg, count_fact)) == ST_OK &&
	    !fill(&g, rows_most))
		st = diag_set(d, ST_INTERNAL, _("out of memory"));
	else if (st == ST_OK && ask->kind == REPORT_WAITING)
		st = read_all(&g, reg, count_days);
	groups_free(&g.groups);
	if (st != ST_OK)
		report_free(p);
	return st;
}

void
report_free(struct report *p)
{
	for (size_t i = 0; i < STAGES; i++) {
		table_free(&p->part[i].table);
		free(p->part[i].spread);
	}
	memset(p, 0, sizeof(*p));
}

size_t
report_lines(const struct report *p)
{
	return p->rows == 1 ? 1 : p->rows + 1;
}

bool
report_shown(const struct report *p, size_t part, size_t row, size_t sex,
    size_t age, int64_t *n)
{
	*n = 0;
	if (table_withheld(&p->part[part].table, row, sex, age))
		return false;
	*n = table_n(&p->part[part].table, row, sex, age);
	return true;
}

bool
report_withholds(const struct report *p)
{
	for (size_t i = 0; i < p->parts; i++)
		for (size_t r = 0; r <= p->rows; r++)
			for (size_t s = 0; s <= TABLE_SEXES; s++)
				for (size_t a = 0; a <= TABLE_AGES; a++)
					if (table_withheld(&p->part[i].table,
					    r, s, a))
						return true;
	return false;
}

/* Is nothing withheld of all that the cell counts? */
static bool
whole(const struct report *p, size_t part, size_t row, size_t sex)
{
	const struct table *t = &p->part[part].table;

	for (size_t r = 0; r < p->rows; r++)
		for (size_t s = 0; s < TABLE_SEXES; s++)
			if ((row == p->rows || r == row) &&
			    (sex == TABLE_SEXES || s == sex) &&
			    table_withheld(t, r, s, TABLE_AGES))
				return false;
	return true;
}

bool
report_days(const struct report *p, size_t part, size_t row, size_t sex,
    struct report_stats *out)
{
	const struct spread *s =
	    &p->part[part].spread[row * (TABLE_SEXES + 1) + sex];
	int64_t n;

	*out = (struct report_stats){ .median = 0 };
	if (!report_shown(p, part, row, sex, TABLE_AGES, &n) || n == 0)
		return false;
	out->median = spread_at(s, 50);
	out->ninetieth = spread_at(s, 90);
	out->most = spread_at(s, 100);
	out->most_shown = whole(p, part, row, sex);
	out->ninetieth_shown = out->most_shown || n >= 10;
	return true;
}
