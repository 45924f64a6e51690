/*
 * Log check: does the log of issuance agree with everything that was signed
 * about it, and with the cards and acts that it stands for?
 */
#ifndef CEDULA_ISSUER_LOG_CHECK_H
#define CEDULA_ISSUER_LOG_CHECK_H

#include "issuer/audit.h"
#include "issuer/witness.h"

struct log_check {
	struct reg *r;
	const struct office *office;
	const struct trust *trust;	/* NULL: no trust list is held */
	struct log_walk walk;
	struct findings found;
	struct findings unchecked;	/* heads whose key is not known here */
	size_t verified;		/* heads whose signature holds */
	struct diag *d;
	int64_t expected;		/* the next entry's place */
	size_t suspects_n;		/* entries that their cards deny */
	struct {
		int64_t seq;
		struct log_entry e;
	} suspect[16];
};

/* The heads of this office in a file (a head's, or a bundle) are compared too.
 * ST_DATA when it has none; else as log_head_verify. name stays. */
enum status	log_check_file(struct log_check *c, const char *name,
		    struct bytes file) MUST_CHECK;
/* Fills found. In one snapshot. */
enum status	log_check_run(struct log_check *c) MUST_CHECK;

#endif
