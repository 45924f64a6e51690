/*
 * PEM: public keys as people hold them: SubjectPublicKeyInfo or an X.509
 * certificate, PEM or DER, and raw public keys in hex. For anchors, trust
 * list requests and `inspect`; no certificate chain is ever built.
 */
#ifndef CEDULA_COMMON_PEM_H
#define CEDULA_COMMON_PEM_H

#include "common/cose_key.h"
#include "common/crypto.h"

struct pem_key {
	struct crypto_key *parsed;	/* caller frees: crypto_key_free */
	struct cose_key pub;		/* kty 0 for an RSA key */
	bool is_certificate;
	uint8_t cert_sha256[32];	/* of the DER, when is_certificate */
};

/* On ST_OK out->parsed is set. RSA keys (PS256) only when allow_rsa. */
enum status	pem_parse(struct bytes in, bool allow_rsa, struct pem_key *out)
		    MUST_CHECK;
/* PEM SubjectPublicKeyInfo of a key. */
enum status	pem_encode(const struct cose_key *pub, struct buf *out)
		    MUST_CHECK;

#endif
