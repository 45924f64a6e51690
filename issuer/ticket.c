#include "issuer/ticket.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/crypto.h"

static const char label[] = "cedula session 1";

/* The folder's path; whether it is there is another question. */
static enum status
folder_path(char out[PATH_MAX], struct diag *d)
{
	const char *own = getenv("CEDULA_SESSIONS");
	const char *run = getenv("XDG_RUNTIME_DIR"), *home = getenv("HOME");
	int n = -1;

	if (own != NULL && *own != '\0')
		n = snprintf(out, PATH_MAX, "%s", own);
	else if (run != NULL && *run == '/')
		n = snprintf(out, PATH_MAX, "%s/cedula", run);
	else if (home != NULL && *home == '/')
		n = snprintf(out, PATH_MAX, "%s/.cedula", home);
	if (n <= 0 || n >= PATH_MAX)
		return diag_set(d, ST_CONFIG,
		    _("there is no folder for sessions; name one with CEDULA_SESSIONS"));
	return ST_OK;
}

/* Nobody else may put tickets there, or take them. */
static enum status
folder_check(const char *path, struct diag *d)
{
	struct stat sb;

	if (lstat(path, &sb) != 0)
		return diag_errno(d, ST_IO, path);
	if (!S_ISDIR(sb.st_mode) || sb.st_uid != geteuid() ||
	    (sb.st_mode & 077) != 0)
		return diag_set(d, ST_PERMISSION,
		    _("%s: not a folder that is yours alone; chmod 700 it, and log in again if others could read it"),
		    path);
	return ST_OK;
}

/* Sessions of this register begin so. */
static enum status
prefix(struct reg *r, char out[2 * REGISTER_UID + 2], struct diag *d)
{
	uint8_t uid[REGISTER_UID];
	enum status st = reg_uid(r, uid, d);

	if (st != ST_OK)
		return st;
	(void)bytes_to_hex(bytes_from(uid, sizeof(uid)), out,
	    2 * REGISTER_UID + 1);
	out[2 * REGISTER_UID] = '-';
	out[2 * REGISTER_UID + 1] = '\0';
	return ST_OK;
}

static enum status
ticket_path(struct reg *r, const char *officer, char folder[PATH_MAX],
    char out[PATH_MAX], struct diag *d)
{
	char begin[2 * REGISTER_UID + 2];
	enum status st;
	int n;

	/* A name of the register's has no '/'; what is typed may. */
	if (strchr(officer, '/') != NULL || strlen(officer) >= REG_NAME)
		return diag_set(d, ST_PERMISSION,
		    _("officer %.64s is not in this register; ask an officer who is to add you"),
		    officer);
	if ((st = folder_path(folder, d)) != ST_OK ||
	    (st = prefix(r, begin, d)) != ST_OK)
		return st;
	n = snprintf(out, PATH_MAX, "%s/%s%s", folder, begin, officer);
	return n > 0 && n < PATH_MAX ? ST_OK : diag_set(d, ST_CONFIG,
	    _("%s: the path is too long"), folder);
}

static enum status
read_ticket(const char *path, uint8_t token_sha256[32], struct diag *d)
{
	uint8_t token[SECRET_BYTES] = { 0 };
	struct bytes part = bytes_from(token, sizeof(token));
	enum status st = secret_file_read(path, label, token, d);

	if (st == ST_OK)
		st = crypto_sha256(&part, 1, token_sha256);
	crypto_wipe(token, sizeof(token));
	return st;
}

enum status
ticket_find(struct reg *r, const char *officer, uint8_t token_sha256[32],
    struct diag *d)
{
	char folder[PATH_MAX], path[PATH_MAX];
	struct stat sb;
	enum status st;

	memset(token_sha256, 0, 32);
	if ((st = ticket_path(r, officer, folder, path, d)) != ST_OK)
		return st;
	if (lstat(path, &sb) != 0 && errno == ENOENT)
		return ST_NOT_FOUND;
	if ((st = folder_check(folder, d)) != ST_OK)
		return st;
	return read_ticket(path, token_sha256, d);
}

static enum status
log_in_first(const char *officer, struct diag *d)
{
	return diag_set(d, ST_PERMISSION,
	    _("log in first: cedula-issuer login %.64s"),
	    officer != NULL ? officer : "NAME");
}

