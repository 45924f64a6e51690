#include "issuer/register/dupkey.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/words.h"

#define FOLDED_MAX 2048

static bool
among(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
is_vowel(char c)
{
	return among(c, "AEIOUY");
}

/* ---- words ---------------------------------------------------------------- */

bool
dup_fold(const char *text, char *out, size_t cap)
{
	char bare[FOLDED_MAX];

	if (!bytes_to_text(bytes_text(text), bare, sizeof(bare)))
		return false;
	words_bare(bare);
	return text_mrz_fold(bytes_text(bare), out, cap);
}

static bool
is_particle(const char *word)
{
	static const char *const particles[] = {
		"DE", "DEL", "LA", "LAS", "LOS", "EL", "DA", "DAS", "DO",
		"DOS", "E", "Y", "DU", "DES", "LE", "VDA"
	};

	for (size_t i = 0; i < sizeof(particles) / sizeof(particles[0]); i++)
		if (strcmp(particles[i], word) == 0)
			return true;
	return false;
}

/* "Ma." for María, as certificates have it. */
static const char *
spelt_out(const char *word)
{
	static const struct {
		const char *brief, *full;
	} known[] = {
		{ "MA", "MARIA" }, { "FCO", "FRANCISCO" },
		{ "FCA", "FRANCISCA" }, { "GPE", "GUADALUPE" },
		{ "JN", "JUAN" }, { "ANT", "ANTONIO" }, { "STE", "SAINTE" },
		{ "ST", "SAINT" }
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].brief, word) == 0)
			return known[i].full;
	return word;
}

static void
make_word(const char *text, size_t len, enum dup_role role,
    struct dup_word *out)
{
	const char *full;
	char word[DUP_WORD];

	if (len >= DUP_WORD)
		len = DUP_WORD - 1;
	memcpy(word, text, len);
	word[len] = '\0';
	full = spelt_out(word);
	memset(out, 0, sizeof(*out));
	memcpy(out->text, full, strlen(full) + 1);
	dup_sound(full, false, out->sound);
	dup_sound(full, true, out->like);
	out->rarity = dup_rarity(full);
	out->role = role;
}

size_t
dup_words(const char *name, enum dup_role role, struct dup_word *out,
    size_t max)
{
	char folded[FOLDED_MAX];
	size_t n = 0;

	if (!dup_fold(name, folded, sizeof(folded)))
		return 0;
	/* First without the particles; with them where nothing is left. */
	for (int round = 0; round < 2 && n == 0 && folded[0] != '\0'; round++)
		for (const char *p = folded; *p != '\0' && n < max;) {
			size_t len = strcspn(p, " ");

			make_word(p, len, role, &out[n]);
			if (round == 1 || !is_particle(out[n].text))
				n++;
			p += len + (p[len] == ' ');
		}
	return n;
}

/* ---- sounds --------------------------------------------------------------- */

struct sounds {
	char *out;
	size_t n;
	char last;	/* what was heard just before, 0 after a silent vowel */
	bool vowels;
};

static void
hear(struct sounds *s, char c)
{
	if (s->last == c || s->n + 1 >= DUP_WORD)
		return;
	s->out[s->n++] = c;
	s->last = c;
}

static void
hear_vowel(struct sounds *s, char c)
{
	if (s->vowels)
		hear(s, among(c, "EIY") ? 'E' : c == 'A' ? 'A' : 'O');
	else if (s->n == 0)
		hear(s, 'A');
	else
		s->last = '\0';
}

/* C, G, H, L, P, Q, S, T, D and what follows; how many letters it took. */
static size_t
hear_group(struct sounds *s, const char *p)
{
	char n = p[1];

	switch (p[0]) {
	case 'C':
		hear(s, n == 'H' ? 'X' : among(n, "EIY") ? 'S' : 'K');
		return n == 'H' ? 2 : 1;
	case 'G':
		if (n == 'U' && among(p[2], "EI")) {
			hear(s, 'G');
			return 2;
		}
		if ((n == 'U' || n == 'W') && among(p[2], "AO")) {
			hear(s, 'W');
			return 2;
		}
		if (n == 'N' && is_vowel(p[2]))
			return 1;
		hear(s, among(n, "EIY") ? 'J' : 'G');
		return 1;
	case 'H':
		if (n == 'U' && is_vowel(p[2])) {
			hear(s, 'W');
			return 2;
		}
		return 1;
	case 'L':
		if ((n == 'L' && is_vowel(p[2])) || n == 'H') {
			hear(s, 'Y');
			return 2;
		}
		hear(s, 'L');
		return 1;
	case 'P':
		hear(s, n == 'H' ? 'F' : 'P');
		return 1;
	case 'Q':
		hear(s, 'K');
		return n == 'U' && among(p[2], "EIY") ? 2 : 1;
	case 'S':
		if (n == 'C' && p[2] == 'H') {
			hear(s, 'X');
			return 3;
		}
		hear(s, n == 'H' ? 'X' : 'S');
		return n == 'C' && among(p[2], "EIY") ? 2 : 1;
	case 'T':
		if (n == 'C' && p[2] == 'H')
			return 1;
		hear(s, 'T');
		return 1;
	case 'D':
		if (n == 'J')
			return 1;
		hear(s, 'D');
		return 1;
	default:
		return 1;
	}
}

