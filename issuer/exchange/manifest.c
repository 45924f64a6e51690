#include "issuer/exchange/manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "common/when.h"

bool
manifest_encode(const struct manifest *m, struct buf *out)
{
	char text[MANIFEST_MAX], made[WHEN_TEXT], root[65], sha[65];
	const struct reg_counts *c = &m->counts;
	int n;

	when_format(m->made, made);
	(void)bytes_to_hex(bytes_from(c->log_root, 32), root, sizeof(root));
	(void)bytes_to_hex(bytes_from(m->sha256, 32), sha, sizeof(sha));
	n = snprintf(text, sizeof(text), "cedula-backup 1\n"
	    "office %s %s\nname %s\nmade %s\nregister-version %" PRId64 "\n"
	    "persons %" PRId64 "\nhouseholds %" PRId64 "\n"
	    "applications %" PRId64 "\ncards %" PRId64 "\nacts %" PRId64 "\n"
	    "log-size %" PRIu64 "\nlog-root %s\n"
	    "database-bytes %" PRIu64 "\ndatabase-sha256 %s\n",
	    m->state, m->office, m->name, made, c->version, c->persons,
	    c->households, c->applications, c->cards, c->acts, c->log_size,
	    root, m->bytes, sha);
	if (n < 0 || (size_t)n >= sizeof(text))
		return false;
	buf_put(out, text, (size_t)n);
	return !out->bad;
}

static bool
is_hex32(const char *hex, uint8_t out[32])
{
	size_t len;

	return bytes_from_hex(bytes_text(hex), out, 32, &len) && len == 32;
}

/* Reads loosely, then asks whether it would be written so. */
bool
manifest_parse(struct bytes text, struct manifest *out)
{
	char copy[MANIFEST_MAX], made[32], root[65], sha[65];
	uint8_t room[MANIFEST_MAX];
	struct buf again = buf_over(room, sizeof(room));
	struct reg_counts *c = &out->counts;

	memset(out, 0, sizeof(*out));
	return bytes_to_text(text, copy, sizeof(copy)) &&
	    sscanf(copy, "cedula-backup 1\noffice %3[A-Z0-9] %3[A-Z0-9]\n"
	    "name %511[^\n]\nmade %31[^\n]\nregister-version %" SCNd64 "\n"
	    "persons %" SCNd64 "\nhouseholds %" SCNd64 "\n"
	    "applications %" SCNd64 "\ncards %" SCNd64 "\nacts %" SCNd64 "\n"
	    "log-size %" SCNu64 "\nlog-root %64[0-9a-f]\n"
	    "database-bytes %" SCNu64 "\ndatabase-sha256 %64[0-9a-f]",
	    out->state, out->office, out->name, made, &c->version,
	    &c->persons, &c->households, &c->applications, &c->cards,
	    &c->acts, &c->log_size, root, &out->bytes, sha) == 14 &&
	    when_parse(bytes_text(made), &out->made) &&
	    is_hex32(root, c->log_root) && is_hex32(sha, out->sha256) &&
	    text_is_printable(bytes_text(out->name)) &&
	    manifest_encode(out, &again) &&
	    bytes_equal(buf_bytes(&again), text);
}
