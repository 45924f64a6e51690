#include "issuer/register/person_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/register/act.h"
#include "issuer/register/person_store.h"
#include "issuer/register/words.h"

/* ?1 to ?4: district, state, birth and withdrawn. A merged row passes, because
 * its person is the other one, who is asked for these anew. */
#define COLUMN(name, column, option, max, label) ", " #column
#define SELECT "SELECT id, enrolled, enrolled_by" PERSON_TABLE(COLUMN) ", folded," \
	" state, state_since, consent_withdrawn, ifnull(merged_into, 0)" \
	" FROM person "
#define WANTED " AND (?1 IS NULL OR district = ?1)" \
	" AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR birth_date = ?3)" \
	" AND (?4 = 0 OR consent_withdrawn <> '')"
static const char by_word[] = SELECT "WHERE id IN"
    " (SELECT person FROM person_word WHERE word >= ?5 AND word < ?6)"
    " AND (state = 'merged' OR (1 " WANTED ")) ORDER BY id";
static const char by_word_birth[] = SELECT "WHERE id IN"
    " (SELECT id FROM person WHERE birth_date = ?3"
    "  UNION ALL SELECT id FROM person WHERE state = 'merged')"
    " AND (state = 'merged' OR (1 " WANTED ")) ORDER BY id";
static const char by_birth[] = SELECT "WHERE birth_date = ?3 AND"
    " state <> 'merged'" WANTED " ORDER BY id";
static const char by_consent[] = SELECT
    "INDEXED BY person_withdrawn WHERE consent_withdrawn <> '' AND"
    " state <> 'merged'" WANTED " ORDER BY id";
static const char by_district[] = SELECT "WHERE district = ?1 AND"
    " +state <> 'merged'" WANTED " ORDER BY id";
static const char by_state[] = SELECT "WHERE state = ?2" WANTED " ORDER BY id";
static const char by_id[] = SELECT "WHERE id = ?5" WANTED;
#undef COLUMN

struct search {
	struct reg *r;
	const struct person_query *want;
	const char *born;		/* NULL or YYYY-MM-DD */
	struct words words;		/* n 0: by no name */
	int64_t *shown;			/* of those that merged ones led to */
	size_t shown_n;
	struct person p;
	struct person_state s;
	char names[REG_FOLDED];
};

static struct query
ask(struct search *s, const char *sql, struct diag *d)
{
	struct query q = query(s->r, sql, d);

	bind_text(&q, s->want->district);
	bind_text(&q, s->want->state);
	bind_text(&q, s->born);
	bind_int(&q, s->want->withdrawn ? 1 : 0);
	return q;
}

/* False for names that are not those that were asked for. */
static bool
read_row(struct query *q, struct search *s)
{
	col_text(q, PERSON_FIELDS + 3, s->names, sizeof(s->names));
	if (!words_match(&s->words, s->names))
		return false;
	person_read(q, &s->p);
	col_text(q, PERSON_FIELDS + 4, s->s.state, sizeof(s->s.state));
	col_text(q, PERSON_FIELDS + 5, s->s.since, sizeof(s->s.since));
	col_text(q, PERSON_FIELDS + 6, s->s.withdrawn, sizeof(s->s.withdrawn));
	s->s.merged_into = col_int(q, PERSON_FIELDS + 7);
	return true;
}

/* The one that a merged person is now, unless it is found by its own names or
 * was shown already: *show. */
