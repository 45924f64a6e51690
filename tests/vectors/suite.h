/*
 * Suite: one published set of test vectors, run and counted. The vectors are
 * data that nobody on this project wrote; they are read where they lie.
 *
 * They are JSON, read with jansson, whose json_object, json_array, json_string
 * and json_null are also names of our writer (common/json.h): neither those
 * four nor our writer are used here.
 */
#ifndef CEDULA_TESTS_VECTORS_SUITE_H
#define CEDULA_TESTS_VECTORS_SUITE_H

#include <jansson.h>

#include "common/bytes.h"
#include "common/crypto.h"

struct suite {
	const char *root;	/* the vectors' folder */
	const char *folder;	/* this suite's, below root; or one file */
	const char *bin;	/* where the programs under test lie */
	size_t cases, failed;
	char note[256];		/* what was found, for the suite's line */
};

/* Every suite has this form: counts its cases, tells each failure. */
typedef void	suite_run(struct suite *s);
suite_run	suite_cbor, suite_cose, suite_cwt, suite_wycheproof_p256,
		suite_wycheproof_ed25519, suite_claim169_valid,
		suite_claim169_invalid, suite_claim169_edge,
		suite_statuslist, suite_dgc;

/* "# folder/file: case: text", and the suite has failed. */
void		suite_fail(struct suite *s, const char *file,
		    const char *test, const char *fmt, ...)
		    __attribute__((format(printf, 4, 5)));
void		suite_note(struct suite *s, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

/* Calls each with every file of the folder that ends in suffix, in the order
 * of their names. */
void		suite_files(struct suite *s, const char *suffix,
		    void (*each)(struct suite *s, const char *file, void *arg),
		    void *arg);
/* A whole file of the folder with a NUL behind it, or NULL (and the suite has
 * failed); the caller frees. file NULL: the folder itself is the file. */
char		*suite_text(struct suite *s, const char *file);
json_t		*suite_json(struct suite *s, const char *file);

/* Heap blocks of exactly the size of their content, so that a sanitizer sees
 * one byte too far; the caller frees p. */
struct block {
	uint8_t *p;
	size_t len;
};
bool		block_hex(const char *hex, struct block *out);
/* Both alphabets, padding or none. */
bool		block_base64(const char *text, struct block *out);
struct bytes	block_bytes(const struct block *b);
void		block_free(struct block *b);

/* Text at a path of keys ("input", "sign0", "alg", NULL), or NULL. */
const char	*json_text_at(json_t *j, ...) __attribute__((sentinel));

/* The public key of a JWK if it is of a kind we verify with, else NULL. */
struct crypto_key *jwk_load(json_t *jwk);

#endif
