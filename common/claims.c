#include "common/claims.h"

#include <stddef.h>
#include <string.h>

#include "common/crypto.h"
#include "common/text.h"
#include "common/when.h"

enum { MEMBER_NAME = 4, MEMBER_BIRTH = 8, MEMBER_SEX = 9, MEMBER_REL = -1 };

/* ---- reading ------------------------------------------------------------ */

/* Where each text of claim 169 goes. */
static const struct { int key; size_t at; } texts[] = {
	{ 1, offsetof(struct identity, id) },
	{ 2, offsetof(struct identity, version) },
	{ 3, offsetof(struct identity, language) },
	{ 4, offsetof(struct identity, full_name) },
	{ 5, offsetof(struct identity, first_name) },
	{ 6, offsetof(struct identity, middle_name) },
	{ 7, offsetof(struct identity, last_name) },
	{ 8, offsetof(struct identity, birth_date) },
	{ 10, offsetof(struct identity, address) },
	{ 11, offsetof(struct identity, email) },
	{ 12, offsetof(struct identity, telephone) },
	{ 13, offsetof(struct identity, nationality) },
	{ 15, offsetof(struct identity, guardian) },
	{ 19, offsetof(struct identity, second_name) },
	{ 20, offsetof(struct identity, second_language) },
	{ 21, offsetof(struct identity, location) },
	{ 22, offsetof(struct identity, legal_status) },
	{ 23, offsetof(struct identity, country) },
};

static struct bytes *
text_field(struct identity *id, int64_t key)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].key == key)
			return (struct bytes *)(void *)((char *)id +
			    texts[i].at);
	return NULL;
}

/* A map label: our readers know integers; a text label is passed over. */
static int64_t
take_label(struct cbor *c)
{
	if (cbor_peek(c) == CBOR_TEXT) {
		(void)cbor_text(c);
		return INT64_MIN;
	}
	return cbor_int(c);
}

/* A value of another type than the table's spoils a strict token; a liberal
 * reader leaves the field empty. True when the value is there to be taken. */
static bool
expect(struct cbor *c, bool fits, enum cbor_mode mode)
{
	if (fits)
		return true;
	if (mode == CBOR_STRICT)
		c->bad = true;
	else
		(void)cbor_raw(c);
	return false;
}

static bool
is_integer(const struct cbor *c)
{
	return cbor_peek(c) == CBOR_UINT || cbor_peek(c) == CBOR_NINT;
}

static int64_t
take_number(struct cbor *c, enum cbor_mode mode)
{
	return expect(c, is_integer(c), mode) ? cbor_int(c) : -1;
}

static struct bytes
take_text(struct cbor *c, enum cbor_mode mode)
{
	if (expect(c, cbor_peek(c) == CBOR_TEXT, mode))
		return cbor_text(c);
	return (struct bytes){ NULL, 0 };
}

static struct bytes
take_bytes(struct cbor *c, enum cbor_mode mode)
{
	if (expect(c, cbor_peek(c) == CBOR_BYTES, mode))
		return cbor_bytes(c);
	return (struct bytes){ NULL, 0 };
}

static void
read_biometric(struct cbor *c, enum cbor_mode mode, struct biometric *b)
{
	size_t n = cbor_map(c);

	*b = (struct biometric){ .format = -1, .sub_format = -1 };
	for (size_t i = 0; i < n && !c->bad; i++) {
		switch (take_label(c)) {
		case 0: b->data = take_bytes(c, mode); break;
		case 1: b->format = take_number(c, mode); break;
		case 2: b->sub_format = take_number(c, mode); break;
		case 3: b->issuer = take_text(c, mode); break;
		default: (void)cbor_raw(c);
		}
	}
}

/* An array of maps; one published example has the map alone: both are read. */
static void
read_biometrics(struct cbor *c, enum cbor_mode mode, struct biometrics *out)
{
	size_t n = 1;

	if (cbor_peek(c) == CBOR_ARRAY)
		n = cbor_array(c);
	for (size_t i = 0; i < n && !c->bad; i++) {
		if (!expect(c, cbor_peek(c) == CBOR_MAP, mode))
			continue;
		if (out->n < BIOMETRICS_MAX)
			read_biometric(c, mode, &out->item[out->n++]);
		else
			(void)cbor_raw(c);
	}
}

