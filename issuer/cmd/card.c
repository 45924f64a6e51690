/* card issue, show, list, print, revoke, suspend, reinstate. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cose.h"
#include "issuer/cmd/card_life.h"
#include "issuer/command.h"
#include "issuer/credential.h"
#include "issuer/issue.h"
#include "issuer/print_run.h"
#include "issuer/register/custody.h"

/* Of one command: all of its cards are made or none. */
#define APPLICATIONS_MAX 256

static struct {
	const char *applications[APPLICATIONS_MAX], *expires, *status, *out, *name, *dpi, *reason, *kid;
	const char *custody, *person, *expires_before, *again, *blank;
	size_t applications_n;
	bool qr;
} given;

static const struct opt issue_opts[] = {
	{ .name = "application", .arg = "ID", .list = given.applications,
	    .list_n = &given.applications_n, .list_max = APPLICATIONS_MAX,
	    .required = true,
	    .help = N_("the approved application; several, and all become cards or none") },
	{ .name = "expires", .arg = "DATE", .value = &given.expires,
	    .help = N_("last day of validity; else in 5 years, for minors in 2") },
};

static const struct opt show_opts[] = {
	{ .name = "qr", .flag = &given.qr,
	    .help = N_("only the text of the symbol") },
};

static const struct opt list_opts[] = {
	{ .name = "status", .arg = "STATUS", .value = &given.status,
	    .help = N_("only valid, revoked or suspended ones") },
	{ .name = "kid", .arg = "HEX", .value = &given.kid,
	    .help = N_("only those that this key signed, 16 hex digits") },
	{ .name = "custody", .arg = "CUSTODY", .value = &given.custody,
	    .help = N_("only issued, printed, handed-over or destroyed ones") },
	{ .name = "person", .arg = "ID", .value = &given.person,
	    .help = N_("only this person's") },
	{ .name = "expires-before", .arg = "DATE", .value = &given.expires_before,
	    .help = N_("only those in force that expire before this day") },
};

static const struct opt print_opts[] = {
	{ .name = "out", .arg = "FOLDER", .value = &given.out, .required = true,
	    .help = N_("where the files go") },
	{ .name = "blank", .arg = "SERIAL", .value = &given.blank,
	    .help = N_("the blank it is printed on; needed once the office has received any") },
	{ .name = "name", .arg = "NAME", .value = &given.name,
	    .help = N_("what they are called; else the card's number") },
	{ .name = "dpi", .arg = "300|600", .value = &given.dpi,
	    .help = N_("of the PNG files, 300 if not given") },
	{ .name = "again", .arg = "TEXT", .value = &given.again,
	    .help = N_("why once more, where no stock of blanks is kept") },
};

static const struct opt reason_opts[] = {
	{ .name = "reason", .arg = "TEXT", .value = &given.reason, .required = true,
	    .help = N_("why") },
};

/* The name as it stands in the credential. */
static void
signed_name(const struct card *c, char *out, size_t cap)
{
	struct claims claims;
	struct cose_sign1 sign1;

	out[0] = '\0';
	if (cose_sign1_parse(bytes_from(c->token, c->token_len), CBOR_STRICT,
	    &sign1) == ST_OK &&
	    claims_parse(sign1.payload, CBOR_STRICT, &claims) == ST_OK &&
	    !bytes_to_text(claims.identity.full_name, out, cap))
		out[0] = '\0';
}

static void
put_issued(struct session *s, const struct card *c)
{
	char name[REG_FOLDED];

	signed_name(c, name, sizeof(name));
	answer_cell(s->answer, c->number);
	answer_cell_int(s->answer, c->application);
	answer_cell_int(s->answer, c->person);
	answer_cell(s->answer, name);
}

static enum status
issue_one(struct session *s, const char *application, const struct date *expires)
{
	struct diag why = { "" };
	struct card c;
	int64_t id;
	enum status st;

	if ((st = number_parse(application, "--application", ID_MAX,
	    &id, s->d)) != ST_OK)
		return st;
	st = issue_card(s->reg, &s->office, id, s->key, expires, s->now, &c,
	    &why);
	if (st != ST_OK) {
		char name[32];

		/* Some sentences name it already. */
		(void)snprintf(name, sizeof(name), _("application %" PRId64), id);
		if (given.applications_n == 1)
			return diag_set(s->d, st, "%s", why.text);
		if (strncmp(why.text, name, strlen(name)) == 0)
			return diag_set(s->d, st,
			    _("%s; none of them was issued"), why.text);
		return diag_set(s->d, st,
		    _("application %s: %s; none of them was issued"),
		    application, why.text);
	}
	if (given.applications_n == 1)
		answer_main(s->answer, "number", c.number);
	else
		put_issued(s, &c);
	return ST_OK;
}

