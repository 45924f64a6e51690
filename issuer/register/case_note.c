#include "issuer/register/case_note.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/jsonw.h"
#include "common/text.h"
#include "issuer/register/case.h"
#include "issuer/register/case_key.h"
#include "issuer/register/db.h"

enum { AD_MAX = 512 };

enum status
case_note_check(struct bytes text, struct diag *d)
{
	struct bytes line = { text.p, 0 };

	if (text.len == 0)
		return diag_set(d, ST_DATA, _("the text is empty"));
	if (text.len > CASE_NOTE_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("the text has more than %d bytes; write it as two notes"),
		    CASE_NOTE_MAX);
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.p[i] != '\n' && text.p[i] != '\t') {
			line.len++;
			continue;
		}
		if (!text_is_printable(line))
			return diag_set(d, ST_DATA,
			    _("the text is not plain (control characters or broken UTF-8 before byte %zu); save it as plain text"),
			    i + 1);
		line = bytes_from(text.p + i + 1, 0);
	}
	return ST_OK;
}

/* Where a note belongs, as bytes: what no two notes have alike. */
static enum status
place(struct reg *r, struct bytes key, int64_t note, int64_t case_id,
    int64_t officer, int64_t at, struct buf *out, struct diag *d)
{
	struct office o;
	char text[256], hex[2 * CASEKEY_ID + 1];
	enum status st = reg_office(r, &o, d);

	if (st != ST_OK)
		return st;
	if (!bytes_to_hex(key, hex, sizeof(hex)))
		return ST_INTERNAL;
	(void)snprintf(text, sizeof(text), "cedula case note 1\n%s/%s/%" PRId64
	    "\ncase_note.sealed\n%" PRId64 "\n%" PRId64 "\n%" PRId64 "\n%" PRId64
	    "\n%s\n", o.state, o.code, o.created, note, case_id, officer, at,
	    hex);
	out->len = 0;
	buf_put_text(out, text);
	return out->bad ? ST_INTERNAL : ST_OK;
}

static enum status
must_be_in_use(struct reg *r, const struct case_key *k, struct diag *d)
{
	enum key_state is;
	char hex[2 * CASEKEY_ID + 1];
	enum status st = case_key_state(r, casekey_id(k), &is, d);

	if (st != ST_OK || is == KEY_IN_USE)
		return st;
	case_key_name(k, hex);
	return diag_set(d, ST_UNKNOWN_KEY, is == KEY_UNKNOWN ?
	    _("--case-key: key %s is none of this register's; case key list shows them") :
	    is == KEY_UNUSED ?
	    _("--case-key: key %s is not in use yet; case rekey begins to use it") :
	    _("--case-key: key %s is retired; give the one in use, case key list shows it"),
	    hex);
}

static enum status
next_note(struct reg *r, int64_t *out, struct diag *d)
{
	struct query q = query(r, "SELECT 1 + ifnull((SELECT seq FROM"
	    " sqlite_sequence WHERE name = 'case_note'), 0)", d);

	*out = query_row(&q) ? col_int(&q, 0) : 0;
	return query_end(&q);
}

static enum status
insert_note(struct reg *r, const struct case_key *k, int64_t id, int64_t note,
    const uint8_t *nonce, struct bytes sealed, struct diag *d)
{
	struct query q = query(r, "INSERT INTO case_note (id, case_id, at,"
	    " officer, key_id, nonce, sealed)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", d);

	bind_int(&q, note);
	bind_int(&q, id);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_blob(&q, casekey_id(k));
	bind_blob(&q, bytes_from(nonce, CASEKEY_NONCE));
	bind_blob(&q, sealed);
	return query_run(&q);
}

