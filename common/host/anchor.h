/*
 * Anchor files: one PEM public key a state, named by the state ("NIC.pem"), so
 * that the root of one state can never speak for another.
 */
#ifndef CEDULA_COMMON_HOST_ANCHOR_H
#define CEDULA_COMMON_HOST_ANCHOR_H

#include "common/host/diag.h"
#include "common/trust.h"

/* Adds the anchor in path to t. */
enum status	anchor_add(struct trust *t, const char *path, struct diag *d)
		    MUST_CHECK;
/* A sentence for a failed trust_add_bundle; part as it reported. Returns st. */
enum status	bundle_explain(enum status st, const char *path, size_t part,
		    struct diag *d);

#endif
