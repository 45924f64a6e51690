#include "issuer/exchange/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/jsonw.h"
#include "issuer/exchange/csv.h"
#include "issuer/exchange/progress.h"
#include "issuer/register/session.h"

#define ROOM (1u << 20)
#define ROW_MAX (1u << 17)	/* every cell at its longest, every byte escaped */

struct export {
	const struct export_order *order;
	const struct export_column *column;
	size_t n;
	struct staged file;
	uint8_t room[ROOM];
	struct buf b;
	struct jsonw j;
	int64_t rows;
	uint64_t total;
	struct progress bar;
	struct diag *d;
};

static enum status
flush(struct export *e)
{
	enum status st;

	if (e->b.bad)
		return diag_set(e->d, ST_TOO_BIG,
		    _("a row is larger than this program writes"));
	st = staged_add(&e->file, buf_bytes(&e->b), e->d);
	e->b.len = 0;
	return st;
}

static void
put_json(struct export *e, const struct bytes *cell)
{
	jsonw_object(&e->j);
	for (size_t i = 0; i < e->n; i++) {
		char number[24];

		jsonw_key(&e->j, e->column[i].json);
		if (cell[i].len == 0)
			jsonw_null(&e->j);
		else if (e->column[i].form == EXPORT_NUMBER &&
		    bytes_to_text(cell[i], number, sizeof(number)))
			jsonw_raw(&e->j, number);
		else
			jsonw_text(&e->j, cell[i]);
	}
	jsonw_object_end(&e->j);
}

static enum status
put_row(void *arg, const struct bytes *cell)
{
	struct export *e = arg;

	e->rows++;
	if (e->order->json) {
		put_json(e, cell);
		buf_put_u8(&e->b, '\n');
	} else {
		for (size_t i = 0; i < e->n; i++)
			csv_put(&e->b, cell[i], ',', i == 0);
		csv_put_end(&e->b);
	}
	progress_at(&e->bar, (uint64_t)e->rows, e->total, (uint64_t)e->rows);
	return e->b.cap - e->b.len < ROW_MAX || e->b.bad ? flush(e) : ST_OK;
}

static void
put_head(struct export *e, const struct office *o, int64_t now,
    const char *officer)
{
	char office[16], when[WHEN_TEXT], since[WHEN_TEXT];
	const struct export_filter *f = &e->order->filter;

	if (!e->order->json) {
		for (size_t i = 0; i < e->n; i++)
			csv_put(&e->b, bytes_text(e->column[i].csv), ',',
			    i == 0);
		csv_put_end(&e->b);
		return;
	}
	(void)snprintf(office, sizeof(office), "%s %s", o->state, o->code);
	when_format(now, when);
	when_format(f->since, since);
	jsonw_object(&e->j);
	jsonw_key(&e->j, "head");
	jsonw_object(&e->j);
	jsonw_field(&e->j, "office", office);
	jsonw_field(&e->j, "name", o->name);
	jsonw_field(&e->j, "made", when);
	jsonw_field(&e->j, "officer", officer);
	jsonw_field(&e->j, "what", export_word(e->order->kind));
	jsonw_field(&e->j, "district",
	    f->district[0] != '\0' ? f->district : NULL);
	jsonw_field(&e->j, "since", f->since != 0 ? since : NULL);
	jsonw_object_end(&e->j);
	jsonw_key(&e->j, export_word(e->order->kind));
	jsonw_array(&e->j);
}

static void
put_tail(struct export *e)
{
	if (!e->order->json)
		return;
	jsonw_array_end(&e->j);
	jsonw_field_int(&e->j, "rows", e->rows);
	jsonw_object_end(&e->j);
	buf_put_u8(&e->b, '\n');
}

/* Of one snapshot, to the disk. */
static enum status
write_rows(struct export *e, struct reg *r, const struct office *o,
    int64_t now, const char *officer)
{
	enum status st;

	if ((st = reg_begin_reading(r, e->d)) != ST_OK ||
	    (st = reg_export_count(r, e->order->kind, &e->total, e->d)) !=
	    ST_OK)
		goto out;
	e->bar = progress_begin(_("exporting"), _(" rows/s"));
	put_head(e, o, now, officer);
	st = reg_export(r, e->order->kind, &e->order->filter, put_row, e,
	    e->d);
	progress_end(&e->bar);
	if (st != ST_OK)
		goto out;
	put_tail(e);
	if ((st = flush(e)) == ST_OK)
		st = staged_ready(&e->file, 0600, e->d);
out:
	reg_rollback(r);
	return st;
}

/* As of a backup: neither the file nor its record alone. */
static enum status
keep(struct export *e, struct reg *r)
{
	const struct export_order *o = e->order;
	bool named = false;
	enum status st;

	if ((st = reg_begin_acting(r, e->d)) == ST_OK &&
	    (st = reg_export_done(r, o->kind, &o->filter, o->out, e->rows,
	    e->d)) == ST_OK &&
	    (st = staged_keep_new(&e->file, e->d)) == ST_OK) {
		named = true;
		st = reg_commit(r, e->d);
	}
	if (st != ST_OK) {
		reg_rollback(r);
		if (named)
			(void)unlink(o->out);
	}
	return st;
}

enum status
export_file(struct reg *r, const struct office *o, int64_t now,
    const char *officer, const struct export_order *order, int64_t *rows,
    struct diag *d)
{
	struct export *e;
	enum status st;

	if (access(order->out, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    order->out);
	if ((e = calloc(1, sizeof(*e))) == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	e->order = order;
	e->column = export_columns(order->kind, &e->n);
	e->d = d;
	e->b = buf_over(e->room, sizeof(e->room));
	e->j = jsonw_to(&e->b);
	if ((st = staged_begin(order->out, &e->file, d)) == ST_OK &&
	    (st = write_rows(e, r, o, now, officer)) == ST_OK)
		st = keep(e, r);
	staged_drop(&e->file);
	*rows = e->rows;
	free(e);
	return st;
}