enum status
reg_case_note_add(struct reg *r, const struct case_key *k, int64_t id,
    struct bytes text, int64_t *note, struct diag *d)
{
	uint8_t room[AD_MAX], nonce[CASEKEY_NONCE], *sealed = NULL;
	struct buf ad = buf_over(room, sizeof(room));
	struct case_record c;
	char object[48], details[48];
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = case_note_check(text, d)) != ST_OK ||
	    (st = reg_case(r, id, &c, d)) != ST_OK)
		return st;
	if (c.closed != 0)
		return diag_set(d, ST_STATE,
		    _("case %" PRId64 " is closed; reopen it first"), id);
	if ((st = must_be_in_use(r, k, d)) != ST_OK ||
	    (st = next_note(r, note, d)) != ST_OK ||
	    (st = place(r, casekey_id(k), *note, id, r->officer, r->now, &ad,
	    d)) != ST_OK)
		return st;
	if ((sealed = malloc(text.len + CASEKEY_TAG)) == NULL ||
	    casekey_seal(k, buf_bytes(&ad), text, nonce, sealed) != ST_OK) {
		st = diag_set(d, ST_INTERNAL, _("the text cannot be sealed"));
		goto out;
	}
	if ((st = insert_note(r, k, id, *note, nonce, bytes_from(sealed,
	    text.len + CASEKEY_TAG), d)) != ST_OK)
		goto out;
	(void)snprintf(object, sizeof(object), "case %" PRId64, id);
	(void)snprintf(details, sizeof(details), "{\"note\":%" PRId64 "}",
	    *note);
	st = reg_audit(r, "case.note", object, details, d);
out:
	free(sealed);
	return st;
}

/* A row of case_note that is being opened. */
struct sealed_note {
	int64_t id, case_id, at, officer;
	struct bytes key, nonce, sealed;	/* borrowed from the query */
};

#define SELECT_SEALED "SELECT n.id, n.case_id, n.at, n.officer, n.key_id," \
	" n.nonce, n.sealed, o.login FROM case_note AS n" \
	" JOIN officer AS o ON o.id = n.officer"

static void
read_sealed(struct query *q, struct sealed_note *out)
{
	out->id = col_int(q, 0);
	out->case_id = col_int(q, 1);
	out->at = col_int(q, 2);
	out->officer = col_int(q, 3);
	out->key = col_blob(q, 4);
	out->nonce = col_blob(q, 5);
	out->sealed = col_blob(q, 6);
}

/* The text of n, a heap block of its own: erase and free it. */
static enum status
unseal(struct reg *r, const struct case_key *k, const struct sealed_note *n,
    uint8_t **out, size_t *len, struct diag *d)
{
	uint8_t room[AD_MAX];
	struct buf ad = buf_over(room, sizeof(room));
	enum status st = place(r, n->key, n->id, n->case_id, n->officer, n->at,
	    &ad, d);

	*out = NULL;
	if (st != ST_OK)
		return st;
	if (n->sealed.len <= CASEKEY_TAG ||
	    n->sealed.len > CASE_NOTE_MAX + CASEKEY_TAG)
		return diag_set(d, ST_SIGNATURE,
		    _("note %" PRId64 " is damaged; look for it in the last good copy of the register"),
		    n->id);
	*len = n->sealed.len - CASEKEY_TAG;
	if ((*out = malloc(*len)) == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	st = casekey_unseal(k, buf_bytes(&ad), n->nonce, n->sealed, *out);
	if (st == ST_OK && case_note_check(bytes_from(*out, *len), NULL) ==
	    ST_OK)
		return ST_OK;
	crypto_wipe(*out, *len);
	free(*out);
	*out = NULL;
	return diag_set(d, ST_SIGNATURE,
	    _("note %" PRId64 " does not open: it is damaged, or was moved here from another case, officer or date; look for it in the last good copy of the register"),
	    n->id);
}

static enum status
record_reading(struct reg *r, int64_t id, const char *reason, int64_t n,
    struct diag *d)
{
	uint8_t text[4096];
	struct buf b = buf_over(text, sizeof(text) - 1);
	struct jsonw j = jsonw_to(&b);
	char object[48];

	jsonw_object(&j);
	jsonw_field_int(&j, "notes", n);
	jsonw_field(&j, "reason", reason);
	jsonw_object_end(&j);
	if (b.bad)
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	text[b.len] = '\0';
	(void)snprintf(object, sizeof(object), "case %" PRId64, id);
	return reg_audit(r, "case.read", object, (const char *)text, d);
}

static enum status
nothing_read(const struct case_key *k, int64_t id, int64_t sealed,
    struct diag *d)
{
	char hex[2 * CASEKEY_ID + 1];

	if (sealed == 0)
		return diag_set(d, ST_NOT_FOUND,
		    _("case %" PRId64 " has no notes"), id);
	case_key_name(k, hex);
	return diag_set(d, ST_UNKNOWN_KEY,
	    _("--case-key: no note of case %" PRId64 " is sealed with key %s; case key list shows the keys"),
	    id, hex);
}

enum status
reg_case_read(struct reg *r, const struct case_key *k, int64_t id,
    const char *reason, int64_t *sealed,
    enum status (*each)(void *arg, const struct case_note *n), void *arg,
    struct diag *d)
{
	struct query q;
	struct case_record c;
	struct sealed_note row;
	struct case_note note;
	uint8_t *text;
	size_t len;
	int64_t n = 0;
	enum status st, end;

	*sealed = 0;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_case(r, id, &c, d)) != ST_OK)
		return st;
	q = query(r, SELECT_SEALED " WHERE n.case_id = ?1 ORDER BY n.id", d);
	bind_int(&q, id);
	while (st == ST_OK && query_row(&q)) {
		read_sealed(&q, &row);
		if (!bytes_equal(row.key, casekey_id(k))) {
			++*sealed;
			continue;
		}
		if ((st = unseal(r, k, &row, &text, &len, d)) != ST_OK)
			break;
		note.id = row.id;
		note.at = row.at;
		col_text(&q, 7, note.officer, sizeof(note.officer));
		note.text = bytes_from(text, len);
		st = each(arg, &note);
		n++;
		crypto_wipe(text, len);
		free(text);
	}
	end = query_end(&q);
	if (st != ST_OK || (st = end) != ST_OK)
		return st;
	if (n == 0)
		return nothing_read(k, id, *sealed, d);
	return record_reading(r, id, reason, n, d);
}

