#include "issuer/register/act.h"

#include <inttypes.h>
#include <stdio.h>

#include "issuer/register/db.h"

enum status
act_any_date(const char *option, const char *value, char out[DATE_TEXT],
    struct diag *d)
{
	struct date date;

	if (!date_parse(bytes_text(value), &date))
		return diag_set(d, ST_DATA,
		    _("--%s: not a date of the calendar; give YYYY-MM-DD"),
		    option);
	date_format(date, out);
	return ST_OK;
}

enum status
act_date(struct reg *r, const char *option, const char *value,
    char out[DATE_TEXT], struct diag *d)
{
	struct date date;

	if (date_parse(bytes_text(value), &date) &&
	    date_compare(date, when_date(r->now)) > 0)
		return diag_set(d, ST_DATA,
		    _("--%s: %.20s is in the future; correct it (or this machine's clock)"),
		    option, value);
	return act_any_date(option, value, out, d);
}

void
change_begin(struct change *c)
{
	c->b = buf_over(c->text, sizeof(c->text) - 1);
	c->j = jsonw_to(&c->b);
	jsonw_object(&c->j);
}

void
change_field(struct change *c, const char *key, const char *before,
    const char *after)
{
	jsonw_key(&c->j, key);
	jsonw_object(&c->j);
	jsonw_field(&c->j, "before", before);
	jsonw_field(&c->j, "after", after);
	jsonw_object_end(&c->j);
}

void
change_person(struct change *c, const char *key, int64_t before,
    int64_t after)
{
	char was[24] = "", is[24] = "";

	if (before != 0)
		(void)snprintf(was, sizeof(was), "%" PRId64, before);
	if (after != 0)
		(void)snprintf(is, sizeof(is), "%" PRId64, after);
	change_field(c, key, was, is);
}

void
change_note(struct change *c, const char *key, const char *value)
{
	if (value[0] != '\0')
		jsonw_field(&c->j, key, value);
}

void
change_note_int(struct change *c, const char *key, int64_t value)
{
	jsonw_field_int(&c->j, key, value);
}

enum status
change_keep(struct reg *r, struct change *c, const char *action,
    const char *object, int64_t id, struct diag *d)
{
	char name[64];

	jsonw_object_end(&c->j);
	if (c->b.bad)
		return diag_set(d, ST_TOO_BIG, _("the history is too long"));
	c->text[c->b.len] = '\0';
	(void)snprintf(name, sizeof(name), "%.32s %" PRId64, object, id);
	return reg_audit(r, action, name, (const char *)c->text, d);
}
