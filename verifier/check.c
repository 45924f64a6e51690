/* The verdict on each FILE: load what is trusted, read, judge, tell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/anchor.h"
#include "common/host/file.h"
#include "common/host/options.h"
#include "common/host/program.h"
#include "common/series.h"
#include "common/token.h"
#include "common/trust.h"
#include "common/verdict.h"
#include "common/when.h"
#include "verifier/command.h"
#include "verifier/input.h"
#include "verifier/moment.h"
#include "verifier/report.h"
#include "verifier/trust/store.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { PHOTO_MAX = 1 << 16 };

struct check {
	const char *anchors[TRUST_STATES_MAX], *bundles[TRUST_STATES_MAX];
	size_t anchors_n, bundles_n;
	const char *now_text, *photo, *store_path;
	bool json, identity;
	int64_t now;
	struct store store;		/* closed unless no option names trust */
	struct trust_host host;
	uint8_t *raw[TRUST_STATES_MAX];
	/* One token at a time. */
	uint8_t work[TOKEN_TEXT_MAX], shown[TOKEN_TEXT_MAX];
	uint8_t tidy[TOKEN_TEXT_MAX];
	struct claims claims;
};

static enum status
load_store(struct check *c, struct diag *d)
{
	enum status st;

	if ((st = store_open(c->store_path, STORE_READ, &c->store, d)) !=
	    ST_OK || (st = store_load(&c->store, &c->host, d)) != ST_OK)
		return st;
	if (c->host.trust->lists_n == 0)
		return diag_set(d, ST_CONFIG,
		    _("%s: the trust store holds no bundle yet; cedula-verifier trust add NIC.pem office.trust"),
		    c->store.path);
	return ST_OK;
}

