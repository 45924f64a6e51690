#include <stdio.h>
#include <string.h>

#include "issuer/register/dupscore.h"

/* As much as goes in. */
static void
cut_fold(const char *text, char *out, size_t cap)
{
	char folded[REG_FOLDED];

	out[0] = '\0';
	if (dup_fold(text, folded, sizeof(folded)))
		(void)snprintf(out, cap, "%.*s", (int)cap - 1, folded);
}

/* What a name is when its blanks are forgotten: "Jean-Pierre", "Jeanpierre". */
static void
join_on(const char *name, char *out)
{
	char folded[REG_FOLDED];
	size_t n = strlen(out);

	if (!dup_fold(name, folded, sizeof(folded)))
		return;
	for (const char *p = folded; *p != '\0' && n + 1 < DUP_JOINED; p++)
		if (*p != ' ')
			out[n++] = *p;
	out[n] = '\0';
}

void
dup_profile_make(const char *given, const char *surname1, const char *surname2,
    const char *maiden, const char *birth_date, const char *birth_place,
    const char *sex, struct dup_profile *out)
{
	const struct {
		const char *name;
		size_t max;	/* words of it */
	} part[] = {
		[DUP_GIVEN] = { given, 4 }, [DUP_SURNAME1] = { surname1, 3 },
		[DUP_SURNAME2] = { surname2, 3 }, [DUP_MAIDEN] = { maiden, 2 },
	};

	memset(out, 0, sizeof(*out));
	for (int r = DUP_GIVEN; r <= DUP_MAIDEN; r++) {
		out->words_n += dup_words(part[r].name, (enum dup_role)r,
		    out->word + out->words_n, part[r].max);
		if (r != DUP_MAIDEN)
			join_on(part[r].name, out->joined[r != DUP_GIVEN]);
	}
	if (!date_parse(bytes_text(birth_date), &out->birth))
		out->birth = (struct date){ 0, 0, 0 };
	out->sex = sex[0];
	cut_fold(birth_place, out->place, sizeof(out->place));
}

static void
add_number(struct dup_profile *p, const char *number, size_t len)
{
	bool digit = false;

	if (len < DUP_NUMBER_LEAST || len >= DUP_NUMBER ||
	    p->documents_n == DUP_DOCUMENTS)
		return;
	for (size_t i = 0; i < len; i++)
		digit = digit || (number[i] >= '0' && number[i] <= '9');
	if (!digit)
		return;
	for (size_t i = 0; i < p->documents_n; i++)
		if (bytes_equal_text(bytes_from(number, len), p->document[i]))
			return;
	memcpy(p->document[p->documents_n++], number, len);
}

void
dup_profile_numbers(struct dup_profile *p, const char *text)
{
	char word[DUP_NUMBER], folded[REG_FOLDED];

	for (const char *at = text; *at != '\0';) {
		size_t len = strcspn(at, " ,;"), n = 0;

		/* Hyphens within a number are how somebody wrote it. */
		if (len < sizeof(word) &&
		    bytes_to_text(bytes_from(at, len), word, sizeof(word)) &&
		    dup_fold(word, folded, sizeof(folded))) {
			for (const char *c = folded; *c != '\0'; c++)
				if (*c != ' ')
					folded[n++] = *c;
			add_number(p, folded, n);
		}
		at += len + (at[len] != '\0');
	}
}

void
dup_profile_number(struct dup_profile *p, const char *number)
{
	char folded[REG_FOLDED];
	size_t n = 0;

	if (!dup_fold(number, folded, sizeof(folded)))
		return;
	for (const char *c = folded; *c != '\0'; c++)
		if (*c != ' ')
			folded[n++] = *c;
	add_number(p, folded, n);
}
