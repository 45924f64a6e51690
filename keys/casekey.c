#include "keys/casekey.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/host/file.h"
#include "keys/keyfile.h"

/* What a new file is made with: 32 MiB three times over. What is read may ask
 * for no more than LOG_N_MAX and P_MAX. */
enum { LOG_N = 15, LOG_N_MAX = 17, P = 3, P_MAX = 16, PLAIN_MAX = 1 << 24 };

static const char magic[] = "CEDCASE1";
static const char id_label[] = "cedula case key id 1";

struct case_key {
	uint8_t key[CASEKEY_LEN], id[CASEKEY_ID];
};

enum status
casekey_parse(struct bytes file, struct casekey_file *out)
{
	const uint8_t *p = file.p;
	struct scrypt s;

	memset(out, 0, sizeof(*out));
	if (file.len != CASEKEY_FILE ||
	    !bytes_equal(bytes_from(p, 8), bytes_text(magic)) || p[11] != 0)
		return ST_MALFORMED;
	s = (struct scrypt){ p[8], p[9], p[10],
	    bytes_from(p + 12, CASEKEY_SALT) };
	if (!scrypt_within(&s, LOG_N_MAX, P_MAX))
		return ST_MALFORMED;
	out->scrypt = s;
	out->head = bytes_from(p, CASEKEY_HEAD);
	out->nonce = bytes_from(p + 12 + CASEKEY_SALT, CASEKEY_NONCE);
	out->sealed = bytes_from(p + CASEKEY_HEAD, CASEKEY_LEN + CASEKEY_TAG);
	return ST_OK;
}

/* An empty key in locked memory, or NULL. */
static struct case_key *
key_new(void)
{
	return OPENSSL_secure_zalloc(sizeof(struct case_key));
}

static enum status
key_name(struct case_key *k)
{
	const struct bytes parts[] = {
		bytes_text(id_label), bytes_from(k->key, sizeof(k->key))
	};
	uint8_t hash[32];
	enum status st = crypto_sha256(parts, 2, hash);

	memcpy(k->id, hash, sizeof(k->id));
	return st;
}

static enum status
gcm_seal(const uint8_t key[CASEKEY_LEN], const uint8_t *nonce,
    struct bytes ad, struct bytes plain, uint8_t *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t none[16];
	int n = 0;
	enum status st = ST_INTERNAL;

	if (c == NULL || plain.len > PLAIN_MAX || ad.len > PLAIN_MAX ||
	    EVP_EncryptInit_ex2(c, EVP_aes_256_gcm(), key, nonce, NULL) != 1 ||
	    EVP_EncryptUpdate(c, NULL, &n, ad.p, (int)ad.len) != 1 ||
	    EVP_EncryptUpdate(c, out, &n, plain.p, (int)plain.len) != 1 ||
	    (size_t)n != plain.len || EVP_EncryptFinal_ex(c, none, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, CASEKEY_TAG,
	    out + plain.len) != 1)
		goto out;
	st = ST_OK;
out:
	EVP_CIPHER_CTX_free(c);
	ERR_clear_error();
	return st;
}

/* A file's bytes for k, of which head has the salt and nonce already. */
static enum status
seal_key(const struct case_key *k, const char *passphrase,
    uint8_t file[CASEKEY_FILE])
{
	struct case_key *wrap = key_new();
	struct casekey_file f;
	enum status st = ST_INTERNAL;

	memcpy(file, magic, 8);
	file[8] = LOG_N;
	file[9] = SCRYPT_R;
	file[10] = P;
	file[11] = 0;
	if (wrap == NULL || RAND_bytes(file + 12,
	    CASEKEY_SALT + CASEKEY_NONCE) != 1 ||
	    (st = casekey_parse(bytes_from(file, CASEKEY_FILE), &f)) != ST_OK ||
	    (st = scrypt_key(&f.scrypt, passphrase, wrap->key,
	    sizeof(wrap->key))) != ST_OK)
		goto out;
	st = gcm_seal(wrap->key, f.nonce.p, f.head,
	    bytes_from(k->key, sizeof(k->key)), file + CASEKEY_HEAD);
out:
	casekey_free(wrap);
	ERR_clear_error();
	return st;
}

