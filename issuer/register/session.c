#include "issuer/register/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"

/* A clock may be this much behind the one that opened a session. */
#define BEHIND 300

enum status
reg_uid(struct reg *r, uint8_t out[REGISTER_UID], struct diag *d)
{
	struct query q = query(r, "SELECT uid FROM register_uid", d);
	bool found = false;
	enum status st;

	memset(out, 0, REGISTER_UID);
	if (query_row(&q)) {
		struct bytes b = col_blob(&q, 0);

		if ((found = b.len == REGISTER_UID))
			memcpy(out, b.p, REGISTER_UID);
	}
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_DATA,
		    _("%s: a register without a name of its own; keep the file as it is and go on with the last good copy"),
		    r->path);
	return st;
}

/* ---- secrets ------------------------------------------------------------ */

static bool
take(struct bytes b, uint8_t *out, size_t len)
{
	if (b.len != len)
		return false;
	memcpy(out, b.p, len);
	return true;
}

enum status
reg_login(struct reg *r, const char *name, struct login *out, struct diag *d)
{
	struct query q;
	struct secret *s = &out->secret;
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = reg_officer(r, name, &out->officer, d)) != ST_OK)
		return st;
	q = query(r, "SELECT kind = 'key', salt, n, r, p, verifier,"
	    " must_change, failures FROM officer_secret WHERE officer = ?1", d);
	bind_int(&q, out->officer.id);
	if (query_row(&q)) {
		s->is_key = col_int(&q, 0) != 0;
		out->has_secret = take(col_blob(&q, 1), s->salt,
		    sizeof(s->salt)) && take(col_blob(&q, 5), s->verifier,
		    sizeof(s->verifier));
		s->n = col_int(&q, 2);
		s->r = col_int(&q, 3);
		s->p = col_int(&q, 4);
		s->must_change = col_int(&q, 6) != 0;
		out->failures = col_int(&q, 7);
	}
	return query_end(&q);
}

/* A lock from a clock that was ahead does not outlast its time by more. */
static bool
is_locked(const struct officer *o, int64_t clock)
{
	return clock < o->locked_until &&
	    o->locked_until - clock <= LOGIN_LOCK_SECONDS;
}

enum status
login_locked(const struct officer *o, int64_t clock, struct diag *d)
{
	char when[WHEN_TEXT];

	if (!is_locked(o, clock))
		return ST_OK;
	when_format(o->locked_until, when);
	return diag_set(d, ST_PERMISSION,
	    _("officer %.64s is locked until %s after %d failed log-ins in a row; wait, or have a manager use officer reset %.64s"),
	    o->login, when, LOGIN_FAILURES, o->login);
}

static enum status
audit_officer(struct reg *r, const char *action, const char *login,
    const char *details, struct diag *d)
{
	char object[REG_NAME + 16];

	(void)snprintf(object, sizeof(object), "officer %s", login);
	return reg_audit(r, action, object, details, d);
}

static enum status
same_secret(const struct login *now, const struct login *l, struct diag *d)
{
	if (now->has_secret == l->has_secret && memcmp(now->secret.verifier,
	    l->secret.verifier, sizeof(now->secret.verifier)) == 0)
		return ST_OK;
	return diag_set(d, ST_STATE,
	    _("officer %.64s: the secret was changed meanwhile; log in again"),
	    l->officer.login);
}

enum status
reg_login_attempt(struct reg *r, struct login *l, int64_t clock,
    struct diag *d)
{
	struct login now;
	bool lock;
	struct query q;
	enum status st;

	if ((st = reg_login(r, l->officer.login, &now, d)) != ST_OK ||
	    (st = login_locked(&now.officer, clock, d)) != ST_OK ||
	    (st = same_secret(&now, l, d)) != ST_OK)
		return st;
	lock = now.failures + 1 >= LOGIN_FAILURES;
	q = query(r, "UPDATE officer_secret SET failures = ?2,"
	    " locked_until = ?3 WHERE officer = ?1", d);
	bind_int(&q, now.officer.id);
	bind_int(&q, lock ? 0 : now.failures + 1);
	bind_int(&q, lock ? clock + LOGIN_LOCK_SECONDS : 0);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	l->failures = now.failures;
	l->counted = true;
	l->locks = lock;
	return ST_OK;
}

enum status
reg_login_failed(struct reg *r, const struct login *l, int64_t clock,
    struct diag *d)
{
	struct login now;
	enum status st;

	if ((st = reg_login(r, l->officer.login, &now, d)) != ST_OK)
		return st;
	r->officer = now.officer.id;
	if ((st = audit_officer(r, "officer.failure", now.officer.login, "",
	    d)) != ST_OK || (l->locks && (st = audit_officer(r, "officer.lock",
	    now.officer.login, "", d)) != ST_OK))
		return st;
	return (st = login_locked(&now.officer, clock, d)) != ST_OK ? st :
	    ST_PASSPHRASE;
}

enum status
reg_login_begin(struct reg *r, const struct login *l, int64_t clock,
    struct diag *d)
{
	struct login now;
	struct query q;
	enum status st;

	if ((st = reg_login(r, l->officer.login, &now, d)) != ST_OK ||
	    (!l->counted && (st = login_locked(&now.officer, clock, d)) !=
	    ST_OK) || (st = officer_in_time(&now.officer, r->now, d)) !=
	    ST_OK || (st = same_secret(&now, l, d)) != ST_OK)
		return st;
	r->officer = now.officer.id;
	q = query(r, "UPDATE officer_secret SET failures = 0, locked_until = 0"
	    " WHERE officer = ?1", d);
	bind_int(&q, r->officer);
	return query_run(&q);
}

