/* Series: lines of parts, collected. What comes together is written again as
 * parts that come together to the same; cut at every size, too. */
#include <string.h>

#include "common/series.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 16 };

static uint8_t room[SERIES_BYTES_MAX], other[SERIES_BYTES_MAX];

static void
again(struct bytes bundle, size_t each)
{
	static char text[SERIES_TEXT_MAX];
	struct series s;
	struct bytes back;
	size_t n = (bundle.len + each - 1) / each;

	series_init(&s, other);
	for (size_t i = n; i > 0; i--) {
		HOLDS(series_missing(&s, 0) == (i == n ? 0 : 1));
		HOLDS(series_write(bundle, each, i, text, sizeof(text)) ==
		    ST_OK);
		HOLDS(series_is_part(bytes_text(text)));
		HOLDS(series_take(&s, bytes_text(text)) == ST_OK);
		HOLDS(series_take(&s, bytes_text(text)) == ST_OK);
	}
	HOLDS(series_finish(&s, &back) == ST_OK && bytes_equal(back, bundle));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct series s;
	struct bytes bundle;
	size_t n, each;

	if (size > INPUT_MAX)
		return 0;
	series_init(&s, room);
	for (size_t at = 0; at < size; ) {
		const uint8_t *end = memchr(data + at, '\n', size - at);
		size_t len = end == NULL ? size - at :
		    (size_t)(end - (data + at));
		size_t held = s.held;
		enum status st = series_take(&s, bytes_from(data + at, len));

		HOLDS(st == ST_OK ? s.held == held || s.held == held + 1 :
		    s.held == held);
		HOLDS(s.held <= s.n && s.n <= SERIES_PARTS_MAX);
		at += len + 1;
	}
	HOLDS((series_missing(&s, 0) == 0) == (s.held == s.n));
	if (series_finish(&s, &bundle) != ST_OK)
		return 0;
	series_plan(bundle.len, &n, &each);
	again(bundle, each);
	again(bundle, (bundle.len + SERIES_PARTS_MAX - 1) / SERIES_PARTS_MAX);
	return 0;
}
