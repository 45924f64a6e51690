#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/duplicate.h"
#include "issuer/register/household.h"
#include "issuer/register/officer.h"
#include "issuer/register/parent.h"
#include "issuer/register/person_state.h"
#include "issuer/register/person_store.h"
#include "issuer/register/words.h"

#define HISTORY_MAX (PERSON_FIELDS * 4096)

/* Column lists and single-column updates are literals made from the table. */
#define COLUMN(name, column, option, max, label) ", " #column
static const char select_one[] = "SELECT id, enrolled, enrolled_by"
    PERSON_TABLE(COLUMN) " FROM person WHERE id = ?1";
#undef COLUMN

#define COLUMN(name, column, option, max, label) #column ", "
#define VALUE(name, column, option, max, label) "?, "
static const char insert[] = "INSERT INTO person (" PERSON_TABLE(COLUMN)
    "folded, enrolled, enrolled_by) VALUES (" PERSON_TABLE(VALUE)
    "'?', ?, ?)";
#undef COLUMN
#undef VALUE

static const char *const updates[] = {
#define X(name, column, option, max, label) \
	"UPDATE person SET " #column " = ?2 WHERE id = ?1",
	PERSON_TABLE(X)
#undef X
};

void
person_read(struct query *q, struct person *out)
{
	out->id = col_int(q, 0);
	out->enrolled = col_int(q, 1);
	out->enrolled_by = col_int(q, 2);
	for (int f = 0; f < PERSON_FIELDS; f++)
		col_text(q, f + 3, out->field[f], REG_TEXT);
}

enum status
reg_person(struct reg *r, int64_t id, struct person *out, struct diag *d)
{
	struct query q = query(r, select_one, d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q)))
		person_read(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("person %" PRId64 ": not in the register; look with person find"),
		    id);
	return st;
}

/* Of all names, also the surname at birth, by which people are asked for. */
static bool
fold_names(const struct person *p, char folded[REG_FOLDED])
{
	const char *maiden = p->field[PERSON_MAIDEN];
	char name[REG_FOLDED];
	size_t len;

	if (!person_full_name(p, name, sizeof(name) - REG_TEXT))
		return false;
	len = strlen(name);
	(void)snprintf(name + len, sizeof(name) - len, "%s%s",
	    maiden[0] != '\0' ? " " : "", maiden);
	return words_fold(name, folded);
}

static enum status
store_words(struct reg *r, int64_t id, const char *folded, struct diag *d)
{
	return words_store(r, "DELETE FROM person_word WHERE person = ?1",
	    "INSERT INTO person_word (word, person) VALUES (?1, ?2)"
	    " ON CONFLICT DO NOTHING", id, folded, d);
}

static enum status
store_names(struct reg *r, const struct person *p, struct diag *d)
{
	char folded[REG_FOLDED];
	struct query q;
	enum status st;

	if (!fold_names(p, folded))
		return diag_set(d, ST_DATA, _("the names are too long"));
	q = query(r, "UPDATE person SET folded = ?2 WHERE id = ?1", d);
	bind_int(&q, p->id);
	bind_text(&q, folded);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	if ((st = store_words(r, p->id, folded, d)) != ST_OK)
		return st;
	return reg_duplicate_index(r, p->id, d);
}

static enum status
store_photo(struct reg *r, int64_t id, struct bytes photo, struct diag *d)
{
	struct query q = query(r,
	    "INSERT INTO photo (person, image, added) VALUES (?1, ?2, ?3)", d);

	bind_int(&q, id);
	bind_blob(&q, photo);
	bind_int(&q, r->now);
	return query_run(&q);
}

enum status
reg_person_add(struct reg *r, struct person *p, struct bytes photo,
    struct diag *d)
{
	char object[48];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = person_check(p, when_date(r->now), d)) != ST_OK ||
	    (st = reg_in_jurisdiction(r, p->field[PERSON_DISTRICT], d)) != ST_OK)
		return st;
	q = query(r, insert, d);
	for (int f = 0; f < PERSON_FIELDS; f++)
		bind_text(&q, p->field[f]);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	p->id = sqlite3_last_insert_rowid(r->db);
	p->enrolled = r->now;
	p->enrolled_by = r->officer;
	(void)snprintf(object, sizeof(object), "person %" PRId64, p->id);
	if ((st = store_names(r, p, d)) != ST_OK ||
	    (photo.len > 0 &&
	    (st = store_photo(r, p->id, photo, d)) != ST_OK) ||
	    (st = reg_audit(r, "person.add", object, "", d)) != ST_OK)
		return st;
	return ST_OK;
}

/* {"telephone": {"before": "...", "after": "..."}, ...} */
static enum status
store_changes(struct reg *r, const struct person *old,
    const struct person *new, struct jsonw *j, size_t *changed, struct diag *d)
{
	enum status st = ST_OK;

	jsonw_object(j);
	for (int f = 0; f < PERSON_FIELDS && st == ST_OK; f++) {
		struct query q;

		if (strcmp(old->field[f], new->field[f]) == 0)
			continue;
		++*changed;
		jsonw_key(j, person_column((enum person_field)f));
		jsonw_object(j);
		jsonw_field(j, "before", old->field[f]);
		jsonw_field(j, "after", new->field[f]);
		jsonw_object_end(j);
		q = query(r, updates[f], d);
		bind_int(&q, new->id);
		bind_text(&q, new->field[f]);
		st = query_run(&q);
	}
	jsonw_object_end(j);
	return st;
}

