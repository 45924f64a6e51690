/*
 * mktoken KEY PASSPHRASE-FILE individual|family: the QR text of a made-up card
 * on standard output, for the independent reader to read. expected.json says
 * the same in JSON; the two are kept in step by hand, so that neither is made
 * from the other.
 */
#include <stdio.h>
#include <string.h>

#include "common/claims.h"
#include "common/token.h"
#include "keys/signer.h"

/* One white pixel, lossless. */
static const uint8_t face[] = {
	0x52, 0x49, 0x46, 0x46, 0x1a, 0x00, 0x00, 0x00, 0x57, 0x45, 0x42, 0x50,
	0x56, 0x50, 0x38, 0x4c, 0x0d, 0x00, 0x00, 0x00, 0x2f, 0x00, 0x00, 0x00,
	0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0x00
};

static void
fill(struct claims *c)
{
	struct identity *id = &c->identity;

	memset(c, 0, sizeof(*c));
	c->iss = bytes_text("NIC");
	c->has_exp = c->has_nbf = c->has_iat = c->has_status = true;
	c->has_identity = true;
	c->iat = c->nbf = 1795478400;
	c->exp = 1953331199;
	c->status_index = 740123;
	c->status_uri = bytes_text("urn:cedula:NIC:SJO:1");
	id->id = bytes_text("SJO0000017");
	id->language = bytes_text("spa");
	id->full_name = bytes_text("María José Núñez Øverås");
	id->first_name = bytes_text("María José");
	id->last_name = bytes_text("Núñez Øverås");
	id->birth_date = bytes_text("19840229");
	id->sex = SEX_FEMALE;
	id->nationality = id->country = c->iss;
	id->location = bytes_text("San José");
	id->second_name = bytes_text("NUNEZ OEVERAAS MARIA JOSE");
	id->second_language = bytes_text("eng");
	id->marital_status = id->photo_format = -1;
	id->biometric[IDENTITY_FACE].n = 1;
	id->biometric[IDENTITY_FACE].item[0] = (struct biometric){
	    .data = bytes_from(face, sizeof(face)), .format = BIO_IMAGE,
	    .sub_format = IMG_WEBP };
}

static void
add_family(struct claims *c)
{
	c->has_family = true;
	c->members_n = 2;
	c->member[0] = (struct member){ bytes_text("Ana Núñez"),
	    bytes_text("20150731"), SEX_FEMALE, REL_CHILD };
	c->member[1] = (struct member){ bytes_text("Iñaki Quirós"),
	    bytes_text("19800101"), SEX_NONE, REL_SPOUSE };
}

int
main(int argc, char *argv[])
{
	static struct claims c;
	uint8_t payload_room[2048], cose_room[2560];
	struct buf payload = buf_over(payload_room, sizeof(payload_room));
	struct buf cose = buf_over(cose_room, sizeof(cose_room));
	char text[TOKEN_TEXT_MAX];
	struct custody custody = { 0 };
	struct signer *key = NULL;
	struct diag d = { "" };
	enum status st;

	if (argc != 4)
		return status_exit(ST_USAGE);
	fill(&c);
	if (strcmp(argv[3], "family") == 0)
		add_family(&c);
	custody.ref = argv[1];
	custody.passphrase_file = argv[2];
	if ((st = signer_open(&custody, &key, &d)) != ST_OK ||
	    (st = claims_encode(&c, &payload)) != ST_OK ||
	    (st = signer_sign1(key, NULL, buf_bytes(&payload), &cose,
	    &d)) != ST_OK ||
	    (st = token_wrap(buf_bytes(&cose), text, sizeof(text),
	    NULL)) != ST_OK)
		goto out;
	printf("%s\n", text);
out:
	signer_close(key);
	return st == ST_OK ? 0 : diag_print("mktoken", &d, st);
}
