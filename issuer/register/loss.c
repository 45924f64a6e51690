#include "issuer/register/loss.h"

#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/officer.h"

static enum status
check(const struct reg *r, const struct card *c, const struct loss *l,
    char date[DATE_TEXT], struct diag *d)
{
	struct date day;
	enum status st;

	if (!date_parse(bytes_text(l->date), &day))
		return diag_set(d, ST_USAGE,
		    _("--date: not a date of the calendar; give YYYY-MM-DD"));
	if ((st = line_check("place", l->place, LINE_LONGEST, true, d)) != ST_OK ||
	    (l->police_report != NULL && (st = line_check("police-report",
	    l->police_report, LINE_LONGEST, true, d)) != ST_OK))
		return st;
	if (l->stolen && l->police_report == NULL)
		return diag_set(d, ST_USAGE,
		    _("--police-report: a stolen card needs the reference of the police report"));
	if (c->status == CARD_REVOKED)
		return diag_set(d, ST_STATE,
		    _("card %s is revoked already; its loss changes nothing"),
		    c->number);
	if (date_compare(day, when_date(r->now)) > 0 ||
	    date_compare(day, when_date(c->issued)) < 0)
		return diag_set(d, ST_DATA,
		    _("--date: give a day from the one that card %s was issued on to today"),
		    c->number);
	date_format(day, date);
	return ST_OK;
}

/* "stolen 2026-11-20, San José, police report 55": why it is revoked. */
static enum status
revoke(struct reg *r, const char *number, const struct loss *l,
    const char *date, struct diag *d)
{
	char why[REG_TEXT];
	int n = snprintf(why, sizeof(why), "%s %s, %s%s%s",
	    l->stolen ? "stolen" : "lost", date, l->place,
	    l->police_report != NULL ? ", police report " : "",
	    l->police_report != NULL ? l->police_report : "");

	if (n < 0 || (size_t)n >= sizeof(why))
		return diag_set(d, ST_TOO_BIG,
		    _("--place and --police-report: together too long; shorten them"));
	return reg_card_set_status(r, number, CARD_REVOKED, why, d);
}

enum status
reg_card_lose(struct reg *r, const char *number, const struct loss *l,
    struct diag *d)
{
	char date[DATE_TEXT], object[32];
	struct card c;
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = reg_card(r, number, &c, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, c.person, d)) != ST_OK ||
	    (st = check(r, &c, l, date, d)) != ST_OK ||
	    (st = revoke(r, number, l, date, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO loss (card, at, officer, kind, date, place,"
	    " police_report) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", d);
	bind_int(&q, c.id);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, l->stolen ? "stolen" : "lost");
	bind_text(&q, date);
	bind_text(&q, l->place);
	bind_text(&q, l->police_report != NULL ? l->police_report : "");
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "card %s", number);
	return reg_audit(r, l->stolen ? "card.stolen" : "card.lost", object,
	    date, d);
}
