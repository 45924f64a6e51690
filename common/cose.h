/*
 * COSE_Sign1 and COSE_Encrypt0 (RFC 9052 §4.2, §5.2): taken apart, verified
 * over the bytes as they came, never over bytes encoded again.
 */
#ifndef CEDULA_COMMON_COSE_H
#define CEDULA_COMMON_COSE_H

#include "common/bytes.h"
#include "common/cbor.h"
#include "common/crypto.h"
#include "common/status.h"

enum {
	COSE_TAG_ENCRYPT0 = 16, COSE_TAG_SIGN1 = 18, COSE_TAG_CWT = 61,
	COSE_HDR_ALG = 1, COSE_HDR_CRIT = 2, COSE_HDR_KID = 4, COSE_HDR_IV = 5,
	COSE_HDR_TYP = 16
};

#define COSE_PROTECTED_MAX 4096	/* bytes of a protected header */

struct cose_sign1 {
	struct bytes protected_raw;	/* content of the byte string */
	struct bytes unprotected_raw;	/* the encoded map */
	struct bytes payload, sig;
	int64_t alg;			/* of the protected header; 0 absent */
	int64_t loose_alg;		/* of the unprotected one: shown, and
					 * believed by nothing that verifies */
	struct bytes kid;		/* protected first, else unprotected */
	struct bytes typ;		/* protected, text (RFC 9596) */
	bool has_typ;			/* whatever its type */
	bool nonempty_unprotected;
};

/* Takes tag 18, 61(18) or no tag; any other tag is ST_MALFORMED, as are an
 * empty signature's absence, a detached payload, a critical header we do not
 * know, and duplicate labels in one header. An empty signature parses: it can
 * be shown, never verified. */
enum status	cose_sign1_parse(struct bytes in, enum cbor_mode mode,
		    struct cose_sign1 *out) MUST_CHECK;
/* ST_OK only if the signature holds and the protected alg is the key's. */
enum status	cose_sign1_verify(const struct cose_sign1 *s,
		    const struct crypto_key *key, struct bytes external_aad)
		    MUST_CHECK;

/* What others may write in several ways, everything of ours has in one: tag 18
 * alone, deterministic CBOR, nothing in the unprotected header, the lower of
 * the two s of ECDSA. So nothing in it can be altered and still be accepted.
 * cose is what s was parsed from. */
bool		cose_sign1_has_one_form(struct bytes cose,
		    const struct cose_sign1 *s);

/* An ES256 signature r||s verifies with n - s in the place of s just as well.
 * True for the lower one: what we write, and all that a card may have. */
bool		cose_es256_is_low(struct bytes sig);
/* Makes it the lower one, in place. */
void		cose_es256_make_low(uint8_t sig[64]);

/* The bytes to sign (Sig_structure, §4.4) up to the payload; the payload
 * follows. head has room for COSE_PROTECTED_MAX + 64. */
void		cose_sign1_head(struct bytes protected_raw,
		    struct bytes external_aad, size_t payload_len,
		    struct buf *head);
/* A protected header {1: alg, 4: kid [, 16: typ]}; typ NULL for cards. */
void		cose_protected(int alg, struct bytes kid, const char *typ,
		    struct buf *out);
/* 18([protected, {}, payload, sig]) */
void		cose_sign1_encode(struct bytes protected_raw,
		    struct bytes payload, struct bytes sig, struct buf *out);

/* True when the input is tag 16 or a bare array of three. */
bool		cose_is_encrypt0(struct bytes in);
/* Opens a COSE_Encrypt0 with A128GCM, A192GCM or A256GCM. out needs in.len. */
enum status	cose_encrypt0_open(struct bytes in, struct bytes key,
		    uint8_t *out, size_t cap, size_t *len) MUST_CHECK;

#endif
