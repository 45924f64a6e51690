#include "issuer/register/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/text.h"
#include "issuer/register/act.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/person_state.h"

static const char *const types[] = {
	"birth-certificate", "passport", "national-id", "marriage-certificate",
	"death-certificate", "police-report", "power-of-attorney", "other"
};

bool
document_fold(const char *text, char *out, size_t cap)
{
	char *to = out;

	if (!text_mrz_fold(bytes_text(text), out, cap))
		return false;
	for (const char *p = out; *p != '\0'; p++)
		if (*p != ' ')
			*to++ = *p;
	*to = '\0';
	return to != out;
}

const char *
scan_media_type(struct bytes scan)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *type;
	} known[] = {
		{ "\xff\xd8\xff", 3, "image/jpeg" },
		{ "\x89PNG\r\n\x1a\n", 8, "image/png" },
		{ "%PDF-", 5, "application/pdf" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (scan.len > known[i].len &&
		    memcmp(scan.p, known[i].magic, known[i].len) == 0)
			return known[i].type;
	return NULL;
}

/* Who acts, for whoever does not say who saw it. */
static enum status
take_seen(struct reg *r, struct document *doc, struct diag *d)
{
	struct query q;

	if (doc->seen[0] != '\0')
		return line_check("seen", doc->seen, 80, true, d);
	q = query(r, "SELECT full_name FROM officer WHERE id = ?1", d);
	bind_int(&q, r->officer);
	if (query_row(&q))
		col_text(&q, 0, doc->seen, sizeof(doc->seen));
	return query_end(&q);
}

static enum status
check_dates(struct reg *r, struct document *doc, struct diag *d)
{
	enum status st;

	if (doc->issued[0] != '\0' && (st = act_date(r, "issued", doc->issued,
	    doc->issued, d)) != ST_OK)
		return st;
	if (doc->expires[0] != '\0' && (st = act_any_date("expires",
	    doc->expires, doc->expires, d)) != ST_OK)
		return st;
	if (doc->expires[0] != '\0' && strcmp(doc->expires, doc->issued) < 0)
		return diag_set(d, ST_DATA,
		    _("--expires: %s is before it was issued on %s; correct one of them"),
		    doc->expires, doc->issued);
	return ST_OK;
}

static enum status
check_document(struct reg *r, struct document *doc, struct bytes scan,
    struct diag *d)
{
	bool known = false;
	enum status st;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		known = known || strcmp(types[i], doc->type) == 0;
	if (!known)
		return diag_set(d, ST_USAGE,
		    _("--type: one of birth-certificate, passport, national-id, marriage-certificate, death-certificate, police-report, power-of-attorney, other"));
	if ((st = line_check("number", doc->number, DOCUMENT_NUMBER, true,
	    d)) != ST_OK ||
	    (st = line_check("issuer", doc->issuer, 80, true, d)) != ST_OK ||
	    (st = check_dates(r, doc, d)) != ST_OK ||
	    (st = take_seen(r, doc, d)) != ST_OK)
		return st;
	if (scan.len > SCAN_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("--scan: larger than %u MB; scan it with fewer dots"),
		    SCAN_MAX >> 20);
	if (scan.len > 0 && scan_media_type(scan) == NULL)
		return diag_set(d, ST_DATA,
		    _("--scan: not a JPEG, PNG or PDF file; give one of those"));
	return ST_OK;
}

/* Whose it is already. */
static enum status
check_once(struct reg *r, const struct document *doc, const char *number,
    const char *issuer, struct diag *d)
{
	struct query q = query(r, "SELECT id, person FROM document WHERE"
	    " number_folded = ?1 AND type = ?2 AND issuer_folded = ?3 AND"
	    " void = '' AND (person = ?4 OR ?5 = 0)"
	    " ORDER BY person <> ?4, id LIMIT 1", d);
	int64_t id = 0, person = 0;
	enum status st;

	bind_text(&q, number);
	bind_text(&q, doc->type);
	bind_text(&q, issuer);
	bind_int(&q, doc->person);
	bind_int(&q, doc->shared ? 1 : 0);
	if (query_row(&q)) {
		id = col_int(&q, 0);
		person = col_int(&q, 1);
	}
	if ((st = query_end(&q)) != ST_OK || id == 0)
		return st;
	if (person == doc->person)
		return diag_set(d, ST_EXISTS,
		    _("--number: recorded already, as document %" PRId64 " of this person"),
		    id);
	return diag_set(d, ST_EXISTS,
	    _("--number: person %" PRId64 " has it already (document %" PRId64 "); are they the same person? If the document really is both persons', repeat with --shared"),
	    person, id);
}

static enum status
insert_document(struct reg *r, struct document *doc, const char *number,
    const char *issuer, struct diag *d)
{
	struct query q = query(r, "INSERT INTO document (person, type, number,"
	    " number_folded, issuer, issuer_folded, issued, expires, seen,"
	    " shared, added, officer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
	    " ?9, ?10, ?11, ?12)", d);
	enum status st;

	bind_int(&q, doc->person);
	bind_text(&q, doc->type);
	bind_text(&q, doc->number);
	bind_text(&q, number);
	bind_text(&q, doc->issuer);
	bind_text(&q, issuer);
	bind_text(&q, doc->issued);
	bind_text(&q, doc->expires);
	bind_text(&q, doc->seen);
	bind_int(&q, doc->shared ? 1 : 0);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) == ST_OK)
		doc->id = sqlite3_last_insert_rowid(r->db);
	return st;
}

