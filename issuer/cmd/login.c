/* login, logout. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "issuer/command.h"
#include "issuer/ticket.h"

static struct secret_given given;

static const struct opt login_opts[] = {
	SECRET_OPTS(&given), SECRET_NEW_OPTS(&given)
};

static enum status
who(const struct session *s, const char **out)
{
	*out = s->operands_n > 0 ? s->operand[0] : s->officer;
	return *out != NULL ? ST_OK : diag_set(s->d, ST_USAGE,
	    _("NAME is missing: who logs in"));
}

/* For an unknown name and for a wrong secret the same. */
static enum status
refused(struct diag *d)
{
	return diag_set(d, ST_PASSPHRASE,
	    _("no officer of this register has that name and that passphrase or key file"));
}

/* The attempt failed, for whatever reason: why stands in s->d. Kept, though the
 * log-in fails; a lock is what is told then. */
static enum status
failed(struct session *s, const struct login *l, enum status why)
{
	struct diag d = { "" };
	enum status st, end;

	if ((st = reg_begin(s->reg, &d)) == ST_OK)
		st = reg_login_failed(s->reg, l, s->clock, &d);
	if (st != ST_PASSPHRASE && st != ST_PERMISSION) {
		*s->d = d;
		return st;
	}
	if ((end = reg_commit(s->reg, s->d)) != ST_OK)
		return end;
	if (st == ST_PASSPHRASE)
		return why;
	*s->d = d;
	return st;
}

/* Counted before it is answered: session.h. */
static enum status
attempt(struct session *s, struct login *l)
{
	enum status st;

	if ((st = reg_begin(s->reg, s->d)) == ST_OK &&
	    (st = reg_login_attempt(s->reg, l, s->clock, s->d)) == ST_OK)
		st = reg_commit(s->reg, s->d);
	if (st != ST_OK)
		reg_rollback(s->reg);
	return st;
}

static enum status
compare(struct session *s, const struct login *l,
    const struct secret_typed *typed)
{
	bool same;
	enum status st = secret_compare(typed, l->has_secret ? &l->secret :
	    NULL, &same, s->d);

	if (st != ST_OK)
		return st;
	return same ? officer_in_time(&l->officer, s->now, s->d) :
	    refused(s->d);
}

/* Another knows it, or there is none: the officer makes an own one. */
static bool
renews(const struct login *l)
{
	return !l->has_secret || l->secret.must_change;
}

/* The officer's own secret, where one is to be made. Asked for and judged before
 * the present one is compared, or what is wrong with it would tell that the
 * present one is right, and leave no trace. */
static enum status
renew(struct session *s, const struct login *l, const char *name,
    const struct secret_typed *typed, struct secret *own)
{
	bool asked = given.new_passphrase_file != NULL ||
	    given.new_key_file != NULL;

	if (renews(l))
		return secret_make(&given, name, l->has_secret ? typed : NULL,
		    own, s->d);
	return !asked ? ST_OK : diag_set(s->d, ST_USAGE,
	    _("only a first log-in takes a new secret; change yours with officer secret"));
}

static void
machine_name(char out[REG_NAME])
{
	memset(out, 0, REG_NAME);
	if (gethostname(out, REG_NAME - 1) != 0)
		out[0] = '\0';
}

/* The session that is left behind on this machine ends with the new one. */
static enum status
close_old(struct session *s, const char *name)
{
	uint8_t old[32];
	bool closed;

	if (ticket_find(s->reg, name, old, NULL) != ST_OK)
		return ST_OK;
	return reg_session_close(s->reg, old, s->clock, &closed, s->d);
}

static enum status
open_session(struct session *s, const struct login *l,
    const struct secret *own, struct staged *ticket, const uint8_t token[32],
    int64_t *expires)
{
	char machine[REG_NAME];
	enum status st;

	machine_name(machine);
	if ((st = reg_begin(s->reg, s->d)) == ST_OK &&
	    (st = close_old(s, l->officer.login)) == ST_OK &&
	    (st = reg_login_begin(s->reg, l, s->clock, s->d)) == ST_OK &&
	    (own == NULL || (st = reg_secret_set(s->reg, l->officer.id, own,
	    l->has_secret ? "officer.secret" : "officer.claim", NULL, s->clock,
	    s->d)) == ST_OK) &&
	    (st = reg_session_open(s->reg, token, machine, s->clock, expires,
	    s->d)) == ST_OK && (st = reg_commit(s->reg, s->d)) == ST_OK)
		return staged_keep(ticket, s->d);
	reg_rollback(s->reg);
	return st;
}

