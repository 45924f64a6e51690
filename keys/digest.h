/*
 * Digest: SHA-256 of what is too large to hold, in parts.
 */
#ifndef CEDULA_KEYS_DIGEST_H
#define CEDULA_KEYS_DIGEST_H

#include "common/bytes.h"
#include "common/status.h"

#define DIGEST_LEN 32
#define DIGEST_TEXT (2 * DIGEST_LEN + 1)	/* in hex, with its NUL */

struct digest;

/* NULL when out of memory. Freed with digest_free, which takes NULL. */
struct digest	*digest_new(void);
void		 digest_free(struct digest *d);
/* A failure is remembered; digest_end tells it. */
void		 digest_add(struct digest *d, struct bytes part);
/* Once. */
enum status	 digest_end(struct digest *d, uint8_t out[DIGEST_LEN])
		    MUST_CHECK;

#endif
