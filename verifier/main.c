/* cedula-verifier: see docs/man/cedula-verifier.1. */
#include <stdio.h>
#include <string.h>

#include <sys/prctl.h>
#include <sys/resource.h>

#include "common/host/program.h"
#include "common/status.h"
#include "verifier/command.h"

int
main(int argc, char *argv[])
{
	const struct rlimit none = { 0, 0 };
	int at = 1;

	/* Personal data passes through: leave no core file behind. */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (!program_language(program_lang_option(argc, argv))) {
		(void)program_language("en");
		fprintf(stderr, "%s: --lang: es or en\n", PROGRAM);
		return status_exit(ST_USAGE);
	}
	while (at < argc && (strcmp(argv[at], "--lang") == 0 ||
	    strncmp(argv[at], "--lang=", 7) == 0))
		at += argv[at][6] == '=' ? 1 : 2;
	if (at < argc && strcmp(argv[at], "--version") == 0) {
		printf("%s %s\n", PROGRAM, CEDULA_VERSION);
		return program_flush();
	}
	if (at < argc && strcmp(argv[at], "inspect") == 0)
		return command_inspect(argc - at, argv + at);
	if (at < argc && strcmp(argv[at], "trust") == 0)
		return command_trust(argc - at, argv + at);
	if (at < argc && strcmp(argv[at], "audit") == 0)
		return command_audit(argc - at, argv + at);
	return command_check(argc, argv);
}
