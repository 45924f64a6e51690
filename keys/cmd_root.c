/* root succeed, trust adopt: one root follows another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/anchor.h"
#include "common/host/file.h"
#include "common/host/options.h"
#include "common/host/program.h"
#include "keys/change.h"
#include "keys/command.h"
#include "keys/signer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { SUCCESSION_MAX = 1 << 16 };

static enum status
sign_succession(struct signer *root, const struct anchor *next,
    const char *out, struct diag *d)
{
	struct root_succession s = {
		.iat = program_now(), .next = next->key
	};
	uint8_t payload_room[256], room[512];
	struct buf payload = buf_over(payload_room, sizeof(payload_room));
	struct buf b = buf_over(room, sizeof(room));
	enum status st;

	memcpy(s.state, next->state, sizeof(s.state));
	if ((st = root_succession_encode(&s, &payload)) != ST_OK ||
	    (st = signer_sign1(root, ROOT_TYP, buf_bytes(&payload), &b, d)) !=
	    ST_OK)
		return st;
	return file_create(out, buf_bytes(&b), 0644, d);
}

/* A root names one successor, for ever: verifiers that hear of two believe it
 * in nothing more. What it named before stands in the list that it led to. */
static enum status
check_first(const char *path, const struct cose_key *root, struct diag *d)
{
	struct trustlist_file *f;
	struct crypto_key *key = NULL;
	struct trust_part p;
	struct bytes rest;
	enum status st;

	if (path == NULL)
		return ST_OK;
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return ST_INTERNAL;
	if ((st = cose_key_load(root, &key)) != ST_OK ||
	    (st = trustlist_peek(path, f, d)) != ST_OK)
		goto out;
	for (rest = f->successions; st == ST_OK && rest.len > 0;)
		if ((st = trust_part_next(&rest, &p)) == ST_OK &&
		    cose_sign1_verify(&p.sign1, key, bytes_from(NULL, 0)) ==
		    ST_OK)
			st = diag_set(d, ST_EXISTS,
			    _("%s: this root has named its successor already, and one is for ever"),
			    path);
out:
	crypto_key_free(key);
	trustlist_close(f);
	free(f);
	return st;
}

enum status
command_root_succeed(int argc, char *argv[], struct diag *d)
{
	struct custody root = { 0 };
	const char *next_path = NULL, *out = NULL, *in = NULL;
	const struct opt opts[] = {
		CUSTODY_OPTS(&root),
		{ .name = "next", .arg = "FILE", .value = &next_path,
		    .required = true,
		    .help = N_("the anchor of the root that is to follow, NIC.pem; one is for ever") },
		{ .name = "in", .arg = "FILE", .value = &in,
		    .help = N_("the trust list as published: refuses if this root named another there") },
		{ .name = "out", .arg = "FILE", .value = &out, .required = true,
		    .help = N_("where the succession goes, NIC.succession") },
	};
	struct signer *signer = NULL;
	struct anchor next;
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = anchor_read(next_path, &next, d)) != ST_OK ||
	    (st = signer_open(&root, &signer, d)) != ST_OK ||
	    (st = check_first(in, signer_public(signer), d)) != ST_OK)
		goto out;
	if (memcmp(signer_public(signer), &next.key, sizeof(next.key)) == 0) {
		st = diag_set(d, ST_DATA,
		    _("%s: this is the root itself; give the anchor of the new one"),
		    next_path);
		goto out;
	}
	if ((st = sign_succession(signer, &next, out, d)) == ST_OK)
		printf("%s %s\n", out, next.state);
out:
	signer_close(signer);
	return st;
}

/* What the old root signed, by its anchor; and its word on the new one. */
struct adoption {
	const char *anchor, *succession;
	bool lost;			/* the old root, before it named one */
	uint8_t *raw;			/* the succession */
	size_t len;
	struct trust_host host;
	uint8_t *all;			/* all successions, for the list */
	size_t all_len;
};

static enum status
check_options(const struct adoption *a, struct diag *d)
{
	if (a->succession != NULL && a->lost)
		return diag_set(d, ST_USAGE,
		    _("give either --succession or --old-root-lost"));
	if (a->succession == NULL && !a->lost)
		return diag_set(d, ST_USAGE,
		    _("--succession is missing; only if the old root was lost before it named this one, give --old-root-lost"));
	return ST_OK;
}

