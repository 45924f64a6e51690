/*
 * A signer in a token over many signatures, with the session lost between two
 * of them. The token is SoftHSM's; tests/hsm/shim.c loses the session.
 */
#include "tests/unit/check.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cose.h"
#include "common/host/file.h"
#include "common/host/program.h"
#include "keys/pkcs11.h"
#include "keys/signer.h"

enum { SIGNATURES = 24 };

static const char softhsm[] = "/usr/lib/softhsm/libsofthsm2.so";

static struct {
	char dir[64], pin[96], uri[PATH_MAX + 64];
} t;

/* The program's talk is thrown away: this one's is TAP. */
static bool
run(const char *command)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		(void)dup2(null, STDOUT_FILENO);
		(void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
write_text(const char *path, const char *text)
{
	assert_int_equal(file_write(path, bytes_text(text), 0600, NULL), ST_OK);
}

static int
setup(void **state)
{
	char path[128], text[160], shim[PATH_MAX];
	struct custody c = { .ref = t.uri, .passphrase_file = t.pin };
	struct pkcs11 *made = NULL;
	struct diag d = { "" };

	(void)state;
	if (access(softhsm, R_OK) != 0)
		return 0;
	(void)snprintf(t.dir, sizeof(t.dir), "/tmp/cedula-token-XXXXXX");
	assert_non_null(mkdtemp(t.dir));
	(void)snprintf(t.pin, sizeof(t.pin), "%s/pin", t.dir);
	write_text(t.pin, "12345678\n");
	(void)snprintf(path, sizeof(path), "%s/tokens", t.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(text, sizeof(text), "directories.tokendir = %s\n", path);
	(void)snprintf(path, sizeof(path), "%s/softhsm.conf", t.dir);
	write_text(path, text);
	(void)setenv("SOFTHSM2_CONF", path, 1);
	(void)setenv("CEDULA_SHIM_MODULE", softhsm, 1);
	assert_true(run("softhsm2-util --init-token --free --label unit"
	    " --pin 12345678 --so-pin 00000000"));
	assert_true(program_beside("../hsm/shim.so", shim));
	(void)snprintf(t.uri, sizeof(t.uri),
	    "pkcs11:token=unit;object=key?module-path=%s", shim);
	if (pkcs11_generate(&c, ALG_ES256, &made, &d) != ST_OK)
		fail_msg("%s", d.text);
	pkcs11_close(made);
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	if (t.dir[0] == '\0')
		return 0;
	(void)snprintf(command, sizeof(command), "rm -rf %s", t.dir);
	return run(command) ? 0 : -1;
}

static struct signer *
open_signer(void)
{
	struct custody c = { .ref = t.uri, .passphrase_file = t.pin };
	struct signer *s = NULL;
	struct diag d = { "" };

	if (t.dir[0] == '\0')
		skip();
	if (signer_open(&c, &s, &d) != ST_OK)
		fail_msg("%s", d.text);
	return s;
}

/* Verified as a verifier does, from the bytes and the public key. */
static void
sign_and_verify(struct signer *s, uint8_t what)
{
	uint8_t payload[] = { 0x41, what }, room[256];
	struct buf out = buf_over(room, sizeof(room));
	struct crypto_key *key = NULL;
	struct cose_sign1 c;
	struct diag d = { "" };

	if (signer_sign1(s, NULL, bytes_from(payload, 2), &out, &d) != ST_OK)
		fail_msg("%s", d.text);
	assert_int_equal(cose_sign1_parse(buf_bytes(&out), CBOR_STRICT, &c),
	    ST_OK);
	assert_int_equal(cose_key_load(signer_public(s), &key), ST_OK);
	assert_int_equal(cose_sign1_verify(&c, key, (struct bytes){ NULL, 0 }),
	    ST_OK);
	/* SoftHSM returns the higher s every second time. */
	assert_true(cose_sign1_has_one_form(buf_bytes(&out), &c));
	crypto_key_free(key);
}

static void
many_in_one_session(void **state)
{
	struct signer *s = open_signer();

	(void)state;
	for (int i = 0; i < SIGNATURES; i++)
		sign_and_verify(s, (uint8_t)i);
	signer_close(s);
}

/* Before the first, between two, before the last. */
static void
lost_between(void **state)
{
	static const char *const at[] = { "1", "7", "24" };

	(void)state;
	for (size_t k = 0; k < sizeof(at) / sizeof(at[0]); k++) {
		struct signer *s;

		(void)setenv("CEDULA_SHIM", "lose", 1);
		(void)setenv("CEDULA_SHIM_AT", at[k], 1);
		s = open_signer();
		for (int i = 0; i < SIGNATURES; i++)
			sign_and_verify(s, (uint8_t)i);
		signer_close(s);
		(void)unsetenv("CEDULA_SHIM");
	}
}

/* Each of its own: the second finds the module as the first found it. */
static void
closed_and_opened(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct signer *s = open_signer();

		sign_and_verify(s, (uint8_t)i);
		signer_close(s);
	}
}

/* What cannot be signed leaves nothing behind, and the signer goes on. */
static void
no_room(void **state)
{
	struct signer *s = open_signer();
	uint8_t payload[] = { 0x40 }, room[32];
	struct buf out = buf_over(room, sizeof(room));
	struct diag d = { "" };

	(void)state;
	assert_int_equal(signer_sign1(s, NULL, bytes_from(payload, 1), &out,
	    &d), ST_TOO_BIG);
	sign_and_verify(s, 1);
	signer_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_in_one_session),
		cmocka_unit_test(lost_between),
		cmocka_unit_test(closed_and_opened),
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
