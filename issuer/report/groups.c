#include "issuer/report/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

#define NO_ROW SIZE_MAX

/* A spelling, and under which letters it is gathered. */
struct spelling {
	char folded[REG_TEXT * 2];
	struct group *group;
	size_t first;		/* of its kind, in order of letters */
	int64_t all;		/* of its kind together, in the first */
	const char *name;	/* the most frequent, in the first */
};

static size_t
hash(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 32);
}

static struct group **
place_of(struct group **slot, size_t slots, const char *text)
{
	size_t i = hash(text) % slots;

	while (slot[i] != NULL && strcmp(slot[i]->text, text) != 0)
		i = (i + 1) % slots;
	return &slot[i];
}

static bool
grow(struct groups *g)
{
	size_t slots = g->slots * 2 + 64;
	struct group **more = calloc(slots, sizeof(*more));

	if (more == NULL)
		return false;
	for (size_t i = 0; i < g->slots; i++)
		if (g->slot[i] != NULL)
			*place_of(more, slots, g->slot[i]->text) = g->slot[i];
	free(g->slot);
	g->slot = more;
	g->slots = slots;
	return true;
}

struct group *
groups_of(struct groups *g, const char *text)
{
	struct group **at, *new;

	if (g->n * 4 >= g->slots * 3 && !grow(g))
		return NULL;
	at = place_of(g->slot, g->slots, text);
	if (*at != NULL)
		return *at;
	new = calloc(1, sizeof(*new));
	if (new == NULL || (new->text = strdup(text)) == NULL) {
		free(new);
		return NULL;
	}
	new->row = NO_ROW;
	g->n++;
	return *at = new;
}

void
groups_free(struct groups *g)
{
	for (size_t i = 0; i < g->slots; i++)
		if (g->slot[i] != NULL) {
			free(g->slot[i]->text);
			free(g->slot[i]);
		}
	free(g->slot);
	*g = (struct groups){ .slots = 0 };
}

static int
by_letters(const void *a, const void *b)
{
	const struct spelling *x = a, *y = b;
	int order = strcmp(x->folded, y->folded);

	return order != 0 ? order : strcmp(x->group->text, y->group->text);
}

static int
by_number(const void *a, const void *b)
{
	const struct spelling *const *x = a, *const *y = b;

	if ((*x)->all != (*y)->all)
		return (*x)->all > (*y)->all ? -1 : 1;
	return strcmp((*x)->folded, (*y)->folded);
}

static struct spelling *
spellings(struct groups *g)
{
	struct spelling *s = calloc(g->n + 1, sizeof(*s));
	size_t n = 0;

	for (size_t i = 0; s != NULL && i < g->slots; i++) {
		struct group *group = g->slot[i];

		if (group == NULL)
			continue;
		s[n].group = group;
		/* What has no letter that folds is gathered as it is. */
		if (!text_mrz_fold(bytes_text(group->text), s[n].folded,
		    sizeof(s[n].folded)) || s[n].folded[0] == '\0')
			(void)snprintf(s[n].folded, sizeof(s[n].folded), "%s",
			    group->text);
		n++;
	}
	if (s != NULL)
		qsort(s, n, sizeof(*s), by_letters);
	return s;
}

/* Sums each kind in its first spelling; the firsts go to `kind`. */
static size_t
gather(struct spelling *s, size_t n, struct spelling **kind)
{
	size_t kinds = 0;
	int64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		struct spelling *first;

		s[i].first = i;
		if (i > 0 && strcmp(s[i].folded, s[i - 1].folded) == 0)
			s[i].first = s[i - 1].first;
		else {
			kind[kinds++] = &s[i];
			most = -1;
		}
		first = &s[s[i].first];
		first->all += s[i].group->sum;
		if (s[i].group->sum > most) {
			most = s[i].group->sum;
			first->name = s[i].group->text;
		}
	}
	qsort(kind, kinds, sizeof(struct spelling *), by_number);
	return kinds;
}

static size_t
add_row(struct report *p, const char *text, bool word)
{
	(void)snprintf(p->row[p->rows].text, REG_TEXT, "%s", text);
	p->row[p->rows].word = word;
	return p->rows++;
}

bool
groups_fold(struct groups *g, struct report *p, size_t most)
{
	struct spelling *s = spellings(g);
	struct spelling **kind = calloc(g->n + 1, sizeof(struct spelling *));
	size_t kinds, other = NO_ROW;
	bool done = false;

	if (s == NULL || kind == NULL)
		goto out;
	kinds = gather(s, g->n, kind);
	for (size_t i = 0; i < kinds && p->rows < most; i++)
		if (kind[i]->folded[0] != '\0' &&
		    kind[i]->all >= REPORT_ROW_LEAST)
			kind[i]->group->row = add_row(p, kind[i]->name, false);
	for (size_t i = 0; i < kinds; i++)
		if (kind[i]->folded[0] == '\0')
			kind[i]->group->row = add_row(p, "not-stated", true);
	for (size_t i = 0; i < kinds; i++)
		if (kind[i]->group->row == NO_ROW) {
			if (other == NO_ROW)
				other = add_row(p, "other", true);
			kind[i]->group->row = other;
		}
	for (size_t i = 0; i < g->n; i++)
		s[i].group->row = s[s[i].first].group->row;
	done = true;
out:
	free(s);
	free(kind);
	return done;
}

bool
groups_place(struct groups *g, struct report *p)
{
	for (size_t i = 0; i < g->slots; i++)
		if (g->slot[i] != NULL && g->slot[i]->row == NO_ROW) {
			if (p->rows == TABLE_ROWS_MAX)
				return false;
			g->slot[i]->row = add_row(p, g->slot[i]->text, true);
		}
	return true;
}
