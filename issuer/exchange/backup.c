#include "issuer/exchange/backup.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "issuer/exchange/agree.h"
#include "issuer/exchange/manifest.h"
#include "issuer/exchange/progress.h"
#include "issuer/register/session.h"
#include "keys/digest.h"

#define PART 262144u
#define MEGA 1000000u

static enum status
no_memory(struct diag *d)
{
	return diag_set(d, ST_INTERNAL, _("out of memory"));
}

/* ---- making one --------------------------------------------------------- */

struct making {
	struct staged file;
	struct digest *whole, *plain;	/* of the file; of the register */
	struct seal_writer *seal;
	int64_t written;
	struct diag *d;
};

static enum status
put_sealed(void *arg, struct bytes part)
{
	struct making *m = arg;

	digest_add(m->whole, part);
	m->written += (int64_t)part.len;
	return staged_add(&m->file, part, m->d);
}

/* In the snapshot. */
static enum status
put_register(struct making *m, struct reg *r, uint64_t bytes)
{
	struct progress bar = progress_begin(_("sealing"), " MB/s");
	uint8_t *part = malloc(PART);
	enum status st = part != NULL ? ST_OK : no_memory(m->d);

	for (uint64_t at = 0; st == ST_OK && at < bytes; ) {
		size_t n = bytes - at < PART ? (size_t)(bytes - at) : PART;

		if ((st = reg_snapshot_read(r, at, part, n, m->d)) == ST_OK) {
			digest_add(m->plain, bytes_from(part, n));
			st = seal_add(m->seal, bytes_from(part, n));
		}
		at += n;
		progress_at(&bar, at, bytes, at / MEGA);
	}
	progress_end(&bar);
	free(part);
	return st;
}

static enum status
put_manifest(struct making *m, const struct manifest *manifest)
{
	uint8_t room[MANIFEST_MAX + 4];
	struct buf b = buf_over(room, sizeof(room));
	uint32_t len;
	enum status st;

	if (!manifest_encode(manifest, &b))
		return ST_INTERNAL;
	len = (uint32_t)b.len;
	for (int i = 24; i >= 0; i -= 8)
		buf_put_u8(&b, (uint8_t)(len >> i));
	st = seal_add(m->seal, buf_bytes(&b));
	return st == ST_OK ? seal_end(m->seal) : st;
}

static enum status
make(struct making *m, struct reg *r, const struct office *o, int64_t now,
    const char *passphrase, struct manifest *manifest)
{
	enum status st;

	memset(manifest, 0, sizeof(*manifest));
	memcpy(manifest->state, o->state, sizeof(manifest->state));
	memcpy(manifest->office, o->code, sizeof(manifest->office));
	memcpy(manifest->name, o->name, sizeof(manifest->name));
	manifest->made = now;
	m->whole = digest_new();
	m->plain = digest_new();
	if (m->whole == NULL || m->plain == NULL)
		return no_memory(m->d);
	if ((st = seal_begin(passphrase, SEALFILE_WORK, put_sealed, m, &m->seal,
	    m->d)) != ST_OK)
		return st;
	if ((st = reg_snapshot(r, &manifest->bytes, m->d)) == ST_OK &&
	    (st = reg_counts(r, &manifest->counts, m->d)) == ST_OK)
		st = put_register(m, r, manifest->bytes);
	reg_rollback(r);
	if (st == ST_OK &&
	    (st = digest_end(m->plain, manifest->sha256)) == ST_OK &&
	    (st = put_manifest(m, manifest)) == ST_OK)
		st = staged_ready(&m->file, 0600, m->d);
	return st;
}

/* The file gets its name within the transaction that records it: neither is
 * there without the other, but for a power cut between the two. */
static enum status
keep(struct making *m, struct reg *r, const struct backup_made *made)
{
	bool named = false;
	enum status st;

	if ((st = reg_begin_acting(r, m->d)) == ST_OK &&
	    (st = reg_backup_add(r, made, m->d)) == ST_OK &&
	    (st = staged_keep_new(&m->file, m->d)) == ST_OK) {
		named = true;
		st = reg_commit(r, m->d);
	}
	if (st != ST_OK) {
		reg_rollback(r);
		if (named)
			(void)unlink(made->file);
	}
	return st;
}

enum status
backup_create(struct reg *r, const struct office *o, int64_t now,
    const char *path, const char *passphrase, struct backup_made *made,
    struct diag *d)
{
	struct making m = { .file = { .tmp = "", .fd = -1 }, .d = d };
	struct manifest manifest;
	enum status st;

