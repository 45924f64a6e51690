/*
 * Currency: amounts of money as they are typed and shown. An amount is a whole
 * number of the currency's smallest unit (ISO 4217: cents, but yen and
 * guaraníes have none); there are no fractions of it and no floating point.
 * The currencies of America and Europe, and the yen, are known. Pure.
 */
#ifndef CEDULA_ISSUER_REGISTER_CURRENCY_H
#define CEDULA_ISSUER_REGISTER_CURRENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/host/diag.h"

#define CURRENCY 4			/* "USD" and its NUL */
#define MONEY_MAX INT64_C(1000000000000)	/* of one amount */
#define MONEY_TEXT 28			/* a sum, with its NUL */

struct money {
	int64_t amount;
	char currency[CURRENCY];
};

/* Digits after the point, 2 or 0; -1 for a code that is not known. */
int		currency_digits(const char *code);
/* "15" or "15.00" where the currency has cents; nothing else: ST_DATA names
 * --amount or --currency. Zero only where zero is true. */
enum status	money_parse(const char *text, const char *currency, bool zero,
		    struct money *out, struct diag *d) MUST_CHECK;
/* "15.00", "-0.50", "1500"; also of a sum, and of a currency that is not
 * known, which is shown in its smallest unit. */
void		money_format(int64_t amount, const char *currency,
		    char out[MONEY_TEXT]);

#endif
