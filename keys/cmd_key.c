/* root new, signer new, key show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/host/file.h"
#include "common/host/options.h"
#include "common/pem.h"
#include "common/text.h"
#include "keys/command.h"
#include "keys/keyfile.h"
#include "keys/passphrase.h"

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

/* Both halves, or neither: the public file is refused before a key is made. */
static enum status
make_pair(const char *out, const char *public, const char *alg_name,
    const char *passphrase_file, const char *what, struct diag *d)
{
	char passphrase[PASSPHRASE_MAX];
	struct cose_key pub;
	int alg = ALG_ES256;
	enum status st;

	if ((st = take_algorithm(alg_name, &alg, d)) != ST_OK)
		return st;
	if (access(public, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: exists already and is never overwritten; choose another name"),
		    public);
	if (access(out, F_OK) == 0)
		return diag_set(d, ST_EXISTS,
		    _("%s: a key is there already and is never overwritten"),
		    out);
	if ((st = passphrase_read(passphrase_file, out, true, passphrase,
	    d)) != ST_OK)
		return st;
	st = keyfile_make(out, alg, passphrase, &pub, d);
	passphrase_wipe(passphrase);
	if (st != ST_OK)
		return st;
	if ((st = write_public(public, &pub, d)) != ST_OK) {
		(void)unlink(out);	/* made a moment ago, used by nobody */
		return st;
	}
	return print_key(what, &pub);
}

enum status
command_root_new(int argc, char *argv[], struct diag *d)
{
	const char *state = NULL, *out = NULL, *anchor = NULL, *alg = NULL;
	const char *pass = NULL, *base;
	char want[16];
	const struct opt opts[] = {
		{ .name = "state", .arg = "NIC", .value = &state, .required = true,
		    .help = N_("the state, ISO 3166-1 alpha-3") },
		{ .name = "key", .arg = "FILE", .value = &out, .required = true,
		    .help = N_("where the private key goes") },
		{ .name = "anchor", .arg = "FILE", .value = &anchor, .required = true,
		    .help = N_("where the anchor goes, named NIC.pem") },
		{ .name = "alg", .arg = "ES256|EdDSA", .value = &alg,
		    .help = N_("algorithm, ES256 if not given") },
		{ .name = "passphrase-file", .arg = "FILE", .value = &pass,
		    .help = N_("its first line is the passphrase; else the terminal is asked") },
	};
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if (!text_is_code(bytes_text(state), false))
		return diag_set(d, ST_USAGE,
		    _("--state: three capital letters, as NIC, not %s"), state);
	base = strrchr(anchor, '/');
	base = base == NULL ? anchor : base + 1;
	(void)snprintf(want, sizeof(want), "%s.pem", state);
	if (strcmp(base, want) != 0)
		return diag_set(d, ST_USAGE,
		    _("--anchor: the file must be named %s, so that this root can speak for no other state"),
		    want);
	return make_pair(out, anchor, alg, pass, "root", d);
}

enum status
command_signer_new(int argc, char *argv[], struct diag *d)
{
	const char *out = NULL, *public = NULL, *alg = NULL, *pass = NULL;
	const char *role = NULL, *state = NULL, *office = NULL;
	const struct opt opts[] = {
		{ .name = "role", .arg = "document|status", .value = &role,
		    .required = true, .help = N_("what the key will sign") },
		{ .name = "state", .arg = "NIC", .value = &state, .required = true,
		    .help = N_("the state, ISO 3166-1 alpha-3") },
		{ .name = "office", .arg = "SJO", .value = &office, .required = true,
		    .help = N_("the office's code, three of A-Z 0-9") },
		{ .name = "key", .arg = "FILE", .value = &out, .required = true,
		    .help = N_("where the private key goes") },
		{ .name = "public", .arg = "FILE", .value = &public,
		    .required = true,
		    .help = N_("where the public key goes, for the trust list") },
		{ .name = "alg", .arg = "ES256|EdDSA", .value = &alg,
		    .help = N_("algorithm, ES256 if not given") },
		{ .name = "passphrase-file", .arg = "FILE", .value = &pass,
		    .help = N_("its first line is the passphrase; else the terminal is asked") },
	};
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if (strcmp(role, "document") != 0 && strcmp(role, "status") != 0)
		return diag_set(d, ST_USAGE,
		    _("--role: document or status, not %s"), role);
	if (!text_is_code(bytes_text(state), false))
		return diag_set(d, ST_USAGE,
		    _("--state: three capital letters, as NIC, not %s"), state);
	if (!text_is_code(bytes_text(office), true))
		return diag_set(d, ST_USAGE,
		    _("--office: three of A-Z and 0-9, as SJO, not %s"), office);
	if ((st = make_pair(out, public, alg, pass, role, d)) == ST_OK)
		printf(_("for %s %s\n"), state, office);
	return st;
}

enum status
command_key_show(int argc, char *argv[], struct diag *d)
{
	struct pem_key key = { 0 };
	uint8_t *pem = NULL;
	size_t len;
	enum status st;
	int rest;

	if (options_over(argc, argv, "FILE.pub", NULL, 0, &rest, &st, d))
		return st;
	if (rest + 1 != argc)
		return diag_set(d, ST_USAGE, _("one public key file is needed"));
	if ((st = file_read(argv[rest], 65536, &pem, &len, d)) != ST_OK)
		return st;
	if (pem_parse(bytes_from(pem, len), false, &key) != ST_OK)
		st = diag_set(d, ST_DATA,
		    _("%s: not a P-256 or Ed25519 public key in PEM form"),
		    argv[rest]);
	else
		st = print_key("public", &key.pub);
	crypto_key_free(key.parsed);
	free(pem);
	return st;
}
