/*
 * Secrets of officers: a passphrase, typed or the first line of a file, or a key
 * file of 32 random bytes. Made, read and compared here; what the register keeps
 * of them is issuer/register/session.h's.
 *
 * - A passphrase goes through scrypt (N=32768 r=8 p=1, a salt of 16 bytes; what
 *   was used stands with it), a key through SHA-256. Compared in constant time.
 * - Both are erased as soon as they have been used.
 * - Files that hold a secret are made 0600, never overwrite, and are refused when
 *   others can read them. Sessions are such files too (issuer/ticket.h).
 */
#ifndef CEDULA_ISSUER_SECRET_H
#define CEDULA_ISSUER_SECRET_H

#include "common/host/file.h"
#include "common/host/options.h"
#include "issuer/register/session.h"
#include "keys/passphrase.h"

#define SECRET_CHARS 10		/* of a passphrase, at least */
#define SECRET_BYTES 32		/* of a key or a session */

/* Where an old and a new secret are, as options say; all NULL: the terminal. */
struct secret_given {
	const char *passphrase_file, *key_file;
	const char *new_passphrase_file, *new_key_file;
	bool beside_another;	/* the options begin with login- */
};

#define SECRET_NEW_OPTS(g) \
	{ .name = "new-passphrase-file", .arg = "FILE", \
	    .value = &(g)->new_passphrase_file, \
	    .help = N_("a file whose first line is the new passphrase; else the terminal is asked") }, \
	{ .name = "new-key-file", .arg = "FILE", .value = &(g)->new_key_file, \
	    .help = N_("a key file to make in place of a passphrase") }
#define SECRET_OPTS(g) \
	{ .name = "passphrase-file", .arg = "FILE", \
	    .value = &(g)->passphrase_file, \
	    .help = N_("a file whose first line is the passphrase; else the terminal is asked") }, \
	{ .name = "key-file", .arg = "FILE", .value = &(g)->key_file, \
	    .help = N_("the officer's key file") }

/* The secret that an officer gives, before anybody has compared it. */
struct secret_typed {
	bool is_key;
	char text[PASSPHRASE_MAX];
	uint8_t key[SECRET_BYTES];
};
/* Erase *out with secret_forget; a failure leaves nothing in it. */
enum status	secret_read(const struct secret_given *g, const char *officer,
		    struct secret_typed *out, struct diag *d) MUST_CHECK;
void		secret_forget(struct secret_typed *t);
/* s NULL: there is nothing to compare with, which takes the same time and is
 * false. */
enum status	secret_compare(const struct secret_typed *t,
		    const struct secret *s, bool *same, struct diag *d)
		    MUST_CHECK;
/* Makes the new secret of an officer: reads the passphrase, or makes the key
 * file. old, when not NULL, is what was typed as the present one, which it may
 * not be again. After a later failure secret_undo takes the key file back. */
enum status	secret_make(const struct secret_given *g, const char *officer,
		    const struct secret_typed *old, struct secret *out,
		    struct diag *d) MUST_CHECK;
void		secret_undo(const struct secret_given *g);
/* Reads and compares, where no attempt is counted (login and officer secret
 * count theirs in between). */
enum status	secret_check(const struct secret_given *g, const char *officer,
		    const struct secret *s, bool *same, struct diag *d)
		    MUST_CHECK;

/* 32 random bytes. */
enum status	secret_random(uint8_t out[SECRET_BYTES], struct diag *d)
		    MUST_CHECK;
/* A file of a label in its first line and 64 hex digits in its second. Erase
 * *out; ST_PERMISSION when others can read the file, or can have made it. */
enum status	secret_file_read(const char *path, const char *label,
		    uint8_t out[SECRET_BYTES], struct diag *d) MUST_CHECK;
/* Its text; erase it. */
#define SECRET_FILE_TEXT 128
void		secret_file_text(const char *label,
		    const uint8_t secret[SECRET_BYTES],
		    char out[SECRET_FILE_TEXT]);

#endif
