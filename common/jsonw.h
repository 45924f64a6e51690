/*
 * JSON writer: over the caller's buffer (RFC 8259). Commas and quotes are
 * kept by the writer, so that a caller cannot produce a broken document.
 * Text that is not valid UTF-8 is written with U+FFFD in its place.
 */
#ifndef CEDULA_COMMON_JSONW_H
#define CEDULA_COMMON_JSONW_H

#include "common/bytes.h"

struct jsonw {
	struct buf *out;
	bool comma;		/* a comma is due before the next value */
};

struct jsonw	jsonw_to(struct buf *out);
void	jsonw_object(struct jsonw *j);		/* { */
void	jsonw_object_end(struct jsonw *j);	/* } */
void	jsonw_array(struct jsonw *j);
void	jsonw_array_end(struct jsonw *j);
void	jsonw_key(struct jsonw *j, const char *key);
void	jsonw_key_bytes(struct jsonw *j, struct bytes key);
void	jsonw_text(struct jsonw *j, struct bytes value);
void	jsonw_string(struct jsonw *j, const char *value);	/* NULL: null */
void	jsonw_int(struct jsonw *j, int64_t value);
void	jsonw_uint(struct jsonw *j, uint64_t value);
void	jsonw_bool(struct jsonw *j, bool value);
void	jsonw_null(struct jsonw *j);
void	jsonw_hex(struct jsonw *j, struct bytes value);
void	jsonw_base64(struct jsonw *j, struct bytes value);	/* RFC 4648 §4 */
/* An already formed JSON number or literal. */
void	jsonw_raw(struct jsonw *j, const char *value);
/* key and value at once */
void	jsonw_field(struct jsonw *j, const char *key, const char *value);
void	jsonw_field_text(struct jsonw *j, const char *key, struct bytes value);
void	jsonw_field_int(struct jsonw *j, const char *key, int64_t value);
void	jsonw_field_bool(struct jsonw *j, const char *key, bool value);

#endif