static void
read_fingers(struct cbor *c, enum cbor_mode mode, struct identity *id)
{
	size_t n;

	if (!expect(c, cbor_peek(c) == CBOR_ARRAY, mode))
		return;
	n = cbor_array(c);
	for (size_t i = 0; i < n && !c->bad; i++) {
		int64_t v = take_number(c, mode);

		if (id->fingers_n < FINGERS_MAX)
			id->fingers[id->fingers_n++] = v;
	}
}

static void
read_identity(struct cbor *c, enum cbor_mode mode, struct identity *id)
{
	size_t n = cbor_map(c);

	*id = (struct identity){ .sex = -1, .marital_status = -1,
	    .photo_format = -1 };
	for (size_t i = 0; i < n && !c->bad; i++) {
		int64_t key = take_label(c);
		struct bytes *text = text_field(id, key);

		if (text != NULL)
			*text = take_text(c, mode);
		else if (key == 9)
			id->sex = take_number(c, mode);
		else if (key == 14)
			id->marital_status = take_number(c, mode);
		else if (key == 16)
			id->photo = take_bytes(c, mode);
		else if (key == 17)
			id->photo_format = take_number(c, mode);
		else if (key == 18)
			read_fingers(c, mode, id);
		else if (key >= IDENTITY_BIO_FIRST && key <= IDENTITY_BIO_LAST)
			read_biometrics(c, mode,
			    &id->biometric[key - IDENTITY_BIO_FIRST]);
		else
			(void)cbor_raw(c);
	}
}

enum status
identity_parse(struct bytes map, enum cbor_mode mode, struct identity *out)
{
	struct cbor c = cbor_from(map);

	if (cbor_check(map, mode) != ST_OK)
		return ST_MALFORMED;
	read_identity(&c, mode, out);
	return cbor_done(&c) ? ST_OK : ST_MALFORMED;
}

static void
read_family(struct cbor *c, enum cbor_mode mode, struct claims *out)
{
	size_t n = cbor_array(c);

	if (n > FAMILY_MAX || out->members_n != 0)
		c->bad = true;
	for (size_t i = 0; i < n && !c->bad; i++) {
		struct member *m = &out->member[out->members_n++];
		size_t fields = cbor_map(c);

		m->sex = m->relationship = -1;
		for (size_t k = 0; k < fields && !c->bad; k++) {
			switch (take_label(c)) {
			case MEMBER_NAME: m->full_name = take_text(c, mode); break;
			case MEMBER_BIRTH: m->birth_date = take_text(c, mode); break;
			case MEMBER_SEX: m->sex = take_number(c, mode); break;
			case MEMBER_REL: m->relationship = take_number(c, mode); break;
			default: (void)cbor_raw(c);
			}
		}
	}
}

/* {"status_list": {"idx": n, "uri": "..."}}; other mechanisms are no reference
 * that we can follow. */
static void
read_status(struct cbor *c, struct claims *out)
{
	bool idx = false, uri = false;
	size_t n = cbor_map(c);

	for (size_t i = 0; i < n && !c->bad; i++) {
		size_t fields;

		if (!bytes_equal_text(cbor_text(c), "status_list")) {
			(void)cbor_raw(c);
			continue;
		}
		fields = cbor_map(c);
		for (size_t k = 0; k < fields && !c->bad; k++) {
			struct bytes key = cbor_text(c);

			if (bytes_equal_text(key, "idx")) {
				out->status_index = cbor_uint(c);
				idx = true;
			} else if (bytes_equal_text(key, "uri")) {
				out->status_uri = cbor_text(c);
				uri = true;
			} else {
				(void)cbor_raw(c);
			}
		}
	}
	out->has_status = idx && uri && !c->bad;
}

