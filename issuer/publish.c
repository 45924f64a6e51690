#include "issuer/publish.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/anchor.h"
#include "common/host/file.h"
#include "common/pem.h"
#include "common/trust.h"

/* Payload and signed list have at most this over the packed list, which
 * deflate makes at most a thousandth longer than the list. */
#define LIST_OVERHEAD 2048

enum { ARENA = 64 << 20, PEM_MAX = 65536 };

static enum status
no_memory(struct diag *d)
{
	return diag_set(d, ST_INTERNAL, _("out of memory"));
}

/* ---- status lists ---- */

enum status
publish_list(struct reg *r, const struct publication *p, uint32_t number,
    uint8_t **out, size_t *len, struct diag *d)
{
	uint8_t *raw = NULL, *room = NULL, *token = NULL;
	char uri[STATUSLIST_URI_MAX];
	struct buf payload, result;
	size_t raw_len, cap;
	enum status st = ST_INTERNAL;

	*out = NULL;
	*len = 0;
	(void)snprintf(uri, sizeof(uri), "urn:cedula:%s:%s:%" PRIu32,
	    p->office->state, p->office->code, number);
	if ((st = reg_list_raw(r, number, &raw, &raw_len, d)) != ST_OK)
		return st;
	cap = raw_len + raw_len / 512 + LIST_OVERHEAD;
	if ((room = malloc(cap)) == NULL || (token = malloc(cap)) == NULL) {
		st = no_memory(d);
		goto out;
	}
	payload = buf_over(room, cap);
	result = buf_over(token, cap);
	if ((st = statuslist_encode(bytes_text(p->office->state),
	    bytes_text(uri), p->iat, p->exp, bytes_from(raw, raw_len),
	    &payload)) != ST_OK)
		goto out;
	if (p->key == NULL)
		buf_put(&result, payload.p, payload.len);
	else if ((st = signer_sign1(p->key, STATUSLIST_TYP,
	    buf_bytes(&payload), &result, d)) != ST_OK)
		goto out;
	if (result.bad) {
		st = diag_set(d, ST_INTERNAL, _("the status list has no room"));
		goto out;
	}
	*out = token;
	*len = result.len;
	token = NULL;
	st = ST_OK;
out:
	free(token);
	free(room);
	free(raw);
	return st;
}

enum status
publish_lists(struct reg *r, const struct publication *p, struct bytes head,
    uint8_t **out, size_t *len, struct diag *d)
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
		uint8_t *list = NULL;
		size_t list_len;

		if ((st = publish_list(r, p, i, &list, &list_len, d)) != ST_OK)
			break;
		if ((more = realloc(all, used + list_len)) == NULL)
			st = no_memory(d);
		else {
			all = more;
			memcpy(all + used, list, list_len);
			used += list_len;
		}
		free(list);
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

struct loaded {
	struct trust *trust;
	uint8_t *arena;
};

static void
unload(struct loaded *l)
{
	if (l->trust != NULL)
		trust_free(l->trust);
	free(l->trust);
	free(l->arena);
}

static enum status
prepare(struct loaded *l, struct diag *d)
{
	l->trust = calloc(1, sizeof(*l->trust));
	l->arena = malloc(ARENA);
	if (l->trust == NULL || l->arena == NULL) {
		free(l->trust);
		l->trust = NULL;
		return no_memory(d);
	}
	trust_init(l->trust, l->arena, ARENA);
	return ST_OK;
}

static enum status
load(struct loaded *l, const char *state, const struct cose_key *anchor,
    const char *path, struct bytes bundle, struct diag *d)
{
	size_t part = 0;
	enum status st;

	if ((st = prepare(l, d)) != ST_OK ||
	    (st = trust_add_anchor(l->trust, state, anchor)) != ST_OK)
		return st;
	return bundle_explain(trust_add_bundle(l->trust, bundle, &part), path,
	    part, d);
}

static enum status
newer(const char *path, const char *what, struct diag *d)
{
	return diag_set(d, ST_ROLLBACK,
	    _("%s: holds a newer %s than the one to be written; the newer one stays"),
	    path, what);
}

