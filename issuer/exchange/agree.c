#include "issuer/exchange/agree.h"

#include <stdlib.h>

#include "common/host/file.h"
#include "issuer/log_check.h"

static enum status
add_file(struct log_check *c, const char *name)
{
	uint8_t *file = NULL;
	size_t len;
	enum status st;

	if (name == NULL)
		return ST_OK;
	if ((st = file_read(name, TRUST_BUNDLE_MAX, &file, &len, c->d)) ==
	    ST_OK)
		st = log_check_file(c, name, bytes_from(file, len));
	free(file);
	return st;
}

enum status
log_agrees(struct reg *r, const struct office *o, const char *file,
    struct findings *found, uint64_t *entries, struct diag *d)
{
	struct log_check *c = calloc(1, sizeof(*c));
	struct held_trust trust;
	enum status st;

	if (c == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	c->r = r;
	c->office = o;
	c->d = d;
	st = held_trust_open(&trust, r, o, d);
	if (st == ST_OK)
		c->trust = trust.host.trust;
	else if (st == ST_NOT_FOUND && file == NULL)
		st = ST_OK;	/* and nothing was signed yet */
	if (st == ST_OK && (st = findings_new(&c->found, d)) == ST_OK &&
	    (st = findings_new(&c->unchecked, d)) == ST_OK &&
	    (st = add_file(c, file)) == ST_OK &&
	    (st = log_check_run(c)) == ST_OK) {
		for (size_t i = 0; i < c->found.n && i < FINDINGS_MAX; i++)
			findings_add(found, "%s", c->found.text[i]);
		*entries = c->walk.tree.size;
	}
	held_trust_close(&trust);
	findings_free(&c->found);
	findings_free(&c->unchecked);
	walk_end(&c->walk);
	free(c);
	return st;
}
