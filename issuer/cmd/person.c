/* person add, show, find, edit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "issuer/command.h"
#include "issuer/photo/photo.h"

static const char *given[PERSON_FIELDS], *photo_path;

/* One option a field, from the register's own table. */
static const struct opt person_opts[] = {
#define X(name_, column, option, max, label) \
	{ .name = option, .arg = "TEXT", .value = &given[PERSON_##name_], \
	    .help = label },
	PERSON_TABLE(X)
#undef X
	{ .name = "photo", .arg = "FILE", .value = &photo_path,
	    .help = N_("portrait, a JPEG or PNG file") },
};

static enum status
take_fields(struct person *p, struct diag *d)
{
	enum status st = ST_OK;

	for (int f = 0; f < PERSON_FIELDS && st == ST_OK; f++)
		if (given[f] != NULL)
			st = person_set(p, (enum person_field)f, given[f], d);
	return st;
}

/* The portrait as it is kept: upright, cut and scaled. *out is the caller's
 * to free. */
static enum status
read_portrait(const char *path, uint8_t **out, size_t *len, struct diag *d)
{
	struct photo whole = { 0 }, portrait = { 0 };
	uint8_t *file = NULL;
	size_t n;
	enum status st = ST_INTERNAL;

	*out = NULL;
	*len = 0;
	if ((st = file_read(path, PHOTO_FILE_MAX, &file, &n, d)) != ST_OK ||
	    (st = photo_load(bytes_from(file, n), path, &whole, d)) != ST_OK ||
	    (st = photo_portrait(&whole, &portrait, d)) != ST_OK)
		goto out;
	st = photo_jpeg(&portrait, out, len, d);
out:
	photo_free(&whole);
	photo_free(&portrait);
	free(file);
	return st;
}

static enum status
run_add(struct session *s)
{
	struct person p = { .id = 0 };
	uint8_t *image = NULL;
	size_t len = 0;
	enum status st;

	(void)snprintf(p.field[PERSON_DISTRICT], REG_TEXT, "%s",
	    s->office.district);
	if ((st = take_fields(&p, s->d)) != ST_OK ||
	    (photo_path != NULL &&
	    (st = read_portrait(photo_path, &image, &len, s->d)) != ST_OK))
		return st;
	st = reg_person_add(s->reg, &p, bytes_from(image, len), s->d);
	free(image);
	if (st == ST_OK)
		answer_main_int(s->answer, "person", p.id);
	return st;
}

static enum status
run_show(struct session *s)
{
	struct person p;
	char moment[WHEN_TEXT];
	int64_t id, photo;
	bool pictured;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person(s->reg, id, &p, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "person", N_("Person"), p.id);
	for (int f = 0; f < PERSON_FIELDS; f++)
		answer_text(s->answer, person_column((enum person_field)f),
		    person_label((enum person_field)f), p.field[f]);
	pictured = reg_person_photo(s->reg, id, &photo, NULL) == ST_OK;
	answer_word(s->answer, "photo", N_("Photo"), pictured ? "yes" : "no");
	moment_format(p.enrolled, moment);
	answer_text(s->answer, "enrolled", N_("Enrolled"), moment);
	return ST_OK;
}

static enum status
put_person(void *arg, const struct person *p)
{
	struct answer *a = arg;
	char name[REG_FOLDED];

	answer_cell_int(a, p->id);
	answer_cell(a, person_full_name(p, name, sizeof(name)) ? name : "");
	answer_cell(a, p->field[PERSON_BIRTH_DATE]);
	answer_cell(a, p->field[PERSON_SEX]);
	answer_cell(a, p->field[PERSON_DISTRICT]);
	return ST_OK;
}

/* The words may come as one operand or as several. */
static enum status
run_find(struct session *s)
{
	static const struct column columns[] = {
		{ "person", N_("Person") }, { "name", N_("Name") },
		{ "birth_date", N_("Date of birth") }, { "sex", N_("Sex") },
		{ "district", N_("Consular district") }
	};
	char text[REG_FOLDED] = "";
	size_t used = 0;
	enum status st;

	for (size_t i = 0; i < s->operands_n; i++) {
		int n = snprintf(text + used, sizeof(text) - used, "%s ",
		    s->operand[i]);

		if (n < 0 || (size_t)n >= sizeof(text) - used)
			return diag_set(s->d, ST_USAGE,
			    _("the text to find is too long"));
		used += (size_t)n;
	}
	text[used - 1] = '\0';
	answer_list(s->answer, "persons", columns, COUNT(columns));
	st = reg_person_find(s->reg, text, put_person, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
run_edit(struct session *s)
{
	struct person p;
	uint8_t *image = NULL;
	size_t len = 0, changed = 0;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person(s->reg, id, &p, s->d)) != ST_OK ||
	    (st = take_fields(&p, s->d)) != ST_OK ||
	    (photo_path != NULL &&
	    (st = read_portrait(photo_path, &image, &len, s->d)) != ST_OK))
		return st;
	st = reg_person_edit(s->reg, &p, &changed, s->d);
	if (st == ST_OK && image != NULL) {
		changed++;
		st = reg_person_set_photo(s->reg, id, bytes_from(image, len),
		    s->d);
	}
	free(image);
	if (st == ST_OK)
		answer_int(s->answer, "changed", N_("Fields changed"),
		    (int64_t)changed);
	return st;
}

static const struct command commands[] = {
	{ "person", "add", AS_REGISTRAR | NEEDS_REGISTER | NEEDS_OFFICER | WRITES, run_add,
	    person_opts, COUNT(person_opts), "", 0, 0,
	    N_("enrol a person") },
	{ "person", "show", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_show, NULL, 0,
	    "ID", 1, 1, N_("show what the register holds of a person") },
	{ "person", "find", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_find, NULL, 0,
	    "TEXT", 1, 16, N_("find persons by words of their names") },
	{ "person", "edit", AS_REGISTRAR | NEEDS_REGISTER | NEEDS_OFFICER | WRITES, run_edit,
	    person_opts, COUNT(person_opts), "ID", 1, 1,
	    N_("change what the register holds of a person") },
};

const struct command_group person_commands = { commands, COUNT(commands) };
