/* cedula-issuer: the consulate's register and cards; docs/man/cedula-issuer.1. */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/program.h"
#include "issuer/command.h"
#include "issuer/ticket.h"
#include "keys/keyfile.h"

static const char program[] = "cedula-issuer";

static const struct command_group *const groups[] = {
	&office_commands,
	&login_commands,
	&officer_commands,
	&person_commands,
	&person_show_commands,
	&person_life_commands,
	&person_family_commands,
	&document_commands,
	&household_commands,
	&duplicate_commands,
	&application_commands,
	&card_commands,
	&card_life_commands,
	&publish_commands,
	&audit_commands,
	&log_commands,
	&trail_commands,
	&employer_commands,
	&contract_commands,
	&case_commands,
	&narrative_commands,
	&emergency_commands,
	&report_commands,
	&exchange_commands,
	&backup_commands,
	&doctor_commands,
	&stock_commands,
	&batch_commands,
	&fee_commands,
	&fund_commands,
};

static struct {
	const char *register_path, *officer, *now;
	struct custody key;
	bool json, clock_is_right;
} given;

static const struct opt global_opts[] = {
	{ .name = "register", .arg = "FILE", .value = &given.register_path,
	    .help = N_("the register; else CEDULA_REGISTER, else office.cedula") },
	{ .name = "officer", .arg = "NAME", .value = &given.officer,
	    .help = N_("who acts; else CEDULA_OFFICER, else the one who is logged in") },
	{ .name = "now", .arg = "RFC3339", .value = &given.now,
	    .help = N_("the moment to take as now (demo registers only)") },
	{ .name = "json", .flag = &given.json,
	    .help = N_("answer with one JSON object") },
};

static const struct opt clock_opt = {
	.name = "clock-is-right", .flag = &given.clock_is_right,
	.help = N_("what is dated after now was dated by a clock that was ahead")
};

static const struct opt key_opts[] = { CUSTODY_OPTS(&given.key) };

static void
usage(FILE *f)
{
	fprintf(f, _("usage: %s [--register FILE] [--officer NAME] [--lang es|en] [--json] [--now RFC3339] COMMAND ...\n"),
	    program);
	for (size_t g = 0; g < COUNT(groups); g++)
		for (size_t i = 0; i < groups[g]->n; i++) {
			const struct command *c = &groups[g]->command[i];

			fprintf(f, "  %-11s %-12s %s\n", c->group, c->verb,
			    gettext(c->help));
		}
	fprintf(f, _("%s COMMAND --help shows a command's options\n"), program);
}

/* The commands of a group, which stand in one table or several; f NULL: none is
 * printed. False where there is no such group. */
static bool
group_usage(FILE *f, const char *group)
{
	bool any = false;

	for (size_t g = 0; g < COUNT(groups); g++)
		for (size_t i = 0; i < groups[g]->n; i++) {
			const struct command *c = &groups[g]->command[i];

			if (strcmp(c->group, group) != 0 || c->verb[0] == '\0')
				continue;
			if (!any && f != NULL)
				fprintf(f, _("usage: %s %s COMMAND ...\n"),
				    program, group);
			any = true;
			if (f != NULL)
				fprintf(f, "  %-12s %s\n", c->verb,
				    gettext(c->help));
		}
	if (any && f != NULL)
		fprintf(f, _("%s %s COMMAND --help shows a command's options\n"),
		    program, group);
	return any;
}

/* How many arguments before the command are options that stand for all. */
static int
skip_globals(int argc, char *argv[])
{
	int at = 1;

	while (at < argc && strncmp(argv[at], "--", 2) == 0 &&
	    strcmp(argv[at], "--help") != 0 &&
	    strcmp(argv[at], "--version") != 0)
		at += strcmp(argv[at], "--json") == 0 ||
		    strchr(argv[at], '=') != NULL ? 1 : 2;
	return at < argc ? at : argc;
}

static const struct command *
find(int argc, char *argv[], int at, int *words)
{
	for (size_t g = 0; g < COUNT(groups); g++)
		for (size_t i = 0; i < groups[g]->n; i++) {
			const struct command *c = &groups[g]->command[i];

			if (at >= argc || strcmp(argv[at], c->group) != 0)
				continue;
			*words = c->verb[0] == '\0' ? 1 : 2;
			if (*words == 1 || (at + 1 < argc &&
			    strcmp(argv[at + 1], c->verb) == 0))
				return c;
		}
	return NULL;
}

