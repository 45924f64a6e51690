/* Person store: a person's row as read, for the files of this folder. */
#ifndef CEDULA_ISSUER_REGISTER_PERSON_STORE_H
#define CEDULA_ISSUER_REGISTER_PERSON_STORE_H

#include "issuer/register/db.h"

/* From columns id, enrolled, enrolled_by and those of PERSON_TABLE, at 0. */
void		person_read(struct query *q, struct person *out);

#endif
