/*
 * Bundle: what a verifier carries: trust lists and status lists in one file,
 * checked before it is written, and never replaced by an older one.
 */
#ifndef CEDULA_KEYS_BUNDLE_H
#define CEDULA_KEYS_BUNDLE_H

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

/* Verifies bundle with the anchor files; if path exists and holds a newer
 * trust list, or a newer status list, of any state in it: ST_ROLLBACK, and
 * nothing is changed. Otherwise replaces path. */
enum status	bundle_replace(const char *path, struct bytes bundle,
		    const char *const *anchors, size_t anchors_n,
		    struct diag *d) MUST_CHECK;

#endif
