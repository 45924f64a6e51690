#include "common/literal.h"

/* The fixed codes (RFC 1951 §3.2.6): 0-143 have 8 bits from 00110000, 144-255
 * 9 bits from 110010000; 256 ends the block with 7 zero bits. All others are
 * lengths of matches, which do not occur here. */
enum {
	SHORT_FIRST = 0x30, SHORT_LAST = 0xbf, LONG_FIRST = 0x190,
	LONG_LITERAL = 144
};

static const uint8_t zlib_head[2] = { 0x78, 0x01 };

/* RFC 1950 §8.2 */
static uint32_t
adler32_of(struct bytes b)
{
	uint32_t lo = 1, hi = 0;

	for (size_t i = 0; i < b.len; i++) {
		lo = (lo + b.p[i]) % 65521;
		hi = (hi + lo) % 65521;
	}
	return hi << 16 | lo;
}

static void
adler32_bytes(struct bytes content, uint8_t out[4])
{
	uint32_t sum = adler32_of(content);

	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(sum >> (24 - 8 * i) & 0xff);
}

/* Bits fill a byte from its least significant end; a Huffman code is put in
 * from its most significant bit on (RFC 1951 §3.1.1). */
struct bits {
	struct buf *out;
	unsigned acc, n;
};

static void
put_code(struct bits *b, unsigned code, unsigned len)
{
	while (len-- > 0) {
		b->acc |= (code >> len & 1) << b->n;
		if (++b->n == 8) {
			buf_put_u8(b->out, (uint8_t)b->acc);
			b->acc = b->n = 0;
		}
	}
}

enum status
literal_write(struct bytes content, struct buf *out)
{
	struct bits b = { out, 0, 0 };
	uint8_t sum[4];

	buf_put(out, zlib_head, sizeof(zlib_head));
	put_code(&b, 1, 1);		/* the final block */
	put_code(&b, 2, 2);		/* type 01, its low bit first */
	for (size_t i = 0; i < content.len; i++) {
		unsigned v = content.p[i];

		if (v < LONG_LITERAL)
			put_code(&b, SHORT_FIRST + v, 8);
		else
			put_code(&b, LONG_FIRST + v - LONG_LITERAL, 9);
	}
	put_code(&b, 0, 7);		/* end of block */
	if (b.n > 0)
		put_code(&b, 0, 8 - b.n);
	adler32_bytes(content, sum);
	buf_put(out, sum, sizeof(sum));
	return out->bad ? ST_TOO_BIG : ST_OK;
}

struct source {
	struct bytes in;
	size_t pos;		/* in bits */
	bool bad;
};

static unsigned
take_code(struct source *s, unsigned len)
{
	unsigned v = 0;

	if (s->bad || s->in.len * 8 - s->pos < len) {
		s->bad = true;
		return 0;
	}
	for (; len > 0; len--, s->pos++)
		v = v << 1 | ((unsigned)s->in.p[s->pos / 8] >> s->pos % 8 & 1);
	return v;
}

/* One literal, or -1 at the end of the block or when the stream is not ours. */
static int
take_literal(struct source *s)
{
	unsigned v = take_code(s, 7);

	if (v == 0)
		return -1;
	v = v << 1 | take_code(s, 1);
	if (v >= SHORT_FIRST && v <= SHORT_LAST)
		return (int)(v - SHORT_FIRST);
	v = v << 1 | take_code(s, 1);
	if (v < LONG_FIRST || s->bad) {
		s->bad = true;
		return -1;
	}
	return (int)(v - LONG_FIRST + LONG_LITERAL);
}

enum status
literal_read(struct bytes in, struct buf *out)
{
	struct source s = { in, 16, false };
	size_t start = out->len;
	uint8_t sum[4];
	int v;

	if (in.len < 8 || !bytes_equal(bytes_from(in.p, 2),
	    bytes_from(zlib_head, 2)))
		return ST_MALFORMED;
	s.in.len = in.len - 4;
	if (take_code(&s, 3) != 6)	/* final, type 01 */
		return ST_MALFORMED;
	while ((v = take_literal(&s)) >= 0)
		buf_put_u8(out, (uint8_t)v);
	if (s.pos % 8 != 0 && take_code(&s, 8 - (unsigned)(s.pos % 8)) != 0)
		s.bad = true;
	if (out->bad)
		return ST_TOO_BIG;
	adler32_bytes(bytes_from(out->p + start, out->len - start), sum);
	if (s.bad || s.pos != s.in.len * 8 ||
	    !bytes_equal(bytes_from(in.p + s.in.len, 4), bytes_from(sum, 4))) {
		out->len = start;
		return ST_MALFORMED;
	}
	return ST_OK;
}
