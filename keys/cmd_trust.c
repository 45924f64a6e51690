/* trust new, add, revoke, renew, show. */
#include <sys/file.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/host/options.h"
#include "common/host/program.h"
#include "common/pem.h"
#include "common/text.h"
#include "common/when.h"
#include "keys/command.h"
#include "keys/custody.h"
#include "keys/trustlist.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { VALID_DAYS = 90, SIGN_DAYS = 365, VERIFY_DAYS = 6 * 366 };

/* What every change of a list takes. */
struct change {
	struct custody root;
	const char *in, *out, *valid_days;
	struct signer *signer;
	struct trustlist_file *file;	/* large: on the heap */
	int lock;			/* the folder of out, while it changes */
};

#define CHANGE_OPTS(c) \
	CUSTODY_OPTS(&(c)->root), \
	{ .name = "in", .arg = "FILE", .value = &(c)->in, .required = true, \
	    .help = N_("the trust list to change") }, \
	{ .name = "out", .arg = "FILE", .value = &(c)->out, .required = true, \
	    .help = N_("where the changed list goes; may be the same file") }, \
	{ .name = "valid-days", .arg = "N", .value = &(c)->valid_days, \
	    .help = N_("days until a verifier calls the list old, 90 if not given") }

static enum status
take_days(const char *text, const char *name, int fallback, int64_t *out,
    struct diag *d)
{
	char *end;
	long v;

	*out = fallback;
	if (text == NULL)
		return ST_OK;
	v = strtol(text, &end, 10);
	if (*end != '\0' || end == text || v < 1 || v > 36600)
		return diag_set(d, ST_USAGE,
		    _("--%s: a number of days from 1 to 36600, not %s"), name,
		    text);
	*out = v;
	return ST_OK;
}

/* A date's first second, or its last. */
static enum status
take_date(const char *text, const char *name, bool last, int64_t fallback,
    int64_t *out, struct diag *d)
{
	struct date date;

	*out = fallback;
	if (text == NULL)
		return ST_OK;
	if (date_parse(bytes_text(text), &date)) {
		*out = when_from_date(date) + (last ? WHEN_DAY - 1 : 0);
		return ST_OK;
	}
	if (when_parse(bytes_text(text), out))
		return ST_OK;
	return diag_set(d, ST_USAGE,
	    _("--%s: a date as 2026-11-23 or an instant as 2026-11-23T18:00:00Z, not %s"),
	    name, text);
}

static int
open_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		(void)snprintf(folder, sizeof(folder), ".");
	else
		(void)snprintf(folder, sizeof(folder), "%.*s/",
		    (int)(slash - path), path);
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static enum status
change_open(struct change *c, struct diag *d)
{
	enum status st;

	/* Two changes at once: the second must start from the first's list. */
	c->lock = open_folder(c->out);
	if (c->lock >= 0)
		(void)flock(c->lock, LOCK_EX);
	if ((c->file = calloc(1, sizeof(*c->file))) == NULL)
		return ST_INTERNAL;
	if ((st = signer_open(&c->root, &c->signer, d)) != ST_OK)
		return st;
	return trustlist_open(c->in, signer_public(c->signer), c->file, d);
}

static void
change_close(struct change *c)
{
	if (c->file != NULL)
		trustlist_close(c->file);
	free(c->file);
	signer_close(c->signer);
	if (c->lock > 0)
		close(c->lock);
}

