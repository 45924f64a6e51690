/* officer add, change, reset, secret, list. */
#include <stdio.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/secret.h"

#define ROLES_MAX 8

static struct {
	const char *full_name, *until, *office_code;
	const char *role[ROLES_MAX], *no_role[ROLES_MAX];
	const char *district[OFFICER_DISTRICTS];
	size_t role_n, no_role_n, district_n;
	bool everywhere, activate, deactivate;
	struct secret_given secret;
} given;

#define ABOUT_OPTS \
	{ .name = "until", .arg = "DATE", .value = &given.until, \
	    .help = N_("the last day of the officer here, or 'never'") }, \
	{ .name = "office-code", .arg = "SJO", .value = &given.office_code, \
	    .help = N_("the office that sent the officer, else this one") }, \
	{ .name = "jurisdiction", .arg = "DISTRICT", .list = given.district, \
	    .list_n = &given.district_n, .list_max = OFFICER_DISTRICTS, \
	    .help = N_("a consular district to act in, else all of them") }

static const struct opt add_opts[] = {
	{ .name = "full-name", .arg = "TEXT", .value = &given.full_name, .required = true,
	    .help = N_("the officer's full name") },
	{ .name = "role", .arg = "ROLE", .list = given.role,
	    .list_n = &given.role_n, .list_max = ROLES_MAX, .required = true,
	    .help = N_("registrar, approver, printer, manager, protection or auditor") },
	ABOUT_OPTS,
	SECRET_NEW_OPTS(&given.secret),
};

static const struct opt change_opts[] = {
	{ .name = "full-name", .arg = "TEXT", .value = &given.full_name,
	    .help = N_("the officer's full name") },
	{ .name = "role", .arg = "ROLE", .list = given.role,
	    .list_n = &given.role_n, .list_max = ROLES_MAX,
	    .help = N_("a role to give") },
	{ .name = "no-role", .arg = "ROLE", .list = given.no_role,
	    .list_n = &given.no_role_n, .list_max = ROLES_MAX,
	    .help = N_("a role to take away") },
	ABOUT_OPTS,
	{ .name = "everywhere", .flag = &given.everywhere,
	    .help = N_("all districts again") },
	{ .name = "activate", .flag = &given.activate,
	    .help = N_("the officer works here again") },
	{ .name = "deactivate", .flag = &given.deactivate,
	    .help = N_("the officer works here no longer; ends the sessions") },
};

static const struct opt reset_opts[] = { SECRET_NEW_OPTS(&given.secret) };

static const struct opt secret_opts[] = {
	SECRET_OPTS(&given.secret),
	SECRET_NEW_OPTS(&given.secret),
};

static enum status
copy(char *out, size_t cap, const char *option, const char *value,
    struct diag *d)
{
	int n = snprintf(out, cap, "%s", value);

	return n >= 0 && (size_t)n < cap ? ST_OK : diag_set(d, ST_DATA,
	    _("--%s: longer than %d bytes; shorten it"), option, (int)cap - 1);
}

/* A date in any form that is read, kept in one. */
static enum status
take_until(struct officer *o, struct diag *d)
{
	struct date until;

	o->until[0] = '\0';
	if (strcmp(given.until, "never") == 0)
		return ST_OK;
	if (!date_parse(bytes_text(given.until), &until))
		return diag_set(d, ST_USAGE,
		    _("--until: give the last day as YYYY-MM-DD, or 'never'"));
	date_format(until, o->until);
	return ST_OK;
}

static enum status
take_districts(struct officer *o, struct diag *d)
{
	enum status st = ST_OK;

	if (given.everywhere && given.district_n > 0)
		return diag_set(d, ST_USAGE,
		    _("give --jurisdiction or --everywhere, not both"));
	o->districts_n = given.district_n;
	for (size_t i = 0; i < given.district_n && st == ST_OK; i++)
		st = copy(o->district[i], REG_TEXT, "jurisdiction",
		    given.district[i], d);
	return st;
}

static enum status
take_about(struct officer *o, struct diag *d)
{
	enum status st = ST_OK;

	if (given.full_name != NULL)
		st = copy(o->full_name, sizeof(o->full_name), "full-name",
		    given.full_name, d);
	if (st == ST_OK && given.until != NULL)
		st = take_until(o, d);
	if (st == ST_OK && given.office_code != NULL)
		st = copy(o->office_code, sizeof(o->office_code),
		    "office-code", given.office_code, d);
	if (st == ST_OK && (given.district_n > 0 || given.everywhere))
		st = take_districts(o, d);
	return st;
}

