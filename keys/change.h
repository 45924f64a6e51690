/*
 * Change: what every change of a trust list has in common: opened with the
 * root, given the next sequence, dated now, and put in place of nothing newer.
 */
#ifndef CEDULA_KEYS_CHANGE_H
#define CEDULA_KEYS_CHANGE_H

#include "keys/custody.h"
#include "keys/trustlist.h"

enum { VALID_DAYS = 90, SIGN_DAYS = 365, VERIFY_DAYS = 6 * 366 };

struct change {
	struct custody root;
	const char *in, *out, *valid_days;
	struct signer *signer;
	struct trustlist_file *file;	/* large: on the heap */
	int lock;			/* the folder of out, while it changes */
};

#define CHANGE_OPTS(c) \
	CUSTODY_OPTS(&(c)->root), \
	{ .name = "in", .arg = "FILE", .value = &(c)->in, .required = true, \
	    .help = N_("the trust list to change") }, \
	{ .name = "out", .arg = "FILE", .value = &(c)->out, .required = true, \
	    .help = N_("where the changed list goes; may be the same file") }, \
	{ .name = "valid-days", .arg = "N", .value = &(c)->valid_days, \
	    .help = N_("days until a verifier calls the list old, 90 if not given") }

/* Opens the root and the list, which the root must have signed; locks the
 * folder of out. Close it also after a failure. */
enum status	change_open(struct change *c, struct diag *d) MUST_CHECK;
/* The root and the folder alone: the list is for the caller to read. */
enum status	change_open_root(struct change *c, struct diag *d) MUST_CHECK;
void		change_close(struct change *c);
/* Signs the list as it now stands in c->file, one sequence on, and says so.
 * ST_ROLLBACK when out holds that sequence already or a higher one. */
enum status	change_write(struct change *c, struct diag *d) MUST_CHECK;
/* Adds a key; ST_EXISTS when it is in the list. path is for the message. */
enum status	change_add_key(struct change *c, const struct trust_key *k,
		    const char *path, struct diag *d) MUST_CHECK;

/* A public key file into k's pub and kid. */
enum status	public_read(const char *path, struct trust_key *k,
		    struct diag *d) MUST_CHECK;
/* What a key may sign: document or status. */
enum status	role_take(const char *text, enum key_role *out,
		    struct diag *d) MUST_CHECK;
/* A number of days, or the fallback when text is NULL. */
enum status	days_take(const char *text, const char *name, int fallback,
		    int64_t *out, struct diag *d) MUST_CHECK;
/* A date's first second, or its last; or an instant; or the fallback. */
enum status	date_take(const char *text, const char *name, bool last,
		    int64_t fallback, int64_t *out, struct diag *d) MUST_CHECK;

#endif
