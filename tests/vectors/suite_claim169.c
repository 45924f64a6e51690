/*
 * Claim 169: what others publish, read by `cedula-verifier inspect`: every
 * expected field is compared, and no such token is ever a good card.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cose.h"
#include "common/token.h"
#include "common/verdict.h"
#include "common/when.h"
#include "tests/vectors/child.h"

struct counts {
	size_t fields, signed_, unsigned_, encrypted, red, dates;
};

/* ---- fields ------------------------------------------------------------- */

/* Everything in expected is in got; biometric entries may have more. */
static bool
holds(json_t *got, json_t *expected)
{
	const char *key;
	json_t *v;
	size_t i;

	if (json_is_object(expected)) {
		json_object_foreach(expected, key, v)
			if (!holds(json_object_get(got, key), v))
				return false;
		return json_is_object(got);
	}
	if (json_is_array(expected)) {
		json_array_foreach(expected, i, v)
			if (!holds(json_array_get(got, i), v))
				return false;
		return json_array_size(got) == json_array_size(expected);
	}
	return got != NULL && json_equal(got, expected);
}

/* with-face.json contradicts itself: its QR text holds the bytes ffd8ffe00010
 * (a JPEG's first), its expectation the Base64 of fffdfee00010. What is signed
 * counts. */
static json_t *
true_expectation(const char *file, json_t *expected)
{
	json_t *face = json_array_get(json_object_get(expected, "face"), 0);

	if (strcmp(file, "with-face.json") == 0 &&
	    strcmp(json_text_at(face, "data", NULL), "//3+4AAQ") == 0)
		(void)json_string_set(json_object_get(face, "data"),
		    "/9j/4AAQ");
	return expected;
}

/* Field by field, and nothing beside them: but most vectors leave photo and
 * biometrics (arrays) out of what they expect. */
static void
compare_fields(struct suite *s, const char *file, json_t *got,
    json_t *expected, struct counts *n)
{
	const char *key;
	json_t *v;

	json_object_foreach(expected, key, v) {
		char *want = json_dumps(v, JSON_ENCODE_ANY);

		n->fields++;
		if (!holds(json_object_get(got, key), v))
			suite_fail(s, file, key, "expected %s", want);
		free(want);
	}
	json_object_foreach(got, key, v)
		if (!json_is_array(v) && strcmp(key, "photo") != 0 &&
		    json_object_get(expected, key) == NULL)
			suite_fail(s, file, key, "not expected");
}

/* ---- one token ---------------------------------------------------------- */

/* A fixed instant at which a token is in force, if there is any. */
static int64_t
instant_within(json_t *meta)
{
	json_t *iat = json_object_get(meta, "issuedAt");
	json_t *nbf = json_object_get(meta, "notBefore");

	return json_integer_value(nbf != NULL ? nbf : iat);
}

static bool
inspect(struct suite *s, const char *file, json_t *j, int64_t now,
    bool with_secret, struct child *out)
{
	const char *key = json_text_at(j, "signing_key", "public_key_hex",
	    NULL);
	const char *secret = json_text_at(j, "encryption_key",
	    "symmetric_key_hex", NULL);
	const char *args[CHILD_ARGS];
	char when[WHEN_TEXT];
	size_t n = 0;

	when_format(now, when);
	args[n++] = "--now";
	args[n++] = when;
	if (key != NULL) {
		args[n++] = "--key";
		args[n++] = key;
	}
	if (secret != NULL && with_secret) {
		args[n++] = "--decrypt-key";
		args[n++] = secret;
	}
	args[n] = NULL;
	return child_inspect(s, file, args,
	    bytes_text(json_text_at(j, "qr_data", NULL)), out);
}

static void
expect_text(struct suite *s, const char *file, const struct child *c,
    const char *key, const char *want)
{
	if (strcmp(child_text(c, key), want) != 0)
		suite_fail(s, file, key, "expected \"%s\" got \"%s\"", want,
		    child_text(c, key));
}

static void
expect_dates(struct suite *s, const char *file, json_t *j, int64_t now,
    const char *want, struct counts *n)
{
	struct child c;

	if (!inspect(s, file, j, now, true, &c))
		return;
	n->dates++;
	expect_text(s, file, &c, "dates", want);
	if (strcmp(want, "valid") != 0 && c.status != 2)
		suite_fail(s, file, want, "expected exit status 2 got %d",
		    c.status);
	child_free(&c);
}

