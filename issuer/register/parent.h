/*
 * Parent: whose child a person is, and who is a minor's guardian. A mother or
 * father is born at least 12 years before the child, a guardian is an adult
 * and guards a minor: so nobody descends from themselves.
 */
#ifndef CEDULA_ISSUER_REGISTER_PARENT_H
#define CEDULA_ISSUER_REGISTER_PARENT_H

#include "issuer/register/register.h"

#define PARENT_YEARS 12		/* at least, between a parent and the child */

struct relative {
	int64_t person;
	bool is_parent;			/* of the one asked for; else child */
	char relationship[12];		/* of the parent: "mother" */
	char name[REG_FOLDED], birth[DATE_TEXT], state[12];
	char evidence[REG_TEXT];
};

/* A minor without a guardian's name gets the parent's: it is printed on the
 * card. ST_DATA for the wrong age or oneself, ST_EXISTS for the same again. */
enum status	reg_parent_add(struct reg *r, int64_t child, int64_t parent,
		    const char *relationship, const char *evidence,
		    struct diag *d) MUST_CHECK;
/* What was recorded by mistake; the history keeps it. */
enum status	reg_parent_remove(struct reg *r, int64_t child, int64_t parent,
		    const char *reason, struct diag *d) MUST_CHECK;
/* Parents, then children. */
enum status	reg_relatives(struct reg *r, int64_t person,
		    enum status (*each)(void *arg, const struct relative *rel),
		    void *arg, struct diag *d) MUST_CHECK;
/* That p's birth date and sex, as they are to be, fit parents, children and whom
 * p is the guardian of. */
enum status	parent_birth_check(struct reg *r, const struct person *p,
		    struct diag *d) MUST_CHECK;
enum status	parent_sex_check(struct reg *r, const struct person *p,
		    struct diag *d) MUST_CHECK;

/* Every word of text is a word of names, which are folded. */
bool		person_named(const char *text, const char *names);
/* *dead: the child's parent or guardian of that name who died; 0: there is none,
 * or one who lives has the name too. */
enum status	parent_dead(struct reg *r, int64_t child, const char *name,
		    int64_t *dead, struct diag *d) MUST_CHECK;
/* That a mother who died on that day had borne all her children. */
enum status	parent_death_check(struct reg *r, int64_t id, const char *day,
		    struct diag *d) MUST_CHECK;

#endif
