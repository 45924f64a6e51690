/* Shares: what is read is written in one way; what is written is read; and one
 * wrong character is found, whichever and wherever it is. */
#include <string.h>

#include "keys/share.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 512 };

/* The share that these bytes make, of numbers in their ranges. */
static void
make(const uint8_t *data, struct share *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->set, data, SHARE_SET);
	data += SHARE_SET;
	for (int i = 0; i < 3; i++)
		s->state[i] = (char)('A' + *data++ % 26);
	s->n = 2 + *data++ % (SHAMIR_MAX - 1);
	s->k = 2 + *data++ % (s->n - 1);
	s->number = 1 + *data++ % s->n;
	memcpy(s->y, data, sizeof(s->y));
}

static void
there_and_back(const struct share *s)
{
	char text[SHARE_TEXT];
	struct share again;

	share_encode(s, text);
	HOLDS(share_parse(bytes_text(text), &again) == ST_OK);
	HOLDS(memcmp(&again, s, sizeof(again)) == 0);
}

/* No O, I or L here; "of" alone is in small letters, and F for f no slip. */
static void
one_slip(const struct share *s, uint8_t where, uint8_t what)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char text[SHARE_TEXT], c = digits[what % 32];
	struct share got;
	size_t at;

	share_encode(s, text);
	at = where % strlen(text);
	if (text[at] == c || (text[at] == 'f' && c == 'F'))
		return;
	text[at] = c;
	HOLDS(share_parse(bytes_text(text), &got) != ST_OK);
	HOLDS(got.number == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { NEEDED = SHARE_SET + 6 + SHARE_SECRET + 4 + 2 };
	struct share s;

	if (size > INPUT_MAX)
		return 0;
	if (share_parse(bytes_from(data, size), &s) == ST_OK) {
		HOLDS(s.k >= 2 && s.k <= s.n && s.n <= SHAMIR_MAX);
		HOLDS(s.number >= 1 && s.number <= s.n);
		there_and_back(&s);
	} else
		HOLDS(s.number == 0 && s.k == 0);
	if (size < NEEDED)
		return 0;
	make(data, &s);
	there_and_back(&s);
	one_slip(&s, data[NEEDED - 2], data[NEEDED - 1]);
	return 0;
}
