/* cedula-keys: custody of the keys; see docs/man/cedula-keys.1. */
#include <stdio.h>
#include <string.h>

#include <sys/stat.h>

#include "common/host/program.h"
#include "keys/command.h"
#include "keys/keyfile.h"

static const char program[] = "cedula-keys";

static const struct command {
	const char *group, *verb;	/* verb "" where the group is all */
	command_fn *run;
	const char *help;
} commands[] = {
	{ "root", "new", command_root_new,
	    N_("make a state's root key and its anchor") },
	{ "root", "succeed", command_root_succeed,
	    N_("name the root that follows this one") },
	{ "signer", "new", command_signer_new,
	    N_("make a document signer or status signer for an office") },
	{ "key", "show", command_key_show,
	    N_("show a key's kind and kid") },
	{ "key", "reseal", command_key_reseal,
	    N_("seal a key anew: a new passphrase, or new shares") },
	{ "trust", "new", command_trust_new,
	    N_("sign a first, empty trust list") },
	{ "trust", "add", command_trust_add,
	    N_("add a signer's public key to the trust list") },
	{ "trust", "revoke", command_trust_revoke,
	    N_("revoke a signer from a moment on") },
	{ "trust", "renew", command_trust_renew,
	    N_("sign the trust list anew with a later deadline") },
	{ "trust", "adopt", command_trust_adopt,
	    N_("sign the old root's trust list with the new root") },
	{ "office", "close", command_office_close,
	    N_("end an office's keys; another signs its status lists") },
	{ "trust", "show", command_trust_show,
	    N_("show what a trust list says") },
	{ "status", "sign", command_status_sign,
	    N_("sign a status list prepared by the issuer") },
	{ "bundle", "", command_bundle,
	    N_("put trust lists and status lists into one bundle") },
};

static void
usage(FILE *f)
{
	fprintf(f, _("usage: %s [--lang es|en] COMMAND [options]\n"), program);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(f, "  %-7s %-8s %s\n", commands[i].group,
		    commands[i].verb, gettext(commands[i].help));
	fprintf(f, _("%s COMMAND --help shows a command's options\n"), program);
}

static const struct command *
find(int argc, char *argv[], int *words)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *c = &commands[i];

		if (argc < 1 || strcmp(argv[0], c->group) != 0)
			continue;
		*words = c->verb[0] == '\0' ? 1 : 2;
		if (*words == 1 || (argc > 1 && strcmp(argv[1], c->verb) == 0))
			return c;
	}
	return NULL;
}

int
main(int argc, char *argv[])
{
	const struct command *c;
	struct diag d = { "" };
	char name[64];
	int at = 1, words = 0;
	enum status st;

	keyfile_harden();
	(void)umask(077);
	if (!program_language(program_lang_option(argc, argv))) {
		(void)program_language("en");
		fprintf(stderr, "%s: --lang: es or en\n", program);
		return status_exit(ST_USAGE);
	}
	while (at < argc && (strcmp(argv[at], "--lang") == 0 ||
	    strncmp(argv[at], "--lang=", 7) == 0))
		at += argv[at][6] == '=' ? 1 : 2;
	if (at < argc && strcmp(argv[at], "--help") == 0) {
		usage(stdout);
		return program_flush();
	}
	if (at < argc && strcmp(argv[at], "--version") == 0) {
		printf("%s %s\n", program, CEDULA_VERSION);
		return program_flush();
	}
	if (at >= argc || (c = find(argc - at, argv + at, &words)) == NULL) {
		usage(stderr);
		return status_exit(ST_USAGE);
	}
	(void)snprintf(name, sizeof(name), "%s %s%s%s", program, c->group,
	    c->verb[0] != '\0' ? " " : "", c->verb);
	argv[at + words - 1] = name;
	st = c->run(argc - at - words + 1, argv + at + words - 1, &d);
	if (st == ST_OK && fflush(stdout) != 0)
		st = diag_errno(&d, ST_IO, _("standard output"));
	return st == ST_OK ? 0 : diag_print(program, &d, st);
}
