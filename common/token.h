/*
 * Token: the QR text of a credential and the COSE bytes it carries.
 * text = Base45 (RFC 9285) of zlib (RFC 1950) of COSE_Sign1.
 */
#ifndef CEDULA_COMMON_TOKEN_H
#define CEDULA_COMMON_TOKEN_H

#include "common/bytes.h"
#include "common/status.h"

#define TOKEN_TEXT_MAX 8192	/* characters: more than any QR symbol holds */
#define TOKEN_BYTES_MAX 65536	/* inflated: ours are under 2 kB */

#define TOKEN_INDIVIDUAL_MAX 967	/* zlib bytes: QR version 25-M */
#define TOKEN_FAMILY_MAX 1226		/* version 29-M */

/* A card's text: Base45 of a zlib stream of literals (common/literal.h), so
 * that one credential has one text and no bit of it can change unnoticed. work
 * (TOKEN_TEXT_MAX) takes the zlib bytes and behind them the COSE bytes, to
 * which *cose points. Trailing CR and LF are not part of the text. */
enum status	token_read(struct bytes text, struct buf *work,
		    struct bytes *cose) MUST_CHECK;
/* Any issuer's text, compressed as it may be, for looking at: takes prefix (or
 * NULL) off, inflates into out (TOKEN_BYTES_MAX); *cose points into out. */
enum status	token_unwrap(struct bytes text, const char *prefix,
		    struct buf *work, struct buf *out, struct bytes *cose)
		    MUST_CHECK;
/* Writes a card's text. *packed_len, when not NULL, gets the size that the
 * budget is about. text is NUL-terminated and needs TOKEN_TEXT_MAX. */
enum status	token_wrap(struct bytes cose, char *text, size_t cap,
		    size_t *packed_len) MUST_CHECK;

#endif
