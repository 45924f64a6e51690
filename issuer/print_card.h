/*
 * Print card: the files of one card. What is printed is what was signed: the
 * texts come from the stored credential, read back, and not from the register.
 */
#ifndef CEDULA_ISSUER_PRINT_CARD_FILES_H
#define CEDULA_ISSUER_PRINT_CARD_FILES_H

#include "issuer/register/register.h"

#define PRINT_FILES 5

struct print_job {
	const struct office *office;
	const struct card *card;
	const char *folder, *name;	/* FOLDER/NAME-front.pdf ... */
	int dpi;			/* 300 or 600, of the PNG */
};

/* Draws and writes NAME-front and NAME-back as PDF and PNG, and NAME.pdf with
 * both sides: all of them or none. */
enum status	print_card(struct reg *r, const struct print_job *job,
		    struct diag *d) MUST_CHECK;
/* Takes the first n of them away again. */
void		print_remove(const struct print_job *job, size_t n);

#endif
