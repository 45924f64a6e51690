/*
 * Export: what the register holds, a row at a time, for files that go out. A
 * query an export; nothing is gathered, so a million rows take no more memory
 * than one. Whoever withdrew the consent goes out in none of them; persons who
 * are dead or were merged into another record, and households that were closed,
 * are left out too, as a file cannot say so of them.
 */
#ifndef CEDULA_ISSUER_REGISTER_EXPORT_H
#define CEDULA_ISSUER_REGISTER_EXPORT_H

#include "issuer/register/register.h"

#define EXPORT_COLUMNS_MAX 48

enum export_kind { EXPORT_PERSONS, EXPORT_HOUSEHOLDS, EXPORT_CARDS,
    EXPORT_APPLICATIONS, EXPORT_KINDS };

struct export_column {
	const char *csv, *json;		/* "birth-date", "birth_date" */
	enum { EXPORT_TEXT, EXPORT_NUMBER, EXPORT_RELATIONSHIP } form;
};

/* "persons" */
const char	*export_word(enum export_kind kind);
const struct export_column *export_columns(enum export_kind kind, size_t *n);

struct export_filter {
	const char *district;	/* of the person, or the head; "": all */
	int64_t since;		/* enrolled, made, issued, asked for then or
				 * later */
};

/* Each row's cells, as many as columns; borrowed during the call. An empty
 * cell is absent. In a transaction. */
enum status	reg_export(struct reg *r, enum export_kind kind,
		    const struct export_filter *f, enum status (*each)
		    (void *arg, const struct bytes *cell), void *arg,
		    struct diag *d) MUST_CHECK;
/* How many rows there are before the filter: for a progress bar. */
enum status	reg_export_count(struct reg *r, enum export_kind kind,
		    uint64_t *n, struct diag *d) MUST_CHECK;
/* Records that it went out: who, what, how many. */
enum status	reg_export_done(struct reg *r, enum export_kind kind,
		    const struct export_filter *f, const char *file,
		    int64_t rows, struct diag *d) MUST_CHECK;

#endif
