#include "keys/trustlist.h"

#include <stdlib.h>
#include <string.h>

#include "common/cose.h"
#include "common/host/file.h"

/* 256 keys with long names and every field: under 80 kB; and successions. */
enum { TRUSTLIST_MAX = 1 << 17 };

enum status
trustlist_peek(const char *path, struct trustlist_file *out, struct diag *d)
{
	struct bytes rest;
	struct trust_part p = { .kind = PART_ROOT };
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = file_read(path, TRUSTLIST_MAX, &out->raw, &out->len,
	    d)) != ST_OK)
		return st;
	rest = bytes_from(out->raw, out->len);
	st = ST_MALFORMED;
	while (rest.len > 0 && p.kind == PART_ROOT &&
	    (st = trust_part_next(&rest, &p)) == ST_OK)
		if (p.kind == PART_ROOT)
			out->successions = bytes_from(out->raw,
			    out->len - rest.len);
	if (st != ST_OK || rest.len > 0 || p.kind != PART_LIST ||
	    trust_list_parse(p.sign1.payload, &out->list) != ST_OK)
		return diag_set(d, ST_MALFORMED,
		    _("%s: not a trust list, or cut off or damaged"), path);
	out->signed_list = p.raw;
	return ST_OK;
}

enum status
trustlist_verify(const char *path, const struct trustlist_file *f,
    const struct cose_key *root, struct diag *d)
{
	struct crypto_key *key = NULL;
	struct cose_sign1 s;
	enum status st;

	if ((st = cose_key_load(root, &key)) != ST_OK)
		return st;
	if ((st = cose_sign1_parse(f->signed_list, CBOR_STRICT, &s)) == ST_OK)
		st = cose_sign1_verify(&s, key, (struct bytes){ NULL, 0 });
	crypto_key_free(key);
	return st == ST_OK ? st : diag_set(d, st,
	    _("%s: this trust list was not signed by this root key"), path);
}

enum status
trustlist_open(const char *path, const struct cose_key *root,
    struct trustlist_file *out, struct diag *d)
{
	enum status st = trustlist_peek(path, out, d);

	return st != ST_OK ? st : trustlist_verify(path, out, root, d);
}

void
trustlist_close(struct trustlist_file *f)
{
	free(f->raw);
	f->raw = NULL;
	f->len = 0;
}

static enum status
sign(const char *path, struct bytes successions, const struct trust_list *list,
    struct signer *root, bool fresh, struct diag *d)
{
	uint8_t *room = malloc(2 * TRUSTLIST_MAX);
	struct buf payload, out;
	enum status st;

	if (room == NULL)
		return ST_INTERNAL;
	payload = buf_over(room, TRUSTLIST_MAX);
	out = buf_over(room + TRUSTLIST_MAX, TRUSTLIST_MAX);
	buf_put(&out, successions.p, successions.len);
	if ((st = trust_list_encode(list, &payload)) != ST_OK) {
		st = diag_set(d, st, _("%s: the trust list would not be sound"),
		    path);
		goto out;
	}
	if ((st = signer_sign1(root, TRUST_TYP, buf_bytes(&payload), &out,
	    d)) != ST_OK)
		goto out;
	st = fresh ? file_create(path, buf_bytes(&out), 0644, d) :
	    file_write(path, buf_bytes(&out), 0644, d);
out:
	free(room);
	return st;
}

enum status
trustlist_create(const char *path, const struct trust_list *list,
    struct signer *root, struct diag *d)
{
	return sign(path, bytes_from(NULL, 0), list, root, true, d);
}

enum status
trustlist_write(const char *path, struct bytes successions,
    const struct trust_list *list, struct signer *root, struct diag *d)
{
	return sign(path, successions, list, root, false, d);
}
