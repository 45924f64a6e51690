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

enum status
command_root_succeed(int argc, char *argv[], struct diag *d)
{
	struct custody root = { 0 };
	const char *next_path = NULL, *out = NULL;
	const struct opt opts[] = {
		CUSTODY_OPTS(&root),
		{ .name = "next", .arg = "FILE", .value = &next_path,
		    .required = true,
		    .help = N_("the anchor of the root that is to follow, NIC.pem") },
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
	    (st = signer_open(&root, &signer, d)) != ST_OK)
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
	uint8_t *raw;			/* the succession */
	size_t len;
	struct trust_host host;
	uint8_t *both;			/* all successions, for the list */
	size_t both_len;
};

static enum status
check_adoption(struct adoption *a, struct change *c, struct diag *d)
{
	struct anchor old;
	const struct cose_key *own = signer_public(c->signer);
	enum status st;

	if ((st = anchor_read(a->anchor, &old, d)) != ST_OK ||
	    (st = trustlist_peek(c->in, c->file, d)) != ST_OK ||
	    (st = trust_host_open(&a->host, &old, 1, d)) != ST_OK ||
	    (st = trust_host_add(&a->host, c->in, bytes_from(c->file->raw,
	    c->file->len), d)) != ST_OK || a->succession == NULL)
		return st;
	if ((st = file_read(a->succession, SUCCESSION_MAX, &a->raw, &a->len,
	    d)) != ST_OK ||
	    (st = trust_host_add(&a->host, a->succession, bytes_from(a->raw,
	    a->len), d)) != ST_OK)
		return st;
	for (size_t i = 0; i < a->host.trust->roots_n; i++)
		if (a->host.trust->root[i].generation > 0 &&
		    memcmp(&a->host.trust->root[i].pub, own, sizeof(*own)) == 0)
			return ST_OK;
	return diag_set(d, ST_UNKNOWN_KEY,
	    _("%s: does not name this root key; give the succession that does"),
	    a->succession);
}

/* The list carries every succession from now on, each once. Where the old root
 * was lost without naming another there is none, and verifiers need the new
 * anchor. */
static enum status
carry_on(struct adoption *a, struct change *c)
{
	const struct trust *t = a->host.trust;

	c->file->successions = bytes_from(NULL, 0);
	if (a->succession == NULL)
		return ST_OK;
	a->both_len = 0;
	a->both = malloc(c->file->len + a->len + 1);
	if (a->both == NULL)
		return ST_INTERNAL;
	for (size_t i = 0; i < t->roots_n; i++) {
		const struct bytes raw = t->root[i].raw;

		if (raw.len > 0)
			memcpy(a->both + a->both_len, raw.p, raw.len);
		a->both_len += raw.len;
	}
	c->file->successions = bytes_from(a->both, a->both_len);
	return ST_OK;
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
		    .help = N_("the old root's word on this one (root succeed); without it verifiers must be given the new anchor") },
	};
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = change_open_root(&c, d)) == ST_OK &&
	    (st = check_adoption(&a, &c, d)) == ST_OK &&
	    (st = carry_on(&a, &c)) == ST_OK)
		st = change_write(&c, d);
	trust_host_close(&a.host);
	change_close(&c);
	free(a.raw);
	free(a.both);
	return st;
}
