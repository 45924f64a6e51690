/* issuer/photo: pictures made in memory, whole and spoilt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <png.h>
#include <webp/decode.h>

#include "issuer/photo/photo.h"
#include "issuer/photo/pieces.h"

enum { W = 300, H = 400 };

/* Something like a face: a light oval with two dark spots on a ramp. */
static void
paint(uint8_t *rgb, uint32_t w, uint32_t h)
{
	for (uint32_t y = 0; y < h; y++) {
		for (uint32_t x = 0; x < w; x++) {
			int dx = (int)(x * 300 / w) - 150;
			int dy = (int)(y * 400 / h) - 190;
			uint8_t *p = rgb + ((size_t)y * w + x) * 3;
			bool face = dx * dx * 2 + dy * dy < 20000;
			bool eye = (dx + 35) * (dx + 35) + (dy + 20) * (dy + 20)
			    < 150 || (dx - 35) * (dx - 35) +
			    (dy + 20) * (dy + 20) < 150;

			p[0] = (uint8_t)(eye ? 40 : face ? 210 : y * 200 / h);
			p[1] = (uint8_t)(eye ? 30 : face ? 160 : x * 200 / w);
			p[2] = eye ? 20 : face ? 130 : 180;
		}
	}
}

static struct photo
picture(uint32_t w, uint32_t h)
{
	struct photo p = { w, h, malloc((size_t)w * h * 3) };

	assert_non_null(p.rgb);
	paint(p.rgb, w, h);
	return p;
}

static uint8_t *
jpeg_of(uint32_t w, uint32_t h, size_t *len)
{
	struct photo p = picture(w, h);
	uint8_t *out;

	assert_int_equal(photo_jpeg(&p, &out, len, NULL), ST_OK);
	photo_free(&p);
	return out;
}

static void
grow(png_structp png, png_bytep data, size_t n)
{
	struct bytes *b = png_get_io_ptr(png);
	union { const uint8_t *in; uint8_t *out; } u = { b->p };
	uint8_t *p = realloc(u.out, b->len + n);

	assert_non_null(p);
	memcpy(p + b->len, data, n);
	*b = bytes_from(p, b->len + n);
}

/* type: PNG_COLOR_TYPE_*; alpha, where there is one, is x modulo 256. */
static uint8_t *
png_of(uint32_t w, uint32_t h, int type, int bits, bool lace, size_t *len)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
	    NULL, NULL);
	png_infop info = png_create_info_struct(png);
	struct bytes b = { NULL, 0 };
	union { const uint8_t *in; uint8_t *out; } u;
	size_t step;
	int passes = 1;

	png_set_write_fn(png, &b, grow, NULL);
	png_set_IHDR(png, info, w, h, bits, type,
	    lace ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
	png_write_info(png, info);
	if (lace)
		passes = png_set_interlace_handling(png);
	step = png_get_rowbytes(png, info);
	for (int pass = 0; pass < passes; pass++) {
		for (uint32_t y = 0; y < h; y++) {
			uint8_t *row = malloc(step);

			assert_non_null(row);
			for (size_t i = 0; i < step; i++)
				row[i] = (uint8_t)(i * 7 + y);
			png_write_row(png, row);
			free(row);
		}
	}
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	u.in = b.p;
	*len = b.len;
	return u.out;
}

/* Loads from an exact-size block. */
static enum status
load(const uint8_t *file, size_t len, struct photo *out, struct diag *d)
{
	uint8_t *p = malloc(len == 0 ? 1 : len);
	enum status st;

	assert_non_null(p);
	memcpy(p, file, len);
	st = photo_load(bytes_from(p, len), "in.jpg", out, d);
	free(p);
	if (st != ST_OK) {
		assert_null(out->rgb);
		assert_true(d == NULL || d->text[0] != '\0');
	}
	return st;
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *why;
		int type, bits;
		bool lace;
	} kinds[] = {
		{ "grey", PNG_COLOR_TYPE_GRAY, 8, false },
		{ "grey, 1 bit", PNG_COLOR_TYPE_GRAY, 1, false },
		{ "grey, 16 bits", PNG_COLOR_TYPE_GRAY, 16, false },
		{ "grey and alpha", PNG_COLOR_TYPE_GRAY_ALPHA, 8, false },
		{ "colour", PNG_COLOR_TYPE_RGB, 8, false },
		{ "colour, 16 bits, interlaced", PNG_COLOR_TYPE_RGB, 16, true },
		{ "colour and alpha", PNG_COLOR_TYPE_RGB_ALPHA, 8, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct photo p;
		struct diag d = { "" };
		size_t len;
		uint8_t *f = png_of(W, H, kinds[i].type, kinds[i].bits,
		    kinds[i].lace, &len);

		if (load(f, len, &p, &d) != ST_OK)
			fail_msg("%s: %s", kinds[i].why, d.text);
		assert_int_equal(p.w, W);
		assert_int_equal(p.h, H);
		photo_free(&p);
		free(f);
	}
}

