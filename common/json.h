/*
 * JSON: a writer over the caller's buffer (RFC 8259). Commas and quotes are
 * kept by the writer, so that a caller cannot produce a broken document.
 * Text that is not valid UTF-8 is written with U+FFFD in its place.
 */
#ifndef CEDULA_COMMON_JSON_H
#define CEDULA_COMMON_JSON_H

#include "common/bytes.h"

struct json {
	struct buf *out;
	bool comma;		/* a comma is due before the next value */
};

struct json	json_to(struct buf *out);
void	json_object(struct json *j);		/* { */
void	json_object_end(struct json *j);	/* } */
void	json_array(struct json *j);
void	json_array_end(struct json *j);
void	json_key(struct json *j, const char *key);
void	json_key_bytes(struct json *j, struct bytes key);
void	json_text(struct json *j, struct bytes value);
void	json_string(struct json *j, const char *value);	/* NULL: null */
void	json_int(struct json *j, int64_t value);
void	json_uint(struct json *j, uint64_t value);
void	json_bool(struct json *j, bool value);
void	json_null(struct json *j);
void	json_hex(struct json *j, struct bytes value);
void	json_base64(struct json *j, struct bytes value);	/* RFC 4648 §4 */
/* An already formed JSON number or literal. */
void	json_raw(struct json *j, const char *value);
/* key and value at once */
void	json_field(struct json *j, const char *key, const char *value);
void	json_field_text(struct json *j, const char *key, struct bytes value);
void	json_field_int(struct json *j, const char *key, int64_t value);
void	json_field_bool(struct json *j, const char *key, bool value);

#endif
