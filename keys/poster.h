/*
 * Poster: a bundle on paper: each part of its series (common/series.h) as a
 * picture, all of them as sheets to hang up, and as lines for a message.
 */
#ifndef CEDULA_KEYS_POSTER_H
#define CEDULA_KEYS_POSTER_H

#include "common/bytes.h"
#include "common/host/anchor.h"
#include "common/host/diag.h"
#include "common/status.h"

struct poster;

/* Verifies the bundle as a verifier will and prepares its symbols; writes
 * nothing. name: of the bundle, for messages. ST_TOO_BIG when it needs more
 * symbols than a series has; ST_DATA when it is of several states. The bundle
 * is borrowed until poster_free, which takes NULL too. */
enum status	poster_new(const char *name, struct bytes bundle,
		    const struct anchor *anchors, size_t n,
		    struct poster **out, struct diag *d) MUST_CHECK;
void		poster_free(struct poster *p);
/* Puts NIC-1-of-3.png ..., NIC.txt and NIC.svg (NIC-sheet-1-of-2.svg ... when
 * there are several) into folder, which is made if need be; names each on
 * standard output; and takes away those of an earlier series of the state that
 * had another count. Each file is whole or as it was. */
enum status	poster_write(const struct poster *p, const char *folder,
		    struct diag *d) MUST_CHECK;

#endif
