/*
 * Names and dates as the search for duplicates sees them: folded words, how
 * they sound, how many letters apart they are, how two dates of birth resemble
 * each other. Pure functions over the caller's memory; integers alone.
 *
 * How a word sounds is told by its consonants, with what Spanish, Portuguese,
 * Haitian, Miskito and English clerks write for one another taken as one:
 * b v; s z c(e,i) ç; ll y lh; k c q; j g(e,i); ch sh; ph f; m n before b p; w
 * hu gu; h, doubled letters and a last s are not heard. A first vowel counts as
 * one, whichever it is.
 */
#ifndef CEDULA_ISSUER_REGISTER_DUPKEY_H
#define CEDULA_ISSUER_REGISTER_DUPKEY_H

#include "common/when.h"

#define DUP_WORD 24	/* letters of a word that are looked at, with a NUL */
#define DUP_FAR 3	/* what dup_distance says of words further apart */
#define DUP_VARIANTS 80	/* dates that resemble one, at most */

enum dup_role {
	DUP_GIVEN, DUP_SURNAME1, DUP_SURNAME2, DUP_MAIDEN
};

struct dup_word {
	char text[DUP_WORD];	/* folded: A-Z */
	char sound[DUP_WORD];	/* its consonants */
	char like[DUP_WORD];	/* the same with its vowels: A, E (e i y), O (o u) */
	int rarity;		/* what sharing it says, in tenths of a bit */
	enum dup_role role;
};

/* Folds any text to words of A-Z0-9 with single spaces, as text_mrz_fold but
 * with bare Ä Å Ö Ø Ü; false when out has too little room. */
bool		dup_fold(const char *text, char *out, size_t cap);
/* The words of a name but "de", "la", "dos" ... (unless there is nothing
 * else); how many, max at most. */
size_t		dup_words(const char *name, enum dup_role role,
		    struct dup_word *out, size_t max);
/* word is folded. */
void		dup_sound(const char *word, bool vowels, char out[DUP_WORD]);
/* Letters put in, left out, changed or exchanged with the next one, to make b
 * of a (optimal string alignment); DUP_FAR when as many or more. */
int		dup_distance(const char *a, const char *b);
/* What two persons who share this folded word have in common: frequent names
 * say less. Tenths of a bit. */
int		dup_rarity(const char *word);

/* How two dates of birth resemble each other, the best first. */
enum dup_date {
	DUP_DATE_SAME,
	DUP_DATE_SWAPPED,	/* day and month changed places */
	DUP_DATE_DIGIT,		/* one digit, two exchanged, or one day or year */
	DUP_DATE_FIRST,		/* the same year, and one is its 1 January */
	DUP_DATE_PART,		/* two of day, month and year are the same */
	DUP_DATE_OTHER
};

enum dup_date	dup_date_compare(struct date a, struct date b);
/* Every date of the calendar that is SWAPPED or DIGIT beside d. */
size_t		dup_date_variants(struct date d,
		    struct date out[DUP_VARIANTS]);

#endif
