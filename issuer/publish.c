#include "issuer/publish.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/anchor.h"
#include "common/host/file.h"
#include "common/logproof.h"
#include "common/shortlist.h"
#include "common/trust.h"
#include "common/verdict.h"
#include "issuer/kept.h"
#include "issuer/witness.h"
#include "keys/bundle.h"

/* Payload and signed list have at most this over the packed list, which
 * deflate makes at most a thousandth longer than the list. */
#define LIST_OVERHEAD 2048

static enum status
no_memory(struct diag *d)
{
	return diag_set(d, ST_INTERNAL, _("out of memory"));
}

int64_t
publish_deadline(int64_t now, int64_t days)
{
	return when_from_date(when_date(now)) + (days + 1) * WHEN_DAY - 1;
}

/* ---- status lists ---- */

/* One list on its way: the two-bit bits, and how both its forms are dated. */
struct draft {
	const struct publication *p;
	char uri[STATUSLIST_URI_MAX];
	uint8_t *raw;
	size_t raw_len;
	struct published made;
};

typedef enum status encode_fn(struct bytes state, struct bytes uri,
    int64_t iat, int64_t exp, struct bytes raw, struct buf *out);

/* Signed, or the payload alone. */
static enum status
make(const struct draft *dr, encode_fn *encode, const char *typ, size_t cap,
    uint8_t **out, size_t *len, struct diag *d)
{
	const struct publication *p = dr->p;
	uint8_t *room = malloc(cap), *token = malloc(cap);
	struct buf payload = buf_over(room, cap), result = buf_over(token, cap);
	enum status st;

	if (room == NULL || token == NULL) {
		st = no_memory(d);
		goto out;
	}
	if ((st = encode(bytes_text(p->office->state), bytes_text(dr->uri),
	    dr->made.iat, dr->made.exp, bytes_from(dr->raw, dr->raw_len),
	    &payload)) != ST_OK)
		goto out;
	if (p->key == NULL)
		buf_put(&result, payload.p, payload.len);
	else if ((st = signer_sign1(p->key, typ, buf_bytes(&payload), &result,
	    d)) != ST_OK)
		goto out;
	if (result.bad) {
		st = diag_set(d, ST_INTERNAL, _("the status list has no room"));
		goto out;
	}
	*out = token;
	*len = result.len;
	token = NULL;
out:
	free(token);
	free(room);
	return st;
}

static enum status
make_both(struct draft *dr, struct diag *d)
{
	enum status st = make(dr, statuslist_encode, STATUSLIST_TYP,
	    dr->raw_len + dr->raw_len / 512 + LIST_OVERHEAD,
	    &dr->made.token, &dr->made.token_len, d);

	if (st != ST_OK)
		return st;
	st = make(dr, shortlist_encode, SHORTLIST_TYP,
	    2 * SHORTLIST_BYTES_MAX + LIST_OVERHEAD, &dr->made.short_token,
	    &dr->made.short_len, d);
	/* So many are revoked that it would not be short. */
	return st == ST_TOO_BIG ? ST_OK : st;
}

/* Verifiers could not tell which is the newer of two lists of one date. Another
 * key's does not count: one published with a clock that was ahead would stop
 * its successor too. */
static bool
may_be_same_signer(const struct draft *dr, const struct published *kept)
{
	return dr->made.kid_len == 0 || kept->kid_len == 0 ||
	    memcmp(dr->made.kid, kept->kid, KID_LEN) == 0;
}

/* Not before the last act that is in the list, or nobody could tell by its date
 * what it knows; but for acts dated by a clock that was ahead, where somebody
 * says that it was. */
static enum status
last_act(struct reg *r, const struct draft *dr, uint32_t number, int64_t *at,
    struct diag *d)
{
	const struct publication *p = dr->p;
	char when[WHEN_TEXT];
	int64_t all;
	enum status st = reg_last_act(r, number, INT64_MAX, &all, d);

	*at = all;
	if (st != ST_OK || all - p->now <= CLOCK_SKEW || !p->clock_is_right)
		return st;
	when_format(all, when);
	if ((st = reg_audit(r, "clock.is-right", dr->uri, when, d)) != ST_OK)
		return st;
	return reg_last_act(r, number, p->now + CLOCK_SKEW, at, d);
}