/* RFC 8032 section 7.1 test 2: nobody here signs with it. */
static void
check_other_key(struct suite *s, const char *file, json_t *j)
{
	const char *secret = json_text_at(j, "encryption_key",
	    "symmetric_key_hex", NULL);
	const char *args[] = { "--key",
	    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	    secret != NULL ? "--decrypt-key" : NULL, secret, NULL };
	struct child c;

	if (!child_inspect(s, file, args,
	    bytes_text(json_text_at(j, "qr_data", NULL)), &c))
		return;
	expect_text(s, file, &c, "signature", "invalid");
	child_free(&c);
}

static void
check_signature(struct suite *s, const char *file, json_t *j,
    const struct child *c, struct counts *n)
{
	bool is_signed = json_object_get(j, "signing_key") != NULL;

	expect_text(s, file, c, "signature", is_signed ? "valid" : "invalid");
	if (is_signed) {
		n->signed_++;
		check_other_key(s, file, j);
	} else {
		n->unsigned_++;
		if (strcmp(child_text(c, "reason"), "empty-signature") != 0)
			expect_text(s, file, c, "reason", "not-signed");
	}
	if (c->status != (is_signed ? 0 : 2))
		suite_fail(s, file, NULL, "expected exit status %d got %d",
		    is_signed ? 0 : 2, c->status);
}

/* What lies in the text, opened if there is a key to it. */
static struct bytes
unwrapped(struct suite *s, const char *file, json_t *j, struct bytes text)
{
	static uint8_t work_room[TOKEN_TEXT_MAX], out_room[TOKEN_BYTES_MAX],
	    plain[TOKEN_BYTES_MAX];
	struct buf work = buf_over(work_room, sizeof(work_room));
	struct buf out = buf_over(out_room, sizeof(out_room));
	struct bytes cose;
	struct block secret;
	size_t len = 0;

	if (token_unwrap(text, NULL, &work, &out, &cose) != ST_OK ||
	    !block_hex(json_text_at(j, "encryption_key", "symmetric_key_hex",
	    NULL), &secret))
		return cose;
	if (cose_encrypt0_open(cose, block_bytes(&secret), plain,
	    sizeof(plain), &len) != ST_OK)
		suite_fail(s, file, NULL, "does not open");
	block_free(&secret);
	return bytes_from(plain, len);
}

/* Neither the text as scanned nor what lies in it is ever a good card. */
static void
check_verdict(struct suite *s, const char *file, json_t *j, int64_t now,
    struct counts *n)
{
	static uint8_t room[TOKEN_TEXT_MAX];
	struct buf work = buf_over(room, sizeof(room));
	struct bytes text = bytes_text(json_text_at(j, "qr_data", NULL));
	struct trust *t = calloc(1, sizeof(*t));
	struct claims *c = calloc(1, sizeof(*c));
	enum colour scanned, inner;

	if (t == NULL || c == NULL)
		abort();
	trust_init(t, NULL, 0);
	scanned = verdict_colour(verdict_judge_text(t, text, now, &work,
	    c).code);
	inner = verdict_colour(verdict_judge(t, unwrapped(s, file, j, text),
	    now, c).code);
	if (scanned == RED && inner == RED)
		n->red++;
	else
		suite_fail(s, file, NULL, "a card's verdict is %s, %s",
		    colour_token(scanned), colour_token(inner));
	trust_free(t);
	free(t);
	free(c);
}

/* Without the key an encrypted token shows nothing. */
static void
check_sealed(struct suite *s, const char *file, json_t *j, int64_t now)
{
	struct child c;

	if (!inspect(s, file, j, now, false, &c))
		return;
	expect_text(s, file, &c, "result", "encrypted");
	expect_text(s, file, &c, "reason", "no-decrypt-key-given");
	if (!json_is_null(json_object_get(c.answer, "claims")))
		suite_fail(s, file, NULL, "claims without the key");
	child_free(&c);
}

static void
run_token(struct suite *s, const char *file, json_t *j, int64_t now,
    struct counts *n)
{
	bool encrypted = json_object_get(j, "encryption_key") != NULL;
	struct child c;

