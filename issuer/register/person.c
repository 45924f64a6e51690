#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/line.h"
#include "issuer/register/register.h"

#define BIRTH_FIRST 1880	/* nobody alive was born before */
#define PHONE_DIGITS_MIN 6
#define PHONE_DIGITS_MAX 15	/* E.164 */

static const struct {
	const char *column, *option, *label;
	size_t max;
} fields[] = {
#define X(name, column, option, max, label) { #column, option, label, max },
	PERSON_TABLE(X)
#undef X
};

const char *
person_column(enum person_field f)
{
	return fields[f].column;
}

const char *
person_option(enum person_field f)
{
	return fields[f].option;
}

const char *
person_label(enum person_field f)
{
	return fields[f].label;
}

/* E.123 international notation: '+', digits, single spaces between them. */
static bool
is_telephone(struct bytes b)
{
	size_t digits = 0;

	if (b.len == 0 || b.p[0] != '+')
		return false;
	for (size_t i = 1; i < b.len; i++) {
		if (b.p[i] >= '0' && b.p[i] <= '9')
			digits++;
		else if (b.p[i] != ' ' || i == 1 || b.p[i - 1] == ' ')
			return false;
	}
	return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX;
}

/* Something, one '@', and a domain with a dot; whether it is read is for the
 * person to know. */
static bool
is_email(struct bytes b)
{
	size_t at = 0, dot = 0;

	for (size_t i = 0; i < b.len; i++) {
		if (b.p[i] == ' ' || (b.p[i] == '@' && (i == 0 || at != 0)))
			return false;
		if (b.p[i] == '@')
			at = i;
		if (b.p[i] == '.' && at != 0 && i > at + 1)
			dot = i;
	}
	return dot != 0 && dot + 1 < b.len;
}

/* What a field demands beyond being plain text of a bounded length. */
static enum status
check_form(enum person_field f, struct bytes b, struct diag *d)
{
	const char *option = fields[f].option;
	struct date date;

	if (b.len == 0)
		return ST_OK;	/* person_check says what may be empty */
	if (f == PERSON_SEX && !bytes_equal_text(b, "M") &&
	    !bytes_equal_text(b, "F") && !bytes_equal_text(b, "X"))
		return diag_set(d, ST_DATA, _("--%s: give M, F or X"), option);
	if (f == PERSON_NATIONALITY && !text_is_code(b, false))
		return diag_set(d, ST_DATA,
		    _("--%s: give three capital letters (ISO 3166-1), as NIC"),
		    option);
	if (f == PERSON_TELEPHONE && !is_telephone(b))
		return diag_set(d, ST_DATA,
		    _("--%s: give it with the country's code, '+', digits and spaces, as +506 2222 3333"),
		    option);
	if (f == PERSON_EMAIL && !is_email(b))
		return diag_set(d, ST_DATA,
		    _("--%s: not an address; give it as name@example.org"),
		    option);
	if ((f == PERSON_BIRTH_DATE || f == PERSON_CONSENT) &&
	    !date_parse(b, &date))
		return diag_set(d, ST_DATA,
		    _("--%s: not a date of the calendar; give YYYY-MM-DD"),
		    option);
	return ST_OK;
}

enum status
person_set(struct person *p, enum person_field f, const char *value,
    struct diag *d)
{
	struct bytes b = line_trim(bytes_text(value));
	struct date date;
	enum status st = ST_INTERNAL;

	if ((st = line_check_bytes(fields[f].option, b, fields[f].max, false,
	    d)) != ST_OK ||
	    (st = check_form(f, b, d)) != ST_OK)
		return st;
	if ((f == PERSON_BIRTH_DATE || f == PERSON_CONSENT) &&
	    date_parse(b, &date))
		date_format(date, p->field[f]);
	else if (!bytes_to_text(b, p->field[f], REG_TEXT))
		return diag_set(d, ST_DATA, _("--%s: not plain text"),
		    fields[f].option);
	return ST_OK;
}

