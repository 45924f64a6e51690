/* crypto.h on OpenSSL 3 EVP. */
#include "common/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdlib.h>
#include <string.h>

#include "common/crypto_openssl.h"

struct crypto_key {
	EVP_PKEY *pkey;
	int alg;
};

enum status
crypto_key_adopt(int alg, EVP_PKEY *pkey, struct crypto_key **out)
{
	struct crypto_key *k = malloc(sizeof(*k));

	*out = NULL;
	if (k == NULL)
		return ST_INTERNAL;
	*k = (struct crypto_key){ pkey, alg };
	*out = k;
	return ST_OK;
}

static EVP_PKEY *
p256_from_point(struct bytes x, struct bytes y)
{
	uint8_t point[65] = { 4 };
	char group[] = "P-256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		    point, sizeof(point)),
		OSSL_PARAM_construct_end()
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY_CTX *check = NULL;
	EVP_PKEY *pkey = NULL;

	memcpy(point + 1, x.p, 32);
	memcpy(point + 33, y.p, 32);
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		goto out;
	/* On the curve and not at infinity: never left to the verify call. */
	check = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	if (check == NULL || EVP_PKEY_public_check(check) != 1) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
out:
	EVP_PKEY_CTX_free(check);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

enum status
crypto_key_new(int alg, struct bytes x, struct bytes y, struct crypto_key **out)
{
	EVP_PKEY *pkey = NULL;
	enum status st;

	*out = NULL;
	if (alg == ALG_ES256 && x.len == 32 && y.len == 32)
		pkey = p256_from_point(x, y);
	else if (alg == ALG_EDDSA && x.len == 32 && y.len == 0)
		pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x.p,
		    x.len);
	if (pkey == NULL)
		return ST_MALFORMED;
	if ((st = crypto_key_adopt(alg, pkey, out)) != ST_OK)
		EVP_PKEY_free(pkey);
	return st;
}

void
crypto_key_free(struct crypto_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

int
crypto_key_alg(const struct crypto_key *key)
{
	return key->alg;
}

/* DER INTEGER of a 32-byte big-endian number; returns its length (≤ 35). */
static size_t
der_integer(const uint8_t *n, uint8_t *out)
{
	size_t skip = 0, pad;

	while (skip < 31 && n[skip] == 0)
		skip++;
	pad = n[skip] >> 7;
	out[0] = 2;
	out[1] = (uint8_t)(32 - skip + pad);
	out[2] = 0;
	memcpy(out + 2 + pad, n + skip, 32 - skip);
	return 2 + pad + 32 - skip;
}

/* COSE carries r||s (RFC 9053 §2.1); EVP wants the DER SEQUENCE of X9.62. */
static size_t
der_signature(const uint8_t raw[64], uint8_t out[72])
{
	size_t n = 2;

	n += der_integer(raw, out + n);
	n += der_integer(raw + 32, out + n);
	out[0] = 0x30;
	out[1] = (uint8_t)(n - 2);
	return n;
}

/* Ed25519 has no update calls: its message must lie in one piece. */
static enum status
verify_one_shot(EVP_MD_CTX *ctx, const struct bytes *parts, size_t n,
    struct bytes sig)
{
	uint8_t *msg;
	size_t len = 0, at = 0;
	enum status st;

	for (size_t i = 0; i < n; i++)
		len += parts[i].len;
	if ((msg = malloc(len + 1)) == NULL)
		return ST_INTERNAL;
	for (size_t i = 0; i < n; at += parts[i].len, i++)
		if (parts[i].len != 0)
			memcpy(msg + at, parts[i].p, parts[i].len);
	st = EVP_DigestVerify(ctx, sig.p, sig.len, msg, len) == 1 ? ST_OK :
	    ST_SIGNATURE;
	free(msg);
	return st;
}

static bool
set_pss(EVP_PKEY_CTX *pctx)
{
	return EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

enum status
crypto_verify(const struct crypto_key *key, const struct bytes *parts, size_t n,
    struct bytes sig)
{
	bool ed = key->alg == ALG_EDDSA;
	uint8_t der[72];
	EVP_PKEY_CTX *pctx = NULL;
	EVP_MD_CTX *ctx;
	enum status st = ST_INTERNAL;

	if (key->alg != ALG_PS256 && sig.len != 64)
		return ST_SIGNATURE;
	if (key->alg == ALG_ES256)
		sig = (struct bytes){ der, der_signature(sig.p, der) };
	if ((ctx = EVP_MD_CTX_new()) == NULL)
		return ST_INTERNAL;
	if (EVP_DigestVerifyInit(ctx, &pctx, ed ? NULL : EVP_sha256(), NULL,
	    key->pkey) != 1 || (key->alg == ALG_PS256 && !set_pss(pctx)))
		goto out;
	if (ed) {
		st = verify_one_shot(ctx, parts, n, sig);
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		if (EVP_DigestVerifyUpdate(ctx, parts[i].p, parts[i].len) != 1)
			goto out;
	st = EVP_DigestVerifyFinal(ctx, sig.p, sig.len) == 1 ? ST_OK :
	    ST_SIGNATURE;
out:
	EVP_MD_CTX_free(ctx);
	return st;
}

enum status
crypto_sha256(const struct bytes *parts, size_t n, uint8_t out[32])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	enum status st = ST_INTERNAL;

	if (ctx == NULL || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
		goto out;
	for (size_t i = 0; i < n; i++)
		if (EVP_DigestUpdate(ctx, parts[i].p, parts[i].len) != 1)
			goto out;
	if (EVP_DigestFinal_ex(ctx, out, NULL) == 1)
		st = ST_OK;
out:
	EVP_MD_CTX_free(ctx);
	return st;
}

enum status
crypto_gcm_open(struct bytes key, struct bytes nonce, const struct bytes *aad,
    size_t n, struct bytes in, uint8_t *out)
{
	const EVP_CIPHER *cipher = key.len == 16 ? EVP_aes_128_gcm() :
	    key.len == 24 ? EVP_aes_192_gcm() : key.len == 32 ?
	    EVP_aes_256_gcm() : NULL;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tag[16];
	int got = 0;
	enum status st = ST_INTERNAL;

	if (ctx == NULL || cipher == NULL || nonce.len != 12 || in.len < 16 ||
	    in.len > INT32_MAX)
		goto out;
	memcpy(tag, in.p + in.len - 16, 16);
	if (EVP_DecryptInit_ex(ctx, cipher, NULL, key.p, nonce.p) != 1)
		goto out;
	for (size_t i = 0; i < n; i++)
		if (EVP_DecryptUpdate(ctx, NULL, &got, aad[i].p,
		    (int)aad[i].len) != 1)
			goto out;
	if (EVP_DecryptUpdate(ctx, out, &got, in.p, (int)(in.len - 16)) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, 16, tag) != 1)
		goto out;
	st = EVP_DecryptFinal_ex(ctx, tag, &got) == 1 ? ST_OK : ST_SIGNATURE;
out:
	if (st != ST_OK && in.len >= 16)
		OPENSSL_cleanse(out, in.len - 16);
	EVP_CIPHER_CTX_free(ctx);
	return st;
}

void
crypto_wipe(void *p, size_t len)
{
	OPENSSL_cleanse(p, len);
}
