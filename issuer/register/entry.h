/*
 * Entry: texts, dates and tokens as they are typed, checked before they are
 * kept. Refusals are ST_DATA, name the option and leave the place as it was.
 */
#ifndef CEDULA_ISSUER_REGISTER_ENTRY_H
#define CEDULA_ISSUER_REGISTER_ENTRY_H

#include "issuer/register/register.h"

/* Plain text without its outer spaces, of at most max characters; NULL is as
 * the empty text, which only what is not needed may be. */
enum status	entry_text(const char *option, const char *value, size_t max,
		    bool needed, char out[REG_TEXT], struct diag *d)
		    MUST_CHECK;
/* A date as YYYY-MM-DD; NULL or empty is the empty text. */
enum status	entry_date(const char *option, const char *value,
		    char out[DATE_TEXT], struct diag *d) MUST_CHECK;
/* ST_USAGE unless value is one of the n tokens; says which there are. */
enum status	entry_token(const char *option, const char *value,
		    const char *const *tokens, size_t n, struct diag *d)
		    MUST_CHECK;
/* Folded as names are for search: "" when nothing of it can be written in
 * Latin letters and digits. */
void		entry_fold(const char *text, char out[REG_FOLDED]);
/* The day of r->now, and that day years before, as a text to compare dates of
 * birth with: those after it are younger. */
void		entry_today(const struct reg *r, char out[DATE_TEXT]);
void		entry_years_ago(const struct reg *r, int years,
		    char out[DATE_TEXT]);

#endif
