/* Office: what reg_create alone does, once in a register's life. */
#ifndef CEDULA_ISSUER_REGISTER_OFFICE_H
#define CEDULA_ISSUER_REGISTER_OFFICE_H

#include "issuer/register/register.h"

enum status	office_store(struct reg *r, const struct office *o,
		    struct diag *d) MUST_CHECK;
/* The first officer, who acts from then on. */
enum status	officer_first(struct reg *r, const char *login,
		    const char *full_name, struct diag *d) MUST_CHECK;

#endif
