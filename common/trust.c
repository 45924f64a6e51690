#include "common/trust.h"

#include <string.h>

#include "common/claims.h"
#include "common/text.h"

/* ---- the trust list's payload ------------------------------------------- */

static bool
key_is_sound(const struct trust_key *k)
{
	return (k->role == ROLE_DOCUMENT || k->role == ROLE_STATUS) &&
	    text_is_code(k->office, true) && k->office_name.len > 0 &&
	    k->office_name.len <= TRUST_NAME_MAX &&
	    text_is_printable(k->office_name) && k->from >= 0 &&
	    k->from <= k->sign_until && k->sign_until <= k->until &&
	    k->revoked_from >= 0;
}

static enum status
read_key(struct cbor *c, struct trust_key *out)
{
	struct trust_key k = { .revoked_from = TRUST_NEVER, .from = -1 };
	size_t n = cbor_map(c);
	uint64_t role = 0;
	enum status st;
	bool key = false;

	for (size_t i = 0; i < n && !c->bad; i++) {
		switch (cbor_int(c)) {
		case TK_KEY:
			if ((st = cose_key_parse(c, &k.pub)) != ST_OK)
				return st;
			key = true;
			break;
		case TK_ROLE: role = cbor_uint(c); break;
		case TK_OFFICE: k.office = cbor_text(c); break;
		case TK_OFFICE_NAME: k.office_name = cbor_text(c); break;
		case TK_FROM: k.from = cbor_int(c); break;
		case TK_SIGN_UNTIL: k.sign_until = cbor_int(c); break;
		case TK_UNTIL: k.until = cbor_int(c); break;
		case TK_REVOKED_FROM: k.revoked_from = cbor_int(c); break;
		default:
			/* A restriction we do not know may forbid what we would
			 * allow. */
			return ST_MALFORMED;
		}
	}
	if (role != ROLE_DOCUMENT && role != ROLE_STATUS)
		return ST_MALFORMED;
	k.role = (enum key_role)role;
	if (c->bad || !key || !key_is_sound(&k))
		return ST_MALFORMED;
	if ((st = cose_key_kid(&k.pub, k.kid)) != ST_OK)
		return st;
	*out = k;
	return ST_OK;
}

static enum status
read_keys(struct cbor *c, struct trust_list *out)
{
	size_t n = cbor_array(c);
	enum status st;

	if (n > TRUST_KEYS_MAX)
		return ST_TOO_BIG;
	for (size_t i = 0; i < n && !c->bad; i++) {
		if ((st = read_key(c, &out->key[out->keys_n])) != ST_OK)
			return st;
		/* Twice the same key, once revoked: which would count? */
		for (size_t k = 0; k < out->keys_n; k++)
			if (memcmp(&out->key[k].pub,
			    &out->key[out->keys_n].pub,
			    sizeof(struct cose_key)) == 0)
				return ST_MALFORMED;
		out->keys_n++;
	}
	return c->bad ? ST_MALFORMED : ST_OK;
}

enum status
trust_list_parse(struct bytes payload, struct trust_list *out)
{
	struct cbor c = cbor_from(payload);
	bool sub = false, keys = false, seq = false;
	enum status st;
	size_t n;

	memset(out, 0, sizeof(*out));
	out->iat = out->exp = -1;
	out->payload = payload;
	if (cbor_check(payload, CBOR_STRICT) != ST_OK)
		return ST_MALFORMED;
	n = cbor_map(&c);
	for (size_t i = 0; i < n && !c.bad; i++) {
		struct bytes iss;

		switch (cbor_int(&c)) {
		case CWT_ISS:
			iss = cbor_text(&c);
			if (!text_is_code(iss, false))
				return ST_MALFORMED;
			memcpy(out->state, iss.p, 3);
			break;
		case CWT_SUB:
			sub = bytes_equal_text(cbor_text(&c), "trust-list");
			break;
		case CWT_EXP: out->exp = cbor_int(&c); break;
		case CWT_IAT: out->iat = cbor_int(&c); break;
		case CWT_TRUST_SEQUENCE:
			out->sequence = cbor_uint(&c);
			seq = true;
			break;
		case CWT_TRUST_KEYS:
			if ((st = read_keys(&c, out)) != ST_OK)
				return st;
			keys = true;
			break;
		default:
			return ST_MALFORMED;
		}
	}
	if (!cbor_done(&c) || !sub || !keys || !seq || out->state[0] == '\0' ||
	    out->iat < 0 || out->exp < out->iat)
		return ST_MALFORMED;
	return ST_OK;
}

