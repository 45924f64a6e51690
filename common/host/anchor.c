#include "common/host/anchor.h"

#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/pem.h"
#include "common/text.h"

enum { ARENA = 64 << 20 };

static bool
state_of(const char *path, char state[4])
{
	const char *base = strrchr(path, '/');

	base = base == NULL ? path : base + 1;
	if (strlen(base) != 7 || strcmp(base + 3, ".pem") != 0 ||
	    !text_is_code(bytes_from(base, 3), false))
		return false;
	memcpy(state, base, 3);
	state[3] = '\0';
	return true;
}

/* Is that part of the bundle a root's word on its successor? */
static bool
is_succession(struct bytes bundle, size_t part)
{
	struct trust_part p = { .kind = PART_KINDS };

	for (size_t i = 0; i < part; i++)
		if (trust_part_next(&bundle, &p) != ST_OK)
			return false;
	return p.kind == PART_ROOT;
}

static enum status
explain(enum status st, const char *path, struct bytes bundle, size_t part,
    struct diag *d)
{
	if (st == ST_STATE && is_succession(bundle, part))
		return diag_set(d, st,
		    _("%s: part %zu names a second root to follow one that has named another; neither is believed, do not use this bundle, and tell the ministry"),
		    path, part);
	switch ((int)st) {
	case ST_OK:
		return st;
	case ST_MALFORMED:
		return diag_set(d, st,
		    _("%s: part %zu is cut off or damaged; get the bundle again"),
		    path, part);
	case ST_SIGNATURE:
		return diag_set(d, st,
		    _("%s: the signature of part %zu does not match; do not use this bundle"),
		    path, part);
	case ST_UNKNOWN_KEY:
		return diag_set(d, st,
		    _("%s: part %zu is signed by a key that no anchor given here vouches for"),
		    path, part);
	case ST_STATE:
		return diag_set(d, st,
		    _("%s: part %zu is signed by a key that may not sign it: another role or office, or past its time, or revoked; the office must sign it anew"),
		    path, part);
	case ST_ROLLBACK:
		return diag_set(d, st,
		    _("%s: part %zu stands beside another of the same state and number; one must be old"),
		    path, part);
	case ST_TOO_BIG:
		return diag_set(d, st,
		    _("%s: part %zu is larger than the format allows"), path,
		    part);
	default:
		return diag_set(d, st, _("%s: the bundle cannot be used"),
		    path);
	}
}

enum status
anchor_read(const char *path, struct anchor *out, struct diag *d)
{
	struct pem_key key = { 0 };
	uint8_t *pem = NULL;
	size_t len;
	enum status st;

	memset(out, 0, sizeof(*out));
	if (!state_of(path, out->state))
		return diag_set(d, ST_CONFIG,
		    _("%s: an anchor is named by its state's three letters, as NIC.pem"),
		    path);
	if ((st = file_read(path, 65536, &pem, &len, d)) != ST_OK)
		return st;
	if ((st = pem_parse(bytes_from(pem, len), false, &key)) == ST_OK)
		out->key = key.pub;
	else
		st = diag_set(d, ST_CONFIG,
		    _("%s: not a P-256 or Ed25519 public key in PEM form"),
		    path);
	crypto_key_free(key.parsed);
	free(pem);
	return st;
}

enum status
trust_host_open(struct trust_host *h, const struct anchor *anchors, size_t n,
    struct diag *d)
{
	enum status st;

	h->trust = calloc(1, sizeof(*h->trust));
	h->arena = malloc(ARENA);
	if (h->trust == NULL || h->arena == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	trust_init(h->trust, h->arena, ARENA);
	for (size_t i = 0; i < n; i++)
		if ((st = trust_add_anchor(h->trust, anchors[i].state,
		    &anchors[i].key)) != ST_OK)
			return diag_set(d, ST_CONFIG,
			    _("the anchor of %s cannot be used"),
			    anchors[i].state);
	return ST_OK;
}

void
trust_host_close(struct trust_host *h)
{
	if (h->trust != NULL)
		trust_free(h->trust);
	free(h->trust);
	free(h->arena);
	*h = (struct trust_host){ NULL, NULL };
}

enum status
trust_host_add(struct trust_host *h, const char *name, struct bytes bundle,
    struct diag *d)
{
	size_t part = 0;
	enum status st = trust_add_bundle(h->trust, bundle, &part);

	return explain(st, name, bundle, part, d);
}
