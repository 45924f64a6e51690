/*
 * Passphrase: from the terminal without echo, or the first line of a file.
 * Never from the command line or the environment, where others can see it.
 */
#ifndef CEDULA_KEYS_PASSPHRASE_H
#define CEDULA_KEYS_PASSPHRASE_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/host/diag.h"
#include "common/status.h"

#define PASSPHRASE_MAX 1024
#define PASSPHRASE_MIN 8	/* characters, of a new one */

/* file NULL: asks on /dev/tty. what names the key in the question. least 0: one
 * that is there; else a new one, asked for twice, of so many characters at
 * least. Erase with passphrase_wipe. */
enum status	passphrase_read(const char *file, const char *what, size_t least,
		    char out[PASSPHRASE_MAX], struct diag *d) MUST_CHECK;
/* The first line of a file that holds a secret. */
enum status	passphrase_from_file(const char *file,
		    char out[PASSPHRASE_MAX], struct diag *d) MUST_CHECK;
/* Asks for a secret once, without echo: "question: ". no_terminal is what is
 * said when there is none (ST_NOT_FOUND). Erase as above. */
enum status	passphrase_ask(const char *question, const char *no_terminal,
		    char out[PASSPHRASE_MAX], struct diag *d) MUST_CHECK;
/* Says something on the terminal, between two questions. */
void		passphrase_tell(const char *text);
void		passphrase_wipe(char out[PASSPHRASE_MAX]);

#endif
