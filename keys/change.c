#include "keys/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/host/program.h"
#include "common/pem.h"
#include "common/when.h"
#include "keys/signer.h"

enum status
role_take(const char *text, enum key_role *out, struct diag *d)
{
	if (strcmp(text, "document") == 0)
		*out = ROLE_DOCUMENT;
	else if (strcmp(text, "status") == 0)
		*out = ROLE_STATUS;
	else
		return diag_set(d, ST_USAGE,
		    _("--role: document or status, not %s"), text);
	return ST_OK;
}

enum status
days_take(const char *text, const char *name, int fallback, int64_t *out,
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
enum status
date_take(const char *text, const char *name, bool last, int64_t fallback,
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

enum status
change_open_root(struct change *c, struct diag *d)
{
	enum status st;

	/* Two changes at once: the second must start from the first's list. */
	if ((st = file_lock_folder(c->out, &c->lock, d)) != ST_OK)
		return st;
	if ((c->file = calloc(1, sizeof(*c->file))) == NULL)
		return ST_INTERNAL;
	return signer_open(&c->root, &c->signer, d);
}

enum status
change_open(struct change *c, struct diag *d)
{
	enum status st = change_open_root(c, d);

	return st != ST_OK ? st : trustlist_open(c->in,
	    signer_public(c->signer), c->file, d);
}

void
change_close(struct change *c)
{
	if (c->file != NULL)
		trustlist_close(c->file);
	free(c->file);
	signer_close(c->signer);
	if (c->lock > 0)
		close(c->lock);
}

/* At out may be nothing, the list that was read, or an earlier one of this
 * root. */
static enum status
may_replace(const struct change *c, uint64_t sequence, struct diag *d)
{
	struct trustlist_file *at;
	enum status st;

	if (access(c->out, F_OK) != 0)
		return ST_OK;
	if ((at = calloc(1, sizeof(*at))) == NULL)
		return ST_INTERNAL;
	st = trustlist_peek(c->out, at, d);
	if (st == ST_OK && !bytes_equal(bytes_from(at->raw, at->len),
	    bytes_from(c->file->raw, c->file->len)))
		st = trustlist_verify(c->out, at, signer_public(c->signer), d);
	if (st == ST_OK && at->list.sequence >= sequence)
		st = diag_set(d, ST_ROLLBACK,
		    _("%s: holds sequence %llu already; start from that list, not from %s"),
		    c->out, (unsigned long long)at->list.sequence, c->in);
	trustlist_close(at);
	free(at);
	return st;
}

enum status
change_write(struct change *c, struct diag *d)
{
	struct trust_list *l = &c->file->list;
	int64_t now = program_now(), days = 0;
	enum status st;

	if ((st = days_take(c->valid_days, "valid-days", VALID_DAYS, &days,
	    d)) != ST_OK)
		return st;
	if (now < l->iat)
		return diag_set(d, ST_DATA,
		    _("%s: this machine's clock is earlier than the list; set the clock and repeat"),
		    c->in);
	l->sequence++;
	l->iat = now;
	l->exp = now + days * WHEN_DAY;
	if ((st = may_replace(c, l->sequence, d)) != ST_OK ||
	    (st = trustlist_write(c->out, c->file->successions, l, c->signer,
	    d)) != ST_OK)
		return st;
	printf("%s %s %llu\n", c->out, l->state,
	    (unsigned long long)l->sequence);
	return ST_OK;
}

enum status
change_add_key(struct change *c, const struct trust_key *k, const char *path,
    struct diag *d)
{
	struct trust_list *l = &c->file->list;

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

enum status
public_read(const char *path, struct trust_key *k, struct diag *d)
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
