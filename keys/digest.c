#include "keys/digest.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <stdlib.h>

struct digest {
	EVP_MD_CTX *ctx;
	bool bad;
};

struct digest *
digest_new(void)
{
	struct digest *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->ctx = EVP_MD_CTX_new();
	if (d->ctx == NULL ||
	    EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1) {
		ERR_clear_error();
		digest_free(d);
		return NULL;
	}
	return d;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

void
digest_add(struct digest *d, struct bytes part)
{
	if (part.len > 0 && EVP_DigestUpdate(d->ctx, part.p, part.len) != 1)
		d->bad = true;
}

enum status
digest_end(struct digest *d, uint8_t out[DIGEST_LEN])
{
	unsigned len = 0;

	if (d->bad || EVP_DigestFinal_ex(d->ctx, out, &len) != 1 ||
	    len != DIGEST_LEN) {
		ERR_clear_error();
		return ST_INTERNAL;
	}
	return ST_OK;
}
