/*
 * Dump: any CBOR as JSON (RFC 8949 §6.1), and the claims we know by name.
 */
#ifndef CEDULA_VERIFIER_DUMP_H
#define CEDULA_VERIFIER_DUMP_H

#include "common/claims.h"
#include "common/jsonw.h"

/* One item. Map keys become strings ("169"), byte strings lower-case hex, tags
 * their content, what JSON has no word for null. in must have passed
 * cbor_check(). */
void	dump_cbor(struct jsonw *j, struct bytes in);
/* The CWT claims by name, as {"issuer":..,"expiresAt":..}. */
void	dump_cwt(struct jsonw *j, const struct claims *c);
/* Claim 169 by name, as the fields of its specification in camel case. */
void	dump_identity(struct jsonw *j, const struct identity *id);

#endif
