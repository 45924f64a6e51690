/*
 * Stock: the office's blank cards, one by one by their serial, from the parcel
 * that they came in to the card that was printed on them, or to what became of
 * them otherwise. The tables refuse by themselves a blank that is used again,
 * two blanks printed for one card, and a step that no blank takes; each step
 * has its line in blank_event.
 *
 * stock -> printed | spoiled | missing | destroyed; missing -> stock;
 * printed -> spoiled; spoiled -> destroyed.
 *
 * As in register.h: the caller's transaction, r's officer and instant, copies.
 */
#ifndef CEDULA_ISSUER_REGISTER_STOCK_H
#define CEDULA_ISSUER_REGISTER_STOCK_H

#include "issuer/register/register.h"
#include "issuer/register/serial.h"

#define SUPPLIER_MAX 120	/* characters */
#define COUNTED_BY_MAX 120

enum blank_state {
	BLANK_STOCK, BLANK_PRINTED, BLANK_SPOILED, BLANK_MISSING,
	BLANK_DESTROYED, BLANK_STATES
};

const char	*blank_state_token(enum blank_state s);

/* A parcel of new blanks: ST_EXISTS names the first that was received before.
 * *parcel gets its id. */
enum status	reg_stock_receive(struct reg *r,
		    const struct serial_range *range, const char *supplier,
		    int64_t *parcel, struct diag *d) MUST_CHECK;
/* Whether the office has received any: then no card is printed without one. */
enum status	reg_stock_any(struct reg *r, bool *any, struct diag *d)
		    MUST_CHECK;

/* Whether reg_blank_print would take it; changes nothing. */
enum status	reg_blank_may_print(struct reg *r, const char *serial,
		    const struct card *c, struct diag *d) MUST_CHECK;
/* The blank is printed with the card. Goes before the card's "print" event.
 * serial NULL is right where no blank was ever received. ST_NOT_FOUND for an
 * unknown one; ST_STATE for one that is not in stock, or while the card is on
 * another that is not spoiled. */
enum status	reg_blank_print(struct reg *r, const char *serial,
		    const struct card *c, struct diag *d) MUST_CHECK;
/* Whether a batch can be printed from this blank on: in stock, or printed in this
 * batch by an earlier run; else the refusal names the next. */
enum status	reg_blank_may_begin(struct reg *r, const char *serial,
		    int64_t batch, struct diag *d) MUST_CHECK;
/* All that printing leaves in the register: the blank (of a batch, or 0), the
 * card's event and custody (again: as in custody.h, or NULL), and its place in
 * the batch. */
enum status	reg_print_record(struct reg *r, const char *serial,
		    const char *again, int64_t batch, const struct card *c, struct diag *d)
		    MUST_CHECK;
/* From stock, or printed with a card that is still in the office: the card
 * waits to be printed again, in its batch too if that is open. */
enum status	reg_blank_spoil(struct reg *r, const char *serial,
		    const char *reason, struct diag *d) MUST_CHECK;
/* All of a range or none; ST_NOT_FOUND or ST_STATE names the first that is in
 * the way. */
enum status	reg_blanks_missing(struct reg *r,
		    const struct serial_range *range, const char *reason,
		    struct diag *d) MUST_CHECK;
enum status	reg_blanks_found(struct reg *r,
		    const struct serial_range *range, const char *reason,
		    struct diag *d) MUST_CHECK;
/* Spoiled or in stock. witness: another active officer's login; ST_PERMISSION
 * otherwise. */
enum status	reg_blanks_destroy(struct reg *r,
		    const struct serial_range *range, const char *reason,
		    const char *witness, struct diag *d) MUST_CHECK;
/* The next to load into the printer: the lowest in stock of the oldest parcel
 * that has any; "" where none has. */
enum status	reg_stock_next(struct reg *r, char out[SERIAL_TEXT],
		    struct diag *d) MUST_CHECK;
/* The first in stock from this serial on, of its series; ST_NOT_FOUND. */
enum status	reg_blank_next(struct reg *r, const char *from,
		    char out[SERIAL_TEXT], struct diag *d) MUST_CHECK;

struct parcel {
	int64_t id, at;
	struct serial_range range;
	char supplier[REG_TEXT], officer[REG_NAME];
	int64_t n[BLANK_STATES];	/* now; their sum is the range's */
	char next[SERIAL_TEXT];		/* the lowest in stock; "": none */
};

enum status	reg_parcels(struct reg *r,
		    enum status (*each)(void *arg, const struct parcel *p),
		    void *arg, struct diag *d) MUST_CHECK;

struct blank {
	char serial[SERIAL_TEXT], state[12], card[REG_NUMBER];
	int64_t parcel, received, batch;	/* batch 0: none */
	char supplier[REG_TEXT], reason[REG_TEXT];
};

struct blank_event {
	int64_t at;
	char state[12], card[REG_NUMBER], officer[REG_NAME], witness[REG_NAME];
	char reason[REG_TEXT];
};

enum status	reg_blank(struct reg *r, const char *serial, struct blank *out,
		    struct diag *d) MUST_CHECK;
enum status	reg_blank_events(struct reg *r, const char *serial,
		    enum status (*each)(void *arg,
		    const struct blank_event *e), void *arg, struct diag *d)
		    MUST_CHECK;

/* ---- counted by hand against the books (stock_count.c) ---- */

/* A run of serials on which the cupboard and the books differ. */
struct stock_difference {
	struct serial_range range;
	const char *books;	/* a blank's state, "unknown": never received */
	bool counted;
};

/* ranges: what lies in the cupboard; ST_DATA when a serial is in two of them.
 * *stock gets how many lie there by the books. */
enum status	reg_stock_compare(struct reg *r,
		    const struct serial_range *ranges, size_t n,
		    enum status (*each)(void *arg,
		    const struct stock_difference *s), void *arg,
		    int64_t *stock, struct diag *d) MUST_CHECK;
/* A blank printed with a card that waits to be printed, or (serial "") a card
 * printed since there is stock that is on no blank. */
enum status	reg_stock_cards(struct reg *r,
		    enum status (*each)(void *arg, const char *serial,
		    const char *number, const char *custody), void *arg,
		    struct diag *d) MUST_CHECK;
/* Keeps that it was counted, by whom (free text, may be empty), and what came
 * of it. */
enum status	reg_stock_counted(struct reg *r,
		    const struct serial_range *ranges, size_t n,
		    const char *by, int64_t stock, int64_t unexplained,
		    struct diag *d) MUST_CHECK;

#endif
