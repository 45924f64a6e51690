/* cedula-verifier trust add, show, check, remove. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/host/options.h"
#include "common/host/program.h"
#include "common/jsonw.h"
#include "common/series.h"
#include "common/text.h"
#include "verifier/command.h"
#include "verifier/input.h"
#include "verifier/moment.h"
#include "verifier/report.h"
#include "verifier/trust/merge.h"
#include "verifier/trust/show.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct trusting {
	const char *verb, *path, *now_text;
	bool json;
	int64_t now;
	struct store store;
	struct trust_host host;
	char *const *operand;
	size_t operands_n;
	struct series series;		/* what pictures and texts bring */
	uint8_t *series_room;
	const char *series_name;	/* the file of its first part */
	struct merge_count total;
	size_t anchors_added;
	char added[TRUST_STATES_MAX][4];
	struct diag *d;
};

/* ---- add ----------------------------------------------------------------- */

/* An anchor says by its name whose it is. */
static bool
is_anchor(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && strcmp(path + n - 4, ".pem") == 0;
}

/* Where the next line of a text ends, and its beginning without a byte order
 * mark. */
static struct bytes
next_line(struct bytes *text)
{
	const uint8_t *end = memchr(text->p, '\n', text->len);
	size_t n = end == NULL ? text->len : (size_t)(end - text->p);
	struct bytes line = bytes_from(text->p, n);

	n = end == NULL ? n : n + 1;
	text->p += n;
	text->len -= n;
	if (line.len >= 3 && memcmp(line.p, "\xef\xbb\xbf", 3) == 0) {
		line.p += 3;
		line.len -= 3;
	}
	return line;
}

/* A picture, or a text that has a part of a series in some line. */
static bool
is_series(const struct input *in)
{
	struct bytes text = in->n > 0 ? in->text[0] : bytes_from(NULL, 0);

	while (!in->picture && text.len > 0)
		if (series_is_part(next_line(&text)))
			return true;
	return in->picture;
}

/* Anchors before everything: what comes with them is judged by them. */
static enum status
add_anchor(struct trusting *c, const char *path)
{
	struct anchor anchor;
	uint8_t print[32];
	char text[80];
	size_t before = c->store.n;
	enum status st;

	if ((st = store_add_anchor(&c->store, path, &anchor, c->d)) != ST_OK ||
	    (st = cose_key_thumbprint(&anchor.key, print)) != ST_OK)
		return st;
	if (c->store.n == before)
		return ST_OK;
	memcpy(c->added[c->anchors_added++], anchor.state, 4);
	thumbprint_format(print, text);
	if (!c->json)
		printf(_("%s anchor %s\n  compare every digit with what the state has published; who gave you this file can make any card green\n"),
		    anchor.state, text);
	return ST_OK;
}

static enum status
add_bundle(struct trusting *c, const char *name, struct bytes bundle)
{
	struct merge_count n;
	enum status st;

	if (c->store.n == 0)
		return diag_set(c->d, ST_CONFIG,
		    _("%s: the store has no anchor yet; give the state's anchor with it, NIC.pem"),
		    name);
	if ((st = store_merge(&c->store, name, bundle, &n, c->d)) != ST_OK)
		return st;
	c->total.newer += n.newer;
	c->total.same += n.same;
	c->total.older += n.older;
	c->total.dropped += n.dropped;
	return ST_OK;
}

/* One text, of a symbol or a message's line. */
static enum status
take_text(struct trusting *c, const char *path, struct bytes text)
{
	enum status st;

	if (!series_is_part(text))
		return ST_NOT_FOUND;
	st = series_take(&c->series, text);
	if (st == ST_OK && c->series_name == NULL)
		c->series_name = path;
	if (st == ST_STATE)
		return diag_set(c->d, st,
		    _("%s: holds a part of another series; give the symbols of one poster at a time"),
		    path);
	if (st != ST_OK)
		return diag_set(c->d, st,
		    _("%s: a part of the series is damaged; scan it again"),
		    path);
	return ST_OK;
}

