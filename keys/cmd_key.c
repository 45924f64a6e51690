/* root new, signer new, key show, key reseal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/host/options.h"
#include "common/pem.h"
#include "common/text.h"
#include "keys/change.h"
#include "keys/command.h"
#include "keys/custody.h"
#include "keys/keyfile.h"
#include "keys/pkcs11.h"
#include "keys/signer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static enum status
take_algorithm(const char *name, int *alg, struct diag *d)
{
	if (name == NULL || strcmp(name, "ES256") == 0)
		*alg = ALG_ES256;
	else if (strcmp(name, "EdDSA") == 0)
		*alg = ALG_EDDSA;
	else
		return diag_set(d, ST_USAGE, _("--alg: ES256 or EdDSA, not %s"),
		    name);
	return ST_OK;
}

static enum status
write_public(const char *path, const struct cose_key *pub, struct diag *d)
{
	uint8_t pem[512];
	struct buf b = buf_over(pem, sizeof(pem));
	enum status st = pem_encode(pub, &b);

	return st != ST_OK ? st : file_create(path, buf_bytes(&b), 0644, d);
}

static enum status
print_key(const char *what, const struct cose_key *pub)
{
	uint8_t print[32];
	char hex[65];
	enum status st = cose_key_thumbprint(pub, print);

	if (st != ST_OK)
		return st;
	(void)bytes_to_hex(bytes_from(print, 32), hex, sizeof(hex));
	printf("%s %s\n", what, pub->alg == ALG_EDDSA ? "EdDSA" : "ES256");
	printf("kid %.16s\n", hex);
	printf("thumbprint %s\n", hex);
	return ST_OK;
}

/* What root new and signer new take beside their own. */
struct make {
	struct custody key;		/* ref: where the new key goes */
	struct custody_seal seal;
	const char *alg_name, *public;
	int alg;
};

#define MAKE_OPTS(m) \
	{ .name = "key", .arg = "REF", .value = &(m)->key.ref, .required = true, \
	    .help = N_("where the private key goes: a file, or a pkcs11: URI with token and object") }, \
	{ .name = "alg", .arg = "ES256|EdDSA", .value = &(m)->alg_name, \
	    .help = N_("algorithm, ES256 if not given") }, \
	{ .name = "passphrase-file", .arg = "FILE", \
	    .value = &(m)->key.passphrase_file, \
	    .help = N_("its first line is the passphrase, or a token's PIN; else the terminal is asked") }, \
	CUSTODY_SPLIT_OPTS(&(m)->seal)

static enum status
check_make(struct make *m, struct diag *d)
{
	bool token = custody_in_token(m->key.ref);
	const char *path = custody_path(m->key.ref);
	enum status st;

	m->seal.passphrase_file = m->key.passphrase_file;
	if ((st = take_algorithm(m->alg_name, &m->alg, d)) != ST_OK)
		return st;
	if (token && (m->seal.split != NULL || m->seal.shares != NULL))
		return diag_set(d, ST_USAGE,
		    _("--split is for key files: a key in a token never leaves it, and its PIN cannot be split here; use what the token offers for several custodians"));
	if (!token && (st = custody_seal_check(&m->seal, d)) != ST_OK)
		return st;
	if (access(m->public, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    m->public);
	if (!token && access(path, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: a key is there already and is never overwritten"),
		    path);
	return ST_OK;
}

static enum status
make_in_token(struct make *m, struct cose_key *pub, struct diag *d)
{
	struct pkcs11 *p = NULL;
	enum status st;

	if ((st = pkcs11_generate(&m->key, m->alg, &p, d)) != ST_OK)
		return st;
	*pub = *pkcs11_public(p);
	if ((st = write_public(m->public, pub, d)) != ST_OK)
		pkcs11_destroy(p);	/* made a moment ago, used by nobody */
	pkcs11_close(p);
	return st;
}

static enum status
make_in_file(struct make *m, struct cose_key *pub, struct diag *d)
{
	const char *path = custody_path(m->key.ref);
	EVP_PKEY *pkey = NULL;
	enum status st;

	if ((st = keyfile_generate(m->alg, &pkey)) != ST_OK)
		return diag_set(d, st, _("%s: no key could be made"), path);
	if ((st = keyfile_public(pkey, pub)) != ST_OK ||
	    (st = custody_seal_file(path, pkey, &m->seal, d)) != ST_OK)
		goto out;
	if ((st = write_public(m->public, pub, d)) != ST_OK)
		custody_seal_undo(path, &m->seal);
out:
	EVP_PKEY_free(pkey);
	return st;
}

/* Both halves, or neither. */
static enum status
make_pair(struct make *m, const char *what, struct diag *d)
{
	struct cose_key pub;
	enum status st;

	if ((st = check_make(m, d)) != ST_OK)
		return st;
	st = custody_in_token(m->key.ref) ? make_in_token(m, &pub, d) :
	    make_in_file(m, &pub, d);
	return st != ST_OK ? st : print_key(what, &pub);
}

enum status
command_root_new(int argc, char *argv[], struct diag *d)
{
	struct make m = { 0 };
	const char *state = NULL, *base;
	char want[16];
	const struct opt opts[] = {
		{ .name = "state", .arg = "NIC", .value = &state, .required = true,
		    .help = N_("the state, ISO 3166-1 alpha-3") },
		{ .name = "anchor", .arg = "FILE", .value = &m.public,
		    .required = true,
		    .help = N_("where the anchor goes, named NIC.pem") },
		MAKE_OPTS(&m),
	};
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if (!text_is_code(bytes_text(state), false))
		return diag_set(d, ST_USAGE,
		    _("--state: three capital letters, as NIC, not %s"), state);
	base = strrchr(m.public, '/');
	base = base == NULL ? m.public : base + 1;
	(void)snprintf(want, sizeof(want), "%s.pem", state);
	if (strcmp(base, want) != 0)
		return diag_set(d, ST_USAGE,
		    _("--anchor: the file must be named %s, so that this root can speak for no other state"),
		    want);
	m.seal.state = state;
	return make_pair(&m, "root", d);
}

enum status
command_signer_new(int argc, char *argv[], struct diag *d)
{
	struct make m = { 0 };
	const char *role = NULL, *state = NULL, *office = NULL;
	enum key_role may;
	const struct opt opts[] = {
		{ .name = "role", .arg = "document|status", .value = &role,
		    .required = true, .help = N_("what the key will sign") },
		{ .name = "state", .arg = "NIC", .value = &state, .required = true,
		    .help = N_("the state, ISO 3166-1 alpha-3") },
		{ .name = "office", .arg = "SJO", .value = &office, .required = true,
		    .help = N_("the office's code, three of A-Z 0-9") },
		{ .name = "public", .arg = "FILE", .value = &m.public,
		    .required = true,
		    .help = N_("where the public key goes, for the trust list") },
		MAKE_OPTS(&m),
	};
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = role_take(role, &may, d)) != ST_OK)
		return st;
	if (!text_is_code(bytes_text(state), false))
		return diag_set(d, ST_USAGE,
		    _("--state: three capital letters, as NIC, not %s"), state);
	if (!text_is_code(bytes_text(office), true))
		return diag_set(d, ST_USAGE,
		    _("--office: three of A-Z and 0-9, as SJO, not %s"), office);
	m.seal.state = state;
	if ((st = make_pair(&m, role, d)) == ST_OK)
		printf(_("for %s %s\n"), state, office);
	return st;
}

