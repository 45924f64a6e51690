/* doctor. */
#include <stdio.h>

#include "common/text.h"
#include "issuer/command.h"
#include "issuer/exchange/doctor.h"

#define KEYS_MAX 16
#define BACKUP_DAYS 2

static struct {
	const char *key[KEYS_MAX], *bundle, *anchor, *backup_days;
	size_t keys_n;
	bool quick;
} given;

static const struct opt doctor_opts[] = {
	{ .name = "quick", .flag = &given.quick,
	    .help = N_("leave out what reads the whole register") },
	{ .name = "backup-days", .arg = "N", .value = &given.backup_days,
	    .help = N_("a backup older than N days is a problem; 2 if not given") },
	{ .name = "keys", .arg = "PUBLIC", .list = given.key,
	    .list_n = &given.keys_n, .list_max = KEYS_MAX,
	    .help = N_("a public key that this office signs with; as many times as there are") },
	{ .name = "bundle", .arg = "FILE", .value = &given.bundle,
	    .help = N_("the bundle that acceptors have: its log head and status lists are compared") },
	{ .name = "anchor", .arg = "FILE", .value = &given.anchor,
	    .help = N_("the root that this office verifies with") },
};

static void
put(void *arg, const char *key, const char *label, enum doctor_result result,
    const char *found, const char *advice)
{
	static const char *const words[] = { "ok", "warning", "problem" };
	struct answer *a = arg;
	char text[640];

	(void)snprintf(text, sizeof(text), "%s", found);
	text_make_printable(text);
	answer_cell(a, answer_is_json(a) ? key : gettext(label));
	answer_cell_word(a, words[result]);
	answer_cell(a, text);
	answer_cell(a, advice);
}

static enum status
run_doctor(struct session *s)
{
	static const struct column columns[] = {
		{ "check", N_("Check") }, { "result", N_("Result") },
		{ "found", N_("Found") }, { "advice", N_("What to do") }
	};
	struct doctor doc = { .r = s->reg, .office = &s->office,
	    .path = s->register_path, .now = s->now, .quick = given.quick,
	    .backup_days = BACKUP_DAYS, .keys = given.key,
	    .keys_n = given.keys_n, .bundle = given.bundle,
	    .anchor = given.anchor, .put = put, .arg = s->answer };
	enum status st;

	if (given.backup_days != NULL && (st = number_parse(given.backup_days,
	    "--backup-days", 3650, &doc.backup_days, s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "checks", columns, COUNT(columns));
	st = doctor_run(&doc, s->d);
	answer_list_end(s->answer);
	if (st != ST_OK)
		return st;
	answer_int(s->answer, "warnings", N_("Warnings"),
	    (int64_t)doc.warnings);
	answer_int(s->answer, "problems", N_("Problems"),
	    (int64_t)doc.problems);
	if (doc.problems > 0)
		answer_found(s->answer, diag_set(s->d, ST_DATA,
		    _("problems found: %zu"), doc.problems));
	return ST_OK;
}

static const struct command commands[] = {
	{ "doctor", "", AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS,
	    run_doctor, doctor_opts, COUNT(doctor_opts), "", 0, 0,
	    N_("look at everything that can be wrong unseen") },
};

const struct command_group doctor_commands = { commands, COUNT(commands) };
