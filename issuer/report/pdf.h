/*
 * PDF: a report on A4 pages: what it is, whose and of when; a chart; the tables;
 * and on the last page what was counted and what is not shown. Vectors and
 * embedded fonts; it reads as well without colour. The same report made at the
 * same moment gives the same bytes (with the same fonts and libraries).
 */
#ifndef CEDULA_ISSUER_REPORT_PDF_H
#define CEDULA_ISSUER_REPORT_PDF_H

#include "issuer/report/report.h"

/* A heap block that the caller frees; NULL on failure. ST_CONFIG: the font is
 * missing. */
enum status	report_pdf(const struct report *p, uint8_t **out, size_t *len,
		    struct diag *d) MUST_CHECK;

#endif
