/*
 * Backup: the register, sealed with a passphrase, in one file; and back.
 *
 * The plain bytes of the seal file (keys/sealfile.h) are the register's file as
 * it was at one instant, then the manifest, then the manifest's length as four
 * bytes, big-endian. The manifest is UTF-8, a line each:
 *
 *	cedula-backup 1
 *	office NIC SJO
 *	name Consulado General en San José
 *	made 2026-11-23T18:20:00Z
 *	register-version 21
 *	persons 1, households 1, applications 1, cards 1, acts 1  (a line each)
 *	log-size 3
 *	log-root <64 hex digits>
 *	database-bytes 123456
 *	database-sha256 <64 hex digits>
 *
 * Nothing of the register is ever on the backup's disk in the clear, not for a
 * moment: it is read in place (register/snapshot.h), and read again through
 * the seal. What is restored is a file without a name until it is complete and
 * checked, where the file system has such files (docs/decisions/0026).
 */
#ifndef CEDULA_ISSUER_EXCHANGE_BACKUP_H
#define CEDULA_ISSUER_EXCHANGE_BACKUP_H

#include "common/host/findings.h"
#include "issuer/register/snapshot.h"
#include "keys/sealfile.h"

#define BACKUP_PASSPHRASE_MIN 12	/* characters: it is tried offline */

struct manifest {
	char state[4], office[4], name[REG_TEXT];
	int64_t made;
	struct reg_counts counts;
	uint64_t bytes;
	uint8_t sha256[32];
};

/* Nothing is left at path after a failure, and nothing recorded. made gets
 * what was recorded. Outside a transaction, with an officer acting. */
enum status	backup_create(struct reg *r, const struct office *o,
		    int64_t now, const char *path, const char *passphrase,
		    struct backup_made *made, struct diag *d) MUST_CHECK;

struct backup {
	int fd;
	const char *name;
	struct seal_reader *sealed;
	struct manifest manifest;
};

/* Opens, and reads the manifest. backup_close also after a failure. */
enum status	backup_open(const char *path, const char *passphrase,
		    struct backup *b, struct diag *d) MUST_CHECK;
void		backup_close(struct backup *b);
/* Every chunk, and the register's SHA-256; to `out`, if not NULL, go the
 * register's bytes in their order. */
enum status	backup_read(struct backup *b,
		    enum status (*out)(void *arg, struct bytes part),
		    void *arg, struct diag *d) MUST_CHECK;
/* The register within, without making a file of it: is it sound, is it what
 * the manifest says, does its log agree with all that was signed? */
enum status	backup_inspect(struct backup *b, struct findings *found,
		    struct diag *d) MUST_CHECK;
/* Makes `to`, which must not be there: read, checked, brought up to date, its
 * numbers set (`after`, 0: as they are), the act recorded under `officer`, and
 * only then given its name. *next: the number that the next card gets. */
struct restoring {
	const char *to, *officer;
	int64_t after, now, clock;	/* clock: the machine's */
	/* Is it the officer, and a manager of that register? *proof: what
	 * shows it, for the history. */
	enum status (*prove)(void *arg, struct reg *r, const char **proof,
	    struct diag *d);
	void *arg;
	bool clock_set;		/* now was given, not the clock's */
};
enum status	backup_restore(struct backup *b, const struct restoring *how,
		    struct findings *found, int64_t *next, struct diag *d)
		    MUST_CHECK;

#endif
