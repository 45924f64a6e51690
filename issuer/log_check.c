#include "issuer/log_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "issuer/credential.h"
#include "issuer/kept.h"

/* ---- heads -------------------------------------------------------------- */

static bool
is_ours(const struct log_check *c, const struct log_head *h)
{
	return strcmp(h->state, c->office->state) == 0 &&
	    strcmp(h->office, c->office->code) == 0;
}

static enum status
refused(enum status st, const char *name, struct diag *d)
{
	switch ((int)st) {
	case ST_SIGNATURE:
		return diag_set(d, st,
		    _("%s: the signature of its log head does not match"),
		    name);
	case ST_UNKNOWN_KEY:
		return diag_set(d, st,
		    _("%s: its log head is signed by a key that the trust list held here does not name"),
		    name);
	case ST_STATE:
		return diag_set(d, st,
		    _("%s: its log head is signed by a key that may not sign it: another role or office, or past its time, or revoked"),
		    name);
	case ST_INTERNAL:
		return st;
	default:
		return diag_set(d, ST_MALFORMED,
		    _("%s: not a log head or a bundle, or a damaged one"),
		    name);
	}
}

enum status
log_check_file(struct log_check *c, const char *name, struct bytes file)
{
	struct bytes cose;
	struct log_head h;
	size_t heads = 0;
	enum status st;

	while ((st = log_head_next(&file, &cose)) == ST_OK) {
		struct cose_sign1 s;

		if ((st = log_head_peek(cose, &s, &h)) != ST_OK)
			return refused(st, name, c->d);
		if (!is_ours(c, &h))
			continue;
		if ((st = log_head_verify(c->trust, cose, &h)) != ST_OK)
			return refused(st, name, c->d);
		if ((st = walk_mark(&c->walk, &h, name, c->d)) != ST_OK)
			return st;
		heads++;
		c->verified++;
	}
	if (st != ST_NOT_FOUND)
		return refused(st, name, c->d);
	return heads > 0 ? ST_OK : diag_set(c->d, ST_DATA,
	    _("%s: holds no log head of this office"), name);
}

/* A key that the trust list held here does not name, or no longer for then:
 * told, as nothing but the root speaks for the head. */
static void
name_unchecked(struct log_check *c, const struct log_head *h,
    const struct cose_sign1 *s)
{
	char when[WHEN_TEXT], kid[2 * KID_LEN + 1] = "";

	when_format(h->iat, when);
	(void)bytes_to_hex(s->kid, kid, sizeof(kid));
	findings_add(&c->unchecked,
	    _("the head of %" PRIu64 " entries (%s): signed by key %s"),
	    h->size, when, kid);
}

/* A row of log_head against what was signed. A key that is no longer in the
 * trust list proves nothing here: the root does. */
static enum status
check_held(void *arg, const struct log_head *h, struct bytes signed_head)
{
	struct log_check *c = arg;
	struct cose_sign1 s;
	struct log_head was;
	enum status st = log_head_peek(signed_head, &s, &was);

	if (st == ST_OK && (!is_ours(c, &was) || was.size != h->size ||
	    was.iat != h->iat || memcmp(was.root, h->root, LOG_HASH) != 0))
		st = ST_DATA;
	if (st == ST_OK)
		st = c->trust == NULL ? ST_UNKNOWN_KEY :
		    log_head_verify(c->trust, signed_head, &was);
	if (st == ST_INTERNAL)
		return st;
	if (st == ST_OK)
		c->verified++;
	if (st == ST_UNKNOWN_KEY || st == ST_STATE)
		name_unchecked(c, h, &s);
	if (st != ST_OK && st != ST_UNKNOWN_KEY && st != ST_STATE)
		findings_add(&c->found,
		    _("the head of %" PRIu64 " entries that is kept here is not what was signed"),
		    h->size);
	return walk_mark(&c->walk, h, NULL, c->d);
}

/* ---- entries ------------------------------------------------------------ */

static void
suspect(struct log_check *c, int64_t seq, const struct log_entry *e)
{
	if (c->suspects_n == sizeof(c->suspect) / sizeof(c->suspect[0]))
		return;
	c->suspect[c->suspects_n].seq = seq;
	c->suspect[c->suspects_n++].e = *e;
}

