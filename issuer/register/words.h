/*
 * Words: names as they are searched for, those of persons and of employers
 * alike. A name is kept folded (text_mrz_fold), and each of its words in an
 * index. It is found by what is typed when every word of that begins one of its
 * own, whatever the order, case and accents.
 */
#ifndef CEDULA_ISSUER_REGISTER_WORDS_H
#define CEDULA_ISSUER_REGISTER_WORDS_H

#include "issuer/register/register.h"

#define WORDS_MAX 16	/* of one search; those behind are passed over */

/* What is typed: never copied, for it points into itself. */
struct words {
	char text[REG_FOLDED];
	char *word[WORDS_MAX];
	size_t n;
	/* The longest word and what sorts after all that it begins: the index
	 * has the fewest rows between them. */
	const char *from;
	char to[REG_FOLDED + 1];
};

/* Ä Å Ö Ø Ü without their marks, in place. The MRZ spells them AE, AA, OE and
 * UE; who looks for Agüero types aguero. */
void		words_bare(char *name);
/* Folds a name, in both spellings where there are two. False: it is too long. */
bool		words_fold(const char *name, char folded[REG_FOLDED]);
/* The same but for case and accents: how a district is asked for. */
bool		words_alike(const char *a, const char *b);
/* False: no word in it. */
bool		words_split(const char *typed, struct words *out);
bool		words_match(const struct words *w, const char *folded);
/* Makes the index of one name anew. ?1 of `drop` is whose; `add` puts in the
 * word ?1 of ?2. Both are literals. */
enum status	words_store(struct reg *r, const char *drop, const char *add,
		    int64_t id, const char *folded, struct diag *d) MUST_CHECK;

#endif
