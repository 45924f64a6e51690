/*
 * Ground: a state, an office, its signed lists and one good card, the same in
 * every run: Ed25519 keys from fixed seeds, in memory alone, so that signed
 * inputs can lie in a corpus. They protect nothing and are trusted by nothing.
 */
#ifndef CEDULA_TESTS_FUZZ_GROUND_H
#define CEDULA_TESTS_FUZZ_GROUND_H

#include "common/claims.h"
#include "common/cose_key.h"
#include "common/token.h"
#include "common/trust.h"

#define GROUND_NOW INT64_C(1795000000)	/* 2026-11-18 */
#define GROUND_URI "urn:cedula:NIC:SJO:1"

enum ground_key { GROUND_ROOT, GROUND_DOCUMENT, GROUND_STATUS, GROUND_KEYS };

struct ground {
	struct cose_key pub[GROUND_KEYS];
	struct bytes list_payload, status_payload, succession_payload, card_payload;
	struct bytes list, status, bundle;	/* signed; bundle is both */
	struct bytes wide;		/* the bundle with a succession, a short
					 * list and a log head */
	struct bytes card, family;		/* COSE_Sign1 */
	struct bytes text;			/* of card */
	struct trust *trust;			/* with the bundle in it */
};

/* Made at the first call, and never freed. */
const struct ground *ground(void);
/* COSE_Sign1 of payload into out; typ NULL for cards. */
void	ground_sign(enum ground_key by, const char *typ, struct bytes payload,
	    struct buf *out);
/* An empty store with the root as its only anchor; arena as trust_init. */
void	ground_store(struct trust *t, uint8_t *arena, size_t cap);

#endif
