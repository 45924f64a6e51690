/* What a card has that no other has, its number and its place in a status list;
 * and the lists as all places make them. Declared in register.h. */
#include <sys/random.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/statuslist.h"
#include "issuer/register/db.h"

#define FULL_PERCENT 90	/* used part of a status list at which the next opens */
#define DRAWS_MAX 10000	/* at 90 % used, that many misses do not happen */

/* ---- a number and a place, used once ---- */

static enum status
draw_number(struct reg *r, char out[REG_NUMBER], struct diag *d)
{
	struct query q = query(r, "UPDATE number_counter SET next = next + 1"
	    " WHERE id = 1 AND next <= ?1 RETURNING next - 1,"
	    " (SELECT code FROM office)", d);
	char code[4] = "";
	int64_t n = 0;
	enum status st;

	bind_int(&q, REG_NUMBERS);
	if (query_row(&q)) {
		n = col_int(&q, 0);
		col_text(&q, 1, code, sizeof(code));
	}
	if ((st = query_run(&q)) != ST_OK)
		return st;
	if (n < 1 || n > REG_NUMBERS)
		return diag_set(d, ST_STATE,
		    _("all %d numbers of this office are used; ask the ministry for a new office code and make its register"),
		    REG_NUMBERS);
	(void)snprintf(out, REG_NUMBER, "%.3s%06d", code, (int)n);
	return ST_OK;
}

struct list_use {
	int64_t number, capacity, used;
};

static enum status
newest_list(struct reg *r, struct list_use *out, struct diag *d)
{
	struct query q = query(r, "SELECT s.number, s.capacity, (SELECT count(*)"
	    " FROM card AS c WHERE c.list = s.number) FROM status_list AS s"
	    " ORDER BY s.number DESC LIMIT 1", d);

	memset(out, 0, sizeof(*out));
	if (query_row(&q)) {
		out->number = col_int(&q, 0);
		out->capacity = col_int(&q, 1);
		out->used = col_int(&q, 2);
	}
	return query_end(&q);
}

static enum status
open_list(struct reg *r, struct list_use *out, struct diag *d)
{
	struct query q = query(r, "INSERT INTO status_list (number, capacity,"
	    " opened) SELECT ?1, capacity, ?2 FROM office"
	    " RETURNING number, capacity", d);

	bind_int(&q, out->number + 1);
	bind_int(&q, r->now);
	if (query_row(&q)) {
		out->number = col_int(&q, 0);
		out->capacity = col_int(&q, 1);
		out->used = 0;
	}
	return query_run(&q);
}

/* Uniform in [0, n): the numbers that would favour the low ones are thrown
 * away. */
static bool
random_below(uint64_t n, uint64_t *out)
{
	uint64_t v, limit = UINT64_MAX - UINT64_MAX % n;

	do {
		if (getrandom(&v, sizeof(v), 0) != (ssize_t)sizeof(v))
			return false;
	} while (v >= limit);
	*out = v % n;
	return true;
}

static enum status
is_used(struct reg *r, int64_t list, uint64_t index, bool *used,
    struct diag *d)
{
	struct query q = query(r,
	    "SELECT 1 FROM card WHERE list = ?1 AND idx = ?2", d);

	bind_int(&q, list);
	bind_int(&q, (int64_t)index);
	*used = query_row(&q);
	return query_end(&q);
}

/* Drawn until a free one comes, which makes each free place equally likely:
 * an index tells nothing of when or in which order a card was issued. */
static enum status
draw_index(struct reg *r, struct card *c, struct diag *d)
{
	struct list_use list;
	uint64_t index;
	bool used;
	enum status st;

	if ((st = newest_list(r, &list, d)) != ST_OK)
		return st;
	if (list.used * 100 >= list.capacity * FULL_PERCENT &&
	    (st = open_list(r, &list, d)) != ST_OK)
		return st;
	for (int i = 0; i < DRAWS_MAX; i++) {
		if (!random_below((uint64_t)list.capacity, &index))
			return diag_set(d, ST_INTERNAL,
			    _("the system gives no random numbers"));
		if ((st = is_used(r, list.number, index, &used, d)) != ST_OK)
			return st;
		if (!used) {
			c->list = (uint32_t)list.number;
			c->index = index;
			return ST_OK;
		}
	}
	return diag_set(d, ST_INTERNAL, _("no free place in the status list"));
}