/* The old root's list, by the anchor. */
static enum status
check_list(struct adoption *a, struct change *c, struct diag *d)
{
	struct anchor old;
	enum status st;

	if ((st = anchor_read(a->anchor, &old, d)) != ST_OK ||
	    (st = trustlist_peek(c->in, c->file, d)) != ST_OK)
		return st;
	if (trustlist_verify(c->in, c->file, signer_public(c->signer),
	    NULL) == ST_OK)
		return diag_set(d, ST_EXISTS,
		    _("%s: nothing to adopt, this root signed it; use trust renew"),
		    c->in);
	if ((st = trust_host_open(&a->host, &old, 1, d)) != ST_OK)
		return st;
	return trust_host_add(&a->host, c->in, bytes_from(c->file->raw,
	    c->file->len), d);
}

/* It leads from the root of the list to this one. */
static enum status
check_succession(struct adoption *a, const struct change *c, struct diag *d)
{
	const struct cose_key *own = signer_public(c->signer);
	const struct trust *t = a->host.trust;
	enum status st;

	if ((st = file_read(a->succession, SUCCESSION_MAX, &a->raw, &a->len,
	    d)) != ST_OK ||
	    (st = trust_host_add(&a->host, a->succession, bytes_from(a->raw,
	    a->len), d)) != ST_OK)
		return st;
	for (size_t i = 0; i < t->roots_n; i++)
		if (t->root[i].generation > t->list[0].generation &&
		    memcmp(&t->root[i].pub, own, sizeof(*own)) == 0)
			return ST_OK;
	return diag_set(d, ST_UNKNOWN_KEY,
	    _("%s: does not lead from the root of the list to this root key; give the succession that does"),
	    a->succession);
}

static bool
is_among(struct bytes successions, struct bytes one)
{
	struct trust_part p;

	while (successions.len > 0 &&
	    trust_part_next(&successions, &p) == ST_OK)
		if (bytes_equal(p.raw, one))
			return true;
	return false;
}

/* The list carries every succession from now on, each once: those it had, also
 * the ones that led to the anchor given here, and then the new. */
static enum status
carry_on(struct adoption *a, struct change *c, struct diag *d)
{
	struct bytes rest = bytes_from(a->raw, a->len);
	const struct bytes had = c->file->successions;
	struct trust_part p;

	a->all = malloc(had.len + a->len + 1);
	if (a->all == NULL)
		return ST_INTERNAL;
	if (had.len > 0)
		memcpy(a->all, had.p, had.len);
	a->all_len = had.len;
	while (rest.len > 0) {
		if (trust_part_next(&rest, &p) != ST_OK || p.kind != PART_ROOT)
			return diag_set(d, ST_DATA,
			    _("%s: holds something else than a succession"),
			    a->succession);
		if (is_among(bytes_from(a->all, a->all_len), p.raw))
			continue;
		memcpy(a->all + a->all_len, p.raw.p, p.raw.len);
		a->all_len += p.raw.len;
	}
	c->file->successions = bytes_from(a->all, a->all_len);
	return ST_OK;
}

static enum status
adopt(struct adoption *a, struct change *c, struct diag *d)
{
	enum status st;

	if ((st = check_list(a, c, d)) != ST_OK)
		return st;
	if (a->lost) {
		/* None of them leads to this root. */
		c->file->successions = bytes_from(NULL, 0);
		if ((st = change_write(c, d)) == ST_OK)
			puts(_("note: nothing leads from the old root to this one; every verifier and every register must be given the new anchor"));
		return st;
	}
	if ((st = check_succession(a, c, d)) != ST_OK ||
	    (st = carry_on(a, c, d)) != ST_OK)
		return st;
	return change_write(c, d);
}

enum status
command_trust_adopt(int argc, char *argv[], struct diag *d)
{
	struct change c = { 0 };
	struct adoption a = { 0 };
	const struct opt opts[] = {
		CHANGE_OPTS(&c),
		{ .name = "anchor", .arg = "FILE", .value = &a.anchor,
		    .required = true,
		    .help = N_("the anchor that verifiers hold, NIC.pem") },
		{ .name = "succession", .arg = "FILE", .value = &a.succession,
		    .help = N_("the old root's word on this one (root succeed)") },
		{ .name = "old-root-lost", .flag = &a.lost,
		    .help = N_("there is no such word and will be none: every verifier and register must be given the new anchor") },
	};
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = check_options(&a, d)) == ST_OK &&
	    (st = change_open_root(&c, d)) == ST_OK)
		st = adopt(&a, &c, d);
	trust_host_close(&a.host);
	change_close(&c);
	free(a.raw);
	free(a.all);
	return st;
}
