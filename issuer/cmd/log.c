/* log head, log export, log prove, log check. */
#include <sys/stat.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "issuer/audit.h"
#include "issuer/command.h"
#include "issuer/exchange/agree.h"
#include "issuer/permit.h"
#include "issuer/publish.h"
#include "issuer/witness.h"

static struct {
	const char *out, *from;
} given;

static const struct opt out_opts[] = {
	{ .name = "out", .arg = "FILE", .value = &given.out, .required = true,
	    .help = N_("the file to write, or of its kind to replace") },
};

static const struct opt prove_opts[] = {
	{ .name = "from", .arg = "OLD.head", .value = &given.from,
	    .help = N_("prove that the log of this earlier head was only added to") },
	{ .name = "out", .arg = "FILE", .value = &given.out,
	    .help = N_("the proof to write, or another to replace") },
};

/* ---- a slip of the hand costs nobody another file ----------------------- */

static bool
is_head(struct bytes file)
{
	struct bytes cose;
	struct cose_sign1 s;
	struct log_head h;

	return log_head_next(&file, &cose) == ST_OK && file.len == 0 &&
	    log_head_peek(cose, &s, &h) == ST_OK;
}

static bool
is_log(struct bytes file)
{
	struct log_entry e;
	struct bytes raw;

	return file.len == 0 || log_entry_next(&file, &raw, &e) == ST_OK;
}

static bool
is_proof(struct bytes file)
{
	struct log_proof p;

	return log_proof_parse(file, &p) == ST_OK;
}

static enum status
may_replace(const char *path, bool (*ours)(struct bytes file), struct diag *d)
{
	struct stat sb;
	uint8_t *file = NULL;
	size_t len;
	bool yes;
	enum status st;

	if (stat(path, &sb) != 0)
		return errno == ENOENT ? ST_OK : diag_errno(d, ST_IO, path);
	if ((st = file_read(path, LOG_FILE_MAX, &file, &len, d)) != ST_OK)
		return st;
	yes = ours(bytes_from(file, len));
	free(file);
	return yes ? ST_OK : diag_set(d, ST_DATA,
	    _("%s: exists and is something else; move it away or choose another name"),
	    path);
}

static void
answer_head(struct session *s, const struct log_head *h)
{
	char hex[2 * LOG_HASH + 1], when[WHEN_TEXT];

	when_format(h->iat, when);
	(void)bytes_to_hex(bytes_from(h->root, LOG_HASH), hex, sizeof(hex));
	answer_int(s->answer, "size", N_("Entries"), (int64_t)h->size);
	answer_text(s->answer, "signed", N_("Signed"), when);
	answer_text(s->answer, "root", N_("Root"), hex);
}

/* ---- commands ----------------------------------------------------------- */

/* A head that is there was published, perhaps: what it says of this log stays
 * true, and another office's stays. */
static enum status
may_follow(struct session *s, const char *path)
{
	uint8_t *file = NULL;
	struct bytes rest, cose;
	struct cose_sign1 sign1;
	struct log_head was;
	size_t len;
	bool yes = false;
	enum status st;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return ST_OK;
	if ((st = file_read(path, LOG_FILE_MAX, &file, &len, s->d)) != ST_OK)
		return st;
	rest = bytes_from(file, len);
	if (log_head_next(&rest, &cose) != ST_OK ||
	    log_head_peek(cose, &sign1, &was) != ST_OK)
		st = ST_INTERNAL;	/* may_replace has seen one */
	else if (strcmp(was.state, s->office.state) != 0 ||
	    strcmp(was.office, s->office.code) != 0)
		st = diag_set(s->d, ST_DATA,
		    _("%s: the head of another office's log"), path);
	else if ((st = witness_follows(s->reg, &was, &yes, s->d)) == ST_OK &&
	    !yes)
		st = diag_set(s->d, ST_ROLLBACK,
		    _("%s: the log published there is not the beginning of this register's; was it restored from an older backup? it stays; see log check"),
		    path);
	free(file);
	return st;
}

static enum status
run_head(struct session *s)
{
	struct staged file = { .tmp = "", .fd = -1 };
	struct office_key permit;
	struct log_held head;
	int lock = -1;
	enum status st;

	if ((st = permit_signing(s->reg, &s->office, signer_public(s->key),
	    ROLE_STATUS, s->now, &permit, s->d)) == ST_OK &&
	    (st = file_lock_folder(given.out, &lock, s->d)) == ST_OK &&
	    (st = may_replace(given.out, is_head, s->d)) == ST_OK &&
	    (st = may_follow(s, given.out)) == ST_OK &&
	    (st = witness_head(s->reg, &s->office, s->key, s->now, &head,
	    s->d)) == ST_OK &&
	    (st = file_stage(given.out, bytes_from(head.signed_head,
	    head.len), 0644, &file, s->d)) == ST_OK)
		st = publish_files(s->reg, &file, 1, s->d);
	staged_drop(&file);
	if (lock >= 0)
		close(lock);
	if (st != ST_OK)
		return st;
	s->kept = true;
	answer_main(s->answer, "file", given.out);
	answer_head(s, &head.head);
	return ST_OK;
}

struct export {
	struct staged file;
	uint8_t room[1 << 16];
	struct buf b;
	int64_t n;
	struct diag *d;
};

static enum status
export_flush(struct export *e)
{
	enum status st = staged_add(&e->file, buf_bytes(&e->b), e->d);

	e->b.len = 0;
	return st;
}

