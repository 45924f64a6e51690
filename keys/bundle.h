/*
 * Bundle: what a verifier carries: trust lists and status lists in one file,
 * checked before it is written, and never replaced by an older one.
 */
#ifndef CEDULA_KEYS_BUNDLE_H
#define CEDULA_KEYS_BUNDLE_H

#include "common/bytes.h"
#include "common/host/anchor.h"
#include "common/host/diag.h"
#include "common/host/file.h"
#include "common/status.h"

/* Verifies bundle with the anchors and prepares to put it at path. What is at
 * path must be nothing or a sound bundle of these anchors (ST_DATA otherwise: a
 * slip of the hand costs nobody another file). ST_ROLLBACK if it holds a newer
 * trust list, or a status list, full or short, that is newer than both of that
 * name, or a log that does not go on; or any of these that bundle has not. The
 * caller keeps or drops what is staged, and holds the folder's lock
 * (file_lock_folder) until then. */
enum status	bundle_stage(const char *path, struct bytes bundle,
		    const struct anchor *anchors, size_t n,
		    struct staged *out, struct diag *d) MUST_CHECK;
/* The same, and puts it there. After a failure path is as it was. */
enum status	bundle_replace(const char *path, struct bytes bundle,
		    const struct anchor *anchors, size_t n, struct diag *d)
		    MUST_CHECK;
/* What a list says that it is, signed or a payload, full or short. */
struct list_dated {
	struct bytes uri;
	int64_t iat;
};

/* Splits the first list off a file of them; nothing is verified. ST_NOT_FOUND
 * at its end, ST_MALFORMED for what is no list. */
enum status	statuslist_next(struct bytes *rest, struct list_dated *out)
		    MUST_CHECK;
/* Prepares to put a status list or short list (signed, or the payload to sign)
 * at path, where nothing or others of either must be: ST_DATA otherwise. The
 * caller holds the folder's lock. */
enum status	statuslist_stage(const char *path, struct bytes list,
		    struct staged *out, struct diag *d) MUST_CHECK;
enum status	statuslist_replace(const char *path, struct bytes list,
		    struct diag *d) MUST_CHECK;

#endif
