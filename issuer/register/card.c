#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/verdict.h"
#include "issuer/register/application.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/log.h"

static const char *const statuses[] = {
	[CARD_VALID] = "valid", [CARD_REVOKED] = "revoked",
	[CARD_SUSPENDED] = "suspended",
};

#define STATUSES (sizeof(statuses) / sizeof(statuses[0]))
#define COLUMNS "c.id, c.number, c.application, c.person, c.kind, c.list, c.idx," \
    " c.issued, c.expires, c.kid, c.status, c.reason, o.login, c.photo"
#define TABLES " FROM card AS c JOIN officer AS o ON o.id = c.officer "

const char *
card_status_token(enum card_status s)
{
	return (size_t)s < STATUSES ? statuses[s] : "";
}

bool
card_status_parse(const char *token, enum card_status *out)
{
	for (size_t i = 0; i < STATUSES; i++)
		if (strcmp(statuses[i], token) == 0) {
			*out = (enum card_status)i;
			return true;
		}
	return false;
}

/* ---- keeping ---- */

/* The last act's instant, or that of the newest published list if later. */
static enum status
last_dated(struct reg *r, int64_t *at, bool *demo, struct diag *d)
{
	struct query q = query(r, "SELECT max(ifnull((SELECT at FROM card_event"
	    " ORDER BY id DESC LIMIT 1), 0), ifnull((SELECT max(iat) FROM"
	    " status_published), 0)), demo FROM office", d);

	*at = 0;
	*demo = false;
	if (query_row(&q)) {
		*at = col_int(&q, 0);
		*demo = col_int(&q, 1) != 0;
	}
	return query_end(&q);
}

/* Not before what was done or published before it, or a list that cannot hold
 * the act would be dated as if it had to: a clock that is a little behind is
 * passed over, and one that is much behind is a wrong clock, now or then. In a
 * demo register the clock is whatever --now says. */
static enum status
date_event(struct reg *r, int64_t *at, struct diag *d)
{
	char when[WHEN_TEXT];
	int64_t last;
	bool demo;
	enum status st;

	*at = r->now;
	if ((st = last_dated(r, &last, &demo, d)) != ST_OK)
		return st;
	if (last <= r->now)
		return ST_OK;
	if (last - r->now <= CLOCK_SKEW) {
		*at = last;
		return ST_OK;
	}
	if (demo)
		return ST_OK;
	if (r->clock_is_right) {
		when_format(last, when);
		return reg_audit(r, "clock.is-right", "act", when, d);
	}
	return reg_clock_refused(last, d);
}

static enum status
insert_event(struct reg *r, int64_t card, const char *event,
    const char *reason, struct diag *d)
{
	struct query q;
	int64_t at;
	enum status st;

	if ((st = date_event(r, &at, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO card_event (card, at, officer,"
	    " event, reason) VALUES (?1, ?2, ?3, ?4, ?5)", d);
	bind_int(&q, card);
	bind_int(&q, at);
	bind_int(&q, r->officer);
	bind_text(&q, event);
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	/* No act without its entry: both or neither. */
	return log_append(r, sqlite3_last_insert_rowid(r->db), d);
}

static enum status
insert_card(struct reg *r, struct card *c, struct diag *d)
{
	struct query q = query(r, "INSERT INTO card (number, application,"
	    " person, photo, kind, list, idx, issued, expires, kid, token, qr,"
	    " officer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
	    " ?12, ?13)", d);
	enum status st;

	bind_text(&q, c->number);
	bind_int(&q, c->application);
	bind_int(&q, c->person);
	bind_int(&q, c->photo);
	bind_text(&q, c->family ? "family" : "individual");
	bind_int(&q, c->list);
	bind_int(&q, (int64_t)c->index);
	bind_int(&q, c->issued);
	bind_int(&q, c->expires);
	bind_blob(&q, bytes_from(c->kid, KID_LEN));
	bind_blob(&q, bytes_from(c->token, c->token_len));
	bind_text(&q, c->qr);
	bind_int(&q, r->officer);
	if ((st = query_run(&q)) == ST_OK)
		c->id = sqlite3_last_insert_rowid(r->db);
	return st;
}

static enum status
audit_card(struct reg *r, const char *event, const char *number,
    const char *details, struct diag *d)
{
	char action[REG_NAME], object[32];

	(void)snprintf(action, sizeof(action), "card.%.32s", event);
	(void)snprintf(object, sizeof(object), "card %s", number);
	return reg_audit(r, action, object, details, d);
}

enum status
reg_card_add(struct reg *r, struct card *c, struct diag *d)
{
	char details[128];
	enum status st;

	(void)snprintf(details, sizeof(details),
	    "application %" PRId64 " list %" PRIu32 " index %" PRIu64,
	    c->application, c->list, c->index);
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = insert_card(r, c, d)) != ST_OK ||
	    (st = insert_event(r, c->id, "issue", "", d)) != ST_OK ||
	    (st = audit_card(r, "issue", c->number, details, d)) != ST_OK)
		return st;
	return application_issued(r, c->application, c->number, d);
}

/* ---- reading ---- */

static void
read_card(struct query *q, struct card *c)
{
	char text[12];
	struct bytes kid;

	memset(c, 0, sizeof(*c));
	c->id = col_int(q, 0);
	col_text(q, 1, c->number, sizeof(c->number));
	c->application = col_int(q, 2);
	c->person = col_int(q, 3);
	col_text(q, 4, text, sizeof(text));
	c->family = strcmp(text, "family") == 0;
	c->list = (uint32_t)col_int(q, 5);
	c->index = (uint64_t)col_int(q, 6);
	c->issued = col_int(q, 7);
	c->expires = col_int(q, 8);
	kid = col_blob(q, 9);
	memcpy(c->kid, kid.p, kid.len < KID_LEN ? kid.len : KID_LEN);
	col_text(q, 10, text, sizeof(text));
	if (!card_status_parse(text, &c->status))
		q->cut = true;
	col_text(q, 11, c->reason, sizeof(c->reason));
	col_text(q, 12, c->officer, sizeof(c->officer));
	c->photo = col_int(q, 13);
}

enum status
reg_card(struct reg *r, const char *number, struct card *out, struct diag *d)
{
	struct query q = query(r, "SELECT " COLUMNS ", c.token, c.qr" TABLES
	    "WHERE c.number = ?1", d);
	struct bytes token;
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	bind_text(&q, number);
	if ((found = query_row(&q))) {
		read_card(&q, out);
		token = col_blob(&q, 14);
		if (token.len <= sizeof(out->token)) {
			memcpy(out->token, token.p, token.len);
			out->token_len = token.len;
		} else
			q.cut = true;
		col_text(&q, 15, out->qr, sizeof(out->qr));
	}
	if ((st = query_end(&q)) == ST_OK && !found && number[0] == '\0')
		st = diag_set(d, ST_NOT_FOUND,
		    _("'': not a card's number; give it as it stands on the card"));
	else if (st == ST_OK && !found)
		st = diag_set(d, ST_NOT_FOUND,
		    _("card %.32s: not in the register; look with card list"),
		    number);
	return st;
}

enum status
reg_cards(struct reg *r, const enum card_status *status,
    enum status (*each)(void *arg, const struct card *c), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT " COLUMNS TABLES
	    "WHERE ?1 IS NULL OR c.status = ?1 ORDER BY c.id", d);
	struct card *c = calloc(1, sizeof(*c));
	enum status st = ST_OK, end;

	if (c == NULL)
		st = diag_set(d, ST_INTERNAL, _("out of memory"));
	bind_text(&q, status == NULL ? NULL : card_status_token(*status));
	while (st == ST_OK && query_row(&q)) {
		read_card(&q, c);
		st = each(arg, c);
	}
	end = query_end(&q);
	free(c);
	return st != ST_OK ? st : end;
}

