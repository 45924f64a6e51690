#include "keys/shamir.h"

#include <openssl/rand.h>

#include "common/crypto.h"

uint8_t
shamir_mul(uint8_t a, uint8_t b)
{
	uint8_t r = 0;

	for (int i = 0; i < 8; i++) {
		/* All ones where the bit is set, else zero: no branch. */
		uint8_t take = (uint8_t)-(b & 1), over = (uint8_t)-(a >> 7);

		r ^= a & take;
		a = (uint8_t)((a << 1) ^ (0x1b & over));
		b >>= 1;
	}
	return r;
}

/* a^254, which is 1/a (and 0 for 0). */
static uint8_t
inverse(uint8_t a)
{
	uint8_t power = a, r = 1;

	for (int i = 0; i < 7; i++) {
		power = shamir_mul(power, power);
		r = shamir_mul(r, power);
	}
	return r;
}

enum status
shamir_split(struct bytes secret, unsigned k, unsigned n, uint8_t *out)
{
	uint8_t c[SHAMIR_MAX - 1], y;
	enum status st = ST_INTERNAL;

	if (k < 2 || k > n || n > SHAMIR_MAX)
		return ST_USAGE;
	for (size_t i = 0; i < secret.len; i++) {
		/* Every coefficient is uniform, zero among them: only then do
		 * k - 1 shares fit every secret equally well. */
		if (RAND_priv_bytes(c, (int)k - 1) != 1)
			goto out;
		for (unsigned x = 1; x <= n; x++) {
			y = 0;
			for (unsigned j = k - 1; j-- > 0;)
				y = shamir_mul(y ^ c[j], (uint8_t)x);
			out[(x - 1) * secret.len + i] = y ^ secret.p[i];
		}
	}
	st = ST_OK;
out:
	if (st != ST_OK)
		crypto_wipe(out, n * secret.len);
	crypto_wipe(c, sizeof(c));
	return st;
}

enum status
shamir_combine(const uint8_t *x, const uint8_t *const *y, size_t m, size_t len,
    uint8_t *out)
{
	uint8_t weight[SHAMIR_MAX];

	if (m < 2 || m > SHAMIR_MAX)
		return ST_DATA;
	for (size_t i = 0; i < m; i++) {
		if (x[i] == 0)
			return ST_DATA;
		/* Lagrange at 0: the product of x[j] / (x[j] - x[i]). */
		weight[i] = 1;
		for (size_t j = 0; j < m; j++) {
			if (j == i)
				continue;
			if (x[j] == x[i])
				return ST_DATA;
			weight[i] = shamir_mul(weight[i], shamir_mul(x[j],
			    inverse(x[j] ^ x[i])));
		}
	}
	for (size_t b = 0; b < len; b++) {
		out[b] = 0;
		for (size_t i = 0; i < m; i++)
			out[b] ^= shamir_mul(y[i][b], weight[i]);
	}
	return ST_OK;
}
