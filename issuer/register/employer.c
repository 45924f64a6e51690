#include "issuer/register/employer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/db.h"
#include "issuer/register/entry.h"
#include "issuer/register/words.h"

#define HISTORY_MAX (EMPLOYER_FIELDS * 4096)

static const struct {
	const char *column, *option, *label;
	size_t max;
} fields[] = {
#define X(name, column, option, max, label) { #column, option, label, max },
	EMPLOYER_TABLE(X)
#undef X
};

/* Column lists and single-column updates are literals made from the table. */
#define COLUMN(name, column, option, max, label) ", e." #column
#define SELECT_EMPLOYER "SELECT e.id, e.created" EMPLOYER_TABLE(COLUMN) \
	", e.folded FROM employer AS e"
static const char select_one[] = SELECT_EMPLOYER " WHERE e.id = ?1";
static const char select_all[] = SELECT_EMPLOYER
    " WHERE ?1 IS NULL OR e.folded_district = ?1 ORDER BY e.folded, e.id";
static const char select_by_word[] = SELECT_EMPLOYER " WHERE e.id IN"
    " (SELECT employer FROM employer_word WHERE word >= ?1 AND word < ?2)"
    " ORDER BY e.folded, e.id";
#undef COLUMN

static const char *const updates[] = {
#define X(name, column, option, max, label) \
	"UPDATE employer SET " #column " = ?2 WHERE id = ?1",
	EMPLOYER_TABLE(X)
#undef X
};

const char *
employer_column(enum employer_field f)
{
	return fields[f].column;
}

const char *
employer_label(enum employer_field f)
{
	return fields[f].label;
}

enum status
employer_set(struct employer *e, enum employer_field f, const char *value,
    struct diag *d)
{
	return entry_text(fields[f].option, value, fields[f].max,
	    f == EMPLOYER_NAME, e->field[f], d);
}

static void
read_employer(struct query *q, struct employer *out)
{
	out->id = col_int(q, 0);
	out->created = col_int(q, 1);
	for (int f = 0; f < EMPLOYER_FIELDS; f++)
		col_text(q, f + 2, out->field[f], REG_TEXT);
}

enum status
reg_employer(struct reg *r, int64_t id, struct employer *out, struct diag *d)
{
	struct query q = query(r, select_one, d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q)))
		read_employer(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("employer %" PRId64 ": not in the register; look with employer find"),
		    id);
	return st;
}

/* Folds name and district, and refuses those of another employer. */
static enum status
fold(struct reg *r, const struct employer *e, bool another,
    char name[REG_FOLDED], char district[REG_FOLDED], struct diag *d)
{
	int64_t other = 0;
	struct query q;
	enum status st;

	entry_fold(e->field[EMPLOYER_DISTRICT], district);
	if (!words_fold(e->field[EMPLOYER_NAME], name) || name[0] == '\0')
		return diag_set(d, ST_DATA,
		    _("--name: give a name with letters or digits"));
	if (another)
		return ST_OK;
	q = query(r, "SELECT id FROM employer WHERE folded = ?1 AND"
	    " folded_district = ?2 AND id <> ?3 LIMIT 1", d);
	bind_text(&q, name);
	bind_text(&q, district);
	bind_int(&q, e->id);
	if (query_row(&q))
		other = col_int(&q, 0);
	if ((st = query_end(&q)) == ST_OK && other != 0)
		st = diag_set(d, ST_EXISTS,
		    _("employer %" PRId64 " has this name in this district; use it, or say --another if it is a different one"),
		    other);
	return st;
}

static enum status
store_folded(struct reg *r, int64_t id, const char *name,
    const char *district, struct diag *d)
{
	struct query q = query(r, "UPDATE employer SET folded = ?2,"
	    " folded_district = ?3 WHERE id = ?1", d);
	enum status st;

	bind_int(&q, id);
	bind_text(&q, name);
	bind_text(&q, district);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return words_store(r, "DELETE FROM employer_word WHERE employer = ?1",
	    "INSERT INTO employer_word (word, employer) VALUES (?1, ?2)"
	    " ON CONFLICT DO NOTHING", id, name, d);
}

