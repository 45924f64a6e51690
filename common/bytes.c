#include "common/bytes.h"

#include <string.h>

struct bytes
bytes_from(const void *p, size_t len)
{
	return (struct bytes){ p, len };
}

struct bytes
bytes_text(const char *s)
{
	return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
bytes_equal_text(struct bytes a, const char *s)
{
	return bytes_equal(a, bytes_text(s));
}

int
bytes_compare(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (c != 0)
		return c;
	return (a.len > b.len) - (a.len < b.len);
}

bool
bytes_to_text(struct bytes b, char *out, size_t cap)
{
	if (cap == 0)
		return false;
	out[0] = '\0';
	if (b.len >= cap || (b.len != 0 && memchr(b.p, 0, b.len) != NULL))
		return false;
	if (b.len != 0)
		memcpy(out, b.p, b.len);
	out[b.len] = '\0';
	return true;
}

bool
bytes_to_hex(struct bytes b, char *out, size_t cap)
{
	static const char digits[] = "0123456789abcdef";

	if (cap == 0 || (cap - 1) / 2 < b.len)
		return false;
	for (size_t i = 0; i < b.len; i++) {
		out[2 * i] = digits[b.p[i] >> 4];
		out[2 * i + 1] = digits[b.p[i] & 15];
	}
	out[2 * b.len] = '\0';
	return true;
}

static int
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
bytes_from_hex(struct bytes hex, uint8_t *out, size_t cap, size_t *len)
{
	*len = 0;
	if (hex.len % 2 != 0 || hex.len / 2 > cap)
		return false;
	for (size_t i = 0; i < hex.len; i += 2) {
		int hi = hex_value(hex.p[i]), lo = hex_value(hex.p[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out[i / 2] = (uint8_t)(hi << 4 | lo);
	}
	*len = hex.len / 2;
	return true;
}

struct buf
buf_over(uint8_t *p, size_t cap)
{
	return (struct buf){ p, cap, 0, false };
}

void
buf_put(struct buf *b, const void *p, size_t len)
{
	if (b->bad || len > b->cap - b->len) {
		b->bad = true;
		return;
	}
	if (len != 0)
		memcpy(b->p + b->len, p, len);
	b->len += len;
}

void
buf_put_u8(struct buf *b, uint8_t v)
{
	buf_put(b, &v, 1);
}

void
buf_put_text(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

struct bytes
buf_bytes(const struct buf *b)
{
	return (struct bytes){ b->p, b->bad ? 0 : b->len };
}
