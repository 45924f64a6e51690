/*
 * Employers of nationals abroad, their worksites, and the office's visits to
 * them. An employer is found by folded words of its name, as a person is; a
 * second one of the same folded name and district is refused unless asked for.
 *
 * All of it is audited: "employer.add", "employer.edit" with each field's
 * before and after, "worksite.add", "visit.add". Texts and dates that are to be
 * kept come from entry.h, which checks them. Out structs hold copies.
 */
#ifndef CEDULA_ISSUER_REGISTER_EMPLOYER_H
#define CEDULA_ISSUER_REGISTER_EMPLOYER_H

#include "issuer/register/register.h"

/* name, column, option, characters at most, label */
#define EMPLOYER_TABLE(X) \
	X(NAME,		name,		"name",		120, N_("Name")) \
	X(SECTOR,	sector,		"sector",	80, N_("Sector")) \
	X(ADDRESS,	address,	"address",	120, N_("Address")) \
	X(DISTRICT,	district,	"district",	60, N_("Consular district")) \
	X(TELEPHONE,	telephone,	"telephone",	60, N_("Telephone")) \
	X(CONTACT,	contact,	"contact",	120, N_("Contact"))

enum employer_field {
#define X(name, column, option, max, label) EMPLOYER_##name,
	EMPLOYER_TABLE(X)
#undef X
	EMPLOYER_FIELDS
};

struct employer {
	int64_t id, created;
	char field[EMPLOYER_FIELDS][REG_TEXT];
};

const char	*employer_column(enum employer_field f);
const char	*employer_label(enum employer_field f);	/* untranslated */
/* Takes one value as typed. */
enum status	employer_set(struct employer *e, enum employer_field f,
		    const char *value, struct diag *d) MUST_CHECK;

/* Fills e->id. ST_EXISTS for the folded name and district of another, unless
 * `another` says that it is one. */
enum status	reg_employer_add(struct reg *r, struct employer *e,
		    bool another, struct diag *d) MUST_CHECK;
enum status	reg_employer(struct reg *r, int64_t id, struct employer *out,
		    struct diag *d) MUST_CHECK;
/* Stores what differs; *changed gets how many fields did. */
enum status	reg_employer_edit(struct reg *r, const struct employer *e,
		    bool another, size_t *changed, struct diag *d) MUST_CHECK;
/* Every word of text begins some word of the name. */
enum status	reg_employer_find(struct reg *r, const char *text,
		    enum status (*each)(void *arg, const struct employer *e),
		    void *arg, struct diag *d) MUST_CHECK;
/* In the order of names; those of one district (folded), or NULL: all. */
enum status	reg_employers(struct reg *r, const char *district,
		    enum status (*each)(void *arg, const struct employer *e),
		    void *arg, struct diag *d) MUST_CHECK;

struct worksite {
	int64_t id, employer;
	char name[REG_TEXT], address[REG_TEXT], district[REG_TEXT];
};

/* Fills w->id; an empty district is the employer's. ST_EXISTS for a second of
 * the name. */
enum status	reg_worksite_add(struct reg *r, struct worksite *w,
		    struct diag *d) MUST_CHECK;
enum status	reg_worksite(struct reg *r, int64_t id, struct worksite *out,
		    struct diag *d) MUST_CHECK;
/* *employer 0 becomes the worksite's; ST_DATA when it is another's. Worksite 0
 * is none. */
enum status	reg_worksite_of(struct reg *r, int64_t worksite,
		    int64_t *employer, struct diag *d) MUST_CHECK;
enum status	reg_worksites(struct reg *r, int64_t employer,
		    enum status (*each)(void *arg, const struct worksite *w),
		    void *arg, struct diag *d) MUST_CHECK;

struct visit {
	int64_t id, employer, worksite, met;	/* worksite 0: none said */
	char date[DATE_TEXT], finding[REG_TEXT], officer[REG_NAME];
};

/* Fills v->id. met: how many nationals were met. */
enum status	reg_visit_add(struct reg *r, struct visit *v, struct diag *d)
		    MUST_CHECK;
/* The newest first; employer 0: of all. */
enum status	reg_visits(struct reg *r, int64_t employer,
		    enum status (*each)(void *arg, const struct visit *v),
		    void *arg, struct diag *d) MUST_CHECK;

#endif
