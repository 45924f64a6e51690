/* CBOR: what the check lets pass, the cursor reads to its end; strict is part
 * of liberal; strict items are written back byte for byte. */
#include "common/cbor.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 14 };

/* One item, written again as it is read. Floats, simple values and integers
 * under int64 have no word in the writer: they are copied. */
static void
walk(struct cbor *c, struct buf *out)
{
	struct cbor copy = *c;
	struct bytes raw;
	size_t n = 0;

	switch (cbor_peek(c)) {
	case CBOR_UINT:
		cbor_put_uint(out, cbor_uint(c));
		return;
	case CBOR_NINT:
		(void)cbor_int(&copy);
		if (!copy.bad) {
			cbor_put_int(out, cbor_int(c));
			return;
		}
		break;
	case CBOR_BYTES:
		cbor_put_bytes(out, cbor_bytes(c));
		return;
	case CBOR_TEXT:
		cbor_put_text(out, cbor_text(c));
		return;
	case CBOR_ARRAY:
		n = cbor_array(c);
		cbor_put_array(out, n);
		for (; n > 0; n--)
			walk(c, out);
		return;
	case CBOR_MAP:
		n = cbor_map(c);
		cbor_put_map(out, n);
		for (n *= 2; n > 0; n--)
			walk(c, out);
		return;
	case CBOR_TAG:
		cbor_put_tag(out, cbor_tag(c));
		walk(c, out);
		return;
	case CBOR_SIMPLE:
		if (cbor_is_float(c)) {
			(void)cbor_float(&copy);
			HOLDS(!copy.bad);
		} else {
			uint8_t v;

			HOLDS(cbor_simple(&copy, &v));
		}
		break;
	case CBOR_NONE:
		abort();
	}
	raw = cbor_raw(c);
	buf_put(out, raw.p, raw.len);
}

/* The reverse must not hang or leave the buffer, checked or not. */
static void
read_unchecked(struct bytes in)
{
	struct cbor c = cbor_from(in);
	struct bytes raw = cbor_raw(&c);

	HOLDS(c.bad || raw.len + c.left == in.len);
	c = cbor_from(in);
	(void)cbor_instant(&c, true);
	c = cbor_from(in);
	(void)cbor_text(&c);
	HOLDS(c.left <= in.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[INPUT_MAX];
	struct bytes in = bytes_from(data, size), item, whole;
	enum cbor_mode mode;

	if (size > INPUT_MAX)
		return 0;
	read_unchecked(in);
	for (int i = 0; i < 2; i++) {
		struct buf out = buf_over(room, sizeof(room));
		struct cbor c;

		mode = i == 0 ? CBOR_STRICT : CBOR_LIBERAL;
		if (cbor_check_first(in, mode, &item) != ST_OK)
			continue;
		HOLDS(item.len > 0 && item.len <= size);
		HOLDS(cbor_check(item, mode) == ST_OK);
		HOLDS((cbor_check(in, mode) == ST_OK) == (item.len == size));
		HOLDS(cbor_check_first(in, CBOR_LIBERAL, &whole) == ST_OK &&
		    whole.len == item.len);
		for (size_t cut = 0; cut < item.len && cut < 64; cut++)
			HOLDS(cbor_check(bytes_from(data, cut), mode) !=
			    ST_OK);
		c = cbor_from(item);
		walk(&c, &out);
		HOLDS(cbor_done(&c) && !out.bad);
		if (mode == CBOR_STRICT)
			HOLDS(bytes_equal(buf_bytes(&out), item));
		else
			HOLDS(out.len <= item.len);
	}
	return 0;
}
