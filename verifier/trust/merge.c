#include "verifier/trust/merge.h"

#include <stdlib.h>
#include <string.h>

/* Parts side by side, copied: a bundle in the making. */
struct heap {
	uint8_t *p;
	size_t len, cap;
	bool bad;
};

static void
heap_put(struct heap *h, struct bytes b)
{
	size_t need = h->len + b.len;
	uint8_t *p;

	if (h->bad || b.len == 0)
		return;
	if (need > h->cap) {
		need += need / 2 + 4096;
		if ((p = realloc(h->p, need)) == NULL) {
			h->bad = true;
			return;
		}
		h->p = p;
		h->cap = need;
	}
	memcpy(h->p + h->len, b.p, b.len);
	h->len += b.len;
}

static struct bytes
heap_bytes(const struct heap *h)
{
	return bytes_from(h->p, h->len);
}

struct merge {
	struct store *store;
	const char *name;
	struct bytes bundle;
	struct anchor anchor[TRUST_STATES_MAX];
	size_t anchors_n;
	size_t states_n;		/* whose trust list comes */
	char state[TRUST_STATES_MAX][4];
	struct trust_host held;		/* the store as it is */
	struct trust_host come;		/* what comes, verified by itself */
	struct trust_host next;		/* the store as it will be */
	struct heap own, chosen;	/* come and next borrow from them */
	struct merge_count *count;
	struct diag *d;
};

static enum status
no_memory(struct merge *m)
{
	return diag_set(m->d, ST_INTERNAL, _("out of memory"));
}

static struct bytes
nothing(void)
{
	return bytes_from(NULL, 0);
}

/* ---- verifying what comes ------------------------------------------------ */

static bool
list_comes(const struct merge *m, const char *state)
{
	for (size_t i = 0; i < m->states_n; i++)
		if (strcmp(m->state[i], state) == 0)
			return true;
	return false;
}

/* Of which states the bundle brings a trust list, by its own word: what is
 * wrong with it trust_host_add will say. */
static enum status
find_lists(struct merge *m)
{
	struct trust_list *l = malloc(sizeof(*l));
	struct bytes rest = m->bundle;
	struct trust_part p;

	if (l == NULL)
		return no_memory(m);
	while (rest.len > 0 && trust_part_next(&rest, &p) == ST_OK)
		if (p.kind == PART_LIST && m->states_n < TRUST_STATES_MAX &&
		    trust_list_parse(p.sign1.payload, l) == ST_OK)
			memcpy(m->state[m->states_n++], l->state, 4);
	free(l);
	return ST_OK;
}

/* The whole bundle, by its own trust list where it brings one, else by the one
 * held; the roots that the store knows vouch for it as well as its own. */
static enum status
verify(struct merge *m)
{
	const struct trust *t = m->held.trust;
	enum status st;

	if ((st = find_lists(m)) != ST_OK)
		return st;
	for (size_t i = 0; i < t->roots_n; i++)
		heap_put(&m->own, t->root[i].raw);
	for (size_t i = 0; i < t->lists_n; i++)
		if (!list_comes(m, t->list[i].state))
			heap_put(&m->own, t->list[i].raw);
	if (m->own.bad)
		return no_memory(m);
	if (m->own.len > 0 && (st = trust_host_add(&m->come, m->store->path,
	    heap_bytes(&m->own), m->d)) != ST_OK)
		return st;
	return trust_host_add(&m->come, m->name, m->bundle, m->d);
}

/* ---- choosing ------------------------------------------------------------ */

static void
count_part(struct merge *m, struct bytes came, struct bytes held, bool newer)
{
	if (newer)
		m->count->newer++;
	else if (bytes_equal(came, held))
		m->count->same++;
	else
		m->count->older++;
}

/* The trust list that counts, of one that comes and the one held. */
static enum status
choose_list(struct merge *m, const struct trust_list *l)
{
	const struct trust *held = m->held.trust;
	size_t k = trust_find_state(held, l->state);
	int order = k == held->lists_n ? 1 :
	    trust_list_order(l, &held->list[k]);

	if (order == 0 && !bytes_equal(l->payload, held->list[k].payload))
		return diag_set(m->d, ST_ROLLBACK,
		    _("%s: another trust list of %s with the sequence of the one held; ask the ministry which one is right"),
		    m->name, l->state);
	heap_put(&m->chosen, order > 0 ? l->raw : held->list[k].raw);
	if (list_comes(m, l->state))
		count_part(m, l->payload, k < held->lists_n ?
		    held->list[k].payload : nothing(), order > 0);
	return ST_OK;
}

static bool
holds_root(const struct trust *t, const struct cose_key *pub)
{
	for (size_t i = 0; i < t->roots_n; i++)
		if (memcmp(&t->root[i].pub, pub, sizeof(*pub)) == 0)
			return true;
	return false;
}

