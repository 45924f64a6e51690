/*
 * MRZ: the three lines of an ID-1 card (ICAO 9303-5, TD1), 30 characters each.
 */
#ifndef CEDULA_COMMON_MRZ_H
#define CEDULA_COMMON_MRZ_H

#include "common/bytes.h"
#include "common/status.h"
#include "common/when.h"

#define MRZ_LINE 30

struct mrz {
	char line[3][MRZ_LINE + 1];
};

struct mrz_fields {
	const char *code;		/* document code, "I", one or two letters */
	const char *state;		/* issuing state, alpha-3 */
	struct bytes number;		/* document number, 1-22 of A-Z 0-9 */
	struct date birth, expiry;
	char sex;			/* 'M', 'F' or '<' */
	const char *nationality;	/* alpha-3 */
	struct bytes surnames, given;	/* UTF-8, as in the register */
};

/* Check digit of 9303-3 §4.9: weights 7 3 1; '<' is 0, A-Z are 10-35. */
char		mrz_check_digit(struct bytes s);
/* ST_DATA when a field cannot be written (a number with other characters, no
 * name that transliterates). Names are transliterated (text_mrz_fold) and
 * truncated as 9303-3 and 9303-5 §4.2.3 say. A number over 9 characters
 * goes on in the optional data (9303-5 §4.2.2 note j). */
enum status	mrz_td1(const struct mrz_fields *f, struct mrz *out) MUST_CHECK;

#endif
