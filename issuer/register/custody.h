/*
 * Custody: who has a card, from the moment it is signed.
 *
 *   issued -> printed -> handed-over -> destroyed (given back)
 *   printed -> issued: the print was spoiled; the same credential is printed
 *   again, under the same number
 *   issued, printed -> destroyed: never handed over
 *
 * Only a valid card of somebody alive is printed or handed over, before it
 * expires. What is destroyed is revoked. When a card is handed over that
 * replaces others, those of them still in force are revoked by the same act.
 * The tables refuse by themselves whatever is against this.
 *
 * As in register.h: the caller's transaction, r's officer and instant, copies;
 * a failure leaves a sentence in diag and the caller rolls back.
 */
#ifndef CEDULA_ISSUER_REGISTER_CUSTODY_H
#define CEDULA_ISSUER_REGISTER_CUSTODY_H

#include "issuer/register/register.h"

#define CUSTODY_NAME 16

/* Whether the card may be printed now; again: though it is printed and not yet
 * handed over, where no stock of blanks is kept. Changes nothing. */
enum status	reg_card_may_print(struct reg *r, const char *number,
		    bool again, struct diag *d) MUST_CHECK;
/* It is printed: its "print" event, and its custody. */
enum status	reg_card_printed(struct reg *r, const char *number,
		    struct diag *d) MUST_CHECK;
/* It is printed once more; why is kept with the event "reprint". */
enum status	reg_card_reprinted(struct reg *r, const char *number,
		    const char *reason, struct diag *d) MUST_CHECK;
/* The print was spoiled before it was handed over: issued again, with the
 * event "spoil". */
enum status	reg_card_unprinted(struct reg *r, const char *number,
		    const char *reason, struct diag *d) MUST_CHECK;

struct handover {
	const char *to;		/* the holder; of a minor, parent or guardian */
	const char *document;	/* a proxy's power, a parent's proof; or NULL */
	const char *signature;	/* what was signed, and where it is kept */
	bool proxy;
};

/* To somebody whose name is not the holder's it goes by proxy alone; of a minor,
 * to the registered guardian, or a parent who shows a document, and never by
 * proxy. ST_DATA says which is missing. */
enum status	reg_card_handover(struct reg *r, const char *number,
		    const struct handover *h, struct diag *d) MUST_CHECK;
/* Revoked with it, unless it is already. */
enum status	reg_card_destroy(struct reg *r, const char *number,
		    const char *reason, struct diag *d) MUST_CHECK;

/* ---- reading (custody_list.c) ---- */

/* A card's life so far; "" and 0 where something has not happened. */
struct card_life {
	char custody[CUSTODY_NAME];
	int64_t prints;			/* how often it was printed */
	char cause[12], replaces[REG_NUMBER];
	char replaced_by[REG_NUMBER];	/* the newest that does */
	struct {
		int64_t at;
		char officer[REG_NAME], to[REG_TEXT], role[12];
		char document[REG_TEXT], signature[REG_TEXT];
	} handover;
	struct {
		int64_t at;
		char officer[REG_NAME], kind[12], date[DATE_TEXT];
		char place[REG_TEXT], police_report[REG_TEXT];
	} loss;
};

enum status	reg_card_life(struct reg *r, int64_t card,
		    struct card_life *out, struct diag *d) MUST_CHECK;

/* NULL, 0 and false ask for nothing. */
struct card_filter {
	const char *status, *custody;
	int64_t person;
	int64_t expires_before;		/* of those in force now */
	struct bytes kid;
	int64_t printed_by;		/* printed since then or longer, not
					 * handed over, and can still be */
	bool to_destroy;		/* with printed_by: those that cannot
					 * be any more: revoked, expired, or of
					 * somebody dead; not suspended ones */
};

struct card_row {
	char number[REG_NUMBER], status[12], custody[CUSTODY_NAME];
	char state[12];			/* the person's */
	bool family;
	int64_t person, issued, expires;
	int64_t printed;		/* last; 0: never */
	char name[REG_FOLDED], telephone[REG_TEXT], reason[REG_TEXT];
};

/* In the order of issue; with printed_by, the longest waiting first. */
enum status	reg_card_list(struct reg *r, const struct card_filter *f,
		    enum status (*each)(void *arg, const struct card_row *c),
		    void *arg, struct diag *d) MUST_CHECK;
/* How many are in the office that nobody can be given any more. */
enum status	reg_cards_to_destroy(struct reg *r, int64_t *n,
		    struct diag *d) MUST_CHECK;
/* Whether there is such a custody. */
bool		custody_known(const char *custody);

#endif
