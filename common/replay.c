#include "common/replay.h"

/* Bits 0 to 3: the values that the list may hold; bits 4 and 5: the last. */

void
replay_act(uint8_t *cell, enum card_status is, int64_t at, int64_t iat)
{
	unsigned may = *cell & 15u;

	if (at < iat)
		may = 1u << is;
	else if (at == iat)
		may |= 1u << is;
	*cell = (uint8_t)(may | (unsigned)is << 4);
}

enum card_status
replay_now(uint8_t cell)
{
	return (enum card_status)(cell >> 4 & 3u);
}

enum replay_answer
replay_judge(uint8_t cell, unsigned value)
{
	if ((cell & 15u & 1u << (value & 3u)) == 0)
		return REPLAY_WRONG;
	return value == (unsigned)replay_now(cell) ? REPLAY_SAME :
	    REPLAY_CHANGED;
}
