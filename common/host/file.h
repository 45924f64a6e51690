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
/* Creates path; ST_EXISTS if anything is there already (also a link). For
 * keys: nothing is ever overwritten. */
enum status	file_create(const char *path, struct bytes data, mode_t mode,
		    struct diag *d) MUST_CHECK;
/* The same in parts, for files that are larger than is good to hold: begin,
 * add ..., end. Nothing is at path before file_end has put it there; what was
 * there stays after a failure. file_drop after any of them failed, or after
 * file_end (then it does nothing). Zero the struct first. */
struct file_new {
	char path[PATH_MAX], tmp[PATH_MAX];
	int fd;			/* open while tmp is not "" */
};

enum status	file_begin(struct file_new *f, const char *path,
		    struct diag *d) MUST_CHECK;
enum status	file_add(struct file_new *f, struct bytes data, struct diag *d)
		    MUST_CHECK;
enum status	file_end(struct file_new *f, mode_t mode, struct diag *d)
		    MUST_CHECK;
void		file_drop(struct file_new *f);

/* mkdir -p for one level; an existing folder is fine. */
enum status	file_mkdir(const char *path, mode_t mode, struct diag *d)
		    MUST_CHECK;

#endif
