#include "issuer/register/dupscore.h"

#include <stdio.h>
#include <string.h>

#define BIT(reason) (UINT32_C(1) << (reason))

/* What each says, in tenths of a bit; tests/bench/bench_register.c measures
 * what comes of them. */
enum {
	W_LIKE_COST = 10,		/* a word that sounds the same */
	W_LETTER_COST = 25,	/* one letter off, or the same consonants */
	W_LETTERS_COST = 40,	/* two letters off, or the beginning alone */
	W_ROLE_COST = 15,		/* a given name here, a surname there */
	W_LEAST_GAIN = 5,
	W_GIVEN_OTHER = -90,	/* no given name in common */
	W_GIVEN_SECOND = -45,	/* one in common, another not */
	W_SURNAME_OTHER = -60,
	W_SURNAME_SECOND = -35,
	W_BIRTH_SAME = 140,	/* one day of seventy years */
	W_BIRTH_SWAPPED = 100,
	W_BIRTH_DIGIT = 80,
	W_BIRTH_FIRST = 50,
	W_BIRTH_PART = 40,
	W_BIRTH_OTHER = -90,
	W_PLACE_SAME = 45,
	W_PLACE_LIKE = 25,
	W_PLACE_OTHER = -15,
	W_SEX_SAME = 10,
	W_SEX_OTHER = -40,
	W_DOCUMENT = 200,
	W_WHOLE = 400		/* a score of 100 */
};

static const struct {
	const char *token, *text;
} reason_rows[] = {
#define X(name, token, text) { token, text },
	DUP_REASON_TABLE(X)
#undef X
};

const char *
dup_reason_token(enum dup_reason reason)
{
	return reason_rows[reason].token;
}

const char *
dup_reason_text(enum dup_reason reason)
{
	return reason_rows[reason].text;
}

void
dup_reasons_format(uint32_t reasons, char out[DUP_REASONS_TEXT])
{
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < DUP_REASONS; i++) {
		int n;

		if ((reasons & BIT(i)) == 0)
			continue;
		n = snprintf(out + used, DUP_REASONS_TEXT - used, "%s%s",
		    used > 0 ? " " : "", reason_rows[i].token);
		if (n < 0 || (size_t)n >= DUP_REASONS_TEXT - used)
			return;
		used += (size_t)n;
	}
}

uint32_t
dup_reasons_parse(const char *tokens)
{
	uint32_t set = 0;

	for (const char *p = tokens; *p != '\0';) {
		size_t len = strcspn(p, " ");

		for (int i = 0; i < DUP_REASONS; i++)
			if (bytes_equal_text(bytes_from(p, len),
			    reason_rows[i].token))
				set |= BIT(i);
		p += len + (p[len] == ' ');
	}
	return set;
}

/* ---- names ---------------------------------------------------------------- */

enum likeness { OTHER, LETTERS, LETTER, LIKE, SAME };

static enum likeness
compare_words(const struct dup_word *a, const struct dup_word *b)
{
	size_t n = strlen(a->text), m = strlen(b->text), brief;
	int apart;

	if (strcmp(a->text, b->text) == 0)
		return SAME;
	if (n > 2 && m > 2 && strcmp(a->like, b->like) == 0)
		return LIKE;
	apart = dup_distance(a->text, b->text);
	if (apart == 1 && n > 2 && m > 2)
		return LETTER;
	if (apart == 2 && n > 3 && m > 3 && strcmp(a->sound, b->sound) == 0)
		return LETTER;
	if (apart == 2 && (n > m ? n : m) > 5)
		return LETTERS;
	/* "M." for María, "Fran" for Francisco. */
	brief = n < m ? n : m;
	if ((brief == 1 || brief > 2) && strncmp(a->text, b->text, brief) == 0)
		return LETTERS;
	return OTHER;
}

static bool
is_given(const struct dup_word *w)
{
	return w->role == DUP_GIVEN;
}

static int
gain_of(const struct dup_word *a, const struct dup_word *b,
    enum likeness likeness)
{
	static const int cost[] = { [OTHER] = 0, [LETTERS] = W_LETTERS_COST,
	    [LETTER] = W_LETTER_COST, [LIKE] = W_LIKE_COST, [SAME] = 0 };
	int gain = a->rarity < b->rarity ? a->rarity : b->rarity;

	gain -= cost[likeness];
	if (is_given(a) != is_given(b))
		gain -= W_ROLE_COST;
	return gain > W_LEAST_GAIN ? gain : W_LEAST_GAIN;
}

