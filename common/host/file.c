#include "common/host/file.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/unfinished.h"

/* What is outgrown may be a secret, and is erased. */
static bool
grow(uint8_t **p, size_t n, size_t *cap)
{
	size_t more = *cap == 0 ? 16384 : *cap * 2;
	uint8_t *q = malloc(more);

	if (q == NULL)
		return false;
	if (n > 0) {
		memcpy(q, *p, n);
		explicit_bzero(*p, n);
	}
	free(*p);
	*p = q;
	*cap = more;
	return true;
}

enum status
file_read_fd(int fd, const char *name, size_t max, uint8_t **out, size_t *len,
    struct diag *d)
{
	uint8_t *p = NULL;
	size_t cap = 0, n = 0;
	enum status st = ST_INTERNAL;

	*out = NULL;
	*len = 0;
	for (;;) {
		ssize_t got;

		if (n + 1 >= cap && !grow(&p, n, &cap)) {
			st = diag_set(d, ST_INTERNAL,
			    _("%s: out of memory"), name);
			goto out;
		}
		got = read(fd, p + n, cap - n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			st = diag_errno(d, ST_IO, name);
			goto out;
		}
		if (got == 0)
			break;
		n += (size_t)got;
		if (n > max) {
			st = diag_set(d, ST_TOO_BIG,
			    _("%s: larger than the %zu bytes accepted here"),
			    name, max);
			goto out;
		}
	}
	p[n] = '\0';
	*out = p;
	*len = n;
	p = NULL;
	st = ST_OK;
out:
	free(p);
	return st;
}

enum status
file_read(const char *path, size_t max, uint8_t **out, size_t *len,
    struct diag *d)
{
	enum status st;
	int fd;

	if (strcmp(path, "-") == 0)
		return file_read_fd(STDIN_FILENO, _("standard input"), max,
		    out, len, d);
	*out = NULL;
	*len = 0;
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return diag_errno(d, ST_IO, path);
	st = file_read_fd(fd, path, max, out, len, d);
	close(fd);
	return st;
}