static void
put_key(const struct trust_key *k, struct buf *out)
{
	cbor_put_map(out, k->revoked_from == TRUST_NEVER ? 7 : 8);
	cbor_put_int(out, TK_KEY);
	cose_key_encode(&k->pub, out);
	cbor_put_int(out, TK_ROLE);
	cbor_put_int(out, (int64_t)k->role);
	cbor_put_int(out, TK_OFFICE);
	cbor_put_text(out, k->office);
	cbor_put_int(out, TK_OFFICE_NAME);
	cbor_put_text(out, k->office_name);
	cbor_put_int(out, TK_FROM);
	cbor_put_int(out, k->from);
	cbor_put_int(out, TK_SIGN_UNTIL);
	cbor_put_int(out, k->sign_until);
	cbor_put_int(out, TK_UNTIL);
	cbor_put_int(out, k->until);
	if (k->revoked_from != TRUST_NEVER) {
		cbor_put_int(out, TK_REVOKED_FROM);
		cbor_put_int(out, k->revoked_from);
	}
}

enum status
trust_list_encode(const struct trust_list *list, struct buf *out)
{
	if (!text_is_code(bytes_text(list->state), false) || list->iat < 0 ||
	    list->exp < list->iat || list->keys_n > TRUST_KEYS_MAX)
		return ST_DATA;
	for (size_t i = 0; i < list->keys_n; i++)
		if (!key_is_sound(&list->key[i]))
			return ST_DATA;
	/* Sorted: 1 2 4 6 -70170 -70171. */
	cbor_put_map(out, 6);
	cbor_put_int(out, CWT_ISS);
	cbor_put_text(out, bytes_text(list->state));
	cbor_put_int(out, CWT_SUB);
	cbor_put_text(out, bytes_text("trust-list"));
	cbor_put_int(out, CWT_EXP);
	cbor_put_int(out, list->exp);
	cbor_put_int(out, CWT_IAT);
	cbor_put_int(out, list->iat);
	cbor_put_int(out, CWT_TRUST_SEQUENCE);
	cbor_put_uint(out, list->sequence);
	cbor_put_int(out, CWT_TRUST_KEYS);
	cbor_put_array(out, list->keys_n);
	for (size_t i = 0; i < list->keys_n; i++)
		put_key(&list->key[i], out);
	return out->bad ? ST_TOO_BIG : ST_OK;
}

/* ---- the store ---------------------------------------------------------- */

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
	for (size_t i = 0; i < t->anchors_n; i++)
		crypto_key_free(t->anchor[i].key);
	for (size_t i = 0; i < t->lists_n; i++)
		drop_keys(&t->list[i]);
	t->anchors_n = t->lists_n = t->statuses_n = 0;
}

enum status
trust_add_anchor(struct trust *t, const char *state, const struct cose_key *root)
{
	struct trust_anchor *a = &t->anchor[t->anchors_n];
	enum status st;

	if (!text_is_code(bytes_text(state), false))
		return ST_DATA;
	if (t->anchors_n == TRUST_STATES_MAX)
		return ST_TOO_BIG;
	memset(a, 0, sizeof(*a));
	memcpy(a->state, state, 3);
	if ((st = cose_key_kid(root, a->kid)) != ST_OK ||
	    (st = cose_key_load(root, &a->key)) != ST_OK)
		return st;
	t->anchors_n++;
	return ST_OK;
}

/* The signature over s by any of the state's anchors. */
static enum status
verify_by_anchor(const struct trust *t, const char *state,
    const struct cose_sign1 *s)
{
	enum status st = ST_UNKNOWN_KEY;

	for (size_t i = 0; i < t->anchors_n; i++) {
		const struct trust_anchor *a = &t->anchor[i];

		if (strcmp(a->state, state) != 0)
			continue;
		if (!bytes_equal(s->kid, bytes_from(a->kid, KID_LEN)))
			continue;
		if ((st = cose_sign1_verify(s, a->key,
		    (struct bytes){ NULL, 0 })) == ST_OK)
			return ST_OK;
	}
	return st;
}

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
add_list(struct trust *t, const struct cose_sign1 *s)
{
	struct trust_list *l;
	enum status st;

	if (t->lists_n == TRUST_STATES_MAX)
		return ST_TOO_BIG;
	l = &t->list[t->lists_n];
	if ((st = trust_list_parse(s->payload, l)) != ST_OK ||
	    (st = verify_by_anchor(t, l->state, s)) != ST_OK)
		return st;
	/* One list a state: a second is an attempt to mix old with new. */
	for (size_t i = 0; i < t->lists_n; i++)
		if (strcmp(t->list[i].state, l->state) == 0)
			return ST_ROLLBACK;
	if ((st = load_keys(l)) != ST_OK)
		return st;
	t->lists_n++;
	if (l->iat > t->floor)
		t->floor = l->iat;
	return ST_OK;
}

