#include "keys/custody.h"

#include <sys/stat.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "common/crypto.h"
#include "common/host/file.h"
#include "keys/keyfile.h"
#include "keys/passphrase.h"
#include "keys/share.h"

_Static_assert(CUSTODY_SHARES_MAX == SHAMIR_MAX, "every share can be given");

enum { SHARE_FILE_MAX = 4096, TRIES = 3 };

bool
custody_in_token(const char *ref)
{
	return strncasecmp(ref, "pkcs11:", 7) == 0;
}

const char *
custody_path(const char *ref)
{
	return strncmp(ref, "file:", 5) == 0 ? ref + 5 : ref;
}

/* The line of text that is a share: the one that begins as one, else the
 * first, which may hold the groups alone. */
static struct bytes
share_line(const char *text)
{
	const char *at = text;

	while (*at != '\0') {
		size_t n = strcspn(at, "\n");
		size_t blanks = strspn(at, " \t");

		if (strncasecmp(at + blanks, "CEDULA-SHARE", 12) == 0)
			return bytes_from(at, n);
		at += n + (at[n] == '\n');
	}
	return bytes_from(text, strcspn(text, "\n"));
}

/* What is wrong with the share that name is the source of. */
static enum status
share_refused(enum status st, const char *name, struct diag *d)
{
	if (st == ST_MALFORMED)
		return diag_set(d, st,
		    _("%s: not a share (\"CEDULA-SHARE-1\" and 16 groups of 5 characters)"),
		    name);
	return diag_set(d, st,
	    _("%s: a character of this share is wrong; compare it with the paper"),
	    name);
}

static enum status
check_set(const struct share *s, const struct keyfile_split *split,
    const char *name, struct diag *d)
{
	char set[SHARE_SET_TEXT];

	share_set_text(s->set, set);
	if (strcmp(set, split->set) != 0)
		return diag_set(d, ST_DATA,
		    _("%s: this share is of set %s, and the key needs set %s"),
		    name, set, split->set);
	return ST_OK;
}

static enum status
read_share(const char *path, const struct keyfile_split *split,
    struct share *out, struct diag *d)
{
	uint8_t *text = NULL;
	size_t len;
	enum status st;

	if ((st = file_read(path, SHARE_FILE_MAX, &text, &len, d)) != ST_OK)
		return st;
	if ((st = share_parse(share_line((const char *)text), out)) != ST_OK)
		st = share_refused(st, path, d);
	else if (split->k != 0)
		st = check_set(out, split, path, d);
	crypto_wipe(text, len);
	free(text);
	return st;
}

static enum status
check_fresh(const struct share *s, size_t i, const char *name, struct diag *d)
{
	for (size_t j = 0; j < i; j++)
		if (s[j].number == s[i].number)
			return diag_set(d, ST_DATA,
			    _("%s: share %u was typed already; the next custodian types another"),
			    name, s[i].number);
	return ST_OK;
}

/* One custodian's turn: a slip is told and asked again. */
static enum status
ask_share(struct share *s, size_t i, const struct keyfile_split *split,
    struct diag *d)
{
	char question[128], no_terminal[256], line[PASSPHRASE_MAX];
	enum status st = ST_INTERNAL;

	(void)snprintf(question, sizeof(question), _("Share %zu of %u"), i + 1,
	    split->k);
	(void)snprintf(no_terminal, sizeof(no_terminal),
	    _("this key needs %u shares, and there is no terminal to type them on; give --share FILE %u times"),
	    split->k, split->k);
	for (int i_try = 0; i_try < TRIES; i_try++) {
		if (i_try > 0 && d != NULL)
			passphrase_tell(d->text);
		if ((st = passphrase_ask(question, no_terminal, line,
		    d)) == ST_OK) {
			if ((st = share_parse(bytes_text(line),
			    &s[i])) != ST_OK)
				st = share_refused(st, question, d);
			else if ((st = check_set(&s[i], split, question,
			    d)) == ST_OK)
				st = check_fresh(s, i, question, d);
		} else if (st != ST_PASSPHRASE)
			break;		/* no terminal, or no more of it */
		passphrase_wipe(line);
		if (st == ST_OK)
			break;
	}
	return st;
}

static void
to_passphrase(const uint8_t secret[SHARE_SECRET], char out[PASSPHRASE_MAX])
{
	memset(out, 0, PASSPHRASE_MAX);
	(void)bytes_to_hex(bytes_from(secret, SHARE_SECRET), out,
	    PASSPHRASE_MAX);
}

/* Shares were given for a key file that does not say it is split. Its line may
 * have been lost, so they were tried: why they did not do, or NULL. */
