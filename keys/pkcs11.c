#include "keys/pkcs11.h"

#include <openssl/rand.h>

#include <stdlib.h>
#include <string.h>

#include "common/cose.h"
#include "keys/cryptoki.h"

enum { MATCHES_MAX = 16, ID_MAX = 256 };

struct pkcs11 {
	struct cryptoki *c;
	CK_OBJECT_HANDLE key, public;
	bool pin_each_time;		/* CKA_ALWAYS_AUTHENTICATE */
	struct cose_key pub;
	struct crypto_key *parsed;
};

/* The curves by their OIDs (RFC 5480, RFC 8410), and Ed25519 by the name that
 * PKCS#11 v3.0 gives it. */
static const uint8_t p256[] = { 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7 };
static const uint8_t ed25519[] = { 6, 3, 0x2b, 0x65, 0x70 };
static const uint8_t ed25519_name[] = { 0x13, 12, 'e', 'd', 'w', 'a', 'r', 'd',
    's', '2', '5', '5', '1', '9' };

/* CKA_EC_POINT is the point in an OCTET STRING; some tokens leave that away.
 * Both lengths are below 128: one byte each. */
static struct bytes
unwrap(struct bytes point, size_t len)
{
	if (point.len == len + 2 && point.p[0] == 4 && point.p[1] == len)
		return bytes_from(point.p + 2, len);
	return point.len == len ? point : (struct bytes){ NULL, 0 };
}

static bool
take_point(struct bytes params, struct bytes point, struct cose_key *pub)
{
	memset(pub, 0, sizeof(*pub));
	if (bytes_equal(params, bytes_from(p256, sizeof(p256)))) {
		point = unwrap(point, 65);
		if (point.len != 65 || point.p[0] != 4)
			return false;
		pub->kty = KTY_EC2;
		pub->alg = ALG_ES256;
		memcpy(pub->x, point.p + 1, 32);
		memcpy(pub->y, point.p + 33, 32);
		return true;
	}
	if (bytes_equal(params, bytes_from(ed25519, sizeof(ed25519))) ||
	    bytes_equal(params, bytes_from(ed25519_name,
	    sizeof(ed25519_name)))) {
		point = unwrap(point, 32);
		if (point.len != 32)
			return false;
		pub->kty = KTY_OKP;
		pub->alg = ALG_EDDSA;
		memcpy(pub->x, point.p, 32);
		return true;
	}
	return false;
}

static enum status
read_public(struct pkcs11 *p, struct cose_key *pub, struct diag *d)
{
	uint8_t params[64], point[160];
	size_t params_len, point_len;
	struct crypto_key *check = NULL;
	enum status st;

	if ((st = cryptoki_attribute(p->c, p->public, CKA_EC_PARAMS, params,
	    sizeof(params), &params_len, d)) != ST_OK ||
	    (st = cryptoki_attribute(p->c, p->public, CKA_EC_POINT, point,
	    sizeof(point), &point_len, d)) != ST_OK)
		return st;
	if (!take_point(bytes_from(params, params_len),
	    bytes_from(point, point_len), pub) ||
	    cose_key_load(pub, &check) != ST_OK)
		st = diag_set(d, ST_DATA,
		    _("%s: neither a P-256 nor an Ed25519 key"), p->c->name);
	crypto_key_free(check);
	return st;
}

/* Class, and what the URI says of label and id; at most 3 into want. */
static size_t
template_of(const struct pkcs11 *p, CK_OBJECT_CLASS *class,
    CK_ATTRIBUTE want[3])
{
	const CK_ATTRIBUTE *label, *id;
	size_t n = 0;

	label = p11_kit_uri_get_attribute(p->c->uri, CKA_LABEL);
	id = p11_kit_uri_get_attribute(p->c->uri, CKA_ID);
	want[n++] = (CK_ATTRIBUTE){ CKA_CLASS, class, sizeof(*class) };
	if (label != NULL)
		want[n++] = *label;
	if (id != NULL)
		want[n++] = *id;
	return n;
}

