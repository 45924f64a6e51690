/* Base45, the stream of literals, inflate: one text per credential. */
#include "tests/unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "common/base45.h"
#include "common/inflate.h"
#include "common/literal.h"
#include "common/token.h"
#include "tests/unit/fixture.h"

static void
base45_examples(void **state)
{
	static const struct { const char *plain, *text; } rows[] = {
		{ "AB", "BB8" }, { "Hello!!", "%69 VD92EX0" },	/* RFC 9285 §4.3 */
		{ "base-45", "UJCLQE7W581" }, { "ietf!", "QED8WEX0" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t raw[64];
		struct buf b = buf_over(raw, sizeof(raw));

		assert_int_equal(base45_encode(bytes_text(rows[i].plain), &b),
		    ST_OK);
		assert_true(bytes_equal_text(buf_bytes(&b), rows[i].text));
		b = buf_over(raw, sizeof(raw));
		assert_int_equal(base45_decode(bytes_text(rows[i].text), &b),
		    ST_OK);
		assert_true(bytes_equal_text(buf_bytes(&b), rows[i].plain));
	}
}

static void
base45_refuses(void **state)
{
	static const struct { const char *why, *text; } rows[] = {
		{ "length 1 mod 3", "BB8B" }, { "length 1", "B" },
		{ "over 65535 (RFC 9285 §4.2)", "GGW" },
		{ "over 65535, all highest", ":::" },
		{ "over 255 in a pair", "::" },
		{ "256 in a pair", "V5" },
		{ "lower case", "bb8" }, { "outside the alphabet", "BB!" },
		{ "a tab", "BB\t" }, { "a line end inside", "BB8\nBB8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t raw[64];
		struct buf b = buf_over(raw, sizeof(raw));

		if (base45_decode(bytes_text(rows[i].text), &b) !=
		    ST_MALFORMED)
			fail_msg("%s was accepted", rows[i].why);
	}
	{
		uint8_t raw[1];
		struct buf b = buf_over(raw, sizeof(raw));

		assert_int_equal(base45_decode(bytes_text("BB8"), &b),
		    ST_TOO_BIG);
	}
}

/* zlib itself must read what we write. */
static void
literal_is_zlib(void **state)
{
	uint8_t content[3000], raw[4096], back[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (uint8_t)(i * i >> 3);
	for (size_t n = 0; n <= sizeof(content); n += 97) {
		struct buf z = buf_over(raw, sizeof(raw));
		struct buf out = buf_over(back, sizeof(back));
		uint8_t *exact;

		assert_int_equal(literal_write(bytes_from(content, n), &z),
		    ST_OK);
		assert_int_equal(inflate_exact(buf_bytes(&z), &out), ST_OK);
		assert_true(bytes_equal(buf_bytes(&out), bytes_from(content, n)));
		exact = fx_exact(buf_bytes(&z));
		out = buf_over(back, sizeof(back));
		assert_int_equal(literal_read(bytes_from(exact, z.len), &out),
		    ST_OK);
		assert_true(bytes_equal(buf_bytes(&out), bytes_from(content, n)));
		out = buf_over(back, sizeof(back));
		for (size_t k = 0; k < z.len; k++)
			assert_int_equal(literal_read(bytes_from(exact, k),
			    &out), ST_MALFORMED);
		assert_int_equal(out.len, 0);
		free(exact);
	}
}

static void
inflate_is_bounded(void **state)
{
	static uint8_t zeros[200000], raw[4096], back[65536];
	struct buf z = buf_over(raw, sizeof(raw));
	struct buf out = buf_over(back, sizeof(back));

	(void)state;
	assert_int_equal(deflate_all(bytes_from(zeros, sizeof(zeros)), &z),
	    ST_OK);
	/* a bomb: 200 kB from 200 bytes, into 64 kB */
	assert_int_equal(inflate_exact(buf_bytes(&z), &out), ST_TOO_BIG);
	assert_int_equal(out.len, 0);
	z = buf_over(raw, sizeof(raw));
	assert_int_equal(deflate_all(bytes_from(zeros, 1000), &z), ST_OK);
	for (size_t n = 0; n < z.len; n++)
		assert_int_equal(inflate_exact(bytes_from(raw, n), &out),
		    ST_MALFORMED);
	raw[z.len] = 0;
	assert_int_equal(inflate_exact(bytes_from(raw, z.len + 1), &out),
	    ST_MALFORMED);
	assert_int_equal(inflate_exact(buf_bytes(&z), &out), ST_OK);
	assert_int_equal(out.len, 1000);
}

/* CR and LF at the end are the file's; any other stranger, a space too, is
 * part of the text and spoils it. */
static void
token_line_ends(void **state)
{
	static const struct { const char *end; enum status want; } rows[] = {
		{ "", ST_OK }, { "\n", ST_OK }, { "\r\n", ST_OK },
		{ "\n\n", ST_OK }, { " ", ST_MALFORMED }, { "\t", ST_MALFORMED },
		{ " \n", ST_MALFORMED }, { "0", ST_MALFORMED },
	};
	char text[TOKEN_TEXT_MAX];
	uint8_t work[TOKEN_TEXT_MAX];
	struct bytes cose;
	size_t n;

	(void)state;
	assert_int_equal(token_wrap(bytes_text("twelve bytes"), text,
	    sizeof(text), NULL), ST_OK);
	n = strlen(text);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf w = buf_over(work, sizeof(work));

		memcpy(text + n, rows[i].end, strlen(rows[i].end) + 1);
		assert_int_equal(token_read(bytes_text(text), &w, &cose),
		    rows[i].want);
	}
}

static void
unwrap_takes_any_zlib(void **state)
{
	static uint8_t work[TOKEN_TEXT_MAX], out_raw[TOKEN_BYTES_MAX];
	uint8_t packed[256];
	char text[512] = "HC1:";
	struct buf z = buf_over(packed, sizeof(packed));
	struct buf t = buf_over((uint8_t *)text + 4, sizeof(text) - 4);
	struct buf w = buf_over(work, sizeof(work));
	struct buf out = buf_over(out_raw, sizeof(out_raw));
	struct bytes cose;

	(void)state;
	assert_int_equal(deflate_all(bytes_text("aaaaaaaaaaaaaaaaaaaaaaaa"),
	    &z), ST_OK);
	assert_int_equal(base45_encode(buf_bytes(&z), &t), ST_OK);
	assert_int_equal(token_unwrap(bytes_from(text, t.len + 4), "HC1:", &w,
	    &out, &cose), ST_OK);
	assert_true(bytes_equal_text(cose, "aaaaaaaaaaaaaaaaaaaaaaaa"));
	w = buf_over(work, sizeof(work));
	out = buf_over(out_raw, sizeof(out_raw));
	assert_int_equal(token_unwrap(bytes_from(text, t.len + 4), "HC2:", &w,
	    &out, &cose), ST_MALFORMED);
	/* as a card the same text is refused */
	w = buf_over(work, sizeof(work));
	assert_int_equal(token_read(bytes_from(text + 4, t.len), &w, &cose),
	    ST_MALFORMED);
	assert_int_equal(token_read(bytes_text(""), &w, &cose), ST_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base45_examples),
		cmocka_unit_test(base45_refuses),
		cmocka_unit_test(literal_is_zlib),
		cmocka_unit_test(inflate_is_bounded),
		cmocka_unit_test(token_line_ends),
		cmocka_unit_test(unwrap_takes_any_zlib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
