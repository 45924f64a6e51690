#include "common/text.h"

size_t
text_utf8_next(struct bytes s, uint32_t *rune)
{
	uint32_t r, least;
	size_t n;

	if (s.len == 0)
		return 0;
	r = s.p[0];
	if (r < 0x80) {
		*rune = r;
		return 1;
	}
	if (r >= 0xc2 && r <= 0xdf) {
		n = 2;
		r &= 0x1f;
		least = 0x80;
	} else if (r >= 0xe0 && r <= 0xef) {
		n = 3;
		r &= 0x0f;
		least = 0x800;
	} else if (r >= 0xf0 && r <= 0xf4) {
		n = 4;
		r &= 0x07;
		least = 0x10000;
	} else {
		return 0;
	}
	if (s.len < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return 0;
		r = r << 6 | (s.p[i] & 0x3f);
	}
	if (r < least || r > 0x10ffff || (r >= 0xd800 && r <= 0xdfff))
		return 0;
	*rune = r;
	return n;
}

size_t
text_utf8_len(struct bytes s)
{
	uint32_t rune;

	return text_utf8_next(s, &rune);
}

/* Walks s; false at the first byte that is not UTF-8, or at the first
 * character that ok (when given) turns down. */
static bool
walk(struct bytes s, bool (*ok)(uint32_t), size_t *count)
{
	*count = 0;
	while (s.len > 0) {
		uint32_t rune;
		size_t n = text_utf8_next(s, &rune);

		if (n == 0 || (ok != NULL && !ok(rune)))
			return false;
		s.p += n;
		s.len -= n;
		++*count;
	}
	return true;
}

/* Safe to show: nothing that moves the cursor, turns the line round, ends it
 * unseen, or can never be a character. */
static bool
shows(uint32_t r)
{
	if (r < 0x20 || (r >= 0x7f && r < 0xa0))	/* C0, DEL, C1 */
		return false;
	if (r == 0x2028 || r == 0x2029)		/* line, paragraph separator */
		return false;
	if ((r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069))
		return false;			/* bidirectional controls */
	if (r >= 0xe0000 && r <= 0xe007f)	/* tags: text nobody sees */
		return false;
	return !((r >= 0xfdd0 && r <= 0xfdef) || (r & 0xfffe) == 0xfffe);
}

bool
text_is_utf8(struct bytes s)
{
	size_t n;

	return walk(s, NULL, &n);
}

bool
text_is_printable(struct bytes s)
{
	size_t n;

	return walk(s, shows, &n);
}

size_t
text_length(struct bytes s)
{
	size_t n;

	(void)walk(s, NULL, &n);
	return n;
}

void
text_make_printable(char *s)
{
	char *out = s;

	while (*s != '\0') {
		struct bytes rest = bytes_text(s);
		size_t n = text_utf8_len(rest);

		if (n == 0 || !text_is_printable(bytes_from(s, n))) {
			*out++ = '?';
			s += n == 0 ? 1 : n;
			continue;
		}
		for (; n > 0; n--)
			*out++ = *s++;
	}
	*out = '\0';
}

bool
text_is_code(struct bytes s, bool digits)
{
	if (s.len != 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') &&
		    !(digits && s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
	return true;
}
