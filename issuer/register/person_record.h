/*
 * Person record: what the register has of a person beside their own row: cards
 * and applications, also of persons merged into them, and the whole history.
 * Only reads.
 */
#ifndef CEDULA_ISSUER_REGISTER_PERSON_RECORD_H
#define CEDULA_ISSUER_REGISTER_PERSON_RECORD_H

#include "issuer/register/register.h"

struct person_card {
	char number[REG_NUMBER], status[12];
	bool family;
	bool member;		/* another's family card that names them */
	int64_t person;		/* whose it is: that of before a merge, too */
	int64_t expires;
};

/* open: only those that are not revoked nor expired, and also family cards of
 * a household that the person is a member of. */
enum status	reg_person_cards(struct reg *r, int64_t person, bool open,
		    enum status (*each)(void *arg, const struct person_card *c),
		    void *arg, struct diag *d) MUST_CHECK;

struct person_application {
	int64_t id, person, created;
	bool family;
	char state[12];
};

/* open: neither refused nor issued. */
enum status	reg_person_applications(struct reg *r, int64_t person,
		    bool open, enum status (*each)(void *arg,
		    const struct person_application *a), void *arg,
		    struct diag *d) MUST_CHECK;
/* Those who were merged into the person. */
enum status	reg_person_merged(struct reg *r, int64_t person,
		    enum status (*each)(void *arg, int64_t id,
		    const char *name, const char *since), void *arg,
		    struct diag *d) MUST_CHECK;

/* One change, or an act that changed no field (field ""). */
struct history_row {
	int64_t at;
	char officer[REG_NAME], action[REG_NAME], object[REG_NAME];
	char field[REG_NAME];
	const char *before, *after;	/* borrowed during the call */
};

/* Every act on the person, and on their documents, households, applications
 * and cards, and what was decided of whom they are like, in the order in which
 * they were done; of merged ones too. */
enum status	reg_person_history(struct reg *r, int64_t person,
		    enum status (*each)(void *arg, const struct history_row *h),
		    void *arg, struct diag *d) MUST_CHECK;

#endif
