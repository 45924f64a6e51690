/* What a second clerk writes of the same person. */
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "tests/bench/people.h"

#define NAME_MAX_BYTES 200

static const char *const texts[] = {
#define X(name, text) text,
	PEOPLE_ERROR_TABLE(X)
#undef X
};

const char *
people_error_text(enum people_error e)
{
	return texts[e];
}

/* ---- letters -------------------------------------------------------------- */

/* Where each character begins; the last entry is the end. */
static size_t
characters(const char *s, size_t at[NAME_MAX_BYTES])
{
	struct bytes rest = bytes_text(s);
	size_t n = 0;

	while (rest.len > 0 && n + 1 < NAME_MAX_BYTES) {
		size_t len = text_utf8_len(rest);

		at[n++] = (size_t)(rest.p - (const uint8_t *)s);
		len = len == 0 ? 1 : len;
		rest.p += len;
		rest.len -= len;
	}
	at[n] = strlen(s);
	return n;
}

/* Left out, doubled, exchanged with the next, or another of the keyboard. */
static void
mistype(struct people *g, char *s)
{
	static const char keys[] = "qwertyuiopasdfghjklzxcvbnm";
	size_t at[NAME_MAX_BYTES], n = characters(s, at), i;
	char made[REG_TEXT], key = keys[people_below(g, 26)];

	if (n < 3)
		return;
	/* The first letter is looked at; it errs less often. */
	i = people_below(g, 8) == 0 ? 0 : 1 + people_below(g,
	    (uint32_t)n - 1);
	switch (people_below(g, 4)) {
	case 0:
		(void)snprintf(made, sizeof(made), "%.*s%s", (int)at[i], s,
		    s + at[i + 1]);
		break;
	case 1:
		(void)snprintf(made, sizeof(made), "%.*s%c%s", (int)at[i], s,
		    key, s + at[i]);
		break;
	case 2:
		(void)snprintf(made, sizeof(made), "%.*s%c%s", (int)at[i], s,
		    key, s + at[i + 1]);
		break;
	default:
		if (i + 1 == n)
			i--;
		(void)snprintf(made, sizeof(made), "%.*s%.*s%.*s%s",
		    (int)at[i], s, (int)(at[i + 2] - at[i + 1]),
		    s + at[i + 1], (int)(at[i + 1] - at[i]), s + at[i],
		    s + at[i + 2]);
		break;
	}
	(void)snprintf(s, REG_TEXT, "%s", made);
}

static enum person_field
any_name(struct people *g, const struct person *p)
{
	static const enum person_field names[] = {
		PERSON_SURNAME1, PERSON_SURNAME2, PERSON_GIVEN
	};
	enum person_field f;

	do
		f = names[people_below(g, 3)];
	while (p->field[f][0] == '\0');
	return f;
}

/* The first of the rules that has something to change, from a random one on. */
static bool
replace_some(struct people *g, char *s, const char *const (*rule)[2], size_t n)
{
	size_t from = people_below(g, (uint32_t)n);

	for (size_t i = 0; i < n; i++) {
		const char *was = rule[(from + i) % n][0];
		char *p = strstr(s, was), made[REG_TEXT];

		if (p == NULL)
			continue;
		(void)snprintf(made, sizeof(made), "%.*s%s%s", (int)(p - s), s,
		    rule[(from + i) % n][1], p + strlen(was));
		(void)snprintf(s, REG_TEXT, "%s", made);
		return true;
	}
	return false;
}

static bool
respell(struct people *g, char *s)
{
	static const char *const rules[][2] = {
		{ "v", "b" }, { "b", "v" }, { "V", "B" }, { "B", "V" },
		{ "z", "s" }, { "s", "z" }, { "Z", "S" }, { "S", "Z" },
		{ "ce", "se" }, { "ci", "si" }, { "Ce", "Se" }, { "Ci", "Si" },
		{ "ll", "y" }, { "y", "ll" }, { "Y", "Ll" }, { "lh", "ll" },
		{ "nh", "ñ" }, { "ñ", "ny" }, { "que", "ke" }, { "qui", "ki" },
		{ "ca", "ka" }, { "Ca", "Ka" }, { "k", "c" }, { "ge", "je" },
		{ "gi", "ji" }, { "ph", "f" }, { "f", "ph" }, { "th", "t" },
		{ "H", "" }, { "hu", "w" }, { "Wi", "Hui" }, { "wa", "gua" },
		{ "ou", "u" }, { "u", "ou" }, { "i", "y" }, { "y", "i" },
		{ "ss", "s" }, { "nn", "n" }, { "tt", "t" }, { "mb", "nb" },
		{ "ch", "sh" }, { "Ch", "Sh" }, { "x", "s" }, { "é", "e" },
		{ "ç", "s" }, { "ou", "oo" }, { "ck", "k" },
	};

	return replace_some(g, s, rules, sizeof(rules) / sizeof(rules[0]));
}

