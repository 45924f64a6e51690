/*
 * Status list: the revocation data of one office and signer, as the IETF Token
 * Status List (draft-ietf-oauth-status-list) in CWT form, two bits a card.
 */
#ifndef CEDULA_COMMON_STATUSLIST_H
#define CEDULA_COMMON_STATUSLIST_H

#include "common/bytes.h"
#include "common/cose.h"
#include "common/status.h"

enum card_status {
	CARD_VALID = 0, CARD_REVOKED = 1, CARD_SUSPENDED = 2,
	CARD_NEVER_ISSUED = 3
};

#define STATUSLIST_TYP "application/statuslist+cwt"
#define STATUSLIST_BYTES_MAX (1u << 20)	/* inflated: 2^22 cards of 2 bits */
#define STATUSLIST_URI_MAX 64
enum { CWT_STATUS_LIST = 65533, CWT_TTL = 65534 };

struct statuslist {
	struct bytes uri;		/* sub */
	int64_t iat, exp;		/* exp 0: none given */
	int bits;			/* 1, 2, 4 or 8 */
	struct bytes packed;		/* zlib, as signed */
	struct bytes list;		/* inflated: entry i at bit i*bits,
					 * least significant first */
};

/* Reads the payload and inflates the list into arena (appended). */
enum status	statuslist_parse(struct bytes payload, enum cbor_mode mode,
		    struct buf *arena, struct statuslist *out) MUST_CHECK;
/* Reads {"bits":..,"lst":..} alone (the CBOR of the specification's §4.3). */
enum status	statuslist_parse_list(struct bytes map, enum cbor_mode mode,
		    struct buf *arena, struct statuslist *out) MUST_CHECK;
/* False when index is outside the list. */
bool		statuslist_get(const struct statuslist *l, uint64_t index,
		    unsigned *value);
/* Writes a two-bit entry of a raw list. */
void		statuslist_set(uint8_t *list, uint64_t index,
		    enum card_status value);
/* The CWT payload to sign: iss, sub, exp, iat, ttl, list. raw is the inflated
 * two-bit list. */
enum status	statuslist_encode(struct bytes state, struct bytes uri,
		    int64_t iat, int64_t exp, struct bytes raw,
		    struct buf *out) MUST_CHECK;

/* "urn:cedula:NIC:SJO:1": its state, office and number. */
struct status_uri {
	char state[4], office[4];
	uint32_t number;
};
bool		status_uri_parse(struct bytes uri, struct status_uri *out);

#endif
