/*
 * Inspect: any Base45/zlib/COSE token as JSON, for integrators. It shows what
 * a token says and whether its signature and dates hold; it is not a verdict
 * on a card.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cose.h"
#include "common/host/file.h"
#include "common/host/options.h"
#include "common/host/program.h"
#include "common/jsonw.h"
#include "common/pem.h"
#include "common/token.h"
#include "common/when.h"
#include "verifier/command.h"
#include "verifier/dump.h"
#include "verifier/input.h"
#include "verifier/moment.h"
#include "verifier/report.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { JSON_MAX = 1 << 20, KEY_FILE_MAX = 65536 };

struct inspect {
	const char *key_path, *decrypt, *prefix, *now_text;
	bool json, has_key, encrypted;
	int64_t now;
	struct pem_key key;
	uint8_t secret[32];
	size_t secret_len;
	uint8_t work[TOKEN_TEXT_MAX], out[TOKEN_BYTES_MAX];
	uint8_t plain[TOKEN_BYTES_MAX], room[JSON_MAX];
};

/* What was found out about one token. */
struct finding {
	const char *broken;	/* stage that failed, NULL when none */
	const char *signature, *reason, *dates;
	bool locked;		/* encrypted, and not opened */
	struct cose_sign1 s;
	bool has_claims;
	struct claims claims;
};

/* ---- keys --------------------------------------------------------------- */

/* A key is a file; a short one may be given as hex in its place. */
static enum status
load_key(struct inspect *i, struct diag *d)
{
	uint8_t *raw = NULL;
	size_t len = 0;
	enum status st;

	if (i->key_path == NULL)
		return ST_OK;
	if (access(i->key_path, F_OK) != 0 &&
	    pem_parse(bytes_text(i->key_path), true, &i->key) == ST_OK) {
		i->has_key = true;
		return ST_OK;
	}
	if ((st = file_read(i->key_path, KEY_FILE_MAX, &raw, &len,
	    d)) != ST_OK)
		return st;
	if (pem_parse(bytes_from(raw, len), true, &i->key) != ST_OK)
		st = diag_set(d, ST_DATA,
		    _("%s: not a public key or certificate (P-256, Ed25519 or RSA; PEM or DER)"),
		    i->key_path);
	else
		i->has_key = true;
	free(raw);
	return st;
}

static enum status
load_secret(struct inspect *i, struct diag *d)
{
	uint8_t *raw = NULL;
	size_t len = 0;
	struct bytes text;
	enum status st = ST_OK;

	if (i->decrypt == NULL)
		return ST_OK;
	if (access(i->decrypt, F_OK) != 0 &&
	    bytes_from_hex(bytes_text(i->decrypt), i->secret,
	    sizeof(i->secret), &i->secret_len))
		goto check;
	if ((st = file_read(i->decrypt, KEY_FILE_MAX, &raw, &len, d)) != ST_OK)
		return st;
	text = bytes_from(raw, len);
	while (text.len > 0 && text.p[text.len - 1] <= ' ')
		text.len--;
	/* 32 hex digits are 32 bytes too: hex is tried first. */
	if (!bytes_from_hex(text, i->secret, sizeof(i->secret),
	    &i->secret_len) && len <= sizeof(i->secret)) {
		memcpy(i->secret, raw, len);
		i->secret_len = len;
	}
	crypto_wipe(raw, len);
	free(raw);
check:
	if (i->secret_len != 16 && i->secret_len != 24 && i->secret_len != 32)
		st = diag_set(d, ST_DATA,
		    _("--decrypt-key: 16, 24 or 32 bytes, raw or in hex, are needed"));
	return st;
}

/* ---- findings ----------------------------------------------------------- */

/* With a certificate, the kid is the first eight bytes of its SHA-256 (the EU
 * certificates' rule): another kid names another key. */