/* The folder that path stands in. */
static int
open_folder(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int n;

	if (slash == NULL)
		n = snprintf(dir, sizeof(dir), ".");
	else
		n = snprintf(dir, sizeof(dir), "%.*s",
		    (int)(slash == path ? 1 : slash - path), path);
	if (n < 0 || (size_t)n >= sizeof(dir)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum status
file_lock_folder(const char *path, int *fd, struct diag *d)
{
	enum status st;

	if ((*fd = open_folder(path)) < 0)
		return diag_errno(d, ST_CANT_CREATE, path);
	while (flock(*fd, LOCK_EX) != 0)
		if (errno != EINTR) {
			st = diag_errno(d, ST_IO, path);
			close(*fd);
			*fd = -1;
			return st;
		}
	return ST_OK;
}

/* fsync of the folder makes the rename itself durable. */
static void
sync_folder(const char *path)
{
	int fd;

	if ((fd = open_folder(path)) >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

static bool
write_all(int fd, struct bytes data)
{
	size_t n = 0;

	while (n < data.len) {
		ssize_t w = write(fd, data.p + n, data.len - n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return false;
		n += (size_t)w;
	}
	return true;
}

/* ---- on its way ---------------------------------------------------------- */

static enum status
begin_name(const char *path, const char *mark, struct staged *out,
    struct diag *d)
{
	int n;

	out->tmp[0] = '\0';
	out->fd = -1;
	out->unseen = out->marked = out->whole = false;
	if (strcmp(path, "-") == 0)
		return diag_set(d, ST_USAGE,
		    _("-: give a file's name; this is not written to standard output"));
	n = snprintf(out->path, sizeof(out->path), "%s", path);
	if (n < 0 || (size_t)n + strlen(mark) + sizeof("XXXXXX") >
	    sizeof(out->tmp))
		return diag_set(d, ST_USAGE, _("%s: the path is too long"),
		    path);
	(void)snprintf(out->tmp, sizeof(out->tmp), "%s%sXXXXXX", path, mark);
	return ST_OK;
}

static enum status
begin(const char *path, const char *mark, struct staged *out, struct diag *d)
{
	enum status st = begin_name(path, mark, out, d);

	if (st != ST_OK)
		return st;
	if ((out->fd = mkstemp(out->tmp)) < 0) {
		out->tmp[0] = '\0';
		return diag_errno(d, ST_CANT_CREATE, path);
	}
	return ST_OK;
}

/* A pipe or a device is no place for a file. */
static enum status
plain_place(const char *path, struct diag *d)
{
	struct stat sb;

	return stat(path, &sb) != 0 || S_ISREG(sb.st_mode) ? ST_OK :
	    diag_set(d, ST_CANT_CREATE,
	    _("%s: is there and is no plain file; choose another name"), path);
}

enum status
staged_begin(const char *path, struct staged *out, struct diag *d)
{
	enum status st = plain_place(path, d);

	out->tmp[0] = '\0';
	out->fd = -1;
	return st == ST_OK ? begin(path, ".", out, d) : st;
}

enum status
staged_begin_unseen(const char *path, struct staged *out, struct diag *d)
{
	char folder[32];
	int dir = open_folder(path);
	enum status st = begin_name(path, UNFINISHED_MARK, out, d);

	if (st == ST_OK && dir >= 0) {
		(void)snprintf(folder, sizeof(folder), "/proc/self/fd/%d", dir);
		out->fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		out->unseen = out->fd >= 0;
	}
	if (dir >= 0)
		close(dir);
	if (st != ST_OK || out->unseen)
		return st;
	out->tmp[0] = '\0';
	if ((st = plain_place(path, d)) == ST_OK &&
	    (st = begin(path, UNFINISHED_MARK, out, d)) == ST_OK) {
		out->marked = true;
		unfinished_begin(out->fd, out->tmp);
	}
	return st;
}

/* Gives a file without a name one that is free. */
static bool
show(struct staged *s, const char *name)
{
	char self[32];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", s->fd);
	if (linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) != 0)
		return false;
	close(s->fd);
	s->fd = -1;
	s->unseen = false;
	return true;
}

/* The same, with its temporary name: a free one is what mkstemp made. */
static bool
show_beside(struct staged *s)
{
	int fd = mkstemp(s->tmp);

	if (fd < 0)
		return false;
	close(fd);
	return unlink(s->tmp) == 0 && show(s, s->tmp);
}

enum status
staged_add(struct staged *s, struct bytes data, struct diag *d)
{
	return write_all(s->fd, data) ? ST_OK :
	    diag_errno(d, ST_IO, s->path);
}

enum status
staged_ready(struct staged *s, mode_t mode, struct diag *d)
{
	int fd = s->fd;

	if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
		return diag_errno(d, ST_IO, s->path);
	s->whole = true;
	if (s->unseen)
		return ST_OK;
	s->fd = -1;
	return close(fd) == 0 ? ST_OK : diag_errno(d, ST_IO, s->path);
}

static enum status
stage(const char *path, struct bytes data, mode_t mode, bool replace,
    struct staged *out, struct diag *d)
{
	enum status st;

	if ((st = replace ? staged_begin(path, out, d) :
	    begin(path, ".", out, d)) == ST_OK &&
	    (st = staged_add(out, data, d)) == ST_OK)
		st = staged_ready(out, mode, d);
	if (st != ST_OK)
		staged_drop(out);
	return st;
}

enum status
file_stage(const char *path, struct bytes data, mode_t mode,
    struct staged *out, struct diag *d)
{
	return stage(path, data, mode, true, out, d);
}

/* It is where it belongs, or gone. */
static void
forget(struct staged *s)
{
	if (s->marked)
		unfinished_end();
	s->unseen = s->marked = s->whole = false;
	s->tmp[0] = '\0';
	s->fd = -1;
}

enum status
staged_keep(struct staged *s, struct diag *d)
{
	if (s->tmp[0] == '\0' || !s->whole)
		return ST_INTERNAL;
	if ((s->unseen && !show_beside(s)) || rename(s->tmp, s->path) != 0)
		return diag_errno(d, ST_CANT_CREATE, s->path);
	sync_folder(s->path);
	forget(s);
	return ST_OK;
}

static enum status
is_there(const char *path, struct diag *d)
{
	return diag_set(d, ST_EXISTS,
	    _("%s: exists already and is never overwritten; choose another name"),
	    path);
}

enum status
file_nothing_at(const char *path, struct diag *d)
{
	struct stat sb;

	return lstat(path, &sb) == 0 ? is_there(path, d) : ST_OK;
}

/* Fails where rename() would silently replace. Sticks of cameras and the like
 * have no links; old kernels have no such rename. */
enum status
staged_keep_new(struct staged *s, struct diag *d)
{
	if (s->tmp[0] == '\0' || !s->whole)
		return ST_INTERNAL;
	if (s->unseen ? show(s, s->path) : renameat2(AT_FDCWD, s->tmp,
	    AT_FDCWD, s->path, RENAME_NOREPLACE) == 0)
		forget(s);
	else if (s->unseen || (errno != EINVAL && errno != ENOSYS) ||
	    link(s->tmp, s->path) != 0)
		return errno == EEXIST ? is_there(s->path, d) :
		    diag_errno(d, ST_CANT_CREATE, s->path);
	sync_folder(s->path);
	staged_drop(s);
	return ST_OK;
}

void
staged_drop(struct staged *s)
{
	if (s->tmp[0] == '\0')
		return;
	if (s->fd >= 0)
		close(s->fd);
	if (!s->unseen)
		(void)unlink(s->tmp);
	forget(s);
}

enum status
file_write(const char *path, struct bytes data, mode_t mode, struct diag *d)
{
	struct staged s;
	enum status st = file_stage(path, data, mode, &s, d);

	if (st == ST_OK)
		st = staged_keep(&s, d);
	staged_drop(&s);
	return st;
}

enum status
file_create(const char *path, struct bytes data, mode_t mode, struct diag *d)
{
	struct staged s;
	enum status st;

	if ((st = file_nothing_at(path, d)) != ST_OK ||
	    (st = stage(path, data, mode, false, &s, d)) != ST_OK)
		return st;
	st = staged_keep_new(&s, d);
	staged_drop(&s);
	return st;
}

enum status
file_mkdir(const char *path, mode_t mode, struct diag *d)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return ST_OK;
	return diag_errno(d, ST_CANT_CREATE, path);
}
