/*
 * Application: how a card is asked for. A draft can be changed or dropped;
 * submitted, it stays as it is until another officer decides. Why it is asked
 * for (the cause) says what it must replace:
 *
 *   first                         nothing; refused while a card of that kind is
 *                                 in force
 *   renewal, damaged, correction  a card of the person and kind, not revoked;
 *                                 renewal not before the last RENEWAL_MONTHS
 *                                 of it, but with a reason
 *   lost, stolen                  a card whose loss of that kind is recorded
 *
 * Instants are seconds since 1970, texts the caller's. Functions fail as those
 * of register.h do: with a sentence in diag, and the caller rolls back.
 */
#ifndef CEDULA_ISSUER_REGISTER_APPLICATION_H
#define CEDULA_ISSUER_REGISTER_APPLICATION_H

#include "issuer/register/register.h"

#define RENEWAL_MONTHS 6	/* the schema's triggers say so too */

struct application_request {
	int64_t person;
	bool family;
	const char *cause;	/* NULL: first; of an edit: as it was */
	const char *replaces;	/* a card's number; NULL: the newest fitting */
	const char *early;	/* why a renewal is early, or NULL */
};

/* Both officers who may not approve are kept: who drafted, who submitted. */
enum status	reg_application_draft(struct reg *r,
		    const struct application_request *q, int64_t *id,
		    struct diag *d) MUST_CHECK;
/* A draft's cause, or what it replaces; person and kind stay. */
enum status	reg_application_edit(struct reg *r, int64_t id,
		    const struct application_request *q, struct diag *d)
		    MUST_CHECK;
/* A draft is submitted: checked anew, as of today. */
enum status	reg_application_send(struct reg *r, int64_t id,
		    struct diag *d) MUST_CHECK;
/* Draft and submission in one act. */
enum status	reg_application_ask(struct reg *r,
		    const struct application_request *q, int64_t *id,
		    struct diag *d) MUST_CHECK;
/* The end of a draft, with a reason. */
enum status	reg_application_drop(struct reg *r, int64_t id,
		    const char *reason, struct diag *d) MUST_CHECK;
/* ST_STATE unless the person lives abroad and, household not 0, no member is
 * dead or merged into another. Asked again where the card is issued. */
enum status	reg_may_have_card(struct reg *r, int64_t person,
		    int64_t household, struct diag *d) MUST_CHECK;

/* ---- reading (application_store.c) ---- */

/* NULL, 0 and false ask for nothing. begun_by: those still open that have waited
 * since then or longer, the longest first; otherwise in order of their ids.
 * same_hand: those of eyes.h's reg_same_hand, whenever they were approved. */
struct application_filter {
	const char *state, *cause;
	int64_t person, begun_by;
	bool same_hand;
};

/* ST_USAGE for a state or cause that there is not. */
enum status	reg_application_list(struct reg *r,
		    const struct application_filter *f,
		    enum status (*each)(void *arg,
		    const struct application *a), void *arg, struct diag *d)
		    MUST_CHECK;
/* Whole days that it waits, or waited for its card, refusal or end. */
int64_t		application_days(const struct application *a, int64_t now);
/* Who enrolled a person. */
enum status	reg_enroller(struct reg *r, int64_t person,
		    char login[REG_NAME], struct diag *d) MUST_CHECK;

struct application_double {
	int64_t person;		/* the other one */
	int64_t score;
	char decision[12];
};

/* The persons that were found to be like this one, decided or not. */
enum status	reg_application_doubles(struct reg *r, int64_t person,
		    enum status (*each)(void *arg,
		    const struct application_double *o), void *arg,
		    struct diag *d) MUST_CHECK;

/* ---- within the register ---- */

bool		cause_known(const char *cause);
/* Finds the card that q->replaces names, or the one that fits the cause, and
 * writes cause, replaces and early into a, whose person and kind are set. */
enum status	cause_choose(struct reg *r, const struct application_request *q,
		    struct application *a, struct diag *d) MUST_CHECK;
/* Whether a may be submitted now for its cause. */
enum status	cause_check(struct reg *r, const struct application *a,
		    struct diag *d) MUST_CHECK;
/* That something a card shows was changed since the one it replaces was made,
 * where the cause is a correction; asked when it is submitted. */
enum status	cause_corrected(struct reg *r, const struct application *a,
		    struct diag *d) MUST_CHECK;
enum status	application_issued(struct reg *r, int64_t id,
		    const char *number, struct diag *d) MUST_CHECK;

#endif