static enum status
insert_scan(struct reg *r, int64_t id, struct bytes scan, char hex[65],
    struct diag *d)
{
	uint8_t sha256[32];
	struct query q;

	if (crypto_sha256(&scan, 1, sha256) != ST_OK ||
	    !bytes_to_hex(bytes_from(sha256, sizeof(sha256)), hex, 65))
		return diag_set(d, ST_INTERNAL, _("internal error"));
	q = query(r, "INSERT INTO document_scan (document, media_type, sha256,"
	    " image) VALUES (?1, ?2, ?3, ?4)", d);
	bind_int(&q, id);
	bind_text(&q, scan_media_type(scan));
	bind_blob(&q, bytes_from(sha256, sizeof(sha256)));
	bind_blob(&q, scan);
	return query_run(&q);
}

enum status
reg_document_add(struct reg *r, struct document *doc, struct bytes scan,
    struct diag *d)
{
	char number[REG_FOLDED], issuer[REG_FOLDED], hex[65] = "";
	struct change c;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_person_present(r, doc->person, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, doc->person, d)) != ST_OK ||
	    (st = check_document(r, doc, scan, d)) != ST_OK)
		return st;
	if (!document_fold(doc->number, number, sizeof(number)) ||
	    !document_fold(doc->issuer, issuer, sizeof(issuer)))
		return diag_set(d, ST_DATA,
		    _("--number, --issuer: no letter or digit in one of them; write it as on the document"));
	if ((st = check_once(r, doc, number, issuer, d)) != ST_OK ||
	    (st = insert_document(r, doc, number, issuer, d)) != ST_OK ||
	    (scan.len > 0 &&
	    (st = insert_scan(r, doc->id, scan, hex, d)) != ST_OK))
		return st;
	change_begin(&c);
	change_person(&c, "person", 0, doc->person);
	change_note(&c, "type", doc->type);
	change_note(&c, "number", doc->number);
	change_note(&c, "issuer", doc->issuer);
	change_note(&c, "issued", doc->issued);
	change_note(&c, "expires", doc->expires);
	change_note(&c, "seen", doc->seen);
	change_note(&c, "shared", doc->shared ? "yes" : "");
	change_note(&c, "scan_sha256", hex);
	return change_keep(r, &c, "document.add", "document", doc->id, d);
}

#define SELECT "SELECT o.id, o.person, o.added, o.type, o.number, o.issuer," \
	" o.issued, o.expires, o.seen, f.login, o.shared, o.void," \
	" ifnull(s.media_type, ''), ifnull(length(s.image), 0)" \
	" FROM document AS o JOIN officer AS f ON f.id = o.officer" \
	" LEFT JOIN document_scan AS s ON s.document = o.id "

