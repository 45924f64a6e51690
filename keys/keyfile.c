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

#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/pem.h"

/* OpenSSL opens no scrypt file that needs over 32 MiB: N=16384 r=8 takes 16;
 * the work is raised by p instead. */
enum { SCRYPT_N = 16384, SCRYPT_R = 8, SCRYPT_P = 5, SECURE_HEAP = 1 << 18 };

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
keyfile_make(const char *path, int alg, const char *passphrase,
    struct cose_key *pub, struct diag *d)
{
	EVP_PKEY *pkey = alg == ALG_EDDSA ? EVP_PKEY_Q_keygen(NULL, NULL,
	    "ED25519") : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	BIO *bio = NULL;
	char *pem;
	long n;
	enum status st = ST_INTERNAL;

	if (pkey == NULL || (bio = seal(pkey, passphrase)) == NULL) {
		st = diag_set(d, ST_INTERNAL, _("%s: no key could be made"),
		    path);
		goto out;
	}
	if ((st = keyfile_public(pkey, pub)) != ST_OK)
		goto out;
	n = BIO_get_mem_data(bio, &pem);
	st = file_create(path, bytes_from(pem, (size_t)n), 0600, d);
out:
	BIO_free(bio);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return st;
}

static enum status
check_mode(const char *path, struct diag *d)
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
	if ((st = check_mode(path, d)) != ST_OK ||
	    (st = file_read(path, 65536, &pem, &len, d)) != ST_OK)
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