static enum status
add(struct session *s, unsigned roles, const struct secret *secret)
{
	const char *login = s->operand[0];
	struct officer o;
	int64_t id;
	enum status st;

	if ((st = reg_officer_add(s->reg, login, given.full_name, roles, &id,
	    s->d)) != ST_OK ||
	    (st = reg_officer(s->reg, login, &o, s->d)) != ST_OK ||
	    (st = take_about(&o, s->d)) != ST_OK ||
	    (st = reg_officer_change(s->reg, &o, s->clock, NULL, s->d)) !=
	    ST_OK)
		return st;
	return reg_secret_set(s->reg, id, secret, "officer.secret", NULL,
	    s->clock, s->d);
}

/* Secrets are asked for outside the transaction, which must not wait for them;
 * whether the officer still may is asked again inside. */
static enum status
begin(struct session *s, unsigned needed)
{
	unsigned roles;
	bool valid;
	enum status st;

	if ((st = reg_begin(s->reg, s->d)) != ST_OK ||
	    (st = reg_session_act(s->reg, s->officer, s->token_sha256, s->clock,
	    &valid, &roles, s->d)) != ST_OK)
		return st;
	return valid && (roles & needed) != 0 ? ST_OK : diag_set(s->d,
	    ST_PERMISSION,
	    _("officer %.64s: the session or the role ended meanwhile; nothing was changed"),
	    s->officer);
}

/* A key file that was made goes again where the register does not keep it. */
static enum status
end(struct session *s, enum status st, const char *officer)
{
	if (st == ST_OK)
		st = reg_commit(s->reg, s->d);
	if (st != ST_OK)
		secret_undo(&given.secret);
	else
		answer_main(s->answer, "officer", officer);
	return st;
}

/* Who is added or reset gets a secret that another knows: good for one log-in,
 * which asks for the officer's own. */
static enum status
run_add(struct session *s)
{
	struct secret secret;
	unsigned roles;
	enum status st;

	if ((st = roles_parse(given.role, given.role_n, &roles, s->d)) !=
	    ST_OK || (st = secret_make(&given.secret, s->operand[0], NULL,
	    &secret, s->d)) != ST_OK)
		return st;
	secret.must_change = true;
	if ((st = begin(s, OFFICER_MANAGER)) == ST_OK)
		st = add(s, roles, &secret);
	return end(s, st, s->operand[0]);
}

static enum status
run_change(struct session *s)
{
	struct officer o;
	unsigned give, take;
	size_t changed;
	enum status st;

	if (given.activate && given.deactivate)
		return diag_set(s->d, ST_USAGE,
		    _("give --activate or --deactivate, not both"));
	if ((st = roles_parse(given.role, given.role_n, &give, s->d)) !=
	    ST_OK || (st = roles_parse(given.no_role, given.no_role_n, &take,
	    s->d)) != ST_OK ||
	    (st = reg_officer(s->reg, s->operand[0], &o, s->d)) != ST_OK ||
	    (st = take_about(&o, s->d)) != ST_OK)
		return st;
	if ((give & take) != 0)
		return diag_set(s->d, ST_USAGE,
		    _("--role and --no-role name the same role"));
	o.roles = (o.roles | give) & ~take;
	o.active = (o.active || given.activate) && !given.deactivate;
	if ((st = reg_officer_change(s->reg, &o, s->clock, &changed, s->d)) ==
	    ST_OK)
		answer_int(s->answer, "changed", N_("Fields changed"),
		    (int64_t)changed);
	return st;
}

static enum status
run_reset(struct session *s)
{
	struct officer o;
	struct secret secret;
	enum status st;

	if ((st = reg_officer(s->reg, s->operand[0], &o, s->d)) != ST_OK)
		return st;
	if (strcmp(o.login, s->officer) == 0)
		return diag_set(s->d, ST_PERMISSION,
		    _("officer %.64s: another manager resets yours; change it with officer secret"),
		    o.login);
	if ((st = secret_make(&given.secret, o.login, NULL, &secret, s->d)) !=
	    ST_OK)
		return st;
	secret.must_change = true;
	if ((st = begin(s, OFFICER_MANAGER)) == ST_OK)
		st = reg_secret_set(s->reg, o.id, &secret, "officer.reset",
		    NULL, s->clock, s->d);
	return end(s, st, o.login);
}

/* Counted before it is answered, as at a log-in. */
static enum status
attempt(struct session *s, struct login *l)
{
	enum status st;

	if ((st = begin(s, AS_ANYBODY / AS_REGISTRAR)) == ST_OK &&
	    (st = reg_login_attempt(s->reg, l, s->clock, s->d)) == ST_OK)
		st = reg_commit(s->reg, s->d);
	if (st != ST_OK)
		reg_rollback(s->reg);
	return st;
}

static enum status
wrong_secret(struct session *s, const struct login *l)
{
	enum status st, kept;

	if ((st = begin(s, AS_ANYBODY / AS_REGISTRAR)) != ST_OK)
		return st;
	st = reg_login_failed(s->reg, l, s->clock, s->d);
	if (st != ST_PASSPHRASE && st != ST_PERMISSION)
		return st;
	if ((kept = reg_commit(s->reg, s->d)) != ST_OK)
		return kept;
	return st != ST_PASSPHRASE ? st : diag_set(s->d, st,
	    _("that is not the present passphrase or key file; nothing was changed"));
}

