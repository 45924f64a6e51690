/* status sign, bundle. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/host/options.h"
#include "common/shortlist.h"
#include "common/statuslist.h"
#include "common/trust.h"
#include "keys/bundle.h"
#include "keys/command.h"
#include "keys/poster.h"
#include "keys/signer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { PARTS_MAX = 512, ANCHORS_MAX = 16, PAYLOAD_MAX = 2 << 20 };

/* The media type of a payload of ours, full list or short, and its URI; NULL
 * for anything else. */
static const char *
list_type(struct bytes payload, struct buf *arena, struct bytes *uri)
{
	struct statuslist list;
	struct shortlist brief;
	struct status_uri ours;
	const char *typ = NULL;

	if (statuslist_parse(payload, CBOR_STRICT, arena, &list) == ST_OK &&
	    list.bits == 2) {
		typ = STATUSLIST_TYP;
		*uri = list.uri;
	} else if (shortlist_parse(payload, &brief) == ST_OK) {
		typ = SHORTLIST_TYP;
		*uri = brief.uri;
	}
	return typ != NULL && status_uri_parse(*uri, &ours) ? typ : NULL;
}

enum status
command_status_sign(int argc, char *argv[], struct diag *d)
{
	struct custody key = { 0 };
	const char *in = NULL, *out = NULL;
	const struct opt opts[] = {
		CUSTODY_OPTS(&key),
		{ .name = "in", .arg = "FILE", .value = &in, .required = true,
		    .help = N_("the list as the issuer prepared it (status publish --unsigned)") },
		{ .name = "out", .arg = "FILE", .value = &out, .required = true,
		    .help = N_("where the signed status list goes") },
	};
	struct signer *signer = NULL;
	const char *typ;
	struct bytes uri;
	uint8_t *payload = NULL, *room = NULL;
	struct buf arena, signed_list;
	size_t len;
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = file_read(in, PAYLOAD_MAX, &payload, &len, d)) != ST_OK)
		return st;
	if ((room = malloc(STATUSLIST_BYTES_MAX + PAYLOAD_MAX + 512)) == NULL) {
		st = ST_INTERNAL;
		goto out;
	}
	arena = buf_over(room, STATUSLIST_BYTES_MAX);
	signed_list = buf_over(room + STATUSLIST_BYTES_MAX, PAYLOAD_MAX + 512);
	if ((typ = list_type(bytes_from(payload, len), &arena,
	    &uri)) == NULL) {
		st = diag_set(d, ST_DATA,
		    _("%s: not an unsigned status list of this system"), in);
		goto out;
	}
	if ((st = signer_open(&key, &signer, d)) != ST_OK ||
	    (st = signer_sign1(signer, typ, bytes_from(payload, len),
	    &signed_list, d)) != ST_OK ||
	    (st = statuslist_replace(out, buf_bytes(&signed_list), d)) != ST_OK)
		goto out;
	printf("%s %.*s\n", out, (int)uri.len, (const char *)uri.p);
out:
	signer_close(signer);
	free(room);
	free(payload);
	return st;
}

/* All the parts one after another, in a heap block. */
static enum status
join(char *const *paths, int n, uint8_t **out, size_t *len, struct diag *d)
{
	uint8_t *all = NULL;
	enum status st = ST_OK;

	*out = NULL;
	*len = 0;
	for (int i = 0; i < n; i++) {
		uint8_t *part, *bigger;
		size_t part_len;

		if ((st = file_read(paths[i], TRUST_BUNDLE_MAX, &part,
		    &part_len, d)) != ST_OK)
			break;
		bigger = realloc(all, *len + part_len + 1);
		if (bigger != NULL) {
			all = bigger;
			memcpy(all + *len, part, part_len);
			*len += part_len;
		}
		free(part);
		if (bigger == NULL || *len > TRUST_BUNDLE_MAX) {
			st = diag_set(d, ST_TOO_BIG,
			    _("%s: the bundle would be too large"), paths[i]);
			break;
		}
	}
	if (st != ST_OK) {
		free(all);
		return st;
	}
	*out = all;
	return ST_OK;
}

/* Nothing is written before all of it is known to be good. */
static enum status
write_bundle(const char *out, const char *folder, struct bytes bundle,
    const struct anchor *anchor, size_t n, struct diag *d)
{
	struct poster *poster = NULL;
	enum status st = ST_OK;

	if (folder != NULL && (st = poster_new(out != NULL ? out : folder,
	    bundle, anchor, n, &poster, d)) != ST_OK)
		return st;
	if (out != NULL && (st = bundle_replace(out, bundle, anchor, n,
	    d)) == ST_OK)
		printf("%s %zu\n", out, bundle.len);
	if (st == ST_OK && poster != NULL)
		st = poster_write(poster, folder, d);
	poster_free(poster);
	return st;
}

enum status
command_bundle(int argc, char *argv[], struct diag *d)
{
	const char *anchors[ANCHORS_MAX], *out = NULL, *folder = NULL;
	size_t anchors_n = 0, len;
	const struct opt opts[] = {
		{ .name = "anchor", .arg = "FILE", .list = anchors,
		    .list_n = &anchors_n, .list_max = ANCHORS_MAX,
		    .required = true,
		    .help = N_("the state's anchor, NIC.pem; once for each state") },
		{ .name = "out", .arg = "FILE", .value = &out,
		    .help = N_("where the bundle goes, as office.trust") },
		{ .name = "qr", .arg = "FOLDER", .value = &folder,
		    .help = N_("where it goes on paper: symbols, a poster, lines for a message") },
	};
	struct anchor anchor[ANCHORS_MAX];
	uint8_t *bundle = NULL;
	enum status st;
	int rest;

	if (options_over(argc, argv, "TRUSTLIST STATUSLIST...", opts, COUNT(opts),
	    &rest, &st, d))
		return st;
	if (out == NULL && folder == NULL)
		return diag_set(d, ST_USAGE,
		    _("give --out FILE, --qr FOLDER or both"));
	if (rest >= argc || argc - rest > PARTS_MAX)
		return diag_set(d, ST_USAGE,
		    _("give a trust list and the status lists, %d files at most"),
		    PARTS_MAX);
	for (size_t i = 0; i < anchors_n; i++)
		if ((st = anchor_read(anchors[i], &anchor[i], d)) != ST_OK)
			return st;
	if ((st = join(argv + rest, argc - rest, &bundle, &len, d)) != ST_OK)
		return st;
	st = write_bundle(out, folder, bytes_from(bundle, len), anchor,
	    anchors_n, d);
	free(bundle);
	return st;
}
