/* issuer/print: sides of a card as documents, and the symbol's geometry. What
 * a reader makes of them is asked elsewhere, with zbar and poppler. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pango/pangocairo.h>
#include <png.h>

#include "common/claims.h"
#include "issuer/print/card.h"

enum { PW = 120, PH = 160 };

/* fontconfig keeps 288 bytes to the end of the program, whoever frees what. */
const char	*__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

static uint8_t portrait[PW * PH * 3];
static char base45[4096];

static const char *
symbol(size_t n)
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ "
	    "$%*+-./:";

	assert_true(n < sizeof(base45));
	for (size_t i = 0; i < n; i++)
		base45[i] = set[(i * i + i / 3) % 45];
	base45[n] = '\0';
	return base45;
}

static struct card_face
individual(void)
{
	for (size_t i = 0; i < sizeof(portrait); i++)
		portrait[i] = (uint8_t)(i / 97);
	return (struct card_face){
		.office = { .state = "NIC",
		    .country = "República de Nicaragua",
		    .name = "Consulado General en San José",
		    .address = "Avenida Central 2540\nSan José, Costa Rica",
		    .verify_at = "https://verifica.example",
		    .colour = 0x1f4e8c, .specimen = true },
		.number = bytes_text("SJO001234"),
		.surnames = bytes_text("Hernández Núñez"),
		.given = bytes_text("María Fernanda"),
		.birth = { 1992, 4, 15 }, .issued = { 2026, 11, 23 },
		.expires = { 2031, 11, 22 }, .sex = SEX_FEMALE,
		.nationality = "NIC", .district = bytes_text("San José"),
		.photo_rgb = bytes_from(portrait, sizeof(portrait)),
		.photo_w = PW, .photo_h = PH, .qr_text = symbol(1450),
	};
}

static struct card_face
family(size_t members)
{
	struct card_face f = individual();

	f.members_n = members;
	for (size_t i = 0; i < members && i < FAMILY_MAX; i++)
		f.members[i] = (struct card_member){
			bytes_text("María de los Ángeles Blandón-Martínez"),
			{ 1950 + (int)i * 7, 1, 2 }, (int)(i % 7) + 1,
			(int)(i % 3) };
	f.qr_text = symbol(1839);
	return f;
}

static struct card_face
minor(void)
{
	struct card_face f = individual();

	f.birth = (struct date){ 2021, 12, 30 };
	f.guardian = bytes_text("María Fernanda Hernández Núñez de la "
	    "Concepción");
	f.name_mrz = bytes_text("HERNANDEZ NUNEZ LUCIA");
	f.office.specimen = false;
	return f;
}

static struct card_face
long_names(void)
{
	struct card_face f = individual();

	f.surnames = bytes_text("Bartholomäusschwarzenberger-"
	    "Wolfeschlegelsteinhausen de la Santísima Trinidad");
	f.given = bytes_text("Maximiliano Alejandro Sebastián Hermenegildo de "
	    "Todos los Santos y de la Purísima Concepción");
	f.name_mrz = bytes_text("BARTHOLOMAEUSSCHWARZENBERGER "
	    "WOLFESCHLEGELSTEINHAUSEN DE LA SANTISIMA TRINIDAD MAXIMILIANO");
	f.number = bytes_text("ABCDEFGHI0123456789012");
	return f;
}

/* Twice the same bytes, of the right kind. */
static void
render(const char *why, const struct card_face *f, enum card_side side,
    enum card_format format, int dpi)
{
	uint8_t *one, *two;
	size_t n, m;
	struct diag d = { "" };

	if (card_render(f, side, format, dpi, &one, &n, &d) != ST_OK)
		fail_msg("%s: %s", why, d.text);
	assert_int_equal(card_render(f, side, format, dpi, &two, &m, &d),
	    ST_OK);
	assert_true(bytes_equal(bytes_from(one, n), bytes_from(two, m)));
	assert_memory_equal(one, format == CARD_PDF ? "%PDF" : "\x89PNG", 4);
	free(one);
	free(two);
}

