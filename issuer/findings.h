/*
 * Findings: what a check of the register found wrong, a sentence each, and the
 * trust that such checks stand on.
 */
#ifndef CEDULA_ISSUER_FINDINGS_H
#define CEDULA_ISSUER_FINDINGS_H

#include "common/host/anchor.h"
#include "issuer/answer.h"
#include "issuer/register/register.h"

#define FINDINGS_MAX 200	/* sentences kept; the others are counted */
#define FINDING_TEXT 512

struct findings {
	size_t n;
	char (*text)[FINDING_TEXT];	/* heap, FINDINGS_MAX of them */
};

enum status	findings_new(struct findings *f, struct diag *d) MUST_CHECK;
void		findings_free(struct findings *f);
/* Already translated. What is not printable becomes '?'. */
void		findings_add(struct findings *f, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));
/* The sentences as "problems" in the answer. If there is any, the answer's
 * status becomes ST_DATA, and d says how many there are. */
void		findings_answer(const struct findings *f, struct answer *a,
		    struct diag *d);

/* The newest trust list that the register holds, as a store to verify with. */
struct held_trust {
	struct trust_host host;
	uint8_t *list;			/* signed; heap */
	size_t len;
};

/* Close it also after a failure. ST_NOT_FOUND: none was imported yet. */
enum status	held_trust_open(struct held_trust *h, struct reg *r,
		    const struct office *o, struct diag *d) MUST_CHECK;
void		held_trust_close(struct held_trust *h);

#endif
