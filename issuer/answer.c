#include "issuer/answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/crypto.h"
#include "common/jsonw.h"
#include "common/text.h"

#define PIECE_MAX (1 << 19)	/* JSON of one field: any narrative fits */
#define COLUMNS_MAX 16
#define STORE_ROOM 4096

/* Text that grows in memory, and leaves nothing behind there: what open_memstream
 * outgrows is given back as it is. */
struct store {
	FILE *f;
	char *p;		/* NUL behind it; NULL: nothing was written */
	size_t len, cap;
	char room[STORE_ROOM];	/* f's own buffer */
};

struct answer {
	bool json;
	struct store text, table;	/* table: '\t' after each cell, '\n' a row */
	FILE *out, *cells;		/* of these */
	uint8_t piece[PIECE_MAX];
	struct buf b;
	struct jsonw j;
	const struct column *columns;	/* of the list being written */
	size_t columns_n, cell;
	int64_t rows;		/* of it, or of the last one */
	size_t blanks;		/* before the row's next cell, if it has one */
	bool failed;
	enum status found;
	size_t head_len;	/* of the text up to the end of "result" */
};

static ssize_t
store_put(void *arg, const char *p, size_t n)
{
	struct store *s = arg;

	if (s->cap - s->len < n + 1) {
		size_t cap = 2 * s->cap + n + STORE_ROOM;
		char *grown = malloc(cap);

		if (grown == NULL)
			return -1;
		if (s->len > 0)
			memcpy(grown, s->p, s->len);
		crypto_wipe(s->p, s->len);
		free(s->p);
		s->p = grown;
		s->cap = cap;
	}
	memcpy(s->p + s->len, p, n);
	s->len += n;
	s->p[s->len] = '\0';
	return (ssize_t)n;
}

static FILE *
store_open(struct store *s)
{
	s->f = fopencookie(s, "w", (cookie_io_functions_t){
	    .write = store_put });
	if (s->f != NULL)
		(void)setvbuf(s->f, s->room, _IOFBF, sizeof(s->room));
	return s->f;
}

/* False where not all could be kept. */
static bool
store_close(struct store *s)
{
	bool good = s->f == NULL || fclose(s->f) == 0;

	s->f = NULL;
	return good;
}

static void
store_wipe(struct store *s)
{
	(void)store_close(s);
	if (s->p != NULL)
		crypto_wipe(s->p, s->cap);
	free(s->p);
	crypto_wipe(s, sizeof(*s));
}

/* The JSON writer wants one buffer; each piece goes on to the growing one. */
static void
flush(struct answer *a)
{
	if (a->b.bad || (a->b.len > 0 &&
	    fwrite(a->b.p, 1, a->b.len, a->out) != a->b.len))
		a->failed = true;
	a->b.len = 0;
	a->b.bad = false;
}

struct answer *
answer_new(bool json)
{
	struct answer *a = calloc(1, sizeof(*a));

	if (a == NULL || (a->out = store_open(&a->text)) == NULL) {
		free(a);
		return NULL;
	}
	a->json = json;
	a->b = buf_over(a->piece, sizeof(a->piece));
	a->j = jsonw_to(&a->b);
	if (json) {
		jsonw_object(&a->j);
		jsonw_field(&a->j, "result", status_token(ST_OK));
		a->head_len = a->b.len;
		flush(a);
	}
	return a;
}

void
answer_free(struct answer *a)
{
	if (a == NULL)
		return;
	store_wipe(&a->table);
	store_wipe(&a->text);
	crypto_wipe(a, sizeof(*a));
	free(a);
}

void
answer_main(struct answer *a, const char *key, const char *value)
{
	if (a->json) {
		jsonw_field(&a->j, key, value);
		flush(a);
	} else
		fprintf(a->out, "%s\n", value);
}

void
answer_main_int(struct answer *a, const char *key, int64_t value)
{
	if (a->json) {
		jsonw_field_int(&a->j, key, value);
		flush(a);
	} else
		fprintf(a->out, "%" PRId64 "\n", value);
}

/* gettext("") is the catalogue's own header. */
static const char *
in_words(const char *label)
{
	return label[0] != '\0' ? gettext(label) : "";
}

void
answer_text(struct answer *a, const char *key, const char *label,
    const char *value)
{
	if (a->json) {
		jsonw_field(&a->j, key, value);
		flush(a);
	} else if (value[0] != '\0')
		fprintf(a->out, "%s: %s\n", in_words(label), value);
}

