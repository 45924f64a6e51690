/*
 * Log entry: one act of an office as its log of issuance holds it: a card was
 * issued, revoked, suspended, reinstated. No name, no reason, no officer: a log
 * is handed to auditors. docs/format.md §11.
 */
#ifndef CEDULA_COMMON_LOGENTRY_H
#define CEDULA_COMMON_LOGENTRY_H

#include "common/bytes.h"
#include "common/status.h"
#include "common/statuslist.h"

#define LOG_VERSION 1
#define LOG_NUMBER 10		/* "SJO000012" and its NUL */
#define LOG_ENTRY_MAX 128	/* bytes of one entry */
#define LOG_FILE_MAX (256u << 20)	/* of an exported log */
#define LOG_INDEX_MAX (STATUSLIST_BYTES_MAX * 4u)	/* indexes are below */

enum log_kind {
	LOG_ISSUE = 1, LOG_REVOKE = 2, LOG_SUSPEND = 3, LOG_REINSTATE = 4
};

struct log_entry {
	enum log_kind kind;
	int64_t at;
	char number[LOG_NUMBER];	/* the card's */
	struct status_uri list;		/* its place: list and index */
	uint64_t index;
	int64_t exp;			/* LOG_ISSUE: the card's */
	uint8_t card[32];		/* LOG_ISSUE: SHA-256 of its COSE_Sign1 */
};

/* Exactly one entry, strict. ST_MALFORMED leaves out zeroed. */
enum status	log_entry_parse(struct bytes in, struct log_entry *out)
		    MUST_CHECK;
/* Splits the first entry off an exported log; *raw is its bytes, what the tree
 * hashes. */
enum status	log_entry_next(struct bytes *rest, struct bytes *raw,
		    struct log_entry *out) MUST_CHECK;
/* ST_DATA for an entry that log_entry_parse would refuse, ST_TOO_BIG when out
 * is full. */
enum status	log_entry_encode(const struct log_entry *e, struct buf *out)
		    MUST_CHECK;
/* "issue", "revoke", "suspend", "reinstate"; false for any other word. */
const char	*log_kind_token(enum log_kind kind);
bool		log_kind_parse(const char *token, enum log_kind *out);
/* What the card is after it. */
enum card_status log_kind_status(enum log_kind kind);

#endif
