#include "keys/bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/claims.h"
#include "common/host/file.h"
#include "common/trust.h"

static enum status
newer(const char *path, const char *what, struct diag *d)
{
	return diag_set(d, ST_ROLLBACK,
	    _("%s: holds a newer %s than the one to be written, or another of the same sequence; it stays"),
	    path, what);
}

/* Two lists of one sequence that differ: one of them lacks a change of the
 * other, a revocation perhaps. */
static bool
may_follow(const struct trust_list *was, const struct trust_list *now)
{
	int order = trust_list_order(now, was);

	return order > 0 ||
	    (order == 0 && bytes_equal(now->payload, was->payload));
}

static enum status
left_out(const char *path, const char *what, struct bytes name, struct diag *d)
{
	return diag_set(d, ST_ROLLBACK,
	    _("%s: holds the %s of %.*s, and the bundle to be written has none; move the file away if that is meant"),
	    path, what, (int)name.len, (const char *)name.p);
}

/* What was published of an office's log is never taken back. */
static enum status
refuse_lost_log(const char *path, const struct trust *now,
    const struct trust *was, struct diag *d)
{
	for (size_t i = 0; i < was->heads_n; i++) {
		const struct log_head *a = &was->head[i].head;
		bool found = false;

		for (size_t k = 0; k < now->heads_n; k++) {
			const struct log_head *b = &now->head[k].head;

			if (strcmp(a->state, b->state) != 0 ||
			    strcmp(a->office, b->office) != 0)
				continue;
			found = true;
			if (log_head_change(a, b) != LOG_GREW)
				return diag_set(d, ST_ROLLBACK,
				    _("%s: was published with %llu entries in the log of office %s, and this register has others or only %llu; was an old backup put back? see log check"),
				    path, (unsigned long long)a->size,
				    a->office, (unsigned long long)b->size);
		}
		if (!found)
			return left_out(path, _("log head"),
			    bytes_text(a->office), d);
	}
	return ST_OK;
}

/* When a verifier last learnt of this list, by its full list or its short one;
 * false if neither is there. */
static bool
newest_of(const struct trust *t, struct bytes uri, int64_t *iat)
{
	bool found = false;

	*iat = INT64_MIN;
	for (size_t i = 0; i < t->statuses_n; i++)
		if (bytes_equal(t->status[i].list.uri, uri)) {
			found = true;
			if (t->status[i].list.iat > *iat)
				*iat = t->status[i].list.iat;
		}
	for (size_t i = 0; i < t->shorts_n; i++)
		if (bytes_equal(t->brief[i].list.uri, uri)) {
			found = true;
			if (t->brief[i].list.iat > *iat)
				*iat = t->brief[i].list.iat;
		}
	return found;
}

static enum status
refuse_older_list(const char *path, const struct trust *now,
    const struct trust *was, struct bytes uri, struct diag *d)
{
	int64_t before, after;

	(void)newest_of(was, uri, &before);
	if (!newest_of(now, uri, &after))
		return left_out(path, _("status list"), uri, d);
	return after < before ? newer(path, _("status list"), d) : ST_OK;
}

static enum status
refuse_older_trust(const char *path, const struct trust *now,
    const struct trust_list *was, struct diag *d)
{
	for (size_t k = 0; k < now->lists_n; k++)
		if (strcmp(was->state, now->list[k].state) == 0)
			return may_follow(was, &now->list[k]) ? ST_OK :
			    newer(path, _("trust list"), d);
	return left_out(path, _("trust list"), bytes_text(was->state), d);
}

static enum status
refuse_older(const char *path, const struct trust *now, const struct trust *was,
    struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < was->lists_n; i++)
		st = refuse_older_trust(path, now, &was->list[i], d);
	for (size_t i = 0; st == ST_OK && i < was->statuses_n; i++)
		st = refuse_older_list(path, now, was, was->status[i].list.uri,
		    d);
	for (size_t i = 0; st == ST_OK && i < was->shorts_n; i++)
		st = refuse_older_list(path, now, was, was->brief[i].list.uri,
		    d);
	return st != ST_OK ? st : refuse_lost_log(path, now, was, d);
}

static enum status
may_replace(const char *path, const struct trust *now,
    const struct anchor *anchors, size_t n, struct diag *d)
{
	struct trust_host was = { NULL, NULL };
	uint8_t *raw = NULL;
	size_t len;
	enum status st;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return ST_OK;
	if ((st = file_read(path, TRUST_BUNDLE_MAX, &raw, &len, d)) != ST_OK)
		return st;
	if (trust_host_open(&was, anchors, n, NULL) == ST_OK &&
	    trust_host_add(&was, path, bytes_from(raw, len), NULL) == ST_OK)
		st = refuse_older(path, now, was.trust, d);
	else
		st = diag_set(d, ST_DATA,
		    _("%s: exists and is no sound bundle of this state; move it away or choose another name"),
		    path);
	trust_host_close(&was);
	free(raw);
	return st;
}