static enum status
choose_lists(struct merge *m)
{
	const struct trust *come = m->come.trust;
	enum status st = ST_OK;

	for (size_t i = 0; i < come->roots_n; i++) {
		heap_put(&m->chosen, come->root[i].raw);
		m->count->newer += come->root[i].raw.len > 0 &&
		    !holds_root(m->held.trust, &come->root[i].pub);
	}
	for (size_t i = 0; i < come->lists_n && st == ST_OK; i++)
		st = choose_list(m, &come->list[i]);
	if (st != ST_OK || m->chosen.len == 0)
		return st;
	return m->chosen.bad ? no_memory(m) : trust_host_add(&m->next,
	    m->name, heap_bytes(&m->chosen), m->d);
}

/* Puts one part into next. *in: it is there. One that was held goes quietly if
 * its signer has lost its right since, or is in the list no longer; one that
 * comes does not come in. */
static enum status
place(struct merge *m, struct bytes raw, bool came, bool *in)
{
	struct trust_part p;
	struct bytes rest = raw;
	enum status st = trust_part_next(&rest, &p);

	if (st == ST_OK)
		st = trust_add_part(m->next.trust, &p);
	*in = st == ST_OK;
	if ((st == ST_STATE || st == ST_UNKNOWN_KEY) && !came) {
		m->count->dropped++;
		return ST_OK;
	}
	if (st == ST_STATE || st == ST_UNKNOWN_KEY)
		return diag_set(m->d, st,
		    _("%s: a list in it is signed by a key that may not sign it, as the newer trust list held here says; the office must sign it anew"),
		    m->name);
	if (st == ST_TOO_BIG)
		return diag_set(m->d, st,
		    _("%s: with it the store would hold more than it can; trust remove a state that is not needed"),
		    m->name);
	return st == ST_OK ? st : diag_set(m->d, st,
	    _("%s: the bundle cannot be used"), m->name);
}

/* ---- one rule for what status signers sign ------------------------------- */

/* A part by its name: a list's URI, an office's log. */
struct item {
	struct bytes raw;		/* empty: there is none */
	struct bytes name;
	int64_t iat;
	const struct trust_key *signer;
	const struct log_head *head;	/* of PART_HEAD */
};

static size_t *
count_of(struct trust *t, enum trust_kind kind)
{
	return kind == PART_STATUS ? &t->statuses_n :
	    kind == PART_SHORT ? &t->shorts_n : &t->heads_n;
}

static struct item
item_at(const struct trust *t, enum trust_kind kind, size_t i)
{
	const struct trust_status *full = &t->status[i];
	const struct trust_short *brief = &t->brief[i];
	const struct trust_head *head = &t->head[i];

	if (kind == PART_STATUS)
		return (struct item){ full->raw, full->list.uri,
		    full->list.iat, full->signer, NULL };
	if (kind == PART_SHORT)
		return (struct item){ brief->raw, brief->list.uri,
		    brief->list.iat, brief->signer, NULL };
	/* State and office lie side by side, each with its NUL. */
	return (struct item){ head->raw, bytes_from(head->head.state,
	    sizeof(head->head.state) + sizeof(head->head.office)),
	    head->head.iat, head->signer, &head->head };
}

static struct item
item_named(struct trust *t, enum trust_kind kind, struct bytes name)
{
	for (size_t i = 0; i < *count_of(t, kind); i++) {
		struct item it = item_at(t, kind, i);

		if (bytes_equal(it.name, name))
			return it;
	}
	return (struct item){ .raw = nothing() };
}

/* An office's log only grows. Whoever holds an earlier head is its witness;
 * but a head by a key that was revoked since is nobody's word. */
static enum status
log_grew(struct merge *m, const struct item *h, const struct item *c)
{
	if (c->iat < h->iat || h->signer->revoked_from != TRUST_NEVER)
		return ST_OK;
	switch (log_head_change(h->head, c->head)) {
	case LOG_GREW:
		return ST_OK;
	case LOG_LOST:
		return diag_set(m->d, ST_ROLLBACK,
		    _("%s: the log of issuance of office %s had %llu entries and now has %llu; entries were taken away or an old register was put back; do not use this bundle, and tell the ministry"),
		    m->name, c->head->office, (unsigned long long)h->head->size,
		    (unsigned long long)c->head->size);
	case LOG_REWRITTEN:
		break;
	}
	return diag_set(m->d, ST_ROLLBACK,
	    _("%s: the log of issuance of office %s was rewritten; do not use this bundle, and tell the ministry"),
	    m->name, c->head->office);
}

/* A short list that is not newer than the full one beside it says nothing. */
static bool
is_superfluous(const struct merge *m, enum trust_kind kind,
    const struct item *it)
{
	const struct trust_status *full = NULL;

	for (size_t i = 0; kind == PART_SHORT && full == NULL &&
	    i < m->next.trust->statuses_n; i++)
		if (bytes_equal(m->next.trust->status[i].list.uri, it->name))
			full = &m->next.trust->status[i];
	return full != NULL && full->list.iat >= it->iat;
}

/* Of two of one name the one with the later iat, of one moment the one held;
 * and what comes, if the one held no longer counts. So the one held is tried
 * first. */
