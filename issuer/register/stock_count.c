#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/line.h"
#include "issuer/register/stock.h"

#define RANGES_TEXT 16384	/* of one count, as it is kept */

static const char unknown[] = "unknown";

/* Neighbours of one kind become one difference. */
struct run {
	struct stock_difference d;
	bool open;
	enum status (*each)(void *arg, const struct stock_difference *s);
	void *arg;
};

static enum status
run_end(struct run *run)
{
	bool open = run->open;

	run->open = false;
	return open ? run->each(run->arg, &run->d) : ST_OK;
}

static enum status
run_add(struct run *run, const struct serial_range *series, int64_t n,
    const char *books, bool counted)
{
	enum status st;

	if (run->open && strcmp(run->d.books, books) == 0 &&
	    run->d.counted == counted && run->d.range.last + 1 == n &&
	    serial_same_series(&run->d.range, series)) {
		run->d.range.last = n;
		return ST_OK;
	}
	if ((st = run_end(run)) != ST_OK)
		return st;
	run->d.range = *series;
	run->d.range.first = run->d.range.last = n;
	run->d.books = books;
	run->d.counted = counted;
	run->open = true;
	return ST_OK;
}

static enum status
counted_once(const struct serial_range *ranges, size_t n, struct diag *d)
{
	char serial[SERIAL_TEXT];
	int64_t first;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (serial_overlap(&ranges[i], &ranges[k], &first)) {
				serial_format(&ranges[i], first, serial);
				return diag_set(d, ST_DATA,
				    _("--counted: blank %s is in it twice; count it once"),
				    serial);
			}
	return ST_OK;
}

static bool
is_counted(const struct serial_range *ranges, size_t n,
    const struct serial_range *one)
{
	int64_t first;

	for (size_t i = 0; i < n; i++)
		if (serial_overlap(&ranges[i], one, &first))
			return true;
	return false;
}

/* In stock by the books, and not counted. */
static enum status
find_absent(struct reg *r, const struct serial_range *ranges, size_t n,
    struct run *run, int64_t *stock, struct diag *d)
{
	struct query q = query(r, "SELECT serial FROM blank"
	    " WHERE state = 'stock' ORDER BY serial", d);
	enum status st = ST_OK, end;

	*stock = 0;
	while (st == ST_OK && query_row(&q)) {
		struct serial_range one;
		char serial[SERIAL_TEXT];

		col_text(&q, 0, serial, sizeof(serial));
		++*stock;
		if ((st = serial_parse(serial, &one, d)) == ST_OK &&
		    !is_counted(ranges, n, &one))
			st = run_add(run, &one, one.first, "stock", false);
	}
	end = query_end(&q);
	if (st == ST_OK && end == ST_OK)
		return run_end(run);
	return st != ST_OK ? st : end;
}

static const char *
known_state(const char *text)
{
	for (int s = 0; s < BLANK_STATES; s++)
		if (strcmp(blank_state_token((enum blank_state)s), text) == 0)
			return blank_state_token((enum blank_state)s);
	return unknown;
}

/* Counted, and not in stock by the books: each serial of the range beside the
 * row that the books have of it, or have not. */
static enum status
find_present(struct reg *r, const struct serial_range *range,
    struct run *run, struct diag *d)
{
	struct query q = query(r, "SELECT b.serial, b.state FROM blank AS b"
	    " JOIN blank_receipt AS p ON p.id = b.receipt WHERE b.serial"
	    " BETWEEN ?1 AND ?2 AND p.prefix = ?3 AND p.width = ?4"
	    " ORDER BY b.serial", d);
	char serial[SERIAL_TEXT], want[SERIAL_TEXT], text[12];
	bool row;
	enum status st = ST_OK, end;

	serial_format(range, range->first, serial);
	bind_text(&q, serial);
	serial_format(range, range->last, serial);
	bind_text(&q, serial);
	bind_text(&q, range->prefix);
	bind_int(&q, range->width);
	row = query_row(&q);
	for (int64_t n = range->first; n <= range->last && st == ST_OK; n++) {
		const char *books = unknown;

		serial_format(range, n, want);
		if (row)
			col_text(&q, 0, serial, sizeof(serial));
		if (row && strcmp(serial, want) == 0) {
			col_text(&q, 1, text, sizeof(text));
			books = known_state(text);
			row = query_row(&q);
		}
		if (strcmp(books, "stock") != 0)
			st = run_add(run, range, n, books, true);
	}
	end = query_end(&q);
	if (st == ST_OK && end == ST_OK)
		return run_end(run);
	return st != ST_OK ? st : end;
}

