/*
 * The back. Left the symbol with its quiet zone, on white; right a column of
 * blocks, set as large as all of them fit and spread over the height.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/claims.h"
#include "issuer/print/card.h"
#include "issuer/print/ornament.h"
#include "issuer/print/type.h"

#define PANEL_X 50.6		/* the tinted part */
#define TEXT_X 52.6
#define TEXT_W 30.4
#define TOP 3.2
#define BOTTOM 51.6
#define QR_LEFT 1.4

enum { BLOCKS_MAX = 24 };

struct block {
	struct bytes text, right;	/* right: a second text, flush right */
	struct type type;
	uint32_t colour;
	double before;		/* space above, mm, at scale 1 */
	bool spreads;		/* takes a share of what is left over */
	const char *what;
};

struct column {
	struct block block[BLOCKS_MAX];
	size_t n;
	char tail[FAMILY_MAX][32];	/* what right borrows */
};

static void
add(struct column *k, const char *text, struct type type, uint32_t colour,
    double before, bool spreads, const char *what)
{
	if (text == NULL || text[0] == '\0')
		return;
	k->block[k->n++] = (struct block){ bytes_text(text), { NULL, 0 }, type,
	    colour, before, spreads, what };
}

/* Spanish by sex, short English. */
static const char *
relation(const struct card_member *m)
{
	static const char *const names[][3] = {
		[REL_SPOUSE] = { "cónyuge/spouse", "cónyuge/spouse",
		    "cónyuge/spouse" },
		[REL_CHILD] = { "hijo-a/child", "hijo/child", "hija/child" },
		[REL_PARENT] = { "padre-m./parent", "padre/parent",
		    "madre/parent" },
		[REL_SIBLING] = { "hno-a/sibling", "hno./sibling",
		    "hna./sibling" },
		[REL_GRANDPARENT] = { "abuelo-a/grandp.", "abuelo/grandp.",
		    "abuela/grandp." },
		[REL_DEPENDANT] = { "a cargo/dep.", "a cargo/dep.",
		    "a cargo/dep." },
		[REL_WARD] = { "tutelado-a/ward", "tutelado/ward",
		    "tutelada/ward" },
	};
	int r = m->relationship;
	int s = m->sex == SEX_MALE || m->sex == SEX_FEMALE ? m->sex : 0;

	return r >= REL_SPOUSE && r <= REL_WARD ? names[r][s] :
	    "familia/family";
}

static void
add_family(struct column *k, const struct card_face *f, uint32_t strong)
{
	const struct type head = { 1.5, 1.2, 1, .bold = true };
	const struct type name = { 1.42, 1.0, 2, .steady = true,
	    .bold = true };

	if (f->members_n == 0)
		return;
	add(k, "Familia / Family", head, strong, 1.1, true, _("family"));
	for (size_t i = 0; i < f->members_n; i++) {
		const struct card_member *m = &f->members[i];
		struct block *b = &k->block[k->n++];

		(void)snprintf(k->tail[i], sizeof(k->tail[i]), "%d · %s",
		    m->birth.year, relation(m));
		*b = (struct block){ m->name, bytes_text(k->tail[i]), name,
		    INK_TEXT, 0.5, false, _("a family member's name") };
	}
}

static void
fill_column(struct column *k, const struct card_face *f)
{
	const struct type office = { 1.85, 1.2, 3, .steady = true, .bold = true };
	const struct type country = { 1.5, 1.1, 2, .steady = true };
	const struct type label = { 1.25, 1.1, 1, .steady = true };
	const struct type strong = { 1.5, 0.9, 3, .bold = true };
	const struct type plain = { 1.38, 1.05, 6, .steady = true };
	const struct type english = { 1.38, 1.05, 6, .steady = true,
	    .italic = true };
	const struct type alert = { 1.9, 1.4, 1, .bold = true };
	uint32_t colour = ink_strong(f->office.colour);

	k->n = 0;
	if (f->office.specimen)
		add(k, "MUESTRA · SPECIMEN", alert, INK_ALERT, 0, false,
		    "specimen");
	add(k, f->office.country, country, INK_LABEL, 0.8, false,
	    _("the country's name"));
	add(k, f->office.name, office, colour, 0.55, false,
	    _("the office's name"));
	add_family(k, f, colour);
	add(k, "Verifique / Verify", label, INK_LABEL, 1.1, true, "verify");
	add(k, f->office.verify_at, strong, INK_TEXT, 0.4, false,
	    _("where to verify"));
	add(k, "Acredita identidad e inscripción consular solamente; no "
	    "informa sobre situación migratoria ni laboral.", plain, INK_TEXT,
	    1.1, true, "notice");
	add(k, "Proves identity and consular registration only; says nothing "
	    "about immigration or work status.", english, INK_TEXT, 0.5, false,
	    "notice");
	add(k, "Devolver a / Return to", label, INK_LABEL, 1.1, true,
	    "return");
	add(k, f->office.address, plain, INK_TEXT, 0.4, false,
	    _("the return address"));
}

/* A text with '\n' is set line by line. With a NULL context of ink it is only
 * measured. */
