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

static enum status
choose_lists(struct merge *m)
{
	const struct trust *come = m->come.trust;
	enum status st = ST_OK;

	for (size_t i = 0; i < come->roots_n; i++)
		heap_put(&m->chosen, come->root[i].raw);
	for (size_t i = 0; i < come->lists_n && st == ST_OK; i++)
		st = choose_list(m, &come->list[i]);
	if (st != ST_OK || m->chosen.len == 0)
		return st;
	return m->chosen.bad ? no_memory(m) : trust_host_add(&m->next,
	    m->name, heap_bytes(&m->chosen), m->d);
}

/* Puts one part into next. One that was held goes quietly if its signer has
 * lost its right since; one that comes does not come in. */
static enum status
place(struct merge *m, struct bytes raw, bool came)
{
	struct trust_part p;
	struct bytes rest = raw;
	enum status st = trust_part_next(&rest, &p);

	if (st == ST_OK)
		st = trust_add_part(m->next.trust, &p);
	if (st == ST_STATE && !came) {
		m->count->dropped++;
		return ST_OK;
	}
	if (st == ST_STATE || st == ST_UNKNOWN_KEY)
		return diag_set(m->d, st,
		    _("%s: a list in it is signed by a key that may not sign it, as the newer trust list held here says; the office must sign it anew"),
		    m->name);
	return st == ST_OK ? st : diag_set(m->d, st,
	    _("%s: the bundle cannot be used"), m->name);
}

/* Of two with one name, the one with the later iat; of one moment, the held. */
static enum status
place_newer(struct merge *m, struct bytes held, int64_t held_iat,
    struct bytes came, int64_t came_iat)
{
	bool newer;

	if (came.len == 0)
		return place(m, held, false);
	newer = held.len == 0 || came_iat > held_iat;
	count_part(m, came, held, newer);
	return newer ? place(m, came, true) : place(m, held, false);
}

static const struct trust_status *
find_status(const struct trust *t, struct bytes uri)
{
	for (size_t i = 0; i < t->statuses_n; i++)
		if (bytes_equal(t->status[i].list.uri, uri))
			return &t->status[i];
	return NULL;
}

static const struct trust_short *
find_short(const struct trust *t, struct bytes uri)
{
	for (size_t i = 0; i < t->shorts_n; i++)
		if (bytes_equal(t->brief[i].list.uri, uri))
			return &t->brief[i];
	return NULL;
}

static const struct trust_head *
find_head(const struct trust *t, const struct log_head *of)
{
	for (size_t i = 0; i < t->heads_n; i++)
		if (strcmp(t->head[i].head.state, of->state) == 0 &&
		    strcmp(t->head[i].head.office, of->office) == 0)
			return &t->head[i];
	return NULL;
}

static enum status
merge_statuses(struct merge *m)
{
	const struct trust *held = m->held.trust, *come = m->come.trust;
	enum status st = ST_OK;

	for (size_t i = 0; i < held->statuses_n && st == ST_OK; i++) {
		const struct trust_status *h = &held->status[i];
		const struct trust_status *c = find_status(come, h->list.uri);

		st = place_newer(m, h->raw, h->list.iat,
		    c != NULL ? c->raw : nothing(), c != NULL ? c->list.iat : 0);
	}
	for (size_t i = 0; i < come->statuses_n && st == ST_OK; i++)
		if (find_status(held, come->status[i].list.uri) == NULL)
			st = place_newer(m, nothing(), 0, come->status[i].raw,
			    come->status[i].list.iat);
	return st;
}

