/*
 * Report: what a report counts, fact by fact, out of one register; nothing is
 * gathered here, and no name, number or id leaves the register this way.
 * Other offices' registers are read, never written, by reg_open_reading.
 */
#ifndef CEDULA_ISSUER_REGISTER_REPORT_H
#define CEDULA_ISSUER_REGISTER_REPORT_H

#include "issuer/register/register.h"

enum report_kind {
	REPORT_ISSUED, REPORT_RENEWED, REPORT_LOST, REPORT_REVOKED,
	REPORT_REFUSED, REPORT_WAITING, REPORT_CASES, REPORT_POPULATION,
	REPORT_HOUSEHOLDS, REPORT_KINDS
};

/* What is waited for from the day of submission on. */
enum report_stage { STAGE_DECISION, STAGE_ISSUE, STAGE_HANDOVER, STAGES };

enum report_by {
	BY_NONE, BY_OFFICE, BY_DISTRICT, BY_ORIGIN, BY_OCCUPATION, BY_SECTOR,
	BY_MONTH, BY_YEAR, BY_KIND, BY_CAUSE, REPORT_BYS
};

struct report_ask {
	enum report_kind kind;
	enum report_by by;
	struct date from, to;	/* whole days, both counted */
};

struct report_fact {
	int64_t at;		/* when it happened */
	int64_t days;		/* waited: of REPORT_WAITING */
	char sex;		/* 'F', 'M', 'X'; 0: not known */
	struct date birth;	/* not valid: not known */
	const char *group;	/* its text in the dimension; "" not stated */
};

/* "district"; the option's word, and the register's name of the dimension. */
const char	*report_by_token(enum report_by by);
/* Whether that kind of report has that dimension. */
bool		 report_has(enum report_kind kind, enum report_by by);
/* Calls each for every fact of the period, in no order. BY_OFFICE, BY_MONTH and
 * BY_YEAR leave group "": at and the register say them. Memory does not grow
 * with the register. */
enum status	reg_report(struct reg *r, const struct report_ask *ask,
		    enum report_stage stage,
		    enum status (*each)(void *arg, const struct report_fact *f),
		    void *arg, struct diag *d) MUST_CHECK;
/* Records that a report was made. */
enum status	reg_report_made(struct reg *r, const char *object,
		    const char *details, struct diag *d) MUST_CHECK;
/* Opens another office's register and changes nothing of it, nor beside it:
 * ST_CONFIG when its version is not this program's. A file that nobody has
 * open is taken as it is; nobody may open it meanwhile. */
enum status	reg_open_reading(const char *path, struct reg **out,
		    struct diag *d) MUST_CHECK;

#endif
