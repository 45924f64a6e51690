#include "verifier/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/claims.h"
#include "common/crypto.h"
#include "common/host/file.h"
#include "common/host/options.h"
#include "common/host/program.h"
#include "common/token.h"
#include "verifier/command.h"
#include "verifier/input.h"
#include "verifier/report.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- heads -------------------------------------------------------------- */

static enum status
add_mark(struct audit *a, const struct log_head *h, const char *from)
{
	if (a->walk.n == AUDIT_HEADS)
		return diag_set(a->d, ST_TOO_BIG,
		    _("more than %d log heads; give fewer at a time"),
		    AUDIT_HEADS);
	a->mark[a->walk.n++] = (struct log_mark){ .head = *h, .from = from };
	return ST_OK;
}

/* By the trust of any bundle: the last failure stands. */
static enum status
verify_head(const struct audit *a, struct bytes cose, struct log_head *h)
{
	enum status st = ST_UNKNOWN_KEY;

	for (size_t i = 0; i < a->bundles_n; i++)
		if ((st = log_head_verify(a->bundle[i].host.trust, cose,
		    h)) == ST_OK)
			return ST_OK;
	return st;
}

/* A signed head that is none is a forgery found, not a reason to stop. */
static enum status
take_head(struct audit *a, const char *from, struct bytes cose,
    struct log_head *h)
{
	enum status st = verify_head(a, cose, h);

	if (st == ST_SIGNATURE || st == ST_UNKNOWN_KEY || st == ST_STATE) {
		audit_forged(a, st == ST_SIGNATURE ?
		    _("%s: FORGED: the signature of its log head does not match") :
		    _("%s: FORGED: its log head is not signed by a key that the trust list lets sign it then"),
		    from);
		return ST_OK;
	}
	if (st != ST_OK)
		return diag_set(a->d, st,
		    _("%s: its log head is damaged"), from);
	return add_mark(a, h, from);
}

static enum status
load_heads(struct audit *a)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < a->heads_n && st == ST_OK; i++) {
		struct log_head h;
		struct bytes rest, cose;
		uint8_t *raw = NULL;
		size_t len, n = 0;

		if ((st = file_read(a->heads[i], TRUST_BUNDLE_MAX, &raw, &len,
		    a->d)) != ST_OK)
			return st;
		rest = bytes_from(raw, len);
		for (; st == ST_OK &&
		    (st = log_head_next(&rest, &cose)) == ST_OK; n++)
			st = take_head(a, a->heads[i], cose, &h);
		free(raw);
		if (st == ST_NOT_FOUND && n > 0)
			st = ST_OK;
		else if (st == ST_NOT_FOUND || st == ST_MALFORMED)
			st = diag_set(a->d, ST_MALFORMED,
			    _("%s: not a log head, or a damaged one"),
			    a->heads[i]);
	}
	return st;
}

/* ---- bundles ------------------------------------------------------------ */

static enum status
load_bundle(struct audit *a, struct audit_bundle *b,
    const struct anchor *anchors)
{
	const struct trust *t;
	size_t len;
	enum status st;

	if ((st = file_read(b->path, TRUST_BUNDLE_MAX, &b->raw, &len,
	    a->d)) != ST_OK ||
	    (st = trust_host_open(&b->host, anchors, a->anchors_n, a->d)) !=
	    ST_OK || (st = trust_host_add(&b->host, b->path,
	    bytes_from(b->raw, len), a->d)) != ST_OK)
		return st;
	t = b->host.trust;
	for (size_t i = 0; i < t->heads_n; i++)
		if ((st = add_mark(a, &t->head[i].head, b->path)) != ST_OK)
			return st;
	return ST_OK;
}

static enum status
load_bundles(struct audit *a)
{
	struct anchor anchors[TRUST_STATES_MAX];
	enum status st;

	for (size_t i = 0; i < a->anchors_n; i++)
		if ((st = anchor_read(a->anchors[i], &anchors[i], a->d)) !=
		    ST_OK)
			return st;
	for (size_t i = 0; i < a->bundles_n; i++) {
		a->bundle[i].path = a->bundles[i];
		if ((st = load_bundle(a, &a->bundle[i], anchors)) != ST_OK)
			return st;
	}
	return ST_OK;
}

/* ---- cards -------------------------------------------------------------- */

