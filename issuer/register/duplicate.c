#include "issuer/register/duplicate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/dupsearch.h"

#define BLOCK_MAX 400		/* persons of one key; more say nothing */
#define IDS_MAX 65536		/* candidates of one search */
#define FILL_STEP 2000		/* persons of one transaction */

/* ---- statements that run many times --------------------------------------- */

/* The next round of a statement: binds begin at ?1 again. */
static void
again(struct query *q)
{
	if (q->rc == SQLITE_ROW || q->rc == SQLITE_DONE)
		q->rc = sqlite3_reset(q->stmt);
	q->bound = 0;
}

/* Borrowed until the next step; "" for none. */
static const char *
col_borrowed(struct query *q, int i)
{
	const unsigned char *text = sqlite3_column_text(q->stmt, i);

	return text != NULL ? (const char *)text : "";
}

/* ---- profiles of stored persons ------------------------------------------- */

struct reading {
	struct query person, document;
};

static struct reading
reading(struct reg *r, struct diag *d)
{
	return (struct reading){
		query(r, "SELECT given, surname1, surname2, maiden, birth_date,"
		    " birth_place, sex, identity_evidence, state = 'merged'"
		    " FROM person WHERE id = ?1", d),
		query(r, "SELECT number_folded FROM document"
		    " WHERE person = ?1 AND void = ''", d)
	};
}

static enum status
reading_end(struct reading *q)
{
	enum status st = query_end(&q->person), end = query_end(&q->document);

	return st != ST_OK ? st : end;
}

/* False when there is no such person or it was merged into another. */
static bool
read_profile(struct reading *q, int64_t id, struct dup_profile *out)
{
	struct query *p = &q->person;
	bool found;

	again(p);
	bind_int(p, id);
	if ((found = query_row(p) && col_int(p, 8) == 0)) {
		dup_profile_make(col_borrowed(p, 0), col_borrowed(p, 1),
		    col_borrowed(p, 2), col_borrowed(p, 3), col_borrowed(p, 4),
		    col_borrowed(p, 5), col_borrowed(p, 6), out);
		dup_profile_numbers(out, col_borrowed(p, 7));
	}
	again(&q->document);
	bind_int(&q->document, id);
	while (found && query_row(&q->document))
		dup_profile_number(out, col_borrowed(&q->document, 0));
	return found;
}

/* Of one who need not be stored. */
static void
profile_of(const struct person *p, struct dup_profile *out)
{
	dup_profile_make(p->field[PERSON_GIVEN], p->field[PERSON_SURNAME1],
	    p->field[PERSON_SURNAME2], p->field[PERSON_MAIDEN],
	    p->field[PERSON_BIRTH_DATE], p->field[PERSON_BIRTH_PLACE],
	    p->field[PERSON_SEX], out);
	dup_profile_numbers(out, p->field[PERSON_IDENTITY_EVIDENCE]);
}

/* ---- keys ----------------------------------------------------------------- */

static enum status
read_keys(struct reg *r, int64_t person, int64_t out[DUP_KEYS_MAX], size_t *n,
    struct diag *d)
{
	struct query q = query(r,
	    "SELECT keys FROM person_keyed WHERE person = ?1", d);

	*n = 0;
	bind_int(&q, person);
	if (query_row(&q)) {
		struct bytes b = col_blob(&q, 0);

		*n = b.len / sizeof(out[0]);
		if (*n > DUP_KEYS_MAX)
			*n = DUP_KEYS_MAX;
		if (*n > 0)
			memcpy(out, b.p, *n * sizeof(out[0]));
	}
	return query_end(&q);
}

/* Those of `from` that are not in `in`, both sorted. */
static enum status
run_each(struct query *q, const int64_t *from, size_t from_n,
    const int64_t *in, size_t in_n, int64_t person)
{
	size_t j = 0;

	for (size_t i = 0; i < from_n; i++) {
		while (j < in_n && in[j] < from[i])
			j++;
		if (j < in_n && in[j] == from[i])
			continue;
		again(q);
		bind_int(q, from[i]);
		bind_int(q, person);
		while (query_row(q))
			;
	}
	return query_end(q);
}

static enum status
store_keys(struct reg *r, int64_t person, const int64_t *key, size_t n,
    struct diag *d)
{
	int64_t old[DUP_KEYS_MAX];
	struct query q;
	size_t old_n;
	enum status st = read_keys(r, person, old, &old_n, d);

