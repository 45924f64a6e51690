/*
 * Schema: the register's tables, a chunk a subject, a line a migration. Append
 * only: registers in the field count on every line and its place, so a chunk
 * that was released takes no line more; the next change is a chunk of its own
 * at the end of the list in schema.c.
 *
 * Instants are seconds since 1970; calendar dates are YYYY-MM-DD; absent text
 * is the empty text, so that nothing is ever both "" and NULL. What must never
 * happen is a constraint or a trigger here, whichever program asks.
 */
#ifndef CEDULA_ISSUER_REGISTER_SCHEMA_SCHEMA_H
#define CEDULA_ISSUER_REGISTER_SCHEMA_SCHEMA_H

struct schema_chunk {
	const char *const *line;
	int n;
};

/* Ends a file that has made `lines`. */
#define SCHEMA_CHUNK(name) const struct schema_chunk name = { lines, \
	(int)(sizeof(lines) / sizeof(lines[0])) };

extern const struct schema_chunk schema_issuance, schema_applications,
    schema_officers, schema_people, schema_duplicates, schema_work,
    schema_stock, schema_money, schema_protection, schema_exchange,
    schema_eyes;

#endif
