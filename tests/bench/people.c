#include "tests/bench/people.h"

#include <stdio.h>
#include <string.h>

enum { TODAY_YEAR = 2024, ADULT = 18 };

/* ---- chance --------------------------------------------------------------- */

/* splitmix64 */
static uint64_t
draw(struct people *g)
{
	uint64_t z = g->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint32_t
people_below(struct people *g, uint32_t n)
{
	return (uint32_t)(draw(g) % n);
}

static bool
chance(struct people *g, uint32_t of_1000)
{
	return people_below(g, 1000) < of_1000;
}

/* The first of a list oftener than the last: the product of two draws. */
static const char *
frequent(struct people *g, const struct people_list *l)
{
	uint64_t x = people_below(g, 65536), y = people_below(g, 65536);

	return l->name[(x * y * l->n) >> 32];
}

static const char *
any(struct people *g, const struct people_list *l)
{
	return l->name[people_below(g, l->n)];
}

/* ---- one person ----------------------------------------------------------- */

char *
people_field(struct person *p, const char *column)
{
	for (int f = 0; f < PERSON_FIELDS; f++)
		if (strcmp(person_column((enum person_field)f), column) == 0)
			return p->field[f];
	return NULL;
}

static void
put(struct person *p, const char *column, const char *text)
{
	char *field = people_field(p, column);

	if (field != NULL)
		(void)snprintf(field, REG_TEXT, "%s", text);
}

static void
make_surname(struct people *g, const struct people_names *of, char out[64])
{
	if (people_below(g, 100) >= of->rare)
		(void)snprintf(out, 64, "%s", frequent(g, &of->surname));
	else
		(void)snprintf(out, 64, "%s%s%s", any(g, &of->begin),
		    chance(g, 600) ? any(g, &of->middle) : "",
		    any(g, &of->end));
}

static void
make_given(struct people *g, const struct people_names *of, bool male,
    enum people_style style, char out[128])
{
	const struct people_list *l = male ? &of->male : &of->female;
	const char *one = frequent(g, l), *two = frequent(g, l);
	uint32_t second = style == STYLE_HAITIAN ? 250 :
	    style == STYLE_PORTUGUESE ? 400 : 650;

	if (chance(g, second) && strcmp(one, two) != 0)
		(void)snprintf(out, 128, "%s %s", one, two);
	else
		(void)snprintf(out, 128, "%s", one);
}

/* Some are registered on the first of January, for want of a better day. */
static struct date
make_birth(struct people *g, int year)
{
	struct date d = { year, 1, 1 };

	if (chance(g, 7))
		return d;
	do {
		d.month = 1 + (int)people_below(g, 12);
		d.day = 1 + (int)people_below(g, 31);
	} while (!date_valid(d));
	return d;
}

static void
make_papers(struct people *g, struct people_row *row)
{
	struct person *p = &row->p;
	char text[128];

	(void)snprintf(text, sizeof(text), "birth certificate %u-%u",
	    people_below(g, 900), 1000 + people_below(g, 9000));
	put(p, "nationality_evidence", text);
	if (chance(g, 800)) {
		(void)snprintf(text, sizeof(text), "passport C%08u",
		    people_below(g, 100000000));
		put(p, "identity_evidence", text);
	}
}

static void
make_work(struct people *g, struct person *p, int age)
{
	if (age < ADULT) {
		put(p, "occupation", age < 6 ? "" : "student");
		put(p, "sector", "");
		return;
	}
	put(p, "occupation", any(g, &people_occupations));
	put(p, "sector", frequent(g, &people_sectors));
}

static void
make_person(struct people *g, struct people_row *row, bool male,
    struct date birth, const char *place)
{
	const struct people_names *of = &people_names[row->style];
	struct person *p = &row->p;
	char given[128], date[DATE_TEXT];
	int first = birth.year < 2023 ? 2023 : birth.year + 1;
	struct date consent = { first > TODAY_YEAR ? TODAY_YEAR : first,
	    1 + (int)people_below(g, 12), 1 + (int)people_below(g, 28) };

	make_given(g, of, male, row->style, given);
	put(p, "given", given);
	put(p, "sex", male ? "M" : "F");
	date_format(birth, date);
	put(p, "birth_date", date);
	put(p, "birth_place", place);
	put(p, "nationality", "NIC");
	if (date_compare(consent, birth) < 0)
		consent = birth;
	date_format(consent, date);
	put(p, "consent", date);
	make_papers(g, row);
	make_work(g, p, TODAY_YEAR - birth.year);
}

/* ---- households ----------------------------------------------------------- */

static struct people_row *
add_row(struct people *g, enum people_style style, const char *relationship)
{
	struct people_row *row = &g->row[g->rows_n++];

	memset(row, 0, sizeof(*row));
	row->household = g->households;
	row->style = style;
	row->relationship = relationship;
	return row;
}

static enum people_style
make_style(struct people *g)
{
	uint32_t x = people_below(g, 100);

	return x < 62 ? STYLE_SPANISH : x < 74 ? STYLE_PORTUGUESE :
	    x < 86 ? STYLE_HAITIAN : x < 94 ? STYLE_MISKITO : STYLE_ENGLISH;
}

static void
make_adult(struct people *g, struct people_row *row, bool male, int year)
{
	const struct people_names *of = &people_names[row->style];
	char surname[64];

	make_person(g, row, male, make_birth(g, year),
	    frequent(g, &of->place));
	make_surname(g, of, surname);
	put(&row->p, "surname1", surname);
	if ((row->style == STYLE_SPANISH || row->style == STYLE_PORTUGUESE ||
	    row->style == STYLE_MISKITO) && chance(g, 930)) {
		make_surname(g, of, surname);
		put(&row->p, "surname2", surname);
	}
}

/* A wife of the styles with one surname takes the husband's. */
static void
marry(struct people *g, const struct people_row *husband,
    struct people_row *wife)
{
	char *own = people_field(&wife->p, "surname1");

	if ((wife->style != STYLE_HAITIAN && wife->style != STYLE_ENGLISH) ||
	    !chance(g, 700))
		return;
	put(&wife->p, "maiden", own);
	put(&wife->p, "surname1", husband->p.field[PERSON_SURNAME1]);
}

static void
name_child(struct people *g, const struct people_row *father,
    const struct people_row *mother, struct people_row *child, bool male)
{
	const char *f = father != NULL ?
	    father->p.field[PERSON_SURNAME1] : "";
	const char *m = mother != NULL ?
	    mother->p.field[PERSON_SURNAME1] : "";

	if (child->style == STYLE_HAITIAN || child->style == STYLE_ENGLISH) {
		put(&child->p, "surname1", *f != '\0' ? f : m);
	} else if (child->style == STYLE_PORTUGUESE && *f != '\0') {
		put(&child->p, "surname1", *m != '\0' ? m : f);
		put(&child->p, "surname2", *m != '\0' ? f : "");
	} else {
		put(&child->p, "surname1", *f != '\0' ? f : m);
		put(&child->p, "surname2", *f != '\0' ? m : "");
	}
	if (male && father != NULL && chance(g, 80))
		put(&child->p, "given", father->p.field[PERSON_GIVEN]);
}

static void
make_children(struct people *g, struct people_row *father,
    struct people_row *mother, enum people_style style)
{
	struct people_row *parent = mother != NULL ? mother : father;
	int born = person_birth(&parent->p).year, n = 0;
	int year = born + 17 + (int)people_below(g, 12);
	const char *place = parent->p.field[PERSON_BIRTH_PLACE];

	while (g->rows_n + 1 < PEOPLE_HOUSEHOLD && n++ < 6 &&
	    year <= TODAY_YEAR && year < born + 45) {
		struct date birth = make_birth(g, year);
		int twins = chance(g, 15) ? 2 : 1;

		for (int i = 0; i < twins && year > TODAY_YEAR - 26; i++) {
			struct people_row *c = add_row(g, style, "child");
			bool male = chance(g, 510);

			make_person(g, c, male, birth, chance(g, 300) ?
			    "San José, Costa Rica" : place);
			name_child(g, father, mother, c, male);
			if (TODAY_YEAR - year < ADULT + 1)
				(void)person_full_name(&parent->p,
				    c->p.field[PERSON_GUARDIAN], REG_TEXT);
			c->twin = twins == 2;
		}
		year += 1 + (int)people_below(g, 6);
		if (chance(g, 250))
			break;
	}
}

/* What all of a household share. */
static void
settle(struct people *g)
{
	char address[120], telephone[24];
	const char *district = frequent(g, &people_districts);

	(void)snprintf(address, sizeof(address), "%s %u, casa %u",
	    any(g, &people_streets), 1 + people_below(g, 90),
	    1 + people_below(g, 400));
	(void)snprintf(telephone, sizeof(telephone), "+506 0%07u",
	    people_below(g, 10000000));
	for (size_t i = 0; i < g->rows_n; i++) {
		struct person *p = &g->row[i].p;

		put(p, "address", address);
		put(p, "telephone", telephone);
		put(p, "district", district);
		put(p, "origin", g->row[0].p.field[PERSON_BIRTH_PLACE]);
		put(p, "emergency_contact", i > 0 ?
		    g->row[0].p.field[PERSON_GIVEN] : "");
	}
}

static void
make_household(struct people *g)
{
	enum people_style style = make_style(g);
	bool male = chance(g, 600), couple = chance(g, 480);
	int age = 20 + (int)(people_below(g, 30) + people_below(g, 30));
	struct people_row *head, *other = NULL;

	g->rows_n = g->next = 0;
	g->households++;
	head = add_row(g, style, "head");
	make_adult(g, head, male, TODAY_YEAR - age);
	if (couple) {
		int years = (int)people_below(g, 11) - 5;

		other = add_row(g, style, "spouse");
		make_adult(g, other, !male, TODAY_YEAR -
		    (age + years < ADULT ? ADULT : age + years));
		marry(g, male ? head : other, male ? other : head);
	}
	if (couple ? chance(g, 650) : chance(g, 180))
		make_children(g, male ? head : other, male ? other : head,
		    style);
	settle(g);
}

void
people_begin(struct people *g, uint64_t seed)
{
	memset(g, 0, sizeof(*g));
	g->state = seed * UINT64_C(0xd1342543de82ef95) + 1;
}

const struct people_row *
people_next(struct people *g)
{
	if (g->next == g->rows_n)
		make_household(g);
	return &g->row[g->next++];
}
