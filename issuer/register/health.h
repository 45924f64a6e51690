/*
 * Health: what doctor asks of the register beyond what other commands do. All
 * of it reads only, and all but the integrity check is quick.
 */
#ifndef CEDULA_ISSUER_REGISTER_HEALTH_H
#define CEDULA_ISSUER_REGISTER_HEALTH_H

#include "issuer/register/register.h"

struct reg_health {
	int64_t version, known;		/* migrations */
	char journal[16];		/* "wal" */
	int64_t synchronous, foreign_keys;	/* 2; 1 */
	uint64_t bytes;			/* of the file, by its pages */
	int64_t last_act;		/* instant; 0: none */
	int64_t trust_iat, trust_exp;	/* of the newest list; 0: none */
	/* blanks */
	int64_t blanks, missing;
	int64_t counted, unexplained;	/* when last, 0: never; then */
	int64_t receipts_wrong;		/* a serial too many or too few */
	int64_t cards_wrong;		/* printed on more than one blank */
	int64_t cards_blankless;	/* printed, by an office with blanks,
					 * after its first ones came */
};

enum status	reg_health(struct reg *r, struct reg_health *out,
		    struct diag *d) MUST_CHECK;
/* "" or the first sentence of SQLite's own check. */
enum status	reg_integrity(struct reg *r, char found[256], struct diag *d)
		    MUST_CHECK;
/* How many rows refer to nothing, and the first one's table. */
enum status	reg_orphans(struct reg *r, int64_t *n, char table[64],
		    struct diag *d) MUST_CHECK;
/* The office's keys in the newest trust list. */
enum status	reg_keys(struct reg *r, enum status (*each)(void *arg,
		    const struct office_key *k), void *arg, struct diag *d)
		    MUST_CHECK;

#endif
