/*
 * COSE_Key (RFC 9052 §7, RFC 9053 §7): the public keys we trust, P-256 for
 * ES256 and Ed25519 for EdDSA, and their thumbprints (RFC 9679).
 */
#ifndef CEDULA_COMMON_COSE_KEY_H
#define CEDULA_COMMON_COSE_KEY_H

#include "common/bytes.h"
#include "common/cbor.h"
#include "common/crypto.h"
#include "common/status.h"

#define KID_LEN 8	/* the first bytes of the thumbprint */
#define COSE_KEY_MAX 96	/* bytes of an encoded key, enough for both kinds */

enum { KTY_OKP = 1, KTY_EC2 = 2 };
enum { CRV_P256 = 1, CRV_ED25519 = 6 };

struct cose_key {
	int kty;			/* 0: none */
	int alg;			/* ALG_ES256 or ALG_EDDSA */
	uint8_t x[32], y[32];		/* y unused for OKP */
};

/* The key at the cursor: a map with kty, alg, crv and coordinates, no other
 * entry and no private part. */
enum status	cose_key_parse(struct cbor *c, struct cose_key *out) MUST_CHECK;
void		cose_key_encode(const struct cose_key *key, struct buf *out);
/* SHA-256 COSE Key Thumbprint; kid is its first KID_LEN bytes. */
enum status	cose_key_thumbprint(const struct cose_key *key, uint8_t out[32])
		    MUST_CHECK;
enum status	cose_key_kid(const struct cose_key *key, uint8_t kid[KID_LEN])
		    MUST_CHECK;
enum status	cose_key_load(const struct cose_key *key,
		    struct crypto_key **out) MUST_CHECK;

#endif
