/* inflate.h on zlib. */
#include "common/inflate.h"

#include <limits.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

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
	rc = inflate(&z, Z_FINISH);
	if (rc == Z_STREAM_END && z.avail_in == 0) {
		out->len += z.total_out;
		st = ST_OK;
	} else if (rc == Z_BUF_ERROR && z.avail_out == 0) {
		st = ST_TOO_BIG;
	}
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
