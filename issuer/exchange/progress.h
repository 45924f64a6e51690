/*
 * Progress: how far a long work is, on one line of standard error, for people:
 * nothing where that is no terminal, and nothing of a work that ends soon.
 *
 *	importing  [#########           ]  45 %  12345/s  0:42 left
 */
#ifndef CEDULA_ISSUER_EXCHANGE_PROGRESS_H
#define CEDULA_ISSUER_EXCHANGE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const char *what;	/* translated; stays the caller's */
	const char *unit;	/* of the rate: "/s", " MB/s" */
	bool shown;		/* on a terminal */
	int64_t began, last;	/* ticks */
	int width;		/* of what stands there */
};

struct progress	progress_begin(const char *what, const char *unit);
/* done of total parts; units of the rate counted apart. Cheap enough for each
 * line of a file. */
void		progress_at(struct progress *p, uint64_t done, uint64_t total,
		    uint64_t units);
/* Takes the line away: what follows begins at its place. */
void		progress_end(struct progress *p);

/* The line without its blanks, for a test: false when it does not fit. */
bool		progress_line(const struct progress *p, uint64_t done,
		    uint64_t total, uint64_t units, int64_t elapsed_ms,
		    char *out, size_t cap);

#endif
