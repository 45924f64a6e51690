/*
 * The chain of the audit: every act carries SHA-256 over the digest of the act
 * before it and its own id, instant, officer (number and name), action, object
 * and details, each with its length. Who changes, removes or moves an act behind
 * the program's back breaks the chain there, unless all that follows is made
 * anew; against that, an auditor notes the last id and digest and asks for them
 * the next time (audit check --noted).
 */
#ifndef CEDULA_ISSUER_REGISTER_AUDIT_CHAIN_H
#define CEDULA_ISSUER_REGISTER_AUDIT_CHAIN_H

#include "issuer/register/register.h"

#define AUDIT_HASH 32

struct audit_head {
	int64_t id;			/* of the last act; 0: there is none */
	uint64_t acts;
	uint8_t hash[AUDIT_HASH];
};

/* Makes cedula_audit_hash known to the database just opened. */
enum status	audit_function(struct reg *r, struct diag *d) MUST_CHECK;
/* Reads the whole audit. ST_OK: the chain is whole, *first_bad is 0. ST_DATA
 * with a sentence: *first_bad is the first act that is not what it was, or the
 * one after the last when the end is missing. */
enum status	reg_audit_check(struct reg *r, int64_t *first_bad,
		    struct diag *d) MUST_CHECK;
/* The same, and the head that it came to. */
enum status	reg_audit_walk(struct reg *r, struct audit_head *head,
		    int64_t *first_bad, struct diag *d) MUST_CHECK;
/* The digest kept with one act; ST_NOT_FOUND when there is no such act. */
enum status	reg_audit_hash(struct reg *r, int64_t id,
		    uint8_t out[AUDIT_HASH], struct diag *d) MUST_CHECK;

/* One act as the auditor reads it; borrowed during the call. */
struct act {
	int64_t id, at;
	const char *officer, *action, *object, *details;
};

/* NULL or 0: any. from and to are instants, to the first one not meant. */
struct act_filter {
	const char *officer, *object;
	int64_t from, to;
	int64_t limit;			/* the newest so many */
};

/* Newest first. */
enum status	reg_acts(struct reg *r, const struct act_filter *f,
		    enum status (*each)(void *arg, const struct act *a),
		    void *arg, struct diag *d) MUST_CHECK;

#endif
