/* report issued, renewed, lost, revoked, refused, waiting, cases, population,
 * households, all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/jsonw.h"
#include "issuer/cmd/period.h"
#include "issuer/command.h"
#include "issuer/register/session.h"
#include "issuer/report/pdf.h"
#include "issuer/report/write.h"

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON, FORMAT_PDF, FORMATS };

static const struct {
	const char *token, *ending;
} formats[FORMATS] = {
	[FORMAT_TEXT] = { "text", "txt" }, [FORMAT_CSV] = { "csv", "csv" },
	[FORMAT_JSON] = { "json", "json" }, [FORMAT_PDF] = { "pdf", "pdf" },
};

static struct {
	const char *from, *to, *by, *format, *out, *rows;
	const char *with[REPORT_OFFICES_MAX - 1];
	size_t with_n;
} given;

#define PERIOD_OPTS \
	{ .name = "from", .arg = "DATE", .value = &given.from, \
	    .help = N_("first day of the period") }, \
	{ .name = "to", .arg = "DATE", .value = &given.to, \
	    .help = N_("last day of the period; of population and households today if not given") }
#define TABLE_OPTS \
	{ .name = "rows", .arg = "N", .value = &given.rows, \
	    .help = N_("how many typed texts have a row of their own, 20 if not given") }, \
	{ .name = "with", .arg = "FILE", .list = given.with, \
	    .list_n = &given.with_n, .list_max = REPORT_OFFICES_MAX - 1, \
	    .help = N_("another office's register, counted too; several times for several") }

static const struct opt report_opts[] = {
	PERIOD_OPTS,
	{ .name = "by", .arg = "DIMENSION", .value = &given.by,
	    .help = N_("a row for each office, district, origin, occupation, sector, month, year, kind or cause") },
	TABLE_OPTS,
	{ .name = "format", .arg = "text|csv|json|pdf", .value = &given.format,
	    .help = N_("text if not given") },
	{ .name = "out", .arg = "FILE", .value = &given.out,
	    .help = N_("where it goes; else standard output") },
};

static const struct opt all_opts[] = {
	PERIOD_OPTS,
	{ .name = "by", .arg = "DIMENSION", .value = &given.by,
	    .help = N_("rows of every report that has them") },
	TABLE_OPTS,
	{ .name = "out", .arg = "FOLDER", .value = &given.out, .required = true,
	    .help = N_("the folder to make the files in; nothing is overwritten") },
};

/* The registers that are counted: the session's, and those given. */
struct offices {
	struct reg *reg[REPORT_OFFICES_MAX];
	struct office office[REPORT_OFFICES_MAX];
	size_t n;
};

struct file {
	char path[PATH_MAX];
	uint8_t *p;
	size_t len;
};

static enum status
parse_day(const char *what, const char *text, struct date *out, struct diag *d)
{
	if (date_parse(bytes_text(text), out))
		return ST_OK;
	return diag_set(d, ST_USAGE,
	    _("%s: not a date of the calendar; give YYYY-MM-DD"), what);
}

/* What stands at a day has no first day. */
static bool
stands(enum report_kind kind)
{
	return kind == REPORT_POPULATION || kind == REPORT_HOUSEHOLDS;
}

static enum status
parse_by(enum report_by *out, struct diag *d)
{
	*out = BY_NONE;
	if (given.by == NULL)
		return ST_OK;
	for (int by = BY_OFFICE; by < REPORT_BYS; by++)
		if (strcmp(report_by_token((enum report_by)by), given.by) == 0) {
			*out = (enum report_by)by;
			return ST_OK;
		}
	return diag_set(d, ST_USAGE,
	    _("--by: one of office, district, origin, occupation, sector, month, year, kind, cause"));
}

static enum status
parse_ask(struct report_ask *ask, int64_t now, struct diag *d)
{
	enum status st;

	if (given.from == NULL && !stands(ask->kind))
		return diag_set(d, ST_USAGE,
		    _("--from is missing: the first day of the period"));
	if (given.to == NULL && !stands(ask->kind))
		return diag_set(d, ST_USAGE,
		    _("--to is missing: the last day of the period"));
	ask->to = when_date(now);
	if (given.to != NULL && (st = parse_day("--to", given.to, &ask->to,
	    d)) != ST_OK)
		return st;
	ask->from = ask->to;
	if ((given.from != NULL && (st = parse_day("--from", given.from,
	    &ask->from, d)) != ST_OK) ||
	    (st = parse_by(&ask->by, d)) != ST_OK)
		return st;
	if (date_compare(ask->from, ask->to) > 0)
		return diag_set(d, ST_USAGE,
		    _("--from is after --to; give the first day and then the last"));
	return period_not_future("to", ask->to, now, d);
}

