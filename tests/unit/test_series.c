/* A bundle as a row of texts: all of it comes back, in any order, or nothing. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/series.h"
#include "common/token.h"
#include "tests/unit/fixture.h"

static uint8_t bundle[SERIES_BYTES_MAX + 1], room[SERIES_BYTES_MAX];
static char texts[SERIES_PARTS_MAX][SERIES_TEXT_MAX];

static int
setup(void **state)
{
	uint64_t v = 9;

	(void)state;
	for (size_t i = 0; i < sizeof(bundle); i++) {
		v = v * UINT64_C(6364136223846793005) + 1;
		bundle[i] = (uint8_t)(v >> 56);
	}
	return 0;
}

static size_t
write_all(size_t len)
{
	size_t n, each;

	series_plan(len, &n, &each);
	assert_true(n >= 1 && n <= SERIES_PARTS_MAX);
	for (size_t i = 1; i <= n; i++)
		assert_int_equal(series_write(bytes_from(bundle, len), each, i,
		    texts[i - 1], SERIES_TEXT_MAX), ST_OK);
	return n;
}

/* From an exact-size block, so that a byte read too far is seen. */
static enum status
take(struct series *s, const char *text, size_t len)
{
	uint8_t *exact = fx_exact(bytes_from(text, len));
	enum status st = series_take(s, bytes_from(exact, len));

	free(exact);
	return st;
}

static enum status
take_text(struct series *s, const char *text)
{
	return take(s, text, strlen(text));
}

static void
comes_back(void **state)
{
	static const size_t sizes[] = { 1, 2, 951, 952, 953, 1904, 1905, 5000,
	    9999, 30463, 30464 };
	struct series s;
	struct bytes b;

	(void)state;
	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		size_t len = sizes[k], n = write_all(len);

		assert_int_equal(n, (len + 951) / 952);
		series_init(&s, room);
		assert_int_equal(series_missing(&s, 0), 0);
		/* every third, again and again: any order, with repeats */
		for (size_t i = 0; i < 3 * n; i++) {
			assert_int_equal(take_text(&s, texts[i * 7 % n]),
			    ST_OK);
			assert_int_equal(take_text(&s, texts[i / 3]), ST_OK);
		}
		assert_int_equal(s.held, n);
		assert_int_equal(series_missing(&s, 0), 0);
		assert_int_equal(series_finish(&s, &b), ST_OK);
		assert_true(bytes_equal(b, bytes_from(bundle, len)));
	}
}

/* What a symbol of version 25-M holds, in its alphabet, all of one length. */
static void
fits_a_symbol(void **state)
{
	static const char set[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
	size_t n = write_all(30464);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(strlen(texts[i]) <= 1451);
		assert_int_equal(strspn(texts[i], set), strlen(texts[i]));
	}
	assert_int_equal(strlen(texts[31]), SERIES_TEXT_MAX - 2);
	n = write_all(2000);
	assert_int_equal(n, 3);
	assert_int_equal(strlen(texts[0]), strlen(texts[1]));
	assert_int_equal(strncmp(texts[0], "CEDULA:1/3:", 11), 0);
}

static void
refuses_to_write(void **state)
{
	struct bytes b = bytes_from(bundle, 100);
	char text[SERIES_TEXT_MAX];
	size_t n, each;

	(void)state;
	series_plan(30465, &n, &each);
	assert_int_equal(n, 33);
	assert_int_equal(series_write(bytes_from(bundle, 30465), each, 1, text,
	    sizeof(text)), ST_TOO_BIG);
	series_plan(0, &n, &each);
	assert_int_equal(n, 0);
	assert_int_equal(series_write(b, 0, 1, text, sizeof(text)), ST_USAGE);
	assert_int_equal(series_write(b, 50, 0, text, sizeof(text)), ST_USAGE);
	assert_int_equal(series_write(b, 50, 3, text, sizeof(text)), ST_USAGE);
	assert_int_equal(series_write(b, 953, 1, text, sizeof(text)),
	    ST_TOO_BIG);
	assert_int_equal(series_write(bytes_from(NULL, 0), 50, 1, text,
	    sizeof(text)), ST_USAGE);
	assert_int_equal(series_write(b, 50, 1, text, 95), ST_TOO_BIG);
	assert_string_equal(text, "");
	assert_int_equal(series_write(b, 50, 1, text, 96), ST_OK);
	assert_int_equal(strlen(text), 95);
	assert_int_equal(series_write(b, 50, 1, text, 0), ST_TOO_BIG);
}

static void
tells_what_is_missing(void **state)
{
	struct series s;
	struct bytes b;
	size_t n = write_all(4000);

	(void)state;
	assert_int_equal(n, 5);
	series_init(&s, room);
	assert_int_equal(series_finish(&s, &b), ST_STATE);
	assert_int_equal(take_text(&s, texts[1]), ST_OK);
	assert_int_equal(take_text(&s, texts[3]), ST_OK);
	assert_int_equal(series_missing(&s, 0), 1);
	assert_int_equal(series_missing(&s, 1), 3);
	assert_int_equal(series_missing(&s, 3), 5);
	assert_int_equal(series_missing(&s, 5), 0);
	assert_int_equal(series_finish(&s, &b), ST_STATE);
	assert_int_equal(b.len, 0);
	assert_int_equal(s.held, 2);
}

