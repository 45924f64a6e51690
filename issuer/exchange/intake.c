#include "issuer/exchange/intake.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "issuer/exchange/families.h"
#include "issuer/exchange/progress.h"
#include "issuer/register/duplicate.h"
#include "issuer/register/session.h"
#include "issuer/register/officer.h"
#include "keys/digest.h"

struct intake {
	struct reg *r;
	const struct intake_order *order;
	struct intake_result *result;
	struct line_rules rules;
	int fd;
	uint64_t bytes;			/* of the file */
	struct digest *sum;		/* of what was read of it */
	struct csv csv;
	struct columns columns;
	struct families *families;
	uint8_t *broken;		/* a bit a line, from 1 */
	size_t broken_cap;		/* bytes */
	int64_t at;			/* the line that is read */
	struct line line;
	struct fault fault;
	struct import_job job;
	bool importing, open;		/* a transaction */
	struct staged errors;
	struct progress bar;
	struct diag *d;
};

static enum status
no_memory(struct diag *d)
{
	return diag_set(d, ST_INTERNAL, _("out of memory"));
}

/* ---- the file ----------------------------------------------------------- */

static enum status
fill(void *arg, uint8_t *room, size_t cap, size_t *got)
{
	struct intake *in = arg;
	ssize_t n;

	do
		n = read(in->fd, room, cap);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return diag_errno(in->d, ST_IO, in->order->file);
	digest_add(in->sum, bytes_from(room, (size_t)n));
	*got = (size_t)n;
	return ST_OK;
}

