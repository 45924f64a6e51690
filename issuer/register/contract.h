/*
 * Contracts of nationals abroad: person, employer, arrival and end. One is in
 * force from its arrival until the day it was closed; else through its last
 * day; else on. A person has one at a time with each employer.
 *
 * Audited: "contract.add", "contract.close". Texts and dates come from entry.h.
 */
#ifndef CEDULA_ISSUER_REGISTER_CONTRACT_H
#define CEDULA_ISSUER_REGISTER_CONTRACT_H

#include "issuer/register/register.h"

struct contract {
	int64_t id, person, employer, worksite;		/* worksite 0: none */
	char occupation[REG_TEXT];
	char arrival[DATE_TEXT], ends[DATE_TEXT];	/* ends "": open */
	char closed[DATE_TEXT], reason[REG_TEXT];
	/* of those that are read */
	char name[REG_FOLDED], telephone[REG_TEXT], employer_name[REG_TEXT];
};

/* Fills c->id; employer 0 is the worksite's. ST_EXISTS while another of the
 * person with the employer is in force, ST_STATE for a person who was merged
 * into another. */
enum status	reg_contract_add(struct reg *r, struct contract *c,
		    struct diag *d) MUST_CHECK;
/* ST_STATE when it is closed already; an empty date is today. */
enum status	reg_contract_close(struct reg *r, int64_t id,
		    const char *date, const char *reason, struct diag *d)
		    MUST_CHECK;

struct contract_filter {
	int64_t person, employer, worksite;	/* 0: any; one must be given */
	bool in_force;				/* today */
};

enum status	reg_contracts(struct reg *r, const struct contract_filter *f,
		    enum status (*each)(void *arg, const struct contract *c),
		    void *arg, struct diag *d) MUST_CHECK;
/* Not closed, and ending from today to the day before `before`; the first to
 * end first. */
enum status	reg_contracts_ending(struct reg *r, const char *before,
		    enum status (*each)(void *arg, const struct contract *c),
		    void *arg, struct diag *d) MUST_CHECK;

#endif
