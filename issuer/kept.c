#include "issuer/kept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/shortlist.h"

/* One kept list while it is looked at. */
struct kept {
	const struct office *office;
	const struct published *p;
	const struct cose_key *pub;
	const struct trust *trust;
	char uri[STATUSLIST_URI_MAX];
};

static bool
is_signed(const struct kept *k, const struct cose_sign1 *s)
{
	struct crypto_key *key = NULL;
	struct trust_signer by;
	bool holds = true;

	if (k->pub != NULL)
		holds = cose_key_load(k->pub, &key) == ST_OK &&
		    cose_sign1_verify(s, key, bytes_from(NULL, 0)) == ST_OK;
	crypto_key_free(key);
	/* A key that is not named any more proves nothing either way. */
	return holds && (k->trust == NULL || trust_verify_status(k->trust,
	    k->office->state, k->office->code, s, k->p->iat, &by) !=
	    ST_SIGNATURE);
}

static bool
open_token(const struct kept *k, struct bytes token, const char *typ,
    struct bytes *payload)
{
	struct cose_sign1 s;

	*payload = token;
	if (k->p->kid_len == 0)
		return true;
	if (cose_sign1_parse(token, CBOR_STRICT, &s) != ST_OK ||
	    !bytes_equal_text(s.typ, typ) ||
	    !bytes_equal(s.kid, bytes_from(k->p->kid, k->p->kid_len)))
		return false;
	*payload = s.payload;
	return is_signed(k, &s);
}

/* A set of places has one encoding. */
static bool
is_short_of(const struct kept *k, struct bytes payload, struct bytes raw)
{
	const size_t cap = 2 * SHORTLIST_BYTES_MAX + 2048;
	uint8_t *room = malloc(cap);
	struct buf again = buf_over(room, cap);
	bool same = room != NULL && shortlist_encode(
	    bytes_text(k->office->state), bytes_text(k->uri), k->p->iat,
	    k->p->exp, raw, &again) == ST_OK && !again.bad &&
	    bytes_equal(buf_bytes(&again), payload);

	free(room);
	return same;
}

static bool
agrees(const struct kept *k, struct buf *arena)
{
	const struct published *p = k->p;
	struct statuslist list;
	struct bytes payload;
	uint8_t hash[32];

	if (!open_token(k, bytes_from(p->token, p->token_len), STATUSLIST_TYP,
	    &payload) || statuslist_parse(payload, CBOR_STRICT, arena,
	    &list) != ST_OK || list.bits != 2 ||
	    !bytes_equal_text(list.uri, k->uri) || list.iat != p->iat ||
	    list.exp != p->exp ||
	    crypto_sha256(&list.list, 1, hash) != ST_OK ||
	    memcmp(hash, p->raw_sha256, sizeof(hash)) != 0)
		return false;
	if (p->short_len == 0)
		return true;
	return open_token(k, bytes_from(p->short_token, p->short_len),
	    SHORTLIST_TYP, &payload) && is_short_of(k, payload, list.list);
}

bool
kept_agrees(const struct office *o, uint32_t number, const struct published *p,
    const struct cose_key *pub, const struct trust *trust)
{
	struct kept k = { .office = o, .p = p, .pub = pub, .trust = trust };
	uint8_t *room = malloc(STATUSLIST_BYTES_MAX);
	struct buf arena = buf_over(room, STATUSLIST_BYTES_MAX);
	bool yes;

	(void)snprintf(k.uri, sizeof(k.uri), KEPT_URI(o, number));
	yes = room != NULL && agrees(&k, &arena);
	free(room);
	return yes;
}

enum status
kept_check(struct reg *r, const struct office *o, const struct trust *trust,
    struct findings *found, struct diag *d)
{
	uint32_t n;
	enum status st = reg_lists(r, &n, d);

	for (uint32_t i = 1; st == ST_OK && i <= n; i++) {
		struct published p;

		if ((st = reg_published(r, i, &p, d)) == ST_NOT_FOUND) {
			st = ST_OK;
			continue;
		}
		if (st == ST_OK && !kept_agrees(o, i, &p, NULL, trust))
			findings_add(found,
			    _("status list %" PRIu32 " that is kept here as published is not what was published"),
			    i);
		published_free(&p);
	}
	return st;
}
