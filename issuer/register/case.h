/*
 * Cases of protection: what happened to whom, the next step and its deadline,
 * and how it ended. Every step is kept; the case's own row is what the last of
 * them made of it.
 *
 * The schema lets nobody write a case but an officer with the role protection;
 * one who is for some districts alone reads and writes the cases of those
 * (ST_PERMISSION for another's, which lists leave out).
 * Audited: "case.open", "case.party", "case.remove", "case.step", "case.close", "case.reopen",
 * whose details say which case and nothing of what happened. Texts and dates
 * come from entry.h. The narratives are case_note.h's.
 */
#ifndef CEDULA_ISSUER_REGISTER_CASE_H
#define CEDULA_ISSUER_REGISTER_CASE_H

#include "issuer/register/register.h"

#define CASE_AFFECTED_MAX 32	/* persons of a case as it is opened */

extern const char *const case_kinds[];
extern const size_t case_kinds_n;
extern const char *const case_roles[];
extern const size_t case_roles_n;

struct case_record {
	int64_t id, employer, worksite;		/* 0: none */
	char kind[REG_NAME], state[REG_NAME];	/* open, closed */
	char district[REG_TEXT], referral[REG_TEXT];
	char next_step[REG_TEXT], deadline[DATE_TEXT], outcome[REG_TEXT];
	int64_t opened, closed;			/* closed 0: it is open */
	char officer[REG_NAME];			/* who opened it */
	bool minor;	/* an affected person was one when it was opened */
	int64_t affected, notes;		/* how many */
};

struct case_party {
	int64_t id, person;			/* 0: not in the register */
	char name[REG_FOLDED], role[REG_NAME], contact[REG_TEXT];
	bool minor;				/* today */
	int64_t removed;			/* 0: it is one still */
	char removed_by[REG_NAME], why[REG_TEXT];
};

struct case_step {
	int64_t at;
	char officer[REG_NAME], what[REG_NAME];	/* open, step, close, reopen */
	char text[REG_TEXT], deadline[DATE_TEXT], referral[REG_TEXT];
};

/* Fills c->id from kind, employer, worksite, district ("": of the first
 * affected person), referral, next_step and deadline; affected are persons of
 * the register, at least one. */
enum status	reg_case_open(struct reg *r, struct case_record *c,
		    const int64_t *affected, size_t n, struct diag *d)
		    MUST_CHECK;
enum status	reg_case(struct reg *r, int64_t id, struct case_record *out,
		    struct diag *d) MUST_CHECK;
/* Of a person p->name and p->contact may be empty: they are the register's. */
enum status	reg_case_party(struct reg *r, int64_t id,
		    const struct case_party *p, struct diag *d) MUST_CHECK;
/* Takes a party off that was added wrongly; it stays with what was removed.
 * ST_STATE for the only one affected, and for a closed case. */
enum status	reg_case_remove(struct reg *r, int64_t id, int64_t party,
		    const char *why, struct diag *d) MUST_CHECK;
/* An empty referral leaves the one that is. ST_STATE for a closed case. */
enum status	reg_case_step(struct reg *r, int64_t id,
		    const char *next_step, const char *deadline,
		    const char *referral, struct diag *d) MUST_CHECK;
enum status	reg_case_close(struct reg *r, int64_t id,
		    const char *outcome, struct diag *d) MUST_CHECK;
/* Its next step is again the one before it was closed. */
enum status	reg_case_reopen(struct reg *r, int64_t id,
		    const char *reason, struct diag *d) MUST_CHECK;

/* Those that are parties, or those that were removed. */
enum status	reg_case_parties(struct reg *r, int64_t id, bool removed,
		    enum status (*each)(void *arg, const struct case_party *p),
		    void *arg, struct diag *d) MUST_CHECK;
enum status	reg_case_steps(struct reg *r, int64_t id,
		    enum status (*each)(void *arg, const struct case_step *s),
		    void *arg, struct diag *d) MUST_CHECK;

struct case_filter {
	const char *kind, *state, *district, *officer;	/* NULL: any */
	int64_t person;					/* 0: any */
};

/* In the order in which they were opened. A person's are also those of persons
 * who were merged into that one. */
enum status	reg_cases(struct reg *r, const struct case_filter *f,
		    enum status (*each)(void *arg,
		    const struct case_record *c), void *arg, struct diag *d)
		    MUST_CHECK;
/* Open, with a deadline before the day `on`; the oldest first. */
enum status	reg_cases_overdue(struct reg *r, const char *on,
		    enum status (*each)(void *arg,
		    const struct case_record *c), void *arg, struct diag *d)
		    MUST_CHECK;

#endif
