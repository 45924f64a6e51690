#include "keys/share.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <stdio.h>
#include <string.h>

#include "common/crypto.h"
#include "common/text.h"

/* Where things are in the 50 bytes. */
enum {
	AT_STATE = SHARE_SET, AT_KN = AT_STATE + 3, AT_NUMBER, AT_Y,
	AT_CHECK = AT_Y + SHARE_SECRET + 4, RAW = AT_CHECK + 4,
	DIGITS = RAW * 8 / 5, GROUP = 5
};
_Static_assert(RAW * 8 % 5 == 0, "no bits are left over");

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char title[] = "CEDULASHARE1";

static enum status
digest4(const char *domain, struct bytes a, struct bytes b, uint8_t out[4])
{
	const struct bytes parts[] = { bytes_text(domain), a, b };
	uint8_t full[32];
	enum status st = crypto_sha256(parts, 3, full);

	if (st == ST_OK)
		memcpy(out, full, 4);
	crypto_wipe(full, sizeof(full));
	return st;
}

static enum status
raw_check(const uint8_t raw[RAW], uint8_t out[4])
{
	return digest4("cedula share 1", bytes_from(raw, AT_CHECK),
	    (struct bytes){ NULL, 0 }, out);
}

static enum status
secret_check(const uint8_t set[SHARE_SET], const uint8_t secret[SHARE_SECRET],
    uint8_t out[4])
{
	return digest4("cedula sealing secret 1", bytes_from(set, SHARE_SET),
	    bytes_from(secret, SHARE_SECRET), out);
}

/* len is a multiple of 5. */
static void
to_base32(const uint8_t *in, size_t len, char *out)
{
	for (size_t at = 0; at < len; at += 5) {
		uint64_t v = 0;

		for (size_t i = 0; i < 5; i++)
			v = v << 8 | in[at + i];
		for (int bits = 35; bits >= 0; bits -= 5)
			*out++ = alphabet[v >> bits & 31];
	}
	*out = '\0';
}

static int
digit(char c)
{
	const char *p;

	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	p = c == '\0' ? NULL : strchr(alphabet, c);
	return p == NULL ? -1 : (int)(p - alphabet);
}

static bool
from_base32(const char *in, uint8_t *out, size_t len)
{
	for (size_t at = 0; at < len; at += 5) {
		uint64_t v = 0;

		for (int i = 0; i < 8; i++) {
			int n = digit(*in++);

			if (n < 0)
				return false;
			v = v << 5 | (uint64_t)n;
		}
		for (size_t i = 0; i < 5; i++)
			out[at + i] = (uint8_t)(v >> (32 - 8 * i));
	}
	return true;
}

void
share_set_text(const uint8_t set[SHARE_SET], char out[SHARE_SET_TEXT])
{
	to_base32(set, SHARE_SET, out);
}

void
share_wipe(struct share *s, size_t n)
{
	crypto_wipe(s, n * sizeof(*s));
}

enum status
share_split(const uint8_t secret[SHARE_SECRET], const char *state, unsigned k,
    unsigned n, struct share out[SHAMIR_MAX])
{
	uint8_t set[SHARE_SET], whole[SHARE_SECRET + 4];
	uint8_t y[SHAMIR_MAX * sizeof(whole)];
	enum status st = ST_INTERNAL;

	memset(out, 0, SHAMIR_MAX * sizeof(*out));
	if (!text_is_code(bytes_text(state), false))
		return ST_USAGE;
	memcpy(whole, secret, SHARE_SECRET);
	if (RAND_bytes(set, sizeof(set)) != 1 ||
	    (st = secret_check(set, secret, whole + SHARE_SECRET)) != ST_OK ||
	    (st = shamir_split(bytes_from(whole, sizeof(whole)), k, n,
	    y)) != ST_OK)
		goto out;
	for (unsigned i = 0; i < n; i++) {
		out[i].k = k;
		out[i].n = n;
		out[i].number = i + 1;
		memcpy(out[i].set, set, SHARE_SET);
		memcpy(out[i].state, state, 3);
		memcpy(out[i].y, y + i * sizeof(whole), sizeof(whole));
	}
out:
	crypto_wipe(whole, sizeof(whole));
	crypto_wipe(y, sizeof(y));
	return st;
}

static enum status
check_together(const struct share *s, size_t m, struct diag *d)
{
	for (size_t i = 1; i < m; i++)
		if (memcmp(s[i].set, s[0].set, SHARE_SET) != 0 ||
		    s[i].k != s[0].k || s[i].n != s[0].n)
			return diag_set(d, ST_DATA,
			    _("shares of different sets: they do not open the same key"));
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < i; j++)
			if (s[i].number == s[j].number)
				return diag_set(d, ST_DATA,
				    _("share %u was given twice"), s[i].number);
	if (m < 2 || m < s[0].k)
		return diag_set(d, ST_DATA,
		    _("too few shares: %u are needed, %zu given"),
		    m == 0 ? 2 : s[0].k, m);
	return ST_OK;
}

