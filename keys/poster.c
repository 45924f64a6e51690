#include "keys/poster.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/claims.h"
#include "common/host/file.h"
#include "common/series.h"
#include "common/trust.h"
#include "keys/sheet.h"

enum {
	VERSION_MAX = 25,	/* what SERIES_PART_MAX is made for */
	DOTS = 8		/* pixels a module */
};

struct poster {
	struct sheet sheet;
	char text[SERIES_PARTS_MAX][SERIES_TEXT_MAX];
};

/* ---- what the sheets say ------------------------------------------------ */

struct dates {
	struct bytes uri;
	int64_t iat, exp;
};

/* Of a payload that was verified and parsed by the store. */
static void
read_dates(struct bytes payload, struct dates *out)
{
	struct cbor c = cbor_from(payload);

	memset(out, 0, sizeof(*out));
	for (size_t n = cbor_map(&c); n > 0 && !c.bad; n--) {
		int64_t key = 0;

		if (cbor_peek(&c) == CBOR_TEXT)
			(void)cbor_text(&c);
		else
			key = cbor_int(&c);
		switch (key) {
		case CWT_SUB:
			out->uri = cbor_text(&c);
			break;
		case CWT_EXP:
			out->exp = cbor_instant(&c, false);
			break;
		case CWT_IAT:
			out->iat = cbor_instant(&c, false);
			break;
		default:
			(void)cbor_raw(&c);
		}
	}
}

static void
add_office(struct sheet *s, struct bytes uri, const struct trust_list *list)
{
	struct status_uri u;
	size_t at = s->offices_n;

	if (at == SHEET_OFFICES || !status_uri_parse(uri, &u))
		return;
	for (size_t i = 0; i < at; i++)
		if (strcmp(s->office[i].code, u.office) == 0)
			return;
	s->offices_n++;
	memcpy(s->office[at].code, u.office, sizeof(u.office));
	for (size_t i = 0; i < list->keys_n; i++)
		if (bytes_equal_text(list->key[i].office, u.office))
			s->office[at].name = list->key[i].office_name;
}

/* The oldest of the dates and the first of the deadlines: the whole is as old
 * as its oldest part. The trust list's date counts only where there is no
 * other: it may well be months old and good. */
static enum status
read_facts(struct sheet *s, struct bytes bundle, const struct trust_list *list)
{
	bool any = false;

	memcpy(s->state, list->state, sizeof(s->state));
	s->as_of = list->iat;
	s->until = list->exp;
	while (bundle.len > 0) {
		struct trust_part part;
		struct dates at;

		if (trust_part_next(&bundle, &part) != ST_OK)
			return ST_INTERNAL;	/* it was verified */
		if (part.kind != PART_STATUS && part.kind != PART_SHORT)
			continue;
		read_dates(part.sign1.payload, &at);
		if (!any || at.iat < s->as_of)
			s->as_of = at.iat;
		if (at.exp < s->until)
			s->until = at.exp;
		any = true;
		add_office(s, at.uri, list);
	}
	return ST_OK;
}

/* ---- its symbols -------------------------------------------------------- */

static enum status
make_symbols(struct poster *p, struct bytes bundle, size_t each)
{
	static const char head[] = "CEDULA:";
	struct sheet *s = &p->sheet;
	const char *tag;
	enum status st = ST_OK;

	for (size_t i = 0; i < s->n && st == ST_OK; i++)
		if ((st = series_write(bundle, each, i + 1, p->text[i],
		    SERIES_TEXT_MAX)) == ST_OK)
			st = symbol_make(p->text[i], VERSION_MAX,
			    &s->symbol[i]);
	if (st != ST_OK)
		return st;
	/* CEDULA:1/3:TAG:... */
	tag = strchr(p->text[0] + sizeof(head) - 1, ':');
	(void)snprintf(s->tag, sizeof(s->tag), "%s", tag + 1);
	return ST_OK;
}

enum status
poster_new(const char *name, struct bytes bundle, const struct anchor *anchors,
    size_t n, struct poster **out, struct diag *d)
{
	struct trust_host h = { NULL, NULL };
	struct poster *p = calloc(1, sizeof(*p));
	size_t each;
	enum status st = ST_INTERNAL;

	*out = NULL;
	if (p == NULL ||
	    (st = trust_host_open(&h, anchors, n, d)) != ST_OK ||
	    (st = trust_host_add(&h, name, bundle, d)) != ST_OK)
		goto out;
	if (h.trust->lists_n != 1) {
		st = diag_set(d, ST_DATA,
		    _("a poster is of one state; make one for each"));
		goto out;
	}
	series_plan(bundle.len, &p->sheet.n, &each);
	if (p->sheet.n > SERIES_PARTS_MAX) {
		st = diag_set(d, ST_TOO_BIG,
		    _("%zu bytes would be %zu symbols, and a series has %d at most; give the short list (.short) in place of the full status list (.status)"),
		    bundle.len, p->sheet.n, SERIES_PARTS_MAX);
		goto out;
	}
	/* The names are borrowed from the bundle, not from the store. */
	if ((st = read_facts(&p->sheet, bundle, &h.trust->list[0])) != ST_OK ||
	    (st = make_symbols(p, bundle, each)) != ST_OK)
		goto out;
	*out = p;
	p = NULL;
out:
	poster_free(p);
	trust_host_close(&h);
	return st;
}

