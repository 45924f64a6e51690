/*
 * Replay: a history of acts against a status list that was signed at some
 * instant. One byte a place of the list says what the list may hold there, so
 * that a difference which later acts explain is told from one that nothing
 * explains. An act of the very second of the list may be in it or not.
 */
#ifndef CEDULA_COMMON_REPLAY_H
#define CEDULA_COMMON_REPLAY_H

#include "common/statuslist.h"

/* A place that no act has touched. */
#define REPLAY_NEW ((1u << CARD_NEVER_ISSUED) | (unsigned)CARD_NEVER_ISSUED << 4)

enum replay_answer {
	REPLAY_SAME,		/* the list holds what is so now */
	REPLAY_CHANGED,		/* what was so when it was signed */
	REPLAY_WRONG		/* what never was so then */
};

/* The card of this place became `is` at `at`; acts come in their order. */
void		replay_act(uint8_t *cell, enum card_status is, int64_t at,
		    int64_t iat);
/* Now, after all acts. */
enum card_status replay_now(uint8_t cell);
enum replay_answer replay_judge(uint8_t cell, unsigned value);

#endif
