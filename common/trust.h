/*
 * Trust: which keys may sign what. Root keys (anchors) are pinned by the
 * verifier; each signs its state's trust list; the list names the offices'
 * document signers and status signers; those sign cards and status lists.
 * A bundle is a CBOR sequence of trust lists and status lists in any order.
 * docs/format.md §4-§6 is the description.
 */
#ifndef CEDULA_COMMON_TRUST_H
#define CEDULA_COMMON_TRUST_H

#include "common/bytes.h"
#include "common/cose_key.h"
#include "common/crypto.h"
#include "common/status.h"
#include "common/statuslist.h"

#define TRUST_TYP "application/cedula-trust+cwt"
#define TRUST_STATES_MAX 16
#define TRUST_KEYS_MAX 256	/* of one trust list */
#define TRUST_LISTS_MAX 256	/* status lists of one store */
#define TRUST_NAME_MAX 128	/* bytes of an office's name */
#define TRUST_BUNDLE_MAX (16u << 20)
#define TRUST_NEVER INT64_MAX

enum key_role { ROLE_DOCUMENT = 1, ROLE_STATUS = 2 };

enum { CWT_TRUST_SEQUENCE = -70170, CWT_TRUST_KEYS = -70171 };
/* Entries of one key in the list. */
enum {
	TK_KEY = 1, TK_ROLE = 2, TK_OFFICE = 3, TK_OFFICE_NAME = 4,
	TK_FROM = 5, TK_SIGN_UNTIL = 6, TK_UNTIL = 7, TK_REVOKED_FROM = 8
};

struct trust_key {
	struct cose_key pub;
	uint8_t kid[KID_LEN];
	enum key_role role;
	struct bytes office;		/* "SJO", 3 of A-Z 0-9 */
	struct bytes office_name;
	int64_t from;			/* signs nothing before */
	int64_t sign_until;		/* signs nothing after */
	int64_t until;			/* what it signed is accepted until */
	int64_t revoked_from;		/* nothing signed at or after; TRUST_NEVER */
	struct crypto_key *parsed;	/* NULL until trust_list_load_keys */
};

struct trust_list {
	char state[4];
	uint64_t sequence;
	int64_t iat, exp;
	struct bytes payload;		/* what was parsed */
	size_t keys_n;
	struct trust_key key[TRUST_KEYS_MAX];
};

/* Reads a trust list's payload; borrows from it. */
enum status	trust_list_parse(struct bytes payload, struct trust_list *out)
		    MUST_CHECK;
/* Writes it; ST_DATA for a list that trust_list_parse would refuse. */
enum status	trust_list_encode(const struct trust_list *list,
		    struct buf *out) MUST_CHECK;

struct trust_anchor {
	char state[4];
	struct crypto_key *key;		/* owned by the store */
	uint8_t kid[KID_LEN];
};

struct trust_status {
	size_t state;			/* index in store->list */
	struct status_uri office;
	struct statuslist list;
};

/* What one verifier believes. Large: keep it off the stack, zeroed at first.
 * Bundles are borrowed until trust_free. */
struct trust {
	size_t anchors_n, lists_n, statuses_n;
	struct trust_anchor anchor[TRUST_STATES_MAX];
	struct trust_list list[TRUST_STATES_MAX];
	struct trust_status status[TRUST_LISTS_MAX];
	struct buf arena;		/* inflated lists; caller's memory */
	int64_t floor;			/* the newest signed moment held: the
					 * clock cannot be earlier */
};

void		trust_init(struct trust *t, uint8_t *arena, size_t cap);
void		trust_free(struct trust *t);
/* state: alpha-3 of the state whose root this is. */
enum status	trust_add_anchor(struct trust *t, const char *state,
		    const struct cose_key *root) MUST_CHECK;
/* Every part of the bundle must be signed by whom it should, or nothing of it
 * is used: ST_MALFORMED, ST_TOO_BIG, ST_UNKNOWN_KEY (no anchor for the state,
 * or a key of no list), ST_STATE (a key that may
 * not sign this: role, office, time, revoked), ST_SIGNATURE, ST_ROLLBACK (an older
 * sequence than one already held). *where, when not NULL, gets the part's
 * number from 1. The caller drops the store after a failure. */
enum status	trust_add_bundle(struct trust *t, struct bytes bundle,
		    size_t *where) MUST_CHECK;
/* The status list for a card's reference, or NULL. */
const struct trust_status *trust_find_status(const struct trust *t,
		    size_t state, struct bytes uri);

#endif
