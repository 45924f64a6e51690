/*
 * Write: a report as text for people or JSON (through issuer/answer.h), and as
 * CSV for a spreadsheet (RFC 4180). A withheld count is "x" in text and CSV and
 * null in JSON, which lists the withheld places besides.
 */
#ifndef CEDULA_ISSUER_REPORT_WRITE_H
#define CEDULA_ISSUER_REPORT_WRITE_H

#include "issuer/answer.h"
#include "issuer/report/report.h"

void		report_answer(const struct report *p, struct answer *a);
/* A heap block that the caller frees, a NUL after it. Texts that a spreadsheet
 * would take for a formula have an apostrophe before them. */
enum status	report_csv(const struct report *p, char **out, size_t *len,
		    struct diag *d) MUST_CHECK;

#endif
