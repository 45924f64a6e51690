/* backup create, verify, restore. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/host/unfinished.h"
#include "common/text.h"
#include "issuer/audit.h"
#include "issuer/command.h"
#include "issuer/exchange/backup.h"
#include "issuer/ticket.h"
#include "keys/passphrase.h"

static struct {
	const char *out, *to, *after, *passphrase_file;
	struct secret_given login;
} given = { .login.beside_another = true };

#define PASSPHRASE_OPT { .name = "passphrase-file", .arg = "FILE", \
	.value = &given.passphrase_file, \
	.help = N_("its first line is the backup's passphrase; else the terminal is asked") }

static const struct opt create_opts[] = {
	{ .name = "out", .arg = "FILE", .value = &given.out, .required = true,
	    .help = N_("the backup to make; nothing is overwritten") },
	PASSPHRASE_OPT,
};

static const struct opt verify_opts[] = { PASSPHRASE_OPT };

static const struct opt restore_opts[] = {
	{ .name = "to", .arg = "NEW.cedula", .value = &given.to, .required = true,
	    .help = N_("the register to make; nothing is overwritten") },
	{ .name = "after-number", .arg = "N", .value = &given.after,
	    .help = N_("the last number that is on any card, without the office's letters: later ones begin behind it") },
	PASSPHRASE_OPT,
	{ .name = "login-passphrase-file", .arg = "FILE",
	    .value = &given.login.passphrase_file,
	    .help = N_("a file whose first line is the officer's passphrase; else the terminal is asked") },
	{ .name = "login-key-file", .arg = "FILE",
	    .value = &given.login.key_file,
	    .help = N_("the officer's key file") },
};

static enum status
run_create(struct session *s)
{
	char passphrase[PASSPHRASE_MAX], hex[65];
	struct backup_made made;
	enum status st = passphrase_read(given.passphrase_file, given.out,
	    BACKUP_PASSPHRASE_MIN, passphrase, s->d);

	if (st != ST_OK)
		return st;
	st = backup_create(s->reg, &s->office, s->now, given.out, passphrase,
	    &made, s->d);
	passphrase_wipe(passphrase);
	if (st != ST_OK)
		return st;
	(void)bytes_to_hex(bytes_from(made.sha256, 32), hex, sizeof(hex));
	answer_main(s->answer, "file", given.out);
	answer_int(s->answer, "bytes", N_("Bytes"), made.bytes);
	answer_text(s->answer, "sha256", N_("SHA-256 of the file"), hex);
	answer_int(s->answer, "persons", N_("Persons"), made.counts.persons);
	answer_int(s->answer, "cards", N_("Cards"), made.counts.cards);
	answer_int(s->answer, "log_size", N_("Entries of the log"),
	    (int64_t)made.counts.log_size);
	return ST_OK;
}

static void
answer_manifest(struct session *s, const struct manifest *m)
{
	char made[WHEN_TEXT], hex[65], office[16];

	(void)snprintf(office, sizeof(office), "%s %s", m->state, m->office);
	moment_format(m->made, made);
	answer_text(s->answer, "office", N_("Office"), office);
	answer_text(s->answer, "name", N_("Name"), m->name);
	answer_text(s->answer, "made", N_("Made"), made);
	answer_int(s->answer, "age_days", N_("Age in days"),
	    s->now > m->made ? (s->now - m->made) / WHEN_DAY : 0);
	answer_int(s->answer, "register_version", N_("Register version"),
	    m->counts.version);
	answer_int(s->answer, "persons", N_("Persons"), m->counts.persons);
	answer_int(s->answer, "households", N_("Households"),
	    m->counts.households);
	answer_int(s->answer, "applications", N_("Applications"),
	    m->counts.applications);
	answer_int(s->answer, "cards", N_("Cards"), m->counts.cards);
	answer_int(s->answer, "acts", N_("Acts"), m->counts.acts);
	answer_int(s->answer, "log_size", N_("Entries of the log"),
	    (int64_t)m->counts.log_size);
	(void)bytes_to_hex(bytes_from(m->counts.log_root, 32), hex,
	    sizeof(hex));
	answer_text(s->answer, "log_root", N_("Root"), hex);
}

/* Opens the operand with its passphrase. */
static enum status
open_given(struct session *s, struct backup *b)
{
	char passphrase[PASSPHRASE_MAX];
	enum status st = passphrase_read(given.passphrase_file,
	    s->operand[0], 0, passphrase, s->d);

	*b = (struct backup){ .fd = -1 };
	if (st != ST_OK)
		return st;
	st = backup_open(s->operand[0], passphrase, b, s->d);
	passphrase_wipe(passphrase);
	return st;
}

static enum status
run_verify(struct session *s)
{
	struct findings found = { 0, NULL };
	struct backup b;
	enum status st;

	if ((st = open_given(s, &b)) == ST_OK &&
	    (st = findings_new(&found, s->d)) == ST_OK &&
	    (st = backup_read(&b, NULL, NULL, s->d)) == ST_OK &&
	    (st = backup_inspect(&b, &found, s->d)) == ST_OK) {
		answer_manifest(s, &b.manifest);
		answer_word(s->answer, "state", N_("State"),
		    found.n == 0 ? "sound" : "damaged");
		findings_answer(&found, s->answer, s->d);
	}
	findings_free(&found);
	backup_close(&b);
	return st;
}

