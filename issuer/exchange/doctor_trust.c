/* What doctor looks at of what was signed: doctor.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/host/file.h"
#include "common/pem.h"
#include "issuer/exchange/agree.h"
#include "issuer/exchange/doctor.h"
#include "issuer/status_audit.h"

enum { KEY_DAYS = 60, TRUST_DAYS = 30, PUBLISH_DAYS = 2 };
#define PEM_MAX 65536

/* Findings as one check: the first, and how many. */
static void
put_findings(struct doctor *doc, const char *key, const char *label,
    const struct findings *f, const char *advice, const char *good)
{
	if (f->n == 0)
		doctor_put(doc, key, label, DOCTOR_OK, "", "%s", good);
	else
		doctor_put(doc, key, label, DOCTOR_PROBLEM, advice,
		    f->n > 1 ? _("%s (and %zu more)") : "%s", f->text[0],
		    f->n - 1);
}

static void
check_log(struct doctor *doc)
{
	static const char key[] = "log", label[] = N_("Log of issuance");
	struct findings found = { 0, NULL };
	struct diag d = { "" };
	uint64_t entries = 0;
	char good[160];

	if (doc->quick && doc->bundle == NULL)
		return;
	if (findings_new(&found, &d) != ST_OK || log_agrees(doc->r,
	    doc->office, doc->bundle, &found, &entries, &d) != ST_OK)
		doctor_failed(doc, key, label, &d);
	else {
		(void)snprintf(good, sizeof(good),
		    _("%" PRIu64 " entries, as they were signed and as the cards are"),
		    entries);
		put_findings(doc, key, label, &found,
		    _("issue nothing, and see log check"), good);
	}
	findings_free(&found);
}

/* The bundle given, or what the register keeps as published. */
static enum status
audit_lists(struct doctor *doc, struct status_audit *a)
{
	struct held_trust held;
	enum status st = held_trust_open(&held, doc->r, doc->office, a->d);

	if (st == ST_NOT_FOUND && doc->bundle == NULL)
		st = ST_OK;
	if (st == ST_OK && (st = status_audit_begin(a)) == ST_OK) {
		if ((a->name = doc->bundle) != NULL)
			st = status_audit_file(a, &held);
		else
			st = status_audit_published(a, held.host.trust);
	}
	held_trust_close(&held);
	return st;
}

static void
check_status(struct doctor *doc)
{
	static const char key[] = "status", label[] = N_("Status lists");
	struct findings found = { 0, NULL };
	struct diag d = { "" };
	struct status_audit a = { .r = doc->r, .office = doc->office,
	    .now = doc->now, .found = &found, .d = &d };
	enum status st;

	if (doc->quick)
		return;
	st = audit_lists(doc, &a);
	if (st == ST_OK || st == ST_NOT_FOUND)
		status_audit_end(&a);
	if (st == ST_NOT_FOUND && doc->bundle == NULL)
		doctor_put(doc, key, label, DOCTOR_WARNING,
		    _("publish: bundle"), "%s",
		    _("none was published yet"));
	else if (st != ST_OK)
		doctor_failed(doc, key, label, &d);
	else if (found.n == 0 && a.changed > 0)
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("publish: bundle"),
		    _("true for their time, and older than the last change (cards: %" PRId64 ")"),
		    a.changed);
	else
		put_findings(doc, key, label, &found, _("see status audit"),
		    _("every card is as it was published"));
	free(a.seen);
	findings_free(&found);
}

/* What is past its day, or soon will be. */
static void
put_deadline(struct doctor *doc, const char *key, const char *label,
    const char *what, int64_t until, int64_t days, const char *advice)
{
	char when[WHEN_TEXT];
	int64_t left = until - doc->now;

	when_format(until, when);
	if (left < 0)
		doctor_put(doc, key, label, DOCTOR_PROBLEM, advice,
		    _("%s: past its day, %s"), what, when);
	else
		doctor_put(doc, key, label, left < days * WHEN_DAY ?
		    DOCTOR_WARNING : DOCTOR_OK, advice,
		    _("%s: until %s, %" PRId64 " days"), what, when,
		    left / WHEN_DAY);
}

static void
check_published(struct doctor *doc)
{
	static const char key[] = "published", label[] = N_("Publishing");
	struct diag d = { "" };
	uint32_t lists;
	int64_t exp = INT64_MAX;

	if (reg_lists(doc->r, &lists, &d) != ST_OK) {
		doctor_failed(doc, key, label, &d);
		return;
	}
	for (uint32_t i = 1; i <= lists; i++) {
		struct published p;
		enum status st = reg_published(doc->r, i, &p, &d);

		if (st != ST_OK && st != ST_NOT_FOUND) {
			doctor_failed(doc, key, label, &d);
			return;
		}
		if (st == ST_OK && p.exp < exp)
			exp = p.exp;
		published_free(&p);
	}
	if (exp != INT64_MAX)
		put_deadline(doc, key, label, _("the oldest list"), exp,
		    PUBLISH_DAYS, _("publish: bundle"));
}

