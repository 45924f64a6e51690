/*
 * Money: what a card costs and who has paid it. A tariff has a history; what an
 * application owes is the newest tariff for its kind and cause that is not
 * later than its submission (none: nothing). Receipts are numbered without
 * gaps, OFFICE-YEAR-000001, and never deleted. The tables refuse by themselves
 * to take more than is owed, to waive what one submitted oneself, and to keep a
 * card whose fee is open.
 *
 * As in register.h: the caller's transaction, r's officer and instant, copies.
 * Amounts are of the currency's smallest unit (currency.h).
 */
#ifndef CEDULA_ISSUER_REGISTER_MONEY_H
#define CEDULA_ISSUER_REGISTER_MONEY_H

#include "issuer/register/currency.h"
#include "issuer/register/register.h"

#define PAYER_MAX 120		/* characters */
#define RECEIPT_NUMBER 24	/* "SJO-2026-000001" and its NUL */

struct tariff {
	int64_t at;
	char kind[12], cause[12], officer[REG_NAME];
	struct money money;
	bool current;		/* no newer one of its kind and cause */
};

/* From now on. ST_STATE when one is dated after now. */
enum status	reg_tariff_set(struct reg *r, const char *kind,
		    const char *cause, const struct money *m, struct diag *d)
		    MUST_CHECK;
enum status	reg_tariffs(struct reg *r,
		    enum status (*each)(void *arg, const struct tariff *t),
		    void *arg, struct diag *d) MUST_CHECK;

struct fee_account {
	int64_t application, person, fee, paid, waived;
	char kind[12], cause[12], state[12];
	char currency[CURRENCY];	/* "": no tariff */
};

/* What an application owes, and what came of it. */
enum status	reg_fee_account(struct reg *r, int64_t application,
		    struct fee_account *out, struct diag *d) MUST_CHECK;
/* The same of one whose fee can be taken or waived now: ST_STATE otherwise. */
enum status	reg_fee_open(struct reg *r, int64_t application,
		    struct fee_account *out, struct diag *d) MUST_CHECK;
int64_t		fee_open(const struct fee_account *f);
/* Whether its card may be issued: ST_OK when no tariff applies, or it is paid
 * in full, or waived; ST_STATE with what is open. */
enum status	reg_fee_settled(struct reg *r, int64_t application,
		    struct diag *d) MUST_CHECK;
/* All whose fee is open, of applications submitted or approved. */
enum status	reg_fee_due(struct reg *r, enum status (*each)(void *arg,
		    const struct fee_account *f), void *arg, struct diag *d)
		    MUST_CHECK;

struct receipt {
	char number[RECEIPT_NUMBER];
	int64_t application, person, at, void_at;	/* void_at 0: good */
	struct money money;
	char payer[REG_TEXT], officer[REG_NAME];
	char reason[REG_TEXT], void_by[REG_NAME];
};

/* A part of the fee or all of it, never more, in its currency. */
enum status	reg_fee_pay(struct reg *r, int64_t application,
		    const struct money *m, const char *payer,
		    char number[RECEIPT_NUMBER], struct diag *d) MUST_CHECK;
enum status	reg_receipt(struct reg *r, const char *number,
		    struct receipt *out, struct diag *d) MUST_CHECK;
/* Of one application, as they were given. */
enum status	reg_receipts(struct reg *r, int64_t application,
		    enum status (*each)(void *arg, const struct receipt *x),
		    void *arg, struct diag *d) MUST_CHECK;
/* The money goes back; ST_STATE once the card is issued. */
enum status	reg_receipt_void(struct reg *r, const char *number,
		    const char *reason, struct diag *d) MUST_CHECK;
/* What is open of the fee is not asked for; from_fund: the fund pays it.
 * ST_PERMISSION for the officer who submitted the application. */
enum status	reg_fee_waive(struct reg *r, int64_t application,
		    const char *reason, bool from_fund, struct diag *d)
		    MUST_CHECK;

/* What went through a till: of one officer on one day, or of one currency
 * (officer "", day 0). A void is of the day and the till of its receipt; one of a
 * later day is a refund, from the till of the officer who gave it back. */
struct till {
	char currency[CURRENCY], officer[REG_NAME];
	int64_t day;		/* days since 1970-01-01 */
	int64_t receipts, voids, refunds;
};

struct waived {
	int64_t application, person, at;
	char name[REG_FOLDED], reason[REG_TEXT], officer[REG_NAME];
	struct money money;
	bool from_fund;
};

/* Of one application, or (0) of all, from one instant up to and without another. */
enum status	reg_waivers(struct reg *r, int64_t application, int64_t from,
		    int64_t to, enum status (*each)(void *arg,
		    const struct waived *w), void *arg, struct diag *d)
		    MUST_CHECK;

/* From one instant up to and without another; officer NULL: all. Sums of each
 * currency come when `sums`. */
enum status	reg_fee_cash(struct reg *r, int64_t from, int64_t to,
		    const char *officer, bool sums,
		    enum status (*each)(void *arg, const struct till *t),
		    void *arg, struct diag *d) MUST_CHECK;

#endif
