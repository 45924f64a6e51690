/*
 * The front. Its grid, mm:
 *
 *	 0.0 -  8.8	band in the office's colour: emblem, country, title
 *	10.2 - 38.2	photo (21 × 28) left, three columns of fields right
 *	39.6 - 54.0	white, three MRZ lines at 10 characters and 6 lines
 *			an inch (ICAO 9303-3 §4.2)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/claims.h"
#include "common/mrz.h"
#include "issuer/photo/photo.h"
#include "issuer/print/card.h"
#include "issuer/print/ornament.h"
#include "issuer/print/type.h"

#define BAND_H 8.8
#define PHOTO_X 3.8
#define PHOTO_Y 10.2
#define PHOTO_WIDE 21.0
#define PHOTO_HIGH 28.0
#define TEXT_X 27.6
#define TEXT_W 54.6
#define GUTTER 1.6
#define MRZ_Y 39.6
#define MRZ_PITCH (25.4 / 10)
#define MRZ_LEADING (25.4 / 6)
#define MRZ_BASE 43.45

#define LABEL_STEP 1.75		/* label's top to value's top */
#define ROW 5.3

static const struct type label_type = { 1.25, 1.0, 1, .tracking = 0.01 };
static const struct type value_type = { 2.3, 1.1, 2, .bold = true,
    .high = 3.2 };
static const struct type district_type = { 2.3, 0.95, 3, .bold = true,
    .high = 3.2 };

static enum status
draw_band(cairo_t *c, const struct card_face *f, struct diag *d)
{
	static const struct type country = { 2.9, 1.2, 1, .bold = true,
	    .tracking = 0.03 };
	static const struct type title = { 1.62, 1.2, 1, .tracking = 0.05 };
	static const struct type family = { 1.7, 1.2, 1, .bold = true,
	    .align = ALIGN_CENTRE };
	static const struct type state = { 4.6, 3, 1, .bold = true,
	    .align = ALIGN_RIGHT, .tracking = 0.06 };
	uint32_t colour = ink_strong(f->office.colour);
	double right = 82.0;
	char text[64];
	enum status st;

	ink(c, colour, 1);
	cairo_rectangle(c, 0, 0, CARD_W, BAND_H);
	cairo_fill(c);
	ink(c, ink_mix(colour, 0xd8b45a, 0.75), 1);
	cairo_rectangle(c, 0, BAND_H, CARD_W, 0.35);
	cairo_fill(c);
	ornament_emblem(c, 7.0, BAND_H / 2, 3.35, INK_WHITE);
	if (f->members_n > 0) {
		right -= 15.5;
		ink(c, INK_WHITE, 0.16);
		cairo_rectangle(c, right + 1.5, 2.0, 14, BAND_H - 4);
		cairo_fill(c);
		ink(c, INK_WHITE, 1);
		(void)snprintf(text, sizeof(text), "1 + %zu",
		    f->members_n);
		if ((st = type_set(c, bytes_text("FAMILIA · FAMILY"),
		    (struct box){ right + 2, 2.65, 13 }, &family,
		    "family", NULL, d)) != ST_OK ||
		    (st = type_set(c, bytes_text(text),
		    (struct box){ right + 2, 4.95, 13 }, &family,
		    "family", NULL, d)) != ST_OK)
			return st;
	}
	ink(c, INK_WHITE, 1);
	if (f->members_n == 0) {
		right -= 11;
		if ((st = type_set(c, bytes_text(f->office.state),
		    (struct box){ right + 1, 2.75, 10 }, &state,
		    _("the state"), NULL, d)) != ST_OK)
			return st;
	}
	if ((st = type_set(c, bytes_text(f->office.country),
	    (struct box){ 12.2, 1.75, right - 12.2 }, &country,
	    _("the country's name"), NULL, d)) != ST_OK)
		return st;
	return type_set(c, bytes_text("DOCUMENTO DE IDENTIDAD CONSULAR  ·  "
	    "CONSULAR IDENTITY CARD"),
	    (struct box){ 12.2, 5.6, right - 12.2 }, &title, "title", NULL, d);
}