void
poster_free(struct poster *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->sheet.n && i < SERIES_PARTS_MAX; i++)
		symbol_free(&p->sheet.symbol[i]);
	free(p);
}

/* ---- its files ---------------------------------------------------------- */

/* FOLDER/NIC-1-of-3.png; what is "-" or "-sheet-". Of one sheet NIC.svg. */
static enum status
name_file(char path[PATH_MAX], const char *folder, const struct sheet *s,
    const char *what, size_t i, size_t n, const char *end, struct diag *d)
{
	int m = n == 0 ? snprintf(path, PATH_MAX, "%s/%s%s", folder, s->state,
	    end) : snprintf(path, PATH_MAX, "%s/%s%s%zu-of-%zu%s", folder,
	    s->state, what, i, n, end);

	if (m < 0 || m >= PATH_MAX)
		return diag_set(d, ST_USAGE, _("%s: the path is too long"),
		    folder);
	return ST_OK;
}

static enum status
write_named(const char *path, struct bytes data, struct diag *d)
{
	enum status st = file_write(path, data, 0644, d);

	if (st == ST_OK)
		puts(path);
	return st;
}

static enum status
write_pictures(const struct poster *p, const char *folder, struct diag *d)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < p->sheet.n && st == ST_OK; i++) {
		char path[PATH_MAX];
		uint8_t *png = NULL;
		size_t len;

		if ((st = name_file(path, folder, &p->sheet, "-", i + 1,
		    p->sheet.n, ".png", d)) == ST_OK &&
		    (st = symbol_png(&p->sheet.symbol[i], DOTS, &png,
		    &len)) == ST_OK)
			st = write_named(path, bytes_from(png, len), d);
		free(png);
	}
	return st;
}

/* A line a part, for a message. */
static enum status
write_lines(const struct poster *p, const char *folder, struct diag *d)
{
	size_t cap = p->sheet.n * SERIES_TEXT_MAX;
	uint8_t *room = malloc(cap);
	struct buf b = buf_over(room, cap);
	char path[PATH_MAX];
	enum status st = ST_INTERNAL;

	if (room == NULL)
		return st;
	for (size_t i = 0; i < p->sheet.n; i++) {
		buf_put_text(&b, p->text[i]);
		buf_put_u8(&b, '\n');
	}
	if (!b.bad && (st = name_file(path, folder, &p->sheet, "", 0, 0,
	    ".txt", d)) == ST_OK)
		st = write_named(path, buf_bytes(&b), d);
	free(room);
	return st;
}

static enum status
write_sheets(const struct poster *p, const char *folder, struct diag *d)
{
	size_t n = sheet_pages(&p->sheet);
	enum status st = ST_OK;

	for (size_t i = 1; i <= n && st == ST_OK; i++) {
		char path[PATH_MAX], *svg = NULL;
		size_t len;

		if ((st = name_file(path, folder, &p->sheet, "-sheet-", i,
		    n == 1 ? 0 : n, ".svg", d)) == ST_OK &&
		    (st = sheet_svg(&p->sheet, i, &svg, &len)) == ST_OK)
			st = write_named(path, bytes_from(svg, len), d);
		free(svg);
	}
	return st;
}

/* Files of another count, from an earlier series: hung up beside these they
 * would only confuse. */
static enum status
remove_others(const char *folder, const struct sheet *s, const char *what,
    size_t count, const char *end, struct diag *d)
{
	for (size_t n = 1; n <= SERIES_PARTS_MAX; n++)
		for (size_t i = 1; n != count && i <= n; i++) {
			char path[PATH_MAX];
			enum status st = name_file(path, folder, s, what, i, n,
			    end, d);

			if (st != ST_OK)
				return st;
			if (unlink(path) != 0 && errno != ENOENT)
				return diag_errno(d, ST_IO, path);
		}
	return ST_OK;
}

static enum status
remove_stale(const struct poster *p, const char *folder, struct diag *d)
{
	const struct sheet *s = &p->sheet;
	size_t pages = sheet_pages(s);
	char path[PATH_MAX];
	enum status st;

	if ((st = remove_others(folder, s, "-", s->n, ".png", d)) != ST_OK ||
	    (st = remove_others(folder, s, "-sheet-", pages, ".svg",
	    d)) != ST_OK ||
	    (st = name_file(path, folder, s, "", 0, 0, ".svg", d)) != ST_OK)
		return st;
	if (pages > 1 && unlink(path) != 0 && errno != ENOENT)
		return diag_errno(d, ST_IO, path);
	return ST_OK;
}

enum status
poster_write(const struct poster *p, const char *folder, struct diag *d)
{
	enum status st;

	if ((st = file_mkdir(folder, 0755, d)) != ST_OK ||
	    (st = write_pictures(p, folder, d)) != ST_OK ||
	    (st = write_lines(p, folder, d)) != ST_OK ||
	    (st = write_sheets(p, folder, d)) != ST_OK)
		return st;
	return remove_stale(p, folder, d);
}
