/*
 * Household: how one changes and ends. It has one head, who heads no other
 * open one; a person may be a member of several (a child of separated
 * parents), and head of one and member of another; a couple is one household,
 * not one of each. While an application for
 * its card is approved nothing of it changes; while one is open it keeps its
 * head. What a closed one was stays.
 */
#ifndef CEDULA_ISSUER_REGISTER_HOUSEHOLD_H
#define CEDULA_ISSUER_REGISTER_HOUSEHOLD_H

#include "issuer/register/register.h"

#define REL_NONE ((enum relationship)0)	/* none, or not said */
#define SPOUSE_YEARS 12			/* old, at least */

struct household_end {
	int64_t closed;			/* 0: open */
	char reason[REG_TEXT];
};

enum status	reg_household_end(struct reg *r, int64_t id,
		    struct household_end *out, struct diag *d) MUST_CHECK;
/* Adds and removes members in one act. h->id is the household; h->member those
 * to add. */
enum status	reg_household_members(struct reg *r, const struct household *h,
		    const int64_t *remove, size_t remove_n,
		    const char *reason, struct diag *d) MUST_CHECK;
/* h->head becomes the head of h->id, and the old one a member: as `former`, or
 * if that is 0 as what follows from what the new one was. h->member says what
 * other members are to the new head, where that does not follow. A head who is
 * dead or was merged is no member afterwards. */
enum status	reg_household_set_head(struct reg *r, struct household *h,
		    enum relationship former, const char *reason,
		    struct diag *d) MUST_CHECK;
/* The head may head another then. */
enum status	reg_household_close(struct reg *r, int64_t id,
		    const char *reason, struct diag *d) MUST_CHECK;

struct household_row {
	int64_t id, head;
	char head_name[REG_FOLDED];
	int64_t members;
	bool open;
	char role[16];			/* of the person asked for: "head" */
};

/* person 0: all of them; `limit` at most. Those that were left are in the
 * history. */
enum status	reg_households(struct reg *r, int64_t person, size_t limit,
		    enum status (*each)(void *arg,
		    const struct household_row *row), void *arg,
		    struct diag *d) MUST_CHECK;
/* What happened to one person in a household, for household.c and merging.
 * event: "head", "join", "change", "leave", "close". */
enum status	household_event_add(struct reg *r, int64_t household,
		    int64_t person, const char *event,
		    enum relationship relationship, const char *reason,
		    struct diag *d) MUST_CHECK;
/* That no other open household is of the same couple, with the spouse as its
 * head: ST_EXISTS. head 0: whom the household has; spouse 0: its spouses. */
enum status	household_couple_check(struct reg *r, int64_t household,
		    int64_t head, int64_t spouse, struct diag *d) MUST_CHECK;
/* A new member, last of all, with its event; that it may be one is the
 * caller's to ask, but for the couple. */
enum status	household_join(struct reg *r, int64_t household,
		    int64_t person, enum relationship relationship,
		    const char *reason, struct diag *d) MUST_CHECK;
enum status	household_leave(struct reg *r, int64_t household,
		    int64_t person, const char *reason, struct diag *d)
		    MUST_CHECK;

/* What is wrong with these birth dates, in a sentence that names nobody; NULL:
 * nothing. */
const char	*household_age_fault(enum relationship rel, struct date head,
		    struct date member, struct date today);
/* The same of two persons of the register: ST_DATA. */
enum status	household_age_check(struct reg *r, int64_t head,
		    int64_t member, enum relationship rel, struct diag *d)
		    MUST_CHECK;
/* That p's birth date, as it is to be, fits every open household p is in. */
enum status	household_birth_check(struct reg *r, const struct person *p,
		    struct diag *d) MUST_CHECK;

#endif
