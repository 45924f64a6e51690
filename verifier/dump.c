#include "verifier/dump.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

/* ---- CBOR --------------------------------------------------------------- */

static void
dump_simple(struct json *j, struct cbor *c)
{
	uint8_t v;
	double d;
	char text[32];

	if (cbor_is_float(c)) {
		d = cbor_float(c);
		/* Infinities and NaN have no JSON number. */
		if (!(d - d == 0)) {
			json_null(j);
			return;
		}
		(void)snprintf(text, sizeof(text), "%.17g", d);
		json_raw(j, text);
		return;
	}
	if (cbor_simple(c, &v) && (v == 20 || v == 21))
		json_bool(j, v == 21);
	else
		json_null(j);
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

static void
dump_key(struct json *j, struct cbor *c)
{
	char number[24];
	uint8_t raw[128];
	struct buf b = buf_over(raw, sizeof(raw));
	struct json inner = json_to(&b);
	struct bytes item;

	if (cbor_peek(c) == CBOR_TEXT) {
		json_key_bytes(j, cbor_text(c));
	} else if (cbor_peek(c) == CBOR_UINT || cbor_peek(c) == CBOR_NINT) {
		integer_text(c, number);
		json_key(j, number);
	} else {
		/* A rare key: its encoding in hex keeps keys apart. */
		item = cbor_raw(c);
		json_hex(&inner, item.len < 60 ? item :
		    bytes_from(item.p, 60));
		json_key_bytes(j, buf_bytes(&b));
	}
}

/* Depth is bounded by cbor_check. */
static void
dump_item(struct json *j, struct cbor *c)
{
	char number[24];
	size_t n;

	switch (cbor_peek(c)) {
	case CBOR_UINT:
	case CBOR_NINT:
		integer_text(c, number);
		json_raw(j, number);
		break;
	case CBOR_BYTES:
		json_hex(j, cbor_bytes(c));
		break;
	case CBOR_TEXT:
		json_text(j, cbor_text(c));
		break;
	case CBOR_ARRAY:
		json_array(j);
		for (n = cbor_array(c); n > 0 && !c->bad; n--)
			dump_item(j, c);
		json_array_end(j);
		break;
	case CBOR_MAP:
		json_object(j);
		for (n = cbor_map(c); n > 0 && !c->bad; n--) {
			dump_key(j, c);
			dump_item(j, c);
		}
		json_object_end(j);
		break;
	case CBOR_TAG:
		(void)cbor_tag(c);
		dump_item(j, c);
		break;
	case CBOR_SIMPLE:
		dump_simple(j, c);
		break;
	case CBOR_NONE:
		json_null(j);
		break;
	}
}

void
dump_cbor(struct json *j, struct bytes in)
{
	struct cbor c = cbor_from(in);

	dump_item(j, &c);
}

/* ---- claims by name ----------------------------------------------------- */

void
dump_cwt(struct json *j, const struct claims *c)
{
	json_object(j);
	if (c->iss.p != NULL)
		json_field_text(j, "issuer", c->iss);
	if (c->sub.p != NULL)
		json_field_text(j, "subject", c->sub);
	if (c->has_exp)
		json_field_int(j, "expiresAt", c->exp);
	if (c->has_nbf)
		json_field_int(j, "notBefore", c->nbf);
	if (c->has_iat)
		json_field_int(j, "issuedAt", c->iat);
	json_object_end(j);
}

static void
dump_biometrics(struct json *j, const char *name, const struct biometrics *b)
{
	if (b->n == 0)
		return;
	json_key(j, name);
	json_array(j);
	for (size_t i = 0; i < b->n; i++) {
		const struct biometric *item = &b->item[i];

		json_object(j);
		json_key(j, "data");
		json_base64(j, item->data);
		if (item->format >= 0)
			json_field_int(j, "format", item->format);
		if (item->sub_format >= 0)
			json_field_int(j, "subFormat", item->sub_format);
		if (item->issuer.p != NULL)
			json_field_text(j, "issuer", item->issuer);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
dump_texts(struct json *j, const struct identity *id)
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
			json_field_text(j, rows[i].name, rows[i].value);
}

void
dump_identity(struct json *j, const struct identity *id)
{
	static const char *const names[] = { "rightThumb",
	    "rightPointerFinger", "rightMiddleFinger", "rightRingFinger",
	    "rightLittleFinger", "leftThumb", "leftPointerFinger",
	    "leftMiddleFinger", "leftRingFinger", "leftLittleFinger",
	    "rightIris", "leftIris", "face", "rightPalm", "leftPalm",
	    "voice" };

	json_object(j);
	dump_texts(j, id);
	if (id->sex >= 0)
		json_field_int(j, "gender", id->sex);
	if (id->marital_status >= 0)
		json_field_int(j, "maritalStatus", id->marital_status);
	if (id->photo.p != NULL) {
		json_key(j, "photo");
		json_base64(j, id->photo);
	}
	if (id->photo_format >= 0)
		json_field_int(j, "photoFormat", id->photo_format);
	if (id->fingers_n > 0) {
		json_key(j, "bestQualityFingers");
		json_array(j);
		for (size_t i = 0; i < id->fingers_n; i++)
			json_int(j, id->fingers[i]);
		json_array_end(j);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		dump_biometrics(j, names[i], &id->biometric[i]);
	json_object_end(j);
}