static bool
kid_names_another(const struct inspect *i, const struct cose_sign1 *s)
{
	return i->key.is_certificate && s->kid.len != 0 &&
	    !bytes_equal(s->kid, bytes_from(i->key.cert_sha256, 8));
}

/* An algorithm in the unprotected header alone is refused, but for the EU's
 * certificates, whose test data allow it: there the certificate binds the key
 * to its algorithm. */
static bool
take_loose_algorithm(const struct inspect *i, struct cose_sign1 *s)
{
	if (s->alg != ALG_NONE || s->loose_alg == ALG_NONE ||
	    !i->key.is_certificate)
		return false;
	s->alg = s->loose_alg;
	return true;
}

static void
judge_signature(const struct inspect *i, struct finding *f)
{
	bool loose = take_loose_algorithm(i, &f->s);

	f->signature = "invalid";
	if (f->s.sig.len == 0) {
		f->reason = "empty-signature";
	} else if (f->s.alg == ALG_NONE) {
		f->reason = "no-protected-algorithm";
	} else if (!i->has_key) {
		f->signature = "unchecked";
		f->reason = "no-key-given";
	} else if (f->s.alg != crypto_key_alg(i->key.parsed)) {
		f->reason = "algorithm-is-not-the-key's";
	} else if (kid_names_another(i, &f->s)) {
		f->reason = "kid-names-another-key";
	} else if (cose_sign1_verify(&f->s, i->key.parsed,
	    (struct bytes){ NULL, 0 }) != ST_OK) {
		f->reason = "signature-does-not-match";
	} else {
		f->signature = "valid";
		f->reason = loose ? "algorithm-not-protected" : NULL;
	}
}

static const char *
judge_dates(const struct claims *c, int64_t now)
{
	if (!c->has_exp && !c->has_nbf && !c->has_iat)
		return "absent";
	if (c->has_exp && now > c->exp)
		return "expired";
	if ((c->has_nbf && now < c->nbf) || (c->has_iat && now < c->iat))
		return "not-yet-valid";
	return "valid";
}

static enum status
open_encryption(struct inspect *i, struct bytes *cose, struct finding *f)
{
	size_t len;

	if (!cose_is_encrypt0(*cose))
		return ST_OK;
	i->encrypted = true;
	if (i->secret_len == 0) {
		f->locked = true;
		f->reason = "no-decrypt-key-given";
		return ST_UNKNOWN_KEY;
	}
	if (cose_encrypt0_open(*cose, bytes_from(i->secret, i->secret_len),
	    i->plain, sizeof(i->plain), &len) != ST_OK) {
		f->locked = true;
		f->reason = "decrypt-key-does-not-open";
		return ST_SIGNATURE;
	}
	*cose = bytes_from(i->plain, len);
	return ST_OK;
}

/* The stages in order; the first that fails names what is broken. A decrypted
 * layer may hold a COSE_Sign1 or a bare CWT. */
static void
examine(struct inspect *i, struct bytes text, struct finding *f)
{
	struct buf work = buf_over(i->work, sizeof(i->work));
	struct buf out = buf_over(i->out, sizeof(i->out));
	struct bytes cose;

	memset(f, 0, sizeof(*f));
	f->signature = "unchecked";
	f->dates = "absent";
	if (token_unwrap(text, i->prefix, &work, &out, &cose) != ST_OK) {
		f->broken = i->prefix != NULL && work.len == 0 ?
		    "prefix-or-base45" : work.len == 0 ? "base45" : "zlib";
		return;
	}
	if (open_encryption(i, &cose, f) != ST_OK)
		return;
	if (cose_sign1_parse(cose, CBOR_LIBERAL, &f->s) == ST_OK) {
		judge_signature(i, f);
	} else if (i->encrypted && cbor_check(cose, CBOR_LIBERAL) == ST_OK) {
		f->s.payload = cose;
		f->signature = "invalid";
		f->reason = "not-signed";
	} else {
		f->broken = "cose";
		return;
	}
	f->has_claims = claims_parse(f->s.payload, CBOR_LIBERAL,
	    &f->claims) == ST_OK;
	if (f->has_claims)
		f->dates = judge_dates(&f->claims, i->now);
}

