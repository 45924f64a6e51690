/*
 * COSE working group examples and the CWTs of RFC 8392: what we support must
 * verify, and everything else must be refused, not passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "common/claims.h"
#include "common/cose.h"
#include "tests/vectors/suite.h"

struct counts {
	size_t verified, refused, by_rule, unsupported, opened_as_other;
};

/* Good with external aad as the example gives it. */
static enum status
verify(struct bytes in, const struct crypto_key *key, struct bytes aad,
    struct cose_sign1 *out)
{
	enum status st = cose_sign1_parse(in, CBOR_LIBERAL, out);

	if (st == ST_OK)
		st = cose_sign1_verify(out, key, aad);
	return st;
}

/* An example of something else must not pass with any key that we can hold. */
static bool
refused_by_all(struct bytes in, const struct crypto_key *own)
{
	/* RFC 8032 section 7.1 test 1, and the generator of P-256. */
	static const char *const other[][2] = {
		{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "" },
		{ "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
		    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5" },
	};
	struct cose_sign1 sign1;
	bool refused = own == NULL || verify(in, own,
	    (struct bytes){ NULL, 0 }, &sign1) != ST_OK;

	for (size_t i = 0; i < 2; i++) {
		struct block x, y;
		struct crypto_key *key = NULL;

		if (!block_hex(other[i][0], &x))
			abort();
		if (!block_hex(other[i][1], &y))
			abort();
		if (crypto_key_new(y.len == 0 ? ALG_EDDSA : ALG_ES256,
		    block_bytes(&x), block_bytes(&y), &key) != ST_OK)
			abort();
		refused = refused && verify(in, key,
		    (struct bytes){ NULL, 0 }, &sign1) != ST_OK;
		crypto_key_free(key);
		block_free(&x);
		block_free(&y);
	}
	return refused;
}

static bool
is_ours(const char *alg)
{
	return alg != NULL && (strcmp(alg, "ES256") == 0 ||
	    strcmp(alg, "EdDSA") == 0);
}

static bool
payload_is(const struct cose_sign1 *sign1, json_t *input)
{
	const char *text = json_text_at(input, "plaintext", NULL);
	struct block b;
	bool same;

	if (text != NULL)
		return bytes_equal_text(sign1->payload, text);
	if (!block_hex(json_text_at(input, "plaintext_hex", NULL), &b))
		return false;
	same = bytes_equal(sign1->payload, block_bytes(&b));
	block_free(&b);
	return same;
}

static void
must_verify(struct suite *s, const char *file, struct bytes in, json_t *input,
    const struct crypto_key *key, struct counts *n)
{
	const char *hex = json_text_at(input, "sign0", "external", NULL);
	struct block aad = { NULL, 0 };
	struct cose_sign1 sign1;

	n->verified++;
	if (hex != NULL && !block_hex(hex, &aad))
		suite_fail(s, file, NULL, "the external data is not hex");
	if (verify(in, key, block_bytes(&aad), &sign1) != ST_OK)
		suite_fail(s, file, NULL, "expected valid got invalid");
	else if (!payload_is(&sign1, input))
		suite_fail(s, file, NULL, "another payload than expected");
	if (hex != NULL && verify(in, key, (struct bytes){ NULL, 0 },
	    &sign1) == ST_OK)
		suite_fail(s, file, NULL, "valid without its external data");
	block_free(&aad);
}

/* sign-fail-01 has a valid signature behind a wrong tag: the tag alone must
 * be what fails. */
static void
tag_alone_fails(struct suite *s, const char *file, struct bytes in,
    const struct crypto_key *key)
{
	struct cose_sign1 sign1;
	struct cbor c = cbor_from(in);

	if (cose_sign1_parse(in, CBOR_LIBERAL, &sign1) == ST_OK)
		suite_fail(s, file, NULL, "the wrong tag was accepted");
	(void)cbor_tag(&c);
	if (verify(bytes_from(c.p, c.left), key, (struct bytes){ NULL, 0 },
	    &sign1) != ST_OK)
		suite_fail(s, file, NULL, "does not verify without its tag");
}

static void
must_fail(struct suite *s, const char *file, struct bytes in, json_t *input,
    const struct crypto_key *key, struct counts *n)
{
	n->refused++;
	if (key == NULL || !refused_by_all(in, key))
		suite_fail(s, file, NULL, "expected invalid got valid");
	if (key != NULL && json_object_get(json_object_get(input, "failures"),
	    "ChangeCBORTag") != NULL)
		tag_alone_fails(s, file, in, key);
}

/* What the example is decides what must happen; the answer never does. */
static void
run_message(struct suite *s, const char *file, json_t *j, struct bytes in,
    struct counts *n)
{
	json_t *input = json_object_get(j, "input");
	json_t *sign0 = json_object_get(input, "sign0");
	const char *alg = json_text_at(sign0, "protected", "alg", NULL);
	const char *loose = json_text_at(sign0, "unprotected", "alg", NULL);
	struct crypto_key *key = jwk_load(json_object_get(sign0, "key"));

	if (json_is_true(json_object_get(j, "fail"))) {
		must_fail(s, file, in, input, key, n);
	} else if (key != NULL && is_ours(alg)) {
		must_verify(s, file, in, input, key, n);
	} else if (!refused_by_all(in, key)) {
		suite_fail(s, file, NULL, "expected a refusal got valid");
	} else if (alg == NULL && is_ours(loose)) {
		/* README: the algorithm in the unprotected header alone. */
		n->by_rule++;
	} else {
		n->unsupported++;
	}
	crypto_key_free(key);
}

static void
run_file(struct suite *s, const char *file, void *arg)
{
	json_t *j = suite_json(s, file);
	struct block in;

	s->cases++;
	if (!block_hex(json_text_at(j, "output", "cbor", NULL), &in)) {
		suite_fail(s, file, NULL, "no message");
	} else {
		run_message(s, file, j, block_bytes(&in), arg);
		block_free(&in);
	}
	json_decref(j);
}

void
suite_cose(struct suite *s)
{
	struct counts n = { 0 };

	suite_files(s, ".json", run_file, &n);
	suite_note(s, "%zu verified, %zu altered and refused, %zu refused by "
	    "rule (algorithm not protected), %zu of kinds not supported and "
	    "refused", n.verified, n.refused, n.by_rule, n.unsupported);
}

/* ---- CWT ---------------------------------------------------------------- */

/* A.3 signs the claims set of RFC 8392 appendix A.1. */
static void
check_claims(struct suite *s, const char *file, struct bytes in)
{
	struct cose_sign1 sign1;
	struct claims c;

	if (cose_sign1_parse(in, CBOR_LIBERAL, &sign1) != ST_OK ||
	    claims_parse(sign1.payload, CBOR_LIBERAL, &c) != ST_OK ||
	    !bytes_equal_text(c.iss, "coap://as.example.com") ||
	    !bytes_equal_text(c.sub, "erikw") || !c.has_exp || !c.has_nbf ||
	    !c.has_iat || c.exp != 1444064944 || c.nbf != 1443944944 ||
	    c.iat != 1443944944 || c.has_identity || c.has_status)
		suite_fail(s, file, NULL, "the claims are not those of A.1");
}

static void
check_encrypted(struct suite *s, const char *file, json_t *j, struct bytes in,
    struct counts *n)
{
	json_t *to = json_object_get(json_object_get(json_object_get(j,
	    "input"), "encrypted"), "recipients");
	struct block key;
	uint8_t *out = malloc(in.len);
	size_t len;

	if (out == NULL || !block_hex(json_text_at(json_array_get(to, 0),
	    "key", "k_hex", NULL), &key))
		abort();
	if (!cose_is_encrypt0(in))
		suite_fail(s, file, NULL, "not seen as encrypted");
	if (cose_encrypt0_open(in, block_bytes(&key), out, in.len,
	    &len) == ST_OK)
		suite_fail(s, file, NULL, "AES-CCM was opened as AES-GCM");
	n->opened_as_other++;
	block_free(&key);
	free(out);
}

static void
run_cwt(struct suite *s, const char *file, void *arg)
{
	struct counts *n = arg;
	json_t *j = suite_json(s, file);
	json_t *input = json_object_get(j, "input");
	struct block in;

	s->cases++;
	if (!block_hex(json_text_at(j, "output", "cbor", NULL), &in)) {
		suite_fail(s, file, NULL, "no message");
		json_decref(j);
		return;
	}
	if (json_object_get(input, "encrypted") != NULL)
		check_encrypted(s, file, j, block_bytes(&in), n);
	run_message(s, file, j, block_bytes(&in), n);
	if (json_object_get(input, "sign0") != NULL)
		check_claims(s, file, block_bytes(&in));
	block_free(&in);
	json_decref(j);
}

void
suite_cwt(struct suite *s)
{
	struct counts n = { 0 };

	suite_files(s, ".json", run_cwt, &n);
	suite_note(s, "%zu verified and its claims read, %zu of kinds not "
	    "supported and refused (%zu of them AES-CCM)", n.verified,
	    n.unsupported, n.opened_as_other);
}
