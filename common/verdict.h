/*
 * Verdict: the one answer to "is this card good?". A ladder of pure steps;
 * only its last rung can say valid.
 */
#ifndef CEDULA_COMMON_VERDICT_H
#define CEDULA_COMMON_VERDICT_H

#include "common/bytes.h"
#include "common/claims.h"
#include "common/status.h"
#include "common/trust.h"

enum colour { GREEN, AMBER, RED, COLOURLESS };

/* A clock this much behind the newest signed data is not yet suspect: an
 * office publishes and a counter checks within the same minutes. */
#define CLOCK_SKEW 300		/* seconds */
/* A clock this much past the newest signed data may be ahead: an expired card
 * is red all the same, and the date is named beside it. */
#define CLOCK_FAR 31622400	/* seconds: 366 days */

/* Name, stable token, exit status, colour, sentence (docs and man pages are
 * checked against this table). Red unless a row says otherwise. */
#define VERDICT_TABLE(X) \
	X(UNREADABLE,	"unreadable",	3, COLOURLESS, N_("No credential was found in the picture or text.")) \
	X(VALID,	"valid",	0, GREEN, N_("The card is genuine and in force.")) \
	X(VALID_STALE,	"valid-stale",	1, AMBER, N_("Genuine and in date, but the data on revocation are not fresh enough to be sure.")) \
	X(CLOCK_SUSPECT, "clock-suspect", 1, AMBER, N_("This machine's clock is earlier than the newest signed data it holds: set the clock and check again.")) \
	X(EXPIRED,	"expired",	2, RED, N_("The card has expired.")) \
	X(NOT_YET_VALID, "not-yet-valid", 2, RED, N_("The card is not valid yet.")) \
	X(REVOKED,	"revoked",	2, RED, N_("The consulate has revoked this card.")) \
	X(SUSPENDED,	"suspended",	2, RED, N_("The consulate has suspended this card.")) \
	X(FORGED,	"forged",	2, RED, N_("The signature does not match: the card is forged or altered.")) \
	X(UNKNOWN_ISSUER, "unknown-issuer", 2, RED, N_("The card was not signed by an office this verifier trusts.")) \
	X(KEY_EXPIRED,	"key-expired",	2, RED, N_("The key that signed the card is past its time.")) \
	X(KEY_REVOKED,	"key-revoked",	2, RED, N_("The key that signed the card has been revoked.")) \
	X(WRONG_SCOPE,	"wrong-scope",	2, RED, N_("The card was signed by a key that may not sign cards like this.")) \
	X(MALFORMED,	"malformed",	2, RED, N_("The code is damaged or is not a consular card."))

enum verdict_code {
#define X(name, token, exit, colour, text) VERDICT_##name,
	VERDICT_TABLE(X)
#undef X
};

/* Finer than the verdict, for the sentence that follows it. */
#define DETAIL_TABLE(X) \
	X(NONE,		"",		"") \
	X(LIST_OLD,	"status-list-old", N_("The office's status list is past its deadline: get a new bundle.")) \
	X(LIST_MISSING,	"status-list-missing", N_("The bundle holds no status list for this office: get a new bundle.")) \
	X(LIST_BEFORE_CARD, "status-list-before-card", N_("The card is newer than the office's status list: get a new bundle.")) \
	X(SHORT_ALONE,	"short-list-alone", N_("Only the short list of revocations is held, and it does not say which cards were issued: get a bundle.")) \
	X(SIGNER_REVOKED, "status-signer-revoked", N_("The key that signed the office's status list has been revoked since: get a new bundle.")) \
	X(TRUST_OLD,	"trust-list-old", N_("The trust list is past its deadline: get a new bundle.")) \
	X(NEVER_ISSUED,	"never-issued",	N_("The register holds no card with this number in the list.")) \
	X(OUT_OF_RANGE,	"index-out-of-range", N_("The card points outside the office's status list.")) \
	X(CLOCK_AHEAD,	"clock-far-ahead", N_("This machine's date is over a year past the newest data it holds: look at the date, and get a new bundle."))

enum verdict_detail {
#define X(name, token, text) DETAIL_##name,
	DETAIL_TABLE(X)
#undef X
};

struct verdict {
	enum verdict_code code;
	enum verdict_detail detail;
	const struct trust_key *signer;	/* NULL unless green or amber */
	const char *state;		/* alpha-3, likewise */
};

const char	*verdict_token(enum verdict_code c);
const char	*verdict_text(enum verdict_code c);	/* untranslated */
int		 verdict_exit(enum verdict_code c);
enum colour	 verdict_colour(enum verdict_code c);
const char	*colour_token(enum colour c);
const char	*detail_token(enum verdict_detail d);
const char	*detail_text(enum verdict_detail d);

/* Judges the COSE bytes of one token at instant now. claims is filled for
 * green and amber, wiped for red: what did not verify is not shown. */
struct verdict	verdict_judge(const struct trust *t, struct bytes cose,
		    int64_t now, struct claims *claims);
/* The same from QR text; work as token_read; claims borrow from it. */
struct verdict	verdict_judge_text(const struct trust *t, struct bytes text,
		    int64_t now, struct buf *work, struct claims *claims);
/* The more cautious of two: red over amber over green; unreadable last. */
bool		verdict_is_worse(enum verdict_code a, enum verdict_code b);

#endif
