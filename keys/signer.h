/*
 * Signer: a private key in use. The one file that signs (keys/signer.c); what
 * is signed becomes a COSE_Sign1.
 */
#ifndef CEDULA_KEYS_SIGNER_H
#define CEDULA_KEYS_SIGNER_H

#include "common/bytes.h"
#include "common/cose_key.h"
#include "common/host/diag.h"
#include "common/status.h"

struct signer;

/* Opens a PKCS#8 key file. The passphrase is the first line of the file
 * passphrase_file, or asked for on the terminal when that is NULL.
 * Close with signer_close, which erases. */
enum status	signer_open(const char *path, const char *passphrase_file,
		    struct signer **out, struct diag *d) MUST_CHECK;
void		signer_close(struct signer *s);
const struct cose_key *signer_public(const struct signer *s);
struct bytes	signer_kid(const struct signer *s);	/* KID_LEN bytes */
/* 18([{1: alg, 4: kid [, 16: typ]}, {}, payload, signature]) appended to out;
 * typ NULL for cards. */
enum status	signer_sign1(struct signer *s, const char *typ,
		    struct bytes payload, struct buf *out, struct diag *d)
		    MUST_CHECK;

#endif
