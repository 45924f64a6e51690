#include "verifier/scan/sandbox.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "verifier/scan/limits.h"

/* AddressSanitizer maps terabytes and, at exit, opens files in /proc and traces
 * itself to look for leaks: under it only CPU time is bounded. Such a build is
 * for tests; the strace test runs on an ordinary one. */
#if defined(__SANITIZE_ADDRESS__)
#define CONFINED false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONFINED false
#else
#define CONFINED true
#endif
#else
#define CONFINED true
#endif

/* The file, its pixels at full size for an interlaced picture or the
 * coefficients of a progressive one, the reduced copy and what zbar makes of
 * it stay below this; so do the libraries, about 60 MB of mappings. */
#define MEMORY_MAX (768ul << 20)

static const char *slow_text;

/* Ends the process from a signal: only write and _exit are safe here. */
static void
too_slow(int sig)
{
	static const char name[] = "cedula-scan: ";

	(void)sig;
	if (write(STDERR_FILENO, name, sizeof(name) - 1) < 0 ||
	    write(STDERR_FILENO, slow_text, strlen(slow_text)) < 0 ||
	    write(STDERR_FILENO, "\n", 1) < 0)
		_exit(status_exit(ST_IO));
	_exit(status_exit(ST_TOO_BIG));
}

static bool
limit(int what, rlim_t soft, rlim_t hard)
{
	struct rlimit now, want = { soft, hard };

	if (getrlimit((__rlimit_resource_t)what, &now) != 0)
		return false;
	/* Never more than whoever started us allows. */
	if (want.rlim_max > now.rlim_max)
		want.rlim_max = now.rlim_max;
	if (want.rlim_cur > now.rlim_cur)
		want.rlim_cur = now.rlim_cur;
	return setrlimit((__rlimit_resource_t)what, &want) == 0;
}

static bool
is_file(int fd)
{
	struct stat sb;

	return fstat(fd, &sb) == 0 && S_ISREG(sb.st_mode);
}

static bool
limit_resources(void)
{
	/* A shell may have sent our answer to a file: then it must grow. */
	bool grows = is_file(STDOUT_FILENO) || is_file(STDERR_FILENO);

	if (!limit(RLIMIT_CPU, SCAN_CPU_SECONDS, SCAN_CPU_SECONDS + 1) ||
	    !limit(RLIMIT_CORE, 0, 0) ||
	    !(grows || limit(RLIMIT_FSIZE, 0, 0)))
		return false;
	return !CONFINED || (limit(RLIMIT_NOFILE, 0, 0) &&
	    limit(RLIMIT_AS, MEMORY_MAX, MEMORY_MAX));
}

/* The kernel looks at the low half of a descriptor only; so do we. */
#define FD_BITS 0xffffffffu

/* What remains allowed. No read: the picture is in memory already. */
static bool
allow_needed(scmp_filter_ctx f)
{
	static const int plain[] = {
		SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
		SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(getrandom),
		SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
		SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
		SCMP_SYS(exit), SCMP_SYS(exit_group),
		SCMP_SYS(sysinfo),	/* qsort sizes its copy by it */
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (seccomp_rule_add(f, SCMP_ACT_ALLOW, plain[i], 0) != 0)
			return false;
	return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, FD_BITS, STDOUT_FILENO)) == 0 &&
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, FD_BITS, STDERR_FILENO)) == 0 &&
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

/* A symbol may name a character set (ECI) whose tables zbar then asks the C
 * library to load. That is the picture's wish, not an attack: it is refused,
 * and the process lives. Every other breach kills. */
static bool
refuse_opening(scmp_filter_ctx f)
{
	return seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open),
	    0) == 0 &&
	    seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat),
	    0) == 0;
}

static bool
filter_calls(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok;

	if (f == NULL)
		return false;
	ok = allow_needed(f) && refuse_opening(f) && seccomp_load(f) == 0;
	seccomp_release(f);
	return ok;
}

enum status
sandbox_enter(const char *slow, struct diag *d)
{
	struct sigaction act = { .sa_handler = too_slow };

	slow_text = slow;
	(void)sigemptyset(&act.sa_mask);
	if (sigaction(SIGXCPU, &act, NULL) != 0 || !limit_resources() ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    (CONFINED && (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    !filter_calls())))
		return diag_set(d, ST_INTERNAL,
		    _("cannot give up its powers on this system, so the picture is not read"));
	return ST_OK;
}
