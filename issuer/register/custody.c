#include "issuer/register/custody.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"
#include "issuer/register/parent.h"

/* A card, who has it, and whom it is of. */
struct holding {
	struct card card;
	char custody[CUSTODY_NAME], state[12];	/* of the person */
	char folded[REG_FOLDED];		/* all names of the holder */
	char guardian[REG_TEXT];
	bool minor;
};

static enum status
read_holding(struct reg *r, const char *number, struct holding *h,
    struct diag *d)
{
	struct query q;
	char birth[DATE_TEXT] = "";
	struct date day;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_card(r, number, &h->card, d)) != ST_OK)
		return st;
	q = query(r, "SELECT c.custody, p.state, p.folded, p.guardian,"
	    " p.birth_date FROM card AS c JOIN person AS p ON p.id = c.person"
	    " WHERE c.id = ?1", d);
	bind_int(&q, h->card.id);
	if (query_row(&q)) {
		col_text(&q, 0, h->custody, sizeof(h->custody));
		col_text(&q, 1, h->state, sizeof(h->state));
		col_text(&q, 2, h->folded, sizeof(h->folded));
		col_text(&q, 3, h->guardian, sizeof(h->guardian));
		col_text(&q, 4, birth, sizeof(birth));
	}
	h->minor = date_parse(bytes_text(birth), &day) &&
	    date_age(day, when_date(r->now)) < MINOR_AGE;
	return query_end(&q);
}

static bool
in_custody(const struct holding *h, const char *custody)
{
	return strcmp(h->custody, custody) == 0;
}

/* Neither printed nor handed over otherwise. */
static enum status
check_good(const struct reg *r, const struct holding *h, struct diag *d)
{
	const struct card *c = &h->card;
	char day[DATE_TEXT];

	if (c->status != CARD_VALID)
		return diag_set(d, ST_STATE,
		    _("card %s is %s; only a valid card is printed or handed over"),
		    c->number, _(card_status_token(c->status)));
	if (c->expires < r->now) {
		date_format(when_date(c->expires), day);
		return diag_set(d, ST_STATE,
		    _("card %s expired on %s; ask for its renewal"),
		    c->number, day);
	}
	if (strcmp(h->state, "dead") == 0)
		return diag_set(d, ST_STATE,
		    _("card %s: person %" PRId64 " is dead; destroy the card"),
		    c->number, c->person);
	return ST_OK;
}

/* Of the officer's own districts; the card is named, for it may be one of many. */
static enum status
check_district(struct reg *r, const struct card *c, struct diag *d)
{
	struct diag why = { "" };
	enum status st = reg_person_in_jurisdiction(r, c->person, &why);

	return st == ST_OK ? ST_OK : diag_set(d, st, _("card %s: %s"),
	    c->number, why.text);
}

static enum status
set_custody(struct reg *r, const struct holding *h, const char *custody,
    struct diag *d)
{
	struct query q = query(r,
	    "UPDATE card SET custody = ?2 WHERE id = ?1", d);

	bind_int(&q, h->card.id);
	bind_text(&q, custody);
	return query_run(&q);
}

/* ---- printed, and printed again ---- */

static enum status
any_blank(struct reg *r, bool *any, struct diag *d)
{
	struct query q = query(r, "SELECT EXISTS (SELECT 1 FROM blank)", d);

	*any = query_row(&q) && col_int(&q, 0) != 0;
	return query_end(&q);
}

static enum status
check_print(struct reg *r, const struct holding *h, bool again, struct diag *d)
{
	bool stock;
	enum status st;

	if ((st = check_district(r, &h->card, d)) != ST_OK ||
	    (st = check_good(r, h, d)) != ST_OK ||
	    (st = any_blank(r, &stock, d)) != ST_OK)
		return st;
	if (in_custody(h, "issued"))
		return !again ? ST_OK : diag_set(d, ST_STATE,
		    _("card %s waits for its first print; leave out --again"),
		    h->card.number);
	if (!in_custody(h, "printed"))
		return diag_set(d, ST_STATE,
		    _("card %s is %s; ask for another with application submit --cause damaged"),
		    h->card.number, _(h->custody));
	if (stock)
		return diag_set(d, ST_STATE,
		    _("card %s is printed already; if the print is spoiled, record its blank with stock spoil, then print again"),
		    h->card.number);
	return again ? ST_OK : diag_set(d, ST_STATE,
	    _("card %s is printed already; say why once more with --again"),
	    h->card.number);
}

