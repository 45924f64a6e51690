#include "common/cose.h"

#include <string.h>

/* Tag 18, 61(18) or none; *want is the tag of the structure itself. */
static bool
skip_tags(struct cbor *c, uint64_t want)
{
	bool cwt = false, own = false;

	while (cbor_peek(c) == CBOR_TAG) {
		uint64_t tag = cbor_tag(c);

		if (tag == COSE_TAG_CWT && !cwt && !own)
			cwt = true;
		else if (tag == want && !own)
			own = true;
		else
			return false;
	}
	return !c->bad;
}

struct header {
	int64_t alg;
	struct bytes kid, typ, iv;
	bool has_typ;
};

/* Reads the labels we know. An unknown critical label must reject the whole
 * (RFC 9052 §3.1); we know alg, kid, iv and typ. */
static bool
read_header(struct bytes map, struct header *h)
{
	struct cbor c = cbor_from(map);
	size_t n = cbor_map(&c);

	*h = (struct header){ 0 };
	for (size_t i = 0; i < n && !c.bad; i++) {
		int64_t label = 0;

		if (cbor_peek(&c) == CBOR_TEXT)
			(void)cbor_text(&c);
		else
			label = cbor_int(&c);
		if (label == COSE_HDR_CRIT)
			return false;
		if (label == COSE_HDR_TYP)
			h->has_typ = true;
		if (label == COSE_HDR_ALG && cbor_peek(&c) != CBOR_TEXT)
			h->alg = cbor_int(&c);
		else if (label == COSE_HDR_KID)
			h->kid = cbor_bytes(&c);
		else if (label == COSE_HDR_IV)
			h->iv = cbor_bytes(&c);
		else if (label == COSE_HDR_TYP && cbor_peek(&c) == CBOR_TEXT)
			h->typ = cbor_text(&c);
		else
			(void)cbor_raw(&c);
	}
	return cbor_done(&c);
}

/* The protected header: a byte string holding a map, or nothing at all. */
static bool
read_protected(struct bytes raw, enum cbor_mode mode, struct header *h)
{
	*h = (struct header){ 0 };
	if (raw.len == 0)
		return true;
	if (raw.len > COSE_PROTECTED_MAX || cbor_check(raw, mode) != ST_OK)
		return false;
	return read_header(raw, h);
}

enum status
cose_sign1_parse(struct bytes in, enum cbor_mode mode, struct cose_sign1 *out)
{
	struct cose_sign1 s = { 0 };
	struct header prot, unprot;
	struct cbor c = cbor_from(in);

	*out = s;
	if (cbor_check(in, mode) != ST_OK || !skip_tags(&c, COSE_TAG_SIGN1) ||
	    cbor_array(&c) != 4)
		return ST_MALFORMED;
	s.protected_raw = cbor_bytes(&c);
	if (cbor_peek(&c) != CBOR_MAP)
		return ST_MALFORMED;
	s.unprotected_raw = cbor_raw(&c);
	s.payload = cbor_bytes(&c);
	s.sig = cbor_bytes(&c);
	if (!cbor_done(&c) || !read_protected(s.protected_raw, mode, &prot) ||
	    !read_header(s.unprotected_raw, &unprot))
		return ST_MALFORMED;
	s.alg = prot.alg;		/* in the unprotected header it is worth
					 * nothing: an attacker chooses it */
	s.loose_alg = unprot.alg;
	s.typ = prot.typ;
	s.has_typ = prot.has_typ;
	s.kid = prot.kid.p != NULL ? prot.kid : unprot.kid;
	s.nonempty_unprotected = s.unprotected_raw.len != 1;
	*out = s;
	return ST_OK;
}

void
cose_sign1_head(struct bytes protected_raw, struct bytes external_aad,
    size_t payload_len, struct buf *head)
{
	cbor_put_array(head, 4);
	cbor_put_text(head, bytes_text("Signature1"));
	cbor_put_bytes(head, protected_raw);
	cbor_put_bytes(head, external_aad);
	cbor_put_bytes_head(head, payload_len);
}

enum status
cose_sign1_verify(const struct cose_sign1 *s, const struct crypto_key *key,
    struct bytes external_aad)
{
	uint8_t raw[COSE_PROTECTED_MAX + 64];
	struct buf head = buf_over(raw, sizeof(raw));
	struct bytes parts[2];

	if (s->sig.len == 0 || s->alg != crypto_key_alg(key))
		return ST_SIGNATURE;
	cose_sign1_head(s->protected_raw, external_aad, s->payload.len, &head);
	if (head.bad)
		return ST_TOO_BIG;
	parts[0] = buf_bytes(&head);
	parts[1] = s->payload;
	return crypto_verify(key, parts, 2, s->sig);
}

