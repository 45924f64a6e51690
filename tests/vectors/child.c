#include "tests/vectors/child.h"

#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/wait.h>

enum { ANSWER_MAX = 1 << 20 };

extern char **environ;

static int
memory_file(struct bytes content)
{
	int fd = memfd_create("vector", MFD_CLOEXEC);

	if (fd < 0 || write(fd, content.p, content.len) !=
	    (ssize_t)content.len || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* Files on all three, not pipes: nobody waits for anybody. */
static int
run(const char *path, char *const argv[], const int fd[3])
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = 0;
	bool up;

	if (posix_spawn_file_actions_init(&actions) != 0)
		abort();
	for (int i = 0; i < 3; i++)
		(void)posix_spawn_file_actions_adddup2(&actions, fd[i], i);
	up = posix_spawn(&pid, path, &actions, NULL, argv, environ) == 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	if (!up || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}

static char *
contents(int fd)
{
	char *text = malloc(ANSWER_MAX);
	ssize_t n;

	if (text == NULL || lseek(fd, 0, SEEK_SET) != 0 ||
	    (n = read(fd, text, ANSWER_MAX - 1)) < 0)
		abort();
	text[n] = '\0';
	return text;
}

bool
child_inspect(struct suite *s, const char *file, const char *const args[],
    struct bytes in, struct child *out)
{
	const struct bytes none = { NULL, 0 };
	int fd[3] = { memory_file(in), memory_file(none), memory_file(none) };
	char path[PATH_MAX], *argv[CHILD_ARGS + 5], *text, *talk;
	size_t n = 0;

	(void)snprintf(path, sizeof(path), "%s/cedula-verifier", s->bin);
	argv[n++] = path;
	argv[n++] = strdup("inspect");
	argv[n++] = strdup("--json");
	while (args[n - 3] != NULL && n < CHILD_ARGS + 3) {
		argv[n] = strdup(args[n - 3]);
		n++;
	}
	argv[n++] = strdup("-");
	argv[n] = NULL;
	out->status = run(path, argv, fd);
	text = contents(fd[1]);
	talk = contents(fd[2]);
	out->answer = json_loads(text,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!json_is_object(out->answer) || out->status < 0 ||
	    out->status > 3 || strchr(text, '\n') != text + strlen(text) - 1) {
		suite_fail(s, file, NULL, "%s ended with %d, printed %s and "
		    "said %s", path, out->status, text, talk);
		child_free(out);
	}
	free(text);
	free(talk);
	for (size_t i = 1; i < n; i++)
		free(argv[i]);
	for (int i = 0; i < 3; i++)
		(void)close(fd[i]);
	return out->answer != NULL;
}

void
child_free(struct child *c)
{
	json_decref(c->answer);
	c->answer = NULL;
}

const char *
child_text(const struct child *c, const char *key)
{
	const char *text = json_text_at(c->answer, key, NULL);

	return text != NULL ? text : "";
}
