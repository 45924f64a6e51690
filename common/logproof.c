#include "common/logproof.h"

#include <string.h>

#include "common/cbor.h"
#include "common/logentry.h"

/* ---- signed heads ------------------------------------------------------- */

enum status
log_head_next(struct bytes *rest, struct bytes *cose)
{
	struct trust_part p;
	enum status st;

	*cose = bytes_from(NULL, 0);
	while (rest->len > 0) {
		if ((st = trust_part_next(rest, &p)) != ST_OK)
			return st;
		if (p.kind == PART_HEAD) {
			*cose = p.raw;
			return ST_OK;
		}
	}
	return ST_NOT_FOUND;
}

enum status
log_head_peek(struct bytes cose, struct cose_sign1 *s, struct log_head *out)
{
	enum status st;

	memset(out, 0, sizeof(*out));
	if (cose.len > LOG_SIGNED_MAX)
		return ST_TOO_BIG;
	if ((st = cose_sign1_parse(cose, CBOR_STRICT, s)) != ST_OK)
		return st;
	if (!cose_sign1_has_one_form(cose, s) ||
	    !bytes_equal_text(s->typ, LOG_HEAD_TYP))
		return ST_MALFORMED;
	return log_head_parse(s->payload, out);
}

enum status
log_head_verify(const struct trust *t, struct bytes cose,
    struct log_head *out)
{
	struct trust_signer by;
	struct cose_sign1 s;
	struct log_head h;
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = log_head_peek(cose, &s, &h)) != ST_OK ||
	    (st = trust_verify_status(t, h.state, h.office, &s, h.iat,
	    &by)) != ST_OK)
		return st;
	*out = h;
	return ST_OK;
}

/* ---- proof files -------------------------------------------------------- */

static bool
read_path(struct cbor *c, struct merkle_path *out)
{
	size_t n = cbor_array(c);

	if (c->bad || n > MERKLE_PATH_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct bytes h = cbor_bytes(c);

		if (c->bad || h.len != MERKLE_HASH)
			return false;
		memcpy(out->hash[i], h.p, MERKLE_HASH);
	}
	out->n = n;
	return true;
}

/* [1, entry, index, path, head] or [2, old head, path, head] */
enum status
log_proof_parse(struct bytes in, struct log_proof *out)
{
	struct log_proof p = { .kind = LOG_INCLUSION };
	struct cbor c = cbor_from(in);
	struct log_entry e;
	uint64_t kind;
	size_t n;

	memset(out, 0, sizeof(*out));
	if (in.len > LOG_PROOF_MAX)
		return ST_TOO_BIG;
	if (cbor_check(in, CBOR_STRICT) != ST_OK)
		return ST_MALFORMED;
	n = cbor_array(&c);
	kind = cbor_uint(&c);
	if (c.bad || !((kind == LOG_INCLUSION && n == 5) ||
	    (kind == LOG_CONSISTENCY && n == 4)))
		return ST_MALFORMED;
	p.kind = (enum log_proof_kind)kind;
	if (p.kind == LOG_INCLUSION) {
		p.entry = cbor_bytes(&c);
		p.index = cbor_uint(&c);
		if (c.bad || log_entry_parse(p.entry, &e) != ST_OK)
			return ST_MALFORMED;
	} else {
		p.old_head = cbor_bytes(&c);
	}
	if (!read_path(&c, &p.path))
		return ST_MALFORMED;
	p.head = cbor_bytes(&c);
	if (!cbor_done(&c))
		return ST_MALFORMED;
	*out = p;
	return ST_OK;
}

enum status
log_proof_encode(const struct log_proof *p, struct buf *out)
{
	struct log_entry e;

	if (p->path.n > MERKLE_PATH_MAX || (p->kind == LOG_INCLUSION &&
	    log_entry_parse(p->entry, &e) != ST_OK))
		return ST_DATA;
	cbor_put_array(out, p->kind == LOG_INCLUSION ? 5 : 4);
	cbor_put_uint(out, (uint64_t)p->kind);
	if (p->kind == LOG_INCLUSION) {
		cbor_put_bytes(out, p->entry);
		cbor_put_uint(out, p->index);
	} else {
		cbor_put_bytes(out, p->old_head);
	}
	cbor_put_array(out, p->path.n);
	for (size_t i = 0; i < p->path.n; i++)
		cbor_put_bytes(out, bytes_from(p->path.hash[i], MERKLE_HASH));
	cbor_put_bytes(out, p->head);
	return out->bad ? ST_TOO_BIG : ST_OK;
}

enum status
log_proof_verify(const struct log_proof *p, const struct log_head *old,
    const struct log_head *head)
{
	uint8_t leaf[MERKLE_HASH];
	struct log_entry e;
	enum status st;

	if (p->kind == LOG_CONSISTENCY)
		return strcmp(old->state, head->state) == 0 &&
		    strcmp(old->office, head->office) == 0 ?
		    merkle_consistency_verify(old->size, old->root,
		    head->size, head->root, &p->path) : ST_SIGNATURE;
	/* Another office may sign what it likes about this one's cards. */
	if ((st = log_entry_parse(p->entry, &e)) != ST_OK)
		return st;
	if (strcmp(e.list.state, head->state) != 0 ||
	    strcmp(e.list.office, head->office) != 0)
		return ST_SIGNATURE;
	if ((st = merkle_leaf(p->entry, leaf)) != ST_OK)
		return st;
	return merkle_inclusion_verify(leaf, p->index, head->size, &p->path,
	    head->root);
}
