/*
 * Fund: the office's solidarity fund, a ledger of entries that are never
 * changed: donations and a share of the fees come in; aid to persons and fees
 * waived at its cost go out; a mistake is taken back by an opposite entry, once.
 * In no currency is there ever less than nothing. Aid is asked for by one
 * officer and paid by another: the tables see to it.
 *
 * As in register.h: the caller's transaction, r's officer and instant, copies.
 * Amounts are of the currency's smallest unit; what goes out is negative.
 */
#ifndef CEDULA_ISSUER_REGISTER_FUND_H
#define CEDULA_ISSUER_REGISTER_FUND_H

#include "issuer/register/currency.h"
#include "issuer/register/register.h"

#define FUND_DETAIL_MAX 200	/* characters */

/* person 0: not one of the register. */
enum status	reg_fund_give(struct reg *r, const struct money *m,
		    int64_t person, const char *detail, int64_t *entry,
		    struct diag *d) MUST_CHECK;
/* ST_STATE beyond the fees that were taken in this currency. */
enum status	reg_fund_share(struct reg *r, const struct money *m,
		    const char *detail, int64_t *entry, struct diag *d)
		    MUST_CHECK;
/* ST_STATE unless the fund has it now. */
enum status	reg_fund_has(struct reg *r, const struct money *m,
		    struct diag *d) MUST_CHECK;

struct fund_request {
	int64_t id, at, person, decided;	/* decided 0: not yet */
	struct money money;
	char state[12], detail[REG_TEXT], reason[REG_TEXT];
	char officer[REG_NAME], decided_by[REG_NAME];
};

/* Aid for a person is asked for; nothing is paid. */
enum status	reg_fund_request(struct reg *r, int64_t person,
		    const struct money *m, const char *detail, int64_t *id,
		    struct diag *d) MUST_CHECK;
/* ST_PERMISSION for the officer who asked. */
enum status	reg_fund_pay(struct reg *r, int64_t request, int64_t *entry,
		    struct diag *d) MUST_CHECK;
enum status	reg_fund_refuse(struct reg *r, int64_t request,
		    const char *reason, struct diag *d) MUST_CHECK;
/* state NULL: all. */
enum status	reg_fund_requests(struct reg *r, const char *state,
		    enum status (*each)(void *arg,
		    const struct fund_request *f), void *arg, struct diag *d)
		    MUST_CHECK;
/* ST_STATE for one that was reversed, is a reversal, or is a waiver of an
 * application that was not refused. */
enum status	reg_fund_reverse(struct reg *r, int64_t entry,
		    const char *reason, int64_t *id, struct diag *d)
		    MUST_CHECK;

struct fund_entry {
	int64_t id, at, person, application, request, reverses;	/* 0: none */
	char kind[12], officer[REG_NAME], detail[REG_TEXT];
	struct money money;
	int64_t balance;	/* of its currency, after it */
};

struct fund_sum {
	char currency[CURRENCY];
	int64_t opening, in, out, closing;
};

/* From one instant up to and without another, in order of date. */
enum status	reg_fund_entries(struct reg *r, int64_t from, int64_t to,
		    enum status (*each)(void *arg,
		    const struct fund_entry *e), void *arg, struct diag *d)
		    MUST_CHECK;
/* The same time by currency. */
enum status	reg_fund_sums(struct reg *r, int64_t from, int64_t to,
		    enum status (*each)(void *arg, const struct fund_sum *s),
		    void *arg, struct diag *d) MUST_CHECK;

#endif
