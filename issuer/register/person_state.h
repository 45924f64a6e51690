/*
 * Person state: what became of a person (abroad, departed, returned to the
 * country of origin, dead, merged into another), whether the consent stands,
 * and so whether a card may be asked for.
 *
 * Every change is an act of the officer who acts, recorded with before and
 * after, and an event that stays. Dates are calendar dates as typed; they
 * cannot be in the future, before the birth or before the last event. Failures
 * change nothing: ST_DATA for a value, ST_STATE where the present state does
 * not allow it, ST_NOT_FOUND, ST_PERMISSION for four eyes.
 */
#ifndef CEDULA_ISSUER_REGISTER_PERSON_STATE_H
#define CEDULA_ISSUER_REGISTER_PERSON_STATE_H

#include "issuer/register/register.h"

#define PERSON_PLACE 120	/* characters of a place, of evidence 200 */
#define PERSON_EVIDENCE 200

struct person_state {
	char state[12];			/* "abroad" */
	char since[DATE_TEXT];		/* "": since the enrolment */
	char withdrawn[DATE_TEXT];	/* "": the consent stands */
	int64_t merged_into;		/* 0: not merged */
};

enum status	reg_person_state(struct reg *r, int64_t id,
		    struct person_state *out, struct diag *d) MUST_CHECK;
/* ST_STATE with the sentence for one who was merged: name the other one. */
enum status	reg_person_present(struct reg *r, int64_t id, struct diag *d)
		    MUST_CHECK;
/* The same for the dead, of whom nothing is changed any more. */
enum status	reg_person_may_change(struct reg *r, int64_t id,
		    struct diag *d) MUST_CHECK;
/* May a card be asked for, approved and issued? Not for the dead, the merged,
 * those away, or without consent. */
enum status	reg_person_may_apply(struct reg *r, int64_t id,
		    struct diag *d) MUST_CHECK;
/* The same of a family card: no member is dead or merged. household 0 is an
 * individual card's, and may. */
enum status	reg_household_may_apply(struct reg *r, int64_t household,
		    struct diag *d) MUST_CHECK;
/* Under MINOR_AGE on the day of the register's now: no signature of their own. */
bool		reg_is_minor(const struct reg *r, const struct person *p);

/* To a third country; home to the country of origin; back abroad. */
enum status	reg_person_depart(struct reg *r, int64_t id, const char *date,
		    const char *to, struct diag *d) MUST_CHECK;
enum status	reg_person_return(struct reg *r, int64_t id, const char *date,
		    struct diag *d) MUST_CHECK;
enum status	reg_person_arrive(struct reg *r, int64_t id, const char *date,
		    struct diag *d) MUST_CHECK;
/* Not before a day on which the person was seen alive here (consent given or
 * withdrawn, a card handed to them), unless despite says why; NULL: nobody. */
enum status	reg_person_die(struct reg *r, int64_t id, const char *date,
		    const char *place, const char *evidence,
		    const char *despite, struct diag *d) MUST_CHECK;
/* A death that was recorded by mistake: the person is again what they were
 * before. Never by the officer who recorded it. */
enum status	reg_person_correct(struct reg *r, int64_t id,
		    const char *reason, struct diag *d) MUST_CHECK;
enum status	reg_person_withdraw_consent(struct reg *r, int64_t id,
		    const char *date, struct diag *d) MUST_CHECK;
enum status	reg_person_give_consent(struct reg *r, int64_t id,
		    const char *date, struct diag *d) MUST_CHECK;
/* Keeps an event, for person_merge.c. */
enum status	person_event_add(struct reg *r, int64_t id, const char *event,
		    const char *date, const char *place, const char *evidence,
		    struct diag *d) MUST_CHECK;

#endif