/* A document signer of the state and office that the card names. */
static bool
is_signed(const struct audit *a, const struct cose_sign1 *s,
    const struct claims *claims, const struct status_uri *uri)
{
	for (size_t i = 0; i < a->bundles_n; i++) {
		const struct trust *t = a->bundle[i].host.trust;

		for (size_t k = 0; k < t->lists_n; k++) {
			const struct trust_list *l = &t->list[k];

			if (strcmp(l->state, uri->state) != 0 ||
			    !bytes_equal_text(claims->iss, l->state))
				continue;
			for (size_t n = 0; n < l->keys_n; n++)
				if (l->key[n].role == ROLE_DOCUMENT &&
				    bytes_equal(s->kid, bytes_from(
				    l->key[n].kid, KID_LEN)) &&
				    bytes_equal_text(l->key[n].office,
				    uri->office) &&
				    cose_sign1_verify(s, l->key[n].parsed,
				    bytes_from(NULL, 0)) == ST_OK)
					return true;
		}
	}
	return false;
}

/* ST_SIGNATURE for a forgery, ST_MALFORMED for what is no card. */
static enum status
read_card(const struct audit *a, struct bytes cose, struct audit_card *c)
{
	struct claims claims = { 0 };
	struct cose_sign1 s;
	enum status st = ST_MALFORMED;

	if (cose_sign1_parse(cose, CBOR_STRICT, &s) != ST_OK || s.has_typ ||
	    !cose_sign1_has_one_form(cose, &s) ||
	    claims_parse(s.payload, CBOR_STRICT, &claims) != ST_OK ||
	    claims_check_profile(&claims) != ST_OK ||
	    !status_uri_parse(claims.status_uri, &c->list) ||
	    !bytes_to_text(claims.identity.id, c->number, sizeof(c->number)))
		goto out;
	if (!is_signed(a, &s, &claims, &c->list)) {
		st = ST_SIGNATURE;
		goto out;
	}
	c->index = claims.status_index;
	c->exp = claims.exp;
	c->entry = c->proved = -1;
	st = crypto_sha256(&cose, 1, c->hash);
out:
	claims_wipe(&claims);
	return st;
}

static enum status
take_card(struct audit *a, const char *path, struct bytes cose)
{
	struct audit_card c = { .path = path }, *more;
	enum status st = read_card(a, cose, &c);

	if (st == ST_SIGNATURE || st == ST_MALFORMED) {
		audit_forged(a, st == ST_SIGNATURE ?
		    _("%s: FORGED: no document signer of the office it names has signed this card") :
		    _("%s: FORGED: not in the form of a card"), path);
		return ST_OK;
	}
	if (st != ST_OK)
		return st;
	more = realloc(a->card, (a->cards_n + 1) * sizeof(*more));
	if (more == NULL)
		return diag_set(a->d, ST_INTERNAL, _("out of memory"));
	a->card = more;
	a->card[a->cards_n++] = c;
	return ST_OK;
}

/* Every card in a picture, or the text. */
static enum status
load_card(struct audit *a, const char *path)
{
	uint8_t room[TOKEN_TEXT_MAX], tidy_room[TOKEN_TEXT_MAX];
	struct input in;
	size_t cards = 0;
	enum status st;

	if ((st = input_read(path, &in, a->d)) != ST_OK)
		return st;
	for (size_t i = 0; i < in.n && st == ST_OK; i++) {
		struct buf work = buf_over(room, sizeof(room));
		struct buf tidy = buf_over(tidy_room, sizeof(tidy_room));
		struct bytes cose, text = input_tidy(in.text[i], &tidy);

		if (!input_could_be_token(text) ||
		    token_read(text, &work, &cose) != ST_OK)
			continue;
		cards++;
		st = take_card(a, path, cose);
	}
	crypto_wipe(room, sizeof(room));
	crypto_wipe(tidy_room, sizeof(tidy_room));
	input_free(&in);
	if (st == ST_OK && cards == 0)
		st = diag_set(a->d, ST_DATA,
		    _("%s: no card's code was found"), path);
	return st;
}

/* ---- proofs ------------------------------------------------------------- */

static void
prove_cards(struct audit *a, const struct log_proof *p, const char *path)
{
	struct log_entry e;
	bool shown = false;

	if (log_entry_parse(p->entry, &e) != ST_OK)
		return;
	for (size_t i = 0; i < a->cards_n; i++) {
		struct audit_card *c = &a->card[i];

		if (e.kind != LOG_ISSUE ||
		    memcmp(c->hash, e.card, sizeof(e.card)) != 0)
			continue;
		shown = true;
		if (audit_is_same(c, &e))
			c->proved = (int64_t)p->index;
		else
			audit_forged(a,
			    _("%s: card %s is SIGNED BUT NOT REGISTERED as it is: entry %" PRId64 " has its credential with another number, place or expiry"),
			    c->path, c->number, (int64_t)p->index);
	}
	if (!shown && a->cards_n > 0 && a->log_path == NULL)
		audit_doubt(a,
		    _("%s: proves card %s, which is not among those given"),
		    path, e.number);
}