	memset(made, 0, sizeof(*made));
	if (access(path, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    path);
	if (strlen(path) >= sizeof(made->file))
		return diag_set(d, ST_USAGE, _("%s: the path is too long"),
		    path);
	/* A file larger than the account may write is an error to tell. */
	(void)signal(SIGXFSZ, SIG_IGN);
	if ((st = staged_begin(path, &m.file, d)) == ST_OK &&
	    (st = make(&m, r, o, now, passphrase, &manifest)) == ST_OK &&
	    (st = digest_end(m.whole, made->sha256)) == ST_OK) {
		made->at = now;
		made->bytes = m.written;
		memcpy(made->file, path, strlen(path) + 1);
		made->counts = manifest.counts;
		st = keep(&m, r, made);
	}
	seal_free(m.seal);
	digest_free(m.whole);
	digest_free(m.plain);
	staged_drop(&m.file);
	return st;
}

/* ---- reading one -------------------------------------------------------- */

static enum status
no_manifest(const struct backup *b, struct diag *d)
{
	return diag_set(d, ST_MALFORMED,
	    _("%s: sealed, but no register of Cédula is in it"), b->name);
}

static enum status
read_manifest(struct backup *b, struct diag *d)
{
	uint64_t size = unseal_size(b->sealed);
	uint8_t text[MANIFEST_MAX], n[4];
	uint32_t len;
	enum status st;

	if (size < sizeof(n))
		return no_manifest(b, d);
	if ((st = unseal_at(b->sealed, size - 4, n, 4, d)) != ST_OK)
		return st;
	len = (uint32_t)n[0] << 24 | (uint32_t)n[1] << 16 |
	    (uint32_t)n[2] << 8 | n[3];
	if (len > sizeof(text) || len > size - 4)
		return no_manifest(b, d);
	if ((st = unseal_at(b->sealed, size - 4 - len, text, len, d)) != ST_OK)
		return st;
	if (!manifest_parse(bytes_from(text, len), &b->manifest) ||
	    b->manifest.bytes != size - 4 - len)
		return no_manifest(b, d);
	return ST_OK;
}

enum status
backup_open(const char *path, const char *passphrase, struct backup *b,
    struct diag *d)
{
	enum status st;

