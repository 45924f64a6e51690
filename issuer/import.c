#include "issuer/import.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/anchor.h"
#include "common/host/file.h"
#include "common/trust.h"

/* A trust list of the register beside one that comes. */
struct comparison {
	uint8_t *held;			/* as it was imported; NULL: none */
	size_t len;
	struct trust_host host;		/* the held one, by the anchor given now */
	struct trust_list *list;	/* it alone, where that fails */
};

static int
by_sequence(const struct trust_list *a, const struct trust_list *b)
{
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* The list in a file whose signatures nobody here can follow. */
static enum status
peek(struct bytes file, struct trust_list *out)
{
	struct trust_part p = { .kind = PART_ROOT };

	while (file.len > 0 && p.kind == PART_ROOT)
		if (trust_part_next(&file, &p) != ST_OK)
			return ST_MALFORMED;
	return p.kind == PART_LIST ? trust_list_parse(p.sign1.payload, out) :
	    ST_MALFORMED;
}

/* By generation and sequence (docs/format.md §4), both seen from the anchor that
 * is given now: so a root that has been followed by another is heard no more,
 * however high it counts. Where the held list does not hang on that anchor the
 * officer has taken a new root in hand, and the sequence decides. */
static enum status
compare(struct comparison *c, const struct anchor *anchor,
    const struct trust *come, int *order, bool *same)
{
	const struct trust_list *new = &come->list[0], *was = c->list;
	struct bytes held = bytes_from(c->held, c->len);
	enum status st = trust_host_open(&c->host, anchor, 1, NULL);

	for (size_t i = 0; i < come->roots_n && st == ST_OK; i++)
		if (come->root[i].raw.len > 0)
			st = trust_host_add(&c->host, "", come->root[i].raw,
			    NULL);
	if (st != ST_OK)
		return st;
	if (trust_host_add(&c->host, "", held, NULL) == ST_OK &&
	    c->host.trust->lists_n == 1) {
		was = &c->host.trust->list[0];
		*order = trust_list_order(new, was);
	} else {
		if ((st = peek(held, c->list)) != ST_OK)
			return st;
		*order = by_sequence(new, was);
	}
	*same = *order == 0 && bytes_equal(new->payload, was->payload);
	return ST_OK;
}

static enum status
refuse_older(struct reg *r, const struct anchor *anchor,
    const struct trust *come, struct diag *d)
{
	struct comparison c = { .list = calloc(1, sizeof(*c.list)) };
	struct cose_key held_anchor;
	bool same = false;
	int order = 1;
	enum status st;

	if (c.list == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	st = reg_trust(r, &c.held, &c.len, &held_anchor, NULL);
	if (st == ST_OK)
		st = compare(&c, anchor, come, &order, &same);
	else if (st == ST_NOT_FOUND)
		st = ST_OK;
	if (st == ST_OK && order < 0)
		st = diag_set(d, ST_ROLLBACK,
		    _("the register holds a newer trust list already, of a later sequence or of the root that follows this one; get the newest list"));
	else if (st == ST_OK && order == 0 && !same)
		st = diag_set(d, ST_ROLLBACK,
		    _("the register holds another trust list of the same sequence %" PRIu64 "; ask the ministry which one is right"),
		    come->list[0].sequence);
	trust_host_close(&c.host);
	free(c.held);
	free(c.list);
	return st;
}

enum status
import_trust_list(struct reg *r, const struct office *o, const char *path,
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
	if (h.trust->lists_n != 1 || h.trust->statuses_n != 0 ||
	    h.trust->shorts_n != 0 || h.trust->heads_n != 0) {
		st = diag_set(d, ST_DATA,
		    _("%s: more than one trust list; give the ministry's trust list alone"),
		    path);
		goto out;
	}
	*sequence = h.trust->list[0].sequence;
	if ((st = refuse_older(r, &anchor, h.trust, d)) == ST_OK)
		st = reg_trust_import(r, bytes_from(file, len),
		    &h.trust->list[0], &anchor.key, d);
out:
	trust_host_close(&h);
	free(file);
	return st;
}