/* One note from old to new. */
static enum status
reseal(struct reg *r, const struct case_key *old, const struct case_key *new,
    const struct sealed_note *row, struct diag *d)
{
	uint8_t room[AD_MAX], nonce[CASEKEY_NONCE];
	uint8_t *text = NULL, *sealed = NULL;
	struct buf ad = buf_over(room, sizeof(room));
	struct query q;
	size_t len = 0;
	enum status st;

	if ((st = unseal(r, old, row, &text, &len, d)) != ST_OK ||
	    (st = place(r, casekey_id(new), row->id, row->case_id,
	    row->officer, row->at, &ad, d)) != ST_OK)
		goto out;
	if ((sealed = malloc(len + CASEKEY_TAG)) == NULL ||
	    casekey_seal(new, buf_bytes(&ad), bytes_from(text, len), nonce,
	    sealed) != ST_OK) {
		st = diag_set(d, ST_INTERNAL, _("the text cannot be sealed"));
		goto out;
	}
	q = query(r, "UPDATE case_note SET key_id = ?2, nonce = ?3, sealed = ?4"
	    " WHERE id = ?1", d);
	bind_int(&q, row->id);
	bind_blob(&q, casekey_id(new));
	bind_blob(&q, bytes_from(nonce, sizeof(nonce)));
	bind_blob(&q, bytes_from(sealed, len + CASEKEY_TAG));
	st = query_run(&q);
out:
	if (text != NULL)
		crypto_wipe(text, len);
	free(text);
	free(sealed);
	return st;
}

enum status
case_note_reseal(struct reg *r, const struct case_key *old,
    const struct case_key *new, int64_t *after, bool *more, struct diag *d)
{
	struct query q = query(r, SELECT_SEALED
	    " WHERE n.key_id = ?1 AND n.id > ?2 ORDER BY n.id LIMIT 1", d);
	struct sealed_note row;
	enum status st = ST_OK, end;

	bind_blob(&q, casekey_id(old));
	bind_int(&q, *after);
	if ((*more = query_row(&q))) {
		read_sealed(&q, &row);
		*after = row.id;
		st = reseal(r, old, new, &row, d);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
