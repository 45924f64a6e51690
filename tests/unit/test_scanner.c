/* The verifier's side of cedula-scan, against programs that misbehave: each is
 * a small shell script in a folder of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "verifier/scanner.h"

#define SOON 10000	/* ms: more than any of these needs, even on a slow CI */
#define SHORT 300	/* ms: for those that hang */

static char folder[] = "/tmp/test_scanner.XXXXXX";
static char program[sizeof(folder) + 8];
static uint8_t *picture;
#define PICTURE_LEN ((size_t)4 << 20)

static const struct {
	const char *why, *script;
	int patience;
	enum status want;
	size_t n;			/* texts */
	const char *first;		/* NULL: any */
} cases[] = {
	{ "one text", "cat >/dev/null; echo 'NIC1:AB C'", SOON, ST_OK, 1,
	    "NIC1:AB C" },
	{ "two texts", "cat >/dev/null; echo A; echo B", SOON, ST_OK, 2, "A" },
	{ "the whole picture arrives", "wc -c | tr -d ' '", SOON, ST_OK, 1,
	    "4194304" },
	{ "no symbol", "cat >/dev/null; exit 3", SOON, ST_OK, 0, NULL },
	{ "asked for stdin and a language", "echo \"$*\"", SOON, ST_OK, 1,
	    "--lang en -" },
	{ "no environment", "wc -c </proc/$$/environ", SOON, ST_OK, 1, "0" },
	{ "no other descriptor", "[ -e /proc/$$/fd/57 ] && echo leak || echo none",
	    SOON, ST_OK, 1, "none" },
	/* By builtins alone: a shell blocks signals while it forks. */
	{ "no signal is blocked",
	    "while read -r k v; do [ \"$k\" = SigBlk: ] && echo \"$v\"; done </proc/$$/status; exit 0",
	    SOON, ST_OK, 1, "0000000000000000" },
	{ "answers before it reads: no deadlock",
	    "i=0; while [ $i -lt 16 ]; do printf '%08000d\\n' $i; i=$((i+1)); done; cat >/dev/null",
	    SOON, ST_OK, 16, NULL },
	{ "never reads", "exec <&-; echo A", SOON, ST_OK, 1, "A" },
	{ "longest text", "printf '%08192d\\n' 0", SOON, ST_OK, 1, NULL },
	{ "a text too long", "printf '%08193d\\n' 0", SOON, ST_INTERNAL, 0,
	    NULL },
	{ "17 texts", "i=0; while [ $i -lt 17 ]; do echo $i; i=$((i+1)); done",
	    SOON, ST_INTERNAL, 0, NULL },
	{ "found, it says, and gives nothing", "exit 0", SOON, ST_INTERNAL, 0,
	    NULL },
	{ "none found, it says, and gives one", "echo A; exit 3", SOON,
	    ST_INTERNAL, 0, NULL },
	{ "partial last line", "echo A; printf B", SOON, ST_INTERNAL, 0, NULL },
	{ "an empty line", "echo A; echo", SOON, ST_INTERNAL, 0, NULL },
	{ "a control byte", "printf 'A\\033[2J\\n'", SOON, ST_INTERNAL, 0,
	    NULL },
	{ "NUL", "printf 'A\\000B\\n'", SOON, ST_INTERNAL, 0, NULL },
	{ "DEL", "printf 'A\\177\\n'", SOON, ST_INTERNAL, 0, NULL },
	{ "beyond ASCII", "printf '\\303\\261\\n'", SOON, ST_INTERNAL, 0, NULL },
	{ "a flood", "exec yes AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", SOON,
	    ST_INTERNAL, 0, NULL },
	{ "a flood of talk, then a text",
	    "head -c 300000 /dev/zero >&2; echo A", SOON, ST_OK, 1, "A" },
	{ "hangs", "exec sleep 60", SHORT, ST_INTERNAL, 0, NULL },
	{ "gives a text and hangs", "echo A; exec sleep 60", SHORT,
	    ST_INTERNAL, 0, NULL },
	{ "closes its output and hangs", "exec >&- 2>&-; exec sleep 60", SHORT,
	    ST_INTERNAL, 0, NULL },
	{ "gives a text, then a signal", "echo A; kill -SEGV $$", SOON,
	    ST_INTERNAL, 0, NULL },
	{ "killed as the sandbox kills", "kill -SYS $$", SOON, ST_INTERNAL, 0,
	    NULL },
	{ "a text, then a bad end", "echo A; exit 1", SOON, ST_INTERNAL, 0,
	    NULL },
	{ "exit 64", "exit 64", SOON, ST_INTERNAL, 0, NULL },
	{ "exit 66", "exit 66", SOON, ST_INTERNAL, 0, NULL },
	{ "exit 70", "exit 70", SOON, ST_INTERNAL, 0, NULL },
	{ "exit 74", "exit 74", SOON, ST_INTERNAL, 0, NULL },
	{ "a bad picture", "exit 65", SOON, ST_MALFORMED, 0, NULL },
	{ "a bad picture, with a text", "echo A; exit 65", SOON, ST_MALFORMED,
	    0, NULL },
};

static void
write_program(const char *script, mode_t mode)
{
	FILE *f = fopen(program, "w");

	assert_non_null(f);
	assert_true(fprintf(f, "#!/bin/sh\n%s\n", script) > 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(program, mode), 0);
}

static int64_t
seconds(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return t.tv_sec;
}