/* The photo as a JPEG inside the PDF: a twentieth of the bytes. On paper and
 * in a PNG the pixels are drawn; where the JPEG cannot be made they do. */
static void
attach_jpeg(cairo_surface_t *s, const struct photo *p)
{
	uint8_t *jpeg = NULL;
	size_t len = 0;
	struct diag ignored;

	if (photo_jpeg(p, &jpeg, &len, &ignored) != ST_OK)
		return;
	if (cairo_surface_set_mime_data(s, CAIRO_MIME_TYPE_JPEG, jpeg, len,
	    free, jpeg) != CAIRO_STATUS_SUCCESS)
		free(jpeg);
}

static cairo_surface_t *
photo_surface(const struct card_face *f)
{
	union { const uint8_t *in; uint8_t *out; } u = { f->photo_rgb.p };
	struct photo p = { f->photo_w, f->photo_h, u.out };	/* only read */
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
	    (int)p.w, (int)p.h);
	uint8_t *to = cairo_image_surface_get_data(s);
	size_t stride = (size_t)cairo_image_surface_get_stride(s);

	if (to == NULL)
		return s;
	cairo_surface_flush(s);
	for (size_t y = 0; y < p.h; y++) {
		for (size_t x = 0; x < p.w; x++) {
			const uint8_t *q = u.in + (y * p.w + x) * 3;
			uint32_t v = (uint32_t)q[0] << 16 |
			    (uint32_t)q[1] << 8 | q[2];

			memcpy(to + y * stride + x * 4, &v, sizeof(v));
		}
	}
	cairo_surface_mark_dirty(s);
	attach_jpeg(s, &p);
	return s;
}

static void
photo_frame(cairo_t *c)
{
	const double r = 0.9, x = PHOTO_X, y = PHOTO_Y;
	const double w = PHOTO_WIDE, h = PHOTO_HIGH;

	cairo_new_path(c);
	cairo_arc(c, x + w - r, y + r, r, -M_PI / 2, 0);
	cairo_arc(c, x + w - r, y + h - r, r, 0, M_PI / 2);
	cairo_arc(c, x + r, y + h - r, r, M_PI / 2, M_PI);
	cairo_arc(c, x + r, y + r, r, M_PI, 3 * M_PI / 2);
	cairo_close_path(c);
}

/* Covers the frame without stretching: what is over at the sides is cut. */
static enum status
draw_photo(cairo_t *c, const struct card_face *f, struct diag *d)
{
	cairo_surface_t *s;
	double scale;

	if (f->photo_w == 0 || f->photo_h == 0 || f->photo_w > PHOTO_SIDE_MAX ||
	    f->photo_h > PHOTO_SIDE_MAX ||
	    f->photo_rgb.len != (size_t)f->photo_w * f->photo_h * 3)
		return diag_set(d, ST_DATA,
		    _("the card has no photo; add one to the record first"));
	s = photo_surface(f);
	if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(s);
		return ST_INTERNAL;
	}
	scale = fmax(PHOTO_WIDE / f->photo_w, PHOTO_HIGH / f->photo_h);
	cairo_save(c);
	photo_frame(c);
	cairo_clip(c);
	cairo_translate(c, PHOTO_X + (PHOTO_WIDE - f->photo_w * scale) / 2,
	    PHOTO_Y + (PHOTO_HIGH - f->photo_h * scale) / 2);
	cairo_scale(c, scale, scale);
	cairo_set_source_surface(c, s, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_BEST);
	cairo_paint(c);
	cairo_restore(c);
	cairo_surface_destroy(s);
	photo_frame(c);
	ink(c, ink_strong(f->office.colour), 1);
	cairo_set_line_width(c, 0.22);
	cairo_stroke(c);
	return ST_OK;
}