/* However many: one transaction, and one session of a key in a token. */
static enum status
run_issue(struct session *s)
{
	static const struct column columns[] = {
		{ "number", N_("Number") }, { "application", N_("Application") },
		{ "person", N_("Person") }, { "name", N_("Name") }
	};
	struct date expires;
	enum status st = ST_OK;

	if (given.expires != NULL &&
	    !date_parse(bytes_text(given.expires), &expires))
		return diag_set(s->d, ST_USAGE,
		    _("--expires: not a date of the calendar; give YYYY-MM-DD"));
	if (given.applications_n > 1)
		answer_list(s->answer, "cards", columns, COUNT(columns));
	for (size_t i = 0; i < given.applications_n && st == ST_OK; i++)
		st = issue_one(s, given.applications[i],
		    given.expires != NULL ? &expires : NULL);
	if (given.applications_n > 1)
		answer_list_end(s->answer);
	return st;
}

static enum status
put_event(void *arg, const struct card_event *e)
{
	struct answer *a = arg;
	char moment[WHEN_TEXT];

	moment_format(e->at, moment);
	answer_cell(a, moment);
	answer_cell_word(a, e->event);
	answer_cell(a, e->officer);
	answer_cell(a, e->reason);
	return ST_OK;
}

static void
show_card(struct answer *a, const struct card *c)
{
	char name[REG_FOLDED], moment[WHEN_TEXT], day[DATE_TEXT];
	char kid[2 * KID_LEN + 1] = "";

	signed_name(c, name, sizeof(name));
	answer_text(a, "number", N_("Number"), c->number);
	answer_text(a, "name", N_("Name"), name);
	answer_word(a, "kind", N_("Kind"), c->family ? "family" : "individual");
	answer_word(a, "status", N_("Status"), card_status_token(c->status));
	answer_text(a, "reason", N_("Reason"), c->reason);
	when_format(c->issued, moment);
	answer_text(a, "issued", N_("Issued"), moment);
	date_format(when_date(c->expires), day);
	answer_text(a, "expires", N_("Expires"), day);
	answer_text(a, "officer", N_("Issued by"), c->officer);
	answer_int(a, "application", N_("Application"), c->application);
	answer_int(a, "person", N_("Person"), c->person);
	answer_int(a, "list", N_("Status list"), c->list);
	answer_int(a, "index", N_("Index"), (int64_t)c->index);
	(void)bytes_to_hex(bytes_from(c->kid, KID_LEN), kid, sizeof(kid));
	answer_text(a, "kid", N_("Key"), kid);
}

/* Whether the stored credential is still what was signed. */
static enum status
show_credential(struct session *s, const struct card *c)
{
	struct office_key key;
	enum status st = reg_key_of(s->reg, c, &key, s->d);

	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	answer_word(s->answer, "credential", N_("Credential"),
	    st == ST_NOT_FOUND ? "unknown-key" :
	    credential_check(c, &key.pub, NULL) == ST_OK ? "sound" :
	    "damaged");
	return ST_OK;
}

static enum status
run_show(struct session *s)
{
	static const struct column columns[] = {
		{ "at", N_("When") }, { "event", N_("Event") },
		{ "officer", N_("Officer") }, { "reason", N_("Reason") }
	};
	struct card c;
	enum status st;

	if ((st = reg_card(s->reg, s->operand[0], &c, s->d)) != ST_OK)
		return st;
	if (given.qr) {
		answer_main(s->answer, "qr", c.qr);
		return ST_OK;
	}
	show_card(s->answer, &c);
	if ((st = show_credential(s, &c)) != ST_OK ||
	    (st = card_life_show(s, &c)) != ST_OK)
		return st;
	answer_list(s->answer, "events", columns, COUNT(columns));
	st = reg_card_events(s->reg, c.id, put_event, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static enum status
put_card(void *arg, const struct card_row *c)
{
	struct answer *a = arg;
	char day[DATE_TEXT];

	answer_cell(a, c->number);
	answer_cell_word(a, c->status);
	answer_cell_word(a, c->family ? "family" : "individual");
	answer_cell_int(a, c->person);
	answer_cell(a, c->name);
	date_format(when_date(c->issued), day);
	answer_cell(a, day);
	date_format(when_date(c->expires), day);
	answer_cell(a, day);
	answer_cell_word(a, c->custody);
	answer_cell(a, c->telephone);
	answer_cell(a, c->reason);
	return ST_OK;
}

static enum status
take_filter(struct card_filter *f, uint8_t kid[KID_LEN], struct diag *d)
{
	enum card_status status;
	struct date before;
	size_t n;

	if (given.kid != NULL && (!bytes_from_hex(bytes_text(given.kid), kid,
	    KID_LEN, &n) || n != KID_LEN))
		return diag_set(d, ST_USAGE,
		    _("--kid: 16 hex digits, not %s"), given.kid);
	if (given.kid != NULL)
		f->kid = bytes_from(kid, KID_LEN);
	if (given.status != NULL && !card_status_parse(given.status, &status))
		return diag_set(d, ST_USAGE,
		    _("--status: one of valid, revoked, suspended"));
	f->status = given.status;
	if (given.custody != NULL && !custody_known(given.custody))
		return diag_set(d, ST_USAGE,
		    _("--custody: one of issued, printed, handed-over, destroyed"));
	f->custody = given.custody;
	if (given.expires_before != NULL &&
	    !date_parse(bytes_text(given.expires_before), &before))
		return diag_set(d, ST_USAGE,
		    _("--expires-before: not a date of the calendar; give YYYY-MM-DD"));
	if (given.expires_before != NULL)
		f->expires_before = when_from_date(before);
	return given.person == NULL ? ST_OK : number_parse(given.person,
	    "--person", ID_MAX, &f->person, d);
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "number", N_("Number") }, { "status", N_("Status") },
		{ "kind", N_("Kind") }, { "person", N_("Person") },
		{ "name", N_("Name") }, { "issued", N_("Issued") },
		{ "expires", N_("Expires") }, { "custody", N_("Custody") },
		{ "telephone", N_("Telephone") }, { "reason", N_("Reason") }
	};
	struct card_filter f = { .person = 0 };
	uint8_t kid[KID_LEN];
	enum status st;

	if ((st = take_filter(&f, kid, s->d)) != ST_OK)
		return st;
	answer_list(s->answer, "cards", columns, COUNT(columns));
	st = reg_card_list(s->reg, &f, put_card, s->answer, s->d);
	answer_list_end(s->answer);
	answer_int(s->answer, "count", N_("Cards"), answer_rows(s->answer));
	return st;
}

