/* Show: what the store holds, told to a person or a program; and whether it is
 * fresh enough for a green card. */
#ifndef CEDULA_VERIFIER_TRUST_SHOW_H
#define CEDULA_VERIFIER_TRUST_SHOW_H

#include "verifier/trust/store.h"

enum store_health {
	STORE_FRESH = 0,	/* exit statuses too: green, amber */
	STORE_STALE = 1,	/* something is past its deadline */
	STORE_CLOCK = 2,	/* the clock is behind what is held: exit 1 */
	STORE_EMPTY = 3		/* an anchor and no bundle */
};

/* The same rules and moments as the verdict's (docs/format.md §7). */
enum store_health store_health(const struct store *s, const struct trust *t,
		    int64_t now);
/* "fresh", "stale", "clock-suspect", "empty". */
const char	*store_health_token(enum store_health h);

/* Everything, for people. */
void		show_text(const struct store *s, const struct trust *t,
		    int64_t now);
/* Only what needs somebody, a line each. */
void		show_problems(const struct store *s, const struct trust *t,
		    int64_t now);
/* The same as one JSON object. */
enum status	show_json(const struct store *s, const struct trust *t,
		    int64_t now) MUST_CHECK;
/* 64 hex digits in groups of four, to be read aloud. */
void		thumbprint_format(const uint8_t print[32], char out[80]);

#endif
