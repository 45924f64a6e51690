/*
 * Report: the facts of one kind and period, out of one register or several,
 * counted by row, sex and age group and protected (issuer/report/table.h). What
 * a report shows of it, in whatever form, it asks of report_shown, so that no
 * form can show what another withholds.
 *
 * Rows of texts that clerks typed (district, origin, occupation, sector) gather
 * spellings that differ in letters' case and accents alone, and are named by the
 * most frequent one; the most frequent rows stand first, those with fewer than
 * REPORT_ROW_LEAST are among the others, because a rare occupation names a
 * person, and of so few next to nothing could be shown.
 */
#ifndef CEDULA_ISSUER_REPORT_REPORT_H
#define CEDULA_ISSUER_REPORT_REPORT_H

#include "issuer/register/report.h"
#include "issuer/report/spread.h"
#include "issuer/report/table.h"

enum {
	REPORT_ROWS = 20,	/* of typed texts, unless told */
	REPORT_ROWS_MAX = 100,
	REPORT_ROW_LEAST = 2 * TABLE_SMALL,
	REPORT_SPANS_MAX = 120,	/* months or years of a period */
	REPORT_OFFICES_MAX = 64,
	REPORT_NAME = 160	/* of a title or a period */
};

struct report_row {
	char text[REG_TEXT];
	bool word;		/* a token: for people, report_word of it */
};

struct report_part {
	struct table table;
	struct spread *spread;	/* of REPORT_WAITING; else NULL */
};

struct report {
	struct report_ask ask;
	const struct office *office;	/* borrowed; the first makes it */
	size_t offices_n;
	int64_t made;
	size_t rows;
	struct report_row row[TABLE_ROWS_MAX];
	size_t parts;			/* STAGES of REPORT_WAITING, else 1 */
	struct report_part part[STAGES];
	bool sex[TABLE_SEXES], age_unknown;	/* what occurs */
};

struct report_stats {
	int64_t median, ninetieth, most;
	bool ninetieth_shown, most_shown;
};

/* "issued"; its title and what it counts, untranslated. */
const char	*report_token(enum report_kind kind);
const char	*report_title(enum report_kind kind);
const char	*report_definition(enum report_kind kind);
const char	*report_stage_token(enum report_stage stage);
const char	*report_stage_title(enum report_stage stage);
/* "District"; untranslated. */
const char	*report_by_title(enum report_by by);
/* "F", "M", "X", "unknown" and "total", as tokens; for age groups "0-11". */
const char	*report_sex(size_t sex);
const char	*report_age(size_t age);
const char	*report_age_key(size_t age);	/* "age_0_11" */
/* What a withheld count is written as, but in JSON, where it is null. */
#define REPORT_WITHHELD "x"
const char	*report_withheld_note(void);	/* translated */
/* A row's token in the language spoken. */
const char	*report_word(const char *token);
/* The row's name for people; the total's is of `rows`. */
const char	*report_row_name(const struct report *p, size_t row);
/* The tokens that a dimension always has, in order; NULL: none. */
const char *const *report_fixed(enum report_kind kind, enum report_by by,
		    size_t *n);

/* Makes one: offices of them, each with its register. A period of more months
 * or years than fit is ST_USAGE. p is the caller's, and empty on failure. */
enum status	report_make(struct report *p, const struct report_ask *ask,
		    struct reg *const *reg, const struct office *office,
		    size_t n, size_t rows_most, int64_t now, struct diag *d)
		    MUST_CHECK;
void		report_free(struct report *p);
/* The lines that it has: a row stands for all where it is the only one. */
size_t		report_lines(const struct report *p);
/* True with the count, unless it is withheld. */
bool		report_shown(const struct report *p, size_t part, size_t row,
		    size_t sex, size_t age, int64_t *n) MUST_CHECK;
/* Is anything withheld? */
bool		report_withholds(const struct report *p);
/* Days of a shown cell that is not 0: false for others. The longest wait is not
 * shown where a part of the cell is withheld, whose wait it may be; nor is the
 * 90th percentile of fewer than ten, which is the longest. */
bool		report_days(const struct report *p, size_t part, size_t row,
		    size_t sex, struct report_stats *out) MUST_CHECK;

#endif
