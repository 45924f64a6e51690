/*
 * Share: one custodian's part of a sealing secret, as a line of text that can
 * be printed, put into an envelope and typed again:
 *
 *	CEDULA-SHARE-1 NIC 2of3 #1 XXXXX-XXXXX-... (16 groups)
 *
 * The groups are 50 bytes in Crockford's base32: set u8[5] | state 3 letters |
 * k - 1 and n - 1 in 4 bits each | number u8 | share u8[36] | check u8[4]. The
 * words before them repeat what is inside, for people; they may be left out,
 * and are compared when they are there. check begins the SHA-256 of the rest,
 * so a slip is found in the very share that has it. What is shared is the
 * secret and 4 bytes that begin the SHA-256 of set and secret: shares that do
 * not belong together are found without the key, and k - 1 of them still say
 * nothing.
 *
 * Case, blanks and dashes do not matter; O is read as 0, I and L as 1.
 */
#ifndef CEDULA_KEYS_SHARE_H
#define CEDULA_KEYS_SHARE_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"
#include "keys/shamir.h"

#define SHARE_SECRET 32
#define SHARE_SET 5
#define SHARE_SET_TEXT 9	/* "ABCD1234" and its NUL */
#define SHARE_TEXT 160		/* room for the line and its NUL */

struct share {
	uint8_t set[SHARE_SET];		/* random, the same in one set */
	char state[4];
	unsigned k, n, number;		/* number from 1 to n */
	uint8_t y[SHARE_SECRET + 4];
};

/* A fresh set of n shares of secret; state is three letters A-Z. Erase with
 * share_wipe; after a failure they are erased. */
enum status	share_split(const uint8_t secret[SHARE_SECRET],
		    const char *state, unsigned k, unsigned n,
		    struct share out[SHAMIR_MAX]) MUST_CHECK;
/* The secret, of m shares in any order. Each failure has its sentence: of
 * different sets, one twice, too few, do not fit. The caller erases. */
enum status	share_join(const struct share *s, size_t m,
		    uint8_t secret[SHARE_SECRET], struct diag *d) MUST_CHECK;
/* The line, without a newline. Erase it: it is the share. */
void		share_encode(const struct share *s, char out[SHARE_TEXT]);
/* ST_MALFORMED: not of this form; ST_DATA: a character is wrong somewhere. */
enum status	share_parse(struct bytes text, struct share *out) MUST_CHECK;
void		share_set_text(const uint8_t set[SHARE_SET],
		    char out[SHARE_SET_TEXT]);
void		share_wipe(struct share *s, size_t n);

#endif