static size_t
hear_next(struct sounds *s, const char *p, bool first)
{
	char c = p[0], n = p[1];

	if (among(c, "CGHLPQSTD"))
		return hear_group(s, p);
	if (c == 'O' && n == 'U' && first && is_vowel(p[2])) {
		hear(s, 'W');
		return 2;
	}
	if (c == 'Y' && is_vowel(n))
		hear(s, 'Y');
	else if (c == 'I' && first && is_vowel(n))
		hear(s, 'Y');
	else if (is_vowel(c))
		hear_vowel(s, c);
	else if (c == 'V')
		hear(s, 'B');
	else if (c == 'Z' || c == 'X')
		hear(s, 'S');
	else if (c == 'M')
		hear(s, n == '\0' || among(n, "BPVF") ? 'N' : 'M');
	else
		hear(s, c);
	return 1;
}

void
dup_sound(const char *word, bool vowels, char out[DUP_WORD])
{
	struct sounds s = { out, 0, '\0', vowels };

	for (const char *p = word; *p != '\0';)
		p += hear_next(&s, p, p == word);
	if (s.n > 2 && out[s.n - 1] == 'S')
		s.n--;
	out[s.n] = '\0';
}

/* ---- distance ------------------------------------------------------------- */

static int
least(int a, int b, int c)
{
	int m = a < b ? a : b;

	return m < c ? m : c;
}

int
dup_distance(const char *a, const char *b)
{
	int row[3][DUP_WORD + 1];
	int n = (int)strlen(a), m = (int)strlen(b);

	if (n > DUP_WORD || m > DUP_WORD || n - m >= DUP_FAR ||
	    m - n >= DUP_FAR)
		return DUP_FAR;
	for (int j = 0; j <= m; j++)
		row[0][j] = j;
	for (int i = 1; i <= n; i++) {
		int *at = row[i % 3], *up = row[(i + 2) % 3];
		int *two = row[(i + 1) % 3], best = at[0] = i;

		for (int j = 1; j <= m; j++) {
			at[j] = least(up[j] + 1, at[j - 1] + 1,
			    up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && two[j - 2] + 1 < at[j])
				at[j] = two[j - 2] + 1;
			if (at[j] < best)
				best = at[j];
		}
		/* An exchange looks two rows back, and costs one. */
		if (best > DUP_FAR)
			return DUP_FAR;
	}
	return row[n % 3][m] < DUP_FAR ? row[n % 3][m] : DUP_FAR;
}

/* ---- dates ---------------------------------------------------------------- */

#define DIGITS 8

static void
date_digits(struct date d, char out[DIGITS + 1])
{
	char text[DATE_TEXT];

	date_format(d, text);
	memcpy(out, text, 4);
	memcpy(out + 4, text + 5, 2);
	memcpy(out + 6, text + 8, 2);
	out[DIGITS] = '\0';
}

/* One digit other, or two neighbours exchanged. */
static bool
digits_near(struct date a, struct date b)
{
	char x[DIGITS + 1], y[DIGITS + 1];
	int differ = 0, at[DIGITS] = { 0 };

	date_digits(a, x);
	date_digits(b, y);
	for (int i = 0; i < DIGITS; i++)
		if (x[i] != y[i])
			at[differ++] = i;
	return differ == 1 || (differ == 2 && at[1] == at[0] + 1 &&
	    x[at[0]] == y[at[1]] && x[at[1]] == y[at[0]]);
}

enum dup_date
dup_date_compare(struct date a, struct date b)
{
	int64_t days;
	int same = (a.year == b.year) + (a.month == b.month) +
	    (a.day == b.day);

	if (!date_valid(a) || !date_valid(b))
		return DUP_DATE_OTHER;
	if (same == 3)
		return DUP_DATE_SAME;
	if (a.year == b.year && a.month == b.day && a.day == b.month)
		return DUP_DATE_SWAPPED;
	days = date_to_days(a) - date_to_days(b);
	if (digits_near(a, b) || days == 1 || days == -1 ||
	    (same == 2 && abs(a.year - b.year) <= 1 &&
	    abs(a.month - b.month) <= 1 && abs(a.day - b.day) <= 1))
		return DUP_DATE_DIGIT;
	if (a.year == b.year && ((a.month == 1 && a.day == 1) ||
	    (b.month == 1 && b.day == 1)))
		return DUP_DATE_FIRST;
	return same == 2 ? DUP_DATE_PART : DUP_DATE_OTHER;
}

struct variants {
	struct date of, *out;
	size_t n;
};

static void
add_variant(struct variants *v, struct date d)
{
	enum dup_date is;

	if (!date_valid(d) || v->n == DUP_VARIANTS)
		return;
	is = dup_date_compare(v->of, d);
	if (is != DUP_DATE_SWAPPED && is != DUP_DATE_DIGIT)
		return;
	for (size_t i = 0; i < v->n; i++)
		if (date_compare(v->out[i], d) == 0)
			return;
	v->out[v->n++] = d;
}

size_t
dup_date_variants(struct date d, struct date out[DUP_VARIANTS])
{
	struct variants v = { d, out, 0 };
	char text[DIGITS + 1];
	struct date other;

	if (!date_valid(d))
		return 0;
	add_variant(&v, (struct date){ d.year, d.day, d.month });
	for (int step = -1; step <= 1; step += 2) {
		add_variant(&v, (struct date){ d.year + step, d.month, d.day });
		add_variant(&v, (struct date){ d.year, d.month + step, d.day });
		add_variant(&v, date_from_days(date_to_days(d) + step));
	}
	date_digits(d, text);
	for (int i = 1; i < DIGITS; i++) {
		char was = text[i], before = text[i - 1];

		for (char c = '0'; c <= '9'; c++) {
			text[i] = c;
			if (date_parse(bytes_from(text, DIGITS), &other))
				add_variant(&v, other);
		}
		text[i] = before;
		text[i - 1] = was;
		if (date_parse(bytes_from(text, DIGITS), &other))
			add_variant(&v, other);
		text[i] = was;
		text[i - 1] = before;
	}
	return v.n;
}
