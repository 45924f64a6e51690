/* trust new, add, revoke, renew, show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/anchor.h"
#include "common/host/options.h"
#include "common/host/program.h"
#include "common/text.h"
#include "common/when.h"
#include "keys/change.h"
#include "keys/command.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { DUE_DAYS = 60 };	/* a year's signer is renewed a month before */

static enum status
refuse_new(const char *out, struct diag *d)
{
	return diag_set(d, ST_EXISTS,
	    _("%s: something is there already; change a trust list with trust add, revoke or renew"),
	    out);
}

enum status
command_trust_new(int argc, char *argv[], struct diag *d)
{
	struct custody root = { 0 };
	const char *state = NULL, *out = NULL, *valid = NULL;
	const struct opt opts[] = {
		CUSTODY_OPTS(&root),
		{ .name = "state", .arg = "NIC", .value = &state, .required = true,
		    .help = N_("the state, ISO 3166-1 alpha-3") },
		{ .name = "out", .arg = "FILE", .value = &out, .required = true,
		    .help = N_("where the trust list goes") },
		{ .name = "valid-days", .arg = "N", .value = &valid,
		    .help = N_("days until a verifier calls the list old, 90 if not given") },
	};
	struct trust_list *l = NULL;
	struct signer *signer = NULL;
	int64_t days;
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	/* Before anybody is asked for a passphrase. */
	if (access(out, F_OK) == 0)
		return refuse_new(out, d);
	if (!text_is_code(bytes_text(state), false))
		return diag_set(d, ST_USAGE,
		    _("--state: three capital letters, as NIC, not %s"), state);
	if ((st = days_take(valid, "valid-days", VALID_DAYS, &days,
	    d)) != ST_OK ||
	    (st = signer_open(&root, &signer, d)) != ST_OK)
		return st;
	if ((l = calloc(1, sizeof(*l))) == NULL) {
		st = ST_INTERNAL;
		goto out;
	}
	memcpy(l->state, state, 3);
	l->sequence = 1;
	l->iat = program_now();
	l->exp = l->iat + days * WHEN_DAY;
	if ((st = trustlist_create(out, l, signer, d)) == ST_OK)
		printf("%s %s 1\n", out, state);
	else if (st == ST_EXISTS)
		st = refuse_new(out, d);
out:
	free(l);
	signer_close(signer);
	return st;
}

enum status
command_trust_add(int argc, char *argv[], struct diag *d)
{
	struct change c = { 0 };
	const char *public = NULL, *role = NULL, *office = NULL, *name = NULL;
	const char *from = NULL, *sign_until = NULL, *until = NULL;
	const struct opt opts[] = {
		CHANGE_OPTS(&c),
		{ .name = "public", .arg = "FILE", .value = &public,
		    .required = true, .help = N_("the signer's public key") },
		{ .name = "role", .arg = "document|status", .value = &role,
		    .required = true, .help = N_("what the key may sign") },
		{ .name = "office", .arg = "SJO", .value = &office,
		    .required = true, .help = N_("the office's code") },
		{ .name = "office-name", .arg = "TEXT", .value = &name,
		    .required = true,
		    .help = N_("the office's name, as verifiers show it") },
		{ .name = "from", .arg = "DATE", .value = &from,
		    .help = N_("signs from this day, today if not given") },
		{ .name = "sign-until", .arg = "DATE", .value = &sign_until,
		    .help = N_("signs until this day, a year if not given") },
		{ .name = "until", .arg = "DATE", .value = &until,
		    .help = N_("what it signed counts until this day, six years more if not given") },
	};
	struct trust_key k = { .revoked_from = TRUST_NEVER };
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = role_take(role, &k.role, d)) != ST_OK)
		return st;
	k.office = bytes_text(office);
	k.office_name = bytes_text(name);
	if ((st = date_take(from, "from", false,
	    when_from_date(when_date(program_now())), &k.from, d)) != ST_OK ||
	    (st = date_take(sign_until, "sign-until", true,
	    k.from + SIGN_DAYS * WHEN_DAY - 1, &k.sign_until, d)) != ST_OK ||
	    (st = date_take(until, "until", true,
	    k.sign_until + VERIFY_DAYS * WHEN_DAY, &k.until, d)) != ST_OK)
		return st;
	if (k.from > k.sign_until || k.sign_until > k.until)
		return diag_set(d, ST_USAGE,
		    _("--from, --sign-until and --until must follow one another in this order"));
	if ((st = public_read(public, &k, d)) == ST_OK &&
	    (st = change_open(&c, d)) == ST_OK &&
	    (st = change_add_key(&c, &k, public, d)) == ST_OK)
		st = change_write(&c, d);
	change_close(&c);
	return st;
}

