#include "issuer/status_audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/replay.h"
#include "common/shortlist.h"
#include "issuer/kept.h"

#define HAS_CARD 0x80u	/* beside the replay's bits of a place */

static const char *
value_token(unsigned value)
{
	return value == CARD_NEVER_ISSUED ? "never-issued" :
	    card_status_token((enum card_status)value);
}

static enum status
take_act(void *arg, uint64_t index, enum card_status is, int64_t at)
{
	struct status_audit *a = arg;

	if (index < a->places)
		replay_act(&a->cell[index], is, at, a->iat);
	return ST_OK;
}

/* A short list says of a card that it is revoked or suspended, or nothing,
 * which is said of one that was not issued then too. */
static enum replay_answer
judge(const struct status_audit *a, uint8_t cell, unsigned value)
{
	enum replay_answer answer = replay_judge(cell, value);

	if (!a->brief || value != CARD_VALID || answer == REPLAY_SAME ||
	    replay_judge(cell, CARD_NEVER_ISSUED) == REPLAY_WRONG)
		return answer;
	return replay_now(cell) == CARD_NEVER_ISSUED ||
	    replay_now(cell) == CARD_VALID ? REPLAY_SAME : REPLAY_CHANGED;
}

static enum status
take_card(void *arg, const struct card *card)
{
	struct status_audit *a = arg;
	enum replay_answer answer;
	uint8_t cell;

	if (card->list != a->number)
		return ST_OK;
	a->cards++;
	if (card->index >= a->places) {
		findings_add(a->found,
		    _("%s: card %s has index %" PRIu64 ", which is outside list %" PRIu32),
		    a->name, card->number, card->index, card->list);
		return ST_OK;
	}
	cell = a->cell[card->index];
	answer = judge(a, cell, a->says[card->index]);
	if (replay_now(cell) != card->status)
		findings_add(a->found,
		    _("card %s is %s in the register and %s by its own history"),
		    card->number, card_status_token(card->status),
		    value_token(replay_now(cell)));
	if (answer == REPLAY_WRONG)
		findings_add(a->found, a->brief ?
		    _("%s: card %s (index %" PRIu64 " of short list %" PRIu32 ") is %s in the list and %s in the register, and no act since explains it") :
		    _("%s: card %s (index %" PRIu64 " of list %" PRIu32 ") is %s in the list and %s in the register, and no act since explains it"),
		    a->name, card->number, card->index, card->list,
		    value_token(a->says[card->index]),
		    card_status_token(card->status));
	else if (answer == REPLAY_CHANGED)
		a->changed++;
	a->cell[card->index] |= HAS_CARD;
	return ST_OK;
}

/* Every place without a card says never issued; a short list says nothing. */
static void
check_rest(struct status_audit *a)
{
	unsigned none = a->brief ? CARD_VALID : CARD_NEVER_ISSUED;

	for (uint64_t i = 0; i < a->places; i++)
		if ((a->cell[i] & HAS_CARD) == 0 && a->says[i] != none)
			findings_add(a->found,
			    _("%s: index %" PRIu64 " of list %" PRIu32 " is %s, and no card of the register has it"),
			    a->name, i, a->number, value_token(a->says[i]));
}

static void
read_full(struct status_audit *a, const struct statuslist *list)
{
	for (uint64_t i = 0; i < a->places; i++) {
		unsigned value = CARD_NEVER_ISSUED;

		(void)statuslist_get(list, i, &value);
		a->says[i] = (uint8_t)value;
	}
}

/* What history alone says of a place; false if it leaves open what. */
static bool
by_history(uint8_t cell, enum card_status *is)
{
	unsigned n = 0;

	for (unsigned v = 0; v <= CARD_NEVER_ISSUED; v++)
		if (replay_judge(cell, v) != REPLAY_WRONG) {
			*is = (enum card_status)v;
			n++;
		}
	return n == 1;
}

/* To look a place up is to walk the list. So the list that history would give
 * is made, which has one encoding; where it is not that one, all are looked up.
 * *same: it was, or every place that it names is one of the list's. */
static enum status
read_brief(struct status_audit *a, const struct shortlist *list,
    struct bytes payload, bool *same)
{
	size_t raw_len = (size_t)(a->places + 3) / 4, cap = payload.len + 64;
	uint8_t *raw = malloc(raw_len + 1), *room = malloc(cap);
	struct buf out = buf_over(room, cap);
	enum status st = ST_OK;