static void
test_documents(void **state)
{
	const struct { const char *why; struct card_face f; } cards[] = {
		{ "individual", individual() }, { "family of 1+1", family(1) },
		{ "family of 1+10", family(10) }, { "minor", minor() },
		{ "very long names", long_names() },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
		struct card_face f = cards[i].f;

		/* One buffer holds every symbol's text. */
		f.qr_text = symbol(f.members_n > 0 ? 1839 : 1450);
		render(cards[i].why, &f, CARD_FRONT, CARD_PDF, 0);
		render(cards[i].why, &f, CARD_BACK, CARD_PDF, 0);
		render(cards[i].why, &f, CARD_BOTH, CARD_PDF, 0);
		render(cards[i].why, &f, CARD_FRONT, CARD_PNG, 300);
		render(cards[i].why, &f, CARD_BACK, CARD_PNG, 600);
	}
}

static const struct {
	const char *why;
	size_t chars;
	int version, dots;	/* 0: refused */
} symbols[] = {
	{ "300 bytes (scan/README.md)", 450, 13, 7 },
	{ "v25-M holds 1451 characters", 1451, 25, 4 },
	{ "one more is v26", 1452, 26, 4 },
	{ "v29-M holds 1839", 1839, 29, 4 },
	{ "one more is refused", 1840, 0, 0 },
	{ "no symbol at all holds this", 4000, 0, 0 },
	{ "a short one has the largest dots", 20, 1, 8 },
};

static void
test_symbols(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		struct card_qr q;
		struct diag d = { "" };
		enum status st = card_qr_make(symbol(symbols[i].chars), &q, &d);

		if (symbols[i].version == 0) {
			assert_int_equal(st, ST_TOO_BIG);
			assert_true(d.text[0] != '\0' && q.module == NULL);
			continue;
		}
		assert_int_equal(st, ST_OK);
		if (q.version != symbols[i].version ||
		    q.dots != symbols[i].dots)
			fail_msg("%s: version %d, %d dots", symbols[i].why,
			    q.version, q.dots);
		assert_int_equal(q.n, 17 + 4 * q.version);
		assert_true(card_qr_side(&q) <= CARD_QR_MAX);
		/* A finder pattern: dark edge, light ring, dark heart. */
		for (int k = 0; k < 7; k++)
			assert_int_equal(q.module[k], 1);
		assert_int_equal(q.module[7], 0);
		assert_int_equal(q.module[q.n + 1], 0);
		assert_int_equal(q.module[3 * q.n + 3], 1);
		/* Timing: dark and light in turn. */
		for (int k = 8; k < q.n - 8; k++)
			assert_int_equal(q.module[6 * q.n + k], k % 2 == 0);
		card_qr_free(&q);
	}
}

struct source {
	const uint8_t *p;
	size_t left;
};

static void
on_read(png_structp png, png_bytep to, size_t n)
{
	struct source *s = png_get_io_ptr(png);

	assert_true(n <= s->left);
	memcpy(to, s->p, n);
	s->p += n;
	s->left -= n;
}

/* In the picture every module is a square of pure black or white dots, and so
 * is the quiet zone: find the symbol's corner, then compare them all. */
