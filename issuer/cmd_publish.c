/* trust import, status publish, bundle. */
#include <sys/stat.h>

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "issuer/command.h"
#include "issuer/import.h"
#include "issuer/permit.h"
#include "issuer/publish.h"
#include "keys/bundle.h"

static struct {
	const char *anchor, *out, *valid_days;
	bool unsigned_;
} given;

static const struct opt import_opts[] = {
	{ .name = "anchor", .arg = "FILE", .value = &given.anchor, .required = true,
	    .help = N_("the state's root, named as NIC.pem") },
};

static const struct opt publish_opts[] = {
	{ .name = "out", .arg = "FOLDER|FILE", .value = &given.out, .required = true,
	    .help = N_("a folder for one file a list, or a file for all") },
	{ .name = "valid-days", .arg = "N", .value = &given.valid_days,
	    .help = N_("days until its deadline, 7 if not given") },
	{ .name = "unsigned", .flag = &given.unsigned_,
	    .help = N_("write what another custodian will sign (cedula-keys status sign)") },
};

static const struct opt bundle_opts[] = {
	{ .name = "out", .arg = "FILE.trust", .value = &given.out, .required = true,
	    .help = N_("the bundle to write or renew") },
	{ .name = "valid-days", .arg = "N", .value = &given.valid_days,
	    .help = N_("days until its deadline, 7 if not given") },
};

static enum status
run_import(struct session *s)
{
	uint64_t sequence;
	enum status st = import_trust_list(s->reg, &s->office, s->operand[0],
	    given.anchor, &sequence, s->d);

	if (st == ST_OK)
		answer_int(s->answer, "sequence", N_("Sequence"),
		    (int64_t)sequence);
	return st;
}

/* Dates, and whether the key may sign for them. */
static enum status
prepare(struct session *s, struct publication *p)
{
	struct office_key permit;
	int64_t days = VALID_DAYS;
	enum status st;

	if (given.valid_days != NULL && (st = number_parse(given.valid_days,
	    "--valid-days", VALID_DAYS_MAX, &days, s->d)) != ST_OK)
		return st;
	*p = (struct publication){
		.office = &s->office, .key = s->key, .now = s->now,
		.exp = publish_deadline(s->now, days),
		.clock_is_right = s->clock_is_right
	};
	if (s->key == NULL)
		return ST_OK;
	if ((st = permit_signing(s->reg, &s->office, signer_public(s->key),
	    ROLE_STATUS, s->now, &permit, s->d)) != ST_OK)
		return st;
	return permit_until(&permit, p->exp, s->d);
}

static enum status
record(struct session *s, const char *action, const struct publication *p)
{
	char deadline[WHEN_TEXT];

	when_format(p->exp, deadline);
	return reg_audit(s->reg, action, s->office.code, deadline, s->d);
}

/* The files of one publishing, staged; two a list at most. */
struct files {
	struct staged *file;
	size_t n;
};

static enum status
stage_list(struct session *s, struct files *f, uint32_t number,
    const char *end, struct bytes list)
{
	char path[PATH_MAX];
	int m = snprintf(path, sizeof(path), "%s/%s-%" PRIu32 "%s%s", given.out,
	    s->office.code, number, end, s->key != NULL ? "" : ".cbor");
	enum status st;

	if (m < 0 || m >= PATH_MAX)
		return diag_set(s->d, ST_USAGE, _("%s: the path is too long"),
		    given.out);
	if ((st = statuslist_stage(path, list, &f->file[f->n], s->d)) == ST_OK)
		f->n++;
	return st;
}

/* FOLDER/SJO-1.status and SJO-1.short; SJO-1.cbor and SJO-1.short.cbor for
 * what is still to be signed. */
static enum status
stage_folder(struct session *s, struct files *f, uint32_t n)
{
	enum status st = ST_OK;

	for (uint32_t i = 1; i <= n && st == ST_OK; i++) {
		struct published kept;

		if ((st = reg_published(s->reg, i, &kept, s->d)) != ST_OK)
			return st;
		st = stage_list(s, f, i, s->key != NULL ? ".status" : "",
		    bytes_from(kept.token, kept.token_len));
		if (st == ST_OK && kept.short_len > 0)
			st = stage_list(s, f, i, ".short",
			    bytes_from(kept.short_token, kept.short_len));
		published_free(&kept);
	}
	return st;
}