static void
tells_series_apart(void **state)
{
	static char other[SERIES_TEXT_MAX];
	struct series s;
	struct bytes b;

	(void)state;
	assert_int_equal(write_all(4000), 5);
	bundle[0] ^= 1;
	assert_int_equal(series_write(bytes_from(bundle, 4000), 800, 2, other,
	    sizeof(other)), ST_OK);
	bundle[0] ^= 1;
	series_init(&s, room);
	assert_int_equal(take_text(&s, texts[0]), ST_OK);
	assert_int_equal(take_text(&s, other), ST_STATE);
	/* the same bundle cut otherwise: same digits, another count */
	assert_int_equal(series_write(bytes_from(bundle, 4000), 900, 2, other,
	    sizeof(other)), ST_OK);
	assert_int_equal(take_text(&s, other), ST_OK);	/* also 5 parts */
	assert_int_equal(take_text(&s, texts[1]), ST_DATA);
	series_init(&s, room);
	assert_int_equal(series_write(bytes_from(bundle, 4000), 500, 2, other,
	    sizeof(other)), ST_OK);
	assert_int_equal(take_text(&s, texts[0]), ST_OK);
	assert_int_equal(take_text(&s, other), ST_STATE);
	assert_int_equal(s.held, 1);
	/* a part put in by another: the digits are the whole's */
	memcpy(other, texts[1], sizeof(other));
	other[30] = other[30] == 'A' ? 'B' : 'A';
	assert_int_equal(take_text(&s, other), ST_OK);
	for (size_t i = 2; i < 5; i++)
		assert_int_equal(take_text(&s, texts[i]), ST_OK);
	assert_int_equal(series_finish(&s, &b), ST_DATA);
	assert_true(b.len == 0 && s.n == 0 && s.held == 0);
	/* and it can begin anew */
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(take_text(&s, texts[i]), ST_OK);
	assert_int_equal(series_finish(&s, &b), ST_OK);
}

static void
no_part(void **state)
{
	static const char *const rows[] = {
		"", "C", "CEDULA", "CEDULA:", "CEDULA:1", "CEDULA:1/",
		"CEDULA:1/1", "CEDULA:1/1:", "CEDULA:1/1:01234567",
		"CEDULA:1/1:01234567:", "CEDULA:1/1:0123456:BB8",
		"CEDULA:1/1:0123456G:BB8", "CEDULA:1/1:0123456a:BB8",
		"CEDULA:0/1:01234567:BB8", "CEDULA:2/1:01234567:BB8",
		"CEDULA:01/1:01234567:BB8", "CEDULA:1/01:01234567:BB8",
		"CEDULA:1/33:01234567:BB8", "CEDULA:33/33:01234567:BB8",
		"CEDULA:1/0:01234567:BB8", "CEDULA:/1:01234567:BB8",
		"CEDULA:1/99999999999999999999:01234567:BB8",
		"CEDULA:-1/1:01234567:BB8", "CEDULA:1/1:01234567:B",
		"CEDULA:1/1:01234567:BB8B", "CEDULA:1/1:01234567:GGW",
		"CEDULA:1/1:01234567:bb8", "cedula:1/1:01234567:BB8",
		" CEDULA:1/1:01234567:BB8", "CEDULA:1/1:01234567:BB8 ",
		"CEDULA:1/1::01234567:BB8", "CEDULA:1:1:01234567:BB8",
	};
	struct series s;
	char text[2000];

	(void)state;
	series_init(&s, room);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (take_text(&s, rows[i]) != ST_MALFORMED)
			fail_msg("'%s'", rows[i]);
	/* 953 bytes of a part */
	(void)snprintf(text, sizeof(text), "CEDULA:1/1:01234567:%0*d00", 1428,
	    0);
	assert_int_equal(take_text(&s, text), ST_MALFORMED);
	text[strlen(text) - 2] = '\0';
	assert_int_equal(s.n, 0);
	assert_int_equal(take_text(&s, text), ST_OK);
	series_init(&s, room);
	assert_int_equal(take_text(&s, "CEDULA:1/1:01234567:BB8\r\n"), ST_OK);
}

/* Never a card, and no card a part: a card begins with Base45 of 78 01. */
static void
is_no_card(void **state)
{
	static uint8_t stream[4096];
	struct buf work = buf_over(stream, sizeof(stream));
	char text[TOKEN_TEXT_MAX];
	struct bytes cose;

	(void)state;
	assert_int_equal(write_all(900), 1);
	assert_true(series_is_part(bytes_text(texts[0])));
	assert_int_not_equal(token_read(bytes_text(texts[0]), &work, &cose),
	    ST_OK);
	assert_int_equal(token_wrap(bytes_from(bundle, 300), text, sizeof(text),
	    NULL), ST_OK);
	assert_false(series_is_part(bytes_text(text)));
	assert_false(series_is_part(bytes_from("CEDULA", 6)));
}

/* Every character changed: refused then or at the end, never another bundle. */
static void
every_character(void **state)
{
	struct series s;
	struct bytes b;

	(void)state;
	assert_int_equal(write_all(200), 1);
	for (size_t i = 0; texts[0][i] != '\0'; i++)
		for (int k = 1; k < 128; k++) {
			char was = texts[0][i];
			enum status st;

			texts[0][i] = (char)k;
			series_init(&s, room);
			st = take_text(&s, texts[0]);
			if (st == ST_OK)
				st = series_finish(&s, &b);
			if (st == ST_OK && k != was)
				fail_msg("character %zu as %d", i, k);
			texts[0][i] = was;
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(fits_a_symbol),
		cmocka_unit_test(refuses_to_write),
		cmocka_unit_test(tells_what_is_missing),
		cmocka_unit_test(tells_series_apart),
		cmocka_unit_test(no_part),
		cmocka_unit_test(is_no_card),
		cmocka_unit_test(every_character),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
