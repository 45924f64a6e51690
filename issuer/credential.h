/*
 * Credential: from the register's persons to the signed token of a card
 * (docs/format.md §3), within the symbol's budget. What is made here has been
 * read back and verified before it is handed out.
 */
#ifndef CEDULA_ISSUER_CREDENTIAL_H
#define CEDULA_ISSUER_CREDENTIAL_H

#include "issuer/photo/photo.h"
#include "issuer/register/register.h"
#include "keys/signer.h"

struct credential_member {
	const struct person *person;
	enum relationship relationship;
};

/* Borrowed throughout. */
struct credential_subject {
	const struct office *office;
	const struct person *holder;	/* of a family: the head */
	const struct photo *portrait;
	size_t members_n;		/* 0: an individual */
	struct credential_member member[FAMILY_MAX];
};

/* Signs for the number, place, issue and expiry that stand in c; fills its
 * kid, token, token_len and qr. ST_TOO_BIG when the texts leave no room for a
 * recognisable face: the message names the longest. */
enum status	credential_make(const struct credential_subject *s,
		    struct signer *key, struct card *c, struct diag *d)
		    MUST_CHECK;
/* Reads the token of c back, text and all, and verifies it with pub; what c
 * says of number, place and expiry must be what is signed. */
enum status	credential_check(const struct card *c,
		    const struct cose_key *pub, struct diag *d) MUST_CHECK;

/* Is the text of c's symbol that of its token? */
bool		credential_is_text(struct bytes qr, struct bytes token);

#endif