/* Lines of a message; others between them are somebody's words. */
static enum status
take_lines(struct trusting *c, const char *path, struct bytes text)
{
	enum status st = ST_OK;

	while (text.len > 0 && (st == ST_OK || st == ST_NOT_FOUND))
		st = take_text(c, path, next_line(&text));
	return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status
take_symbols(struct trusting *c, const char *path, const struct input *in)
{
	bool any = false;
	enum status st = ST_OK;

	if (!in->picture)
		return take_lines(c, path, in->text[0]);
	for (size_t i = 0; i < in->n; i++) {
		st = take_text(c, path, in->text[i]);
		if (st != ST_OK && st != ST_NOT_FOUND)
			return st;
		any = any || st == ST_OK;
	}
	if (any)
		return ST_OK;
	return diag_set(c->d, ST_NOT_FOUND, in->n > 0 ?
	    _("%s: a symbol of another kind, a card's perhaps; give pictures of a poster with revocation data") :
	    _("%s: no symbol with revocation data was found; take the picture straight, near and in good light"),
	    path);
}

static enum status
add_file(struct trusting *c, const char *path)
{
	struct input in = { 0 };
	enum status st;

	if ((st = input_read(path, &in, c->d)) != ST_OK)
		return st;
	st = is_series(&in) ? take_symbols(c, path, &in) :
	    add_bundle(c, path, bytes_from(in.raw, in.raw_len));
	input_free(&in);
	return st;
}

/* "2, 3" */
static void
missing_parts(const struct series *s, char *out, size_t cap)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; (i = series_missing(s, i)) != 0; ) {
		int n = snprintf(out + at, cap - at, "%s%zu",
		    at > 0 ? ", " : "", i);

		if (n < 0 || (size_t)n >= cap - at)
			return;
		at += (size_t)n;
	}
}

static enum status
add_series(struct trusting *c)
{
	struct bytes bundle;
	char missing[128];

	if (c->series.n == 0)
		return ST_OK;
	if (series_missing(&c->series, 0) != 0) {
		missing_parts(&c->series, missing, sizeof(missing));
		return diag_set(c->d, ST_DATA,
		    _("%s: of %zu symbols these are missing: %s; give the pictures of all of them at once"),
		    c->series_name, c->series.n, missing);
	}
	if (series_finish(&c->series, &bundle) != ST_OK)
		return diag_set(c->d, ST_DATA,
		    _("%s: the symbols do not belong together; scan them all again"),
		    c->series_name);
	return add_bundle(c, c->series_name, bundle);
}

static void
tell_added(const struct trusting *c)
{
	const struct merge_count *n = &c->total;

	if (n->newer == 0 && c->anchors_added == 0) {
		puts(_("nothing new: the store has all of it"));
		return;
	}
	printf(_("%zu parts taken"), n->newer);
	if (n->same > 0)
		printf(_(", %zu held already"), n->same);
	if (n->older > 0)
		printf(_(", %zu older ones left aside"), n->older);
	if (n->dropped > 0)
		printf(_(", %zu dropped, since their signer was revoked"),
		    n->dropped);
	printf("\n");
}

static enum status
add_json(const struct trusting *c)
{
	uint8_t room[512];
	struct buf b = buf_over(room, sizeof(room));
	struct jsonw j = jsonw_to(&b);

	jsonw_object(&j);
	jsonw_field(&j, "result", "ok");
	jsonw_field_int(&j, "anchors", (int64_t)c->anchors_added);
	jsonw_field_int(&j, "newer", (int64_t)c->total.newer);
	jsonw_field_int(&j, "same", (int64_t)c->total.same);
	jsonw_field_int(&j, "older", (int64_t)c->total.older);
	jsonw_field_int(&j, "dropped", (int64_t)c->total.dropped);
	jsonw_object_end(&j);
	printf("%.*s\n", (int)b.len, (const char *)b.p);
	return ST_OK;
}

