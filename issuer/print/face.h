/*
 * Face of a card: everything that is printed, as text and numbers, taken from
 * the signed credential itself (so that what is printed is what was signed)
 * and from the office's settings. Borrowed throughout.
 */
#ifndef CEDULA_ISSUER_PRINT_FACE_H
#define CEDULA_ISSUER_PRINT_FACE_H

#include "common/bytes.h"
#include "common/when.h"

struct card_office {
	const char *state;		/* alpha-3, "NIC" */
	const char *country;		/* "República de Nicaragua" */
	const char *name;		/* "Consulado General en San José" */
	const char *address;		/* return address, lines by '\n' */
	const char *verify_at;		/* where to verify: a short text or URL */
	uint32_t colour;		/* 0xRRGGBB, the office's colour */
	bool specimen;			/* print SPECIMEN / MUESTRA across it */
};

struct card_member {
	struct bytes name;		/* UTF-8 */
	struct date birth;
	int relationship;		/* enum relationship of common/claims.h */
	int sex;			/* enum sex */
};

struct card_face {
	struct card_office office;
	struct bytes number;
	struct bytes surnames, given;	/* UTF-8 */
	struct bytes name_mrz;		/* transliterated; len 0 when it adds nothing */
	struct date birth, issued, expires;
	int sex;			/* enum sex */
	const char *nationality;	/* alpha-3 */
	struct bytes district;		/* consular district */
	struct bytes guardian;		/* minors; len 0 otherwise */
	size_t members_n;		/* 0: an individual card */
	struct card_member members[10];
	struct bytes photo_rgb;		/* portrait, 8-bit RGB, rows packed */
	uint32_t photo_w, photo_h;	/* 3:4 or so; drawn without stretching */
	const char *qr_text;		/* Base45 credential, NUL-terminated */
};

#endif
