/*
 * Eyes: whether who decides is really a second pair. Refused is also who, since
 * the thing was begun, was given the secret or a role they decide by by somebody
 * of its first side (a manager who resets an approver's passphrase could be the
 * approver for the one log-in that it takes), straight or through others. The
 * schema refuses the same by itself (schema/eyes.c, whose views both ask).
 *
 * What it cannot tell: whose hand changed a first passphrase before the thing
 * was begun. Such decisions are only counted and listed.
 */
#ifndef CEDULA_ISSUER_REGISTER_EYES_H
#define CEDULA_ISSUER_REGISTER_EYES_H

#include "issuer/register/register.h"

/* What is decided, and in whose id. Of a person: a duplicate's decision or a
 * merge; the first side is who enrolled. */
enum eyes { EYES_APPLICATION, EYES_REQUEST, EYES_PERSON };

/* That who acts may decide; role and other_role ("" for none) are those that
 * the decision takes. ST_PERMISSION names the officer whose hand it is, and who
 * gave it when that was another. */
enum status	eyes_check(struct reg *r, enum eyes what, int64_t id,
		    const char *role, const char *other_role, struct diag *d)
		    MUST_CHECK;

/* What was decided at `since` or later, and with a secret that somebody of the
 * first side had given, straight or through managers whose own was that hand's,
 * and the officer had not changed in a session since. Such approvals are in
 * application list --same-hand; the others (waivers, aid, deaths taken back,
 * duplicates told apart, merges) in reg_same_hand_each. */
struct same_hand {
	int64_t approvals, same;	/* of applications: all, and so */
	int64_t others;
};
enum status	reg_same_hand(struct reg *r, int64_t since,
		    struct same_hand *out, struct diag *d) MUST_CHECK;

struct same_hand_decision {
	char kind[16];			/* "waiver", "merge" ... */
	int64_t id, other;		/* 0: it is about one thing */
	char officer[REG_NAME], hand[REG_NAME];
};
/* The newest first, at most `most`. */
enum status	reg_same_hand_each(struct reg *r, int64_t since, int64_t most,
		    void (*each)(void *arg, const struct same_hand_decision *x),
		    void *arg, struct diag *d) MUST_CHECK;

/* Persons whose enroller is not who the history says enrolled them: how many,
 * and the first. */
enum status	reg_enrollers_wrong(struct reg *r, int64_t *n, int64_t *first,
		    struct diag *d) MUST_CHECK;
/* Persons whose state is not what their last event made of them. */
enum status	reg_states_wrong(struct reg *r, int64_t *n, int64_t *first,
		    struct diag *d) MUST_CHECK;

#endif
