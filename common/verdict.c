#include "common/verdict.h"

#include <string.h>

#include "common/token.h"

static const struct {
	const char *token, *text;
	int exit;
	enum colour colour;
} verdicts[] = {
#define X(name, token, exit, colour, text) { token, text, exit, colour },
	VERDICT_TABLE(X)
#undef X
};

static const struct {
	const char *token, *text;
} details[] = {
#define X(name, token, text) { token, text },
	DETAIL_TABLE(X)
#undef X
};

const char *
verdict_token(enum verdict_code c)
{
	return verdicts[c].token;
}

const char *
verdict_text(enum verdict_code c)
{
	return verdicts[c].text;
}

int
verdict_exit(enum verdict_code c)
{
	return verdicts[c].exit;
}

enum colour
verdict_colour(enum verdict_code c)
{
	return verdicts[c].colour;
}

const char *
colour_token(enum colour c)
{
	switch (c) {
	case GREEN: return "green";
	case AMBER: return "amber";
	case RED: return "red";
	case COLOURLESS: break;
	}
	return "none";
}

const char *
detail_token(enum verdict_detail d)
{
	return details[d].token;
}

const char *
detail_text(enum verdict_detail d)
{
	return details[d].text;
}

bool
verdict_is_worse(enum verdict_code a, enum verdict_code b)
{
	/* Severity: none found < green < amber < red; UNREADABLE is 0 and the
	 * table is in that order but for the reds, which are equal. */
	static const int rank[] = { [COLOURLESS] = 0, [GREEN] = 1,
	    [AMBER] = 2, [RED] = 3 };

	return rank[verdict_colour(a)] > rank[verdict_colour(b)];
}

/* ---- the ladder --------------------------------------------------------- */

struct found {
	const struct trust_key *key;
	size_t state;
	bool kid_seen;
};

/* A kid is a hint: try every key that has it (RFC 9052 §3.1). */
static enum verdict_code
find_signer(const struct trust *t, const struct cose_sign1 *s, struct found *f)
{
	for (size_t i = 0; i < t->lists_n; i++) {
		for (size_t k = 0; k < t->list[i].keys_n; k++) {
			const struct trust_key *key = &t->list[i].key[k];

			if (!bytes_equal(s->kid,
			    bytes_from(key->kid, KID_LEN)))
				continue;
			f->kid_seen = true;
			if (cose_sign1_verify(s, key->parsed,
			    (struct bytes){ NULL, 0 }) == ST_OK) {
				f->key = key;
				f->state = i;
				return VERDICT_VALID;
			}
		}
	}
	return f->kid_seen ? VERDICT_FORGED : VERDICT_UNKNOWN_ISSUER;
}

/* One key may stand in the lists of two states, the second to spoil the cards
 * of the first: the one of the state that the card names counts. */
static void
settle_state(const struct trust *t, struct found *f, struct bytes iss)
{
	for (size_t i = 0; i < t->lists_n; i++) {
		const struct trust_list *l = &t->list[i];

		if (!bytes_equal_text(iss, l->state))
			continue;
		for (size_t k = 0; k < l->keys_n; k++)
			if (memcmp(&l->key[k].pub, &f->key->pub,
			    sizeof(f->key->pub)) == 0) {
				f->key = &l->key[k];
				f->state = i;
				return;
			}
	}
}

/* May this key sign this card: role, state, office. */
static enum verdict_code
check_scope(const struct trust *t, const struct found *f,
    const struct claims *c)
{
	struct status_uri uri;

	if (f->key->role != ROLE_DOCUMENT ||
	    !bytes_equal_text(c->iss, t->list[f->state].state))
		return VERDICT_WRONG_SCOPE;
	if (!status_uri_parse(c->status_uri, &uri))
		return VERDICT_MALFORMED;
	if (!bytes_equal_text(c->iss, uri.state) ||
	    !bytes_equal_text(f->key->office, uri.office))
		return VERDICT_WRONG_SCOPE;
	return VERDICT_VALID;
}

/* Was the key allowed to sign then, and does its word still count. real is
 * the latest moment known to have passed. */
static enum verdict_code
check_key_time(const struct trust_key *k, const struct claims *c, int64_t real)
{
	if (c->iat >= k->revoked_from)
		return VERDICT_KEY_REVOKED;
	if (c->iat > k->sign_until)
		return VERDICT_KEY_EXPIRED;
	if (c->exp > k->until)		/* a card may not outlive its key */
		return real > k->until ? VERDICT_KEY_EXPIRED :
		    VERDICT_WRONG_SCOPE;
	return c->iat < k->from ? VERDICT_WRONG_SCOPE : VERDICT_VALID;
}

/* What the full list says of the card. brief is the newer short list, or NULL:
 * it is complete for its own moment, so who is in it no longer is not suspended
 * any more. What was never issued it cannot tell. */
static enum verdict_code
check_full(const struct trust_status *full, const struct trust_short *brief,
    const struct claims *c, enum verdict_detail *detail)
{
	unsigned value;

	if (!statuslist_get(&full->list, c->status_index, &value)) {
		*detail = DETAIL_OUT_OF_RANGE;
		return VERDICT_REVOKED;
	}
	switch (value) {
	case CARD_VALID:
		return VERDICT_VALID;
	case CARD_SUSPENDED:
		return brief != NULL ? VERDICT_VALID : VERDICT_SUSPENDED;
	case CARD_NEVER_ISSUED:
		/* A card made after the list was: the list cannot know it. */
		if (c->iat > full->list.iat) {
			*detail = DETAIL_LIST_BEFORE_CARD;
			return VERDICT_VALID_STALE;
		}
		*detail = DETAIL_NEVER_ISSUED;
		return VERDICT_REVOKED;
	default:
		return VERDICT_REVOKED;
	}
}

