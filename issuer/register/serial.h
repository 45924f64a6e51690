/*
 * Serial: what is printed on a blank card, as text and as ranges. A serial is
 * up to 12 capitals and digits, then a number of 1 to 12 digits: A000001. The
 * number is the digits at its end, 12 at most; serials of another prefix or of
 * another count of digits are another series. Pure functions.
 */
#ifndef CEDULA_ISSUER_REGISTER_SERIAL_H
#define CEDULA_ISSUER_REGISTER_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/host/diag.h"

#define SERIAL_PREFIX 12	/* characters before the number, at most */
#define SERIAL_WIDTH 12		/* digits of the number, at most */
#define SERIAL_TEXT (SERIAL_PREFIX + SERIAL_WIDTH + 1)
#define SERIAL_RANGE_TEXT (2 * SERIAL_TEXT)
#define SERIAL_RANGE_MAX INT64_C(100000)	/* serials of one range */

struct serial_range {
	char prefix[SERIAL_PREFIX + 1];
	int width;
	int64_t first, last;
};

/* One serial. ST_DATA names it. */
enum status	serial_parse(const char *text, struct serial_range *out,
		    struct diag *d) MUST_CHECK;
/* From first to last, of one series: SERIAL_RANGE_MAX of them at most. */
enum status	serial_between(const char *first, const char *last,
		    struct serial_range *out, struct diag *d) MUST_CHECK;
/* SERIAL or FIRST-LAST. */
enum status	serial_range_parse(const char *text, struct serial_range *out,
		    struct diag *d) MUST_CHECK;
/* The serial with number n in the range's series. */
void		serial_format(const struct serial_range *r, int64_t n,
		    char out[SERIAL_TEXT]);
/* As serial_range_parse reads it. */
void		serial_range_format(const struct serial_range *r,
		    char out[SERIAL_RANGE_TEXT]);
int64_t		serial_count(const struct serial_range *r);
bool		serial_same_series(const struct serial_range *a,
		    const struct serial_range *b);
/* Whether both have a serial in common, and the first that they have. */
bool		serial_overlap(const struct serial_range *a,
		    const struct serial_range *b, int64_t *first);

#endif