/* A label and its value under it; y is the top of the label. */
static enum status
field(cairo_t *c, double x, double y, double w, const char *label,
    struct bytes value, const struct type *t, const char *what, struct diag *d)
{
	enum status st;

	ink(c, INK_LABEL, 1);
	st = type_set(c, bytes_text(label), (struct box){ x, y, w },
	    &label_type, what, NULL, d);
	if (st != ST_OK)
		return st;
	ink(c, INK_TEXT, 1);
	return type_set(c, value, (struct box){ x, y + LABEL_STEP, w }, t, what,
	    NULL, d);
}

/* As 9303-3 §3.8 writes them: day, month in letters of both languages where
 * they differ, year. No order of numbers to mistake. */
static enum status
date_field(cairo_t *c, double x, double y, double w, const char *label,
    struct date v, const char *what, struct diag *d)
{
	static const char *const months[] = { "ENE/JAN", "FEB", "MAR",
	    "ABR/APR", "MAY", "JUN", "JUL", "AGO/AUG", "SEP", "OCT", "NOV",
	    "DIC/DEC" };
	char text[32];

	if (!date_valid(v))
		return diag_set(d, ST_DATA, _("%s: there is no such day"),
		    what);
	(void)snprintf(text, sizeof(text), "%02d %s %d", v.day,
	    months[v.month - 1], v.year);
	return field(c, x, y, w, label, bytes_text(text), &value_type, what, d);
}

static const char *
sex_letter(int sex)
{
	return sex == SEX_MALE ? "M" : sex == SEX_FEMALE ? "F" : "X";
}

/* Names have the whole width; two lines of a long one take no more room than
 * one line of a short one, so that the rows below stay where they are. */
static enum status
draw_names(cairo_t *c, const struct card_face *f, struct diag *d)
{
	static const struct type small = { 1.45, 0.72, 2, .italic = true,
	    .high = 1.75 };
	bool folded = f->name_mrz.len > 0;
	double step = folded ? 5.25 : 6.3;
	const struct type name = { folded ? 2.7 : 3.1, 1.2, 2, .bold = true,
	    .high = step - LABEL_STEP - 0.35 };
	enum status st;

	if ((st = field(c, TEXT_X, PHOTO_Y, TEXT_W, "Apellidos / Surnames",
	    f->surnames, &name, _("surnames"), d)) != ST_OK ||
	    (st = field(c, TEXT_X, PHOTO_Y + step, TEXT_W,
	    "Nombres / Given names", f->given, &name, _("given names"), d)) !=
	    ST_OK || !folded)
		return st;
	ink(c, INK_LABEL, 1);
	return type_set(c, f->name_mrz, (struct box){ TEXT_X,
	    PHOTO_Y + 2 * step - 0.1, TEXT_W }, &small,
	    _("transliterated name"), NULL, d);
}

static enum status
draw_fields(cairo_t *c, const struct card_face *f, struct diag *d)
{
	const double w = (TEXT_W - 2 * GUTTER) / 3;
	const double x1 = TEXT_X, x2 = x1 + w + GUTTER, x3 = x2 + w + GUTTER;
	double y = 22.95;
	enum status st;

	if ((st = field(c, x1, y, w, "N.º de documento / No.", f->number,
	    &value_type, _("document number"), d)) != ST_OK ||
	    (st = field(c, x2, y, w, "Nacionalidad / Nationality",
	    bytes_text(f->nationality), &value_type, _("nationality"), d)) !=
	    ST_OK ||
	    (st = field(c, x3, y, w, "Sexo / Sex", bytes_text(
	    sex_letter(f->sex)), &value_type, _("sex"), d)) != ST_OK)
		return st;
	y += ROW;
	if ((st = date_field(c, x1, y, w, "Nacimiento / Birth", f->birth,
	    _("birth date"), d)) != ST_OK ||
	    (st = date_field(c, x2, y, w, "Emisión / Issue", f->issued,
	    _("issue date"), d)) != ST_OK ||
	    (st = date_field(c, x3, y, w, "Vencimiento / Expiry", f->expires,
	    _("expiry date"), d)) != ST_OK)
		return st;
	y += ROW;
	if ((st = field(c, x1, y, w, "Circunscripción / District",
	    f->district, &district_type, _("consular district"), d)) != ST_OK)
		return st;
	if (f->guardian.len == 0)
		return field(c, x2, y, 2 * w + GUTTER,
		    "Oficina emisora / Issuing office",
		    bytes_text(f->office.name), &value_type,
		    _("the office's name"), d);
	return field(c, x2, y, 2 * w + GUTTER,
	    "Menor: responsable / Minor: guardian", f->guardian, &value_type,
	    _("guardian"), d);
}

