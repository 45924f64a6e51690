/*
 * CSV (RFC 4180), read in one pass from a stream of any size and written.
 *
 * Read strictly: a quote stands at a field's beginning or not at all, what
 * follows its end is a delimiter or the line's end, every quote is closed. A
 * line ends with LF or CRLF; the last may lack it; a wholly empty line is
 * passed over. UTF-8, with or without a BOM. A record that is none of this is
 * told with its line, field and character; the next begins behind the next line end.
 * Fields and records are bounded, whatever the file says.
 *
 * Spreadsheets run what looks like a formula. So a field that begins with one
 * of = + - @ TAB CR is written with ' before it; and one that begins with ' and
 * one of those, or with two ', too, so that csv_plain gives back what was there.
 */
#ifndef CEDULA_ISSUER_EXCHANGE_CSV_H
#define CEDULA_ISSUER_EXCHANGE_CSV_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define CSV_FIELDS_MAX 64
#define CSV_FIELD_MAX 4096		/* bytes */
#define CSV_RECORD_MAX 65536		/* bytes of all fields together */
#define CSV_BLOCK 65536

struct csv {
	/* *got = 0: the end. */
	enum status (*fill)(void *arg, uint8_t *room, size_t cap, size_t *got);
	void *arg;
	uint8_t block[CSV_BLOCK];
	size_t at, len;
	uint64_t taken;			/* bytes of all blocks */
	bool ended, failed;
	enum status why;		/* of the failure */
	char delimiter;
	uint64_t next_line, next_column;	/* of what is read next, from 1 */
	/* the record */
	uint64_t line;			/* that it begins on */
	size_t n;
	struct bytes field[CSV_FIELDS_MAX];	/* borrowed until the next */
	uint8_t text[CSV_RECORD_MAX];
	size_t used;
	bool blank;			/* the last field: empty, not quoted */
	/* what is wrong with it */
	const char *error;		/* a sentence, translated; NULL: nothing */
	uint64_t error_line, error_column;	/* its character in the line */
	size_t reading, error_field;		/* from 0 */
};

enum csv_got { CSV_RECORD, CSV_BROKEN, CSV_END, CSV_FAILED };

/* delimiter '\0': the one of , ; TAB that stands most often in the first line,
 * outside quotes. Reads ahead. ST_DATA for UTF-16, else as fill. */
enum status	csv_begin(struct csv *c, char delimiter, enum status (*fill)
		    (void *arg, uint8_t *room, size_t cap, size_t *got),
		    void *arg, struct diag *d) MUST_CHECK;
/* CSV_BROKEN leaves the fields that were whole. CSV_FAILED: c->why. */
enum csv_got	csv_next(struct csv *c) MUST_CHECK;
/* Bytes of the file that were read so far, for a progress bar. */
uint64_t	csv_position(const struct csv *c);

/* What was written: the field without the ' of the writer. */
struct bytes	csv_plain(struct bytes field);
/* Appends one field: guarded as said above, quoted where needed; first: without
 * a delimiter before it. */
void		csv_put(struct buf *out, struct bytes field, char delimiter,
		    bool first);
void		csv_put_end(struct buf *out);	/* CRLF */

#endif