	if (raw == NULL || room == NULL) {
		st = diag_set(a->d, ST_INTERNAL, _("out of memory"));
		goto out;
	}
	memset(raw, 0xff, raw_len);
	for (int pass = 0; pass < 2; pass++) {
		for (uint64_t i = 0; i < a->places; i++) {
			enum card_status is;

			if (pass > 0 || !by_history(a->cell[i], &is))
				is = shortlist_get(list, i);
			statuslist_set(raw, i, is);
			a->says[i] = (uint8_t)(is == CARD_NEVER_ISSUED ?
			    CARD_VALID : is);
		}
		out.len = 0;
		out.bad = false;
		*same = shortlist_encode(bytes_text(a->office->state),
		    list->uri, list->iat, list->exp,
		    bytes_from(raw, raw_len), &out) == ST_OK && !out.bad &&
		    bytes_equal(buf_bytes(&out), payload);
		if (*same)
			break;
	}
out:
	free(raw);
	free(room);
	return st;
}

/* What is asked of both: is it of this register, and in force? */
static void
begin_list(struct status_audit *a, uint32_t number, int64_t iat, int64_t exp,
    bool brief)
{
	char when[WHEN_TEXT];

	a->number = number;
	a->iat = iat;
	a->exp = exp;
	if ((a->brief = brief))
		a->briefs++;
	else
		a->lists++;
	if (number >= 1 && number <= a->lists_n)
		a->seen[number] = true;
	if (exp == 0 || a->now <= exp)
		return;
	when_format(exp, when);
	findings_add(a->found,
	    _("%s: status list %" PRIu32 " is past its deadline (%s): publish"),
	    a->name, number, when);
}

/* The list's places, with what the acts up to its date leave possible. */
static enum status
replay_list(struct status_audit *a, uint64_t places)
{
	a->places = places;
	a->cell = malloc((size_t)places + 1);
	a->says = malloc((size_t)places + 1);
	if (a->cell == NULL || a->says == NULL)
		return diag_set(a->d, ST_INTERNAL, _("out of memory"));
	memset(a->cell, REPLAY_NEW, (size_t)places);
	return reg_list_acts(a->r, a->number, take_act, a, a->d);
}

static enum status
end_list(struct status_audit *a, enum status st)
{
	if (st == ST_OK && (st = reg_cards(a->r, NULL, take_card, a,
	    a->d)) == ST_OK)
		check_rest(a);
	free(a->cell);
	free(a->says);
	a->cell = a->says = NULL;
	return st;
}

static enum status
audit_full(struct status_audit *a, uint32_t number, const struct statuslist *list)
{
	enum status st;

	begin_list(a, number, list->iat, list->exp, false);
	if ((st = replay_list(a, (uint64_t)list->list.len * 4)) == ST_OK)
		read_full(a, list);
	return end_list(a, st);
}

static enum status
audit_brief(struct status_audit *a, uint32_t number, const struct shortlist *list,
    struct bytes payload)
{
	uint8_t *raw = NULL;
	bool same = true;
	size_t len;
	enum status st;

	begin_list(a, number, list->iat, list->exp, true);
	if (number == 0 || number > a->lists_n) {
		findings_add(a->found,
		    _("%s: short list %" PRIu32 " is of a list that the register has not"),
		    a->name, number);
		return ST_OK;
	}
	/* A short list does not say how many places there are. */
	if ((st = reg_list_raw(a->r, number, &raw, &len, a->d)) != ST_OK)
		return st;
	free(raw);
	if ((st = replay_list(a, (uint64_t)len * 4)) == ST_OK &&
	    (st = read_brief(a, list, payload, &same)) == ST_OK && !same)
		findings_add(a->found,
		    _("%s: short list %" PRIu32 " names places that the list has not"),
		    a->name, number);
	return end_list(a, st);
}

/* The status lists of a file behind the trust list held here: so they are
 * verified as a verifier will, whichever list the file itself brings. */
static enum status
with_held_list(const struct held_trust *h, const char *name,
    struct bytes file, struct buf *out, struct diag *d)
{
	buf_put(out, h->list, h->len);
	while (file.len > 0) {
		struct trust_part part;

		if (trust_part_next(&file, &part) != ST_OK)
			return diag_set(d, ST_MALFORMED,
			    _("%s: not a bundle or signed status lists, or damaged"),
			    name);
		if (part.kind == PART_STATUS || part.kind == PART_SHORT)
			buf_put(out, part.raw.p, part.raw.len);
	}
	return out->bad ? ST_INTERNAL : ST_OK;
}

static bool
is_ours(const struct status_audit *a, const struct status_uri *uri)
{
	return strcmp(uri->state, a->office->state) == 0 &&
	    strcmp(uri->office, a->office->code) == 0;
}

