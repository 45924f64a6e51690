/*
 * People: a register's worth of persons who do not exist, from a seed, and the
 * copies of them that clerks would make. For benches, tests and demonstrations.
 *
 * Names are put together from lists of ordinary given names and surnames, and
 * of syllables for the many rare ones, in five styles; families share names,
 * addresses and dates as families do, with twins and with sons called as their
 * fathers. Telephone numbers begin with 0 after the country's code, which no
 * exchange gives; document numbers are random. Integers alone: the same seed
 * gives the same persons on every machine.
 */
#ifndef CEDULA_TESTS_BENCH_PEOPLE_H
#define CEDULA_TESTS_BENCH_PEOPLE_H

#include "issuer/register/register.h"

#define PEOPLE_HOUSEHOLD 10	/* persons of one, at most */

enum people_style {
	STYLE_SPANISH, STYLE_PORTUGUESE, STYLE_HAITIAN, STYLE_MISKITO,
	STYLE_ENGLISH, STYLES
};

struct people_row {
	struct person p;		/* consented; not stored */
	int64_t household;		/* counted from 1 */
	const char *relationship;	/* "head", "spouse", "child" ... */
	enum people_style style;
	bool twin;
};

struct people {
	uint64_t state;
	int64_t households;
	struct people_row row[PEOPLE_HOUSEHOLD];
	size_t rows_n, next;
};

void		 people_begin(struct people *g, uint64_t seed);
/* Borrowed until the next call. */
const struct people_row *people_next(struct people *g);
/* A number below n, for whoever draws from the same seed. */
uint32_t	 people_below(struct people *g, uint32_t n);
/* The field of that column, or NULL where this register has none. */
char		*people_field(struct person *p, const char *column);

/* What a second clerk writes of the same person. */
#define PEOPLE_ERROR_TABLE(X) \
	X(SAME,		"nothing changed") \
	X(LETTER,	"one letter mistyped") \
	X(LETTERS,	"two names mistyped, a letter each") \
	X(ACCENT,	"accents, hyphens and capitals") \
	X(SOUND,	"a name written as it sounds") \
	X(SWAPPED,	"surnames exchanged") \
	X(ROLES,	"surname given as name") \
	X(SECOND,	"called by the second given name") \
	X(INITIAL,	"a given name as initial") \
	X(NO_SURNAME2,	"second surname missing") \
	X(NO_GIVEN2,	"second given name missing") \
	X(MARRIED,	"husband's surname for the own") \
	X(DAY_MONTH,	"day and month exchanged") \
	X(DIGIT,	"one digit of the date") \
	X(TURNED,	"two digits of the date exchanged") \
	X(FIRST,	"1 January for an unknown day") \
	X(NO_PLACE,	"birthplace missing") \
	X(OTHER_PLACE,	"another birthplace") \
	X(SEX,		"other sex") \
	X(LETTER_DIGIT,	"letter and digit of the date") \
	X(LETTER_SWAP,	"letter, day and month exchanged") \
	X(SOUND_MISSING, "sound, second surname missing") \
	X(SOUND_DIGIT,	"sound and digit of the date") \
	X(ACCENT_PLACE,	"accents, letter, birthplace missing") \
	X(MISSING_SWAP,	"surname missing, day and month") \
	X(DOCUMENT,	"two letters, other date, same document")

enum people_error {
#define X(name, text) ERROR_##name,
	PEOPLE_ERROR_TABLE(X)
#undef X
	PEOPLE_ERRORS
};

const char	*people_error_text(enum people_error e);
/* False when the person has nothing to make this error of (no second surname);
 * then *out is worth nothing. The copy has another address, telephone and
 * occupation, and no document number, but for DOCUMENT. */
bool		 people_disturb(struct people *g, const struct person *p,
		    enum people_error e, struct person *out);

/* The lists (people_names.c). */
struct people_list {
	const char *const *name;
	uint32_t n;
};

struct people_names {
	struct people_list male, female, surname;
	struct people_list begin, middle, end;	/* of rare surnames */
	struct people_list place;		/* "Municipality, Department" */
	uint32_t rare;		/* surnames that are rare, of 100 */
};

extern const struct people_names people_names[STYLES];
extern const struct people_list people_districts, people_sectors,
    people_occupations, people_streets;

#endif