static enum status
merge_one(struct merge *m, enum trust_kind kind, const struct item *held,
    const struct item *came)
{
	struct trust *next = m->next.trust;
	struct item now;
	bool in = false, newer;
	enum status st = held->raw.len == 0 || is_superfluous(m, kind, held) ?
	    ST_OK : place(m, held->raw, false, &in);

	if (st != ST_OK || came->raw.len == 0)
		return st;
	if (in && kind == PART_HEAD) {
		now = item_at(next, kind, next->heads_n - 1);
		if ((st = log_grew(m, &now, came)) != ST_OK)
			return st;
	}
	newer = (!in || came->iat > held->iat) &&
	    !is_superfluous(m, kind, came);
	count_part(m, came->raw, held->raw, newer);
	if (!newer)
		return ST_OK;
	if (in)
		--*count_of(next, kind);	/* the one just placed */
	return place(m, came->raw, true, &in);
}

static enum status
merge_kind(struct merge *m, enum trust_kind kind)
{
	struct trust *held = m->held.trust, *come = m->come.trust;
	size_t held_n = *count_of(held, kind), come_n = *count_of(come, kind);
	const struct item none = { .raw = nothing() };
	enum status st = ST_OK;

	for (size_t i = 0; i < held_n + come_n && st == ST_OK; i++) {
		struct item it = i < held_n ? item_at(held, kind, i) :
		    item_at(come, kind, i - held_n), other;

		if (i < held_n) {
			other = item_named(come, kind, it.name);
			st = merge_one(m, kind, &it, &other);
		} else if (item_named(held, kind, it.name).raw.len == 0) {
			st = merge_one(m, kind, &none, &it);
		}
	}
	return st;
}

/* ---- keeping ------------------------------------------------------------- */

/* All of one state, as its file. */
static void
gather(const struct trust *t, size_t state, struct heap *out)
{
	const char *code = t->list[state].state;

	for (size_t i = 0; i < t->roots_n; i++)
		if (strcmp(t->root[i].state, code) == 0)
			heap_put(out, t->root[i].raw);
	heap_put(out, t->list[state].raw);
	for (size_t i = 0; i < t->statuses_n; i++)
		if (t->status[i].state == state)
			heap_put(out, t->status[i].raw);
	for (size_t i = 0; i < t->shorts_n; i++)
		if (t->brief[i].state == state)
			heap_put(out, t->brief[i].raw);
	for (size_t i = 0; i < t->heads_n; i++)
		if (t->head[i].state == state)
			heap_put(out, t->head[i].raw);
}

/* Gathered first and then written, state by state: a state's file is whole or
 * as it was, and states do not depend on each other. */
static enum status
keep(struct merge *m)
{
	const struct trust *t = m->next.trust;
	struct heap out[TRUST_STATES_MAX] = { { 0 } };
	enum status st = ST_OK;

	for (size_t i = 0; i < t->lists_n && st == ST_OK; i++) {
		gather(t, i, &out[i]);
		if (out[i].bad)
			st = no_memory(m);
		else if (out[i].len > TRUST_BUNDLE_MAX)
			st = diag_set(m->d, ST_TOO_BIG,
			    _("%s: the store would hold more of one state than a bundle may"),
			    m->name);
	}
	for (size_t i = 0; i < t->lists_n && st == ST_OK; i++) {
		const struct store_state *held = store_find(m->store,
		    t->list[i].state);

		if (held == NULL || held->raw == NULL ||
		    !bytes_equal(heap_bytes(&out[i]), bytes_from(held->raw,
		    held->len)))
			st = store_put(m->store, t->list[i].state,
			    heap_bytes(&out[i]), m->d);
	}
	for (size_t i = 0; i < TRUST_STATES_MAX; i++)
		free(out[i].p);
	return st;
}

static enum status
run(struct merge *m)
{
	enum status st;

	if ((st = store_load(m->store, &m->held, m->d)) != ST_OK ||
	    (st = trust_host_open(&m->come, m->anchor, m->anchors_n,
	    m->d)) != ST_OK ||
	    (st = trust_host_open(&m->next, m->anchor, m->anchors_n,
	    m->d)) != ST_OK ||
	    (st = verify(m)) != ST_OK ||
	    (st = choose_lists(m)) != ST_OK ||
	    (st = merge_kind(m, PART_STATUS)) != ST_OK ||
	    (st = merge_kind(m, PART_SHORT)) != ST_OK ||
	    (st = merge_kind(m, PART_HEAD)) != ST_OK)
		return st;
	return keep(m);
}

enum status
store_merge(struct store *s, const char *name, struct bytes bundle,
    struct merge_count *count, struct diag *d)
{
	struct merge *m = calloc(1, sizeof(*m));
	enum status st;

	*count = (struct merge_count){ 0 };
	if (m == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	m->store = s;
	m->name = name;
	m->bundle = bundle;
	m->count = count;
	m->d = d;
	m->anchors_n = s->n;
	for (size_t i = 0; i < s->n; i++)
		m->anchor[i] = s->state[i].anchor;
	st = run(m);
	trust_host_close(&m->held);
	trust_host_close(&m->come);
	trust_host_close(&m->next);
	free(m->own.p);
	free(m->chosen.p);
	free(m);
	return st;
}
