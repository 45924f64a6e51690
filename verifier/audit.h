/*
 * Audit: an office's exported log of issuance against what it published, and
 * cards against the log. In three files: audit.c reads what is given and leads,
 * audit_log.c goes through the log once, audit_report.c tells.
 * docs/format.md §11.
 */
#ifndef CEDULA_VERIFIER_AUDIT_H
#define CEDULA_VERIFIER_AUDIT_H

#include "common/host/anchor.h"
#include "common/host/findings.h"
#include "common/logentry.h"
#include "common/logproof.h"
#include "common/logwalk.h"

enum {
	AUDIT_BUNDLES = 64, AUDIT_HEADS = 1024, AUDIT_LISTS = 64,
	AUDIT_PROOFS = 64
};

/* Each with a trust of its own: an older one is judged by its own time. */
struct audit_bundle {
	const char *path;
	uint8_t *raw;
	struct trust_host host;
};

/* A published status list beside the log replayed to its moment. */
struct audit_status {
	const char *from;
	const struct trust_status *status;
	uint8_t *cell;		/* common/replay.h, one a place */
	uint64_t places, wrong, changed;
};

/* The office's own list as the log tells it: 0 for a place never used, else
 * the card's digits + 1, and its status in the two low bits. */
struct audit_place {
	uint32_t *card;		/* LOG_INDEX_MAX of them, heap */
	int64_t first;		/* the moment of its first entry */
};

struct audit_card {
	const char *path;
	uint8_t hash[32];
	char number[LOG_NUMBER];
	struct status_uri list;
	uint64_t index;
	int64_t exp;
	int64_t entry;		/* of the log given; -1: in none */
	bool same;		/* and that entry says the same of it */
	int64_t proved;		/* the entry that a proof has it as; -1 */
	enum card_status status;	/* by the log's last word */
};

struct audit {
	const char *anchors[TRUST_STATES_MAX], *bundles[AUDIT_BUNDLES];
	const char *heads[AUDIT_HEADS], *proofs[AUDIT_PROOFS];
	size_t anchors_n, bundles_n, heads_n, proofs_n;
	const char *log_path;
	bool json;
	struct audit_bundle bundle[AUDIT_BUNDLES];
	struct log_mark mark[AUDIT_HEADS];
	struct log_walk walk;
	uint8_t *log;
	size_t log_len;
	char state[4], office[4];	/* whose log it is */
	uint64_t covered;		/* entries under a head that agrees */
	struct audit_status *status;	/* heap */
	size_t statuses_n;
	struct audit_place place[AUDIT_LISTS + 1];	/* by list number */
	uint8_t numbers[1000000 / 8];	/* cards that were issued */
	struct audit_card *card;	/* heap; by hash while the log is read */
	size_t cards_n;
	size_t forged, doubts;
	struct findings found;
	struct diag *d;
};

/* Notes a sentence (already translated): what is forged or rewritten ends the
 * program with 2, a doubt with 65. */
#define audit_forged(a, ...) \
	do { (a)->forged++; findings_add(&(a)->found, __VA_ARGS__); } while (0)
#define audit_doubt(a, ...) \
	do { (a)->doubts++; findings_add(&(a)->found, __VA_ARGS__); } while (0)

/* Does the entry say of the card what the card says of itself? */
bool		audit_is_same(const struct audit_card *c,
		    const struct log_entry *e);
/* Goes through the log: heads, status lists and cards. Marks, statuses and
 * cards are filled; so are state and office. */
enum status	audit_log(struct audit *a) MUST_CHECK;
void		audit_report(struct audit *a);

#endif