static enum status
follow(struct search *s, bool *show, struct diag *d)
{
	int64_t id = s->s.merged_into, *grown;
	struct query q;
	enum status st;

	*show = false;
	for (size_t i = 0; i < s->shown_n; i++)
		if (s->shown[i] == id)
			return ST_OK;
	q = ask(s, by_id, d);
	bind_int(&q, id);
	if (query_row(&q) && !read_row(&q, s)) {
		person_read(&q, &s->p);
		col_text(&q, PERSON_FIELDS + 4, s->s.state,
		    sizeof(s->s.state));
		*show = true;
	}
	if ((st = query_end(&q)) != ST_OK || !*show)
		return st;
	grown = realloc(s->shown, (s->shown_n + 1) * sizeof(*grown));
	if (grown == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	s->shown = grown;
	s->shown[s->shown_n++] = id;
	return ST_OK;
}

static enum status
run(struct search *s, struct query *q, enum status (*each)(void *arg,
    const struct person *p, const struct person_state *state), void *arg,
    bool *more, struct diag *d)
{
	size_t n = 0;
	enum status st = ST_OK, end;

	*more = false;
	while (st == ST_OK && !*more && query_row(q)) {
		bool show = read_row(q, s);

		if (show && s->s.merged_into != 0 && s->words.n > 0)
			st = follow(s, &show, d);
		if (st != ST_OK || !show)
			continue;
		if (n++ == s->want->limit)
			*more = true;
		else
			st = each(arg, &s->p, &s->s);
	}
	end = query_end(q);
	return st != ST_OK ? st : end;
}

static enum status
check(struct search *s, char born[DATE_TEXT], struct diag *d)
{
	static const char *const states[] = {
		"abroad", "departed", "returned", "dead", "merged"
	};
	const struct person_query *w = s->want;
	bool known = w->state == NULL;
	enum status st;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		known = known || strcmp(states[i], w->state) == 0;
	if (!known)
		return diag_set(d, ST_USAGE,
		    _("--state: one of abroad, departed, returned, dead, merged"));
	if (w->born != NULL) {
		if ((st = act_any_date("born", w->born, born, d)) != ST_OK)
			return st;
		s->born = born;
	}
	if (w->text != NULL) {
		if (!words_split(w->text, &s->words))
			return diag_set(d, ST_DATA,
			    _("give one or more words of a name, in any order"));
	} else if (w->born == NULL && w->district == NULL &&
	    w->state == NULL && !w->withdrawn)
		return diag_set(d, ST_USAGE,
		    _("say whom to find: words of a name, --born, --district, --state or --no-consent"));
	return ST_OK;
}

/* The index that leaves the fewest rows. */
static const char *
statement(const struct search *s)
{
	if (s->born != NULL)
		return s->words.n > 0 ? by_word_birth : by_birth;
	if (s->words.n > 0)
		return by_word;
	if (s->want->withdrawn)
		return by_consent;
	return s->want->state != NULL && strcmp(s->want->state, "abroad") != 0 ?
	    by_state : s->want->district != NULL ? by_district : by_state;
}

enum status
reg_person_search(struct reg *r, const struct person_query *want,
    enum status (*each)(void *arg, const struct person *p,
    const struct person_state *s), void *arg, bool *more, struct diag *d)
{
	char born[DATE_TEXT];
	struct search *s = calloc(1, sizeof(*s));
	struct query q;
	enum status st;

	if (s == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	s->r = r;
	s->want = want;
	if ((st = check(s, born, d)) != ST_OK)
		goto out;
	q = ask(s, statement(s), d);
	if (s->words.n > 0 && s->born == NULL) {
		bind_text(&q, s->words.from);
		bind_text(&q, s->words.to);
	}
	st = run(s, &q, each, arg, more, d);
out:
	free(s->shown);
	free(s);
	return st;
}

struct plain {
	enum status (*each)(void *arg, const struct person *p);
	void *arg;
};

static enum status
give_plain(void *arg, const struct person *p, const struct person_state *s)
{
	struct plain *plain = arg;

	(void)s;
	return plain->each(plain->arg, p);
}

enum status
reg_person_find(struct reg *r, const char *text,
    enum status (*each)(void *arg, const struct person *p), void *arg,
    struct diag *d)
{
	struct person_query want = { .text = text, .limit = SIZE_MAX };
	struct plain plain = { each, arg };
	bool more;

	return reg_person_search(r, &want, give_plain, &plain, &more, d);
}
