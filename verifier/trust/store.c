#include "verifier/trust/store.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/pem.h"
#include "common/text.h"

/* ---- the folder ---------------------------------------------------------- */

static bool
default_path(char out[PATH_MAX])
{
	const char *own = getenv("CEDULA_TRUST");
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	int n = -1;

	if (own != NULL && own[0] != '\0')
		n = snprintf(out, PATH_MAX, "%s", own);
	else if (data != NULL && data[0] == '/')
		n = snprintf(out, PATH_MAX, "%s/cedula/trust", data);
	else if (home != NULL && home[0] == '/')
		n = snprintf(out, PATH_MAX, "%s/.local/share/cedula/trust",
		    home);
	return n > 0 && n < PATH_MAX;
}

/* mkdir -p: the default is three folders deep in a new home. */
static enum status
make_folders(const char *path, struct diag *d)
{
	char part[PATH_MAX];

	for (const char *p = path + 1; ; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		(void)snprintf(part, sizeof(part), "%.*s", (int)(p - path),
		    path);
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return diag_errno(d, ST_CANT_CREATE, part);
		if (*p == '\0')
			return ST_OK;
	}
}

/* Two that merge at once would each undo the other's. Whoever reads alone reads
 * whole files in any case. */
static enum status
lock_folder(struct store *s, enum store_mode mode, struct diag *d)
{
	int got;

	do
		got = flock(s->folder, mode == STORE_READ ? LOCK_SH : LOCK_EX);
	while (got != 0 && errno == EINTR);
	if (got == 0 || mode == STORE_READ)
		return ST_OK;
	return diag_set(d, ST_IO,
	    _("%s: the trust store cannot be locked (%s); keep it on a disk of this machine"),
	    s->path, strerror(errno));
}

static enum status
open_folder(struct store *s, enum store_mode mode, struct diag *d)
{
	struct stat sb;
	enum status st;

	if (mode == STORE_WRITE && (st = make_folders(s->path, d)) != ST_OK)
		return st;
	s->folder = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->folder < 0)
		return errno == ENOENT ? diag_set(d, ST_CONFIG,
		    _("%s: no trust store there; begin with: cedula-verifier trust add NIC.pem office.trust"),
		    s->path) : diag_errno(d, ST_CONFIG, s->path);
	if (fstat(s->folder, &sb) != 0)
		return diag_errno(d, ST_IO, s->path);
	/* Who can change an anchor can make any card green. */
	if ((sb.st_mode & S_IWOTH) != 0)
		return diag_set(d, ST_CONFIG,
		    _("%s: anyone may write into this trust store; chmod o-w it, and look at every anchor in it"),
		    s->path);
	return lock_folder(s, mode, d);
}

static enum status
file_name(const struct store *s, const char *state, const char *end,
    char out[PATH_MAX], struct diag *d)
{
	int n = snprintf(out, PATH_MAX, "%s/%s.%s", s->path, state, end);

	return n > 0 && n < PATH_MAX ? ST_OK : diag_set(d, ST_USAGE,
	    _("%s: the path is too long"), s->path);
}

/* ---- reading ------------------------------------------------------------- */

static enum status
read_state(struct store *s, const char *state, struct diag *d)
{
	struct store_state *out = &s->state[s->n];
	char path[PATH_MAX];
	enum status st;

	if (s->n == TRUST_STATES_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("%s: more than %d states"), s->path, TRUST_STATES_MAX);
	memset(out, 0, sizeof(*out));
	if ((st = file_name(s, state, "pem", path, d)) != ST_OK ||
	    (st = anchor_read(path, &out->anchor, d)) != ST_OK ||
	    (st = file_name(s, state, "trust", path, d)) != ST_OK)
		return st;
	s->n++;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return ST_OK;
	return file_read(path, TRUST_BUNDLE_MAX, &out->raw, &out->len, d);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The states that have an anchor, in the order of the alphabet. */
static enum status
list_states(const struct store *s, char names[TRUST_STATES_MAX + 1][4],
    size_t *n, struct diag *d)
{
	DIR *dir = opendir(s->path);
	const struct dirent *e;

	*n = 0;
	if (dir == NULL)
		return diag_errno(d, ST_IO, s->path);
	while (*n <= TRUST_STATES_MAX && (e = readdir(dir)) != NULL) {
		if (strlen(e->d_name) != 7 ||
		    strcmp(e->d_name + 3, ".pem") != 0 ||
		    !text_is_code(bytes_from(e->d_name, 3), false))
			continue;
		memcpy(names[*n], e->d_name, 3);
		names[(*n)++][3] = '\0';
	}
	closedir(dir);
	qsort(names, *n, sizeof(names[0]), by_name);
	return ST_OK;
}

enum status
store_open(const char *path, enum store_mode mode, struct store *out,
    struct diag *d)
{
	char names[TRUST_STATES_MAX + 1][4];
	size_t n;
	enum status st;

	memset(out, 0, sizeof(*out));
	out->folder = -1;
	if (path == NULL && !default_path(out->path))
		return diag_set(d, ST_CONFIG,
		    _("no trust store: give --store FOLDER, or set CEDULA_TRUST"));
	if (path != NULL && snprintf(out->path, sizeof(out->path), "%s",
	    path) >= (int)sizeof(out->path))
		return diag_set(d, ST_USAGE, _("%s: the path is too long"),
		    path);
	if ((st = open_folder(out, mode, d)) != ST_OK || mode == STORE_FOLDER ||
	    (st = list_states(out, names, &n, d)) != ST_OK)
		return st;
	for (size_t i = 0; i < n; i++)
		if ((st = read_state(out, names[i], d)) != ST_OK)
			return st;
	return ST_OK;
}

void
store_close(struct store *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->state[i].raw);
	s->n = 0;
	if (s->folder >= 0)
		close(s->folder);
	s->folder = -1;
}

