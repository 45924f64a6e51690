/*
 * thief KEY PASSPHRASE-FILE NAME MOMENT: what somebody can do who has an
 * office's document signer and has photographed a genuine card. Takes the
 * card's text on standard input and prints the text of another: another name,
 * dated MOMENT, on the same living place of the status list.
 */
#include <stdio.h>
#include <string.h>

#include "common/claims.h"
#include "common/cose.h"
#include "common/token.h"
#include "common/when.h"
#include "keys/signer.h"

int
main(int argc, char *argv[])
{
	static char text[TOKEN_TEXT_MAX], out[TOKEN_TEXT_MAX];
	static uint8_t work_room[TOKEN_TEXT_MAX], payload_room[4096],
	    cose_room[4096];
	struct buf work = buf_over(work_room, sizeof(work_room));
	struct buf payload = buf_over(payload_room, sizeof(payload_room));
	struct buf made = buf_over(cose_room, sizeof(cose_room));
	struct custody custody = { 0 };
	struct signer *key = NULL;
	struct cose_sign1 sign1;
	struct claims c;
	struct bytes cose;
	struct diag d = { "" };
	enum status st;

	if (argc != 5 || fgets(text, sizeof(text), stdin) == NULL)
		return status_exit(ST_USAGE);
	custody.ref = argv[1];
	custody.passphrase_file = argv[2];
	if ((st = token_read(bytes_text(text), &work, &cose)) != ST_OK ||
	    (st = cose_sign1_parse(cose, CBOR_STRICT, &sign1)) != ST_OK ||
	    (st = claims_parse(sign1.payload, CBOR_STRICT, &c)) != ST_OK)
		goto out;
	c.identity.full_name = c.identity.first_name = bytes_text(argv[3]);
	c.identity.second_name = (struct bytes){ NULL, 0 };
	c.identity.second_language = (struct bytes){ NULL, 0 };
	if (!when_parse(bytes_text(argv[4]), &c.iat)) {
		st = ST_USAGE;
		goto out;
	}
	c.nbf = c.iat;
	if ((st = signer_open(&custody, &key, &d)) != ST_OK ||
	    (st = claims_encode(&c, &payload)) != ST_OK ||
	    (st = signer_sign1(key, NULL, buf_bytes(&payload), &made, &d)) !=
	    ST_OK || (st = token_wrap(buf_bytes(&made), out, sizeof(out),
	    NULL)) != ST_OK)
		goto out;
	printf("%s\n", out);
out:
	if (st != ST_OK)
		fprintf(stderr, "thief: %s %s\n", status_token(st), d.text);
	signer_close(key);
	return status_exit(st);
}
