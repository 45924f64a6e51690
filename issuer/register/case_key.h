/*
 * The keys that narratives are sealed with, by their ids alone (protection_key):
 * which was made, which one is in use (one at a time), which are retired, and by
 * which key each was replaced.
 */
#ifndef CEDULA_ISSUER_REGISTER_CASE_KEY_H
#define CEDULA_ISSUER_REGISTER_CASE_KEY_H

#include "issuer/register/register.h"
#include "keys/casekey.h"

/* Records a key that was just made. It is in use from now on if none is, or if
 * `lost` (a reason, or NULL) retires the one that is: what that sealed stays as
 * it is, until it is found. */
enum status	reg_case_key_add(struct reg *r, const struct case_key *k,
		    const char *lost, bool *in_use, struct diag *d)
		    MUST_CHECK;
/* Seals all that `old` sealed with `new`, which replaces it; *n gets how many.
 * One note that does not open fails it all. */
enum status	reg_case_rekey(struct reg *r, const struct case_key *old,
		    const struct case_key *new, int64_t *n, struct diag *d)
		    MUST_CHECK;

struct protection_key {
	char id[2 * CASEKEY_ID + 1];		/* hex */
	int64_t made, used_from, retired;	/* 0: not */
	char officer[REG_NAME], reason[REG_TEXT];
	int64_t notes;				/* sealed with it now */
};

enum status	reg_case_keys(struct reg *r,
		    enum status (*each)(void *arg,
		    const struct protection_key *k), void *arg,
		    struct diag *d) MUST_CHECK;

/* ---- within the register ---- */

enum key_state { KEY_UNKNOWN, KEY_UNUSED, KEY_IN_USE, KEY_RETIRED };

void		case_key_name(const struct case_key *k,
		    char hex[2 * CASEKEY_ID + 1]);
enum status	case_key_state(struct reg *r, struct bytes id,
		    enum key_state *out, struct diag *d) MUST_CHECK;

#endif