static enum status
name_of(struct reg *r, int64_t officer, char out[REG_NAME], struct diag *d)
{
	struct query q = query(r, "SELECT login FROM officer WHERE id = ?1", d);

	out[0] = '\0';
	bind_int(&q, officer);
	if (query_row(&q))
		col_text(&q, 0, out, REG_NAME);
	return query_end(&q);
}

static enum status
store(struct reg *r, int64_t officer, const struct secret *s, struct diag *d)
{
	struct query q = query(r, "INSERT OR REPLACE INTO officer_secret"
	    " (officer, kind, salt, n, r, p, verifier, must_change, made,"
	    " made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", d);

	bind_int(&q, officer);
	bind_text(&q, s->is_key ? "key" : "passphrase");
	bind_blob(&q, bytes_from(s->salt, sizeof(s->salt)));
	bind_int(&q, s->n);
	bind_int(&q, s->r);
	bind_int(&q, s->p);
	bind_blob(&q, bytes_from(s->verifier, sizeof(s->verifier)));
	bind_int(&q, s->must_change ? 1 : 0);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	return query_run(&q);
}

enum status
reg_secret_set(struct reg *r, int64_t officer, const struct secret *s,
    const char *action, const uint8_t keep[32], int64_t clock, struct diag *d)
{
	static const uint8_t none[32];
	char login[REG_NAME];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = name_of(r, officer, login, d)) != ST_OK ||
	    (st = store(r, officer, s, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE session SET closed = ?2 WHERE officer = ?1 AND"
	    " closed IS NULL AND token <> ?3", d);
	bind_int(&q, officer);
	bind_int(&q, clock);
	bind_blob(&q, bytes_from(keep != NULL ? keep : none, sizeof(none)));
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_officer(r, action, login, s->is_key ? "key" :
	    "passphrase", d);
}

/* ---- sessions ----------------------------------------------------------- */

enum status
reg_session_open(struct reg *r, const uint8_t token_sha256[32],
    const char *machine, int64_t clock, int64_t *expires, struct diag *d)
{
	char login[REG_NAME];
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = name_of(r, r->officer, login, d)) != ST_OK)
		return st;
	*expires = clock + SESSION_SECONDS;
	q = query(r, "INSERT INTO session (token, officer, machine, opened,"
	    " expires) VALUES (?1, ?2, ?3, ?4, ?5)", d);
	bind_blob(&q, bytes_from(token_sha256, 32));
	bind_int(&q, r->officer);
	bind_text(&q, machine);
	bind_int(&q, clock);
	bind_int(&q, *expires);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	return audit_officer(r, "officer.login", login, machine, d);
}

enum status
reg_session_close(struct reg *r, const uint8_t token_sha256[32],
    int64_t clock, bool *closed, struct diag *d)
{
	struct query q = query(r, "UPDATE session SET closed = ?2"
	    " WHERE token = ?1 AND closed IS NULL RETURNING officer", d);
	char login[REG_NAME];
	int64_t officer = 0;
	enum status st;

	bind_blob(&q, bytes_from(token_sha256, 32));
	bind_int(&q, clock);
	if (query_row(&q))
		officer = col_int(&q, 0);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	if (!(*closed = officer != 0))
		return ST_OK;
	r->officer = officer;
	if ((st = name_of(r, officer, login, d)) != ST_OK)
		return st;
	return audit_officer(r, "officer.logout", login, "", d);
}

enum status
reg_session_act(struct reg *r, const char *login,
    const uint8_t token_sha256[32], int64_t clock, bool *valid,
    unsigned *roles, struct diag *d)
{
	struct query q = query(r, "SELECT 1 FROM session AS s JOIN officer AS o"
	    " ON o.id = s.officer WHERE s.token = ?1 AND o.login = ?2 AND"
	    " s.closed IS NULL AND s.opened <= ?3 AND s.expires > ?4", d);
	struct officer o;
	enum status st;

	*roles = 0;
	bind_blob(&q, bytes_from(token_sha256, 32));
	bind_text(&q, login);
	bind_int(&q, clock + BEHIND);
	bind_int(&q, clock);
	*valid = query_row(&q);
	if ((st = query_end(&q)) != ST_OK || !*valid)
		return st;
	if ((st = reg_officer(r, login, &o, d)) != ST_OK ||
	    (st = officer_in_time(&o, r->now, d)) != ST_OK)
		return st;
	r->officer = o.id;
	(void)snprintf(r->acting.login, sizeof(r->acting.login), "%s", login);
	memcpy(r->acting.token_sha256, token_sha256, 32);
	r->acting.clock = clock;
	*roles = o.roles;
	return ST_OK;
}

void
reg_session_needs(struct reg *r, unsigned roles)
{
	r->acting.needed = roles;
}

/* Copies, for reg_session_act writes where these stand. */
static enum status
ask_again(struct reg *r, struct diag *d)
{
	char login[REG_NAME];
	uint8_t token[32];
	unsigned roles;
	bool valid;
	enum status st;

	memcpy(login, r->acting.login, sizeof(login));
	memcpy(token, r->acting.token_sha256, sizeof(token));
	if ((st = reg_session_act(r, login, token, r->acting.clock, &valid,
	    &roles, d)) != ST_OK)
		return st;
	return valid && (r->acting.needed == 0 ||
	    (roles & r->acting.needed) != 0) ? ST_OK :
	    diag_set(d, ST_PERMISSION,
	    _("officer %.64s: the session or the role ended meanwhile; what was done before is kept"),
	    login);
}

enum status
reg_begin_acting(struct reg *r, struct diag *d)
{
	enum status st = reg_begin(r, d);

	if (st != ST_OK || r->acting.login[0] == '\0')
		return st;
	if ((st = ask_again(r, d)) != ST_OK)
		reg_rollback(r);
	return st;
}
