#include "tests/unit/fixture.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "keys/keyfile.h"

static struct signer *
make_signer(struct fixture *f, const char *name, int alg)
{
	char key[128], pass[128];
	struct custody c = { .ref = key, .passphrase_file = pass };
	struct cose_key pub;
	struct signer *s = NULL;
	struct diag d = { "" };

	(void)snprintf(key, sizeof(key), "%s/%s.key", f->dir, name);
	(void)snprintf(pass, sizeof(pass), "%s/pass", f->dir);
	if (keyfile_make(key, alg, "only-for-this-test", &pub, &d) != ST_OK ||
	    signer_open(&c, &s, &d) != ST_OK) {
		fprintf(stderr, "fixture: %s\n", d.text);
		abort();
	}
	return s;
}

static void
add_key(struct fixture *f, struct signer *s, enum key_role role,
    const char *office)
{
	struct trust_key *k = &f->list.key[f->list.keys_n++];

	*k = (struct trust_key){ .pub = *signer_public(s), .role = role,
	    .office = bytes_text(office),
	    .office_name = bytes_text("Consulado de prueba"),
	    .from = FX_NOW - 400 * FX_DAY, .sign_until = FX_NOW + 100 * FX_DAY,
	    .until = FX_NOW + 3000 * FX_DAY, .revoked_from = TRUST_NEVER };
	memcpy(k->kid, signer_kid(s).p, KID_LEN);
}

static void
good_card(struct claims *c)
{
	static uint8_t face[400];
	struct identity *id = &c->identity;

	for (size_t i = 0; i < sizeof(face); i++)
		face[i] = (uint8_t)(i * 167 + i / 3);
	*c = (struct claims){ .iss = bytes_text("NIC"), .has_exp = true,
	    .has_nbf = true, .has_iat = true,
	    .exp = FX_NOW + 1000 * FX_DAY, .nbf = FX_NOW - 10 * FX_DAY,
	    .iat = FX_NOW - 10 * FX_DAY, .has_status = true,
	    .status_index = FX_INDEX, .status_uri = bytes_text(FX_URI),
	    .has_identity = true };
	*id = (struct identity){ .id = bytes_text("SJO000001"),
	    .language = bytes_text("spa"),
	    .full_name = bytes_text("María José Núñez Ibarra"),
	    .first_name = bytes_text("María José"),
	    .last_name = bytes_text("Núñez Ibarra"),
	    .birth_date = bytes_text("19900515"), .sex = SEX_FEMALE,
	    .nationality = bytes_text("NIC"), .location = bytes_text("San José"),
	    .country = bytes_text("NIC"), .marital_status = -1,
	    .photo_format = -1 };
	id->biometric[IDENTITY_FACE] = (struct biometrics){ .n = 1,
	    .item = { { bytes_from(face, sizeof(face)), BIO_IMAGE, IMG_WEBP,
	    { NULL, 0 } } } };
}

struct fixture *
fx_new(void)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char pass[128];

	assert(f != NULL);
	(void)snprintf(f->dir, sizeof(f->dir), "/tmp/cedula-test-XXXXXX");
	assert(mkdtemp(f->dir) != NULL);
	(void)snprintf(pass, sizeof(pass), "%s/pass", f->dir);
	assert(file_write(pass, bytes_text("only-for-this-test\n"), 0600,
	    NULL) == ST_OK);
	f->root = make_signer(f, "root", ALG_ES256);
	f->document = make_signer(f, "document", ALG_ES256);
	f->status = make_signer(f, "status", ALG_EDDSA);
	f->stranger = make_signer(f, "stranger", ALG_ES256);
	f->other_status = make_signer(f, "other", ALG_ES256);
	memcpy(f->list.state, "NIC", 4);
	f->list.sequence = 7;
	f->list.iat = FX_NOW - 20 * FX_DAY;
	f->list.exp = FX_NOW + 70 * FX_DAY;
	add_key(f, f->document, ROLE_DOCUMENT, "SJO");
	add_key(f, f->status, ROLE_STATUS, "SJO");
	add_key(f, f->other_status, ROLE_STATUS, "MGA");
	f->status_uri = FX_URI;
	f->status_iat = FX_NOW - FX_DAY;
	f->status_exp = FX_NOW + 7 * FX_DAY;
	good_card(&f->claims);
	assert(fx_publish(f) == ST_OK);
	fx_sign(f, f->document);
	return f;
}

