#include "issuer/exchange/line.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/text.h"
#include "issuer/photo/portrait.h"
#include "issuer/register/line.h"

static const char *const words[] = {
#define X(name, column, option, max, label) option,
	PERSON_TABLE(X)
#undef X
	"photo", "household", "relationship", "ref", "error",
};

const char *
column_word(int meaning)
{
	return words[meaning];
}

void
column_place(const char *name, size_t number, char out[COLUMN_PLACE])
{
	char at[24] = "";

	if (number > 0)
		(void)snprintf(at, sizeof(at), "%s(%zu)",
		    name[0] != '\0' ? " " : "", number);
	(void)snprintf(out, COLUMN_PLACE, "%.50s%s", name, at);
}

size_t
column_number(const struct columns *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(words[c->meaning[i]], name) == 0)
			return i + 1;
	return 0;
}

enum status
columns_read(const struct csv *c, struct columns *out, struct diag *d)
{
	bool seen[LINE_MEANINGS] = { false };
	char called[64], place[COLUMN_PLACE];

	out->n = c->n;
	for (size_t i = 0; i < c->n; i++) {
		struct bytes name = line_trim(csv_plain(c->field[i]));
		int m = 0;

		while (m < LINE_MEANINGS && !bytes_equal_text(name, words[m]))
			m++;
		(void)snprintf(called, sizeof(called), "%.*s",
		    (int)(name.len < 60 ? name.len : 60), name.p);
		column_place(called, i + 1, place);
		if (name.len == 0)
			return diag_set(d, ST_DATA,
			    _("line %" PRIu64 ", column %s: has no name; write one in the first line"),
			    c->line, place);
		if (m == LINE_MEANINGS)
			return diag_set(d, ST_DATA,
			    _("line %" PRIu64 ", column %s: is not known here; columns are called as the options of person add, and photo, household, relationship, ref"),
			    c->line, place);
		if (seen[m])
			return diag_set(d, ST_DATA,
			    _("line %" PRIu64 ", column %s: is there twice; take one away"),
			    c->line, place);
		seen[m] = true;
		out->meaning[i] = m;
	}
	return ST_OK;
}

static bool
at_fault(struct fault *f, const char *column, const char *text)
{
	(void)snprintf(f->column, sizeof(f->column), "%s", column);
	(void)snprintf(f->text, sizeof(f->text), "%s", text);
	return false;
}

/* "--birth-date: not a date ..." is told of the column birth-date. */
static bool
told(struct fault *f, const char *column, const struct diag *d)
{
	const char *text = d->text, *colon = strstr(text, ": ");
	char name[40];
	size_t n;

	if (strncmp(text, "--", 2) != 0 || colon == NULL)
		return at_fault(f, column, text);
	n = strcspn(text + 2, ":,");
	(void)snprintf(name, sizeof(name), "%.*s", (int)n, text + 2);
	return at_fault(f, name, colon + 2);
}

static bool
take_key(struct bytes b, const char *column, char out[LINE_KEY],
    struct fault *f)
{
	if (text_is_printable(b) && bytes_to_text(b, out, LINE_KEY))
		return true;
	out[0] = '\0';
	return at_fault(f, column,
	    _("not plain text of 127 bytes at most; shorten it"));
}

static bool
take_relationship(const char *value, struct line *out, struct fault *f)
{
	enum relationship rel;

	out->relationship = -1;
	if (strcmp(value, "head") == 0)
		out->relationship = 0;
	else if (relationship_parse(value, &rel))
		out->relationship = (int)rel;
	else if (value[0] != '\0')
		return at_fault(f, words[LINE_RELATIONSHIP],
		    _("give head, spouse, child, parent, sibling, grandparent, dependant or ward"));
	return true;
}

/* No part of a path: what is named lies in the folder itself. */
static bool
take_photo(struct bytes b, struct line *out, struct fault *f)
{
	if (!text_is_printable(b) ||
	    !bytes_to_text(b, out->photo, sizeof(out->photo)) ||
	    strchr(out->photo, '/') != NULL || out->photo[0] == '.') {
		out->photo[0] = '\0';
		return at_fault(f, words[LINE_PHOTO],
		    _("give the name of a file in the folder of --photos, without a path"));
	}
	return true;
}

