#include "common/mrz.h"

#include <string.h>

#include "common/text.h"

enum {
	NUMBER_SHORT = 9, NUMBER_MAX = 22,
	FOLDED_MAX = 1024	/* far over any register's name */
};

static int
value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	return 0;
}

/* The sum runs over several fields for the composite digit: *at is the place
 * in the weights where the last one stopped. */
static int
weigh(struct bytes s, int sum, size_t *at)
{
	static const int weights[] = { 7, 3, 1 };

	for (size_t i = 0; i < s.len; i++)
		sum = (sum + value(s.p[i]) * weights[(*at)++ % 3]) % 10;
	return sum;
}

char
mrz_check_digit(struct bytes s)
{
	size_t at = 0;

	return (char)('0' + weigh(s, 0, &at));
}

static bool
only(struct bytes s, const char *set)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == 0 || strchr(set, s.p[i]) == NULL)
			return false;
	return true;
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* least..most letters at out, which is filled with '<' already. */
static bool
put_letters(char *out, const char *s, size_t least, size_t most)
{
	struct bytes b = bytes_text(s);

	if (b.len < least || b.len > most || !only(b, LETTERS))
		return false;
	memcpy(out, b.p, b.len);
	return true;
}

/* 9303-5 §4.2.2 note j: the rest of a long number, its check digit and one
 * filler open the optional data, and '<' stands where the digit would be. */
static bool
put_number(char line[MRZ_LINE], struct bytes number)
{
	char check = mrz_check_digit(number);

	if (number.len == 0 || number.len > NUMBER_MAX ||
	    !only(number, LETTERS DIGITS))
		return false;
	if (number.len <= NUMBER_SHORT) {
		uint8_t field[NUMBER_SHORT];

		memset(field, '<', sizeof(field));
		memcpy(field, number.p, number.len);
		memcpy(line + 5, field, sizeof(field));
		line[14] = mrz_check_digit(bytes_from(field, sizeof(field)));
	} else {
		memcpy(line + 5, number.p, NUMBER_SHORT);
		memcpy(line + 15, number.p + NUMBER_SHORT,
		    number.len - NUMBER_SHORT);
		line[15 + number.len - NUMBER_SHORT] = check;
	}
	return true;
}

/* YYMMDD and its check digit. */
static bool
put_date(char out[7], struct date d)
{
	char text[DATE_TEXT];

	if (!date_valid(d))
		return false;
	date_format(d, text);
	memcpy(out, text + 2, 2);
	memcpy(out + 2, text + 5, 2);
	memcpy(out + 4, text + 8, 2);
	out[6] = mrz_check_digit(bytes_from(out, 6));
	return true;
}

/* Folds a name into fillers instead of spaces; len 0 when nothing is left. */
static bool
fold_name(struct bytes name, char out[FOLDED_MAX], size_t *len)
{
	if (!text_mrz_fold(name, out, FOLDED_MAX))
		return false;
	*len = 0;
	/* 9303-3 §4.6: no digits in the name field. */
	for (const char *p = out; *p != '\0'; p++) {
		if (*p >= '0' && *p <= '9')
			continue;
		if (*p == ' ' && (*len == 0 || out[*len - 1] == '<'))
			continue;
		out[(*len)++] = *p == ' ' ? '<' : *p;
	}
	while (*len > 0 && out[*len - 1] == '<')
		--*len;
	return true;
}

/* The last place of a truncated field is a letter: that is how a reader knows
 * that something may be missing. When the cut falls on a filler, a component
 * before it gives up its last letter so that the next one can begin. */
static void
put_truncated(char *out, size_t room, const char *name)
{
	memcpy(out, name, room);
	if (out[room - 1] != '<')
		return;
	for (size_t i = room - 1; i >= 2; i--) {
		if (out[i] == '<' && out[i - 1] != '<' && out[i - 2] != '<') {
			memmove(out + i - 1, out + i, room - i);
			out[room - 1] = name[room];
			return;
		}
	}
}

static void
put_part(char *out, size_t room, const char *name, size_t len)
{
	if (len <= room)
		memcpy(out, name, len);
	else
		put_truncated(out, room, name);
}

/* 9303-3 §4.6, 9303-5 §4.2.3. The surnames stay whole as long as one letter of
 * the given names finds a place after them. */
static bool
put_name(char line[MRZ_LINE], struct bytes surnames, struct bytes given)
{
	char first[FOLDED_MAX], second[FOLDED_MAX];
	size_t n, m, room = MRZ_LINE;

	if (!fold_name(surnames, first, &n) || !fold_name(given, second, &m) ||
	    n + m == 0)
		return false;
	if (n == 0 || m == 0) {		/* one name: all of it is primary */
		put_part(line, room, n == 0 ? second : first, n + m);
		return true;
	}
	if (n > MRZ_LINE - 3)
		room = MRZ_LINE - 3;
	put_part(line, room, first, n);
	if (n > room)
		n = room;
	put_part(line + n + 2, MRZ_LINE - n - 2, second, m);
	return true;
}

enum status
mrz_td1(const struct mrz_fields *f, struct mrz *out)
{
	struct mrz m;
	size_t at = 0;
	int sum;

	memset(&m, '<', sizeof(m));
	for (int i = 0; i < 3; i++)
		m.line[i][MRZ_LINE] = '\0';
	if ((f->sex != 'M' && f->sex != 'F' && f->sex != '<') ||
	    !put_letters(m.line[0], f->code, 1, 2) ||
	    !put_letters(m.line[0] + 2, f->state, 1, 3) ||
	    !put_number(m.line[0], f->number) ||
	    !put_date(m.line[1], f->birth) ||
	    !put_date(m.line[1] + 8, f->expiry) ||
	    !put_letters(m.line[1] + 15, f->nationality, 1, 3) ||
	    !put_name(m.line[2], f->surnames, f->given))
		return ST_DATA;
	m.line[1][7] = f->sex;
	/* Composite digit, 9303-5 §4.2.4: upper line 6-30, middle line 1-7,
	 * 9-15, 19-29. */
	sum = weigh(bytes_from(m.line[0] + 5, 25), 0, &at);
	sum = weigh(bytes_from(m.line[1], 7), sum, &at);
	sum = weigh(bytes_from(m.line[1] + 8, 7), sum, &at);
	sum = weigh(bytes_from(m.line[1] + 18, 11), sum, &at);
	m.line[1][29] = (char)('0' + sum);
	*out = m;
	return ST_OK;
}
