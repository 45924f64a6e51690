/* Why a card is asked for, and what it replaces. The schema's triggers refuse
 * the same; here it is said what to do. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/application.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"

static const char *const causes[] = {
	"first", "renewal", "lost", "stolen", "damaged", "correction"
};

bool
cause_known(const char *cause)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strcmp(causes[i], cause) == 0)
			return true;
	return false;
}

static bool
is_loss(const char *cause)
{
	return strcmp(cause, "lost") == 0 || strcmp(cause, "stolen") == 0;
}

/* What matters of the card replaced. */
struct replaced {
	int64_t id, person;
	char number[REG_NUMBER], kind[12];
	bool revoked, early;
	char renewable[DATE_TEXT];	/* from this day */
	char loss[12];			/* lost, stolen or "" */
	char by[REG_NUMBER];		/* the card that replaces it already */
};

#define REPLACED "SELECT c.id, c.person, c.number, c.kind," \
    " c.status = 'revoked', date(c.expires, 'unixepoch', '-6 months')," \
    " date(?1, 'unixepoch') < date(c.expires, 'unixepoch', '-6 months')," \
    " ifnull(l.kind, ''), ifnull((SELECT n.number FROM application AS a" \
    "  JOIN card AS n ON n.application = a.id WHERE a.replaces = c.id" \
    "  AND n.status <> 'revoked'), '')" \
    " FROM card AS c LEFT JOIN loss AS l ON l.card = c.id "

/* One row, or out->id is 0. */
static enum status
read_replaced(struct query *q, struct replaced *out)
{
	memset(out, 0, sizeof(*out));
	if (query_row(q)) {
		out->id = col_int(q, 0);
		out->person = col_int(q, 1);
		col_text(q, 2, out->number, sizeof(out->number));
		col_text(q, 3, out->kind, sizeof(out->kind));
		out->revoked = col_int(q, 4) != 0;
		col_text(q, 5, out->renewable, sizeof(out->renewable));
		out->early = col_int(q, 6) != 0;
		col_text(q, 7, out->loss, sizeof(out->loss));
		col_text(q, 8, out->by, sizeof(out->by));
	}
	return query_end(q);
}

static enum status
by_number(struct reg *r, const char *number, struct replaced *out,
    struct diag *d)
{
	struct query q = query(r, REPLACED "WHERE c.number = ?2", d);
	enum status st;

	bind_int(&q, r->now);
	bind_text(&q, number);
	if ((st = read_replaced(&q, out)) == ST_OK && out->id == 0)
		st = diag_set(d, ST_NOT_FOUND,
		    _("card %.32s: not in the register; look with card list"),
		    number);
	return st;
}

/* The newest of the person and kind: whose loss of that kind is recorded, or
 * that is not revoked. */
static enum status
newest(struct reg *r, const struct application *a, struct replaced *out,
    struct diag *d)
{
	struct query q = is_loss(a->cause) ?
	    query(r, REPLACED "WHERE c.person = ?2 AND c.kind = ?3 AND"
	    " l.kind = ?4 ORDER BY c.id DESC LIMIT 1", d) :
	    query(r, REPLACED "WHERE c.person = ?2 AND c.kind = ?3 AND"
	    " c.status <> 'revoked' AND ?4 <> '' ORDER BY c.id DESC LIMIT 1",
	    d);
	enum status st;

	bind_int(&q, r->now);
	bind_int(&q, a->person);
	bind_text(&q, a->family ? "family" : "individual");
	bind_text(&q, a->cause);
	if ((st = read_replaced(&q, out)) != ST_OK || out->id != 0)
		return st;
	if (is_loss(a->cause))
		return diag_set(d, ST_STATE,
		    _("person %" PRId64 " has no card of that kind recorded as %s; record it first with card %s NUMBER"),
		    a->person, a->cause, a->cause);
	return diag_set(d, ST_STATE,
	    _("person %" PRId64 " has no card of that kind that is not revoked; ask for a first one"),
	    a->person);
}

enum status
cause_choose(struct reg *r, const struct application_request *q,
    struct application *a, struct diag *d)
{
	struct replaced card;
	enum status st;

	if (q->cause != NULL && !cause_known(q->cause))
		return diag_set(d, ST_USAGE,
		    _("--cause: one of first, renewal, lost, stolen, damaged, correction"));
	if (q->early != NULL && (st = line_check("early", q->early,
	    LINE_LONGEST, true, d)) != ST_OK)
		return st;
	(void)snprintf(a->cause, sizeof(a->cause), "%s",
	    q->cause != NULL ? q->cause : "first");
	if (q->early != NULL && strcmp(a->cause, "renewal") != 0)
		return diag_set(d, ST_USAGE,
		    _("--early: only a renewal can be early"));
	(void)snprintf(a->early, sizeof(a->early), "%s",
	    q->early != NULL ? q->early : "");
	a->replaces = 0;
	a->replaces_number[0] = '\0';
	if (strcmp(a->cause, "first") == 0)
		return q->replaces == NULL ? ST_OK : diag_set(d, ST_USAGE,
		    _("--replaces: a first card replaces none; say why with --cause"));
	if ((st = q->replaces != NULL ? by_number(r, q->replaces, &card, d) :
	    newest(r, a, &card, d)) != ST_OK)
		return st;
	a->replaces = card.id;
	(void)snprintf(a->replaces_number, sizeof(a->replaces_number), "%s",
	    card.number);
	return ST_OK;
}

