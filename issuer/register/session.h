/*
 * Secrets and sessions: how an officer proves to be one, and for how long that
 * holds. The register keeps what a secret is checked against, never a secret;
 * computing and comparing are the caller's (issuer/secret.h).
 *
 * - `clock` is the machine's real clock, also where a demo register's now is set
 *   by hand: sessions and locks are real.
 * - An attempt is counted, and that is committed, before the secret is compared:
 *   of many at once not more are answered than one after the other. It is only
 *   taken back by the log-in that it leads to.
 */
#ifndef CEDULA_ISSUER_REGISTER_SESSION_H
#define CEDULA_ISSUER_REGISTER_SESSION_H

#include "issuer/register/officer.h"

#define SESSION_SECONDS (12 * 3600)
#define SESSION_TOKEN 32	/* bytes, of which the register has SHA-256 */
#define LOGIN_FAILURES 5	/* in a row, and an officer is locked */
#define LOGIN_LOCK_SECONDS (15 * 60)
#define REGISTER_UID 16

struct secret {
	bool is_key;			/* else a passphrase */
	uint8_t salt[16];
	int64_t n, r, p;		/* of scrypt; 0 of a key */
	uint8_t verifier[32];
	bool must_change;		/* another knows it: good for one log-in */
};

/* Which register this is, also after it was copied or moved. */
enum status	reg_uid(struct reg *r, uint8_t out[REGISTER_UID],
		    struct diag *d) MUST_CHECK;

/* What an officer's log-in is checked against; *has is false where none was
 * made yet. ST_NOT_FOUND for an unknown officer. */
struct login {
	struct officer officer;
	struct secret secret;
	bool has_secret;
	int64_t failures;		/* before this attempt */
	bool counted, locks;		/* this attempt; was it the last? */
};
enum status	reg_login(struct reg *r, const char *name, struct login *out,
		    struct diag *d) MUST_CHECK;
/* ST_PERMISSION while the officer is locked. */
enum status	login_locked(const struct officer *o, int64_t clock,
		    struct diag *d) MUST_CHECK;
/* Counts an attempt at l->secret, as if it had failed: the last of LOGIN_FAILURES
 * locks. The caller commits, and only then compares. ST_PERMISSION where it is
 * locked, ST_STATE where the secret is another now. */
enum status	reg_login_attempt(struct reg *r, struct login *l, int64_t clock,
		    struct diag *d) MUST_CHECK;
/* Records that the attempt failed, under the officer tried. The caller commits.
 * ST_PASSPHRASE, or ST_PERMISSION when it is locked now. */
enum status	reg_login_failed(struct reg *r, const struct login *l,
		    int64_t clock, struct diag *d) MUST_CHECK;
/* ST_OK: from now on this officer acts, and logs in; failures are forgotten.
 * Asks again, inside the transaction, all that can have changed while the secret
 * was compared. */
enum status	reg_login_begin(struct reg *r, const struct login *l,
		    int64_t clock, struct diag *d) MUST_CHECK;

/* Replaces the secret of an officer, and unlocks; recorded as `action`
 * ("officer.secret", "officer.reset", "officer.claim"). Sessions but the one
 * of keep (NULL: none) end. */
enum status	reg_secret_set(struct reg *r, int64_t officer,
		    const struct secret *s, const char *action,
		    const uint8_t keep[32], int64_t clock, struct diag *d)
		    MUST_CHECK;

/* Opens a session for who acts, until *expires. */
enum status	reg_session_open(struct reg *r, const uint8_t token_sha256[32],
		    const char *machine, int64_t clock, int64_t *expires,
		    struct diag *d) MUST_CHECK;
/* Ends it, if it is open; *closed says whether it was. */
enum status	reg_session_close(struct reg *r,
		    const uint8_t token_sha256[32], int64_t clock,
		    bool *closed, struct diag *d) MUST_CHECK;
/* Who opened it acts from now on: login, if that officer's session is open, and
 * active and in time. *valid is false, and nothing else is said, when there is
 * no such session or it is over. */
enum status	reg_session_act(struct reg *r, const char *login,
		    const uint8_t token_sha256[32], int64_t clock, bool *valid,
		    unsigned *roles, struct diag *d) MUST_CHECK;
/* Which roles the session's command asks for: one of these bits, 0 for any. */
void		reg_session_needs(struct reg *r, unsigned roles);
/* Begins one of several transactions of a command, and asks inside whether the
 * session by which the officer acts is open still and the role the officer's:
 * what a manager ended meanwhile does no further act. Where no session acts
 * (reg_act_as), only begins. Nothing is begun after a failure. */
enum status	reg_begin_acting(struct reg *r, struct diag *d) MUST_CHECK;

#endif