static size_t
gather_opts(const struct command *c, struct opt out[OPTIONS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < c->opts_n; i++)
		out[n++] = c->opts[i];
	if ((c->flags & (NEEDS_KEY | MAY_KEY)) != 0)
		for (size_t i = 0; i < COUNT(key_opts); i++) {
			out[n] = key_opts[i];
			if ((c->flags & MAY_KEY) != 0)
				out[n].required = false;
			n++;
		}
	if ((c->flags & DATES) != 0)
		out[n++] = clock_opt;
	for (size_t i = 0; i < COUNT(global_opts); i++)
		out[n++] = global_opts[i];
	return n;
}

static enum status
take_environment(struct session *s)
{
	if ((s->register_path = given.register_path) == NULL &&
	    (s->register_path = getenv("CEDULA_REGISTER")) == NULL)
		s->register_path = "office.cedula";
	if ((s->officer = given.officer) == NULL)
		s->officer = getenv("CEDULA_OFFICER");
	s->now = s->clock = program_now();
	s->clock_set = given.now != NULL;
	if (given.now != NULL && !when_parse(bytes_text(given.now), &s->now))
		return diag_set(s->d, ST_USAGE,
		    _("--now: give a moment as 2026-11-23T18:20:00Z"));
	return ST_OK;
}

static enum status
open_register(struct session *s)
{
	enum status st;

	if ((st = reg_open(s->register_path, &s->reg, s->d)) != ST_OK ||
	    (st = reg_office(s->reg, &s->office, s->d)) != ST_OK)
		return st;
	if (s->clock_set && !s->office.demo)
		return diag_set(s->d, ST_PERMISSION,
		    _("the clock can be set only in a demo register"));
	reg_set_now(s->reg, s->now);
	if ((s->clock_is_right = given.clock_is_right))
		reg_set_clock_right(s->reg);
	return ST_OK;
}

/* Whoever is logged in acts, if the table gives the command to such a role. Asked
 * before a key's passphrase is, and again in the command's own transaction: what
 * a manager changes counts at once. */
static enum status
admit(const struct command *c, struct session *s)
{
	if ((c->flags & AS_ANYBODY) == 0)
		return ST_OK;
	return ticket_act(s->reg, &s->officer, s->acting, s->clock,
	    (c->flags & AS_ANYBODY) / AS_REGISTRAR, s->token_sha256, s->d);
}

/* Between the opening of all that is needed and the answer: one transaction
 * where the table says so. */
static enum status
perform(const struct command *c, struct session *s)
{
	bool within = (c->flags & (READS | WRITES)) != 0;
	enum status st = ST_OK;

	if ((c->flags & WRITES) != 0)
		st = reg_begin(s->reg, s->d);
	else if (within)
		st = reg_begin_reading(s->reg, s->d);
	if (st != ST_OK)
		return st;
	if ((st = admit(c, s)) == ST_OK &&
	    (st = c->run(s)) == ST_OK && within && !s->kept)
		st = reg_commit(s->reg, s->d);
	if (st != ST_OK)
		reg_rollback(s->reg);
	return st;
}

/* *answered: the answer is out, also where it tells of problems. */
static enum status
execute(const struct command *c, struct session *s, bool *answered)
{
	enum status st = ST_INTERNAL;

	if ((s->answer = answer_new(given.json)) == NULL) {
		st = diag_set(s->d, ST_INTERNAL, _("out of memory"));
		goto out;
	}
	if ((st = take_environment(s)) != ST_OK ||
	    ((c->flags & NEEDS_REGISTER) != 0 &&
	    ((st = open_register(s)) != ST_OK ||
	    (st = admit(c, s)) != ST_OK)) ||
	    (given.key.ref != NULL && (st = signer_open(&given.key, &s->key,
	    s->d)) != ST_OK) ||
	    (st = perform(c, s)) != ST_OK)
		goto out;
	st = answer_print(s->answer, stdout, s->d);
	/* Or a script would do it again. */
	if (st != ST_OK && (c->flags & NEEDS_OFFICER) != 0)
		st = diag_set(s->d, st,
		    _("standard output cannot be written; what was asked for has been done and is kept"));
	if (st == ST_OK) {
		*answered = true;
		st = answer_status(s->answer);
	}
out:
	answer_free(s->answer);
	signer_close(s->key);
	reg_close(s->reg);
	return st;
}

