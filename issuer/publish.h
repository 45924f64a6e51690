/*
 * Publish: the office's status lists, and the bundle that verifiers carry.
 */
#ifndef CEDULA_ISSUER_PUBLISH_H
#define CEDULA_ISSUER_PUBLISH_H

#include "issuer/register/register.h"
#include "keys/signer.h"

#define VALID_DAYS 7		/* of a status list */
#define VALID_DAYS_MAX 366

struct publication {
	const struct office *office;
	struct signer *key;	/* NULL: payloads for another custodian */
	int64_t iat, exp;
};

/* Status list `number`, signed (or its payload): a heap block that the caller
 * frees. */
enum status	publish_list(struct reg *r, const struct publication *p,
		    uint32_t number, uint8_t **out, size_t *len,
		    struct diag *d) MUST_CHECK;
/* All status lists one after the other, behind head: a CBOR sequence. */
enum status	publish_lists(struct reg *r, const struct publication *p,
		    struct bytes head, uint8_t **out, size_t *len,
		    struct diag *d) MUST_CHECK;
/* The imported trust list and all status lists, verified as a verifier will,
 * put in place of path. ST_ROLLBACK if path holds anything newer; ST_DATA if
 * it holds something else than a bundle of this state. */
enum status	publish_bundle(struct reg *r, const struct publication *p,
		    const char *path, struct diag *d) MUST_CHECK;
/* Verifies a trust list file and hands it to the register. */
enum status	publish_import(struct reg *r, const struct office *o,
		    const char *path, const char *anchor, uint64_t *sequence,
		    struct diag *d) MUST_CHECK;

#endif
