/*
 * The examples of the Token Status List draft: lists in CBOR and JSON, the
 * CWTs that carry and refer to them. Every entry is decoded, not only those
 * that are set.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/claims.h"
#include "common/inflate.h"
#include "common/statuslist.h"
#include "tests/vectors/suite.h"

struct counts {
	size_t lists, entries, set, deflated, tokens, references;
	uint8_t *arena;
};

/* ---- what the draft says of its examples -------------------------------- */

struct entry {
	uint64_t index;
	unsigned value;
};

/* The draft's sections "Status List" and "Test vectors"; all others are 0. */
static const struct entry short1[] = { { 0, 1 }, { 3, 1 }, { 4, 1 }, { 5, 1 },
    { 7, 1 }, { 8, 1 }, { 9, 1 }, { 13, 1 }, { 15, 1 } };
static const struct entry short2[] = { { 0, 1 }, { 1, 2 }, { 3, 3 }, { 5, 1 },
    { 7, 1 }, { 8, 1 }, { 9, 2 }, { 10, 3 }, { 11, 3 } };
static const struct entry long1[] = { { 0, 1 }, { 1993, 1 }, { 25460, 1 },
    { 159495, 1 }, { 495669, 1 }, { 554353, 1 }, { 645645, 1 }, { 723232, 1 },
    { 854545, 1 }, { 934534, 1 }, { 1000345, 1 } };
static const struct entry long2[] = { { 0, 1 }, { 1993, 2 }, { 25460, 1 },
    { 159495, 3 }, { 495669, 1 }, { 554353, 1 }, { 645645, 2 }, { 723232, 1 },
    { 854545, 1 }, { 934534, 2 }, { 1000345, 3 } };
static const struct entry long4[] = { { 0, 1 }, { 1993, 2 }, { 35460, 3 },
    { 459495, 4 }, { 595669, 5 }, { 754353, 6 }, { 845645, 7 }, { 923232, 8 },
    { 924445, 9 }, { 934534, 10 }, { 1000345, 12 }, { 1004534, 11 },
    { 1030203, 13 }, { 1030204, 14 }, { 1030205, 15 } };

#define ROW(bits, size, list) { bits, size, list, sizeof(list) / sizeof((list)[0]) }
static const struct {
	int bits;
	size_t size;		/* bytes of the list */
	const struct entry *set;
	size_t n;
} examples[] = {
	ROW(1, 2, short1), ROW(2, 3, short2), ROW(1, 1u << 17, long1),
	ROW(2, 1u << 18, long2), ROW(4, 1u << 19, long4),
};

/* The draft's list of 8 bits has each value from 1 to 255 once; of its places
 * these are checked by hand. */
static void
check_bytes(struct suite *s, const char *file, const struct statuslist *l,
    struct counts *n)
{
	static const struct entry some[] = { { 52451, 1 }, { 13628, 20 },
	    { 24077, 103 }, { 19535, 255 } };
	size_t seen[256] = { 0 };
	unsigned v;

	for (uint64_t i = 0; statuslist_get(l, i, &v); i++, n->entries++)
		seen[v]++;
	for (size_t i = 1; i < 256; i++)
		if (seen[i] != 1)
			suite_fail(s, file, NULL, "%zu is there %zu times", i,
			    seen[i]);
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		if (!statuslist_get(l, some[i].index, &v) ||
		    v != some[i].value)
			suite_fail(s, file, NULL, "entry %zu is %u",
			    (size_t)some[i].index, v);
	if (l->list.len != 1u << 20 || seen[0] != (1u << 20) - 255)
		suite_fail(s, file, NULL, "%zu bytes", l->list.len);
	n->set += 255;
}

