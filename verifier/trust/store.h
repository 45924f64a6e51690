/*
 * Store: what one verifier trusts, in one folder: an anchor a state (NIC.pem)
 * and what was taken of its bundles (NIC.trust), merged so that nothing in it
 * is ever replaced by anything older. docs/format.md §6.
 *
 * Files appear whole or not at all. Two programs at one store: the second
 * waits for the first. A store that does not verify is refused as a whole.
 */
#ifndef CEDULA_VERIFIER_TRUST_STORE_H
#define CEDULA_VERIFIER_TRUST_STORE_H

#include <limits.h>

#include "common/host/anchor.h"
#include "common/trust.h"

struct store_state {
	struct anchor anchor;
	uint8_t *raw;			/* heap; NULL: no bundle yet */
	size_t len;
};

struct store {
	char path[PATH_MAX];
	int folder;			/* locked while open; -1 */
	size_t n;
	struct store_state state[TRUST_STATES_MAX];
};

enum store_mode {
	STORE_READ, STORE_WRITE,
	STORE_FOLDER	/* locked and not read: for store_remove alone, which
			 * must work on a store that is damaged */
};

/* path NULL: CEDULA_TRUST, else cedula/trust in XDG_DATA_HOME or
 * ~/.local/share. STORE_WRITE makes the folder if need be. ST_CONFIG when it is
 * not there or anyone may write into it; ST_DATA when a file in it is damaged.
 * Close it also after a failure. */
enum status	store_open(const char *path, enum store_mode mode,
		    struct store *out, struct diag *d) MUST_CHECK;
void		store_close(struct store *s);
/* All of it, verified, into h, which the caller closes and which borrows from
 * s. ST_DATA when anything in the store does not verify. */
enum status	store_load(const struct store *s, struct trust_host *h,
		    struct diag *d) MUST_CHECK;
/* The state in the store, or NULL. */
struct store_state *store_find(struct store *s, const char *state);
/* Keeps the anchor in the PEM file at path, which names its state. The same
 * again is no change; another one for that state is refused (ST_EXISTS). */
enum status	store_add_anchor(struct store *s, const char *path,
		    struct anchor *out, struct diag *d) MUST_CHECK;
/* Puts bundle in the place of the state's. */
enum status	store_put(struct store *s, const char *state,
		    struct bytes bundle, struct diag *d) MUST_CHECK;
/* Forgets a state, anchor and all. ST_NOT_FOUND when it is not there. */
enum status	store_remove(struct store *s, const char *state,
		    struct diag *d) MUST_CHECK;

#endif
