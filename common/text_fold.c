/*
 * Fold: ICAO Doc 9303-3 section 6 (tables A Latin, B Cyrillic, C Arabic), and
 * ISO 843 for Greek, which 9303 leaves out. Where the tables give a choice or
 * an exception for one language, the first entry is taken: a name does not say
 * which language it is of.
 */
#include "common/text.h"

#include <string.h>

/* Letters that become one letter, in runs of code points. '.': not here. */
static const struct run {
	uint16_t first, n;
	const char *to;
} runs[] = {
	{ 0xaa, 1, "A" },			/* ª as in Mª */
	{ 0xba, 1, "O" },			/* º */
	{ 0xc0, 0xc0,
	    "AAAA...CEEEEIIIIDNOOOO...UUU.Y..AAAA...CEEEEIIIIDNOOOO...UUU.Y.Y"
	    "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIII..JJKKQLLLLLLL"
	    "LLLNNNNNNNNNOOOOOO..RRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS" },
	{ 0x180, 0xd0,
	    "BB....OCCDD...EEEFFGG.IIKKL..NNOOO..PP......TTTUU.VYYZZ........."
	    ".............AAIIOOUUUUUUUUUUEAAAA..GGGGKKOOOO..J...GG..NNAA...."
	    "AAAAEEEEIIIIOOOORRRRUUUUSSTT..HHN...ZZAAEEOOOOOOOOYY......ACCLT."
	    "...BU.EEJJ..RRYY" },
	{ 0x1e00, 0x100,
	    "AABBBBBBCCDDDDDDDDDDEEEEEEEEEEFFGGHHHHHHHHHHIIIIKKKKKKLLLLLLLLMM"
	    "MMMMNNNNNNNNOOOOOOOOPPPPRRRRRRRRSSSSSSSSSSTTTTTTTTUUUUUUUUUUVVVV"
	    "WWWWWWWWWWXXXXYYZZZZZZHTWY......AAAAAAAAAAAAAAAAAAAAAAAAEEEEEEEE"
	    "EEEEEEEEIIIIOOOOOOOOOOOOOOOOOOOOOOOOUUUUUUUUUUUUUUYYYYYYYY......" },
	/* Greek; Θ Χ Ψ and the digraphs are below */
	{ 0x386, 0x49,
	    "A.EII.O.YOIAVGDEZI.IKLMNXOPR.STYF..OIYAEIIYAVGDEZI.IKLMNXOPRSSTY"
	    "F..OIYOYO" },
	{ 0x1f00, 0xfd,
	    "AAAAAAAAAAAAAAAAEEEEEE..EEEEEE..IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII"
	    "OOOOOO..OOOOOO..YYYYYYYY.Y.Y.Y.YOOOOOOOOOOOOOOOOAAEEIIIIOOYYOO.."
	    "AAAAAAAAAAAAAAAAIIIIIIIIIIIIIIIIOOOOOOOOOOOOOOOOAAAAA.AAAAAAA.I."
	    "..III.IIEEIII...IIII..IIIIII....YYYYRRYYYYYYR.....OOO.OOOOOOO" },
	{ 0x400, 0xf0,				/* Cyrillic */
	    "EEDG..IIJ...KIU.ABVGDE.ZIIKLMNOPRSTUF......Y.E..ABVGDE.ZIIKLMNOP"
	    "RSTUF......Y.E..EEDG..IIJ...KIU...........UU........YY.........."
	    "................GGGG......KK......NN..........UUUU........CC...."
	    "........................AA..............OO......" },
	{ 0x620, 0x2b,				/* Arabic */
	    "....UI.AB.T.J..D.RZS.....EG......FQKLMNHW.Y" },
	{ 0x660, 10, "0123456789" },		/* Arabic-Indic digits */
	{ 0x6f0, 10, "0123456789" },
};

