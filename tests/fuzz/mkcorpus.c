/*
 * mkcorpus DIR: the seeds of every target but shares, and the pictures, which
 * their own script makes. Signed ones come from ground.c: as its keys are
 * fixed, they are the same in every run.
 */
#include <stdio.h>
#include <string.h>

#include <sys/stat.h>

#include "common/base45.h"
#include "common/cose.h"
#include "common/inflate.h"
#include "common/logentry.h"
#include "common/logproof.h"
#include "common/pem.h"
#include "common/series.h"
#include "common/shortlist.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/ground.h"

static const char *top;

static void
seed(const char *target, const char *name, struct bytes content)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", top, target);
	(void)mkdir(path, 0755);
	(void)snprintf(path, sizeof(path), "%s/%s/%s", top, target, name);
	f = fopen(path, "wb");
	HOLDS(f != NULL && fwrite(content.p, 1, content.len, f) ==
	    content.len);
	HOLDS(fclose(f) == 0);
}

static void
seed_hex(const char *target, const char *name, const char *hex)
{
	uint8_t raw[256];
	size_t len;

	HOLDS(bytes_from_hex(bytes_text(hex), raw, sizeof(raw), &len));
	seed(target, name, bytes_from(raw, len));
}

static void
cbor_seeds(const char *target)
{
	static const char *const rows[][2] = {
		{ "uint-max", "1bffffffffffffffff" },
		{ "nint-max", "3bffffffffffffffff" },
		{ "nint-100", "3863" },
		{ "half", "f93e00" }, { "single", "fa47c35000" },
		{ "double", "fb3ff199999999999a" }, { "nan", "f97e00" },
		{ "single-wide", "fa7f800000" }, { "simple", "f0" },
		{ "text", "64f0908591" }, { "bytes", "4401020304" },
		{ "map", "a201020304" }, { "map-unsorted", "a203040102" },
		{ "map-text", "a26161016162820203" },
		{ "map-mixed", "a3010263616263f52007" },
		{ "map-of-maps", "a1a10102a10304" },
		{ "tag", "c11a514b67b0" }, { "tag-tag", "d83dd2820102" },
		{ "deep", "81818181818181818181818181818101" },
		{ "wide-head", "1900ff" }, { "indefinite", "9f0102ff" },
		{ "huge-array", "9b0000000010000000" },
		{ "huge-text", "7b7fffffffffffffff00" },
		{ "sequence", "010203" }, { "duplicate", "a201010102" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		seed_hex(target, rows[i][0], rows[i][1]);
}

static void
text_seeds(void)
{
	static const char *const rows[][2] = {
		{ "date", "2026-11-23" }, { "compact", "19840229" },
		{ "instant", "2026-11-23T18:20:00Z" },
		{ "offset", "1999-12-31 23:59:59.75+14:00" },
		{ "names", "Ñandú-Øverås, O'Brien Ķ. Ł Đ ß Þ æ" },
		{ "decomposed", "N\xcc\x83" "andu\xcc\x81" },
		{ "scripts", "Ольга Σωκράτης محمد" },
		{ "controls", "a\x01\x7f\"\\\n\t" },
		{ "bidi", "\xe2\x80\xaeright\xe2\x81\xa6" },
		{ "broken", "\xc3(\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		seed("text", rows[i][0], bytes_text(rows[i][1]));
}

/* The same credential with another tag, or none. */
static struct bytes
retagged(struct bytes cose, bool cwt, uint8_t *room, size_t cap)
{
	struct buf out = buf_over(room, cap);

	if (cwt) {
		cbor_put_tag(&out, COSE_TAG_CWT);
		buf_put(&out, cose.p, cose.len);
	} else {
		buf_put(&out, cose.p + 1, cose.len - 1);
	}
	HOLDS(!out.bad);
	return buf_bytes(&out);
}

/* As other issuers write: compressed. */
static struct bytes
compressed_text(struct bytes cose, const char *prefix, uint8_t *room,
    size_t cap)
{
	uint8_t packed[4096];
	struct buf z = buf_over(packed, sizeof(packed));
	struct buf out = buf_over(room, cap);

	HOLDS(deflate_all(cose, &z) == ST_OK);
	buf_put_text(&out, prefix);
	HOLDS(base45_encode(buf_bytes(&z), &out) == ST_OK);
	return buf_bytes(&out);
}

static void
token_seeds(const struct ground *g)
{
	static uint8_t room[8192];
	static char text[TOKEN_TEXT_MAX];
	static const char *const names[] = { "untagged", "cwt-tag" };

	seed("token", "card", g->text);
	seed("verdict", "card-text", g->text);
	seed("token", "compressed", compressed_text(g->card, "", room,
	    sizeof(room)));
	seed("token", "prefix", compressed_text(g->family, "HC1:", room,
	    sizeof(room)));
	seed("verdict", "compressed-text", compressed_text(g->card, "", room,
	    sizeof(room)));
	HOLDS(token_wrap(g->family, text, sizeof(text), NULL) == ST_OK);
	seed("token", "family", bytes_text(text));
	seed("base45", "card", bytes_from(g->text.p, 300));
	for (int i = 0; i < 2; i++) {
		struct bytes cose = retagged(g->card, i == 1, room,
		    sizeof(room));

		seed("cose", names[i], cose);
		seed("verdict", names[i], cose);
		HOLDS(token_wrap(cose, text, sizeof(text), NULL) == ST_OK);
		seed("token", names[i], bytes_text(text));
	}
}

static void
signed_seeds(const struct ground *g)
{
	seed("cose", "card", g->card);
	seed("cose", "trust-list", g->list);
	seed_hex("cose", "empty-signature", "d28443a10127a04101f640");
	seed_hex("cose", "encrypt0",
	    "d08343a10103a1054c000102030405060708090a0b58"
	    "18000102030405060708090a0b0c0d0e0f1011121314151617");
	seed("claims", "card", g->card_payload);
	seed("verdict", "payload", g->card_payload);
	seed("verdict", "card", g->card);
	seed("verdict", "family", g->family);
	seed("statuslist", "payload", g->status_payload);
	seed("statuslist", "uri", bytes_text(GROUND_URI));
	seed_hex("statuslist", "one-bit",
	    "a2636c73744a78dadbb918000217015d646269747301");
	seed("trust", "bundle", g->bundle);
	seed("trust", "list", g->list);
	seed("trust", "wide", g->wide);
	seed("succession", "next", g->succession_payload);
	seed_hex("succession", "empty", "a0");
	seed("trust", "status-alone", g->status);
	seed("trust", "list-payload", g->list_payload);
	seed("dump", "card", g->card_payload);
	seed("dump", "cose", g->card);
	seed("cbor", "card", g->card);
	seed("cbor", "trust-list", g->list_payload);
}

static void
shortlist_seed(const char *name, struct bytes raw)
{
	static uint8_t room[4096];
	struct buf b = buf_over(room, sizeof(room));

	HOLDS(shortlist_encode(bytes_text("NIC"), bytes_text(GROUND_URI),
	    GROUND_NOW, GROUND_NOW + 7 * 86400, raw, &b) == ST_OK);
	seed("shortlist", name, buf_bytes(&b));
}

static void
shortlist_seeds(void)
{
	static uint8_t raw[1 << 14];

	shortlist_seed("empty", bytes_from(raw, sizeof(raw)));
	for (uint64_t i = 0; i < 40; i++)
		statuslist_set(raw, i * i * 40 % 65536, i % 4 == 3 ?
		    CARD_SUSPENDED : CARD_REVOKED);
	shortlist_seed("few", bytes_from(raw, sizeof(raw)));
	shortlist_seed("dense", bytes_from(raw, 1));
	memset(raw, 0x56, 64);
	shortlist_seed("runs", bytes_from(raw, 256));
	/* its last place made 2^22 and over; and a count that lies */
	seed_hex("shortlist", "overflow",
	    "a501634e494302617804020601" "3a0001121c" "824715000001c0000040");
	seed_hex("shortlist", "count",
	    "a501634e494302617804020601" "3a0001121c" "824500ffffff0040");
}

static void
series_seeds(struct bytes bundle)
{
	static const size_t cuts[] = { 900, 400, 150 };
	static const char *const names[] = { "one-cut", "more", "many" };
	static uint8_t room[1 << 14];
	char text[SERIES_TEXT_MAX];

	for (size_t k = 0; k < 3; k++) {
		struct buf b = buf_over(room, sizeof(room));
		size_t n = (bundle.len + cuts[k] - 1) / cuts[k];

		for (size_t i = n; i > 0; i--) {
			HOLDS(series_write(bundle, cuts[k], i, text,
			    sizeof(text)) == ST_OK);
			buf_put_text(&b, text);
			buf_put_text(&b, "\n");
		}
		HOLDS(!b.bad);
		seed("series", names[k], buf_bytes(&b));
	}
	seed("series", "mixed", bytes_text("CEDULA:1/2:01234567:BB8\n"
	    "CEDULA:1/2:01234568:BB8\nCEDULA:1/2:01234567:QED8WEX0\n"));
}

static void
key_seeds(const struct ground *g)
{
	uint8_t room[512];
	struct buf pem = buf_over(room, sizeof(room));

	HOLDS(pem_encode(&g->pub[GROUND_ROOT], &pem) == ST_OK);
	seed("pem", "ed25519", buf_bytes(&pem));
	/* The generator of P-256. */
	seed("pem", "p256-hex", bytes_text(
	    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
	    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));
	seed_hex("pem", "p256-der", "3059301306072a8648ce3d020106082a8648ce3d"
	    "030107034200"
	    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
	    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
}

/* keys/casekey.h says what stands where. */
static void
casekey_seeds(void)
{
	static const struct { const char *name; uint8_t head[4]; } rows[] = {
		{ "new", { 15, 8, 3, 0 } }, { "least", { 14, 8, 1, 0 } },
		{ "most", { 17, 8, 16, 0 } }, { "too-much", { 18, 8, 1, 0 } },
		{ "no-work", { 14, 8, 0, 0 } }, { "other-r", { 14, 1, 1, 0 } },
		{ "not-zero", { 14, 8, 1, 1 } },
	};
	uint8_t file[88] = "CEDCASE1";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(file + 8, rows[i].head, 4);
		seed("casekey", rows[i].name, bytes_from(file, sizeof(file)));
	}
	seed("casekey", "short", bytes_from(file, sizeof(file) - 1));
}

static struct bytes
log_entry(enum log_kind kind, struct buf *out)
{
	struct log_entry e = { .kind = kind, .at = GROUND_NOW,
	    .number = "SJO000003", .list = { "NIC", "SJO", 1 }, .index = 3,
	    .exp = kind == LOG_ISSUE ? GROUND_NOW + 1 : 0, .card = { 1, 2 } };
	size_t at = out->len;

	HOLDS(log_entry_encode(&e, out) == ST_OK);
	return bytes_from(out->p + at, out->len - at);
}

static void
log_seeds(const struct ground *g)
{
	static uint8_t room[4096], proof_room[LOG_PROOF_MAX];
	struct buf b = buf_over(room, sizeof(room));
	struct buf proof = buf_over(proof_room, sizeof(proof_room));
	struct log_head h = { .state = "NIC", .office = "SJO",
	    .iat = GROUND_NOW, .size = 2, .root = { 1 } };
	struct log_proof p = { .kind = LOG_INCLUSION, .path.n = 1 };
	struct bytes payload, head;
	size_t at;

	p.entry = log_entry(LOG_ISSUE, &b);
	seed("logentry", "issue", p.entry);
	seed("logentry", "revoke", log_entry(LOG_REVOKE, &b));
	seed("logentry", "log", buf_bytes(&b));
	at = b.len;
	HOLDS(log_head_encode(&h, &b) == ST_OK);
	payload = bytes_from(b.p + at, b.len - at);
	seed("loghead", "payload", payload);
	at = b.len;
	ground_sign(GROUND_STATUS, LOG_HEAD_TYP, payload, &b);
	head = bytes_from(b.p + at, b.len - at);
	seed("loghead", "signed", head);
	seed("loghead", "bundle", g->bundle);
	p.head = head;
	HOLDS(log_proof_encode(&p, &proof) == ST_OK);
	seed("logentry", "inclusion", buf_bytes(&proof));
	proof.len = 0;
	p.kind = LOG_CONSISTENCY;
	p.old_head = head;
	HOLDS(log_proof_encode(&p, &proof) == ST_OK);
	seed("logentry", "consistency", buf_bytes(&proof));
	at = b.len;
	ground_sign(GROUND_DOCUMENT, LOG_HEAD_TYP, payload, &b);
	seed("loghead", "wrong-role", bytes_from(b.p + at, b.len - at));
}

static void
csv_seeds(void)
{
	static const char *const rows[][2] = {
		{ "plain", "given,surname1\nAna,Ruiz\nLuis,Pe\xc3\xb1" "a\n" },
		{ "semicolon", "\xef\xbb\xbfgiven;surname1\r\nAna;Ruiz\r\n" },
		{ "tab", "a\tb\n1\t2" },
		{ "quoted", "a,b\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n" },
		{ "formula", "a,b\n'=1+1,'+506 2222 3333\n''=x,'\n" },
		{ "stray-quote", "a,b\nJuan \"El\" R,1\nAna,2\n" },
		{ "after-quote", "a,b\n\"Ana\"x,1\nAna,2\n" },
		{ "open-quote", "a,b\nAna,\"2\nLuis,3\n" },
		{ "bare-cr", "a,b\rAna,2\r\n" },
		{ "latin-1", "a,b\nPe\xf1" "a,2\nAna,3\n" },
		{ "utf-16", "\xff\xfe" "a" },
		{ "blank-lines", "\n\r\n\na,b\n\r\n1,2\n\n" },
		{ "empty", "\"\",\n,\n\"\"\n" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		seed("csv", rows[i][0], bytes_text(rows[i][1]));
}

int
main(int argc, char *argv[])
{
	const struct ground *g = ground();

	if (argc != 2)
		return 64;
	top = argv[1];
	cbor_seeds("cbor");
	cbor_seeds("dump");
	seed("base45", "space", bytes_text("BB8 "));
	seed("base45", "overflow", bytes_text("GGW:::"));
	seed("base45", "odd", bytes_text("QED8WEX0"));
	text_seeds();
	token_seeds(g);
	signed_seeds(g);
	key_seeds(g);
	casekey_seeds();
	shortlist_seeds();
	series_seeds(g->bundle);
	log_seeds(g);
	csv_seeds();
	return 0;
}