/* The order n of P-256 (SEC 2 §2.4.2), and n / 2. */
static const uint8_t p256_order[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
	0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51
};
static const uint8_t p256_half[32] = {
	0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00,
	0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42,
	0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8
};

bool
cose_es256_is_low(struct bytes sig)
{
	return sig.len == 64 && bytes_compare(bytes_from(sig.p + 32, 32),
	    bytes_from(p256_half, 32)) <= 0;
}

bool
cose_sign1_has_one_form(struct bytes cose, const struct cose_sign1 *s)
{
	return cose.len > 0 &&
	    cose.p[0] == (CBOR_TAG << 5 | COSE_TAG_SIGN1) &&
	    cbor_check(cose, CBOR_STRICT) == ST_OK &&
	    (s->protected_raw.len == 0 ||
	    cbor_check(s->protected_raw, CBOR_STRICT) == ST_OK) &&
	    !s->nonempty_unprotected &&
	    (s->alg != ALG_ES256 || cose_es256_is_low(s->sig));
}

void
cose_es256_make_low(uint8_t sig[64])
{
	unsigned borrow = 0;

	if (cose_es256_is_low(bytes_from(sig, 64)))
		return;
	for (size_t i = 32; i-- > 0;) {
		unsigned v = 256u + p256_order[i] - sig[32 + i] - borrow;

		sig[32 + i] = (uint8_t)(v & 0xff);
		borrow = v < 256;
	}
}

void
cose_protected(int alg, struct bytes kid, const char *typ, struct buf *out)
{
	cbor_put_map(out, typ != NULL ? 3 : 2);
	cbor_put_int(out, COSE_HDR_ALG);
	cbor_put_int(out, alg);
	cbor_put_int(out, COSE_HDR_KID);
	cbor_put_bytes(out, kid);
	if (typ != NULL) {
		cbor_put_int(out, COSE_HDR_TYP);
		cbor_put_text(out, bytes_text(typ));
	}
}

void
cose_sign1_encode(struct bytes protected_raw, struct bytes payload,
    struct bytes sig, struct buf *out)
{
	cbor_put_tag(out, COSE_TAG_SIGN1);
	cbor_put_array(out, 4);
	cbor_put_bytes(out, protected_raw);
	cbor_put_map(out, 0);
	cbor_put_bytes(out, payload);
	cbor_put_bytes(out, sig);
}

bool
cose_is_encrypt0(struct bytes in)
{
	struct cbor c = cbor_from(in);
	bool tagged = false;

	while (cbor_peek(&c) == CBOR_TAG)
		if (cbor_tag(&c) == COSE_TAG_ENCRYPT0)
			tagged = true;
	return tagged || (cbor_peek(&c) == CBOR_ARRAY && cbor_array(&c) == 3);
}

static size_t
gcm_key_length(int64_t alg)
{
	return alg >= 1 && alg <= 3 ? (size_t)(8 + 8 * alg) : 0;
}

enum status
cose_encrypt0_open(struct bytes in, struct bytes key, uint8_t *out, size_t cap,
    size_t *len)
{
	uint8_t raw[COSE_PROTECTED_MAX + 64];
	struct buf aad = buf_over(raw, sizeof(raw));
	struct cbor c = cbor_from(in);
	struct header prot, unprot;
	struct bytes protected_raw, unprotected_raw, text, part, iv;
	enum status st;

	*len = 0;
	if (cbor_check(in, CBOR_LIBERAL) != ST_OK ||
	    !skip_tags(&c, COSE_TAG_ENCRYPT0) || cbor_array(&c) != 3)
		return ST_MALFORMED;
	protected_raw = cbor_bytes(&c);
	unprotected_raw = cbor_raw(&c);
	text = cbor_bytes(&c);
	if (!cbor_done(&c) ||
	    !read_protected(protected_raw, CBOR_LIBERAL, &prot) ||
	    !read_header(unprotected_raw, &unprot) || text.len < 16 ||
	    text.len - 16 > cap)
		return ST_MALFORMED;
	if (key.len == 0 || gcm_key_length(prot.alg) != key.len)
		return ST_UNKNOWN_KEY;
	iv = prot.iv.p != NULL ? prot.iv : unprot.iv;
	/* Enc_structure, RFC 9052 §5.3 */
	cbor_put_array(&aad, 3);
	cbor_put_text(&aad, bytes_text("Encrypt0"));
	cbor_put_bytes(&aad, protected_raw);
	cbor_put_bytes(&aad, (struct bytes){ NULL, 0 });
	part = buf_bytes(&aad);
	st = aad.bad || iv.len != 12 ? ST_MALFORMED :
	    crypto_gcm_open(key, iv, &part, 1, text, out);
	if (st == ST_OK)
		*len = text.len - 16;
	return st;
}