static bool
take_value(int meaning, struct bytes raw, struct line *out, struct fault *f)
{
	struct bytes b = line_trim(raw);
	char value[CSV_FIELD_MAX + 1];
	struct diag d = { "" };

	switch (meaning) {
	case LINE_REF:
		return take_key(b, words[meaning], out->ref, f);
	case LINE_HOUSEHOLD:
		return take_key(b, words[meaning], out->household, f);
	case LINE_PHOTO:
		return b.len == 0 || take_photo(b, out, f);
	case LINE_ERROR:
		return true;
	default:
		break;
	}
	if (!bytes_to_text(b, value, sizeof(value)))
		return at_fault(f, words[meaning], _("not plain text"));
	if (meaning == LINE_RELATIONSHIP)
		return take_relationship(value, out, f);
	return person_set(&out->person, (enum person_field)meaning, value,
	    &d) == ST_OK || told(f, words[meaning], &d);
}

static bool
take_broken(const struct csv *c, const struct columns *columns,
    struct fault *f)
{
	bool known = c->error_field < columns->n;

	f->line = c->error_line;
	f->number = c->error_field + 1;
	f->character = c->error_column;
	return at_fault(f, known ? words[columns->meaning[c->error_field]] :
	    "", c->error);
}

static bool
check_household(const struct line *l, struct fault *f)
{
	if (l->household[0] != '\0' && l->relationship < 0)
		return at_fault(f, words[LINE_RELATIONSHIP],
		    _("who is in a household is its head, or the head's spouse, child, parent, sibling, grandparent, dependant or ward; say which"));
	if (l->household[0] == '\0' && l->relationship >= 0)
		return at_fault(f, words[LINE_HOUSEHOLD],
		    _("a relationship without a household; give the lines of one household the same key"));
	return true;
}

bool
line_read(const struct csv *c, const struct columns *columns,
    const struct line_rules *rules, struct line *out, struct fault *f)
{
	struct person *p = &out->person;
	struct diag d = { "" };
	bool good = true;

	memset(out, 0, sizeof(*out));
	out->relationship = -1;
	*f = (struct fault){ .line = c->line };
	if (c->error == NULL && c->n != columns->n) {
		(void)snprintf(d.text, sizeof(d.text),
		    _("%zu fields where the first line has %zu; is a delimiter missing, or one too many, or a quote?"),
		    c->n, columns->n);
		good = at_fault(f, "", d.text);
	}
	/* The first fault is the one told; the keys are read all the same. */
	for (size_t i = 0; i < c->n && i < columns->n; i++) {
		int m = columns->meaning[i];

		if (good || m == LINE_REF || m == LINE_HOUSEHOLD) {
			struct fault second = *f;

			if (!take_value(m, csv_plain(c->field[i]), out,
			    good ? f : &second))
				good = false;
		}
	}
	if (c->error != NULL)
		return take_broken(c, columns, f);
	if (!good || !check_household(out, f))
		return false;
	if (p->field[PERSON_DISTRICT][0] == '\0')
		(void)snprintf(p->field[PERSON_DISTRICT], REG_TEXT, "%s",
		    rules->district);
	return person_check(p, rules->today, &d) == ST_OK || told(f, "", &d);
}

bool
line_photo(const struct line_rules *rules, bool make, struct line *out,
    struct fault *f)
{
	struct diag d = { "" };
	uint8_t *file = NULL;
	struct stat sb;
	size_t len = 0;
	enum status st = ST_OK;
	int fd;

	if (out->photo[0] == '\0')
		return true;
	if (rules->photos < 0)
		return at_fault(f, words[LINE_PHOTO],
		    _("say where the photos are: --photos FOLDER"));
	fd = openat(rules->photos, out->photo,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ELOOP)
		return at_fault(f, words[LINE_PHOTO],
		    _("is a link, and may lead anywhere; put the file itself there"));
	if (fd < 0)
		st = diag_errno(&d, ST_IO, out->photo);
	else if (fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode))
		st = diag_set(&d, ST_DATA, _("%s: not a plain file"),
		    out->photo);
	if (st == ST_OK && (st = file_read_fd(fd, out->photo, PHOTO_FILE_MAX,
	    &file, &len, &d)) == ST_OK)
		st = portrait_make(bytes_from(file, len), out->photo,
		    make ? &out->image : NULL, &out->image_len, &d);
	if (fd >= 0)
		close(fd);
	free(file);
	return st == ST_OK || at_fault(f, words[LINE_PHOTO], d.text);
}

void
line_free(struct line *l)
{
	free(l->image);
	l->image = NULL;
	l->image_len = 0;
}
