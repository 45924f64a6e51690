#include "common/loghead.h"

#include <string.h>

#include "common/cbor.h"
#include "common/claims.h"
#include "common/text.h"

static bool
is_sound(const struct log_head *h)
{
	return text_is_code(bytes_text(h->state), false) &&
	    text_is_code(bytes_text(h->office), true) && h->iat >= 0 &&
	    h->size <= (uint64_t)INT64_MAX;
}

/* "urn:cedula:NIC:SJO:log" */
static void
put_sub(const struct log_head *h, struct buf *out)
{
	buf_put_text(out, "urn:cedula:");
	buf_put_text(out, h->state);
	buf_put_text(out, ":");
	buf_put_text(out, h->office);
	buf_put_text(out, ":log");
}

/* sub holds both codes; iss repeats the state and must agree. */
static bool
take_names(struct bytes iss, struct bytes sub, struct log_head *h)
{
	uint8_t room[32];
	struct buf again = buf_over(room, sizeof(room));

	if (iss.len != 3 || sub.len != sizeof("urn:cedula:NIC:SJO:log") - 1)
		return false;
	memcpy(h->state, iss.p, 3);
	memcpy(h->office, sub.p + sizeof("urn:cedula:NIC:") - 1, 3);
	put_sub(h, &again);
	return bytes_equal(buf_bytes(&again), sub);
}

enum status
log_head_parse(struct bytes payload, struct log_head *out)
{
	struct log_head h = { .iat = -1 };
	struct cbor c = cbor_from(payload);
	struct bytes iss = { NULL, 0 }, sub = { NULL, 0 }, root = { NULL, 0 };
	bool size = false;
	size_t n;

	memset(out, 0, sizeof(*out));
	if (cbor_check(payload, CBOR_STRICT) != ST_OK)
		return ST_MALFORMED;
	n = cbor_map(&c);
	for (size_t i = 0; i < n && !c.bad; i++) {
		switch (cbor_int(&c)) {
		case CWT_ISS: iss = cbor_text(&c); break;
		case CWT_SUB: sub = cbor_text(&c); break;
		case CWT_IAT: h.iat = cbor_int(&c); break;
		case CWT_LOG_SIZE:
			h.size = cbor_uint(&c);
			size = true;
			break;
		case CWT_LOG_ROOT: root = cbor_bytes(&c); break;
		default:
			return ST_MALFORMED;
		}
	}
	if (!cbor_done(&c) || !size || root.len != LOG_HASH ||
	    !take_names(iss, sub, &h) || !is_sound(&h))
		return ST_MALFORMED;
	memcpy(h.root, root.p, LOG_HASH);
	*out = h;
	return ST_OK;
}

enum status
log_head_encode(const struct log_head *h, struct buf *out)
{
	uint8_t room[32];
	struct buf sub = buf_over(room, sizeof(room));

	if (!is_sound(h))
		return ST_DATA;
	put_sub(h, &sub);
	/* Sorted: 1 2 6 -70174 -70175. */
	cbor_put_map(out, 5);
	cbor_put_int(out, CWT_ISS);
	cbor_put_text(out, bytes_text(h->state));
	cbor_put_int(out, CWT_SUB);
	cbor_put_text(out, buf_bytes(&sub));
	cbor_put_int(out, CWT_IAT);
	cbor_put_int(out, h->iat);
	cbor_put_int(out, CWT_LOG_SIZE);
	cbor_put_uint(out, h->size);
	cbor_put_int(out, CWT_LOG_ROOT);
	cbor_put_bytes(out, bytes_from(h->root, LOG_HASH));
	return out->bad ? ST_TOO_BIG : ST_OK;
}

enum log_change
log_head_change(const struct log_head *was, const struct log_head *now)
{
	if (now->size < was->size)
		return LOG_LOST;
	return now->size == was->size &&
	    memcmp(now->root, was->root, LOG_HASH) != 0 ? LOG_REWRITTEN :
	    LOG_GREW;
}
