#include "issuer/exchange/agree.h"

#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "issuer/log_check.h"

static enum status
add_file(struct log_check *c, const char *name)
{
	uint8_t *file = NULL;
	size_t len;
	enum status st;

	if ((st = file_read(name, TRUST_BUNDLE_MAX, &file, &len, c->d)) ==
	    ST_OK)
		st = log_check_file(c, name, bytes_from(file, len));
	free(file);
	return st;
}

enum status
agreement_make(struct reg *r, const struct office *o,
    const char *const *file, size_t n, struct agreement *out, struct diag *d)
{
	struct log_check *c = calloc(1, sizeof(*c));
	struct held_trust trust;
	enum status st;

	memset(out, 0, sizeof(*out));
	if (c == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	c->r = r;
	c->office = o;
	c->d = d;
	st = held_trust_open(&trust, r, o, d);
	if (st == ST_OK)
		c->trust = trust.host.trust;
	else if (st == ST_NOT_FOUND && n == 0)
		st = ST_OK;	/* and nothing was signed yet */
	if (st == ST_OK && (st = findings_new(&c->found, d)) == ST_OK)
		st = findings_new(&c->unchecked, d);
	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = add_file(c, file[i]);
	if (st == ST_OK)
		st = log_check_run(c);
	out->found = c->found;
	out->unchecked = c->unchecked;
	out->entries = c->walk.tree.size;
	out->heads = c->walk.n;
	held_trust_close(&trust);
	walk_end(&c->walk);
	free(c);
	return st;
}

void
agreement_free(struct agreement *a)
{
	findings_free(&a->found);
	findings_free(&a->unchecked);
}

enum status
log_agrees(struct reg *r, const struct office *o, const char *file,
    struct findings *found, uint64_t *entries, struct diag *d)
{
	struct agreement a;
	enum status st = agreement_make(r, o, &file, file != NULL ? 1 : 0, &a,
	    d);

	if (st == ST_OK) {
		for (size_t i = 0; i < a.found.n && i < FINDINGS_MAX; i++)
			findings_add(found, "%s", a.found.text[i]);
		*entries = a.entries;
	}
	agreement_free(&a);
	return st;
}