static void
read_document(struct query *q, struct document *out)
{
	memset(out, 0, sizeof(*out));
	out->id = col_int(q, 0);
	out->person = col_int(q, 1);
	out->added = col_int(q, 2);
	col_text(q, 3, out->type, sizeof(out->type));
	col_text(q, 4, out->number, sizeof(out->number));
	col_text(q, 5, out->issuer, sizeof(out->issuer));
	col_text(q, 6, out->issued, sizeof(out->issued));
	col_text(q, 7, out->expires, sizeof(out->expires));
	col_text(q, 8, out->seen, sizeof(out->seen));
	col_text(q, 9, out->officer, sizeof(out->officer));
	out->shared = col_int(q, 10) != 0;
	col_text(q, 11, out->void_, sizeof(out->void_));
	col_text(q, 12, out->media_type, sizeof(out->media_type));
	out->scan_len = col_int(q, 13);
}

enum status
reg_document(struct reg *r, int64_t id, struct document *out, struct diag *d)
{
	struct query q = query(r, SELECT "WHERE o.id = ?1", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_int(&q, id);
	if ((found = query_row(&q)))
		read_document(&q, out);
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("document %" PRId64 ": not in the register; look with document list"),
		    id);
	return st;
}

enum status
reg_documents(struct reg *r, int64_t person,
    enum status (*each)(void *arg, const struct document *doc), void *arg,
    struct diag *d)
{
	struct query q = query(r, SELECT "WHERE o.person = ?1 ORDER BY o.id",
	    d);
	struct document doc;
	enum status st = ST_OK, end;

	bind_int(&q, person);
	while (st == ST_OK && query_row(&q)) {
		read_document(&q, &doc);
		st = each(arg, &doc);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_document_void(struct reg *r, int64_t id, const char *reason,
    struct diag *d)
{
	struct document doc;
	struct change c;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = reg_document(r, id, &doc, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, doc.person, d)) != ST_OK)
		return st;
	if (doc.void_[0] != '\0')
		return diag_set(d, ST_STATE,
		    _("document %" PRId64 " is void already: %.200s"), id,
		    doc.void_);
	q = query(r, "UPDATE document SET void = ?2 WHERE id = ?1", d);
	bind_int(&q, id);
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	change_begin(&c);
	change_field(&c, "void", "", reason);
	return change_keep(r, &c, "document.void", "document", id, d);
}

/* The bytes, and whether they are still those of the digest. */
static enum status
read_scan(struct reg *r, int64_t id, uint8_t **out, size_t *len, bool *found,
    struct diag *d)
{
	struct query q = query(r, "SELECT sha256, image FROM document_scan"
	    " WHERE document = ?1", d);
	uint8_t sha256[32];
	bool same = false;
	enum status st;

	bind_int(&q, id);
	if ((*found = query_row(&q))) {
		struct bytes image = col_blob(&q, 1);

		same = crypto_sha256(&image, 1, sha256) == ST_OK &&
		    bytes_equal(bytes_from(sha256, sizeof(sha256)),
		    col_blob(&q, 0));
		if (same && (*out = malloc(image.len + 1)) != NULL) {
			memcpy(*out, image.p, image.len);
			*len = image.len;
		}
	}
	if ((st = query_end(&q)) != ST_OK || !*found)
		return st;
	if (!same)
		return diag_set(d, ST_DATA,
		    _("document %" PRId64 ": the scan is not what was kept; go on with the last good copy of the register"),
		    id);
	return *out != NULL ? ST_OK : diag_set(d, ST_INTERNAL,
	    _("out of memory"));
}

enum status
reg_document_scan(struct reg *r, int64_t id, uint8_t **out, size_t *len,
    struct diag *d)
{
	struct document doc;
	struct change c;
	bool found = false;
	enum status st;

	*out = NULL;
	*len = 0;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_document(r, id, &doc, d)) != ST_OK ||
	    (st = read_scan(r, id, out, len, &found, d)) != ST_OK)
		goto out;
	if (!found) {
		st = diag_set(d, ST_NOT_FOUND,
		    _("document %" PRId64 " has no scan"), id);
		goto out;
	}
	change_begin(&c);
	change_note_int(&c, "person", doc.person);
	st = change_keep(r, &c, "document.scan", "document", id, d);
out:
	if (st != ST_OK) {
		free(*out);
		*out = NULL;
	}
	return st;
}