	if (encrypted) {
		n->encrypted++;
		check_sealed(s, file, j, now);
	}
	if (!inspect(s, file, j, now, true, &c))
		return;
	expect_text(s, file, &c, "result", "ok");
	expect_text(s, file, &c, "text", json_text_at(j, "qr_data", NULL));
	if (json_is_true(json_object_get(c.answer, "encrypted")) != encrypted)
		suite_fail(s, file, "encrypted", "the other was expected");
	compare_fields(s, file, json_object_get(c.answer, "identity"),
	    true_expectation(file, json_object_get(j, "expected_claim169")),
	    n);
	compare_fields(s, file, json_object_get(c.answer, "cwt"),
	    json_object_get(j, "expected_cwt_meta"), n);
	check_signature(s, file, j, &c, n);
	check_verdict(s, file, j, now, n);
	child_free(&c);
}

/* ---- the suites --------------------------------------------------------- */

/* In force at its first second and at its last; not one second beyond. */
static void
run_valid(struct suite *s, const char *file, void *arg)
{
	struct counts *n = arg;
	json_t *j = suite_json(s, file);
	json_t *meta = json_object_get(j, "expected_cwt_meta");
	int64_t from = instant_within(meta);
	json_t *exp = json_object_get(meta, "expiresAt");

	s->cases++;
	run_token(s, file, j, from, n);
	expect_dates(s, file, j, from, "valid", n);
	expect_dates(s, file, j, from - 1, "not-yet-valid", n);
	if (exp != NULL) {
		expect_dates(s, file, j, json_integer_value(exp), "valid", n);
		expect_dates(s, file, j, json_integer_value(exp) + 1,
		    "expired", n);
	}
	json_decref(j);
}

/* The edges are about today, which is given, not asked for. */
static void
run_edge(struct suite *s, const char *file, void *arg)
{
	struct counts *n = arg;
	json_t *j = suite_json(s, file);
	const char *name = json_text_at(j, "name", NULL);
	int64_t today = 1767225600;		/* 2026-01-01 */
	bool timely = name == NULL || strcmp(name, "unknown-fields") == 0;

	s->cases++;
	expect_dates(s, file, j, today, timely ? "valid" : name, n);
	run_token(s, file, j, instant_within(json_object_get(j,
	    "expected_cwt_meta")), n);
	json_decref(j);
}

static void
run_invalid(struct suite *s, const char *file, void *arg)
{
	static const struct { const char *error, *broken; } stages[] = {
		{ "Base45Decode", "base45" }, { "Decompress", "zlib" },
		{ "CoseParse", "cose" }, { "Claim169NotFound", "" },
	};
	json_t *j = suite_json(s, file);
	const char *error = json_text_at(j, "expected_error", NULL);
	size_t i = 0, count = sizeof(stages) / sizeof(stages[0]);
	struct child c;

	s->cases++;
	while (i < count && strcmp(stages[i].error, error) != 0)
		i++;
	if (i == count)
		suite_fail(s, file, error, "an unknown kind of error");
	else if (inspect(s, file, j, 1767225600, true, &c)) {
		expect_text(s, file, &c, "broken", stages[i].broken);
		if (!json_is_null(json_object_get(c.answer, "identity")))
			suite_fail(s, file, NULL, "an identity was found");
		if (c.status != 2)
			suite_fail(s, file, NULL, "exit status %d", c.status);
		child_free(&c);
		check_verdict(s, file, j, 1767225600, arg);
	}
	json_decref(j);
}

void
suite_claim169_valid(struct suite *s)
{
	struct counts n = { 0 };

	suite_files(s, ".json", run_valid, &n);
	suite_note(s, "%zu fields as expected, %zu signatures valid, %zu "
	    "unsigned and said so, %zu opened with their key, %zu dates, %zu "
	    "red as cards", n.fields, n.signed_, n.unsigned_, n.encrypted,
	    n.dates, n.red);
	if (n.signed_ != 3 || n.encrypted != 2)
		suite_fail(s, NULL, NULL,
		    "expected 3 signed and 2 encrypted ones");
}

void
suite_claim169_invalid(struct suite *s)
{
	struct counts n = { 0 };

	suite_files(s, ".json", run_invalid, &n);
	suite_note(s, "each refused at its stage, %zu red as cards", n.red);
}

void
suite_claim169_edge(struct suite *s)
{
	struct counts n = { 0 };

	suite_files(s, ".json", run_edge, &n);
	suite_note(s, "%zu fields as expected, %zu dates told, %zu red as "
	    "cards", n.fields, n.dates, n.red);
}
