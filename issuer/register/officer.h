/*
 * Officers: who works here, in which roles, until when, for which districts.
 *
 * - A role, an end, a district and the activity of an officer are another's to
 *   change, never one's own; and one active manager without end is always left.
 *   The tables refuse it as well.
 * - What is changed counts from the next command on: nothing of an officer is
 *   kept anywhere but here.
 */
#ifndef CEDULA_ISSUER_REGISTER_OFFICER_H
#define CEDULA_ISSUER_REGISTER_OFFICER_H

#include "issuer/register/register.h"

#define OFFICER_DISTRICTS 16	/* of one officer */
#define OFFICER_ROLES_TEXT 72	/* all roles by name, with the NUL */

#define OFFICER_ROLE_TABLE(X) \
	X(REGISTRAR,	"registrar") \
	X(APPROVER,	"approver") \
	X(PRINTER,	"printer") \
	X(MANAGER,	"manager") \
	X(PROTECTION,	"protection") \
	X(AUDITOR,	"auditor")

/* Bits of a set of roles, in the table's order. */
enum {
	OFFICER_REGISTRAR = 1, OFFICER_APPROVER = 2, OFFICER_PRINTER = 4,
	OFFICER_MANAGER = 8, OFFICER_PROTECTION = 16, OFFICER_AUDITOR = 32,
	OFFICER_DESK = OFFICER_REGISTRAR | OFFICER_APPROVER | OFFICER_PRINTER |
	    OFFICER_MANAGER
};

struct officer {
	int64_t id;
	char login[REG_NAME], full_name[REG_TEXT];
	bool active;
	unsigned roles;
	char until[DATE_TEXT];		/* the last good day; "": no end */
	char office_code[4];		/* whose officer this is */
	size_t districts_n;		/* 0: all of them */
	char district[OFFICER_DISTRICTS][REG_TEXT];
	/* Of the log-in; not to be changed here. */
	bool has_secret;
	int64_t locked_until, last_login;	/* the machine's clock; 0 */
};

/* The bit of a role's name, 0 when there is no such role. */
unsigned	officer_role(const char *token);
/* "registrar, printer"; "" for none. */
void		officer_roles_text(unsigned roles,
		    char out[OFFICER_ROLES_TEXT]);
/* ST_OK on the days of the officer, by `now`; else ST_PERMISSION. */
enum status	officer_in_time(const struct officer *o, int64_t now,
		    struct diag *d) MUST_CHECK;

/* One by the log-in name; ST_NOT_FOUND. */
enum status	reg_officer(struct reg *r, const char *login,
		    struct officer *out, struct diag *d) MUST_CHECK;
/* A new one, with these roles and no secret yet, for all districts. */
enum status	reg_officer_add(struct reg *r, const char *login,
		    const char *full_name, unsigned roles, int64_t *id,
		    struct diag *d) MUST_CHECK;
/* Stores what differs from the register (full name, activity, roles, end,
 * office, districts) and records before and after; *changed, when not NULL, is
 * how many differed. Deactivation ends the officer's sessions at `clock`. */
enum status	reg_officer_change(struct reg *r, const struct officer *o,
		    int64_t clock, size_t *changed, struct diag *d)
		    MUST_CHECK;
enum status	reg_officers(struct reg *r,
		    enum status (*each)(void *arg, const struct officer *o),
		    void *arg, struct diag *d) MUST_CHECK;

/* ST_OK when the officer who acts is for that district, or for all; else
 * ST_PERMISSION. Capitals and accents do not matter. */
enum status	reg_in_jurisdiction(struct reg *r, const char *district,
		    struct diag *d) MUST_CHECK;
/* The same, for the district of a person of the register; of one who was
 * merged, for that of the other. */
enum status	reg_person_in_jurisdiction(struct reg *r, int64_t person,
		    struct diag *d) MUST_CHECK;

#endif
