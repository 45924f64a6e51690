#include "common/trust.h"

#include <string.h>

#include "common/claims.h"
#include "common/text.h"

void
trust_init(struct trust *t, uint8_t *arena, size_t cap)
{
	memset(t, 0, sizeof(*t));
	t->arena = buf_over(arena, cap);
}

static void
drop_keys(struct trust_list *l)
{
	for (size_t i = 0; i < l->keys_n; i++) {
		crypto_key_free(l->key[i].parsed);
		l->key[i].parsed = NULL;
	}
}

void
trust_free(struct trust *t)
{
	for (size_t i = 0; i < t->roots_n; i++)
		crypto_key_free(t->root[i].key);
	for (size_t i = 0; i < t->lists_n; i++)
		drop_keys(&t->list[i]);
	t->roots_n = t->lists_n = t->statuses_n = 0;
	t->shorts_n = t->heads_n = 0;
}

static void
raise_floor(struct trust *t, int64_t iat)
{
	if (iat > t->floor)
		t->floor = iat;
}

size_t
trust_find_state(const struct trust *t, const char *state)
{
	size_t i;

	for (i = 0; i < t->lists_n; i++)
		if (strcmp(t->list[i].state, state) == 0)
			break;
	return i;
}

int
trust_list_order(const struct trust_list *a, const struct trust_list *b)
{
	if (a->generation != b->generation)
		return a->generation < b->generation ? -1 : 1;
	if (a->sequence != b->sequence)
		return a->sequence < b->sequence ? -1 : 1;
	return 0;
}

/* ---- roots --------------------------------------------------------------- */

static enum status
add_root(struct trust *t, const char *state, const struct cose_key *pub,
    struct trust_root **out)
{
	struct trust_root *r = &t->root[t->roots_n];
	enum status st;

	if (t->roots_n == TRUST_ROOTS_MAX)
		return ST_TOO_BIG;
	memset(r, 0, sizeof(*r));
	memcpy(r->state, state, 3);
	r->pub = *pub;
	if ((st = cose_key_kid(pub, r->kid)) != ST_OK ||
	    (st = cose_key_load(pub, &r->key)) != ST_OK)
		return st;
	*out = r;
	t->roots_n++;
	return ST_OK;
}

enum status
trust_add_anchor(struct trust *t, const char *state, const struct cose_key *root)
{
	struct trust_root *r;
	enum status st;

	if (!text_is_code(bytes_text(state), false))
		return ST_DATA;
	if ((st = add_root(t, state, root, &r)) == ST_OK)
		r->from = t->roots_n - 1;
	return st;
}

static bool
is_root(const struct trust_root *r, const char *state, struct bytes kid)
{
	return strcmp(r->state, state) == 0 &&
	    bytes_equal(kid, bytes_from(r->kid, KID_LEN));
}

/* The root of the state whose signature s has. */
static enum status
verify_by_root(const struct trust *t, const char *state,
    const struct cose_sign1 *s, size_t *root)
{
	enum status st = ST_UNKNOWN_KEY;

	for (size_t i = 0; i < t->roots_n; i++) {
		if (!is_root(&t->root[i], state, s->kid))
			continue;
		if ((st = cose_sign1_verify(s, t->root[i].key,
		    (struct bytes){ NULL, 0 })) == ST_OK) {
			*root = i;
			return ST_OK;
		}
	}
	return st;
}

static bool
same_key(const struct cose_key *a, const struct cose_key *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* A root names one successor. Two are the work of a thief, and nobody here can
 * say which of them is. */
static enum status
add_succession(struct trust *t, const struct trust_part *p)
{
	struct root_succession s;
	struct trust_root *r;
	size_t by;
	enum status st;

	if ((st = root_succession_parse(p->sign1.payload, &s)) != ST_OK ||
	    (st = verify_by_root(t, s.state, &p->sign1, &by)) != ST_OK)
		return st;
	if (t->root[by].names && !same_key(&t->root[by].next, &s.next))
		return ST_STATE;
	t->root[by].names = true;
	t->root[by].next = s.next;
	for (size_t i = 0; i < t->roots_n; i++)
		if (strcmp(t->root[i].state, s.state) == 0 &&
		    same_key(&t->root[i].pub, &s.next))
			return ST_OK;	/* known, or an anchor itself */
	if ((st = add_root(t, s.state, &s.next, &r)) != ST_OK)
		return st;
	r->generation = t->root[by].generation + 1;
	r->from = by;
	r->raw = p->raw;
	r->iat = s.iat;
	raise_floor(t, s.iat);
	return ST_OK;
}

/* ---- trust lists --------------------------------------------------------- */

static enum status
load_keys(struct trust_list *l)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < l->keys_n; i++)
		st = cose_key_load(&l->key[i].pub, &l->key[i].parsed);
	if (st != ST_OK)
		drop_keys(l);
	return st;
}