/* The next sequence, dated now; the list at out must not be a newer one. */
static enum status
change_write(struct change *c, struct diag *d)
{
	struct trust_list *l = &c->file->list;
	int64_t now = program_now(), days = 0;
	struct trustlist_file *at;
	enum status st;

	if ((st = take_days(c->valid_days, "valid-days", VALID_DAYS, &days,
	    d)) != ST_OK)
		return st;
	if (now < l->iat)
		return diag_set(d, ST_DATA,
		    _("%s: this machine's clock is earlier than the list; set the clock and repeat"),
		    c->in);
	l->sequence++;
	l->iat = now;
	l->exp = now + days * WHEN_DAY;
	if (access(c->out, F_OK) == 0) {
		if ((at = calloc(1, sizeof(*at))) == NULL)
			return ST_INTERNAL;
		st = trustlist_open(c->out, signer_public(c->signer), at, d);
		if (st == ST_OK && at->list.sequence >= l->sequence)
			st = diag_set(d, ST_ROLLBACK,
			    _("%s: holds sequence %llu already; start from that list, not from %s"),
			    c->out, (unsigned long long)at->list.sequence,
			    c->in);
		trustlist_close(at);
		free(at);
		if (st != ST_OK)
			return st;
	}
	if ((st = trustlist_write(c->out, l, c->signer, d)) != ST_OK)
		return st;
	printf("%s %s %llu\n", c->out, l->state,
	    (unsigned long long)l->sequence);
	return ST_OK;
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
	if (access(out, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: a trust list is there already; change it with trust add, revoke or renew"),
		    out);
	if (!text_is_code(bytes_text(state), false))
		return diag_set(d, ST_USAGE,
		    _("--state: three capital letters, as NIC, not %s"), state);
	if ((st = take_days(valid, "valid-days", VALID_DAYS, &days,
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
	if ((st = trustlist_write(out, l, signer, d)) == ST_OK)
		printf("%s %s 1\n", out, state);
out:
	free(l);
	signer_close(signer);
	return st;
}

static enum status
append_key(struct trust_list *l, const struct trust_key *k, const char *path,
    struct diag *d)
{
	for (size_t i = 0; i < l->keys_n; i++)
		if (memcmp(l->key[i].kid, k->kid, KID_LEN) == 0)
			return diag_set(d, ST_EXISTS,
			    _("%s: this key is in the trust list already"),
			    path);
	if (l->keys_n == TRUST_KEYS_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("the trust list is full: %d keys"), TRUST_KEYS_MAX);
	l->key[l->keys_n++] = *k;
	return ST_OK;
}

static enum status
read_public(const char *path, struct trust_key *k, struct diag *d)
{
	struct pem_key key = { 0 };
	uint8_t *pem = NULL;
	size_t len;
	enum status st;

	if ((st = file_read(path, 65536, &pem, &len, d)) != ST_OK)
		return st;
	if (pem_parse(bytes_from(pem, len), false, &key) != ST_OK) {
		st = diag_set(d, ST_DATA,
		    _("%s: not a P-256 or Ed25519 public key in PEM form"),
		    path);
	} else {
		k->pub = key.pub;
		st = cose_key_kid(&k->pub, k->kid);
	}
	crypto_key_free(key.parsed);
	free(pem);
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
	if (strcmp(role, "document") != 0 && strcmp(role, "status") != 0)
		return diag_set(d, ST_USAGE,
		    _("--role: document or status, not %s"), role);
	k.role = role[0] == 'd' ? ROLE_DOCUMENT : ROLE_STATUS;
	k.office = bytes_text(office);
	k.office_name = bytes_text(name);
	if ((st = take_date(from, "from", false,
	    when_from_date(when_date(program_now())), &k.from, d)) != ST_OK ||
	    (st = take_date(sign_until, "sign-until", true,
	    k.from + SIGN_DAYS * WHEN_DAY - 1, &k.sign_until, d)) != ST_OK ||
	    (st = take_date(until, "until", true,
	    k.sign_until + VERIFY_DAYS * WHEN_DAY, &k.until, d)) != ST_OK)
		return st;
	if (k.from > k.sign_until || k.sign_until > k.until)
		return diag_set(d, ST_USAGE,
		    _("--from, --sign-until and --until must follow one another in this order"));
	if ((st = read_public(public, &k, d)) == ST_OK &&
	    (st = change_open(&c, d)) == ST_OK &&
	    (st = append_key(&c.file->list, &k, public, d)) == ST_OK)
		st = change_write(&c, d);
	change_close(&c);
	return st;
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
	if ((st = take_date(from, "from", false, program_now(), &moment,
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
	st = change_write(&c, d);
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

enum status
command_trust_show(int argc, char *argv[], struct diag *d)
{
	const char *root = NULL;
	const struct opt opts[] = {
		{ .name = "anchor", .arg = "FILE", .value = &root,
		    .help = N_("check the signature with this anchor") },
	};
	struct trustlist_file *f = NULL;
	struct trust_key anchor = { 0 };
	char iat[WHEN_TEXT], exp[WHEN_TEXT];
	enum status st;
	int rest;

	if (options_over(argc, argv, "FILE", opts, COUNT(opts), &rest, &st, d))
		return st;
	if (rest + 1 != argc)
		return diag_set(d, ST_USAGE, _("one trust list is needed"));
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return ST_INTERNAL;
	if (root == NULL)
		st = trustlist_peek(argv[rest], f, d);
	else if ((st = read_public(root, &anchor, d)) == ST_OK)
		st = trustlist_open(argv[rest], &anchor.pub, f, d);
	if (st != ST_OK)
		goto out;
	when_format(f->list.iat, iat);
	when_format(f->list.exp, exp);
	printf(_("state %s, sequence %llu, signed %s, fresh until %s, signature %s\n"),
	    f->list.state, (unsigned long long)f->list.sequence, iat, exp,
	    root != NULL ? _("valid") : _("not checked (give --anchor)"));
	for (size_t i = 0; i < f->list.keys_n; i++)
		show_key(&f->list.key[i]);
out:
	trustlist_close(f);
	free(f);
	return st;
}
