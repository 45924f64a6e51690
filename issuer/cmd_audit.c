/* status audit: published status lists against the cards, one by one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/replay.h"
#include "issuer/audit.h"
#include "issuer/command.h"

#define HAS_CARD 0x80u	/* beside the replay's bits of a place */

/* One status list while it is audited. */
struct audit {
	struct reg *r;
	const struct office *office;
	const char *name;		/* the file */
	const struct trust_status *status;
	uint8_t *cell;			/* one a place of the list */
	uint64_t places;
	struct findings *found;
	int64_t lists, cards, changed;	/* of all files */
	struct diag *d;
};

static const char *
value_token(unsigned value)
{
	return value == CARD_NEVER_ISSUED ? "never-issued" :
	    card_status_token((enum card_status)value);
}

static enum status
take_act(void *arg, uint64_t index, enum card_status is, int64_t at)
{
	struct audit *a = arg;

	if (index < a->places)
		replay_act(&a->cell[index], is, at, a->status->list.iat);
	return ST_OK;
}

static enum status
take_card(void *arg, const struct card *card)
{
	struct audit *a = arg;
	enum replay_answer answer;
	unsigned value;

	if (card->list != a->status->office.number)
		return ST_OK;
	a->cards++;
	if (!statuslist_get(&a->status->list, card->index, &value)) {
		findings_add(a->found,
		    _("%s: card %s has index %" PRIu64 ", which is outside list %" PRIu32),
		    a->name, card->number, card->index, card->list);
		return ST_OK;
	}
	answer = replay_judge(a->cell[card->index], value);
	if (replay_now(a->cell[card->index]) != card->status)
		findings_add(a->found,
		    _("card %s is %s in the register and %s by its own history"),
		    card->number, card_status_token(card->status),
		    value_token(replay_now(a->cell[card->index])));
	if (answer == REPLAY_WRONG)
		findings_add(a->found,
		    _("%s: card %s (index %" PRIu64 " of list %" PRIu32 ") is %s in the list and %s in the register, and no act since explains it"),
		    a->name, card->number, card->index, card->list,
		    value_token(value), card_status_token(card->status));
	else if (answer == REPLAY_CHANGED)
		a->changed++;
	a->cell[card->index] |= HAS_CARD;
	return ST_OK;
}

/* Every place without a card says never issued. */
static void
check_rest(struct audit *a)
{
	for (uint64_t i = 0; i < a->places; i++) {
		unsigned value;

		if ((a->cell[i] & HAS_CARD) != 0 ||
		    !statuslist_get(&a->status->list, i, &value) ||
		    value == CARD_NEVER_ISSUED)
			continue;
		findings_add(a->found,
		    _("%s: index %" PRIu64 " of list %" PRIu32 " is %s, and no card of the register has it"),
		    a->name, i, a->status->office.number, value_token(value));
	}
}

static enum status
audit_list(struct audit *a)
{
	enum status st;

	a->lists++;
	a->places = (uint64_t)a->status->list.list.len * 4;
	if ((a->cell = malloc((size_t)a->places + 1)) == NULL)
		return diag_set(a->d, ST_INTERNAL, _("out of memory"));
	memset(a->cell, REPLAY_NEW, (size_t)a->places);
	if ((st = reg_list_acts(a->r, a->status->office.number, take_act, a,
	    a->d)) == ST_OK &&
	    (st = reg_cards(a->r, NULL, take_card, a, a->d)) == ST_OK)
		check_rest(a);
	free(a->cell);
	a->cell = NULL;
	return st;
}

/* The status lists of a file behind the trust list held here: so they are
 * verified as a verifier will, whichever list the file itself brings. */
static enum status
with_held_list(const struct held_trust *h, const char *name,
    struct bytes file, struct buf *out, struct diag *d)
{
	buf_put(out, h->list, h->len);
	while (file.len > 0) {
		struct cose_sign1 s;
		struct bytes item;

		if (cbor_check_first(file, CBOR_STRICT, &item) != ST_OK ||
		    cose_sign1_parse(item, CBOR_STRICT, &s) != ST_OK)
			return diag_set(d, ST_MALFORMED,
			    _("%s: not a bundle or signed status lists, or damaged"),
			    name);
		file.p += item.len;
		file.len -= item.len;
		if (bytes_equal_text(s.typ, STATUSLIST_TYP))
			buf_put(out, item.p, item.len);
	}
	return out->bad ? ST_INTERNAL : ST_OK;
}

static enum status
audit_store(struct audit *a, const struct trust *t)
{
	int64_t before = a->lists;
	enum status st = ST_OK;

	for (size_t i = 0; i < t->statuses_n && st == ST_OK; i++) {
		a->status = &t->status[i];
		if (strcmp(a->status->office.state, a->office->state) == 0 &&
		    strcmp(a->status->office.office, a->office->code) == 0)
			st = audit_list(a);
	}
	if (st == ST_OK && a->lists == before)
		st = diag_set(a->d, ST_DATA,
		    _("%s: holds no status list of this office"), a->name);
	return st;
}

static enum status
audit_file(struct audit *a, const struct held_trust *h)
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

static enum status
run_audit(struct session *s)
{
	struct findings found = { 0, NULL };
	struct held_trust held;
	struct audit a = { .r = s->reg, .office = &s->office, .d = s->d,
	    .found = &found };
	enum status st;

	if (s->operands_n == 0)
		return diag_set(s->d, ST_NOT_FOUND,
		    _("the register keeps no status list that was published; give the bundle, or the signed lists, that verifiers have"));
	st = held_trust_open(&held, s->reg, &s->office, s->d);
	if (st == ST_OK)
		st = findings_new(&found, s->d);
	for (size_t i = 0; i < s->operands_n && st == ST_OK; i++) {
		a.name = s->operand[i];
		st = audit_file(&a, &held);
	}
	if (st == ST_OK) {
		answer_int(s->answer, "lists", N_("Status lists"), a.lists);
		answer_int(s->answer, "cards", N_("Cards compared"), a.cards);
		answer_int(s->answer, "changed",
		    N_("Changed since the lists"), a.changed);
		findings_answer(&found, s->answer, s->d);
		if (found.n == 0 && a.changed > 0)
			answer_found(s->answer, diag_set(s->d, ST_DATA,
			    _("the lists are true for their time, and older than the last change: publish")));
	}
	findings_free(&found);
	held_trust_close(&held);
	return st;
}

static const struct command commands[] = {
	{ "status", "audit", NEEDS_REGISTER | READS, run_audit, NULL, 0,
	    "[FILE]...", 0, 256,
	    N_("compare published status lists with the cards") },
};

const struct command_group audit_commands = { commands, COUNT(commands) };
