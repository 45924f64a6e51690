/*
 * people: a register's worth of persons who do not exist, as the CSV that
 * cedula-issuer imports: the options of person add as header, and photo,
 * household, relationship.
 *
 *	people --seed N --count N [--csv]
 *
 * The same arguments make the same persons.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/people.h"

static void
put_cell(const char *text, bool last)
{
	if (strpbrk(text, ",\"\r\n") == NULL)
		fputs(text, stdout);
	else {
		putchar('"');
		for (const char *p = text; *p != '\0'; p++) {
			if (*p == '"')
				putchar('"');
			putchar(*p);
		}
		putchar('"');
	}
	putchar(last ? '\n' : ',');
}

/* A household of one is none, as the import has it. */
static void
put_row(const struct people_row *row, bool alone)
{
	char number[24];

	for (int f = 0; f < PERSON_FIELDS; f++)
		put_cell(row->p.field[f], false);
	put_cell("", false);
	(void)snprintf(number, sizeof(number), "%" PRId64, row->household);
	put_cell(alone ? "" : number, false);
	put_cell(alone ? "" : row->relationship, true);
}

int
main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'n' },
		{ "csv", no_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 }
	};
	unsigned long long seed = 1, count = 0;
	static struct people g;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (c == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (c == 'n')
			count = strtoull(optarg, NULL, 10);
		else if (c != 'c')
			return 64;
	if (count == 0 || optind != argc) {
		fprintf(stderr, "usage: people --seed N --count N [--csv]\n");
		return 64;
	}
	people_begin(&g, seed);
	for (int f = 0; f < PERSON_FIELDS; f++)
		put_cell(person_option((enum person_field)f), false);
	fputs("photo,household,relationship\n", stdout);
	for (unsigned long long i = 0; i < count; i++) {
		const struct people_row *row = people_next(&g);
		bool cut = i + 1 == count && row == &g.row[0];

		put_row(row, g.rows_n == 1 || cut);
	}
	return fflush(stdout) == 0 ? 0 : 74;
}