static enum status
add_all(struct trusting *c)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < c->operands_n && st == ST_OK; i++)
		if (is_anchor(c->operand[i]))
			st = add_anchor(c, c->operand[i]);
	for (size_t i = 0; i < c->operands_n && st == ST_OK; i++)
		if (!is_anchor(c->operand[i]))
			st = add_file(c, c->operand[i]);
	if (st != ST_OK || (st = add_series(c)) != ST_OK)
		return st;
	/* Asked of all that came: "trust add *.trust" may well hold old ones. */
	if (c->total.newer == 0 && c->total.older > 0 && c->anchors_added == 0)
		return diag_set(c->d, ST_ROLLBACK,
		    _("%s: older than what the store holds; nothing was changed"),
		    c->operand[0]);
	return ST_OK;
}

static enum status
run_add(struct trusting *c, int *exit_status)
{
	enum status st;

	(void)exit_status;
	if ((c->series_room = malloc(SERIES_BYTES_MAX)) == NULL)
		return diag_set(c->d, ST_INTERNAL, _("out of memory"));
	series_init(&c->series, c->series_room);
	if ((st = add_all(c)) != ST_OK) {
		/* No anchor stays without the bundle that came with it. */
		for (size_t i = 0; i < c->anchors_added; i++)
			if (store_remove(&c->store, c->added[i], NULL) != ST_OK)
				fprintf(stderr, _("%s: the anchor of %s could not be taken out again; trust remove it\n"),
				    PROGRAM, c->added[i]);
		return st;
	}
	if (c->json)
		return add_json(c);
	tell_added(c);
	if ((st = store_load(&c->store, &c->host, c->d)) == ST_OK)
		show_problems(&c->store, c->host.trust, c->now);
	return st;
}

/* ---- show, check, remove ------------------------------------------------- */

static int
health_exit(enum store_health h)
{
	switch (h) {
	case STORE_FRESH: return 0;
	case STORE_STALE:
	case STORE_CLOCK: return 1;
	case STORE_EMPTY: break;
	}
	return status_exit(ST_CONFIG);
}

static enum status
run_show(struct trusting *c, int *exit_status)
{
	enum status st = store_load(&c->store, &c->host, c->d);

	(void)exit_status;
	if (st != ST_OK)
		return st;
	if (c->json)
		return show_json(&c->store, c->host.trust, c->now);
	show_text(&c->store, c->host.trust, c->now);
	return ST_OK;
}

static enum status
run_check(struct trusting *c, int *exit_status)
{
	enum status st = store_load(&c->store, &c->host, c->d);
	enum store_health health;

	if (st != ST_OK)
		return st;
	health = store_health(&c->store, c->host.trust, c->now);
	*exit_status = health_exit(health);
	if (c->json)
		return show_json(&c->store, c->host.trust, c->now);
	show_problems(&c->store, c->host.trust, c->now);
	if (health == STORE_FRESH)
		puts(_("fresh: all of it verifies and nothing is past its deadline"));
	else if (c->store.n == 0)
		puts(_("empty: trust add an anchor and a bundle"));
	return ST_OK;
}

static enum status
run_remove(struct trusting *c, int *exit_status)
{
	enum status st = ST_OK;

	(void)exit_status;
	for (size_t i = 0; i < c->operands_n && st == ST_OK; i++) {
		if (!text_is_code(bytes_text(c->operand[i]), false))
			return diag_set(c->d, ST_USAGE,
			    _("%s: give a state's three capital letters, as NIC"),
			    c->operand[i]);
		if ((st = store_remove(&c->store, c->operand[i], c->d)) ==
		    ST_OK && !c->json)
			printf(_("%s: forgotten\n"), c->operand[i]);
	}
	return st;
}