/* Later than the one before, and not before the last act. A clock that is much
 * behind either is a wrong clock, now or then. */
static enum status
date_draft(struct reg *r, struct draft *dr, uint32_t number,
    const struct published *kept, struct diag *d)
{
	bool follows = kept->token != NULL && may_be_same_signer(dr, kept);
	int64_t now = dr->p->now, act, least;
	char when[WHEN_TEXT];
	enum status st;

	if ((st = last_act(r, dr, number, &act, d)) != ST_OK)
		return st;
	least = follows && kept->iat >= act ? kept->iat + 1 : act;
	dr->made.exp = dr->p->exp;
	dr->made.iat = now > least ? now : least;
	if (least - now <= CLOCK_SKEW)
		return ST_OK;
	if (!dr->p->clock_is_right)
		return reg_clock_refused(least, d);
	when_format(kept->iat, when);
	return diag_set(d, ST_STATE,
	    _("status list %" PRIu32 " was published with this key and the date %s, and verifiers take no earlier one of it; publish with another status key"),
	    number, when);
}

static bool
is_current(const struct draft *dr, const struct published *kept)
{
	return kept->exp == dr->p->exp &&
	    bytes_equal(bytes_from(kept->kid, kept->kid_len),
	    bytes_from(dr->made.kid, dr->made.kid_len)) &&
	    bytes_equal(bytes_from(kept->raw_sha256, 32),
	    bytes_from(dr->made.raw_sha256, 32));
}

/* Number `number`: the kept one, or a new one in its place. */
static enum status
publish_list(struct reg *r, const struct publication *p, uint32_t number,
    struct diag *d)
{
	struct draft dr = { .p = p };
	struct published kept = { 0 };
	struct bytes raw;
	enum status st;

	(void)snprintf(dr.uri, sizeof(dr.uri), KEPT_URI(p->office, number));
	if (p->key != NULL) {
		dr.made.kid_len = KID_LEN;
		memcpy(dr.made.kid, signer_kid(p->key).p, KID_LEN);
	}
	if ((st = reg_list_raw(r, number, &dr.raw, &dr.raw_len, d)) != ST_OK)
		return st;
	raw = bytes_from(dr.raw, dr.raw_len);
	if ((st = crypto_sha256(&raw, 1, dr.made.raw_sha256)) != ST_OK)
		goto out;
	st = reg_published(r, number, &kept, d);
	if (st != ST_OK && st != ST_NOT_FOUND)
		goto out;
	if (st == ST_OK && is_current(&dr, &kept)) {
		/* The columns say so; what goes out is what was signed. */
		if (kept_agrees(p->office, number, &kept, p->key != NULL ?
		    signer_public(p->key) : NULL, NULL) || (st = reg_audit(r,
		    "status.not-as-kept", dr.uri, "", d)) != ST_OK)
			goto out;
	}
	if ((st = date_draft(r, &dr, number, &kept, d)) == ST_OK &&
	    (st = make_both(&dr, d)) == ST_OK)
		st = reg_publish(r, number, &dr.made, d);
out:
	published_free(&kept);
	published_free(&dr.made);
	free(dr.raw);
	return st;
}

enum status
publish_lists(struct reg *r, const struct publication *p, struct diag *d)
{
	uint32_t n;
	enum status st = reg_lists(r, &n, d);

	for (uint32_t i = 1; st == ST_OK && i <= n; i++)
		st = publish_list(r, p, i, d);
	return st;
}

enum status
publish_files(struct reg *r, struct staged *file, size_t n, struct diag *d)
{
	enum status st = reg_commit(r, d);

	for (size_t i = 0; st == ST_OK && i < n; i++)
		st = staged_keep(&file[i], d);
	return st;
}

enum status
publish_join(struct reg *r, struct bytes head, uint8_t **out, size_t *len,
    struct diag *d)
{
	uint8_t *all = malloc(head.len + 1), *more;
	size_t used = head.len;
	uint32_t n;
	enum status st;

