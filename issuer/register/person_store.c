#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "common/text.h"
#include "issuer/register/db.h"
#include "issuer/register/officer.h"

#define WORDS_MAX 16	/* of one search */
#define HISTORY_MAX (PERSON_FIELDS * 4096)

/* Column lists and single-column updates are literals made from the table. */
#define COLUMN(name, column, option, max, label) ", " #column
static const char select_one[] = "SELECT id, enrolled, enrolled_by"
    PERSON_TABLE(COLUMN) " FROM person WHERE id = ?1";
static const char select_by_word[] = "SELECT id, enrolled, enrolled_by"
    PERSON_TABLE(COLUMN) ", folded FROM person WHERE id IN"
    " (SELECT person FROM person_word WHERE word >= ?1 AND word < ?2)"
    " ORDER BY id";
#undef COLUMN

static const char *const updates[] = {
#define X(name, column, option, max, label) \
	"UPDATE person SET " #column " = ?2 WHERE id = ?1",
	PERSON_TABLE(X)
#undef X
};

static void
read_person(struct query *q, struct person *out)
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
		read_person(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("person %" PRId64 ": not in the register; look with person find"),
		    id);
	return st;
}

/* The MRZ spells Ü as UE; who looks for Agüero types aguero. Takes the second
 * letter of such pairs away before they are made. */
static void
bare_vowels(char *name)
{
	static const struct {
		const char *letter;
		char bare;
	} pairs[] = {
		{ "Ä", 'A' }, { "ä", 'A' }, { "Å", 'A' }, { "å", 'A' },
		{ "Ö", 'O' }, { "ö", 'O' }, { "Ø", 'O' }, { "ø", 'O' },
		{ "Ü", 'U' }, { "ü", 'U' },
	};
	char *to = name;

	for (const char *from = name; *from != '\0'; to++) {
		char c = *from;
		size_t len = 1;

		for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
			if (strncmp(from, pairs[i].letter, 2) == 0) {
				c = pairs[i].bare;
				len = 2;
			}
		*to = c;
		from += len;
	}
	*to = '\0';
}

/* Both spellings of the names, where there are two. */
static bool
fold_names(const struct person *p, char folded[REG_FOLDED])
{
	char name[REG_FOLDED], bare[REG_FOLDED];
	size_t len;

	if (!person_full_name(p, name, sizeof(name)) ||
	    !text_mrz_fold(bytes_text(name), folded, REG_FOLDED))
		return false;
	bare_vowels(name);
	if (!text_mrz_fold(bytes_text(name), bare, sizeof(bare)))
		return false;
	len = strlen(folded);
	return strcmp(folded, bare) == 0 || (size_t)snprintf(folded + len,
	    REG_FOLDED - len, " %s", bare) < REG_FOLDED - len;
}

/* Makes the search words of a person anew from the folded names. */
static enum status
store_words(struct reg *r, int64_t id, const char *folded, struct diag *d)
{
	char text[REG_FOLDED], *rest = text, *word;
	struct query q = query(r, "DELETE FROM person_word WHERE person = ?1",
	    d);
	enum status st;

	bind_int(&q, id);
	st = query_run(&q);
	(void)snprintf(text, sizeof(text), "%s", folded);
	while (st == ST_OK && (word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		q = query(r, "INSERT INTO person_word (word, person)"
		    " VALUES (?1, ?2) ON CONFLICT DO NOTHING", d);
		bind_text(&q, word);
		bind_int(&q, id);
		st = query_run(&q);
	}
	return st;
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
	return store_words(r, p->id, folded, d);
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
	q = query(r, "INSERT INTO person (surname1, surname2, given, sex,"
	    " birth_date, birth_place, nationality, nationality_evidence,"
	    " identity_evidence, address, district, telephone, occupation,"
	    " sector, employer, workplace, emergency_contact, guardian,"
	    " consent, folded, enrolled, enrolled_by) VALUES (?1, ?2, ?3, ?4,"
	    " ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
	    " ?19, '?', ?20, ?21)", d);
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
	enum status st = store_photo(r, id, photo, d);

	if (st != ST_OK)
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
		st = diag_set(d, ST_NOT_FOUND,
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

/* Every word begins some word of the names. */
static bool
names_match(const char *folded, char *const *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(word[i]);
		const char *p = folded;

		while (p != NULL && strncmp(p, word[i], len) != 0)
			if ((p = strchr(p, ' ')) != NULL)
				p++;
		if (p == NULL)
			return false;
	}
	return true;
}

static size_t
split_words(char *text, char *word[WORDS_MAX], size_t *longest)
{
	char *rest = text, *w;
	size_t n = 0;

	*longest = 0;
	while (n < WORDS_MAX && (w = strsep(&rest, " ")) != NULL) {
		if (*w == '\0')
			continue;
		word[n] = w;
		if (strlen(w) > strlen(word[*longest]))
			*longest = n;
		n++;
	}
	return n;
}

enum status
reg_person_find(struct reg *r, const char *text,
    enum status (*each)(void *arg, const struct person *p), void *arg,
    struct diag *d)
{
	char folded[REG_FOLDED], after[REG_FOLDED + 1], names[REG_FOLDED];
	char *word[WORDS_MAX];
	struct person *p = NULL;
	struct query q;
	size_t n, longest;
	enum status st = ST_OK, end;

	if (!text_is_printable(bytes_text(text)) ||
	    !text_mrz_fold(bytes_text(text), folded, sizeof(folded)) ||
	    (n = split_words(folded, word, &longest)) == 0)
		return diag_set(d, ST_DATA,
		    _("give one or more words of a name, in any order"));
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	/* '~' sorts after every folded letter: the end of the prefix. */
	(void)snprintf(after, sizeof(after), "%s~", word[longest]);
	q = query(r, select_by_word, d);
	bind_text(&q, word[longest]);
	bind_text(&q, after);
	while (st == ST_OK && query_row(&q)) {
		col_text(&q, PERSON_FIELDS + 3, names, sizeof(names));
		if (!names_match(names, word, n))
			continue;
		read_person(&q, p);
		st = each(arg, p);
	}
	end = query_end(&q);
	free(p);
	return st != ST_OK ? st : end;
}
