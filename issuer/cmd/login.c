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

/* Kept, though the log-in fails. */
static enum status
failed(struct session *s, const struct login *l)
{
	enum status st, end;

	if ((st = reg_begin(s->reg, s->d)) != ST_OK)
		return st;
	st = reg_login_failed(s->reg, l, s->clock, s->d);
	if (st != ST_PASSPHRASE && st != ST_PERMISSION)
		return st;
	if ((end = reg_commit(s->reg, s->d)) != ST_OK)
		return end;
	return st == ST_PASSPHRASE ? refused(s->d) : st;
}

/* *known: the name is; then the secret was the right one, or there is none yet. */
static enum status
prove(struct session *s, const char *name, struct login *l)
{
	bool same;
	enum status st = reg_login(s->reg, name, l, s->d);

	if (st == ST_NOT_FOUND) {
		st = secret_check(&given, name, NULL, &same, s->d);
		return st == ST_OK ? refused(s->d) : st;
	}
	if (st != ST_OK ||
	    (st = login_locked(&l->officer, s->clock, s->d)) != ST_OK)
		return st;
	if (!l->has_secret)
		return officer_in_time(&l->officer, s->now, s->d);
	if ((st = secret_check(&given, name, &l->secret, &same, s->d)) != ST_OK)
		return st;
	if (!same)
		return failed(s, l);
	return officer_in_time(&l->officer, s->now, s->d);
}

/* The officer's own secret, where there is none or another knows it. */
static enum status
renew(struct session *s, const struct login *l, struct secret *own)
{
	bool asked = given.new_passphrase_file != NULL ||
	    given.new_key_file != NULL;

	if (!l->has_secret)
		return secret_make(&given, l->officer.login, NULL, own, s->d);
	if (l->secret.must_change)
		return secret_make(&given, l->officer.login, &l->secret, own,
		    s->d);
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
    const struct secret *own, int64_t *expires)
{
	const char *name = l->officer.login;
	struct staged ticket = { .fd = -1 };
	char machine[REG_NAME];
	uint8_t token[32];
	enum status st;

	machine_name(machine);
	if ((st = ticket_stage(s->reg, name, &ticket, token, s->d)) == ST_OK &&
	    (st = reg_begin(s->reg, s->d)) == ST_OK &&
	    (st = close_old(s, name)) == ST_OK &&
	    (st = reg_login_begin(s->reg, l, s->clock, s->d)) == ST_OK &&
	    (own == NULL || (st = reg_secret_set(s->reg, l->officer.id, own,
	    l->has_secret ? "officer.secret" : "officer.claim", NULL, s->clock,
	    s->d)) == ST_OK) &&
	    (st = reg_session_open(s->reg, token, machine, s->clock, expires,
	    s->d)) == ST_OK && (st = reg_commit(s->reg, s->d)) == ST_OK)
		st = staged_keep(&ticket, s->d);
	else if (own != NULL)
		secret_undo(&given);
	staged_drop(&ticket);
	return st;
}

static enum status
run_login(struct session *s)
{
	struct secret own = { .n = 0 };
	struct login l;
	const char *name;
	char when[WHEN_TEXT];
	int64_t expires = 0;
	bool renews;
	enum status st;

	if ((st = who(s, &name)) != ST_OK ||
	    (st = prove(s, name, &l)) != ST_OK ||
	    (st = renew(s, &l, &own)) != ST_OK)
		return st;
	renews = !l.has_secret || l.secret.must_change;
	if ((st = open_session(s, &l, renews ? &own : NULL, &expires)) !=
	    ST_OK)
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
