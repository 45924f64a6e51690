#include "issuer/register/dupsearch.h"

#include <stdlib.h>
#include <string.h>

#define GIVEN_KEPT 2	/* given names that make pairs with surnames */
#define YEARS_BESIDE 1	/* that a search for pairs tries */

enum kind {
	KEY_DAY = 1,	/* a name and the date of birth */
	KEY_YEAR,	/* two names and its year */
	KEY_PLACE,	/* two names and the birthplace */
	KEY_NUMBER	/* a document */
};

struct keys {
	int64_t *out;
	size_t n, cap;
};

/* FNV-1a, whose high bits are mixed in at the end. */
static uint64_t
hash_text(uint64_t h, const char *s)
{
	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * UINT64_C(1099511628211);
	return (h ^ 0xff) * UINT64_C(1099511628211);
}

static void
put(struct keys *k, enum kind kind, const char *a, const char *b, int64_t value)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)kind;

	if (k->n == k->cap)
		return;
	h = hash_text(hash_text(h, a), b) ^ (uint64_t)value;
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	k->out[k->n++] = (int64_t)((h ^ (h >> 33)) & INT64_C(0x7fffffffffff));
}

/* Whichever is the given name. */
static void
put_pair(struct keys *k, enum kind kind, const struct dup_word *a,
    const struct dup_word *b, const char *place, int64_t value)
{
	char two[2 * DUP_WORD + 1];
	bool first = strcmp(a->sound, b->sound) <= 0;
	const char *x = first ? a->sound : b->sound;
	const char *y = first ? b->sound : a->sound;

	memcpy(two, x, strlen(x));
	two[strlen(x)] = '+';
	memcpy(two + strlen(x) + 1, y, strlen(y) + 1);
	put(k, kind, two, place, value);
}

static int
ascending(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static size_t
sorted_once(struct keys *k)
{
	size_t n = 0;

	qsort(k->out, k->n, sizeof(k->out[0]), ascending);
	for (size_t i = 0; i < k->n; i++)
		if (n == 0 || k->out[n - 1] != k->out[i])
			k->out[n++] = k->out[i];
	return n;
}

/* How the longest word of the birthplace sounds: "León", "Ciudad de León". */
static void
place_sound(const struct dup_profile *p, char out[DUP_WORD])
{
	char word[DUP_WORD] = "";

	for (const char *at = p->place; *at != '\0';) {
		size_t n = strcspn(at, " ");

		if (n > strlen(word) && n < sizeof(word)) {
			memcpy(word, at, n);
			word[n] = '\0';
		}
		at += n + (at[n] == ' ');
	}
	dup_sound(word, false, out);
}

static void
put_numbers(struct keys *k, const struct dup_profile *p)
{
	for (size_t i = 0; i < p->documents_n; i++)
		put(k, KEY_NUMBER, p->document[i], "", 0);
}

static void
put_days(struct keys *k, const struct dup_profile *p, struct date day)
{
	for (size_t i = 0; i < p->words_n; i++)
		if (p->word[i].text[1] != '\0')
			put(k, KEY_DAY, p->word[i].sound, "", date_to_days(day));
}

size_t
dup_keys(const struct dup_profile *p, int64_t out[DUP_KEYS_MAX])
{
	struct keys k = { out, 0, DUP_KEYS_MAX };
	char place[DUP_WORD];
	bool dated = date_valid(p->birth), first = true;
	size_t given = 0;

	put_numbers(&k, p);
	if (dated)
		put_days(&k, p, p->birth);
	place_sound(p, place);
	for (size_t i = 0; i < p->words_n; i++) {
		if (p->word[i].role != DUP_GIVEN || given++ == GIVEN_KEPT)
			break;
		for (size_t j = i + 1; j < p->words_n; j++) {
			if (p->word[j].role == DUP_GIVEN)
				continue;
			if (dated)
				put_pair(&k, KEY_YEAR, &p->word[i],
				    &p->word[j], "", p->birth.year);
			if (first && place[0] != '\0')
				put_pair(&k, KEY_PLACE, &p->word[i],
				    &p->word[j], place, 0);
			first = false;
		}
	}
	return sorted_once(&k);
}

size_t
dup_probes(const struct dup_profile *p, int64_t out[DUP_PROBES_MAX])
{
	struct keys k = { out, 0, DUP_PROBES_MAX };
	struct date variant[DUP_VARIANTS];
	size_t n = dup_date_variants(p->birth, variant);
	char place[DUP_WORD];

	put_numbers(&k, p);
	place_sound(p, place);
	for (size_t i = 0; i < p->words_n; i++)
		for (size_t j = i + 1; j < p->words_n; j++) {
			for (int y = -YEARS_BESIDE; y <= YEARS_BESIDE; y++)
				put_pair(&k, KEY_YEAR, &p->word[i],
				    &p->word[j], "", p->birth.year + y);
			if (place[0] != '\0')
				put_pair(&k, KEY_PLACE, &p->word[i],
				    &p->word[j], place, 0);
		}
	if (date_valid(p->birth))
		put_days(&k, p, p->birth);
	for (size_t i = 0; i < n; i++)
		put_days(&k, p, variant[i]);
	return sorted_once(&k);
}