static void
symbol_in_png(const struct card_face *f, int dpi)
{
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL,
	    NULL, NULL);
	png_infop info = png_create_info_struct(png);
	uint8_t *file;
	struct source s;
	struct card_qr q;
	png_bytepp rows;
	int x0 = 0, y0 = 0, m, quiet;

	assert_int_equal(card_qr_make(f->qr_text, &q, NULL), ST_OK);
	assert_int_equal(card_render(f, CARD_BACK, CARD_PNG, dpi, &file,
	    &s.left, NULL), ST_OK);
	s.p = file;
	png_set_read_fn(png, &s, on_read);
	png_read_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
	assert_int_equal(png_get_image_width(png, info),
	    (int)(CARD_W * dpi / 25.4 + 0.5));
	assert_int_equal(png_get_x_pixels_per_meter(png, info),
	    dpi == 300 ? 11811 : 23622);
	rows = png_get_rows(png, info);
	m = q.dots * dpi / 300;
	quiet = CARD_QR_QUIET * m;
	while (rows[y0][x0 * 3] != 0) {		/* along the diagonal, then back */
		if (++x0 >= 600 * dpi / 300) {
			x0 = 0;
			y0++;
		}
	}
	assert_true(x0 >= quiet && y0 >= quiet);
	for (int y = -quiet; y < q.n * m + quiet; y++) {
		for (int x = -quiet; x < q.n * m + quiet; x++) {
			bool in = x >= 0 && y >= 0 && x < q.n * m &&
			    y < q.n * m;
			bool dark = in && q.module[y / m * q.n + x / m];
			const uint8_t *p = rows[y0 + y] + (x0 + x) * 3;
			uint8_t want = dark ? 0 : 255;

			if (p[0] != want || p[1] != want || p[2] != want)
				fail_msg("%d dpi: dot %d,%d", dpi, x, y);
		}
	}
	png_destroy_read_struct(&png, &info, NULL);
	card_qr_free(&q);
	free(file);
}

static void
test_whole_dots(void **state)
{
	struct card_face f = family(10);

	(void)state;
	symbol_in_png(&f, 300);
	symbol_in_png(&f, 600);
	f.qr_text = symbol(450);
	symbol_in_png(&f, 300);
	symbol_in_png(&f, 600);
}

static void
refused(const char *why, const struct card_face *f, enum card_side side,
    enum status want)
{
	uint8_t *out = (uint8_t *)1;
	size_t n = 1;
	struct diag d = { "" };

	if (card_render(f, side, CARD_PDF, 0, &out, &n, &d) != want)
		fail_msg("%s", why);
	if (d.text[0] == '\0')
		fail_msg("%s: no reason given", why);
	assert_null(out);
	assert_int_equal(n, 0);
}

static void
test_refused(void **state)
{
	static char endless[900];
	struct card_face f = individual();

	(void)state;
	f.qr_text = "lower case";
	refused("not Base45", &f, CARD_BACK, ST_DATA);
	f.qr_text = symbol(1840);
	refused("over version 29", &f, CARD_BACK, ST_TOO_BIG);
	f = individual();
	f.photo_rgb.len--;
	refused("photo and its size differ", &f, CARD_FRONT, ST_DATA);
	f = individual();
	f.photo_w = f.photo_h = 0;
	f.photo_rgb.len = 0;
	refused("no photo", &f, CARD_FRONT, ST_DATA);
	f = individual();
	f.surnames = bytes_text("Ana\xff");
	refused("not UTF-8", &f, CARD_FRONT, ST_DATA);
	f.surnames = bytes_text("Ana\xe2\x80\xae");
	refused("turns the line round", &f, CARD_FRONT, ST_DATA);
	memset(endless, 'W', sizeof(endless) - 1);
	f.surnames = bytes_text(endless);
	refused("a name nobody could read", &f, CARD_FRONT, ST_TOO_BIG);
	f = individual();
	f.number = bytes_text("A-1");
	refused("a number the MRZ cannot hold", &f, CARD_FRONT, ST_DATA);
	f = individual();
	f.birth.month = 13;
	refused("no such day", &f, CARD_FRONT, ST_DATA);
	f = family(10);
	f.office.address = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12";
	refused("no room on the back", &f, CARD_BACK, ST_TOO_BIG);
}

static void
test_png_usage(void **state)
{
	struct card_face f = individual();
	uint8_t *out;
	size_t n;
	struct diag d = { "" };

	(void)state;
	assert_int_equal(card_render(&f, CARD_FRONT, CARD_PNG, 200, &out, &n,
	    &d), ST_USAGE);
	assert_int_equal(card_render(&f, CARD_BOTH, CARD_PNG, 300, &out, &n,
	    &d), ST_USAGE);
	assert_null(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_whole_dots),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_png_usage),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	pango_cairo_font_map_set_default(NULL);
	cairo_debug_reset_static_data();
	return failed;
}