static enum status
add_list(struct trust *t, const struct trust_part *p)
{
	struct trust_list *l;
	size_t root;
	enum status st;

	if (t->lists_n == TRUST_STATES_MAX)
		return ST_TOO_BIG;
	l = &t->list[t->lists_n];
	if ((st = trust_list_parse(p->sign1.payload, l)) != ST_OK ||
	    (st = verify_by_root(t, l->state, &p->sign1, &root)) != ST_OK)
		return st;
	/* One list a state: a second is an attempt to mix old with new. */
	if (trust_find_state(t, l->state) != t->lists_n)
		return ST_ROLLBACK;
	if ((st = load_keys(l)) != ST_OK)
		return st;
	l->raw = p->raw;
	l->generation = t->root[root].generation;
	t->lists_n++;
	raise_floor(t, l->iat);
	return ST_OK;
}

/* ---- what status signers sign -------------------------------------------- */

enum status
trust_verify_status(const struct trust *t, const char *state,
    const char *office, const struct cose_sign1 *s, int64_t iat,
    struct trust_signer *by)
{
	const struct trust_list *l;
	enum status st = ST_UNKNOWN_KEY;

	*by = (struct trust_signer){ trust_find_state(t, state), NULL };
	if (by->state == t->lists_n)
		return st;
	l = &t->list[by->state];
	for (size_t i = 0; i < l->keys_n; i++) {
		const struct trust_key *k = &l->key[i];

		if (!bytes_equal(s->kid, bytes_from(k->kid, KID_LEN)))
			continue;
		if (k->role != ROLE_STATUS ||
		    !bytes_equal_text(k->office, office) || iat < k->from ||
		    iat > k->sign_until || iat >= k->revoked_from) {
			st = ST_STATE;
			continue;
		}
		if ((st = cose_sign1_verify(s, k->parsed,
		    (struct bytes){ NULL, 0 })) == ST_OK) {
			by->key = k;
			return ST_OK;
		}
	}
	return st;
}

static enum status
add_status(struct trust *t, const struct trust_part *p)
{
	struct trust_status *v = &t->status[t->statuses_n];
	struct trust_signer by;
	enum status st;

	if (t->statuses_n == TRUST_LISTS_MAX)
		return ST_TOO_BIG;
	if ((st = statuslist_parse(p->sign1.payload, CBOR_STRICT, &t->arena,
	    &v->list)) != ST_OK)
		return st;
	if (!status_uri_parse(v->list.uri, &v->office) || v->list.bits != 2)
		return ST_MALFORMED;
	if ((st = trust_verify_status(t, v->office.state, v->office.office,
	    &p->sign1, v->list.iat, &by)) != ST_OK)
		return st;
	v->state = by.state;
	v->signer = by.key;
	if (trust_find_status(t, v->state, v->list.uri) != NULL)
		return ST_ROLLBACK;
	v->raw = p->raw;
	t->statuses_n++;
	raise_floor(t, v->list.iat);
	return ST_OK;
}

static const struct trust_short *
find_short(const struct trust *t, size_t state, struct bytes uri)
{
	for (size_t i = 0; i < t->shorts_n; i++)
		if (t->brief[i].state == state &&
		    bytes_equal(t->brief[i].list.uri, uri))
			return &t->brief[i];
	return NULL;
}

static enum status
add_short(struct trust *t, const struct trust_part *p)
{
	struct trust_short *v = &t->brief[t->shorts_n];
	struct trust_signer by;
	enum status st;

	if (t->shorts_n == TRUST_LISTS_MAX)
		return ST_TOO_BIG;
	if ((st = shortlist_parse(p->sign1.payload, &v->list)) != ST_OK)
		return st;
	if (!status_uri_parse(v->list.uri, &v->office))
		return ST_MALFORMED;
	if ((st = trust_verify_status(t, v->office.state, v->office.office,
	    &p->sign1, v->list.iat, &by)) != ST_OK)
		return st;
	v->state = by.state;
	v->signer = by.key;
	if (find_short(t, v->state, v->list.uri) != NULL)
		return ST_ROLLBACK;
	v->raw = p->raw;
	t->shorts_n++;
	raise_floor(t, v->list.iat);
	return ST_OK;
}

static enum status
add_head(struct trust *t, const struct trust_part *p)
{
	struct trust_head *v = &t->head[t->heads_n];
	struct trust_signer by;
	enum status st;

	if (t->heads_n == TRUST_LISTS_MAX)
		return ST_TOO_BIG;
	if ((st = log_head_parse(p->sign1.payload, &v->head)) != ST_OK ||
	    (st = trust_verify_status(t, v->head.state, v->head.office,
	    &p->sign1, v->head.iat, &by)) != ST_OK)
		return st;
	v->state = by.state;
	v->signer = by.key;
	for (size_t i = 0; i < t->heads_n; i++)
		if (t->head[i].state == v->state &&
		    strcmp(t->head[i].head.office, v->head.office) == 0)
			return ST_ROLLBACK;
	v->raw = p->raw;
	t->heads_n++;
	raise_floor(t, v->head.iat);
	return ST_OK;
}