/* ---- the command --------------------------------------------------------- */

static const struct verb {
	const char *name, *operands;
	enum store_mode mode;
	enum status (*run)(struct trusting *c, int *exit_status);
	const char *help;
} verbs[] = {
	{ "add", "NIC.pem|FILE.trust|PICTURE|TEXT|-...", STORE_WRITE, run_add,
	    N_("take anchors and bundles into the trust store; never anything older") },
	{ "show", "", STORE_READ, run_show,
	    N_("show states, offices, keys, and until when all is fresh") },
	{ "check", "", STORE_READ, run_check,
	    N_("exit status 0 if fresh, 1 if something is old or the clock is behind") },
	{ "remove", "NIC...", STORE_FOLDER, run_remove,
	    N_("forget a state, its anchor and all") },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (name != NULL && strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static void
usage(FILE *f)
{
	fprintf(f, _("usage: %s trust COMMAND [options]\n"), PROGRAM);
	for (size_t i = 0; i < COUNT(verbs); i++)
		fprintf(f, "  %-7s %s\n", verbs[i].name,
		    gettext(verbs[i].help));
	fprintf(f, _("%s trust COMMAND --help shows a command's options\n"),
	    PROGRAM);
}

static enum status
run(struct trusting *c, const struct verb *v, int *exit_status)
{
	enum status st;

	if ((c->operands_n > 0) != (v->operands[0] != '\0'))
		return diag_set(c->d, ST_USAGE, v->operands[0] != '\0' ?
		    _("%s is missing; see --help") :
		    _("%s: nothing more is expected; see --help"),
		    v->operands[0] != '\0' ? v->operands : v->name);
	if ((st = moment_take(c->now_text, &c->now, c->d)) != ST_OK)
		return st;
	if ((st = store_open(c->path, v->mode, &c->store, c->d)) == ST_OK)
		st = v->run(c, exit_status);
	return st;
}

int
command_trust(int argc, char *argv[])
{
	struct trusting *c = calloc(1, sizeof(*c));
	const struct verb *v = find_verb(argc > 1 ? argv[1] : NULL);
	struct diag d = { "" };
	bool help = false;
	int rest = 0, exit_status = 0;
	enum status st;

	if (c == NULL)
		return status_exit(ST_INTERNAL);
	const struct opt opts[] = {
		{ .name = "store", .arg = "FOLDER", .value = &c->path,
		    .help = N_("the trust store; else CEDULA_TRUST, else the user's own") },
		{ .name = "now", .arg = "RFC3339", .value = &c->now_text,
		    .help = N_("judge as of this instant, not by the clock") },
		{ .name = "json", .flag = &c->json,
		    .help = N_("answer with one JSON object") },
	};

	c->d = &d;
	c->store.folder = -1;
	if (v == NULL) {
		bool asked = argc > 1 && strcmp(argv[1], "--help") == 0;

		usage(asked ? stdout : stderr);
		free(c);
		return asked ? 0 : status_exit(ST_USAGE);
	}
	st = options_parse(argc - 1, argv + 1, opts, COUNT(opts), &help, &rest,
	    &d);
	if (st == ST_OK && help) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%s trust %s", PROGRAM,
		    v->name);
		options_usage(stdout, name, v->operands, opts, COUNT(opts));
	} else if (st == ST_OK) {
		c->operand = argv + 1 + rest;
		c->operands_n = (size_t)(argc - 1 - rest);
		st = run(c, v, &exit_status);
	}
	if (st == ST_OK && fflush(stdout) != 0)
		st = diag_errno(&d, ST_IO, _("standard output"));
	if (st != ST_OK) {
		exit_status = diag_print(PROGRAM, &d, st);
		if (c->json)
			report_json_error(stdout, NULL, st, &d);
	}
	trust_host_close(&c->host);
	store_close(&c->store);
	free(c->series_room);
	free(c);
	return exit_status;
}
