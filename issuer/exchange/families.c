#include "issuer/exchange/families.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/register/household.h"

struct families {
	void *tree;		/* of struct family, by key */
	struct family *all;
};

static int
by_key(const void *a, const void *b)
{
	const struct family *x = a, *y = b;

	return strcmp(x->key, y->key);
}

struct families *
families_new(void)
{
	return calloc(1, sizeof(struct families));
}

static void
keep(void *node)
{
	(void)node;	/* the list frees it */
}

void
families_free(struct families *f)
{
	struct family *next;

	if (f == NULL)
		return;
	tdestroy(f->tree, keep);
	for (struct family *x = f->all; x != NULL; x = next) {
		next = x->next;
		free(x);
	}
	free(f);
}

struct family *
families_of(struct families *f, const char *key)
{
	struct family probe = { .key = key }, *new;
	struct family **found = tfind(&probe, &f->tree, by_key);
	size_t len = strlen(key) + 1;
	char *copy;

	if (found != NULL)
		return *found;
	if ((new = calloc(1, sizeof(*new) + len)) == NULL)
		return NULL;
	copy = (char *)(new + 1);
	memcpy(copy, key, len);
	new->key = copy;
	if (tsearch(new, &f->tree, by_key) == NULL) {
		free(new);
		return NULL;
	}
	new->next = f->all;
	f->all = new;
	return new;
}

struct family *
families_all(struct families *f)
{
	return f->all;
}

void
family_take(struct family *f, enum relationship rel, struct date birth)
{
	/* A child is born after the head, the others before: of each the one
	 * who is judged hardest. */
	if (rel == 0) {
		f->heads++;
		f->head_birth = birth;
		return;
	}
	f->members++;
	if (f->of[rel].year == 0 || (rel == REL_CHILD ?
	    date_compare(birth, f->of[rel]) < 0 :
	    date_compare(birth, f->of[rel]) > 0))
		f->of[rel] = birth;
}

const char *
family_line_fault(const struct family *f, enum relationship rel,
    struct date birth, struct date today)
{
	return f->broken || f->heads != 1 ? NULL :
	    household_age_fault(rel, f->head_birth, birth, today);
}

static bool
ages_fit(const struct family *f, struct date today)
{
	for (int rel = REL_SPOUSE; rel <= REL_WARD; rel++)
		if (f->of[rel].year != 0 && family_line_fault(f,
		    (enum relationship)rel, f->of[rel], today) != NULL)
			return false;
	return true;
}

bool
family_follows(const struct family *f, struct date today)
{
	return f->broken || !ages_fit(f, today);
}

const char *
family_fault(const struct family *f, struct date today)
{
	if (family_follows(f, today))
		return _("another line of this household cannot be imported; correct that one, and import all of them together");
	if (f->heads == 0)
		return _("the household has no head; write head as the relationship of one of its lines");
	if (f->heads > 1)
		return _("the household has more than one head; write head in one of its lines only");
	if (f->members > REG_HOUSEHOLD_MAX)
		return _("the household has too many members; divide it");
	return NULL;
}
