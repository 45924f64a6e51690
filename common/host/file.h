/*
 * File: whole files in and out, for the programs (the core never includes it).
 *
 * Written files appear complete or not at all: a temporary name in the same
 * folder, fsync, rename, fsync of the folder.
 */
#ifndef CEDULA_COMMON_HOST_FILE_H
#define CEDULA_COMMON_HOST_FILE_H

#include <sys/types.h>

#include <limits.h>

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

/* Reads path ("-" is standard input) into a fresh heap block that the caller
 * frees; one NUL follows the bytes and is not counted. More than max bytes is
 * ST_TOO_BIG. On failure *out is NULL. */
enum status	file_read(const char *path, size_t max, uint8_t **out,
		    size_t *len, struct diag *d) MUST_CHECK;
/* The same, from an open descriptor; name is for the message. */
enum status	file_read_fd(int fd, const char *name, size_t max,
		    uint8_t **out, size_t *len, struct diag *d) MUST_CHECK;
/* Replaces path. */
enum status	file_write(const char *path, struct bytes data, mode_t mode,
		    struct diag *d) MUST_CHECK;
/* A file on its way: written and synced under a temporary name beside its
 * place, so that hardly anything can fail between what must happen before it
 * appears (a register's commit) and its appearing. Written at once by
 * file_stage; or, where it is larger than is good to hold, in parts:
 * staged_begin, staged_add ..., staged_ready. What was at path stays until
 * staged_keep. */
struct staged {
	char path[PATH_MAX], tmp[PATH_MAX];	/* tmp "": nothing to do */
	int fd;					/* -1: closed */
	bool unseen;				/* without any name yet */
	bool marked;				/* its name says so (unfinished.h) */
	bool whole;				/* written to its end, and synced */
};

/* Prepares to replace path; to be ended by staged_drop, also after a failure. */
enum status	file_stage(const char *path, struct bytes data, mode_t mode,
		    struct staged *out, struct diag *d) MUST_CHECK;
enum status	staged_begin(const char *path, struct staged *out,
		    struct diag *d) MUST_CHECK;
/* The same, without any name until staged_keep or staged_keep_new where the
 * file system can: a killed program leaves nothing. Where it cannot, under a
 * name by which unfinished.h finds it. fd is open until staged_ready, and can
 * be read. */
enum status	staged_begin_unseen(const char *path, struct staged *out,
		    struct diag *d) MUST_CHECK;
enum status	staged_add(struct staged *s, struct bytes data, struct diag *d)
		    MUST_CHECK;
enum status	staged_ready(struct staged *s, mode_t mode, struct diag *d)
		    MUST_CHECK;
/* Puts it in its place. */
enum status	staged_keep(struct staged *s, struct diag *d) MUST_CHECK;
/* The same, where nothing is yet: ST_EXISTS. */
enum status	staged_keep_new(struct staged *s, struct diag *d) MUST_CHECK;
/* Takes away what was not kept. An empty one is fine. */
void		staged_drop(struct staged *s);
/* Opens the folder that path stands in ("x/" is in x) and waits until no other
 * program has it locked so: who reads what is at path, and then replaces it,
 * does both while holding this. close(*fd) ends it; -1 after a failure. */
enum status	file_lock_folder(const char *path, int *fd, struct diag *d)
		    MUST_CHECK;
/* Creates path; ST_EXISTS if anything is there already (also a link). For
 * keys: nothing is ever overwritten. */
enum status	file_create(const char *path, struct bytes data, mode_t mode,
		    struct diag *d) MUST_CHECK;
/* ST_EXISTS if anything is at path, also a link that leads nowhere: to be told
 * before work whose result would not be kept. */
enum status	file_nothing_at(const char *path, struct diag *d) MUST_CHECK;
/* mkdir -p for one level; an existing folder is fine. */
enum status	file_mkdir(const char *path, mode_t mode, struct diag *d)
		    MUST_CHECK;

#endif
