/* COSE: a message is its parts and nothing else; no signature verifies but the
 * one that was made; nothing opens without its key. */
#include "common/cose.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ground.h"

enum { INPUT_MAX = 1 << 14 };

static bool
lies_in(struct bytes part, struct bytes in)
{
	return part.len == 0 || (part.p >= in.p &&
	    part.p + part.len <= in.p + in.len);
}

/* 61(18([..])), 18([..]) or [..], put together again. */
static void
put_together(struct bytes in, const struct cose_sign1 *s)
{
	static uint8_t room[INPUT_MAX + 64];
	struct buf out = buf_over(room, sizeof(room));
	struct cbor c = cbor_from(in);

	while (cbor_peek(&c) == CBOR_TAG)
		cbor_put_tag(&out, cbor_tag(&c));
	cbor_put_array(&out, 4);
	cbor_put_bytes(&out, s->protected_raw);
	buf_put(&out, s->unprotected_raw.p, s->unprotected_raw.len);
	cbor_put_bytes(&out, s->payload);
	cbor_put_bytes(&out, s->sig);
	HOLDS(bytes_equal(buf_bytes(&out), in));
}

static void
verify(const struct cose_sign1 *s)
{
	static struct crypto_key *key;
	const struct ground *g = ground();
	struct cose_sign1 made;
	bool known = false;

	if (key == NULL)
		HOLDS(cose_key_load(&g->pub[GROUND_DOCUMENT], &key) == ST_OK);
	if (cose_sign1_verify(s, key, (struct bytes){ NULL, 0 }) != ST_OK)
		return;
	for (int i = 0; i < 2; i++) {
		HOLDS(cose_sign1_parse(i == 0 ? g->card : g->family,
		    CBOR_STRICT, &made) == ST_OK);
		known = known || (bytes_equal(s->protected_raw,
		    made.protected_raw) && bytes_equal(s->payload,
		    made.payload) && bytes_equal(s->sig, made.sig));
	}
	HOLDS(known);
}

static void
open_encrypted(struct bytes in)
{
	static const uint8_t key[32] = "a key nobody encrypted with";
	static uint8_t out[INPUT_MAX];
	size_t len;

	(void)cose_is_encrypt0(in);
	for (size_t n = 16; n <= 32; n += 8) {
		HOLDS(cose_encrypt0_open(in, bytes_from(key, n), out,
		    sizeof(out), &len) != ST_OK);
		HOLDS(len == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);
	struct cose_sign1 s, strict;

	if (size > INPUT_MAX)
		return 0;
	open_encrypted(in);
	if (cose_sign1_parse(in, CBOR_LIBERAL, &s) != ST_OK) {
		HOLDS(cose_sign1_parse(in, CBOR_STRICT, &strict) != ST_OK);
		HOLDS(s.payload.p == NULL && s.sig.p == NULL && s.alg == 0);
		return 0;
	}
	HOLDS(lies_in(s.protected_raw, in) && lies_in(s.unprotected_raw, in) &&
	    lies_in(s.payload, in) && lies_in(s.sig, in) &&
	    lies_in(s.kid, in) && lies_in(s.typ, in));
	verify(&s);
	if (cose_sign1_parse(in, CBOR_STRICT, &strict) == ST_OK)
		put_together(in, &strict);
	return 0;
}