static enum status
unmarked(const char *path, const char *why, struct diag *d)
{
	return why == NULL ? diag_set(d, ST_USAGE,
	    _("%s: these shares do not open this key; its file does not say that it is split, and one that is not split opens with a passphrase"),
	    path) : diag_set(d, ST_USAGE,
	    _("%s: %s (the key file does not say that it is split; one that is not split opens with a passphrase)"),
	    path, why);
}

/* The sealing secret, of the shares given or typed. */
static enum status
unlock_by_shares(const struct custody *c, const char *path,
    const struct keyfile_split *split, char out[PASSPHRASE_MAX],
    struct diag *d)
{
	struct diag why = { "" };
	struct share s[SHAMIR_MAX] = { 0 };
	uint8_t secret[SHARE_SECRET];
	size_t n = c->shares_n > 0 ? c->shares_n : split->k;
	enum status st = ST_OK;

	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = c->shares_n > 0 ? read_share(c->share[i], split, &s[i],
		    d) : ask_share(s, i, split, d);
	if (st == ST_OK && (st = share_join(s, n, secret, &why)) == ST_OK)
		to_passphrase(secret, out);
	else if (why.text[0] != '\0')
		st = split->k == 0 ? unmarked(path, why.text, d) :
		    diag_set(d, st, "%s", why.text);
	crypto_wipe(secret, sizeof(secret));
	share_wipe(s, SHAMIR_MAX);
	return st;
}

static enum status
unlock(const struct custody *c, const char *path,
    const struct keyfile_split *split, char out[PASSPHRASE_MAX],
    struct diag *d)
{
	if (split->k == 0 && c->shares_n == 0)
		return passphrase_read(c->passphrase_file, path, 0, out, d);
	if (c->passphrase_file != NULL && split->k == 0)
		return diag_set(d, ST_USAGE,
		    _("%s: give either --passphrase-file or --share"), path);
	if (c->passphrase_file != NULL)
		return diag_set(d, ST_USAGE,
		    _("%s: this key is split and has no passphrase; give --share FILE %u times"),
		    path, split->k);
	return unlock_by_shares(c, path, split, out, d);
}

enum status
custody_open_file(const struct custody *c, EVP_PKEY **out, struct diag *d)
{
	const char *path = custody_path(c->ref);
	char passphrase[PASSPHRASE_MAX];
	struct keyfile_split split;
	enum status st;

	*out = NULL;
	if ((st = keyfile_read_split(path, &split, d)) != ST_OK)
		return st;
	if ((st = unlock(c, path, &split, passphrase, d)) == ST_OK &&
	    (st = keyfile_load(path, passphrase, out, d)) == ST_PASSPHRASE &&
	    c->shares_n > 0)
		st = split.k == 0 ? unmarked(path, NULL, d) : diag_set(d, st,
		    _("%s: does not open with these shares"), path);
	passphrase_wipe(passphrase);
	return st;
}

/* "2/3" */
static bool
parse_split(const char *text, unsigned *k, unsigned *n)
{
	char again[16];

	if (sscanf(text, "%2u/%2u", k, n) != 2)
		return false;
	(void)snprintf(again, sizeof(again), "%u/%u", *k, *n);
	return strcmp(text, again) == 0 && *k >= 2 && *k <= *n &&
	    *n <= SHAMIR_MAX;
}

enum status
custody_seal_check(const struct custody_seal *s, struct diag *d)
{
	unsigned k, n;

	if (s->split == NULL && s->shares == NULL)
		return ST_OK;
	if (s->split == NULL || s->shares == NULL)
		return diag_set(d, ST_USAGE,
		    _("--split and --shares go together"));
	if (s->passphrase_file != NULL)
		return diag_set(d, ST_USAGE,
		    _("a split key has no passphrase: give --split or a passphrase file, not both"));
	if (!parse_split(s->split, &k, &n))
		return diag_set(d, ST_USAGE,
		    _("--split: how many of how many shares, as 2/3, from 2/2 to %d/%d, not %s"),
		    SHAMIR_MAX, SHAMIR_MAX, s->split);
	return ST_OK;
}

static bool
share_path(const char *folder, unsigned number, unsigned n, char out[PATH_MAX])
{
	int len = snprintf(out, PATH_MAX, "%s/share-%u-of-%u.txt", folder,
	    number, n);

	return len > 0 && len < PATH_MAX;
}

/* What goes into one envelope. */
static enum status
write_share(const char *path, const struct share *s, const char *kid,
    struct diag *d)
{
	char line[SHARE_TEXT], set[SHARE_SET_TEXT], text[2048];
	int len;
	enum status st;

