/* duplicate check, list, show, decide, scan. */
#include "issuer/cmd/duplicate.h"

#include <inttypes.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/exchange/progress.h"
#include "issuer/register/document.h"
#include "issuer/register/person_record.h"
#include "issuer/register/person_state.h"
#include "issuer/register/session.h"

#define SCAN_STEP 200		/* persons of one transaction */

static const char *given[PERSON_FIELDS], *person_id, *keep_id, *reason;
static bool open_only, decided_only, different, twin, same, from_start;

void
duplicate_reasons(const struct answer *a, uint32_t reasons,
    char out[REASONS_MAX])
{
	size_t used = 0;

	out[0] = '\0';
	if (answer_is_json(a)) {
		dup_reasons_format(reasons, out);
		return;
	}
	for (int i = 0; i < DUP_REASONS; i++) {
		int n;

		if ((reasons & UINT32_C(1) << i) == 0)
			continue;
		n = snprintf(out + used, REASONS_MAX - used, "%s%s",
		    used > 0 ? ", " : "",
		    gettext(dup_reason_text((enum dup_reason)i)));
		if (n < 0 || (size_t)n >= REASONS_MAX - used)
			return;
		used += (size_t)n;
	}
}

/* ---- candidates of one person --------------------------------------------- */

static const struct column candidate_columns[] = {
	{ "person", N_("May be person") }, { "name", N_("Name") },
	{ "birth_date", N_("Date of birth") }, { "score", N_("Score") },
	{ "reasons", N_("Reasons") }
};

static enum status
put_candidate(struct session *s, int64_t person, int score, uint32_t reasons)
{
	struct person p;
	char name[REG_FOLDED], why[REASONS_MAX];
	enum status st = reg_person(s->reg, person, &p, s->d);

	if (st != ST_OK)
		return st;
	duplicate_reasons(s->answer, reasons, why);
	answer_cell_int(s->answer, person);
	answer_cell(s->answer, person_full_name(&p, name, sizeof(name)) ?
	    name : "");
	answer_cell(s->answer, p.field[PERSON_BIRTH_DATE]);
	answer_cell_int(s->answer, score);
	answer_cell(s->answer, why);
	return ST_OK;
}

struct told {
	struct session *s;
	int64_t person;
};

static enum status
put_other(void *arg, const struct duplicate_pair *p)
{
	struct told *t = arg;

	return put_candidate(t->s, p->a == t->person ? p->b : p->a, p->score,
	    p->reasons);
}

enum status
duplicate_tell(struct session *s, int64_t person)
{
	struct told told = { s, person };
	size_t n;
	enum status st = reg_duplicate_record(s->reg, person, &n, s->d);

	if (st != ST_OK || n == 0)
		return st;
	answer_list(s->answer, "duplicates", candidate_columns,
	    COUNT(candidate_columns));
	st = reg_duplicates(s->reg, person, true, put_other, &told, s->d);
	answer_list_end(s->answer);
	return st;
}

