#include "issuer/photo/portrait.h"

enum status
portrait_make(struct bytes file, const char *name, uint8_t **out, size_t *len,
    struct diag *d)
{
	struct photo whole = { 0 }, portrait = { 0 };
	enum status st;

	if (out != NULL) {
		*out = NULL;
		*len = 0;
	}
	if ((st = photo_load(file, name, &whole, d)) == ST_OK &&
	    (st = photo_portrait(&whole, &portrait, d)) == ST_OK &&
	    out != NULL)
		st = photo_jpeg(&portrait, out, len, d);
	photo_free(&whole);
	photo_free(&portrait);
	return st;
}
