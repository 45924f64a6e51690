#include "verifier/report.h"

#include <string.h>

#include "common/crypto.h"
#include "common/jsonw.h"
#include "common/text.h"
#include "common/when.h"

enum { JSON_MAX = 1 << 16, LABEL_WIDTH = 19 };

#define NOTICE N_("Proves identity and consular registration only; says nothing about immigration or work status.")
#define COMPARE N_("Compare the face and these data with what is printed on the card and with the person who shows it: a genuine code can be copied onto another card.")

static const char *
relationship_text(int64_t r)
{
	static const char *const names[] = { "", N_("spouse"), N_("child"),
	    N_("parent"), N_("sibling"), N_("grandparent"),
	    N_("other dependant"), N_("ward") };

	return r >= REL_SPOUSE && r <= REL_WARD ? gettext(names[r]) : "";
}

static const char *
relationship_token(int64_t r)
{
	static const char *const tokens[] = { "", "spouse", "child", "parent",
	    "sibling", "grandparent", "dependant", "ward" };

	return r >= REL_SPOUSE && r <= REL_WARD ? tokens[r] : "";
}

static const char *
sex_letter(int64_t sex)
{
	return sex == SEX_MALE ? "M" : sex == SEX_FEMALE ? "F" :
	    sex == SEX_OTHER ? "X" : "-";
}

static void
date_text(struct bytes compact, char out[DATE_TEXT])
{
	struct date d;

	out[0] = '\0';
	if (date_parse(compact, &d))
		date_format(d, out);
}

static void
expiry_text(const struct claims *c, char out[DATE_TEXT])
{
	char when[WHEN_TEXT];

	when_format(c->exp, when);	/* clamps what a hostile token claims */
	memcpy(out, when, DATE_TEXT - 1);
	out[DATE_TEXT - 1] = '\0';
}

/* ---- for people --------------------------------------------------------- */

static const char *
colour_word(enum colour c)
{
	switch (c) {
	case GREEN: return _("GREEN");
	case AMBER: return _("AMBER");
	case RED: return _("RED");
	case COLOURLESS: break;
	}
	return _("NOTHING READ");
}

static const char *
colour_code(enum colour c)
{
	switch (c) {
	case GREEN: return "\033[1;97;42m";
	case AMBER: return "\033[1;30;43m";
	case RED: return "\033[1;97;41m";
	case COLOURLESS: break;
	}
	return "\033[1m";
}

/* Blanks that bring a label to the column's width. Labels hold letters of two
 * bytes: characters are counted. */
static int
label_pad(const char *label)
{
	size_t width = text_length(bytes_text(label));

	return width < LABEL_WIDTH ? (int)(LABEL_WIDTH - width) : 0;
}

static void
row(FILE *f, const char *label, struct bytes value)
{
	if (value.len != 0)
		fprintf(f, "  %s%*s %.*s\n", label, label_pad(label), "",
		    (int)value.len, (const char *)value.p);
}

static void
holder_text(FILE *f, const struct report *r)
{
	const struct claims *c = r->claims;
	const struct identity *id = &c->identity;
	char birth[DATE_TEXT], expires[DATE_TEXT];
	int64_t format;

	date_text(id->birth_date, birth);
	expiry_text(c, expires);
	row(f, _("Name"), id->full_name);
	row(f, _("As in the MRZ"), id->second_name);
	row(f, _("Document number"), id->id);
	row(f, _("Born"), bytes_text(birth));
	row(f, _("Sex"), bytes_text(sex_letter(id->sex)));
	row(f, _("Nationality"), id->nationality);
	row(f, _("District"), id->location);
	row(f, _("Guardian"), id->guardian);
	row(f, _("Expires"), bytes_text(expires));
	row(f, _("Issuing office"), r->verdict.signer->office_name);
	row(f, _("Photo"), bytes_text(identity_face(id, &format).len != 0 ?
	    _("in the code (--photo FILE writes it)") : _("none in the code")));
	for (size_t i = 0; i < c->members_n; i++) {
		const struct member *m = &c->member[i];

		date_text(m->birth_date, birth);
		fprintf(f, "  %s%*s %.*s, %s, %s, %s\n",
		    i == 0 ? _("Family") : "",
		    label_pad(i == 0 ? _("Family") : ""), "",
		    (int)m->full_name.len, (const char *)m->full_name.p, birth,
		    sex_letter(m->sex), relationship_text(m->relationship));
	}
}

