#include "common/trust.h"

#include <string.h>

#include "common/claims.h"
#include "common/text.h"

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

/* A state's code; out keeps its NUL. */
static bool
take_state(struct cbor *c, char out[4])
{
	struct bytes iss = cbor_text(c);

	if (!text_is_code(iss, false))
		return false;
	memcpy(out, iss.p, 3);
	return true;
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
		switch (cbor_int(&c)) {
		case CWT_ISS:
			if (!take_state(&c, out->state))
				return ST_MALFORMED;
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

/* ---- a root's successor -------------------------------------------------- */

enum status
root_succession_parse(struct bytes payload, struct root_succession *out)
{
	struct root_succession s = { .iat = -1 };
	struct cbor c = cbor_from(payload);
	bool sub = false;
	enum status st;
	size_t n;

	memset(out, 0, sizeof(*out));
	if (cbor_check(payload, CBOR_STRICT) != ST_OK)
		return ST_MALFORMED;
	n = cbor_map(&c);
	for (size_t i = 0; i < n && !c.bad; i++) {
		switch (cbor_int(&c)) {
		case CWT_ISS:
			if (!take_state(&c, s.state))
				return ST_MALFORMED;
			break;
		case CWT_SUB:
			sub = bytes_equal_text(cbor_text(&c), ROOT_SUB);
			break;
		case CWT_IAT: s.iat = cbor_int(&c); break;
		case CWT_NEXT_ROOT:
			if ((st = cose_key_parse(&c, &s.next)) != ST_OK)
				return st;
			break;
		default:
			return ST_MALFORMED;
		}
	}
	if (!cbor_done(&c) || !sub || s.state[0] == '\0' || s.iat < 0 ||
	    s.next.kty == 0)
		return ST_MALFORMED;
	*out = s;
	return ST_OK;
}

enum status
root_succession_encode(const struct root_succession *s, struct buf *out)
{
	if (!text_is_code(bytes_text(s->state), false) || s->iat < 0 ||
	    s->next.kty == 0)
		return ST_DATA;
	/* Sorted: 1 2 6 -70172. */
	cbor_put_map(out, 4);
	cbor_put_int(out, CWT_ISS);
	cbor_put_text(out, bytes_text(s->state));
	cbor_put_int(out, CWT_SUB);
	cbor_put_text(out, bytes_text(ROOT_SUB));
	cbor_put_int(out, CWT_IAT);
	cbor_put_int(out, s->iat);
	cbor_put_int(out, CWT_NEXT_ROOT);
	cose_key_encode(&s->next, out);
	return out->bad ? ST_TOO_BIG : ST_OK;
}
