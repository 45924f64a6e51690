/*
 * Program: what every Cédula program does first: language, the folder it was
 * started from, and the one place where the clock is asked.
 */
#ifndef CEDULA_COMMON_HOST_PROGRAM_H
#define CEDULA_COMMON_HOST_PROGRAM_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* Chooses the messages: lang is "es", "en" or NULL (from the environment's
 * LC_ALL, LC_MESSAGES or LANG). The catalogue is looked for beside the
 * program (../share/locale), so a build tree works as an installation does.
 * False when lang is given and is neither. */
bool	program_language(const char *lang);
/* "es" or "en", as chosen. */
const char *program_language_now(void);
/* The value of --lang in argv, or NULL; asked before anything is printed. */
const char *program_lang_option(int argc, char *const argv[]);
/* Path of another program or file beside this one ("cedula-scan",
 * "../share/..."). False when it does not fit. */
bool	program_beside(const char *name, char out[PATH_MAX]);
/* 0, or the exit status of an answer that could not be written. */
int	program_flush(void);
/* Seconds since 1970, UTC. */
int64_t	program_now(void);
/* Milliseconds of a clock that nobody sets: to tell how long something takes. */
int64_t	program_ticks(void);

#endif
