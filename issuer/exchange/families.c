#include "issuer/exchange/families.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/register/register.h"

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

const char *
family_fault(const struct family *f)
{
	if (f->broken)
		return _("another line of this household cannot be imported; correct that one, and import all of them together");
	if (f->heads == 0)
		return _("the household has no head; write head as the relationship of one of its lines");
	if (f->heads > 1)
		return _("the household has more than one head; write head in one of its lines only");
	if (f->members == 0)
		return _("the household has a head and nobody else; give its members the same key, or leave both columns empty");
	if (f->members > REG_HOUSEHOLD_MAX)
		return _("the household has too many members; divide it");
	return NULL;
}
