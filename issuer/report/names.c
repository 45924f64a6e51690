/* The words of reports. */
#include <libintl.h>
#include <string.h>

#include "issuer/report/report.h"

static const struct {
	const char *token, *title, *definition;
} kinds[REPORT_KINDS] = {
	[REPORT_ISSUED] = { "issued", N_("Cards issued"),
	    N_("Cards signed in the period, by the holder; of a family card, by the head of the household.") },
	[REPORT_RENEWED] = { "renewed", N_("Cards renewed"),
	    N_("Cards signed in the period because an earlier one ran out (cause renewal), by the holder.") },
	[REPORT_LOST] = { "lost", N_("Cards lost and stolen"),
	    N_("Cards reported lost or stolen to the office in the period, by the holder and the day of the report.") },
	[REPORT_REVOKED] = { "revoked", N_("Cards revoked"),
	    N_("Cards revoked in the period for whatever reason, also those replaced, lost or stolen, by the holder.") },
	[REPORT_REFUSED] = { "refused", N_("Applications refused"),
	    N_("Applications decided in the period and refused, by the person who applied.") },
	[REPORT_WAITING] = { "waiting", N_("Waiting times"),
	    N_("Calendar days from the day an application was submitted to its decision, to the card's issue and to its handover, each counted in the period in which it happened. Half of the cases took no longer than the median, and nine in ten no longer than the 90th percentile.") },
	[REPORT_CASES] = { "cases", N_("Protection cases opened"),
	    N_("Persons affected in protection cases opened in the period: one for each; a case without one counts once. Of those who are not in the register, sex and age are unknown.") },
	[REPORT_POPULATION] = { "population", N_("Registered population"),
	    N_("Persons enrolled who were abroad at the end of the last day of the period: not departed, returned, dead or merged with another record. Who withdrew the consent stays in the register and is counted too.") },
	[REPORT_HOUSEHOLDS] = { "households", N_("Households by head"),
	    N_("Households whose head was abroad at the end of the last day of the period, by the head's sex and age.") },
};

static const struct {
	const char *token, *title;
} stages[STAGES] = {
	[STAGE_DECISION] = { "decision", N_("Days to the decision") },
	[STAGE_ISSUE] = { "issue", N_("Days to the card's issue") },
	[STAGE_HANDOVER] = { "handover", N_("Days to the handover") },
};

static const char *const by_titles[REPORT_BYS] = {
	[BY_NONE] = N_("Row"), [BY_OFFICE] = N_("Office"),
	[BY_DISTRICT] = N_("Consular district"), [BY_ORIGIN] = N_("Origin"),
	[BY_OCCUPATION] = N_("Occupation"), [BY_SECTOR] = N_("Sector"),
	[BY_MONTH] = N_("Month"), [BY_YEAR] = N_("Year"),
	[BY_KIND] = N_("Kind"), [BY_CAUSE] = N_("Cause"),
};

/* Tokens of rows. */
static const struct {
	const char *token, *word;
} words[] = {
	{ "all", N_("All") }, { "total", N_("Total") },
	{ "other", N_("Other") }, { "not-stated", N_("Not stated") },
	{ "unknown", N_("unknown") },
	{ "individual", N_("Individual cards") },
	{ "family", N_("Family cards") },
	{ "lost", N_("Lost") }, { "stolen", N_("Stolen") },
	{ "first", N_("First card") }, { "renewal", N_("Renewal") },
	{ "damaged", N_("Damaged") }, { "correction", N_("Correction") },
	{ "labour-complaint", N_("Labour complaint") },
	{ "accident", N_("Accident") }, { "unpaid-wages", N_("Unpaid wages") },
	{ "trafficking", N_("Trafficking") }, { "smuggling", N_("Smuggling") },
	{ "detention", N_("Detention") }, { "illness", N_("Illness") },
	{ "death", N_("Death") }, { "repatriation", N_("Repatriation") },
};

const char *
report_token(enum report_kind kind)
{
	return kinds[kind].token;
}

const char *
report_title(enum report_kind kind)
{
	return kinds[kind].title;
}

const char *
report_definition(enum report_kind kind)
{
	return kinds[kind].definition;
}

const char *
report_stage_token(enum report_stage stage)
{
	return stages[stage].token;
}

const char *
report_stage_title(enum report_stage stage)
{
	return stages[stage].title;
}

const char *
report_by_title(enum report_by by)
{
	return by_titles[by];
}

const char *
report_sex(size_t sex)
{
	static const char *const sexes[] = {
		[TABLE_F] = "F", [TABLE_M] = "M", [TABLE_X] = "X",
		[TABLE_SEX_UNKNOWN] = "unknown", [TABLE_SEXES] = "total",
	};

	return sexes[sex];
}


const char *
report_age(size_t age)
{
	static const char *const ages[] = {
		"0-11", "12-17", "18-29", "30-44", "45-59", "60+",
		[TABLE_AGE_UNKNOWN] = "unknown", [TABLE_AGES] = "total",
	};

	_Static_assert(AGE_CHILD == 0 && AGE_ADOLESCENT == 12 &&
	    AGE_YOUNG == 18 && AGE_ADULT == 30 && AGE_MIDDLE == 45 &&
	    AGE_OLD == 60, "the groups have other names");
	return ages[age];
}

const char *
report_age_key(size_t age)
{
	static const char *const keys[] = {
		"age_0_11", "age_12_17", "age_18_29", "age_30_44", "age_45_59",
		"age_60_plus", [TABLE_AGE_UNKNOWN] = "age_unknown",
		[TABLE_AGES] = "total",
	};

	return keys[age];
}

const char *
report_withheld_note(void)
{
	return gettext("x: withheld, because it is from 1 to 4 or because such a number could be computed with it");
}

const char *
report_word(const char *token)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].token, token) == 0)
			return gettext(words[i].word);
	return token;
}

const char *
report_row_name(const struct report *p, size_t row)
{
	if (row == p->rows)
		return report_word("total");
	return p->row[row].word ? report_word(p->row[row].text) :
	    p->row[row].text;
}

const char *const *
report_fixed(enum report_kind kind, enum report_by by, size_t *n)
{
	static const char *const all[] = { "all" };
	static const char *const cards[] = { "individual", "family" };
	static const char *const losses[] = { "lost", "stolen" };
	static const char *const cases[] = {
		"labour-complaint", "accident", "unpaid-wages", "trafficking",
		"smuggling", "detention", "illness", "death", "repatriation"
	};
	static const char *const causes[] = {
		"first", "renewal", "lost", "stolen", "damaged", "correction"
	};

	*n = 0;
	if (by == BY_NONE) {
		*n = 1;
		return all;
	}
	if (by == BY_CAUSE) {
		*n = sizeof(causes) / sizeof(causes[0]);
		return causes;
	}
	if (by != BY_KIND)
		return NULL;
	if (kind == REPORT_CASES) {
		*n = sizeof(cases) / sizeof(cases[0]);
		return cases;
	}
	*n = 2;
	return kind == REPORT_LOST ? losses : cards;
}
