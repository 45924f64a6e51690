/*
 * mkpicture FORMAT WIDTHxHEIGHT DOTS KIND [TEXT] > picture
 * mkpicture flip SEED < file > file
 *
 * Test pictures for scan.sh. A symbol of TEXT (ECC M, DOTS a module) in the
 * middle of a white picture, written as FORMAT:
 *   g1 g8 g16 ga8 ga16 rgb8 rgb16 rgba8 rgba16 pal	PNG; "i" interlaces
 *   jpg jpgc jpgp jpgk		JPEG grey, colour, progressive, four inks
 *   head jpghead		a header that claims the size, and little else
 * KIND: plain, inverted, eci (says it is ISO 8859-7), part (one of several
 * symbols of a structured text), blank (no symbol), finders (nothing but
 * finder patterns). flip turns one bit, chosen by SEED.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>
#include <qrencode.h>

struct page {
	uint32_t width, height;
	uint8_t *grey;			/* 0 or 255 */
	bool blank;			/* all rows are the same */
};

static _Noreturn void
die(const char *why)
{
	fprintf(stderr, "mkpicture: %s\n", why);
	exit(70);
}

static QRcode *
encode(const char *kind, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	int len = (int)strlen(text);
	QRinput *in;
	QRcode *code;

	if (strcmp(kind, "part") == 0) {
		QRcode_List *parts = QRcode_encodeDataStructured(len, p, 15,
		    QR_ECLEVEL_M);

		if (parts == NULL || QRcode_List_size(parts) < 2)
			die("the text is too short for parts");
		return parts->code;
	}
	if (strcmp(kind, "eci") != 0)
		return QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8,
		    1);
	if ((in = QRinput_new2(0, QR_ECLEVEL_M)) == NULL ||
	    QRinput_appendECIheader(in, 9) != 0 ||
	    QRinput_append(in, QR_MODE_8, len, p) != 0)
		die("ECI");
	code = QRcode_encodeInput(in);
	QRinput_free(in);
	return code;
}

static void
draw_symbol(const struct page *page, const char *kind, const char *text,
    uint32_t dots)
{
	QRcode *code = encode(kind, text);
	uint32_t side, left, top;

	if (code == NULL)
		die("no symbol");
	side = (uint32_t)code->width * dots;
	if (side > page->width || side > page->height)
		die("the symbol is larger than the picture");
	left = (page->width - side) / 2;
	top = (page->height - side) / 2;
	for (uint32_t y = 0; y < side; y++)
		for (uint32_t x = 0; x < side; x++) {
			uint32_t at = y / dots * (uint32_t)code->width +
			    x / dots;

			if (code->data[at] & 1)
				page->grey[(size_t)(top + y) * page->width +
				    left + x] = 0;
		}
}

static void
draw_finders(const struct page *page, uint32_t dots)
{
	static const uint8_t finder[8] = {
		0x7f, 0x41, 0x5d, 0x5d, 0x5d, 0x41, 0x7f, 0
	};

	for (uint32_t y = 0; y < page->height; y++)
		for (uint32_t x = 0; x < page->width; x++)
			if (finder[y / dots % 8] >> (x / dots % 8) & 1)
				page->grey[(size_t)y * page->width + x] = 0;
}

/* One row as PNG wants it. With alpha, white is written as transparent black:
 * whoever ignores alpha sees no symbol. */
static void
fill_row(uint8_t *row, const uint8_t *grey, uint32_t width, int colour,
    int depth)
{
	bool alpha = colour & PNG_COLOR_MASK_ALPHA;
	int colours = colour & PNG_COLOR_MASK_COLOR ? 3 : 1;

	if (depth == 1) {
		memset(row, 0, width / 8 + 1);
		for (uint32_t x = 0; x < width; x++)
			if (grey[x])
				row[x / 8] |= (uint8_t)(0x80 >> x % 8);
		return;
	}
	for (uint32_t x = 0; x < width; x++) {
		for (int c = 0; c < colours * depth / 8; c++)
			*row++ = alpha ? 0 : grey[x];
		for (int c = 0; alpha && c < depth / 8; c++)
			*row++ = (uint8_t)(255 - grey[x]);
	}
}

static int
colour_of(const char *format, int *depth)
{
	static const struct {
		const char *name;
		int colour, depth;
	} formats[] = {
		{ "g16", PNG_COLOR_TYPE_GRAY, 16 },
		{ "ga16", PNG_COLOR_TYPE_GRAY_ALPHA, 16 },
		{ "g1", PNG_COLOR_TYPE_GRAY, 1 },
		{ "g8", PNG_COLOR_TYPE_GRAY, 8 },
		{ "ga8", PNG_COLOR_TYPE_GRAY_ALPHA, 8 },
		{ "rgb16", PNG_COLOR_TYPE_RGB, 16 },
		{ "rgb8", PNG_COLOR_TYPE_RGB, 8 },
		{ "rgba16", PNG_COLOR_TYPE_RGB_ALPHA, 16 },
		{ "rgba8", PNG_COLOR_TYPE_RGB_ALPHA, 8 },
		{ "pal", PNG_COLOR_TYPE_PALETTE, 1 },
		{ "head", PNG_COLOR_TYPE_GRAY, 1 },
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strncmp(format, formats[i].name,
		    strlen(formats[i].name)) == 0) {
			*depth = formats[i].depth;
			return formats[i].colour;
		}
	die("no such format");
}

