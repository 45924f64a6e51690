#include "common/base45.h"

static const char alphabet[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

static int
value_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 10;
	for (int i = 36; i < 45; i++)
		if (alphabet[i] == (char)c)
			return i;
	return -1;
}

enum status
base45_decode(struct bytes text, struct buf *out)
{
	const size_t start = out->len;

	if (text.len % 3 == 1)
		return ST_MALFORMED;
	for (size_t i = 0; i < text.len; i += 3) {
		size_t n = text.len - i < 3 ? 2 : 3;
		long v = 0, scale = 1;

		for (size_t k = 0; k < n; k++, scale *= 45) {
			int d = value_of(text.p[i + k]);

			if (d < 0)
				goto malformed;
			v += d * scale;
		}
		if (v > (n == 3 ? 0xffff : 0xff))
			goto malformed;
		if (n == 3)
			buf_put_u8(out, (uint8_t)(v >> 8));
		buf_put_u8(out, (uint8_t)(v & 0xff));
	}
	return out->bad ? ST_TOO_BIG : ST_OK;
malformed:
	out->len = start;
	return ST_MALFORMED;
}

enum status
base45_encode(struct bytes in, struct buf *out)
{
	for (size_t i = 0; i < in.len; i += 2) {
		bool pair = in.len - i >= 2;
		unsigned v = pair ? (unsigned)in.p[i] << 8 | in.p[i + 1] :
		    in.p[i];

		buf_put_u8(out, (uint8_t)alphabet[v % 45]);
		buf_put_u8(out, (uint8_t)alphabet[v / 45 % 45]);
		if (pair)
			buf_put_u8(out, (uint8_t)alphabet[v / 2025]);
	}
	return out->bad ? ST_TOO_BIG : ST_OK;
}