static enum status
load_trust(struct check *c, struct diag *d)
{
	struct anchor anchor[TRUST_STATES_MAX];
	enum status st;

	if (c->anchors_n == 0 && c->bundles_n == 0)
		return load_store(c, d);
	for (size_t i = 0; i < c->anchors_n; i++)
		if ((st = anchor_read(c->anchors[i], &anchor[i], d)) != ST_OK)
			return st;
	if ((st = trust_host_open(&c->host, anchor, c->anchors_n, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < c->bundles_n; i++) {
		size_t len;

		if ((st = file_read(c->bundles[i], TRUST_BUNDLE_MAX,
		    &c->raw[i], &len, d)) != ST_OK ||
		    (st = trust_host_add(&c->host, c->bundles[i],
		    bytes_from(c->raw[i], len), d)) != ST_OK)
			return st;
	}
	return ST_OK;
}

static void
unload(struct check *c)
{
	trust_host_close(&c->host);
	store_close(&c->store);
	for (size_t i = 0; i < TRUST_STATES_MAX; i++)
		free(c->raw[i]);
	crypto_wipe(c, sizeof(*c));
	free(c);
}

/* Judges every candidate; the worst card decides, for a picture with two cards
 * must not be green because one is. A text that does not even unwrap gives way
 * to one that does. */
static struct report
judge_input(struct check *c, const struct input *in)
{
	struct report r = { .verdict = { .code = VERDICT_UNREADABLE } };
	size_t damaged = 0;

	for (size_t i = 0; i < in->n; i++) {
		struct buf work = buf_over(c->work, sizeof(c->work));
		struct buf tidy = buf_over(c->tidy, sizeof(c->tidy));
		struct bytes cose, text = input_tidy(in->text[i], &tidy);
		struct claims claims;
		struct verdict v;

		if (series_is_part(text)) {
			r.series_part = true;
			continue;
		}
		if (!input_could_be_token(text)) {
			r.other_code = in->picture;
			continue;
		}
		if (token_read(text, &work, &cose) != ST_OK) {
			damaged++;
			continue;
		}
		/* Claims borrow: keep the bytes of the one that is shown. */
		memcpy(c->shown, cose.p, cose.len);
		v = verdict_judge(c->host.trust, bytes_from(c->shown, cose.len),
		    c->now, &claims);
		r.cards++;
		if (r.cards == 1 ||
		    !verdict_is_worse(r.verdict.code, v.code)) {
			r.verdict = v;
			c->claims = claims;
		}
		claims_wipe(&claims);
	}
	if (r.cards == 0 && damaged > 0)
		r.verdict.code = VERDICT_MALFORMED;
	if (r.cards != 0 || damaged > 0)
		r.other_code = r.series_part = false;
	r.other_code = r.other_code && !r.series_part;
	if (r.cards == 1 && (verdict_colour(r.verdict.code) == GREEN ||
	    verdict_colour(r.verdict.code) == AMBER))
		r.claims = &c->claims;
	return r;
}

/* A photo of an earlier check must not be taken for this holder's: it goes
 * before anything is judged. Anything else at that place stays. */
static enum status
clear_photo(const struct check *c, struct diag *d)
{
	uint8_t *old = NULL;
	size_t len;
	bool webp;
	enum status st;

	if (c->photo == NULL || access(c->photo, F_OK) != 0)
		return ST_OK;
	if ((st = file_read(c->photo, PHOTO_MAX, &old, &len, d)) != ST_OK)
		return st;
	webp = len > 12 && memcmp(old, "RIFF", 4) == 0 &&
	    memcmp(old + 8, "WEBP", 4) == 0;
	free(old);
	if (!webp)
		return diag_set(d, ST_DATA,
		    _("%s: exists and is no photo of an earlier check; choose another name"),
		    c->photo);
	return unlink(c->photo) == 0 ? ST_OK :
	    diag_errno(d, ST_IO, c->photo);
}

static enum status
write_photo(const struct check *c, const struct report *r, struct diag *d)
{
	int64_t format;
	struct bytes face;

	if (c->photo == NULL || r->claims == NULL)
		return ST_OK;
	face = identity_face(&r->claims->identity, &format);
	if (face.len == 0) {
		fprintf(stderr, "%s: %s\n", PROGRAM,
		    _("this code carries no photo; no file was written"));
		return ST_OK;
	}
	return file_write(c->photo, face, 0600, d);
}

/* The exit status for this file. */
static int
check_file(struct check *c, const char *path, bool name_it)
{
	struct input in;
	struct report r;
	struct diag d = { "" };
	enum status st;
	int code;

	if ((st = input_read(path, &in, &d)) != ST_OK)
		goto out;
	r = judge_input(c, &in);
	r.file = name_it ? path : NULL;
	if ((st = write_photo(c, &r, &d)) != ST_OK)
		goto out;
	if (c->json)
		st = report_json(stdout, &r, c->identity);
	else
		report_text(stdout, &r, isatty(STDOUT_FILENO) != 0);
out:
	if (st == ST_OK) {
		code = verdict_exit(r.verdict.code);
	} else {
		code = diag_print(PROGRAM, &d, st);
		if (c->json)
			report_json_error(stdout, path, st, &d);
	}
	claims_wipe(&c->claims);
	crypto_wipe(c->shown, sizeof(c->shown));
	crypto_wipe(c->tidy, sizeof(c->tidy));
	crypto_wipe(c->work, sizeof(c->work));
	input_free(&in);
	return code;
}

/* Over several files: an operator's error, then red, amber, nothing read. */
static int
worse(int a, int b)
{
	static const int order[] = { 0, 2, 3, 1 };	/* of exits 0 to 3 */
	int x = a > 3 ? a : order[a], y = b > 3 ? b : order[b];

	return x >= y ? a : b;
}

static enum status
check_usage(const struct check *c, int files, struct diag *d)
{
	if (files < 1)
		return diag_set(d, ST_USAGE,
		    _("give the pictures or texts to check, or - for standard input; see --help"));
	if (c->photo != NULL && files > 1)
		return diag_set(d, ST_USAGE,
		    _("--photo: with one file at a time only"));
	if ((c->anchors_n == 0) != (c->bundles_n == 0))
		return diag_set(d, ST_CONFIG, c->anchors_n == 0 ?
		    _("no anchor: give --anchor with the root key of the state you trust") :
		    _("no bundle: give --trust with the bundle of the offices you trust"));
	if (c->anchors_n > 0 && c->store_path != NULL)
		return diag_set(d, ST_USAGE,
		    _("give either --store or --anchor and --trust"));
	return ST_OK;
}

int
command_check(int argc, char *argv[])
{
	struct check *c = calloc(1, sizeof(*c));
	struct diag d = { "" };
	bool help = false;
	int rest = 0, worst = 0;
	enum status st;

	if (c == NULL)
		return status_exit(ST_INTERNAL);
	c->store.folder = -1;
	const struct opt opts[] = {
		{ .name = "store", .arg = "FOLDER", .value = &c->store_path,
		    .help = N_("the trust store; else CEDULA_TRUST, else the user's own") },
		{ .name = "anchor", .arg = "PEM", .list = c->anchors,
		    .list_n = &c->anchors_n, .list_max = COUNT(c->anchors),
		    .help = N_("a state's root key, named NIC.pem; once for each state") },
		{ .name = "trust", .arg = "FILE", .list = c->bundles,
		    .list_n = &c->bundles_n, .list_max = COUNT(c->bundles),
		    .help = N_("the bundle of trust lists and status lists") },
		{ .name = "now", .arg = "RFC3339", .value = &c->now_text,
		    .help = N_("judge as of this instant, not by the clock") },
		{ .name = "lang", .arg = "es|en", .value = &(const char *){ NULL },
		    .help = N_("language of the answer") },
		{ .name = "json", .flag = &c->json,
		    .help = N_("answer with one JSON object a file, without personal data") },
		{ .name = "identity", .flag = &c->identity,
		    .help = N_("with --json: the holder's data too, on green and amber") },
		{ .name = "photo", .arg = "OUT", .value = &c->photo,
		    .help = N_("write the photo in the code to OUT, on green and amber") },
	};

	st = options_parse(argc, argv, opts, COUNT(opts), &help, &rest, &d);
	if (st == ST_OK && help) {
		options_usage(stdout, PROGRAM, "FILE|-...", opts, COUNT(opts));
		puts(_("       cedula-verifier trust --help: what this verifier trusts"));
		puts(_("       cedula-verifier inspect --help: the claims of any token"));
		puts(_("       cedula-verifier audit --help: an office's log of issuance"));
		goto out;
	}
	if (st == ST_OK)
		st = check_usage(c, argc - rest, &d);
	if (st != ST_OK || (st = moment_take(c->now_text, &c->now, &d)) != ST_OK ||
	    (st = clear_photo(c, &d)) != ST_OK ||
	    (st = load_trust(c, &d)) != ST_OK)
		goto out;
	for (int i = rest; i < argc; i++)
		worst = worse(worst, check_file(c, argv[i], argc - rest > 1));
out:
	if (st == ST_OK && fflush(stdout) != 0)
		st = diag_errno(&d, ST_IO, _("standard output"));
	if (st != ST_OK) {
		worst = diag_print(PROGRAM, &d, st);
		if (c->json)
			report_json_error(stdout, NULL, st, &d);
	}
	unload(c);
	return worst;
}
