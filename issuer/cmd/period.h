/* Period: --from and --to of a command, two days and all between them. */
#ifndef CEDULA_ISSUER_CMD_PERIOD_H
#define CEDULA_ISSUER_CMD_PERIOD_H

#include "common/host/diag.h"
#include "common/when.h"

/* from up to and without to; NULL is without an end. ST_USAGE names the
 * option. */
enum status	period_parse(const char *from, const char *to, int64_t *begins,
		    int64_t *ends, struct diag *d) MUST_CHECK;

#endif
