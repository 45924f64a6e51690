#include "common/token.h"

#include "common/base45.h"
#include "common/inflate.h"
#include "common/literal.h"

/* A space may be the last character of Base45: only CR and LF go. */
static struct bytes
without_line_end(struct bytes text)
{
	while (text.len > 0 && (text.p[text.len - 1] == '\n' ||
	    text.p[text.len - 1] == '\r'))
		text.len--;
	return text;
}

static enum status
decode(struct bytes text, struct buf *work)
{
	if (text.len == 0)
		return ST_MALFORMED;
	if (text.len > TOKEN_TEXT_MAX)
		return ST_TOO_BIG;
	return base45_decode(text, work);
}

enum status
token_read(struct bytes text, struct buf *work, struct bytes *cose)
{
	struct bytes packed;
	enum status st;

	*cose = (struct bytes){ NULL, 0 };
	if ((st = decode(without_line_end(text), work)) != ST_OK)
		return st;
	packed = buf_bytes(work);
	if ((st = literal_read(packed, work)) != ST_OK)
		return st;
	*cose = (struct bytes){ work->p + packed.len, work->len - packed.len };
	return ST_OK;
}

enum status
token_unwrap(struct bytes text, const char *prefix, struct buf *work,
    struct buf *out, struct bytes *cose)
{
	size_t start = out->len;
	enum status st;

	*cose = (struct bytes){ NULL, 0 };
	text = without_line_end(text);
	if (prefix != NULL) {
		struct bytes p = bytes_text(prefix);

		if (text.len < p.len ||
		    !bytes_equal((struct bytes){ text.p, p.len }, p))
			return ST_MALFORMED;
		text.p += p.len;
		text.len -= p.len;
	}
	if ((st = decode(text, work)) != ST_OK ||
	    (st = inflate_exact(buf_bytes(work), out)) != ST_OK)
		return st;
	*cose = (struct bytes){ out->p + start, out->len - start };
	return ST_OK;
}

enum status
token_wrap(struct bytes cose, char *text, size_t cap, size_t *packed_len)
{
	uint8_t packed[TOKEN_TEXT_MAX];
	struct buf z = buf_over(packed, sizeof(packed));
	struct buf t = buf_over((uint8_t *)text, cap > 0 ? cap - 1 : 0);
	enum status st;

	if (cap == 0)
		return ST_TOO_BIG;
	text[0] = '\0';
	if ((st = literal_write(cose, &z)) != ST_OK ||
	    (st = base45_encode(buf_bytes(&z), &t)) != ST_OK)
		return st;
	text[t.len] = '\0';
	if (packed_len != NULL)
		*packed_len = z.len;
	return ST_OK;
}
