/*
 * Options: one table a command says which options it takes; parsing (with
 * getopt_long), the required ones and the usage text all come from it.
 */
#ifndef CEDULA_COMMON_HOST_OPTIONS_H
#define CEDULA_COMMON_HOST_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define OPTIONS_MAX 40

/* One of value, flag, list: where what was given goes. */
struct opt {
	const char *name;	/* without the dashes */
	const char *arg;	/* what the value is, NULL for a flag */
	const char *help;	/* N_() text */
	const char **value;
	bool *flag;
	const char **list;	/* up to list_max values, *list_n of them */
	size_t *list_n, list_max;
	bool required;
};

/* argv[0] is the command's own name. On ST_OK *rest is the index of the first
 * operand. --help sets *help and checks nothing further; --lang is taken by
 * every command (program_lang_option read it). */
enum status	options_parse(int argc, char *argv[], const struct opt *opts,
		    size_t n, bool *help, int *rest, struct diag *d)
		    MUST_CHECK;
/* For a command: parses, and answers --help with the usage on standard output.
 * True when nothing is left to do; *st then says how it ended. */
bool		options_over(int argc, char *argv[], const char *operands,
		    const struct opt *opts, size_t n, int *rest,
		    enum status *st, struct diag *d) MUST_CHECK;
/* "usage: <command> ..." and a line an option. */
void		options_usage(FILE *f, const char *command,
		    const char *operands, const struct opt *opts, size_t n);

#endif
