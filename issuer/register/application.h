/* Application: what issuing a card asks of it. */
#ifndef CEDULA_ISSUER_REGISTER_APPLICATION_H
#define CEDULA_ISSUER_REGISTER_APPLICATION_H

#include "issuer/register/register.h"

enum status	application_issued(struct reg *r, int64_t id,
		    const char *number, struct diag *d) MUST_CHECK;
/* A reason somebody gives: one plain line that is there. */
enum status	reason_check(const char *reason, struct diag *d) MUST_CHECK;

#endif
