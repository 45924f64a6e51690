/*
 * Snapshot: the register as one stream of bytes while others go on writing,
 * and a register that is read from such a stream without becoming a file.
 *
 * In WAL mode what is committed goes to the -wal file first, and from there
 * into the register's file by checkpoints, never past what a reader began to
 * read at. So: all is brought into the file while nobody can commit, a reader
 * begins, and as long as it reads the file stays as it is, byte for byte, and
 * complete; what others commit waits in the -wal file. No copy is made.
 *
 * A view is a register opened through a file system of one file: a source of
 * bytes, or an open descriptor.
 */
#ifndef CEDULA_ISSUER_REGISTER_SNAPSHOT_H
#define CEDULA_ISSUER_REGISTER_SNAPSHOT_H

#include "issuer/register/register.h"

/* Begins to read: all that follows on r, also queries, is of one instant,
 * until reg_rollback. Others wait for a fraction of a second. ST_STATE when
 * other programs read for a minute without an end. */
enum status	reg_snapshot(struct reg *r, uint64_t *bytes, struct diag *d)
		    MUST_CHECK;
enum status	reg_snapshot_read(struct reg *r, uint64_t at, uint8_t *out,
		    size_t len, struct diag *d) MUST_CHECK;

/* Where a register's bytes come from. */
struct reg_source {
	uint64_t size;
	enum status (*at)(void *arg, uint64_t at, uint8_t *out, size_t len);
	void *arg;
};

struct reg_view;

/* Opens what is there, to read alone; it is not brought up to date. name is
 * for messages. src stays until reg_view_close, which takes NULL. */
enum status	reg_view_open(const struct reg_source *src, const char *name,
		    struct reg_view **out, struct diag *d) MUST_CHECK;
/* Opens a register's file that is nobody else's yet, and perhaps without a name
 * (fd, open to read and write), and brings it up to date. SQLite makes nothing
 * beside it, locks nothing, and leaves to the caller to sync. fd stays open. */
enum status	reg_view_open_own(int fd, const char *name,
		    struct reg_view **out, struct diag *d) MUST_CHECK;
struct reg	*reg_view_register(struct reg_view *v);	/* not to be closed */
void		reg_view_close(struct reg_view *v);

/* What a backup's manifest says, and what it is compared with. */
struct reg_counts {
	int64_t version, persons, households, applications, cards, acts;
	uint64_t log_size;
	uint8_t log_root[32];
};

/* ST_CONFIG for a register that a newer program made; one of an older has what
 * it had then. */
enum status	reg_counts(struct reg *r, struct reg_counts *out,
		    struct diag *d) MUST_CHECK;

struct backup_made {
	int64_t at, bytes;
	char officer[REG_NAME], file[REG_TEXT];
	uint8_t sha256[32];
	struct reg_counts counts;	/* log_size and log_root alone */
};

/* Keeps that a backup was made, with its act. */
enum status	reg_backup_add(struct reg *r, const struct backup_made *b,
		    struct diag *d) MUST_CHECK;
/* The newest; ST_NOT_FOUND. */
enum status	reg_backup_newest(struct reg *r, struct backup_made *out,
		    struct diag *d) MUST_CHECK;
/* In a register that was restored: numbers up to `after` are never given
 * again (0: leaves the counter); every session is closed and the register has a
 * new uid; and the act of restoring, with what proved who did it. *next: the
 * number that the next card gets. */
enum status	reg_restored(struct reg *r, const char *backup,
		    const char *proof, int64_t after, int64_t clock,
		    int64_t *next, struct diag *d) MUST_CHECK;

#endif
