#include "common/host/options.h"

#include <getopt.h>
#include <string.h>

enum { VAL_OPT = 256, VAL_HELP = 1, VAL_LANG = 2 };

static enum status
take_value(const struct opt *o, const char *value, struct diag *d)
{
	if (o->flag != NULL) {
		*o->flag = true;
		return ST_OK;
	}
	if (o->list != NULL) {
		if (*o->list_n == o->list_max)
			return diag_set(d, ST_USAGE,
			    _("--%s: given more than %zu times"), o->name,
			    o->list_max);
		o->list[(*o->list_n)++] = value;
		return ST_OK;
	}
	if (*o->value != NULL)
		return diag_set(d, ST_USAGE, _("--%s: given twice"), o->name);
	*o->value = value;
	return ST_OK;
}

/* The option just read, as it was typed. */
static const char *
word_read(char *const argv[])
{
	const char *word = argv[optind - 1];

	return optarg != NULL && optarg == word ? argv[optind - 2] : word;
}

/* getopt_long takes abbreviations, whose meaning a later option can change:
 * the word must be the whole name. */
static bool
named_in_full(char *const argv[], const char *name)
{
	const char *word = word_read(argv);
	size_t len = strlen(name);

	return strncmp(word, "--", 2) == 0 &&
	    strncmp(word + 2, name, len) == 0 &&
	    (word[2 + len] == '\0' || word[2 + len] == '=');
}

enum status
options_parse(int argc, char *argv[], const struct opt *opts, size_t n,
    bool *help, int *rest, struct diag *d)
{
	struct option table[OPTIONS_MAX + 3];
	size_t k = 0;
	bool own_lang = false;
	enum status st;
	int c;

	*help = false;
	*rest = argc;
	if (n > OPTIONS_MAX)
		return ST_INTERNAL;
	for (; k < n; k++)
		table[k] = (struct option){ opts[k].name,
		    opts[k].arg != NULL ? required_argument : no_argument,
		    NULL, VAL_OPT + (int)k };
	for (size_t i = 0; i < n; i++)
		own_lang = own_lang || strcmp(opts[i].name, "lang") == 0;
	table[k++] = (struct option){ "help", no_argument, NULL, VAL_HELP };
	if (!own_lang)
		table[k++] = (struct option){ "lang", required_argument, NULL,
		    VAL_LANG };
	table[k] = (struct option){ 0 };

	optind = 0;		/* start anew: GNU extension */
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", table, NULL)) != -1) {
		if (c == VAL_HELP) {
			*help = true;
			return ST_OK;
		}
		if (c == VAL_LANG)
			continue;
		if (c == ':')
			return diag_set(d, ST_USAGE,
			    _("%s: a value is missing; see --help"),
			    argv[optind - 1]);
		if (c >= VAL_OPT && !named_in_full(argv, opts[c - VAL_OPT].name))
			c = '?';
		if (c < VAL_OPT)
			return diag_set(d, ST_USAGE,
			    _("%s: no such option; see --help"),
			    word_read(argv));
		if ((st = take_value(&opts[c - VAL_OPT], optarg, d)) != ST_OK)
			return st;
	}
	for (size_t i = 0; i < n; i++)
		if (opts[i].required && ((opts[i].value != NULL &&
		    *opts[i].value == NULL) || (opts[i].list != NULL &&
		    *opts[i].list_n == 0)))
			return diag_set(d, ST_USAGE,
			    _("--%s is missing; see --help"), opts[i].name);
	*rest = optind;
	return ST_OK;
}

void
options_usage(FILE *f, const char *command, const char *operands,
    const struct opt *opts, size_t n)
{
	fprintf(f, "%s %s%s%s%s\n", _("usage:"), command,
	    n > 0 ? _(" [options]") : "", operands[0] != '\0' ? " " : "",
	    operands);
	for (size_t i = 0; i < n; i++) {
		char left[64];

		(void)snprintf(left, sizeof(left), "--%s%s%s", opts[i].name,
		    opts[i].arg != NULL ? " " : "",
		    opts[i].arg != NULL ? opts[i].arg : "");
		fprintf(f, "  %-28s %s%s\n", left, gettext(opts[i].help),
		    opts[i].required ? _(" (required)") : "");
	}
}

bool
options_over(int argc, char *argv[], const char *operands,
    const struct opt *opts, size_t n, int *rest, enum status *st,
    struct diag *d)
{
	bool help;

	*st = options_parse(argc, argv, opts, n, &help, rest, d);
	if (*st == ST_OK && help)
		options_usage(stdout, argv[0], operands, opts, n);
	else if (*st == ST_OK && operands[0] == '\0' && *rest != argc)
		*st = diag_set(d, ST_USAGE,
		    _("%s: nothing is expected there; put values with spaces in quotes"),
		    argv[*rest]);
	return *st != ST_OK || help;
}
