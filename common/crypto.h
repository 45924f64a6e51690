/*
 * Crypto: the few primitives the core needs, behind one small interface. The
 * implementation is chosen at link time (crypto_openssl.c here; another in a
 * browser). A parsed public key is made once and used for many checks:
 * parsing costs more than verifying.
 */
#ifndef CEDULA_COMMON_CRYPTO_H
#define CEDULA_COMMON_CRYPTO_H

#include "common/bytes.h"
#include "common/status.h"

/* COSE algorithm identifiers (RFC 9053, RFC 8230). */
enum { ALG_NONE = 0, ALG_ES256 = -7, ALG_EDDSA = -8, ALG_PS256 = -37 };

struct crypto_key;	/* a parsed public key, bound to one algorithm */

/* ALG_ES256: x and y of 32 bytes, a point on P-256. ALG_EDDSA: x of 32 bytes,
 * y empty. Freed with crypto_key_free. ST_MALFORMED for a bad point. */
enum status	crypto_key_new(int alg, struct bytes x, struct bytes y,
		    struct crypto_key **out) MUST_CHECK;
void		crypto_key_free(struct crypto_key *key);
int		crypto_key_alg(const struct crypto_key *key);

/* Verifies sig over the concatenation of parts. ES256: r||s, 64 bytes;
 * Ed25519: 64 bytes; PS256: as long as the modulus. ST_OK only for a valid
 * signature, ST_SIGNATURE for any other, ST_INTERNAL when none could be made. */
enum status	crypto_verify(const struct crypto_key *key,
		    const struct bytes *parts, size_t n, struct bytes sig)
		    MUST_CHECK;

enum status	crypto_sha256(const struct bytes *parts, size_t n,
		    uint8_t out[32]) MUST_CHECK;

/* AES-GCM with a 16, 24 or 32-byte key and a 12-byte nonce; in ends with the
 * 16-byte tag. out has in.len - 16 bytes. ST_SIGNATURE when it does not open. */
enum status	crypto_gcm_open(struct bytes key, struct bytes nonce,
		    const struct bytes *aad, size_t n, struct bytes in,
		    uint8_t *out) MUST_CHECK;

/* Erases so that the compiler cannot leave it out. */
void		crypto_wipe(void *p, size_t len);

#endif