static enum status
open_files(struct intake *in)
{
	const struct intake_order *o = in->order;
	struct stat sb;

	if ((in->fd = open(o->file, O_RDONLY | O_CLOEXEC)) < 0)
		return diag_errno(in->d, ST_IO, o->file);
	if (fstat(in->fd, &sb) != 0 || !S_ISREG(sb.st_mode))
		return diag_set(in->d, ST_DATA,
		    _("%s: not a plain file; it is read twice"), o->file);
	in->bytes = (uint64_t)sb.st_size;
	in->rules.photos_name = o->photos;
	if (o->photos != NULL && (in->rules.photos = open(o->photos,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return diag_errno(in->d, ST_IO, o->photos);
	if (o->errors != NULL && access(o->errors, F_OK) == 0)
		return diag_set(in->d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    o->errors);
	return ST_OK;
}

/* From its first byte, behind the header. */
static enum status
begin_reading(struct intake *in, const char *what)
{
	enum csv_got got;
	enum status st;

	if (lseek(in->fd, 0, SEEK_SET) != 0)
		return diag_errno(in->d, ST_IO, in->order->file);
	digest_free(in->sum);
	if ((in->sum = digest_new()) == NULL)
		return no_memory(in->d);
	in->at = 0;
	in->bar = progress_begin(what, _(" lines/s"));
	if ((st = csv_begin(&in->csv, in->order->delimiter, fill, in,
	    in->d)) != ST_OK)
		return st;
	got = csv_next(&in->csv);
	if (got == CSV_FAILED)
		return in->csv.why;
	if (got == CSV_BROKEN)
		return diag_set(in->d, ST_DATA,
		    _("%s: line %" PRIu64 ", character %" PRIu64 ": %s"),
		    in->order->file, in->csv.error_line,
		    in->csv.error_column, in->csv.error);
	if (got == CSV_END)
		return diag_set(in->d, ST_DATA,
		    _("%s: empty; the first line names the columns"),
		    in->order->file);
	return columns_read(&in->csv, &in->columns, in->d);
}

/* The next line; false at the end, or after a failure, which *st tells. */
static bool
next_line(struct intake *in, enum status *st)
{
	enum csv_got got = csv_next(&in->csv);

	*st = got == CSV_FAILED ? in->csv.why : ST_OK;
	if (got == CSV_FAILED || got == CSV_END)
		return false;
	in->at++;
	progress_at(&in->bar, csv_position(&in->csv), in->bytes,
	    (uint64_t)in->at);
	return true;
}

/* ---- the first reading: what is broken? --------------------------------- */

static bool
is_broken(const struct intake *in, int64_t line)
{
	size_t byte = (size_t)line / 8;

	return byte < in->broken_cap &&
	    (in->broken[byte] >> (line % 8) & 1) != 0;
}

static enum status
mark_broken(struct intake *in, int64_t line)
{
	size_t byte = (size_t)line / 8;

	if (byte >= in->broken_cap) {
		size_t cap = 2 * byte + 64;
		uint8_t *p = realloc(in->broken, cap);

		if (p == NULL)
			return no_memory(in->d);
		memset(p + in->broken_cap, 0, cap - in->broken_cap);
		in->broken = p;
		in->broken_cap = cap;
	}
	in->broken[byte] |= (uint8_t)(1 << (line % 8));
	return ST_OK;
}

/* Nobody enrols for another's district, by a file no more than one by one. */
static bool
read_line(struct intake *in)
{
	struct diag d = { "" };

	if (!line_read(&in->csv, &in->columns, &in->rules, &in->line,
	    &in->fault))
		return false;
	if (reg_in_jurisdiction(in->r,
	    in->line.person.field[PERSON_DISTRICT], &d) == ST_OK)
		return true;
	(void)snprintf(in->fault.column, sizeof(in->fault.column), "%s",
	    column_word(PERSON_DISTRICT));
	(void)snprintf(in->fault.text, sizeof(in->fault.text), "%s", d.text);
	return false;
}

static enum status
survey_line(struct intake *in)
{
	const char *key = in->line.household;
	struct family *f;
	bool good = read_line(in) && line_photo(&in->rules, false, &in->line,
	    &in->fault);

	if (key[0] != '\0') {
		if ((f = families_of(in->families, key)) == NULL)
			return no_memory(in->d);
		f->last = in->at;
		f->broken = f->broken || !good;
		if (good)
			family_take(f, (enum relationship)in->line.relationship,
			    person_birth(&in->line.person));
	}
	return good ? ST_OK : mark_broken(in, in->at);
}

static enum status
survey(struct intake *in)
{
	enum status st = begin_reading(in, _("checking")), end;

	while (st == ST_OK && next_line(in, &end))
		st = survey_line(in);
	progress_end(&in->bar);
	if (st == ST_OK)
		st = end;
	if (st == ST_OK && in->at == 0)
		st = diag_set(in->d, ST_DATA,
		    _("%s: no line behind the first, which names the columns"),
		    in->order->file);
	in->result->lines = in->job.lines = in->at;
	return st != ST_OK ? st : digest_end(in->sum, in->job.sha256);
}

/* ---- lines that cannot be imported -------------------------------------- */

/* "birth-date (4): not a date ..." */
static void
put_why(const struct fault *f, char *out, size_t cap)
{
	char place[COLUMN_PLACE];

	column_place(f->column, f->number, place);
	if (f->character > 0)
		(void)snprintf(out, cap, _("%s, character %" PRIu64 ": %s"),
		    place, f->character, f->text);
	else if (place[0] != '\0')
		(void)snprintf(out, cap, "%s: %s", place, f->text);
	else
		(void)snprintf(out, cap, "%s", f->text);
}

static enum status
put_error_row(struct intake *in, bool header)
{
	/* Each byte may be a quote, and every field a guarded one. */
	static uint8_t room[2 * CSV_RECORD_MAX + 4 * CSV_FIELDS_MAX + 2048];
	struct buf b = buf_over(room, sizeof(room));
	char why[sizeof(in->fault.text) + COLUMN_PLACE + 40];

	put_why(&in->fault, why, sizeof(why));

	for (size_t i = 0; i < in->columns.n; i++) {
		struct bytes f = { NULL, 0 };

		if (in->columns.meaning[i] == LINE_ERROR)
			continue;
		if (header)
			f = bytes_text(column_word(in->columns.meaning[i]));
		else if (i < in->csv.n)
			f = csv_plain(in->csv.field[i]);
		csv_put(&b, f, in->csv.delimiter, i == 0);
	}
	csv_put(&b, bytes_text(header ? "error" : why), in->csv.delimiter, false);
	csv_put_end(&b);
	return b.bad ? ST_INTERNAL :
	    staged_add(&in->errors, buf_bytes(&b), in->d);
}

static void
count_reason(struct intake_result *res, const struct fault *f)
{
	struct intake_reason *r = res->reason;
	size_t i = 0;

	while (i < res->reasons_n && (strcmp(r[i].fault.text, f->text) != 0 ||
	    strcmp(r[i].fault.column, f->column) != 0))
		i++;
	if (i == INTAKE_REASONS) {
		res->other_reasons++;
		return;
	}
	if (i == res->reasons_n)
		r[res->reasons_n++].fault = *f;
	if (r[i].lines < INTAKE_FIRST)
		r[i].first[r[i].lines] = f->line;
	r[i].lines++;
}

static enum status
report(struct intake *in)
{
	struct intake_result *res = in->result;
	enum status st = ST_OK;

	res->broken++;
	if (in->fault.number == 0 && in->fault.column[0] != '\0')
		in->fault.number = column_number(&in->columns,
		    in->fault.column);
	count_reason(res, &in->fault);
	if (res->faults_n < INTAKE_FAULTS) {
		res->fault[res->faults_n].fault = in->fault;
		memcpy(res->fault[res->faults_n++].ref, in->line.ref,
		    LINE_KEY);
	}
	if (in->order->errors == NULL)
		return ST_OK;
	if (in->errors.tmp[0] == '\0' &&
	    ((st = staged_begin(in->order->errors, &in->errors, in->d)) !=
	    ST_OK || (st = put_error_row(in, true)) != ST_OK))
		return st;
	return put_error_row(in, false);
}

/* ---- the second reading -------------------------------------------------- */

static enum status
changed(struct intake *in)
{
	return diag_set(in->d, ST_DATA,
	    _("%s: the file or its photos changed while they were read, near line %" PRIu64 "; what was imported before is kept: put the file back as it was and go on with --resume"),
	    in->order->file, in->csv.line);
}

static enum status
make_household(struct intake *in, const struct family *f)
{
	struct household h;
	enum status st = reg_import_family(in->r, in->job.id, f->key, &h,
	    in->d);

	if (st != ST_OK || (st = reg_household_add(in->r, &h, in->d)) != ST_OK)
		return st;
	in->result->households++;
	return ST_OK;
}

static enum status
begin_chunk(struct intake *in)
{
	enum status st;

	if (in->open)
		return ST_OK;
	if ((st = reg_begin_acting(in->r, in->d)) != ST_OK)
		return st;
	in->open = true;
	return in->job.id != 0 ? ST_OK :
	    reg_import_begin(in->r, &in->job, in->d);
}

/* At the end the whole file must have been the one that was checked. A dry run is
 * one transaction, and nobody keeps it. */
static enum status
end_chunk(struct intake *in, bool last)
{
	uint8_t sum[DIGEST_LEN];
	enum status st;

	if (last && ((st = digest_end(in->sum, sum)) != ST_OK ||
	    !bytes_equal(bytes_from(sum, DIGEST_LEN),
	    bytes_from(in->job.sha256, DIGEST_LEN))))
		return changed(in);
	if (in->order->dry_run)
		return ST_OK;
	in->job.done = in->at;
	if ((st = reg_import_forward(in->r, &in->job, in->d)) == ST_OK)
		st = reg_commit(in->r, in->d);
	if (st == ST_OK)
		in->open = false;
	return st;
}

static enum status
import_line(struct intake *in, const struct family *f)
{
	struct line *l = &in->line;
	struct import_line kept = { .job = in->job.id, .line = in->at,
	    .ref = l->ref, .family = l->household,
	    .relationship = l->relationship > 0 ? l->relationship : 0 };
	size_t open = 0;
	enum status st;

	if (!line_photo(&in->rules, true, l, &in->fault))
		return changed(in);
	st = reg_person_add(in->r, &l->person,
	    bytes_from(l->image, l->image_len), in->d);
	line_free(l);
	if (st != ST_OK)
		return st;
	kept.person = l->person.id;
	if ((st = reg_import_line(in->r, &kept, in->d)) != ST_OK)
		return st;
	if ((st = reg_duplicate_record(in->r, l->person.id, &open, in->d)) !=
	    ST_OK)
		return st;
	in->result->duplicates += (int64_t)open;
	in->job.persons++;
	in->result->imported++;
	return f != NULL && f->last == in->at && f->members > 0 ?
	    make_household(in, f) : ST_OK;
}

static enum status
work_line(struct intake *in)
{
	const struct family *f = NULL;
	const char *why = NULL;
	bool follows = false;
	bool bad = is_broken(in, in->at);
	bool good = read_line(in) && (!bad || line_photo(&in->rules, false,
	    &in->line, &in->fault));
	enum status st;

	if (good == bad)
		return changed(in);
	if (good && in->line.household[0] != '\0') {
		if ((f = families_of(in->families, in->line.household)) ==
		    NULL)
			return no_memory(in->d);
		if ((why = family_line_fault(f,
		    (enum relationship)in->line.relationship,
		    person_birth(&in->line.person), in->rules.today)) ==
		    NULL) {
			why = family_fault(f, in->rules.today);
			follows = family_follows(f, in->rules.today);
		}
	}
	if (why != NULL) {
		in->fault = (struct fault){ .line = in->csv.line,
		    .follows = follows };
		(void)snprintf(in->fault.column, sizeof(in->fault.column),
		    "%s", column_word(LINE_HOUSEHOLD));
		(void)snprintf(in->fault.text, sizeof(in->fault.text), "%s",
		    why);
	}
	if ((bad || why != NULL) && (st = report(in)) != ST_OK)
		return st;
	if (!in->importing || in->at <= in->job.done)
		return ST_OK;
	if ((st = begin_chunk(in)) != ST_OK)
		return st;
	if (!bad && why == NULL && (st = import_line(in, f)) != ST_OK)
		return st;
	return in->at % INTAKE_CHUNK == 0 && in->at < in->job.lines ?
	    end_chunk(in, false) : ST_OK;
}

static enum status
work(struct intake *in)
{
	enum status st = begin_reading(in, in->order->dry_run ? _("trying") :
	    in->importing ? _("importing") : _("listing")), end = ST_OK;

	while (st == ST_OK && next_line(in, &end))
		st = work_line(in);
	if (st == ST_OK)
		st = end;
	if (st == ST_OK && in->open)
		st = end_chunk(in, true);
	progress_end(&in->bar);
	if (in->open)
		reg_rollback(in->r);
	if (st == ST_OK && in->errors.tmp[0] != '\0' &&
	    (st = staged_ready(&in->errors, 0600, in->d)) == ST_OK)
		st = staged_keep_new(&in->errors, in->d);
	return st;
}

/* ---- all of it ---------------------------------------------------------- */

/* An earlier run of this very file decides what this one may do. */
static enum status
find_job(struct intake *in)
{
	const struct intake_order *o = in->order;
	struct import_job *j = &in->job;
	char when[WHEN_TEXT];
	enum status st = reg_import_find(in->r, j, in->d);

	if (st == ST_NOT_FOUND) {
		(void)snprintf(j->file, sizeof(j->file), "%s", o->file);
		j->skip_bad = o->skip_bad;
		return !o->resume ? ST_OK : diag_set(in->d, ST_NOT_FOUND,
		    _("%s: no import of this file was interrupted; leave --resume out"),
		    o->file);
	}
	if (st != ST_OK)
		return st;
	when_format(j->finished != 0 ? j->finished : j->begun, when);
	if (j->finished != 0)
		return diag_set(in->d, ST_EXISTS,
		    _("%s: this very file was imported already (%s, by %s, persons: %" PRId64 ")"),
		    o->file, when, j->officer, j->persons);
	if (!o->resume && !o->dry_run)
		return diag_set(in->d, ST_STATE,
		    _("%s: an import of this file was interrupted behind line %" PRId64 " of %" PRId64 " (%s, by %s); go on with --resume"),
		    o->file, j->done, j->lines, when, j->officer);
	if (o->resume && j->skip_bad != o->skip_bad)
		return diag_set(in->d, ST_USAGE, j->skip_bad ?
		    _("%s: its import began with --skip-bad; go on so") :
		    _("%s: its import began without --skip-bad; go on so"),
		    o->file);
	in->result->before = j->persons;
	return ST_OK;
}

static bool
any_broken(struct intake *in)
{
	for (size_t i = 0; i < in->broken_cap; i++)
		if (in->broken[i] != 0)
			return true;
	for (struct family *f = families_all(in->families); f != NULL;
	    f = f->next)
		if (family_fault(f, in->rules.today) != NULL)
			return true;
	return false;
}

static enum status
run(struct intake *in)
{
	const struct intake_order *o = in->order;
	bool broken;
	enum status st;

	if ((st = open_files(in)) != ST_OK || (st = survey(in)) != ST_OK ||
	    (st = find_job(in)) != ST_OK)
		return st;
	broken = any_broken(in);
	/* Only who has been enrolled can be compared with all others, those of
	 * this file too: a dry run does it and takes it back. */
	in->importing = o->dry_run || !broken || o->skip_bad;
	if (in->importing || broken)
		st = work(in);
	if (o->dry_run)
		in->result->imported = in->result->households = 0;
	in->result->job = o->dry_run ? 0 : in->job.id;
	return st;
}

enum status
intake(struct reg *r, const struct office *o, int64_t now,
    const struct intake_order *order, struct intake_result *result,
    struct diag *d)
{
	struct intake *in = calloc(1, sizeof(*in));
	enum status st = ST_INTERNAL;

	memset(result, 0, sizeof(*result));
	result->fault = calloc(INTAKE_FAULTS, sizeof(result->fault[0]));
	result->reason = calloc(INTAKE_REASONS, sizeof(result->reason[0]));
	if (in == NULL || result->fault == NULL || result->reason == NULL ||
	    (in->families = families_new()) == NULL) {
		free(in);
		return no_memory(d);
	}
	in->r = r;
	in->order = order;
	in->result = result;
	in->d = d;
	in->fd = in->errors.fd = -1;
	in->rules = (struct line_rules){ .district = o->district,
	    .today = when_date(now), .photos = -1 };
	st = run(in);
	staged_drop(&in->errors);
	if (in->fd >= 0)
		close(in->fd);
	if (in->rules.photos >= 0)
		close(in->rules.photos);
	digest_free(in->sum);
	families_free(in->families);
	line_free(&in->line);
	free(in->broken);
	free(in);
	return st;
}

void
intake_free(struct intake_result *result)
{
	free(result->fault);
	free(result->reason);
	result->fault = NULL;
	result->reason = NULL;
}
