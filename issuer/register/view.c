/* A register read from a source, or in a file that has no name: snapshot.h.
 * SQLite asks for bytes through a file system of one file, which has nothing
 * beside it; a source cannot be written. */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "issuer/register/db.h"
#include "issuer/register/log.h"
#include "issuer/register/snapshot.h"

#define NAME "cedula-view"

struct reg_view {
	sqlite3_vfs vfs;
	const struct reg_source *src;	/* NULL: fd */
	int fd;
	struct reg *r;
};

struct view_file {
	sqlite3_file base;
	const struct reg_source *src;
	int fd;
};

static int
file_close(sqlite3_file *f)
{
	(void)f;
	return SQLITE_OK;
}

/* How much of it is there; *failed also where it could not be read. */
static size_t
read_source(const struct reg_source *src, uint8_t *p, size_t len,
    uint64_t from, bool *failed)
{
	uint64_t left = from < src->size ? src->size - from : 0;
	size_t n = len < left ? len : (size_t)left;

	*failed = n > 0 && src->at(src->arg, from, p, n) != ST_OK;
	return n;
}

static size_t
read_fd(int fd, uint8_t *p, size_t len, uint64_t from, bool *failed)
{
	size_t n = 0;
	ssize_t got;

	do {
		got = pread(fd, p + n, len - n, (off_t)(from + n));
		if (got > 0)
			n += (size_t)got;
	} while (n < len && (got > 0 || (got < 0 && errno == EINTR)));
	*failed = got < 0;
	return n;
}

/* Bytes 18 and 19 say that there is a -wal file, which there is not. */
static int
file_read(sqlite3_file *f, void *out, int len, sqlite3_int64 at)
{
	const struct view_file *v = (struct view_file *)f;
	uint8_t *p = out;
	uint64_t from = (uint64_t)at;
	bool failed;
	size_t n = v->src != NULL ?
	    read_source(v->src, p, (size_t)len, from, &failed) :
	    read_fd(v->fd, p, (size_t)len, from, &failed);

	if (failed)
		return SQLITE_IOERR_READ;
	memset(p + n, 0, (size_t)len - n);
	for (uint64_t i = 18; i <= 19; i++)
		if (i >= from && i - from < n)
			p[i - from] = 1;
	return n == (size_t)len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
file_write(sqlite3_file *f, const void *p, int len, sqlite3_int64 at)
{
	const struct view_file *v = (struct view_file *)f;
	size_t n = 0;
	ssize_t put;

	if (v->src != NULL)
		return SQLITE_READONLY;
	while (n < (size_t)len) {
		put = pwrite(v->fd, (const uint8_t *)p + n, (size_t)len - n,
		    (off_t)at + (off_t)n);
		if (put < 0 && errno != EINTR)
			return errno == ENOSPC ? SQLITE_FULL :
			    SQLITE_IOERR_WRITE;
		n += put > 0 ? (size_t)put : 0;
	}
	return SQLITE_OK;
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	const struct view_file *v = (struct view_file *)f;

	if (v->src != NULL)
		return SQLITE_READONLY;
	return ftruncate(v->fd, (off_t)size) == 0 ? SQLITE_OK :
	    SQLITE_IOERR_TRUNCATE;
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *out)
{
	const struct view_file *v = (struct view_file *)f;
	struct stat sb;

	if (v->src != NULL) {
		*out = (sqlite3_int64)v->src->size;
		return SQLITE_OK;
	}
	if (fstat(v->fd, &sb) != 0)
		return SQLITE_IOERR_FSTAT;
	*out = (sqlite3_int64)sb.st_size;
	return SQLITE_OK;
}

static int
file_flag(sqlite3_file *f, int flag)
{
	(void)f;
	(void)flag;
	return SQLITE_OK;
}

static int
file_reserved(sqlite3_file *f, int *out)
{
	(void)f;
	*out = 0;
	return SQLITE_OK;
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	(void)f;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
file_sector(sqlite3_file *f)
{
	(void)f;
	return 4096;
}

static int
file_nature(sqlite3_file *f)
{
	return ((struct view_file *)f)->src != NULL ? SQLITE_IOCAP_IMMUTABLE :
	    0;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = file_close, .xRead = file_read,
	.xWrite = file_write, .xTruncate = file_truncate, .xSync = file_flag,
	.xFileSize = file_size, .xLock = file_flag, .xUnlock = file_flag,
	.xCheckReservedLock = file_reserved, .xFileControl = file_control,
	.xSectorSize = file_sector, .xDeviceCharacteristics = file_nature,
};

static int
view_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
    int *out)
{
	struct view_file *v = (struct view_file *)f;
	const struct reg_view *view = vfs->pAppData;

	(void)name;
	v->base.pMethods = NULL;
	if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
		return SQLITE_CANTOPEN;
	v->base.pMethods = &methods;
	v->src = view->src;
	v->fd = view->fd;
	if (out != NULL)
		*out = SQLITE_OPEN_MAIN_DB | (v->src != NULL ?
		    SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	return SQLITE_OK;
}

static int
view_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	(void)name;
	(void)sync;
	return SQLITE_READONLY;
}

static int
view_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	(void)vfs;
	(void)name;
	(void)flags;
	*out = 0;
	return SQLITE_OK;
}

