#include "common/logentry.h"

#include <string.h>

#include "common/cbor.h"
#include "common/text.h"

static const char *const tokens[] = {
	[LOG_ISSUE] = "issue", [LOG_REVOKE] = "revoke",
	[LOG_SUSPEND] = "suspend", [LOG_REINSTATE] = "reinstate",
};

#define KINDS (sizeof(tokens) / sizeof(tokens[0]))
#define ISSUE_ITEMS 8
#define CHANGE_ITEMS 6

const char *
log_kind_token(enum log_kind kind)
{
	return kind >= LOG_ISSUE && (size_t)kind < KINDS ? tokens[kind] : "";
}

bool
log_kind_parse(const char *token, enum log_kind *out)
{
	for (size_t i = LOG_ISSUE; i < KINDS; i++)
		if (strcmp(tokens[i], token) == 0) {
			*out = (enum log_kind)i;
			return true;
		}
	return false;
}

enum card_status
log_kind_status(enum log_kind kind)
{
	return kind == LOG_REVOKE ? CARD_REVOKED :
	    kind == LOG_SUSPEND ? CARD_SUSPENDED : CARD_VALID;
}

/* The office and six digits; the office is the list's. */
static bool
number_is_sound(const char *number, const char *office)
{
	if (strlen(number) != LOG_NUMBER - 1 ||
	    strncmp(number, office, 3) != 0)
		return false;
	for (size_t i = 3; i < LOG_NUMBER - 1; i++)
		if (number[i] < '0' || number[i] > '9')
			return false;
	return true;
}

static bool
is_sound(const struct log_entry *e)
{
	return e->kind >= LOG_ISSUE && e->kind <= LOG_REINSTATE &&
	    e->at >= 0 && e->exp >= 0 && e->index < LOG_INDEX_MAX &&
	    number_is_sound(e->number, e->list.office);
}

static enum status
read_entry(struct bytes item, struct log_entry *e)
{
	struct cbor c = cbor_from(item);
	size_t n = cbor_array(&c);
	uint64_t version = cbor_uint(&c), kind = cbor_uint(&c);
	struct bytes number, card;

	if (c.bad || version != LOG_VERSION || kind < LOG_ISSUE ||
	    kind > LOG_REINSTATE)
		return ST_MALFORMED;
	e->kind = (enum log_kind)kind;
	if (n != (e->kind == LOG_ISSUE ? ISSUE_ITEMS : CHANGE_ITEMS))
		return ST_MALFORMED;
	e->at = cbor_int(&c);
	number = cbor_text(&c);
	if (!status_uri_parse(cbor_text(&c), &e->list) ||
	    !bytes_to_text(number, e->number, sizeof(e->number)))
		return ST_MALFORMED;
	e->index = cbor_uint(&c);
	if (e->kind == LOG_ISSUE) {
		e->exp = cbor_int(&c);
		card = cbor_bytes(&c);
		if (card.len != sizeof(e->card))
			return ST_MALFORMED;
		memcpy(e->card, card.p, sizeof(e->card));
	}
	return cbor_done(&c) && is_sound(e) ? ST_OK : ST_MALFORMED;
}

enum status
log_entry_parse(struct bytes in, struct log_entry *out)
{
	struct log_entry e = { .kind = LOG_ISSUE };

	memset(out, 0, sizeof(*out));
	if (in.len > LOG_ENTRY_MAX || cbor_check(in, CBOR_STRICT) != ST_OK ||
	    read_entry(in, &e) != ST_OK)
		return ST_MALFORMED;
	*out = e;
	return ST_OK;
}

enum status
log_entry_next(struct bytes *rest, struct bytes *raw, struct log_entry *out)
{
	struct bytes head = bytes_from(rest->p, rest->len < LOG_ENTRY_MAX ?
	    rest->len : LOG_ENTRY_MAX);
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = cbor_check_first(head, CBOR_STRICT, raw)) != ST_OK)
		return ST_MALFORMED;
	if ((st = log_entry_parse(*raw, out)) != ST_OK)
		return st;
	rest->p += raw->len;
	rest->len -= raw->len;
	return ST_OK;
}

/* Digits of a number that is not 0. */
static void
put_decimal(struct buf *b, uint32_t v)
{
	char digits[10];
	size_t n = 0;

	for (; v != 0; v /= 10)
		digits[n++] = (char)('0' + v % 10);
	while (n > 0)
		buf_put_u8(b, (uint8_t)digits[--n]);
}

enum status
log_entry_encode(const struct log_entry *e, struct buf *out)
{
	uint8_t room[STATUSLIST_URI_MAX];
	struct buf uri = buf_over(room, sizeof(room));
	struct status_uri again;

	buf_put_text(&uri, "urn:cedula:");
	buf_put_text(&uri, e->list.state);
	buf_put_text(&uri, ":");
	buf_put_text(&uri, e->list.office);
	buf_put_text(&uri, ":");
	put_decimal(&uri, e->list.number);
	if (uri.bad || !status_uri_parse(buf_bytes(&uri), &again) ||
	    !is_sound(e))
		return ST_DATA;
	cbor_put_array(out, e->kind == LOG_ISSUE ? ISSUE_ITEMS : CHANGE_ITEMS);
	cbor_put_uint(out, LOG_VERSION);
	cbor_put_uint(out, (uint64_t)e->kind);
	cbor_put_int(out, e->at);
	cbor_put_text(out, bytes_text(e->number));
	cbor_put_text(out, buf_bytes(&uri));
	cbor_put_uint(out, e->index);
	if (e->kind == LOG_ISSUE) {
		cbor_put_int(out, e->exp);
		cbor_put_bytes(out, bytes_from(e->card, sizeof(e->card)));
	}
	return out->bad ? ST_TOO_BIG : ST_OK;
}
