/* Office: what reg_create alone does, once in a register's life; and the check
 * of the texts of an office and its officers. */
#ifndef CEDULA_ISSUER_REGISTER_OFFICE_H
#define CEDULA_ISSUER_REGISTER_OFFICE_H

#include "issuer/register/register.h"

enum status	office_store(struct reg *r, const struct office *o,
		    struct diag *d) MUST_CHECK;
/* The first officer, who acts from then on; roles as in officer.h, manager
 * among them (officer.c). */
enum status	officer_first(struct reg *r, const char *login,
		    const char *full_name, unsigned roles, struct diag *d)
		    MUST_CHECK;
/* ST_DATA with what is wrong; what is the option's name. */
enum status	office_check_text(const char *what, const char *s,
		    bool needed, struct diag *d) MUST_CHECK;

#endif