static int
view_path(sqlite3_vfs *vfs, const char *name, int cap, char *out)
{
	(void)vfs;
	return snprintf(out, (size_t)cap, "%s", name) < cap ? SQLITE_OK :
	    SQLITE_CANTOPEN;
}

/* Nothing here is dated or random; what is asked for, the system's gives. */
static void
fill_vfs(struct reg_view *v)
{
	const sqlite3_vfs *system = sqlite3_vfs_find(NULL);

	v->vfs = (sqlite3_vfs){
		.iVersion = 1, .szOsFile = sizeof(struct view_file),
		.mxPathname = 512, .zName = NAME, .pAppData = v,
		.xOpen = view_open, .xDelete = view_delete,
		.xAccess = view_access, .xFullPathname = view_path,
		.xRandomness = system->xRandomness, .xSleep = system->xSleep,
		.xCurrentTime = system->xCurrentTime,
		.xGetLastError = system->xGetLastError,
	};
}

static const char settings[] =
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA cache_size = -65536;";

enum status
reg_view_open(const struct reg_source *src, const char *name,
    struct reg_view **out, struct diag *d)
{
	struct reg_view *v = calloc(1, sizeof(*v));
	enum status st = ST_INTERNAL;
	int rc;

	*out = NULL;
	if (v == NULL || (v->r = calloc(1, sizeof(*v->r))) == NULL) {
		free(v);
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	}
	v->src = src;
	(void)snprintf(v->r->path, sizeof(v->r->path), "%s", name);
	fill_vfs(v);
	if ((rc = sqlite3_vfs_register(&v->vfs, 0)) == SQLITE_OK)
		rc = sqlite3_open_v2("register", &v->r->db,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE, NAME);
	if (rc != SQLITE_OK)
		st = reg_error(v->r, rc, d);
	else if ((st = reg_exec(v->r, settings, d)) == ST_OK)
		st = log_function(v->r, d);
	if (st != ST_OK) {
		reg_view_close(v);
		return st;
	}
	*out = v;
	return ST_OK;
}

enum status
reg_view_open_own(int fd, const char *name, struct reg_view **out,
    struct diag *d)
{
	struct reg_view *v = calloc(1, sizeof(*v));
	enum status st = ST_INTERNAL;

	*out = NULL;
	if (v == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	v->fd = fd;
	fill_vfs(v);
	if (sqlite3_vfs_register(&v->vfs, 0) == SQLITE_OK &&
	    (st = db_open("register", SQLITE_OPEN_READWRITE, NAME, &v->r,
	    d)) == ST_OK) {
		(void)snprintf(v->r->path, sizeof(v->r->path), "%s", name);
		st = db_settle(v->r, "PRAGMA journal_mode = MEMORY;", d);
	}
	if (st != ST_OK) {
		reg_view_close(v);
		return st;
	}
	*out = v;
	return ST_OK;
}

struct reg *
reg_view_register(struct reg_view *v)
{
	return v->r;
}

void
reg_view_close(struct reg_view *v)
{
	if (v == NULL)
		return;
	reg_close(v->r);
	(void)sqlite3_vfs_unregister(&v->vfs);
	free(v);
}