void
report_text(FILE *f, const struct report *r, bool colour)
{
	enum colour c = verdict_colour(r->verdict.code);
	char name[512];

	if (r->file != NULL) {
		/* The name may come from the one who is checked. */
		(void)snprintf(name, sizeof(name), "%s", r->file);
		text_make_printable(name);
		fprintf(f, "%s\n", name);
	}
	fprintf(f, "%s %s %s  %s\n", colour ? colour_code(c) : "",
	    colour_word(c), colour ? "\033[0m" : "",
	    gettext(verdict_text(r->verdict.code)));
	if (r->verdict.detail != DETAIL_NONE)
		fprintf(f, "  %s\n", gettext(detail_text(r->verdict.detail)));
	if (r->other_code)
		fprintf(f, "  %s\n",
		    _("A code was read, but it is not a consular card's."));
	if (r->series_part)
		fprintf(f, "  %s\n",
		    _("This symbol carries revocation data; use cedula-verifier trust add."));
	if (r->cards > 1)
		fprintf(f, _("  %zu cards are in the picture; this is the worst of them. Check them one by one.\n"),
		    r->cards);
	if (r->claims != NULL) {
		holder_text(f, r);
		fprintf(f, "  %s\n", gettext(COMPARE));
	}
	if (c != COLOURLESS)
		fprintf(f, "  %s\n", gettext(NOTICE));
}

/* ---- for programs ------------------------------------------------------- */

static void
holder_json(struct jsonw *j, const struct claims *c)
{
	const struct identity *id = &c->identity;
	char birth[DATE_TEXT];
	int64_t format;
	struct bytes face = identity_face(id, &format);

	jsonw_key(j, "holder");
	jsonw_object(j);
	jsonw_field_text(j, "name", id->full_name);
	jsonw_field_text(j, "given", id->first_name);
	jsonw_field_text(j, "surnames", id->last_name);
	jsonw_field_text(j, "name_mrz", id->second_name);
	jsonw_field_text(j, "number", id->id);
	date_text(id->birth_date, birth);
	jsonw_field(j, "birth_date", birth);
	jsonw_field(j, "sex", sex_letter(id->sex));
	jsonw_field_text(j, "nationality", id->nationality);
	jsonw_field_text(j, "district", id->location);
	jsonw_field_text(j, "guardian", id->guardian);
	jsonw_key(j, "photo");
	if (face.len != 0)
		jsonw_base64(j, face);
	else
		jsonw_null(j);
	jsonw_key(j, "family");
	jsonw_array(j);
	for (size_t i = 0; i < c->members_n; i++) {
		const struct member *m = &c->member[i];

		jsonw_object(j);
		jsonw_field_text(j, "name", m->full_name);
		date_text(m->birth_date, birth);
		jsonw_field(j, "birth_date", birth);
		jsonw_field(j, "sex", sex_letter(m->sex));
		jsonw_field(j, "relationship",
		    relationship_token(m->relationship));
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
	jsonw_object_end(j);
}

enum status
report_json(FILE *f, const struct report *r, bool identity)
{
	static uint8_t room[JSON_MAX];
	struct buf b = buf_over(room, sizeof(room));
	struct jsonw j = jsonw_to(&b);
	const struct verdict *v = &r->verdict;
	char when[WHEN_TEXT];

	jsonw_object(&j);
	jsonw_field(&j, "result", verdict_token(v->code));
	jsonw_field(&j, "colour", colour_token(verdict_colour(v->code)));
	jsonw_field_int(&j, "exit", verdict_exit(v->code));
	jsonw_field(&j, "file", r->file);
	jsonw_field(&j, "sentence", gettext(verdict_text(v->code)));
	jsonw_field(&j, "detail", v->detail == DETAIL_NONE ? NULL :
	    detail_token(v->detail));
	jsonw_field_int(&j, "cards", (int64_t)r->cards);
	if (r->claims != NULL) {
		jsonw_field(&j, "state", v->state);
		jsonw_field_text(&j, "office", v->signer->office);
		jsonw_field_text(&j, "office_name", v->signer->office_name);
		when_format(r->claims->iat, when);
		jsonw_field(&j, "issued", when);
		when_format(r->claims->exp, when);
		jsonw_field(&j, "expires", when);
		jsonw_field_bool(&j, "family", r->claims->has_family);
		if (identity)
			holder_json(&j, r->claims);
		jsonw_field(&j, "compare", gettext(COMPARE));
	}
	jsonw_field(&j, "notice", gettext(NOTICE));
	jsonw_object_end(&j);
	if (!b.bad) {
		(void)fwrite(b.p, 1, b.len, f);
		(void)fputc('\n', f);
	}
	crypto_wipe(room, sizeof(room));
	return b.bad ? ST_INTERNAL : ST_OK;
}

void
report_json_error(FILE *f, const char *file, enum status st,
    const struct diag *d)
{
	uint8_t room[4096];
	struct buf b = buf_over(room, sizeof(room));
	struct jsonw j = jsonw_to(&b);

	/* A name that would not fit is left out, never the whole answer. */
	if (file != NULL && strlen(file) > 300)
		file = NULL;
	jsonw_object(&j);
	jsonw_field(&j, "result", status_token(st));
	jsonw_field(&j, "colour", "none");
	jsonw_field_int(&j, "exit", status_exit(st));
	jsonw_field(&j, "file", file);
	jsonw_field(&j, "error", d->text[0] != '\0' ? d->text :
	    gettext(status_text(st)));
	jsonw_object_end(&j);
	if (!b.bad) {
		(void)fwrite(b.p, 1, b.len, f);
		(void)fputc('\n', f);
	}
}
