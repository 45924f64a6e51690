/* What was found, and what officers decided of it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "common/text.h"
#include "issuer/register/db.h"
#include "issuer/register/duplicate.h"
#include "issuer/register/eyes.h"
#include "issuer/register/officer.h"
#include "issuer/register/person_merge.h"

#define REOPEN_RISE 10	/* of the score, since a decision */

static const char *const decisions[] = {
	[DUPLICATE_OPEN] = "open", [DUPLICATE_DIFFERENT] = "different",
	[DUPLICATE_TWIN] = "twin", [DUPLICATE_SAME] = "same"
};

const char *
duplicate_decision_token(enum duplicate_decision decision)
{
	return decisions[decision];
}

static void
put_score(struct jsonw *j, int before, int after)
{
	if (before == after) {
		jsonw_field_int(j, "score", after);
		return;
	}
	jsonw_key(j, "score");
	jsonw_object(j);
	jsonw_field_int(j, "before", before);
	jsonw_field_int(j, "after", after);
	jsonw_object_end(j);
}

/* p as it was before. */
static enum status
audit_decision(struct reg *r, const struct duplicate_pair *p,
    enum duplicate_decision decision, int score, const char *reason,
    struct diag *d)
{
	uint8_t text[4 * REG_TEXT];
	struct buf b = buf_over(text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);
	char object[64];

	jsonw_object(&j);
	jsonw_key(&j, "decision");
	jsonw_object(&j);
	jsonw_field(&j, "before", decisions[p->decision]);
	jsonw_field(&j, "after", decisions[decision]);
	jsonw_object_end(&j);
	put_score(&j, p->score, score);
	jsonw_field(&j, "reason", reason);
	jsonw_object_end(&j);
	if (b.bad)
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	text[b.len] = '\0';
	(void)snprintf(object, sizeof(object), "duplicate %" PRId64 " %" PRId64,
	    p->a, p->b);
	return reg_audit(r, decision == DUPLICATE_OPEN ? "duplicate.reopen" :
	    "duplicate.decide", object, (const char *)text, d);
}

/* ---- what was found -------------------------------------------------------- */

/* What was decided of two who were less alike is asked again: else somebody
 * would be enrolled under a false date, be told from the other alone, and then
 * be corrected. The table knows these steps as well. */
static enum status
reopen_pair(struct reg *r, int64_t person, const struct duplicate_candidate *c,
    int64_t writer, struct diag *d)
{
	struct query q = query(r, "SELECT a, b, decision, score FROM duplicate"
	    " WHERE a = min(?1, ?2) AND b = max(?1, ?2) AND decision"
	    " IN ('different', 'twin') AND (?3 >= score + ?5 OR"
	    " (?3 >= ?4 AND score < ?4))", d);
	struct duplicate_pair was = { .score = 0 };
	char decision[16] = "";
	enum status st;

	bind_int(&q, person);
	bind_int(&q, c->person);
	bind_int(&q, c->score);
	bind_int(&q, DUP_HIGH);
	bind_int(&q, REOPEN_RISE);
	if (query_row(&q)) {
		was.a = col_int(&q, 0);
		was.b = col_int(&q, 1);
		col_text(&q, 2, decision, sizeof(decision));
		was.score = (int)col_int(&q, 3);
	}
	if ((st = query_end(&q)) != ST_OK || was.a == 0)
		return st;
	was.decision = strcmp(decision, decisions[DUPLICATE_TWIN]) == 0 ?
	    DUPLICATE_TWIN : DUPLICATE_DIFFERENT;
	q = query(r, "UPDATE duplicate SET decision = 'open', decided = NULL,"
	    " decided_by = NULL, reason = '', score = ?3,"
	    " alike_by = ifnull(nullif(?4, 0), alike_by)"
	    " WHERE a = ?1 AND b = ?2", d);
	bind_int(&q, was.a);
	bind_int(&q, was.b);
	bind_int(&q, c->score);
	bind_int(&q, writer);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_decision(r, &was, DUPLICATE_OPEN, c->score, "", d);
}