/* ---- the answer --------------------------------------------------------- */

static void
put_headers(struct jsonw *j, const struct finding *f)
{
	jsonw_key(j, "protected");
	if (f->s.protected_raw.len != 0)
		dump_cbor(j, f->s.protected_raw);
	else
		jsonw_null(j);
	jsonw_key(j, "unprotected");
	if (f->s.unprotected_raw.len != 0)
		dump_cbor(j, f->s.unprotected_raw);
	else
		jsonw_null(j);
}

static void
put_claims(struct jsonw *j, const struct finding *f)
{
	bool cbor = f->s.payload.len != 0 &&
	    cbor_check(f->s.payload, CBOR_LIBERAL) == ST_OK;

	jsonw_key(j, "claims");
	if (cbor)
		dump_cbor(j, f->s.payload);
	else
		jsonw_null(j);
	jsonw_key(j, "cwt");
	if (f->has_claims)
		dump_cwt(j, &f->claims);
	else
		jsonw_null(j);
	jsonw_key(j, "identity");
	if (f->has_claims && f->claims.has_identity)
		dump_identity(j, &f->claims.identity);
	else
		jsonw_null(j);
	if (!cbor && f->s.payload.len != 0) {
		jsonw_key(j, "payload");
		jsonw_hex(j, f->s.payload);
	}
}

static void
put_answer(struct jsonw *j, const struct inspect *i, struct bytes text,
    const struct finding *f)
{
	jsonw_object(j);
	jsonw_field_text(j, "text", text);
	jsonw_field(j, "result", f->locked ? "encrypted" :
	    f->broken != NULL ? "malformed" : "ok");
	jsonw_field(j, "broken", f->broken);
	jsonw_field_bool(j, "encrypted", i->encrypted);
	jsonw_field(j, "signature", f->signature);
	jsonw_field(j, "reason", f->reason);
	jsonw_field(j, "dates", f->dates);
	put_headers(j, f);
	put_claims(j, f);
	jsonw_object_end(j);
}

/* The compact object with line breaks and two spaces a level. */
static void
print_indented(FILE *f, struct bytes json)
{
	bool in_text = false;
	int depth = 0;

	for (size_t i = 0; i < json.len; i++) {
		char c = (char)json.p[i];

		if (in_text) {
			(void)fputc(c, f);
			if (c == '\\' && i + 1 < json.len)
				(void)fputc(json.p[++i], f);
			else if (c == '"')
				in_text = false;
			continue;
		}
		if (c == '}' || c == ']')
			fprintf(f, "\n%*s", 2 * --depth, "");
		(void)fputc(c, f);
		if (c == '"')
			in_text = true;
		if (c == '{' || c == '[')
			depth++;
		if (c == '{' || c == '[' || c == ',')
			fprintf(f, "\n%*s", 2 * depth, "");
		if (c == ':')
			(void)fputc(' ', f);
	}
	(void)fputc('\n', f);
}

static enum status
answer(struct inspect *i, struct bytes text, int *exit_status)
{
	struct buf b = buf_over(i->room, sizeof(i->room));
	struct jsonw j = jsonw_to(&b);
	struct finding f;
	bool dates_hold;

	examine(i, text, &f);
	put_answer(&j, i, text, &f);
	if (b.bad)
		return ST_INTERNAL;
	if (i->json) {
		(void)fwrite(b.p, 1, b.len, stdout);
		(void)fputc('\n', stdout);
	} else {
		print_indented(stdout, buf_bytes(&b));
	}
	dates_hold = strcmp(f.dates, "valid") == 0 ||
	    strcmp(f.dates, "absent") == 0;
	if (f.broken != NULL || strcmp(f.signature, "invalid") == 0 ||
	    !dates_hold)
		*exit_status = 2;
	else
		*exit_status = strcmp(f.signature, "valid") == 0 ? 0 : 1;
	claims_wipe(&f.claims);
	return ST_OK;
}