static void
help_usage(const struct command *c, const char *name, const struct opt *opts,
    size_t n)
{
	char roles[OFFICER_ROLES_TEXT];

	options_usage(stdout, name, c->operands, opts, n);
	officer_roles_text((c->flags & AS_ANYBODY) / AS_REGISTRAR, roles);
	if (roles[0] != '\0')
		printf(_("For: %s\n"), roles);
	else
		printf("%s\n", _("For: anybody, without a log-in"));
}

/* argv[0] is the program; the command's words are at `at`. */
static enum status
run(const struct command *c, int argc, char *argv[], int at, int words,
    bool *answered, struct diag *d)
{
	struct session s = { .d = d };
	struct opt opts[OPTIONS_MAX];
	size_t n = gather_opts(c, opts);
	char name[64];
	bool help;
	int rest;
	enum status st;

	/* The words go; the options before and after them are one list. */
	(void)snprintf(name, sizeof(name), "%s %s%s%s", program, c->group,
	    c->verb[0] != '\0' ? " " : "", c->verb);
	memmove(&argv[at], &argv[at + words],
	    (size_t)(argc - at - words + 1) * sizeof(argv[0]));
	argc -= words;
	argv[0] = name;
	if ((st = options_parse(argc, argv, opts, n, &help, &rest, d)) != ST_OK)
		return st;
	if (help) {
		help_usage(c, name, opts, n);
		return ST_OK;
	}
	s.operand = argv + rest;
	s.operands_n = (size_t)(argc - rest);
	if (s.operands_n < c->least)
		return diag_set(d, ST_USAGE, _("%s is missing; see --help"),
		    c->operands);
	if (s.operands_n > c->most)
		return diag_set(d, ST_USAGE,
		    _("%.80s: one word too many; see --help"),
		    s.operand[c->most]);
	return execute(c, &s, answered);
}

static bool
wants(int argc, char *argv[], const char *option)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], option) == 0)
			return true;
	return false;
}

/* Of what names no command: a group alone, with a word that is none of its
 * commands, or nothing that there is. */
static enum status
no_command(int argc, char *argv[], int at, bool json, struct diag *d)
{
	const char *group = at < argc ? argv[at] : "";
	bool alone = at + 1 >= argc || argv[at + 1][0] == '-';

	if (alone && wants(argc, argv, "--help") && group_usage(stdout, group))
		return ST_OK;
	if (!group_usage(json ? NULL : stderr, group)) {
		if (!json)
			usage(stderr);
		return diag_set(d, ST_USAGE,
		    _("no such command; %s --help lists them"), program);
	}
	if (alone)
		return diag_set(d, ST_USAGE,
		    _("%s: say which of its commands"), group);
	return diag_set(d, ST_USAGE,
	    _("%s has no command '%.40s'; those above are what there is"),
	    group, argv[at + 1]);
}

int
main(int argc, char *argv[])
{
	const struct command *c;
	struct diag d = { "" };
	bool json = wants(argc, argv, "--json"), answered = false;
	int at = skip_globals(argc, argv), words = 0;
	enum status st;

	keyfile_harden();
	(void)umask(077);
	if (!program_language(program_lang_option(argc, argv))) {
		(void)program_language("en");
		c = NULL;
		st = diag_set(&d, ST_USAGE, "--lang: es or en");
	} else if (at < argc && strcmp(argv[at], "--help") == 0) {
		usage(stdout);
		return 0;
	} else if (at < argc && strcmp(argv[at], "--version") == 0) {
		printf("%s %s\n", program, CEDULA_VERSION);
		return 0;
	} else if ((c = find(argc, argv, at, &words)) == NULL)
		st = no_command(argc, argv, at, json, &d);
	else
		st = run(c, argc, argv, at, words, &answered, &d);
	if (st == ST_OK)
		return 0;
	if (json && !answered)
		answer_print_failure(stdout, st, &d);
	return diag_print(program, &d, st);
}
