/*
 * EU Digital COVID Certificate test data: the same envelope as ours. The text,
 * the picture, the signature and the expiry are run through `cedula-verifier
 * inspect`; the health payload is not ours. A missing expectation is not
 * tested; what is not tested is counted and said.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/token.h"
#include "common/verdict.h"
#include "tests/vectors/child.h"

struct counts {
	size_t expectations, tokens, valid, invalid, expiry, pictures,
	    no_picture, payload, red;
};

enum expectation { ABSENT, MUST, MUST_NOT };

static enum expectation
expected(json_t *j, const char *name)
{
	json_t *v = json_object_get(json_object_get(j, "EXPECTEDRESULTS"),
	    name);

	return v == NULL ? ABSENT : json_is_true(v) ? MUST : MUST_NOT;
}

/* The certificate as the file that --key wants; unlinked by the caller. */
static bool
key_file(json_t *j, char path[])
{
	struct block der;
	bool good;
	int fd;

	if (!block_base64(json_text_at(j, "TESTCTX", "CERTIFICATE", NULL),
	    &der))
		return false;
	good = (fd = mkstemp(path)) >= 0 &&
	    write(fd, der.p, der.len) == (ssize_t)der.len;
	if (fd >= 0)
		(void)close(fd);
	block_free(&der);
	return good;
}

static bool
inspect(struct suite *s, const char *file, json_t *j, struct bytes in,
    struct child *out)
{
	char path[] = "/tmp/cedula-dgc-XXXXXX";
	const char *args[] = { "--prefix", "HC1:", "--now",
	    json_text_at(j, "TESTCTX", "VALIDATIONCLOCK", NULL), "--key", path,
	    NULL };
	bool good;

	if (!key_file(j, path)) {
		suite_fail(s, file, NULL, "the certificate cannot be used");
		return false;
	}
	good = child_inspect(s, file, args, in, out);
	(void)unlink(path);
	return good;
}

/* ---- what each expectation means here ----------------------------------- */

/* How far inspect came: prefix 0, Base45 1, zlib 2, COSE 3, all 4. Its word
 * for the first two is one; whether the prefix is there is plain to see. */
static size_t
stage(json_t *j, const struct child *c)
{
	static const char *const stages[] = { "prefix", "base45", "zlib",
	    "cose" };
	const char *broken = child_text(c, "broken");
	const char *text = json_text_at(j, "PREFIX", NULL);

	if (strcmp(broken, "prefix-or-base45") == 0)
		return strncmp(text, "HC1:", 4) == 0 ? 1 : 0;
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		if (strcmp(broken, stages[i]) == 0)
			return i;
	return sizeof(stages) / sizeof(stages[0]);
}

static void
check_stage(struct suite *s, const char *file, json_t *j,
    const struct child *c, const char *name, size_t at, struct counts *n)
{
	enum expectation e = expected(j, name);
	bool good = e == MUST ? stage(j, c) > at : stage(j, c) == at;

	if (e == ABSENT)
		return;
	n->expectations++;
	if (!good)
		suite_fail(s, file, name, "expected %s, broken \"%s\"",
		    e == MUST ? "true" : "false", child_text(c, "broken"));
}

/* The data set wants CBO2 (a broken CWT structure) to fail VERIFY: any way of
 * not being valid will do. */
static void
check_signature(struct suite *s, const char *file, json_t *j,
    const struct child *c, struct counts *n)
{
	enum expectation e = expected(j, "EXPECTEDVERIFY");
	bool valid = strcmp(child_text(c, "signature"), "valid") == 0;

	if (e == ABSENT)
		return;
	n->expectations++;
	if (valid)
		n->valid++;
	else
		n->invalid++;
	if (valid != (e == MUST))
		suite_fail(s, file, "EXPECTEDVERIFY", "signature is \"%s\" "
		    "(%s)", child_text(c, "signature"),
		    child_text(c, "reason"));
}

static void
check_expiry(struct suite *s, const char *file, json_t *j,
    const struct child *c, struct counts *n)
{
	enum expectation e = expected(j, "EXPECTEDEXPIRATIONCHECK");

	if (e == ABSENT)
		return;
	n->expectations++;
	n->expiry++;
	if ((strcmp(child_text(c, "dates"), "valid") == 0) != (e == MUST))
		suite_fail(s, file, "EXPECTEDEXPIRATIONCHECK",
		    "dates are \"%s\"", child_text(c, "dates"));
	if (e == MUST_NOT && c->status != 2)
		suite_fail(s, file, NULL, "exit status %d", c->status);
}

/* Never a card, with whatever algorithm it is signed. */
static void
check_verdict(struct suite *s, const char *file, struct bytes cose,
    struct counts *n)
{
	struct trust *t = calloc(1, sizeof(*t));
	struct claims *c = calloc(1, sizeof(*c));