enum status
reg_stock_compare(struct reg *r, const struct serial_range *ranges, size_t n,
    enum status (*each)(void *arg, const struct stock_difference *s),
    void *arg, int64_t *stock, struct diag *d)
{
	struct run run = { .each = each, .arg = arg };
	enum status st;

	*stock = 0;
	if ((st = counted_once(ranges, n, d)) != ST_OK ||
	    (st = find_absent(r, ranges, n, &run, stock, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = find_present(r, &ranges[i], &run, d);
	return st;
}

enum status
reg_stock_cards(struct reg *r, enum status (*each)(void *arg,
    const char *serial, const char *number, const char *custody), void *arg,
    struct diag *d)
{
	/* The event of a print before there was stock needs no blank. */
	struct query q = query(r, "SELECT b.serial, c.number, c.custody"
	    " FROM blank AS b JOIN card AS c ON c.id = b.card"
	    " WHERE b.state = 'printed' AND c.custody = 'issued' UNION ALL"
	    " SELECT '', c.number, c.custody FROM card AS c WHERE c.custody IN"
	    " ('printed', 'handed-over') AND NOT EXISTS (SELECT 1 FROM blank AS"
	    " b WHERE b.card = c.id AND b.state = 'printed') AND EXISTS (SELECT"
	    " 1 FROM card_event AS e WHERE e.card = c.id AND e.event = 'print'"
	    " AND e.at > (SELECT min(at) FROM blank_receipt))", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		char serial[SERIAL_TEXT], number[REG_NUMBER], custody[16];

		col_text(&q, 0, serial, sizeof(serial));
		col_text(&q, 1, number, sizeof(number));
		col_text(&q, 2, custody, sizeof(custody));
		st = each(arg, serial, number, custody);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

static enum status
store_count(struct reg *r, const char *ranges, int64_t counted,
    const char *by, int64_t stock, int64_t unexplained, struct diag *d)
{
	char details[128], object[48];
	struct query q = query(r, "INSERT INTO stock_count (at, officer,"
	    " counted_by, ranges, counted, stock, unexplained) VALUES (?1, ?2,"
	    " ?3, ?4, ?5, ?6, ?7)", d);
	enum status st;

	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_text(&q, by);
	bind_text(&q, ranges);
	bind_int(&q, counted);
	bind_int(&q, stock);
	bind_int(&q, unexplained);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	(void)snprintf(object, sizeof(object), "count %" PRId64,
	    (int64_t)sqlite3_last_insert_rowid(r->db));
	(void)snprintf(details, sizeof(details), "counted %" PRId64 " stock %"
	    PRId64 " unexplained %" PRId64, counted, stock, unexplained);
	return reg_audit(r, "stock.reconcile", object, details, d);
}

enum status
reg_stock_counted(struct reg *r, const struct serial_range *ranges, size_t n,
    const char *by, int64_t stock, int64_t unexplained, struct diag *d)
{
	char *text;
	size_t len = 0;
	int64_t counted = 0;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK || (by[0] != '\0' &&
	    (st = line_check("by", by, COUNTED_BY_MAX, true, d)) != ST_OK))
		return st;
	if ((text = calloc(1, RANGES_TEXT)) == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	for (size_t i = 0; i < n && RANGES_TEXT - len > SERIAL_RANGE_TEXT + 1;
	    i++) {
		char one[SERIAL_RANGE_TEXT];

		serial_range_format(&ranges[i], one);
		len += (size_t)snprintf(text + len, RANGES_TEXT - len, "%s%s",
		    i > 0 ? " " : "", one);
		counted += serial_count(&ranges[i]);
	}
	st = store_count(r, text, counted, by, stock, unexplained, d);
	free(text);
	return st;
}

/* ---- shown ---- */

enum status
reg_blank_events(struct reg *r, const char *serial, enum status (*each)(
    void *arg, const struct blank_event *e), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT e.at, e.state, ifnull(c.number, ''),"
	    " o.login, ifnull(w.login, ''), e.reason FROM blank_event AS e"
	    " JOIN officer AS o ON o.id = e.officer LEFT JOIN card AS c"
	    " ON c.id = e.card LEFT JOIN officer AS w ON w.id = e.witness"
	    " WHERE e.serial = ?1 ORDER BY e.id", d);
	enum status st = ST_OK, end;

	bind_text(&q, serial);
	while (st == ST_OK && query_row(&q)) {
		struct blank_event e = { .at = col_int(&q, 0) };

		col_text(&q, 1, e.state, sizeof(e.state));
		col_text(&q, 2, e.card, sizeof(e.card));
		col_text(&q, 3, e.officer, sizeof(e.officer));
		col_text(&q, 4, e.witness, sizeof(e.witness));
		col_text(&q, 5, e.reason, sizeof(e.reason));
		st = each(arg, &e);
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}
