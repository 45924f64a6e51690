#include "issuer/register/words.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "issuer/register/db.h"

void
words_bare(char *name)
{
	static const struct {
		const char *letter;
		char bare;
	} pairs[] = {
		{ "Ä", 'A' }, { "ä", 'A' }, { "Å", 'A' }, { "å", 'A' },
		{ "Ö", 'O' }, { "ö", 'O' }, { "Ø", 'O' }, { "ø", 'O' },
		{ "Ü", 'U' }, { "ü", 'U' },
	};
	char *to = name;

	for (const char *from = name; *from != '\0'; to++) {
		char c = *from;
		size_t len = 1;

		for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
			if (strncmp(from, pairs[i].letter, 2) == 0) {
				c = pairs[i].bare;
				len = 2;
			}
		*to = c;
		from += len;
	}
	*to = '\0';
}

bool
words_fold(const char *name, char folded[REG_FOLDED])
{
	char plain[REG_FOLDED], bare[REG_FOLDED];
	size_t len;

	if (!text_mrz_fold(bytes_text(name), folded, REG_FOLDED) ||
	    !bytes_to_text(bytes_text(name), plain, sizeof(plain)))
		return false;
	words_bare(plain);
	if (!text_mrz_fold(bytes_text(plain), bare, sizeof(bare)))
		return false;
	len = strlen(folded);
	return strcmp(folded, bare) == 0 || (size_t)snprintf(folded + len,
	    REG_FOLDED - len, " %s", bare) < REG_FOLDED - len;
}

bool
words_alike(const char *a, const char *b)
{
	char one[REG_FOLDED], two[REG_FOLDED];

	if (!text_mrz_fold(bytes_text(a), one, sizeof(one)) ||
	    !text_mrz_fold(bytes_text(b), two, sizeof(two)))
		return strcmp(a, b) == 0;
	/* What has no Latin letter folds to nothing. */
	return one[0] != '\0' ? strcmp(one, two) == 0 : strcmp(a, b) == 0;
}

bool
words_split(const char *typed, struct words *out)
{
	char *rest = out->text, *word;
	size_t longest = 0;

	out->n = 0;
	if (!text_is_printable(bytes_text(typed)) ||
	    !text_mrz_fold(bytes_text(typed), out->text, sizeof(out->text)))
		return false;
	while (out->n < WORDS_MAX && (word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		out->word[out->n] = word;
		if (strlen(word) > strlen(out->word[longest]))
			longest = out->n;
		out->n++;
	}
	if (out->n == 0)
		return false;
	/* '~' sorts after every folded letter. */
	out->from = out->word[longest];
	(void)snprintf(out->to, sizeof(out->to), "%s~", out->from);
	return true;
}

bool
words_match(const struct words *w, const char *folded)
{
	for (size_t i = 0; i < w->n; i++) {
		size_t len = strlen(w->word[i]);
		const char *p = folded;

		while (p != NULL && strncmp(p, w->word[i], len) != 0)
			if ((p = strchr(p, ' ')) != NULL)
				p++;
		if (p == NULL)
			return false;
	}
	return true;
}

enum status
words_store(struct reg *r, const char *drop, const char *add, int64_t id,
    const char *folded, struct diag *d)
{
	char text[REG_FOLDED], *rest = text, *word;
	struct query q = query(r, drop, d);
	enum status st;

	bind_int(&q, id);
	st = query_run(&q);
	(void)snprintf(text, sizeof(text), "%s", folded);
	while (st == ST_OK && (word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		q = query(r, add, d);
		bind_text(&q, word);
		bind_int(&q, id);
		st = query_run(&q);
	}
	return st;
}
