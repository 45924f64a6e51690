#include "keys/signer.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

#include "common/cose.h"
#include "keys/keyfile.h"
#include "keys/pkcs11.h"

struct signer {
	EVP_PKEY *pkey;			/* one of these two */
	struct pkcs11 *token;
	struct cose_key pub;
	uint8_t kid[KID_LEN];
};

static enum status
open_token(const struct custody *c, struct signer *s, struct diag *d)
{
	enum status st = pkcs11_open(c, &s->token, d);

	if (st == ST_OK)
		s->pub = *pkcs11_public(s->token);
	return st;
}

static enum status
open_file(const struct custody *c, struct signer *s, struct diag *d)
{
	enum status st;

	if ((st = custody_open_file(c, &s->pkey, d)) != ST_OK)
		return st;
	if (keyfile_public(s->pkey, &s->pub) != ST_OK)
		return diag_set(d, ST_DATA,
		    _("%s: neither a P-256 nor an Ed25519 key"),
		    custody_path(c->ref));
	return ST_OK;
}

enum status
signer_open(const struct custody *c, struct signer **out, struct diag *d)
{
	struct signer *s = calloc(1, sizeof(*s));
	enum status st;

	*out = NULL;
	if (s == NULL)
		return ST_INTERNAL;
	st = custody_in_token(c->ref) ? open_token(c, s, d) :
	    open_file(c, s, d);
	if (st != ST_OK || (st = cose_key_kid(&s->pub, s->kid)) != ST_OK)
		goto out;
	*out = s;
	s = NULL;
out:
	signer_close(s);
	return st;
}

void
signer_close(struct signer *s)
{
	if (s == NULL)
		return;
	pkcs11_close(s->token);
	EVP_PKEY_free(s->pkey);		/* erases the private part */
	free(s);
}

const struct cose_key *
signer_public(const struct signer *s)
{
	return &s->pub;
}

struct bytes
signer_kid(const struct signer *s)
{
	return bytes_from(s->kid, KID_LEN);
}

/* X9.62 DER to the r||s of RFC 9053 §2.1. */
static bool
raw_signature(const uint8_t *der, size_t len, uint8_t raw[64])
{
	const unsigned char *p = der;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
	bool ok = sig != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, 32) == 32 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + 32, 32) == 32;

	ECDSA_SIG_free(sig);
	return ok;
}

static bool
sign_with_file(struct signer *s, struct bytes tbs, uint8_t raw[64])
{
	bool ed = s->pub.alg == ALG_EDDSA;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[80];
	size_t len = ed ? 64 : sizeof(der);
	bool ok;

	ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL,
	    ed ? NULL : EVP_sha256(), NULL, s->pkey) == 1 &&
	    EVP_DigestSign(ctx, ed ? raw : der, &len, tbs.p, tbs.len) == 1;
	if (ok && !ed && (ok = raw_signature(der, len, raw)))
		cose_es256_make_low(raw);
	EVP_MD_CTX_free(ctx);
	return ok && (!ed || len == 64);
}

static enum status
sign_raw(struct signer *s, struct bytes tbs, uint8_t raw[64], struct diag *d)
{
	if (s->token != NULL)
		return pkcs11_sign(s->token, tbs, raw, d);
	if (sign_with_file(s, tbs, raw))
		return ST_OK;
	ERR_clear_error();
	return diag_set(d, ST_INTERNAL, _("the signature could not be made"));
}

enum status
signer_sign1(struct signer *s, const char *typ, struct bytes payload,
    struct buf *out, struct diag *d)
{
	uint8_t header[128], sig[64];
	struct buf prot = buf_over(header, sizeof(header));
	size_t cap = payload.len + 256;
	uint8_t *tbs = malloc(cap);
	struct buf b = buf_over(tbs, cap);
	enum status st = ST_INTERNAL;

	if (tbs == NULL)
		goto out;
	cose_protected(s->pub.alg, signer_kid(s), typ, &prot);
	cose_sign1_head(buf_bytes(&prot), (struct bytes){ NULL, 0 },
	    payload.len, &b);
	buf_put(&b, payload.p, payload.len);
	if (prot.bad || b.bad) {
		st = diag_set(d, ST_INTERNAL,
		    _("the signature could not be made"));
		goto out;
	}
	if ((st = sign_raw(s, buf_bytes(&b), sig, d)) != ST_OK)
		goto out;
	cose_sign1_encode(buf_bytes(&prot), payload, bytes_from(sig, 64), out);
	if (out->bad)
		st = diag_set(d, ST_TOO_BIG,
		    _("the signature could not be made"));
out:
	free(tbs);
	return st;
}