/* Which words of two persons are taken for one another. */
struct pairing {
	const struct dup_profile *a, *b;
	bool used_a[DUP_WORDS], used_b[DUP_WORDS];
	int gain;
	int matched[2], crossed;	/* given names, surnames; one and other */
	bool inexact, moved, maiden;
};

static void
take_pair(struct pairing *p, size_t i, size_t j, enum likeness likeness)
{
	const struct dup_word *a = &p->a->word[i], *b = &p->b->word[j];

	p->used_a[i] = p->used_b[j] = true;
	p->gain += gain_of(a, b, likeness);
	p->inexact = p->inexact || likeness != SAME;
	if (is_given(a) != is_given(b))
		p->crossed++;
	else
		p->matched[!is_given(a)]++;
	if ((a->role == DUP_MAIDEN) != (b->role == DUP_MAIDEN))
		p->maiden = true;
	else if (a->role != b->role)
		p->moved = true;
}

/* The best pair of words that are left, again and again. */
static void
pair_words(struct pairing *p)
{
	uint8_t like[DUP_WORDS][DUP_WORDS];

	for (size_t i = 0; i < p->a->words_n; i++)
		for (size_t j = 0; j < p->b->words_n; j++)
			like[i][j] = (uint8_t)compare_words(&p->a->word[i],
			    &p->b->word[j]);
	for (;;) {
		size_t bi = 0, bj = 0;
		int best = 0;

		for (size_t i = 0; i < p->a->words_n; i++)
			for (size_t j = 0; j < p->b->words_n; j++) {
				const struct dup_word *a = &p->a->word[i];
				const struct dup_word *b = &p->b->word[j];
				int worth;

				if (p->used_a[i] || p->used_b[j] ||
				    like[i][j] == OTHER)
					continue;
				worth = like[i][j] * 4 +
				    (is_given(a) == is_given(b)) * 2 +
				    (a->role == b->role);
				if (worth > best) {
					best = worth;
					bi = i;
					bj = j;
				}
			}
		if (best == 0)
			return;
		take_pair(p, bi, bj, (enum likeness)like[bi][bj]);
	}
}

/* Of one kind, in one person, without its like in the other. A maiden name is
 * one more chance and no claim. */
static int
left_over(const struct dup_profile *a, const bool *used, bool given)
{
	int n = 0;

	for (size_t i = 0; i < a->words_n; i++)
		n += !used[i] && is_given(&a->word[i]) == given &&
		    a->word[i].role != DUP_MAIDEN;
	return n;
}

/* Written together in one and apart in the other: all words of the kind are
 * taken for one another. */
static bool
join_words(struct pairing *p, bool given)
{
	const char *a = p->a->joined[!given], *b = p->b->joined[!given];
	int rarest = 0;

	if (strlen(a) < 6 || dup_distance(a, b) > 1)
		return false;
	for (size_t i = 0; i < p->a->words_n; i++)
		if (is_given(&p->a->word[i]) == given && !p->used_a[i]) {
			p->used_a[i] = true;
			if (p->a->word[i].rarity > rarest)
				rarest = p->a->word[i].rarity;
		}
	for (size_t i = 0; i < p->b->words_n; i++)
		if (is_given(&p->b->word[i]) == given)
			p->used_b[i] = true;
	p->gain += rarest;
	p->matched[!given]++;
	p->inexact = true;
	return true;
}

static int
weigh_kind(struct pairing *p, bool given, uint32_t *reasons)
{
	int a = left_over(p->a, p->used_a, given);
	int b = left_over(p->b, p->used_b, given);
	bool some = p->matched[!given] + p->crossed > 0;

	if (a > 0 && b > 0 && join_words(p, given))
		return 0;
	if (a == 0 || b == 0) {
		if (a + b > 0)
			*reasons |= BIT(DUP_NAME_MISSING);
		return 0;
	}
	*reasons |= BIT(given ? DUP_GIVEN_OTHER : DUP_SURNAME_OTHER);
	if (given)
		return some ? W_GIVEN_SECOND : W_GIVEN_OTHER;
	return some ? W_SURNAME_SECOND : W_SURNAME_OTHER;
}