	if (st != ST_OK)
		return st;
	if (old_n > 0) {
		q = query(r, "DELETE FROM person_key WHERE key = ?1 AND"
		    " person = ?2", d);
		if ((st = run_each(&q, old, old_n, key, n, person)) != ST_OK)
			return st;
	}
	q = query(r, "INSERT INTO person_key (key, person) VALUES (?1, ?2)"
	    " ON CONFLICT DO NOTHING", d);
	if ((st = run_each(&q, key, n, old, old_n, person)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO person_keyed (person, keys) VALUES (?1, ?2)"
	    " ON CONFLICT (person) DO UPDATE SET keys = excluded.keys", d);
	bind_int(&q, person);
	bind_blob(&q, bytes_from(key, n * sizeof(key[0])));
	return query_run(&q);
}

enum status
reg_duplicate_index(struct reg *r, int64_t person, struct diag *d)
{
	struct reading q = reading(r, d);
	struct dup_profile p;
	int64_t key[DUP_KEYS_MAX];
	size_t n = read_profile(&q, person, &p) ? dup_keys(&p, key) : 0;
	enum status st = reading_end(&q);

	return st == ST_OK ? store_keys(r, person, key, n, d) : st;
}

static enum status
fill_some(struct reg *r, size_t *n, struct diag *d)
{
	int64_t id[FILL_STEP];
	struct query q = query(r, "SELECT person FROM person_unkeyed"
	    " ORDER BY person LIMIT ?1", d);
	enum status st;

	*n = 0;
	bind_int(&q, FILL_STEP);
	while (query_row(&q))
		id[(*n)++] = col_int(&q, 0);
	st = query_end(&q);
	for (size_t i = 0; i < *n && st == ST_OK; i++)
		st = reg_duplicate_index(r, id[i], d);
	if (st != ST_OK || *n == 0)
		return st;
	q = query(r, "DELETE FROM person_unkeyed WHERE person <= ?1", d);
	bind_int(&q, id[*n - 1]);
	return query_run(&q);
}

enum status
reg_duplicate_fill(struct reg *r, struct diag *d)
{
	struct query q = query(r, "SELECT EXISTS (SELECT 1 FROM person_unkeyed)",
	    d);
	bool some = query_row(&q) && col_int(&q, 0) != 0;
	size_t n = FILL_STEP;
	enum status st = query_end(&q);

	while (some && st == ST_OK && n == FILL_STEP)
		if ((st = reg_begin(r, d)) == ST_OK &&
		    (st = fill_some(r, &n, d)) == ST_OK)
			st = reg_commit(r, d);
	if (st != ST_OK)
		reg_rollback(r);
	return st;
}

/* ---- the search ----------------------------------------------------------- */

struct search {
	struct reg *r;
	struct diag *d;
	const struct dup_profile *p;
	int64_t self;		/* not a candidate */
	int64_t id[IDS_MAX];
	size_t ids_n;
	struct duplicate_candidate *out;
	size_t cap, n;
};

/* The persons of one key; a block that is too big says nothing, and others of
 * the keys say more. */
static void
take_block(struct search *s, struct query *q)
{
	size_t was = s->ids_n;

	while (s->ids_n < IDS_MAX && query_row(q))
		s->id[s->ids_n++] = col_int(q, 0);
	if (s->ids_n - was > BLOCK_MAX)
		s->ids_n = was;
}

static enum status
gather_keys(struct search *s)
{
	int64_t probe[DUP_PROBES_MAX];
	size_t n = dup_probes(s->p, probe);
	struct query q = query(s->r, "SELECT person FROM person_key"
	    " WHERE key = ?1 LIMIT ?2", s->d);

	for (size_t i = 0; i < n; i++) {
		again(&q);
		bind_int(&q, probe[i]);
		bind_int(&q, BLOCK_MAX + 1);
		take_block(s, &q);
	}
	return query_end(&q);
}

/* All who were born that day, or on the one with day and month exchanged: for
 * them no name need be as it was. */
static enum status
gather_days(struct search *s)
{
	struct date day[2] = { s->p->birth, { s->p->birth.year,
	    s->p->birth.day, s->p->birth.month } };
	struct query q = query(s->r, "SELECT id FROM person"
	    " WHERE birth_date = ?1 LIMIT ?2", s->d);

	for (size_t i = 0; i < 2; i++) {
		char text[DATE_TEXT];

		if (!date_valid(day[i]))
			continue;
		date_format(day[i], text);
		again(&q);
		bind_text(&q, text);
		bind_int(&q, BLOCK_MAX + 1);
		take_block(s, &q);
	}
	return query_end(&q);
}

/* What was seen of documents has numbers of its own. */
static enum status
gather_numbers(struct search *s)
{
	struct query q = query(s->r, "SELECT person FROM document"
	    " WHERE number_folded = ?1 LIMIT ?2", s->d);

	for (size_t i = 0; i < s->p->documents_n; i++) {
		again(&q);
		bind_text(&q, s->p->document[i]);
		bind_int(&q, BLOCK_MAX + 1);
		take_block(s, &q);
	}
	return query_end(&q);
}

static int
by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Keeps out sorted, the best first, and the best cap of them. */
static void
keep(struct search *s, const struct duplicate_candidate *c)
{
	size_t at = s->n;

	while (at > 0 && s->out[at - 1].score < c->score)
		at--;
	if (at == s->cap)
		return;
	if (s->n < s->cap)
		s->n++;
	memmove(&s->out[at + 1], &s->out[at],
	    (s->n - at - 1) * sizeof(s->out[0]));
	s->out[at] = *c;
}

static enum status
score_all(struct search *s)
{
	struct reading q = reading(s->r, s->d);
	struct dup_profile p;

	qsort(s->id, s->ids_n, sizeof(s->id[0]), by_id);
	for (size_t i = 0; i < s->ids_n; i++) {
		struct duplicate_candidate c = { .person = s->id[i] };

		if ((i > 0 && s->id[i] == s->id[i - 1]) ||
		    c.person == s->self || !read_profile(&q, c.person, &p))
			continue;
		c.score = dup_score(s->p, &p, &c.reasons);
		if (c.score >= DUP_OPEN)
			keep(s, &c);
	}
	return reading_end(&q);
}

static enum status
find(struct reg *r, const struct dup_profile *p, int64_t self,
    struct duplicate_candidate *out, size_t cap, size_t *n, struct diag *d)
{
	struct search *s = malloc(sizeof(*s));
	enum status st;

