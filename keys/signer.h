/*
 * Signer: a private key in use, of a file or of a token. The one file that
 * signs (keys/signer.c; keys/pkcs11.c for keys in tokens); what is signed
 * becomes a COSE_Sign1.
 */
#ifndef CEDULA_KEYS_SIGNER_H
#define CEDULA_KEYS_SIGNER_H

#include "common/bytes.h"
#include "common/cose_key.h"
#include "common/host/diag.h"
#include "common/status.h"
#include "keys/custody.h"

struct signer;

/* Opens the key that c names, wherever it is kept (keys/custody.h), and asks on
 * the terminal for what c does not give. Close with signer_close, which
 * erases, and logs out of a token. */
enum status	signer_open(const struct custody *c, struct signer **out,
		    struct diag *d) MUST_CHECK;
void		signer_close(struct signer *s);
const struct cose_key *signer_public(const struct signer *s);
struct bytes	signer_kid(const struct signer *s);	/* KID_LEN bytes */
/* 18([{1: alg, 4: kid [, 16: typ]}, {}, payload, signature]) appended to out;
 * typ NULL for cards. */
enum status	signer_sign1(struct signer *s, const char *typ,
		    struct bytes payload, struct buf *out, struct diag *d)
		    MUST_CHECK;

#endif