static const char *const words[] = {
	N_("yes"), N_("no"),
	/* cards: state, kind, what happened to them, their credential */
	N_("valid"), N_("revoked"), N_("suspended"), N_("individual"),
	N_("family"), N_("issue"), N_("print"), N_("revoke"), N_("suspend"),
	N_("reinstate"), N_("sound"), N_("damaged"), N_("unknown-key"),
	/* applications */
	N_("draft"), N_("submitted"), N_("approved"), N_("refused"),
	N_("issued"), N_("dropped"), N_("first"), N_("renewal"),
	N_("correction"), N_("lost"), N_("stolen"),
	/* who has a card, and to whom it was given */
	N_("printed"), N_("handed-over"), N_("destroyed"), N_("reprint"),
	N_("spoil"), N_("handover"), N_("destroy"), N_("holder"),
	N_("guardian"), N_("proxy"),
	/* households */
	N_("head"), N_("spouse"), N_("child"), N_("parent"), N_("sibling"),
	N_("grandparent"), N_("dependant"), N_("ward"),
	/* persons: what became of them, family, documents */
	N_("abroad"), N_("departed"), N_("returned"), N_("dead"), N_("merged"),
	N_("mother"), N_("father"), N_("guardian"), N_("birth-certificate"),
	N_("passport"), N_("national-id"), N_("marriage-certificate"),
	N_("death-certificate"), N_("police-report"), N_("power-of-attorney"),
	N_("other"), N_("void"), N_("open"), N_("closed"),
	/* blanks, and cards in a batch */
	N_("stock"), N_("printed"), N_("spoiled"), N_("missing"),
	N_("destroyed"), N_("unknown"), N_("waiting"), N_("aside"), N_("open"),
	N_("closed"), N_("handed-over"),
	/* fees and the fund */
	N_("first"), N_("renewal"), N_("lost"), N_("stolen"),
	N_("correction"), N_("void"), N_("paid"), N_("waived"), N_("none"),
	N_("donation"), N_("share"), N_("aid"), N_("waiver"), N_("reversal"),
	/* officers */
	N_("active"), N_("inactive"), N_("expired"), N_("locked"),
	N_("no-secret"),
	/* duplicates */
	N_("different"), N_("twin"), N_("same"),
	/* cases: kind, state, parties, what was done */
	N_("labour-complaint"), N_("accident"), N_("unpaid-wages"),
	N_("trafficking"), N_("smuggling"), N_("detention"), N_("illness"),
	N_("death"), N_("repatriation"), N_("open"), N_("closed"),
	N_("affected"), N_("relative"), N_("witness"), N_("other"),
	N_("step"), N_("close"), N_("reopen"), N_("minor"),
	/* the keys of narratives */
	N_("in-use"), N_("not-in-use"), N_("retired"),
	/* doctor */
	N_("ok"), N_("warning"), N_("problem"),
};

const char *
answer_word_of(const struct answer *a, const char *token)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !a->json;
	    i++)
		if (strcmp(words[i], token) == 0)
			return gettext(token);
	return token;
}

void
answer_word(struct answer *a, const char *key, const char *label,
    const char *token)
{
	answer_text(a, key, label, answer_word_of(a, token));
}

void
answer_text_as(struct answer *a, const char *key, const char *label,
    const char *value, const char *word_key, const char *token)
{
	if (a->json) {
		answer_text(a, key, label, value);
		answer_text(a, word_key, label, token);
	} else if (value[0] != '\0')
		fprintf(a->out, "%s: %s (%s)\n", gettext(label), value,
		    answer_word_of(a, token));
}

void
answer_cell_word(struct answer *a, const char *token)
{
	answer_cell(a, answer_word_of(a, token));
}

void
answer_int(struct answer *a, const char *key, const char *label,
    int64_t value)
{
	if (a->json) {
		jsonw_field_int(&a->j, key, value);
		flush(a);
	} else
		fprintf(a->out, "%s: %" PRId64 "\n", in_words(label), value);
}

void
answer_none(struct answer *a, const char *key)
{
	if (!a->json)
		return;
	jsonw_key(&a->j, key);
	jsonw_null(&a->j);
	flush(a);
}

void
answer_text_or_none(struct answer *a, const char *key, const char *label,
    const char *value)
{
	if (value[0] != '\0')
		answer_text(a, key, label, value);
	else
		answer_none(a, key);
}

void
answer_int_or_none(struct answer *a, const char *key, const char *label,
    int64_t value)
{
	if (value != 0)
		answer_int(a, key, label, value);
	else
		answer_none(a, key);
}

