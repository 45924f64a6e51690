/* Dates and instants: pure arithmetic, checked against known days. */
#include "tests/unit/check.h"

#include <string.h>

#include "common/when.h"

static void
known_days(void **state)
{
	static const struct { struct date d; int64_t days; } rows[] = {
		{ { 1970, 1, 1 }, 0 }, { { 1969, 12, 31 }, -1 },
		{ { 2000, 2, 29 }, 11016 }, { { 2000, 3, 1 }, 11017 },
		{ { 1900, 3, 1 }, -25508 }, { { 2038, 1, 19 }, 24855 },
		{ { 2106, 2, 7 }, 49710 }, { { 9999, 12, 31 }, 2932896 },
		{ { 1600, 1, 1 }, -135140 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(date_to_days(rows[i].d) == rows[i].days);
	for (int64_t n = -135140; n <= 2932896; n++) {
		struct date d = date_from_days(n);

		if (!date_valid(d) || date_to_days(d) != n)
			fail_msg("day %lld", (long long)n);
	}
}

static void
dates_read(void **state)
{
	static const struct { const char *text; bool ok; } rows[] = {
		{ "2026-11-23", true }, { "20261123", true },
		{ "2024-02-29", true }, { "2023-02-29", false },
		{ "1900-02-29", false }, { "2000-02-29", true },
		{ "2026-13-01", false }, { "2026-00-10", false },
		{ "2026-04-31", false }, { "2026-1123", false },
		{ "202611-23", false }, { "2026-11-2", false },
		{ "2026-11-233", false }, { "", false }, { "abcd-ef-gh", false },
		{ "0000-01-01", false }, { "-026-01-01", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct date d;

		if (date_parse(bytes_text(rows[i].text), &d) != rows[i].ok)
			fail_msg("%s", rows[i].text);
	}
}

static void
instants_read(void **state)
{
	static const struct { const char *text; bool ok; int64_t t; } rows[] = {
		{ "1970-01-01T00:00:00Z", true, 0 },
		{ "2021-05-06T18:00:00Z", true, 1620324000 },
		{ "2021-08-18T16:36:53+02:00", true, 1629297413 },
		{ "2021-06-09T15:15:36+0200", true, 1623244536 },
		{ "2021-05-21T12:26:07.390079Z", true, 1621599967 },
		{ "2026-11-23 00:00:00-06:00", true, 1795413600 },
		{ "2026-11-23", true, 1795392000 },
		{ "2038-01-19T03:14:08Z", true, INT64_C(2147483648) },
		{ "2106-02-07T06:28:16Z", true, INT64_C(4294967296) },
		{ "1969-12-31T23:59:59Z", true, -1 },
		{ "2026-11-23T24:00:00Z", false, 0 },
		{ "2026-11-23T12:60:00Z", false, 0 },
		{ "2026-11-23T12:00:00", false, 0 },
		{ "2026-11-23T12:00Z", false, 0 },
		{ "2026-11-23T12:00:00.Z", false, 0 },
		{ "2026-11-23T12:00:00Zx", false, 0 },
		{ "now", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t t = 0;
		bool ok = when_parse(bytes_text(rows[i].text), &t);

		if (ok != rows[i].ok || (ok && t != rows[i].t))
			fail_msg("%s: %d %lld", rows[i].text, ok, (long long)t);
	}
}

static void
written(void **state)
{
	static const int64_t round[] = { 0, -1, 1620324000, INT64_C(4294967296),
	    951782400, -11644473600 };
	char text[WHEN_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(round) / sizeof(round[0]); i++) {
		int64_t t = 1;

		when_format(round[i], text);
		assert_true(when_parse(bytes_text(text), &t) && t == round[i]);
	}
	when_format(INT64_MAX, text);		/* what a hostile token claims */
	assert_string_equal(text, "9999-12-31T00:00:00Z");
	when_format(INT64_MIN, text);
	assert_string_equal(text, "1600-01-01T00:00:00Z");
}

static void
ages(void **state)
{
	static const struct { struct date born, today; int age; } rows[] = {
		{ { 2008, 11, 23 }, { 2026, 11, 23 }, 18 },
		{ { 2008, 11, 24 }, { 2026, 11, 23 }, 17 },
		{ { 2008, 2, 29 }, { 2026, 2, 28 }, 17 },
		{ { 2008, 2, 29 }, { 2026, 3, 1 }, 18 },
		{ { 2027, 1, 1 }, { 2026, 11, 23 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(date_age(rows[i].born, rows[i].today),
		    rows[i].age);
	assert_int_equal(date_compare(date_add_years(
	    (struct date){ 2024, 2, 29 }, 1), (struct date){ 2025, 2, 28 }), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days),
		cmocka_unit_test(dates_read),
		cmocka_unit_test(instants_read),
		cmocka_unit_test(written),
		cmocka_unit_test(ages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
