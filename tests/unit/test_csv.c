/* CSV: what is a record, what is none and where, and what a spreadsheet is
 * given; the line of a progress bar. */
#include "tests/unit/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/exchange/csv.h"
#include "issuer/exchange/progress.h"

struct source {
	const char *text;
	size_t len, piece;
};

static enum status
give(void *arg, uint8_t *room, size_t cap, size_t *got)
{
	struct source *s = arg;
	size_t n = s->len < s->piece ? s->len : s->piece;

	if (n > cap)
		n = cap;
	memcpy(room, s->text, n);
	s->text += n;
	s->len -= n;
	*got = n;
	return ST_OK;
}

static enum status
breaks(void *arg, uint8_t *room, size_t cap, size_t *got)
{
	(void)arg;
	(void)room;
	(void)cap;
	(void)got;
	return ST_IO;
}

/* The records as one text: fields between bars, a record a line; a broken one
 * as !LINE:COLUMN. */
static void
read_as(const char *text, size_t len, size_t piece, char delimiter, char *out,
    size_t cap)
{
	struct csv *c = malloc(sizeof(*c));
	struct source s = { text, len, piece };
	enum csv_got got;
	size_t n = 0;

	assert_non_null(c);
	assert_int_equal(csv_begin(c, delimiter, give, &s, NULL), ST_OK);
	out[0] = '\0';
	while ((got = csv_next(c)) != CSV_END) {
		assert_true(got == CSV_RECORD || got == CSV_BROKEN);
		if (got == CSV_BROKEN)
			n += (size_t)snprintf(out + n, cap - n,
			    "!%d:%d\n", (int)c->error_line,
			    (int)c->error_column);
		for (size_t i = 0; got == CSV_RECORD && i < c->n; i++)
			n += (size_t)snprintf(out + n, cap - n, "%s%.*s%s",
			    i == 0 ? "" : "|", (int)c->field[i].len,
			    c->field[i].p, i + 1 == c->n ? "\n" : "");
	}
	free(c);
}

static const struct {
	const char *why, *in, *want;
} cases[] = {
	{ "plain", "a,b\n1,2\n", "a|b\n1|2\n" },
	{ "CRLF, no last line end", "a,b\r\n1,2", "a|b\n1|2\n" },
	{ "BOM", "\xef\xbb\xbf" "a,b\n", "a|b\n" },
	{ "semicolons", "a;b\n1,5;2\n", "a|b\n1,5|2\n" },
	{ "tabs", "a\tb\n1;2\t3\n", "a|b\n1;2|3\n" },
	{ "a delimiter within quotes is none", "\"a;b;c\",d\n", "a;b;c|d\n" },
	{ "empty fields", "a,b,c\n,,\n", "a|b|c\n||\n" },
	{ "empty lines are none", "\n\r\na\n\nb\n", "a\nb\n" },
	{ "an empty text is one", "a\n\"\"\nb\n", "a\n\nb\n" },
	{ "quotes", "a\n\"x\"\"y\"\n", "a\nx\"y\n" },
	{ "a line end within quotes", "a,b\n\"1\n2\",3\n4,5\n",
	    "a|b\n1\n2|3\n4|5\n" },
	{ "a quote within a field", "a,b\nx\"y,1\n2,3\n",
	    "a|b\n!2:2\n2|3\n" },
	{ "a text behind a quote's end", "a,b\n1,\"x\"y\n2,3\n",
	    "a|b\n!2:6\n2|3\n" },
	{ "a quote that is not closed", "a,b\n1,\"x\n2,3\n",
	    "a|b\n!2:3\n" },
	{ "a lone CR", "a,b\n1\r2,3\n4,5\n", "a|b\n!2:2\n4|5\n" },
	{ "columns count characters", "a,b\n\xc3\xb1\xc3\xb1\",1\n",
	    "a|b\n!2:3\n" },
	{ "Latin-1", "a,b\n1,\xf1\n2,3\n", "a|b\n!2:3\n2|3\n" },
	{ "the line after a field of two lines", "a\n\"1\n2\"\nx\"\n",
	    "a\n1\n2\n!4:2\n" },
};

static void
test_read(void **state)
{
	char out[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t piece = 1; piece < 100; piece = piece * 3 + 1) {
			read_as(cases[i].in, strlen(cases[i].in), piece, '\0',
			    out, sizeof(out));
			if (strcmp(out, cases[i].want) != 0)
				fail_msg("%s: %s", cases[i].why, out);
		}
}

