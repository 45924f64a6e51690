#include "keys/keyfile.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/pem.h"
#include "keys/scrypt.h"
#include "keys/shamir.h"

/* OpenSSL opens no scrypt file that needs over 32 MiB: N=16384 r=8 takes 16;
 * the work is raised by p instead. */
enum { SCRYPT_N = 16384, SCRYPT_P = 5, SECURE_HEAP = 1 << 18,
    KEYFILE_MAX = 65536 };

void
keyfile_harden(void)
{
	const struct rlimit none = { 0, 0 };

	(void)CRYPTO_secure_malloc_init(SECURE_HEAP, 32);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0);
}

enum status
keyfile_public(EVP_PKEY *pkey, struct cose_key *pub)
{
	struct pem_key key;
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(pkey, &der);
	enum status st;

	if (n <= 0)
		return ST_INTERNAL;
	st = pem_parse(bytes_from(der, (size_t)n), false, &key);
	if (st == ST_OK)
		*pub = key.pub;
	crypto_key_free(key.parsed);
	OPENSSL_free(der);
	return st;
}

/* pkey as encrypted PKCS#8 PEM in a memory BIO; NULL on failure. */
static BIO *
seal(EVP_PKEY *pkey, const char *passphrase)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(pkey);
	X509_ALGOR *pbe = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 16,
	    NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
	X509_SIG *sealed = NULL;
	BIO *bio = NULL;

	if (p8 == NULL || pbe == NULL)
		goto out;
	sealed = PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), p8, pbe);
	if (sealed == NULL)
		goto out;
	pbe = NULL;			/* sealed owns it now */
	bio = BIO_new(BIO_s_mem());
	if (bio != NULL && PEM_write_bio_PKCS8(bio, sealed) != 1) {
		BIO_free(bio);
		bio = NULL;
	}
out:
	X509_ALGOR_free(pbe);
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(p8);
	return bio;
}

enum status
keyfile_generate(int alg, EVP_PKEY **out)
{
	*out = alg == ALG_EDDSA ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") :
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	ERR_clear_error();
	return *out != NULL ? ST_OK : ST_INTERNAL;
}

enum status
keyfile_write(const char *path, EVP_PKEY *pkey, const char *passphrase,
    const struct keyfile_split *split, struct diag *d)
{
	BIO *bio = seal(pkey, passphrase);
	uint8_t room[4096];
	struct buf b = buf_over(room, sizeof(room));
	char line[64], *pem;
	long n;
	enum status st = ST_INTERNAL;

	if (bio == NULL)
		goto out;
	if (split != NULL && split->k != 0) {
		(void)snprintf(line, sizeof(line),
		    "Split: %u of %u, set %s\n\n", split->k, split->n,
		    split->set);
		buf_put_text(&b, line);
	}
	n = BIO_get_mem_data(bio, &pem);
	buf_put(&b, pem, (size_t)n);
	if (!b.bad)
		st = ST_OK;
out:
	BIO_free(bio);
	ERR_clear_error();
	if (st != ST_OK)
		return diag_set(d, st, _("%s: no key could be made"), path);
	return file_create(path, buf_bytes(&b), 0600, d);
}

enum status
keyfile_make(const char *path, int alg, const char *passphrase,
    struct cose_key *pub, struct diag *d)
{
	EVP_PKEY *pkey = NULL;
	enum status st;

	if ((st = keyfile_generate(alg, &pkey)) != ST_OK)
		return diag_set(d, st, _("%s: no key could be made"), path);
	if ((st = keyfile_public(pkey, pub)) == ST_OK)
		st = keyfile_write(path, pkey, passphrase, NULL, d);
	EVP_PKEY_free(pkey);
	return st;
}

enum status
keyfile_private(const char *path, struct diag *d)
{
	struct stat sb;

	if (stat(path, &sb) != 0)
		return diag_errno(d, ST_IO, path);
	if (S_ISREG(sb.st_mode) && (sb.st_mode & 077) != 0)
		return diag_set(d, ST_PERMISSION,
		    _("%s: others can read this private key; chmod 600 it, and ask who may have copied it"),
		    path);
	return ST_OK;
}

/* Exactly "Split: K of N, set XXXXXXXX" in the first line, or no such line. */
static bool
parse_split(const char *text, struct keyfile_split *out)
{
	char again[64], word[16];
	unsigned k, n;
	size_t len;

	memset(out, 0, sizeof(*out));
	if (strncmp(text, "Split:", 6) != 0)
		return true;
	if (sscanf(text, "Split: %2u of %2u, set %8[0-9A-Z]", &k, &n,
	    word) != 3 || k < 2 || k > n || n > SHAMIR_MAX)
		return false;
	(void)snprintf(again, sizeof(again), "Split: %u of %u, set %s", k, n,
	    word);
	len = strlen(again);
	if (strlen(word) != sizeof(out->set) - 1 ||
	    strncmp(text, again, len) != 0 ||
	    (text[len] != '\n' && text[len] != '\r'))
		return false;
	out->k = k;
	out->n = n;
	memcpy(out->set, word, sizeof(out->set));
	return true;
}

enum status
keyfile_read_split(const char *path, struct keyfile_split *out, struct diag *d)
{
	uint8_t *text = NULL;
	size_t len;
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = keyfile_private(path, d)) != ST_OK ||
	    (st = file_read(path, KEYFILE_MAX, &text, &len, d)) != ST_OK)
		return st;
	/* file_read ends it with a NUL. */
	if (!parse_split((const char *)text, out))
		st = diag_set(d, ST_DATA,
		    _("%s: the line that says how the key is split is damaged"),
		    path);
	OPENSSL_cleanse(text, len);
	free(text);
	return st;
}

enum status
keyfile_load(const char *path, const char *passphrase, EVP_PKEY **out,
    struct diag *d)
{
	PKCS8_PRIV_KEY_INFO *p8 = NULL;
	X509_SIG *sealed = NULL;
	uint8_t *pem = NULL;
	BIO *bio = NULL;
	size_t len;
	enum status st;

	*out = NULL;
	if ((st = keyfile_private(path, d)) != ST_OK ||
	    (st = file_read(path, KEYFILE_MAX, &pem, &len, d)) != ST_OK)
		return st;
	bio = BIO_new_mem_buf(pem, (int)len);
	if (bio != NULL)
		sealed = PEM_read_bio_PKCS8(bio, NULL, NULL, NULL);
	if (sealed == NULL) {
		st = diag_set(d, ST_DATA,
		    _("%s: not a private key sealed with a passphrase (PKCS#8, \"ENCRYPTED PRIVATE KEY\")"),
		    path);
		goto out;
	}
	p8 = PKCS8_decrypt(sealed, passphrase, (int)strlen(passphrase));
	if (p8 == NULL || (*out = EVP_PKCS82PKEY(p8)) == NULL) {
		st = diag_set(d, ST_PASSPHRASE,
		    _("%s: the passphrase does not open this key"), path);
		goto out;
	}
	st = ST_OK;
out:
	PKCS8_PRIV_KEY_INFO_free(p8);
	X509_SIG_free(sealed);
	BIO_free(bio);
	if (pem != NULL)
		OPENSSL_cleanse(pem, len);
	free(pem);
	ERR_clear_error();
	return st;
}