	*out = NULL;
	*len = 0;
	if (all == NULL)
		return no_memory(d);
	if (head.len > 0)
		memcpy(all, head.p, head.len);
	st = reg_lists(r, &n, d);
	for (uint32_t i = 1; st == ST_OK && i <= n; i++) {
		struct published list;

		if ((st = reg_published(r, i, &list, d)) != ST_OK)
			break;
		if ((more = realloc(all, used + list.token_len)) == NULL)
			st = no_memory(d);
		else {
			all = more;
			memcpy(all + used, list.token, list.token_len);
			used += list.token_len;
		}
		published_free(&list);
	}
	if (st != ST_OK) {
		free(all);
		return st;
	}
	*out = all;
	*len = used;
	return ST_OK;
}

/* ---- the bundle ---- */

/* What is published at path was signed by this office about this log; a
 * register that does not follow it was put back from an older backup, or
 * rewritten, and what it publishes would take revocations back. */
static enum status
follows_published(struct reg *r, const struct publication *p, const char *path,
    const struct trust *trust, struct diag *d)
{
	struct log_head h;
	struct bytes rest, cose;
	uint8_t *raw = NULL;
	size_t len;
	bool yes = true;
	enum status st = ST_OK;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return ST_OK;
	if ((st = file_read(path, TRUST_BUNDLE_MAX, &raw, &len, d)) != ST_OK)
		return st;
	rest = bytes_from(raw, len);
	/* What is no bundle at all is bundle_stage's to refuse. */
	while (yes && st == ST_OK && log_head_next(&rest, &cose) == ST_OK)
		if (log_head_verify(trust, cose, &h) == ST_OK &&
		    strcmp(h.office, p->office->code) == 0)
			st = witness_follows(r, &h, &yes, d);
	free(raw);
	if (st == ST_OK && !yes)
		st = diag_set(d, ST_ROLLBACK,
		    _("%s: the log published there is not the beginning of this register's; was it restored from an older backup? it stays; see log check"),
		    path);
	return st;
}

/* The log's head goes with the lists: every acceptor is its witness. */
static enum status
add_head(struct reg *r, const struct publication *p, uint8_t **bundle,
    size_t *len, struct diag *d)
{
	struct log_held head;
	uint8_t *more;
	enum status st = witness_head(r, p->office, p->key, p->now, &head, d);

	if (st != ST_OK)
		return st;
	if ((more = realloc(*bundle, *len + head.len)) == NULL)
		return no_memory(d);
	memcpy(more + *len, head.signed_head, head.len);
	*bundle = more;
	*len += head.len;
	return ST_OK;
}

enum status
publish_bundle(struct reg *r, const struct publication *p, const char *path,
    struct diag *d)
{
	struct anchor anchor = { "", { 0 } };
	struct trust_host held = { NULL, NULL };
	uint8_t *list = NULL, *bundle = NULL;
	struct staged file = { .tmp = "", .fd = -1 };
	size_t list_len, len;
	int lock;
	enum status st;

	/* From before what is at path is read until it is replaced. */
	if ((st = file_lock_folder(path, &lock, d)) != ST_OK)
		return st;
	memcpy(anchor.state, p->office->state, sizeof(anchor.state));
	if ((st = reg_trust(r, &list, &list_len, &anchor.key, d)) == ST_OK &&
	    (st = trust_host_open(&held, &anchor, 1, d)) == ST_OK &&
	    (st = trust_host_add(&held, path, bytes_from(list, list_len),
	    d)) == ST_OK &&
	    (st = follows_published(r, p, path, held.trust, d)) == ST_OK &&
	    (st = publish_lists(r, p, d)) == ST_OK &&
	    (st = publish_join(r, bytes_from(list, list_len), &bundle, &len,
	    d)) == ST_OK &&
	    (st = add_head(r, p, &bundle, &len, d)) == ST_OK &&
	    (st = bundle_stage(path, bytes_from(bundle, len), &anchor, 1,
	    &file, d)) == ST_OK)
		st = publish_files(r, &file, 1, d);
	staged_drop(&file);
	close(lock);
	trust_host_close(&held);
	free(bundle);
	free(list);
	return st;
}