enum status
bundle_stage(const char *path, struct bytes bundle,
    const struct anchor *anchors, size_t n, struct staged *out,
    struct diag *d)
{
	struct trust_host now = { NULL, NULL };
	enum status st;

	if ((st = trust_host_open(&now, anchors, n, d)) == ST_OK &&
	    (st = trust_host_add(&now, path, bundle, d)) == ST_OK &&
	    (st = may_replace(path, now.trust, anchors, n, d)) == ST_OK)
		st = file_stage(path, bundle, 0644, out, d);
	trust_host_close(&now);
	return st;
}

enum status
bundle_replace(const char *path, struct bytes bundle,
    const struct anchor *anchors, size_t n, struct diag *d)
{
	struct staged s = { .tmp = "", .fd = -1 };
	int lock;
	enum status st;

	if ((st = file_lock_folder(path, &lock, d)) != ST_OK)
		return st;
	if ((st = bundle_stage(path, bundle, anchors, n, &s, d)) == ST_OK)
		st = staged_keep(&s, d);
	staged_drop(&s);
	close(lock);
	return st;
}

/* The name and the date in a payload, if it is a status list's or a short
 * list's. It was not verified. */
static bool
read_dated(struct bytes payload, struct list_dated *out)
{
	struct cbor c = cbor_from(payload);
	bool ours = false, named = false, dated = false;

	for (size_t n = cbor_map(&c); n > 0 && !c.bad; n--) {
		int64_t key = cbor_int(&c);

		if (key == CWT_SUB) {
			out->uri = cbor_text(&c);
			named = true;
		} else if (key == CWT_IAT) {
			out->iat = cbor_int(&c);
			dated = true;
		} else {
			ours |= key == CWT_STATUS_LIST ||
			    key == CWT_REVOCATIONS;
			(void)cbor_raw(&c);
		}
	}
	return ours && named && dated && !c.bad;
}

enum status
statuslist_next(struct bytes *rest, struct list_dated *out)
{
	struct bytes after = *rest, payload;
	struct trust_part part;

	*out = (struct list_dated){ .iat = 0 };
	if (rest->len == 0)
		return ST_NOT_FOUND;
	if (trust_part_next(&after, &part) == ST_OK) {
		if (part.kind != PART_STATUS && part.kind != PART_SHORT)
			return ST_MALFORMED;
		payload = part.sign1.payload;
	} else if (cbor_check_first(*rest, CBOR_STRICT, &payload) == ST_OK) {
		after.p += payload.len;
		after.len -= payload.len;
	} else
		return ST_MALFORMED;
	if (cbor_check(payload, CBOR_STRICT) != ST_OK ||
	    !read_dated(payload, out))
		return ST_MALFORMED;
	*rest = after;
	return ST_OK;
}

static bool
are_status_lists(struct bytes file)
{
	struct list_dated list;
	enum status st = file.len == 0 ? ST_MALFORMED : ST_OK;

	while (st == ST_OK)
		st = statuslist_next(&file, &list);
	return st == ST_NOT_FOUND;
}

enum status
statuslist_stage(const char *path, struct bytes list, struct staged *out,
    struct diag *d)
{
	uint8_t *raw = NULL;
	size_t len;
	bool ours;
	enum status st;

	if (access(path, F_OK) == 0 || errno != ENOENT) {
		if ((st = file_read(path, TRUST_BUNDLE_MAX, &raw, &len,
		    d)) != ST_OK)
			return st;
		ours = are_status_lists(bytes_from(raw, len));
		free(raw);
		if (!ours)
			return diag_set(d, ST_DATA,
			    _("%s: exists and is no status list; move it away or choose another name"),
			    path);
	}
	return file_stage(path, list, 0644, out, d);
}

enum status
statuslist_replace(const char *path, struct bytes list, struct diag *d)
{
	struct staged s = { .tmp = "", .fd = -1 };
	int lock;
	enum status st;

	if ((st = file_lock_folder(path, &lock, d)) != ST_OK)
		return st;
	if ((st = statuslist_stage(path, list, &s, d)) == ST_OK)
		st = staged_keep(&s, d);
	staged_drop(&s);
	close(lock);
	return st;
}
