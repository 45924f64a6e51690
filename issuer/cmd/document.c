/* document add, list, scan, void. */
#include <stdio.h>
#include <stdlib.h>

#include "common/host/file.h"
#include "issuer/command.h"
#include "issuer/register/act.h"
#include "issuer/register/line.h"
#include "issuer/register/document.h"

static struct {
	const char *type, *number, *issuer, *issued, *expires, *seen, *scan, *out, *reason;
	bool shared;
} given;

static const struct opt add_opts[] = {
	{ .name = "type", .arg = "TYPE", .value = &given.type, .required = true,
	    .help = N_("birth-certificate, passport, national-id, marriage-certificate, death-certificate, police-report, power-of-attorney or other") },
	{ .name = "number", .arg = "TEXT", .value = &given.number, .required = true,
	    .help = N_("its number") },
	{ .name = "issuer", .arg = "TEXT", .value = &given.issuer, .required = true,
	    .help = N_("who issued it") },
	{ .name = "issued", .arg = "DATE", .value = &given.issued,
	    .help = N_("when it was issued") },
	{ .name = "expires", .arg = "DATE", .value = &given.expires,
	    .help = N_("its last day of validity") },
	{ .name = "seen", .arg = "TEXT", .value = &given.seen,
	    .help = N_("who saw the original; you if not given") },
	{ .name = "scan", .arg = "FILE", .value = &given.scan,
	    .help = N_("a JPEG, PNG or PDF file of at most 8 MB") },
	{ .name = "shared", .flag = &given.shared,
	    .help = N_("another person has the same document") },
};

static const struct opt scan_opts[] = {
	{ .name = "out", .arg = "FILE", .value = &given.out, .required = true,
	    .help = N_("the file to make; nothing is overwritten") },
};

static const struct opt void_opts[] = {
	REASON_OPT(&given.reason, N_("why")),
};

/* The texts as typed; what does not fit is too long whatever it is. */
static enum status
take_text(const char *option, const char *value, char out[REG_TEXT],
    struct diag *d)
{
	enum status st;

	if (value == NULL)
		return ST_OK;
	if ((st = line_check(option, value, LINE_LONGEST, true, d)) == ST_OK)
		(void)snprintf(out, REG_TEXT, "%s", value);
	return st;
}

static enum status
take_document(struct session *s, struct document *doc)
{
	enum status st;

	(void)snprintf(doc->type, sizeof(doc->type), "%s", given.type);
	doc->shared = given.shared;
	if ((st = operand_id(s, &doc->person)) != ST_OK ||
	    (st = take_text("number", given.number, doc->number, s->d)) != ST_OK ||
	    (st = take_text("issuer", given.issuer, doc->issuer, s->d)) != ST_OK ||
	    (st = take_text("seen", given.seen, doc->seen, s->d)) != ST_OK ||
	    (given.issued != NULL && (st = act_any_date("issued", given.issued,
	    doc->issued, s->d)) != ST_OK))
		return st;
	return given.expires == NULL ? ST_OK :
	    act_any_date("expires", given.expires, doc->expires, s->d);
}

static enum status
run_add(struct session *s)
{
	struct document doc = { .id = 0 };
	uint8_t *scan = NULL;
	size_t len = 0;
	enum status st;

	if ((st = take_document(s, &doc)) != ST_OK || (given.scan != NULL &&
	    (st = file_read(given.scan, SCAN_MAX, &scan, &len, s->d)) != ST_OK))
		return st;
	if (given.scan != NULL && len == 0)
		st = diag_set(s->d, ST_DATA,
		    _("%s: empty; give the file of the scan"), given.scan);
	else
		st = reg_document_add(s->reg, &doc, bytes_from(scan, len), s->d);
	free(scan);
	if (st == ST_OK)
		answer_main_int(s->answer, "document", doc.id);
	return st;
}

static enum status
put_document(void *arg, const struct document *doc)
{
	struct answer *a = arg;

	answer_cell_int(a, doc->id);
	answer_cell_word(a, doc->type);
	answer_cell(a, doc->number);
	answer_cell(a, doc->issuer);
	answer_cell(a, doc->issued);
	answer_cell(a, doc->expires);
	answer_cell(a, doc->seen);
	answer_cell(a, doc->media_type);
	answer_cell_word(a, doc->shared ? "yes" : "no");
	answer_cell(a, doc->void_);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "document", N_("Document") }, { "type", N_("Type") },
		{ "number", N_("Number") }, { "issuer", N_("Issuer") },
		{ "issued", N_("Issued") }, { "expires", N_("Expires") },
		{ "seen", N_("Seen by") }, { "scan", N_("Scan") },
		{ "shared", N_("Shared") }, { "void", N_("Void") }
	};
	struct person p;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_person(s->reg, id, &p, s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "documents", columns, COUNT(columns));
	st = reg_documents(s->reg, id, put_document, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

/* The file appears when the register has kept that it was read. */
static enum status
run_scan(struct session *s)
{
	struct staged file = { .tmp = "", .fd = -1 };
	uint8_t *scan = NULL;
	size_t len;
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = file_nothing_at(given.out, s->d)) != ST_OK ||
	    (st = reg_document_scan(s->reg, id, &scan, &len, s->d)) != ST_OK ||
	    (st = file_stage(given.out, bytes_from(scan, len), 0600, &file,
	    s->d)) != ST_OK ||
	    (st = reg_commit(s->reg, s->d)) != ST_OK)
		goto out;
	s->kept = true;
	st = staged_keep_new(&file, s->d);
	answer_main(s->answer, "file", given.out);
out:
	staged_drop(&file);
	free(scan);
	return st;
}

static enum status
run_void(struct session *s)
{
	int64_t id;
	enum status st;

	if ((st = operand_id(s, &id)) != ST_OK ||
	    (st = reg_document_void(s->reg, id, given.reason, s->d)) != ST_OK)
		return st;
	answer_main_int(s->answer, "document", id);
	return ST_OK;
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "document", "add", AS_REGISTRAR | ACTS, run_add, add_opts, COUNT(add_opts),
	    "PERSON", 1, 1, N_("record a document that was seen of a person") },
	{ "document", "list", AS_DESK | AS_PROTECTION | NEEDS_REGISTER | READS, run_list, NULL, 0,
	    "PERSON", 1, 1, N_("the documents of a person") },
	{ "document", "scan", AS_REGISTRAR | AS_APPROVER | AS_PROTECTION | ACTS, run_scan, scan_opts,
	    COUNT(scan_opts), "ID", 1, 1, N_("write the scan of a document to a file") },
	{ "document", "void", AS_REGISTRAR | AS_APPROVER | ACTS, run_void, void_opts, COUNT(void_opts),
	    "ID", 1, 1, N_("a document was recorded by mistake") },
};

const struct command_group document_commands = { commands, COUNT(commands) };