/* In its file is the state's own bundle, and in it one trust list. */
static enum status
check_own(const struct store *s, const struct store_state *state,
    const struct trust *t, size_t before, struct diag *d)
{
	if (t->lists_n == before + 1 &&
	    strcmp(t->list[before].state, state->anchor.state) == 0)
		return ST_OK;
	return diag_set(d, ST_DATA,
	    _("%s/%s.trust: not this state's bundle; trust remove %s, then trust add its anchor and bundle again"),
	    s->path, state->anchor.state, state->anchor.state);
}

enum status
store_load(const struct store *s, struct trust_host *h, struct diag *d)
{
	struct anchor anchor[TRUST_STATES_MAX];
	enum status st;

	for (size_t i = 0; i < s->n; i++)
		anchor[i] = s->state[i].anchor;
	st = trust_host_open(h, anchor, s->n, d);
	for (size_t i = 0; i < s->n && st == ST_OK; i++) {
		const struct store_state *state = &s->state[i];
		size_t before = h->trust->lists_n;

		if (state->raw == NULL)
			continue;
		if (trust_host_add(h, state->anchor.state,
		    bytes_from(state->raw, state->len), NULL) != ST_OK)
			return diag_set(d, ST_DATA,
			    _("%s/%s.trust: damaged, nothing in it is believed; trust remove %s, then trust add its anchor and bundle again"),
			    s->path, state->anchor.state, state->anchor.state);
		st = check_own(s, state, h->trust, before, d);
	}
	return st;
}

struct store_state *
store_find(struct store *s, const char *state)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->state[i].anchor.state, state) == 0)
			return &s->state[i];
	return NULL;
}

/* ---- changing ------------------------------------------------------------ */

enum status
store_add_anchor(struct store *s, const char *path, struct anchor *out,
    struct diag *d)
{
	const struct store_state *held;
	uint8_t room[512];
	struct buf pem = buf_over(room, sizeof(room));
	char to[PATH_MAX];
	enum status st;

	if ((st = anchor_read(path, out, d)) != ST_OK)
		return st;
	if ((held = store_find(s, out->state)) != NULL)
		return memcmp(&held->anchor.key, &out->key,
		    sizeof(out->key)) == 0 ? ST_OK : diag_set(d, ST_EXISTS,
		    _("%s: the store holds another anchor for %s; if the state has truly begun anew, trust remove %s first"),
		    path, out->state, out->state);
	if (s->n == TRUST_STATES_MAX)
		return diag_set(d, ST_TOO_BIG,
		    _("%s: the store holds %d states, which is all it can; trust remove one first"),
		    path, TRUST_STATES_MAX);
	/* Written anew: whatever else stood in the file stays outside. */
	if ((st = pem_encode(&out->key, &pem)) != ST_OK ||
	    (st = file_name(s, out->state, "pem", to, d)) != ST_OK ||
	    (st = file_write(to, buf_bytes(&pem), 0644, d)) != ST_OK)
		return st;
	if ((st = read_state(s, out->state, d)) != ST_OK)
		(void)unlink(to);
	return st;
}

enum status
store_put(struct store *s, const char *state, struct bytes bundle,
    struct diag *d)
{
	struct store_state *held = store_find(s, state);
	uint8_t *copy;
	char path[PATH_MAX];
	enum status st;

	if (held == NULL || (copy = malloc(bundle.len + 1)) == NULL)
		return ST_INTERNAL;
	memcpy(copy, bundle.p, bundle.len);
	if ((st = file_name(s, state, "trust", path, d)) == ST_OK)
		st = file_write(path, bundle, 0644, d);
	if (st != ST_OK) {
		free(copy);
		return st;
	}
	free(held->raw);
	held->raw = copy;
	held->len = bundle.len;
	return ST_OK;
}

/* The anchor goes last: with it alone the state is still known, and empty. */
enum status
store_remove(struct store *s, const char *state, struct diag *d)
{
	static const char *const ends[] = { "trust", "pem" };
	char path[PATH_MAX];
	enum status st;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if ((st = file_name(s, state, ends[i], path, d)) != ST_OK)
			return st;
		if (unlink(path) == 0 || (errno == ENOENT && i == 0))
			continue;
		return errno == ENOENT ? diag_set(d, ST_NOT_FOUND,
		    _("%s: the store knows no such state"), state) :
		    diag_errno(d, ST_IO, path);
	}
	return ST_OK;
}