static enum status
show_public(const char *path, struct diag *d)
{
	struct trust_key k;
	enum status st = public_read(path, &k, d);

	return st == ST_OK ? print_key("public", &k.pub) : st;
}

static enum status
show_private(const struct custody *c, struct diag *d)
{
	struct signer *s = NULL;
	enum status st = signer_open(c, &s, d);

	if (st == ST_OK)
		st = print_key("private", signer_public(s));
	signer_close(s);
	return st;
}

enum status
command_key_show(int argc, char *argv[], struct diag *d)
{
	struct custody key = { 0 };
	struct opt opts[] = { CUSTODY_OPTS(&key) };
	bool operand;
	enum status st;
	int rest;

	opts[0].required = false;	/* a public key may be shown instead */
	if (options_over(argc, argv, "[FILE.pub]", opts, COUNT(opts), &rest,
	    &st, d))
		return st;
	operand = rest + 1 == argc;
	if (rest + operand != argc || operand == (key.ref != NULL))
		return diag_set(d, ST_USAGE,
		    _("give one public key file, or --key REF"));
	if (operand && custody_in_token(argv[rest]))
		key.ref = argv[rest];
	return key.ref != NULL ? show_private(&key, d) :
	    show_public(argv[rest], d);
}

enum status
command_key_reseal(int argc, char *argv[], struct diag *d)
{
	struct custody key = { 0 };
	struct custody_seal seal = { 0 };
	const char *out = NULL;
	const struct opt opts[] = {
		CUSTODY_OPTS(&key),
		{ .name = "out", .arg = "FILE", .value = &out, .required = true,
		    .help = N_("where the key sealed anew goes; the old file stays") },
		{ .name = "new-passphrase-file", .arg = "FILE",
		    .value = &seal.passphrase_file,
		    .help = N_("its first line is the new passphrase; else the terminal is asked") },
		CUSTODY_SPLIT_OPTS(&seal),
		{ .name = "state", .arg = "NIC", .value = &seal.state,
		    .help = N_("the state that the shares name; with --split") },
	};
	EVP_PKEY *pkey = NULL;
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d) ||
	    (st = custody_seal_check(&seal, d)) != ST_OK)
		return st;
	if (custody_in_token(key.ref) || custody_in_token(out))
		return diag_set(d, ST_USAGE,
		    _("a key in a token is not sealed by us and cannot be taken out; change its PIN with the token's own tool"));
	if (seal.split != NULL && (seal.state == NULL ||
	    !text_is_code(bytes_text(seal.state), false)))
		return diag_set(d, ST_USAGE,
		    _("--split: give --state too, three capital letters, as NIC"));
	out = custody_path(out);
	if (access(out, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: a key is there already and is never overwritten"),
		    out);
	if ((st = custody_open_file(&key, &pkey, d)) == ST_OK &&
	    (st = custody_seal_file(out, pkey, &seal, d)) == ST_OK)
		printf("%s\n", out);
	EVP_PKEY_free(pkey);
	return st;
}
