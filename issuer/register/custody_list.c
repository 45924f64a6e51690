/* A card's life so far, and lists of cards. */
#include <stdlib.h>
#include <string.h>

#include "issuer/register/custody.h"
#include "issuer/register/db.h"

static enum status
read_road(struct reg *r, int64_t card, struct card_life *out, struct diag *d)
{
	struct query q = query(r, "SELECT c.custody, (SELECT count(*) FROM"
	    " card_event AS e WHERE e.card = c.id AND"
	    "  e.event IN ('print', 'reprint')), a.cause, ifnull(o.number, ''),"
	    " ifnull((SELECT n.number FROM application AS b JOIN card AS n"
	    "  ON n.application = b.id WHERE b.replaces = c.id"
	    "  ORDER BY n.id DESC LIMIT 1), '')"
	    " FROM card AS c JOIN application AS a ON a.id = c.application"
	    " LEFT JOIN card AS o ON o.id = a.replaces WHERE c.id = ?1", d);

	bind_int(&q, card);
	if (query_row(&q)) {
		col_text(&q, 0, out->custody, sizeof(out->custody));
		out->prints = col_int(&q, 1);
		col_text(&q, 2, out->cause, sizeof(out->cause));
		col_text(&q, 3, out->replaces, sizeof(out->replaces));
		col_text(&q, 4, out->replaced_by, sizeof(out->replaced_by));
	}
	return query_end(&q);
}

static enum status
read_handover(struct reg *r, int64_t card, struct card_life *out,
    struct diag *d)
{
	struct query q = query(r, "SELECT h.at, o.login, h.to_name, h.role,"
	    " h.proxy_document, h.signed FROM handover AS h JOIN officer AS o"
	    " ON o.id = h.officer WHERE h.card = ?1", d);

	bind_int(&q, card);
	if (query_row(&q)) {
		out->handover.at = col_int(&q, 0);
		col_text(&q, 1, out->handover.officer, REG_NAME);
		col_text(&q, 2, out->handover.to, REG_TEXT);
		col_text(&q, 3, out->handover.role,
		    sizeof(out->handover.role));
		col_text(&q, 4, out->handover.document, REG_TEXT);
		col_text(&q, 5, out->handover.signature, REG_TEXT);
	}
	return query_end(&q);
}

static enum status
read_loss(struct reg *r, int64_t card, struct card_life *out, struct diag *d)
{
	struct query q = query(r, "SELECT l.at, o.login, l.kind, l.date,"
	    " l.place, l.police_report FROM loss AS l JOIN officer AS o"
	    " ON o.id = l.officer WHERE l.card = ?1", d);

	bind_int(&q, card);
	if (query_row(&q)) {
		out->loss.at = col_int(&q, 0);
		col_text(&q, 1, out->loss.officer, REG_NAME);
		col_text(&q, 2, out->loss.kind, sizeof(out->loss.kind));
		col_text(&q, 3, out->loss.date, sizeof(out->loss.date));
		col_text(&q, 4, out->loss.place, REG_TEXT);
		col_text(&q, 5, out->loss.police_report, REG_TEXT);
	}
	return query_end(&q);
}

enum status
reg_card_life(struct reg *r, int64_t card, struct card_life *out,
    struct diag *d)
{
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((st = read_road(r, card, out, d)) != ST_OK ||
	    (st = read_handover(r, card, out, d)) != ST_OK)
		return st;
	return read_loss(r, card, out, d);
}

bool
custody_known(const char *custody)
{
	static const char *const all[] = {
		"issued", "printed", "handed-over", "destroyed"
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i], custody) == 0)
			return true;
	return false;
}

#define SELECT "SELECT c.number, c.status, c.custody, c.kind, c.person," \
    " c.issued, c.expires, c.reason, p.telephone, p.surname1, p.surname2," \
    " p.given, ifnull((SELECT max(e.at) FROM card_event AS e WHERE" \
    "  e.card = c.id AND e.event IN ('print', 'reprint')), 0) AS printed," \
    " p.state" \
    " FROM card AS c JOIN person AS p ON p.id = c.person "

