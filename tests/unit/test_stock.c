/* Serials as they are printed on blanks, and the blanks' way in the register. */
#include "tests/unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "issuer/register/officer.h"
#include "issuer/register/stock.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOW INT64_C(1795435200)		/* 2026-11-23T12:00:00Z */

static const struct {
	const char *why, *text;
	enum status want;
	const char *prefix;
	int width;
	int64_t first, last;
} ranges[] = {
	{ "one", "A000001", ST_OK, "A", 6, 1, 1 },
	{ "a range", "A000001-A001000", ST_OK, "A", 6, 1, 1000 },
	{ "of one", "A7-A7", ST_OK, "A", 1, 7, 7 },
	{ "no letters", "0009-0011", ST_OK, "", 4, 9, 11 },
	{ "digits before the letters", "20A01", ST_OK, "20A", 2, 1, 1 },
	{ "more digits than a number has", "1234567890123", ST_OK, "1", 12,
	    234567890123, 234567890123 },
	{ "the longest", "ABCDEFGHIJKL000000000001", ST_OK, "ABCDEFGHIJKL", 12,
	    1, 1 },
	{ "one letter more", "ABCDEFGHIJKLM1", ST_DATA, "", 0, 0, 0 },
	{ "one digit more", "ABCDEFGHIJKL0000000000001", ST_DATA, "", 0, 0, 0 },
	{ "the most", "A000001-A100000", ST_OK, "A", 6, 1, 100000 },
	{ "one more", "A000001-A100001", ST_TOO_BIG, "", 0, 0, 0 },
	{ "the number ends with the letters", "A00B", ST_DATA, "", 0, 0, 0 },
	{ "backwards", "A000002-A000001", ST_DATA, "", 0, 0, 0 },
	{ "two series", "A000001-B000002", ST_DATA, "", 0, 0, 0 },
	{ "two widths", "A1-A10", ST_DATA, "", 0, 0, 0 },
	{ "small letters", "a000001", ST_DATA, "", 0, 0, 0 },
	{ "a blank", "A 00001", ST_DATA, "", 0, 0, 0 },
	{ "two dashes", "A1-A2-A3", ST_DATA, "", 0, 0, 0 },
	{ "no last", "A1-", ST_DATA, "", 0, 0, 0 },
	{ "no first", "-A1", ST_DATA, "", 0, 0, 0 },
	{ "nothing", "", ST_DATA, "", 0, 0, 0 },
};

static void
serials(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++) {
		struct serial_range x = { .width = -7 };
		struct diag d = { "" };
		char text[SERIAL_RANGE_TEXT];
		enum status st = serial_range_parse(ranges[i].text, &x, &d);

		if (st != ranges[i].want)
			fail_msg("%s: %s", ranges[i].why, d.text);
		if (st != ST_OK) {
			assert_int_equal(x.width, -7);
			continue;
		}
		assert_string_equal(x.prefix, ranges[i].prefix);
		assert_int_equal(x.width, ranges[i].width);
		assert_int_equal(x.first, ranges[i].first);
		assert_int_equal(x.last, ranges[i].last);
		serial_range_format(&x, text);
		if (strcmp(ranges[i].why, "of one") != 0)
			assert_string_equal(text, ranges[i].text);
	}
}

struct bench {
	char folder[32], path[64];
	struct reg *r;
	struct diag d;
	char found[4][64];
	size_t n;
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
	(void)snprintf(b->folder, sizeof(b->folder), "/tmp/stockXXXXXX");
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

static struct serial_range
range(const char *text)
{
	struct serial_range x;

	assert_int_equal(serial_range_parse(text, &x, NULL), ST_OK);
	return x;
}

static enum status
receive(struct bench *b, const char *text)
{
	struct serial_range x = range(text);
	int64_t parcel;

	return reg_stock_receive(b->r, &x, "Imprenta", &parcel, &b->d);
}

static enum status
missing(struct bench *b, const char *text)
{
	struct serial_range x = range(text);

	return reg_blanks_missing(b->r, &x, "x", &b->d);
}

static enum status
put_difference(void *arg, const struct stock_difference *s)
{
	struct bench *b = arg;
	char text[SERIAL_RANGE_TEXT];

	assert_true(b->n < COUNT(b->found));
	serial_range_format(&s->range, text);
	(void)snprintf(b->found[b->n++], sizeof(b->found[0]), "%s %s %s", text,
	    s->books, s->counted ? "yes" : "no");
	return ST_OK;
}

/* Serials of other series sort between those of one: nobody's blanks change
 * with theirs. */
static void
series_apart(void **state)
{
	struct bench *b = *state;
	struct blank x;
	char next[SERIAL_TEXT];

	assert_int_equal(receive(b, "A00A01-A00A99"), ST_OK);
	assert_int_equal(receive(b, "A00000-A00020"), ST_OK);
	assert_int_equal(receive(b, "A00B01-A00B02"), ST_OK);
	assert_int_equal(receive(b, "A0001-A0002"), ST_OK);
	assert_int_equal(receive(b, "A01000-A01020"), ST_OK);
	assert_int_equal(receive(b, "A00020-A00030"), ST_EXISTS);
	assert_non_null(strstr(b->d.text, "A00020"));
	assert_int_equal(missing(b, "A00005-A00020"), ST_OK);
	assert_int_equal(reg_blank(b->r, "A00A05", &x, &b->d), ST_OK);
	assert_string_equal(x.state, "stock");
	assert_int_equal(reg_blank(b->r, "A00010", &x, &b->d), ST_OK);
	assert_string_equal(x.state, "missing");
	assert_int_equal(missing(b, "A00004-A00005"), ST_STATE);
	assert_int_equal(missing(b, "A01020-A01021"), ST_NOT_FOUND);
	assert_int_equal(reg_blank(b->r, "A01020", &x, &b->d), ST_OK);
	assert_string_equal(x.state, "stock");
	assert_int_equal(reg_blank_next(b->r, "A00005", next, &b->d), ST_OK);
	assert_string_equal(next, "A01000");
	assert_int_equal(reg_blank_next(b->r, "A01021", next, &b->d),
	    ST_NOT_FOUND);
}

static void
counted(void **state)
{
	struct bench *b = *state;
	struct serial_range ranges_counted[2];
	int64_t stock;

	assert_int_equal(receive(b, "A01-A09"), ST_OK);
	assert_int_equal(missing(b, "A05-A06"), ST_OK);
	ranges_counted[0] = range("A03-A05");
	ranges_counted[1] = range("A07-A11");
	assert_int_equal(reg_stock_compare(b->r, ranges_counted, 2,
	    put_difference, b, &stock, &b->d), ST_OK);
	assert_int_equal(stock, 7);
	assert_int_equal(b->n, 3);
	assert_string_equal(b->found[0], "A01-A02 stock no");
	assert_string_equal(b->found[1], "A05 missing yes");
	assert_string_equal(b->found[2], "A10-A11 unknown yes");
	ranges_counted[1] = range("A05-A08");
	assert_int_equal(reg_stock_compare(b->r, ranges_counted, 2,
	    put_difference, b, &stock, &b->d), ST_DATA);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(serials),
		cmocka_unit_test_setup_teardown(series_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(counted, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
