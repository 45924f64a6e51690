#include "verifier/dump.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

/* ---- CBOR --------------------------------------------------------------- */

static void
dump_simple(struct jsonw *j, struct cbor *c)
{
	uint8_t v;
	double d;
	char text[32];

	if (cbor_is_float(c)) {
		d = cbor_float(c);
		/* Infinities and NaN have no JSON number. */
		if (!(d - d == 0)) {
			jsonw_null(j);
			return;
		}
		(void)snprintf(text, sizeof(text), "%.17g", d);
		jsonw_raw(j, text);
		return;
	}
	if (cbor_simple(c, &v) && (v == 20 || v == 21))
		jsonw_bool(j, v == 21);
	else
		jsonw_null(j);
}

/* Integers beyond int64 are numbers all the same. */
static void
integer_text(struct cbor *c, char out[24])
{
	struct cbor copy = *c;
	bool negative = cbor_peek(c) == CBOR_NINT;
	int64_t v = cbor_int(&copy);

	if (!copy.bad) {
		*c = copy;
		(void)snprintf(out, 24, "%" PRId64, v);
	} else if (!negative) {
		(void)snprintf(out, 24, "%" PRIu64, cbor_uint(c));
	} else {
		(void)cbor_raw(c);
		(void)snprintf(out, 24, "null");
	}
}

static bool
looks_like_number(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.p[i] < '0' || text.p[i] > '9') && text.p[i] != '-')
			return false;
	return text.len > 0;
}

static void
dump_key(struct jsonw *j, struct cbor *c)
{
	char number[24];
	uint8_t raw[128];
	struct buf b = buf_over(raw, sizeof(raw));
	struct jsonw inner = jsonw_to(&b);
	struct bytes item;

	if (cbor_peek(c) == CBOR_TEXT) {
		item = cbor_text(c);
		/* "1" beside 1 would be the same JSON key twice. */
		if (looks_like_number(item)) {
			buf_put_u8(&b, '\'');
			buf_put(&b, item.p, item.len < 60 ? item.len : 60);
			buf_put_u8(&b, '\'');
			item = buf_bytes(&b);
		}
		jsonw_key_bytes(j, item);
	} else if (cbor_peek(c) == CBOR_UINT || cbor_peek(c) == CBOR_NINT) {
		integer_text(c, number);
		jsonw_key(j, number);
	} else {
		/* A rare key: its encoding in hex keeps keys apart. */
		item = cbor_raw(c);
		jsonw_hex(&inner, item.len < 60 ? item :
		    bytes_from(item.p, 60));
		jsonw_key_bytes(j, buf_bytes(&b));
	}
}

/* Depth is bounded by cbor_check. */
static void
dump_item(struct jsonw *j, struct cbor *c)
{
	char number[24];
	size_t n;

	switch (cbor_peek(c)) {
	case CBOR_UINT:
	case CBOR_NINT:
		integer_text(c, number);
		jsonw_raw(j, number);
		break;
	case CBOR_BYTES:
		jsonw_hex(j, cbor_bytes(c));
		break;
	case CBOR_TEXT:
		jsonw_text(j, cbor_text(c));
		break;
	case CBOR_ARRAY:
		jsonw_array(j);
		for (n = cbor_array(c); n > 0 && !c->bad; n--)
			dump_item(j, c);
		jsonw_array_end(j);
		break;
	case CBOR_MAP:
		jsonw_object(j);
		for (n = cbor_map(c); n > 0 && !c->bad; n--) {
			dump_key(j, c);
			dump_item(j, c);
		}
		jsonw_object_end(j);
		break;
	case CBOR_TAG:
		(void)cbor_tag(c);
		dump_item(j, c);
		break;
	case CBOR_SIMPLE:
		dump_simple(j, c);
		break;
	case CBOR_NONE:
		jsonw_null(j);
		break;
	}
}

void
dump_cbor(struct jsonw *j, struct bytes in)
{
	struct cbor c = cbor_from(in);

	dump_item(j, &c);
}

/* ---- claims by name ----------------------------------------------------- */

void
dump_cwt(struct jsonw *j, const struct claims *c)
{
	jsonw_object(j);
	if (c->iss.p != NULL)
		jsonw_field_text(j, "issuer", c->iss);
	if (c->sub.p != NULL)
		jsonw_field_text(j, "subject", c->sub);
	if (c->has_exp)
		jsonw_field_int(j, "expiresAt", c->exp);
	if (c->has_nbf)
		jsonw_field_int(j, "notBefore", c->nbf);
	if (c->has_iat)
		jsonw_field_int(j, "issuedAt", c->iat);
	jsonw_object_end(j);
}

static void
dump_biometrics(struct jsonw *j, const char *name, const struct biometrics *b)
{
	if (b->n == 0)
		return;
	jsonw_key(j, name);
	jsonw_array(j);
	for (size_t i = 0; i < b->n; i++) {
		const struct biometric *item = &b->item[i];

		jsonw_object(j);
		jsonw_key(j, "data");
		jsonw_base64(j, item->data);
		if (item->format >= 0)
			jsonw_field_int(j, "format", item->format);
		if (item->sub_format >= 0)
			jsonw_field_int(j, "subFormat", item->sub_format);
		if (item->issuer.p != NULL)
			jsonw_field_text(j, "issuer", item->issuer);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

static void
dump_texts(struct jsonw *j, const struct identity *id)
{
	const struct { const char *name; struct bytes value; } rows[] = {
		{ "id", id->id }, { "version", id->version },
		{ "language", id->language }, { "fullName", id->full_name },
		{ "firstName", id->first_name },
		{ "middleName", id->middle_name },
		{ "lastName", id->last_name },
		{ "dateOfBirth", id->birth_date }, { "address", id->address },
		{ "email", id->email }, { "phone", id->telephone },
		{ "nationality", id->nationality },
		{ "guardian", id->guardian },
		{ "secondaryFullName", id->second_name },
		{ "secondaryLanguage", id->second_language },
		{ "locationCode", id->location },
		{ "legalStatus", id->legal_status },
		{ "countryOfIssuance", id->country },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].value.p != NULL)
			jsonw_field_text(j, rows[i].name, rows[i].value);
}

void
dump_identity(struct jsonw *j, const struct identity *id)
{
	static const char *const names[] = { "rightThumb",
	    "rightPointerFinger", "rightMiddleFinger", "rightRingFinger",
	    "rightLittleFinger", "leftThumb", "leftPointerFinger",
	    "leftMiddleFinger", "leftRingFinger", "leftLittleFinger",
	    "rightIris", "leftIris", "face", "rightPalm", "leftPalm",
	    "voice" };

	jsonw_object(j);
	dump_texts(j, id);
	if (id->sex >= 0)
		jsonw_field_int(j, "gender", id->sex);
	if (id->marital_status >= 0)
		jsonw_field_int(j, "maritalStatus", id->marital_status);
	if (id->photo.p != NULL) {
		jsonw_key(j, "photo");
		jsonw_base64(j, id->photo);
	}
	if (id->photo_format >= 0)
		jsonw_field_int(j, "photoFormat", id->photo_format);
	if (id->fingers_n > 0) {
		jsonw_key(j, "bestQualityFingers");
		jsonw_array(j);
		for (size_t i = 0; i < id->fingers_n; i++)
			jsonw_int(j, id->fingers[i]);
		jsonw_array_end(j);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		dump_biometrics(j, names[i], &id->biometric[i]);
	jsonw_object_end(j);
}
