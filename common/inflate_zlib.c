/* inflate.h on zlib. */
#include "common/inflate.h"

#include <limits.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

/* The bit at position pos of the stream, least significant first. */
static unsigned
bit_at(struct bytes in, size_t pos)
{
	return pos / 8 < in.len ? (unsigned)in.p[pos / 8] >> (pos % 8) & 1 : 0;
}

static bool
rest_of_byte_is_zero(struct bytes in, size_t pos)
{
	for (; pos % 8 != 0; pos++)
		if (bit_at(in, pos) != 0)
			return false;
	return true;
}

/* Deflate pads to a whole byte before a stored block's length and after the
 * last block, and every inflater ignores those bits: here they must be zero,
 * or a card could be changed and still verify. */
static bool
padding_is_zero(struct bytes in, const z_stream *z)
{
	size_t pos = (in.len - z->avail_in) * 8 -
	    (size_t)(z->data_type & 7);

	if ((z->data_type & 128) == 0)
		return true;		/* not at a block's border */
	if ((z->data_type & 64) != 0)
		return rest_of_byte_is_zero(in, pos);
	if (bit_at(in, pos + 1) == 0 && bit_at(in, pos + 2) == 0)
		return rest_of_byte_is_zero(in, pos + 3);
	return true;
}

enum status
inflate_exact(struct bytes in, struct buf *out)
{
	z_stream z;
	uint8_t none;
	enum status st = ST_MALFORMED;
	int rc;

	if (in.len == 0 || in.len > UINT_MAX || out->bad)
		return ST_MALFORMED;
	memset(&z, 0, sizeof(z));
	z.next_in = in.p;		/* ZLIB_CONST: input is not written */
	z.avail_in = (uInt)in.len;
	z.next_out = out->p == NULL ? &none : out->p + out->len;
	z.avail_out = (uInt)(out->cap - out->len > UINT_MAX ? UINT_MAX :
	    out->cap - out->len);
	if (inflateInit(&z) != Z_OK)
		return ST_INTERNAL;
	while ((rc = inflate(&z, Z_BLOCK)) == Z_OK)
		if (!padding_is_zero(in, &z))
			goto out;
	if (rc == Z_BUF_ERROR && z.avail_out == 0)
		st = ST_TOO_BIG;
	if (rc != Z_STREAM_END || z.avail_in != 0)
		goto out;
	out->len += z.total_out;
	st = ST_OK;
out:
	(void)inflateEnd(&z);
	return st;
}

enum status
deflate_all(struct bytes in, struct buf *out)
{
	z_stream z;
	enum status st = ST_TOO_BIG;

	if (in.len > UINT_MAX || out->bad)
		return ST_TOO_BIG;
	memset(&z, 0, sizeof(z));
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15, 9,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return ST_INTERNAL;
	z.next_in = in.p;
	z.avail_in = (uInt)in.len;
	z.next_out = out->p + out->len;
	z.avail_out = (uInt)(out->cap - out->len > UINT_MAX ? UINT_MAX :
	    out->cap - out->len);
	if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
		out->len += z.total_out;
		st = ST_OK;
	}
	(void)deflateEnd(&z);
	return st;
}
