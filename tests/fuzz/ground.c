#include "tests/fuzz/ground.h"

#include <openssl/evp.h>

#include <string.h>

#include "common/cose.h"
#include "tests/fuzz/fuzz.h"

enum { ROOM = 1 << 16, DAY = 86400, CARDS = 64 };

static uint8_t room[ROOM];
static struct buf store = { room, ROOM, 0, false };
static struct trust trust;
static uint8_t arena[1 << 12];

static EVP_PKEY *
private_key(enum ground_key which)
{
	static EVP_PKEY *keys[GROUND_KEYS];
	uint8_t seed[32];

	if (keys[which] == NULL) {
		memset(seed, 'A' + (int)which, sizeof(seed));
		keys[which] = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519,
		    NULL, seed, sizeof(seed));
	}
	HOLDS(keys[which] != NULL);
	return keys[which];
}

static struct cose_key
public_key(enum ground_key which)
{
	struct cose_key pub = { .kty = KTY_OKP, .alg = ALG_EDDSA };
	size_t len = sizeof(pub.x);

	HOLDS(EVP_PKEY_get_raw_public_key(private_key(which), pub.x,
	    &len) == 1);
	return pub;
}

void
ground_sign(enum ground_key by, const char *typ, struct bytes payload,
    struct buf *out)
{
	struct cose_key pub = public_key(by);
	uint8_t header[128], kid[KID_LEN], sig[64];
	struct buf prot = buf_over(header, sizeof(header));
	size_t cap = payload.len + 256, len = sizeof(sig);
	uint8_t *tbs = malloc(cap);
	struct buf b = buf_over(tbs, cap);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	HOLDS(tbs != NULL && cose_key_kid(&pub, kid) == ST_OK);
	cose_protected(ALG_EDDSA, bytes_from(kid, KID_LEN), typ, &prot);
	cose_sign1_head(buf_bytes(&prot), (struct bytes){ NULL, 0 },
	    payload.len, &b);
	buf_put(&b, payload.p, payload.len);
	HOLDS(!b.bad && EVP_DigestSignInit(ctx, NULL, NULL, NULL,
	    private_key(by)) == 1 &&
	    EVP_DigestSign(ctx, sig, &len, b.p, b.len) == 1);
	cose_sign1_encode(buf_bytes(&prot), payload, bytes_from(sig, 64), out);
	EVP_MD_CTX_free(ctx);
	free(tbs);
}

void
ground_store(struct trust *t, uint8_t *at, size_t cap)
{
	struct cose_key root = public_key(GROUND_ROOT);

	trust_init(t, at, cap);
	HOLDS(trust_add_anchor(t, "NIC", &root) == ST_OK);
}

/* What was appended to the store since start. */
static struct bytes
since(size_t start)
{
	HOLDS(!store.bad);
	return bytes_from(store.p + start, store.len - start);
}

static void
add_key(struct trust_list *l, const struct ground *g, enum ground_key which,
    enum key_role role)
{
	struct trust_key *k = &l->key[l->keys_n++];

	*k = (struct trust_key){ .pub = g->pub[which], .role = role,
	    .office = bytes_text("SJO"),
	    .office_name = bytes_text("Consulado de prueba"),
	    .from = GROUND_NOW - 100 * DAY, .sign_until = GROUND_NOW + 100 *
	    DAY, .until = GROUND_NOW + INT64_C(3000) * DAY,
	    .revoked_from = TRUST_NEVER };
}

/* The trust list and the status list: card 5 is revoked, 6 suspended, 7 was
 * never issued. */
static void
make_lists(struct ground *g)
{
	static struct trust_list l = { .state = "NIC", .sequence = 7,
	    .iat = GROUND_NOW - 2 * DAY, .exp = GROUND_NOW + 90 * DAY };
	uint8_t raw[CARDS / 4] = { 0 };
	size_t at = store.len;

	add_key(&l, g, GROUND_DOCUMENT, ROLE_DOCUMENT);
	add_key(&l, g, GROUND_STATUS, ROLE_STATUS);
	HOLDS(trust_list_encode(&l, &store) == ST_OK);
	g->list_payload = since(at);
	statuslist_set(raw, 5, CARD_REVOKED);
	statuslist_set(raw, 6, CARD_SUSPENDED);
	statuslist_set(raw, 7, CARD_NEVER_ISSUED);
	at = store.len;
	HOLDS(statuslist_encode(bytes_text("NIC"), bytes_text(GROUND_URI),
	    GROUND_NOW - DAY, GROUND_NOW + 7 * DAY,
	    bytes_from(raw, sizeof(raw)), &store) == ST_OK);
	g->status_payload = since(at);
	at = store.len;
	ground_sign(GROUND_ROOT, TRUST_TYP, g->list_payload, &store);
	g->list = since(at);
	ground_sign(GROUND_STATUS, STATUSLIST_TYP, g->status_payload, &store);
	g->bundle = since(at);
	g->status = bytes_from(g->bundle.p + g->list.len,
	    g->bundle.len - g->list.len);
}

