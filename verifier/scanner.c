#include "verifier/scanner.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/host/program.h"
#include "common/text.h"

#define ANSWER_MAX 160000	/* bytes: SCAN_TEXTS_MAX texts and room */
#define COMPLAINT_MAX 400	/* bytes of standard error we may repeat */

enum { IN, OUT, ERR, PIPES };

/* One run of the program, from our side. */
struct run {
	pid_t pid;			/* 0: none to reap */
	int fd[PIPES];			/* our ends; -1 when closed */
	struct bytes unsent;
	struct buf answer, complaint;
	int64_t deadline;		/* milliseconds, monotonic */
	int how;			/* it ended, as waitpid tells */
};

static bool
starts_with(struct bytes b, const char *magic)
{
	struct bytes m = bytes_text(magic);

	return b.len >= m.len && bytes_equal(bytes_from(b.p, m.len), m);
}

bool
scanner_is_picture(struct bytes file)
{
	return starts_with(file, "\x89PNG\r\n\x1a\n") ||
	    starts_with(file, "\xff\xd8\xff");
}

void
scan_texts_free(struct scan_texts *t)
{
	if (t->answer != NULL)
		explicit_bzero(t->answer, t->answer_len);
	free(t->answer);
	*t = (struct scan_texts){ 0 };
}

/* Patience is measured on a clock that nobody sets. */
static int64_t
milliseconds(void)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);	/* Linux always can */
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* A pipe of which no end is 0, 1 or 2: whoever calls may have closed those,
 * and the child's would then be overwritten while they are put in place. */
static bool
pipe_above(int ends[2])
{
	int raw[2];

	ends[0] = ends[1] = -1;
	if (pipe2(raw, O_CLOEXEC) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, 3);
		close(raw[i]);
	}
	if (ends[0] >= 0 && ends[1] >= 0)
		return true;
	close_end(&ends[0]);
	close_end(&ends[1]);
	return false;
}

/* Starts the program with theirs[] as 0, 1 and 2 and no other descriptor, no
 * environment, and the signals of a fresh process. */
static bool
spawn(struct run *r, const char *program, const int theirs[PIPES])
{
	/* posix_spawn takes char *const for history's sake; it changes none. */
	char name[] = "cedula-scan", lang[] = "--lang", dash[] = "-";
	char language[8] = "";
	char *argv[] = { name, lang, language, dash, NULL };
	char *environment[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, defaults;
	int e;

	(void)bytes_to_text(bytes_text(program_language_now()), language,
	    sizeof(language));
	if (posix_spawn_file_actions_init(&files) != 0)
		return false;
	if (posix_spawnattr_init(&attr) != 0) {
		(void)posix_spawn_file_actions_destroy(&files);
		return false;
	}
	(void)sigemptyset(&none);
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE);
	(void)sigaddset(&defaults, SIGXCPU);
	e = posix_spawnattr_setsigmask(&attr, &none);
	e = e != 0 ? e : posix_spawnattr_setsigdefault(&attr, &defaults);
	e = e != 0 ? e : posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	for (int i = 0; i < PIPES && e == 0; i++)
		e = posix_spawn_file_actions_adddup2(&files, theirs[i], i);
	e = e != 0 ? e : posix_spawn_file_actions_addclosefrom_np(&files, 3);
	e = e != 0 ? e : posix_spawn(&r->pid, program, &files, &attr, argv,
	    environment);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&files);
	if (e != 0)
		r->pid = 0;
	errno = e;
	return e == 0;
}

static bool
start(struct run *r, const char *program)
{
	int theirs[PIPES] = { -1, -1, -1 };
	bool ok = true;

	for (int i = 0; i < PIPES && ok; i++) {
		int ends[2];

		ok = pipe_above(ends);
		theirs[i] = ends[i == IN ? 0 : 1];
		r->fd[i] = ends[i == IN ? 1 : 0];
		/* poll says when; a write must never wait for the child. */
		ok = ok && fcntl(r->fd[i], F_SETFL, O_NONBLOCK) == 0;
	}
	ok = ok && spawn(r, program, theirs);
	for (int i = 0; i < PIPES; i++)
		close_end(&theirs[i]);
	return ok;
}