enum status
reg_card_may_print(struct reg *r, const char *number, bool again,
    struct diag *d)
{
	struct holding h;
	enum status st = read_holding(r, number, &h, d);

	return st != ST_OK ? st : check_print(r, &h, again, d);
}

enum status
reg_card_printed(struct reg *r, const char *number, struct diag *d)
{
	struct holding h;
	enum status st;

	if ((st = read_holding(r, number, &h, d)) != ST_OK ||
	    (st = check_print(r, &h, false, d)) != ST_OK ||
	    (st = set_custody(r, &h, "printed", d)) != ST_OK)
		return st;
	return reg_card_event(r, number, "print", "", d);
}

enum status
reg_card_reprinted(struct reg *r, const char *number, const char *reason,
    struct diag *d)
{
	struct holding h;
	enum status st;

	if ((st = line_check("again", reason, LINE_LONGEST, true, d)) != ST_OK ||
	    (st = read_holding(r, number, &h, d)) != ST_OK ||
	    (st = check_print(r, &h, true, d)) != ST_OK)
		return st;
	return reg_card_event(r, number, "reprint", reason, d);
}

enum status
reg_card_unprinted(struct reg *r, const char *number, const char *reason,
    struct diag *d)
{
	struct holding h;
	enum status st;

	if ((st = reason_check(reason, d)) != ST_OK ||
	    (st = read_holding(r, number, &h, d)) != ST_OK ||
	    (st = check_district(r, &h.card, d)) != ST_OK)
		return st;
	if (!in_custody(&h, "printed"))
		return diag_set(d, ST_STATE,
		    _("card %s is %s; only a print that is not yet handed over is spoiled"),
		    number, _(h.custody));
	if ((st = set_custody(r, &h, "issued", d)) != ST_OK)
		return st;
	return reg_card_event(r, number, "spoil", reason, d);
}

/* ---- handed over ---- */

static enum status
check_minor(struct reg *r, const struct holding *h, const struct handover *to,
    struct diag *d)
{
	char guardian[REG_FOLDED];
	int64_t dead;
	enum status st;

	if (to->proxy)
		return diag_set(d, ST_STATE,
		    _("--proxy: card %s is a minor's and goes to a parent or guardian alone"),
		    h->card.number);
	if ((st = parent_dead(r, h->card.person, to->to, &dead, d)) != ST_OK)
		return st;
	if (dead != 0)
		return diag_set(d, ST_STATE,
		    _("--to: person %" PRId64 ", the parent or guardian of that name, is dead; card %s goes to another"),
		    dead, h->card.number);
	if (to->document != NULL || (text_mrz_fold(bytes_text(h->guardian),
	    guardian, sizeof(guardian)) && person_named(to->to, guardian)))
		return ST_OK;
	return diag_set(d, ST_DATA,
	    _("--to: card %s is a minor's, whose guardian is %s; of another parent or guardian give --document"),
	    h->card.number, h->guardian[0] != '\0' ? h->guardian : "-");
}

/* Who it may go to; *role is what they are. */
static enum status
check_recipient(struct reg *r, const struct holding *h,
    const struct handover *to, const char **role, struct diag *d)
{
	enum status st;

	if ((st = line_check("to", to->to, LINE_LONGEST, true, d)) != ST_OK ||
	    (st = line_check("signature", to->signature, LINE_LONGEST, true,
	    d)) != ST_OK ||
	    (to->document != NULL && (st = line_check("document",
	    to->document, LINE_LONGEST, true, d)) != ST_OK))
		return st;
	*role = h->minor ? "guardian" : to->proxy ? "proxy" : "holder";
	if (h->minor)
		return check_minor(r, h, to, d);
	if (to->proxy)
		return to->document != NULL ? ST_OK : diag_set(d, ST_DATA,
		    _("--document: name the power of attorney that the proxy shows"));
	if (to->document != NULL)
		return diag_set(d, ST_USAGE,
		    _("--document: a proxy's, or of a minor's parent; the holder needs none"));
	return person_named(to->to, h->folded) ? ST_OK : diag_set(d, ST_DATA,
	    _("--to: that is not the name of the holder of card %s; to anybody else it goes with --proxy and --document"),
	    h->card.number);
}