/* With all at hand that a log-in needs: from here on, only the secret and the
 * officer's own state decide. */
static enum status
try(struct session *s, struct login *l, const struct secret_typed *typed,
    const struct secret *own, int64_t *expires)
{
	struct staged ticket = { .fd = -1 };
	uint8_t token[32];
	enum status st = ticket_stage(s->reg, l->officer.login, &ticket, token,
	    s->d);

	if (st == ST_OK && l->has_secret && (st = attempt(s, l)) == ST_OK)
		st = compare(s, l, typed);
	else if (st == ST_OK)
		st = officer_in_time(&l->officer, s->now, s->d);
	if (st == ST_OK)
		st = open_session(s, l, own, &ticket, token, expires);
	if (st != ST_OK && l->counted)
		st = failed(s, l, st);
	staged_drop(&ticket);
	return st;
}

/* An unknown name is asked for all that a known one is. */
static enum status
log_in(struct session *s, const char *name, struct login *l, int64_t *expires)
{
	struct secret_typed typed = { .is_key = false };
	struct secret own = { .n = 0 };
	enum status st = reg_login(s->reg, name, l, s->d);
	bool known = st == ST_OK;

	if (st == ST_NOT_FOUND)
		l->has_secret = true;
	else if (!known || (st = login_locked(&l->officer, s->clock, s->d)) !=
	    ST_OK)
		return st;
	if (l->has_secret && (st = secret_read(&given, name, &typed, s->d)) !=
	    ST_OK)
		return st;
	if ((st = renew(s, l, name, &typed, &own)) != ST_OK) {
		secret_forget(&typed);
		return st;
	}
	if (known)
		st = try(s, l, &typed, renews(l) ? &own : NULL, expires);
	else {
		bool same;

		if ((st = secret_compare(&typed, NULL, &same, s->d)) == ST_OK)
			st = refused(s->d);
	}
	secret_forget(&typed);
	if (st != ST_OK && renews(l))
		secret_undo(&given);
	return st;
}

static enum status
run_login(struct session *s)
{
	struct login l;
	const char *name;
	char when[WHEN_TEXT];
	int64_t expires = 0;
	enum status st;

	if ((st = who(s, &name)) != ST_OK ||
	    (st = log_in(s, name, &l, &expires)) != ST_OK)
		return st;
	answer_text(s->answer, "officer", N_("Officer"), l.officer.login);
	moment_format(expires, when);
	answer_text(s->answer, "until", N_("Until"), when);
	moment_format(l.officer.last_login, when);
	answer_text(s->answer, "last_login", N_("Last log-in"), when);
	if (l.failures > 0 || answer_is_json(s->answer))
		answer_int(s->answer, "failures",
		    N_("Failed log-ins since"), l.failures);
	return ST_OK;
}

static enum status
run_logout(struct session *s)
{
	const char *name = NULL;
	char only[REG_NAME];
	uint8_t token[32];
	bool closed = false;
	enum status st;

	if (s->operands_n > 0 || s->officer != NULL)
		st = who(s, &name);
	else
		st = ticket_act(s->reg, &name, only, s->clock, 0, NULL, s->d);
	if (st != ST_OK)
		return st;
	if ((st = ticket_find(s->reg, name, token, s->d)) == ST_NOT_FOUND)
		return diag_set(s->d, ST_STATE,
		    _("officer %.64s is not logged in here"), name);
	if (st != ST_OK ||
	    (st = reg_session_close(s->reg, token, s->clock, &closed, s->d)) !=
	    ST_OK || (st = reg_commit(s->reg, s->d)) != ST_OK)
		return st;
	s->kept = true;
	if ((st = ticket_remove(s->reg, name, s->d)) != ST_OK)
		return st;
	answer_main(s->answer, "officer", name);
	return ST_OK;
}

static const struct command commands[] = {
	{ "login", "", NEEDS_REGISTER, run_login, login_opts, COUNT(login_opts),
	    "[NAME]", 0, 1, N_("log in as an officer, for twelve hours") },
	{ "logout", "", NEEDS_REGISTER | WRITES, run_logout, NULL, 0, "[NAME]", 0, 1,
	    N_("log out") },
};

const struct command_group login_commands = { commands, COUNT(commands) };