static enum status
check_proof(struct audit *a, const char *path, struct bytes file)
{
	size_t forged = a->forged;
	struct log_head head, old = { .iat = 0 };
	struct log_proof p;
	enum status st;

	if (log_proof_parse(file, &p) != ST_OK)
		return diag_set(a->d, ST_MALFORMED,
		    _("%s: not a proof of a log, or a damaged one"), path);
	if ((st = take_head(a, path, p.head, &head)) != ST_OK ||
	    (p.kind == LOG_CONSISTENCY &&
	    (st = take_head(a, path, p.old_head, &old)) != ST_OK))
		return st;
	if (a->forged != forged)
		return ST_OK;	/* said already */
	if (log_proof_verify(&p, &old, &head) != ST_OK)
		audit_forged(a, p.kind == LOG_INCLUSION ?
		    _("%s: FORGED: the entry is not in the log of this head, or not of its office") :
		    _("%s: REWRITTEN: the later head's log does not begin with the earlier one's"),
		    path);
	else if (p.kind == LOG_INCLUSION)
		prove_cards(a, &p, path);
	return ST_OK;
}

static enum status
load_proofs(struct audit *a)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < a->proofs_n && st == ST_OK; i++) {
		uint8_t *raw = NULL;
		size_t len;

		if ((st = file_read(a->proofs[i], LOG_PROOF_MAX, &raw, &len,
		    a->d)) == ST_OK)
			st = check_proof(a, a->proofs[i],
			    bytes_from(raw, len));
		free(raw);
	}
	return st;
}

/* ---- the log ------------------------------------------------------------ */

/* Whose log: its first entry says; of an empty one the only head. */
static enum status
whose(struct audit *a)
{
	struct bytes rest = bytes_from(a->log, a->log_len), raw;
	struct log_entry e;
	size_t kept = 0;

	if (a->log_len > 0) {
		if (log_entry_next(&rest, &raw, &e) != ST_OK)
			return diag_set(a->d, ST_MALFORMED,
			    _("%s: not a log of issuance"), a->log_path);
		memcpy(a->state, e.list.state, sizeof(a->state));
		memcpy(a->office, e.list.office, sizeof(a->office));
	} else if (a->walk.n > 0) {
		memcpy(a->state, a->mark[0].head.state, sizeof(a->state));
		memcpy(a->office, a->mark[0].head.office, sizeof(a->office));
	}
	/* Heads of the other offices of a bundle are not of this log. */
	for (size_t i = 0; i < a->walk.n; i++)
		if (strcmp(a->mark[i].head.state, a->state) == 0 &&
		    strcmp(a->mark[i].head.office, a->office) == 0)
			a->mark[kept++] = a->mark[i];
	a->walk.n = kept;
	return kept > 0 || a->forged > 0 ? ST_OK : diag_set(a->d, ST_DATA,
	    _("no signed log head of this office in what was given; add --head, or a bundle that has one"));
}

static enum status
gather_statuses(struct audit *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->bundles_n; i++)
		n += a->bundle[i].host.trust->statuses_n;
	if ((a->status = calloc(n + 1, sizeof(*a->status))) == NULL)
		return diag_set(a->d, ST_INTERNAL, _("out of memory"));
	for (size_t i = 0; i < a->bundles_n; i++) {
		const struct trust *t = a->bundle[i].host.trust;

		for (size_t k = 0; k < t->statuses_n; k++)
			if (strcmp(t->status[k].office.state, a->state) == 0 &&
			    strcmp(t->status[k].office.office, a->office) == 0)
				a->status[a->statuses_n++] =
				    (struct audit_status){
				    .from = a->bundle[i].path,
				    .status = &t->status[k] };
	}
	return ST_OK;
}

/* Without the log a card stands on its proof alone. */
static void
judge_unlogged(struct audit *a)
{
	for (size_t i = 0; i < a->cards_n; i++)
		if (a->card[i].proved < 0)
			audit_doubt(a,
			    _("%s: no proof given here is of card %s"),
			    a->card[i].path, a->card[i].number);
}

