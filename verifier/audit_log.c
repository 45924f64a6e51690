#include "verifier/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/replay.h"
#include "common/when.h"

/* ---- one entry ---------------------------------------------------------- */

/* The row of a list's places, made at its first entry. */
static enum status
place_of(struct audit *a, const struct log_entry *e, uint32_t **out)
{
	struct audit_place *p;

	if (e->list.number > AUDIT_LISTS)
		return diag_set(a->d, ST_TOO_BIG,
		    _("%s: names more than %d status lists"), a->log_path,
		    AUDIT_LISTS);
	p = &a->place[e->list.number];
	if (p->card == NULL) {
		p->card = calloc(LOG_INDEX_MAX, sizeof(*p->card));
		p->first = e->at;
	}
	if (p->card == NULL)
		return diag_set(a->d, ST_INTERNAL, _("out of memory"));
	*out = &p->card[e->index];
	return ST_OK;
}

static uint32_t
digits(const struct log_entry *e)
{
	uint32_t n = 0;

	for (size_t i = 3; e->number[i] != '\0'; i++)
		n = n * 10 + (uint32_t)(e->number[i] - '0');
	return n;
}

/* What no honest office writes, whatever it has signed. */
static void
check_rules(struct audit *a, uint64_t seq, const struct log_entry *e,
    uint32_t was)
{
	uint32_t n = digits(e);
	uint8_t bit = (uint8_t)(1u << (n % 8));

	if (e->kind == LOG_ISSUE) {
		if ((a->numbers[n / 8] & bit) != 0)
			audit_forged(a,
			    _("entry %" PRIu64 ": number %s is issued a second time"),
			    seq, e->number);
		if (was != 0)
			audit_forged(a,
			    _("entry %" PRIu64 " (card %s): its place in the status list is another card's"),
			    seq, e->number);
		a->numbers[n / 8] |= bit;
	} else if (was == 0 || was >> 2 != n + 1) {
		audit_forged(a,
		    _("entry %" PRIu64 " (card %s, %s): no such card was issued before"),
		    seq, e->number, log_kind_token(e->kind));
	} else if ((was & 3u) == CARD_REVOKED) {
		audit_forged(a,
		    _("entry %" PRIu64 " (card %s, %s): the card is revoked, and that is final"),
		    seq, e->number, log_kind_token(e->kind));
	}
}

static int
by_hash(const void *x, const void *y)
{
	const struct audit_card *a = x, *b = y;

	return memcmp(a->hash, b->hash, sizeof(a->hash));
}

bool
audit_is_same(const struct audit_card *c, const struct log_entry *e)
{
	return strcmp(c->number, e->number) == 0 &&
	    strcmp(c->list.state, e->list.state) == 0 &&
	    strcmp(c->list.office, e->list.office) == 0 &&
	    c->list.number == e->list.number && c->index == e->index &&
	    c->exp == e->exp;
}

/* All cards given with this credential: the same may be given twice. */
static void
find_cards(struct audit *a, uint64_t seq, const struct log_entry *e)
{
	struct audit_card key, *c;

	if (a->cards_n == 0)
		return;
	memcpy(key.hash, e->card, sizeof(key.hash));
	c = bsearch(&key, a->card, a->cards_n, sizeof(*c), by_hash);
	if (c == NULL)
		return;
	while (c > a->card && by_hash(c - 1, &key) == 0)
		c--;
	for (; c < a->card + a->cards_n && by_hash(c, &key) == 0; c++) {
		c->entry = (int64_t)seq;
		c->same = audit_is_same(c, e);
	}
}

static void
replay(struct audit *a, const struct log_entry *e)
{
	for (size_t i = 0; i < a->statuses_n; i++) {
		struct audit_status *s = &a->status[i];

		if (s->status->office.number == e->list.number &&
		    e->index < s->places)
			replay_act(&s->cell[e->index],
			    log_kind_status(e->kind), e->at,
			    s->status->list.iat);
		else if (s->status->office.number == e->list.number &&
		    e->at < s->status->list.iat)
			s->wrong++;	/* a place that the list should have */
	}
}

static enum status
take_entry(struct audit *a, uint64_t seq, struct bytes raw,
    const struct log_entry *e)
{
	uint32_t *place = NULL;
	enum status st;

	if (strcmp(e->list.state, a->state) != 0 ||
	    strcmp(e->list.office, a->office) != 0)
		return diag_set(a->d, ST_DATA,
		    _("%s: entry %" PRIu64 " is of another office"),
		    a->log_path, seq);
	if ((st = place_of(a, e, &place)) != ST_OK ||
	    (st = log_walk_step(&a->walk, raw)) != ST_OK)
		return st;
	check_rules(a, seq, e, *place);
	*place = (digits(e) + 1) << 2 | (uint32_t)log_kind_status(e->kind);
	if (e->kind == LOG_ISSUE)
		find_cards(a, seq, e);
	replay(a, e);
	return ST_OK;
}

/* ---- what the log was read for ------------------------------------------ */

static void
describe(const struct log_mark *m, char *out, size_t cap)
{
	char when[WHEN_TEXT];

	when_format(m->head.iat, when);
	(void)snprintf(out, cap,
	    _("the head of %" PRIu64 " entries (%s, in %.80s)"),
	    m->head.size, when, m->from);
}

static void
judge_heads(struct audit *a)
{
	uint64_t good = 0;
	char head[160];

	for (size_t i = 0; i < a->walk.n; i++) {
		const struct log_mark *m = &a->walk.mark[i];

		if (m->agrees) {
			good = m->head.size;
			continue;
		}
		describe(m, head, sizeof(head));
		if (!m->reached)
			audit_forged(a,
			    _("REWRITTEN: %s was signed and this log has %" PRIu64 " entries"),
			    head, a->walk.tree.size);
		else
			audit_forged(a,
			    _("REWRITTEN: %s is not of this log: its first %" PRIu64 " entries are as signed, and one of those up to %" PRIu64 " was changed, removed or moved"),
			    head, good, m->head.size);
	}
	a->covered = good;
}

