#include "common/jsonw.h"

#include "common/text.h"

struct jsonw
jsonw_to(struct buf *out)
{
	return (struct jsonw){ out, false };
}

static void
before(struct jsonw *j)
{
	if (j->comma)
		buf_put_u8(j->out, ',');
	j->comma = true;
}

static void
open_with(struct jsonw *j, char c)
{
	before(j);
	buf_put_u8(j->out, (uint8_t)c);
	j->comma = false;
}

static void
close_with(struct jsonw *j, char c)
{
	buf_put_u8(j->out, (uint8_t)c);
	j->comma = true;
}

void jsonw_object(struct jsonw *j) { open_with(j, '{'); }
void jsonw_object_end(struct jsonw *j) { close_with(j, '}'); }
void jsonw_array(struct jsonw *j) { open_with(j, '['); }
void jsonw_array_end(struct jsonw *j) { close_with(j, ']'); }

static void
quote(struct jsonw *j, struct bytes s)
{
	static const char hex[] = "0123456789abcdef";

	buf_put_u8(j->out, '"');
	while (s.len > 0) {
		size_t n = text_utf8_len(s);

		if (n == 0) {
			buf_put_text(j->out, "\xef\xbf\xbd");
			n = 1;
		} else if (s.p[0] == '"' || s.p[0] == '\\') {
			buf_put_u8(j->out, '\\');
			buf_put_u8(j->out, s.p[0]);
		} else if (s.p[0] < 0x20 || s.p[0] == 0x7f) {
			buf_put_text(j->out, "\\u00");
			buf_put_u8(j->out, (uint8_t)hex[s.p[0] >> 4]);
			buf_put_u8(j->out, (uint8_t)hex[s.p[0] & 15]);
		} else {
			buf_put(j->out, s.p, n);
		}
		s.p += n;
		s.len -= n;
	}
	buf_put_u8(j->out, '"');
}

void
jsonw_key_bytes(struct jsonw *j, struct bytes key)
{
	before(j);
	quote(j, key);
	buf_put_u8(j->out, ':');
	j->comma = false;
}

void
jsonw_key(struct jsonw *j, const char *key)
{
	jsonw_key_bytes(j, bytes_text(key));
}

void
jsonw_text(struct jsonw *j, struct bytes value)
{
	before(j);
	quote(j, value);
}

void
jsonw_string(struct jsonw *j, const char *value)
{
	if (value == NULL)
		jsonw_null(j);
	else
		jsonw_text(j, bytes_text(value));
}

void
jsonw_uint(struct jsonw *j, uint64_t value)
{
	uint8_t digits[20];
	size_t n = sizeof(digits);

	before(j);
	do {
		digits[--n] = (uint8_t)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	buf_put(j->out, digits + n, sizeof(digits) - n);
}

void
jsonw_int(struct jsonw *j, int64_t value)
{
	if (value >= 0) {
		jsonw_uint(j, (uint64_t)value);
		return;
	}
	before(j);
	buf_put_u8(j->out, '-');
	j->comma = false;
	jsonw_uint(j, (uint64_t)0 - (uint64_t)value);
}

void
jsonw_raw(struct jsonw *j, const char *value)
{
	before(j);
	buf_put_text(j->out, value);
}

void jsonw_bool(struct jsonw *j, bool value) { jsonw_raw(j, value ? "true" : "false"); }
void jsonw_null(struct jsonw *j) { jsonw_raw(j, "null"); }

void
jsonw_hex(struct jsonw *j, struct bytes value)
{
	before(j);
	buf_put_u8(j->out, '"');
	for (size_t i = 0; i < value.len; i++) {
		char two[3];

		(void)bytes_to_hex(bytes_from(value.p + i, 1), two, sizeof(two));
		buf_put(j->out, two, 2);
	}
	buf_put_u8(j->out, '"');
}

void
jsonw_base64(struct jsonw *j, struct bytes v)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
	    "qrstuvwxyz0123456789+/";

	before(j);
	buf_put_u8(j->out, '"');
	for (size_t i = 0; i < v.len; i += 3) {
		size_t n = v.len - i < 3 ? v.len - i : 3;
		uint32_t w = (uint32_t)v.p[i] << 16;

		if (n > 1)
			w |= (uint32_t)v.p[i + 1] << 8;
		if (n > 2)
			w |= v.p[i + 2];
		buf_put_u8(j->out, (uint8_t)set[w >> 18]);
		buf_put_u8(j->out, (uint8_t)set[w >> 12 & 63]);
		buf_put_u8(j->out, n > 1 ? (uint8_t)set[w >> 6 & 63] : '=');
		buf_put_u8(j->out, n > 2 ? (uint8_t)set[w & 63] : '=');
	}
	buf_put_u8(j->out, '"');
}

void
jsonw_field(struct jsonw *j, const char *key, const char *value)
{
	jsonw_key(j, key);
	jsonw_string(j, value);
}

void
jsonw_field_text(struct jsonw *j, const char *key, struct bytes value)
{
	jsonw_key(j, key);
	jsonw_text(j, value);
}

void
jsonw_field_int(struct jsonw *j, const char *key, int64_t value)
{
	jsonw_key(j, key);
	jsonw_int(j, value);
}

void
jsonw_field_bool(struct jsonw *j, const char *key, bool value)
{
	jsonw_key(j, key);
	jsonw_bool(j, value);
}