static void
differ(bool does, const char *what, char *out, size_t cap)
{
	size_t len = strlen(out);

	if (does)
		(void)snprintf(out + len, cap - len, "%s%s",
		    len > 0 ? ", " : "", what);
}

static bool
same_credential(const struct log_entry *e, struct bytes token)
{
	uint8_t hash[32];

	return e->kind != LOG_ISSUE || (crypto_sha256(&token, 1, hash) ==
	    ST_OK && memcmp(hash, e->card, sizeof(hash)) == 0);
}

/* The entry beside its act and card as they are now. */
static void
compare(struct log_check *c, const struct log_row *row,
    const struct log_entry *e)
{
	const char *kind = log_kind_token(e->kind);
	char what[256] = "";

	if (!row->has_event || !row->has_card) {
		suspect(c, row->seq, e);
		findings_add(&c->found,
		    _("entry %" PRId64 " (card %s, %s): no such act is in the register"),
		    row->seq, e->number, kind);
		return;
	}
	differ(strcmp(row->event, kind) != 0, _("what was done"), what,
	    sizeof(what));
	differ(row->at != e->at, _("when it was done"), what, sizeof(what));
	differ(strcmp(row->number, e->number) != 0, _("the number"), what,
	    sizeof(what));
	differ(strcmp(e->list.state, c->office->state) != 0 ||
	    strcmp(e->list.office, c->office->code) != 0, _("the office"),
	    what, sizeof(what));
	differ(row->list != (int64_t)e->list.number ||
	    row->index != (int64_t)e->index, _("the place in the status list"),
	    what, sizeof(what));
	differ(e->kind == LOG_ISSUE && row->expires != e->exp, _("the expiry"),
	    what, sizeof(what));
	differ(!same_credential(e, row->token), _("the credential"), what,
	    sizeof(what));
	differ(e->kind == LOG_ISSUE && strcmp(row->event, kind) == 0 &&
	    !credential_is_text(row->qr, row->token),
	    _("the text of its symbol"), what, sizeof(what));
	if (what[0] == '\0')
		return;
	suspect(c, row->seq, e);
	findings_add(&c->found,
	    _("entry %" PRId64 " (card %s, %s) and card %s of the register differ in: %s"),
	    row->seq, e->number, kind, row->number, what);
}

static enum status
check_row(void *arg, const struct log_row *row)
{
	struct log_check *c = arg;
	struct log_entry e;

	if (row->seq == c->expected + 1)
		findings_add(&c->found, _("entry %" PRId64 " is missing"),
		    c->expected);
	else if (row->seq != c->expected)
		findings_add(&c->found,
		    _("entries %" PRId64 " to %" PRId64 " are missing"),
		    c->expected, row->seq - 1);
	c->expected = row->seq + 1;
	if (log_entry_parse(row->entry, &e) == ST_OK)
		compare(c, row, &e);
	else
		findings_add(&c->found,
		    _("entry %" PRId64 " (card %s) is not in the form of an entry"),
		    row->seq, row->number);
	return log_walk_step(&c->walk, row->entry);
}

static enum status
check_stray(void *arg, const struct log_stray *s)
{
	struct log_check *c = arg;
	enum log_kind kind;

	if (s->event_id != 0)
		findings_add(&c->found,
		    _("card %s: an act of it (%s, number %" PRId64 " of the history) has no entry in the log"),
		    s->number, s->event, s->event_id);
	else if (!log_kind_parse(s->event, &kind))
		findings_add(&c->found,
		    _("card %s has no entry in the log: not issued by this program"),
		    s->number);
	else if (strcmp(card_status_token(log_kind_status(kind)),
	    s->status) != 0)
		findings_add(&c->found,
		    _("card %s is %s in the register and %s by its last entry in the log"),
		    s->number, s->status,
		    card_status_token(log_kind_status(kind)));
	else
		findings_add(&c->found,
		    _("card %s has not one entry of its issue"), s->number);
	return ST_OK;
}

static enum status
check_place(void *arg, const char *number, uint32_t list, int64_t index)
{
	struct log_check *c = arg;

	findings_add(&c->found,
	    _("card %s has index %" PRId64 ", which is outside status list %" PRIu32),
	    number, index, list);
	return ST_OK;
}