static void
write_png(const struct page *page, const char *format)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
	    NULL, NULL);
	png_infop info = png_create_info_struct(png);
	int depth, colour = colour_of(format, &depth), passes;
	bool interlaced = format[strlen(format) - 1] == 'i';
	uint8_t *row = malloc((size_t)page->width * 8);
	png_color black[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	png_byte opaque[2] = { 255, 0 };

	if (row == NULL || setjmp(png_jmpbuf(png)) != 0)
		die("libpng");
	png_init_io(png, stdout);
	png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_compression_level(png, 1);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
	png_set_IHDR(png, info, page->width, page->height, depth, colour,
	    interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (colour == PNG_COLOR_TYPE_PALETTE) {
		png_set_PLTE(png, info, black, 2);
		png_set_tRNS(png, info, opaque, 2, NULL);
	}
	png_write_info(png, info);
	if (strcmp(format, "head") == 0)
		exit(fflush(stdout));
	passes = png_set_interlace_handling(png);
	for (int pass = 0; pass < passes; pass++)
		for (uint32_t y = 0; y < page->height; y++) {
			if (y == 0 || !page->blank)
				fill_row(row, page->grey +
				    (size_t)y * page->width, page->width,
				    colour, depth);
			png_write_row(png, row);
		}
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	free(row);
}

/* The frame header of a baseline picture, given another size. */
static void
claim_size(uint8_t *file, size_t len, uint32_t width, uint32_t height)
{
	for (size_t i = 2; i + 9 < len;
	    i += 2u + (uint32_t)(file[i + 2] << 8 | file[i + 3]))
		if (file[i + 1] == 0xc0) {
			file[i + 5] = (uint8_t)(height >> 8);
			file[i + 6] = (uint8_t)height;
			file[i + 7] = (uint8_t)(width >> 8);
			file[i + 8] = (uint8_t)width;
			return;
		}
	die("no frame header");
}

static void
write_jpeg(const struct page *page, const char *format)
{
	struct jpeg_compress_struct j;
	struct jpeg_error_mgr errors;
	bool head = strcmp(format, "jpghead") == 0;
	uint32_t width = head ? 16 : page->width;
	uint32_t height = head ? 16 : page->height;
	unsigned char *file = NULL;
	unsigned long len = 0;
	uint8_t *row = malloc((size_t)width * 4);

	j.err = jpeg_std_error(&errors);
	jpeg_create_compress(&j);
	jpeg_mem_dest(&j, &file, &len);
	j.image_width = width;
	j.image_height = height;
	j.in_color_space = strcmp(format, "jpgk") == 0 ? JCS_CMYK :
	    strcmp(format, "jpg") == 0 || head ? JCS_GRAYSCALE : JCS_RGB;
	j.input_components = j.in_color_space == JCS_CMYK ? 4 :
	    j.in_color_space == JCS_RGB ? 3 : 1;
	jpeg_set_defaults(&j);
	jpeg_set_quality(&j, 80, TRUE);
	if (strcmp(format, "jpgp") == 0)
		jpeg_simple_progression(&j);
	jpeg_start_compress(&j, TRUE);
	while (row != NULL && j.next_scanline < j.image_height) {
		size_t n = (size_t)j.input_components;

		for (uint32_t x = 0; x < width; x++)
			memset(row + x * n, head ? 0 : page->grey[
			    (size_t)j.next_scanline * width + x], n);
		(void)jpeg_write_scanlines(&j, &row, 1);
	}
	jpeg_finish_compress(&j);
	if (head)
		claim_size(file, len, page->width, page->height);
	if (fwrite(file, 1, len, stdout) != len)
		die("write");
	jpeg_destroy_compress(&j);
	free(file);
	free(row);
}

static int
flip(uint32_t seed)
{
	static uint8_t file[1 << 20];
	size_t n = fread(file, 1, sizeof(file), stdin);
	uint64_t at = (uint64_t)seed * 2654435761u % (n == 0 ? 1 : n * 8);

	file[at / 8] ^= (uint8_t)(1 << at % 8);
	return fwrite(file, 1, n, stdout) == n ? 0 : 74;
}

int
main(int argc, char *argv[])
{
	struct page page;
	unsigned width, height;
	uint32_t dots;

	if (argc == 3 && strcmp(argv[1], "flip") == 0)
		return flip((uint32_t)strtoul(argv[2], NULL, 10));
	if (argc < 5 || sscanf(argv[2], "%ux%u", &width, &height) != 2)
		die("usage: see the source");
	page.width = width;
	page.height = height;
	page.blank = strcmp(argv[4], "blank") == 0;
	dots = (uint32_t)strtoul(argv[3], NULL, 10);
	/* A header claims more than there is; nothing is drawn for it. */
	page.grey = malloc(strstr(argv[1], "head") ? 1 :
	    (size_t)width * height);
	if (page.grey == NULL)
		die("memory");
	if (strstr(argv[1], "head") == NULL) {
		memset(page.grey, 255, (size_t)width * height);
		if (strcmp(argv[4], "finders") == 0)
			draw_finders(&page, dots);
		else if (!page.blank)
			draw_symbol(&page, argv[4], argc > 5 ? argv[5] : "",
			    dots);
		for (size_t i = 0; strcmp(argv[4], "inverted") == 0 &&
		    i < (size_t)width * height; i++)
			page.grey[i] = (uint8_t)(255 - page.grey[i]);
	}
	if (strncmp(argv[1], "jpg", 3) == 0)
		write_jpeg(&page, argv[1]);
	else
		write_png(&page, argv[1]);
	free(page.grey);
	return fflush(stdout) == 0 ? 0 : 74;
}
