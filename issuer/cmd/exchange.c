/* import persons, export persons, households, cards, applications. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/command.h"
#include "issuer/exchange/export.h"
#include "issuer/exchange/intake.h"

/* ---- import ------------------------------------------------------------- */

static struct {
	const char *photos, *errors, *delimiter;
	bool dry_run, resume, skip_bad;
} taken;

static const struct opt import_opts[] = {
	{ .name = "photos", .arg = "FOLDER", .value = &taken.photos,
	    .help = N_("where the files of the column photo are") },
	{ .name = "dry-run", .flag = &taken.dry_run,
	    .help = N_("only say what would be imported, and what is wrong") },
	{ .name = "errors", .arg = "FILE.csv", .value = &taken.errors,
	    .help = N_("a file to make of the lines that cannot be imported") },
	{ .name = "skip-bad", .flag = &taken.skip_bad,
	    .help = N_("import the good lines although others are broken") },
	{ .name = "resume", .flag = &taken.resume,
	    .help = N_("go on with an import of this file that was interrupted") },
	{ .name = "delimiter", .arg = "CHARACTER", .value = &taken.delimiter,
	    .help = N_("comma, semicolon or tab; else told from the first line") },
};

static enum status
take_delimiter(char *out, struct diag *d)
{
	static const char *const names[][2] = {
		{ "comma", "," }, { "semicolon", ";" }, { "tab", "\t" }
	};

	*out = '\0';
	if (taken.delimiter == NULL)
		return ST_OK;
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(taken.delimiter, names[i][0]) == 0 ||
		    strcmp(taken.delimiter, names[i][1]) == 0) {
			*out = names[i][1][0];
			return ST_OK;
		}
	return diag_set(d, ST_USAGE,
	    _("--delimiter: comma, semicolon or tab"));
}

static void
answer_faults(struct session *s, const struct intake_result *res)
{
	static const struct column columns[] = {
		{ "line", N_("Line") }, { "column", N_("Column") },
		{ "number", N_("Number") }, { "character", N_("Character") },
		{ "ref", N_("Ref") }, { "error", N_("What is wrong") }
	};

	if (!answer_is_json(s->answer))
		return;
	answer_list(s->answer, "errors", columns, COUNT(columns));
	for (size_t i = 0; i < res->faults_n; i++) {
		char text[512], ref[LINE_KEY];
		const struct fault *f = &res->fault[i].fault;

		/* Texts of a stranger's file, on a terminal. */
		(void)snprintf(text, sizeof(text), "%s", f->text);
		(void)snprintf(ref, sizeof(ref), "%s", res->fault[i].ref);
		text_make_printable(text);
		text_make_printable(ref);
		answer_cell_int(s->answer, (int64_t)f->line);
		answer_cell_or_none(s->answer, f->column);
		answer_cell_int_or_none(s->answer, (int64_t)f->number);
		answer_cell_int_or_none(s->answer, (int64_t)f->character);
		answer_cell_or_none(s->answer, ref);
		answer_cell(s->answer, text);
	}
	answer_list_end(s->answer);
}

/* "12, 15, 18, ..." */
static void
first_lines(const struct intake_reason *r, char *out, size_t cap)
{
	size_t used = 0;

	for (int64_t i = 0; i < r->lines && i < INTAKE_FIRST; i++)
		used += (size_t)snprintf(out + used, cap - used,
		    "%s%" PRIu64, i > 0 ? ", " : "", r->first[i]);
	if (r->lines > INTAKE_FIRST)
		(void)snprintf(out + used, cap - used, ", ...");
}

static void
answer_reason(struct session *s, const struct intake_reason *r)
{
	char first[INTAKE_FIRST * 24 + 8], text[512], place[COLUMN_PLACE];

	first_lines(r, first, sizeof(first));
	column_place(r->fault.column, r->fault.number, place);
	(void)snprintf(text, sizeof(text), "%s", r->fault.text);
	text_make_printable(text);
	answer_cell_int(s->answer, r->lines);
	answer_cell(s->answer, first);
	answer_cell_or_none(s->answer, place);
	answer_cell(s->answer, text);
}

/* A thousand lines with one fault are one line here. What is to be corrected
 * comes first, and behind it what is wrong because of that alone. */
static void
answer_reasons(struct session *s, const struct intake_result *res)
{
	static const struct column columns[] = {
		{ "lines", N_("Lines") }, { "first", N_("First ones") },
		{ "column", N_("Column") }, { "error", N_("What is wrong") }
	};

	if (res->reasons_n == 0 && !answer_is_json(s->answer))
		return;
	answer_list(s->answer, "reasons", columns, COUNT(columns));
	for (int follows = 0; follows <= 1; follows++)
		for (size_t i = 0; i < res->reasons_n; i++)
			if (res->reason[i].fault.follows == (follows != 0))
				answer_reason(s, &res->reason[i]);
	answer_list_end(s->answer);
	if (res->other_reasons > 0)
		answer_int(s->answer, "other_reasons",
		    N_("Lines with other reasons"), res->other_reasons);
}