/* What was lost is replaced: as a first card it would be missing in the reports,
 * and cost what a first one does. Only while the lost one would be good. */
static enum status
check_not_lost(struct reg *r, const struct application *a, struct diag *d)
{
	struct query q = query(r, "SELECT c.number, l.kind FROM card AS c"
	    " JOIN loss AS l ON l.card = c.id WHERE c.expires >= ?3 AND c.id ="
	    " (SELECT max(n.id) FROM card AS n WHERE n.person = ?1 AND"
	    "  n.kind = ?2)", d);
	char number[REG_NUMBER] = "", loss[12] = "";
	enum status st;

	bind_int(&q, a->person);
	bind_text(&q, a->family ? "family" : "individual");
	bind_int(&q, r->now);
	if (query_row(&q)) {
		col_text(&q, 0, number, sizeof(number));
		col_text(&q, 1, loss, sizeof(loss));
	}
	if ((st = query_end(&q)) == ST_OK && number[0] != '\0')
		st = diag_set(d, ST_STATE,
		    _("card %s of person %" PRId64 " is recorded as %s; what replaces it is asked for with --cause %s"),
		    number, a->person, loss, loss);
	return st;
}

/* A suspended card counts: it is in somebody's pocket and may be reinstated. */
static enum status
check_first(struct reg *r, const struct application *a, struct diag *d)
{
	struct query q = query(r, "SELECT number FROM card WHERE person = ?1"
	    " AND kind = ?2 AND status <> 'revoked' AND expires >= ?3"
	    " ORDER BY id DESC LIMIT 1", d);
	char number[REG_NUMBER] = "";
	enum status st;

	bind_int(&q, a->person);
	bind_text(&q, a->family ? "family" : "individual");
	bind_int(&q, r->now);
	if (query_row(&q))
		col_text(&q, 0, number, sizeof(number));
	if ((st = query_end(&q)) == ST_OK && number[0] != '\0')
		st = diag_set(d, ST_STATE,
		    _("person %" PRId64 " has card %s of that kind in force; use --cause renewal, damaged or correction with --replaces %s, or record its loss"),
		    a->person, number, number);
	return st != ST_OK ? st : check_not_lost(r, a, d);
}

static enum status
check_replaced(const struct application *a, const struct replaced *c,
    struct diag *d)
{
	if (c->person != a->person ||
	    strcmp(c->kind, a->family ? "family" : "individual") != 0)
		return diag_set(d, ST_STATE,
		    _("--replaces: card %s is not of that kind and of person %" PRId64 "; look with card list --person %" PRId64),
		    c->number, a->person, a->person);
	if (c->by[0] != '\0')
		return diag_set(d, ST_STATE,
		    _("card %s has been replaced by %s already; ask for that one's replacement"),
		    c->number, c->by);
	if (is_loss(a->cause))
		return strcmp(c->loss, a->cause) == 0 ? ST_OK :
		    diag_set(d, ST_STATE,
		    _("card %s is not recorded as %s; record it first with card %s %s"),
		    c->number, a->cause, a->cause, c->number);
	if (c->revoked)
		return diag_set(d, ST_STATE,
		    _("card %s is revoked; ask for a first card, or for one that replaces what was lost or stolen"),
		    c->number);
	if (strcmp(a->cause, "renewal") == 0 && c->early &&
	    a->early[0] == '\0')
		return diag_set(d, ST_STATE,
		    _("card %s can be renewed from %s on; sooner only with --early and a reason"),
		    c->number, c->renewable);
	return ST_OK;
}

enum status
cause_check(struct reg *r, const struct application *a, struct diag *d)
{
	struct replaced card;
	enum status st;

	if (strcmp(a->cause, "first") == 0)
		return check_first(r, a, d);
	if ((st = by_number(r, a->replaces_number, &card, d)) != ST_OK)
		return st;
	return check_replaced(a, &card, d);
}

enum status
cause_corrected(struct reg *r, const struct application *a, struct diag *d)
{
	struct query q;
	bool some;
	enum status st;

	if (strcmp(a->cause, "correction") != 0)
		return ST_OK;
	q = query(r, "SELECT EXISTS (SELECT 1 FROM application_corrects"
	    " WHERE application = ?1)", d);
	bind_int(&q, a->id);
	some = query_row(&q) && col_int(&q, 0) != 0;
	if ((st = query_end(&q)) == ST_OK && !some)
		st = diag_set(d, ST_STATE,
		    _("person %" PRId64 ": nothing that card %s shows (names, sex, birth date, nationality, district, guardian, photo or family) was changed since it was made; correct it first with person edit, or ask with --cause damaged"),
		    a->person, a->replaces_number);
	return st;
}
