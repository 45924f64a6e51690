/* The auditor as a program, given what no honest office hands out: each case in
 * a process of its own, so that one that dies is seen. */
#include "tests/unit/check.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/logentry.h"
#include "common/logproof.h"
#include "common/pem.h"
#include "common/token.h"
#include "tests/unit/fixture.h"
#include "verifier/command.h"

static struct fixture *fx;
static char said[1 << 16];
static char names[8][160];

/* The file of that name in the fixture's folder; eight are alive at a time. */
static const char *
in_dir(const char *name)
{
	static size_t n;
	char *out = names[n++ % 8];

	(void)snprintf(out, sizeof(names[0]), "%s/%s", fx->dir, name);
	return out;
}

static void
save(const char *name, struct bytes b)
{
	assert_int_equal(file_write(in_dir(name), b, 0644, NULL), ST_OK);
}

static int
setup(void **state)
{
	uint8_t pem[512];
	struct buf b = buf_over(pem, sizeof(pem));

	(void)state;
	fx = fx_new();
	if (pem_encode(signer_public(fx->root), &b) != ST_OK)
		return -1;
	save("NIC.pem", buf_bytes(&b));
	return 0;
}

static int
teardown(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		(void)execl("/bin/rm", "rm", "-rf", fx->dir, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		return -1;
	fx_free(fx);
	return 0;
}

/* The auditor's exit status; what it printed is in said. */
static int
audit(const char *const args[], size_t n)
{
	char *argv[24] = { (char *)(uintptr_t)"audit" };
	const char *out = in_dir("said");
	uint8_t *text = NULL;
	size_t len;
	pid_t child;
	int status;

	for (size_t i = 0; i < n; i++)
		argv[i + 1] = (char *)(uintptr_t)args[i];
	(void)fflush(NULL);
	if ((child = fork()) == 0) {
		int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		(void)dup2(fd, STDOUT_FILENO);
		(void)dup2(fd, STDERR_FILENO);
		exit(command_audit((int)n + 1, argv));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(file_read(out, sizeof(said) - 1, &text, &len, NULL),
	    ST_OK);
	memcpy(said, text, len + 1);
	free(text);
	if (!WIFEXITED(status))
		fail_msg("killed by signal %d: %s", WTERMSIG(status), said);
	return WEXITSTATUS(status);
}

#define AUDIT(...) \
	audit((const char *const[]){ "--anchor", in_dir("NIC.pem"), \
	    "--trust", in_dir("b.trust"), __VA_ARGS__ }, \
	    4 + sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))
#define SAYS(what) \
	do { if (strstr(said, what) == NULL) fail_msg("said: %s", said); } \
	while (0)

/* ---- what an office makes ------------------------------------------------ */

static struct bytes
a_card(const char *uri)
{
	char text[TOKEN_TEXT_MAX];

	fx->claims.status_uri = bytes_text(uri);
	fx_sign(fx, fx->document);
	assert_int_equal(token_wrap(bytes_from(fx->cose, fx->cose_len), text,
	    sizeof(text), NULL), ST_OK);
	save("card.txt", bytes_text(text));
	return bytes_from(fx->cose, fx->cose_len);
}

struct made {
	uint8_t room[LOG_ENTRY_MAX], leaf[MERKLE_HASH];
	struct bytes entry;
};

/* The entry that says what the card says; of no card one of its neighbour. */
static void
make_entry(struct bytes card, uint32_t list, struct made *out)
{
	struct log_entry e = { .kind = LOG_ISSUE, .at = FX_NOW - 10 * FX_DAY,
	    .exp = FX_NOW + 1000 * FX_DAY, .index = FX_INDEX,
	    .list = { "NIC", "SJO", list }, .number = "SJO000001" };
	struct buf b = buf_over(out->room, sizeof(out->room));

	if (card.len == 0) {
		e.number[8] = '9';
		e.index++;
	} else {
		assert_int_equal(crypto_sha256(&card, 1, e.card), ST_OK);
	}
	assert_int_equal(log_entry_encode(&e, &b), ST_OK);
	out->entry = buf_bytes(&b);
	assert_int_equal(merkle_leaf(out->entry, out->leaf), ST_OK);
}

/* A head of one entry. */
static void
put_head(struct signer *by, const char *office, const struct made *m,
    struct buf *out)
{
	uint8_t room[512];
	struct buf payload = buf_over(room, sizeof(room));
	struct log_head h = { .state = "NIC", .iat = FX_NOW, .size = 1 };

	memcpy(h.office, office, 3);
	memcpy(h.root, m->leaf, sizeof(h.root));
	assert_int_equal(log_head_encode(&h, &payload), ST_OK);
	assert_int_equal(signer_sign1(by, LOG_HEAD_TYP, buf_bytes(&payload),
	    out, NULL), ST_OK);
}

/* ---- bundles ------------------------------------------------------------- */

/* The third part is the third, also where a head stands before it. */
static void
test_part_numbers(void **state)
{
	static uint8_t room[1 << 16];
	struct buf b = buf_over(room, sizeof(room));
	struct made m;

	(void)state;
	make_entry(a_card(FX_URI), 1, &m);
	put_head(fx->status, "SJO", &m, &b);
	fx_put_list(fx, fx->root, &b);
	fx_put_status(fx, fx->stranger, &b);
	save("b.trust", buf_bytes(&b));
	save("SJO.log", m.entry);
	assert_int_equal(AUDIT("--log", in_dir("SJO.log")), 65);
	SAYS("part 3 is signed by a key");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_part_numbers, setup,
		    teardown),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