static enum status
run_print(struct session *s)
{
	struct card c;
	struct print_job job = {
		.office = &s->office, .card = &c, .folder = given.out,
		.name = given.name, .dpi = 300
	};
	enum status st;

	if (given.dpi != NULL && strcmp(given.dpi, "600") == 0)
		job.dpi = 600;
	else if (given.dpi != NULL && strcmp(given.dpi, "300") != 0)
		return diag_set(s->d, ST_USAGE, _("--dpi: 300 or 600"));
	if (given.name != NULL && (given.name[0] == '\0' ||
	    strchr(given.name, '/') != NULL))
		return diag_set(s->d, ST_USAGE,
		    _("--name: a file's name without a folder"));
	if ((st = reg_card(s->reg, s->operand[0], &c, s->d)) != ST_OK)
		return st;
	if (job.name == NULL)
		job.name = c.number;
	if ((st = print_recorded(s->reg, &job, given.blank, given.again, 0,
	    NULL, s->d)) != ST_OK)
		return st;
	answer_main(s->answer, "number", c.number);
	return ST_OK;
}

static enum status
set_status(struct session *s, enum card_status status)
{
	enum status st = reg_card_set_status(s->reg, s->operand[0], status,
	    given.reason, s->d);

	if (st == ST_OK)
		answer_main(s->answer, "number", s->operand[0]);
	return st;
}

static enum status
run_revoke(struct session *s)
{
	return set_status(s, CARD_REVOKED);
}

static enum status
run_suspend(struct session *s)
{
	return set_status(s, CARD_SUSPENDED);
}

static enum status
run_reinstate(struct session *s)
{
	return set_status(s, CARD_VALID);
}

#define ACTS (NEEDS_REGISTER | NEEDS_OFFICER | WRITES)

static const struct command commands[] = {
	{ "card", "issue", AS_APPROVER | AS_MANAGER | ACTS | DATES | NEEDS_KEY, run_issue, issue_opts,
	    COUNT(issue_opts), "", 0, 0,
	    N_("sign the card of an approved application") },
	{ "card", "show", AS_DESK | AS_PROTECTION | AS_AUDITOR | NEEDS_REGISTER | READS, run_show, show_opts,
	    COUNT(show_opts), "NUMBER", 1, 1, N_("show a card") },
	{ "card", "list", AS_DESK | AS_PROTECTION | AS_AUDITOR | NEEDS_REGISTER | READS, run_list, list_opts,
	    COUNT(list_opts), "", 0, 0, N_("list the cards") },
	{ "card", "print", AS_PRINTER | NEEDS_REGISTER | NEEDS_OFFICER | DATES,
	    run_print, print_opts, COUNT(print_opts), "NUMBER", 1, 1,
	    N_("draw a card's two sides as PDF and PNG") },
	{ "card", "revoke", AS_APPROVER | AS_MANAGER | ACTS | DATES, run_revoke, reason_opts,
	    COUNT(reason_opts), "NUMBER", 1, 1, N_("revoke a card for ever") },
	{ "card", "suspend", AS_APPROVER | AS_MANAGER | ACTS | DATES, run_suspend, reason_opts,
	    COUNT(reason_opts), "NUMBER", 1, 1,
	    N_("suspend a card for a time") },
	{ "card", "reinstate", AS_APPROVER | AS_MANAGER | ACTS | DATES, run_reinstate, reason_opts,
	    COUNT(reason_opts), "NUMBER", 1, 1,
	    N_("make a suspended card valid again") },
};

const struct command_group card_commands = { commands, COUNT(commands) };