/* All accents gone, or one put where none is; hyphens; capitals. */
static void
change_accents(struct people *g, char *s)
{
	static const char *const off[][2] = {
		{ "á", "a" }, { "é", "e" }, { "í", "i" }, { "ó", "o" },
		{ "ú", "u" }, { "ñ", "n" }, { "ü", "u" }, { "ã", "a" },
		{ "õ", "o" }, { "ç", "c" }, { "ê", "e" }, { "â", "a" },
		{ "ô", "o" }, { "è", "e" }, { "ï", "i" }, { "ç", "c" },
		{ "É", "E" }, { "Á", "A" }, { "Ó", "O" }, { "Ú", "U" },
		{ "-", " " }, { "'", "" },
	};
	static const char *const on[][2] = {
		{ "a", "á" }, { "e", "é" }, { "i", "í" }, { "o", "ó" },
		{ "n", "ñ" }, { "-", "" },
	};
	size_t n = sizeof(off) / sizeof(off[0]);

	if (people_below(g, 3) > 0)
		while (replace_some(g, s, off, n))
			;
	else
		(void)replace_some(g, s, on, sizeof(on) / sizeof(on[0]));
	if (people_below(g, 2) == 0)
		for (char *p = s; *p != '\0'; p++)
			if (*p >= 'a' && *p <= 'z')
				*p = (char)(*p - 'a' + 'A');
}

/* ---- names as wholes ------------------------------------------------------ */

static void
exchange(char *a, char *b)
{
	char t[REG_TEXT];

	memcpy(t, a, REG_TEXT);
	memcpy(a, b, REG_TEXT);
	memcpy(b, t, REG_TEXT);
}

/* The second of two given names takes the place of both. */
static bool
second_alone(char *given)
{
	char *blank = strchr(given, ' ');

	if (blank == NULL)
		return false;
	memmove(given, blank + 1, strlen(blank + 1) + 1);
	return true;
}

static bool
first_alone(char *given)
{
	char *blank = strchr(given, ' ');

	if (blank == NULL)
		return false;
	*blank = '\0';
	return true;
}

/* "María J.", "M. José" */
static bool
initial(struct people *g, char *given)
{
	char *blank = strchr(given, ' '), made[REG_TEXT];
	size_t at[NAME_MAX_BYTES];

	if (blank == NULL)
		return false;
	if (people_below(g, 2) == 0) {
		(void)characters(given, at);
		(void)snprintf(made, sizeof(made), "%.*s.%s", (int)at[1],
		    given, blank);
	} else {
		(void)characters(blank + 1, at);
		(void)snprintf(made, sizeof(made), "%.*s %.*s.",
		    (int)(blank - given), given, (int)at[1], blank + 1);
	}
	(void)snprintf(given, REG_TEXT, "%s", made);
	return true;
}

/* As she was before, or with a husband's name since. */
static bool
marry(struct people *g, struct person *p)
{
	char *maiden = people_field(p, "maiden");
	const struct people_list *l =
	    &people_names[people_below(g, STYLES)].surname;
	char own[REG_TEXT];

	if (p->field[PERSON_SEX][0] != 'F')
		return false;
	if (maiden != NULL && maiden[0] != '\0') {
		memcpy(p->field[PERSON_SURNAME1], maiden, REG_TEXT);
		maiden[0] = '\0';
		return true;
	}
	memcpy(own, p->field[PERSON_SURNAME1], sizeof(own));
	/* "López de García": the husband's after or in place of the second. */
	if (p->field[PERSON_SURNAME2][0] != '\0') {
		(void)snprintf(p->field[PERSON_SURNAME2], REG_TEXT, "de %s",
		    l->name[people_below(g, l->n)]);
		return true;
	}
	(void)snprintf(p->field[PERSON_SURNAME1], REG_TEXT, "%s",
	    l->name[people_below(g, l->n)]);
	if (maiden != NULL)
		memcpy(maiden, own, REG_TEXT);
	else
		memcpy(p->field[PERSON_SURNAME2], own, REG_TEXT);
	return true;
}

/* ---- dates ---------------------------------------------------------------- */

static bool
put_date(struct person *p, struct date d)
{
	char text[DATE_TEXT];

	if (!date_valid(d) || d.year < 1900 || d.year > 2024)
		return false;
	date_format(d, text);
	if (strcmp(text, p->field[PERSON_BIRTH_DATE]) == 0)
		return false;
	memcpy(p->field[PERSON_BIRTH_DATE], text, sizeof(text));
	return true;
}

static bool
swap_date(struct person *p)
{
	struct date d = person_birth(p);

	return put_date(p, (struct date){ d.year, d.day, d.month });
}

/* Place 3 to 7 of YYYYMMDD: nobody errs in the century. */
static bool
change_digits(struct people *g, struct person *p, bool exchanged)
{
	static const int at[] = { 2, 3, 5, 6, 8, 9 };

	for (int tries = 0; tries < 200; tries++) {
		char text[DATE_TEXT];
		int i = at[people_below(g, 6)];
		struct date d;

		memcpy(text, p->field[PERSON_BIRTH_DATE], sizeof(text));
		if (exchanged && (i == 3 || i == 6 || i == 9)) {
			char t = text[i];

			text[i] = text[i - 1];
			text[i - 1] = t;
		} else if (!exchanged)
			text[i] = (char)('0' + people_below(g, 10));
		if (date_parse(bytes_text(text), &d) && put_date(p, d))
			return true;
	}
	return false;
}

