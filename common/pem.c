/* pem.h on OpenSSL's decoders. */
#include "common/pem.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <limits.h>
#include <string.h>

#include "common/crypto_openssl.h"

#define PEM_MAX 65536

/* Answers no question about passphrases: these are public keys. */
static int
no_passphrase(char *out, int size, int rwflag, void *arg)
{
	(void)out, (void)size, (void)rwflag, (void)arg;
	return -1;
}

static EVP_PKEY *
from_certificate(X509 *cert, struct pem_key *out)
{
	EVP_PKEY *pkey = cert != NULL ? X509_get_pubkey(cert) : NULL;
	unsigned n = 0;

	if (pkey != NULL &&
	    X509_digest(cert, EVP_sha256(), out->cert_sha256, &n) == 1 &&
	    n == 32)
		out->is_certificate = true;
	X509_free(cert);
	return pkey;
}

static EVP_PKEY *
from_pem(struct bytes in, struct pem_key *out)
{
	BIO *bio = BIO_new_mem_buf(in.p, (int)in.len);
	EVP_PKEY *pkey = NULL;

	if (bio == NULL)
		return NULL;
	pkey = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	if (pkey == NULL && BIO_reset(bio) == 1)
		pkey = from_certificate(PEM_read_bio_X509(bio, NULL,
		    no_passphrase, NULL), out);
	BIO_free(bio);
	return pkey;
}

static EVP_PKEY *
from_der(struct bytes in, struct pem_key *out)
{
	const unsigned char *p = in.p;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &p, (long)in.len);

	if (pkey == NULL) {
		p = in.p;
		pkey = from_certificate(d2i_X509(NULL, &p, (long)in.len), out);
	}
	if (pkey != NULL && p != in.p + in.len) {	/* bytes left over */
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	return pkey;
}

/* The coordinates of a P-256 or Ed25519 key; false for any other. */
static bool
read_public(EVP_PKEY *pkey, struct cose_key *pub)
{
	uint8_t point[65];
	size_t n = 0;
	char group[32] = "";

	if (EVP_PKEY_is_a(pkey, "ED25519")) {
		n = 32;
		*pub = (struct cose_key){ .kty = KTY_OKP, .alg = ALG_EDDSA };
		return EVP_PKEY_get_raw_public_key(pkey, pub->x, &n) == 1;
	}
	if (!EVP_PKEY_is_a(pkey, "EC") ||
	    EVP_PKEY_get_group_name(pkey, group, sizeof(group), &n) != 1 ||
	    (strcmp(group, "prime256v1") != 0 && strcmp(group, "P-256") != 0) ||
	    EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY,
	    point, sizeof(point), &n) != 1 || n != 65 || point[0] != 4)
		return false;
	*pub = (struct cose_key){ .kty = KTY_EC2, .alg = ALG_ES256 };
	memcpy(pub->x, point + 1, 32);
	memcpy(pub->y, point + 33, 32);
	return true;
}

/* Hex of 65 bytes (04 x y) or of 32 (Ed25519), as test vectors give keys. */
static enum status
from_hex(struct bytes in, struct cose_key *pub)
{
	uint8_t raw[65];
	size_t n;

	while (in.len > 0 && in.p[in.len - 1] <= ' ')
		in.len--;
	if (!bytes_from_hex(in, raw, sizeof(raw), &n))
		return ST_MALFORMED;
	if (n == 65 && raw[0] == 4) {
		*pub = (struct cose_key){ .kty = KTY_EC2, .alg = ALG_ES256 };
		memcpy(pub->x, raw + 1, 32);
		memcpy(pub->y, raw + 33, 32);
		return ST_OK;
	}
	if (n != 32)
		return ST_MALFORMED;
	*pub = (struct cose_key){ .kty = KTY_OKP, .alg = ALG_EDDSA };
	memcpy(pub->x, raw, 32);
	return ST_OK;
}

enum status
pem_parse(struct bytes in, bool allow_rsa, struct pem_key *out)
{
	EVP_PKEY *pkey;
	enum status st = ST_MALFORMED;

	memset(out, 0, sizeof(*out));
	if (in.len == 0 || in.len > PEM_MAX)
		return ST_MALFORMED;
	if (from_hex(in, &out->pub) == ST_OK)
		return cose_key_load(&out->pub, &out->parsed);
	pkey = in.p[0] == 0x30 ? from_der(in, out) : from_pem(in, out);
	if (pkey == NULL)
		goto out;
	if (read_public(pkey, &out->pub)) {
		/* Through the one door that checks the point. */
		st = cose_key_load(&out->pub, &out->parsed);
	} else if (allow_rsa && EVP_PKEY_is_a(pkey, "RSA") &&
	    EVP_PKEY_get_bits(pkey) >= 2048 &&
	    EVP_PKEY_get_bits(pkey) <= 8192) {
		st = crypto_key_adopt(ALG_PS256, pkey, &out->parsed);
		if (st == ST_OK)
			pkey = NULL;
	}
out:
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	if (st != ST_OK)
		memset(out, 0, sizeof(*out));
	return st;
}

enum status
pem_encode(const struct cose_key *pub, struct buf *out)
{
	/* RFC 5480 and RFC 8410: fixed prefixes of SubjectPublicKeyInfo. */
	static const uint8_t p256[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07,
	    0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
	    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04 };
	static const uint8_t ed25519[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
	    0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
	uint8_t der[96];
	struct buf d = buf_over(der, sizeof(der));
	unsigned char b64[160];
	int n;

	if (pub->kty == KTY_EC2) {
		buf_put(&d, p256, sizeof(p256));
		buf_put(&d, pub->x, 32);
		buf_put(&d, pub->y, 32);
	} else {
		buf_put(&d, ed25519, sizeof(ed25519));
		buf_put(&d, pub->x, 32);
	}
	if (d.bad)
		return ST_INTERNAL;
	n = EVP_EncodeBlock(b64, der, (int)d.len);
	buf_put_text(out, "-----BEGIN PUBLIC KEY-----\n");
	for (int i = 0; i < n; i += 64) {
		buf_put(out, b64 + i, (size_t)(n - i < 64 ? n - i : 64));
		buf_put_u8(out, '\n');
	}
	buf_put_text(out, "-----END PUBLIC KEY-----\n");
	return out->bad ? ST_TOO_BIG : ST_OK;
}
