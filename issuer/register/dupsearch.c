#include "issuer/register/dupsearch.h"

#include <stdlib.h>
#include <string.h>

#define GIVEN_KEPT 2	/* given names that make pairs with surnames */
#define YEARS_BESIDE 1	/* that a search for pairs tries */

/* Two bits of kind, and 45 of which the first are what a search has many
 * neighbours of: the days of a month, the years of a pair of names. They stand
 * beside each other in the register, and are read together. */
enum kind {
	KEY_DAY,	/* days since EPOCH (17), a name (28) */
	KEY_YEAR,	/* two names (36), the year of birth since 1600 (9) */
	KEY_PLACE,	/* two names and the birthplace (45) */
	KEY_NUMBER	/* a document (45) */
};

#define EPOCH INT64_C(-135140)	/* 1600-01-01 */

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

static uint64_t
hash_texts(const char *a, const char *b, int bits)
{
	uint64_t h = UINT64_C(14695981039346656037);

	h = hash_text(hash_text(h, a), b);
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (h ^ (h >> 33)) & ((UINT64_C(1) << bits) - 1);
}

static void
put(struct keys *k, enum kind kind, uint64_t value)
{
	if (k->n < k->cap)
		k->out[k->n++] = (int64_t)((uint64_t)kind << 45 | value);
}

/* Whichever is the given name; "" and what beside them. */
static uint64_t
hash_pair(const struct dup_word *a, const struct dup_word *b,
    const char *beside, int bits)
{
	char two[2 * DUP_WORD + 1];
	bool first = strcmp(a->sound, b->sound) <= 0;
	const char *x = first ? a->sound : b->sound;
	const char *y = first ? b->sound : a->sound;

	memcpy(two, x, strlen(x));
	two[strlen(x)] = '+';
	memcpy(two + strlen(x) + 1, y, strlen(y) + 1);
	return hash_texts(two, beside, bits);
}

static void
put_year(struct keys *k, const struct dup_word *a, const struct dup_word *b,
    int year)
{
	put(k, KEY_YEAR, hash_pair(a, b, "", 36) << 9 |
	    ((uint64_t)(year - 1600) & 511));
}

static void
put_place(struct keys *k, const struct dup_word *a, const struct dup_word *b,
    const char *place)
{
	if (place[0] != '\0')
		put(k, KEY_PLACE, hash_pair(a, b, place, 45));
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
		put(k, KEY_NUMBER, hash_texts(p->document[i], "", 45));
}

static void
put_days(struct keys *k, const struct dup_profile *p, struct date day)
{
	for (size_t i = 0; i < p->words_n; i++)
		if (p->word[i].text[1] != '\0')
			put(k, KEY_DAY, (uint64_t)(date_to_days(day) - EPOCH) <<
			    28 | hash_texts(p->word[i].sound, "", 28));
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
				put_year(&k, &p->word[i], &p->word[j],
				    p->birth.year);
			if (first)
				put_place(&k, &p->word[i], &p->word[j], place);
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
				put_year(&k, &p->word[i], &p->word[j],
				    p->birth.year + y);
			put_place(&k, &p->word[i], &p->word[j], place);
		}
	if (date_valid(p->birth))
		put_days(&k, p, p->birth);
	for (size_t i = 0; i < n; i++)
		put_days(&k, p, variant[i]);
	return sorted_once(&k);
}