static bool
other_date(struct people *g, struct person *p)
{
	struct date d = person_birth(p);

	return put_date(p, (struct date){ d.year - 3 -
	    (int)people_below(g, 9), 1 + (int)people_below(g, 12),
	    1 + (int)people_below(g, 28) });
}

/* ---- all of it ------------------------------------------------------------ */

static bool
mistype_two(struct people *g, struct person *p)
{
	enum person_field a = any_name(g, p), b = a;

	if (p->field[PERSON_SURNAME1][0] == '\0' ||
	    p->field[PERSON_GIVEN][0] == '\0')
		return false;
	while (b == a)
		b = any_name(g, p);
	mistype(g, p->field[a]);
	mistype(g, p->field[b]);
	return true;
}

static void
accents_everywhere(struct people *g, struct person *p)
{
	change_accents(g, p->field[PERSON_SURNAME1]);
	change_accents(g, p->field[PERSON_SURNAME2]);
	change_accents(g, p->field[PERSON_GIVEN]);
}

static bool
drop(char *field)
{
	bool had = field[0] != '\0';

	field[0] = '\0';
	return had;
}

static bool
names_error(struct people *g, struct person *p, enum people_error e)
{
	char *s1 = p->field[PERSON_SURNAME1], *s2 = p->field[PERSON_SURNAME2];
	char *given = p->field[PERSON_GIVEN];

	switch ((int)e) {
	case ERROR_LETTERS:
	case ERROR_DOCUMENT:
		return mistype_two(g, p);
	case ERROR_ACCENT:
	case ERROR_ACCENT_PLACE:
		accents_everywhere(g, p);
		return true;
	case ERROR_SOUND:
	case ERROR_SOUND_DIGIT:
	case ERROR_SOUND_MISSING:
		return respell(g, p->field[any_name(g, p)]) &&
		    (e != ERROR_SOUND_MISSING || drop(s2));
	case ERROR_SWAPPED:
		exchange(s1, s2);
		return s1[0] != '\0';
	case ERROR_ROLES:
		exchange(s1, given);
		return true;
	case ERROR_SECOND:
		return second_alone(given);
	case ERROR_INITIAL:
		return initial(g, given);
	case ERROR_NO_SURNAME2:
	case ERROR_MISSING_SWAP:
		return drop(s2);
	case ERROR_NO_GIVEN2:
		return first_alone(given);
	case ERROR_MARRIED:
		return marry(g, p);
	case ERROR_LETTER:
	case ERROR_LETTER_DIGIT:
	case ERROR_LETTER_SWAP:
		mistype(g, p->field[any_name(g, p)]);
		return true;
	default:
		return true;
	}
}

static bool
facts_error(struct people *g, struct person *p, enum people_error e)
{
	switch ((int)e) {
	case ERROR_DAY_MONTH:
	case ERROR_LETTER_SWAP:
	case ERROR_MISSING_SWAP:
		return swap_date(p);
	case ERROR_DIGIT:
	case ERROR_LETTER_DIGIT:
	case ERROR_SOUND_DIGIT:
		return change_digits(g, p, false);
	case ERROR_TURNED:
		return change_digits(g, p, true);
	case ERROR_FIRST:
		return put_date(p, (struct date){ person_birth(p).year, 1, 1 });
	case ERROR_NO_PLACE:
		return drop(p->field[PERSON_BIRTH_PLACE]);
	case ERROR_ACCENT_PLACE:
		mistype(g, p->field[any_name(g, p)]);
		return drop(p->field[PERSON_BIRTH_PLACE]);
	case ERROR_OTHER_PLACE:
		(void)snprintf(p->field[PERSON_BIRTH_PLACE], REG_TEXT,
		    "Hospital Nuevo, Capital");
		return true;
	case ERROR_SEX:
		p->field[PERSON_SEX][0] =
		    p->field[PERSON_SEX][0] == 'M' ? 'F' : 'M';
		return true;
	case ERROR_DOCUMENT:
		return other_date(g, p);
	default:
		return true;
	}
}

bool
people_disturb(struct people *g, const struct person *p, enum people_error e,
    struct person *out)
{
	char *evidence = out->field[PERSON_IDENTITY_EVIDENCE];

	*out = *p;
	out->id = 0;
	if (e != ERROR_DOCUMENT)
		evidence[0] = '\0';
	else if (evidence[0] == '\0')
		return false;
	(void)snprintf(out->field[PERSON_ADDRESS], REG_TEXT, "Otra calle %u",
	    people_below(g, 100));
	(void)snprintf(out->field[PERSON_TELEPHONE], REG_TEXT, "+506 0%07u",
	    people_below(g, 10000000));
	out->field[PERSON_OCCUPATION][0] = '\0';
	return names_error(g, out, e) && facts_error(g, out, e);
}