/* A moment that has passed takes genuine work along. */
static void
tell_past(const struct trust_key *k, int64_t moment)
{
	char when[WHEN_TEXT];

	if (moment >= program_now())
		return;
	when_format(moment, when);
	printf(k->role == ROLE_DOCUMENT ?
	    _("note: every card that this key dated at or after %s turns red, also genuine ones; this cannot be taken back\n") :
	    _("note: every list that this key dated at or after %s is refused, also genuine ones; this cannot be taken back\n"),
	    when);
}

enum status
command_trust_revoke(int argc, char *argv[], struct diag *d)
{
	struct change c = { 0 };
	const char *kid = NULL, *from = NULL;
	const struct opt opts[] = {
		CHANGE_OPTS(&c),
		{ .name = "kid", .arg = "HEX", .value = &kid, .required = true,
		    .help = N_("the key's kid, 16 hex digits") },
		{ .name = "from", .arg = "DATE", .value = &from,
		    .help = N_("nothing it signed from then on counts; now if not given") },
	};
	uint8_t raw[KID_LEN];
	size_t n, i;
	int64_t moment;
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if (!bytes_from_hex(bytes_text(kid), raw, sizeof(raw), &n) ||
	    n != KID_LEN)
		return diag_set(d, ST_USAGE,
		    _("--kid: 16 hex digits, not %s"), kid);
	if ((st = date_take(from, "from", false, program_now(), &moment,
	    d)) != ST_OK)
		return st;
	if ((st = change_open(&c, d)) != ST_OK)
		goto out;
	for (i = 0; i < c.file->list.keys_n; i++)
		if (memcmp(c.file->list.key[i].kid, raw, KID_LEN) == 0)
			break;
	if (i == c.file->list.keys_n) {
		st = diag_set(d, ST_NOT_FOUND,
		    _("%s: no key with kid %s in this trust list"), c.in, kid);
		goto out;
	}
	/* A revocation is never taken back or moved to a later moment. */
	if (moment < c.file->list.key[i].revoked_from)
		c.file->list.key[i].revoked_from = moment;
	if ((st = change_write(&c, d)) == ST_OK && from != NULL)
		tell_past(&c.file->list.key[i],
		    c.file->list.key[i].revoked_from);
out:
	change_close(&c);
	return st;
}

enum status
command_trust_renew(int argc, char *argv[], struct diag *d)
{
	struct change c = { 0 };
	const struct opt opts[] = { CHANGE_OPTS(&c) };
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = change_open(&c, d)) == ST_OK)
		st = change_write(&c, d);
	change_close(&c);
	return st;
}

static void
show_key(const struct trust_key *k)
{
	char kid[2 * KID_LEN + 1];
	char from[WHEN_TEXT], sign[WHEN_TEXT], until[WHEN_TEXT];
	char revoked[WHEN_TEXT] = "-";

	(void)bytes_to_hex(bytes_from(k->kid, KID_LEN), kid, sizeof(kid));
	when_format(k->from, from);
	when_format(k->sign_until, sign);
	when_format(k->until, until);
	if (k->revoked_from != TRUST_NEVER)
		when_format(k->revoked_from, revoked);
	printf("%s %-8s %.*s %s %s %s %s %.*s\n", kid,
	    k->role == ROLE_DOCUMENT ? "document" : "status",
	    (int)k->office.len, (const char *)k->office.p, from, sign, until,
	    revoked, (int)k->office_name.len, (const char *)k->office_name.p);
}

