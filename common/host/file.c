#include "common/host/file.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

		if (n + 1 >= cap) {
			uint8_t *q;

			cap = cap == 0 ? 16384 : cap * 2;
			if ((q = realloc(p, cap)) == NULL) {
				st = diag_set(d, ST_INTERNAL,
				    _("%s: out of memory"), name);
				goto out;
			}
			p = q;
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

/* fsync of the folder makes the rename itself durable. */
static void
sync_folder(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;

	if (slash == NULL)
		(void)snprintf(dir, sizeof(dir), ".");
	else
		(void)snprintf(dir, sizeof(dir), "%.*s",
		    (int)(slash == path ? 1 : slash - path), path);
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0) {
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

/* A pipe or a device is no place for a file. */
static enum status
may_stand_at(const char *path, bool replace, struct diag *d)
{
	struct stat sb;

	if (strcmp(path, "-") == 0)
		return diag_set(d, ST_USAGE,
		    _("-: give a file's name; this is not written to standard output"));
	if (replace && stat(path, &sb) == 0 && !S_ISREG(sb.st_mode))
		return diag_set(d, ST_CANT_CREATE,
		    _("%s: is there and is no plain file; choose another name"),
		    path);
	return ST_OK;
}

static enum status
begin(struct file_new *f, const char *path, struct diag *d)
{
	int n = snprintf(f->tmp, sizeof(f->tmp), "%s.XXXXXX", path);

	if (n < 0 || (size_t)n >= sizeof(f->tmp)) {
		f->tmp[0] = '\0';
		return diag_set(d, ST_USAGE, _("%s: the path is too long"),
		    path);
	}
	memcpy(f->path, path, strlen(path) + 1);
	if ((f->fd = mkstemp(f->tmp)) < 0) {
		f->tmp[0] = '\0';
		return diag_errno(d, ST_CANT_CREATE, path);
	}
	return ST_OK;
}

enum status
file_begin(struct file_new *f, const char *path, struct diag *d)
{
	enum status st = may_stand_at(path, true, d);

	return st != ST_OK ? st : begin(f, path, d);
}

enum status
file_add(struct file_new *f, struct bytes data, struct diag *d)
{
	return write_all(f->fd, data) ? ST_OK :
	    diag_errno(d, ST_IO, f->path);
}

/* link() fails where rename() would silently replace. */
static enum status
put_in_place(struct file_new *f, mode_t mode, bool replace, struct diag *d)
{
	int fd = f->fd;

	if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
		return diag_errno(d, ST_IO, f->path);
	f->fd = -1;
	if (close(fd) != 0)
		return diag_errno(d, ST_IO, f->path);
	if ((replace ? rename(f->tmp, f->path) : link(f->tmp, f->path)) != 0)
		return errno == EEXIST ? diag_set(d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    f->path) : diag_errno(d, ST_CANT_CREATE, f->path);
	sync_folder(f->path);
	if (replace)
		f->tmp[0] = '\0';
	return ST_OK;
}

enum status
file_end(struct file_new *f, mode_t mode, struct diag *d)
{
	return put_in_place(f, mode, true, d);
}

void
file_drop(struct file_new *f)
{
	if (f->tmp[0] == '\0')
		return;
	if (f->fd >= 0)
		close(f->fd);
	(void)unlink(f->tmp);
	f->tmp[0] = '\0';
}

static enum status
write_then(const char *path, struct bytes data, mode_t mode, bool replace,
    struct diag *d)
{
	struct file_new f = { .fd = -1 };
	enum status st;

	if ((st = may_stand_at(path, replace, d)) == ST_OK &&
	    (st = begin(&f, path, d)) == ST_OK &&
	    (st = file_add(&f, data, d)) == ST_OK)
		st = put_in_place(&f, mode, replace, d);
	file_drop(&f);
	return st;
}

enum status
file_write(const char *path, struct bytes data, mode_t mode, struct diag *d)
{
	return write_then(path, data, mode, true, d);
}

enum status
file_create(const char *path, struct bytes data, mode_t mode, struct diag *d)
{
	struct stat sb;

	if (lstat(path, &sb) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    path);
	return write_then(path, data, mode, false, d);
}

enum status
file_mkdir(const char *path, mode_t mode, struct diag *d)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return ST_OK;
	return diag_errno(d, ST_CANT_CREATE, path);
}