static enum status
add_pair(struct reg *r, int64_t person, const struct duplicate_candidate *c,
    int64_t writer, const char *reasons, struct diag *d)
{
	struct query q = query(r, "INSERT INTO duplicate (a, b, score, reasons,"
	    " found, found_by, alike_by) SELECT min(?1, ?2), max(?1, ?2), ?3,"
	    " ?4, ?5, ?6, nullif(?7, 0) WHERE NOT EXISTS (SELECT 1 FROM"
	    " duplicate WHERE a = min(?1, ?2) AND b = max(?1, ?2))", d);

	bind_int(&q, person);
	bind_int(&q, c->person);
	bind_int(&q, c->score);
	bind_text(&q, reasons);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_int(&q, writer);
	return query_run(&q);
}

/* An open pair is asked at the highest score it was found with, and for the
 * reasons of then: an edit meanwhile does not take it from the other's eyes. Who
 * made them so alike that another must decide stays who that was. */
static enum status
store_pair(struct reg *r, int64_t person, const struct duplicate_candidate *c,
    int64_t writer, struct diag *d)
{
	char reasons[DUP_REASONS_TEXT];
	struct query q;
	enum status st = reopen_pair(r, person, c, writer, d);

	if (st != ST_OK)
		return st;
	dup_reasons_format(c->reasons, reasons);
	q = query(r, "UPDATE duplicate SET score = ?3, reasons = ?4,"
	    " alike_by = CASE WHEN ?5 = 0 OR (score >= ?6 AND alike_by > 0)"
	    "  THEN alike_by ELSE ?5 END"
	    " WHERE a = min(?1, ?2) AND b = max(?1, ?2) AND"
	    " decision = 'open' AND score < ?3", d);
	bind_int(&q, person);
	bind_int(&q, c->person);
	bind_int(&q, c->score);
	bind_text(&q, reasons);
	bind_int(&q, writer);
	bind_int(&q, DUP_HIGH);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return add_pair(r, person, c, writer, reasons, d);
}

static enum status
count_open(struct reg *r, int64_t person, size_t *n, struct diag *d)
{
	struct query q = query(r, "SELECT count(*) FROM open_duplicate"
	    " WHERE a = ?1 OR b = ?1", d);

	bind_int(&q, person);
	*n = query_row(&q) ? (size_t)col_int(&q, 0) : 0;
	return query_end(&q);
}

/* writer: who has just written to the person's record; 0: it is only sought. */
static enum status
record(struct reg *r, int64_t person, int64_t writer, size_t *n_open,
    struct diag *d)
{
	struct duplicate_candidate found[DUP_FOUND_MAX];
	struct person *p = malloc(sizeof(*p));
	size_t n = 0;
	enum status st = ST_INTERNAL;

	*n_open = 0;
	if (p == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	if ((st = reg_acting(r, d)) == ST_OK &&
	    (st = reg_person(r, person, p, d)) == ST_OK)
		st = reg_duplicate_find(r, p, found, DUP_FOUND_MAX, &n, d);
	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = store_pair(r, person, &found[i], writer, d);
	free(p);
	return st == ST_OK ? count_open(r, person, n_open, d) : st;
}

enum status
reg_duplicate_record(struct reg *r, int64_t person, size_t *n_open,
    struct diag *d)
{
	return record(r, person, r->officer, n_open, d);
}

/* ---- reading pairs --------------------------------------------------------- */

#define SELECT "SELECT p.a, p.b, p.score, p.reasons, p.found," \
    " ifnull(p.decided, 0), p.decision, ifnull(o.login, ''), p.reason" \
    " FROM duplicate AS p LEFT JOIN officer AS o ON o.id = p.decided_by "

static void
read_pair(struct query *q, struct duplicate_pair *out)
{
	char reasons[DUP_REASONS_TEXT], decision[16];

	memset(out, 0, sizeof(*out));
	out->a = col_int(q, 0);
	out->b = col_int(q, 1);
	out->score = (int)col_int(q, 2);
	col_text(q, 3, reasons, sizeof(reasons));
	out->reasons = dup_reasons_parse(reasons);
	out->found = col_int(q, 4);
	out->decided = col_int(q, 5);
	col_text(q, 6, decision, sizeof(decision));
	for (int i = DUPLICATE_OPEN; i <= DUPLICATE_SAME; i++)
		if (strcmp(decisions[i], decision) == 0)
			out->decision = (enum duplicate_decision)i;
	col_text(q, 7, out->decided_by, sizeof(out->decided_by));
	col_text(q, 8, out->reason, sizeof(out->reason));
}

static enum status
read_one(struct reg *r, int64_t a, int64_t b, struct duplicate_pair *out,
    bool *found, struct diag *d)
{
	struct query q = query(r, SELECT
	    "WHERE p.a = min(?1, ?2) AND p.b = max(?1, ?2)", d);

	memset(out, 0, sizeof(*out));
	bind_int(&q, a);
	bind_int(&q, b);
	if ((*found = query_row(&q)))
		read_pair(&q, out);
	return query_end(&q);
}

enum status
reg_duplicate(struct reg *r, int64_t a, int64_t b, struct duplicate_pair *out,
    struct diag *d)
{
	bool found;
	enum status st = read_one(r, a, b, out, &found, d);

