/* common/text: UTF-8, what may be shown, and ICAO 9303-3 §6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/text.h"

/* An exact-size heap copy: one byte read past it dies under ASan. */
static struct bytes
exact(const char *s, size_t len)
{
	uint8_t *p = malloc(len == 0 ? 1 : len);

	assert_non_null(p);
	memcpy(p, s, len);
	return bytes_from(p, len);
}

static void
drop(struct bytes b)
{
	union { const uint8_t *in; void *out; } u = { b.p };

	free(u.out);
}

#define S(s) s, sizeof(s) - 1

static const struct {
	const char *why, *s;
	size_t len;
	bool utf8, printable;
	size_t length;
} texts[] = {
	{ "nothing is fine", S(""), true, true, 0 },
	{ "ASCII", S("Ana"), true, true, 3 },
	{ "two, three and four bytes", S("ñ€😀"), true, true, 3 },
	{ "last character of all", S("\xf4\x8f\xbf\xbd"), true, true, 1 },
	{ "a lone continuation", S("\x80"), false, false, 0 },
	{ "cut in the middle of two", S("a\xc3"), false, false, 1 },
	{ "cut in the middle of three", S("\xe2\x82"), false, false, 0 },
	{ "cut in the middle of four", S("\xf0\x9f\x98"), false, false, 0 },
	{ "overlong slash", S("\xc0\xaf"), false, false, 0 },
	{ "overlong in three bytes", S("\xe0\x9f\xbf"), false, false, 0 },
	{ "overlong in four bytes", S("\xf0\x8f\xbf\xbf"), false, false, 0 },
	{ "surrogate", S("\xed\xa0\x80"), false, false, 0 },
	{ "beyond U+10FFFF", S("\xf4\x90\x80\x80"), false, false, 0 },
	{ "five-byte lead", S("\xf8\x88\x80\x80\x80"), false, false, 0 },
	{ "0xff is never UTF-8", S("\xff"), false, false, 0 },
	{ "NUL is a control character", S("a\0b"), true, false, 3 },
	{ "newline is one too", S("a\nb"), true, false, 3 },
	{ "escape sequences move cursors", S("\x1b[2J"), true, false, 4 },
	{ "DEL", S("\x7f"), true, false, 1 },
	{ "C1: CSI in one character", S("\xc2\x9b"), true, false, 1 },
	{ "no-break space is no control", S("\xc2\xa0"), true, true, 1 },
	{ "right-to-left override", S("\xe2\x80\xae"), true, false, 1 },
	{ "right-to-left isolate", S("\xe2\x81\xa7"), true, false, 1 },
	{ "line separator", S("\xe2\x80\xa8"), true, false, 1 },
	{ "noncharacter U+FFFE", S("\xef\xbf\xbe"), true, false, 1 },
	{ "noncharacter U+FDD0", S("\xef\xb7\x90"), true, false, 1 },
	{ "noncharacter U+1FFFF", S("\xf0\x9f\xbf\xbf"), true, false, 1 },
	{ "tags hide text", S("\xf3\xa0\x81\x81"), true, false, 1 },
};

static void
test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct bytes b = exact(texts[i].s, texts[i].len);

		if (text_is_utf8(b) != texts[i].utf8 ||
		    text_is_printable(b) != texts[i].printable ||
		    text_length(b) != texts[i].length)
			fail_msg("%s", texts[i].why);
		drop(b);
	}
}

