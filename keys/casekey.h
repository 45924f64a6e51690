/*
 * Case key: the key that narratives of cases are sealed with (AES-256-GCM), and
 * its file: 32 random bytes sealed with a passphrase (scrypt), 0600, never
 * overwritten. The key itself stays in locked memory until casekey_free.
 *
 * The file, CASEKEY_FILE bytes:
 *   "CEDCASE1" | log2 N u8 | r u8 | p u8 | zero u8 | salt[16] | nonce[12] |
 *   the key sealed by AES-256-GCM (32 + 16 bytes of tag)
 * where all before the sealed key is associated data, so that no byte of the
 * file can be changed unseen. log2 N is 14 to 17, r is 8, p is 1 to 16.
 *
 * A key is told by its id: the first 8 bytes of SHA-256 over "cedula case key
 * id 1" and the key.
 */
#ifndef CEDULA_KEYS_CASEKEY_H
#define CEDULA_KEYS_CASEKEY_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"
#include "keys/scrypt.h"

enum {
	CASEKEY_ID = 8, CASEKEY_NONCE = 12, CASEKEY_TAG = 16,
	CASEKEY_SALT = 16, CASEKEY_LEN = 32,
	CASEKEY_HEAD = 12 + CASEKEY_SALT + CASEKEY_NONCE,
	CASEKEY_FILE = CASEKEY_HEAD + CASEKEY_LEN + CASEKEY_TAG
};

struct case_key;

/* What a file says before it is opened; all of it borrowed from the file. */
struct casekey_file {
	struct scrypt scrypt;
	struct bytes head, nonce, sealed;
};

/* ST_MALFORMED for anything but the form above; *out is then empty. */
enum status	casekey_parse(struct bytes file, struct casekey_file *out)
		    MUST_CHECK;
/* A fresh key at path; on failure nothing is left there. Free *out with
 * casekey_free. */
enum status	casekey_make(const char *path, const char *passphrase,
		    struct case_key **out, struct diag *d) MUST_CHECK;
/* ST_PASSPHRASE when it does not open, or the file was changed; ST_PERMISSION
 * when others can read the file. */
enum status	casekey_open(const char *path, const char *passphrase,
		    struct case_key **out, struct diag *d) MUST_CHECK;
/* Erases it; NULL is fine. */
void		casekey_free(struct case_key *k);
/* CASEKEY_ID bytes, while k lives. */
struct bytes	casekey_id(const struct case_key *k);

/* Seals plain under a nonce made here; out has plain.len + CASEKEY_TAG bytes.
 * What ad says is bound to it and is not in it. */
enum status	casekey_seal(const struct case_key *k, struct bytes ad,
		    struct bytes plain, uint8_t nonce[CASEKEY_NONCE],
		    uint8_t *out) MUST_CHECK;
/* out has sealed.len - CASEKEY_TAG bytes, of zeros unless ST_OK.
 * ST_SIGNATURE when one bit of key, ad, nonce or sealed is another. */
enum status	casekey_unseal(const struct case_key *k, struct bytes ad,
		    struct bytes nonce, struct bytes sealed, uint8_t *out)
		    MUST_CHECK;

#endif
