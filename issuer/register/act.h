/*
 * Act: what the acts on persons share: how a date that somebody typed is
 * checked, and how what changed is recorded, field by field with before and
 * after, so that the history can show it in rows. For the files of this
 * folder, and commands that check an option the same way.
 */
#ifndef CEDULA_ISSUER_REGISTER_ACT_H
#define CEDULA_ISSUER_REGISTER_ACT_H

#include "common/jsonw.h"
#include "issuer/register/register.h"

#define CHANGE_MAX 16384

/* A day of the calendar, not after today; as YYYY-MM-DD. option is without its
 * dashes; ST_DATA names it. */
enum status	act_date(struct reg *r, const char *option, const char *value,
		    char out[DATE_TEXT], struct diag *d) MUST_CHECK;
/* The same, also after today. */
enum status	act_any_date(const char *option, const char *value,
		    char out[DATE_TEXT], struct diag *d) MUST_CHECK;

/* {"state": {"before": "abroad", "after": "dead"}, "place": "Limón"}; used
 * where it is made, never copied. */
struct change {
	uint8_t text[CHANGE_MAX];
	struct buf b;
	struct jsonw j;
};

void		change_begin(struct change *c);
void		change_field(struct change *c, const char *key,
		    const char *before, const char *after);
void		change_person(struct change *c, const char *key,
		    int64_t before, int64_t after);	/* 0: nobody */
/* Left out when empty. */
void		change_note(struct change *c, const char *key,
		    const char *value);
void		change_note_int(struct change *c, const char *key,
		    int64_t value);
/* Records it under the object "person 12". */
enum status	change_keep(struct reg *r, struct change *c,
		    const char *action, const char *object, int64_t id,
		    struct diag *d) MUST_CHECK;

#endif
