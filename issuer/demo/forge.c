/*
 * Forge, for the demo alone: what a forger can do who has a good card and no
 * key. It changes one letter of the name inside the credential, keeps the
 * signature, and prints the card anew. The verifier must turn red.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/claims.h"
#include "common/cose.h"
#include "common/host/program.h"
#include "common/token.h"
#include "issuer/print_card.h"

/* The last letter of the full name, in place: the token's length stays. */
static enum status
change_name(struct card *card)
{
	struct claims c;
	struct cose_sign1 s;
	struct bytes name;
	size_t at;

	if (cose_sign1_parse(bytes_from(card->token, card->token_len),
	    CBOR_STRICT, &s) != ST_OK ||
	    claims_parse(s.payload, CBOR_STRICT, &c) != ST_OK)
		return ST_DATA;
	name = c.identity.last_name;
	if (name.len == 0 || !islower(name.p[name.len - 1]))
		return ST_DATA;
	at = (size_t)(name.p - card->token) + name.len - 1;
	card->token[at] = card->token[at] == 'z' ? 'a' : 'z';
	at = (size_t)(c.identity.full_name.p - card->token) +
	    c.identity.full_name.len - 1;
	card->token[at] = card->token[at] == 'z' ? 'a' : 'z';
	return token_wrap(bytes_from(card->token, card->token_len), card->qr,
	    sizeof(card->qr), NULL);
}

int
main(int argc, char *argv[])
{
	struct diag d = { "" };
	struct office office;
	static struct card card;
	struct print_job job = { &office, &card, NULL, NULL, 300 };
	struct reg *r = NULL;
	enum status st;

	if (argc != 5) {
		fputs("usage: forge REGISTER NUMBER FOLDER NAME\n", stderr);
		return status_exit(ST_USAGE);
	}
	(void)program_language("en");
	job.folder = argv[3];
	job.name = argv[4];
	if ((st = reg_open(argv[1], &r, &d)) == ST_OK &&
	    (st = reg_office(r, &office, &d)) == ST_OK &&
	    (st = reg_card(r, argv[2], &card, &d)) == ST_OK &&
	    (st = change_name(&card)) == ST_OK)
		st = print_card(r, &job, &d);
	reg_close(r);
	return st == ST_OK ? 0 : diag_print("forge", &d, st);
}
