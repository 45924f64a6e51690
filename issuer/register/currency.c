#include "issuer/register/currency.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ISO 4217: all of these have cents or nothing smaller. */
static const struct {
	int digits;
	const char *codes;	/* three letters each */
} table[] = {
	{ 2, "ARS AWG BBD BMD BOB BRL BSD BZD CAD COP CRC CUP DOP FKP GTQ GYD"
	    " HNL HTG JMD KYD MXN NIO PAB PEN SRD SVC TTD USD UYU VED VES XCD"
	    " XCG " },
	{ 2, "ALL AMD AZN BAM BGN BYN CHF CZK DKK EUR GBP GEL GIP HUF MDL MKD"
	    " NOK PLN RON RSD RUB SEK TRY UAH " },
	{ 0, "CLP PYG ISK JPY " },
};

int
currency_digits(const char *code)
{
	if (strlen(code) != CURRENCY - 1)
		return -1;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		for (const char *p = table[i].codes; *p != '\0'; p += CURRENCY)
			if (strncmp(p, code, CURRENCY - 1) == 0)
				return table[i].digits;
	return -1;
}

/* Digits up to the point or the end, as one more part of n; false when there
 * are none or n leaves its bounds. */
static bool
take_digits(const char **text, int64_t *n, int *count)
{
	const char *p = *text;

	for (*count = 0; *p >= '0' && *p <= '9'; p++, ++*count) {
		if (*n > MONEY_MAX)
			return false;
		*n = *n * 10 + (*p - '0');
	}
	*text = p;
	return *count > 0 && *n <= MONEY_MAX;
}

static bool
parse(const char *text, int digits, int64_t *out)
{
	int64_t n = 0;
	int count;
	const char *p = text;

	if (!take_digits(&p, &n, &count) || (count > 1 && text[0] == '0'))
		return false;
	if (*p == '.') {
		p++;
		if (!take_digits(&p, &n, &count) || count != digits)
			return false;
	} else
		for (int i = 0; i < digits; i++)
			n *= 10;
	*out = n;
	return *p == '\0' && n <= MONEY_MAX;
}

enum status
money_parse(const char *text, const char *currency, bool zero,
    struct money *out, struct diag *d)
{
	int digits = currency_digits(currency);
	int64_t amount;

	if (digits < 0)
		return diag_set(d, ST_DATA,
		    _("--currency %.20s: not known; give one of America or Europe as ISO 4217 writes it, as USD"),
		    currency);
	if (!parse(text, digits, &amount))
		return diag_set(d, ST_DATA, digits == 0 ?
		    _("--amount %.40s: %s has no smaller unit; give a whole number, as 15") :
		    _("--amount %.40s: not an amount of %s; give units, or units and hundredths, as 15 or 15.00"),
		    text, currency);
	if (amount == 0 && !zero)
		return diag_set(d, ST_DATA, _("--amount: give more than 0"));
	out->amount = amount;
	(void)snprintf(out->currency, sizeof(out->currency), "%s", currency);
	return ST_OK;
}

void
money_format(int64_t amount, const char *currency, char out[MONEY_TEXT])
{
	uint64_t n = amount < 0 ? (uint64_t)0 - (uint64_t)amount :
	    (uint64_t)amount;
	const char *sign = amount < 0 ? "-" : "";

	if (currency_digits(currency) == 2)
		(void)snprintf(out, MONEY_TEXT, "%s%" PRIu64 ".%02u", sign,
		    n / 100, (unsigned)(n % 100));
	else
		(void)snprintf(out, MONEY_TEXT, "%s%" PRIu64, sign, n);
}