/* Signed by a status signer of that very office, within the key's time. */
static enum status
verify_status(const struct trust *t, size_t state, struct bytes office,
    const struct cose_sign1 *s, int64_t iat)
{
	const struct trust_list *l = &t->list[state];
	enum status st = ST_UNKNOWN_KEY;

	for (size_t i = 0; i < l->keys_n; i++) {
		const struct trust_key *k = &l->key[i];

		if (!bytes_equal(s->kid, bytes_from(k->kid, KID_LEN)))
			continue;
		if (k->role != ROLE_STATUS || !bytes_equal(k->office, office) ||
		    iat < k->from || iat > k->sign_until ||
		    iat >= k->revoked_from) {
			st = ST_STATE;
			continue;
		}
		if ((st = cose_sign1_verify(s, k->parsed,
		    (struct bytes){ NULL, 0 })) == ST_OK)
			return ST_OK;
	}
	return st;
}

static enum status
add_status(struct trust *t, const struct cose_sign1 *s)
{
	struct trust_status *v;
	enum status st;
	size_t state;

	if (t->statuses_n == TRUST_LISTS_MAX)
		return ST_TOO_BIG;
	v = &t->status[t->statuses_n];
	if ((st = statuslist_parse(s->payload, CBOR_STRICT, &t->arena,
	    &v->list)) != ST_OK)
		return st;
	if (!status_uri_parse(v->list.uri, &v->office) || v->list.bits != 2)
		return ST_MALFORMED;
	for (state = 0; state < t->lists_n; state++)
		if (strcmp(t->list[state].state, v->office.state) == 0)
			break;
	if (state == t->lists_n)
		return ST_UNKNOWN_KEY;
	if ((st = verify_status(t, state, bytes_text(v->office.office), s,
	    v->list.iat)) != ST_OK)
		return st;
	if (trust_find_status(t, state, v->list.uri) != NULL)
		return ST_ROLLBACK;
	v->state = state;
	t->statuses_n++;
	if (v->list.iat > t->floor)
		t->floor = v->list.iat;
	return ST_OK;
}

/* The next signed part; *typ tells what it is. */
static enum status
next_part(struct bytes *rest, struct cose_sign1 *s)
{
	struct bytes item;
	enum status st;

	if ((st = cbor_check_first(*rest, CBOR_STRICT, &item)) != ST_OK ||
	    (st = cose_sign1_parse(item, CBOR_STRICT, s)) != ST_OK)
		return st;
	if (!cose_sign1_has_one_form(item, s))
		return ST_MALFORMED;
	rest->p += item.len;
	rest->len -= item.len;
	return ST_OK;
}

/* One pass over the parts of one type: keys must be known before the lists
 * they signed, whatever order the bundle has. */
static enum status
add_parts(struct trust *t, struct bytes rest, const char *typ,
    enum status (*add)(struct trust *, const struct cose_sign1 *),
    size_t *where)
{
	struct cose_sign1 s;
	enum status st;

	for (*where = 1; rest.len > 0; ++*where) {
		if ((st = next_part(&rest, &s)) != ST_OK)
			return st;
		if (!bytes_equal_text(s.typ, TRUST_TYP) &&
		    !bytes_equal_text(s.typ, STATUSLIST_TYP))
			return ST_MALFORMED;
		if (!bytes_equal_text(s.typ, typ))
			continue;
		if ((st = add(t, &s)) != ST_OK)
			return st;
	}
	return ST_OK;
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
	if ((st = add_parts(t, bundle, TRUST_TYP, add_list, where)) != ST_OK)
		return st;
	return add_parts(t, bundle, STATUSLIST_TYP, add_status, where);
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
