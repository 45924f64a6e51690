/* common/mrz: TD1 of ICAO 9303-5, with its own published examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/mrz.h"

static const struct {
	const char *why, *s;
	char want;
} digits[] = {
	{ "9303-3 §4.9 example 1: a date", "520727", '3' },
	{ "9303-3 §4.9 example 2: a number with fillers", "AB2134<<<", '5' },
	{ "9303-5: D23145890", "D23145890", '7' },
	{ "nothing weighs nothing", "", '0' },
	{ "strangers weigh nothing", "\xff\x01*", '0' },
};

static void
test_digits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++)
		if (mrz_check_digit(bytes_text(digits[i].s)) != digits[i].want)
			fail_msg("%s", digits[i].why);
}

static const struct {
	const char *why;
	const char *code, *state, *number, *nationality;
	struct date birth, expiry;
	char sex;
	const char *surnames, *given;
	const char *line[3];
} cards[] = {
	{ "9303-5 appendix: the specimen of Utopia",
	  "I", "UTO", "D23145890", "UTO", { 1974, 8, 12 }, { 2012, 4, 15 }, 'F',
	  "Eriksson", "Anna Maria",
	  { "I<UTOD231458907<<<<<<<<<<<<<<<",
	    "7408122F1204159UTO<<<<<<<<<<<6",
	    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<" } },
	{ "9303-5 §4.2.2 note j: a number of eleven goes on in the options",
	  "I", "UTO", "D23145890734", "UTO", { 1934, 7, 12 }, { 1995, 7, 12 },
	  'M', "Stevenson", "Peter John",
	  { "I<UTOD23145890<7349<<<<<<<<<<<",
	    "3407127M9507122UTO<<<<<<<<<<<2",
	    "STEVENSON<<PETER<JOHN<<<<<<<<<" } },
	{ "Germany is one letter; sex unspecified; two-letter code",
	  "IC", "D", "C01X", "D", { 2001, 1, 2 }, { 2031, 12, 31 }, '<',
	  "Mustermann", "Erika",
	  { "ICD<<C01X<<<<<6<<<<<<<<<<<<<<<", NULL,
	    "MUSTERMANN<<ERIKA<<<<<<<<<<<<<" } },
	{ "the longest number: 22 characters, digit and filler fill the line",
	  "I", "NIC", "ABCDEFGHI0123456789012", "NIC",
	  { 1990, 5, 6 }, { 2030, 5, 6 }, 'F', "Ruiz", "Luz",
	  { "I<NICABCDEFGHI<01234567890126<", NULL,
	    "RUIZ<<LUZ<<<<<<<<<<<<<<<<<<<<<" } },
	{ "a mononym is primary; nothing follows it",
	  "I", "NIC", "1", "IDN", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "", "Suharto",
	  { NULL, NULL, "SUHARTO<<<<<<<<<<<<<<<<<<<<<<<" } },
	{ "given names that fold to nothing leave the surname alone",
	  "I", "NIC", "1", "JPN", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Yamada", "山",
	  { NULL, NULL, "YAMADA<<<<<<<<<<<<<<<<<<<<<<<<" } },
	{ "exactly thirty characters are not truncated",
	  "I", "NIC", "1", "NIC", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Montenegro Baltodano", "Fernando",
	  { NULL, NULL, "MONTENEGRO<BALTODANO<<FERNANDO" } },
	{ "9303-5 §4.2.3: the given names are cut, the last place is a letter",
	  "I", "UTO", "1", "UTO", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Nilavadhanananda", "Chayapa Dejthamrong Krasuang",
	  { NULL, NULL, "NILAVADHANANANDA<<CHAYAPA<DEJT" } },
	{ "a cut on a filler: the name before gives up a letter",
	  "I", "NIC", "1", "NIC", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Montenegro Baltodano", "Joaquin Ramon",
	  { NULL, NULL, "MONTENEGRO<BALTODANO<<JOAQUI<R" } },
	{ "long surnames leave room for one letter of the given names",
	  "I", "UTO", "1", "UTO", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo",
	  { NULL, NULL, "BENNELONG<WOOLOOMOOLOO<WARR<<D" } },
	{ "long surnames alone",
	  "I", "UTO", "1", "UTO", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Papandropoulous Jonathonalexandros Jr", "",
	  { NULL, NULL, "PAPANDROPOULOUS<JONATHONALEXAN" } },
	{ "digits have no place in a name",
	  "I", "NIC", "1", "NIC", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Ruiz 2", "3 Ana 4",
	  { NULL, NULL, "RUIZ<<ANA<<<<<<<<<<<<<<<<<<<<<" } },
	{ "Ñ is N, apostrophes go, hyphens are fillers",
	  "I", "NIC", "1", "NIC", { 1990, 5, 6 }, { 2030, 5, 6 }, 'M',
	  "Núñez-D'Arce", "José",
	  { NULL, NULL, "NUNEZ<DARCE<<JOSE<<<<<<<<<<<<<" } },
};

static struct mrz_fields
fields(size_t i)
{
	return (struct mrz_fields){
		.code = cards[i].code, .state = cards[i].state,
		.number = bytes_text(cards[i].number),
		.birth = cards[i].birth, .expiry = cards[i].expiry,
		.sex = cards[i].sex, .nationality = cards[i].nationality,
		.surnames = bytes_text(cards[i].surnames),
		.given = bytes_text(cards[i].given),
	};
}

static void
test_cards(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
		struct mrz_fields f = fields(i);
		struct mrz m;

		if (mrz_td1(&f, &m) != ST_OK)
			fail_msg("%s: refused", cards[i].why);
		for (int k = 0; k < 3; k++) {
			assert_int_equal(strlen(m.line[k]), MRZ_LINE);
			if (cards[i].line[k] != NULL &&
			    strcmp(m.line[k], cards[i].line[k]) != 0)
				fail_msg("%s: %s", cards[i].why, m.line[k]);
		}
	}
}

static const struct {
	const char *why;
	struct mrz_fields f;
} refused[] = {
	{ "no number", { .number = { NULL, 0 } } },
	{ "a dash in the number", { .number = { (const uint8_t *)"A-1", 3 } } },
	{ "lower case", { .number = { (const uint8_t *)"a1", 2 } } },
	{ "23 characters",
	    { .number = { (const uint8_t *)"12345678901234567890123", 23 } } },
	{ "NUL in the number", { .number = { (const uint8_t *)"A\0B", 3 } } },
	{ "no such day", { .birth = { 2023, 2, 29 } } },
	{ "no such month", { .expiry = { 2023, 13, 1 } } },
	{ "no such sex", { .sex = 'X' } },
	{ "state of four letters", { .state = "NICA" } },
	{ "no state", { .state = "" } },
	{ "state with a filler", { .state = "N<" } },
	{ "no nationality", { .nationality = "" } },
	{ "code of three letters", { .code = "IDX" } },
	{ "no name", { .surnames = { (const uint8_t *)"  ", 2 },
	    .given = { NULL, 0 } } },
	{ "a name that does not transliterate",
	    { .surnames = { (const uint8_t *)"\xe5\xb1\xb1", 3 } } },
};

/* Each row changes one field of a card that is otherwise good. */
static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct mrz_fields f = fields(0), r = refused[i].f;
		struct mrz m;

		memset(&m, 0x55, sizeof(m));
		if (r.code != NULL)
			f.code = r.code;
		if (r.state != NULL)
			f.state = r.state;
		if (r.nationality != NULL)
			f.nationality = r.nationality;
		if (r.sex != 0)
			f.sex = r.sex;
		if (r.birth.year != 0)
			f.birth = r.birth;
		if (r.expiry.year != 0)
			f.expiry = r.expiry;
		if (r.number.p != NULL || i == 0)
			f.number = r.number;
		if (r.surnames.p != NULL) {
			f.surnames = r.surnames;
			f.given = r.given;
		}
		if (mrz_td1(&f, &m) != ST_DATA)
			fail_msg("%s: accepted", refused[i].why);
		assert_int_equal(m.line[0][0], 0x55);	/* untouched */
	}
}

/* Hostile bytes as names, in exact-size heap blocks, at every length: either
 * refused or three clean lines whose last name character tells of the cut. */
static void
test_hostile(void **state)
{
	static const uint8_t arabic[] = { 'A', 'B', ' ', '-', 0xd8, 0xb6, 0xd9,
	    0x91 };
	uint32_t seed = 1;

	(void)state;
	for (size_t len = 0; len < 400; len++) {
		uint8_t *p = malloc(len == 0 ? 1 : len);
		struct mrz_fields f = fields(0);
		struct mrz m;

		assert_non_null(p);
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			p[i] = len % 2 ? (uint8_t)(seed >> 24) :
			    arabic[seed >> 29];
		}
		f.surnames = bytes_from(p, len / 2);
		f.given = bytes_from(p + len / 2, len - len / 2);
		if (mrz_td1(&f, &m) == ST_OK)
			for (int k = 0; k < 3; k++)
				assert_int_equal(strspn(m.line[k],
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"),
				    MRZ_LINE);
		f.number = bytes_from(p, len);
		(void)!mrz_td1(&f, &m);
		free(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_cards),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
