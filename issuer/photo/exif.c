/* EXIF orientation: tag 0x112 of the first directory of the TIFF inside an
 * APP1 segment. Every offset is the file's claim, so each is bounded. */
#include <string.h>

#include "issuer/photo/pieces.h"

struct tiff {
	struct bytes b;
	bool little;
};

/* n bytes (2 or 4) at offset at; 0 when outside. */
static uint32_t
number(const struct tiff *t, size_t at, size_t n)
{
	uint32_t v = 0;

	if (at > t->b.len || t->b.len - at < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | t->b.p[t->little ? at + n - 1 - i : at + i];
	return v;
}

int
photo_exif_orientation(struct bytes app1)
{
	static const uint8_t mark[] = { 'E', 'x', 'i', 'f', 0, 0 };
	enum { ORIENTATION = 0x112, SHORT = 3, ENTRY = 12 };
	struct tiff t;
	size_t at, n;

	if (app1.len < sizeof(mark) + 8 ||
	    memcmp(app1.p, mark, sizeof(mark)) != 0)
		return 1;
	t.b = bytes_from(app1.p + sizeof(mark), app1.len - sizeof(mark));
	if (t.b.p[0] != t.b.p[1] || (t.b.p[0] != 'I' && t.b.p[0] != 'M'))
		return 1;
	t.little = t.b.p[0] == 'I';
	if (number(&t, 2, 2) != 42)
		return 1;
	at = number(&t, 4, 4);
	n = number(&t, at, 2);
	for (at += 2; n > 0 && at < t.b.len; n--, at += ENTRY) {
		uint32_t v;

		if (number(&t, at, 2) != ORIENTATION ||
		    number(&t, at + 2, 2) != SHORT)
			continue;
		v = number(&t, at + 8, 2);
		return v >= 1 && v <= 8 ? (int)v : 1;
	}
	return 1;
}
