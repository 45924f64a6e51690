/*
 * Custody: who holds what opens a private key.
 *
 * A key is named by one reference: a path or file:PATH for a sealed key file
 * (keys/keyfile.h), or a pkcs11: URI (RFC 7512) for a key in a token
 * (keys/pkcs11.h). A key file is sealed with a passphrase, or under a random
 * secret of which k of n shares are needed (docs/decisions/0015).
 */
#ifndef CEDULA_KEYS_CUSTODY_H
#define CEDULA_KEYS_CUSTODY_H

#include <openssl/evp.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/host/diag.h"
#include "common/host/options.h"
#include "common/status.h"

#define CUSTODY_SHARES_MAX 16

/* How to open a key. Borrowed texts, from the command line. */
struct custody {
	const char *ref;
	const char *passphrase_file;	/* NULL: the terminal is asked */
	const char *share[CUSTODY_SHARES_MAX];
	size_t shares_n;
};

/* The options of every command that opens a private key. */
#define CUSTODY_OPTS(c) \
	{ .name = "key", .arg = "REF", .value = &(c)->ref, .required = true, \
	    .help = N_("the private key: its file, or a pkcs11: URI for one in a token") }, \
	{ .name = "passphrase-file", .arg = "FILE", \
	    .value = &(c)->passphrase_file, \
	    .help = N_("its first line is the passphrase, or a token's PIN; else the terminal is asked") }, \
	{ .name = "share", .arg = "FILE", .list = (c)->share, \
	    .list_n = &(c)->shares_n, .list_max = CUSTODY_SHARES_MAX, \
	    .help = N_("a share of a split key; as many times as shares are needed") }

/* How a new key file is to be sealed. */
struct custody_seal {
	const char *passphrase_file;	/* NULL: the terminal is asked, twice */
	const char *split;		/* "2/3", or NULL: a passphrase */
	const char *shares;		/* the folder that gets the shares */
	const char *state;		/* alpha-3, printed on the shares */
	bool made_folder;		/* shares: by custody_seal_file */
};

#define CUSTODY_SPLIT_OPTS(s) \
	{ .name = "split", .arg = "K/N", .value = &(s)->split, \
	    .help = N_("in place of a passphrase: N shares, any K of which open the key") }, \
	{ .name = "shares", .arg = "FOLDER", .value = &(s)->shares, \
	    .help = N_("where the shares go, a file each; with --split") }

/* True for a pkcs11: URI. */
bool		custody_in_token(const char *ref);
/* The path of a key file: ref without "file:". */
const char	*custody_path(const char *ref);
/* Opens a key file with its passphrase or its shares, asking on the terminal
 * for what was not given. ST_USAGE when something else was given than what the
 * file is sealed with; shares are tried also where the file does not say that
 * it is split. *out is freed with EVP_PKEY_free. */
enum status	custody_open_file(const struct custody *c, EVP_PKEY **out,
		    struct diag *d) MUST_CHECK;
/* ST_USAGE when the options do not go together; asked before a key is made. */
enum status	custody_seal_check(const struct custody_seal *s,
		    struct diag *d) MUST_CHECK;
/* Writes pkey to path, sealed, and its shares. Nothing is overwritten; after a
 * failure nothing of it is left. */
enum status	custody_seal_file(const char *path, EVP_PKEY *pkey,
		    struct custody_seal *s, struct diag *d) MUST_CHECK;
/* Removes what custody_seal_file has just made, when what should follow
 * failed. */
void		custody_seal_undo(const char *path,
		    const struct custody_seal *s);

#endif