static enum status
prove(struct session *s, struct login *l, const struct secret_typed *typed)
{
	bool same;
	enum status st;

	if ((st = attempt(s, l)) != ST_OK ||
	    (st = secret_compare(typed, &l->secret, &same, s->d)) != ST_OK)
		return st;
	return same ? ST_OK : wrong_secret(s, l);
}

/* One's own: who finds an open session cannot make it theirs for ever. A wrong
 * old one counts as a failed log-in. The new one is asked for and judged before
 * the old one is compared, as at a log-in. */
static enum status
run_secret(struct session *s)
{
	struct secret_typed typed;
	struct login l;
	struct secret secret;
	enum status st;

	if ((st = reg_login(s->reg, s->officer, &l, s->d)) != ST_OK ||
	    (st = login_locked(&l.officer, s->clock, s->d)) != ST_OK ||
	    (st = secret_read(&given.secret, s->officer, &typed, s->d)) !=
	    ST_OK)
		return st;
	if ((st = secret_make(&given.secret, s->officer, &typed, &secret,
	    s->d)) != ST_OK) {
		secret_forget(&typed);
		return st;
	}
	st = prove(s, &l, &typed);
	secret_forget(&typed);
	if (st == ST_OK &&
	    (st = begin(s, AS_ANYBODY / AS_REGISTRAR)) == ST_OK &&
	    (st = reg_login_begin(s->reg, &l, s->clock, s->d)) == ST_OK)
		st = reg_secret_set(s->reg, l.officer.id, &secret,
		    "officer.secret", s->token_sha256, s->clock, s->d);
	return end(s, st, s->officer);
}

static const char *
state_of(const struct session *s, const struct officer *o)
{
	struct diag d;

	if (!o->active)
		return "inactive";
	if (officer_in_time(o, s->now, &d) != ST_OK)
		return "expired";
	if (login_locked(o, s->clock, &d) != ST_OK)
		return "locked";
	return o->has_secret ? "active" : "no-secret";
}

static enum status
put_officer(void *arg, const struct officer *o)
{
	struct session *s = arg;
	char roles[OFFICER_ROLES_TEXT], when[WHEN_TEXT];
	char districts[OFFICER_DISTRICTS * REG_TEXT] = "";
	size_t used = 0;

	for (size_t i = 0; i < o->districts_n; i++)
		used += (size_t)snprintf(districts + used,
		    sizeof(districts) - used, "%s%s", i > 0 ? "; " : "",
		    o->district[i]);
	officer_roles_text(o->roles, roles);
	moment_format(o->last_login, when);
	answer_cell(s->answer, o->login);
	answer_cell(s->answer, o->full_name);
	answer_cell_word(s->answer, state_of(s, o));
	answer_cell(s->answer, roles);
	answer_cell(s->answer, o->office_code);
	answer_cell(s->answer, districts);
	answer_cell(s->answer, o->until);
	answer_cell(s->answer, when);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "officer", N_("Officer") }, { "full_name", N_("Full name") },
		{ "state", N_("State") }, { "roles", N_("Roles") },
		{ "office_code", N_("Office") },
		{ "jurisdiction", N_("Districts") }, { "until", N_("Until") },
		{ "last_login", N_("Last log-in") }
	};
	enum status st;

	answer_list(s->answer, "officers", columns, COUNT(columns));
	st = reg_officers(s->reg, put_officer, s, s->d);
	answer_list_end(s->answer);
	return st;
}

static const struct command commands[] = {
	{ "officer", "add", AS_MANAGER | NEEDS_REGISTER | NEEDS_OFFICER,
	    run_add, add_opts, COUNT(add_opts), "NAME", 1, 1,
	    N_("add an officer") },
	{ "officer", "change", AS_MANAGER | NEEDS_REGISTER | NEEDS_OFFICER | WRITES,
	    run_change, change_opts, COUNT(change_opts), "NAME", 1, 1,
	    N_("change an officer's roles, time, districts or activity") },
	{ "officer", "reset", AS_MANAGER | NEEDS_REGISTER | NEEDS_OFFICER,
	    run_reset, reset_opts, COUNT(reset_opts), "NAME", 1, 1,
	    N_("give an officer a new first passphrase, and unlock") },
	{ "officer", "secret", AS_ANYBODY | NEEDS_REGISTER | NEEDS_OFFICER,
	    run_secret, secret_opts, COUNT(secret_opts), "", 0, 0,
	    N_("change your own passphrase or key file") },
	{ "officer", "list", AS_ANYBODY | NEEDS_REGISTER | READS, run_list, NULL, 0,
	    "", 0, 0, N_("list the officers") },
};

const struct command_group officer_commands = { commands, COUNT(commands) };