static bool
take_instant(struct cbor *c, enum cbor_mode mode, bool up, int64_t *out)
{
	/* Tag 1 around a NumericDate is wrong (RFC 8392 §2) but met. */
	if (mode == CBOR_LIBERAL && cbor_peek(c) == CBOR_TAG)
		(void)cbor_tag(c);
	if (!expect(c, is_integer(c) || cbor_is_float(c), mode))
		return false;
	*out = cbor_instant(c, up);
	return !c->bad;
}

static void
read_claim(struct cbor *c, enum cbor_mode mode, int64_t key, struct claims *out)
{
	switch (key) {
	case CWT_ISS: out->iss = take_text(c, mode); break;
	case CWT_SUB: out->sub = take_text(c, mode); break;
	case CWT_EXP: out->has_exp = take_instant(c, mode, false, &out->exp); break;
	case CWT_NBF: out->has_nbf = take_instant(c, mode, true, &out->nbf); break;
	case CWT_IAT: out->has_iat = take_instant(c, mode, true, &out->iat); break;
	case CWT_STATUS:
		if (expect(c, cbor_peek(c) == CBOR_MAP, mode))
			read_status(c, out);
		break;
	case CWT_IDENTITY:
		if (expect(c, cbor_peek(c) == CBOR_MAP, mode)) {
			read_identity(c, mode, &out->identity);
			out->has_identity = true;
		}
		break;
	case CWT_FAMILY:
		if (expect(c, cbor_peek(c) == CBOR_ARRAY, mode)) {
			read_family(c, mode, out);
			out->has_family = true;
		}
		break;
	default:
		(void)cbor_raw(c);
	}
}

enum status
claims_parse(struct bytes payload, enum cbor_mode mode, struct claims *out)
{
	struct cbor c = cbor_from(payload);
	size_t n;

	memset(out, 0, sizeof(*out));
	if (cbor_check(payload, mode) != ST_OK)
		return ST_MALFORMED;
	n = cbor_map(&c);
	for (size_t i = 0; i < n && !c.bad; i++)
		read_claim(&c, mode, take_label(&c), out);
	if (!cbor_done(&c)) {
		claims_wipe(out);
		return ST_MALFORMED;
	}
	return ST_OK;
}

void
claims_wipe(struct claims *c)
{
	crypto_wipe(c, sizeof(*c));
}

struct bytes
identity_face(const struct identity *id, int64_t *format)
{
	/* Key 17 counts 1 JPEG, 2 JPEG 2000, 3 AVIF, 4 WebP: as sub-formats. */
	const struct biometrics *face = &id->biometric[IDENTITY_FACE];

	for (size_t i = 0; i < face->n; i++)
		if (face->item[i].data.len != 0 &&
		    face->item[i].format == BIO_IMAGE) {
			*format = face->item[i].sub_format;
			return face->item[i].data;
		}
	*format = id->photo_format;
	return id->photo;
}

/* ---- our profile -------------------------------------------------------- */

static bool
shown(struct bytes s, bool required)
{
	return s.len == 0 ? !required : text_is_printable(s);
}

static bool
is_sex(int64_t v)
{
	return v >= -1 && v <= SEX_OTHER;	/* -1 and 0: not said */
}

static bool
is_compact_date(struct bytes s)
{
	struct date d;

	return s.len == 8 && date_parse(s, &d);
}

enum status
claims_check_profile(const struct claims *c)
{
	const struct identity *id = &c->identity;

	if (!c->has_exp || !c->has_nbf || !c->has_iat || !c->has_status ||
	    !c->has_identity || c->status_uri.len == 0 || !text_is_code(c->iss, false) ||
	    c->nbf > c->exp || c->iat > c->exp)
		return ST_MALFORMED;
	if (!shown(id->id, true) || !shown(id->full_name, true) ||
	    !is_compact_date(id->birth_date) || !shown(id->first_name, false) ||
	    !shown(id->last_name, false) || !shown(id->second_name, false) ||
	    !shown(id->location, false) || !shown(id->guardian, false) ||
	    !shown(id->language, false) || !text_is_code(id->nationality, false) ||
	    !text_is_code(id->country, false) || !bytes_equal(id->country, c->iss))
		return ST_MALFORMED;
	if (!is_sex(id->sex) || (c->has_family && c->members_n == 0))
		return ST_MALFORMED;
	for (size_t i = 0; i < c->members_n; i++) {
		const struct member *m = &c->member[i];

		if (!shown(m->full_name, true) ||
		    !is_compact_date(m->birth_date) || !is_sex(m->sex) ||
		    m->relationship < REL_SPOUSE || m->relationship > REL_WARD)
			return ST_MALFORMED;
	}
	return ST_OK;
}

