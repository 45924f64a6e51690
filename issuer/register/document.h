/*
 * Document: what was seen of a person, with its number folded so that the same
 * document is known again however it is typed, and its scan in a table of its
 * own. A number of one issuer that another person has is refused unless said
 * to be shared: it is the surest sign of a person enrolled twice.
 */
#ifndef CEDULA_ISSUER_REGISTER_DOCUMENT_H
#define CEDULA_ISSUER_REGISTER_DOCUMENT_H

#include "issuer/register/register.h"

#define DOCUMENT_NUMBER 40	/* characters */
#define SCAN_MAX (8u << 20)	/* bytes of a scan */

struct document {
	int64_t id, person, added;
	char type[24], number[REG_TEXT], issuer[REG_TEXT];
	char issued[DATE_TEXT], expires[DATE_TEXT];	/* "" not said */
	char seen[REG_TEXT];		/* who saw the original */
	char officer[REG_NAME];		/* who recorded it */
	bool shared;
	char void_[REG_TEXT];		/* why it does not count any more */
	char media_type[16];		/* of the scan, "" when there is none */
	int64_t scan_len;
};

/* How a number or an issuer is compared: letters A-Z and digits alone. False
 * when nothing is left or out is too small. */
bool		document_fold(const char *text, char *out, size_t cap);
/* "image/jpeg", "image/png", "application/pdf", by the first bytes; else NULL. */
const char	*scan_media_type(struct bytes scan);

/* Fills doc->id. seen "" is the officer who acts. scan may be empty. ST_EXISTS
 * names the person who has the number already. */
enum status	reg_document_add(struct reg *r, struct document *doc,
		    struct bytes scan, struct diag *d) MUST_CHECK;
enum status	reg_document(struct reg *r, int64_t id, struct document *out,
		    struct diag *d) MUST_CHECK;
/* Those of a person, also what came from persons merged into them. */
enum status	reg_documents(struct reg *r, int64_t person,
		    enum status (*each)(void *arg, const struct document *doc),
		    void *arg, struct diag *d) MUST_CHECK;
/* A mistake: it stays in the history and counts no more. */
enum status	reg_document_void(struct reg *r, int64_t id,
		    const char *reason, struct diag *d) MUST_CHECK;
/* The scan as it came, a heap block the caller frees; that it was read is
 * recorded. ST_DATA when it is not what was kept. */
enum status	reg_document_scan(struct reg *r, int64_t id, uint8_t **out,
		    size_t *len, struct diag *d) MUST_CHECK;

#endif
