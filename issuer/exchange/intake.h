/*
 * Intake: a file of persons into the register.
 *
 * The whole file is read and judged first. Only if every line is good, or the
 * broken ones are to be skipped, is it read again and imported, 500 lines a
 * transaction; a line is passed in the same transaction that imports it, so an
 * import that was interrupted goes on behind the last one and none is imported
 * twice. A household is made with the last of its lines; if one of them is
 * broken, none of them is imported. A dry run imports the good ones in one
 * transaction, compares them with all others, and takes everything back.
 */
#ifndef CEDULA_ISSUER_EXCHANGE_INTAKE_H
#define CEDULA_ISSUER_EXCHANGE_INTAKE_H

#include "issuer/exchange/line.h"
#include "issuer/register/import.h"

#define INTAKE_FAULTS 200	/* kept to be shown; the others are counted */
#define INTAKE_REASONS 100	/* told apart; lines of others are counted */
#define INTAKE_FIRST 3		/* lines named of each */
#define INTAKE_CHUNK 500

struct intake_order {
	const char *file;
	const char *photos;		/* a folder, or NULL */
	const char *errors;		/* a file to make of broken lines, or NULL */
	char delimiter;			/* '\0': told from the first line */
	bool dry_run, resume, skip_bad;
};

struct intake_result {
	int64_t lines, broken;		/* of the file */
	int64_t imported, before;	/* persons: now, and by an earlier run */
	int64_t households, duplicates;
	int64_t job;			/* 0: nothing was to be imported */
	size_t faults_n;
	struct {
		struct fault fault;
		char ref[LINE_KEY];
	} *fault;			/* heap: intake_free */
	size_t reasons_n;
	int64_t other_reasons;		/* lines */
	/* The same fault of many lines; fault.line is the first's. */
	struct intake_reason {
		struct fault fault;
		int64_t lines;
		uint64_t first[INTAKE_FIRST];
	} *reason;			/* heap: intake_free */
};

/* ST_OK also where lines are broken: result->broken says how many. Outside a
 * transaction, with an officer acting. */
enum status	intake(struct reg *r, const struct office *o, int64_t now,
		    const struct intake_order *order,
		    struct intake_result *result, struct diag *d) MUST_CHECK;
void		intake_free(struct intake_result *result);

#endif
