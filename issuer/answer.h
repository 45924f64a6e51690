/*
 * Answer: what a command says on standard output, as lines for people or as
 * one JSON object for programs, from the same calls. It is gathered in memory
 * and printed when the command has succeeded, so that nothing is ever said of
 * work that was rolled back. What was gathered may be a sealed narrative: every
 * buffer that held it is erased.
 */
#ifndef CEDULA_ISSUER_ANSWER_H
#define CEDULA_ISSUER_ANSWER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

struct answer;

struct column {
	const char *key, *label;	/* for programs; for people (N_()) */
};

/* NULL when out of memory. */
struct answer	*answer_new(bool json);
void		 answer_free(struct answer *a);
/* The value a script wants: alone on its line, without a label. */
void		 answer_main(struct answer *a, const char *key,
		    const char *value);
void		 answer_main_int(struct answer *a, const char *key,
		    int64_t value);
/* "Label: value"; empty values are left out for people. */
void		 answer_text(struct answer *a, const char *key,
		    const char *label, const char *value);
void		 answer_int(struct answer *a, const char *key,
		    const char *label, int64_t value);
/* A value that is a token for programs ("revoked") and a word for people, in
 * their language: one of the table in answer.c. */
void		 answer_word(struct answer *a, const char *key,
		    const char *label, const char *token);
/* A text and what it is: "Label: text (word)" for people, two keys for programs;
 * nothing for people where the text is empty. */
void		 answer_text_as(struct answer *a, const char *key,
		    const char *label, const char *value, const char *word_key,
		    const char *token);
/* The word alone, to be a part of a text; for programs the token. */
const char	*answer_word_of(const struct answer *a, const char *token);
/* What there is not: null for programs, nothing for people. */
void		 answer_none(struct answer *a, const char *key);
/* answer_text and answer_int of what there may not be: "" and 0 are none. */
void		 answer_text_or_none(struct answer *a, const char *key,
		    const char *label, const char *value);
void		 answer_int_or_none(struct answer *a, const char *key,
		    const char *label, int64_t value);
/* A table, or an array of objects: cells follow row by row. */
void		 answer_list(struct answer *a, const char *key,
		    const struct column *columns, size_t n);
void		 answer_cell(struct answer *a, const char *value);
void		 answer_cell_word(struct answer *a, const char *token);
void		 answer_cell_int(struct answer *a, int64_t value);
/* The same in a table: an empty cell for people. */
void		 answer_cell_or_none(struct answer *a, const char *value);
void		 answer_cell_word_or_none(struct answer *a, const char *token);
void		 answer_cell_int_or_none(struct answer *a, int64_t value);
void		 answer_list_end(struct answer *a);
/* How many rows the list has, or the last one had. */
int64_t		 answer_rows(const struct answer *a);
bool		 answer_is_json(const struct answer *a);
/* For a check that was done and found something: "result" says st in the place
 * of ok, "error" what diag_set said last, and the program ends with it. */
void		 answer_found(struct answer *a, enum status st);
/* ST_OK, or what answer_found was told. */
enum status	 answer_status(const struct answer *a) MUST_CHECK;
/* Prints all of it. */
enum status	 answer_print(struct answer *a, FILE *f, struct diag *d)
		    MUST_CHECK;
/* {"result": token, "error": text} */
void		 answer_print_failure(FILE *f, enum status st,
		    const struct diag *d);

#endif
