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

#include <jansson.h>

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

/* A bundle whose head is over that entry. */
static void
save_bundle(const char *name, const struct made *m)
{
	static uint8_t room[1 << 16];
	struct buf b = buf_over(room, sizeof(room));

	fx_put_list(fx, fx->root, &b);
	if (m != NULL)
		put_head(fx->status, "SJO", m, &b);
	save(name, buf_bytes(&b));
}

static void
save_proof(struct signer *by, const char *office, const struct made *m)
{
	uint8_t room[LOG_PROOF_MAX], head[LOG_SIGNED_MAX];
	struct buf b = buf_over(room, sizeof(room));
	struct buf h = buf_over(head, sizeof(head));
	struct log_proof p = { .kind = LOG_INCLUSION, .entry = m->entry };

	put_head(by, office, m, &h);
	p.head = buf_bytes(&h);
	assert_int_equal(log_proof_encode(&p, &b), ST_OK);
	save("p.proof", buf_bytes(&b));
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

/* ---- proofs that do not fit ---------------------------------------------- */

#define GIVEN "--proof", in_dir("p.proof"), in_dir("card.txt")
#define LOGGED "--log", in_dir("SJO.log"), GIVEN

/* An honest office's proof, with its log and without. */
static void
test_honest(void **state)
{
	struct made m;

	(void)state;
	make_entry(a_card(FX_URI), 1, &m);
	save_bundle("b.trust", &m);
	save_proof(fx->status, "SJO", &m);
	save("SJO.log", m.entry);
	assert_int_equal(AUDIT(GIVEN), 0);
	SAYS("card SJO000001 is registered (entry 0)");
	assert_int_equal(AUDIT(LOGGED), 0);
	SAYS("card SJO000001 is registered (entry 0), valid by the log");
	assert_int_equal(AUDIT("--json", GIVEN), 0);
	SAYS("\"registered\":true,\"entry\":0,\"status\":null");
}

/* A thief of SJO's document signer and MGA's status signer: MGA has logged it,
 * and SJO has not. */
static void
test_another_office(void **state)
{
	struct made other, stolen;

	(void)state;
	make_entry(a_card(FX_URI), 1, &stolen);
	make_entry(bytes_from(NULL, 0), 1, &other);
	save_bundle("b.trust", &other);
	save("SJO.log", other.entry);
	save_proof(fx->other_status, "MGA", &stolen);
	assert_int_equal(AUDIT(GIVEN), 2);
	SAYS("p.proof: FORGED: ");
	SAYS("no proof given here is of card SJO000001");
	assert_int_equal(AUDIT(LOGGED), 2);
	SAYS("p.proof: FORGED: ");
	SAYS("card SJO000001 is SIGNED BUT NOT REGISTERED");
	assert_int_equal(AUDIT("--json", LOGGED), 2);
	SAYS("\"registered\":false,\"entry\":null");
}

/* SJO has signed a head of another log, which has the card: with the log given,
 * the log alone says what is registered. */
static void
test_two_logs(void **state)
{
	struct made other, stolen;

	(void)state;
	make_entry(a_card(FX_URI), 1, &stolen);
	make_entry(bytes_from(NULL, 0), 1, &other);
	save_bundle("b.trust", &other);
	save("SJO.log", other.entry);
	save_proof(fx->status, "SJO", &stolen);
	assert_int_equal(AUDIT(LOGGED), 2);
	SAYS("REWRITTEN: the head of 1 entries");
	SAYS("REWRITTEN: a proof has card SJO000001 as entry 0, and this log does not have it");
	SAYS("card SJO000001 is SIGNED BUT NOT REGISTERED");
	assert_int_equal(AUDIT("--json", LOGGED), 2);
	SAYS("\"registered\":false,\"entry\":null");
}

/* In the log, and elsewhere in the proof's. */
static void
test_another_place(void **state)
{
	uint8_t room[2 * LOG_ENTRY_MAX];
	struct buf log = buf_over(room, sizeof(room));
	struct made other, card;

	(void)state;
	make_entry(a_card(FX_URI), 1, &card);
	make_entry(bytes_from(NULL, 0), 1, &other);
	save_bundle("b.trust", &other);
	buf_put(&log, other.entry.p, other.entry.len);
	buf_put(&log, card.entry.p, card.entry.len);
	save("SJO.log", buf_bytes(&log));
	save_proof(fx->status, "SJO", &card);
	assert_int_equal(AUDIT(LOGGED), 2);
	SAYS("REWRITTEN: a proof has card SJO000001 as entry 0, and this log as entry 1");
}

/* The entry's hash is the card's, and its place is not. */
static void
test_another_list(void **state)
{
	struct made m;

	(void)state;
	make_entry(a_card(FX_URI), 2, &m);
	save_bundle("b.trust", &m);
	save_proof(fx->status, "SJO", &m);
	save("SJO.log", m.entry);
	assert_int_equal(AUDIT(GIVEN), 2);
	SAYS("SIGNED BUT NOT REGISTERED as it is: entry 0");
	assert_int_equal(AUDIT(LOGGED), 2);
	SAYS("SIGNED BUT NOT REGISTERED as it is: entry 0");
}

/* ---- places that the log does not have ----------------------------------- */

static void
test_empty_log(void **state)
{
	struct made m;

	(void)state;
	make_entry(a_card(FX_URI), 1, &m);
	save_bundle("b.trust", &m);
	save_proof(fx->status, "SJO", &m);
	save("SJO.log", bytes_from(NULL, 0));
	assert_int_equal(AUDIT(LOGGED), 2);
	SAYS("was signed and this log has 0 entries");
	SAYS("card SJO000001 is SIGNED BUT NOT REGISTERED");
	SAYS("and this log does not have it");
}

/* A list that the log never names; and one past all that it may name. */
static void
test_other_lists(void **state)
{
	static const struct {
		const char *uri;
		uint32_t number;
	} lists[] = {
		{ "urn:cedula:NIC:SJO:3", 3 }, { "urn:cedula:NIC:SJO:65", 65 },
		{ "urn:cedula:NIC:SJO:999999", 999999 },
	};
	struct made other, m;

	(void)state;
	make_entry(bytes_from(NULL, 0), 1, &other);
	save("SJO.log", other.entry);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		make_entry(a_card(lists[i].uri), lists[i].number, &m);
		save_bundle("b.trust", &other);
		save_proof(fx->status, "SJO", &m);
		assert_int_equal(AUDIT(LOGGED), 2);
		SAYS("card SJO000001 is SIGNED BUT NOT REGISTERED");
	}
	/* In the log itself it is too much for us. */
	save_bundle("b.trust", &m);
	save("SJO.log", m.entry);
	assert_int_equal(AUDIT(LOGGED), 65);
	SAYS("names more than 64 status lists");
}

