/*
 * Text: UTF-8 as it may be stored, shown and spelled in a machine readable
 * zone. Pure functions over the caller's buffers.
 */
#ifndef CEDULA_COMMON_TEXT_H
#define CEDULA_COMMON_TEXT_H

#include "common/bytes.h"

/* Length in bytes of the first character (1 to 4), or 0 when s is empty or
 * does not begin with valid UTF-8 (RFC 3629: no surrogates, no overlongs). */
size_t	text_utf8_len(struct bytes s);
/* Decodes it too; same result. */
size_t	text_utf8_next(struct bytes s, uint32_t *rune);
/* Valid UTF-8 throughout. */
bool	text_is_utf8(struct bytes s);
/* Valid UTF-8 without control characters (C0, DEL, C1), without bidirectional
 * overrides and isolates, without U+2028/2029 and noncharacters: safe on a
 * terminal, a card and in JSON. '\n' is a control character here. */
bool	text_is_printable(struct bytes s);
/* Replaces whatever text_is_printable refuses by '?', in place: for names that
 * are not ours on a terminal. */
void	text_make_printable(char *s);
/* Three of A-Z, with digits also of 0-9: a state (ISO 3166-1 alpha-3), an
 * office. */
bool	text_is_code(struct bytes s, bool digits);
/* Characters (not bytes) of valid UTF-8. */
size_t	text_length(struct bytes s);
/*
 * ICAO 9303-3 section 6: national letters to the MRZ alphabet, written as
 * upper-case A-Z, 0-9 and single spaces between words. Apostrophes are dropped,
 * hyphens, commas and other separators become one space. Ñ becomes N (the
 * table's first choice), Ä AE, Ö OE, Ü UE, Å AA, Ø OE, ß SS, Þ TH, Æ AE, Œ OE,
 * Ł L, Đ D ... ; Cyrillic and Arabic by their tables (first choice, no language
 * exceptions), Greek by ISO 843. A name folds alike composed (NFC) and
 * decomposed (NFD). Characters with no entry, and bytes that are not UTF-8,
 * are dropped. out is NUL-terminated. Returns false only when out has too
 * little room; it then holds "".
 */
bool	text_mrz_fold(struct bytes s, char *out, size_t cap);

#endif
