/*
 * Log walk: a log read once, compared with every head that was signed of it.
 * docs/format.md §11.
 */
#ifndef CEDULA_COMMON_LOGWALK_H
#define CEDULA_COMMON_LOGWALK_H

#include "common/loghead.h"
#include "common/merkle.h"

/* A head to compare the log with, and what came of it. */
struct log_mark {
	struct log_head head;
	const char *from;	/* the file it came in; NULL: the register */
	bool reached, agrees;	/* the log has as many entries; and that root */
};

/* The log read once from its first entry, and compared with each mark as it
 * reaches its size. The owner fills mark and n, begins, steps over every
 * entry, and reads the marks again: begin has sorted them, smallest first. */
struct log_walk {
	struct log_mark *mark;	/* the owner's memory, room for cap */
	size_t n, cap, next;
	struct merkle tree;
};

enum status	log_walk_begin(struct log_walk *w) MUST_CHECK;
enum status	log_walk_step(struct log_walk *w, struct bytes entry)
		    MUST_CHECK;

#endif