static const struct {
	const char *why, *in, *want;
} folds[] = {
	{ "lower case", "ana maria", "ANA MARIA" },
	{ "table A: accents go", "José Peña Núñez", "JOSE PENA NUNEZ" },
	{ "table A: umlauts", "Müller Jäger Schön", "MUELLER JAEGER SCHOEN" },
	{ "table A: ß, and its capital", "Weiß WEIẞ", "WEISS WEISS" },
	{ "table A: ring, slashed o, ae", "Åse Sørensen Æbele",
	    "AASE SOERENSEN AEBELE" },
	{ "table A: thorn, eth", "Þórður", "THORDUR" },
	{ "table A: Polish", "Łukasz Żółć", "LUKASZ ZOLC" },
	{ "table A: Croatian", "Đorđević Šćepan", "DORDEVIC SCEPAN" },
	{ "table A: Turkish", "Işık İğdır", "ISIK IGDIR" },
	{ "table A: Romanian commas below", "Ștefan Țepeș", "STEFAN TEPES" },
	{ "table A: Dutch, Catalan, Sami", "Ĳssel Ŀleida Ŋađ",
	    "IJSSEL LLEIDA NAD" },
	{ "table A: oe", "Lœuf", "LOEUF" },
	{ "U+0149", "ŉ", "N" },
	{ "Vietnamese", "Nguyễn Thị Ngọc Ánh Đỗ Ượng",
	    "NGUYEN THI NGOC ANH DO UONG" },
	{ "decomposed folds as composed: ñ", "Pen\xcc\x83" "a", "PENA" },
	{ "decomposed: umlaut", "Mu\xcc\x88ller", "MUELLER" },
	{ "decomposed: ring", "A\xcc\x8ase", "AASE" },
	{ "decomposed: diaeresis on e stays E", "Zoe\xcc\x88", "ZOE" },
	{ "§4.6: apostrophes go, hyphens part", "D'Artagnan O’Neill-Smith",
	    "DARTAGNAN ONEILL SMITH" },
	{ "commas and points part, once", "García, J. M.", "GARCIA J M" },
	{ "spaces at the ends go", "  Ana  ", "ANA" },
	{ "no-break space parts", "Ana\xc2\xa0Luz", "ANA LUZ" },
	{ "interpunct goes", "Gal·la", "GALLA" },
	{ "Mª", "Mª José", "MA JOSE" },
	{ "digits stay", "Juan 2", "JUAN 2" },
	{ "fillers are separators", "A<B", "A B" },
	{ "table B: Russian", "Щербаков Юрий Яковлевич",
	    "SHCHERBAKOV IURII IAKOVLEVICH" },
	{ "table B: hard sign is IE, soft sign nothing", "Подъячев Игорь",
	    "PODIEIACHEV IGOR" },
	{ "table B: Serbian letters", "Љиљана Њ Ђ Џ", "LJILJANA NJ D DZ" },
	{ "table B: Ukrainian letters", "Єва Їжак Ґ", "IEVA IZHAK G" },
	{ "table B: Belarusian short u", "Быкаў", "BYKAU" },
	{ "decomposed й", "Юри\xd0\xb8\xcc\x86", "IURII" },
	{ "ISO 843", "Θεόδωρος Χαψής", "THEODOROS CHAPSIS" },
	{ "ISO 843: ου, αυ, ευ", "Παύλου Ευάγγελος Λευτέρης",
	    "PAVLOU EVANGELOS LEFTERIS" },
	{ "ISO 843: μπ at the beginning", "Μπάμπης", "BAMPIS" },
	{ "ISO 843: dialytika parts αϋ", "Μαϋρός", "MAYROS" },
	{ "table C: 9303's own example",
	    "ابو بكر محمد بن زكريا الرازي",
	    "ABW BKR MXHMD BN ZKRYA ALRAZY" },
	{ "table C: shadda doubles", "عبّاس", "EBBAS" },
	{ "table C: shadda doubles a sequence; teh marbuta last", "فضّة",
	    "FXDZXDZXAH" },
	{ "table C: teh marbuta last in a component, not in the name",
	    "فاطمة علي", "FAXTTMXAH ELY" },
	{ "table C: vowel signs go", "مُحَمَد", "MXHMD" },
	{ "table C: Persian and Urdu", "پرویز چ گ ژ ک ی",
	    "PRWXYAZ XC XGG XJ XKK XYA" },
	{ "Arabic-Indic digits", "٣۴", "34" },
	{ "no table: dropped", "山田", "" },
	{ "bytes that are no UTF-8: dropped", "A\xff\xc3", "A" },
	{ "a mark with nothing before it", "\xcc\x88" "A", "A" },
	{ "shadda with nothing before it", " \xd9\x91" "A", "A" },
	{ "many shaddas are bounded", "ب\xd9\x91\xd9\x91\xd9\x91\xd9\x91",
	    "BBBBBBBB" },
};

static void
test_folds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
		struct bytes b = exact(folds[i].in, strlen(folds[i].in));
		char out[128];

		if (!text_mrz_fold(b, out, sizeof(out)) ||
		    strcmp(out, folds[i].want) != 0)
			fail_msg("%s: got %s", folds[i].why, out);
		drop(b);
	}
}

/* Too little room is said, nothing is written past the end, nothing is left
 * behind; enough room for the text and its NUL is enough. */
static void
test_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
		size_t need = strlen(folds[i].want) + 1;

		for (size_t cap = 0; cap <= need; cap++) {
			char *out = malloc(cap == 0 ? 1 : cap);
			bool ok;

			assert_non_null(out);
			ok = text_mrz_fold(bytes_text(folds[i].in), out, cap);
			assert_int_equal(ok, cap >= need);
			if (cap > 0)
				assert_string_equal(out,
				    ok ? folds[i].want : "");
			free(out);
		}
	}
}

/* Every character there is: no crash, and only the MRZ's alphabet comes out. */
static void
test_every_rune(void **state)
{
	(void)state;
	for (uint32_t r = 0; r < 0x11000; r++) {
		uint8_t s[8];
		char out[32];
		size_t n = 0;

		s[n++] = 'Q';
		if (r < 0x80) {
			s[n++] = (uint8_t)r;
		} else if (r < 0x800) {
			s[n++] = (uint8_t)(0xc0 | r >> 6);
			s[n++] = (uint8_t)(0x80 | (r & 63));
		} else if (r < 0x10000) {
			s[n++] = (uint8_t)(0xe0 | r >> 12);
			s[n++] = (uint8_t)(0x80 | (r >> 6 & 63));
			s[n++] = (uint8_t)(0x80 | (r & 63));
		} else {
			s[n++] = (uint8_t)(0xf0 | r >> 18);
			s[n++] = (uint8_t)(0x80 | (r >> 12 & 63));
			s[n++] = (uint8_t)(0x80 | (r >> 6 & 63));
			s[n++] = (uint8_t)(0x80 | (r & 63));
		}
		s[n++] = 'Q';
		assert_true(text_mrz_fold(bytes_from(s, n), out, sizeof(out)));
		assert_int_equal(strspn(out,
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "), strlen(out));
		assert_int_equal(out[0], 'Q');
		assert_int_equal(out[strlen(out) - 1], 'Q');
		/* Every Latin letter of the tables has an entry. */
		if (r >= 0xc0 && r < 0x180 && r != 0xd7 && r != 0xf7)
			assert_true(strlen(out) > 2);
		if (r >= 0x1ea0 && r <= 0x1ef9)
			assert_true(strlen(out) == 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_folds),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_every_rune),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
