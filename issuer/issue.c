#include "issuer/issue.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/credential.h"
#include "issuer/permit.h"
#include "issuer/register/application.h"
#include "issuer/register/money.h"
#include "issuer/register/officer.h"

/* Everything one card is made from; large, so on the heap. */
struct dossier {
	struct application application;
	struct person holder, member[FAMILY_MAX];
	struct household household;
	int64_t photo;
	struct photo portrait;
	struct credential_subject subject;
};

static enum status
load_members(struct reg *r, struct dossier *f, struct diag *d)
{
	struct household *h = &f->household;
	enum status st = reg_household(r, f->application.household, h, d);

	if (st != ST_OK)
		return st;
	if (h->members_n > FAMILY_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("the household has %zu members and a family card holds %d; issue cards of their own to some"),
		    h->members_n, FAMILY_MAX);
	for (size_t i = 0; i < h->members_n; i++) {
		if ((st = reg_person(r, h->member[i].person, &f->member[i],
		    d)) != ST_OK)
			return st;
		f->subject.member[i] = (struct credential_member){
			&f->member[i], h->member[i].relationship
		};
	}
	f->subject.members_n = h->members_n;
	return ST_OK;
}

static enum status
load_portrait(struct reg *r, struct dossier *f, struct diag *d)
{
	uint8_t *image = NULL;
	size_t len;
	enum status st;

	if ((st = reg_person_photo(r, f->holder.id, &f->photo, d)) == ST_OK &&
	    (st = reg_photo(r, f->photo, &image, &len, d)) == ST_OK)
		st = photo_load(bytes_from(image, len), _("the stored photo"),
		    &f->portrait, d);
	free(image);
	return st;
}

static enum status
load(struct reg *r, const struct office *o, int64_t application,
    struct dossier *f, struct diag *d)
{
	struct application *a = &f->application;
	enum status st;

	if ((st = reg_application(r, application, a, d)) != ST_OK)
		return st;
	if (strcmp(a->state, "approved") != 0)
		return diag_set(d, ST_STATE,
		    _("application %" PRId64 " is %s; only an approved one becomes a card"),
		    a->id, a->state);
	if ((st = reg_may_have_card(r, a->person, a->household, d)) != ST_OK)
		return st;
	f->subject.office = o;
	f->subject.holder = &f->holder;
	f->subject.portrait = &f->portrait;
	if ((st = reg_person(r, a->person, &f->holder, d)) != ST_OK ||
	    (st = load_portrait(r, f, d)) != ST_OK)
		return st;
	return a->family ? load_members(r, f, d) : ST_OK;
}

/* The card is good through its printed date, in UTC. */
static enum status
choose_expiry(const struct person *holder, const struct date *wanted,
    int64_t now, int64_t *out, struct diag *d)
{
	struct date today = when_date(now);
	bool minor = date_age(person_birth(holder), today) < MINOR_AGE;
	struct date expires = wanted != NULL ? *wanted :
	    date_add_years(today, minor ? VALID_YEARS_MINOR : VALID_YEARS);

	if (date_compare(expires, today) <= 0)
		return diag_set(d, ST_DATA,
		    _("--expires: give a date after today"));
	if (date_compare(expires, date_add_years(today, VALID_YEARS_MAX)) > 0)
		return diag_set(d, ST_DATA,
		    _("--expires: a card is good for %d years at most"),
		    VALID_YEARS_MAX);
	*out = when_from_date(expires) + WHEN_DAY - 1;
	return ST_OK;
}

enum status
issue_card(struct reg *r, const struct office *o, int64_t application,
    struct signer *key, const struct date *expires, int64_t now,
    struct card *out, struct diag *d)
{
	struct dossier *f = calloc(1, sizeof(*f));
	struct office_key permit;
	enum status st = ST_INTERNAL;

	memset(out, 0, sizeof(*out));
	if (f == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	if ((st = permit_signing(r, o, signer_public(key), ROLE_DOCUMENT, now,
	    &permit, d)) != ST_OK ||
	    (st = load(r, o, application, f, d)) != ST_OK ||
	    (st = reg_person_in_jurisdiction(r, f->holder.id, d)) != ST_OK ||
	    (st = choose_expiry(&f->holder, expires, now, &out->expires,
	    d)) != ST_OK ||
	    (st = permit_until(&permit, out->expires, d)) != ST_OK)
		goto out;
	out->application = application;
	out->person = f->holder.id;
	out->photo = f->photo;
	out->family = f->application.family;
	out->issued = now;
	if ((st = reg_fee_settled(r, application, d)) != ST_OK ||
	    (st = reg_card_reserve(r, out, d)) != ST_OK ||
	    (st = credential_make(&f->subject, key, out, d)) != ST_OK)
		goto out;
	st = reg_card_add(r, out, d);
out:
	photo_free(&f->portrait);
	crypto_wipe(f, sizeof(*f));
	free(f);
	return st;
}
