/*
 * Import: which files of persons were imported, and how far. A file is known
 * by its SHA-256; a line of it, counted from 1 behind the header, becomes a
 * person once at most, whatever is killed when: the line's row and the job's
 * progress are written in the transaction of its person.
 */
#ifndef CEDULA_ISSUER_REGISTER_IMPORT_H
#define CEDULA_ISSUER_REGISTER_IMPORT_H

#include "issuer/register/register.h"

struct import_job {
	int64_t id;
	uint8_t sha256[32];
	char file[REG_TEXT];		/* as it was called then */
	bool skip_bad;
	int64_t lines, done, persons;	/* in the file; passed; imported */
	int64_t begun, finished;	/* instants; 0: not yet */
	char officer[REG_NAME];		/* who began it */
};

/* What a line made. relationship 0: the head of its family. */
struct import_line {
	int64_t job, line, person;
	const char *ref, *family;	/* "": none */
	int relationship;
};

/* By out->sha256; ST_NOT_FOUND: this file was never begun. */
enum status	reg_import_find(struct reg *r, struct import_job *out,
		    struct diag *d) MUST_CHECK;
/* All three in a transaction, with an officer acting. Fills job->id. */
enum status	reg_import_begin(struct reg *r, struct import_job *job,
		    struct diag *d) MUST_CHECK;
enum status	reg_import_line(struct reg *r, const struct import_line *line,
		    struct diag *d) MUST_CHECK;
/* Keeps done and persons; with done = lines the import is finished. */
enum status	reg_import_forward(struct reg *r, struct import_job *job,
		    struct diag *d) MUST_CHECK;
/* The persons that the lines of one family became, in the lines' order. */
enum status	reg_import_family(struct reg *r, int64_t job,
		    const char *family, struct household *out,
		    struct diag *d) MUST_CHECK;

#endif
