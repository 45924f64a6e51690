/*
 * What a COSE_Sign1 by a key in a token costs through signer_sign1, beside the
 * bare C_SignInit and C_Sign of the same key, in the same module: ratios,
 * measured in one run, alternating. The token is SoftHSM's, in a folder of its
 * own. Ours also hashes, verifies what the token returned, and encodes.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include <p11-kit/pkcs11.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "keys/pkcs11.h"
#include "keys/signer.h"
#include "tests/bench/bench.h"

enum { ROUNDS = 7, PER_ROUND = 1000 };

static const char module_path[] = "/usr/lib/softhsm/libsofthsm2.so";
static const char uri[] = "pkcs11:token=bench;object=bench"
    "?module-path=/usr/lib/softhsm/libsofthsm2.so";

struct raw {
	CK_FUNCTION_LIST *f;
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
};

/* Microseconds a call: median of the rounds. */
static double
median(double *v)
{
	return bench_median(v, ROUNDS) * 1e6 / PER_ROUND;
}

static void
need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench_hsm: %s failed\n", what);
	exit(70);
}

/* A program with these arguments, its talk thrown away. */
static bool
run(char *const argv[])
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		(void)dup2(null, STDOUT_FILENO);
		(void)execvp(argv[0], argv);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
make_token(const char *dir, char pin[])
{
	char init[] = "softhsm2-util", a[] = "--init-token", b[] = "--free",
	    c[] = "--label", name[] = "bench", e[] = "--pin", g[] = "--so-pin",
	    so[] = "00000000";
	char *argv[] = { init, a, b, c, name, e, pin, g, so, NULL };
	char path[128], text[160];

	(void)snprintf(path, sizeof(path), "%s/tokens", dir);
	need(mkdir(path, 0700) == 0, path);
	(void)snprintf(text, sizeof(text), "directories.tokendir = %s\n", path);
	(void)snprintf(path, sizeof(path), "%s/softhsm.conf", dir);
	need(file_write(path, bytes_text(text), 0600, NULL) == ST_OK, path);
	need(setenv("SOFTHSM2_CONF", path, 1) == 0, "setenv");
	need(run(argv), "softhsm2-util --init-token");
}

/* The key again, in a session of its own: the module is loaded and initialized
 * by the signer, and one log-in is for all sessions. */
static void
open_raw(struct raw *r)
{
	void *module = dlopen(module_path, RTLD_NOW), *symbol;
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE want[] = { { CKA_CLASS, &class, sizeof(class) } };
	CK_SLOT_ID slots[8];
	CK_ULONG n = 8;
	CK_C_GetFunctionList get;

	need(module != NULL, module_path);
	symbol = dlsym(module, "C_GetFunctionList");
	need(symbol != NULL, "dlsym");
	memcpy(&get, &symbol, sizeof(get));
	need(get(&r->f) == CKR_OK, "C_GetFunctionList");
	need(r->f->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK && n > 0,
	    "C_GetSlotList");
	need(r->f->C_OpenSession(slots[0], CKF_SERIAL_SESSION, NULL, NULL,
	    &r->session) == CKR_OK, "C_OpenSession");
	need(r->f->C_FindObjectsInit(r->session, want, 1) == CKR_OK &&
	    r->f->C_FindObjects(r->session, &r->key, 1, &n) == CKR_OK && n == 1,
	    "C_FindObjects");
	(void)r->f->C_FindObjectsFinal(r->session);
}

static void
raw_sign(struct raw *r)
{
	CK_MECHANISM how = { CKM_ECDSA, NULL, 0 };
	CK_BYTE digest[32] = { 1, 2, 3 }, sig[64];
	CK_ULONG len = sizeof(sig);

	need(r->f->C_SignInit(r->session, &how, r->key) == CKR_OK &&
	    r->f->C_Sign(r->session, digest, sizeof(digest), sig, &len) ==
	    CKR_OK && len == sizeof(sig), "C_Sign");
}

/* A payload as long as a card's. */
static void
our_sign(struct signer *s)
{
	static const uint8_t payload[700] = { 0xa1 };
	uint8_t room[1024];
	struct buf out = buf_over(room, sizeof(room));
	struct diag d = { "" };

	need(signer_sign1(s, NULL, bytes_from(payload, sizeof(payload)), &out,
	    &d) == ST_OK, d.text);
}

static void
measure(struct signer *s, struct raw *r)
{
	double raw[ROUNDS], ours[ROUNDS], t, a, b;

	for (int i = 0; i < ROUNDS; i++) {
		t = bench_seconds();
		for (int k = 0; k < PER_ROUND; k++)
			raw_sign(r);
		raw[i] = bench_seconds() - t;
		t = bench_seconds();
		for (int k = 0; k < PER_ROUND; k++)
			our_sign(s);
		ours[i] = bench_seconds() - t;
	}
	a = median(raw);
	b = median(ours);
	printf("bench_hsm: SoftHSM, ES256, %d rounds of %d, medians, one run\n",
	    ROUNDS, PER_ROUND);
	printf("  sign:   C_Sign %6.1f us, COSE_Sign1 of 700 bytes, verified %6.1f us, ratio %.2f\n",
	    a, b, b / a);
}

int
main(void)
{
	char dir[] = "/tmp/cedula-bench-XXXXXX", pin[] = "12345678";
	char rm[] = "rm", rf[] = "-rf", file[64];
	char *remove_all[] = { rm, rf, dir, NULL };
	struct custody c = { .ref = uri, .passphrase_file = file };
	struct pkcs11 *made = NULL;
	struct signer *s = NULL;
	struct raw r = { 0 };
	struct diag d = { "" };

	if (access(module_path, R_OK) != 0) {
		printf("bench_hsm: softhsm2 is not installed\n");
		return 0;
	}
	need(mkdtemp(dir) != NULL, dir);
	make_token(dir, pin);
	(void)snprintf(file, sizeof(file), "%s/pin", dir);
	need(file_write(file, bytes_text(pin), 0600, NULL) == ST_OK, file);
	need(pkcs11_generate(&c, ALG_ES256, &made, &d) == ST_OK, d.text);
	pkcs11_close(made);
	need(signer_open(&c, &s, &d) == ST_OK, d.text);
	open_raw(&r);
	measure(s, &r);
	signer_close(s);
	(void)run(remove_all);
	return 0;
}
