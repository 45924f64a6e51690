/*
 * Fixture: a state with a root, an office with its two signers, and a good
 * card, made anew for every test program in a folder of its own. Keys are
 * made at run time; nothing here could be mistaken for a real one.
 */
#ifndef CEDULA_TESTS_UNIT_FIXTURE_H
#define CEDULA_TESTS_UNIT_FIXTURE_H

#include "common/claims.h"
#include "common/trust.h"
#include "common/verdict.h"
#include "keys/signer.h"

#define FX_NOW INT64_C(1795000000)	/* 2026-11-18 */
#define FX_DAY INT64_C(86400)
#define FX_INDEX 777
#define FX_URI "urn:cedula:NIC:SJO:1"

struct fixture {
	char dir[64];
	struct signer *root, *document, *status, *stranger, *other_status;
	struct trust_list list;			/* to change and sign again */
	struct claims claims;			/* of the good card */
	uint8_t statuses[4096];			/* raw list, all valid */
	int64_t status_iat, status_exp;
	const char *status_uri;
	uint8_t bundle[1 << 16];
	size_t bundle_len;
	uint8_t cose[4096];
	size_t cose_len;
	struct trust trust;
	uint8_t arena[1 << 20];
	uint8_t work[8192];
	struct claims read;			/* of the last judgement */
};

struct fixture	*fx_new(void);
void		fx_free(struct fixture *f);
/* Signs list and statuses as they now stand into bundle; loads the trust. */
enum status	fx_publish(struct fixture *f);
/* Only loads what is in bundle. */
enum status	fx_load(struct fixture *f);
/* Signs claims as they now stand into cose, with the given signer. */
void		fx_sign(struct fixture *f, struct signer *by);
/* Parts, signed by whomever and appended to out: the list as it stands, the
 * statuses, and what else travels in a bundle. */
void		fx_put_list(struct fixture *f, struct signer *by,
		    struct buf *out);
void		fx_put_status(struct fixture *f, struct signer *by,
		    struct buf *out);
void		fx_put_short(struct fixture *f, struct signer *by, int64_t iat,
		    int64_t exp, struct buf *out);
void		fx_put_head(struct signer *by, const char *office, int64_t iat,
		    uint64_t size, uint8_t root, struct buf *out);
void		fx_put_succession(const char *state, struct signer *by,
		    const struct cose_key *next, int64_t iat, struct buf *out);
enum verdict_code fx_judge(struct fixture *f, int64_t now,
		    enum verdict_detail *detail);
/* An exact-size heap copy, so that reading one byte too far is seen. */
uint8_t		*fx_exact(struct bytes b);

#endif
