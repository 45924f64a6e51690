/*
 * case note, read, key, rekey. The passphrase is asked for and the text read
 * before the register is locked; so these make their transactions themselves.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crypto.h"
#include "common/host/file.h"
#include "issuer/command.h"
#include "issuer/register/case_key.h"
#include "issuer/register/case_note.h"
#include "issuer/register/entry.h"
#include "issuer/register/officer.h"
#include "issuer/ticket.h"
#include "keys/passphrase.h"

static struct {
	const char *key, *passphrase_file, *text_file, *reason;
	const char *out, *lost, *old, *new, *new_passphrase_file;
} given;

static const struct opt note_opts[] = {
	{ .name = "text-file", .arg = "FILE", .value = &given.text_file, .required = true,
	    .help = N_("the text; - is standard input") },
	{ .name = "case-key", .arg = "FILE", .value = &given.key, .required = true,
	    .help = N_("the key in use, as case key new made it") },
	{ .name = "passphrase-file", .arg = "FILE", .value = &given.passphrase_file,
	    .help = N_("its passphrase; else it is asked for") },
};
static const struct opt read_opts[] = {
	REASON_OPT(&given.reason, N_("why it is read; it is recorded")),
	{ .name = "case-key", .arg = "FILE", .value = &given.key, .required = true,
	    .help = N_("the key that the notes are sealed with") },
	{ .name = "passphrase-file", .arg = "FILE", .value = &given.passphrase_file,
	    .help = N_("its passphrase; else it is asked for") },
};
static const struct opt key_opts[] = {
	{ .name = "out", .arg = "FILE", .value = &given.out,
	    .help = N_("of new: where the key goes; nothing is overwritten") },
	{ .name = "passphrase-file", .arg = "FILE", .value = &given.passphrase_file,
	    .help = N_("its passphrase; else it is asked for") },
	{ .name = "lost", .arg = "TEXT", .value = &given.lost,
	    .help = N_("of new: the key in use is lost, and how; what it sealed stays sealed") },
};
static const struct opt rekey_opts[] = {
	{ .name = "old", .arg = "FILE", .value = &given.old, .required = true,
	    .help = N_("the key that the notes are sealed with") },
	{ .name = "passphrase-file", .arg = "FILE", .value = &given.passphrase_file,
	    .help = N_("its passphrase; else it is asked for") },
	{ .name = "new", .arg = "FILE", .value = &given.new, .required = true,
	    .help = N_("the key that takes its place") },
	{ .name = "new-passphrase-file", .arg = "FILE", .value = &given.new_passphrase_file,
	    .help = N_("the new key's passphrase; else it is asked for") },
};

static enum status
open_key(const char *path, const char *passphrase_file, struct case_key **out,
    struct diag *d)
{
	char passphrase[PASSPHRASE_MAX];
	enum status st;

	*out = NULL;
	if ((st = passphrase_read(passphrase_file, path, 0, passphrase,
	    d)) == ST_OK)
		st = casekey_open(path, passphrase, out, d);
	passphrase_wipe(passphrase);
	return st;
}

/* The officer and role again, as the time of typing has passed. */
static enum status
begin(struct session *s)
{
	char name[REG_NAME];
	enum status st = reg_begin(s->reg, s->d);

	return st != ST_OK ? st : ticket_act(s->reg, &s->officer, name,
	    s->clock, OFFICER_PROTECTION, s->token_sha256, s->d);
}

static enum status
run_note(struct session *s)
{
	struct case_key *key = NULL;
	uint8_t *text = NULL;
	size_t len = 0;
	int64_t id, note;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = file_read(given.text_file, CASE_NOTE_MAX, &text, &len,
	    s->d)) != ST_OK ||
	    (st = case_note_check(bytes_from(text, len), s->d)) != ST_OK ||
	    (st = open_key(given.key, given.passphrase_file, &key, s->d)) !=
	    ST_OK || (st = begin(s)) != ST_OK ||
	    (st = reg_case_note_add(s->reg, key, id, bytes_from(text, len),
	    &note, s->d)) != ST_OK ||
	    (st = reg_commit(s->reg, s->d)) != ST_OK)
		goto out;
	answer_main_int(s->answer, "note", note);
out:
	if (text != NULL)
		crypto_wipe(text, len);
	free(text);
	casekey_free(key);
	return st;
}

/* A list for programs; for people each text as it was written, under a line
 * that says whose and when. */
static enum status
put_note(void *arg, const struct case_note *n)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT], *text = malloc(n->text.len + 1);

	if (text == NULL)
		return ST_INTERNAL;
	memcpy(text, n->text.p, n->text.len);
	text[n->text.len] = '\0';
	moment_format(n->at, moment);
	if (answer_is_json(a)) {
		answer_cell_int(a, n->id);
		answer_cell(a, moment);
		answer_cell(a, n->officer);
		answer_cell(a, text);
	} else {
		answer_int(a, "note", N_("Note"), n->id);
		answer_text(a, "at", N_("Moment"), moment);
		answer_text(a, "officer", N_("Officer"), n->officer);
		answer_main(a, "text", text);
	}
	crypto_wipe(text, n->text.len);
	free(text);
	return ST_OK;
}

/* The record of the reading is committed here, and the answer printed by main
 * afterwards: nobody sees a text whose reading is not kept. */
