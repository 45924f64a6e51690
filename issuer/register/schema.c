#include "issuer/register/schema/schema.h"

#include <stdio.h>

#include "issuer/register/db.h"

/* In the order in which registers in the field took them: append only. */
static const struct schema_chunk *const chunks[] = {
	&schema_issuance, &schema_officers, &schema_applications,
	&schema_people, &schema_duplicates, &schema_work, &schema_stock,
	&schema_money, &schema_protection, &schema_exchange,
	&schema_eyes,
};

#define CHUNKS (sizeof(chunks) / sizeof(chunks[0]))

int
schema_version(void)
{
	int n = 0;

	for (size_t i = 0; i < CHUNKS; i++)
		n += chunks[i]->n;
	return n;
}

static const char *
line_at(int line)
{
	for (size_t i = 0; i < CHUNKS; i++) {
		if (line < chunks[i]->n)
			return chunks[i]->line[line];
		line -= chunks[i]->n;
	}
	return "";
}

static enum status
read_version(struct reg *r, int *version, struct diag *d)
{
	struct query q = query(r, "PRAGMA user_version", d);

	*version = query_row(&q) ? (int)col_int(&q, 0) : 0;
	return query_end(&q);
}

static enum status
apply(struct reg *r, int line, struct diag *d)
{
	char done[48];
	int version;
	enum status st;

	/* A pragma takes no bind; the number is ours. */
	(void)snprintf(done, sizeof(done), "PRAGMA user_version = %d", line + 1);
	if ((st = reg_begin(r, d)) != ST_OK)
		return st;
	/* Another program may have applied it while this one waited. */
	if ((st = read_version(r, &version, d)) != ST_OK ||
	    (version == line &&
	    ((st = reg_exec(r, line_at(line), d)) != ST_OK ||
	    (st = reg_exec(r, done, d)) != ST_OK)) ||
	    (st = reg_commit(r, d)) != ST_OK)
		reg_rollback(r);
	return st;
}

enum status
schema_migrate(struct reg *r, struct diag *d)
{
	int version, known = schema_version();
	enum status st = read_version(r, &version, d);

	if (st == ST_OK && version > known)
		return diag_set(d, ST_CONFIG,
		    _("%s: made by a newer Cédula (register version %d, this program knows %d); use the newer program"),
		    r->path, version, known);
	for (int line = version; st == ST_OK && line < known; line++)
		st = apply(r, line, d);
	return st;
}