static enum status
stage_file(struct session *s, struct files *f)
{
	uint8_t *all = NULL;
	size_t len;
	enum status st;

	if ((st = publish_join(s->reg, bytes_from(NULL, 0), &all, &len,
	    s->d)) == ST_OK &&
	    (st = statuslist_stage(given.out, bytes_from(all, len),
	    &f->file[0], s->d)) == ST_OK)
		f->n = 1;
	free(all);
	return st;
}

/* What is at --out stays as it is read until it is replaced. */
static enum status
lock_out(struct session *s, bool folder, int *lock)
{
	char path[PATH_MAX];
	int m = snprintf(path, sizeof(path), "%s%s", given.out,
	    folder ? "/" : "");

	if (m < 0 || m >= PATH_MAX)
		return diag_set(s->d, ST_USAGE, _("%s: the path is too long"),
		    given.out);
	return file_lock_folder(path, lock, s->d);
}

static enum status
write_files(struct session *s, bool folder, uint32_t n)
{
	static const struct column columns[] = { { "file", N_("File") } };
	struct files f = { calloc((size_t)n * 2 + 1, sizeof(*f.file)), 0 };
	int lock = -1;
	enum status st;

	if (f.file == NULL)
		return diag_set(s->d, ST_INTERNAL, _("out of memory"));
	if ((st = lock_out(s, folder, &lock)) == ST_OK &&
	    (st = folder ? stage_folder(s, &f, n) : stage_file(s, &f)) ==
	    ST_OK && (st = publish_files(s->reg, f.file, f.n, s->d)) == ST_OK) {
		s->kept = true;
		answer_list(s->answer, "files", columns, COUNT(columns));
		for (size_t i = 0; i < f.n; i++)
			answer_cell(s->answer, f.file[i].path);
		answer_list_end(s->answer);
	}
	for (size_t i = 0; i < f.n; i++)
		staged_drop(&f.file[i]);
	if (lock >= 0)
		close(lock);
	free(f.file);
	return st;
}

static enum status
run_publish(struct session *s)
{
	struct publication p;
	struct stat sb;
	uint32_t n;
	bool folder = stat(given.out, &sb) == 0 && S_ISDIR(sb.st_mode);
	enum status st;

	if (given.unsigned_ == (s->key != NULL))
		return diag_set(s->d, ST_USAGE,
		    _("give either --key FILE or --unsigned"));
	if ((st = prepare(s, &p)) != ST_OK ||
	    (st = reg_lists(s->reg, &n, s->d)) != ST_OK)
		return st;
	if (!folder && s->key == NULL && n > 1)
		return diag_set(s->d, ST_USAGE,
		    _("--out: there are %" PRIu32 " lists to be signed one by one; give a folder"),
		    n);
	if ((st = record(s, "status.publish", &p)) != ST_OK ||
	    (st = publish_lists(s->reg, &p, s->d)) != ST_OK)
		return st;
	return write_files(s, folder, n);
}

static enum status
run_bundle(struct session *s)
{
	struct publication p;
	enum status st;

	if ((st = prepare(s, &p)) != ST_OK ||
	    (st = record(s, "bundle", &p)) != ST_OK ||
	    (st = publish_bundle(s->reg, &p, given.out, s->d)) != ST_OK)
		return st;
	s->kept = true;
	answer_main(s->answer, "file", given.out);
	return ST_OK;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "trust", "import", ACTS, run_import, import_opts,
	    COUNT(import_opts), "FILE", 1, 1,
	    N_("take the ministry's trust list") },
	{ "status", "publish", ACTS | DATES | MAY_KEY, run_publish, publish_opts,
	    COUNT(publish_opts), "", 0, 0, N_("sign the status lists") },
	{ "bundle", "", ACTS | DATES | NEEDS_KEY, run_bundle, bundle_opts,
	    COUNT(bundle_opts), "", 0, 0,
	    N_("write what verifiers carry: trust list and status lists") },
};

const struct command_group publish_commands = { commands, COUNT(commands) };