/* The root names the document signer's key as the next root: any will do. */
static void
make_wide(struct ground *g)
{
	struct root_succession s = { .state = "NIC", .iat = GROUND_NOW - DAY,
	    .next = g->pub[GROUND_DOCUMENT] };
	struct log_head head = { .state = "NIC", .office = "SJO",
	    .iat = GROUND_NOW - DAY, .size = 9, .root = { 7 } };
	uint8_t raw[CARDS / 4] = { 0x55, 0xaa }, payload_room[512];
	struct buf payload = buf_over(payload_room, sizeof(payload_room));
	size_t at = store.len;

	HOLDS(root_succession_encode(&s, &store) == ST_OK);
	g->succession_payload = since(at);
	at = store.len;
	buf_put(&store, g->bundle.p, g->bundle.len);
	ground_sign(GROUND_ROOT, ROOT_TYP, g->succession_payload, &store);
	HOLDS(shortlist_encode(bytes_text("NIC"), bytes_text(GROUND_URI),
	    GROUND_NOW, GROUND_NOW + 7 * DAY, bytes_from(raw, sizeof(raw)),
	    &payload) == ST_OK);
	ground_sign(GROUND_STATUS, SHORTLIST_TYP, buf_bytes(&payload), &store);
	payload.len = 0;
	HOLDS(log_head_encode(&head, &payload) == ST_OK);
	ground_sign(GROUND_STATUS, LOG_HEAD_TYP, buf_bytes(&payload), &store);
	g->wide = since(at);
}

static void
fill_card(struct claims *c)
{
	static const uint8_t face[64] = "RIFF8\0\0\0WEBPVP8L";
	struct identity *id = &c->identity;

	memset(c, 0, sizeof(*c));
	c->iss = id->nationality = id->country = bytes_text("NIC");
	c->has_exp = c->has_nbf = c->has_iat = true;
	c->has_status = c->has_identity = true;
	c->iat = c->nbf = GROUND_NOW - 3 * DAY;
	c->exp = GROUND_NOW + INT64_C(1000) * DAY;
	c->status_index = 3;
	c->status_uri = bytes_text(GROUND_URI);
	id->id = bytes_text("SJO0000003");
	id->full_name = bytes_text("Zoë Peña");
	id->birth_date = bytes_text("19901231");
	id->sex = SEX_FEMALE;
	id->marital_status = id->photo_format = -1;
	id->biometric[IDENTITY_FACE].n = 1;
	id->biometric[IDENTITY_FACE].item[0] = (struct biometric){
	    .data = bytes_from(face, sizeof(face)), .format = BIO_IMAGE,
	    .sub_format = IMG_WEBP };
}

static void
make_cards(struct ground *g)
{
	static char text[TOKEN_TEXT_MAX];
	static struct claims c;
	struct bytes payload;
	size_t at = store.len;

	fill_card(&c);
	HOLDS(claims_encode(&c, &store) == ST_OK);
	g->card_payload = since(at);
	at = store.len;
	ground_sign(GROUND_DOCUMENT, NULL, g->card_payload, &store);
	g->card = since(at);
	HOLDS(token_wrap(g->card, text, sizeof(text), NULL) == ST_OK);
	g->text = bytes_text(text);
	c.has_family = true;
	c.members_n = 1;
	c.member[0] = (struct member){ bytes_text("Ana Peña"),
	    bytes_text("20200101"), SEX_FEMALE, REL_CHILD };
	at = store.len;
	HOLDS(claims_encode(&c, &store) == ST_OK);
	payload = since(at);
	at = store.len;
	ground_sign(GROUND_DOCUMENT, NULL, payload, &store);
	g->family = since(at);
}

const struct ground *
ground(void)
{
	static struct ground g;

	if (g.trust != NULL)
		return &g;
	for (int i = 0; i < GROUND_KEYS; i++)
		g.pub[i] = public_key((enum ground_key)i);
	make_lists(&g);
	make_wide(&g);
	make_cards(&g);
	ground_store(&trust, arena, sizeof(arena));
	HOLDS(trust_add_bundle(&trust, g.bundle, NULL) == ST_OK);
	g.trust = &trust;
	return &g;
}
