#include "verifier/audit.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "common/when.h"

/* JSON of one thing told: a file's name, of which no byte takes more than six,
 * and little beside it; or a finding. */
#define PIECE_MAX (6 * PATH_MAX + 1024)

_Static_assert(PIECE_MAX > 6 * FINDING_TEXT, "a finding fits");

static const char *
status_word(const struct audit_card *c)
{
	switch (c->status) {
	case CARD_REVOKED: return N_("revoked");
	case CARD_SUSPENDED: return N_("suspended");
	case CARD_NEVER_ISSUED:	/* not in the log, or not known */
	case CARD_VALID:
	default: return N_("valid");
	}
}

static const char *
result(const struct audit *a)
{
	return a->forged > 0 ? "forged" :
	    status_token(a->doubts > 0 ? ST_DATA : ST_OK);
}

/* The entry that a card is registered as: by the log, or where none was given
 * by a proof. -1: it is not. */
static int64_t
registered_as(const struct audit *a, const struct audit_card *c)
{
	if (a->log_path == NULL)
		return c->proved;
	return c->same ? c->entry : -1;
}

static void
root_hex(const struct audit *a, char out[2 * LOG_HASH + 1])
{
	uint8_t root[LOG_HASH];

	out[0] = '\0';
	if (a->log_path != NULL && merkle_root(&a->walk.tree, root) == ST_OK)
		(void)bytes_to_hex(bytes_from(root, sizeof(root)), out,
		    2 * LOG_HASH + 1);
}

/* ---- for people --------------------------------------------------------- */

static void
text_card(const struct audit *a, const struct audit_card *c)
{
	int64_t entry = registered_as(a, c);

	if (entry < 0)
		return;		/* among the problems */
	if (a->log_path == NULL)
		printf(_("%s: card %s is registered (entry %" PRId64 ")\n"),
		    c->path, c->number, entry);
	else
		printf(_("%s: card %s is registered (entry %" PRId64 "), %s by the log\n"),
		    c->path, c->number, entry, gettext(status_word(c)));
}

static void
report_text(const struct audit *a)
{
	uint64_t changed = 0;
	char root[2 * LOG_HASH + 1];

	root_hex(a, root);
	for (size_t i = 0; i < a->statuses_n; i++)
		changed += a->status[i].changed;
	if (a->log_path != NULL) {
		printf(_("Log of %s %s: %" PRIu64 " entries, of which %" PRIu64 " are under a signed head\n"),
		    a->state, a->office, a->walk.tree.size, a->covered);
		printf(_("Root: %s\n"), root);
		printf(_("Heads compared: %zu\n"), a->walk.n);
		printf(_("Status lists compared: %zu; places changed since: %" PRIu64 "\n"),
		    a->statuses_n, changed);
	} else {
		printf(_("Proofs checked: %zu\n"), a->proofs_n);
	}
	for (size_t i = 0; i < a->cards_n; i++)
		text_card(a, &a->card[i]);
	for (size_t i = 0; i < a->found.n && i < FINDINGS_MAX; i++)
		printf("%s\n", a->found.text[i]);
	if (a->found.n > FINDINGS_MAX)
		printf(_("and %zu more\n"), a->found.n - FINDINGS_MAX);
	if (a->found.n == 0)
		printf("%s\n", _("Everything agrees."));
}

/* ---- for programs ------------------------------------------------------- */

struct json {
	uint8_t room[PIECE_MAX];
	struct buf b;
	struct jsonw j;
};

/* What was written so far goes out, so that no answer is too long. */
static void
flush(struct json *o)
{
	(void)fwrite(o->b.p, 1, o->b.len, stdout);
	o->b.len = 0;
}

static void
json_head(struct json *o, const struct audit *a, const struct log_mark *m)
{
	jsonw_object(&o->j);
	jsonw_field(&o->j, "file", m->from);
	jsonw_field_int(&o->j, "size", (int64_t)m->head.size);
	jsonw_field_int(&o->j, "iat", m->head.iat);
	jsonw_key(&o->j, "agrees");
	if (a->log_path != NULL)
		jsonw_bool(&o->j, m->agrees);
	else
		jsonw_null(&o->j);	/* there was nothing to compare */
	jsonw_object_end(&o->j);
	flush(o);
}

static void
json_status(struct json *o, const struct audit_status *s)
{
	jsonw_object(&o->j);
	jsonw_field(&o->j, "file", s->from);
	jsonw_field_int(&o->j, "list", s->status->office.number);
	jsonw_field_int(&o->j, "iat", s->status->list.iat);
	jsonw_field_int(&o->j, "wrong", (int64_t)s->wrong);
	jsonw_field_int(&o->j, "changed", (int64_t)s->changed);
	jsonw_object_end(&o->j);
	flush(o);
}

static void
json_card(struct json *o, const struct audit *a, const struct audit_card *c)
{
	bool found = registered_as(a, c) >= 0;
	int64_t entry = a->log_path != NULL ? c->entry : c->proved;

	jsonw_object(&o->j);
	jsonw_field(&o->j, "file", c->path);
	jsonw_field(&o->j, "number", c->number);
	jsonw_field_bool(&o->j, "registered", found);
	jsonw_key(&o->j, "entry");
	if (entry >= 0)
		jsonw_int(&o->j, entry);
	else
		jsonw_null(&o->j);
	jsonw_field(&o->j, "status", found && a->log_path != NULL ?
	    status_word(c) : NULL);
	jsonw_object_end(&o->j);
	flush(o);
}

static void
json_lists(struct json *o, const struct audit *a)
{
	jsonw_key(&o->j, "heads");
	jsonw_array(&o->j);
	for (size_t i = 0; i < a->walk.n; i++)
		json_head(o, a, &a->walk.mark[i]);
	jsonw_array_end(&o->j);
	jsonw_key(&o->j, "lists");
	jsonw_array(&o->j);
	for (size_t i = 0; i < a->statuses_n; i++)
		json_status(o, &a->status[i]);
	jsonw_array_end(&o->j);
	jsonw_key(&o->j, "cards");
	jsonw_array(&o->j);
	for (size_t i = 0; i < a->cards_n; i++)
		json_card(o, a, &a->card[i]);
	jsonw_array_end(&o->j);
	jsonw_key(&o->j, "problems");
	jsonw_array(&o->j);
	for (size_t i = 0; i < a->found.n && i < FINDINGS_MAX; i++) {
		jsonw_string(&o->j, a->found.text[i]);
		flush(o);
	}
	jsonw_array_end(&o->j);
}

static void
report_json_audit(const struct audit *a)
{
	struct json o;
	char root[2 * LOG_HASH + 1];

	o.b = buf_over(o.room, sizeof(o.room));
	o.j = jsonw_to(&o.b);
	root_hex(a, root);
	jsonw_object(&o.j);
	jsonw_field(&o.j, "result", result(a));
	jsonw_field(&o.j, "state", a->log_path != NULL ? a->state : NULL);
	jsonw_field(&o.j, "office", a->log_path != NULL ? a->office : NULL);
	jsonw_field_int(&o.j, "entries", (int64_t)a->walk.tree.size);
	jsonw_field_int(&o.j, "covered", (int64_t)a->covered);
	jsonw_field(&o.j, "root", a->log_path != NULL ? root : NULL);
	json_lists(&o, a);
	jsonw_object_end(&o.j);
	buf_put_u8(&o.b, '\n');
	flush(&o);
}

void
audit_report(struct audit *a)
{
	if (a->json)
		report_json_audit(a);
	else
		report_text(a);
}
