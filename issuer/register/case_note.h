/*
 * Narratives of cases, sealed: the register keeps what keys/casekey.h made of
 * them, never the text. What is sealed is bound to its place: office, table,
 * column, note, case, officer and instant are associated data, so that no
 * sealed text opens in another row, and no row's author or date can be another.
 *
 * A note changes in one way: from a retired key to the one that replaced it
 * (case_key.h). Each reading is recorded, with its reason, in the transaction
 * that the caller commits before anybody sees the text. Nothing of a text is in
 * any message or in the audit.
 */
#ifndef CEDULA_ISSUER_REGISTER_CASE_NOTE_H
#define CEDULA_ISSUER_REGISTER_CASE_NOTE_H

#include "issuer/register/register.h"
#include "keys/casekey.h"

#define CASE_NOTE_MAX 65536	/* bytes of one text */

/* Valid UTF-8, printable but for '\n' and tabs, 1 to CASE_NOTE_MAX bytes.
 * ST_DATA says what is wrong and shows none of it. */
enum status	case_note_check(struct bytes text, struct diag *d) MUST_CHECK;

/* Seals and keeps; *note is its id. ST_STATE for a closed case, ST_UNKNOWN_KEY
 * for a key that is not the one in use. */
enum status	reg_case_note_add(struct reg *r, const struct case_key *k,
		    int64_t id, struct bytes text, int64_t *note,
		    struct diag *d) MUST_CHECK;

struct case_note {
	int64_t id, at;
	char officer[REG_NAME];
	struct bytes text;	/* borrowed during the call, then erased */
};

/* All notes of a case that k opens, oldest first; *sealed gets how many are
 * under other keys. Records "case.read". ST_UNKNOWN_KEY when k opens none of
 * them, ST_NOT_FOUND when there are none, ST_SIGNATURE for one that is damaged
 * or not in its place. */
enum status	reg_case_read(struct reg *r, const struct case_key *k,
		    int64_t id, const char *reason, int64_t *sealed,
		    enum status (*each)(void *arg, const struct case_note *n),
		    void *arg, struct diag *d) MUST_CHECK;

/* ---- within the register ---- */

/* Seals the first note after *after that `old` sealed with `new`, and writes its
 * id there; *more false: there was none. */
enum status	case_note_reseal(struct reg *r, const struct case_key *old,
		    const struct case_key *new, int64_t *after, bool *more,
		    struct diag *d) MUST_CHECK;

#endif