enum status
reg_card_reserve(struct reg *r, struct card *c, struct diag *d)
{
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK ||
	    (st = draw_number(r, c->number, d)) != ST_OK)
		return st;
	return draw_index(r, c, d);
}

/* ---- the lists ---- */

enum status
reg_misplaced(struct reg *r,
    enum status (*each)(void *arg, const char *number, uint32_t list,
    int64_t index), void *arg, struct diag *d)
{
	struct query q = query(r, "SELECT c.number, c.list, c.idx FROM card AS c"
	    " LEFT JOIN status_list AS s ON s.number = c.list"
	    " WHERE s.capacity IS NULL OR c.idx < 0 OR c.idx >= s.capacity"
	    " ORDER BY c.id", d);
	enum status st = ST_OK, end;

	while (st == ST_OK && query_row(&q)) {
		char number[REG_NAME];

		col_text(&q, 0, number, sizeof(number));
		st = each(arg, number, (uint32_t)col_int(&q, 1),
		    col_int(&q, 2));
	}
	end = query_end(&q);
	return st != ST_OK ? st : end;
}

enum status
reg_lists(struct reg *r, uint32_t *n, struct diag *d)
{
	struct query q = query(r,
	    "SELECT ifnull(max(number), 0) FROM status_list", d);

	*n = query_row(&q) ? (uint32_t)col_int(&q, 0) : 0;
	return query_end(&q);
}

static enum status
list_capacity(struct reg *r, uint32_t number, size_t *out, struct diag *d)
{
	struct query q = query(r,
	    "SELECT capacity FROM status_list WHERE number = ?1", d);
	enum status st;

	bind_int(&q, number);
	*out = query_row(&q) ? (size_t)col_int(&q, 0) : 0;
	if ((st = query_end(&q)) == ST_OK && *out == 0)
		st = diag_set(d, ST_NOT_FOUND,
		    _("status list %" PRIu32 ": not in the register"), number);
	return st;
}

/* What a row says is not what bounds the list: somebody may have changed it. */
static bool
put_place(struct query *q, uint8_t *list, size_t len)
{
	int64_t index = col_int(q, 0);
	enum card_status status;
	char text[12];

	col_text(q, 1, text, sizeof(text));
	if (index < 0 || (uint64_t)index >= (uint64_t)len * 4)
		return false;
	if (card_status_parse(text, &status))
		statuslist_set(list, (uint64_t)index, status);
	else
		q->cut = true;
	return true;
}

enum status
reg_list_raw(struct reg *r, uint32_t number, uint8_t **out, size_t *len,
    struct diag *d)
{
	struct query q;
	char outside[REG_NAME] = "";
	size_t capacity;
	enum status st;

	*out = NULL;
	*len = 0;
	if ((st = list_capacity(r, number, &capacity, d)) != ST_OK)
		return st;
	if ((*out = malloc(capacity / 4 + 1)) == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	*len = capacity / 4;
	memset(*out, 0xff, *len);	/* CARD_NEVER_ISSUED throughout */
	q = query(r, "SELECT idx, status, number FROM card WHERE list = ?1",
	    d);
	bind_int(&q, number);
	while (outside[0] == '\0' && query_row(&q))
		if (!put_place(&q, *out, *len))
			col_text(&q, 2, outside, sizeof(outside));
	if ((st = query_end(&q)) == ST_OK && outside[0] != '\0')
		st = diag_set(d, ST_DATA,
		    _("card %.32s: its place is outside status list %" PRIu32 ", which was changed behind the program's back; see log check"),
		    outside, number);
	if (st != ST_OK) {
		free(*out);
		*out = NULL;
		*len = 0;
	}
	return st;
}
