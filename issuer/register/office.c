#include "issuer/register/office.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/db.h"
#include "issuer/register/line.h"

#define OFFICE_TEXT_MAX 120	/* characters of one of an office's texts */

enum status
office_check_text(const char *what, const char *s, bool needed, struct diag *d)
{
	return line_check(what, s, OFFICE_TEXT_MAX, needed, d);
}

/* The address has lines, each of plain text. */
static enum status
check_address(const char *s, struct diag *d)
{
	char flat[REG_TEXT];

	(void)snprintf(flat, sizeof(flat), "%s", s);
	for (char *p = flat; *p != '\0'; p++)
		if (*p == '\n')
			*p = ' ';
	return office_check_text("address", flat, true, d);
}

enum status
office_check(const struct office *o, struct diag *d)
{
	enum status st = ST_INTERNAL;

	if (!text_is_code(bytes_text(o->state), false))
		return diag_set(d, ST_DATA,
		    _("--state: give the issuing state's three capital letters, as NIC"));
	if (!text_is_code(bytes_text(o->code), true))
		return diag_set(d, ST_DATA,
		    _("--office: give the office's code, three of A-Z and 0-9, as SJO"));
	if ((st = office_check_text("country", o->country, true, d)) != ST_OK ||
	    (st = office_check_text("name", o->name, true, d)) != ST_OK ||
	    (st = check_address(o->address, d)) != ST_OK ||
	    (st = office_check_text("verify-at", o->verify_at, true, d)) != ST_OK ||
	    (st = office_check_text("district", o->district, false, d)) != ST_OK)
		return st;
	if (o->colour > 0xffffff)
		return diag_set(d, ST_DATA,
		    _("--colour: give six hexadecimal digits, as 1f4e79"));
	if (o->capacity < 16 || o->capacity > STATUSLIST_BYTES_MAX * 4 ||
	    o->capacity % 8 != 0)
		return diag_set(d, ST_DATA,
		    _("--capacity: give a multiple of 8 from 16 to %u"),
		    STATUSLIST_BYTES_MAX * 4);
	return ST_OK;
}

static enum status
insert_office(struct reg *r, const struct office *o, struct diag *d)
{
	struct query q = query(r,
	    "INSERT INTO office (id, state, code, country, name, address,"
	    " verify_at, district, colour, demo, capacity, created)"
	    " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", d);

	bind_text(&q, o->state);
	bind_text(&q, o->code);
	bind_text(&q, o->country);
	bind_text(&q, o->name);
	bind_text(&q, o->address);
	bind_text(&q, o->verify_at);
	bind_text(&q, o->district);
	bind_int(&q, o->colour);
	bind_int(&q, o->demo ? 1 : 0);
	bind_int(&q, o->capacity);
	bind_int(&q, r->now);
	return query_run(&q);
}

/* List 1 is there from the first day: an office with no card yet still
 * publishes that none was issued. */
static enum status
first_list(struct reg *r, const struct office *o, struct diag *d)
{
	struct query q = query(r, "INSERT INTO status_list (number, capacity,"
	    " opened) VALUES (1, ?1, ?2)", d);

	bind_int(&q, o->capacity);
	bind_int(&q, r->now);
	return query_run(&q);
}

enum status
office_store(struct reg *r, const struct office *o, struct diag *d)
{
	enum status st = insert_office(r, o, d);

	return st != ST_OK ? st : first_list(r, o, d);
}

enum status
reg_office(struct reg *r, struct office *out, struct diag *d)
{
	struct query q = query(r,
	    "SELECT state, code, country, name, address, verify_at, district,"
	    " colour, demo, capacity, created FROM office", d);
	bool found;
	enum status st;

	memset(out, 0, sizeof(*out));
	if ((found = query_row(&q))) {
		col_text(&q, 0, out->state, sizeof(out->state));
		col_text(&q, 1, out->code, sizeof(out->code));
		col_text(&q, 2, out->country, sizeof(out->country));
		col_text(&q, 3, out->name, sizeof(out->name));
		col_text(&q, 4, out->address, sizeof(out->address));
		col_text(&q, 5, out->verify_at, sizeof(out->verify_at));
		col_text(&q, 6, out->district, sizeof(out->district));
		out->colour = (uint32_t)col_int(&q, 7);
		out->demo = col_int(&q, 8) != 0;
		out->capacity = (uint32_t)col_int(&q, 9);
		out->created = col_int(&q, 10);
	}
	if ((st = query_end(&q)) == ST_OK && !found)
		st = diag_set(d, ST_DATA,
		    _("%s: its making was interrupted; remove the file and repeat init"),
		    r->path);
	return st;
}
