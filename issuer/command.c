#include "issuer/command.h"

enum status
number_parse(const char *text, const char *what, int64_t max, int64_t *out,
    struct diag *d)
{
	int64_t n = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9' && n <= max; p++)
		n = n <= (INT64_MAX - 9) / 10 ? n * 10 + (*p - '0') : max + 1;
	if (p != text && *p == '\0' && n >= 1 && n <= max) {
		*out = n;
		return ST_OK;
	}
	if (what == text)
		return diag_set(d, ST_USAGE,
		    _("'%.80s': not an ID; give the whole number that the register gave it"),
		    text);
	if (max == ID_MAX)
		return diag_set(d, ST_USAGE,
		    _("%s: '%.80s' is not an ID; give the whole number that the register gave it"),
		    what, text);
	return diag_set(d, ST_USAGE,
	    _("%s: '%.80s' is not a whole number from 1 to %lld"), what, text,
	    (long long)max);
}

enum status
operand_id(const struct session *s, int64_t *out)
{
	return number_parse(s->operand[0], s->operand[0], ID_MAX, out, s->d);
}

enum status
roles_parse(const char *const *role, size_t n, unsigned *out, struct diag *d)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned bit = officer_role(role[i]);

		if (bit == 0)
			return diag_set(d, ST_USAGE,
			    _("'%.40s': not a role; the roles are registrar, approver, printer, manager, protection and auditor"),
			    role[i]);
		*out |= bit;
	}
	return ST_OK;
}

enum status
option_id(const char *text, const char *option, int64_t *out, struct diag *d)
{
	return text == NULL ? ST_OK : number_parse(text, option, ID_MAX, out,
	    d);
}

void
cell_id(struct answer *a, int64_t id)
{
	answer_cell_int_or_none(a, id);
}

void
cell_minor(struct answer *a, bool minor)
{
	if (answer_is_json(a))
		answer_cell_word(a, minor ? "yes" : "no");
	else
		answer_cell_word_or_none(a, minor ? "minor" : "");
}

void
moment_format(int64_t t, char out[WHEN_TEXT])
{
	out[0] = '\0';
	if (t != 0)
		when_format(t, out);
}
