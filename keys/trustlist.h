/*
 * Trust list file: one COSE_Sign1 by a state's root (docs/format.md §4): made,
 * changed and renewed. Every change raises the sequence. Before it stand the
 * successions that lead to that root, if it is not the first: they go wherever
 * the list goes.
 */
#ifndef CEDULA_KEYS_TRUSTLIST_H
#define CEDULA_KEYS_TRUSTLIST_H

#include "common/trust.h"
#include "keys/signer.h"

struct trustlist_file {
	uint8_t *raw;		/* heap; list borrows from it */
	size_t len;
	struct bytes successions, signed_list;	/* in raw */
	struct trust_list list;
};

/* Reads path and verifies it with the root's public key. Free with
 * trustlist_close, also after a failure. */
enum status	trustlist_open(const char *path, const struct cose_key *root,
		    struct trustlist_file *out, struct diag *d) MUST_CHECK;
/* Reads without verifying: for showing. */
enum status	trustlist_peek(const char *path, struct trustlist_file *out,
		    struct diag *d) MUST_CHECK;
/* The signature of what was read. */
enum status	trustlist_verify(const char *path,
		    const struct trustlist_file *f, const struct cose_key *root,
		    struct diag *d) MUST_CHECK;
void		trustlist_close(struct trustlist_file *f);
/* Signs a first list; ST_EXISTS when anything is at path. */
enum status	trustlist_create(const char *path,
		    const struct trust_list *list, struct signer *root,
		    struct diag *d) MUST_CHECK;
/* Signs list and replaces path; the successions go before it. */
enum status	trustlist_write(const char *path, struct bytes successions,
		    const struct trust_list *list, struct signer *root,
		    struct diag *d) MUST_CHECK;

#endif