static enum status
set_block(cairo_t *c, const struct block *b, double scale, bool draw, double y,
    double *bottom, struct diag *d)
{
	struct type t = b->type, small = { 1.12, 0.8, 1, .align = ALIGN_RIGHT };
	double w = b->right.len > 0 ? TEXT_W * 0.6 : TEXT_W, h = 0;
	struct bytes rest = b->text;
	enum status st = ST_OK;

	t.size = fmax(t.size * scale, t.least);
	ink(c, b->colour, 1);
	while (st == ST_OK) {
		const uint8_t *end = rest.len == 0 ? NULL :
		    memchr(rest.p, '\n', rest.len);
		struct bytes line = rest;

		if (end != NULL)
			line.len = (size_t)(end - rest.p);
		if ((st = type_measure(c, line, w, &t, b->what, &h, d)) !=
		    ST_OK)
			break;
		if (draw)
			st = type_set(c, line, (struct box){ TEXT_X, y, w },
			    &t, b->what, NULL, d);
		y += h;
		if (end == NULL)
			break;
		y += t.size * 0.22;
		rest = bytes_from(end + 1, rest.len - line.len - 1);
	}
	if (st == ST_OK && draw && b->right.len > 0) {
		small.size = fmax(small.size * scale, small.least);
		ink(c, INK_LABEL, 1);
		st = type_set(c, b->right, (struct box){ TEXT_X + w + 0.4,
		    y - h + 0.12, TEXT_W - w - 0.4 }, &small, b->what, NULL, d);
	}
	*bottom = y;
	return st;
}

static enum status
set_column(cairo_t *c, const struct column *k, double scale, double spare,
    bool draw, double *bottom, struct diag *d)
{
	double y = TOP;
	enum status st = ST_OK;

	for (size_t i = 0; i < k->n && st == ST_OK; i++) {
		const struct block *b = &k->block[i];

		if (i > 0)
			y += b->before * scale + (b->spreads ? spare : 0);
		if (draw && b->spreads) {
			double rule = y - (b->before * scale + spare) / 2;

			ink(c, INK_LABEL, 0.45);
			cairo_set_line_width(c, 0.12);
			cairo_move_to(c, TEXT_X, rule);
			cairo_line_to(c, TEXT_X + TEXT_W, rule);
			cairo_stroke(c);
		}
		st = set_block(c, b, scale, draw, y, &y, d);
	}
	*bottom = y;
	return st;
}

static enum status
draw_column(cairo_t *c, const struct card_face *f, struct diag *d)
{
	struct column k;
	double bottom = 0, spare, shares = 0;
	double scale = f->members_n > 0 ? 1.05 : 1.3;
	enum status st;

	if (f->members_n > FAMILY_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("a family card holds %d members"), FAMILY_MAX);
	fill_column(&k, f);
	for (; scale > 0.6; scale -= 0.02) {
		st = set_column(c, &k, scale, 0, false, &bottom, d);
		if (st != ST_OK)
			return st;
		if (bottom <= BOTTOM)
			break;
	}
	if (bottom > BOTTOM)
		return diag_set(d, ST_TOO_BIG,
		    _("the back of the card has no room for all of its text; shorten the office's name, its address or the members' names"));
	for (size_t i = 0; i < k.n; i++)
		shares += k.block[i].spreads;
	spare = fmin((BOTTOM - bottom) / shares, 4.2);
	return set_column(c, &k, scale, spare, true, &bottom, d);
}

/* Runs of dark modules as one path, filled once: no seams between them. */
static void
modules(cairo_t *c, const struct card_qr *q, double x, double y, double m)
{
	for (int r = 0; r < q->n; r++) {
		const uint8_t *row = q->module + (size_t)r * (size_t)q->n;

		for (int i = 0; i < q->n; i++) {
			int from = i;

			if (!row[i])
				continue;
			while (i < q->n && row[i])
				i++;
			cairo_rectangle(c, x + from * m, y + r * m,
			    (i - from) * m, m);
		}
	}
	ink(c, 0x000000, 1);
	cairo_fill(c);
}

/* In a picture the symbol leaves the millimetres and lands on whole dots,
 * without grey edges; on paper it is vectors of exactly the same size. */
static enum status
draw_symbol(cairo_t *c, const struct card_face *f, struct diag *d)
{
	struct card_qr q;
	enum status st = card_qr_make(f->qr_text, &q, d);
	double side, x, y, m, dot = 25.4 / 300;

	if (st != ST_OK)
		return st;
	side = card_qr_side(&q);
	x = QR_LEFT + (CARD_QR_MAX - side) / 2 + CARD_QR_QUIET * q.dots * dot;
	y = (CARD_H - side) / 2 + CARD_QR_QUIET * q.dots * dot;
	m = q.dots * dot;
	cairo_save(c);
	cairo_set_antialias(c, CAIRO_ANTIALIAS_NONE);
	if (cairo_surface_get_type(cairo_get_target(c)) ==
	    CAIRO_SURFACE_TYPE_IMAGE) {
		double down = 0;

		cairo_user_to_device(c, &x, &y);
		cairo_user_to_device_distance(c, &m, &down);
		cairo_identity_matrix(c);
		x = round(x);
		y = round(y);
		m = round(m);
	}
	modules(c, &q, x, y, m);
	cairo_restore(c);
	card_qr_free(&q);
	return ST_OK;
}

enum status
card_draw_back(cairo_t *c, const struct card_face *f, struct diag *d)
{
	const struct area panel = { PANEL_X, 0, CARD_W - PANEL_X, CARD_H };
	enum status st;

	ink(c, INK_WHITE, 1);
	cairo_rectangle(c, 0, 0, CARD_W, CARD_H);
	cairo_fill(c);
	ornament_background(c, panel, ink_mix(f->office.colour, INK_WHITE, 0.5),
	    f->number);
	ink(c, ink_strong(f->office.colour), 1);
	cairo_rectangle(c, PANEL_X, 0, 0.5, CARD_H);
	cairo_fill(c);
	if ((st = draw_symbol(c, f, d)) != ST_OK)
		return st;
	return draw_column(c, f, d);
}
