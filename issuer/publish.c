#include "issuer/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/anchor.h"
#include "common/host/file.h"
#include "common/trust.h"
#include "keys/bundle.h"

/* Payload and signed list have at most this over the packed list, which
 * deflate makes at most a thousandth longer than the list. */
#define LIST_OVERHEAD 2048

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

enum status
publish_bundle(struct reg *r, const struct publication *p, const char *path,
    struct diag *d)
{
	struct anchor anchor = { "", { 0 } };
	uint8_t *list = NULL, *bundle = NULL;
	size_t list_len, len;
	enum status st = ST_INTERNAL;

	memcpy(anchor.state, p->office->state, sizeof(anchor.state));
	if ((st = reg_trust(r, &list, &list_len, &anchor.key, d)) == ST_OK &&
	    (st = publish_lists(r, p, bytes_from(list, list_len), &bundle,
	    &len, d)) == ST_OK)
		st = bundle_replace(path, bytes_from(bundle, len), &anchor, 1,
		    d);
	free(bundle);
	free(list);
	return st;
}

/* ---- the ministry's trust list ---- */

enum status
publish_import(struct reg *r, const struct office *o, const char *path,
    const char *anchor_path, uint64_t *sequence, struct diag *d)
{
	struct trust_host h = { NULL, NULL };
	struct anchor anchor;
	uint8_t *file = NULL;
	size_t len;
	enum status st;

	if ((st = anchor_read(anchor_path, &anchor, d)) != ST_OK)
		return st;
	if (strcmp(anchor.state, o->state) != 0)
		return diag_set(d, ST_CONFIG,
		    _("%s: the anchor of another state; this office needs %s.pem"),
		    anchor_path, o->state);
	if ((st = file_read(path, TRUST_BUNDLE_MAX, &file, &len, d)) != ST_OK ||
	    (st = trust_host_open(&h, &anchor, 1, d)) != ST_OK ||
	    (st = trust_host_add(&h, path, bytes_from(file, len), d)) != ST_OK)
		goto out;
	if (h.trust->lists_n != 1 || h.trust->statuses_n != 0) {
		st = diag_set(d, ST_DATA,
		    _("%s: more than one trust list; give the ministry's trust list alone"),
		    path);
		goto out;
	}
	*sequence = h.trust->list[0].sequence;
	st = reg_trust_import(r, bytes_from(file, len), &h.trust->list[0],
	    &anchor.key, d);
out:
	trust_host_close(&h);
	free(file);
	return st;
}
