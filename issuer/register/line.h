/*
 * Line: a text that somebody types for the register, one line of it, and the
 * one check of them all: plain, not too long, there when it is needed. What is
 * refused is ST_DATA and names the option, which is without its dashes.
 */
#ifndef CEDULA_ISSUER_REGISTER_LINE_H
#define CEDULA_ISSUER_REGISTER_LINE_H

#include "issuer/register/register.h"

#define LINE_LONGEST (REG_TEXT - 1)	/* characters that the register keeps */

/* Without the spaces before and behind it. */
struct bytes	line_trim(struct bytes s);
/* Plain text of max characters at most, and of no more bytes than a REG_TEXT
 * holds; needed: not of spaces alone. */
enum status	line_check(const char *option, const char *s, size_t max,
		    bool needed, struct diag *d) MUST_CHECK;
enum status	line_check_bytes(const char *option, struct bytes s, size_t max,
		    bool needed, struct diag *d) MUST_CHECK;
/* A reason that somebody gives. */
enum status	reason_check(const char *reason, struct diag *d) MUST_CHECK;

#endif
