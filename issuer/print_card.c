#include "issuer/print_card.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/claims.h"
#include "common/cose.h"
#include "common/host/file.h"
#include "issuer/credential.h"
#include "issuer/photo/photo.h"
#include "issuer/print/card.h"

static const struct {
	const char *end;
	enum card_side side;
	enum card_format format;
} files[PRINT_FILES] = {
	{ "-front.pdf", CARD_FRONT, CARD_PDF },
	{ "-front.png", CARD_FRONT, CARD_PNG },
	{ "-back.pdf", CARD_BACK, CARD_PDF },
	{ "-back.png", CARD_BACK, CARD_PNG },
	{ ".pdf", CARD_BOTH, CARD_PDF },
};

struct drawing {
	struct claims claims;
	char nationality[4];
	struct photo portrait;
	struct card_face face;
	uint8_t *file[PRINT_FILES];
	size_t len[PRINT_FILES];
};

static void
put_members(const struct claims *c, struct card_face *f)
{
	f->members_n = c->members_n;
	for (size_t i = 0; i < c->members_n; i++) {
		f->members[i].name = c->member[i].full_name;
		(void)date_parse(c->member[i].birth_date, &f->members[i].birth);
		f->members[i].relationship = (int)c->member[i].relationship;
		f->members[i].sex = (int)c->member[i].sex;
	}
}

static void
put_office(const struct office *o, struct card_office *out)
{
	out->state = o->state;
	out->country = o->country;
	out->name = o->name;
	out->address = o->address;
	out->verify_at = o->verify_at;
	out->colour = o->colour;
	out->specimen = o->demo;
}

/* The credential, read back, as what is drawn. */
static enum status
read_face(const struct print_job *job, struct drawing *w, struct diag *d)
{
	const struct identity *id = &w->claims.identity;
	struct card_face *f = &w->face;
	struct cose_sign1 sign1;
	enum status st;

	if (!credential_is_text(bytes_text(job->card->qr),
	    bytes_from(job->card->token, job->card->token_len)))
		return diag_set(d, ST_DATA,
		    _("card %s: the text of its symbol is not that of its credential; nothing is printed; see log check"),
		    job->card->number);
	if ((st = cose_sign1_parse(bytes_from(job->card->token,
	    job->card->token_len), CBOR_STRICT, &sign1)) != ST_OK ||
	    (st = claims_parse(sign1.payload, CBOR_STRICT, &w->claims)) !=
	    ST_OK || (st = claims_check_profile(&w->claims)) != ST_OK)
		return diag_set(d, st,
		    _("card %s: its stored credential is damaged"),
		    job->card->number);
	put_office(job->office, &f->office);
	f->number = id->id;
	f->surnames = id->last_name;
	f->given = id->first_name;
	f->name_mrz = id->second_name;
	if (!date_parse(id->birth_date, &f->birth))
		return diag_set(d, ST_DATA,
		    _("card %s: its date of birth is not one"),
		    job->card->number);
	f->issued = when_date(w->claims.iat);
	f->expires = when_date(w->claims.exp);
	f->sex = (int)id->sex;
	(void)bytes_to_text(id->nationality, w->nationality,
	    sizeof(w->nationality));
	f->nationality = w->nationality;
	f->district = id->location;
	f->guardian = id->guardian;
	f->qr_text = job->card->qr;
	put_members(&w->claims, f);
	return ST_OK;
}

/* The photo that the card was issued with, though a newer may be in use. */
static enum status
read_portrait(struct reg *r, int64_t photo, struct drawing *w,
    struct diag *d)
{
	uint8_t *image = NULL;
	size_t len;
	enum status st;

	if ((st = reg_photo(r, photo, &image, &len, d)) == ST_OK)
		st = photo_load(bytes_from(image, len), _("the stored photo"),
		    &w->portrait, d);
	free(image);
	if (st != ST_OK)
		return st;
	w->face.photo_rgb = bytes_from(w->portrait.rgb,
	    (size_t)w->portrait.w * w->portrait.h * 3);
	w->face.photo_w = w->portrait.w;
	w->face.photo_h = w->portrait.h;
	return ST_OK;
}

static enum status
file_name(const struct print_job *job, size_t i, char out[PATH_MAX],
    struct diag *d)
{
	int n = snprintf(out, PATH_MAX, "%s/%s%s", job->folder, job->name,
	    files[i].end);

	return n > 0 && n < PATH_MAX ? ST_OK : diag_set(d, ST_USAGE,
	    _("%s: the path is too long"), job->folder);
}

void
print_remove(const struct print_job *job, size_t n)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < n; i++)
		if (file_name(job, i, path, NULL) == ST_OK)
			(void)unlink(path);
}

static enum status
write_all(const struct print_job *job, const struct drawing *w,
    struct diag *d)
{
	char path[PATH_MAX];
	enum status st = file_mkdir(job->folder, 0700, d);

	for (size_t i = 0; i < PRINT_FILES && st == ST_OK; i++)
		if ((st = file_name(job, i, path, d)) != ST_OK ||
		    (st = file_write(path, bytes_from(w->file[i],
		    w->len[i]), 0600, d)) != ST_OK)
			print_remove(job, i);
	return st;
}

enum status
print_card(struct reg *r, const struct print_job *job, struct diag *d)
{
	struct drawing *w = calloc(1, sizeof(*w));
	enum status st = ST_INTERNAL;

	if (w == NULL)
		return diag_set(d, ST_INTERNAL, _("out of memory"));
	if ((st = read_face(job, w, d)) != ST_OK ||
	    (st = read_portrait(r, job->card->photo, w, d)) != ST_OK)
		goto out;
	for (size_t i = 0; i < PRINT_FILES; i++)
		if ((st = card_render(&w->face, files[i].side,
		    files[i].format, job->dpi, &w->file[i], &w->len[i], d)) !=
		    ST_OK)
			goto out;
	st = write_all(job, w, d);
out:
	for (size_t i = 0; i < PRINT_FILES; i++)
		free(w->file[i]);
	photo_free(&w->portrait);
	crypto_wipe(w, sizeof(*w));
	free(w);
	return st;
}
