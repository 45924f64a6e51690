#include "issuer/witness.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- the log against its heads ------------------------------------------ */

enum status
walk_mark(struct log_walk *w, const struct log_head *h, const char *from,
    struct diag *d)
{
	if (w->n == w->cap) {
		size_t cap = w->cap == 0 ? 64 : w->cap * 2;
		struct log_mark *more = realloc(w->mark, cap * sizeof(*more));

		if (more == NULL)
			return diag_set(d, ST_INTERNAL, _("out of memory"));
		w->mark = more;
		w->cap = cap;
	}
	w->mark[w->n++] = (struct log_mark){ .head = *h, .from = from };
	return ST_OK;
}

struct marking {
	struct log_walk *w;
	struct diag *d;
};

static enum status
mark_held(void *arg, const struct log_head *h, struct bytes signed_head)
{
	struct marking *m = arg;

	(void)signed_head;
	return walk_mark(m->w, h, NULL, m->d);
}

enum status
walk_mark_held(struct log_walk *w, struct reg *r, struct diag *d)
{
	struct marking m = { w, d };

	return reg_log_heads(r, mark_held, &m, d);
}

void
walk_end(struct log_walk *w)
{
	free(w->mark);
	memset(w, 0, sizeof(*w));
}

/* ---- signing ------------------------------------------------------------ */

static enum status
step(void *arg, int64_t seq, struct bytes entry)
{
	struct log_walk *w = arg;

	return (uint64_t)seq == w->tree.size ? log_walk_step(w, entry) : ST_DATA;
}

/* The head of the log as it is; refused where the past has another. */
static enum status
current(struct reg *r, struct log_head *h, struct diag *d)
{
	struct log_walk w = { 0 };
	enum status st;

	if ((st = walk_mark_held(&w, r, d)) != ST_OK ||
	    (st = log_walk_begin(&w)) != ST_OK ||
	    ((st = reg_log_entries(r, step, &w, d)) != ST_OK && st != ST_DATA))
		goto out;
	for (size_t i = 0; i < w.n; i++)
		if (!w.mark[i].agrees)
			st = ST_DATA;
	if (st == ST_DATA) {
		(void)diag_set(d, st,
		    _("the log of issuance is not what was signed before; nothing is signed; see log check"));
		goto out;
	}
	h->size = w.tree.size;
	st = merkle_root(&w.tree, h->root);
out:
	walk_end(&w);
	return st;
}

static enum status
sign(struct signer *key, struct log_held *out, struct diag *d)
{
	uint8_t room[LOG_SIGNED_MAX];
	struct buf payload = buf_over(room, sizeof(room));
	struct buf cose = buf_over(out->signed_head, sizeof(out->signed_head));
	enum status st;

	if ((st = log_head_encode(&out->head, &payload)) != ST_OK ||
	    (st = signer_sign1(key, LOG_HEAD_TYP, buf_bytes(&payload), &cose,
	    d)) != ST_OK)
		return st;
	if (cose.bad)
		return diag_set(d, ST_INTERNAL, _("the log head has no room"));
	out->len = cose.len;
	return ST_OK;
}

enum status
witness_head(struct reg *r, const struct office *o, struct signer *key,
    int64_t now, struct log_held *out, struct diag *d)
{
	struct log_head h = { .iat = now };
	int64_t least;
	enum status st;

	memcpy(h.state, o->state, sizeof(h.state));
	memcpy(h.office, o->code, sizeof(h.office));
	if ((st = reg_published_newest(r, &least, d)) != ST_OK ||
	    (st = current(r, &h, d)) != ST_OK)
		return st;
	st = reg_log_head_held(r, h.size, signer_kid(key), out, d);
	if (st == ST_OK && out->head.iat < least)
		st = ST_NOT_FOUND;
	if (st != ST_NOT_FOUND)
		return st;	/* its root is this one: current() compared */
	if (h.iat < least)
		h.iat = least;
	memset(out, 0, sizeof(*out));
	out->head = h;
	if ((st = sign(key, out, d)) != ST_OK)
		return st;
	return reg_log_head_add(r, &h, signer_kid(key),
	    bytes_from(out->signed_head, out->len), d);
}

enum status
witness_follows(struct reg *r, const struct log_head *published, bool *yes,
    struct diag *d)
{
	struct log_mark mark = { .head = *published };
	struct log_walk w = { .mark = &mark, .n = 1, .cap = 1 };
	enum status st;

	*yes = false;
	if ((st = log_walk_begin(&w)) != ST_OK ||
	    ((st = reg_log_entries(r, step, &w, d)) != ST_OK && st != ST_DATA))
		return st;
	*yes = mark.agrees;
	return ST_OK;
}

/* ---- proofs ------------------------------------------------------------- */

struct leaves {
	uint8_t *p;
	uint64_t n, want;
};

