#include "common/cose_key.h"

#include <string.h>

enum { K_KTY = 1, K_ALG = 3, K_CRV = -1, K_X = -2, K_Y = -3 };

static bool
take_coordinate(struct cbor *c, uint8_t out[32])
{
	struct bytes b = cbor_bytes(c);

	if (c->bad || b.len != 32)
		return false;
	memcpy(out, b.p, 32);
	return true;
}

enum status
cose_key_parse(struct cbor *c, struct cose_key *out)
{
	struct cose_key k = { 0 };
	int64_t crv = 0, alg = 0;
	uint64_t kty = 0;
	bool x = false, y = false;
	size_t n = cbor_map(c);

	for (size_t i = 0; i < n && !c->bad; i++) {
		switch (cbor_int(c)) {
		case K_KTY: kty = cbor_uint(c); break;
		case K_ALG: alg = cbor_int(c); break;
		case K_CRV: crv = cbor_int(c); break;
		case K_X: x = take_coordinate(c, k.x); break;
		case K_Y: y = take_coordinate(c, k.y); break;
		default: return ST_MALFORMED;	/* a private part, or a stranger */
		}
	}
	if (c->bad || !x)
		return ST_MALFORMED;
	if (!(kty == KTY_EC2 && alg == ALG_ES256 && crv == CRV_P256 && y) &&
	    !(kty == KTY_OKP && alg == ALG_EDDSA && crv == CRV_ED25519 && !y))
		return ST_MALFORMED;
	k.kty = (int)kty;
	k.alg = (int)alg;
	*out = k;
	return ST_OK;
}

static void
encode(const struct cose_key *key, bool with_alg, struct buf *out)
{
	bool ec = key->kty == KTY_EC2;

	/* Sorted as RFC 8949 §4.2.1 wants: 1, 3, -1, -2, -3. */
	cbor_put_map(out, (ec ? 4u : 3u) + (with_alg ? 1u : 0u));
	cbor_put_int(out, K_KTY);
	cbor_put_int(out, key->kty);
	if (with_alg) {
		cbor_put_int(out, K_ALG);
		cbor_put_int(out, key->alg);
	}
	cbor_put_int(out, K_CRV);
	cbor_put_int(out, ec ? CRV_P256 : CRV_ED25519);
	cbor_put_int(out, K_X);
	cbor_put_bytes(out, bytes_from(key->x, 32));
	if (ec) {
		cbor_put_int(out, K_Y);
		cbor_put_bytes(out, bytes_from(key->y, 32));
	}
}

void
cose_key_encode(const struct cose_key *key, struct buf *out)
{
	encode(key, true, out);
}

/* RFC 9679 §3: the required parameters alone, deterministically encoded. */
enum status
cose_key_thumbprint(const struct cose_key *key, uint8_t out[32])
{
	uint8_t raw[COSE_KEY_MAX];
	struct buf b = buf_over(raw, sizeof(raw));
	struct bytes part;

	encode(key, false, &b);
	if (b.bad)
		return ST_INTERNAL;
	part = buf_bytes(&b);
	return crypto_sha256(&part, 1, out);
}

enum status
cose_key_kid(const struct cose_key *key, uint8_t kid[KID_LEN])
{
	uint8_t print[32];
	enum status st = cose_key_thumbprint(key, print);

	if (st == ST_OK)
		memcpy(kid, print, KID_LEN);
	return st;
}

enum status
cose_key_load(const struct cose_key *key, struct crypto_key **out)
{
	return crypto_key_new(key->alg, bytes_from(key->x, 32),
	    bytes_from(key->y, key->kty == KTY_EC2 ? 32 : 0), out);
}
