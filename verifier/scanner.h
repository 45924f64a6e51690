/*
 * Scanner: the verifier's side of cedula-scan. A picture in memory goes to a
 * process of its own, and the texts of its symbols come back.
 *
 * That process is not believed: its answer is bounded in size and time, must
 * be whole lines of printable ASCII, and counts only if it ended well. Nothing
 * touches the disk.
 */
#ifndef CEDULA_VERIFIER_SCANNER_H
#define CEDULA_VERIFIER_SCANNER_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"
#include "verifier/scan/limits.h"

#define SCANNER_PATIENCE 15000		/* milliseconds for one picture */

struct scan_texts {
	size_t n;
	struct bytes text[SCAN_TEXTS_MAX];	/* into answer */
	uint8_t *answer;		/* heap, erased when freed */
	size_t answer_len;
};

/* Do these bytes begin as a PNG or JPEG picture does? */
bool		scanner_is_picture(struct bytes file);
/*
 * Runs the program at path scan_program on the picture. ST_OK: out holds the
 * texts, none if no symbol was found; the caller ends it with scan_texts_free.
 * ST_MALFORMED: the picture is damaged, too large or of another kind, d says
 * which; ST_TOO_BIG: more than SCAN_FILE_MAX bytes; ST_INTERNAL: the program
 * is missing, broke its word, was killed or took too long. out is then empty.
 */
enum status	scanner_read(const char *scan_program, struct bytes picture,
		    struct scan_texts *out, struct diag *d) MUST_CHECK;
/* The same with another patience, in milliseconds. */
enum status	scanner_read_within(const char *scan_program,
		    struct bytes picture, int patience,
		    struct scan_texts *out, struct diag *d) MUST_CHECK;
/* An empty one is fine. */
void		scan_texts_free(struct scan_texts *t);

#endif