void
fx_free(struct fixture *f)
{
	static const char *const names[] = { "root.key", "document.key",
	    "status.key", "stranger.key", "other.key", "pass" };
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", f->dir, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(f->dir);
	signer_close(f->root);
	signer_close(f->document);
	signer_close(f->status);
	signer_close(f->stranger);
	signer_close(f->other_status);
	trust_free(&f->trust);
	free(f);
}

enum status
fx_load(struct fixture *f)
{
	enum status st;

	trust_free(&f->trust);
	trust_init(&f->trust, f->arena, sizeof(f->arena));
	st = trust_add_anchor(&f->trust, "NIC", signer_public(f->root));
	if (st != ST_OK)
		return st;
	return trust_add_bundle(&f->trust, bytes_from(f->bundle,
	    f->bundle_len), NULL);
}

static uint8_t part_room[1 << 16];

static void
put_signed(struct signer *by, const char *typ, struct buf payload,
    struct buf *out)
{
	struct diag d = { "" };

	if (payload.bad || signer_sign1(by, typ, buf_bytes(&payload), out,
	    &d) != ST_OK)
		abort();
}

void
fx_put_list(struct fixture *f, struct signer *by, struct buf *out)
{
	struct buf payload = buf_over(part_room, sizeof(part_room));

	if (trust_list_encode(&f->list, &payload) != ST_OK)
		abort();
	put_signed(by, TRUST_TYP, payload, out);
}

void
fx_put_status(struct fixture *f, struct signer *by, struct buf *out)
{
	struct buf payload = buf_over(part_room, sizeof(part_room));

	if (statuslist_encode(bytes_text("NIC"), bytes_text(f->status_uri),
	    f->status_iat, f->status_exp, bytes_from(f->statuses,
	    sizeof(f->statuses)), &payload) != ST_OK)
		abort();
	put_signed(by, STATUSLIST_TYP, payload, out);
}

void
fx_put_short(struct fixture *f, struct signer *by, int64_t iat, int64_t exp,
    struct buf *out)
{
	struct buf payload = buf_over(part_room, sizeof(part_room));

	if (shortlist_encode(bytes_text("NIC"), bytes_text(f->status_uri),
	    iat, exp, bytes_from(f->statuses, sizeof(f->statuses)),
	    &payload) != ST_OK)
		abort();
	put_signed(by, SHORTLIST_TYP, payload, out);
}

void
fx_put_head(struct signer *by, const char *office, int64_t iat, uint64_t size,
    uint8_t root, struct buf *out)
{
	struct buf payload = buf_over(part_room, sizeof(part_room));
	struct log_head h = { .state = "NIC", .iat = iat, .size = size };

	memcpy(h.office, office, 3);
	memset(h.root, root, sizeof(h.root));
	if (log_head_encode(&h, &payload) != ST_OK)
		abort();
	put_signed(by, LOG_HEAD_TYP, payload, out);
}

void
fx_put_succession(const char *state, struct signer *by,
    const struct cose_key *next, int64_t iat, struct buf *out)
{
	struct buf payload = buf_over(part_room, sizeof(part_room));
	struct root_succession s = { .iat = iat, .next = *next };

	memcpy(s.state, state, 3);
	if (root_succession_encode(&s, &payload) != ST_OK)
		abort();
	put_signed(by, ROOT_TYP, payload, out);
}

enum status
fx_publish(struct fixture *f)
{
	struct buf out = buf_over(f->bundle, sizeof(f->bundle));

	fx_put_list(f, f->root, &out);
	fx_put_status(f, f->status, &out);
	f->bundle_len = out.len;
	return fx_load(f);
}

void
fx_sign(struct fixture *f, struct signer *by)
{
	uint8_t room[4096];
	struct buf payload = buf_over(room, sizeof(room));
	struct buf out = buf_over(f->cose, sizeof(f->cose));
	struct diag d = { "" };

	if (claims_encode(&f->claims, &payload) != ST_OK ||
	    signer_sign1(by, NULL, buf_bytes(&payload), &out, &d) != ST_OK)
		abort();
	f->cose_len = out.len;
}

enum verdict_code
fx_judge(struct fixture *f, int64_t now, enum verdict_detail *detail)
{
	struct verdict v = verdict_judge(&f->trust, bytes_from(f->cose,
	    f->cose_len), now, &f->read);

	if (detail != NULL)
		*detail = v.detail;
	return v.code;
}

uint8_t *
fx_exact(struct bytes b)
{
	uint8_t *p = malloc(b.len > 0 ? b.len : 1);

	assert(p != NULL);
	if (b.len > 0)
		memcpy(p, b.p, b.len);
	return p;
}