/* A card of another office is another log's matter. */
static void
drop_strangers(struct audit *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->cards_n; i++) {
		struct audit_card *c = &a->card[i];

		if (strcmp(c->list.state, a->state) == 0 &&
		    strcmp(c->list.office, a->office) == 0)
			a->card[kept++] = *c;
		else
			audit_doubt(a,
			    _("%s: card %s is of office %s, and the log of %s"),
			    c->path, c->number, c->list.office, a->office);
	}
	a->cards_n = kept;
}

static enum status
run(struct audit *a, char *const cards[], size_t n)
{
	enum status st;

	a->walk.mark = a->mark;
	if ((st = findings_new(&a->found, a->d)) != ST_OK ||
	    (st = load_bundles(a)) != ST_OK ||
	    (st = load_heads(a)) != ST_OK)
		return st;
	for (size_t i = 0; i < n; i++)
		if ((st = load_card(a, cards[i])) != ST_OK)
			return st;
	if ((st = load_proofs(a)) != ST_OK)
		return st;
	if (a->log_path == NULL) {
		judge_unlogged(a);
		return ST_OK;
	}
	if ((st = file_read(a->log_path, LOG_FILE_MAX, &a->log, &a->log_len,
	    a->d)) != ST_OK || (st = whose(a)) != ST_OK ||
	    (st = gather_statuses(a)) != ST_OK)
		return st;
	drop_strangers(a);
	return audit_log(a);
}

static void
audit_free(struct audit *a)
{
	for (size_t i = 0; i < a->statuses_n; i++)
		free(a->status[i].cell);
	for (size_t i = 0; i < COUNT(a->bundle); i++) {
		trust_host_close(&a->bundle[i].host);
		free(a->bundle[i].raw);
	}
	for (size_t i = 0; i < COUNT(a->place); i++)
		free(a->place[i].card);
	findings_free(&a->found);
	free(a->status);
	free(a->card);
	free(a->log);
	free(a);
}

static int
exit_of(const struct audit *a, enum status st)
{
	if (st == ST_SIGNATURE)
		return 2;
	if (st != ST_OK)
		return status_exit(st);
	return a->forged > 0 ? 2 : a->doubts > 0 ? status_exit(ST_DATA) : 0;
}

int
command_audit(int argc, char *argv[])
{
	struct audit *a = calloc(1, sizeof(*a));
	struct diag d = { "" };
	bool help = false;
	int rest = argc, exit_status;
	enum status st;

	if (a == NULL)
		return status_exit(ST_INTERNAL);
	a->d = &d;
	const struct opt opts[] = {
		{ .name = "anchor", .arg = "PEM", .list = a->anchors,
		    .list_n = &a->anchors_n, .list_max = COUNT(a->anchors),
		    .required = true,
		    .help = N_("a state's root key, named NIC.pem; once for each state") },
		{ .name = "trust", .arg = "FILE", .list = a->bundles,
		    .list_n = &a->bundles_n, .list_max = COUNT(a->bundles),
		    .required = true,
		    .help = N_("a published bundle; older ones too, each judged by itself") },
		{ .name = "log", .arg = "FILE", .value = &a->log_path,
		    .help = N_("the office's log of issuance (cedula-issuer log export)") },
		{ .name = "head", .arg = "FILE", .list = a->heads,
		    .list_n = &a->heads_n, .list_max = COUNT(a->heads),
		    .help = N_("a signed head of the log, beside those in the bundles") },
		{ .name = "proof", .arg = "FILE", .list = a->proofs,
		    .list_n = &a->proofs_n, .list_max = COUNT(a->proofs),
		    .help = N_("a proof of the log (cedula-issuer log prove), with the log or without") },
		{ .name = "json", .flag = &a->json,
		    .help = N_("answer with one JSON object, without personal data") },
	};

	st = options_parse(argc, argv, opts, COUNT(opts), &help, &rest, &d);
	if (st == ST_OK && help) {
		options_usage(stdout, PROGRAM " audit", "[CARD|-]...", opts,
		    COUNT(opts));
		audit_free(a);
		return program_flush();
	}
	if (st == ST_OK && a->log_path == NULL && a->proofs_n == 0)
		st = diag_set(&d, ST_USAGE,
		    _("give --log, or --proof; see --help"));
	if (st == ST_OK)
		st = run(a, argv + rest, (size_t)(argc - rest));
	if (st == ST_OK)
		audit_report(a);
	if (st == ST_OK && fflush(stdout) != 0)
		st = diag_errno(&d, ST_IO, _("standard output"));
	if (st != ST_OK) {
		(void)diag_print(PROGRAM, &d, st);
		if (a->json)
			report_json_error(stdout, NULL, st, &d);
	}
	exit_status = exit_of(a, st);
	audit_free(a);
	return exit_status;
}
