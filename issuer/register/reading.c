/* Another office's register, to read from. */
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "issuer/register/db.h"
#include "issuer/register/report.h"

#define URI_MAX (3 * PATH_MAX + 32)

/* The path as a URI of SQLite's. SQLite leaves its own files beside one that it
 * only reads; immutable leaves none. */
static bool
file_uri(const char *path, char out[URI_MAX])
{
	struct buf b = buf_over((uint8_t *)out, URI_MAX - 1);
	char hex[3];

	/* Not "file:a": what stands before the first slash is a machine. */
	buf_put_text(&b, path[0] == '/' ? "file://" : "file:");
	for (const char *p = path; *p != '\0'; p++) {
		if (strchr("%?#", *p) == NULL) {
			buf_put_u8(&b, (uint8_t)*p);
			continue;
		}
		(void)bytes_to_hex(bytes_from(p, 1), hex, sizeof(hex));
		buf_put_u8(&b, '%');
		buf_put_text(&b, hex);
	}
	buf_put_text(&b, "?immutable=1");
	out[b.bad ? 0 : b.len] = '\0';
	return !b.bad;
}

/* A program that has it open keeps this beside it, with what is not yet in the
 * file itself. */
static bool
is_open_elsewhere(const char *path)
{
	char wal[PATH_MAX];
	struct stat sb;
	int n = snprintf(wal, sizeof(wal), "%s-wal", path);

	return n > 0 && (size_t)n < sizeof(wal) && stat(wal, &sb) == 0 &&
	    sb.st_size > 0;
}

static enum status
check_version(struct reg *r, const char *path, struct diag *d)
{
	int64_t id, version;
	enum status st;

	if ((st = db_pragma(r, "PRAGMA application_id", &id, d)) != ST_OK ||
	    (st = db_pragma(r, "PRAGMA user_version", &version, d)) != ST_OK)
		return st;
	if (id != APPLICATION_ID)
		return diag_set(d, ST_DATA,
		    _("%s: not a register of Cédula; name another office's register with --with"),
		    path);
	if (version != schema_version())
		return diag_set(d, ST_CONFIG,
		    _("%s: its register has version %d and this program reads version %d; let that office open it with this program's version and send it again"),
		    path, (int)version, schema_version());
	return ST_OK;
}

enum status
reg_open_reading(const char *path, struct reg **out, struct diag *d)
{
	char uri[URI_MAX];
	struct reg *r = NULL;
	struct stat sb;
	enum status st;

	*out = NULL;
	if (stat(path, &sb) != 0)
		return errno == ENOENT ? diag_set(d, ST_NOT_FOUND,
		    _("%s: no register there; name another office's with --with"),
		    path) : diag_errno(d, ST_IO, path);
	if (!file_uri(path, uri))
		return diag_set(d, ST_USAGE, _("%s: the path is too long"),
		    path);
	if ((st = is_open_elsewhere(path) ?
	    db_open(path, SQLITE_OPEN_READONLY, NULL, &r, d) :
	    db_open(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL, &r, d)) ==
	    ST_OK)
		st = check_version(r, path, d);
	if (st == ST_OK) {
		(void)snprintf(r->path, sizeof(r->path), "%s", path);
		*out = r;
	} else
		reg_close(r);
	return st;
}