/* Back through the cards that this one replaces, whatever became of each. */
static enum status
revoke_replaced(struct reg *r, const struct card *c, struct diag *d)
{
	char reason[REG_TEXT], number[REG_NUMBER];
	int64_t id = c->id;
	bool in_force;
	enum status st = ST_OK;

	(void)snprintf(reason, sizeof(reason), "replaced by %s", c->number);
	while (st == ST_OK) {
		struct query q = query(r, "SELECT o.id, o.number,"
		    " o.status <> 'revoked' AND o.expires >= ?2"
		    " FROM card AS n JOIN application AS a"
		    " ON a.id = n.application JOIN card AS o"
		    " ON o.id = a.replaces WHERE n.id = ?1", d);

		bind_int(&q, id);
		bind_int(&q, r->now);
		id = 0;
		in_force = false;
		if (query_row(&q)) {
			id = col_int(&q, 0);
			col_text(&q, 1, number, sizeof(number));
			in_force = col_int(&q, 2) != 0;
		}
		if ((st = query_end(&q)) == ST_OK && id == 0)
			return ST_OK;
		if (st == ST_OK && in_force)
			st = reg_card_set_status(r, number, CARD_REVOKED,
			    reason, d);
	}
	return st;
}

static enum status
insert_handover(struct reg *r, const struct card *c, const struct handover *h,
    const char *role, struct diag *d)
{
	struct query q = query(r, "INSERT INTO handover (card, at, officer,"
	    " to_name, role, proxy, proxy_document, signed)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", d);

	bind_int(&q, c->id);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, h->to);
	bind_text(&q, role);
	bind_int(&q, h->proxy);
	bind_text(&q, h->document != NULL ? h->document : "");
	bind_text(&q, h->signature);
	return query_run(&q);
}

enum status
reg_card_handover(struct reg *r, const char *number, const struct handover *to,
    struct diag *d)
{
	struct holding h;
	const char *role;
	enum status st;

	if ((st = read_holding(r, number, &h, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, h.card.person, d)) != ST_OK)
		return st;
	if (in_custody(&h, "handed-over"))
		return diag_set(d, ST_STATE,
		    _("card %s has been handed over already; see card show"),
		    number);
	if ((st = check_good(r, &h, d)) != ST_OK)
		return st;
	if (!in_custody(&h, "printed"))
		return diag_set(d, ST_STATE,
		    _("card %s is not printed; print it first"), number);
	if ((st = check_recipient(r, &h, to, &role, d)) != ST_OK ||
	    (st = revoke_replaced(r, &h.card, d)) != ST_OK ||
	    (st = insert_handover(r, &h.card, to, role, d)) != ST_OK ||
	    (st = set_custody(r, &h, "handed-over", d)) != ST_OK)
		return st;
	return reg_card_event(r, number, "handover", to->to, d);
}

/* ---- destroyed ---- */

enum status
reg_card_destroy(struct reg *r, const char *number, const char *reason,
    struct diag *d)
{
	char why[REG_TEXT];
	struct holding h;
	enum status st;

	if ((st = reason_check(reason, d)) != ST_OK ||
	    (st = read_holding(r, number, &h, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, h.card.person, d)) != ST_OK)
		return st;
	if (in_custody(&h, "destroyed"))
		return diag_set(d, ST_STATE,
		    _("card %s has been destroyed already"), number);
	if (snprintf(why, sizeof(why), "destroyed: %s", reason) >=
	    (int)sizeof(why))
		return diag_set(d, ST_TOO_BIG,
		    _("--reason: too long; shorten it"));
	if ((h.card.status != CARD_REVOKED && (st = reg_card_set_status(r,
	    number, CARD_REVOKED, why, d)) != ST_OK) ||
	    (st = set_custody(r, &h, "destroyed", d)) != ST_OK)
		return st;
	return reg_card_event(r, number, "destroy", reason, d);
}