/* A short list that is not newer than the full one beside it says nothing. */
static enum status
merge_shorts(struct merge *m)
{
	const struct trust *held = m->held.trust, *come = m->come.trust;
	enum status st = ST_OK;

	for (size_t i = 0; i < held->shorts_n && st == ST_OK; i++) {
		const struct trust_short *h = &held->brief[i];
		const struct trust_short *c = find_short(come, h->list.uri);
		const struct trust_status *full = find_status(m->next.trust,
		    h->list.uri);
		int64_t newest = c != NULL && c->list.iat > h->list.iat ?
		    c->list.iat : h->list.iat;

		if (full != NULL && full->list.iat >= newest)
			continue;
		st = place_newer(m, h->raw, h->list.iat,
		    c != NULL ? c->raw : nothing(), c != NULL ? c->list.iat : 0);
	}
	for (size_t i = 0; i < come->shorts_n && st == ST_OK; i++) {
		const struct trust_short *c = &come->brief[i];
		const struct trust_status *full = find_status(m->next.trust,
		    c->list.uri);

		if (find_short(held, c->list.uri) != NULL)
			continue;
		if (full != NULL && full->list.iat >= c->list.iat)
			m->count->same++;
		else
			st = place_newer(m, nothing(), 0, c->raw, c->list.iat);
	}
	return st;
}

/* An office's log only grows. Whoever holds an earlier head is its witness. */
static enum status
log_grew(struct merge *m, const struct log_head *h, const struct log_head *c)
{
	if (c->iat < h->iat)
		return ST_OK;
	switch (log_head_change(h, c)) {
	case LOG_GREW:
		return ST_OK;
	case LOG_LOST:
		return diag_set(m->d, ST_ROLLBACK,
		    _("%s: the log of issuance of office %s had %llu entries and now has %llu; entries were taken away or an old register was put back; do not use this bundle, and tell the ministry"),
		    m->name, c->office, (unsigned long long)h->size,
		    (unsigned long long)c->size);
	case LOG_REWRITTEN:
		break;
	}
	return diag_set(m->d, ST_ROLLBACK,
	    _("%s: the log of issuance of office %s was rewritten; do not use this bundle, and tell the ministry"),
	    m->name, c->office);
}

/* The head held first: one whose signer has lost its right is no witness. */
static enum status
merge_head(struct merge *m, const struct trust_head *h,
    const struct trust_head *c)
{
	struct trust *next = m->next.trust;
	size_t before = next->heads_n;
	enum status st = place(m, h->raw, false);

	if (st != ST_OK || c == NULL)
		return st;
	if (next->heads_n == before) {
		m->count->newer++;
		return place(m, c->raw, true);
	}
	if ((st = log_grew(m, &h->head, &c->head)) != ST_OK)
		return st;
	count_part(m, c->raw, h->raw, c->head.iat > h->head.iat);
	if (c->head.iat <= h->head.iat)
		return ST_OK;
	next->heads_n = before;
	return place(m, c->raw, true);
}

static enum status
merge_heads(struct merge *m)
{
	const struct trust *held = m->held.trust, *come = m->come.trust;
	enum status st = ST_OK;

	for (size_t i = 0; i < held->heads_n && st == ST_OK; i++)
		st = merge_head(m, &held->head[i],
		    find_head(come, &held->head[i].head));
	for (size_t i = 0; i < come->heads_n && st == ST_OK; i++)
		if (find_head(held, &come->head[i].head) == NULL)
			st = place_newer(m, nothing(), 0, come->head[i].raw,
			    come->head[i].head.iat);
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

static enum status
keep(struct merge *m)
{
	const struct trust *t = m->next.trust;
	enum status st = ST_OK;

	for (size_t i = 0; i < t->lists_n && st == ST_OK; i++) {
		const struct store_state *held = store_find(m->store,
		    t->list[i].state);
		struct heap out = { 0 };

		gather(t, i, &out);
		if (out.bad)
			st = no_memory(m);
		else if (out.len > TRUST_BUNDLE_MAX)
			st = diag_set(m->d, ST_TOO_BIG,
			    _("%s: the store would hold more of one state than a bundle may"),
			    m->name);
		else if (held == NULL || held->raw == NULL ||
		    !bytes_equal(heap_bytes(&out), bytes_from(held->raw,
		    held->len)))
			st = store_put(m->store, t->list[i].state,
			    heap_bytes(&out), m->d);
		free(out.p);
	}
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
	    (st = merge_statuses(m)) != ST_OK ||
	    (st = merge_shorts(m)) != ST_OK ||
	    (st = merge_heads(m)) != ST_OK)
		return st;
	if (m->count->newer == 0 && m->count->older > 0)
		return diag_set(m->d, ST_ROLLBACK,
		    _("%s: older than what the store holds; nothing was changed"),
		    m->name);
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
