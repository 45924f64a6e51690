#include "issuer/register/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/jsonw.h"
#include "issuer/register/db.h"

enum status
reg_import_find(struct reg *r, struct import_job *out, struct diag *d)
{
	struct query q = query(r, "SELECT j.id, j.file, j.skip_bad, j.lines,"
	    " j.done, j.persons, j.begun, ifnull(j.finished, 0), o.login"
	    " FROM import_job AS j JOIN officer AS o ON o.id = j.officer"
	    " WHERE j.sha256 = ?1", d);
	bool found;
	enum status st;

	bind_blob(&q, bytes_from(out->sha256, sizeof(out->sha256)));
	if ((found = query_row(&q))) {
		out->id = col_int(&q, 0);
		col_text(&q, 1, out->file, sizeof(out->file));
		out->skip_bad = col_int(&q, 2) != 0;
		out->lines = col_int(&q, 3);
		out->done = col_int(&q, 4);
		out->persons = col_int(&q, 5);
		out->begun = col_int(&q, 6);
		out->finished = col_int(&q, 7);
		col_text(&q, 8, out->officer, sizeof(out->officer));
	}
	st = query_end(&q);
	return st != ST_OK || found ? st : ST_NOT_FOUND;
}

static enum status
record(struct reg *r, const char *action, const struct import_job *job,
    struct diag *d)
{
	char object[48], hex[65];
	uint8_t room[4096];
	struct buf b = buf_over(room, sizeof(room) - 1);
	struct jsonw j = jsonw_to(&b);

	(void)bytes_to_hex(bytes_from(job->sha256, sizeof(job->sha256)), hex,
	    sizeof(hex));
	jsonw_object(&j);
	jsonw_field(&j, "file", job->file);
	jsonw_field(&j, "sha256", hex);
	jsonw_field_int(&j, "lines", job->lines);
	jsonw_field_int(&j, "done", job->done);
	jsonw_field_int(&j, "persons", job->persons);
	jsonw_object_end(&j);
	room[b.len] = '\0';
	(void)snprintf(object, sizeof(object), "import %" PRId64, job->id);
	return b.bad ? ST_INTERNAL :
	    reg_audit(r, action, object, (const char *)room, d);
}

enum status
reg_import_begin(struct reg *r, struct import_job *job, struct diag *d)
{
	struct query q;
	enum status st;

	if ((st = reg_acting(r, d)) != ST_OK)
		return st;
	q = query(r, "INSERT INTO import_job (sha256, file, begun, officer,"
	    " skip_bad, lines) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", d);
	bind_blob(&q, bytes_from(job->sha256, sizeof(job->sha256)));
	bind_text(&q, job->file);
	bind_int(&q, r->now);
	bind_int(&q, r->officer);
	bind_int(&q, job->skip_bad ? 1 : 0);
	bind_int(&q, job->lines);
	if ((st = query_run(&q)) != ST_OK)
		return st;
	job->id = sqlite3_last_insert_rowid(r->db);
	return record(r, "import.begin", job, d);
}

enum status
reg_import_line(struct reg *r, const struct import_line *line,
    struct diag *d)
{
	struct query q = query(r, "INSERT INTO import_line (job, line, person,"
	    " ref, family, relationship) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", d);

	bind_int(&q, line->job);
	bind_int(&q, line->line);
	bind_int(&q, line->person);
	bind_text(&q, line->ref);
	bind_text(&q, line->family);
	bind_int(&q, line->relationship);
	return query_run(&q);
}

enum status
reg_import_forward(struct reg *r, struct import_job *job, struct diag *d)
{
	struct query q = query(r, "UPDATE import_job SET done = ?2,"
	    " persons = ?3, finished = CASE WHEN ?2 = lines THEN ?4 END"
	    " WHERE id = ?1", d);
	enum status st;

	bind_int(&q, job->id);
	bind_int(&q, job->done);
	bind_int(&q, job->persons);
	bind_int(&q, r->now);
	if ((st = query_run(&q)) != ST_OK || job->done < job->lines)
		return st;
	return record(r, "import.end", job, d);
}

enum status
reg_import_family(struct reg *r, int64_t job, const char *family,
    struct household *out, struct diag *d)
{
	struct query q = query(r, "SELECT person, relationship FROM import_line"
	    " WHERE job = ?1 AND family = ?2 AND family <> '' ORDER BY line",
	    d);

	memset(out, 0, sizeof(*out));
	bind_int(&q, job);
	bind_text(&q, family);
	while (query_row(&q)) {
		int64_t relationship = col_int(&q, 1);

		if (relationship == 0)
			out->head = col_int(&q, 0);
		else if (out->members_n < REG_HOUSEHOLD_MAX) {
			out->member[out->members_n].person = col_int(&q, 0);
			out->member[out->members_n++].relationship =
			    (enum relationship)relationship;
		}
	}
	return query_end(&q);
}