static enum status
find_private(struct pkcs11 *p, struct diag *d)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_OBJECT_HANDLE found[MATCHES_MAX];
	CK_ATTRIBUTE want[3];
	size_t n;
	enum status st;

	if ((st = cryptoki_find(p->c, want, template_of(p, &class, want), found,
	    MATCHES_MAX, &n, d)) != ST_OK)
		return st;
	if (n == 0)
		return diag_set(d, ST_NOT_FOUND,
		    _("%s: token %s has no such private key"), p->c->name,
		    p->c->token);
	if (n > 1)
		return diag_set(d, ST_USAGE,
		    _("%s: %zu private keys match; add id=%%.. or object=LABEL to the URI"),
		    p->c->name, n);
	p->key = found[0];
	return ST_OK;
}

/* The public half: the object with the same id, or with the same label where
 * there is no id. */
static enum status
find_public(struct pkcs11 *p, struct diag *d)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_OBJECT_HANDLE found[MATCHES_MAX];
	CK_ATTRIBUTE want[3];
	uint8_t id[ID_MAX];
	size_t len, n = 1;
	enum status st;

	if ((st = cryptoki_attribute(p->c, p->key, CKA_ID, id, sizeof(id), &len,
	    d)) != ST_OK)
		return st;
	if (len > 0) {
		want[0] = (CK_ATTRIBUTE){ CKA_CLASS, &class, sizeof(class) };
		want[n++] = (CK_ATTRIBUTE){ CKA_ID, id, len };
	} else
		n = template_of(p, &class, want);
	if ((st = cryptoki_find(p->c, want, n, found, MATCHES_MAX, &n,
	    d)) != ST_OK)
		return st;
	if (n != 1)
		return diag_set(d, n == 0 ? ST_NOT_FOUND : ST_DATA,
		    _("%s: %zu public keys on token %s belong to the private key by their id; there must be one"),
		    p->c->name, n, p->c->token);
	p->public = found[0];
	return ST_OK;
}

static enum status
find_key(struct pkcs11 *p, struct cose_key *pub, struct diag *d)
{
	CK_BBOOL each = CK_FALSE;
	size_t len;
	enum status st;

	if ((st = find_private(p, d)) != ST_OK ||
	    (st = find_public(p, d)) != ST_OK ||
	    (st = read_public(p, pub, d)) != ST_OK)
		return st;
	/* A token of before 2.20 does not know this attribute. */
	p->pin_each_time = cryptoki_attribute(p->c, p->key,
	    CKA_ALWAYS_AUTHENTICATE, &each, sizeof(each), &len, NULL) == ST_OK &&
	    len == sizeof(each) && each != CK_FALSE;
	return ST_OK;
}

/* type=cert and the like would be another object. */
static enum status
check_class(const struct pkcs11 *p, struct diag *d)
{
	const CK_ATTRIBUTE *a = p11_kit_uri_get_attribute(p->c->uri, CKA_CLASS);
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;

	if (a != NULL && (a->ulValueLen != sizeof(class) ||
	    memcmp(a->pValue, &class, sizeof(class)) != 0))
		return diag_set(d, ST_USAGE,
		    _("%s: a private key is needed; leave type away, or say type=private"),
		    p->c->name);
	return ST_OK;
}

static enum status
check_custody(const struct custody *c, struct diag *d)
{
	if (c->shares_n > 0)
		return diag_set(d, ST_USAGE,
		    _("--share is for a key file that is split; a key in a token opens with the token's PIN"));
	return ST_OK;
}

/* The token that c names; *out is closed by the caller, also after a failure. */
static enum status
token_open(const struct custody *c, bool writes, struct pkcs11 **out,
    struct diag *d)
{
	enum status st;

