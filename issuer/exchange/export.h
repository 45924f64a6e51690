/*
 * Export: rows of the register in a file of its owner's alone, CSV or JSON,
 * complete or not there.
 *
 * CSV is pure: the first line names the columns, and an export of persons is a
 * file that import takes. JSON is one object whose "head" says which office,
 * when, by whom, what:
 *
 *	{"head":{"office":"NIC SJO",...,"rows":2},"persons":[{...},{...}]}
 */
#ifndef CEDULA_ISSUER_EXCHANGE_EXPORT_H
#define CEDULA_ISSUER_EXCHANGE_EXPORT_H

#include "issuer/register/export.h"

struct export_order {
	enum export_kind kind;
	struct export_filter filter;
	bool json;
	const char *out;
};

/* One instant of the register, while others write; then the act of exporting,
 * and only then the file has its name. Outside a transaction, with an officer
 * acting, whose login is `officer`. */
enum status	export_file(struct reg *r, const struct office *o, int64_t now,
		    const char *officer, const struct export_order *order,
		    int64_t *rows, struct diag *d) MUST_CHECK;

#endif