/* The operator reads it at a bad moment: what comes next stands here. */
static void
answer_restored(struct session *s, const struct manifest *m, int64_t next)
{
	char number[REG_NUMBER + 16];

	(void)snprintf(number, sizeof(number), "%s%06" PRId64, m->office, next);
	answer_main(s->answer, "register", given.to);
	answer_manifest(s, m);
	answer_text(s->answer, "next_number", N_("Next card"), number);
	answer_text(s->answer, "next", N_("Next"),
	    _("before anything is issued or published: log check with the last bundle that acceptors have; see Restoring in docs/operations.md"));
	if (given.after == NULL)
		answer_text(s->answer, "warning", N_("Attention"),
		    _("numbers given since the backup would be given again: if any card was printed since, restore to another name with --after-number"));
}

static void
count_unfinished(void *arg, const char *file)
{
	(void)file;
	++*(size_t *)arg;
}

static void
name_unfinished(void *arg, const char *file)
{
	answer_cell(arg, file);
	answer_cell(arg,
	    _("rm it: a restore that was killed left it, with the register in the clear"));
}

/* What earlier ones left there. */
static enum status
answer_unfinished(struct session *s)
{
	static const struct column columns[] = {
		{ "file", N_("Unfinished file") }, { "advice", N_("What to do") }
	};
	size_t n = 0;
	enum status st = unfinished_find(given.to, count_unfinished, &n, s->d);

	if (st != ST_OK || (n == 0 && !answer_is_json(s->answer)))
		return st;
	answer_list(s->answer, "unfinished", columns, COUNT(columns));
	st = unfinished_find(given.to, name_unfinished, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

/* By what the restored register holds; there is no other. A secret that the
 * officer has not made yet is another's, who gave it. Attempts are not counted:
 * each is made at a new copy. In a register of before officers had secrets, the
 * name is only declared. */
static enum status
prove(void *arg, struct reg *r, const char **proof, struct diag *d)
{
	const struct session *s = arg;
	struct login l;
	bool same;
	enum status st;

	if ((st = reg_login(r, s->officer, &l, d)) != ST_OK ||
	    (st = ticket_role(s->officer, l.officer.roles, OFFICER_MANAGER,
	    d)) != ST_OK)
		return st;
	*proof = !l.has_secret ? "declared, not logged in" :
	    l.secret.is_key ? "key" : "passphrase";
	if (!l.has_secret)
		return ST_OK;
	if (l.secret.must_change)
		return diag_set(d, ST_PERMISSION,
		    _("officer %.64s had not yet made an own secret when the backup was made, and another knows the first one; a manager who had is to restore it"),
		    s->officer);
	if ((st = secret_check(&given.login, s->officer, &l.secret, &same,
	    d)) != ST_OK)
		return st;
	return same ? ST_OK : diag_set(d, ST_PASSPHRASE,
	    _("no officer of this register has that name and that passphrase or key file"));
}

static enum status
run_restore(struct session *s)
{
	struct restoring how = { .to = given.to, .officer = s->officer,
	    .now = s->now, .clock = s->clock, .clock_set = s->clock_set,
	    .prove = prove, .arg = s };
	struct findings found = { 0, NULL };
	struct backup b = { .fd = -1 };
	int64_t next = 0;
	enum status st = ST_OK;

	if (s->officer == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("say who acts: --officer NAME or CEDULA_OFFICER"));
	if (given.after != NULL)
		st = number_parse(given.after, "--after-number", REG_NUMBERS,
		    &how.after, s->d);
	if (st == ST_OK && (st = open_given(s, &b)) == ST_OK &&
	    (st = findings_new(&found, s->d)) == ST_OK &&
	    (st = backup_restore(&b, &how, &found, &next, s->d)) == ST_OK) {
		if (found.n == 0)
			answer_restored(s, &b.manifest, next);
		findings_answer(&found, s->answer, s->d);
		st = answer_unfinished(s);
	}
	findings_free(&found);
	backup_close(&b);
	return st;
}

static const struct command commands[] = {
	{ "backup", "create", AS_MANAGER | NEEDS_REGISTER | NEEDS_OFFICER,
	    run_create, create_opts, COUNT(create_opts), "", 0, 0,
	    N_("seal the register into a file, while it is in use") },
	{ "backup", "verify", 0, run_verify, verify_opts, COUNT(verify_opts),
	    "FILE", 1, 1, N_("read a backup from end to end, and check what is in it") },
	{ "backup", "restore", 0, run_restore, restore_opts,
	    COUNT(restore_opts), "FILE", 1, 1,
	    N_("make a register of a backup") },
};

const struct command_group backup_commands = { commands, COUNT(commands) };