static void
send_some(struct run *r)
{
	ssize_t n = write(r->fd[IN], r->unsent.p, r->unsent.len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* It need not read everything: what it made of it is what counts. */
	if (n < 0) {
		close_end(&r->fd[IN]);
		return;
	}
	r->unsent.p += n;
	r->unsent.len -= (size_t)n;
	if (r->unsent.len == 0)
		close_end(&r->fd[IN]);
}

/* Appends what there is. A full buffer goes bad and takes no more. */
static void
take_some(int *fd, struct buf *to)
{
	uint8_t chunk[16384];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		close_end(fd);
	else
		buf_put(to, chunk, (size_t)n);
}

/* Sends and takes until the program has closed its ends. False when it talked
 * too much or time ran out. */
static bool
converse(struct run *r)
{
	while (r->fd[OUT] >= 0 || r->fd[ERR] >= 0) {
		struct pollfd p[PIPES];
		int64_t left = r->deadline - milliseconds();

		if (left <= 0 || r->answer.bad)
			return false;
		for (int i = 0; i < PIPES; i++)	/* fd -1 is passed over */
			p[i] = (struct pollfd){
				r->fd[i], i == IN ? POLLOUT : POLLIN, 0
			};
		if (poll(p, PIPES, (int)left) < 0 && errno != EINTR)
			return false;
		if (p[IN].revents != 0)
			send_some(r);
		if (p[OUT].revents != 0)
			take_some(&r->fd[OUT], &r->answer);
		if (p[ERR].revents != 0)
			take_some(&r->fd[ERR], &r->complaint);
	}
	return !r->answer.bad;
}

/* Waits for the end within the deadline. It closed its pipes already, so it is
 * on its way out, and 2 ms steps cost nothing. */
static bool
await(struct run *r)
{
	for (;;) {
		pid_t got = waitpid(r->pid, &r->how, WNOHANG);

		if (got == r->pid) {
			r->pid = 0;
			return true;
		}
		if ((got < 0 && errno != EINTR) ||
		    milliseconds() >= r->deadline)
			return false;
		(void)poll(NULL, 0, 2);
	}
}

static void
end(struct run *r)
{
	for (int i = 0; i < PIPES; i++)
		close_end(&r->fd[i]);
	if (r->pid == 0)
		return;
	(void)kill(r->pid, SIGKILL);
	while (waitpid(r->pid, &r->how, 0) < 0 && errno == EINTR)
		;
	r->pid = 0;
}

static bool
is_text(struct bytes line)
{
	if (line.len == 0 || line.len > SCAN_TEXT_MAX)
		return false;
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] < 0x20 || line.p[i] > 0x7e)
			return false;
	return true;
}

/* Whole lines, each a text, at least one. */
static bool
split_lines(struct bytes answer, struct scan_texts *out)
{
	while (answer.len > 0) {
		const uint8_t *end_of = memchr(answer.p, '\n', answer.len);
		struct bytes line;

		if (end_of == NULL || out->n == SCAN_TEXTS_MAX)
			return false;
		line = bytes_from(answer.p, (size_t)(end_of - answer.p));
		if (!is_text(line))
			return false;
		out->text[out->n++] = line;
		answer.p += line.len + 1;
		answer.len -= line.len + 1;
	}
	return out->n > 0;
}

/* Its own words, if they are one decent line: "cedula-scan: why". */
static enum status
repeat_complaint(struct bytes said, struct diag *d)
{
	static const char name[] = "cedula-scan: ";
	size_t skip = starts_with(said, name) ? sizeof(name) - 1 : 0;

	said.p += skip;
	said.len -= skip;
	if (said.len > 0 && said.p[said.len - 1] == '\n')
		said.len--;
	if (said.len == 0 || !text_is_printable(said))
		return diag_set(d, ST_MALFORMED,
		    _("the picture is damaged, too large, or neither PNG nor JPEG"));
	return diag_set(d, ST_MALFORMED, "%.*s", (int)said.len,
	    (const char *)said.p);
}