/* ---- what the heads say ------------------------------------------------- */

static void
describe(const struct log_mark *m, char *out, size_t cap)
{
	char when[WHEN_TEXT];

	when_format(m->head.iat, when);
	if (m->from != NULL)
		(void)snprintf(out, cap,
		    _("the head of %" PRIu64 " entries (%s, in %.80s)"),
		    m->head.size, when, m->from);
	else
		(void)snprintf(out, cap,
		    _("the head of %" PRIu64 " entries (%s)"), m->head.size,
		    when);
}

static void
report_short(struct log_check *c, const struct log_mark *m)
{
	uint64_t held = c->walk.tree.size;
	char head[160];

	describe(m, head, sizeof(head));
	findings_add(&c->found,
	    _("%s was signed and this register has %" PRIu64 ": restored from an older backup? entries missing: %" PRIu64 "; do not issue; see operations"),
	    head, held, m->head.size - held);
}

/* The entries from `good` on up to the head m: one of them, or their order, is
 * not what was signed. */
static void
report_rewritten(struct log_check *c, const struct log_mark *m, uint64_t good)
{
	char head[160], agrees[64];

	describe(m, head, sizeof(head));
	if (good > 0)
		(void)snprintf(agrees, sizeof(agrees),
		    _("the head of %" PRIu64 " entries agrees"), good);
	else
		(void)snprintf(agrees, sizeof(agrees),
		    _("no smaller head agrees"));
	for (size_t i = 0; i < c->suspects_n; i++) {
		int64_t seq = c->suspect[i].seq;

		if (seq < (int64_t)good || seq >= (int64_t)m->head.size)
			continue;
		findings_add(&c->found,
		    _("entry %" PRId64 " (card %s, %s) is not what was signed: %s and %s does not"),
		    seq, c->suspect[i].e.number,
		    log_kind_token(c->suspect[i].e.kind), agrees, head);
		return;
	}
	if (m->head.size == good + 1)
		findings_add(&c->found,
		    _("entry %" PRIu64 " is not what was signed: %s and %s does not; it was rewritten or moved, or an older backup was restored and used"),
		    good, agrees, head);
	else
		findings_add(&c->found,
		    _("entries %" PRIu64 " to %" PRIu64 " are not what was signed: %s and %s does not; one was rewritten, removed or moved, or an older backup was restored and used"),
		    good, m->head.size > 0 ? m->head.size - 1 : 0, agrees,
		    head);
}

static void
judge_heads(struct log_check *c)
{
	uint64_t good = 0;
	bool told = false;	/* of this run of heads that disagree */

	for (size_t i = 0; i < c->walk.n; i++) {
		const struct log_mark *m = &c->walk.mark[i];

		if (!m->reached) {
			report_short(c, m);
		} else if (m->agrees) {
			good = m->head.size;
			told = false;
		} else if (!told || m->from != NULL) {
			report_rewritten(c, m, good);
			told = true;
		}
	}
}

static enum status
count_acts(struct log_check *c)
{
	uint64_t acts, entries;
	enum status st = reg_log_acts(c->r, &acts, &entries, c->d);

	if (st == ST_OK && acts != entries)
		findings_add(&c->found,
		    _("the audit has %" PRIu64 " acts that make entries and the log has %" PRIu64 " entries"),
		    acts, entries);
	return st;
}

enum status
log_check_run(struct log_check *c)
{
	enum status st;

	c->expected = 0;
	if ((st = reg_log_heads(c->r, check_held, c, c->d)) != ST_OK ||
	    (st = log_walk_begin(&c->walk)) != ST_OK ||
	    (st = reg_log_rows(c->r, check_row, c, c->d)) != ST_OK)
		return st;
	judge_heads(c);
	if (c->unchecked.n > 0 && c->verified == 0)
		findings_add(&c->found,
		    _("no head of the log is signed by a key that the trust list held here names"));
	if ((st = count_acts(c)) != ST_OK ||
	    (st = kept_check(c->r, c->office, c->trust, &c->found, c->d)) !=
	    ST_OK || (st = reg_log_strays(c->r, check_stray, c, c->d)) != ST_OK)
		return st;
	return reg_misplaced(c->r, check_place, c, c->d);
}
