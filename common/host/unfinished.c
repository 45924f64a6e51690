#include "common/host/unfinished.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RANDOM 6	/* mkstemp's characters */

/* ---- one's own ---------------------------------------------------------- */

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
static char doomed[PATH_MAX];
static struct sigaction before[sizeof(ends) / sizeof(ends[0])];

/* Reset by SA_RESETHAND: the second one ends the program. */
static void
remove_and_end(int sig)
{
	(void)unlink(doomed);
	(void)raise(sig);
}

void
unfinished_begin(int fd, const char *path)
{
	struct sigaction act = { .sa_flags = (int)SA_RESETHAND };

	(void)flock(fd, LOCK_EX | LOCK_NB);
	(void)snprintf(doomed, sizeof(doomed), "%s", path);
	act.sa_handler = remove_and_end;
	(void)sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)sigaction(ends[i], NULL, &before[i]);
		/* nohup stays what it is. */
		if (before[i].sa_handler != SIG_IGN)
			(void)sigaction(ends[i], &act, NULL);
	}
}

void
unfinished_end(void)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		(void)sigaction(ends[i], &before[i], NULL);
	doomed[0] = '\0';
}

/* ---- those of others ---------------------------------------------------- */

static bool
is_marked(const char *name)
{
	size_t n = strlen(name), mark = strlen(UNFINISHED_MARK);

	return n > mark + RANDOM && strncmp(name + n - RANDOM - mark,
	    UNFINISHED_MARK, mark) == 0;
}

/* One that cannot be opened is another account's: named all the same. */
static bool
is_in_use(int dir, const char *name)
{
	int fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool locked;

	if (fd < 0)
		return false;
	locked = flock(fd, LOCK_SH | LOCK_NB) != 0;
	close(fd);
	return locked;
}

enum status
unfinished_find(const char *path, void (*each)(void *arg, const char *file),
    void *arg, struct diag *d)
{
	char file[PATH_MAX + NAME_MAX + 1], folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int len = slash == NULL ? 0 : (int)(slash - path) + 1;
	struct dirent *e;
	struct stat sb;
	DIR *dir;

	(void)snprintf(folder, sizeof(folder), "%.*s",
	    slash == NULL ? 1 : len, slash == NULL ? "." : path);
	if ((dir = opendir(folder)) == NULL)
		return diag_errno(d, ST_IO, folder);
	while ((e = readdir(dir)) != NULL) {
		if (!is_marked(e->d_name) || fstatat(dirfd(dir), e->d_name, &sb,
		    AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(sb.st_mode) ||
		    is_in_use(dirfd(dir), e->d_name))
			continue;
		(void)snprintf(file, sizeof(file), "%.*s%s", len, path,
		    e->d_name);
		each(arg, file);
	}
	(void)closedir(dir);
	return ST_OK;
}
