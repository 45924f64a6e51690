/*
 * Score: how likely two records are of one person, from 0 to 100, and why.
 *
 * Each thing that two records share or differ in adds or takes what it says, in
 * tenths of a bit (Fellegi and Sunter: the logarithm of how much oftener it is
 * so in records of one person than in records of two); their sum is the score,
 * 400 tenths being 100. Pure: the profile holds all that is compared.
 */
#ifndef CEDULA_ISSUER_REGISTER_DUPSCORE_H
#define CEDULA_ISSUER_REGISTER_DUPSCORE_H

#include "issuer/register/dupkey.h"
#include "issuer/register/register.h"

#define DUP_WORDS 12		/* of one person's names */
#define DUP_DOCUMENTS 6		/* of one person */
#define DUP_NUMBER 32
#define DUP_NUMBER_LEAST 5	/* characters, of which a digit at least */
#define DUP_PLACE 80
#define DUP_JOINED 64

/* name, token, what a clerk reads */
#define DUP_REASON_TABLE(X) \
	X(NAMES_SAME,	"names-same",	N_("same names")) \
	X(NAMES_LIKE,	"names-alike",	N_("names that sound alike or differ by letters")) \
	X(NAME_MISSING,	"name-missing",	N_("a name is missing in one")) \
	X(NAME_ORDER,	"name-order",	N_("names in another order")) \
	X(MAIDEN_NAME,	"maiden-name",	N_("maiden name")) \
	X(GIVEN_OTHER,	"given-other",	N_("other given name")) \
	X(SURNAME_OTHER, "surname-other", N_("other surname")) \
	X(BIRTH_SAME,	"birth-same",	N_("same date of birth")) \
	X(BIRTH_SWAPPED, "birth-swapped", N_("day and month of birth exchanged")) \
	X(BIRTH_DIGIT,	"birth-digit",	N_("date of birth one digit or one day off")) \
	X(BIRTH_PART,	"birth-part",	N_("date of birth the same in part")) \
	X(BIRTH_OTHER,	"birth-other",	N_("other date of birth")) \
	X(PLACE_SAME,	"place-same",	N_("same place of birth")) \
	X(PLACE_LIKE,	"place-alike",	N_("place of birth alike")) \
	X(PLACE_OTHER,	"place-other",	N_("other place of birth")) \
	X(SEX_OTHER,	"sex-other",	N_("other sex")) \
	X(DOCUMENT,	"document",	N_("same document number"))

enum dup_reason {
#define X(name, token, text) DUP_##name,
	DUP_REASON_TABLE(X)
#undef X
	DUP_REASONS
};

#define DUP_REASONS_TEXT 256	/* bytes of all their tokens, with a NUL */

const char	*dup_reason_token(enum dup_reason reason);
const char	*dup_reason_text(enum dup_reason reason);	/* untranslated */
/* The tokens of a set of 1 << reason, with a space between. */
void		 dup_reasons_format(uint32_t reasons,
		    char out[DUP_REASONS_TEXT]);
uint32_t	 dup_reasons_parse(const char *tokens);

/* A person as far as it is compared (dupprofile.c). */
struct dup_profile {
	struct dup_word word[DUP_WORDS];
	size_t words_n;
	char joined[2][DUP_JOINED];	/* given names, surnames, in one word */
	struct date birth;
	char sex;
	char place[DUP_PLACE];		/* folded */
	char document[DUP_DOCUMENTS][DUP_NUMBER];
	size_t documents_n;
};

/* From texts as the register has them; document numbers are added after. What
 * is longer than its place is cut. */
void	dup_profile_make(const char *given, const char *surname1,
	    const char *surname2, const char *maiden, const char *birth_date,
	    const char *birth_place, const char *sex, struct dup_profile *out);
/* Takes the document numbers out of a text ("passport C01234567"): its words
 * of five characters and more that have a digit, folded. */
void	dup_profile_numbers(struct dup_profile *p, const char *text);
/* One whole number, "001-280290-0003K" as 0012802900003K. */
void	dup_profile_number(struct dup_profile *p, const char *number);
/* *reasons is a set of 1 << dup_reason. */
int	dup_score(const struct dup_profile *a, const struct dup_profile *b,
	    uint32_t *reasons);

#endif
