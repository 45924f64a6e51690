#include "keys/bundle.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/anchor.h"
#include "common/host/file.h"
#include "common/trust.h"

/* Room for the inflated lists of one bundle. */
enum { ARENA = 64 << 20 };

struct loaded {
	struct trust *trust;
	uint8_t *arena, *raw;
};

static void
unload(struct loaded *l)
{
	if (l->trust != NULL)
		trust_free(l->trust);
	free(l->trust);
	free(l->arena);
	free(l->raw);
	*l = (struct loaded){ NULL, NULL, NULL };
}

static enum status
load(const char *path, struct bytes bundle, const char *const *anchors,
    size_t n, struct loaded *out, struct diag *d)
{
	size_t part = 0;
	enum status st = ST_INTERNAL;

	out->trust = malloc(sizeof(*out->trust));
	out->arena = malloc(ARENA);
	if (out->trust == NULL || out->arena == NULL) {
		free(out->trust);
		out->trust = NULL;
		return ST_INTERNAL;
	}
	trust_init(out->trust, out->arena, ARENA);
	for (size_t i = 0; i < n; i++)
		if ((st = anchor_add(out->trust, anchors[i], d)) != ST_OK)
			return st;
	st = trust_add_bundle(out->trust, bundle, &part);
	return bundle_explain(st, path, part, d);
}

static enum status
older(const char *path, const char *what, struct diag *d)
{
	return diag_set(d, ST_ROLLBACK,
	    _("%s: holds a newer %s than the one to be written; the newer one stays"),
	    path, what);
}

static enum status
refuse_older(const char *path, const struct trust *now, const struct trust *was,
    struct diag *d)
{
	for (size_t i = 0; i < was->lists_n; i++)
		for (size_t k = 0; k < now->lists_n; k++)
			if (strcmp(was->list[i].state,
			    now->list[k].state) == 0 &&
			    was->list[i].sequence > now->list[k].sequence)
				return older(path, _("trust list"), d);
	for (size_t i = 0; i < was->statuses_n; i++)
		for (size_t k = 0; k < now->statuses_n; k++)
			if (bytes_equal(was->status[i].list.uri,
			    now->status[k].list.uri) &&
			    was->status[i].list.iat > now->status[k].list.iat)
				return older(path, _("status list"), d);
	return ST_OK;
}

enum status
bundle_replace(const char *path, struct bytes bundle,
    const char *const *anchors, size_t anchors_n, struct diag *d)
{
	struct loaded now = { NULL, NULL, NULL }, was = { NULL, NULL, NULL };
	size_t len = 0;
	enum status st;

	if ((st = load(path, bundle, anchors, anchors_n, &now, d)) != ST_OK)
		goto out;
	if (access(path, F_OK) == 0) {
		if ((st = file_read(path, TRUST_BUNDLE_MAX, &was.raw, &len,
		    d)) != ST_OK)
			goto out;
		/* One that does not verify (damaged, or of another root) has
		 * nothing to protect. */
		if (load(path, bytes_from(was.raw, len), anchors, anchors_n,
		    &was, NULL) == ST_OK && (st = refuse_older(path, now.trust,
		    was.trust, d)) != ST_OK)
			goto out;
	}
	st = file_write(path, bundle, 0644, d);
out:
	unload(&now);
	unload(&was);
	return st;
}
