/*
 * Shamir: a secret shared among n so that any k have it and k - 1 know nothing
 * (A. Shamir, "How to share a secret", CACM 22, 1979), byte by byte over
 * GF(2^8) with the polynomial of AES (FIPS 197 §4.2).
 *
 * Pure functions over the caller's memory. Time does not depend on the secret:
 * no table is indexed by it and no branch asks it. Share numbers are public.
 */
#ifndef CEDULA_KEYS_SHAMIR_H
#define CEDULA_KEYS_SHAMIR_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/status.h"

#define SHAMIR_MAX 16		/* shares of one secret */

/* Shares secret.len bytes: share x (1 to n) is the secret.len bytes at
 * out + (x - 1) * secret.len. 2 <= k <= n <= SHAMIR_MAX, else ST_USAGE;
 * ST_INTERNAL when there is no randomness, and out is erased. */
enum status	shamir_split(struct bytes secret, unsigned k, unsigned n,
		    uint8_t *out) MUST_CHECK;
/* The value at 0 of the polynomial through m points: y[i] has len bytes and
 * number x[i]. Right if m is at least the k of the split. ST_DATA when a number
 * is 0 or stands twice. The caller erases out. */
enum status	shamir_combine(const uint8_t *x, const uint8_t *const *y,
		    size_t m, size_t len, uint8_t *out) MUST_CHECK;
/* The product in the field. */
uint8_t		shamir_mul(uint8_t a, uint8_t b);

#endif
