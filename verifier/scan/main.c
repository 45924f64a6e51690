/*
 * cedula-scan: a picture in, the texts of its QR symbols out. The least
 * trusted parsing of the verifier, in a process that can do nothing else.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/host/file.h"
#include "common/host/program.h"
#include "verifier/scan/sandbox.h"
#include "verifier/scan/symbols.h"

#define NAME "cedula-scan"

static void
usage(FILE *to)
{
	fprintf(to, _("usage: %s [--lang es|en] FILE|-\n"), NAME);
	fputs(_("Prints the text of each QR symbol in a PNG or JPEG picture, one a line.\n"
	    "Only texts of printable ASCII are printed. - is standard input.\n"
	    "\n"
	    "Exit status: 0 found, 3 none found, 64 usage, 65 the picture is damaged,\n"
	    "too large, or neither PNG nor JPEG, 66 no such file, 70 internal error,\n"
	    "74 input or output failed, 77 not permitted.\n"), to);
}

/* The file to read, or NULL with *exit_now set. */
static const char *
parse_options(int argc, char *argv[], int *exit_now)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "lang", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h') {
			usage(stdout);
			*exit_now = fflush(stdout) == 0 ? 0 :
			    status_exit(ST_IO);
			return NULL;
		}
		if (c != 'l')
			goto wrong;
		/* main has chosen the language already, before any message. */
	}
	if (argc - optind == 1)
		return argv[optind];
wrong:
	usage(stderr);
	*exit_now = status_exit(ST_USAGE);
	return NULL;
}

static enum status
print_texts(const struct symbols *found, struct diag *d)
{
	for (size_t i = 0; i < found->n; i++) {
		struct bytes t = found->text[i];

		if (fwrite(t.p, 1, t.len, stdout) != t.len ||
		    putchar('\n') == EOF)
			return diag_errno(d, ST_IO, _("standard output"));
	}
	if (fflush(stdout) != 0)
		return diag_errno(d, ST_IO, _("standard output"));
	return ST_OK;
}

/* *n is how many symbols were printed. */
static enum status
scan(const char *path, size_t *n, struct diag *d)
{
	struct symbols_finder *finder = NULL;
	struct symbols *found = NULL;
	struct picture picture = { 0 };
	uint8_t *file = NULL;
	size_t len;
	enum status st;

	if ((st = file_read(path, SCAN_FILE_MAX, &file, &len, d)) != ST_OK)
		return st;
	if ((found = calloc(1, sizeof(*found))) == NULL ||
	    (finder = symbols_finder_new()) == NULL) {
		st = diag_set(d, ST_INTERNAL,
		    _("the symbol reader cannot be started"));
		goto out;
	}
	/* Translating the text loads the catalogue while files can be read. */
	if ((st = sandbox_enter(_("the picture takes too long to read; make it smaller and repeat"),
	    d)) != ST_OK ||
	    (st = picture_read(bytes_from(file, len), &picture, d)) != ST_OK)
		goto out;
	free(file);			/* room for what zbar makes of it */
	file = NULL;
	if ((st = symbols_find(finder, &picture, found, d)) != ST_OK)
		goto out;
	*n = found->n;
	st = print_texts(found, d);
out:
	picture_free(&picture);
	symbols_finder_free(finder);
	free(found);
	free(file);
	return st;
}

int
main(int argc, char *argv[])
{
	static char out_room[BUFSIZ];
	struct diag d = { .text = "" };
	const char *path;
	size_t n = 0;
	int exit_now = 0;
	enum status st;

	/* A reader that went away is an error to tell, not a death. */
	(void)signal(SIGPIPE, SIG_IGN);
	/* stdio would ask what stdout is, which the sandbox forbids. */
	(void)setvbuf(stdout, out_room, _IOFBF, sizeof(out_room));
	if (!program_language(program_lang_option(argc, argv))) {
		(void)program_language(NULL);
		usage(stderr);
		return status_exit(ST_USAGE);
	}
	if ((path = parse_options(argc, argv, &exit_now)) == NULL)
		return exit_now;
	if ((st = scan(path, &n, &d)) != ST_OK)
		return diag_print(NAME, &d, st);
	return n > 0 ? 0 : SCAN_EXIT_NONE;
}