/* What the way it ended says. */
static enum status
judge(const struct run *r, struct scan_texts *out, struct diag *d)
{
	int code = WIFEXITED(r->how) ? WEXITSTATUS(r->how) : -1;

	if (code == 0 && split_lines(buf_bytes(&r->answer), out))
		return ST_OK;
	if (code == SCAN_EXIT_NONE && r->answer.len == 0)
		return ST_OK;
	if (code == status_exit(ST_MALFORMED))
		return repeat_complaint(buf_bytes(&r->complaint), d);
	if (code < 0)
		return diag_set(d, ST_INTERNAL,
		    _("the picture reader cedula-scan was stopped by signal %d; try another picture"),
		    WTERMSIG(r->how));
	return diag_set(d, ST_INTERNAL,
	    _("the picture reader cedula-scan failed (exit status %d)"), code);
}

static enum status
run_program(struct run *r, const char *program, struct scan_texts *out,
    struct diag *d)
{
	if (!start(r, program))
		return diag_set(d, ST_INTERNAL,
		    _("%s: the picture reader cannot be started: %s"),
		    program, strerror(errno));
	if (r->unsent.len == 0)
		close_end(&r->fd[IN]);
	if (!converse(r) || !await(r)) {
		if (r->answer.bad)
			return diag_set(d, ST_INTERNAL,
			    _("the picture reader cedula-scan said more than it may"));
		return diag_set(d, ST_INTERNAL,
		    _("the picture reader cedula-scan took too long and was stopped; try a smaller picture"));
	}
	return judge(r, out, d);
}

/* Writing to a child that is gone must be an error for us alone and not a
 * signal, without touching how the whole program treats SIGPIPE: it is blocked
 * in this thread, and one that came meanwhile is taken away. */
static enum status
without_sigpipe(struct run *r, const char *program, struct scan_texts *out,
    struct diag *d)
{
	const struct timespec at_once = { 0, 0 };
	sigset_t pipes, before, pending;
	enum status st;

	(void)sigemptyset(&pipes);
	(void)sigaddset(&pipes, SIGPIPE);
	if (sigpending(&pending) != 0 ||
	    pthread_sigmask(SIG_BLOCK, &pipes, &before) != 0)
		return diag_set(d, ST_INTERNAL,
		    _("%s: the picture reader cannot be started: %s"),
		    program, strerror(errno));
	st = run_program(r, program, out, d);
	end(r);
	if (sigismember(&pending, SIGPIPE) == 0)
		while (sigtimedwait(&pipes, NULL, &at_once) < 0 &&
		    errno == EINTR)
			;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return st;
}

enum status
scanner_read_within(const char *scan_program, struct bytes picture,
    int patience, struct scan_texts *out, struct diag *d)
{
	uint8_t complaint[COMPLAINT_MAX];
	struct run r = { .fd = { -1, -1, -1 }, .unsent = picture };
	enum status st;

	*out = (struct scan_texts){ 0 };
	if (picture.len > SCAN_FILE_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("the picture file is larger than %u MB"),
		    SCAN_FILE_MAX >> 20);
	if ((out->answer = malloc(ANSWER_MAX)) == NULL)
		return diag_set(d, ST_INTERNAL,
		    _("not enough memory for the picture"));
	out->answer_len = ANSWER_MAX;
	r.answer = buf_over(out->answer, ANSWER_MAX);
	r.complaint = buf_over(complaint, sizeof(complaint));
	r.deadline = milliseconds() + patience;
	st = without_sigpipe(&r, scan_program, out, d);
	if (st != ST_OK)
		scan_texts_free(out);
	return st;
}

enum status
scanner_read(const char *scan_program, struct bytes picture,
    struct scan_texts *out, struct diag *d)
{
	return scanner_read_within(scan_program, picture, SCANNER_PATIENCE,
	    out, d);
}
