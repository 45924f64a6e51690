/* For the other OpenSSL-backed files only: a key that is already an EVP_PKEY. */
#ifndef CEDULA_COMMON_CRYPTO_OPENSSL_H
#define CEDULA_COMMON_CRYPTO_OPENSSL_H

#include <openssl/evp.h>

#include "common/crypto.h"

/* Takes the pkey over on ST_OK. */
enum status	crypto_key_adopt(int alg, EVP_PKEY *pkey,
		    struct crypto_key **out) MUST_CHECK;

#endif
