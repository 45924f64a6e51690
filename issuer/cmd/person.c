/* person add, find, edit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "issuer/cmd/duplicate.h"
#include "issuer/photo/portrait.h"
#include "issuer/register/person_find.h"

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
	uint8_t *file = NULL;
	size_t n;
	enum status st;

	*out = NULL;
	*len = 0;
	if ((st = file_read(path, PHOTO_FILE_MAX, &file, &n, d)) == ST_OK)
		st = portrait_make(bytes_from(file, n), path, out, len, d);
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
	if (st != ST_OK)
		return st;
	answer_main_int(s->answer, "person", p.id);
	return duplicate_tell(s, p.id);
}

static struct {
	const char *district, *state, *born, *limit;
	bool no_consent;
} sought;

static const struct opt find_opts[] = {
	{ .name = "district", .arg = "TEXT", .value = &sought.district,
	    .help = N_("only those of this consular district") },
	{ .name = "state", .arg = "STATE", .value = &sought.state,
	    .help = N_("only those abroad, departed, returned, dead or merged") },
	{ .name = "born", .arg = "DATE", .value = &sought.born,
	    .help = N_("only those born on this day") },
	{ .name = "no-consent", .flag = &sought.no_consent,
	    .help = N_("only those who have withdrawn the consent") },
	{ .name = "limit", .arg = "N", .value = &sought.limit,
	    .help = N_("how many at most, 100 if not given") },
};

static enum status
put_person(void *arg, const struct person *p, const struct person_state *s)
{
	struct answer *a = arg;
	char name[REG_FOLDED];

	answer_cell_int(a, p->id);
	answer_cell(a, person_full_name(p, name, sizeof(name)) ? name : "");
	answer_cell(a, p->field[PERSON_BIRTH_DATE]);
	answer_cell(a, p->field[PERSON_SEX]);
	answer_cell(a, p->field[PERSON_DISTRICT]);
	answer_cell_word(a, s->state);
	return ST_OK;
}

/* The words may come as one operand or as several. */
static enum status
take_words(struct session *s, char text[REG_FOLDED])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < s->operands_n; i++) {
		int n = snprintf(text + used, REG_FOLDED - used, "%s%s",
		    i == 0 ? "" : " ", s->operand[i]);

		if (n < 0 || (size_t)n >= REG_FOLDED - used)
			return diag_set(s->d, ST_USAGE,
			    _("the text to find is too long"));
		used += (size_t)n;
	}
	return ST_OK;
}

static enum status
run_find(struct session *s)
{
	static const struct column columns[] = {
		{ "person", N_("Person") }, { "name", N_("Name") },
		{ "birth_date", N_("Date of birth") }, { "sex", N_("Sex") },
		{ "district", N_("Consular district") },
		{ "state", N_("State") }
	};
	struct person_query want = {
		.district = sought.district, .state = sought.state,
		.born = sought.born, .withdrawn = sought.no_consent
	};
	char text[REG_FOLDED];
	int64_t limit = FIND_LIMIT;
	bool more = false;
	enum status st;

	if ((st = take_words(s, text)) != ST_OK ||
	    (sought.limit != NULL && (st = number_parse(sought.limit,
	    "--limit", FIND_LIMIT_MAX, &limit, s->d)) != ST_OK))
		return st;
	want.text = s->operands_n > 0 ? text : NULL;
	want.limit = (size_t)limit;
	answer_list(s->answer, "persons", columns, COUNT(columns));
	st = reg_person_search(s->reg, &want, put_person, s->answer, &more,
	    s->d);
	answer_list_end(s->answer);
	answer_int(s->answer, "count", N_("Persons"), answer_rows(s->answer));
	if (st == ST_OK && (more || answer_is_json(s->answer)))
		answer_word(s->answer, "more", N_("There are more (--limit)"),
		    more ? "yes" : "no");
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
	if (st != ST_OK)
		return st;
	answer_int(s->answer, "changed", N_("Fields changed"),
	    (int64_t)changed);
	return changed > 0 ? duplicate_tell(s, id) : ST_OK;
}

static const struct command commands[] = {
	{ "person", "add", AS_REGISTRAR | NEEDS_REGISTER | NEEDS_OFFICER | WRITES, run_add,
	    person_opts, COUNT(person_opts), "", 0, 0,
	    N_("enrol a person") },
	{ "person", "find", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_find,
	    find_opts, COUNT(find_opts), "TEXT", 0, 16,
	    N_("find persons by words of their names") },
	{ "person", "edit", AS_REGISTRAR | NEEDS_REGISTER | NEEDS_OFFICER | WRITES, run_edit,
	    person_opts, COUNT(person_opts), "ID", 1, 1,
	    N_("change what the register holds of a person") },
};

const struct command_group person_commands = { commands, COUNT(commands) };
