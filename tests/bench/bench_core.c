/*
 * What a card costs to sign and to check, beside the bare signature in
 * OpenSSL: ratios, measured in one run, alternating. Never a test: machines
 * are noisy.
 */
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/token.h"
#include "keys/keyfile.h"
#include "tests/bench/bench.h"
#include "tests/unit/fixture.h"

enum { ROUNDS = 7, PER_ROUND = 2000 };

/* Microseconds a call: median of the rounds. */
static double
median(double *v)
{
	return bench_median(v, ROUNDS) * 1e6 / PER_ROUND;
}

struct raw {
	EVP_PKEY *pkey;
	uint8_t msg[700], sig[80];
	size_t sig_len;
};

static void
raw_sign(struct raw *r)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	r->sig_len = sizeof(r->sig);
	if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, r->pkey) != 1 ||
	    EVP_DigestSign(ctx, r->sig, &r->sig_len, r->msg,
	    sizeof(r->msg)) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
}

static void
raw_verify(struct raw *r)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, r->pkey) != 1 ||
	    EVP_DigestVerify(ctx, r->sig, r->sig_len, r->msg,
	    sizeof(r->msg)) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
}

static void
our_verify(struct fixture *f, const char *text, size_t len)
{
	struct buf work = buf_over(f->work, sizeof(f->work));

	if (verdict_judge_text(&f->trust, bytes_from(text, len), FX_NOW, &work,
	    &f->read).code != VERDICT_VALID)
		abort();
}

int
main(void)
{
	struct fixture *f = fx_new();
	struct raw r = { .pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256") };
	double rs[ROUNDS], rv[ROUNDS], os[ROUNDS], ov[ROUNDS], t;
	char text[TOKEN_TEXT_MAX];
	size_t len;

	if (r.pkey == NULL || token_wrap(bytes_from(f->cose, f->cose_len),
	    text, sizeof(text), NULL) != ST_OK)
		return 70;
	len = strlen(text);
	for (int i = 0; i < ROUNDS; i++) {
		t = bench_seconds();
		for (int k = 0; k < PER_ROUND; k++)
			raw_sign(&r);
		rs[i] = bench_seconds() - t;
		t = bench_seconds();
		for (int k = 0; k < PER_ROUND; k++)
			fx_sign(f, f->document);
		os[i] = bench_seconds() - t;
		t = bench_seconds();
		for (int k = 0; k < PER_ROUND; k++)
			raw_verify(&r);
		rv[i] = bench_seconds() - t;
		t = bench_seconds();
		for (int k = 0; k < PER_ROUND; k++)
			our_verify(f, text, len);
		ov[i] = bench_seconds() - t;
	}
	printf("bench_core: %d rounds of %d, medians, one run\n", ROUNDS,
	    PER_ROUND);
	printf("  sign:   OpenSSL ES256 %6.1f us, a card's claims to COSE_Sign1 %6.1f us, ratio %.2f\n",
	    median(rs), median(os), median(os) / median(rs));
	printf("  verify: OpenSSL ES256 %6.1f us, verdict from %zu characters %6.1f us, ratio %.2f\n",
	    median(rv), len, median(ov), median(ov) / median(rv));
	EVP_PKEY_free(r.pkey);
	fx_free(f);
	return 0;
}