static enum status
export_entry(void *arg, int64_t seq, struct bytes entry)
{
	struct export *e = arg;
	struct log_entry parsed;
	enum status st;

	/* An auditor must be able to read on behind it. */
	if (seq != e->n++ || log_entry_parse(entry, &parsed) != ST_OK)
		return diag_set(e->d, ST_DATA,
		    _("entry %" PRId64 " is missing or damaged; see log check"),
		    e->n - 1);
	if (e->b.cap - e->b.len < entry.len && (st = export_flush(e)) != ST_OK)
		return st;
	buf_put(&e->b, entry.p, entry.len);
	return ST_OK;
}

static enum status
run_export(struct session *s)
{
	struct export *e = calloc(1, sizeof(*e));
	enum status st;

	if (e == NULL)
		return diag_set(s->d, ST_INTERNAL, _("out of memory"));
	e->d = s->d;
	e->b = buf_over(e->room, sizeof(e->room));
	if ((st = may_replace(given.out, is_log, s->d)) == ST_OK &&
	    (st = staged_begin(given.out, &e->file, s->d)) == ST_OK &&
	    (st = reg_log_entries(s->reg, export_entry, e, s->d)) == ST_OK &&
	    (st = export_flush(e)) == ST_OK)
		st = staged_ready(&e->file, 0644, s->d);
	if (st == ST_OK)
		st = staged_keep(&e->file, s->d);
	staged_drop(&e->file);
	if (st == ST_OK) {
		answer_main(s->answer, "file", given.out);
		answer_int(s->answer, "entries", N_("Entries"), e->n);
	}
	free(e);
	return st;
}

/* The one head in a file, whoever signed it: its own root is all that a proof
 * of growth is about. */
static enum status
read_old(const char *path, uint8_t **raw, struct bytes *cose,
    struct log_head *h, struct diag *d)
{
	struct cose_sign1 s;
	struct bytes file;
	size_t len;
	enum status st;

	if ((st = file_read(path, TRUST_BUNDLE_MAX, raw, &len, d)) != ST_OK)
		return st;
	file = bytes_from(*raw, len);
	if (log_head_next(&file, cose) != ST_OK ||
	    log_head_peek(*cose, &s, h) != ST_OK)
		return diag_set(d, ST_MALFORMED,
		    _("%s: not a log head or a bundle with one, or a damaged one"),
		    path);
	return ST_OK;
}

static enum status
prove_growth(struct session *s, struct buf *proof, struct log_head *head)
{
	struct log_head old;
	uint8_t *raw = NULL;
	struct bytes cose;
	enum status st = read_old(given.from, &raw, &cose, &old, s->d);

	if (st == ST_OK && (strcmp(old.state, s->office.state) != 0 ||
	    strcmp(old.office, s->office.code) != 0))
		st = diag_set(s->d, ST_DATA,
		    _("%s: the head of another office's log"), given.from);
	if (st == ST_OK)
		st = witness_consistency(s->reg, cose, &old, proof, head,
		    s->d);
	free(raw);
	return st;
}

static enum status
run_prove(struct session *s)
{
	uint8_t room[LOG_PROOF_MAX];
	struct buf proof = buf_over(room, sizeof(room));
	struct log_head head;
	enum status st;

	if ((given.from != NULL) == (s->operands_n == 1))
		return diag_set(s->d, ST_USAGE,
		    _("give a card's NUMBER, or --from OLD.head"));
	if (given.from == NULL && given.out == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--out is missing; see --help"));
	st = given.from != NULL ? prove_growth(s, &proof, &head) :
	    witness_inclusion(s->reg, s->operand[0], &proof, &head, s->d);
	if (st != ST_OK)
		return st;
	if (given.out != NULL) {
		if ((st = may_replace(given.out, is_proof, s->d)) != ST_OK ||
		    (st = file_write(given.out, buf_bytes(&proof), 0644,
		    s->d)) != ST_OK)
			return st;
		answer_main(s->answer, "file", given.out);
	}
	answer_head(s, &head);
	return ST_OK;
}

static void
answer_unchecked(struct session *s, const struct findings *f)
{
	static const struct column columns[] = {
		{ "head", N_("Signature not checked") }
	};

	if (f->n == 0 && !answer_is_json(s->answer))
		return;
	answer_list(s->answer, "unchecked", columns, COUNT(columns));
	for (size_t i = 0; i < f->n && i < FINDINGS_MAX; i++)
		answer_cell(s->answer, f->text[i]);
	answer_list_end(s->answer);
	answer_int(s->answer, "unchecked_heads",
	    N_("Heads whose key is not known here"), (int64_t)f->n);
}

static enum status
run_check(struct session *s)
{
	struct agreement a;
	enum status st = agreement_make(s->reg, &s->office,
	    (const char *const *)s->operand, s->operands_n, &a, s->d);

	if (st == ST_OK) {
		answer_int(s->answer, "entries", N_("Entries"),
		    (int64_t)a.entries);
		answer_unchecked(s, &a.unchecked);
		answer_int(s->answer, "heads", N_("Heads compared"),
		    (int64_t)a.heads);
		findings_answer(&a.found, s->answer, s->d);
	}
	agreement_free(&a);
	return st;
}

#define SIGNS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES | NEEDS_KEY)

static const struct command commands[] = {
	{ "log", "head", AS_MANAGER | SIGNS, run_head, out_opts, COUNT(out_opts), "", 0, 0,
	    N_("sign the head of the log of issuance") },
	{ "log", "export", AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS, run_export, out_opts,
	    COUNT(out_opts), "", 0, 0,
	    N_("write the log's entries for an auditor") },
	{ "log", "prove", AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS, run_prove, prove_opts,
	    COUNT(prove_opts), "[NUMBER]", 0, 1,
	    N_("prove that a card is in the log, or that the log only grew") },
	{ "log", "check", AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS, run_check, NULL, 0,
	    "[FILE]...", 0, 256,
	    N_("compare the log with all that was signed, and with the cards") },
};

const struct command_group log_commands = { commands, COUNT(commands) };