/* ---- writing ------------------------------------------------------------ */

static void
put_text(struct buf *out, int64_t key, struct bytes value)
{
	if (value.len == 0)
		return;
	cbor_put_int(out, key);
	cbor_put_text(out, value);
}

static void
put_identity(const struct identity *id, struct buf *out)
{
	const struct biometrics *face = &id->biometric[IDENTITY_FACE];
	struct identity copy = *id;
	size_t n = (id->sex > 0 ? 1u : 0u) + (face->n > 0 ? 1u : 0u);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		n += text_field(&copy, texts[i].key)->len != 0 ? 1u : 0u;
	cbor_put_map(out, n);
	/* texts[] is ascending; 9 and 62 take their places in the order. */
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put_text(out, texts[i].key, *text_field(&copy, texts[i].key));
		if (texts[i].key == 8 && id->sex > 0) {
			cbor_put_int(out, 9);
			cbor_put_int(out, id->sex);
		}
	}
	if (face->n > 0) {
		cbor_put_int(out, 62);
		cbor_put_array(out, 1);
		cbor_put_map(out, 3);
		cbor_put_int(out, 0);
		cbor_put_bytes(out, face->item[0].data);
		cbor_put_int(out, 1);
		cbor_put_int(out, face->item[0].format);
		cbor_put_int(out, 2);
		cbor_put_int(out, face->item[0].sub_format);
	}
}

static void
put_family(const struct claims *c, struct buf *out)
{
	cbor_put_int(out, CWT_FAMILY);
	cbor_put_array(out, c->members_n);
	for (size_t i = 0; i < c->members_n; i++) {
		const struct member *m = &c->member[i];

		cbor_put_map(out, m->sex > 0 ? 4 : 3);
		put_text(out, MEMBER_NAME, m->full_name);
		put_text(out, MEMBER_BIRTH, m->birth_date);
		if (m->sex > 0) {
			cbor_put_int(out, MEMBER_SEX);
			cbor_put_int(out, m->sex);
		}
		cbor_put_int(out, MEMBER_REL);
		cbor_put_int(out, m->relationship);
	}
}

enum status
claims_encode(const struct claims *c, struct buf *out)
{
	if (claims_check_profile(c) != ST_OK)
		return ST_DATA;
	/* Sorted: 1 4 5 6 169 65535 then -70169 (RFC 8949 §4.2.1: the first
	 * byte of a negative label is the larger one). */
	cbor_put_map(out, c->has_family ? 7 : 6);
	put_text(out, CWT_ISS, c->iss);
	cbor_put_int(out, CWT_EXP);
	cbor_put_int(out, c->exp);
	cbor_put_int(out, CWT_NBF);
	cbor_put_int(out, c->nbf);
	cbor_put_int(out, CWT_IAT);
	cbor_put_int(out, c->iat);
	cbor_put_int(out, CWT_IDENTITY);
	put_identity(&c->identity, out);
	cbor_put_int(out, CWT_STATUS);
	cbor_put_map(out, 1);
	cbor_put_text(out, bytes_text("status_list"));
	cbor_put_map(out, 2);
	cbor_put_text(out, bytes_text("idx"));
	cbor_put_uint(out, c->status_index);
	cbor_put_text(out, bytes_text("uri"));
	cbor_put_text(out, c->status_uri);
	if (c->has_family)
		put_family(c, out);
	return out->bad ? ST_TOO_BIG : ST_OK;
}