	if (st == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("persons %" PRId64 " and %" PRId64 ": never found to be alike; look with duplicate list"),
		    a, b);
	return st;
}

enum status
reg_duplicates(struct reg *r, int64_t person, bool open,
    enum status (*each)(void *arg, const struct duplicate_pair *p), void *arg,
    struct diag *d)
{
	struct query q;
	enum status st = ST_OK, end;

	if (person != 0)
		q = query(r, SELECT "WHERE (p.a = ?1 OR p.b = ?1) AND (?2 = 0 OR"
		    " (p.a, p.b) IN (SELECT a, b FROM open_duplicate))"
		    " ORDER BY p.score DESC, p.a, p.b", d);
	else if (open)
		q = query(r, SELECT "JOIN open_duplicate AS x ON x.a = p.a AND"
		    " x.b = p.b ORDER BY p.score DESC, p.a, p.b", d);
	else
		q = query(r, SELECT "ORDER BY p.score DESC, p.a, p.b", d);
	if (person != 0) {
		bind_int(&q, person);
		bind_int(&q, open);
	}
	while (st == ST_OK && query_row(&q)) {
		struct duplicate_pair p;

		read_pair(&q, &p);
		st = each(arg, &p);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_duplicate_none_open(struct reg *r, int64_t person, bool family,
    struct diag *d)
{
	struct query q = query(r, "WITH asked (id) AS (SELECT ?1 UNION"
	    " SELECT m.person FROM household AS h JOIN household_member AS m"
	    "  ON m.household = h.id WHERE ?2 AND h.head = ?1)"
	    " SELECT o.a, o.b, o.score FROM asked JOIN open_duplicate AS o"
	    "  ON o.a = asked.id OR o.b = asked.id"
	    " ORDER BY o.score DESC, o.a, o.b LIMIT 1", d);
	int64_t a = 0, b = 0, score = 0;
	enum status st;

	bind_int(&q, person);
	bind_int(&q, family);
	if (query_row(&q)) {
		a = col_int(&q, 0);
		b = col_int(&q, 1);
		score = col_int(&q, 2);
	}
	if ((st = query_end(&q)) == ST_OK && a != 0)
		st = diag_set(d, ST_STATE,
		    _("persons %" PRId64 " and %" PRId64 " may be the same (score %d); compare them with duplicate show %" PRId64 " %" PRId64 " and have it decided first with duplicate decide"),
		    a, b, (int)score, a, b);
	return st;
}

/* ---- decisions -------------------------------------------------------------- */

/* What the acting officer has done to the two, and whether a third officer could
 * decide. */
struct part {
	bool enrolled, alike, alike_other, third;
};

static enum status
part_of(struct reg *r, const struct duplicate_pair *p, struct part *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT n.enrolled_by = ?3,"
	    " ifnull(p.alike_by, 0) = ?3, ifnull(p.alike_by, ?3) <> ?3,"
	    " EXISTS (SELECT 1 FROM officer AS o JOIN officer_role AS g"
	    "  ON g.officer = o.id WHERE o.active = 1 AND (o.until = '' OR"
	    "   o.until >= date(?4, 'unixepoch')) AND"
	    "  g.role IN ('registrar', 'approver') AND"
	    "  o.id NOT IN (?3, ifnull(p.alike_by, ?3)))"
	    " FROM duplicate AS p JOIN person AS n ON n.id = p.b"
	    " WHERE p.a = ?1 AND p.b = ?2", d);

	*out = (struct part){ .enrolled = true };
	bind_int(&q, p->a);
	bind_int(&q, p->b);
	bind_int(&q, r->officer);
	bind_int(&q, r->now);
	if (query_row(&q))
		*out = (struct part){
			.enrolled = col_int(&q, 0) != 0,
			.alike = col_int(&q, 1) != 0,
			.alike_other = col_int(&q, 2) != 0,
			.third = col_int(&q, 3) != 0
		};
	return query_end(&q);
}

/* Four eyes: who enrolled the newer one does not say alone that it is nobody
 * whom the register has; nor who made the two alike by changing one of them,
 * and then who enrolled the newer may where there is nobody else. The table
 * refuses it as well. That two are the same is a merge, which has eyes of its
 * own. */
static enum status
may_decide(struct reg *r, const struct duplicate_pair *p,
    enum duplicate_decision decision, struct diag *d)
{
	struct part own;
	enum status st;

