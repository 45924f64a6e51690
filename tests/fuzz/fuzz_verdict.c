/*
 * Verdict: no text but the good card's is ever green or amber. And of claims
 * that are signed, whatever they are: green and amber only for what the rules
 * of DESIGN section 2 allow, checked here a second time and otherwise.
 */
#include "common/cose.h"
#include "common/text.h"
#include "common/verdict.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ground.h"

enum { INPUT_MAX = 1 << 13 };

static uint8_t work_room[TOKEN_TEXT_MAX], cose_room[INPUT_MAX + 512];
static struct claims claims;

static bool
is_red(struct verdict v)
{
	if (verdict_colour(v.code) != RED)
		return false;
	/* What did not verify is not shown. */
	HOLDS(v.signer == NULL && v.state == NULL && !claims.has_identity &&
	    claims.identity.full_name.p == NULL);
	return true;
}

static void
judge_text(struct bytes text)
{
	const struct ground *g = ground();
	struct buf work = buf_over(work_room, sizeof(work_room));
	struct verdict v = verdict_judge_text(g->trust, text, GROUND_NOW,
	    &work, &claims);

	if (is_red(v))
		return;
	while (text.len > 0 && (text.p[text.len - 1] == '\n' ||
	    text.p[text.len - 1] == '\r'))
		text.len--;
	HOLDS(bytes_equal(text, g->text));
	HOLDS(v.code == VERDICT_VALID);
}

static void
judge_cose(struct bytes cose)
{
	const struct ground *g = ground();
	struct verdict v = verdict_judge(g->trust, cose, GROUND_NOW, &claims);

	if (!is_red(v))
		HOLDS(bytes_equal(cose, g->card) ||
		    bytes_equal(cose, g->family));
}

/* What a signed card must be to pass at all, now and at its last second. */
static void
judge_signed(struct bytes payload, enum ground_key by)
{
	const struct ground *g = ground();
	struct buf out = buf_over(cose_room, sizeof(cose_room));
	const struct trust_key *signer = &g->trust->list[0].key[0];
	struct verdict v;
	struct status_uri uri;

	ground_sign(by, NULL, payload, &out);
	v = verdict_judge(g->trust, buf_bytes(&out), GROUND_NOW, &claims);
	if (is_red(v))
		return;
	HOLDS(by == GROUND_DOCUMENT && v.signer == signer);
	HOLDS(cbor_check(payload, CBOR_STRICT) == ST_OK);
	HOLDS(claims.has_exp && claims.exp >= GROUND_NOW &&
	    claims.exp <= signer->until);
	HOLDS(claims.has_nbf && claims.nbf <= GROUND_NOW);
	HOLDS(claims.has_iat && claims.iat <= GROUND_NOW &&
	    claims.iat >= signer->from && claims.iat <= signer->sign_until);
	HOLDS(claims.has_status && claims.has_identity &&
	    status_uri_parse(claims.status_uri, &uri));
	HOLDS(bytes_equal_text(claims.iss, "NIC") &&
	    bytes_equal_text(bytes_text(uri.state), "NIC") &&
	    bytes_equal_text(bytes_text(uri.office), "SJO"));
	HOLDS(claims.identity.id.len > 0 &&
	    text_is_printable(claims.identity.full_name));
	/* 64 cards in the list, of which 5, 6 and 7 are not good; another
	 * list of the office is not at hand. */
	if (bytes_equal_text(claims.status_uri, GROUND_URI))
		HOLDS(v.code == VERDICT_VALID && claims.status_index < 64 &&
		    (claims.status_index < 5 || claims.status_index > 7));
	else
		HOLDS(v.code == VERDICT_VALID_STALE &&
		    v.detail == DETAIL_LIST_MISSING);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);

	if (size > INPUT_MAX)
		return 0;
	judge_text(in);
	judge_cose(in);
	judge_signed(in, GROUND_DOCUMENT);
	judge_signed(in, GROUND_STATUS);
	return 0;
}
