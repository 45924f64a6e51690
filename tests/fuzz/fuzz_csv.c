/* CSV: what is read and written again is read the same; what is written of any
 * text is given back; a record's place never goes back. */
#include <string.h>

#include "issuer/exchange/csv.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 17, OUT_MAX = 1 << 19, RECORDS_MAX = 4096 };

struct source {
	struct bytes rest;
	size_t piece;			/* bytes at once */
};

static enum status
give(void *arg, uint8_t *room, size_t cap, size_t *got)
{
	struct source *s = arg;
	size_t n = s->rest.len < cap ? s->rest.len : cap;

	if (n > s->piece)
		n = s->piece;
	if (n > 0)
		memcpy(room, s->rest.p, n);
	s->rest.p += n;
	s->rest.len -= n;
	*got = n;
	return ST_OK;
}

/* Reads all of it and writes the whole records; returns how many. */
static size_t
again(struct bytes in, size_t piece, char delimiter, char *used,
    struct buf *out, size_t *bad)
{
	static struct csv c;
	struct source s = { in, piece };
	enum csv_got got;
	size_t n = 0;
	uint64_t line = 0;

	*bad = 0;
	if (csv_begin(&c, delimiter, give, &s, NULL) != ST_OK)
		return 0;
	*used = c.delimiter;
	while ((got = csv_next(&c)) != CSV_END) {
		HOLDS(got != CSV_FAILED && c.line > line &&
		    c.next_line >= c.line && c.n <= CSV_FIELDS_MAX);
		line = c.line;
		if (got == CSV_BROKEN) {
			HOLDS(c.error != NULL && c.error_line >= c.line &&
			    c.error_column >= 1);
			++*bad;
			continue;
		}
		HOLDS(c.error == NULL && c.n >= 1);
		for (size_t i = 0; i < c.n; i++)
			csv_put(out, csv_plain(c.field[i]), c.delimiter,
			    i == 0);
		csv_put_end(out);
		n++;
	}
	HOLDS(csv_position(&c) == in.len);
	return n;
}

/* Any text without zero bytes, as one field behind another. */
static void
check_field(struct bytes in)
{
	static uint8_t room[2 * CSV_FIELD_MAX + 64];
	static struct csv c;
	struct buf out = buf_over(room, sizeof(room));
	struct source s;

	if (in.len >= CSV_FIELD_MAX || memchr(in.p, '\0', in.len) != NULL)
		return;
	csv_put(&out, bytes_text("x"), ',', true);
	csv_put(&out, in, ',', false);
	csv_put_end(&out);
	HOLDS(!out.bad);
	s = (struct source){ buf_bytes(&out), 7 };
	HOLDS(csv_begin(&c, ',', give, &s, NULL) == ST_OK);
	switch (csv_next(&c)) {
	case CSV_RECORD:
		HOLDS(c.n == 2 && bytes_equal(csv_plain(c.field[1]), in));
		HOLDS(c.field[1].len == 0 ||
		    strchr("=+-@\t\r", c.field[1].p[0]) == NULL);
		break;
	case CSV_BROKEN:	/* not UTF-8 */
		HOLDS(c.n == 2 && c.error != NULL);
		break;
	case CSV_END:
	case CSV_FAILED:
		HOLDS(false);
	}
	HOLDS(csv_next(&c) == CSV_END);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t one[OUT_MAX], two[OUT_MAX];
	struct buf a = buf_over(one, sizeof(one)), b = a;
	size_t n, bad, m;
	char delimiter = ',', same;

	if (size > INPUT_MAX)
		return 0;
	b = buf_over(two, sizeof(two));
	n = again(bytes_from(data, size), SIZE_MAX, '\0', &delimiter, &a, &bad);
	if (a.bad)
		return 0;
	/* The pieces in which it comes make no difference. */
	HOLDS(again(bytes_from(data, size), 3, delimiter, &same, &b, &m) == n &&
	    m == bad && bytes_equal(buf_bytes(&a), buf_bytes(&b)));
	b.len = 0;
	HOLDS(again(buf_bytes(&a), SIZE_MAX, delimiter, &same, &b, &m) == n &&
	    m == 0 && bytes_equal(buf_bytes(&a), buf_bytes(&b)));
	if (size > 0)
		check_field(bytes_from(data, size));
	return 0;
}
