#include "keys/scrypt.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <string.h>

/* 128 * r * N, and what goes beside it. */
#define MEMORY_MAX ((UINT64_C(128) * SCRYPT_R << SCRYPT_LOG_N_MAX) + (1 << 20))

bool
scrypt_within(const struct scrypt *s, unsigned log_n_max, unsigned p_max)
{
	return s->log_n >= SCRYPT_LOG_N_MIN && s->log_n <= log_n_max &&
	    s->r == SCRYPT_R && s->p >= 1 && s->p <= p_max;
}

enum status
scrypt_key(const struct scrypt *s, const char *passphrase, uint8_t *out,
    size_t len)
{
	if (scrypt_within(s, SCRYPT_LOG_N_MAX, SCRYPT_P_MAX) &&
	    EVP_PBE_scrypt(passphrase, strlen(passphrase), s->salt.p,
	    s->salt.len, UINT64_C(1) << s->log_n, s->r, s->p, MEMORY_MAX, out,
	    len) == 1)
		return ST_OK;
	ERR_clear_error();
	OPENSSL_cleanse(out, len);
	memset(out, 0, len);
	return ST_INTERNAL;
}