	*n = 0;
	if (s == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	s->r = r;
	s->d = d;
	s->p = p;
	s->self = self;
	s->out = out;
	s->cap = cap;
	s->ids_n = s->n = 0;
	if ((st = gather_numbers(s)) == ST_OK &&
	    (st = gather_days(s)) == ST_OK &&
	    (st = gather_keys(s)) == ST_OK &&
	    (st = score_all(s)) == ST_OK)
		*n = s->n;
	free(s);
	return st;
}

/* The numbers of the documents that were seen of a stored person. */
static enum status
add_numbers(struct reg *r, int64_t person, struct dup_profile *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT number_folded FROM document"
	    " WHERE person = ?1 AND void = ''", d);

	bind_int(&q, person);
	while (query_row(&q))
		dup_profile_number(out, col_borrowed(&q, 0));
	return query_end(&q);
}

enum status
reg_duplicate_find(struct reg *r, const struct person *p,
    struct duplicate_candidate *out, size_t cap, size_t *n, struct diag *d)
{
	struct dup_profile profile;
	enum status st;

	*n = 0;
	profile_of(p, &profile);
	if (p->id != 0 && (st = add_numbers(r, p->id, &profile, d)) != ST_OK)
		return st;
	return find(r, &profile, p->id, out, cap, n, d);
}

enum status
reg_duplicate_compare(struct reg *r, int64_t a, int64_t b,
    struct duplicate_candidate *out, struct diag *d)
{
	struct reading q = reading(r, d);
	struct dup_profile x, y;
	bool has_a = read_profile(&q, a, &x), has_b = read_profile(&q, b, &y);
	enum status st = reading_end(&q);

	memset(out, 0, sizeof(*out));
	if (st != ST_OK)
		return st;
	if (!has_a || !has_b)
		return diag_set(d, ST_NOT_FOUND,
		    _("person %" PRId64 ": not in the register, or merged into another; look with person find"),
		    has_a ? b : a);
	out->person = b;
	out->score = dup_score(&x, &y, &out->reasons);
	return ST_OK;
}