static enum status
draw_mrz(cairo_t *c, const struct card_face *f, struct diag *d)
{
	const double x = (CARD_W - MRZ_LINE * MRZ_PITCH) / 2;
	const struct mrz_fields fields = {
		.code = "I", .state = f->office.state, .number = f->number,
		.birth = f->birth, .expiry = f->expires,
		.sex = f->sex == SEX_MALE ? 'M' : f->sex == SEX_FEMALE ? 'F' :
		    '<',
		.nationality = f->nationality,
		.surnames = f->surnames, .given = f->given,
	};
	struct mrz m;
	enum status st;

	if (mrz_td1(&fields, &m) != ST_OK)
		return diag_set(d, ST_DATA,
		    _("the machine readable lines cannot be written: look at document number, dates, states and names"));
	ink(c, INK_WHITE, 1);
	cairo_rectangle(c, 0, MRZ_Y, CARD_W, CARD_H - MRZ_Y);
	cairo_fill(c);
	ink(c, 0x000000, 1);
	for (int i = 0; i < 3; i++) {
		st = type_mrz(c, m.line[i], x, MRZ_BASE + i * MRZ_LEADING,
		    MRZ_LINE * MRZ_PITCH, d);
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

/* Across everything but the machine readable lines, which must stay readable
 * in a demonstration too. */
static enum status
draw_specimen(cairo_t *c, struct diag *d)
{
	static const struct type large = { 8.4, 6, 1, .bold = true,
	    .align = ALIGN_CENTRE };
	enum status st;

	cairo_save(c);
	cairo_rectangle(c, 0, BAND_H, CARD_W, MRZ_Y - BAND_H);
	cairo_clip(c);
	cairo_translate(c, CARD_W / 2, (BAND_H + MRZ_Y) / 2);
	cairo_rotate(c, -0.235);
	ink(c, INK_ALERT, 0.17);
	st = type_set(c, bytes_text("MUESTRA · SPECIMEN"),
	    (struct box){ -CARD_W / 2, -3, CARD_W }, &large, "specimen", NULL,
	    d);
	cairo_restore(c);
	return st;
}

enum status
card_draw_front(cairo_t *c, const struct card_face *f, struct diag *d)
{
	const struct area body = { 0, BAND_H, CARD_W, MRZ_Y - BAND_H };
	enum status st;

	ink(c, INK_WHITE, 1);
	cairo_rectangle(c, 0, 0, CARD_W, CARD_H);
	cairo_fill(c);
	ornament_background(c, body, f->office.colour, f->number);
	if ((st = draw_band(c, f, d)) != ST_OK ||
	    (st = draw_photo(c, f, d)) != ST_OK ||
	    (st = draw_names(c, f, d)) != ST_OK ||
	    (st = draw_fields(c, f, d)) != ST_OK ||
	    (st = draw_mrz(c, f, d)) != ST_OK)
		return st;
	return f->office.specimen ? draw_specimen(c, d) : ST_OK;
}