static void
test_cases(void **state)
{
	(void)state;
	assert_int_equal(dup2(STDERR_FILENO, 57), 57);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scan_texts t;
		struct diag d = { .text = "" };
		int64_t began = seconds();
		enum status st;

		write_program(cases[i].script, 0700);
		st = scanner_read_within(program,
		    bytes_from(picture, PICTURE_LEN), cases[i].patience, &t,
		    &d);
		if (st != cases[i].want || t.n != cases[i].n)
			fail_msg("%s: %s, %zu texts (%s)", cases[i].why,
			    status_token(st), t.n, d.text);
		if (cases[i].first != NULL &&
		    !bytes_equal_text(t.text[0], cases[i].first))
			fail_msg("%s: \"%.*s\"", cases[i].why,
			    (int)t.text[0].len, (const char *)t.text[0].p);
		/* A failure is told, leaves nothing, and soon. */
		assert_true(st == ST_OK || d.text[0] != '\0');
		assert_true(st == ST_OK || t.answer == NULL);
		assert_true(seconds() - began <= SOON / 1000);
		scan_texts_free(&t);
		/* Nobody is left to reap or to run on. */
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		assert_int_equal(errno, ECHILD);
	}
	close(57);
}

static const struct {
	const char *why, *script, *text;	/* NULL: our own sentence */
} complaints[] = {
	{ "its sentence, without its name",
	    "echo 'cedula-scan: the picture is cut short' >&2; exit 65",
	    "the picture is cut short" },
	{ "accents", "echo 'cedula-scan: dañada' >&2; exit 65", "dañada" },
	{ "nothing", "exit 65", NULL },
	{ "its name alone", "echo 'cedula-scan: ' >&2; exit 65", NULL },
	{ "terminal control", "printf '\\033[2Jgreen\\n' >&2; exit 65", NULL },
	{ "not UTF-8", "printf '\\377\\n' >&2; exit 65", NULL },
	{ "two lines", "printf 'a\\nb\\n' >&2; exit 65", NULL },
	{ "too long", "printf '%0401d' 0 >&2; exit 65", NULL },
};

static void
test_complaints(void **state)
{
	static const char ours[] =
	    "the picture is damaged, too large, or neither PNG nor JPEG";

	(void)state;
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]);
	    i++) {
		const char *want = complaints[i].text;
		struct scan_texts t;
		struct diag d = { .text = "" };

		write_program(complaints[i].script, 0700);
		assert_int_equal(scanner_read(program, bytes_text("x"), &t,
		    &d), ST_MALFORMED);
		assert_string_equal(d.text, want != NULL ? want : ours);
		scan_texts_free(&t);
	}
}

static void
test_cannot_start(void **state)
{
	struct scan_texts t;
	struct diag d = { .text = "" };

	(void)state;
	write_program("echo A", 0600);
	assert_int_equal(scanner_read(program, bytes_text("x"), &t, &d),
	    ST_INTERNAL);
	assert_non_null(strstr(d.text, program));
	assert_int_equal(scanner_read("/nowhere/cedula-scan", bytes_text("x"),
	    &t, &d), ST_INTERNAL);
	assert_int_equal(scanner_read(program,
	    bytes_from(picture, (size_t)SCAN_FILE_MAX + 1), &t, &d),
	    ST_TOO_BIG);
	assert_null(t.answer);
	scan_texts_free(&t);
}

/* The caller's own signals and descriptors are as before; no leak of any. */
static void
test_leaves_no_trace(void **state)
{
	struct sigaction act;
	struct scan_texts t;
	struct diag d;
	sigset_t mask;
	int before = dup(0), after;

	(void)state;
	close(before);
	write_program("exec <&-; sleep 0.1; echo A", 0700);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(scanner_read(program,
		    bytes_from(picture, PICTURE_LEN), &t, &d), ST_OK);
		scan_texts_free(&t);
	}
	after = dup(0);
	close(after);
	assert_int_equal(before, after);
	assert_int_equal(sigaction(SIGPIPE, NULL, &act), 0);
	assert_true(act.sa_handler == SIG_DFL);
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	assert_int_equal(sigismember(&mask, SIGPIPE), 0);
}

/* A caller without standard descriptors: ours must not fall into their places
 * and be overwritten. */
static void
test_closed_descriptors(void **state)
{
	int how;
	pid_t pid;

	(void)state;
	write_program("wc -c | tr -d ' '", 0700);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct scan_texts t;
		struct diag d;

		for (int i = 0; i < 3; i++)
			close(i);
		_exit(scanner_read(program, bytes_from(picture, PICTURE_LEN),
		    &t, &d) == ST_OK && t.n == 1 &&
		    bytes_equal_text(t.text[0], "4194304") ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_int_equal(how, 0);
}

static void
test_is_picture(void **state)
{
	static const struct {
		const char *file;
		size_t len;
		bool want;
	} files[] = {
		{ "\x89PNG\r\n\x1a\n", 8, true },
		{ "\x89PNG\r\n\x1a\n?", 9, true },
		{ "\x89PNG\r\n\x1a", 7, false },
		{ "\x89PNG\n\x1a\n\0", 8, false },
		{ "\xff\xd8\xff", 3, true },
		{ "\xff\xd8", 2, false },
		{ "GIF89a--", 8, false },
		{ "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_true(scanner_is_picture(bytes_from(files[i].file,
		    files[i].len)) == files[i].want);
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL ||
	    (picture = calloc(1, PICTURE_LEN)) == NULL)
		return -1;
	(void)snprintf(program, sizeof(program), "%s/scan", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(picture);
	(void)unlink(program);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_complaints),
		cmocka_unit_test(test_cannot_start),
		cmocka_unit_test(test_leaves_no_trace),
		cmocka_unit_test(test_closed_descriptors),
		cmocka_unit_test(test_is_picture),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