	if ((st = check_custody(c, d)) != ST_OK)
		return st;
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return ST_INTERNAL;
	if ((st = cryptoki_open(c->ref, c->passphrase_file, writes,
	    &(*out)->c, d)) != ST_OK)
		return st;
	return check_class(*out, d);
}

enum status
pkcs11_open(const struct custody *c, struct pkcs11 **out, struct diag *d)
{
	struct pkcs11 *p = NULL;
	enum status st;

	*out = NULL;
	if ((st = token_open(c, false, &p, d)) == ST_OK &&
	    (st = find_key(p, &p->pub, d)) == ST_OK &&
	    (st = cose_key_load(&p->pub, &p->parsed)) == ST_OK)
		*out = p;
	else
		pkcs11_close(p);
	return st;
}

void
pkcs11_close(struct pkcs11 *p)
{
	if (p == NULL)
		return;
	crypto_key_free(p->parsed);
	cryptoki_close(p->c);
	free(p);
}

const struct cose_key *
pkcs11_public(const struct pkcs11 *p)
{
	return &p->pub;
}

/* *what: the function that returned rv. */
static CK_RV
sign_once(struct pkcs11 *p, struct bytes data, uint8_t *sig, CK_ULONG *len,
    const char **what)
{
	const CK_FUNCTION_LIST *f = p->c->f;
	CK_MECHANISM how = { p->pub.alg == ALG_EDDSA ? CKM_EDDSA : CKM_ECDSA,
	    NULL, 0 };
	uint8_t copy[32];
	CK_RV rv;

	*what = "C_SignInit";
	if ((rv = f->C_SignInit(p->c->session, &how, p->key)) != CKR_OK)
		return rv;
	*what = "C_Login";
	if (p->pin_each_time && (rv = cryptoki_login_again(p->c)) != CKR_OK)
		return rv;
	*what = "C_Sign";
	if (p->pub.alg == ALG_EDDSA)
		return f->C_Sign(p->c->session, (CK_BYTE *)(uintptr_t)data.p,
		    data.len, sig, len);
	if (crypto_sha256(&data, 1, copy) != ST_OK)
		return CKR_HOST_MEMORY;
	return f->C_Sign(p->c->session, copy, sizeof(copy), sig, len);
}

/* The same key in a new session: a token put in the other's place, with a key
 * under the same name, must not sign. */
static enum status
reopen(struct pkcs11 *p, struct diag *d)
{
	struct cose_key pub;
	enum status st;

	if ((st = cryptoki_open_again(p->c, d)) != ST_OK ||
	    (st = find_key(p, &pub, d)) != ST_OK)
		return st;
	if (pub.alg != p->pub.alg || memcmp(pub.x, p->pub.x, 32) != 0 ||
	    memcmp(pub.y, p->pub.y, 32) != 0)
		return diag_set(d, ST_UNKNOWN_KEY,
		    _("token %s was lost, and what is there now has another key under this name; nothing was signed"),
		    p->c->token);
	return ST_OK;
}

enum status
pkcs11_sign(struct pkcs11 *p, struct bytes message, uint8_t sig[64],
    struct diag *d)
{
	uint8_t room[512];
	CK_ULONG len = 64;
	const char *what;
	CK_RV rv;
	enum status st;

	rv = sign_once(p, message, room, &len, &what);
	if (cryptoki_lost(rv)) {
		if ((st = reopen(p, d)) != ST_OK)
			return st;
		len = 64;
		rv = sign_once(p, message, room, &len, &what);
	}
	if (rv != CKR_OK)
		return cryptoki_failed(p->c, what, rv, d);
	if (len == 64 && p->pub.alg == ALG_ES256)
		cose_es256_make_low(room);
	if (len != 64 || (st = crypto_verify(p->parsed, &message, 1,
	    bytes_from(room, 64))) != ST_OK)
		return diag_set(d, ST_SIGNATURE,
		    _("token %s returned a signature that its own public key does not verify; it was not used"),
		    p->c->token);
	memcpy(sig, room, 64);
	return ST_OK;
}