void
answer_list(struct answer *a, const char *key, const struct column *columns,
    size_t n)
{
	a->columns = columns;
	a->columns_n = n < COLUMNS_MAX ? n : COLUMNS_MAX;
	a->cell = 0;
	a->rows = 0;
	if (a->json) {
		jsonw_key(&a->j, key);
		jsonw_array(&a->j);
		flush(a);
		return;
	}
	a->cells = store_open(&a->table);
	if (a->cells == NULL) {
		a->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		fprintf(a->cells, "%s\t", in_words(columns[i].label));
	fputc('\n', a->cells);
}

static void
cell_begin(struct answer *a)
{
	if (!a->json)
		return;
	if (a->cell == 0)
		jsonw_object(&a->j);
	jsonw_key(&a->j, a->columns[a->cell].key);
}

static void
cell_end(struct answer *a)
{
	bool last = ++a->cell == a->columns_n;

	if (last) {
		a->cell = 0;
		a->rows++;
	}
	if (a->json) {
		if (last)
			jsonw_object_end(&a->j);
		flush(a);
	} else if (last && a->cells != NULL)
		fputc('\n', a->cells);
}

void
answer_cell(struct answer *a, const char *value)
{
	cell_begin(a);
	if (a->json)
		jsonw_string(&a->j, value);
	else if (a->cells != NULL)
		fprintf(a->cells, "%s\t", value);
	cell_end(a);
}

void
answer_cell_int(struct answer *a, int64_t value)
{
	cell_begin(a);
	if (a->json)
		jsonw_int(&a->j, value);
	else if (a->cells != NULL)
		fprintf(a->cells, "%" PRId64 "\t", value);
	cell_end(a);
}

static void
cell_none(struct answer *a)
{
	cell_begin(a);
	if (a->json)
		jsonw_null(&a->j);
	else if (a->cells != NULL)
		fputc('\t', a->cells);
	cell_end(a);
}

void
answer_cell_or_none(struct answer *a, const char *value)
{
	if (value[0] != '\0')
		answer_cell(a, value);
	else
		cell_none(a);
}

void
answer_cell_word_or_none(struct answer *a, const char *token)
{
	answer_cell_or_none(a, answer_word_of(a, token));
}

void
answer_cell_int_or_none(struct answer *a, int64_t value)
{
	if (value != 0)
		answer_cell_int(a, value);
	else
		cell_none(a);
}

/* Calls for each cell; the table was written by answer_cell. */
static void
each_cell(struct answer *a, void (*f)(struct answer *a, struct bytes cell,
    size_t column, size_t *width), size_t *width)
{
	const char *p = a->table.p;
	size_t column = 0;

	while (*p != '\0') {
		size_t n = strcspn(p, "\t\n");

		if (p[n] == '\t')
			f(a, bytes_from(p, n), column++, width);
		else
			column = 0;
		p += n + (p[n] != '\0' ? 1 : 0);
	}
}

static void
measure(struct answer *a, struct bytes cell, size_t column, size_t *width)
{
	size_t n = text_length(cell);

	(void)a;
	if (column < COLUMNS_MAX && n > width[column])
		width[column] = n;
}

static void
print_cell(struct answer *a, struct bytes cell, size_t column, size_t *width)
{
	bool last = column + 1 >= a->columns_n;
	size_t n = text_length(cell);

	/* A row ends where its last word does. */
	if (cell.len > 0) {
		for (; a->blanks > 0; a->blanks--)
			fputc(' ', a->out);
		(void)fwrite(cell.p, 1, cell.len, a->out);
	}
	if (last) {
		a->blanks = 0;
		fputc('\n', a->out);
	} else
		a->blanks += width[column] + 2 - n;
}

void
answer_list_end(struct answer *a)
{
	size_t width[COLUMNS_MAX] = { 0 };

	if (a->json) {
		jsonw_array_end(&a->j);
		flush(a);
		return;
	}
	if (a->cells == NULL)
		return;
	a->cells = NULL;
	if (!store_close(&a->table))
		a->failed = true;
	if (!a->failed && a->table.p != NULL) {
		each_cell(a, measure, width);
		each_cell(a, print_cell, width);
	}
	store_wipe(&a->table);
}

int64_t
answer_rows(const struct answer *a)
{
	return a->rows;
}

bool
answer_is_json(const struct answer *a)
{
	return a->json;
}

void
answer_found(struct answer *a, enum status st)
{
	a->found = st;
}

enum status
answer_status(const struct answer *a)
{
	return a->found;
}

/* The whole object, or its beginning. */
static void
put_failure(FILE *f, enum status st, const struct diag *d, bool whole)
{
	uint8_t room[4096];
	struct buf b = buf_over(room, sizeof(room));
	struct jsonw j = jsonw_to(&b);

	jsonw_object(&j);
	jsonw_field(&j, "result", status_token(st));
	jsonw_field(&j, "error", d->text[0] != '\0' ? d->text :
	    gettext(status_text(st)));
	if (whole) {
		jsonw_object_end(&j);
		buf_put_u8(&b, '\n');
	}
	(void)fwrite(b.p, 1, b.len, f);
}

/* What standard output has of it in between; it outlives the answer. */
static char spool[STORE_ROOM];

enum status
answer_print(struct answer *a, FILE *f, struct diag *d)
{
	size_t skip = 0, put;
	int flushed;

	if (f == stdout)
		(void)setvbuf(f, spool, _IOFBF, sizeof(spool));

	if (a->json) {
		jsonw_object_end(&a->j);
		buf_put_u8(&a->b, '\n');
		flush(a);
	}
	if (fflush(a->out) != 0 || a->failed)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	/* The first words were written before anything was known. */
	if (a->json && a->found != ST_OK) {
		skip = a->head_len;
		put_failure(f, a->found, d, false);
	}
	put = a->text.len == 0 ? 0 : fwrite(a->text.p + skip, 1,
	    a->text.len - skip, f);
	flushed = fflush(f);
	if (f == stdout)
		crypto_wipe(spool, sizeof(spool));
	if (put != a->text.len - skip || flushed != 0)
		return diag_errno(d, ST_IO, _("standard output"));
	return ST_OK;
}

void
answer_print_failure(FILE *f, enum status st, const struct diag *d)
{
	put_failure(f, st, d, true);
	(void)fflush(f);
}
