#include "common/stored.h"

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
head_of(size_t len, uint8_t head[7])
{
	head[0] = 0x78;		/* deflate, 32 kB window */
	head[1] = 0x01;		/* fastest, no dictionary; 0x7801 % 31 == 0 */
	head[2] = 0x01;		/* final, stored, padding zero */
	head[3] = (uint8_t)(len & 0xff);
	head[4] = (uint8_t)(len >> 8);
	head[5] = (uint8_t)(head[3] ^ 0xff);
	head[6] = (uint8_t)(head[4] ^ 0xff);
}

static void
tail_of(struct bytes content, uint8_t tail[4])
{
	uint32_t sum = adler32_of(content);

	for (int i = 0; i < 4; i++)
		tail[i] = (uint8_t)(sum >> (24 - 8 * i) & 0xff);
}

enum status
stored_read(struct bytes in, struct bytes *content)
{
	struct bytes c;
	uint8_t head[7], tail[4];

	*content = (struct bytes){ NULL, 0 };
	if (in.len < STORED_OVERHEAD || in.len - STORED_OVERHEAD > STORED_MAX)
		return ST_MALFORMED;
	c = (struct bytes){ in.p + 7, in.len - STORED_OVERHEAD };
	head_of(c.len, head);
	tail_of(c, tail);
	if (!bytes_equal(bytes_from(in.p, 7), bytes_from(head, 7)) ||
	    !bytes_equal(bytes_from(c.p + c.len, 4), bytes_from(tail, 4)))
		return ST_MALFORMED;
	*content = c;
	return ST_OK;
}

enum status
stored_write(struct bytes content, struct buf *out)
{
	uint8_t head[7], tail[4];

	if (content.len > STORED_MAX)
		return ST_TOO_BIG;
	head_of(content.len, head);
	tail_of(content, tail);
	buf_put(out, head, sizeof(head));
	buf_put(out, content.p, content.len);
	buf_put(out, tail, sizeof(tail));
	return out->bad ? ST_TOO_BIG : ST_OK;
}
