/*
 * Doctor: everything about a register that can be wrong unseen, looked at in
 * one command. Each check says what it found and what to do; none stops the
 * others; nothing is changed.
 */
#ifndef CEDULA_ISSUER_EXCHANGE_DOCTOR_H
#define CEDULA_ISSUER_EXCHANGE_DOCTOR_H

#include "common/host/findings.h"
#include "issuer/register/health.h"

enum doctor_result { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_PROBLEM };

struct doctor {
	/* the owner's */
	struct reg *r;
	const struct office *office;
	const char *path;		/* of the register */
	int64_t now;
	bool quick;			/* leaves out what reads all of it */
	int64_t backup_days;		/* older than that is a problem */
	const char *const *keys;	/* files of public keys */
	size_t keys_n;
	const char *bundle, *anchor;	/* files, or NULL */
	/* One check: its word, its name (N_()), the result, what was found,
	 * what to do ("" for nothing). */
	void (*put)(void *arg, const char *key, const char *label,
	    enum doctor_result result, const char *found, const char *advice);
	void *arg;
	/* what was seen */
	size_t warnings, problems;
	struct reg_health health;
};

/* In one snapshot. ST_OK whatever is found. */
enum status	doctor_run(struct doctor *doc, struct diag *d) MUST_CHECK;

/* For the files of this module: puts and counts; found is already translated
 * and may be a format. */
void		doctor_put(struct doctor *doc, const char *key,
		    const char *label, enum doctor_result result,
		    const char *advice, const char *found, ...)
		    __attribute__((format(printf, 6, 7)));
/* What could not be looked at is a problem of its own. */
void		doctor_failed(struct doctor *doc, const char *key,
		    const char *label, const struct diag *d);
/* The log, the published lists, keys and trust (doctor_trust.c). */
void		doctor_trust(struct doctor *doc);

#endif
