/* Base45: what decodes is spelled in one way only, and all bytes come back. */
#include "common/base45.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 4096 };

static uint8_t bytes_room[2 * INPUT_MAX], text_room[2 * INPUT_MAX];

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);
	struct buf bytes = buf_over(bytes_room, sizeof(bytes_room));
	struct buf text = buf_over(text_room, sizeof(text_room));
	uint8_t few[8];
	struct buf small = buf_over(few, sizeof(few));

	if (size > INPUT_MAX)
		return 0;
	if (base45_decode(in, &bytes) == ST_OK) {
		HOLDS(base45_encode(buf_bytes(&bytes), &text) == ST_OK);
		HOLDS(bytes_equal(buf_bytes(&text), in));
		HOLDS((base45_decode(in, &small) == ST_OK) ==
		    (bytes.len <= sizeof(few)));
	}
	bytes.len = text.len = 0;
	HOLDS(base45_encode(in, &text) == ST_OK);
	HOLDS(text.len == size / 2 * 3 + size % 2 * 2);
	HOLDS(base45_decode(buf_bytes(&text), &bytes) == ST_OK);
	HOLDS(bytes_equal(buf_bytes(&bytes), in));
	return 0;
}
