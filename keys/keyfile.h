/*
 * Key file: a private key at rest: PKCS#8 PEM, sealed with a passphrase by
 * PBES2 (scrypt N=16384 r=8 p=5, AES-256-CBC), 0600, never overwritten.
 */
#ifndef CEDULA_KEYS_KEYFILE_H
#define CEDULA_KEYS_KEYFILE_H

#include <openssl/evp.h>

#include "common/cose_key.h"
#include "common/host/diag.h"
#include "common/status.h"

/* First thing in a program that holds keys: locked memory for secrets, no core
 * file, no attaching debugger. */
void		keyfile_harden(void);
/* Makes a key of alg (ALG_ES256, ALG_EDDSA) and writes it to path. */
enum status	keyfile_make(const char *path, int alg,
		    const char *passphrase, struct cose_key *pub,
		    struct diag *d) MUST_CHECK;
/* ST_PASSPHRASE when it does not open; ST_PERMISSION when others can read the
 * file. *out is freed with EVP_PKEY_free. */
enum status	keyfile_load(const char *path, const char *passphrase,
		    EVP_PKEY **out, struct diag *d) MUST_CHECK;
/* The public half. */
enum status	keyfile_public(EVP_PKEY *pkey, struct cose_key *pub) MUST_CHECK;

#endif