/* By the anchor, through the successions that the file carries. */
static enum status
verify_shown(const char *path, const struct trustlist_file *f,
    const char *anchor_path, struct diag *d)
{
	struct trust_host h = { NULL, NULL };
	struct trust_key key = { 0 };
	struct anchor anchor;
	enum status st;

	if ((st = public_read(anchor_path, &key, d)) != ST_OK)
		return st;
	memcpy(anchor.state, f->list.state, sizeof(anchor.state));
	anchor.key = key.pub;
	if ((st = trust_host_open(&h, &anchor, 1, d)) == ST_OK)
		st = trust_host_add(&h, path, bytes_from(f->raw, f->len), d);
	trust_host_close(&h);
	return st;
}

/* Until when the office can go on signing in this role; 0 if it has no key
 * that still counts. */
static int64_t
signs_until(const struct trust_list *l, struct bytes office,
    enum key_role role)
{
	int64_t last = 0;

	for (size_t i = 0; i < l->keys_n; i++) {
		const struct trust_key *k = &l->key[i];

		if (k->role == role && bytes_equal(k->office, office) &&
		    k->revoked_from == TRUST_NEVER && k->sign_until > last)
			last = k->sign_until;
	}
	return last;
}

/* Whose successor must be made soon: one line an office and role. */
static void
show_due(const struct trust_list *l, int64_t now)
{
	char when[WHEN_TEXT];

	for (size_t i = 0; i < l->keys_n; i++) {
		const struct trust_key *k = &l->key[i];
		int64_t last = signs_until(l, k->office, k->role);
		bool told = false;

		for (size_t n = 0; n < i; n++)
			told = told || (l->key[n].role == k->role &&
			    bytes_equal(l->key[n].office, k->office));
		if (told || last == 0 || last > now + DUE_DAYS * WHEN_DAY)
			continue;
		when_format(last, when);
		printf(k->role == ROLE_DOCUMENT ?
		    _("note: %.*s has no document signer after %s; make and add the next\n") :
		    _("note: %.*s has no status signer after %s; make and add the next\n"),
		    (int)k->office.len, (const char *)k->office.p, when);
	}
}

enum status
command_trust_show(int argc, char *argv[], struct diag *d)
{
	const char *anchor = NULL;
	const struct opt opts[] = {
		{ .name = "anchor", .arg = "FILE", .value = &anchor,
		    .help = N_("check the signature with this anchor") },
	};
	struct trustlist_file *f = NULL;
	char iat[WHEN_TEXT], exp[WHEN_TEXT];
	enum status st;
	int rest;

	if (options_over(argc, argv, "FILE", opts, COUNT(opts), &rest, &st, d))
		return st;
	if (rest + 1 != argc)
		return diag_set(d, ST_USAGE, _("one trust list is needed"));
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return ST_INTERNAL;
	if ((st = trustlist_peek(argv[rest], f, d)) != ST_OK ||
	    (anchor != NULL && (st = verify_shown(argv[rest], f, anchor,
	    d)) != ST_OK))
		goto out;
	when_format(f->list.iat, iat);
	when_format(f->list.exp, exp);
	printf(_("state %s, sequence %llu, signed %s, fresh until %s, signature %s\n"),
	    f->list.state, (unsigned long long)f->list.sequence, iat, exp,
	    anchor != NULL ? _("valid") : _("not checked (give --anchor)"));
	for (size_t i = 0; i < f->list.keys_n; i++)
		show_key(&f->list.key[i]);
	show_due(&f->list, program_now());
out:
	trustlist_close(f);
	free(f);
	return st;
}