	memset(b, 0, sizeof(*b));
	b->name = path;
	if ((b->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return diag_errno(d, ST_IO, path);
	if ((st = unseal_open(b->fd, path, passphrase, &b->sealed, d)) !=
	    ST_OK)
		return st;
	return read_manifest(b, d);
}

void
backup_close(struct backup *b)
{
	unseal_close(b->sealed);
	if (b->fd >= 0)
		close(b->fd);
	b->sealed = NULL;
	b->fd = -1;
}

enum status
backup_read(struct backup *b, enum status (*out)(void *arg, struct bytes part),
    void *arg, struct diag *d)
{
	struct progress bar = progress_begin(_("reading"), " MB/s");
	struct digest *sum = digest_new();
	uint8_t *part = malloc(PART), sha256[32];
	uint64_t bytes = b->manifest.bytes;
	enum status st = part != NULL && sum != NULL ? ST_OK : no_memory(d);

	for (uint64_t at = 0; st == ST_OK && at < bytes; ) {
		size_t n = bytes - at < PART ? (size_t)(bytes - at) : PART;

		if ((st = unseal_at(b->sealed, at, part, n, d)) != ST_OK)
			break;
		digest_add(sum, bytes_from(part, n));
		if (out != NULL)
			st = out(arg, bytes_from(part, n));
		at += n;
		progress_at(&bar, at, bytes, at / MEGA);
	}
	progress_end(&bar);
	if (st == ST_OK && (st = digest_end(sum, sha256)) == ST_OK &&
	    !bytes_equal(bytes_from(sha256, 32),
	    bytes_from(b->manifest.sha256, 32)))
		st = diag_set(d, ST_DATA,
		    _("%s: the register in it is not the one that was sealed; take another backup"),
		    b->name);
	digest_free(sum);
	free(part);
	return st;
}

/* ---- is it sound? ------------------------------------------------------- */

/* What nobody could have changed is compared all the same: a program that
 * errs is found so. */
static enum status
compare(struct reg *r, const struct manifest *m, struct findings *found,
    struct diag *d)
{
	struct reg_counts c;
	enum status st = reg_counts(r, &c, d);

	if (st != ST_OK)
		return st;
	if (c.persons != m->counts.persons || c.cards != m->counts.cards ||
	    c.households != m->counts.households || c.acts != m->counts.acts ||
	    c.applications != m->counts.applications)
		findings_add(found,
		    _("the register in the backup does not hold what its manifest counts"));
	if (c.log_size != m->counts.log_size ||
	    !bytes_equal(bytes_from(c.log_root, 32),
	    bytes_from(m->counts.log_root, 32)))
		findings_add(found,
		    _("the log of issuance in the backup is not the one of its manifest"));
	return ST_OK;
}

static enum status
inspect(struct reg *r, const struct manifest *m, struct findings *found,
    struct diag *d)
{
	struct office o;
	uint64_t entries;
	enum status st;

	if ((st = reg_check(r, d)) == ST_OK &&
	    (st = reg_office(r, &o, d)) == ST_OK &&
	    (st = compare(r, m, found, d)) == ST_OK)
		st = log_agrees(r, &o, NULL, found, &entries, d);
	return st;
}

struct view {
	struct backup *b;
	struct diag *d;
};

static enum status
view_at(void *arg, uint64_t at, uint8_t *out, size_t len)
{
	struct view *v = arg;

	return unseal_at(v->b->sealed, at, out, len, v->d);
}

enum status
backup_inspect(struct backup *b, struct findings *found, struct diag *d)
{
	struct view v = { b, d };
	struct reg_source src = { b->manifest.bytes, view_at, &v };
	struct reg_view *view;
	enum status st = reg_view_open(&src, b->name, &view, d);

	if (st == ST_OK)
		st = inspect(reg_view_register(view), &b->manifest, found, d);
	reg_view_close(view);
	return st;
}

/* ---- restoring ---------------------------------------------------------- */

static enum status
put_plain(void *arg, struct bytes part)
{
	struct making *m = arg;

	return staged_add(&m->file, part, m->d);
}

/* What SQLite keeps beside a file, of a register that was there before, would
 * be taken for this one's. */
static enum status
nothing_there(const char *path, struct diag *d)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		if (access(name, F_OK) == 0)
			return diag_set(d, ST_EXISTS,
			    _("%s: exists already and is never overwritten; choose another name"),
			    name);
	}
	return ST_OK;
}

/* A register as complete as it will be, before it has its name. */
static enum status
finish(struct reg *r, const struct backup *b, const struct restoring *how,
    struct findings *found, int64_t *next, struct diag *d)
{
	const char *proof;
	struct office o;
	enum status st;

	if ((st = inspect(r, &b->manifest, found, d)) != ST_OK ||
	    found->n > 0)
		return st;
	if ((st = reg_office(r, &o, d)) != ST_OK)
		return st;
	if (how->clock_set && !o.demo)
		return diag_set(d, ST_PERMISSION,
		    _("the clock can be set only in a demo register"));
	reg_set_now(r, how->now);
	if ((st = reg_act_as(r, how->officer, d)) == ST_OK &&
	    (st = how->prove(how->arg, r, &proof, d)) == ST_OK &&
	    (st = reg_begin(r, d)) == ST_OK &&
	    (st = reg_restored(r, b->name, proof, how->after,
	    how->clock, next, d)) == ST_OK)
		st = reg_commit(r, d);
	return st;
}

enum status
backup_restore(struct backup *b, const struct restoring *how,
    struct findings *found, int64_t *next, struct diag *d)
{
	struct making m = { .file = { .tmp = "", .fd = -1 }, .d = d };
	struct reg_view *view = NULL;
	enum status st;

	(void)signal(SIGXFSZ, SIG_IGN);
	if ((st = nothing_there(how->to, d)) == ST_OK &&
	    (st = staged_begin_unseen(how->to, &m.file, d)) == ST_OK &&
	    (st = backup_read(b, put_plain, &m, d)) == ST_OK &&
	    (st = reg_view_open_own(m.file.fd, how->to, &view, d)) == ST_OK)
		st = finish(reg_view_register(view), b, how, found, next, d);
	reg_view_close(view);
	if (st == ST_OK && found->n == 0 &&
	    (st = staged_ready(&m.file, 0600, d)) == ST_OK)
		st = staged_keep_new(&m.file, d);
	staged_drop(&m.file);
	return st;
}
