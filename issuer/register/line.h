/* Line: a text that somebody types for the register, one line of it. */
#ifndef CEDULA_ISSUER_REGISTER_LINE_H
#define CEDULA_ISSUER_REGISTER_LINE_H

#include <stddef.h>

#include "common/bytes.h"
#include "common/host/diag.h"

/* ST_DATA, naming --option, unless s is plain text that is there and of max
 * characters at most. */
enum status	plain_line(const char *option, const char *s, size_t max,
		    struct diag *d) MUST_CHECK;

#endif
