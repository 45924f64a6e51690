#include "issuer/report/chart.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

#define N_MARK REPORT_WITHHELD

enum {
	BAR = 480, BAR_PITCH = 680, NAME_W = 5200, GAP = 200, NUMBER_W = 2200,
	COLUMNS_H = 7000, AXIS_W = 1500, PYRAMID = 620, PYRAMID_PITCH = 760,
	PYRAMID_NAME = 2200, TICKS = 4, STUB = 500, STUB_H = 250
};

/* A row in pieces: what is shown of each sex, and what only the total tells. What
 * no total tells is drawn as a stub, of one length whatever it stands for: without
 * it a bar of men alone would say that there are no women. */
struct stack {
	int64_t piece[FILL_WITHHELD + 1], sum;
	bool whole;		/* sum is the shown total */
};

static void
stack_of(const struct report *p, size_t row, struct stack *out)
{
	int64_t total, seen = 0;
	bool held = false;

	memset(out, 0, sizeof(*out));
	for (size_t sex = 0; sex < TABLE_SEXES; sex++) {
		if (!report_shown(p, 0, row, sex, TABLE_AGES, &out->piece[sex]))
			held = true;
		seen += out->piece[sex];
	}
	out->whole = report_shown(p, 0, row, TABLE_SEXES, TABLE_AGES, &total);
	if (out->whole && held)
		out->piece[FILL_WITHHELD] = total - seen;
	out->sum = out->whole ? total : seen;
}

static int64_t
largest(const struct report *p)
{
	int64_t most = 1;

	for (size_t row = 0; row < p->rows; row++) {
		struct stack s;

		stack_of(p, row, &s);
		if (s.sum > most)
			most = s.sum;
	}
	return most;
}

static int
scaled(int64_t n, int64_t most, int length)
{
	return (int)(n * length / most);
}

/* How long a piece is, a stub where its count is told by nothing. */
static int
piece_length(const struct stack *s, int fill, int64_t most, int length,
    int stub)
{
	return fill == FILL_WITHHELD && !s->whole ? stub :
	    scaled(s->piece[fill], most, length);
}

static int
put_key(struct page *g, int x, enum fill fill, const char *text)
{
	page_fill(g, x, g->y + 60, 420, 300, fill);
	x += 560;
	page_text(g, x, g->y, PAGE_W - PAGE_LEFT - x, SIZE_FINE, false,
	    TEXT_LEFT, text);
	return x + page_width(g, SIZE_FINE, text) + 700;
}

void
chart_legend(struct page *g)
{
	static const char *const sexes[] = {
		[TABLE_F] = N_("women"), [TABLE_M] = N_("men"),
		[TABLE_X] = N_("sex X"),
		[TABLE_SEX_UNKNOWN] = N_("sex unknown"),
	};
	int x = PAGE_LEFT;

	if (g->p->ask.kind == REPORT_WAITING) {
		x = put_key(g, x, FILL_F, gettext("up to the median"));
		(void)put_key(g, x, FILL_M,
		    gettext("on to the 90th percentile"));
	}
	for (size_t s = 0; g->p->ask.kind != REPORT_WAITING &&
	    s < TABLE_SEXES; s++)
		if (g->p->sex[s])
			x = put_key(g, x, (enum fill)s, gettext(sexes[s]));
	if (report_withholds(g->p))
		(void)put_key(g, x, FILL_WITHHELD, gettext("withheld"));
	g->y += 650;
}

static void
put_mark(struct page *g, int x, int y, bool shown, int64_t n)
{
	char text[PAGE_NUMBER];

	page_number(n, text);
	page_text(g, x + 120, y, NUMBER_W, SIZE_FINE, false, TEXT_LEFT,
	    shown ? text : N_MARK);
}

void
chart_bars(struct page *g)
{
	const struct report *p = g->p;
	int left = PAGE_LEFT + NAME_W + GAP;
	int length = PAGE_WIDTH - NAME_W - GAP - NUMBER_W;
	int64_t most = largest(p);

	for (size_t row = 0; row < p->rows; row++) {
		struct stack s;
		int x = left;

		page_room(g, BAR_PITCH);
		stack_of(p, row, &s);
		page_text(g, PAGE_LEFT, g->y + 30, NAME_W, SIZE_FINE, false,
		    TEXT_RIGHT, report_row_name(p, row));
		for (int f = 0; f <= FILL_WITHHELD; f++) {
			int w = piece_length(&s, f, most, length, STUB);

			page_fill(g, x, g->y, w, BAR, (enum fill)f);
			x += w;
		}
		put_mark(g, x, g->y + 30, s.whole, s.sum);
		g->y += BAR_PITCH;
	}
	g->y += GAP;
}

/* The least of 1, 2, 5, 10 ... that TICKS of reach n. */
static int64_t
tick(int64_t n)
{
	int64_t ten = 1;

	for (;;) {
		for (int i = 0; i < 3; i++) {
			int64_t step = ten * (i == 0 ? 1 : i == 1 ? 2 : 5);

			if (step * TICKS >= n)
				return step;
		}
		ten *= 10;
	}
}

static void
put_axis(struct page *g, int64_t step, int64_t most)
{
	char text[PAGE_NUMBER];

	for (int i = 0; i <= TICKS; i++) {
		int y = g->y + COLUMNS_H - scaled(step * i, most, COLUMNS_H);

		page_rule(g, PAGE_LEFT + AXIS_W, y, PAGE_W - PAGE_LEFT, y);
		page_number(step * i, text);
		page_text(g, PAGE_LEFT, y - 200, AXIS_W - 150, SIZE_FINE,
		    false, TEXT_RIGHT, text);
	}
}

