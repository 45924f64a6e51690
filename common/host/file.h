/*
 * File: whole files in and out, for the programs (the core never includes it).
 *
 * Written files appear complete or not at all: a temporary name in the same
 * folder, fsync, rename, fsync of the folder.
 */
#ifndef CEDULA_COMMON_HOST_FILE_H
#define CEDULA_COMMON_HOST_FILE_H

#include <sys/types.h>

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
/* mkdir -p for one level; an existing folder is fine. */
enum status	file_mkdir(const char *path, mode_t mode, struct diag *d)
		    MUST_CHECK;

#endif