enum status
casekey_make(const char *path, const char *passphrase, struct case_key **out,
    struct diag *d)
{
	struct case_key *k = key_new();
	uint8_t file[CASEKEY_FILE];
	enum status st = ST_INTERNAL;

	*out = NULL;
	if (k == NULL || RAND_priv_bytes(k->key, sizeof(k->key)) != 1 ||
	    key_name(k) != ST_OK || seal_key(k, passphrase, file) != ST_OK) {
		st = diag_set(d, ST_INTERNAL, _("%s: no key could be made"),
		    path);
		goto out;
	}
	if ((st = file_create(path, bytes_from(file, sizeof(file)), 0600,
	    d)) != ST_OK)
		goto out;
	*out = k;
	k = NULL;
	st = ST_OK;
out:
	casekey_free(k);
	ERR_clear_error();
	return st;
}

enum status
casekey_open(const char *path, const char *passphrase, struct case_key **out,
    struct diag *d)
{
	struct case_key *k = key_new(), *wrap = key_new();
	struct casekey_file f;
	uint8_t *file = NULL;
	size_t len;
	enum status st = ST_INTERNAL;

	*out = NULL;
	if (k == NULL || wrap == NULL) {
		st = diag_set(d, ST_INTERNAL, _("out of memory"));
		goto out;
	}
	if ((st = keyfile_private(path, d)) != ST_OK ||
	    (st = file_read(path, 4096, &file, &len, d)) != ST_OK)
		goto out;
	if ((st = casekey_parse(bytes_from(file, len), &f)) != ST_OK) {
		st = diag_set(d, ST_DATA,
		    _("%s: not a case key, or a damaged one; give the file that case key new made, or a copy of it"),
		    path);
		goto out;
	}
	if ((st = scrypt_key(&f.scrypt, passphrase, wrap->key,
	    sizeof(wrap->key))) != ST_OK ||
	    (st = crypto_gcm_open(bytes_from(wrap->key, CASEKEY_LEN), f.nonce,
	    &f.head, 1, f.sealed, k->key)) == ST_INTERNAL) {
		st = diag_set(d, ST_INTERNAL, _("%s: the key cannot be opened"),
		    path);
		goto out;
	}
	if (st != ST_OK) {
		st = diag_set(d, ST_PASSPHRASE,
		    _("%s: the passphrase does not open this key, or the file is damaged"),
		    path);
		goto out;
	}
	if ((st = key_name(k)) != ST_OK)
		goto out;
	*out = k;
	k = NULL;
out:
	free(file);
	casekey_free(wrap);
	casekey_free(k);
	return st;
}

void
casekey_free(struct case_key *k)
{
	OPENSSL_secure_clear_free(k, sizeof(*k));
}

struct bytes
casekey_id(const struct case_key *k)
{
	return bytes_from(k->id, sizeof(k->id));
}

enum status
casekey_seal(const struct case_key *k, struct bytes ad, struct bytes plain,
    uint8_t nonce[CASEKEY_NONCE], uint8_t *out)
{
	if (RAND_bytes(nonce, CASEKEY_NONCE) != 1) {
		ERR_clear_error();
		return ST_INTERNAL;
	}
	return gcm_seal(k->key, nonce, ad, plain, out);
}

enum status
casekey_unseal(const struct case_key *k, struct bytes ad, struct bytes nonce,
    struct bytes sealed, uint8_t *out)
{
	enum status st = ST_SIGNATURE;

	if (sealed.len < CASEKEY_TAG)
		return st;
	if (nonce.len == CASEKEY_NONCE)
		st = crypto_gcm_open(bytes_from(k->key, sizeof(k->key)), nonce,
		    &ad, 1, sealed, out);
	if (st != ST_OK)
		memset(out, 0, sealed.len - CASEKEY_TAG);
	return st;
}
