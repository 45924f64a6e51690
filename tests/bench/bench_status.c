/*
 * What it costs to look up one card's status: in a full list of 2^20 places,
 * in a short list of 5,243 revoked ones, beside reading a byte of an array at
 * random and one SHA-256 of 32 bytes, in one run, alternating. Never a test:
 * machines are noisy.
 */
#include <openssl/evp.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/shortlist.h"
#include "tests/bench/bench.h"

enum { ROUNDS = 9, PLACES = 1 << 20, REVOKED = 5243, MANY = 1 << 20,
    FEW = 1 << 11 };

static uint8_t raw[PLACES / 4], bytes[PLACES], room[1 << 16];
static uint32_t where[MANY];	/* drawn before, so that drawing costs nothing */
static volatile unsigned sink;

/* Nanoseconds a call: median of the rounds. */
static double
median(double *v, double calls)
{
	return bench_median(v, ROUNDS) * 1e9 / calls;
}

static uint32_t
draw(void)
{
	static uint64_t state = 7;

	state = state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % PLACES;
}

static void
prepare(struct statuslist *full, struct shortlist *brief)
{
	struct buf b = buf_over(room, sizeof(room));

	*full = (struct statuslist){ .bits = 2,
	    .list = bytes_from(raw, sizeof(raw)) };
	for (uint32_t n = 0, v; n < REVOKED; ) {
		uint32_t i = draw();

		if (!statuslist_get(full, i, &v) || v != CARD_VALID)
			continue;
		statuslist_set(raw, i, CARD_REVOKED);
		n++;
	}
	for (size_t i = 0; i < MANY; i++) {
		where[i] = draw();
		bytes[i] = (uint8_t)where[i];
	}
	if (shortlist_encode(bytes_text("NIC"),
	    bytes_text("urn:cedula:NIC:SJO:1"), 1, 2,
	    bytes_from(raw, sizeof(raw)), &b) != ST_OK ||
	    shortlist_parse(buf_bytes(&b), brief) != ST_OK ||
	    brief->revoked_n != REVOKED)
		abort();
}

static double
array_reads(void)
{
	double t = bench_seconds();
	unsigned sum = 0;

	for (size_t i = 0; i < MANY; i++)
		sum += bytes[where[i]];
	sink = sum;
	return bench_seconds() - t;
}

static double
full_reads(const struct statuslist *l)
{
	double t = bench_seconds();
	unsigned sum = 0, v;

	for (size_t i = 0; i < MANY; i++) {
		if (!statuslist_get(l, where[i], &v))
			abort();
		sum += v;
	}
	sink = sum;
	return bench_seconds() - t;
}

static double
short_reads(const struct shortlist *l)
{
	double t = bench_seconds();
	unsigned sum = 0;

	for (size_t i = 0; i < FEW; i++)
		sum += (unsigned)shortlist_get(l, where[i]);
	sink = sum;
	return bench_seconds() - t;
}

static double
hashes(void)
{
	double t = bench_seconds();
	uint8_t out[32];

	for (size_t i = 0; i < FEW; i++)
		if (EVP_Digest(bytes + where[i] / 64 * 32, 32, out, NULL,
		    EVP_sha256(), NULL) != 1)
			abort();
	sink = out[0];
	return bench_seconds() - t;
}

int
main(void)
{
	double a[ROUNDS], f[ROUNDS], s[ROUNDS], h[ROUNDS], array, full;
	struct statuslist list;
	struct shortlist brief;

	prepare(&list, &brief);
	for (int i = 0; i < ROUNDS; i++) {
		a[i] = array_reads();
		f[i] = full_reads(&list);
		s[i] = short_reads(&brief);
		h[i] = hashes();
	}
	array = median(a, MANY);
	full = median(f, MANY);
	printf("bench_status: %d rounds, medians, one run; random places of 2^20, %d revoked\n",
	    ROUNDS, REVOKED);
	printf("  a byte of an array %5.2f ns; statuslist_get %5.2f ns, ratio %.2f\n",
	    array, full, full / array);
	printf("  SHA-256 of 32 bytes %.0f ns; shortlist_get %.0f ns\n",
	    median(h, FEW), median(s, FEW));
	return 0;
}
