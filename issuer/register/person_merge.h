/*
 * Person merge: two persons were one. The one that goes stays in the register
 * as what it was, merged into the one that is kept; its documents, family,
 * households, contracts and cases go over, each recorded with before and
 * after. Cards and applications stay those of the name they were issued under
 * and are shown with the one that is kept, whose fields stay as they are. A
 * merge is not taken back: what it moved is in the history.
 */
#ifndef CEDULA_ISSUER_REGISTER_PERSON_MERGE_H
#define CEDULA_ISSUER_REGISTER_PERSON_MERGE_H

#include "issuer/register/register.h"

/* In the caller's transaction. ST_STATE with what is to be done first: an open
 * application of `gone` refused, its valid cards revoked, one of two
 * households closed, one of a living and a dead corrected. ST_PERMISSION where
 * both have had cards and the officer who acts is no approver, or enrolled
 * `gone`, or `keep` where the search has not found the two alike (DUP_OPEN), or
 * was given secret or role by who did (eyes.h). Those who were merged into `gone` follow. */
enum status	reg_person_merge(struct reg *r, int64_t keep, int64_t gone,
		    const char *reason, struct diag *d) MUST_CHECK;

#endif