/* No code in the picture, or an empty text: the same keys, nothing in them. */
static void
answer_nothing(struct inspect *i)
{
	static const char *const keys[] = { "text", "signature", "dates",
	    "protected", "unprotected", "claims" };
	struct buf b = buf_over(i->room, sizeof(i->room));
	struct jsonw j = jsonw_to(&b);

	jsonw_object(&j);
	jsonw_field(&j, "result", "unreadable");
	for (size_t k = 0; k < COUNT(keys); k++)
		jsonw_field(&j, keys[k], strcmp(keys[k], "signature") == 0 ?
		    "unchecked" : strcmp(keys[k], "dates") == 0 ? "absent" :
		    NULL);
	jsonw_object_end(&j);
	(void)fwrite(b.p, 1, b.len, stdout);
	(void)fputc('\n', stdout);
}

static enum status
inspect_file(struct inspect *i, const char *path, int *exit_status,
    struct diag *d)
{
	struct input in;
	enum status st;

	if ((st = moment_take(i->now_text, &i->now, d)) == ST_OK && (st = load_key(i, d)) == ST_OK &&
	    (st = load_secret(i, d)) == ST_OK &&
	    (st = input_read(path, &in, d)) == ST_OK) {
		if (in.n == 0) {
			struct diag note = { "" };

			(void)diag_print(PROGRAM, &note, diag_set(&note, ST_DATA,
			    _("%s: no code and no text was found"), path));
			if (i->json)
				answer_nothing(i);
			*exit_status = 3;
		} else {
			st = answer(i, in.text[0], exit_status);
		}
		input_free(&in);
	}
	return st;
}

int
command_inspect(int argc, char *argv[])
{
	struct inspect *i = calloc(1, sizeof(*i));
	struct diag d = { "" };
	bool help = false;
	int rest = 0, exit_status = 0;
	enum status st;

	if (i == NULL)
		return status_exit(ST_INTERNAL);
	const struct opt opts[] = {
		{ .name = "key", .arg = "PEM|DER", .value = &i->key_path,
		    .help = N_("public key or certificate to check the signature with; raw hex too") },
		{ .name = "prefix", .arg = "HC1:", .value = &i->prefix,
		    .help = N_("what stands before the Base45 text") },
		{ .name = "decrypt-key", .arg = "FILE", .value = &i->decrypt,
		    .help = N_("AES key of an encrypted token, raw or hex; hex on the command line is seen by others") },
		{ .name = "now", .arg = "RFC3339", .value = &i->now_text,
		    .help = N_("judge the dates as of this instant") },
		{ .name = "json", .flag = &i->json,
		    .help = N_("the object on one line") },
	};

	st = options_parse(argc, argv, opts, COUNT(opts), &help, &rest, &d);
	if (st == ST_OK && help) {
		options_usage(stdout, PROGRAM " inspect", "FILE|-", opts,
		    COUNT(opts));
		goto out;
	}
	if (st == ST_OK && rest + 1 != argc)
		st = diag_set(&d, ST_USAGE,
		    _("give one picture or text, or - for standard input; see --help"));
	if (st == ST_OK)
		st = inspect_file(i, argv[rest], &exit_status, &d);
out:
	if (st == ST_OK && fflush(stdout) != 0)
		st = diag_errno(&d, ST_IO, _("standard output"));
	if (st != ST_OK) {
		exit_status = diag_print(PROGRAM, &d, st);
		if (i->json)
			report_json_error(stdout, rest < argc ? argv[rest] :
			    NULL, st, &d);
	}
	crypto_key_free(i->key.parsed);
	crypto_wipe(i, sizeof(*i));
	free(i);
	return exit_status;
}
