/* Log heads: a payload that is read is written as it was read; what the trust
 * store believes was signed by the office's status signer, byte for byte. */
#include "common/logproof.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ground.h"

enum { INPUT_MAX = 1 << 14 };

static void
check_payload(struct bytes in)
{
	uint8_t room[256];
	struct buf out = buf_over(room, sizeof(room));
	struct log_head h;

	if (log_head_parse(in, &h) != ST_OK) {
		HOLDS(h.state[0] == '\0' && h.size == 0);
		return;
	}
	HOLDS(log_head_encode(&h, &out) == ST_OK &&
	    bytes_equal(buf_bytes(&out), in));
}

/* Ed25519 leaves nothing to choose: the same head signed anew is the same. */
static void
check_signed(const struct ground *g, struct bytes in)
{
	uint8_t room[256], again[LOG_SIGNED_MAX];
	struct buf payload = buf_over(room, sizeof(room));
	struct buf cose = buf_over(again, sizeof(again));
	struct log_head h;

	if (log_head_verify(g->trust, in, &h) != ST_OK)
		return;
	HOLDS(log_head_encode(&h, &payload) == ST_OK);
	ground_sign(GROUND_STATUS, LOG_HEAD_TYP, buf_bytes(&payload), &cose);
	HOLDS(bytes_equal(buf_bytes(&cose), in));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ground *g = ground();
	struct bytes rest = bytes_from(data, size), cose;

	if (size > INPUT_MAX)
		return 0;
	check_payload(rest);
	check_signed(g, rest);
	while (log_head_next(&rest, &cose) == ST_OK)
		HOLDS(cose.len > 0);
	return 0;
}