/* ---- bundles ------------------------------------------------------------- */

enum status
trust_add_part(struct trust *t, const struct trust_part *p)
{
	switch (p->kind) {
	case PART_ROOT: return add_succession(t, p);
	case PART_LIST: return add_list(t, p);
	case PART_STATUS: return add_status(t, p);
	case PART_SHORT: return add_short(t, p);
	case PART_HEAD: return add_head(t, p);
	case PART_KINDS: break;
	}
	return ST_INTERNAL;
}

/* The successions of one bundle. */
struct chain {
	size_t n;
	struct link {
		struct trust_part part;
		struct root_succession says;
		size_t where;
		bool placed;
	} link[TRUST_ROOTS_MAX];
};

static enum status
collect_successions(struct bytes bundle, struct chain *c, size_t *where)
{
	struct trust_part p;
	enum status st;

	c->n = 0;
	for (*where = 1; bundle.len > 0; ++*where) {
		struct link *l = &c->link[c->n];

		if ((st = trust_part_next(&bundle, &p)) != ST_OK)
			return st;
		if (p.kind != PART_ROOT)
			continue;
		if (c->n == TRUST_ROOTS_MAX)
			return ST_TOO_BIG;
		*l = (struct link){ .part = p, .where = *where };
		if ((st = root_succession_parse(p.sign1.payload,
		    &l->says)) != ST_OK)
			return st;
		c->n++;
	}
	return ST_OK;
}

/* A verifier that pins a later root meets the successions that led to it. It
 * does not know who signed them; they add nothing, and are let pass if they
 * end at a root it has. */
static bool
leads_here(const struct trust *t, const struct chain *c, const struct link *l)
{
	uint8_t kid[KID_LEN];

	if (cose_key_kid(&l->says.next, kid) != ST_OK)
		return false;
	for (size_t i = 0; i < t->roots_n; i++)
		if (strcmp(t->root[i].state, l->says.state) == 0 &&
		    same_key(&t->root[i].pub, &l->says.next))
			return true;
	for (size_t i = 0; i < c->n; i++)
		if (c->link[i].placed &&
		    strcmp(c->link[i].says.state, l->says.state) == 0 &&
		    bytes_equal(c->link[i].part.sign1.kid,
		    bytes_from(kid, KID_LEN)))
			return true;
	return false;
}

/* They come in any order and each may be vouched for by another: again and
 * again until nothing moves. */
static enum status
add_successions(struct trust *t, struct bytes bundle, size_t *where)
{
	struct chain c;
	enum status st = collect_successions(bundle, &c, where);
	bool moved = true;

	while (st == ST_OK && moved) {
		moved = false;
		for (size_t i = 0; i < c.n; i++) {
			struct link *l = &c.link[i];

			if (l->placed)
				continue;
			st = add_succession(t, &l->part);
			if (st == ST_UNKNOWN_KEY)
				l->placed = leads_here(t, &c, l);
			else
				l->placed = st == ST_OK;
			*where = l->where;
			if (st != ST_OK && st != ST_UNKNOWN_KEY)
				return st;
			moved = moved || l->placed;
			st = ST_OK;
		}
	}
	for (size_t i = 0; st == ST_OK && i < c.n; i++)
		if (!c.link[i].placed) {
			*where = c.link[i].where;
			return ST_UNKNOWN_KEY;
		}
	return st;
}

enum status
trust_add_bundle(struct trust *t, struct bytes bundle, size_t *where)
{
	size_t at = 0;
	enum status st;

	if (where == NULL)
		where = &at;
	*where = 0;
	if (bundle.len == 0)
		return ST_MALFORMED;
	if (bundle.len > TRUST_BUNDLE_MAX)
		return ST_TOO_BIG;
	st = add_successions(t, bundle, where);
	/* One pass a kind: keys must be known before what they signed,
	 * whatever order the bundle has. */
	for (int k = PART_LIST; k < PART_KINDS; k++) {
		struct bytes rest = bundle;
		struct trust_part p;

		if (st != ST_OK)
			break;
		for (*where = 1; rest.len > 0; ++*where)
			if ((st = trust_part_next(&rest, &p)) != ST_OK ||
			    ((int)p.kind == k &&
			    (st = trust_add_part(t, &p)) != ST_OK))
				return st;
	}
	return st;
}

const struct trust_status *
trust_find_status(const struct trust *t, size_t state, struct bytes uri)
{
	for (size_t i = 0; i < t->statuses_n; i++)
		if (t->status[i].state == state &&
		    bytes_equal(t->status[i].list.uri, uri))
			return &t->status[i];
	return NULL;
}

const struct trust_short *
trust_find_short(const struct trust *t, size_t state, struct bytes uri)
{
	const struct trust_status *full = trust_find_status(t, state, uri);
	const struct trust_short *brief = find_short(t, state, uri);

	return brief != NULL && full != NULL &&
	    brief->list.iat <= full->list.iat ? NULL : brief;
}
