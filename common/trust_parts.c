#include "common/trust.h"

#include <string.h>

static const char *const typs[PART_KINDS] = {
	[PART_ROOT] = ROOT_TYP, [PART_LIST] = TRUST_TYP,
	[PART_STATUS] = STATUSLIST_TYP, [PART_SHORT] = SHORTLIST_TYP,
	[PART_HEAD] = LOG_HEAD_TYP
};

enum status
trust_part_next(struct bytes *rest, struct trust_part *out)
{
	struct trust_part p = { .kind = PART_KINDS };
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = cbor_check_first(*rest, CBOR_STRICT, &p.raw)) != ST_OK ||
	    (st = cose_sign1_parse(p.raw, CBOR_STRICT, &p.sign1)) != ST_OK)
		return st;
	if (!cose_sign1_has_one_form(p.raw, &p.sign1))
		return ST_MALFORMED;
	for (int k = 0; k < PART_KINDS; k++)
		if (bytes_equal_text(p.sign1.typ, typs[k]))
			p.kind = (enum trust_kind)k;
	if (p.kind == PART_KINDS)
		return ST_MALFORMED;
	rest->p += p.raw.len;
	rest->len -= p.raw.len;
	*out = p;
	return ST_OK;
}
