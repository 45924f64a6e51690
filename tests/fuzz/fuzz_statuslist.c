/* Status lists: as many entries as the bytes hold and not one more; a list
 * that was read is written and read the same; a reference has one spelling. */
#include <stdio.h>

#include "common/statuslist.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 14 };

static uint8_t arena_room[STATUSLIST_BYTES_MAX], room2[STATUSLIST_BYTES_MAX],
    payload_room[STATUSLIST_BYTES_MAX + 4096];

static void
check_entries(const struct statuslist *l)
{
	uint64_t per = 8 / (uint64_t)l->bits, n = l->list.len * per;
	unsigned v, byte = 0;

	HOLDS(!statuslist_get(l, n, &v) && v == 0);
	HOLDS(!statuslist_get(l, UINT64_MAX, &v));
	if (n == 0)
		return;
	HOLDS(statuslist_get(l, n - 1, &v) && v < 1u << l->bits);
	for (uint64_t i = 0; i < per; i++) {
		HOLDS(statuslist_get(l, i, &v));
		byte |= v << (i * (uint64_t)l->bits);
	}
	HOLDS(byte == l->list.p[0]);
}

static void
write_and_read(const struct statuslist *l)
{
	struct buf payload = buf_over(payload_room, sizeof(payload_room));
	struct buf arena = buf_over(room2, sizeof(room2));
	struct statuslist again;

	HOLDS(statuslist_encode(bytes_text("NIC"), l->uri, l->iat, l->exp,
	    l->list, &payload) == ST_OK);
	HOLDS(statuslist_parse(buf_bytes(&payload), CBOR_STRICT, &arena,
	    &again) == ST_OK);
	HOLDS(bytes_equal(again.list, l->list) &&
	    bytes_equal(again.uri, l->uri) && again.bits == 2 &&
	    again.iat == l->iat && again.exp == l->exp);
}

static void
check_uri(struct bytes in)
{
	struct status_uri u;
	char text[STATUSLIST_URI_MAX];

	if (!status_uri_parse(in, &u))
		return;
	(void)snprintf(text, sizeof(text), "urn:cedula:%s:%s:%u", u.state,
	    u.office, (unsigned)u.number);
	HOLDS(bytes_equal_text(in, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);
	struct buf arena = buf_over(arena_room, sizeof(arena_room));
	struct statuslist l;

	if (size > INPUT_MAX)
		return 0;
	check_uri(in);
	if (statuslist_parse_list(in, CBOR_LIBERAL, &arena, &l) == ST_OK)
		check_entries(&l);
	else
		HOLDS(arena.len == 0);
	arena.len = 0;
	if (statuslist_parse(in, CBOR_STRICT, &arena, &l) == ST_OK) {
		check_entries(&l);
		write_and_read(&l);
		arena.len = 0;
		HOLDS(statuslist_parse(in, CBOR_LIBERAL, &arena, &l) == ST_OK);
	}
	return 0;
}