static enum status
audit_store(struct status_audit *a, const struct trust *t)
{
	int64_t before = a->lists + a->briefs;
	struct cose_sign1 s;
	enum status st = ST_OK;

	for (size_t i = 0; i < t->statuses_n && st == ST_OK; i++)
		if (is_ours(a, &t->status[i].office))
			st = audit_full(a, t->status[i].office.number,
			    &t->status[i].list);
	for (size_t i = 0; i < t->shorts_n && st == ST_OK; i++)
		if (is_ours(a, &t->brief[i].office) &&
		    (st = cose_sign1_parse(t->brief[i].raw, CBOR_STRICT,
		    &s)) == ST_OK)
			st = audit_brief(a, t->brief[i].office.number,
			    &t->brief[i].list, s.payload);
	if (st == ST_OK && a->lists + a->briefs == before)
		st = diag_set(a->d, ST_DATA,
		    _("%s: holds no status list of this office"), a->name);
	return st;
}

enum status
status_audit_file(struct status_audit *a, const struct held_trust *h)
{
	struct anchor anchor = { "", { 0 } };
	struct trust_host store = { NULL, NULL };
	uint8_t *file = NULL, *room = NULL, *list = NULL;
	size_t len, list_len;
	struct buf both;
	enum status st;

	memcpy(anchor.state, a->office->state, sizeof(anchor.state));
	if ((st = file_read(a->name, TRUST_BUNDLE_MAX, &file, &len, a->d)) !=
	    ST_OK || (st = reg_trust(a->r, &list, &list_len, &anchor.key,
	    a->d)) != ST_OK)
		goto out;
	if ((room = malloc(h->len + len)) == NULL) {
		st = diag_set(a->d, ST_INTERNAL, _("out of memory"));
		goto out;
	}
	both = buf_over(room, h->len + len);
	if ((st = with_held_list(h, a->name, bytes_from(file, len), &both,
	    a->d)) == ST_OK &&
	    (st = trust_host_open(&store, &anchor, 1, a->d)) == ST_OK &&
	    (st = trust_host_add(&store, a->name, buf_bytes(&both),
	    a->d)) == ST_OK)
		st = audit_store(a, store.trust);
out:
	trust_host_close(&store);
	free(room);
	free(list);
	free(file);
	return st;
}

/* What was signed, or prepared for another custodian. */
static struct bytes
payload_of(struct bytes token)
{
	struct cose_sign1 s;

	return cose_sign1_parse(token, CBOR_STRICT, &s) == ST_OK ? s.payload :
	    token;
}

static enum status
audit_kept(struct status_audit *a, uint32_t number, const struct published *p,
    uint8_t *room)
{
	struct buf arena = buf_over(room, STATUSLIST_BYTES_MAX);
	struct bytes full, brief;
	struct statuslist list;
	struct shortlist s;
	enum status st = ST_OK;

	full = payload_of(bytes_from(p->token, p->token_len));
	brief = payload_of(bytes_from(p->short_token, p->short_len));
	/* What cannot be read, kept_check has told. */
	if (statuslist_parse(full, CBOR_STRICT, &arena, &list) == ST_OK)
		st = audit_full(a, number, &list);
	if (st == ST_OK && p->short_len > 0 &&
	    shortlist_parse(brief, &s) == ST_OK)
		st = audit_brief(a, number, &s, brief);
	return st;
}

enum status
status_audit_published(struct status_audit *a, const struct trust *trust)
{
	uint8_t *room = malloc(STATUSLIST_BYTES_MAX);
	bool any = false;
	enum status st = room != NULL ? ST_OK :
	    diag_set(a->d, ST_INTERNAL, _("out of memory"));

	a->name = _("kept here");
	if (st == ST_OK)
		st = kept_check(a->r, a->office, trust, a->found, a->d);
	for (uint32_t i = 1; st == ST_OK && i <= a->lists_n; i++) {
		struct published p;

		if ((st = reg_published(a->r, i, &p, a->d)) == ST_NOT_FOUND) {
			st = ST_OK;
			continue;
		}
		if (st == ST_OK)
			st = audit_kept(a, i, &p, room);
		published_free(&p);
		any = true;
	}
	free(room);
	return st != ST_OK || any ? st : diag_set(a->d, ST_NOT_FOUND,
	    _("the register keeps no status list that was published; give the bundle, or the signed lists, that verifiers have"));
}

enum status
status_audit_begin(struct status_audit *a)
{
	enum status st = reg_lists(a->r, &a->lists_n, a->d);

	if (st != ST_OK)
		return st;
	if ((st = findings_new(a->found, a->d)) != ST_OK)
		return st;
	a->seen = calloc((size_t)a->lists_n + 1, 1);
	return a->seen != NULL ? ST_OK :
	    diag_set(a->d, ST_INTERNAL, _("out of memory"));
}

void
status_audit_end(struct status_audit *a)
{
	for (uint32_t i = 1; a->seen != NULL && i <= a->lists_n; i++)
		if (!a->seen[i])
			findings_add(a->found,
			    _("status list %" PRIu32 " of the register is in none of them"),
			    i);
	free(a->seen);
	a->seen = NULL;
}