static enum status
check_dates(const struct person *p, struct date today, struct diag *d)
{
	struct date birth, consent;

	if (!date_parse(bytes_text(p->field[PERSON_BIRTH_DATE]), &birth))
		return diag_set(d, ST_DATA,
		    _("--birth-date: give the date of birth, YYYY-MM-DD"));
	if (date_compare(birth, today) > 0)
		return diag_set(d, ST_DATA,
		    _("--birth-date: %s is in the future; correct it (or this machine's clock)"),
		    p->field[PERSON_BIRTH_DATE]);
	if (birth.year < BIRTH_FIRST)
		return diag_set(d, ST_DATA,
		    _("--birth-date: %s is before %d-01-01; correct it"),
		    p->field[PERSON_BIRTH_DATE], BIRTH_FIRST);
	if (!date_parse(bytes_text(p->field[PERSON_CONSENT]), &consent))
		return diag_set(d, ST_DATA,
		    _("--consent: give the date the person consented to this record, YYYY-MM-DD"));
	if (date_compare(consent, today) > 0)
		return diag_set(d, ST_DATA,
		    _("--consent: %s is in the future; correct it (or this machine's clock)"),
		    p->field[PERSON_CONSENT]);
	if (date_compare(consent, birth) < 0)
		return diag_set(d, ST_DATA,
		    _("--consent: %s is before the birth; correct it"),
		    p->field[PERSON_CONSENT]);
	return ST_OK;
}

/* Every part of the name must come out in the machine readable zone, where a
 * name has letters alone: a part that vanishes, or a digit, is refused here and
 * not when the card is printed. */
static enum status
check_name_part(const struct person *p, enum person_field f, struct diag *d)
{
	const char *part = p->field[f];
	char folded[REG_FOLDED];

	if (part[0] == '\0')
		return ST_OK;
	if (strpbrk(part, "0123456789") != NULL)
		return diag_set(d, ST_DATA,
		    _("--%s: a name has no digits; correct '%.80s'"),
		    person_option(f), part);
	if (!text_mrz_fold(bytes_text(part), folded, sizeof(folded)) ||
	    folded[0] == '\0')
		return diag_set(d, ST_DATA,
		    _("--%s: no letter of '%.80s' can be written in Latin letters; write it as in the passport"),
		    person_option(f), part);
	return ST_OK;
}

enum status
person_check(const struct person *p, struct date today, struct diag *d)
{
	char name[REG_FOLDED];
	enum status st;

	if (!person_full_name(p, name, sizeof(name)) || name[0] == '\0')
		return diag_set(d, ST_DATA,
		    _("--given, --surname1: give at least one of them"));
	if ((st = check_name_part(p, PERSON_SURNAME1, d)) != ST_OK ||
	    (st = check_name_part(p, PERSON_SURNAME2, d)) != ST_OK ||
	    (st = check_name_part(p, PERSON_GIVEN, d)) != ST_OK ||
	    (st = check_name_part(p, PERSON_MAIDEN, d)) != ST_OK)
		return st;
	if (p->field[PERSON_SEX][0] == '\0')
		return diag_set(d, ST_DATA, _("--sex: give M, F or X"));
	if (p->field[PERSON_NATIONALITY][0] == '\0')
		return diag_set(d, ST_DATA,
		    _("--nationality: give three capital letters (ISO 3166-1), as NIC"));
	return check_dates(p, today, d);
}

struct date
person_birth(const struct person *p)
{
	struct date date = { 0, 0, 0 };

	(void)date_parse(bytes_text(p->field[PERSON_BIRTH_DATE]), &date);
	return date;
}

enum sex
person_sex(const struct person *p)
{
	switch (p->field[PERSON_SEX][0]) {
	case 'M':
		return SEX_MALE;
	case 'F':
		return SEX_FEMALE;
	case 'X':
		return SEX_OTHER;
	default:
		return SEX_NONE;
	}
}

/* The non-empty ones of the fields, with a space between. */
static bool
join(const struct person *p, const enum person_field *f, size_t n, char *out,
    size_t cap)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const char *v = p->field[f[i]];
		int m;

		if (v[0] == '\0')
			continue;
		m = snprintf(out + used, cap - used, "%s%s",
		    used == 0 ? "" : " ", v);
		if (m < 0 || (size_t)m >= cap - used)
			return false;
		used += (size_t)m;
	}
	return true;
}

bool
person_full_name(const struct person *p, char *out, size_t cap)
{
	static const enum person_field order[] = {
		PERSON_GIVEN, PERSON_SURNAME1, PERSON_SURNAME2
	};

	return join(p, order, 3, out, cap);
}

bool
person_surnames(const struct person *p, char *out, size_t cap)
{
	static const enum person_field order[] = {
		PERSON_SURNAME1, PERSON_SURNAME2
	};

	return join(p, order, 2, out, cap);
}
