/* Duplicates: what the commands that enrol and change persons say of them. */
#ifndef CEDULA_ISSUER_CMD_DUPLICATE_H
#define CEDULA_ISSUER_CMD_DUPLICATE_H

#include "issuer/command.h"
#include "issuer/register/duplicate.h"

/* Records who may be this person, and answers with those whose pair is open;
 * nothing when there are none. */
enum status	duplicate_tell(struct session *s, int64_t person) MUST_CHECK;
/* "same date of birth, other given name" for people, tokens for programs. */
#define REASONS_MAX 1024
void		duplicate_reasons(const struct answer *a, uint32_t reasons,
		    char out[REASONS_MAX]);

#endif