enum status
share_join(const struct share *s, size_t m, uint8_t secret[SHARE_SECRET],
    struct diag *d)
{
	uint8_t whole[SHARE_SECRET + 4], check[4], x[SHAMIR_MAX];
	const uint8_t *y[SHAMIR_MAX];
	enum status st;

	if (m > SHAMIR_MAX)
		return diag_set(d, ST_TOO_BIG, _("too many shares"));
	if ((st = check_together(s, m, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < m; i++) {
		x[i] = (uint8_t)s[i].number;
		y[i] = s[i].y;
	}
	if ((st = shamir_combine(x, y, m, sizeof(whole), whole)) == ST_OK)
		st = secret_check(s[0].set, whole, check);
	if (st == ST_OK && CRYPTO_memcmp(check, whole + SHARE_SECRET,
	    sizeof(check)) != 0)
		st = diag_set(d, ST_DATA,
		    _("the shares do not fit together: one of them is not genuine"));
	if (st == ST_OK)
		memcpy(secret, whole, SHARE_SECRET);
	crypto_wipe(whole, sizeof(whole));
	return st;
}

void
share_encode(const struct share *s, char out[SHARE_TEXT])
{
	uint8_t raw[RAW];
	char digits[DIGITS + 1];
	size_t n;

	memcpy(raw, s->set, SHARE_SET);
	memcpy(raw + AT_STATE, s->state, 3);
	raw[AT_KN] = (uint8_t)((s->k - 1) << 4 | (s->n - 1));
	raw[AT_NUMBER] = (uint8_t)s->number;
	memcpy(raw + AT_Y, s->y, sizeof(s->y));
	if (raw_check(raw, raw + AT_CHECK) != ST_OK)
		memset(raw, 0, sizeof(raw));	/* a line that no one accepts */
	to_base32(raw, RAW, digits);
	n = (size_t)snprintf(out, SHARE_TEXT, "CEDULA-SHARE-1 %s %uof%u #%u ",
	    s->state, s->k, s->n, s->number);
	for (size_t i = 0; i < DIGITS; i++) {
		if (i > 0 && i % GROUP == 0)
			out[n++] = '-';
		out[n++] = digits[i];
	}
	out[n] = '\0';
	crypto_wipe(raw, sizeof(raw));
	crypto_wipe(digits, sizeof(digits));
}

/* The text in capitals, without blanks and dashes. */
static bool
strip(struct bytes text, char out[SHARE_TEXT])
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = (char)text.p[i];

		if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (n + 1 == SHARE_TEXT || c < '!' || c > '~')
			return false;
		out[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	out[n] = '\0';
	return true;
}

/* What is inside, if its check holds. */
static enum status
unpack(const uint8_t raw[RAW], struct share *out)
{
	uint8_t check[4];
	enum status st;

	if ((st = raw_check(raw, check)) != ST_OK)
		return st;
	if (CRYPTO_memcmp(check, raw + AT_CHECK, sizeof(check)) != 0)
		return ST_DATA;
	memcpy(out->set, raw, SHARE_SET);
	memcpy(out->state, raw + AT_STATE, 3);
	out->k = (raw[AT_KN] >> 4) + 1u;
	out->n = (raw[AT_KN] & 15) + 1u;
	out->number = raw[AT_NUMBER];
	memcpy(out->y, raw + AT_Y, sizeof(out->y));
	if (out->k < 2 || out->k > out->n || out->number < 1 ||
	    out->number > out->n ||
	    !text_is_code(bytes_text(out->state), false))
		return ST_MALFORMED;
	return ST_OK;
}

enum status
share_parse(struct bytes text, struct share *out)
{
	char word[SHARE_TEXT], want[SHARE_TEXT];
	uint8_t raw[RAW];
	size_t len, head;
	enum status st = ST_MALFORMED;

	memset(out, 0, sizeof(*out));
	if (!strip(text, word) || (len = strlen(word)) < DIGITS)
		goto out;
	head = len - DIGITS;
	/* 'U' is no digit: the title cannot be taken for one of the groups. */
	if (head > 0 && strncmp(word, title, sizeof(title) - 1) != 0)
		goto out;
	if (!from_base32(word + head, raw, RAW)) {
		st = ST_DATA;
		goto out;
	}
	if ((st = unpack(raw, out)) != ST_OK || head == 0)
		goto out;
	(void)snprintf(want, sizeof(want), "%s%s%uOF%u#%u", title, out->state,
	    out->k, out->n, out->number);
	if (head != strlen(want) || strncmp(word, want, head) != 0)
		st = ST_DATA;
out:
	if (st != ST_OK)
		share_wipe(out, 1);
	crypto_wipe(word, sizeof(word));
	crypto_wipe(raw, sizeof(raw));
	return st;
}