static enum status
parse_rows(size_t *out, struct diag *d)
{
	int64_t n = REPORT_ROWS;
	enum status st = ST_OK;

	if (given.rows != NULL)
		st = number_parse(given.rows, "--rows", REPORT_ROWS_MAX, &n, d);
	*out = (size_t)n;
	return st;
}

/* Without --out a program reads standard output as one thing. */
static enum status
parse_format(const struct session *s, enum format *out)
{
	bool json = answer_is_json(s->answer);
	int f = json ? FORMAT_JSON : FORMAT_TEXT;

	if (given.format != NULL)
		for (f = 0; f < FORMATS &&
		    strcmp(formats[f].token, given.format) != 0; f++)
			;
	if (f == FORMATS)
		return diag_set(s->d, ST_USAGE,
		    _("--format: one of text, csv, json, pdf"));
	*out = (enum format)f;
	if (given.out == NULL && f == FORMAT_PDF)
		return diag_set(s->d, ST_USAGE,
		    _("--format pdf: name the file with --out"));
	if (given.out == NULL && json && f != FORMAT_JSON)
		return diag_set(s->d, ST_USAGE,
		    _("--json: the answer is one JSON object; name the report's file with --out"));
	return ST_OK;
}

static void
close_offices(struct session *s, struct offices *o)
{
	for (size_t i = 1; o != NULL && i < o->n; i++)
		reg_close(o->reg[i]);
	reg_rollback(s->reg);
	free(o);
}

