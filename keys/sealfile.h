/*
 * Seal file: a stream sealed with a passphrase, read from its beginning or
 * from anywhere, and never believed before its chunk was authenticated.
 *
 *	header (80 bytes)
 *	  0  "CEDULASB"                    magic
 *	  8  u8 1                          version
 *	  9  u8 log2 N, u8 r, u8 p         of scrypt (RFC 7914)
 *	 12  u32 chunk                     plain bytes of every chunk but the last
 *	 16  salt[32]                      of scrypt
 *	 48  nonce prefix[7], 9 zero bytes
 *	 64  check[16]                     tells a wrong passphrase from damage
 *	chunk 0, 1, ... : AES-256-GCM of `chunk` plain bytes, the last of 1 to
 *	`chunk`, each followed by its tag of 16
 *
 * Numbers are big-endian. scrypt gives 48 bytes: the key and the check. The
 * nonce is prefix ‖ u32 number of the chunk ‖ u8 1 for the last, 0 for others
 * (STREAM, Hoang, Reyhanitabar, Rogaway, Vizár 2015), the whole header the
 * associated data of each: so a chunk that was changed, moved, doubled, left
 * out or of another file does not open, nor what ends too early or late.
 */
#ifndef CEDULA_KEYS_SEALFILE_H
#define CEDULA_KEYS_SEALFILE_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define SEALFILE_HEADER 80
#define SEALFILE_CHUNK 65536u
#define SEALFILE_TAG 16u
#define SEALFILE_WORK 17		/* log2 N: 128 MiB, a third of a second */
#define SEALFILE_WORK_MIN 14	/* for tests */

/* ---- making one ---- */

struct seal_writer;

/* out takes the file's bytes in their order; its failure ends the making and
 * is what the calls here return. Freed with seal_free, which erases the key. */
enum status	seal_begin(const char *passphrase, unsigned work,
		    enum status (*out)(void *arg, struct bytes part),
		    void *arg, struct seal_writer **w, struct diag *d)
		    MUST_CHECK;
enum status	seal_add(struct seal_writer *w, struct bytes plain) MUST_CHECK;
/* The last chunk. ST_DATA when nothing was added. */
enum status	seal_end(struct seal_writer *w) MUST_CHECK;
void		seal_free(struct seal_writer *w);

/* ---- reading one ---- */

struct seal_reader;

/* Of a plain file, open for reading; fd stays the caller's. name is for
 * messages. ST_MALFORMED: no such file; ST_PASSPHRASE; ST_DATA: cut off. */
enum status	unseal_open(int fd, const char *name, const char *passphrase,
		    struct seal_reader **out, struct diag *d) MUST_CHECK;
/* Plain bytes in all, as the file's length says. */
uint64_t	unseal_size(const struct seal_reader *r);
/* The plain bytes at `at`; all are within the size. ST_DATA, told in d, for a
 * chunk that is not what was sealed. */
enum status	unseal_at(struct seal_reader *r, uint64_t at, uint8_t *out,
		    size_t len, struct diag *d) MUST_CHECK;
/* NULL is fine. */
void		unseal_close(struct seal_reader *r);

#endif