/* Nothing at all shows as white. */
static void
test_flatten(void **state)
{
	size_t len;
	uint8_t *f = png_of(W, H, PNG_COLOR_TYPE_GRAY_ALPHA, 8, false, &len);
	struct photo p;

	(void)state;
	assert_int_equal(load(f, len, &p, NULL), ST_OK);
	for (uint32_t x = 0; x < W; x++) {
		unsigned v = (uint8_t)(x * 14), a = (uint8_t)(x * 14 + 7);

		assert_int_equal(p.rgb[x * 3], (v * a + 255 * (255 - a) + 127) /
		    255);
	}
	photo_free(&p);
	free(f);
}

/* An APP1 segment put after SOI: little or big endian. */
static uint8_t *
with_exif(const uint8_t *jpeg, size_t len, int orientation, bool big,
    size_t *out_len)
{
	static const uint8_t le[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0,
	    0, 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 0,
	    0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t be[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0,
	    0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0,
	    0, 0, 0, 0, 0, 0, 0 };
	uint8_t *p = malloc(len + sizeof(le));

	assert_non_null(p);
	memcpy(p, jpeg, 2);
	memcpy(p + 2, big ? be : le, sizeof(le));
	p[2 + (big ? 29 : 28)] = (uint8_t)orientation;
	memcpy(p + 2 + sizeof(le), jpeg + 2, len - 2);
	*out_len = len + sizeof(le);
	return p;
}

/* A picture with one red corner: where is it after turning? */
static void
test_orientation(void **state)
{
	static const struct {
		int orientation;
		bool right, below, swapped;
	} turns[] = {
		{ 1, false, false, false }, { 2, true, false, false },
		{ 3, true, true, false }, { 4, false, true, false },
		{ 5, false, false, true }, { 6, true, false, true },
		{ 7, true, true, true }, { 8, false, true, true },
		{ 9, false, false, false }, { 0, false, false, false },
	};
	enum { TW = 360, TH = 480 };	/* enough when turned */
	struct photo p = picture(TW, TH), q;
	uint8_t *jpeg;
	size_t len, n;

	(void)state;
	memset(p.rgb, 128, (size_t)TW * TH * 3);
	for (size_t y = 0; y < 40; y++)
		for (size_t x = 0; x < 40; x++) {
			p.rgb[(y * TW + x) * 3] = 255;
			p.rgb[(y * TW + x) * 3 + 1] = 0;
			p.rgb[(y * TW + x) * 3 + 2] = 0;
		}
	assert_int_equal(photo_jpeg(&p, &jpeg, &len, NULL), ST_OK);
	for (size_t i = 0; i < 2 * sizeof(turns) / sizeof(turns[0]); i++) {
		size_t k = i / 2, x, y;
		uint8_t *f = with_exif(jpeg, len, turns[k].orientation,
		    i % 2 != 0, &n);

		assert_int_equal(load(f, n, &q, NULL), ST_OK);
		assert_int_equal(q.w, turns[k].swapped ? TH : TW);
		x = turns[k].right ? q.w - 10 : 10;
		y = turns[k].below ? q.h - 10 : 10;
		if (q.rgb[(y * q.w + x) * 3] < 220 ||
		    q.rgb[(y * q.w + x) * 3 + 1] > 40)
			fail_msg("orientation %d", turns[k].orientation);
		photo_free(&q);
		free(f);
	}
	free(jpeg);
	photo_free(&p);
}

static void
test_exif_hostile(void **state)
{
	static const struct {
		const char *why;
		uint8_t b[40];
		size_t len;
	} rows[] = {
		{ "empty", { 0 }, 0 },
		{ "marker alone", "Exif\0", 6 },
		{ "directory far away",
		    "Exif\0\0II*\0\xff\xff\xff\xff", 14 },
		{ "65535 entries and none there",
		    "Exif\0\0II*\0\x08\0\0\0\xff\xff", 16 },
		{ "entry cut short",
		    "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03", 19 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t *p = malloc(rows[i].len == 0 ? 1 : rows[i].len);

		assert_non_null(p);
		memcpy(p, rows[i].b, rows[i].len);
		if (photo_exif_orientation(bytes_from(p, rows[i].len)) != 1)
			fail_msg("%s", rows[i].why);
		free(p);
	}
}

static void
test_refused(void **state)
{
	static const struct {
		const char *why, *b;
		size_t len;
		enum status want;
	} rows[] = {
		{ "nothing", "", 0, ST_DATA },
		{ "text", "hello, this is no photo", 23, ST_DATA },
		{ "GIF", "GIF89a", 6, ST_DATA },
		{ "JPEG's first bytes alone", "\xff\xd8\xff", 3, ST_DATA },
		{ "PNG's first bytes alone", "\x89PNG\r\n\x1a\n", 8, ST_DATA },
	};
	struct photo p;
	struct diag d;
	size_t len;
	uint8_t *f;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		d.text[0] = '\0';
		if (load((const uint8_t *)rows[i].b, rows[i].len, &p, &d) !=
		    rows[i].want)
			fail_msg("%s", rows[i].why);
	}
	f = jpeg_of(200, 400, &len);
	assert_int_equal(load(f, len, &p, &d), ST_DATA);
	assert_non_null(strstr(d.text, "240x320"));
	free(f);
	/* Wide enough, but not once it is cut to 3:4. */
	f = jpeg_of(900, 320, &len);
	assert_int_equal(load(f, len, &p, &d), ST_OK);
	free(f);
	p.h = 310;
	{
		struct photo q;

		assert_int_equal(photo_portrait(&p, &q, &d), ST_DATA);
		assert_null(q.rgb);
	}
	p.h = 320;
	photo_free(&p);
}

/* A header that claims gigapixels is refused before memory is asked for. */
static void
test_giant(void **state)
{
	static const uint16_t sides[][2] = { { 65500, 65500 }, { 8001, 8 },
	    { 8, 8001 }, { 8000, 8000 } };
	struct photo p;
	struct diag d = { "" };
	size_t len;
	uint8_t *jpeg = jpeg_of(W, H, &len), *png;
	size_t at = 0;

	(void)state;
	while (jpeg[at] != 0xff || jpeg[at + 1] != 0xc0)	/* SOF0 */
		at++;
	for (size_t i = 0; i < 4; i++) {
		jpeg[at + 5] = (uint8_t)(sides[i][1] >> 8);
		jpeg[at + 6] = (uint8_t)sides[i][1];
		jpeg[at + 7] = (uint8_t)(sides[i][0] >> 8);
		jpeg[at + 8] = (uint8_t)sides[i][0];
		assert_int_equal(load(jpeg, len, &p, &d), ST_TOO_BIG);
	}
	free(jpeg);
	png = png_of(9000, 1, PNG_COLOR_TYPE_GRAY, 8, false, &len);
	assert_int_equal(load(png, len, &p, &d), ST_TOO_BIG);
	free(png);
}

/* Every 37th prefix is refused; flipped bits are refused or decoded, never
 * more. */
static void
spoil(uint8_t *f, size_t len)
{
	struct photo p;
	struct diag d = { "" };

	for (size_t n = 0; n + 12 < len; n += 37)
		assert_int_not_equal(load(f, n, &p, &d), ST_OK);
	for (size_t i = 0; i < len; i += i < 700 ? 3 : 211) {
		f[i] ^= (uint8_t)(1 << i % 8);
		if (load(f, len, &p, &d) == ST_OK)
			photo_free(&p);
		f[i] ^= (uint8_t)(1 << i % 8);
	}
}

static void
test_spoilt(void **state)
{
	size_t len;
	uint8_t *f = jpeg_of(W, H, &len);

	(void)state;
	spoil(f, len);
	free(f);
	f = png_of(W, H, PNG_COLOR_TYPE_RGB_ALPHA, 8, false, &len);
	spoil(f, len);
	free(f);
}

/* The portrait keeps proportions: a centred disc stays round and centred. */
static void
test_portrait(void **state)
{
	static const struct { uint32_t w, h; } from[] = { { 1600, 1200 },
	    { 600, 1000 }, { 240, 320 }, { 480, 640 } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct photo p = picture(from[i].w, from[i].h), q;
		int64_t cx = from[i].w / 2, cy = from[i].h / 2, r = 100;
		uint32_t x0 = PHOTO_W, x1 = 0, y0 = PHOTO_H, y1 = 0;

		for (int64_t y = 0; y < (int64_t)p.h; y++)
			for (int64_t x = 0; x < (int64_t)p.w; x++)
				memset(p.rgb + (y * (int64_t)p.w + x) * 3,
				    (x - cx) * (x - cx) + (y - cy) * (y - cy) <
				    r * r ? 255 : 0, 3);
		assert_int_equal(photo_portrait(&p, &q, NULL), ST_OK);
		assert_int_equal(q.w, PHOTO_W);
		assert_int_equal(q.h, PHOTO_H);
		for (uint32_t y = 0; y < q.h; y++)
			for (uint32_t x = 0; x < q.w; x++)
				if (q.rgb[((size_t)y * q.w + x) * 3] > 127) {
					x0 = x < x0 ? x : x0;
					x1 = x > x1 ? x : x1;
					y0 = y < y0 ? y : y0;
					y1 = y > y1 ? y : y1;
				}
		assert_in_range(x0 + x1, PHOTO_W - 3, PHOTO_W + 1);
		assert_in_range(y0 + y1, PHOTO_H - 3, PHOTO_H + 1);
		assert_in_range(x1 - x0 + 2 - (y1 - y0), 0, 4);
		photo_free(&p);
		photo_free(&q);
	}
}

static void
test_face(void **state)
{
	static const size_t budgets[] = { 300, 301, 450, 640, 5000 };
	struct photo p = picture(PHOTO_W, PHOTO_H);
	int before = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
		uint8_t one[FACE_BUDGET_MAX], two[FACE_BUDGET_MAX];
		struct buf a = buf_over(one, sizeof(one));
		struct buf b = buf_over(two, sizeof(two));
		struct photo_face info;
		int w, h;

		assert_int_equal(photo_face_webp(p.rgb, p.w, p.h, budgets[i],
		    &a, &info, NULL), ST_OK);
		assert_int_equal(photo_face_webp(p.rgb, p.w, p.h, budgets[i],
		    &b, NULL, NULL), ST_OK);
		assert_true(bytes_equal(buf_bytes(&a), buf_bytes(&b)));
		assert_true(a.len <= budgets[i] && a.len <= FACE_BUDGET_MAX);
		assert_int_equal(a.len, info.len);
		/* RIFF and one lossy chunk: 20 bytes of container, no more. */
		assert_memory_equal(one + 8, "WEBPVP8 ", 8);
		assert_true(WebPGetInfo(one, a.len, &w, &h));
		assert_int_equal(w, FACE_W);
		assert_int_equal(h, FACE_H);
		assert_true(info.ssim > 800 && info.ssim + 20 >= before);
		before = info.ssim;
	}
	photo_free(&p);
}