/* ---- what is given, and what is told ------------------------------------- */

/* As it comes by mail: a byte order mark, blanks, lines broken. */
static void
test_pasted(void **state)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf, ' ', '\r', '\n' };
	uint8_t room[2 * TOKEN_TEXT_MAX], *text = NULL;
	struct buf b = buf_over(room, sizeof(room));
	struct made m;
	size_t len;

	(void)state;
	make_entry(a_card(FX_URI), 1, &m);
	save_bundle("b.trust", &m);
	save("SJO.log", m.entry);
	assert_int_equal(file_read(in_dir("card.txt"), TOKEN_TEXT_MAX, &text,
	    &len, NULL), ST_OK);
	buf_put(&b, mark, sizeof(mark));
	for (size_t i = 0; i < len; i++) {
		buf_put_u8(&b, text[i]);
		if (i % 60 == 59)
			buf_put_text(&b, "\r\n");
	}
	buf_put_text(&b, " \r\n\r\n");
	free(text);
	save("card.txt", buf_bytes(&b));
	assert_int_equal(AUDIT("--log", in_dir("SJO.log"), in_dir("card.txt")),
	    0);
	SAYS("card SJO000001 is registered");
}

/* A name of control characters is six times as long in JSON. */
static void
test_long_names(void **state)
{
	char path[4096], part[240];
	size_t len;
	struct made m;
	json_t *json;

	(void)state;
	make_entry(a_card(FX_URI), 1, &m);
	save_bundle("b.trust", &m);
	save("SJO.log", m.entry);
	memset(part, 1, sizeof(part) - 1);
	part[sizeof(part) - 1] = '\0';
	len = (size_t)snprintf(path, sizeof(path), "%s", fx->dir);
	while (len + 2 * sizeof(part) < sizeof(path)) {
		len += (size_t)snprintf(path + len, sizeof(path) - len, "/%s",
		    part);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	(void)snprintf(path + len, sizeof(path) - len, "/b.trust");
	assert_int_equal(link(in_dir("b.trust"), path), 0);
	assert_int_equal(AUDIT("--trust", path, "--log", in_dir("SJO.log"),
	    "--json"), 0);
	json = json_loads(said, 0, NULL);
	if (json == NULL)
		fail_msg("no JSON: %.200s", said);
	assert_string_equal(json_string_value(json_object_get(json_array_get(
	    json_object_get(json, "heads"), 1), "file")), path);
	json_decref(json);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_part_numbers), TEST(test_honest),
		TEST(test_another_office), TEST(test_two_logs),
		TEST(test_another_place), TEST(test_another_list),
		TEST(test_empty_log), TEST(test_other_lists),
		TEST(test_pasted), TEST(test_long_names),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