	if (p->decision == DUPLICATE_SAME)
		return diag_set(d, ST_STATE,
		    _("persons %" PRId64 " and %" PRId64 " were decided to be the same by %s; that stays"),
		    p->a, p->b, p->decided_by);
	if (decision == DUPLICATE_SAME || p->score < DUP_HIGH)
		return ST_OK;
	if ((st = part_of(r, p, &own, d)) != ST_OK)
		return st;
	if (own.enrolled && (!own.alike_other || own.third))
		return diag_set(d, ST_PERMISSION,
		    _("persons %" PRId64 " and %" PRId64 " have a score of %d and you enrolled %" PRId64 "; another officer must decide"),
		    p->a, p->b, p->score, p->b);
	if (own.alike)
		return diag_set(d, ST_PERMISSION,
		    _("persons %" PRId64 " and %" PRId64 " have a score of %d since you changed one of them; another officer must decide"),
		    p->a, p->b, p->score);
	return eyes_check(r, EYES_PERSON, p->b, "registrar", "approver", d);
}

/* One of the two is of the officer's own districts. */
static enum status
in_jurisdiction(struct reg *r, const struct duplicate_pair *p, struct diag *d)
{
	enum status st = reg_person_in_jurisdiction(r, p->a, NULL);

	return st == ST_PERMISSION ? reg_person_in_jurisdiction(r, p->b, d) :
	    st;
}

/* A pair that no search had found is recorded by who decides it. */
static enum status
pair_of(struct reg *r, int64_t a, int64_t b, struct duplicate_pair *out,
    struct diag *d)
{
	struct duplicate_candidate c;
	bool found;
	enum status st;

	if ((st = read_one(r, a, b, out, &found, d)) != ST_OK || found)
		return st;
	if ((st = reg_duplicate_compare(r, a, b, &c, d)) != ST_OK ||
	    (st = store_pair(r, a, &c, 0, d)) != ST_OK)
		return st;
	return reg_duplicate(r, a, b, out, d);
}

/* A row can be written behind the program: what the two score today counts where
 * it is more. */
static enum status
score_again(struct reg *r, struct duplicate_pair *p, struct diag *d)
{
	struct duplicate_candidate c;
	enum status st;

	if (p->decision == DUPLICATE_SAME)
		return ST_OK;
	if ((st = reg_duplicate_compare(r, p->a, p->b, &c, d)) == ST_OK &&
	    c.score > p->score)
		p->score = c.score;
	return st;
}

static enum status
check_reason(const char *reason, struct diag *d)
{
	struct bytes b = bytes_text(reason);

	if (b.len == 0 || !text_is_printable(b))
		return diag_set(d, ST_DATA,
		    _("--reason: say in a few words what shows it"));
	if (text_length(b) > 200 || b.len >= REG_TEXT)
		return diag_set(d, ST_DATA,
		    _("--reason: longer than 200 characters; shorten it"));
	return ST_OK;
}

static enum status
settle(struct reg *r, const struct duplicate_pair *p,
    enum duplicate_decision decision, const char *reason, struct diag *d)
{
	struct query q = query(r, "UPDATE duplicate SET decision = ?3,"
	    " decided = ?4, decided_by = ?5, reason = ?6"
	    " WHERE a = ?1 AND b = ?2", d);
	enum status st;

