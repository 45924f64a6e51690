/* Wycheproof: signatures at the edge of the algorithms, through our own key
 * loading and verify call. */
#include <stdio.h>
#include <string.h>

#include "tests/vectors/suite.h"

struct counts {
	size_t verified, refused, either;
};

/* The key as the group gives it; NULL when we refuse it. */
static struct crypto_key *
group_key(int alg, json_t *group)
{
	struct block point = { NULL, 0 };
	struct crypto_key *key = NULL;
	const char *hex = json_text_at(group, "publicKey",
	    alg == ALG_ES256 ? "uncompressed" : "pk", NULL);
	struct bytes x, y = { NULL, 0 };

	if (!block_hex(hex, &point))
		return NULL;
	x = block_bytes(&point);
	if (alg == ALG_ES256 && point.len == 65) {
		x = bytes_from(point.p + 1, 32);
		y = bytes_from(point.p + 33, 32);
	}
	if (crypto_key_new(alg, x, y, &key) != ST_OK)
		key = NULL;
	block_free(&point);
	return key;
}

static void
run_case(struct suite *s, const struct crypto_key *key, json_t *test,
    struct counts *n)
{
	const char *result = json_text_at(test, "result", NULL);
	struct block msg, sig;
	struct bytes part;
	char name[160];
	bool ok;

	s->cases++;
	(void)snprintf(name, sizeof(name), "%lld %s",
	    (long long)json_integer_value(json_object_get(test, "tcId")),
	    json_text_at(test, "comment", NULL));
	if (!block_hex(json_text_at(test, "msg", NULL), &msg)) {
		suite_fail(s, NULL, name, "no message");
		return;
	}
	if (!block_hex(json_text_at(test, "sig", NULL), &sig)) {
		block_free(&msg);
		suite_fail(s, NULL, name, "no signature");
		return;
	}
	part = block_bytes(&msg);
	ok = key != NULL &&
	    crypto_verify(key, &part, 1, block_bytes(&sig)) == ST_OK;
	if (strcmp(result, "acceptable") == 0)
		n->either++;
	else if (ok != (strcmp(result, "valid") == 0))
		suite_fail(s, NULL, name, "expected %s got %s", result,
		    ok ? "valid" : "invalid");
	else if (ok)
		n->verified++;
	else
		n->refused++;
	block_free(&msg);
	block_free(&sig);
}

static void
run(struct suite *s, int alg)
{
	json_t *all = suite_json(s, NULL), *group, *test;
	struct counts n = { 0 };
	size_t i, k;

	json_array_foreach(json_object_get(all, "testGroups"), i, group) {
		struct crypto_key *key = group_key(alg, group);

		json_array_foreach(json_object_get(group, "tests"), k, test)
			run_case(s, key, test, &n);
		crypto_key_free(key);
	}
	if ((json_int_t)s->cases != json_integer_value(json_object_get(all,
	    "numberOfTests")))
		suite_fail(s, NULL, NULL, "not every test was met");
	json_decref(all);
	suite_note(s, "%zu verified, %zu refused, %zu acceptable either way",
	    n.verified, n.refused, n.either);
}

void
suite_wycheproof_p256(struct suite *s)
{
	run(s, ALG_ES256);
}

void
suite_wycheproof_ed25519(struct suite *s)
{
	run(s, ALG_EDDSA);
}