static enum status
act_as(struct reg *r, const char *officer, int64_t clock, unsigned *roles,
    uint8_t token_sha256[32], struct diag *d)
{
	bool valid = false;
	enum status st = ticket_find(r, officer, token_sha256, d);

	if (st == ST_OK)
		st = reg_session_act(r, officer, token_sha256, clock, &valid,
		    roles, d);
	else if (st != ST_NOT_FOUND)
		return st;
	return st == ST_NOT_FOUND || (st == ST_OK && !valid) ?
	    log_in_first(officer, d) : st;
}

/* The officers with a ticket for this register; the good ones are counted. */
static enum status
only_one(struct reg *r, int64_t clock, char name[REG_NAME], struct diag *d)
{
	char folder[PATH_MAX], begin[2 * REGISTER_UID + 2];
	uint8_t sha[32];
	struct dirent *e;
	unsigned roles;
	size_t n = 0;
	DIR *dir;
	enum status st;

	if ((st = folder_path(folder, d)) != ST_OK ||
	    (st = prefix(r, begin, d)) != ST_OK)
		return st;
	if ((dir = opendir(folder)) == NULL)
		return log_in_first(NULL, d);
	while ((e = readdir(dir)) != NULL) {
		const char *officer = e->d_name + strlen(begin);

		if (strncmp(e->d_name, begin, strlen(begin)) != 0 ||
		    strlen(officer) >= REG_NAME ||
		    act_as(r, officer, clock, &roles, sha, NULL) != ST_OK)
			continue;
		(void)snprintf(name, REG_NAME, "%s", officer);
		n++;
	}
	(void)closedir(dir);
	if (n == 0)
		return log_in_first(NULL, d);
	return n == 1 ? ST_OK : diag_set(d, ST_USAGE,
	    _("several officers are logged in here; say who acts: --officer NAME or CEDULA_OFFICER"));
}

enum status
ticket_role(const char *officer, unsigned roles, unsigned needed, struct diag *d)
{
	char has[OFFICER_ROLES_TEXT], wants[OFFICER_ROLES_TEXT];

	if (needed == 0 || (roles & needed) != 0)
		return ST_OK;
	officer_roles_text(roles, has);
	officer_roles_text(needed, wants);
	if (has[0] == '\0')
		return diag_set(d, ST_PERMISSION,
		    _("officer %.64s has no role here, and this needs one of: %s; a manager can give it"),
		    officer, wants);
	return diag_set(d, ST_PERMISSION,
	    _("officer %.64s is %s here, and this needs one of: %s; a manager can give it"),
	    officer, has, wants);
}

enum status
ticket_act(struct reg *r, const char **officer, char name[REG_NAME],
    int64_t clock, unsigned needed, uint8_t token_sha256[32], struct diag *d)
{
	uint8_t sha[32];
	unsigned roles = 0;
	enum status st;

	if (*officer == NULL) {
		if ((st = only_one(r, clock, name, d)) != ST_OK)
			return st;
		*officer = name;
	}
	if ((st = act_as(r, *officer, clock, &roles, sha, d)) != ST_OK)
		return st;
	if (token_sha256 != NULL)
		memcpy(token_sha256, sha, sizeof(sha));
	reg_session_needs(r, needed);
	return ticket_role(*officer, roles, needed, d);
}

enum status
ticket_stage(struct reg *r, const char *officer, struct staged *out,
    uint8_t token_sha256[32], struct diag *d)
{
	char folder[PATH_MAX], path[PATH_MAX], text[SECRET_FILE_TEXT];
	uint8_t token[SECRET_BYTES] = { 0 };
	struct bytes part = bytes_from(token, sizeof(token));
	enum status st;

	out->tmp[0] = '\0';
	out->fd = -1;
	if ((st = ticket_path(r, officer, folder, path, d)) != ST_OK ||
	    (st = file_mkdir(folder, 0700, d)) != ST_OK ||
	    (st = folder_check(folder, d)) != ST_OK ||
	    (st = secret_random(token, d)) != ST_OK)
		return st;
	secret_file_text(label, token, text);
	if ((st = crypto_sha256(&part, 1, token_sha256)) == ST_OK)
		st = file_stage(path, bytes_text(text), 0600, out, d);
	crypto_wipe(text, sizeof(text));
	crypto_wipe(token, sizeof(token));
	return st;
}

enum status
ticket_remove(struct reg *r, const char *officer, struct diag *d)
{
	char folder[PATH_MAX], path[PATH_MAX];
	enum status st = ticket_path(r, officer, folder, path, d);

	if (st == ST_OK && unlink(path) != 0 && errno != ENOENT)
		st = diag_errno(d, ST_IO, path);
	return st;
}
