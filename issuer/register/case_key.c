#include "issuer/register/case_key.h"

#include <inttypes.h>
#include <stdio.h>

#include "issuer/register/case_note.h"
#include "issuer/register/db.h"

void
case_key_name(const struct case_key *k, char hex[2 * CASEKEY_ID + 1])
{
	hex[0] = '\0';
	(void)bytes_to_hex(casekey_id(k), hex, 2 * CASEKEY_ID + 1);
}

enum status
case_key_state(struct reg *r, struct bytes id, enum key_state *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT used_from IS NOT NULL,"
	    " retired IS NOT NULL FROM protection_key WHERE id = ?1", d);

	*out = KEY_UNKNOWN;
	bind_blob(&q, id);
	if (query_row(&q))
		*out = col_int(&q, 1) != 0 ? KEY_RETIRED :
		    col_int(&q, 0) != 0 ? KEY_IN_USE : KEY_UNUSED;
	return query_end(&q);
}

static enum status
audit_key(struct reg *r, const char *action, const struct case_key *k,
    const char *details, struct diag *d)
{
	char hex[2 * CASEKEY_ID + 1], object[48];

	case_key_name(k, hex);
	(void)snprintf(object, sizeof(object), "case key %s", hex);
	return reg_audit(r, action, object, details, d);
}

/* Retires the one in use, if there is one. */
static enum status
retire_in_use(struct reg *r, const struct case_key *by, const char *reason,
    struct diag *d)
{
	struct query q = query(r, "UPDATE protection_key SET retired = ?1,"
	    " replaced_by = ?2, reason = ?3"
	    " WHERE used_from IS NOT NULL AND retired IS NULL", d);

	bind_int(&q, r->now);
	bind_blob(&q, casekey_id(by));
	bind_text(&q, reason);
	return query_run(&q);
}

static enum status
use_key(struct reg *r, const struct case_key *k, struct diag *d)
{
	struct query q = query(r, "UPDATE protection_key SET used_from = ?1"
	    " WHERE id = ?2", d);

	bind_int(&q, r->now);
	bind_blob(&q, casekey_id(k));
	return query_run(&q);
}

static enum status
any_in_use(struct reg *r, bool *out, struct diag *d)
{
	struct query q = query(r, "SELECT 1 FROM protection_key"
	    " WHERE used_from IS NOT NULL AND retired IS NULL", d);

	*out = query_row(&q);
	return query_end(&q);
}

enum status
reg_case_key_add(struct reg *r, const struct case_key *k, const char *lost,
    bool *in_use, struct diag *d)
{
	struct query q;
	bool other;
	enum status st;

	*in_use = false;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = any_in_use(r, &other, d)) != ST_OK)
		return st;
	if (lost != NULL && !other)
		return diag_set(d, ST_STATE,
		    _("--lost: no key is in use that could be lost"));
	q = query(r, "INSERT INTO protection_key (id, made, officer)"
	    " VALUES (?1, ?2, ?3)", d);
	bind_blob(&q, casekey_id(k));
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) != ST_OK ||
	    (lost != NULL && (st = retire_in_use(r, k, lost, d)) != ST_OK))
		return st;
	*in_use = !other || lost != NULL;
	if (*in_use && (st = use_key(r, k, d)) != ST_OK)
		return st;
	return audit_key(r, lost != NULL ? "case.key-lost" : "case.key-new", k,
	    lost != NULL ? lost : "", d);
}

static enum status
replaced_by(struct reg *r, const struct case_key *old,
    const struct case_key *new, bool *out, struct diag *d)
{
	struct query q = query(r, "SELECT 1 FROM protection_key"
	    " WHERE id = ?1 AND replaced_by = ?2", d);

	bind_blob(&q, casekey_id(old));
	bind_blob(&q, casekey_id(new));
	*out = query_row(&q);
	return query_end(&q);
}

/* From the key in use to one not used yet; or, for what a lost key sealed, from
 * that to the one that replaced it. */
static enum status
replace_key(struct reg *r, const struct case_key *old,
    const struct case_key *new, struct diag *d)
{
	enum key_state was, is;
	bool before;
	enum status st;

	if ((st = case_key_state(r, casekey_id(old), &was, d)) != ST_OK ||
	    (st = case_key_state(r, casekey_id(new), &is, d)) != ST_OK ||
	    (st = replaced_by(r, old, new, &before, d)) != ST_OK || before)
		return st;
	if (was != KEY_IN_USE)
		return diag_set(d, ST_UNKNOWN_KEY,
		    _("--old: not the key in use, nor one that the new key replaced; case key list shows them"));
	if (is != KEY_UNUSED)
		return diag_set(d, ST_UNKNOWN_KEY,
		    _("--new: not a fresh key of this register; make one with case key new"));
	if ((st = retire_in_use(r, new, "rekey", d)) != ST_OK)
		return st;
	return use_key(r, new, d);
}

enum status
reg_case_rekey(struct reg *r, const struct case_key *old,
    const struct case_key *new, int64_t *n, struct diag *d)
{
	char details[48];
	int64_t after = 0;
	bool more = true;
	enum status st;

	*n = 0;
	/* What the old key sealed is overwritten, not only given up. */
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_exec(r, "PRAGMA secure_delete = ON", d)) != ST_OK ||
	    (st = replace_key(r, old, new, d)) != ST_OK)
		return st;
	while (st == ST_OK && more) {
		st = case_note_reseal(r, old, new, &after, &more, d);
		if (st == ST_OK && more)
			++*n;
	}
	if (st != ST_OK)
		return st;
	(void)snprintf(details, sizeof(details), "{\"notes\":%" PRId64 "}", *n);
	return audit_key(r, "case.rekey", new, details, d);
}

enum status
reg_case_keys(struct reg *r,
    enum status (*each)(void *arg, const struct protection_key *k), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT lower(hex(k.id)), k.made,"
	    " ifnull(k.used_from, 0), ifnull(k.retired, 0), o.login, k.reason,"
	    " (SELECT count(*) FROM case_note WHERE key_id = k.id)"
	    " FROM protection_key AS k JOIN officer AS o ON o.id = k.officer"
	    " ORDER BY k.made, k.id", d);
	struct protection_key k;
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		col_text(&q, 0, k.id, sizeof(k.id));
		k.made = col_int(&q, 1);
		k.used_from = col_int(&q, 2);
		k.retired = col_int(&q, 3);
		col_text(&q, 4, k.officer, sizeof(k.officer));
		col_text(&q, 5, k.reason, sizeof(k.reason));
		k.notes = col_int(&q, 6);
		st = each(arg, &k);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