enum status
reg_employer_add(struct reg *r, struct employer *e, bool another,
    struct diag *d)
{
	char name[REG_FOLDED], district[REG_FOLDED], object[48];
	struct query q;
	enum status st;

	e->id = 0;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = fold(r, e, another, name, district, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO employer (name, sector, address, district,"
	    " telephone, contact, folded, folded_district, created, officer)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", d);
	for (int f = 0; f < EMPLOYER_FIELDS; f++)
		bind_text(&q, e->field[f]);
	bind_text(&q, name);
	bind_text(&q, district);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	e->id = sqlite3_last_insert_rowid(r->db);
	e->created = r->now;
	(void)snprintf(object, sizeof(object), "employer %" PRId64, e->id);
	if ((st = store_folded(r, e->id, name, district, d)) != ST_OK)
		return st;
	return reg_audit(r, "employer.add", object, "", d);
}

/* {"telephone": {"before": "...", "after": "..."}, ...} */
static enum status
store_changes(struct reg *r, const struct employer *old,
    const struct employer *new, struct jsonw *j, size_t *n, struct diag *d)
{
	enum status st = ST_OK;

	jsonw_object(j);
	for (int f = 0; f < EMPLOYER_FIELDS && st == ST_OK; f++) {
		struct query q;

		if (strcmp(old->field[f], new->field[f]) == 0)
			continue;
		++*n;
		jsonw_key(j, fields[f].column);
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

enum status
reg_employer_edit(struct reg *r, const struct employer *e, bool another,
    size_t *changed, struct diag *d)
{
	uint8_t text[HISTORY_MAX];
	struct buf b = buf_over(text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);
	struct employer old;
	char name[REG_FOLDED], district[REG_FOLDED], object[48];
	enum status st;

	*changed = 0;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_employer(r, e->id, &old, d)) != ST_OK)
		return st;
	/* One that was added as another stays one. */
	another = another || (strcmp(old.field[EMPLOYER_NAME],
	    e->field[EMPLOYER_NAME]) == 0 &&
	    strcmp(old.field[EMPLOYER_DISTRICT],
	    e->field[EMPLOYER_DISTRICT]) == 0);
	if ((st = fold(r, e, another, name, district, d)) != ST_OK ||
	    (st = store_changes(r, &old, e, &j, changed, d)) != ST_OK ||
	    *changed == 0)
		return st;
	if (b.bad)
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	text[b.len] = '\0';
	(void)snprintf(object, sizeof(object), "employer %" PRId64, e->id);
	if ((st = store_folded(r, e->id, name, district, d)) != ST_OK)
		return st;
	return reg_audit(r, "employer.edit", object, (const char *)text, d);
}

/* Those of q whose name has the words; w NULL: all. */
static enum status
each_employer(struct query *q, const struct words *w,
    enum status (*each)(void *arg, const struct employer *e), void *arg)
{
	struct employer e;
	char folded[REG_FOLDED];
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(q)) {
		col_text(q, EMPLOYER_FIELDS + 2, folded, sizeof(folded));
		if (w != NULL && !words_match(w, folded))
			continue;
		read_employer(q, &e);
		st = each(arg, &e);
	}
	end = query_end(q);
	return st != ST_OK ? st : end;
}

enum status
reg_employer_find(struct reg *r, const char *text,
    enum status (*each)(void *arg, const struct employer *e), void *arg,
    struct diag *d)
{
	struct words w;
	struct query q;

	if (!words_split(text, &w))
		return diag_set(d, ST_DATA,
		    _("give one or more words of a name, in any order"));
	q = query(r, select_by_word, d);
	bind_text(&q, w.from);
	bind_text(&q, w.to);
	return each_employer(&q, &w, each, arg);
}

enum status
reg_employers(struct reg *r, const char *district,
    enum status (*each)(void *arg, const struct employer *e), void *arg,
    struct diag *d)
{
	char folded[REG_FOLDED];
	struct query q = query(r, select_all, d);

	if (district != NULL)
		entry_fold(district, folded);
	bind_text(&q, district != NULL ? folded : NULL);
	return each_employer(&q, NULL, each, arg);
}
