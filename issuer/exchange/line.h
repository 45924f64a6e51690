/*
 * Line: what the columns of a file of persons mean, and one line of it as a
 * person, with what is wrong with it.
 */
#ifndef CEDULA_ISSUER_EXCHANGE_LINE_H
#define CEDULA_ISSUER_EXCHANGE_LINE_H

#include "issuer/exchange/csv.h"
#include "issuer/register/register.h"

#define LINE_KEY 128		/* bytes of a household's key or a ref, with NUL */

/* After the fields of a person, each by its option's name. */
enum { LINE_PHOTO = PERSON_FIELDS, LINE_HOUSEHOLD, LINE_RELATIONSHIP, LINE_REF,
    LINE_ERROR, LINE_MEANINGS };

struct columns {
	size_t n;
	int meaning[CSV_FIELDS_MAX];
};

const char	*column_word(int meaning);
/* From the file's first record. ST_DATA for a column that is unknown, without
 * a name, or there twice. */
enum status	columns_read(const struct csv *c, struct columns *out,
		    struct diag *d) MUST_CHECK;

struct line {
	struct person person;
	char photo[256];		/* a file's name; "": none */
	char household[LINE_KEY], ref[LINE_KEY];
	int relationship;		/* 0: head; -1: none given */
	uint8_t *image;			/* the portrait; heap */
	size_t image_len;
};

/* What is wrong, where, what to do. */
struct fault {
	uint64_t line;			/* of the file, from 1 */
	char column[40];		/* its name; "": the line as a whole */
	size_t number;			/* the column's, from 1; 0: not there */
	uint64_t character;		/* of a line that is no CSV; else 0 */
	char text[512];
	bool follows;			/* from what is wrong with another line */
};

/* A column as every sentence and table says it: "birth-date (4)". */
#define COLUMN_PLACE 80
void		column_place(const char *name, size_t number,
		    char out[COLUMN_PLACE]);
/* The number of the column with that name; 0: none has it. */
size_t		column_number(const struct columns *c, const char *name);

struct line_rules {
	const char *district;		/* of those who name none */
	struct date today;
	int photos;			/* the folder, open; -1: none given */
	const char *photos_name;
};

/* True: out is a person who can be enrolled. ref and household are filled as
 * far as possible also when not. */
bool		line_read(const struct csv *c, const struct columns *columns,
		    const struct line_rules *rules, struct line *out,
		    struct fault *f);
/* Proves the photo, and with `make` fills out->image: freed by line_free. */
bool		line_photo(const struct line_rules *rules, bool make,
		    struct line *out, struct fault *f);
void		line_free(struct line *l);

#endif
