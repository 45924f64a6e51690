/*
 * Emergency: who lives in a district, or works for an employer or at a
 * worksite, now; with all ways to reach them and households together.
 *
 * Reads that district's persons alone, by index, whatever the size of the
 * register. A district is matched without accents and case. The personal data
 * of many leave the register: that they did is recorded, with how many.
 */
#ifndef CEDULA_ISSUER_REGISTER_EMERGENCY_H
#define CEDULA_ISSUER_REGISTER_EMERGENCY_H

#include "issuer/register/register.h"

struct emergency_person {
	int64_t person, household;	/* household 0: none */
	char relationship[REG_NAME];	/* "head", "child" ...; "": no household */
	char name[REG_FOLDED];
	int64_t age;
	bool minor;
	char telephone[REG_TEXT], email[REG_TEXT], address[REG_TEXT];
	char district[REG_TEXT], emergency_contact[REG_TEXT];
	char employer[REG_TEXT], workplace[REG_TEXT];
};

/* One of them. */
struct emergency_where {
	const char *district;		/* NULL: none */
	int64_t employer, worksite;	/* 0: none */
};

/* Persons abroad, by household (those of none last), its head first. *n gets
 * how many. ST_NOT_FOUND for a district that no person of the register has, an
 * unknown employer or worksite. Records "emergency.list". */
enum status	reg_emergency(struct reg *r, const struct emergency_where *w,
		    enum status (*each)(void *arg,
		    const struct emergency_person *p), void *arg, int64_t *n,
		    struct diag *d) MUST_CHECK;

#endif
