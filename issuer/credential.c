#include "issuer/credential.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cose.h"
#include "common/text.h"
#include "common/token.h"

#define URI_MAX STATUSLIST_URI_MAX

/* The texts that claims borrow from: made here, not in the register. */
struct texts {
	char name[REG_FOLDED], surnames[REG_FOLDED], folded[REG_FOLDED];
	char birth[DATE_TEXT], uri[URI_MAX];
	char member_name[FAMILY_MAX][REG_FOLDED];
	char member_birth[FAMILY_MAX][DATE_TEXT];
	uint8_t face[FACE_BUDGET_MAX];
};

struct work {
	struct texts texts;
	struct claims claims;
	uint8_t payload[REG_TOKEN_MAX];
	uint8_t packed[TOKEN_TEXT_MAX];
};

/* YYYYMMDD, as claim 8 has it. */
static void
compact_date(struct date date, char out[DATE_TEXT])
{
	char iso[DATE_TEXT];

	date_format(date, iso);
	(void)snprintf(out, DATE_TEXT, "%.4s%.2s%.2s", iso, iso + 5, iso + 8);
}

/* The name in Latin capitals is worth its bytes only where it differs from
 * what anyone would make of the name: its own ASCII letters as capitals. */
static bool
fold_adds(const char *name, const char *folded)
{
	for (; *name != '\0' && *folded != '\0'; name++, folded++) {
		char c = *name;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != *folded)
			return true;
	}
	return *name != *folded;
}

static bool
make_texts(const struct credential_subject *s, const struct card *c,
    struct texts *t)
{
	int n = snprintf(t->uri, sizeof(t->uri), "urn:cedula:%s:%s:%" PRIu32,
	    s->office->state, s->office->code, c->list);

	if (n < 0 || (size_t)n >= sizeof(t->uri) ||
	    !person_full_name(s->holder, t->name, sizeof(t->name)) ||
	    !person_surnames(s->holder, t->surnames, sizeof(t->surnames)) ||
	    !text_mrz_fold(bytes_text(t->name), t->folded, sizeof(t->folded)))
		return false;
	if (!fold_adds(t->name, t->folded))
		t->folded[0] = '\0';
	compact_date(person_birth(s->holder), t->birth);
	for (size_t i = 0; i < s->members_n; i++) {
		const struct person *p = s->member[i].person;

		if (!person_full_name(p, t->member_name[i], REG_FOLDED))
			return false;
		compact_date(person_birth(p), t->member_birth[i]);
	}
	return true;
}

static void
make_identity(const struct credential_subject *s, const struct card *c,
    struct texts *t, struct identity *id)
{
	const struct person *p = s->holder;

	id->id = bytes_text(c->number);
	id->language = bytes_text("spa");
	id->full_name = bytes_text(t->name);
	id->first_name = bytes_text(p->field[PERSON_GIVEN]);
	id->last_name = bytes_text(t->surnames);
	id->birth_date = bytes_text(t->birth);
	id->sex = (int64_t)person_sex(p);
	id->nationality = bytes_text(p->field[PERSON_NATIONALITY]);
	id->marital_status = -1;
	id->photo_format = -1;
	if (date_age(person_birth(p), when_date(c->issued)) < MINOR_AGE)
		id->guardian = bytes_text(p->field[PERSON_GUARDIAN]);
	if (t->folded[0] != '\0') {
		id->second_name = bytes_text(t->folded);
		id->second_language = bytes_text("spa");
	}
	id->location = bytes_text(p->field[PERSON_DISTRICT]);
	id->country = bytes_text(s->office->state);
}

