/*
 * The keys that a person is found by: which the register keeps of one, and
 * which a search tries. Hashes of 47 bits, for they are many: two keys that
 * meet by chance cost a comparison and no more. Pure functions.
 */
#ifndef CEDULA_ISSUER_REGISTER_DUPSEARCH_H
#define CEDULA_ISSUER_REGISTER_DUPSEARCH_H

#include "issuer/register/dupscore.h"

#define DUP_KEYS_MAX 48		/* kept of one person */
#define DUP_PROBES_MAX 1536	/* tried by one search */

/* Sorted, each once. */
size_t	dup_keys(const struct dup_profile *p, int64_t out[DUP_KEYS_MAX]);
size_t	dup_probes(const struct dup_profile *p, int64_t out[DUP_PROBES_MAX]);

#endif
