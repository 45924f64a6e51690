/* Portrait: from a picture file's bytes to the portrait that is kept. */
#ifndef CEDULA_ISSUER_PHOTO_PORTRAIT_H
#define CEDULA_ISSUER_PHOTO_PORTRAIT_H

#include "issuer/photo/photo.h"

/* Upright, cut and scaled, as a JPEG on the heap, which the caller frees; with
 * out NULL it is only proved that it could be. name is for messages. */
enum status	portrait_make(struct bytes file, const char *name,
		    uint8_t **out, size_t *len, struct diag *d) MUST_CHECK;

#endif
