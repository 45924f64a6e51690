/* Moment: the --now that every command of the verifier takes. */
#ifndef CEDULA_VERIFIER_MOMENT_H
#define CEDULA_VERIFIER_MOMENT_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/host/diag.h"

/* text as RFC 3339, any zone; NULL: the clock. */
enum status	moment_take(const char *text, int64_t *out, struct diag *d)
		    MUST_CHECK;

#endif
