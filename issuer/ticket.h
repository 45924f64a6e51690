/*
 * Ticket: the file that stands for an officer's open session on this machine, one
 * a register and officer, in a folder that is the user's alone: CEDULA_SESSIONS,
 * else XDG_RUNTIME_DIR/cedula, else HOME/.cedula (0700). The file (0600) holds 32
 * random bytes; the register knows their SHA-256 alone, so that neither the
 * register nor its backup opens a session.
 */
#ifndef CEDULA_ISSUER_TICKET_H
#define CEDULA_ISSUER_TICKET_H

#include "issuer/secret.h"

/* Acts as that officer, or, where *officer is NULL, as the only one whose ticket
 * for this register is good: *officer is then copied into name. ST_PERMISSION
 * without a good ticket, and where the officer has none of the roles `needed`
 * (bits of officer.h; 0: any officer). token_sha256 may be NULL. */
enum status	ticket_act(struct reg *r, const char **officer,
		    char name[REG_NAME], int64_t clock, unsigned needed,
		    uint8_t token_sha256[32], struct diag *d) MUST_CHECK;
/* ST_PERMISSION, with what the officer is, unless one of `needed` is among the
 * roles. */
enum status	ticket_role(const char *officer, unsigned roles,
		    unsigned needed, struct diag *d) MUST_CHECK;
/* A fresh ticket, staged: staged_keep once the session is committed,
 * staged_drop in any case. */
enum status	ticket_stage(struct reg *r, const char *officer,
		    struct staged *out, uint8_t token_sha256[32],
		    struct diag *d) MUST_CHECK;
/* SHA-256 of the ticket's token; ST_NOT_FOUND when there is none. */
enum status	ticket_find(struct reg *r, const char *officer,
		    uint8_t token_sha256[32], struct diag *d) MUST_CHECK;
/* Takes the file away; none there is fine. */
enum status	ticket_remove(struct reg *r, const char *officer,
		    struct diag *d) MUST_CHECK;

#endif