static void
check_entries(struct suite *s, const char *file, const struct statuslist *l,
    const struct entry *set, size_t set_n, struct counts *n)
{
	size_t at = 0;
	uint64_t i;
	unsigned v;

	for (i = 0; statuslist_get(l, i, &v); i++, n->entries++) {
		unsigned want = at < set_n && set[at].index == i ?
		    set[at++].value : 0;

		if (v != want)
			suite_fail(s, file, NULL, "entry %zu: expected %u got "
			    "%u", (size_t)i, want, v);
	}
	if (at != set_n || i != l->list.len * 8 / (size_t)l->bits)
		suite_fail(s, file, NULL, "the list ends after %zu entries",
		    (size_t)i);
	n->set += set_n;
}

/* zlib at level 9, as the draft's own bytes were made. */
static void
check_deflate(struct suite *s, const char *file, const struct statuslist *l,
    struct counts *n)
{
	enum { ROOM = 1 << 16 };
	uint8_t *room = malloc(ROOM);
	struct buf z = buf_over(room, ROOM);

	if (room == NULL)
		abort();
	if (deflate_all(l->list, &z) != ST_OK ||
	    !bytes_equal(buf_bytes(&z), l->packed))
		suite_fail(s, file, NULL, "deflates to other bytes");
	else
		n->deflated++;
	free(room);
}

static void
check_list(struct suite *s, const char *file, const struct statuslist *l,
    struct counts *n)
{
	n->lists++;
	check_deflate(s, file, l, n);
	if (l->bits == 8) {
		check_bytes(s, file, l, n);
		return;
	}
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		if (examples[i].bits == l->bits &&
		    examples[i].size == l->list.len) {
			check_entries(s, file, l, examples[i].set,
			    examples[i].n, n);
			return;
		}
	suite_fail(s, file, NULL, "no example of %d bits has %zu bytes",
	    l->bits, l->list.len);
}

/* ---- the forms ---------------------------------------------------------- */

static struct buf
arena(const struct counts *n)
{
	return buf_over(n->arena, STATUSLIST_BYTES_MAX);
}

static void
run_map(struct suite *s, const char *file, struct bytes map, struct counts *n)
{
	struct buf room = arena(n);
	struct statuslist l;

	if (statuslist_parse_list(map, CBOR_LIBERAL, &room, &l) != ST_OK)
		suite_fail(s, file, NULL, "the list was refused");
	else
		check_list(s, file, &l, n);
}

/* Claims 65535 and 65533 in the two CWTs of the draft. */
static void
run_token(struct suite *s, const char *file, struct bytes in, struct counts *n)
{
	static const char uri[] = "https://example.com/statuslists/1";
	struct buf room = arena(n);
	struct cose_sign1 sign1;
	struct statuslist l;
	struct claims c;

	n->tokens++;
	if (cose_sign1_parse(in, CBOR_LIBERAL, &sign1) != ST_OK ||
	    sign1.alg != ALG_ES256 || sign1.sig.len != 64 ||
	    !bytes_equal_text(sign1.kid, "12")) {
		suite_fail(s, file, NULL, "not the COSE_Sign1 of the draft");
	} else if (strncmp(file, "referenced", 10) == 0) {
		n->references++;
		if (claims_parse(sign1.payload, CBOR_LIBERAL, &c) != ST_OK ||
		    !c.has_status || c.status_index != 0 ||
		    !bytes_equal_text(c.status_uri, uri) ||
		    !bytes_equal_text(c.sub, "12345") ||
		    !bytes_equal_text(c.iss, "https://example.com") ||
		    c.iat != 1686920170 || c.exp != 2291720170)
			suite_fail(s, file, NULL, "other claims");
	} else if (!bytes_equal_text(sign1.typ, STATUSLIST_TYP) ||
	    statuslist_parse(sign1.payload, CBOR_LIBERAL, &room,
	    &l) != ST_OK || !bytes_equal_text(l.uri, uri) ||
	    l.iat != 1686920170 || l.exp != 2291720170) {
		suite_fail(s, file, NULL, "other claims");
	} else {
		check_list(s, file, &l, n);
	}
}

