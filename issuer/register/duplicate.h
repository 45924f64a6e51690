/*
 * Duplicates: who else in the register may be this person, and what officers
 * decided of it.
 *
 * A person is found again by keys (dupkey.h) that are kept beside the record:
 * the sound of each name with the date of birth, of two names with its year, of
 * two names with the birthplace, document numbers; the search also tries the
 * dates that one slip of the pen makes. What the keys find is scored
 * (dupscore.h). A pair from DUP_OPEN on is recorded open, and no application of
 * either of the two can be submitted until an officer has decided it; what was
 * decided is not asked again. A pair from DUP_HIGH on is not told apart by the
 * officer who enrolled the newer of the two; who may merge is in person_merge.h.
 *
 * Scores are 0 to 100. Merged persons are no candidates. Every function fills
 * diag with a sentence; after a failure the caller rolls back.
 */
#ifndef CEDULA_ISSUER_REGISTER_DUPLICATE_H
#define CEDULA_ISSUER_REGISTER_DUPLICATE_H

#include "issuer/register/dupscore.h"
#include "issuer/register/register.h"

#define DUP_OPEN 55		/* from here on a pair is put to an officer */
#define DUP_HIGH 80		/* from here on to another one (schema: too) */
#define DUP_FOUND_MAX 64	/* of one search */

struct duplicate_candidate {
	int64_t person;
	int score;
	uint32_t reasons;	/* 1 << dup_reason each */
};

enum duplicate_decision {
	DUPLICATE_OPEN, DUPLICATE_DIFFERENT, DUPLICATE_TWIN, DUPLICATE_SAME
};

struct duplicate_pair {
	int64_t a, b;		/* a < b */
	int score;
	uint32_t reasons;
	int64_t found, decided;	/* instants; 0: not yet */
	enum duplicate_decision decision;
	char decided_by[REG_NAME];
	char reason[REG_TEXT];
};

const char	*duplicate_decision_token(enum duplicate_decision decision);

/* Makes the keys of a stored person anew. Called wherever what they are made
 * of changes: names, date, place, evidence, state. */
enum status	reg_duplicate_index(struct reg *r, int64_t person,
		    struct diag *d) MUST_CHECK;
/* Makes the keys of persons who came from a register without, some hundreds a
 * transaction: reg_open calls it, and goes on where it was stopped. */
enum status	reg_duplicate_fill(struct reg *r, struct diag *d) MUST_CHECK;

/* Who of the register may be p, who need not be stored (id 0): the best first,
 * from DUP_OPEN on, at most cap of them. */
enum status	reg_duplicate_find(struct reg *r, const struct person *p,
		    struct duplicate_candidate *out, size_t cap, size_t *n,
		    struct diag *d) MUST_CHECK;
/* The score of two stored persons. */
enum status	reg_duplicate_compare(struct reg *r, int64_t a, int64_t b,
		    struct duplicate_candidate *out, struct diag *d)
		    MUST_CHECK;
/* Finds, and records the pairs that were not decided before as open. *n_open
 * gets how many of this person's are open then. */
enum status	reg_duplicate_record(struct reg *r, int64_t person,
		    size_t *n_open, struct diag *d) MUST_CHECK;
/* ST_STATE with the pair and the command when one is open of this person, or
 * of a member of the household that the person heads (family). */
enum status	reg_duplicate_none_open(struct reg *r, int64_t person,
		    bool family, struct diag *d) MUST_CHECK;
/* The pair, in either order; ST_NOT_FOUND when it was never recorded. */
enum status	reg_duplicate(struct reg *r, int64_t a, int64_t b,
		    struct duplicate_pair *out, struct diag *d) MUST_CHECK;
/* Of one person (0: of all), the open ones alone or all; the likeliest first. */
enum status	reg_duplicates(struct reg *r, int64_t person, bool open,
		    enum status (*each)(void *arg,
		    const struct duplicate_pair *p), void *arg,
		    struct diag *d) MUST_CHECK;
/* Records what an officer decided of two persons, found before or not; not
 * OPEN. Decided again until it was `same`. keep (of the two) says who stays
 * when they are the same: the other is merged into it. */
enum status	reg_duplicate_decide(struct reg *r, int64_t a, int64_t b,
		    enum duplicate_decision decision, int64_t keep,
		    const char *reason, struct diag *d) MUST_CHECK;
/* Called by reg_person_merge when `gone` has become a part of `keep`: their
 * pair is decided, `gone` is no candidate any more, and who resembles `keep` is
 * asked of it. ST_PERMISSION as reg_duplicate_decide. */
enum status	reg_duplicate_merged(struct reg *r, int64_t keep, int64_t gone,
		    const char *reason, struct diag *d) MUST_CHECK;

/* The whole register, some persons a call: finds and records for those after
 * the last call's, and remembers how far it came. *done and *all are persons;
 * it has ended when they are equal. again begins anew. */
enum status	reg_duplicate_scan(struct reg *r, size_t most, bool again,
		    int64_t *done, int64_t *all, struct diag *d) MUST_CHECK;

#endif