static enum status
open_other(struct offices *o, const char *path, struct diag *d)
{
	struct office *office = &o->office[o->n];
	enum status st;

	if ((st = reg_open_reading(path, &o->reg[o->n], d)) != ST_OK)
		return st;
	o->n++;
	if ((st = reg_begin_reading(o->reg[o->n - 1], d)) != ST_OK ||
	    (st = reg_office(o->reg[o->n - 1], office, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < o->n - 1; i++)
		if (strcmp(o->office[i].state, office->state) == 0 &&
		    strcmp(o->office[i].code, office->code) == 0)
			return diag_set(d, ST_USAGE,
			    _("%s: office %s is counted already; give every office once"),
			    path, office->code);
	return ST_OK;
}

/* One snapshot of each. To be closed also after a failure. */
static enum status
open_offices(struct session *s, struct offices **out)
{
	struct offices *o = *out = calloc(1, sizeof(*o));
	enum status st;

	if (o == NULL)
		return diag_set(s->d, ST_INTERNAL, _("out of memory"));
	o->reg[0] = s->reg;
	o->office[0] = s->office;
	o->n = 1;
	st = reg_begin_reading(s->reg, s->d);
	for (size_t i = 0; i < given.with_n && st == ST_OK; i++)
		st = open_other(o, given.with[i], s->d);
	return st;
}

/* Text and JSON: what the command would answer. */
static enum status
answer_bytes(const struct report *p, bool json, struct file *out,
    struct diag *d)
{
	struct answer *a = answer_new(json);
	FILE *f = open_memstream((char **)&out->p, &out->len);
	enum status st = ST_INTERNAL;

	if (a == NULL || f == NULL)
		(void)diag_set(d, st, _("out of memory"));
	else {
		report_answer(p, a);
		st = answer_print(a, f, d);
	}
	answer_free(a);
	if (f != NULL && fclose(f) != 0 && st == ST_OK)
		st = diag_set(d, ST_INTERNAL, _("out of memory"));
	return st;
}

static enum status
render(const struct report *p, enum format format, struct file *out,
    struct diag *d)
{
	switch (format) {
	case FORMAT_CSV:
		return report_csv(p, (char **)&out->p, &out->len, d);
	case FORMAT_PDF:
		return report_pdf(p, &out->p, &out->len, d);
	case FORMAT_TEXT:
	case FORMAT_JSON:
	case FORMATS:
	default:
		return answer_bytes(p, format == FORMAT_JSON, out, d);
	}
}

/* Which report, of when, in which form, of which offices. */
static enum status
record(struct session *s, const struct report *p, const char *format)
{
	char text[2048], object[64], day[DATE_TEXT];
	struct buf b = buf_over((uint8_t *)text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);

	(void)snprintf(object, sizeof(object), "report %s",
	    report_token(p->ask.kind));
	jsonw_object(&j);
	date_format(p->ask.from, day);
	jsonw_field(&j, "from", day);
	date_format(p->ask.to, day);
	jsonw_field(&j, "to", day);
	jsonw_field(&j, "by", report_by_token(p->ask.by));
	jsonw_field(&j, "format", format);
	jsonw_key(&j, "offices");
	jsonw_array(&j);
	for (size_t i = 0; i < p->offices_n; i++)
		jsonw_string(&j, p->office[i].code);
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	text[b.len] = '\0';
	return b.bad ? ST_INTERNAL : reg_report_made(s->reg, object, text, s->d);
}

/* Nobody waits for the register while a report is counted and drawn; it is
 * given to nobody before its record is kept. */
static enum status
keep_record(struct session *s, const struct report *p, size_t n,
    const char *format)
{
	enum status st;

	reg_rollback(s->reg);
	if ((st = reg_begin_acting(s->reg, s->d)) != ST_OK)
		return st;
	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = record(s, &p[i], format);
	if (st != ST_OK || (st = reg_commit(s->reg, s->d)) != ST_OK)
		reg_rollback(s->reg);
	return st;
}

/* Standard output gets what the file would hold. */
static enum status
answer_report(struct session *s, const struct report *p, enum format format)
{
	struct file f = { .len = 0 };
	enum status st = ST_OK;

	if (format == FORMAT_TEXT || answer_is_json(s->answer)) {
		report_answer(p, s->answer);
		return ST_OK;
	}
	if ((st = render(p, format, &f, s->d)) == ST_OK) {
		/* The answer ends its line itself. */
		if (f.len > 0 && f.p[f.len - 1] == '\n')
			f.p[f.len - 1] = '\0';
		answer_main(s->answer, "report", (const char *)f.p);
	}
	free(f.p);
	return st;
}

static enum status
give(struct session *s, const struct report *p, enum format format)
{
	struct file f = { .len = 0 };
	struct staged staged = { .fd = -1 };
	enum status st;

	if (given.out == NULL) {
		st = answer_report(s, p, format);
		return st != ST_OK ? st :
		    keep_record(s, p, 1, formats[format].token);
	}
	/* Asked before the record is kept, and again by staged_keep_new. */
	if ((st = file_nothing_at(given.out, s->d)) == ST_OK &&
	    (st = render(p, format, &f, s->d)) == ST_OK &&
	    (st = file_stage(given.out, bytes_from(f.p, f.len), 0600, &staged,
	    s->d)) == ST_OK &&
	    (st = keep_record(s, p, 1, formats[format].token)) == ST_OK &&
	    (st = staged_keep_new(&staged, s->d)) == ST_OK)
		answer_main(s->answer, "file", given.out);
	staged_drop(&staged);
	free(f.p);
	return st;
}

static enum status
run_one(struct session *s, enum report_kind kind)
{
	struct report_ask ask = { .kind = kind };
	struct report *p = calloc(1, sizeof(*p));
	struct offices *o = NULL;
	enum format format = FORMAT_TEXT;
	size_t rows;
	enum status st = ST_INTERNAL;

	if (p == NULL) {
		(void)diag_set(s->d, st, _("out of memory"));
		goto out;
	}
	if ((st = parse_ask(&ask, s->now, s->d)) != ST_OK ||
	    (st = parse_rows(&rows, s->d)) != ST_OK ||
	    (st = parse_format(s, &format)) != ST_OK)
		goto out;
	if (!report_has(kind, ask.by)) {
		st = diag_set(s->d, ST_USAGE,
		    _("--by %s: this report has no such rows"), given.by);
		goto out;
	}
	if ((st = open_offices(s, &o)) != ST_OK ||
	    (st = report_make(p, &ask, o->reg, o->office, o->n, rows, s->now,
	    s->d)) != ST_OK)
		goto out;
	st = give(s, p, format);
	report_free(p);
out:
	close_offices(s, o);
	free(p);
	return st;
}

/* ---- all of them ---- */

static enum status
render_all(const struct report *p, struct file *file, struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < REPORT_KINDS * FORMATS && st == ST_OK; i++) {
		const struct report *one = &p[i / FORMATS];
		int n = snprintf(file[i].path, PATH_MAX, "%s/%s.%s", given.out,
		    report_token(one->ask.kind), formats[i % FORMATS].ending);

		if (n < 0 || n >= PATH_MAX)
			return diag_set(d, ST_USAGE,
			    _("%s: the path is too long"), given.out);
		if ((st = file_nothing_at(file[i].path, d)) != ST_OK)
			return st;
		st = render(one, (enum format)(i % FORMATS), &file[i], d);
	}
	return st;
}

static enum status
write_all(struct session *s, const struct report *p, struct file *file)
{
	static const struct column columns[] = { { "file", N_("File") } };
	enum status st;

	if ((st = render_all(p, file, s->d)) != ST_OK ||
	    (st = file_mkdir(given.out, 0700, s->d)) != ST_OK ||
	    (st = keep_record(s, p, REPORT_KINDS, "all")) != ST_OK)
		return st;
	answer_list(s->answer, "files", columns, COUNT(columns));
	for (size_t i = 0; i < REPORT_KINDS * FORMATS && st == ST_OK; i++) {
		st = file_create(file[i].path, bytes_from(file[i].p,
		    file[i].len), 0600, s->d);
		answer_cell(s->answer, file[i].path);
	}
	answer_list_end(s->answer);
	return st;
}

static enum status
make_all(struct session *s, struct report_ask ask, struct offices *o,
    size_t rows, struct report *p)
{
	enum report_by by = ask.by;
	enum status st = ST_OK;

	for (int k = 0; k < REPORT_KINDS && st == ST_OK; k++) {
		ask.kind = (enum report_kind)k;
		ask.by = report_has(ask.kind, by) ? by : BY_NONE;
		st = report_make(&p[k], &ask, o->reg, o->office, o->n, rows,
		    s->now, s->d);
	}
	return st;
}

static enum status
run_all(struct session *s)
{
	struct report_ask ask = { .kind = REPORT_ISSUED };
	struct report *p = calloc(REPORT_KINDS, sizeof(*p));
	struct file *file = calloc((size_t)REPORT_KINDS * FORMATS,
	    sizeof(*file));
	struct offices *o = NULL;
	size_t rows;
	enum status st = ST_INTERNAL;

	if (p == NULL || file == NULL) {
		(void)diag_set(s->d, st, _("out of memory"));
		goto out;
	}
	if ((st = parse_ask(&ask, s->now, s->d)) != ST_OK ||
	    (st = parse_rows(&rows, s->d)) != ST_OK ||
	    (st = open_offices(s, &o)) != ST_OK ||
	    (st = make_all(s, ask, o, rows, p)) != ST_OK)
		goto out;
	st = write_all(s, p, file);
out:
	for (size_t i = 0; p != NULL && i < REPORT_KINDS; i++)
		report_free(&p[i]);
	for (size_t i = 0; file != NULL && i < REPORT_KINDS * FORMATS; i++)
		free(file[i].p);
	free(p);
	free(file);
	close_offices(s, o);
	return st;
}

#define RUN(name, kind) \
	static enum status \
	run_##name(struct session *s) \
	{ \
		return run_one(s, kind); \
	}
RUN(issued, REPORT_ISSUED)
RUN(renewed, REPORT_RENEWED)
RUN(lost, REPORT_LOST)
RUN(revoked, REPORT_REVOKED)
RUN(refused, REPORT_REFUSED)
RUN(waiting, REPORT_WAITING)
RUN(cases, REPORT_CASES)
RUN(population, REPORT_POPULATION)
RUN(households, REPORT_HOUSEHOLDS)

#define ACTS (AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | NEEDS_OFFICER)
#define REPORT(verb, roles, help) \
	{ "report", #verb, ACTS | (roles), run_##verb, report_opts, \
	    COUNT(report_opts), "", 0, 0, help }

static const struct command commands[] = {
	REPORT(issued, 0, N_("count the cards issued in a period")),
	REPORT(renewed, 0, N_("count the cards renewed")),
	REPORT(lost, 0, N_("count the cards lost and stolen")),
	REPORT(revoked, 0, N_("count the cards revoked")),
	REPORT(refused, 0, N_("count the applications refused")),
	REPORT(waiting, 0, N_("how long people waited for their cards")),
	REPORT(cases, AS_PROTECTION, N_("count the persons in protection cases")),
	REPORT(population, 0, N_("count who is abroad on a day")),
	REPORT(households, 0, N_("count the households by their heads")),
	{ "report", "all", ACTS, run_all, all_opts, COUNT(all_opts), "", 0, 0,
	    N_("write every report in every form") },
};

const struct command_group report_commands = { commands, COUNT(commands) };