static void
say_broken(struct session *s, const struct intake_result *res)
{
	const char *text;

	if (res->broken == 0)
		return;
	if (taken.dry_run)
		text = _("lines that cannot be imported: %" PRId64 "; nothing was changed");
	else if (taken.skip_bad)
		text = _("lines that were not imported: %" PRId64 "; correct them and import them as a file of their own");
	else
		text = _("lines that cannot be imported: %" PRId64 "; so none was, and nothing was changed: correct them, or take --skip-bad");
	answer_found(s->answer, diag_set(s->d, ST_DATA, text, res->broken));
}

static enum status
run_import(struct session *s)
{
	struct intake_order order = { .file = s->operand[0],
	    .photos = taken.photos, .errors = taken.errors,
	    .dry_run = taken.dry_run, .resume = taken.resume,
	    .skip_bad = taken.skip_bad };
	struct intake_result res = { 0 };
	enum status st;

	if ((st = take_delimiter(&order.delimiter, s->d)) != ST_OK)
		return st;
	st = intake(s->reg, &s->office, s->now, &order, &res, s->d);
	if (st == ST_OK) {
		answer_int(s->answer, "lines", N_("Lines"), res.lines);
		answer_int(s->answer, "good", N_("Good"),
		    res.lines - res.broken);
		answer_int(s->answer, "broken", N_("Broken"), res.broken);
		answer_int(s->answer, "imported", N_("Persons imported"),
		    res.imported);
		if (taken.resume)
			answer_int(s->answer, "imported_before",
			    N_("Imported before the interruption"), res.before);
		answer_int(s->answer, "households", N_("Households made"),
		    res.households);
		answer_int(s->answer, "duplicates",
		    N_("Possible duplicates to decide"), res.duplicates);
		answer_reasons(s, &res);
		answer_faults(s, &res);
		say_broken(s, &res);
	}
	intake_free(&res);
	return st;
}

/* ---- export ------------------------------------------------------------- */

static struct {
	const char *format, *out, *district, *since;
} sent;

static const struct opt export_opts[] = {
	{ .name = "out", .arg = "FILE", .value = &sent.out, .required = true,
	    .help = N_("the file to make; nothing is overwritten") },
	{ .name = "format", .arg = "csv|json", .value = &sent.format,
	    .help = N_("csv if not given") },
	{ .name = "district", .arg = "TEXT", .value = &sent.district,
	    .help = N_("only of persons of this consular district") },
	{ .name = "since", .arg = "DATE", .value = &sent.since,
	    .help = N_("only what was enrolled, made, issued or asked for on this day or later") },
};

static enum status
run_export(struct session *s, enum export_kind kind)
{
	struct export_order order = { .kind = kind, .out = sent.out,
	    .filter.district = sent.district != NULL ? sent.district : "" };
	struct date since;
	int64_t rows = 0;
	enum status st;

	if (sent.format != NULL && strcmp(sent.format, "csv") != 0 &&
	    strcmp(sent.format, "json") != 0)
		return diag_set(s->d, ST_USAGE, _("--format: csv or json"));
	if (!text_is_printable(bytes_text(order.filter.district)) ||
	    strlen(order.filter.district) >= REG_TEXT)
		return diag_set(s->d, ST_USAGE,
		    _("--district: not plain text"));
	order.json = sent.format != NULL && strcmp(sent.format, "json") == 0;
	if (sent.since != NULL) {
		if (!date_parse(bytes_text(sent.since), &since))
			return diag_set(s->d, ST_USAGE,
			    _("--since: not a date of the calendar; give YYYY-MM-DD"));
		order.filter.since = when_from_date(since);
	}
	if ((st = export_file(s->reg, &s->office, s->now, s->officer, &order,
	    &rows, s->d)) != ST_OK)
		return st;
	answer_main(s->answer, "file", sent.out);
	answer_int(s->answer, "rows", N_("Rows"), rows);
	return ST_OK;
}

static enum status
run_persons(struct session *s)
{
	return run_export(s, EXPORT_PERSONS);
}

static enum status
run_households(struct session *s)
{
	return run_export(s, EXPORT_HOUSEHOLDS);
}

static enum status
run_cards(struct session *s)
{
	return run_export(s, EXPORT_CARDS);
}

static enum status
run_applications(struct session *s)
{
	return run_export(s, EXPORT_APPLICATIONS);
}

/* Both open their transactions themselves. */
#define MANAGES (AS_MANAGER | NEEDS_REGISTER | NEEDS_OFFICER)

static const struct command commands[] = {
	{ "import", "persons", MANAGES, run_import, import_opts,
	    COUNT(import_opts), "FILE.csv", 1, 1,
	    N_("enrol the persons of a file, all of them or none") },
	{ "export", "persons", MANAGES, run_persons, export_opts,
	    COUNT(export_opts), "", 0, 0,
	    N_("write the persons to a file, which import takes") },
	{ "export", "households", MANAGES, run_households, export_opts,
	    COUNT(export_opts), "", 0, 0,
	    N_("write the households to a file, a line a person") },
	{ "export", "cards", MANAGES, run_cards, export_opts,
	    COUNT(export_opts), "", 0, 0, N_("write the cards to a file") },
	{ "export", "applications", MANAGES, run_applications, export_opts,
	    COUNT(export_opts), "", 0, 0,
	    N_("write the applications to a file") },
};

const struct command_group exchange_commands = { commands, COUNT(commands) };
