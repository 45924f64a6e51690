/*
 * scrypt (RFC 7914): the bytes that a passphrase gives, for what is sealed with
 * one and for passphrases that are compared. How much work it is stands beside
 * what is sealed, and whoever wrote it there may be a stranger: no more than
 * SCRYPT_LOG_N_MAX and SCRYPT_P_MAX is ever computed, which takes 1 GiB.
 * PKCS#8 has its own (keys/keyfile.h), which OpenSSL reads and limits.
 */
#ifndef CEDULA_KEYS_SCRYPT_H
#define CEDULA_KEYS_SCRYPT_H

#include "common/bytes.h"
#include "common/status.h"

enum { SCRYPT_R = 8, SCRYPT_LOG_N_MIN = 14, SCRYPT_LOG_N_MAX = 20,
    SCRYPT_P_MAX = 16 };

/* N is 1 << log_n; the salt is borrowed. */
struct scrypt {
	unsigned log_n, r, p;
	struct bytes salt;
};

/* What a file's head may ask for: not so little that it would protect nothing,
 * r of 8, and no more than this kind of file is ever made with. */
bool		scrypt_within(const struct scrypt *s, unsigned log_n_max,
		    unsigned p_max);
/* ST_INTERNAL: out of all reason, or it cannot be computed; out is then of
 * zeros. Erase out when it has been used. */
enum status	scrypt_key(const struct scrypt *s, const char *passphrase,
		    uint8_t *out, size_t len) MUST_CHECK;

#endif