/* Withdrawn, it comes back by an act of its own. */
static enum status
check_consent(struct reg *r, const struct person *old,
    const struct person *new, struct diag *d)
{
	struct person_state s;
	enum status st;

	if (strcmp(old->field[PERSON_CONSENT], new->field[PERSON_CONSENT]) == 0)
		return ST_OK;
	if ((st = reg_person_state(r, new->id, &s, d)) == ST_OK &&
	    s.withdrawn[0] != '\0')
		st = diag_set(d, ST_STATE,
		    _("--consent: withdrawn on %s; if the person gives it again, use person consent %" PRId64 " --give DATE"),
		    s.withdrawn, new->id);
	return st;
}

/* What was right of the family when it was recorded stays right. */
static enum status
check_family(struct reg *r, const struct person *old,
    const struct person *new, struct diag *d)
{
	enum status st = ST_OK;

	if (strcmp(old->field[PERSON_BIRTH_DATE],
	    new->field[PERSON_BIRTH_DATE]) != 0 &&
	    ((st = parent_birth_check(r, new, d)) != ST_OK ||
	    (st = household_birth_check(r, new, d)) != ST_OK))
		return st;
	return strcmp(old->field[PERSON_SEX], new->field[PERSON_SEX]) == 0 ?
	    ST_OK : parent_sex_check(r, new, d);
}

enum status
reg_person_edit(struct reg *r, const struct person *p, size_t *changed,
    struct diag *d)
{
	uint8_t *text = malloc(HISTORY_MAX);
	struct person *old = malloc(sizeof(*old));
	struct buf b = buf_over(text, HISTORY_MAX - 1);
	struct jsonw j = jsonw_to(&b);
	char object[48];
	size_t n = 0;
	enum status st = ST_INTERNAL;

	if (text == NULL || old == NULL) {
		st = diag_set(d, ST_INTERNAL, _("out of memory"));
		goto out;
	}
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = person_check(p, when_date(r->now), d)) != ST_OK ||
	    (st = reg_person(r, p->id, old, d)) != ST_OK ||
	    (st = reg_in_jurisdiction(r, old->field[PERSON_DISTRICT], d)) != ST_OK ||
	    (st = reg_in_jurisdiction(r, p->field[PERSON_DISTRICT], d)) != ST_OK ||
	    (st = reg_person_may_change(r, p->id, d)) != ST_OK ||
	    (st = check_consent(r, old, p, d)) != ST_OK ||
	    (st = check_family(r, old, p, d)) != ST_OK ||
	    (st = store_changes(r, old, p, &j, &n, d)) != ST_OK)
		goto out;
	if (b.bad) {
		st = diag_set(d, ST_TOO_BIG, _("the history is too long"));
		goto out;
	}
	text[b.len] = '\0';
	(void)snprintf(object, sizeof(object), "person %" PRId64, p->id);
	if (n > 0 && ((st = store_names(r, p, d)) != ST_OK ||
	    (st = reg_audit(r, "person.edit", object, (const char *)text,
	    d)) != ST_OK))
		goto out;
	if (changed != NULL)
		*changed = n;
	st = ST_OK;
out:
	free(old);
	free(text);
	return st;
}

enum status
reg_person_set_photo(struct reg *r, int64_t id, struct bytes photo,
    struct diag *d)
{
	char object[48], details[48];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_person_may_change(r, id, d)) != ST_OK ||
	    (st = store_photo(r, id, photo, d)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "person %" PRId64, id);
	(void)snprintf(details, sizeof(details), "{\"photo\":%lld}",
	    (long long)sqlite3_last_insert_rowid(r->db));
	return reg_audit(r, "person.photo", object, details, d);
}

enum status
reg_person_photo(struct reg *r, int64_t id, int64_t *photo, struct diag *d)
{
	struct query q = query(r,
	    "SELECT ifnull(max(id), 0) FROM photo WHERE person = ?1", d);
	enum status st;

	bind_int(&q, id);
	*photo = query_row(&q) ? col_int(&q, 0) : 0;
	if ((st = query_end(&q)) == ST_OK && *photo == 0)
		st = diag_set(d, ST_DATA,
		    _("person %" PRId64 ": no photo yet; add one with person edit %" PRId64 " --photo FILE"),
		    id, id);
	return st;
}

enum status
reg_photo(struct reg *r, int64_t photo, uint8_t **out, size_t *len,
    struct diag *d)
{
	struct query q = query(r, "SELECT image FROM photo WHERE id = ?1", d);
	enum status st = ST_NOT_FOUND, end;

	*out = NULL;
	*len = 0;
	bind_int(&q, photo);
	if (query_row(&q)) {
		struct bytes b = col_blob(&q, 0);

		st = ST_INTERNAL;
		if (b.len > 0 && (*out = malloc(b.len)) != NULL) {
			memcpy(*out, b.p, b.len);
			*len = b.len;
			st = ST_OK;
		}
	}
	if ((end = query_end(&q)) != ST_OK) {
		free(*out);
		*out = NULL;
		st = end;
	}
	return st;
}