enum status
reg_card_events(struct reg *r, int64_t card,
    enum status (*each)(void *arg, const struct card_event *e), void *arg,
    struct diag *d)
{
	struct query q = query(r, "SELECT e.at, o.login, e.event, e.reason"
	    " FROM card_event AS e JOIN officer AS o ON o.id = e.officer"
	    " WHERE e.card = ?1 ORDER BY e.id", d);
	enum status st = ST_OK, end;

	bind_int(&q, card);
	while (st == ST_OK && query_row(&q)) {
		struct card_event e = { .at = col_int(&q, 0) };

		col_text(&q, 1, e.officer, sizeof(e.officer));
		col_text(&q, 2, e.event, sizeof(e.event));
		col_text(&q, 3, e.reason, sizeof(e.reason));
		st = each(arg, &e);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

/* ---- status ---- */

static enum status
may_become(const struct card *c, enum card_status status, struct diag *d)
{
	if (c->status == CARD_REVOKED)
		return diag_set(d, ST_STATE,
		    _("card %s is revoked, and that is final; issue a new card"),
		    c->number);
	if (c->status == status)
		return diag_set(d, ST_STATE, _("card %s is %s already"),
		    c->number, card_status_token(status));
	return ST_OK;
}

enum status
reg_card_set_status(struct reg *r, const char *number,
    enum card_status status, const char *reason, struct diag *d)
{
	static const char *const events[] = {
		[CARD_VALID] = "reinstate", [CARD_REVOKED] = "revoke",
		[CARD_SUSPENDED] = "suspend",
	};
	struct card c;
	struct query q;
	enum status st;

	if ((size_t)status >= STATUSES)
		return ST_INTERNAL;
	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reason_check(reason, d)) != ST_OK ||
	    (st = reg_card(r, number, &c, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, c.person, d)) != ST_OK ||
	    (st = may_become(&c, status, d)) != ST_OK)
		return st;
	q = query(r, "UPDATE card SET status = ?2, reason = ?3 WHERE id = ?1",
	    d);
	bind_int(&q, c.id);
	bind_text(&q, card_status_token(status));
	bind_text(&q, reason);
	if ((st = query_run(&q)) != ST_OK ||
	    (st = insert_event(r, c.id, events[status], reason, d)) != ST_OK)
		return st;
	return audit_card(r, events[status], number, reason, d);
}

enum status
reg_card_event(struct reg *r, const char *number, const char *event,
    const char *reason, struct diag *d)
{
	struct card c;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_card(r, number, &c, d)) != ST_OK ||
	    (st = insert_event(r, c.id, event, reason, d)) != ST_OK)
		return st;
	return audit_card(r, event, number, reason, d);
}
