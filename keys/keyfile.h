/*
 * Key file: a private key at rest: PKCS#8 PEM, sealed with a passphrase by
 * PBES2 (scrypt N=16384 r=8 p=5, AES-256-CBC), 0600, never overwritten.
 *
 * A key that needs shares says so in a line before the PEM block, which PEM
 * readers pass over: "Split: 2 of 3, set ABCD1234". Its passphrase is the
 * shared secret in hex, so OpenSSL alone can open it too.
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
/* What the line before the PEM block says; k is 0 when there is none. */
struct keyfile_split {
	unsigned k, n;
	char set[9];
};

/* A fresh key of alg (ALG_ES256, ALG_EDDSA); freed with EVP_PKEY_free. */
enum status	keyfile_generate(int alg, EVP_PKEY **out) MUST_CHECK;
/* Writes pkey to path, sealed; split NULL or k 0 for one with a passphrase. */
enum status	keyfile_write(const char *path, EVP_PKEY *pkey,
		    const char *passphrase, const struct keyfile_split *split,
		    struct diag *d) MUST_CHECK;
/* Both: a key at path, sealed with a passphrase. */
enum status	keyfile_make(const char *path, int alg,
		    const char *passphrase, struct cose_key *pub,
		    struct diag *d) MUST_CHECK;
/* Whether the key at path is split. ST_DATA when its line is not as above;
 * ST_PERMISSION when others can read the file. */
enum status	keyfile_read_split(const char *path, struct keyfile_split *out,
		    struct diag *d) MUST_CHECK;
/* ST_PASSPHRASE when it does not open; ST_PERMISSION when others can read the
 * file. *out is freed with EVP_PKEY_free. */
enum status	keyfile_load(const char *path, const char *passphrase,
		    EVP_PKEY **out, struct diag *d) MUST_CHECK;
/* ST_PERMISSION when others can read the file at path; said for a key. */
enum status	keyfile_private(const char *path, struct diag *d) MUST_CHECK;
/* The public half. */
enum status	keyfile_public(EVP_PKEY *pkey, struct cose_key *pub) MUST_CHECK;

#endif
