/*
 * Trust: a bundle is believed only for what was signed; a trust list that was
 * read is written the same; one that is signed is taken if, and only if, it
 * can be read.
 */
#include <string.h>

#include "common/cose.h"
#include "common/trust.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ground.h"

enum { INPUT_MAX = 1 << 14, ARENA = 1 << 16 };

static struct trust t;
static struct trust_list list;
static uint8_t arena[ARENA], room[INPUT_MAX + 1024];

static bool
was_made(const struct cose_sign1 *part)
{
	struct bytes made = ground()->wide;
	struct trust_part p;

	while (made.len > 0) {
		HOLDS(trust_part_next(&made, &p) == ST_OK);
		if (bytes_equal(part->protected_raw, p.sign1.protected_raw) &&
		    bytes_equal(part->payload, p.sign1.payload) &&
		    bytes_equal(part->sig, p.sign1.sig))
			return true;
	}
	return false;
}

/* Every part has the very payload and signature that was made once; but for
 * successions that lead to a root: nothing is believed of those. */
static void
only_signed_parts(struct bytes bundle)
{
	const struct ground *g = ground();
	struct root_succession s;
	struct trust_part p;

	while (bundle.len > 0) {
		HOLDS(trust_part_next(&bundle, &p) == ST_OK);
		if (p.kind == PART_ROOT && root_succession_parse(
		    p.sign1.payload, &s) == ST_OK && memcmp(&s.next,
		    &g->pub[GROUND_ROOT], sizeof(s.next)) == 0)
			continue;
		HOLDS(was_made(&p.sign1));
	}
}

static enum status
add(struct bytes bundle)
{
	enum status st;

	ground_store(&t, arena, sizeof(arena));
	st = trust_add_bundle(&t, bundle, NULL);
	if (st == ST_OK)
		HOLDS(t.lists_n <= 1 && t.statuses_n <= 1 && t.shorts_n <= 1 &&
		    t.heads_n <= 1 && t.roots_n <= 2);
	trust_free(&t);
	return st;
}

static void
sign_and_add(struct bytes payload, bool readable)
{
	struct buf out = buf_over(room, sizeof(room));
	bool ours = readable && list.state[0] == 'N' && list.state[1] == 'I' &&
	    list.state[2] == 'C', sound = true;

	/* A point that is on no curve is refused when the list is loaded. */
	for (size_t i = 0; readable && i < list.keys_n; i++) {
		struct crypto_key *key = NULL;

		sound = sound && cose_key_load(&list.key[i].pub,
		    &key) == ST_OK;
		crypto_key_free(key);
	}
	ground_sign(GROUND_ROOT, TRUST_TYP, payload, &out);
	HOLDS((add(buf_bytes(&out)) == ST_OK) == (ours && sound));
	/* Another key's signature, or the right one under another name. */
	out.len = 0;
	ground_sign(GROUND_STATUS, TRUST_TYP, payload, &out);
	HOLDS(add(buf_bytes(&out)) != ST_OK);
	out.len = 0;
	ground_sign(GROUND_ROOT, NULL, payload, &out);
	HOLDS(add(buf_bytes(&out)) != ST_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);
	struct buf out = buf_over(room, sizeof(room));
	bool readable;

	if (size > INPUT_MAX)
		return 0;
	if (add(in) == ST_OK)
		only_signed_parts(in);
	readable = trust_list_parse(in, &list) == ST_OK;
	if (readable) {
		HOLDS(trust_list_encode(&list, &out) == ST_OK);
		HOLDS(bytes_equal(buf_bytes(&out), in));
	}
	sign_and_add(in, readable);
	return 0;
}
