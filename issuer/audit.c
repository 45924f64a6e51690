#include "issuer/audit.h"

#include <stdlib.h>
#include <string.h>

void
findings_answer(const struct findings *f, struct answer *a, struct diag *d)
{
	static const struct column columns[] = { { "problem", N_("Problem") } };

	if (f->n > 0 || answer_is_json(a)) {
		answer_list(a, "problems", columns, 1);
		for (size_t i = 0; i < f->n && i < FINDINGS_MAX; i++)
			answer_cell(a, f->text[i]);
		answer_list_end(a);
	}
	if (f->n > 0)
		answer_found(a, diag_set(d, ST_DATA,
		    f->n > FINDINGS_MAX ?
		    _("problems found: %zu, of which the first are shown") :
		    _("problems found: %zu"), f->n));
}

enum status
held_trust_open(struct held_trust *h, struct reg *r, const struct office *o,
    struct diag *d)
{
	struct anchor anchor = { "", { 0 } };
	enum status st;

	memset(h, 0, sizeof(*h));
	memcpy(anchor.state, o->state, sizeof(anchor.state));
	if ((st = reg_trust(r, &h->list, &h->len, &anchor.key, d)) != ST_OK ||
	    (st = trust_host_open(&h->host, &anchor, 1, d)) != ST_OK)
		return st;
	return trust_host_add(&h->host, _("the trust list held here"),
	    bytes_from(h->list, h->len), d);
}

void
held_trust_close(struct held_trust *h)
{
	trust_host_close(&h->host);
	free(h->list);
	memset(h, 0, sizeof(*h));
}
