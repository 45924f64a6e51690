/* Period: --from and --to of a command, two days and all between them. */
#ifndef CEDULA_ISSUER_CMD_PERIOD_H
#define CEDULA_ISSUER_CMD_PERIOD_H

#include "common/host/diag.h"
#include "common/when.h"

/* from up to and without to; NULL is without an end. ST_USAGE names the option,
 * also for a day that has not come. */
enum status	period_parse(const char *from, const char *to, int64_t now,
		    int64_t *begins, int64_t *ends, struct diag *d) MUST_CHECK;
/* ST_USAGE for a day after today (both UTC): of what has not happened nothing can
 * be said, and a period that is not over is not what its days say. */
enum status	period_not_future(const char *option, struct date day,
		    int64_t now, struct diag *d) MUST_CHECK;

#endif
