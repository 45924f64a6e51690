/* Short lists: what is read is written the same, byte for byte, so a set has
 * one encoding; and each place says what the set that was written says. */
#include <string.h>

#include "common/cbor.h"
#include "common/shortlist.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 12, PLACES = 1 << 22, FIRST = 1 << 13 };

static uint8_t raw[FIRST / 4], room[2 * SHORTLIST_BYTES_MAX + 512];

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size), iss;
	struct buf out = buf_over(room, sizeof(room));
	uint64_t revoked = 0, suspended = 0;
	struct shortlist l;
	struct cbor c;

	if (size > INPUT_MAX)
		return 0;
	if (shortlist_parse(in, &l) != ST_OK) {
		HOLDS(l.uri.len == 0 && l.revoked.len == 0);
		return 0;
	}
	HOLDS(shortlist_get(&l, PLACES) == CARD_VALID &&
	    shortlist_get(&l, UINT64_MAX) == CARD_VALID);
	/* Each place is a walk from the beginning: the first ones only. */
	for (uint64_t i = 0; i < (l.revoked_n + l.suspended_n < 64 ?
	    FIRST : 64); i++) {
		enum card_status s = shortlist_get(&l, i);

		statuslist_set(raw, i, s);
		revoked += s == CARD_REVOKED;
		suspended += s == CARD_SUSPENDED;
	}
	HOLDS(revoked <= l.revoked_n && suspended <= l.suspended_n);
	c = cbor_from(in);
	(void)cbor_map(&c);
	(void)cbor_int(&c);
	iss = cbor_text(&c);
	if (revoked == l.revoked_n && suspended == l.suspended_n) {
		HOLDS(shortlist_encode(iss, l.uri, l.iat, l.exp,
		    bytes_from(raw, FIRST / 4), &out) == ST_OK);
		HOLDS(bytes_equal(buf_bytes(&out), in));
	}
	memset(raw, 0, FIRST / 4);
	return 0;
}