static int
weigh_names(const struct dup_profile *a, const struct dup_profile *b,
    uint32_t *reasons)
{
	struct pairing p = { .a = a, .b = b };
	uint32_t other = 0;
	int bits;

	pair_words(&p);
	bits = weigh_kind(&p, true, &other);
	bits += weigh_kind(&p, false, &other);
	if (p.inexact)
		*reasons |= BIT(DUP_NAMES_LIKE);
	else if (other == 0)
		*reasons |= BIT(DUP_NAMES_SAME);
	if (p.moved)
		*reasons |= BIT(DUP_NAME_ORDER);
	if (p.maiden)
		*reasons |= BIT(DUP_MAIDEN_NAME);
	*reasons |= other;
	return bits + p.gain;
}

/* ---- the rest ------------------------------------------------------------- */

static int
weigh_birth(const struct dup_profile *a, const struct dup_profile *b,
    uint32_t *reasons)
{
	static const struct {
		int bits;
		enum dup_reason reason;
	} says[] = {
		[DUP_DATE_SAME] = { W_BIRTH_SAME, DUP_BIRTH_SAME },
		[DUP_DATE_SWAPPED] = { W_BIRTH_SWAPPED, DUP_BIRTH_SWAPPED },
		[DUP_DATE_DIGIT] = { W_BIRTH_DIGIT, DUP_BIRTH_DIGIT },
		[DUP_DATE_FIRST] = { W_BIRTH_FIRST, DUP_BIRTH_PART },
		[DUP_DATE_PART] = { W_BIRTH_PART, DUP_BIRTH_PART },
		[DUP_DATE_OTHER] = { W_BIRTH_OTHER, DUP_BIRTH_OTHER },
	};
	enum dup_date is;

	if (!date_valid(a->birth) || !date_valid(b->birth))
		return 0;
	is = dup_date_compare(a->birth, b->birth);
	*reasons |= BIT(says[is].reason);
	return says[is].bits;
}

/* Some word of four letters and more in both, a letter apart at most. */
static bool
share_word(const char *a, const char *b)
{
	char x[DUP_WORD], y[DUP_WORD];

	for (const char *p = a; *p != '\0';) {
		size_t n = strcspn(p, " ");

		for (const char *q = b; n > 3 && n < DUP_WORD && *q != '\0';) {
			size_t m = strcspn(q, " ");

			if (m > 3 && m < DUP_WORD) {
				(void)snprintf(x, sizeof(x), "%.*s", (int)n, p);
				(void)snprintf(y, sizeof(y), "%.*s", (int)m, q);
				if (dup_distance(x, y) < 2)
					return true;
			}
			q += m + (q[m] == ' ');
		}
		p += n + (p[n] == ' ');
	}
	return false;
}

static int
weigh_place(const struct dup_profile *a, const struct dup_profile *b,
    uint32_t *reasons)
{
	if (a->place[0] == '\0' || b->place[0] == '\0')
		return 0;
	if (strcmp(a->place, b->place) == 0) {
		*reasons |= BIT(DUP_PLACE_SAME);
		return W_PLACE_SAME;
	}
	if (share_word(a->place, b->place)) {
		*reasons |= BIT(DUP_PLACE_LIKE);
		return W_PLACE_LIKE;
	}
	*reasons |= BIT(DUP_PLACE_OTHER);
	return W_PLACE_OTHER;
}

static int
weigh_sex(const struct dup_profile *a, const struct dup_profile *b,
    uint32_t *reasons)
{
	if (a->sex == '\0' || b->sex == '\0' || a->sex == 'X' || b->sex == 'X')
		return 0;
	if (a->sex == b->sex)
		return W_SEX_SAME;
	*reasons |= BIT(DUP_SEX_OTHER);
	return W_SEX_OTHER;
}

static int
weigh_documents(const struct dup_profile *a, const struct dup_profile *b,
    uint32_t *reasons)
{
	for (size_t i = 0; i < a->documents_n; i++)
		for (size_t j = 0; j < b->documents_n; j++)
			if (strcmp(a->document[i], b->document[j]) == 0) {
				*reasons |= BIT(DUP_DOCUMENT);
				return W_DOCUMENT;
			}
	return 0;
}

int
dup_score(const struct dup_profile *a, const struct dup_profile *b,
    uint32_t *reasons)
{
	int bits;

	*reasons = 0;
	bits = weigh_names(a, b, reasons) + weigh_birth(a, b, reasons) +
	    weigh_place(a, b, reasons) + weigh_sex(a, b, reasons) +
	    weigh_documents(a, b, reasons);
	if (bits <= 0)
		return 0;
	return bits >= W_WHOLE ? 100 : bits * 100 / W_WHOLE;
}