static enum status
make_claims(const struct credential_subject *s, const struct card *c,
    struct texts *t, struct claims *out, struct diag *d)
{
	if (s->members_n > FAMILY_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("the household has %zu members and a family card holds %d; issue cards of their own to some"),
		    s->members_n, FAMILY_MAX);
	if (!make_texts(s, c, t))
		return diag_set(d, ST_TOO_BIG,
		    _("the names are too long for a card"));
	memset(out, 0, sizeof(*out));
	out->iss = bytes_text(s->office->state);
	out->has_exp = out->has_nbf = out->has_iat = true;
	out->exp = c->expires;
	out->nbf = out->iat = c->issued;
	out->has_status = true;
	out->status_index = c->index;
	out->status_uri = bytes_text(t->uri);
	out->has_identity = true;
	make_identity(s, c, t, &out->identity);
	out->has_family = s->members_n > 0;
	out->members_n = s->members_n;
	for (size_t i = 0; i < s->members_n; i++)
		out->member[i] = (struct member){
			.full_name = bytes_text(t->member_name[i]),
			.birth_date = bytes_text(t->member_birth[i]),
			.sex = (int64_t)person_sex(s->member[i].person),
			.relationship = (int64_t)s->member[i].relationship
		};
	return ST_OK;
}

static void
set_face(struct claims *c, struct bytes face)
{
	struct biometrics *b = &c->identity.biometric[IDENTITY_FACE];

	b->n = face.len > 0 ? 1 : 0;
	b->item[0] = (struct biometric){
		.data = face, .format = BIO_IMAGE, .sub_format = IMG_WEBP
	};
}

/* Signs the claims as they are; *size is what the budget is about. */
static enum status
sign(struct work *w, struct signer *key, struct card *c, size_t *size,
    struct diag *d)
{
	struct buf payload = buf_over(w->payload, sizeof(w->payload));
	struct buf token = buf_over(c->token, sizeof(c->token));
	enum status st;

	if ((st = claims_encode(&w->claims, &payload)) != ST_OK)
		return diag_set(d, st, st == ST_TOO_BIG ?
		    _("the texts are too long for a card; shorten names and guardian") :
		    _("a name, date or number that every card needs is missing"));
	if ((st = signer_sign1(key, NULL, buf_bytes(&payload), &token, d)) !=
	    ST_OK)
		return st;
	if ((st = token_wrap(buf_bytes(&token), c->qr, sizeof(c->qr), size)) !=
	    ST_OK)
		return diag_set(d, st,
		    _("the texts are too long for a card; shorten names and guardian"));
	c->token_len = token.len;
	return ST_OK;
}

/* Names what takes the room, so that somebody can shorten it. */
static enum status
no_room(const struct credential_subject *s, const struct claims *c,
    size_t without, size_t budget, struct diag *d)
{
	const struct {
		const char *what;
		size_t len;
	} parts[] = {
		{ _("the name"), c->identity.full_name.len },
		{ person_option(PERSON_GUARDIAN), c->identity.guardian.len },
		{ person_option(PERSON_DISTRICT), c->identity.location.len },
	};
	size_t longest = 0;

	for (size_t i = 1; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].len > parts[longest].len)
			longest = i;
	if (s->members_n > 0)
		return diag_set(d, ST_TOO_BIG,
		    _("the card's text takes %zu of %zu bytes and leaves no %d for the photo: %zu members and their names are too much; shorten names, or issue cards of their own to some"),
		    without, budget, FACE_BUDGET_MIN, s->members_n);
	return diag_set(d, ST_TOO_BIG,
	    _("the card's text takes %zu of %zu bytes and leaves no %d for the photo: %s is the longest (%zu bytes); shorten it with person edit"),
	    without, budget, FACE_BUDGET_MIN, parts[longest].what,
	    parts[longest].len);
}

/* A byte of noise, as a face's and a signature's are, takes 8 bits or 9 in the
 * token (common/literal.h), 8 7/16 on average: about 19 for 18. */
enum { NOISE_IN = 18, NOISE_OUT = 19, TRIES_MAX = 8 };

/* The face is whatever the text leaves. How much it takes packed is known only
 * when it is there, so what is over is taken off and tried again. */
static enum status
fit_face(const struct credential_subject *s, struct work *w,
    struct signer *key, struct card *c, struct diag *d)
{
	const size_t budget = s->members_n > 0 ? TOKEN_FAMILY_MAX :
	    TOKEN_INDIVIDUAL_MAX;
	size_t without, size, room;
	enum status st;