void
pkcs11_destroy(struct pkcs11 *p)
{
	(void)p->c->f->C_DestroyObject(p->c->session, p->key);
	(void)p->c->f->C_DestroyObject(p->c->session, p->public);
}

/* Neither label nor id of the new key may name one that is there. */
static enum status
check_is_new(struct pkcs11 *p, const CK_ATTRIBUTE *name, struct diag *d)
{
	CK_OBJECT_CLASS class[] = { CKO_PRIVATE_KEY, CKO_PUBLIC_KEY };
	CK_OBJECT_HANDLE found;
	size_t n;
	enum status st;

	for (size_t i = 0; i < 2; i++) {
		CK_ATTRIBUTE want[] = { { CKA_CLASS, &class[i],
		    sizeof(class[i]) }, *name };

		if ((st = cryptoki_find(p->c, want, 2, &found, 1, &n,
		    d)) != ST_OK)
			return st;
		if (n > 0)
			return diag_set(d, ST_EXISTS,
			    _("%s: token %s has a key with this label or id already; choose another"),
			    p->c->name, p->c->token);
	}
	return ST_OK;
}

static enum status
check_names(struct pkcs11 *p, struct diag *d)
{
	const CK_ATTRIBUTE *label, *id;
	enum status st;

	label = p11_kit_uri_get_attribute(p->c->uri, CKA_LABEL);
	id = p11_kit_uri_get_attribute(p->c->uri, CKA_ID);
	if (label == NULL || label->ulValueLen == 0)
		return diag_set(d, ST_USAGE,
		    _("%s: name the new key: add object=LABEL to the URI"),
		    p->c->name);
	if ((st = check_is_new(p, label, d)) == ST_OK && id != NULL)
		st = check_is_new(p, id, d);
	return st;
}

static CK_RV
generate(struct pkcs11 *p, int alg, struct bytes params, CK_ATTRIBUTE id)
{
	const CK_FUNCTION_LIST *f = p->c->f;
	CK_MECHANISM how = { alg == ALG_EDDSA ? CKM_EC_EDWARDS_KEY_PAIR_GEN :
	    CKM_EC_KEY_PAIR_GEN, NULL, 0 };
	CK_ATTRIBUTE label = *p11_kit_uri_get_attribute(p->c->uri, CKA_LABEL);
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE public[] = {
		{ CKA_TOKEN, &yes, sizeof(yes) },
		{ CKA_PRIVATE, &no, sizeof(no) },
		{ CKA_VERIFY, &yes, sizeof(yes) },
		{ CKA_EC_PARAMS, (void *)(uintptr_t)params.p, params.len },
		label, id,
	};
	CK_ATTRIBUTE private[] = {
		{ CKA_TOKEN, &yes, sizeof(yes) },
		{ CKA_PRIVATE, &yes, sizeof(yes) },
		{ CKA_SENSITIVE, &yes, sizeof(yes) },
		{ CKA_EXTRACTABLE, &no, sizeof(no) },
		{ CKA_SIGN, &yes, sizeof(yes) },
		label, id,
		/* From here on, some tokens know no such attribute. */
		{ CKA_DECRYPT, &no, sizeof(no) },
		{ CKA_UNWRAP, &no, sizeof(no) },
		{ CKA_DERIVE, &no, sizeof(no) },
	};
	CK_ULONG n = sizeof(private) / sizeof(private[0]);
	CK_RV rv;

	rv = f->C_GenerateKeyPair(p->c->session, &how, public,
	    sizeof(public) / sizeof(public[0]), private, n, &p->public, &p->key);
	if (rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_TEMPLATE_INCONSISTENT)
		rv = f->C_GenerateKeyPair(p->c->session, &how, public,
		    sizeof(public) / sizeof(public[0]), private, n - 3,
		    &p->public, &p->key);
	return rv;
}

