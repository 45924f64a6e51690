/*
 * Unfinished: the files of programs that were stopped half way, for the few
 * that hold what must not lie about and stand on a file system where a file
 * cannot be written without a name (file.h, staged_begin_unseen).
 *
 * They are called NAME.unfinished-XXXXXX, a living program holds a lock on its
 * own (flock), and takes it away itself when it is asked to end. What a kill
 * or a power cut leaves is found and named here; nothing is removed by guess.
 */
#ifndef CEDULA_COMMON_HOST_UNFINISHED_H
#define CEDULA_COMMON_HOST_UNFINISHED_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define UNFINISHED_MARK ".unfinished-"

/* Locks fd, and has SIGINT, SIGTERM and SIGHUP remove path before they do what
 * they do. For one file at a time. */
void		unfinished_begin(int fd, const char *path);
void		unfinished_end(void);
/* Those in the folder that path stands in which no living program has locked,
 * each by its path. */
enum status	unfinished_find(const char *path,
		    void (*each)(void *arg, const char *file), void *arg,
		    struct diag *d) MUST_CHECK;

#endif
