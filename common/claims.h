/*
 * Claims: what a token says. The CWT claims (RFC 8392), the status reference
 * (Token Status List), the identity data of claim 169 (version 1.2.0) and our
 * private claim -70169, the members of a family.
 *
 * Reading is for every claim 169 there is; writing is for our own profile.
 * Every struct bytes borrows from the payload that was parsed.
 */
#ifndef CEDULA_COMMON_CLAIMS_H
#define CEDULA_COMMON_CLAIMS_H

#include "common/bytes.h"
#include "common/cbor.h"
#include "common/status.h"

enum {
	CWT_ISS = 1, CWT_SUB = 2, CWT_AUD = 3, CWT_EXP = 4, CWT_NBF = 5,
	CWT_IAT = 6, CWT_CTI = 7, CWT_IDENTITY = 169, CWT_STATUS = 65535,
	CWT_FAMILY = -70169
};

#define FAMILY_MAX 10		/* members beside the head */
#define BIOMETRICS_MAX 4	/* entries read of one biometric array */
#define FINGERS_MAX 10

enum sex { SEX_NONE = 0, SEX_MALE = 1, SEX_FEMALE = 2, SEX_OTHER = 3 };

enum relationship {
	REL_SPOUSE = 1, REL_CHILD, REL_PARENT, REL_SIBLING, REL_GRANDPARENT,
	REL_DEPENDANT, REL_WARD
};

enum { BIO_IMAGE = 0, BIO_TEMPLATE = 1, BIO_SOUND = 2, BIO_HASH = 3 };
enum {
	IMG_PNG = 0, IMG_JPEG = 1, IMG_JPEG2000 = 2, IMG_AVIF = 3, IMG_WEBP = 4,
	IMG_TIFF = 5, IMG_WSQ = 6
};

struct biometric {
	struct bytes data;
	int64_t format, sub_format;	/* -1 when absent */
	struct bytes issuer;
};

struct biometrics {
	size_t n;
	struct biometric item[BIOMETRICS_MAX];
};

/* Absent text has len 0; absent numbers are -1. */
struct identity {
	struct bytes id, version, language;
	struct bytes full_name, first_name, middle_name, last_name;
	struct bytes birth_date;	/* as written: YYYYMMDD or YYYY-MM-DD */
	int64_t sex;
	struct bytes address, email, telephone, nationality;
	int64_t marital_status;
	struct bytes guardian;
	struct bytes photo;
	int64_t photo_format;
	size_t fingers_n;
	int64_t fingers[FINGERS_MAX];
	struct bytes second_name, second_language;
	struct bytes location, legal_status, country;
	struct biometrics biometric[16];	/* keys 50 to 65 */
};

#define IDENTITY_BIO_FIRST 50
#define IDENTITY_BIO_LAST 65
#define IDENTITY_FACE (62 - IDENTITY_BIO_FIRST)

struct member {
	struct bytes full_name, birth_date;
	int64_t sex, relationship;
};

struct claims {
	struct bytes iss, sub;
	bool has_exp, has_nbf, has_iat;
	int64_t exp, nbf, iat;		/* a fraction is rounded toward red:
					 * exp down, nbf and iat up */
	bool has_status;
	uint64_t status_index;
	struct bytes status_uri;
	bool has_identity;
	struct identity identity;
	bool has_family;
	size_t members_n;
	struct member member[FAMILY_MAX];
};

/* Reads the payload of a token. With CBOR_STRICT the profile of our cards is
 * demanded of the encoding; CBOR_LIBERAL reads what others write. Unknown
 * claims are passed over. ST_MALFORMED: out is wiped. */
enum status	claims_parse(struct bytes payload, enum cbor_mode mode,
		    struct claims *out) MUST_CHECK;
/* Reads a claim 169 map alone. */
enum status	identity_parse(struct bytes map, enum cbor_mode mode,
		    struct identity *out) MUST_CHECK;
/* Our profile (docs/format.md §3): the claims must be complete; birth dates
 * YYYYMMDD; ST_DATA with a field missing, ST_TOO_BIG when out is full. */
enum status	claims_encode(const struct claims *c, struct buf *out)
		    MUST_CHECK;
/* What our cards must hold: iss, exp, nbf, iat, status, identity with number,
 * name, birth date. ST_MALFORMED otherwise. */
enum status	claims_check_profile(const struct claims *c) MUST_CHECK;
/* The face image to show: key 62, else key 16; len 0 when none. format is one
 * of IMG_*, -1 unknown. */
struct bytes	identity_face(const struct identity *id, int64_t *format);
/* Erases in place: personal data is a secret too. */
void		claims_wipe(struct claims *c);

#endif