/* Nobody can be given it any more. A suspended one may be yet. */
#define USELESS(now) \
    "(c.status = 'revoked' OR c.expires < " now " OR p.state = 'dead')"

/* The first condition is the one with an index; all of them always hold. */
#define FILTER " AND (?1 IS NULL OR c.status = ?1)" \
    " AND (?2 IS NULL OR c.custody = ?2) AND (?3 = 0 OR c.person = ?3)" \
    " AND (?4 = 0 OR (c.expires < ?4 AND c.expires >= ?5" \
    "  AND c.status <> 'revoked')) AND (?6 IS NULL OR c.kid = ?6)" \
    " AND (?7 = 0 OR (c.custody = 'printed' AND printed <= ?7" \
    "  AND iif(?8, " USELESS("?5") ", c.status = 'valid' AND NOT " \
    USELESS("?5") ")))" \
    " ORDER BY iif(?7 = 0, 0, printed), c.id"

static struct query
filtered(struct reg *r, const struct card_filter *f, struct diag *d)
{
	struct query q;

	if (f->person != 0)
		q = query(r, SELECT "WHERE c.person = ?3" FILTER, d);
	else if (f->printed_by != 0)
		q = query(r, SELECT "WHERE c.custody = 'printed'" FILTER, d);
	else if (f->expires_before != 0)
		q = query(r, SELECT "WHERE c.expires < ?4 AND c.expires >= ?5"
		    FILTER, d);
	else if (f->custody != NULL)
		q = query(r, SELECT "WHERE c.custody = ?2" FILTER, d);
	else
		q = query(r, SELECT "WHERE 1" FILTER, d);
	bind_text(&q, f->status);
	bind_text(&q, f->custody);
	bind_int(&q, f->person);
	bind_int(&q, f->expires_before);
	bind_int(&q, r->now);
	if (f->kid.len > 0)
		bind_blob(&q, f->kid);
	else
		bind_text(&q, NULL);
	bind_int(&q, f->printed_by);
	bind_int(&q, f->to_destroy);
	return q;
}

static void
read_row(struct query *q, struct card_row *c, struct person *holder)
{
	char kind[12];

	memset(c, 0, sizeof(*c));
	col_text(q, 0, c->number, sizeof(c->number));
	col_text(q, 1, c->status, sizeof(c->status));
	col_text(q, 2, c->custody, sizeof(c->custody));
	col_text(q, 3, kind, sizeof(kind));
	c->family = strcmp(kind, "family") == 0;
	c->person = col_int(q, 4);
	c->issued = col_int(q, 5);
	c->expires = col_int(q, 6);
	col_text(q, 7, c->reason, sizeof(c->reason));
	col_text(q, 8, c->telephone, sizeof(c->telephone));
	col_text(q, 9, holder->field[PERSON_SURNAME1], REG_TEXT);
	col_text(q, 10, holder->field[PERSON_SURNAME2], REG_TEXT);
	col_text(q, 11, holder->field[PERSON_GIVEN], REG_TEXT);
	c->printed = col_int(q, 12);
	col_text(q, 13, c->state, sizeof(c->state));
	if (!person_full_name(holder, c->name, sizeof(c->name)))
		c->name[0] = '\0';
}

enum status
reg_card_list(struct reg *r, const struct card_filter *f,
    enum status (*each)(void *arg, const struct card_row *c), void *arg,
    struct diag *d)
{
	struct person *holder = calloc(1, sizeof(*holder));
	struct query q;
	enum status st = ST_OK, end;

	if (holder == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	q = filtered(r, f, d);
	while (st == ST_OK && query_row(&q)) {
		struct card_row c;

		read_row(&q, &c, holder);
		st = each(arg, &c);
	}
	end = query_end(&q);
	free(holder);
	return st != ST_OK ? st : end;
}

enum status
reg_cards_to_destroy(struct reg *r, int64_t *n, struct diag *d)
{
	struct query q = query(r, "SELECT count(*) FROM card AS c JOIN person"
	    " AS p ON p.id = c.person WHERE c.custody = 'printed' AND "
	    USELESS("?1"), d);

	bind_int(&q, r->now);
	*n = query_row(&q) ? col_int(&q, 0) : 0;
	return query_end(&q);
}