static enum status
gather_leaf(void *arg, int64_t seq, struct bytes entry)
{
	struct leaves *l = arg;

	if (l->n == l->want)
		return ST_OK;
	if ((uint64_t)seq != l->n)
		return ST_DATA;
	return merkle_leaf(entry, l->p + MERKLE_HASH * l->n++);
}

/* The hashes of the first n entries: a heap block. */
static enum status
gather(struct reg *r, uint64_t n, uint8_t **out, struct diag *d)
{
	struct leaves l = { NULL, 0, n };
	uint64_t held;
	enum status st;

	*out = NULL;
	if ((st = reg_log_size(r, &held, d)) != ST_OK)
		return st;
	/* Before memory is asked for by what a row says. */
	if (n > held || n > SIZE_MAX / MERKLE_HASH - 1)
		return ST_DATA;
	if ((l.p = malloc((size_t)(n + 1) * MERKLE_HASH)) == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	if ((st = reg_log_entries(r, gather_leaf, &l, d)) == ST_OK &&
	    l.n != n)
		st = ST_DATA;
	if (st != ST_OK) {
		free(l.p);
		return st;
	}
	*out = l.p;
	return ST_OK;
}

/* Made, verified as its reader will, and written. */
static enum status
finish(struct log_proof *p, const struct log_head *old,
    const struct log_held *held, const uint8_t *leaves, struct buf *out,
    struct diag *d)
{
	enum status st;

	p->head = bytes_from(held->signed_head, held->len);
	st = p->kind == LOG_INCLUSION ?
	    merkle_inclusion(leaves, held->head.size, p->index, &p->path) :
	    merkle_consistency(leaves, old->size, held->head.size, &p->path);
	if (st == ST_OK &&
	    (st = log_proof_verify(p, old, &held->head)) == ST_OK)
		st = log_proof_encode(p, out);
	if (st == ST_SIGNATURE)
		return diag_set(d, ST_DATA,
		    _("the log of issuance is not what was signed before; there is no proof; see log check"));
	return st;
}

static enum status
newest(struct reg *r, struct log_held *held, struct log_head *head,
    struct diag *d)
{
	struct bytes none = bytes_from(NULL, 0);
	struct cose_sign1 s;
	enum status st = reg_log_head_held(r, UINT64_MAX, none, held, d);

	if (st == ST_NOT_FOUND)
		return diag_set(d, ST_STATE,
		    _("no head of the log was signed yet; sign one with log head"));
	if (st != ST_OK)
		return st;
	/* The row has no names; what was signed has. */
	if (log_head_peek(bytes_from(held->signed_head, held->len), &s,
	    head) != ST_OK || head->size != held->head.size)
		return diag_set(d, ST_DATA,
		    _("the newest head is not what was signed; see log check"));
	held->head = *head;
	return ST_OK;
}

static enum status
not_as_signed(enum status st, struct diag *d)
{
	return st != ST_DATA ? st : diag_set(d, st,
	    _("the log has fewer entries than its newest head, or a gap; see log check"));
}

enum status
witness_inclusion(struct reg *r, const char *number, struct buf *out,
    struct log_head *head, struct diag *d)
{
	struct log_proof p = { .kind = LOG_INCLUSION };
	uint8_t entry[LOG_ENTRY_MAX], *leaves = NULL;
	struct log_held held;
	size_t len;
	enum status st;

	if ((st = reg_log_issue_of(r, number, &p.index, entry, &len, d)) !=
	    ST_OK || (st = newest(r, &held, head, d)) != ST_OK)
		return st;
	if (p.index >= head->size)
		return diag_set(d, ST_STATE,
		    _("card %.32s was issued after the newest head was signed; sign one with log head"),
		    number);
	p.entry = bytes_from(entry, len);
	if ((st = gather(r, head->size, &leaves, d)) != ST_OK)
		return not_as_signed(st, d);
	st = finish(&p, NULL, &held, leaves, out, d);
	free(leaves);
	return st;
}

enum status
witness_consistency(struct reg *r, struct bytes old,
    const struct log_head *old_head, struct buf *out, struct log_head *head,
    struct diag *d)
{
	struct log_proof p = { .kind = LOG_CONSISTENCY, .old_head = old };
	struct log_held held;
	uint8_t *leaves = NULL;
	enum status st;

	if ((st = newest(r, &held, head, d)) != ST_OK)
		return st;
	if (old_head->size > head->size)
		return diag_set(d, ST_DATA,
		    _("the head given has %" PRIu64 " entries and the newest signed here %" PRIu64 "; sign one with log head, and see log check"),
		    old_head->size, head->size);
	if ((st = gather(r, head->size, &leaves, d)) != ST_OK)
		return not_as_signed(st, d);
	st = finish(&p, old_head, &held, leaves, out, d);
	free(leaves);
	return st;
}
