/* Tokens: a card's text and its credential are one to one; what others
 * compressed comes back the same when written as ours. */
#include <string.h>

#include "common/token.h"
#include "tests/fuzz/fuzz.h"

static uint8_t work_room[TOKEN_TEXT_MAX], work_room2[TOKEN_TEXT_MAX],
    out_room[TOKEN_BYTES_MAX], out_room2[TOKEN_BYTES_MAX];
static char text[TOKEN_TEXT_MAX];

static void
read_again(struct bytes cose)
{
	struct buf work = buf_over(work_room2, sizeof(work_room2));
	struct buf out = buf_over(out_room2, sizeof(out_room2));
	struct bytes got;

	HOLDS(token_read(bytes_text(text), &work, &got) == ST_OK);
	HOLDS(bytes_equal(got, cose));
	work.len = 0;
	HOLDS(token_unwrap(bytes_text(text), NULL, &work, &out,
	    &got) == ST_OK);
	HOLDS(bytes_equal(got, cose));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size), cose;
	struct buf work = buf_over(work_room, sizeof(work_room));
	struct buf out = buf_over(out_room, sizeof(out_room));

	while (in.len > 0 && (in.p[in.len - 1] == '\n' ||
	    in.p[in.len - 1] == '\r'))
		in.len--;
	if (token_read(in, &work, &cose) == ST_OK) {
		HOLDS(token_wrap(cose, text, sizeof(text), NULL) == ST_OK);
		HOLDS(bytes_equal_text(in, text));
		read_again(cose);
	}
	work.len = 0;
	if (token_unwrap(in, NULL, &work, &out, &cose) == ST_OK) {
		HOLDS(cose.p == out_room && cose.len == out.len);
		if (token_wrap(cose, text, sizeof(text), NULL) == ST_OK)
			read_again(cose);
		else
			HOLDS(cose.len > 5000);
	}
	work.len = out.len = 0;
	if (token_unwrap(in, "HC1:", &work, &out, &cose) == ST_OK)
		HOLDS(in.len > 4 && memcmp(in.p, "HC1:", 4) == 0);
	return 0;
}
