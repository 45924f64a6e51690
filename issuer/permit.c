#include "issuer/permit.h"

static enum status
unknown(const struct office *o, enum key_role role, struct diag *d)
{
	if (role == ROLE_STATUS)
		return diag_set(d, ST_UNKNOWN_KEY,
		    _("the key is no status signer of office %s in the trust list held here; send its public half to the ministry, then trust import the new list"),
		    o->code);
	return diag_set(d, ST_UNKNOWN_KEY,
	    _("the key is no document signer of office %s in the trust list held here; send its public half to the ministry, then trust import the new list"),
	    o->code);
}

enum status
permit_signing(struct reg *r, const struct office *o,
    const struct cose_key *pub, enum key_role role, int64_t now,
    struct office_key *out, struct diag *d)
{
	char when[WHEN_TEXT];
	enum status st = reg_key(r, pub, role, out, d);

	if (st == ST_NOT_FOUND)
		return unknown(o, role, d);
	if (st != ST_OK)
		return st;
	if (now >= out->revoked_from) {
		when_format(out->revoked_from, when);
		return diag_set(d, ST_PERMISSION,
		    _("the key is revoked from %s on; sign with the office's new key"),
		    when);
	}
	if (now < out->from) {
		when_format(out->from, when);
		return diag_set(d, ST_PERMISSION,
		    _("the key may sign only from %s on; wait, or look at this machine's clock"),
		    when);
	}
	if (now > out->sign_until) {
		when_format(out->sign_until, when);
		return diag_set(d, ST_PERMISSION,
		    _("the key may sign only until %s; sign with the office's new key"),
		    when);
	}
	return ST_OK;
}

enum status
permit_until(const struct office_key *k, int64_t expires, struct diag *d)
{
	char latest[DATE_TEXT];

	if (expires <= k->until)
		return ST_OK;
	/* The last day that ends within the key's time. */
	date_format(when_date(k->until + 1 - WHEN_DAY), latest);
	return diag_set(d, ST_DATA,
	    _("what this key signs is accepted only until %s; choose that date or an earlier one"),
	    latest);
}
