/*
 * Anchors and the store that stands on them, for the programs.
 *
 * An anchor file is one PEM public key a state, named by the state
 * ("NIC.pem"), so that the root of one state can never speak for another.
 */
#ifndef CEDULA_COMMON_HOST_ANCHOR_H
#define CEDULA_COMMON_HOST_ANCHOR_H

#include "common/cose_key.h"
#include "common/host/diag.h"
#include "common/trust.h"

struct anchor {
	char state[4];
	struct cose_key key;
};

enum status	anchor_read(const char *path, struct anchor *out,
		    struct diag *d) MUST_CHECK;

/* A trust store with memory of its own for 64 MiB of inflated status lists;
 * pages that are not used cost nothing. */
struct trust_host {
	struct trust *trust;
	uint8_t *arena;
};

/* A store with these anchors. Close it also after a failure. */
enum status	trust_host_open(struct trust_host *h,
		    const struct anchor *anchors, size_t n, struct diag *d)
		    MUST_CHECK;
/* trust_add_bundle, with a sentence for what went wrong. name: the file, for
 * the sentence; the bytes are borrowed until the store is closed. */
enum status	trust_host_add(struct trust_host *h, const char *name,
		    struct bytes bundle, struct diag *d) MUST_CHECK;
/* {NULL, NULL} is fine. */
void		trust_host_close(struct trust_host *h);

#endif
