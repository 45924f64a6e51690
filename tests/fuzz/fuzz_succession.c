/*
 * Succession: one that was read is written the same; signed by the root, it is
 * taken if, and only if, it can be read and is of the root's state; signed by
 * another, it adds no root.
 */
#include <string.h>

#include "common/cose.h"
#include "common/trust.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ground.h"

enum { INPUT_MAX = 1 << 12, ARENA = 1 << 12 };

static struct trust t;
static uint8_t arena[ARENA], room[INPUT_MAX + 1024];

/* How many roots there are afterwards; 0: refused. */
static size_t
roots_with(enum ground_key by, struct bytes payload)
{
	struct buf out = buf_over(room, sizeof(room));
	size_t n = 0;

	ground_sign(by, ROOT_TYP, payload, &out);
	ground_store(&t, arena, sizeof(arena));
	if (trust_add_bundle(&t, buf_bytes(&out), NULL) == ST_OK)
		n = t.roots_n;
	trust_free(&t);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cose_key *root = &ground()->pub[GROUND_ROOT];
	struct bytes in = bytes_from(data, size);
	struct root_succession s;
	struct crypto_key *key = NULL;
	struct buf out = buf_over(room, sizeof(room));
	bool readable, sound;

	if (size > INPUT_MAX)
		return 0;
	readable = root_succession_parse(in, &s) == ST_OK;
	if (readable) {
		HOLDS(root_succession_encode(&s, &out) == ST_OK);
		HOLDS(bytes_equal(buf_bytes(&out), in));
	}
	/* A point that is on no curve is no root. */
	sound = readable && strcmp(s.state, "NIC") == 0 &&
	    cose_key_load(&s.next, &key) == ST_OK;
	crypto_key_free(key);
	HOLDS((roots_with(GROUND_ROOT, in) != 0) == sound);
	HOLDS(roots_with(GROUND_STATUS, in) <= 1);
	if (readable && memcmp(&s.next, root, sizeof(*root)) != 0)
		HOLDS(roots_with(GROUND_STATUS, in) == 0);
	return 0;
}