	if (t == NULL || c == NULL)
		abort();
	trust_init(t, NULL, 0);
	if (verdict_colour(verdict_judge(t, cose, 1620064800, c).code) != RED)
		suite_fail(s, file, NULL, "a card's verdict is not red");
	n->red++;
	trust_free(t);
	free(t);
	free(c);
}

/* What lies in the text is, byte for byte, what the case says. */
static void
check_bytes(struct suite *s, const char *file, json_t *j, struct bytes text,
    struct counts *n)
{
	static uint8_t work_room[TOKEN_TEXT_MAX], out_room[TOKEN_BYTES_MAX];
	struct buf work = buf_over(work_room, sizeof(work_room));
	struct buf out = buf_over(out_room, sizeof(out_room));
	struct block cose, packed;
	struct bytes got;

	if (token_unwrap(text, "HC1:", &work, &out, &got) != ST_OK) {
		if (expected(j, "EXPECTEDCOMPRESSION") == MUST)
			suite_fail(s, file, NULL, "does not unwrap");
		return;
	}
	check_verdict(s, file, got, n);
	if (block_hex(json_text_at(j, "COSE", NULL), &cose)) {
		if (!bytes_equal(got, block_bytes(&cose)))
			suite_fail(s, file, "COSE", "other bytes");
		block_free(&cose);
	}
	if (block_hex(json_text_at(j, "COMPRESSED", NULL), &packed)) {
		if (!bytes_equal(buf_bytes(&work), block_bytes(&packed)))
			suite_fail(s, file, "COMPRESSED", "other bytes");
		block_free(&packed);
	}
}

static void
check_text(struct suite *s, const char *file, json_t *j, struct counts *n)
{
	const char *text = json_text_at(j, "PREFIX", NULL);
	struct child c;

	if (!inspect(s, file, j, bytes_text(text), &c))
		return;
	n->tokens++;
	check_stage(s, file, j, &c, "EXPECTEDUNPREFIX", 0, n);
	check_stage(s, file, j, &c, "EXPECTEDB45DECODE", 1, n);
	check_stage(s, file, j, &c, "EXPECTEDCOMPRESSION", 2, n);
	/* CBO1 has a sound envelope around a broken health payload. */
	if (strcmp(file, "CBO1.json") == 0)
		n->payload++;
	else
		check_stage(s, file, j, &c, "EXPECTEDDECODE", 3, n);
	check_signature(s, file, j, &c, n);
	check_expiry(s, file, j, &c, n);
	check_bytes(s, file, j, bytes_text(text), n);
	child_free(&c);
}

/* The picture gives the very text, or, where it cannot be read (Q1 is no
 * picture at all), nothing that verifies. */
static void
check_picture(struct suite *s, const char *file, json_t *j, struct counts *n)
{
	enum expectation e = expected(j, "EXPECTEDPICTUREDECODE");
	const char *base64 = json_text_at(j, "2DCODE", NULL);
	const char *text = json_text_at(j, "PREFIX", NULL);
	struct block png;
	struct child c;

	if (e == ABSENT)
		return;
	if (!block_base64(base64, &png) || png.len == 0) {
		n->no_picture++;
		return;
	}
	n->pictures++;
	n->expectations++;
	if (inspect(s, file, j, block_bytes(&png), &c)) {
		if (e == MUST && strcmp(child_text(&c, "text"), text) != 0)
			suite_fail(s, file, "2DCODE", "expected %s got %s",
			    text, child_text(&c, "text"));
		if (e == MUST_NOT && c.status != 3 && c.status != 2)
			suite_fail(s, file, "2DCODE",
			    "expected nothing got %d", c.status);
		child_free(&c);
	}
	block_free(&png);
}

static void
run_case(struct suite *s, const char *file, void *arg)
{
	struct counts *n = arg;
	json_t *j = suite_json(s, file);
	size_t before = n->expectations;

	s->cases++;
	check_text(s, file, j, n);
	check_picture(s, file, j, n);
	if (n->expectations == before && strcmp(file, "CBO1.json") != 0)
		n->payload++;
	json_decref(j);
}

void
suite_dgc(struct suite *s)
{
	struct counts n = { 0 };

	suite_files(s, ".json", run_case, &n);
	if (n.expectations == 0)
		suite_fail(s, NULL, NULL, "nothing was expected");
	suite_note(s, "%zu expectations: %zu signatures valid, %zu refused, "
	    "%zu expiries, %zu pictures read or refused, %zu red as cards; "
	    "untested: %zu pictures not there, %zu cases about the health "
	    "payload", n.expectations, n.valid, n.invalid, n.expiry,
	    n.pictures, n.red, n.no_picture, n.payload);
}