static bool
is_revoked(const struct trust_key *k)
{
	return k->revoked_from != TRUST_NEVER;
}

static enum verdict_code
check_status(const struct trust *t, const struct found *f,
    const struct claims *c, int64_t real, enum verdict_detail *detail)
{
	const struct trust_status *full = trust_find_status(t, f->state,
	    c->status_uri);
	const struct trust_short *brief = trust_find_short(t, f->state,
	    c->status_uri);
	enum card_status now = brief == NULL ? CARD_VALID :
	    shortlist_get(&brief->list, c->status_index);
	enum verdict_code v;
	int64_t exp;

	if (now != CARD_VALID)
		return now == CARD_SUSPENDED ? VERDICT_SUSPENDED :
		    VERDICT_REVOKED;
	if (full == NULL) {
		*detail = brief != NULL ? DETAIL_SHORT_ALONE :
		    DETAIL_LIST_MISSING;
		return VERDICT_VALID_STALE;
	}
	if ((v = check_full(full, brief, c, detail)) != VERDICT_VALID)
		return v;
	/* Whoever has that key now may have dated a list as he likes, and a
	 * newer word of the office may have gone with it. */
	if (is_revoked(full->signer) ||
	    (brief != NULL && is_revoked(brief->signer))) {
		*detail = DETAIL_SIGNER_REVOKED;
		return VERDICT_VALID_STALE;
	}
	exp = brief != NULL ? brief->list.exp : full->list.exp;
	if (exp == 0 || real > exp) {
		*detail = DETAIL_LIST_OLD;
		return VERDICT_VALID_STALE;
	}
	return VERDICT_VALID;
}

/* Everything after the signature holds. now may be wrong; real cannot be too
 * late: the clock, or the newest signed moment we hold if that is later. */
static enum verdict_code
check_claims(const struct trust *t, const struct found *f,
    const struct claims *c, int64_t now, enum verdict_detail *detail)
{
	int64_t real = now > t->floor ? now : t->floor;
	enum verdict_code v, stale;
	enum verdict_detail stale_why = DETAIL_NONE;

	if ((v = check_scope(t, f, c)) != VERDICT_VALID ||
	    (v = check_key_time(f->key, c, real)) != VERDICT_VALID)
		return v;
	stale = check_status(t, f, c, real, detail);
	if (verdict_colour(stale) == RED)
		return stale;
	if (stale != VERDICT_VALID) {
		stale_why = *detail;
		*detail = DETAIL_NONE;
	}
	if (real > c->exp) {
		/* Or is it the clock? Nobody can tell, so it is red; but who is
		 * turned away by a wrong date must hear of it. */
		if (now > CLOCK_FAR && now - CLOCK_FAR > t->floor)
			*detail = DETAIL_CLOCK_AHEAD;
		return VERDICT_EXPIRED;
	}
	if (now < t->floor - CLOCK_SKEW)
		return VERDICT_CLOCK_SUSPECT;
	if (real < c->nbf || real < c->iat)
		return VERDICT_NOT_YET_VALID;
	if (stale != VERDICT_VALID) {
		*detail = stale_why;
		return stale;
	}
	if (now > t->list[f->state].exp) {
		*detail = DETAIL_TRUST_OLD;
		return VERDICT_VALID_STALE;
	}
	return VERDICT_VALID;
}

struct verdict
verdict_judge(const struct trust *t, struct bytes cose, int64_t now,
    struct claims *claims)
{
	struct verdict v = { .code = VERDICT_MALFORMED };
	struct found f = { 0 };
	struct cose_sign1 s;

	memset(claims, 0, sizeof(*claims));
	if (cose_sign1_parse(cose, CBOR_LIBERAL, &s) != ST_OK)
		return v;
	if (s.sig.len == 0) {
		v.code = VERDICT_FORGED;
		return v;
	}
	/* A signed trust list or status list is no card, whoever signed it. */
	if (s.has_typ)
		return v;
	if ((v.code = find_signer(t, &s, &f)) != VERDICT_VALID)
		return v;
	v.code = VERDICT_MALFORMED;
	/* Only from here on is anything in the payload believed. */
	if (!cose_sign1_has_one_form(cose, &s) ||
	    claims_parse(s.payload, CBOR_STRICT, claims) != ST_OK ||
	    claims_check_profile(claims) != ST_OK)
		goto out;
	settle_state(t, &f, claims->iss);
	v.code = check_claims(t, &f, claims, now, &v.detail);
out:
	if (verdict_colour(v.code) == RED) {
		claims_wipe(claims);
	} else {
		v.signer = f.key;
		v.state = t->list[f.state].state;
	}
	return v;
}

struct verdict
verdict_judge_text(const struct trust *t, struct bytes text, int64_t now,
    struct buf *work, struct claims *claims)
{
	struct verdict v = { .code = VERDICT_MALFORMED };
	struct bytes cose;

	memset(claims, 0, sizeof(*claims));
	if (token_read(text, work, &cose) != ST_OK)
		return v;
	return verdict_judge(t, cose, now, claims);
}