/* The token may have made something else than was asked for. */
static enum status
check_made(struct pkcs11 *p, int alg, struct diag *d)
{
	CK_BBOOL sensitive = CK_FALSE, extractable = CK_TRUE;
	size_t a, b;
	uint8_t sig[64];
	enum status st;

	if ((st = read_public(p, &p->pub, d)) != ST_OK ||
	    (st = cryptoki_attribute(p->c, p->key, CKA_SENSITIVE, &sensitive,
	    sizeof(sensitive), &a, d)) != ST_OK ||
	    (st = cryptoki_attribute(p->c, p->key, CKA_EXTRACTABLE,
	    &extractable, sizeof(extractable), &b, d)) != ST_OK)
		return st;
	if (p->pub.alg != alg || a != sizeof(sensitive) ||
	    sensitive != CK_TRUE || b != sizeof(extractable) ||
	    extractable != CK_FALSE)
		return diag_set(d, ST_DATA,
		    _("token %s did not make the key as asked: it could be taken out of the token"),
		    p->c->token);
	if ((st = cose_key_load(&p->pub, &p->parsed)) != ST_OK)
		return st;
	/* What our signers sign begins with another byte than this. */
	return pkcs11_sign(p, bytes_text("the first signature of this key"),
	    sig, d);
}

/* Both or neither: they are found by each other. Tokens that do not allow it
 * keep the random id. */
static void
name_by_kid(struct pkcs11 *p, CK_ATTRIBUTE before)
{
	const CK_FUNCTION_LIST *f = p->c->f;
	uint8_t kid[KID_LEN];
	CK_ATTRIBUTE id = { CKA_ID, kid, sizeof(kid) };

	if (cose_key_kid(&p->pub, kid) != ST_OK ||
	    f->C_SetAttributeValue(p->c->session, p->key, &id, 1) != CKR_OK)
		return;
	if (f->C_SetAttributeValue(p->c->session, p->public, &id, 1) != CKR_OK)
		(void)f->C_SetAttributeValue(p->c->session, p->key, &before, 1);
}

static enum status
make_key(struct pkcs11 *p, int alg, struct diag *d)
{
	const CK_ATTRIBUTE *given = p11_kit_uri_get_attribute(p->c->uri,
	    CKA_ID);
	struct bytes params = alg == ALG_EDDSA ?
	    bytes_from(ed25519, sizeof(ed25519)) :
	    bytes_from(p256, sizeof(p256));
	uint8_t random[KID_LEN];
	CK_ATTRIBUTE id = { CKA_ID, random, sizeof(random) };
	CK_RV rv;
	enum status st;

	if (RAND_bytes(random, sizeof(random)) != 1)
		return ST_INTERNAL;
	if (given != NULL)
		id = *given;
	rv = generate(p, alg, params, id);
	/* Some know the curve by its name alone. */
	if (rv != CKR_OK && alg == ALG_EDDSA && rv != CKR_MECHANISM_INVALID)
		rv = generate(p, alg, bytes_from(ed25519_name,
		    sizeof(ed25519_name)), id);
	if (rv != CKR_OK)
		return cryptoki_failed(p->c, "C_GenerateKeyPair", rv, d);
	if ((st = check_made(p, alg, d)) != ST_OK) {
		pkcs11_destroy(p);
		return st;
	}
	if (given == NULL)
		name_by_kid(p, id);
	return ST_OK;
}

enum status
pkcs11_generate(const struct custody *c, int alg, struct pkcs11 **out,
    struct diag *d)
{
	struct pkcs11 *p = NULL;
	enum status st;

	*out = NULL;
	if ((st = token_open(c, true, &p, d)) == ST_OK &&
	    (st = check_names(p, d)) == ST_OK &&
	    (st = make_key(p, alg, d)) == ST_OK)
		*out = p;
	else
		pkcs11_close(p);
	return st;
}
