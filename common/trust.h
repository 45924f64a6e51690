/*
 * Trust: which keys may sign what. Root keys (anchors) are pinned by the
 * verifier; each signs its state's trust list, and may name the root that
 * follows it; the list names the offices' document signers and status signers;
 * those sign cards and what is said of them: status lists, short lists, log
 * heads. A bundle is a CBOR sequence of such parts in any order.
 * docs/format.md §4-§6 and §10-§11 are the description.
 */
#ifndef CEDULA_COMMON_TRUST_H
#define CEDULA_COMMON_TRUST_H

#include "common/bytes.h"
#include "common/cose.h"
#include "common/cose_key.h"
#include "common/crypto.h"
#include "common/loghead.h"
#include "common/shortlist.h"
#include "common/status.h"
#include "common/statuslist.h"

#define TRUST_TYP "application/cedula-trust+cwt"
#define ROOT_TYP "application/cedula-root+cwt"
#define ROOT_SUB "root-succession"
#define TRUST_STATES_MAX 16
#define TRUST_ROOTS_MAX 64	/* anchors and their successors, all states */
#define TRUST_KEYS_MAX 256	/* of one trust list */
#define TRUST_LISTS_MAX 256	/* status lists of one store; short lists; heads */
#define TRUST_NAME_MAX 128	/* bytes of an office's name */
#define TRUST_BUNDLE_MAX (16u << 20)
#define TRUST_NEVER INT64_MAX

enum key_role { ROLE_DOCUMENT = 1, ROLE_STATUS = 2 };

enum {
	CWT_TRUST_SEQUENCE = -70170, CWT_TRUST_KEYS = -70171,
	CWT_NEXT_ROOT = -70172
};
/* Entries of one key in the list. */
enum {
	TK_KEY = 1, TK_ROLE = 2, TK_OFFICE = 3, TK_OFFICE_NAME = 4,
	TK_FROM = 5, TK_SIGN_UNTIL = 6, TK_UNTIL = 7, TK_REVOKED_FROM = 8
};

/* ---- payloads (trust_list.c) ---- */

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
	struct crypto_key *parsed;	/* NULL until in a store */
};

struct trust_list {
	char state[4];
	uint64_t sequence;
	int64_t iat, exp;
	struct bytes payload;		/* what was parsed */
	size_t keys_n;
	struct trust_key key[TRUST_KEYS_MAX];
	/* In a store: as it came, and how many successions its root is from
	 * an anchor. */
	struct bytes raw;
	unsigned generation;
};

/* Reads a trust list's payload; borrows from it. */
enum status	trust_list_parse(struct bytes payload, struct trust_list *out)
		    MUST_CHECK;
/* Writes it; ST_DATA for a list that trust_list_parse would refuse. */
enum status	trust_list_encode(const struct trust_list *list,
		    struct buf *out) MUST_CHECK;

/* A root's word on which root follows it (docs/format.md §4). */
struct root_succession {
	char state[4];
	int64_t iat;
	struct cose_key next;
};

enum status	root_succession_parse(struct bytes payload,
		    struct root_succession *out) MUST_CHECK;
/* ST_DATA for one that root_succession_parse would refuse. */
enum status	root_succession_encode(const struct root_succession *s,
		    struct buf *out) MUST_CHECK;

/* ---- parts of a bundle (trust_parts.c) ---- */

enum trust_kind {
	PART_ROOT, PART_LIST, PART_STATUS, PART_SHORT, PART_HEAD, PART_KINDS
};

struct trust_part {
	enum trust_kind kind;
	struct bytes raw;		/* the whole item */
	struct cose_sign1 sign1;
};

/* Takes the next part off a bundle: strict CBOR in its one form, of a typ we
 * know. ST_MALFORMED otherwise. Nothing is verified yet. */
enum status	trust_part_next(struct bytes *rest, struct trust_part *out)
		    MUST_CHECK;

/* ---- the store (trust.c) ---- */

struct trust_root {
	char state[4];
	struct cose_key pub;
	struct crypto_key *key;		/* owned by the store */
	uint8_t kid[KID_LEN];
	unsigned generation;		/* 0: an anchor */
	size_t from;			/* the root that named it; itself if 0 */
	bool names;			/* it has named a successor: */
	struct cose_key next;
	struct bytes raw;		/* its succession; empty of an anchor */
	int64_t iat;
};

/* Who signed something: the state's index in store->list, and the key there. */
struct trust_signer {
	size_t state;
	const struct trust_key *key;
};

struct trust_status {
	size_t state;			/* index in store->list */
	const struct trust_key *signer;
	struct status_uri office;
	struct statuslist list;
	struct bytes raw;
};

struct trust_short {
	size_t state;
	const struct trust_key *signer;
	struct status_uri office;
	struct shortlist list;
	struct bytes raw;
};

struct trust_head {
	size_t state;
	const struct trust_key *signer;
	struct log_head head;
	struct bytes raw;
};

/* What one verifier believes. Large: keep it off the stack, zeroed at first.
 * Bundles are borrowed until trust_free. */
struct trust {
	size_t roots_n, lists_n, statuses_n, shorts_n, heads_n;
	struct trust_root root[TRUST_ROOTS_MAX];
	struct trust_list list[TRUST_STATES_MAX];
	struct trust_status status[TRUST_LISTS_MAX];
	struct trust_short brief[TRUST_LISTS_MAX];
	struct trust_head head[TRUST_LISTS_MAX];
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
 * is used: ST_MALFORMED, ST_TOO_BIG, ST_UNKNOWN_KEY (no root for the state,
 * or a key of no list), ST_STATE (a key that may not sign this: role, office,
 * time, revoked; or a root that names two successors), ST_SIGNATURE,
 * ST_ROLLBACK (a second part of the same state or URI). *where, when not NULL,
 * gets the part's number from 1. The caller drops the store after a failure. */
enum status	trust_add_bundle(struct trust *t, struct bytes bundle,
		    size_t *where) MUST_CHECK;
/* One part; the same errors. What vouches for it must be there already. */
enum status	trust_add_part(struct trust *t, const struct trust_part *p)
		    MUST_CHECK;
/* May the key that signed s speak for this office's cards at iat, and does the
 * signature hold: a status signer of that very office, within its time, not
 * revoked from that moment. ST_UNKNOWN_KEY, ST_STATE, ST_SIGNATURE otherwise. */
enum status	trust_verify_status(const struct trust *t, const char *state,
		    const char *office, const struct cose_sign1 *s, int64_t iat,
		    struct trust_signer *by) MUST_CHECK;
/* The status list for a card's reference, or NULL. */
const struct trust_status *trust_find_status(const struct trust *t,
		    size_t state, struct bytes uri);
/* The short list for it, if it is newer than the status list held; or NULL. */
const struct trust_short *trust_find_short(const struct trust *t,
		    size_t state, struct bytes uri);
/* The index of a state's trust list in the store; lists_n if there is none. */
size_t		trust_find_state(const struct trust *t, const char *state);
/* The trust list that counts is the one whose root is further from the anchor
 * and, of one root, the one with the higher sequence: <0 when a is older, 0
 * when neither, >0 when newer. Both of one state. */
int		trust_list_order(const struct trust_list *a,
		    const struct trust_list *b);

#endif