void
chart_columns(struct page *g)
{
	const struct report *p = g->p;
	int pitch = (PAGE_WIDTH - AXIS_W) / (int)p->rows;
	int wide = pitch * 7 / 10 < 1200 ? pitch * 7 / 10 : 1200;
	/* Room for a stub and its mark on the highest. */
	int64_t n = largest(p), step = tick(report_withholds(p) ?
	    n + n / 10 + 1 : n), most = step * TICKS;
	/* As many names as have room. */
	size_t every = (size_t)(1500 / pitch) + 1;

	page_room(g, COLUMNS_H + 1200);
	put_axis(g, step, most);
	for (size_t row = 0; row < p->rows; row++) {
		int x = PAGE_LEFT + AXIS_W + (int)row * pitch;
		int y = g->y + COLUMNS_H;
		struct stack s;

		stack_of(p, row, &s);
		for (int f = 0; f <= FILL_WITHHELD; f++) {
			int h = piece_length(&s, f, most, COLUMNS_H, STUB_H);

			if (h > 0)
				page_fill(g, x + (pitch - wide) / 2, y - h,
				    wide, h, (enum fill)f);
			y -= h;
		}
		if (!s.whole)
			page_text(g, x, y - 420, pitch, SIZE_FINE, false,
			    TEXT_CENTRE, N_MARK);
		if (row % every == 0)
			page_text(g, x - 400, g->y + COLUMNS_H + 120,
			    pitch + 800, SIZE_FINE, false, TEXT_CENTRE,
			    report_row_name(p, row));
	}
	g->y += COLUMNS_H + 900;
}

/* One side of one age: the number stands where the bar ends. */
static void
put_half(struct page *g, size_t age, size_t sex, int64_t most, int half)
{
	const struct report *p = g->p;
	int middle = PAGE_W / 2, away = PYRAMID_NAME / 2, w;
	char text[PAGE_NUMBER];
	int64_t n;
	bool shown = report_shown(p, 0, p->rows, sex, age, &n);

	w = shown ? scaled(n, most, half) : STUB;
	page_number(n, text);
	page_fill(g, sex == TABLE_F ? middle - away - w : middle + away, g->y,
	    w, PYRAMID, shown ? (enum fill)sex : FILL_WITHHELD);
	if (sex == TABLE_F)
		page_text(g, middle - away - w - NUMBER_W - 120, g->y + 100,
		    NUMBER_W, SIZE_FINE, false, TEXT_RIGHT,
		    shown ? text : N_MARK);
	else
		put_mark(g, middle + away + w, g->y + 100, shown, n);
}

void
chart_pyramid(struct page *g)
{
	const struct report *p = g->p;
	int half = PAGE_WIDTH / 2 - PYRAMID_NAME / 2 - NUMBER_W;
	int64_t most = 1, n;

	for (size_t age = 0; age < TABLE_AGE_UNKNOWN; age++)
		for (size_t sex = TABLE_F; sex <= TABLE_M; sex++)
			if (report_shown(p, 0, p->rows, sex, age, &n) &&
			    n > most)
				most = n;
	page_room(g, TABLE_AGE_UNKNOWN * PYRAMID_PITCH + 700);
	for (size_t i = TABLE_AGE_UNKNOWN; i > 0; i--) {
		put_half(g, i - 1, TABLE_F, most, half);
		put_half(g, i - 1, TABLE_M, most, half);
		page_text(g, PAGE_W / 2 - PYRAMID_NAME / 2, g->y + 100,
		    PYRAMID_NAME, SIZE_FINE, false, TEXT_CENTRE,
		    report_age(i - 1));
		g->y += PYRAMID_PITCH;
	}
	g->y += GAP;
}

void
chart_waits(struct page *g, size_t part)
{
	const struct report *p = g->p;
	int left = PAGE_LEFT + NAME_W + GAP;
	int length = PAGE_WIDTH - NAME_W - GAP - NUMBER_W;
	struct report_stats d;
	int64_t most = 1;

	for (size_t row = 0; row < report_lines(p); row++)
		if (report_days(p, part, row, TABLE_SEXES, &d)) {
			most = d.median > most ? d.median : most;
			if (d.ninetieth_shown && d.ninetieth > most)
				most = d.ninetieth;
		}
	for (size_t row = 0; row < report_lines(p); row++) {
		char text[2 * PAGE_NUMBER + 8] = "";
		int m = 0, n = 0, stub = 0;

		page_room(g, BAR_PITCH);
		if (report_days(p, part, row, TABLE_SEXES, &d)) {
			m = scaled(d.median, most, length);
			n = d.ninetieth_shown ?
			    scaled(d.ninetieth, most, length) : m;
			(void)snprintf(text, sizeof(text),
			    d.ninetieth_shown ? "%lld · %lld" : "%lld · x",
			    (long long)d.median, (long long)d.ninetieth);
		} else if (table_withheld(&p->part[part].table, row,
		    TABLE_SEXES, TABLE_AGES)) {
			(void)snprintf(text, sizeof(text), N_MARK);
			stub = STUB;
		}
		page_text(g, PAGE_LEFT, g->y + 30, NAME_W, SIZE_FINE, false,
		    TEXT_RIGHT, report_row_name(p, row));
		page_fill(g, left, g->y, m, BAR, FILL_F);
		page_fill(g, left + m, g->y, n - m, BAR, FILL_M);
		page_fill(g, left, g->y, stub, BAR, FILL_WITHHELD);
		page_text(g, left + n + stub + 120, g->y + 30, NUMBER_W, SIZE_FINE,
		    false, TEXT_LEFT, text);
		g->y += BAR_PITCH;
	}
	g->y += GAP;
}
