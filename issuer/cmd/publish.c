/* trust import, status publish, bundle. */
#include <sys/stat.h>

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
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

/* The files of one publishing, staged; two a list at most. And the date of
 * each list, from 1, as published before this run; -1: it never was. */
struct files {
	struct staged *file;
	size_t n;
	int64_t *before;
	uint32_t lists;
};

static enum status
files_begin(struct session *s, struct files *f)
{
	enum status st = reg_lists(s->reg, &f->lists, s->d);

	if (st != ST_OK)
		return st;
	f->file = calloc((size_t)f->lists * 2 + 1, sizeof(*f->file));
	f->before = calloc((size_t)f->lists + 1, sizeof(*f->before));
	if (f->file == NULL || f->before == NULL)
		return diag_set(s->d, ST_INTERNAL, _("out of memory"));
	for (uint32_t i = 1; i <= f->lists; i++) {
		struct published kept;

		if ((st = reg_published(s->reg, i, &kept, s->d)) != ST_OK &&
		    st != ST_NOT_FOUND)
			return st;
		f->before[i] = st == ST_OK ? kept.iat : -1;
		published_free(&kept);
	}
	return ST_OK;
}

static void
files_end(struct files *f)
{
	for (size_t i = 0; i < f->n; i++)
		staged_drop(&f->file[i]);
	free(f->file);
	free(f->before);
}

/* Is this list, which is there already, newer than what this register knows to
 * have published? Then it was restored from a backup since. */
static bool
is_unknown(const struct session *s, const struct files *f,
    const struct list_dated *there)
{
	struct status_uri uri;

	if (!status_uri_parse(there->uri, &uri) ||
	    strcmp(uri.state, s->office.state) != 0 ||
	    strcmp(uri.office, s->office.code) != 0)
		return false;
	if (uri.number == 0 || uri.number > f->lists)
		return true;
	return f->before[uri.number] >= 0 &&
	    there->iat > f->before[uri.number];
}

static enum status
refuse_newer(struct session *s, const struct files *f, const char *path)
{
	struct list_dated there = { .iat = 0 };
	uint8_t *raw = NULL;
	char when[WHEN_TEXT];
	struct bytes rest;
	bool unknown = false;
	size_t len;
	enum status st;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return ST_OK;
	if ((st = file_read(path, TRUST_BUNDLE_MAX, &raw, &len, s->d)) != ST_OK)
		return st;
	rest = bytes_from(raw, len);
	/* What is no list is statuslist_stage's to refuse. */
	while (!unknown && statuslist_next(&rest, &there) == ST_OK)
		unknown = is_unknown(s, f, &there);
	if (unknown) {
		when_format(there.iat, when);
		st = diag_set(s->d, ST_ROLLBACK,
		    _("%s: holds a list of %s, and this register does not know that it published it; was an old backup put back? it stays; see log check"),
		    path, when);
	}
	free(raw);
	return st;
}

static enum status
stage(struct session *s, struct files *f, const char *path, struct bytes list)
{
	enum status st;

	if ((st = refuse_newer(s, f, path)) == ST_OK &&
	    (st = statuslist_stage(path, list, &f->file[f->n], s->d)) == ST_OK)
		f->n++;
	return st;
}

static enum status
stage_list(struct session *s, struct files *f, uint32_t number,
    const char *end, struct bytes list)
{
	char path[PATH_MAX];
	int m = snprintf(path, sizeof(path), "%s/%s-%" PRIu32 "%s%s", given.out,
	    s->office.code, number, end, s->key != NULL ? "" : ".cbor");

	if (m < 0 || m >= PATH_MAX)
		return diag_set(s->d, ST_USAGE, _("%s: the path is too long"),
		    given.out);
	return stage(s, f, path, list);
}

/* FOLDER/SJO-1.status and SJO-1.short; SJO-1.cbor and SJO-1.short.cbor for
 * what is still to be signed. */
static enum status
stage_folder(struct session *s, struct files *f)
{
	enum status st = ST_OK;

	for (uint32_t i = 1; i <= f->lists && st == ST_OK; i++) {
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
	    s->d)) == ST_OK)
		st = stage(s, f, given.out, bytes_from(all, len));
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
write_files(struct session *s, bool folder, struct files *f)
{
	static const struct column columns[] = { { "file", N_("File") } };
	int lock = -1;
	enum status st;

	if ((st = lock_out(s, folder, &lock)) == ST_OK &&
	    (st = folder ? stage_folder(s, f) : stage_file(s, f)) == ST_OK &&
	    (st = publish_files(s->reg, f->file, f->n, s->d)) == ST_OK) {
		s->kept = true;
		answer_list(s->answer, "files", columns, COUNT(columns));
		for (size_t i = 0; i < f->n; i++)
			answer_cell(s->answer, f->file[i].path);
		answer_list_end(s->answer);
	}
	if (lock >= 0)
		close(lock);
	return st;
}

static enum status
run_publish(struct session *s)
{
	struct files f = { .n = 0 };
	struct publication p;
	struct stat sb;
	bool folder = stat(given.out, &sb) == 0 && S_ISDIR(sb.st_mode);
	enum status st;

	if (given.unsigned_ == (s->key != NULL))
		return diag_set(s->d, ST_USAGE,
		    _("give either --key FILE or --unsigned"));
	if ((st = prepare(s, &p)) == ST_OK)
		st = files_begin(s, &f);
	if (st == ST_OK && !folder && s->key == NULL && f.lists > 1)
		st = diag_set(s->d, ST_USAGE,
		    _("--out: there are %" PRIu32 " lists to be signed one by one; give a folder"),
		    f.lists);
	if (st == ST_OK && (st = record(s, "status.publish", &p)) == ST_OK &&
	    (st = publish_lists(s->reg, &p, s->d)) == ST_OK)
		st = write_files(s, folder, &f);
	files_end(&f);
	return st;
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
	{ "trust", "import", AS_MANAGER | ACTS, run_import, import_opts,
	    COUNT(import_opts), "FILE", 1, 1,
	    N_("take the ministry's trust list") },
	{ "status", "publish", AS_MANAGER | ACTS | DATES | MAY_KEY, run_publish, publish_opts,
	    COUNT(publish_opts), "", 0, 0, N_("sign the status lists") },
	{ "bundle", "", AS_MANAGER | ACTS | DATES | NEEDS_KEY, run_bundle, bundle_opts,
	    COUNT(bundle_opts), "", 0, 0,
	    N_("write what verifiers carry: trust list and status lists") },
};

const struct command_group publish_commands = { commands, COUNT(commands) };