/* Letters that become several, sorted. */
static const struct pair {
	uint16_t rune;
	char to[5];
} pairs[] = {
	{ 0xc4, "AE" }, { 0xc5, "AA" }, { 0xc6, "AE" }, { 0xd6, "OE" },
	{ 0xd8, "OE" }, { 0xdc, "UE" }, { 0xde, "TH" }, { 0xdf, "SS" },
	{ 0xe4, "AE" }, { 0xe5, "AA" }, { 0xe6, "AE" }, { 0xf6, "OE" },
	{ 0xf8, "OE" }, { 0xfc, "UE" }, { 0xfe, "TH" },
	{ 0x132, "IJ" }, { 0x133, "IJ" }, { 0x152, "OE" }, { 0x153, "OE" },
	{ 0x1c4, "DZ" }, { 0x1c5, "DZ" }, { 0x1c6, "DZ" },
	{ 0x1c7, "LJ" }, { 0x1c8, "LJ" }, { 0x1c9, "LJ" },
	{ 0x1ca, "NJ" }, { 0x1cb, "NJ" }, { 0x1cc, "NJ" },
	{ 0x1e2, "AE" }, { 0x1e3, "AE" },
	{ 0x1f1, "DZ" }, { 0x1f2, "DZ" }, { 0x1f3, "DZ" },
	{ 0x1fc, "AE" }, { 0x1fd, "AE" }, { 0x1fe, "OE" }, { 0x1ff, "OE" },
	{ 0x398, "TH" }, { 0x3a7, "CH" }, { 0x3a8, "PS" },
	{ 0x3b8, "TH" }, { 0x3c7, "CH" }, { 0x3c8, "PS" },
	{ 0x404, "IE" }, { 0x405, "DZ" }, { 0x409, "LJ" }, { 0x40a, "NJ" },
	{ 0x40f, "DZ" }, { 0x416, "ZH" }, { 0x425, "KH" }, { 0x426, "TS" },
	{ 0x427, "CH" }, { 0x428, "SH" }, { 0x429, "SHCH" }, { 0x42a, "IE" },
	{ 0x42e, "IU" }, { 0x42f, "IA" }, { 0x436, "ZH" }, { 0x445, "KH" },
	{ 0x446, "TS" }, { 0x447, "CH" }, { 0x448, "SH" }, { 0x449, "SHCH" },
	{ 0x44a, "IE" }, { 0x44e, "IU" }, { 0x44f, "IA" }, { 0x454, "IE" },
	{ 0x455, "DZ" }, { 0x459, "LJ" }, { 0x45a, "NJ" }, { 0x45f, "DZ" },
	{ 0x621, "XE" }, { 0x622, "XAA" }, { 0x623, "XAE" }, { 0x626, "XI" },
	{ 0x629, "XTA" }, { 0x62b, "XTH" }, { 0x62d, "XH" }, { 0x62e, "XKH" },
	{ 0x630, "XDH" }, { 0x634, "XSH" }, { 0x635, "XSS" }, { 0x636, "XDZ" },
	{ 0x637, "XTT" }, { 0x638, "XZZ" }, { 0x649, "XAY" }, { 0x671, "XXA" },
	{ 0x679, "XXT" }, { 0x67c, "XRT" }, { 0x67e, "P" }, { 0x681, "XKE" },
	{ 0x685, "XXH" }, { 0x686, "XC" }, { 0x688, "XXD" }, { 0x689, "XDR" },
	{ 0x691, "XXR" }, { 0x693, "XRR" }, { 0x696, "XRX" }, { 0x698, "XJ" },
	{ 0x69a, "XXS" }, { 0x6a9, "XKK" }, { 0x6ab, "XXK" }, { 0x6ad, "XNG" },
	{ 0x6af, "XGG" }, { 0x6ba, "XNN" }, { 0x6bc, "XXN" }, { 0x6be, "XDO" },
	{ 0x6c0, "XYH" }, { 0x6c1, "XXG" }, { 0x6c2, "XGE" }, { 0x6c3, "XTG" },
	{ 0x6cc, "XYA" }, { 0x6cd, "XXY" }, { 0x6d0, "Y" }, { 0x6d2, "XYB" },
	{ 0x6d3, "XBE" }, { 0x1e9e, "SS" },
};

enum { TEH_MARBUTA = 0x629, SHADDA = 0x651 };

struct fold {
	char *out;
	size_t cap, len;
	bool full;
	bool gap;		/* a space is due before the next letter */
	size_t letter;		/* where the last letter's spelling begins */
	uint32_t last;		/* the last letter itself, 0 at a word's start */
};

static void
put(struct fold *f, const char *s, size_t n)
{
	if (f->full || n >= f->cap - f->len) {
		f->full = true;
		return;
	}
	memcpy(f->out + f->len, s, n);
	f->len += n;
}

static void
put_letter(struct fold *f, uint32_t rune, const char *s, size_t n)
{
	if (f->gap && f->len > 0)
		put(f, " ", 1);
	f->gap = false;
	f->letter = f->len;
	f->last = rune;
	put(f, s, n);
}

/* Table C, note: at the end of a name component teh marbuta is XAH. */
static void
end_word(struct fold *f)
{
	if (f->last == TEH_MARBUTA && !f->full)
		memcpy(f->out + f->letter, "XAH", 3);
	f->last = 0;
	f->gap = true;
}

static bool
is_separator(uint32_t r)
{
	if (r < 0x80)
		return r > 0 && strchr(" -,./\\_<;:+&()\t\r\n", (int)r) != NULL;
	return r == 0xa0 || (r >= 0x2000 && r <= 0x200a) ||
	    (r >= 0x2010 && r <= 0x2015) || r == 0x202f || r == 0x2212 ||
	    r == 0x3000 || r == 0x60c;
}