static const struct opt check_opts[] = {
#define X(name_, column, option, max, label) \
	{ .name = option, .arg = "TEXT", .value = &given[PERSON_##name_], \
	    .help = label },
	PERSON_TABLE(X)
#undef X
};

static enum status
run_check(struct session *s)
{
	struct duplicate_candidate found[DUP_FOUND_MAX];
	struct person p = { .id = 0 };
	char name[REG_FOLDED];
	size_t n;
	enum status st = ST_OK;

	for (int f = 0; f < PERSON_FIELDS && st == ST_OK; f++)
		if (given[f] != NULL)
			st = person_set(&p, (enum person_field)f, given[f],
			    s->d);
	if (st != ST_OK)
		return st;
	if (!person_full_name(&p, name, sizeof(name)) || name[0] == '\0' ||
	    p.field[PERSON_BIRTH_DATE][0] == '\0')
		return diag_set(s->d, ST_USAGE,
		    _("give --birth-date and the names as for person add"));
	if ((st = reg_duplicate_find(s->reg, &p, found, DUP_FOUND_MAX, &n,
	    s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "duplicates", candidate_columns,
	    COUNT(candidate_columns));
	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = put_candidate(s, found[i].person, found[i].score,
		    found[i].reasons);
	answer_list_end(s->answer);
	return st;
}

/* ---- pairs ------------------------------------------------------------------ */

static enum status
put_name(struct session *s, int64_t person)
{
	struct person p;
	char name[REG_FOLDED];
	enum status st = reg_person(s->reg, person, &p, s->d);

	if (st != ST_OK)
		return st;
	answer_cell_int(s->answer, person);
	answer_cell(s->answer, person_full_name(&p, name, sizeof(name)) ?
	    name : "");
	return ST_OK;
}

static enum status
put_pair(void *arg, const struct duplicate_pair *p)
{
	struct session *s = arg;
	char why[REASONS_MAX], moment[WHEN_TEXT];
	enum status st;

	if (decided_only && p->decision == DUPLICATE_OPEN)
		return ST_OK;
	if ((st = put_name(s, p->a)) != ST_OK ||
	    (st = put_name(s, p->b)) != ST_OK)
		return st;
	duplicate_reasons(s->answer, p->reasons, why);
	answer_cell_int(s->answer, p->score);
	answer_cell_word(s->answer, duplicate_decision_token(p->decision));
	answer_cell(s->answer, why);
	if (!decided_only && !answer_is_json(s->answer))
		return ST_OK;
	moment_format(p->decided, moment);
	answer_cell(s->answer, moment);
	answer_cell(s->answer, p->decided_by);
	answer_cell(s->answer, p->reason);
	return ST_OK;
}

static const struct opt list_opts[] = {
	{ .name = "open", .flag = &open_only,
	    .help = N_("only those that nobody has decided yet") },
	{ .name = "decided", .flag = &decided_only,
	    .help = N_("only those that were decided: when, by whom and why") },
	{ .name = "person", .arg = "ID", .value = &person_id,
	    .help = N_("only those of this person") },
};

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "a", N_("Person") }, { "a_name", N_("Name") },
		{ "b", N_("Person") }, { "b_name", N_("Name") },
		{ "score", N_("Score") }, { "decision", N_("Decision") },
		{ "reasons", N_("Reasons") }, { "decided", N_("Decided") },
		{ "decided_by", N_("Decided by") }, { "reason", N_("Reason") }
	};
	size_t n = COUNT(columns);
	int64_t person = 0;
	enum status st;

	if (open_only && decided_only)
		return diag_set(s->d, ST_USAGE,
		    _("give one of --open and --decided; without them all are listed"));
	/* The line of an open pair is long enough. */
	if (!decided_only && !answer_is_json(s->answer))
		n -= 3;
	if (person_id != NULL && (st = number_parse(person_id, "--person",
	    ID_MAX, &person, s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "pairs", columns, n);
	st = reg_duplicates(s->reg, person, open_only, put_pair, s, s->d);
	answer_list_end(s->answer);
	return st;
}

/* Two operands; smaller first. */
static enum status
take_pair(const struct session *s, int64_t *a, int64_t *b)
{
	int64_t first, second;
	enum status st;

	if ((st = operand_id(s, &first)) != ST_OK ||
	    (st = number_parse(s->operand[1], s->operand[1], ID_MAX,
	    &second, s->d)) != ST_OK)
		return st;
	*a = first < second ? first : second;
	*b = first < second ? second : first;
	return ST_OK;
}

/* ---- side by side ------------------------------------------------------------ */

#define SIDE_TEXT 1024

struct side {
	const struct answer *a;		/* whose words are used */
	struct person p;
	struct person_state state;
	char photo[8], enrolled[WHEN_TEXT], id[24];
	char documents[SIDE_TEXT], cards[SIDE_TEXT];
};

/* What has no room is left out whole, and "..." says so. */
static void
add_item(char out[SIDE_TEXT], const char *item)
{
	size_t n = strlen(out), more = strlen(item);

	if (n + more + 8 < SIDE_TEXT)
		(void)snprintf(out + n, SIDE_TEXT - n, "%s%s",
		    n > 0 ? ", " : "", item);
	else if (n > 0 && strcmp(out + n - 3, "...") != 0)
		(void)snprintf(out + n, SIDE_TEXT - n, ", ...");
}

static enum status
add_document(void *arg, const struct document *doc)
{
	struct side *side = arg;
	char text[SIDE_TEXT];
	int n = snprintf(text, sizeof(text), "%s %s",
	    answer_word_of(side->a, doc->type), doc->number);

	if (doc->void_[0] == '\0' && n > 0 && (size_t)n < sizeof(text))
		add_item(side->documents, text);
	return ST_OK;
}

static enum status
add_card(void *arg, const struct person_card *c)
{
	struct side *side = arg;
	char text[64];

	(void)snprintf(text, sizeof(text), "%s %s", c->number,
	    answer_word_of(side->a, c->status));
	add_item(side->cards, text);
	return ST_OK;
}

static enum status
read_side(struct session *s, int64_t id, struct side *out)
{
	int64_t photo;
	enum status st;

	memset(out, 0, sizeof(*out));
	out->a = s->answer;
	if ((st = reg_person(s->reg, id, &out->p, s->d)) != ST_OK ||
	    (st = reg_person_state(s->reg, id, &out->state, s->d)) != ST_OK ||
	    (st = reg_documents(s->reg, id, add_document, out, s->d)) !=
	    ST_OK ||
	    (st = reg_person_cards(s->reg, id, false, add_card, out, s->d)) !=
	    ST_OK)
		return st;
	(void)snprintf(out->id, sizeof(out->id), "%" PRId64, id);
	(void)snprintf(out->photo, sizeof(out->photo), "%s",
	    reg_person_photo(s->reg, id, &photo, NULL) == ST_OK ? "yes" :
	    "no");
	moment_format(out->p.enrolled, out->enrolled);
	return ST_OK;
}

static void
put_sides(struct answer *a, const char *key, const char *label,
    const char *first, const char *second, bool words)
{
	bool json = answer_is_json(a), differs = strcmp(first, second) != 0;

	if (!json && first[0] == '\0' && second[0] == '\0')
		return;
	answer_cell(a, json ? key : gettext(label));
	if (words) {
		answer_cell_word(a, first);
		answer_cell_word(a, second);
	} else {
		answer_cell(a, first);
		answer_cell(a, second);
	}
	answer_cell(a, json ? differs ? "yes" : "no" : differs ? "≠" : "");
}

static void
compare_sides(struct answer *a, const struct side *x, const struct side *y)
{
	static const struct column columns[] = {
		{ "field", "" }, { "a", N_("First") }, { "b", N_("Second") },
		{ "differs", "" }
	};

	answer_list(a, "fields", columns, COUNT(columns));
	put_sides(a, "person", N_("Person"), x->id, y->id, false);
	for (int f = 0; f < PERSON_FIELDS; f++)
		put_sides(a, person_column((enum person_field)f),
		    person_label((enum person_field)f), x->p.field[f],
		    y->p.field[f], false);
	put_sides(a, "state", N_("State"), x->state.state, y->state.state,
	    true);
	put_sides(a, "photo", N_("Photo"), x->photo, y->photo, true);
	put_sides(a, "documents", N_("Documents"), x->documents, y->documents,
	    false);
	put_sides(a, "cards", N_("Cards"), x->cards, y->cards, false);
	put_sides(a, "enrolled", N_("Enrolled"), x->enrolled, y->enrolled,
	    false);
	answer_list_end(a);
}

/* The score as they are now; of a merged pair, as it was when decided. */
static enum status
put_score(struct session *s, int64_t a, int64_t b)
{
	struct duplicate_pair p;
	struct duplicate_candidate c = { .person = 0 };
	char why[REASONS_MAX];
	bool recorded = reg_duplicate(s->reg, a, b, &p, NULL) == ST_OK;
	enum status st;

	if (recorded && p.decision == DUPLICATE_SAME) {
		c.score = p.score;
		c.reasons = p.reasons;
	} else if ((st = reg_duplicate_compare(s->reg, a, b, &c, s->d)) !=
	    ST_OK)
		return st;
	duplicate_reasons(s->answer, c.reasons, why);
	answer_int(s->answer, "score", N_("Score"), c.score);
	answer_text(s->answer, "reasons", N_("Reasons"), why);
	if (!recorded)
		return ST_OK;
	answer_word(s->answer, "decision", N_("Decision"),
	    duplicate_decision_token(p.decision));
	answer_text(s->answer, "decided_by", N_("Decided by"), p.decided_by);
	answer_text(s->answer, "reason", N_("Reason"), p.reason);
	return ST_OK;
}

static enum status
run_show(struct session *s)
{
	struct side *x = malloc(sizeof(*x)), *y = malloc(sizeof(*y));
	int64_t a, b;
	enum status st = ST_INTERNAL;

	if (x == NULL || y == NULL) {
		st = diag_set(s->d, ST_INTERNAL, _("out of memory"));
		goto out;
	}
	if ((st = take_pair(s, &a, &b)) != ST_OK ||
	    (st = read_side(s, a, x)) != ST_OK ||
	    (st = read_side(s, b, y)) != ST_OK)
		goto out;
	compare_sides(s->answer, x, y);
	st = put_score(s, a, b);
out:
	free(x);
	free(y);
	return st;
}

/* ---- decisions ---------------------------------------------------------------- */

static const struct opt decide_opts[] = {
	{ .name = "different", .flag = &different,
	    .help = N_("they are two persons") },
	{ .name = "twin", .flag = &twin,
	    .help = N_("they are two persons, born together") },
	{ .name = "same", .flag = &same,
	    .help = N_("they are one person; the records become one") },
	{ .name = "keep", .arg = "ID", .value = &keep_id,
	    .help = N_("with --same: whose record goes on, else the older one") },
	{ .name = "reason", .arg = "TEXT", .value = &reason, .required = true,
	    .help = N_("what shows it") },
};

static enum status
run_decide(struct session *s)
{
	enum duplicate_decision decision = same ? DUPLICATE_SAME :
	    twin ? DUPLICATE_TWIN : DUPLICATE_DIFFERENT;
	int64_t a, b, keep;
	enum status st = take_pair(s, &a, &b);

	if (st != ST_OK)
		return st;
	keep = a;
	if (different + twin + same != 1)
		return diag_set(s->d, ST_USAGE,
		    _("say what they are: one of --different, --twin, --same"));
	if (keep_id != NULL && !same)
		return diag_set(s->d, ST_USAGE,
		    _("--keep goes with --same: of two persons both stay"));
	if ((keep_id != NULL && (st = number_parse(keep_id, "--keep",
	    ID_MAX, &keep, s->d)) != ST_OK) ||
	    (st = reg_duplicate_decide(s->reg, a, b, decision, keep, reason,
	    s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "a", N_("First"), a);
	answer_int(s->answer, "b", N_("Second"), b);
	answer_word(s->answer, "decision", N_("Decision"),
	    duplicate_decision_token(decision));
	if (same)
		answer_int(s->answer, "person", N_("Person"), keep);
	return ST_OK;
}

/* ---- the whole register -------------------------------------------------------- */

static const struct opt scan_opts[] = {
	{ .name = "again", .flag = &from_start,
	    .help = N_("from the first person, not from where the last one came to") },
};

static enum status
count_pair(void *arg, const struct duplicate_pair *p)
{
	(void)p;
	++*(int64_t *)arg;
	return ST_OK;
}

/* Some persons a transaction: what was done stays, whatever ends it, and the
 * office can go on working beside it. */
static enum status
run_scan(struct session *s)
{
	struct progress bar = progress_begin(_("looking"), "/s");
	int64_t done = 0, all = 0, before, n = 0;
	enum status st = ST_OK;

	do {
		before = done;
		if ((st = reg_begin_acting(s->reg, s->d)) == ST_OK &&
		    (st = reg_duplicate_scan(s->reg, SCAN_STEP, from_start,
		    &done, &all, s->d)) == ST_OK)
			st = reg_commit(s->reg, s->d);
		if (st != ST_OK)
			reg_rollback(s->reg);
		from_start = false;
		progress_at(&bar, (uint64_t)done, (uint64_t)all, (uint64_t)done);
	} while (st == ST_OK && done < all && done != before);
	progress_end(&bar);
	if (st != ST_OK || (st = reg_duplicates(s->reg, 0, true, count_pair,
	    &n, s->d)) != ST_OK)
		return st;
	answer_int(s->answer, "persons", N_("Persons"), done);
	answer_int(s->answer, "open", N_("Open pairs"), n);
	return ST_OK;
}

#define EYES (AS_REGISTRAR | AS_APPROVER | NEEDS_REGISTER | NEEDS_OFFICER)

static const struct command commands[] = {
	{ "duplicate", "check", AS_MANAGER | EYES | READS, run_check, check_opts,
	    COUNT(check_opts), "", 0, 0,
	    N_("who may be the person that is about to be enrolled") },
	{ "duplicate", "list", AS_MANAGER | EYES | READS, run_list, list_opts,
	    COUNT(list_opts), "", 0, 0, N_("pairs that may be one person") },
	{ "duplicate", "show", AS_MANAGER | EYES | READS, run_show, NULL, 0, "A B", 2, 2,
	    N_("two persons side by side") },
	{ "duplicate", "decide", EYES | WRITES, run_decide, decide_opts,
	    COUNT(decide_opts), "A B", 2, 2,
	    N_("say whether two persons are one") },
	{ "duplicate", "scan", EYES, run_scan, scan_opts, COUNT(scan_opts), "",
	    0, 0, N_("look through the whole register for duplicates") },
};

const struct command_group duplicate_commands = { commands, COUNT(commands) };
