/*
 * Cryptoki: one token of one PKCS#11 module (OASIS PKCS#11 v2.40), found by a
 * URI (RFC 7512) and logged in to.
 *
 * libp11-kit parses the URI and does nothing else; the module is loaded by its
 * module-path, or p11-kit-proxy.so, which stands for all that are registered
 * with p11-kit. What a module returns is not believed: every length and count
 * is checked against what was asked for. A module is other people's code in
 * this process all the same: it is named by the operator, and by no one else.
 *
 * One of these at a time in a process; not for several threads.
 */
#ifndef CEDULA_KEYS_CRYPTOKI_H
#define CEDULA_KEYS_CRYPTOKI_H

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <stdbool.h>

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

struct cryptoki {
	P11KitUri *uri;
	char name[160];			/* the URI without its query */
	char token[33];			/* the token's label, printable */
	void *module;			/* from dlopen */
	CK_FUNCTION_LIST *f;
	bool initialized;		/* by us, so finalized by us */
	bool to_write;
	CK_SLOT_ID slot;
	CK_TOKEN_INFO first;		/* the token that the PIN is for */
	CK_SESSION_HANDLE session;	/* 0: none */
	char *pin;			/* in locked memory; NULL: none needed */
};

/* Loads, finds, logs in. passphrase_file: the PIN is its first line; else that
 * of the URI's pin-source; else the terminal is asked. to_write: a session
 * that can make keys. A wrong PIN is ST_PASSPHRASE. Close with
 * cryptoki_close. */
enum status	cryptoki_open(const char *uri, const char *passphrase_file,
		    bool to_write, struct cryptoki **out, struct diag *d)
		    MUST_CHECK;
/* A session anew, with the PIN kept: after one was lost. ST_UNKNOWN_KEY when
 * another token is there now: it gets no PIN. */
enum status	cryptoki_open_again(struct cryptoki *c, struct diag *d)
		    MUST_CHECK;
/* Logs out, closes, unloads, erases the PIN. NULL is fine. */
void		cryptoki_close(struct cryptoki *c);
/* For keys that want the PIN for every signature. */
CK_RV		cryptoki_login_again(struct cryptoki *c);
/* Does rv mean that the session is gone, and a new one may do? */
bool		cryptoki_lost(CK_RV rv);
/* The sentence for a function that failed, by its CKR_ name where it is well
 * known. Returns the status. */
enum status	cryptoki_failed(const struct cryptoki *c, const char *function,
		    CK_RV rv, struct diag *d);
/* An attribute into room of cap bytes; ST_MALFORMED when the token says
 * something impossible, ST_NOT_FOUND when it has none. *len <= cap. */
enum status	cryptoki_attribute(struct cryptoki *c, CK_OBJECT_HANDLE object,
		    CK_ATTRIBUTE_TYPE type, void *room, size_t cap,
		    size_t *len, struct diag *d) MUST_CHECK;
/* How many objects match, cap at most; they are in out. */
enum status	cryptoki_find(struct cryptoki *c, CK_ATTRIBUTE *want, size_t n,
		    CK_OBJECT_HANDLE *out, size_t cap, size_t *found,
		    struct diag *d) MUST_CHECK;

#endif