static void
judge_status(struct audit *a, struct audit_status *s)
{
	uint64_t first = UINT64_MAX;

	for (uint64_t i = 0; i < s->places; i++) {
		enum replay_answer answer;
		unsigned value;

		if (!statuslist_get(&s->status->list, i, &value))
			continue;
		answer = replay_judge(s->cell[i], value);
		s->changed += answer == REPLAY_CHANGED;
		s->wrong += answer == REPLAY_WRONG;
		if (answer == REPLAY_WRONG && first == UINT64_MAX)
			first = i;
	}
	if (s->wrong == 0)
		return;
	if (first != UINT64_MAX)
		audit_forged(a,
		    _("%s: status list %" PRIu32 " is not what the log says: places that differ: %" PRIu64 ", the first at index %" PRIu64),
		    s->from, s->status->office.number, s->wrong, first);
	else
		audit_forged(a,
		    _("%s: status list %" PRIu32 " is shorter than the log says"),
		    s->from, s->status->office.number);
}

/* A list that had cards before its neighbours were signed must be among them:
 * its revocations are known to nobody. */
static void
judge_missing(struct audit *a, const char *from)
{
	bool has[AUDIT_LISTS + 1] = { false };
	int64_t newest = -1;

	for (size_t i = 0; i < a->statuses_n; i++) {
		const struct trust_status *s = a->status[i].status;

		if (a->status[i].from != from)
			continue;
		if (s->office.number <= AUDIT_LISTS)
			has[s->office.number] = true;
		if (s->list.iat > newest)
			newest = s->list.iat;
	}
	for (uint32_t n = 1; n <= AUDIT_LISTS; n++)
		if (a->place[n].card != NULL && !has[n] &&
		    a->place[n].first < newest)
			audit_forged(a,
			    _("%s: status list %" PRIu32 " is not in it, and the log has cards in that list"),
			    from, n);
}

/* The log's last word on a card that it has. */
static enum card_status
status_of(const struct audit *a, const struct audit_card *c)
{
	if (c->list.number > AUDIT_LISTS || c->index >= LOG_INDEX_MAX ||
	    a->place[c->list.number].card == NULL)
		return CARD_NEVER_ISSUED;
	return (enum card_status)
	    (a->place[c->list.number].card[c->index] & 3u);
}

/* A proof stands on a head that was signed: it tells of the log, and never in
 * its place. */
static void
judge_proof(struct audit *a, const struct audit_card *c)
{
	if (c->proved < 0 || c->proved == c->entry)
		return;
	if (c->entry < 0)
		audit_forged(a,
		    _("%s: REWRITTEN: a proof has card %s as entry %" PRId64 ", and this log does not have it"),
		    c->path, c->number, c->proved);
	else
		audit_forged(a,
		    _("%s: REWRITTEN: a proof has card %s as entry %" PRId64 ", and this log as entry %" PRId64),
		    c->path, c->number, c->proved, c->entry);
}

static void
judge_card(struct audit *a, struct audit_card *c)
{
	judge_proof(a, c);
	if (c->entry < 0) {
		audit_forged(a,
		    _("%s: card %s is SIGNED BUT NOT REGISTERED: its signature is good and the log does not have it"),
		    c->path, c->number);
	} else if (!c->same) {
		audit_forged(a,
		    _("%s: card %s is SIGNED BUT NOT REGISTERED as it is: entry %" PRId64 " has its credential with another number, place or expiry"),
		    c->path, c->number, c->entry);
	} else {
		c->status = status_of(a, c);
		if ((uint64_t)c->entry >= a->covered)
			audit_doubt(a,
			    _("%s: card %s is in the log (entry %" PRId64 "), but no signed head given here reaches it; get a newer bundle or head"),
			    c->path, c->number, c->entry);
	}
}

static enum status
make_cells(struct audit *a)
{
	for (size_t i = 0; i < a->statuses_n; i++) {
		struct audit_status *s = &a->status[i];

		s->places = (uint64_t)s->status->list.list.len * 4;
		if ((s->cell = malloc((size_t)s->places + 1)) == NULL)
			return diag_set(a->d, ST_INTERNAL, _("out of memory"));
		memset(s->cell, REPLAY_NEW, (size_t)s->places);
	}
	return ST_OK;
}

enum status
audit_log(struct audit *a)
{
	struct bytes rest = bytes_from(a->log, a->log_len), raw;
	struct log_entry e;
	enum status st;

	if (a->cards_n > 0)
		qsort(a->card, a->cards_n, sizeof(*a->card), by_hash);
	if ((st = make_cells(a)) != ST_OK ||
	    (st = log_walk_begin(&a->walk)) != ST_OK)
		return st;
	for (uint64_t seq = 0; rest.len > 0; seq++) {
		if ((st = log_entry_next(&rest, &raw, &e)) != ST_OK)
			return diag_set(a->d, st,
			    _("%s: entry %" PRIu64 " is cut off or damaged; not a log, or not a whole one"),
			    a->log_path, seq);
		if ((st = take_entry(a, seq, raw, &e)) != ST_OK)
			return st;
	}
	judge_heads(a);
	for (size_t i = 0; i < a->statuses_n; i++)
		judge_status(a, &a->status[i]);
	for (size_t i = 0; i < a->bundles_n; i++)
		judge_missing(a, a->bundle[i].path);
	for (size_t i = 0; i < a->cards_n; i++)
		judge_card(a, &a->card[i]);
	return ST_OK;
}