	share_encode(s, line);
	share_set_text(s->set, set);
	len = snprintf(text, sizeof(text),
	    _("Share %u of %u of a key of %s, kid %s, set %s.\n"
	    "Any %u of the %u shares of this set open the key; fewer open nothing.\n"
	    "Print this, seal it in an envelope, erase the file. Keep it apart from the others.\n"
	    "\n%s\n"), s->number, s->n, s->state, kid, set, s->k, s->n, line);
	if (len > 0 && len < (int)sizeof(text))
		st = file_create(path, bytes_from(text, (size_t)len), 0600, d);
	else
		st = ST_INTERNAL;
	crypto_wipe(text, sizeof(text));
	crypto_wipe(line, sizeof(line));
	return st;
}

static void
remove_shares(const struct custody_seal *c, unsigned n)
{
	char path[PATH_MAX];

	for (unsigned i = 1; i <= n; i++)
		if (share_path(c->shares, i, n, path))
			(void)unlink(path);
	if (c->made_folder)
		(void)rmdir(c->shares);
}

/* All the shares, or none. */
static enum status
write_shares(struct custody_seal *c, const struct share *s, const char *kid,
    struct diag *d)
{
	const char *folder = c->shares;
	char path[PATH_MAX];
	unsigned n = s[0].n, i;
	enum status st;

	c->made_folder = access(folder, F_OK) != 0;
	if ((st = file_mkdir(folder, 0700, d)) != ST_OK)
		return st;
	for (i = 0; i < n && st == ST_OK; i++)
		st = share_path(folder, i + 1, n, path) ?
		    write_share(path, &s[i], kid, d) :
		    diag_set(d, ST_USAGE, _("%.80s: the name is too long"),
		    folder);
	if (st == ST_OK)
		return ST_OK;
	/* The one that failed is another's file, or is not there. */
	while (--i > 0)
		if (share_path(folder, i, n, path))
			(void)unlink(path);
	if (c->made_folder)
		(void)rmdir(folder);
	return st;
}

static enum status
kid_text(EVP_PKEY *pkey, char out[2 * KID_LEN + 1])
{
	struct cose_key pub;
	uint8_t kid[KID_LEN];
	enum status st;

	if ((st = keyfile_public(pkey, &pub)) == ST_OK &&
	    (st = cose_key_kid(&pub, kid)) == ST_OK)
		(void)bytes_to_hex(bytes_from(kid, KID_LEN), out,
		    2 * KID_LEN + 1);
	return st;
}

/* The shares first: a key without its shares would be lost. */
static enum status
seal_split(const char *path, EVP_PKEY *pkey, struct custody_seal *c,
    struct diag *d)
{
	struct keyfile_split split = { 0 };
	struct share s[SHAMIR_MAX] = { 0 };
	uint8_t secret[SHARE_SECRET] = { 0 };
	char passphrase[PASSPHRASE_MAX], kid[2 * KID_LEN + 1];
	enum status st = ST_INTERNAL;

	if (!parse_split(c->split, &split.k, &split.n))
		return ST_USAGE;
	if (RAND_priv_bytes(secret, sizeof(secret)) != 1 ||
	    (st = share_split(secret, c->state, split.k, split.n, s)) != ST_OK ||
	    (st = kid_text(pkey, kid)) != ST_OK ||
	    (st = write_shares(c, s, kid, d)) != ST_OK)
		goto out;
	share_set_text(s[0].set, split.set);
	to_passphrase(secret, passphrase);
	if ((st = keyfile_write(path, pkey, passphrase, &split, d)) != ST_OK)
		remove_shares(c, split.n);
	passphrase_wipe(passphrase);
out:
	crypto_wipe(secret, sizeof(secret));
	share_wipe(s, SHAMIR_MAX);
	return st;
}

enum status
custody_seal_file(const char *path, EVP_PKEY *pkey, struct custody_seal *s,
    struct diag *d)
{
	char passphrase[PASSPHRASE_MAX];
	enum status st;

	if ((st = custody_seal_check(s, d)) != ST_OK)
		return st;
	if (s->split != NULL)
		return seal_split(path, pkey, s, d);
	if ((st = passphrase_read(s->passphrase_file, path, PASSPHRASE_MIN,
	    passphrase, d)) == ST_OK)
		st = keyfile_write(path, pkey, passphrase, NULL, d);
	passphrase_wipe(passphrase);
	return st;
}

void
custody_seal_undo(const char *path, const struct custody_seal *s)
{
	unsigned k, n;

	(void)unlink(path);
	if (s->split != NULL && parse_split(s->split, &k, &n))
		remove_shares(s, n);
}