	bind_int(&q, p->a);
	bind_int(&q, p->b);
	bind_text(&q, decisions[decision]);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_decision(r, p, decision, p->score, reason, d);
}

enum status
reg_duplicate_decide(struct reg *r, int64_t a, int64_t b,
    enum duplicate_decision decision, int64_t keep, const char *reason,
    struct diag *d)
{
	struct duplicate_pair p;
	enum status st;

	if (a == b)
		return diag_set(d, ST_USAGE,
		    _("name two persons: one is no duplicate of itself"));
	if (decision == DUPLICATE_SAME && keep != a && keep != b)
		return diag_set(d, ST_USAGE,
		    _("--keep: give %" PRId64 " or %" PRId64), a, b);
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = check_reason(reason, d)) != ST_OK ||
	    (st = pair_of(r, a, b, &p, d)) != ST_OK ||
	    (st = score_again(r, &p, d)) != ST_OK ||
	    (st = in_jurisdiction(r, &p, d)) != ST_OK ||
	    (st = may_decide(r, &p, decision, d)) != ST_OK)
		return st;
	if (decision == DUPLICATE_SAME)
		return reg_person_merge(r, keep, keep == a ? b : a, reason, d);
	return settle(r, &p, decision, reason, d);
}

enum status
reg_duplicate_merged(struct reg *r, int64_t keep, int64_t gone,
    const char *reason, struct diag *d)
{
	struct duplicate_pair p;
	bool found;
	size_t n;
	enum status st;

	if ((st = read_one(r, keep, gone, &p, &found, d)) != ST_OK ||
	    (found && ((st = may_decide(r, &p, DUPLICATE_SAME, d)) != ST_OK ||
	    (st = settle(r, &p, DUPLICATE_SAME, reason, d)) != ST_OK)) ||
	    (st = reg_duplicate_index(r, gone, d)) != ST_OK)
		return st;
	return reg_duplicate_record(r, keep, &n, d);
}

/* ---- the whole register ------------------------------------------------------ */

static enum status
scan_upto(struct reg *r, bool again, int64_t *upto, int64_t *done, int64_t *all,
    struct diag *d)
{
	struct query q;
	enum status st;

	if (again && (st = reg_exec(r,
	    "UPDATE duplicate_scan SET upto = 0", d)) != ST_OK)
		return st;
	q = query(r, "SELECT upto, (SELECT count(*) FROM person WHERE"
	    " id <= upto), (SELECT count(*) FROM person) FROM duplicate_scan", d);
	*upto = *done = *all = 0;
	if (query_row(&q)) {
		*upto = col_int(&q, 0);
		*done = col_int(&q, 1);
		*all = col_int(&q, 2);
	}
	return query_end(&q);
}

/* Merged persons are passed by. */
static enum status
next_person(struct reg *r, int64_t after, int64_t *id, bool *merged,
    struct diag *d)
{
	struct query q = query(r, "SELECT id, state = 'merged' FROM person"
	    " WHERE id > ?1 ORDER BY id LIMIT 1", d);

	bind_int(&q, after);
	*id = 0;
	if (query_row(&q)) {
		*id = col_int(&q, 0);
		*merged = col_int(&q, 1) != 0;
	}
	return query_end(&q);
}

enum status
reg_duplicate_scan(struct reg *r, size_t most, bool again, int64_t *done,
    int64_t *all, struct diag *d)
{
	int64_t upto, id = 0;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = scan_upto(r, again, &upto, done, all, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < most; i++) {
		bool merged = false;
		size_t n;

		if ((st = next_person(r, upto, &id, &merged, d)) != ST_OK ||
		    (id != 0 && !merged &&
		    (st = record(r, id, 0, &n, d)) != ST_OK))
			return st;
		if (id == 0)
			break;
		upto = id;
		++*done;
	}
	q = query(r, "UPDATE duplicate_scan SET upto = ?1", d);
	bind_int(&q, upto);
	return query_run(&q);
}
