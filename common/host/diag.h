/*
 * Diag: one failure, told so that a person can act: what, where, what to do.
 * Library functions fill it and return; only main prints it.
 */
#ifndef CEDULA_COMMON_HOST_DIAG_H
#define CEDULA_COMMON_HOST_DIAG_H

#include <libintl.h>

#include "common/status.h"

#define _(s) gettext(s)

struct diag {
	char text[512];		/* UTF-8, one line, no full stop; "" when unset */
};

/* Sets the text (already translated format) and returns st, so that a caller
 * can write: return diag_set(d, ST_DATA, _("%s: not a photo"), path);
 * d may be NULL. What is not printable in the result
 * becomes '?'. */
enum status	diag_set(struct diag *d, enum status st, const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));
/* The same, from errno of a failed file operation on path. ENOSPC and EDQUOT
 * give ST_FULL, EACCES and EPERM ST_PERMISSION, ENOENT (but for
 * ST_CANT_CREATE) and EISDIR ST_NOT_FOUND, else st. */
enum status	diag_errno(struct diag *d, enum status st, const char *path);
/* "program: text" on standard error; the status's own text if none is set.
 * Returns the exit status. */
int		diag_print(const char *program, const struct diag *d,
		    enum status st);

#endif
