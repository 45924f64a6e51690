/* Claims: strict is part of liberal; what keeps our profile can be written,
 * and what was written reads as the same. */
#include <string.h>

#include "common/claims.h"
#include "common/text.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 14 };

static struct claims liberal, strict, again;
static uint8_t first_room[INPUT_MAX + 256], second_room[INPUT_MAX + 256];

static bool
is_wiped(const struct claims *c)
{
	static const struct claims empty;

	return memcmp(c, &empty, sizeof(empty)) == 0;
}

static void
write_and_read(const struct claims *c)
{
	struct buf first = buf_over(first_room, sizeof(first_room));
	struct buf second = buf_over(second_room, sizeof(second_room));

	HOLDS(claims_encode(c, &first) == ST_OK);
	HOLDS(claims_parse(buf_bytes(&first), CBOR_STRICT, &again) == ST_OK);
	HOLDS(claims_check_profile(&again) == ST_OK);
	HOLDS(again.exp == c->exp && again.nbf == c->nbf &&
	    again.iat == c->iat && again.status_index == c->status_index &&
	    again.members_n == c->members_n);
	HOLDS(bytes_equal(again.identity.full_name, c->identity.full_name));
	HOLDS(text_is_printable(c->identity.full_name));
	HOLDS(claims_encode(&again, &second) == ST_OK);
	HOLDS(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);
	struct identity id;
	int64_t format;

	if (size > INPUT_MAX)
		return 0;
	if (identity_parse(in, CBOR_LIBERAL, &id) == ST_OK)
		HOLDS(cbor_check(in, CBOR_LIBERAL) == ST_OK &&
		    id.fingers_n <= FINGERS_MAX);
	if (claims_parse(in, CBOR_LIBERAL, &liberal) != ST_OK) {
		HOLDS(is_wiped(&liberal));
		HOLDS(claims_parse(in, CBOR_STRICT, &strict) != ST_OK);
		return 0;
	}
	HOLDS(liberal.members_n <= FAMILY_MAX);
	(void)identity_face(&liberal.identity, &format);
	if (claims_parse(in, CBOR_STRICT, &strict) != ST_OK) {
		HOLDS(is_wiped(&strict));
		return 0;
	}
	HOLDS(strict.exp == liberal.exp && strict.iat == liberal.iat &&
	    strict.members_n == liberal.members_n);
	if (claims_check_profile(&strict) == ST_OK)
		write_and_read(&strict);
	claims_wipe(&strict);
	HOLDS(is_wiped(&strict));
	return 0;
}
