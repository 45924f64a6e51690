/*
 * The register that bench_register measures, made and removed; and what it is
 * measured beside: the same rows put in by prepared statements of SQLite alone,
 * and every person compared without keys.
 */
#ifndef CEDULA_TESTS_BENCH_REGISTER_RAW_H
#define CEDULA_TESTS_BENCH_REGISTER_RAW_H

#include <stdbool.h>

#include "issuer/register/register.h"

#define SEED 20261123		/* of the people, in one as in the other */

extern struct diag bench_diag;		/* what failed, for holds */
extern char bench_folder[256];		/* where the registers are */

/* Ends the bench, naming the line, unless what is true. */
void		holds_at(bool what, const char *file, int line);
#define holds(what) holds_at(what, __FILE__, __LINE__)

void		path_of(char out[320], const char *name, const char *end);
/* Empty, an officer acting; closed by the caller. */
struct reg	*new_register(const char *name);
void		remove_register(const char *name);

/* Seconds to put n persons in, chunk of them a transaction. */
double		raw_fill(size_t n, size_t chunk);
/* Seconds to compare p with every person of a register. */
double		raw_scan(const char *name, const struct person *p);

#endif