/* The hex of a file: whole lines of it, or what stands left of a comment. */
static void
run_hex(struct suite *s, const char *file, const char *text, struct counts *n)
{
	char *hex = calloc(1, strlen(text) + 1);
	struct block in;
	size_t at = 0;

	if (hex == NULL)
		abort();
	while (*text != '\0') {
		size_t line = strcspn(text, "\n"), end = strcspn(text, "\n#");

		if (strspn(text, "0123456789abcdef ") >= end)
			for (size_t i = 0; i < end; i++)
				if (text[i] != ' ')
					hex[at++] = text[i];
		text += line + (text[line] == '\n' ? 1 : 0);
	}
	if (!block_hex(hex, &in))
		suite_fail(s, file, NULL, "no hex");
	else if (in.p[0] == 0xd2)
		run_token(s, file, block_bytes(&in), n);
	else
		run_map(s, file, block_bytes(&in), n);
	block_free(&in);
	free(hex);
}

/* "lst" is broken over lines, which JSON does not allow: its text is put
 * together here. */
static void
run_json(struct suite *s, const char *file, const char *text, struct counts *n)
{
	const char *lst = strstr(text, "\"lst\":");
	const char *bits = strstr(text, "\"bits\":");
	char *base64 = calloc(1, strlen(text) + 1);
	struct block packed = { NULL, 0 };
	uint8_t room[4096];
	struct buf map = buf_over(room, sizeof(room));
	size_t at = 0;

	if (base64 == NULL)
		abort();
	if (lst != NULL && (lst = strchr(lst + 6, '"')) != NULL)
		for (lst++; *lst != '\0' && *lst != '"'; lst++)
			if (!isspace((unsigned char)*lst))
				base64[at++] = *lst;
	if (bits == NULL || at == 0 || !block_base64(base64, &packed)) {
		suite_fail(s, file, NULL, "no list");
	} else {
		cbor_put_map(&map, 2);
		cbor_put_text(&map, bytes_text("lst"));
		cbor_put_bytes(&map, block_bytes(&packed));
		cbor_put_text(&map, bytes_text("bits"));
		cbor_put_uint(&map, (uint64_t)strtol(bits + 7, NULL, 10));
		run_map(s, file, buf_bytes(&map), n);
	}
	block_free(&packed);
	free(base64);
}

/* The signed form of JSON is not ours; the list within it reads the same. */
static void
run_jwt(struct suite *s, const char *file, const char *text, struct counts *n)
{
	char *part = calloc(1, strlen(text) + 1), *json;
	struct block payload = { NULL, 0 };
	size_t at = 0, dots = 0;

	if (part == NULL)
		abort();
	for (; *text != '\0' && dots < 2; text++) {
		if (*text == '.')
			dots++;
		else if (dots == 1 && !isspace((unsigned char)*text))
			part[at++] = *text;
	}
	if (!block_base64(part, &payload) ||
	    (json = calloc(1, payload.len + 1)) == NULL) {
		suite_fail(s, file, NULL, "no payload");
	} else {
		memcpy(json, payload.p, payload.len);
		run_json(s, file, json, n);
		free(json);
	}
	block_free(&payload);
	free(part);
}

static void
run_file(struct suite *s, const char *file, void *arg)
{
	char *text = suite_text(s, file);

	s->cases++;
	if (text == NULL)
		return;
	if (strstr(file, "jwt_raw") != NULL)
		run_jwt(s, file, text, arg);
	else if (strstr(file, "cbor") != NULL || strstr(file, "cwt") != NULL)
		run_hex(s, file, text, arg);
	else
		run_json(s, file, text, arg);
	free(text);
}

void
suite_statuslist(struct suite *s)
{
	struct counts n = { .arena = malloc(STATUSLIST_BYTES_MAX) };

	if (n.arena == NULL)
		abort();
	suite_files(s, ".md", run_file, &n);
	suite_note(s, "%zu lists, %zu entries decoded (%zu set), %zu deflated "
	    "to the same bytes, %zu CWTs (%zu referring to a list)", n.lists,
	    n.entries, n.set, n.deflated, n.tokens, n.references);
	free(n.arena);
}
