/* Money: amounts as they are typed and shown, and the rules of the tables. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "issuer/register/fund.h"
#include "issuer/register/money.h"
#include "issuer/register/officer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */

static const struct {
	const char *why, *text, *currency;
	int64_t want;		/* -1: refused */
	const char *shown;
} amounts[] = {
	{ "units", "15", "USD", 1500, "15.00" },
	{ "units and cents", "15.00", "USD", 1500, "15.00" },
	{ "cents alone", "0.05", "EUR", 5, "0.05" },
	{ "a yen has no cents", "1500", "JPY", 1500, "1500" },
	{ "nor has a guaraní", "7", "PYG", 7, "7" },
	{ "nothing", "0", "USD", 0, "0.00" },
	{ "nothing, with cents", "0.00", "USD", 0, "0.00" },
	{ "the most", "10000000000.00", "USD", MONEY_MAX, "10000000000.00" },
	{ "the most of a yen", "1000000000000", "JPY", MONEY_MAX,
	    "1000000000000" },
	{ "one more", "10000000000.01", "USD", -1, "" },
	{ "one more yen", "1000000000001", "JPY", -1, "" },
	{ "wraps 64 bits", "184467440737095516.17", "USD", -1, "" },
	{ "wraps them in units", "92233720368547759", "USD", -1, "" },
	{ "one decimal is a slip", "1.5", "USD", -1, "" },
	{ "three are another", "1.500", "USD", -1, "" },
	{ "no decimals at all", "1.", "USD", -1, "" },
	{ "no units", ".50", "USD", -1, "" },
	{ "decimals of a yen", "1.00", "JPY", -1, "" },
	{ "a comma", "1,50", "USD", -1, "" },
	{ "thousands", "1.500.00", "USD", -1, "" },
	{ "a sign", "-1", "USD", -1, "" },
	{ "the other sign", "+1", "USD", -1, "" },
	{ "a zero before", "015", "USD", -1, "" },
	{ "a blank before", " 15", "USD", -1, "" },
	{ "a blank behind", "15 ", "USD", -1, "" },
	{ "an exponent", "1e3", "USD", -1, "" },
	{ "nothing typed", "", "USD", -1, "" },
	{ "no such currency", "15", "XXX", -1, "" },
	{ "two currencies' letters", "15", "SDC", -1, "" },
	{ "a separator is no letter", "15", "D U", -1, "" },
	{ "lower case", "15", "usd", -1, "" },
	{ "too short", "15", "US", -1, "" },
	{ "too long", "15", "USDX", -1, "" },
	{ "none", "15", "", -1, "" },
};

static void
parsed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(amounts); i++) {
		struct money m = { .amount = -7 };
		struct diag d = { "" };
		char shown[MONEY_TEXT];
		enum status st = money_parse(amounts[i].text,
		    amounts[i].currency, true, &m, &d);

		if (amounts[i].want < 0) {
			if (st != ST_DATA || m.amount != -7 ||
			    d.text[0] == '\0')
				fail_msg("%s", amounts[i].why);
			continue;
		}
		if (st != ST_OK || m.amount != amounts[i].want)
			fail_msg("%s: %s", amounts[i].why, d.text);
		assert_string_equal(m.currency, amounts[i].currency);
		money_format(m.amount, m.currency, shown);
		assert_string_equal(shown, amounts[i].shown);
	}
}

static void
no_nothing(void **state)
{
	struct money m;
	struct diag d;

	(void)state;
	assert_int_equal(money_parse("0.00", "USD", false, &m, &d), ST_DATA);
	assert_int_equal(money_parse("0.01", "USD", false, &m, &d), ST_OK);
}

static void
sums_shown(void **state)
{
	static const struct {
		int64_t amount;
		const char *currency, *want;
	} cases[] = {
		{ -50, "USD", "-0.50" }, { -1500, "USD", "-15.00" },
		{ -7, "JPY", "-7" }, { 1500, "XXX", "1500" },
		{ INT64_MAX, "USD", "92233720368547758.07" },
		{ INT64_MIN, "USD", "-92233720368547758.08" },
	};
	char shown[MONEY_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		money_format(cases[i].amount, cases[i].currency, shown);
		assert_string_equal(shown, cases[i].want);
	}
}

/* ---- in the register ---- */

struct bench {
	char folder[32], path[64];
	struct reg *r;
	struct diag d;
};

static const struct office office = {
	.state = "NIC", .code = "SJO", .country = "Nicaragua",
	.name = "Consulado", .address = "Avenida 7", .district = "San José",
	.verify_at = "verificar.example", .demo = true, .capacity = 16
};

static int
setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	int64_t id;

	assert_non_null(b);
	(void)snprintf(b->folder, sizeof(b->folder), "/tmp/moneyXXXXXX");
	assert_non_null(mkdtemp(b->folder));
	(void)snprintf(b->path, sizeof(b->path), "%s/r.cedula", b->folder);
	assert_int_equal(reg_create(b->path, &office, "ana", "Ana Ruiz",
	    OFFICER_DESK, NULL, NOW, &b->d), ST_OK);
	assert_int_equal(reg_open(b->path, &b->r, &b->d), ST_OK);
	reg_set_now(b->r, NOW);
	assert_int_equal(reg_act_as(b->r, "ana", &b->d), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(reg_officer_add(b->r, "luis", "Luis Peña",
	    OFFICER_DESK, &id, &b->d), ST_OK);
	*state = b;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *b = *state;
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[80];

	reg_rollback(b->r);
	reg_close(b->r);
	for (size_t i = 0; i < COUNT(ends); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", b->path, ends[i]);
		(void)unlink(path);
	}
	(void)rmdir(b->folder);
	free(b);
	return 0;
}