	/* A face of zeros, 8 bits each, has the head that any face has. */
	memset(w->texts.face, 0, FACE_BUDGET_MIN);
	set_face(&w->claims, bytes_from(w->texts.face, FACE_BUDGET_MIN));
	if ((st = sign(w, key, c, &size, d)) != ST_OK)
		return st;
	without = size - FACE_BUDGET_MIN;
	room = budget > without ? (budget - without) * NOISE_IN / NOISE_OUT : 0;
	if (room > FACE_BUDGET_MAX)
		room = FACE_BUDGET_MAX;
	for (int i = 0; i < TRIES_MAX && room >= FACE_BUDGET_MIN; i++) {
		struct buf face = buf_over(w->texts.face,
		    sizeof(w->texts.face));

		st = photo_face_webp(s->portrait->rgb, s->portrait->w,
		    s->portrait->h, room, &face, NULL, d);
		if (st == ST_TOO_BIG)
			break;
		if (st != ST_OK)
			return st;
		set_face(&w->claims, buf_bytes(&face));
		if ((st = sign(w, key, c, &size, d)) != ST_OK ||
		    size <= budget)
			return st;
		/* Under what this face had, or the next would be the same. */
		room = face.len > size - budget ? face.len - (size - budget) :
		    0;
	}
	return no_room(s, &w->claims, without, budget, d);
}

enum status
credential_make(const struct credential_subject *s, struct signer *key,
    struct card *c, struct diag *d)
{
	struct work *w = calloc(1, sizeof(*w));
	struct bytes kid = signer_kid(key);
	enum status st = ST_INTERNAL;

	if (w == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	memcpy(c->kid, kid.p, KID_LEN);
	if ((st = make_claims(s, c, &w->texts, &w->claims, d)) != ST_OK ||
	    (st = fit_face(s, w, key, c, d)) != ST_OK)
		goto out;
	st = credential_check(c, signer_public(key), d);
out:
	crypto_wipe(w, sizeof(*w));
	free(w);
	return st;
}

static bool
says_the_same(const struct claims *claims, const struct card *c)
{
	struct status_uri uri;

	return claims_check_profile(claims) == ST_OK &&
	    bytes_equal_text(claims->identity.id, c->number) &&
	    status_uri_parse(claims->status_uri, &uri) &&
	    uri.number == c->list && claims->status_index == c->index &&
	    claims->exp == c->expires && claims->iat == c->issued;
}

bool
credential_is_text(struct bytes qr, struct bytes token)
{
	uint8_t *room = malloc(TOKEN_TEXT_MAX);
	struct buf packed = buf_over(room, TOKEN_TEXT_MAX);
	struct bytes cose;
	bool same = room != NULL && token_read(qr, &packed, &cose) == ST_OK &&
	    bytes_equal(cose, token);

	free(room);
	return same;
}

enum status
credential_check(const struct card *c, const struct cose_key *pub,
    struct diag *d)
{
	struct work *w = calloc(1, sizeof(*w));
	struct crypto_key *key = NULL;
	struct cose_sign1 sign1;
	struct buf packed;
	struct bytes cose;
	enum status st = ST_INTERNAL;

	if (w == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	packed = buf_over(w->packed, sizeof(w->packed));
	if ((st = token_read(bytes_text(c->qr), &packed, &cose)) != ST_OK ||
	    (st = cose_sign1_parse(cose, CBOR_STRICT, &sign1)) != ST_OK ||
	    (st = cose_key_load(pub, &key)) != ST_OK ||
	    (st = cose_sign1_verify(&sign1, key, bytes_from(NULL, 0))) !=
	    ST_OK || (st = claims_parse(sign1.payload, CBOR_STRICT,
	    &w->claims)) != ST_OK)
		goto out;
	st = bytes_equal(cose, bytes_from(c->token, c->token_len)) &&
	    says_the_same(&w->claims, c) ? ST_OK : ST_INTERNAL;
out:
	crypto_key_free(key);
	crypto_wipe(w, sizeof(*w));
	free(w);
	return st == ST_OK ? st : diag_set(d, st,
	    _("card %s: the credential made does not verify; nothing was kept"),
	    c->number);
}