static void
test_zero_byte(void **state)
{
	static const char text[] = "a,b\n1,\0x\n2,3\n";
	char out[64];

	(void)state;
	read_as(text, sizeof(text) - 1, 5, '\0', out, sizeof(out));
	assert_string_equal(out, "a|b\n!2:3\n2|3\n");
}

/* As many as there may be, and one more. */
static void
test_bounds(void **state)
{
	char *text = malloc(2 * CSV_RECORD_MAX), *out = malloc(1 << 18);
	size_t n;

	(void)state;
	assert_non_null(text);
	assert_non_null(out);
	memset(text, 'x', CSV_FIELD_MAX + 1);
	read_as(text, CSV_FIELD_MAX, 1000, ',', out, 1 << 18);
	assert_int_equal(strlen(out), CSV_FIELD_MAX + 1);
	read_as(text, CSV_FIELD_MAX + 1, 1000, ',', out, 1 << 18);
	assert_int_equal(out[0], '!');
	memset(text, ',', CSV_FIELDS_MAX);
	read_as(text, CSV_FIELDS_MAX - 1, 1000, ',', out, 1 << 18);
	assert_int_equal(strlen(out), CSV_FIELDS_MAX);
	read_as(text, CSV_FIELDS_MAX, 1000, ',', out, 1 << 18);
	assert_string_equal(out, "!1:65\n");
	/* Twenty fields of 4000 bytes: the record's bound. */
	for (n = 0; n < 20 * 4001; n++)
		text[n] = n % 4001 == 4000 ? ',' : 'x';
	read_as(text, n, 1000, ',', out, 1 << 18);
	assert_int_equal(out[0], '!');
	free(out);
	free(text);
}

static void
test_utf16_and_io(void **state)
{
	struct csv *c = malloc(sizeof(*c));
	struct source s = { "\xff\xfe" "a\0", 4, 4 };
	struct diag d;

	(void)state;
	assert_non_null(c);
	assert_int_equal(csv_begin(c, '\0', give, &s, &d), ST_DATA);
	assert_non_null(strstr(d.text, "UTF-16"));
	assert_int_equal(csv_begin(c, '\0', breaks, NULL, &d), ST_IO);
	free(c);
}

static void
test_write(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "x", "x" }, { "", "\"\"" }, { "a b", "a b" },
		{ "a,b", "\"a,b\"" }, { "a\"b", "\"a\"\"b\"" },
		{ "=1+1", "'=1+1" }, { "+506 2222", "'+506 2222" },
		{ "-1", "'-1" }, { "@x", "'@x" }, { "\tx", "\"'\tx\"" },
		{ "\rx", "\"'\rx\"" }, { "'x", "'x" }, { "'", "'" },
		{ "'=x", "''=x" }, { "''x", "'''x" }, { "a\nb", "\"a\nb\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t room[64];
		char out[64], again[64];
		struct buf b = buf_over(room, sizeof(room));
		size_t len;

		csv_put(&b, bytes_text(rows[i].in), ';', true);
		len = b.len;
		assert_true(bytes_to_text(buf_bytes(&b), out, sizeof(out)));
		assert_string_equal(out, rows[i].want);
		csv_put_end(&b);
		read_as((const char *)room, b.len, 64, ';', again,
		    sizeof(again));
		again[strlen(again) - 1] = '\0';
		assert_true(bytes_equal_text(csv_plain(bytes_text(again)),
		    rows[i].in));
		assert_int_equal(b.len, len + 2);
	}
}

static void
test_progress(void **state)
{
	struct progress p = { .what = "importing", .unit = " lines/s" };
	char line[160], few[20];

	(void)state;
	assert_true(progress_line(&p, 512000, 1024000, 5000, 10000, line,
	    sizeof(line)));
	assert_string_equal(line,
	    "importing  [##########          ]  50 %  500 lines/s  0:10 left");
	assert_true(progress_line(&p, 0, 0, 0, 0, line, sizeof(line)));
	assert_true(progress_line(&p, UINT64_C(4000000000000000), UINT64_C(8000000000000000), 1,
	    1000, line, sizeof(line)));
	assert_non_null(strstr(line, " 50 %"));
	assert_false(progress_line(&p, 1, 2, 3, 4, few, sizeof(few)));
	/* Not a terminal: nothing is said. */
	p = progress_begin("importing", "");
	if (!p.shown) {
		progress_at(&p, 1, 2, 3);
		assert_int_equal(p.width, 0);
	}
	progress_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_zero_byte),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_utf16_and_io),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_progress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