static enum status
run_read(struct session *s)
{
	static const struct column columns[] = {
		{ "note", N_("Note") }, { "at", N_("Moment") },
		{ "officer", N_("Officer") }, { "text", N_("Text") }
	};
	struct case_key *key = NULL;
	char reason[REG_TEXT];
	int64_t id, sealed = 0;
	bool json = answer_is_json(s->answer);
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = entry_text("reason", given.reason, 120, true, reason,
	    s->d)) != ST_OK ||
	    (st = open_key(given.key, given.passphrase_file, &key, s->d)) !=
	    ST_OK || (st = begin(s)) != ST_OK)
		goto out;
	answer_int(s->answer, "case", N_("Case"), id);
	if (json)
		answer_list(s->answer, "notes", columns, COUNT(columns));
	st = reg_case_read(s->reg, key, id, reason, &sealed, put_note,
	    s->answer, s->d);
	if (json)
		answer_list_end(s->answer);
	if (st != ST_OK || (st = reg_commit(s->reg, s->d)) != ST_OK)
		goto out;
	if (sealed > 0 || json)
		answer_int(s->answer, "other_keys",
		    N_("Notes sealed with other keys"), sealed);
out:
	casekey_free(key);
	return st;
}

static enum status
put_key(void *arg, const struct protection_key *k)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	answer_cell(a, k->id);
	answer_cell_word(a, k->retired != 0 ? "retired" :
	    k->used_from != 0 ? "in-use" : "not-in-use");
	moment_format(k->made, moment);
	answer_cell(a, moment);
	answer_cell(a, k->officer);
	moment_format(k->retired, moment);
	answer_cell_or_none(a, moment);
	answer_cell_int(a, k->notes);
	answer_cell_or_none(a, k->reason);
	return ST_OK;
}

static enum status
list_keys(struct session *s)
{
	static const struct column columns[] = {
		{ "key", N_("Key") }, { "state", N_("State") },
		{ "made", N_("Made") }, { "officer", N_("Officer") },
		{ "retired", N_("Retired") }, { "notes", N_("Notes") },
		{ "reason", N_("Reason") }
	};
	enum status st;

	answer_list(s->answer, "keys", columns, COUNT(columns));
	st = reg_case_keys(s->reg, put_key, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

/* The file first: a register never names a key that there is not. */
static enum status
new_key(struct session *s, const char *passphrase, const char *lost)
{
	struct case_key *key = NULL;
	char hex[2 * CASEKEY_ID + 1];
	bool in_use;
	enum status st = casekey_make(given.out, passphrase, &key, s->d);

	if (st != ST_OK)
		return st;
	if ((st = begin(s)) != ST_OK ||
	    (st = reg_case_key_add(s->reg, key, lost, &in_use, s->d)) !=
	    ST_OK || (st = reg_commit(s->reg, s->d)) != ST_OK) {
		(void)unlink(given.out);
		goto out;
	}
	(void)bytes_to_hex(casekey_id(key), hex, sizeof(hex));
	answer_main(s->answer, "key", hex);
	answer_word(s->answer, "state", N_("State"),
	    in_use ? "in-use" : "not-in-use");
out:
	casekey_free(key);
	return st;
}

static enum status
run_key(struct session *s)
{
	char passphrase[PASSPHRASE_MAX], lost[REG_TEXT];
	enum status st;

	if (strcmp(s->operand[0], "list") == 0)
		return list_keys(s);
	if (strcmp(s->operand[0], "new") != 0)
		return diag_set(s->d, ST_USAGE,
		    _("%.40s: say new or list"), s->operand[0]);
	if (given.out == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--out: say where the key goes"));
	if ((st = entry_text("lost", given.lost, 120, given.lost != NULL,
	    lost, s->d)) != ST_OK)
		return st;
	if ((st = passphrase_read(given.passphrase_file, given.out, PASSPHRASE_MIN,
	    passphrase, s->d)) == ST_OK)
		st = new_key(s, passphrase, given.lost != NULL ? lost : NULL);
	passphrase_wipe(passphrase);
	return st;
}

static enum status
run_rekey(struct session *s)
{
	struct case_key *old = NULL, *new = NULL;
	int64_t n;
	enum status st;

	if ((st = open_key(given.old, given.passphrase_file, &old, s->d)) !=
	    ST_OK || (st = open_key(given.new, given.new_passphrase_file, &new,
	    s->d)) != ST_OK || (st = begin(s)) != ST_OK ||
	    (st = reg_case_rekey(s->reg, old, new, &n, s->d)) != ST_OK ||
	    (st = reg_commit(s->reg, s->d)) != ST_OK)
		goto out;
	answer_int(s->answer, "notes", N_("Notes sealed anew"), n);
out:
	casekey_free(old);
	casekey_free(new);
	return st;
}

#define SEALED (AS_PROTECTION | NEEDS_REGISTER | NEEDS_OFFICER)

static const struct command commands[] = {
	{ "case", "note", SEALED, run_note, note_opts, COUNT(note_opts),
	    "CASE", 1, 1, N_("seal a narrative into a case") },
	{ "case", "read", SEALED, run_read, read_opts, COUNT(read_opts),
	    "CASE", 1, 1, N_("read a case's narratives; it is recorded") },
	{ "case", "key", SEALED, run_key, key_opts, COUNT(key_opts),
	    "new|list", 1, 1, N_("make the key of narratives, or list the keys") },
	{ "case", "rekey", SEALED, run_rekey, rekey_opts, COUNT(rekey_opts),
	    "", 0, 0, N_("seal all narratives with a new key") },
};

const struct command_group narrative_commands = {
	commands, COUNT(commands)
};