/* One letter by the tables; NULL when they have no entry. */
static const char *
lookup(uint32_t r, size_t *n)
{
	size_t lo = 0, hi = sizeof(pairs) / sizeof(pairs[0]);

	*n = 1;
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if (r >= runs[i].first &&
		    r - runs[i].first < runs[i].n &&
		    runs[i].to[r - runs[i].first] != '.')
			return runs[i].to + (r - runs[i].first);
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (pairs[mid].rune == r) {
			*n = strlen(pairs[mid].to);
			return pairs[mid].to;
		}
		if (pairs[mid].rune < r)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* A mark on the letter before. Most are dropped; three change the spelling as
 * the composed letter would, so that a name folds alike in NFC and in NFD. */
static void
mark(struct fold *f, uint32_t r)
{
	uint32_t base = f->last | 0x20;		/* lower case, when ASCII */
	char again[5];
	size_t n = f->len - f->letter;

	if (f->last == 0 || f->full)
		return;
	if (r == 0x308 && (base == 'a' || base == 'o' || base == 'u'))
		put(f, "E", 1);
	else if (r == 0x30a && base == 'a')
		put(f, "A", 1);
	else if (r == SHADDA && n < sizeof(again)) {
		memcpy(again, f->out + f->letter, n);
		put(f, again, n);
	}
}

static bool
is_mark(uint32_t r)
{
	return (r >= 0x300 && r <= 0x36f) || (r >= 0x64b && r <= 0x65f) ||
	    r == 0x670;
}

/* Capital Α to Ω of an unaccented small letter, or r itself. */
static uint32_t
greek_capital(uint32_t r)
{
	return r >= 0x3b1 && r <= 0x3c9 ? r - 0x20 : r;
}

static bool
is_one_of(uint32_t r, const uint16_t *set)
{
	for (; *set != 0; set++)
		if (r == *set)
			return true;
	return false;
}

/* ISO 843 (ELOT 743) writes some pairs by their sound: ΟΥ is OU; ΑΥ ΕΥ ΗΥ end
 * in V before a vowel or a voiced consonant, else in F; Γ before Γ Ξ Χ is N;
 * ΜΠ begins a word as B. written is the last character put. NULL: the letter
 * stands for itself. */
static const char *
greek(uint32_t prev, uint32_t r, uint32_t next, char written)
{
	static const uint16_t a_e_i[] = { 0x391, 0x395, 0x397, 0 };
	static const uint16_t nasal[] = { 0x393, 0x39e, 0x3a7, 0 };
	static const uint16_t voiced[] = { 0x391, 0x392, 0x393, 0x394, 0x395,
	    0x396, 0x397, 0x399, 0x39b, 0x39c, 0x39d, 0x39f, 0x3a1, 0x3a5,
	    0x3a9, 0x3ac, 0x3ad, 0x3ae, 0x3af, 0x3cc, 0x3cd, 0x3ce, 0x386,
	    0x388, 0x389, 0x38a, 0x38c, 0x38e, 0x38f, 0 };
	uint32_t p = greek_capital(prev), c = greek_capital(r);
	uint32_t n = greek_capital(next);

	if (c == 0x3a5 || r == 0x3cd || r == 0x38e) {
		if (p == 0x39f)
			return "U";
		if (is_one_of(p, a_e_i))
			return is_one_of(n, voiced) ? "V" : "F";
	}
	if (c == 0x393 && is_one_of(n, nasal))
		return "N";
	if (c == 0x39c && n == 0x3a0 && prev == 0)
		return "B";
	if (c == 0x3a0 && p == 0x39c && written == 'B')
		return "";
	return NULL;
}

static void
fold_rune(struct fold *f, uint32_t r, uint32_t next)
{
	char ascii = (char)r;
	const char *to;
	size_t n;

	if (is_separator(r)) {
		end_word(f);
		return;
	}
	if (is_mark(r)) {
		mark(f, r);
		return;
	}
	if (r >= 'a' && r <= 'z')
		ascii = (char)(r - 0x20);
	if ((ascii >= 'A' && ascii <= 'Z' && r < 0x80) ||
	    (r >= '0' && r <= '9')) {
		put_letter(f, r, &ascii, 1);
		return;
	}
	if (r >= 0x386 && r <= 0x3ce && (to = greek(f->last, r, next,
	    f->len > 0 ? f->out[f->len - 1] : ' ')) != NULL) {
		put_letter(f, r, to, strlen(to));
		return;
	}
	if ((to = lookup(r, &n)) != NULL)
		put_letter(f, r, to, n);
}

bool
text_mrz_fold(struct bytes s, char *out, size_t cap)
{
	struct fold f = { .out = out, .cap = cap };

	if (cap == 0)
		return false;
	while (s.len > 0) {
		uint32_t r, next = 0;
		size_t n = text_utf8_next(s, &r);

		if (n == 0) {		/* not UTF-8: no entry */
			s.p++;
			s.len--;
			continue;
		}
		s.p += n;
		s.len -= n;
		(void)text_utf8_next(s, &next);
		fold_rune(&f, r, next);
	}
	end_word(&f);
	out[f.full ? 0 : f.len] = '\0';
	return !f.full;
}