static enum status
refuse_older(const char *path, const struct trust *now,
    const struct trust *was, struct diag *d)
{
	if (was->list[0].sequence > now->list[0].sequence)
		return newer(path, _("trust list"), d);
	for (size_t i = 0; i < was->statuses_n; i++)
		for (size_t k = 0; k < now->statuses_n; k++)
			if (bytes_equal(was->status[i].list.uri,
			    now->status[k].list.uri) &&
			    was->status[i].list.iat > now->status[k].list.iat)
				return newer(path, _("status list"), d);
	return ST_OK;
}

/* What is at path now must be an older bundle, or nothing: a slip of the hand
 * with --out costs nobody another file. */
static enum status
may_replace(const char *path, const char *state,
    const struct cose_key *anchor, const struct trust *now, struct diag *d)
{
	struct loaded was = { NULL, NULL };
	uint8_t *raw = NULL;
	size_t len;
	enum status st;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return ST_OK;
	if ((st = file_read(path, TRUST_BUNDLE_MAX, &raw, &len, d)) != ST_OK)
		return st;
	if (load(&was, state, anchor, path, bytes_from(raw, len), NULL) ==
	    ST_OK)
		st = refuse_older(path, now, was.trust, d);
	else
		st = diag_set(d, ST_DATA,
		    _("%s: exists and is no sound bundle of this state; move it away or choose another name"),
		    path);
	unload(&was);
	free(raw);
	return st;
}

enum status
publish_bundle(struct reg *r, const struct publication *p, const char *path,
    struct diag *d)
{
	struct loaded now = { NULL, NULL };
	struct cose_key anchor;
	uint8_t *list = NULL, *bundle = NULL;
	size_t list_len, len;
	enum status st = ST_INTERNAL;

	if ((st = reg_trust(r, &list, &list_len, &anchor, d)) != ST_OK ||
	    (st = publish_lists(r, p, bytes_from(list, list_len), &bundle,
	    &len, d)) != ST_OK ||
	    (st = load(&now, p->office->state, &anchor, path,
	    bytes_from(bundle, len), d)) != ST_OK ||
	    (st = may_replace(path, p->office->state, &anchor, now.trust,
	    d)) != ST_OK)
		goto out;
	st = file_write(path, bytes_from(bundle, len), 0644, d);
out:
	unload(&now);
	free(bundle);
	free(list);
	return st;
}

/* ---- the ministry's trust list ---- */

static enum status
read_anchor(struct trust *t, const struct office *o, const char *path,
    struct cose_key *out, struct diag *d)
{
	struct pem_key key = { 0 };
	uint8_t *pem = NULL;
	size_t len;
	enum status st = anchor_add(t, path, d);

	if (st != ST_OK)
		return st;
	if (strcmp(t->anchor[0].state, o->state) != 0)
		return diag_set(d, ST_CONFIG,
		    _("%s: the anchor of another state; this office needs %s.pem"),
		    path, o->state);
	if ((st = file_read(path, PEM_MAX, &pem, &len, d)) == ST_OK &&
	    (st = pem_parse(bytes_from(pem, len), false, &key)) == ST_OK)
		*out = key.pub;
	crypto_key_free(key.parsed);
	free(pem);
	return st;
}

enum status
publish_import(struct reg *r, const struct office *o, const char *path,
    const char *anchor, uint64_t *sequence, struct diag *d)
{
	struct loaded l = { NULL, NULL };
	struct cose_key root;
	uint8_t *file = NULL;
	size_t len, part = 0;
	enum status st = ST_INTERNAL;

	if ((st = prepare(&l, d)) != ST_OK ||
	    (st = read_anchor(l.trust, o, anchor, &root, d)) != ST_OK ||
	    (st = file_read(path, TRUST_BUNDLE_MAX, &file, &len, d)) != ST_OK)
		goto out;
	st = trust_add_bundle(l.trust, bytes_from(file, len), &part);
	if (bundle_explain(st, path, part, d) != ST_OK)
		goto out;
	if (l.trust->lists_n != 1 || l.trust->statuses_n != 0) {
		st = diag_set(d, ST_DATA,
		    _("%s: more than one trust list; give the ministry's trust list alone"),
		    path);
		goto out;
	}
	*sequence = l.trust->list[0].sequence;
	st = reg_trust_import(r, bytes_from(file, len), &l.trust->list[0],
	    &root, d);
out:
	unload(&l);
	free(file);
	return st;
}