static int64_t
application(struct bench *b, const char *given)
{
	static const struct {
		enum person_field field;
		const char *value;
	} rest[] = {
		{ PERSON_SURNAME1, "López" }, { PERSON_SEX, "F" },
		{ PERSON_BIRTH_DATE, "1990-02-28" },
		{ PERSON_NATIONALITY, "NIC" }, { PERSON_CONSENT, "2026-11-01" },
	};
	struct person p = { .id = 0 };
	int64_t id;

	assert_int_equal(person_set(&p, PERSON_GIVEN, given, &b->d), ST_OK);
	for (size_t i = 0; i < COUNT(rest); i++)
		assert_int_equal(person_set(&p, rest[i].field, rest[i].value,
		    &b->d), ST_OK);
	assert_int_equal(reg_person_add(b->r, &p, bytes_text("a picture"),
	    &b->d), ST_OK);
	assert_int_equal(reg_application_submit(b->r, p.id, false, &id,
	    &b->d), ST_OK);
	return id;
}

static void
tariff(struct bench *b, int64_t amount, const char *currency)
{
	struct money m = { .amount = amount };

	(void)snprintf(m.currency, sizeof(m.currency), "%s", currency);
	assert_int_equal(reg_tariff_set(b->r, "individual", "first", &m,
	    &b->d), ST_OK);
}

static enum status
pay(struct bench *b, int64_t id, int64_t amount, char *number)
{
	struct money m = { .amount = amount, .currency = "USD" };

	return reg_fee_pay(b->r, id, &m, "Ana", number, &b->d);
}

static void
fee_at_submission(void **state)
{
	struct bench *b = *state;
	struct fee_account f;
	int64_t before = application(b, "Ana"), id;

	reg_set_now(b->r, NOW + 10);
	tariff(b, 1500, "USD");
	id = application(b, "Bea");
	reg_set_now(b->r, NOW + 20);
	tariff(b, 2000, "EUR");
	assert_int_equal(reg_fee_account(b->r, before, &f, &b->d), ST_OK);
	assert_int_equal(f.fee, 0);
	assert_int_equal(reg_fee_settled(b->r, before, &b->d), ST_OK);
	assert_int_equal(reg_fee_account(b->r, id, &f, &b->d), ST_OK);
	assert_int_equal(f.fee, 1500);
	assert_string_equal(f.currency, "USD");
	assert_int_equal(reg_fee_settled(b->r, id, &b->d), ST_STATE);
	id = application(b, "Eva");
	assert_int_equal(reg_fee_account(b->r, id, &f, &b->d), ST_OK);
	assert_string_equal(f.currency, "EUR");
	assert_int_equal(reg_fee_settled(b->r, 99, &b->d), ST_NOT_FOUND);
}

static void
numbers_have_no_gaps(void **state)
{
	struct bench *b = *state;
	char number[RECEIPT_NUMBER];
	int64_t id;

	tariff(b, 1500, "USD");
	id = application(b, "Ana");
	assert_int_equal(pay(b, id, 500, number), ST_OK);
	assert_string_equal(number, "SJO-2026-000001");
	assert_int_equal(reg_commit(b->r, &b->d), ST_OK);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(pay(b, id, 100, number), ST_OK);
	assert_string_equal(number, "SJO-2026-000002");
	reg_rollback(b->r);
	assert_int_equal(reg_begin(b->r, &b->d), ST_OK);
	assert_int_equal(pay(b, id, 1001, number), ST_DATA);
	assert_int_equal(pay(b, id, 1000, number), ST_OK);
	assert_string_equal(number, "SJO-2026-000002");
	assert_int_equal(reg_fee_settled(b->r, id, &b->d), ST_OK);
	assert_int_equal(reg_receipt_void(b->r, number, "x", &b->d), ST_OK);
	assert_int_equal(reg_fee_settled(b->r, id, &b->d), ST_STATE);
	reg_set_now(b->r, NOW + 40 * WHEN_DAY);
	assert_int_equal(pay(b, id, 1000, number), ST_OK);
	assert_string_equal(number, "SJO-2027-000001");
}

static void
fund_to_the_cent(void **state)
{
	struct bench *b = *state;
	struct money m = { .amount = 1000, .currency = "USD" };
	int64_t id = application(b, "Ana"), entry, request;

	assert_true(id > 0);
	assert_int_equal(reg_fund_give(b->r, &m, 0, "x", &entry, &b->d), ST_OK);
	assert_int_equal(reg_fund_request(b->r, 1, &m, "x", &request, &b->d),
	    ST_OK);
	assert_int_equal(reg_fund_pay(b->r, request, &entry, &b->d),
	    ST_PERMISSION);
	assert_int_equal(reg_act_as(b->r, "luis", &b->d), ST_OK);
	assert_int_equal(reg_fund_pay(b->r, request, &entry, &b->d), ST_OK);
	assert_int_equal(reg_fund_has(b->r, &m, &b->d), ST_STATE);
	assert_int_equal(reg_fund_reverse(b->r, 1, "x", &entry, &b->d),
	    ST_STATE);
	assert_int_equal(reg_fund_reverse(b->r, 2, "x", &entry, &b->d), ST_OK);
	assert_int_equal(reg_fund_has(b->r, &m, &b->d), ST_OK);
	assert_int_equal(reg_fund_reverse(b->r, 1, "x", &entry, &b->d), ST_OK);
	m.amount = 1;
	assert_int_equal(reg_fund_has(b->r, &m, &b->d), ST_STATE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsed),
		cmocka_unit_test(no_nothing),
		cmocka_unit_test(sums_shown),
		cmocka_unit_test_setup_teardown(fee_at_submission, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(numbers_have_no_gaps, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(fund_to_the_cent, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