static void
check_trust_list(struct doctor *doc)
{
	static const char key[] = "trust", label[] = N_("Trust list");

	if (doc->health.trust_exp == 0)
		doctor_put(doc, key, label, DOCTOR_WARNING,
		    _("trust import the ministry's"), "%s",
		    _("none was imported yet"));
	else
		put_deadline(doc, key, label, _("the ministry's newest"),
		    doc->health.trust_exp, TRUST_DAYS,
		    _("ask the ministry for the next one, and trust import it"));
}

/* The key that signs longest of each role: what goes before it is replaced
 * already. */
struct newest {
	int64_t now, sign_until[2];
};

static enum status
take_key(void *arg, const struct office_key *k)
{
	struct newest *n = arg;
	size_t i = k->role == ROLE_DOCUMENT ? 0 : 1;

	if (k->revoked_from > n->now && k->sign_until > n->sign_until[i])
		n->sign_until[i] = k->sign_until;
	return ST_OK;
}

static void
check_signers(struct doctor *doc)
{
	static const struct {
		const char *key, *label;
	} roles[] = {
		{ "document_key", N_("Document signer") },
		{ "status_key", N_("Status signer") },
	};
	struct newest n = { doc->now, { 0, 0 } };
	struct diag d = { "" };

	if (doc->health.trust_exp == 0)
		return;
	if (reg_keys(doc->r, take_key, &n, &d) != ST_OK) {
		doctor_failed(doc, roles[0].key, roles[0].label, &d);
		return;
	}
	for (size_t i = 0; i < 2; i++)
		if (n.sign_until[i] == 0)
			doctor_put(doc, roles[i].key, roles[i].label,
			    DOCTOR_PROBLEM,
			    _("make one, and have the ministry put it in the trust list"),
			    "%s", _("the trust list names none of this office"));
		else
			put_deadline(doc, roles[i].key, roles[i].label,
			    _("signs"), n.sign_until[i], KEY_DAYS,
			    _("make the next one, and have the ministry put it in the trust list"));
}

static void
check_key_file(struct doctor *doc, const char *name)
{
	static const char key[] = "key", label[] = N_("Key given");
	struct pem_key pem = { .parsed = NULL };
	struct office_key k;
	uint8_t *file = NULL;
	size_t len = 0;
	struct diag d = { "" };
	enum status st = file_read(name, PEM_MAX, &file, &len, &d);

	if (st == ST_OK && pem_parse(bytes_from(file, len), false, &pem) !=
	    ST_OK)
		st = diag_set(&d, ST_DATA, _("%s: not a public key"), name);
	free(file);
	if (st == ST_OK && (st = reg_key(doc->r, &pem.pub, ROLE_DOCUMENT, &k,
	    &d)) == ST_NOT_FOUND)
		st = reg_key(doc->r, &pem.pub, ROLE_STATUS, &k, &d);
	crypto_key_free(pem.parsed);
	if (st == ST_NOT_FOUND && d.text[0] == '\0')
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("send it to the ministry, then trust import the new list"),
		    _("%s: the trust list does not name it"), name);
	else if (st != ST_OK)
		doctor_failed(doc, key, label, &d);
	else if (k.revoked_from <= doc->now)
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("sign with the office's new key"), _("%s: revoked"),
		    name);
	else
		put_deadline(doc, key, label, name, k.sign_until, KEY_DAYS,
		    _("make the next one, and have the ministry put it in the trust list"));
}

/* Does the office verify with the root that its register stands on? */
static void
check_anchor(struct doctor *doc)
{
	static const char key[] = "anchor", label[] = N_("Anchor");
	struct anchor given;
	struct cose_key held;
	uint8_t *list = NULL;
	size_t len;
	struct diag d = { "" };
	bool same;

	if (doc->anchor == NULL)
		return;
	if (anchor_read(doc->anchor, &given, &d) != ST_OK ||
	    reg_trust(doc->r, &list, &len, &held, &d) != ST_OK) {
		doctor_failed(doc, key, label, &d);
		return;
	}
	free(list);
	same = given.key.alg == held.alg &&
	    bytes_equal(bytes_from(given.key.x, 32), bytes_from(held.x, 32)) &&
	    (held.kty == KTY_OKP || bytes_equal(bytes_from(given.key.y, 32),
	    bytes_from(held.y, 32)));
	doctor_put(doc, key, label, same ? DOCTOR_OK : DOCTOR_PROBLEM,
	    _("ask the ministry, in person, which root is right"), "%s",
	    same ? _("the root that the register stands on") :
	    _("another root than the one the register stands on"));
}

void
doctor_trust(struct doctor *doc)
{
	check_log(doc);
	check_status(doc);
	check_published(doc);
	check_trust_list(doc);
	check_signers(doc);
	for (size_t i = 0; i < doc->keys_n; i++)
		check_key_file(doc, doc->keys[i]);
	check_anchor(doc);
}
