/*
 * A private key in a token (PKCS#11 v2.40; URIs by RFC 7512): it signs and
 * never leaves. ES256 with CKM_ECDSA over the digest, Ed25519 with CKM_EDDSA
 * (PKCS#11 v3.0).
 *
 * A token's answer is not believed: a signature that the public key does not
 * verify is an error and never leaves this module. When the session is lost it
 * is opened anew once, and only the same public key goes on signing.
 */
#ifndef CEDULA_KEYS_PKCS11_H
#define CEDULA_KEYS_PKCS11_H

#include "common/bytes.h"
#include "common/cose_key.h"
#include "common/host/diag.h"
#include "common/status.h"
#include "keys/custody.h"

struct pkcs11;

/* The one key that c->ref names. ST_PASSPHRASE for a wrong PIN, ST_NOT_FOUND
 * when module, token or key are not there, ST_USAGE when several match.
 * Close with pkcs11_close. */
enum status	pkcs11_open(const struct custody *c, struct pkcs11 **out,
		    struct diag *d) MUST_CHECK;
/* Makes a pair on the token, labelled by the URI's object, which must be
 * given and new there; not extractable, for signing only. Its id is the
 * URI's, else the key's kid. The key has signed once when this returns. */
enum status	pkcs11_generate(const struct custody *c, int alg,
		    struct pkcs11 **out, struct diag *d) MUST_CHECK;
/* Removes what pkcs11_generate made, when what should follow failed. */
void		pkcs11_destroy(struct pkcs11 *p);
/* Logs out, unloads the module, erases the PIN. NULL is fine. */
void		pkcs11_close(struct pkcs11 *p);
const struct cose_key *pkcs11_public(const struct pkcs11 *p);
/* r||s with the lower s, or the 64 bytes of Ed25519; verified. */
enum status	pkcs11_sign(struct pkcs11 *p, struct bytes message,
		    uint8_t sig[64], struct diag *d) MUST_CHECK;

#endif
