/* Child: cedula-verifier inspect as a user runs it, for the suites that test
 * the command and not the library. */
#ifndef CEDULA_TESTS_VECTORS_CHILD_H
#define CEDULA_TESTS_VECTORS_CHILD_H

#include "tests/vectors/suite.h"

#define CHILD_ARGS 8

struct child {
	int status;		/* exit status; 128 and up: killed */
	json_t *answer;		/* the object on standard output, or NULL */
};

/* Runs $B/bin/cedula-verifier inspect --json ARGS - with in as its standard
 * input. args ends with NULL. False, and the suite has failed, when it could
 * not run, wrote no JSON object, or died. End with child_free. */
bool	child_inspect(struct suite *s, const char *file,
	    const char *const args[], struct bytes in, struct child *out);
void	child_free(struct child *c);
/* The text of a member of the answer, "" when it is null. */
const char *child_text(const struct child *c, const char *key);

#endif