static void
test_face_refused(void **state)
{
	struct photo p = picture(PHOTO_W, PHOTO_H);
	uint8_t out[FACE_BUDGET_MAX];
	struct buf b = buf_over(out, sizeof(out)), tiny = buf_over(out, 100);
	struct diag d = { "" };
	uint32_t seed = 7;

	(void)state;
	assert_int_equal(photo_face_webp(p.rgb, p.w, p.h, 299, &b, NULL, &d),
	    ST_TOO_BIG);
	assert_true(d.text[0] != '\0' && b.len == 0);
	assert_int_equal(photo_face_webp(p.rgb, p.w, p.h, 640, &tiny, NULL,
	    &d), ST_TOO_BIG);
	assert_int_equal(photo_face_webp(p.rgb, 63, 80, 640, &b, NULL, &d),
	    ST_DATA);
	/* Noise at every pixel: refused or within the budget. */
	for (size_t i = 0; i < (size_t)p.w * p.h * 3; i++) {
		seed = seed * 1664525 + 1013904223;
		p.rgb[i] = (uint8_t)(seed >> 24);
	}
	if (photo_face_webp(p.rgb, 64, 80, 300, &b, NULL, &d) == ST_OK)
		assert_true(b.len <= 300);
	photo_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_flatten),
		cmocka_unit_test(test_orientation),
		cmocka_unit_test(test_exif_hostile),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_giant),
		cmocka_unit_test(test_spoilt),
		cmocka_unit_test(test_portrait),
		cmocka_unit_test(test_face),
		cmocka_unit_test(test_face_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
