#include "common/host/anchor.h"

#include <stdlib.h>
#include <string.h>

#include "common/host/file.h"
#include "common/pem.h"

static bool
state_of(const char *path, char state[4])
{
	const char *base = strrchr(path, '/');

	base = base == NULL ? path : base + 1;
	if (strlen(base) != 7 || strcmp(base + 3, ".pem") != 0)
		return false;
	for (int i = 0; i < 3; i++)
		if (base[i] < 'A' || base[i] > 'Z')
			return false;
	memcpy(state, base, 3);
	state[3] = '\0';
	return true;
}

enum status
anchor_add(struct trust *t, const char *path, struct diag *d)
{
	struct pem_key key = { 0 };
	uint8_t *pem = NULL;
	size_t len;
	char state[4];
	enum status st;

	if (!state_of(path, state))
		return diag_set(d, ST_CONFIG,
		    _("%s: an anchor is named by its state's three letters, as NIC.pem"),
		    path);
	if ((st = file_read(path, 65536, &pem, &len, d)) != ST_OK)
		return st == ST_NOT_FOUND ? ST_NOT_FOUND : st;
	if ((st = pem_parse(bytes_from(pem, len), false, &key)) != ST_OK) {
		st = diag_set(d, ST_CONFIG,
		    _("%s: not a P-256 or Ed25519 public key in PEM form"),
		    path);
		goto out;
	}
	if ((st = trust_add_anchor(t, state, &key.pub)) != ST_OK)
		st = diag_set(d, ST_CONFIG, _("%s: too many anchors"), path);
out:
	crypto_key_free(key.parsed);
	free(pem);
	return st;
}

enum status
bundle_explain(enum status st, const char *path, size_t part, struct diag *d)
{
	switch ((int)st) {
	case ST_OK:
		return st;
	case ST_MALFORMED:
		return diag_set(d, st,
		    _("%s: part %zu is cut off or damaged; get the bundle again"),
		    path, part);
	case ST_SIGNATURE:
		return diag_set(d, st,
		    _("%s: the signature of part %zu does not match; do not use this bundle"),
		    path, part);
	case ST_UNKNOWN_KEY:
		return diag_set(d, st,
		    _("%s: part %zu is signed by a key that no anchor given here vouches for"),
		    path, part);
	case ST_ROLLBACK:
		return diag_set(d, st,
		    _("%s: part %zu stands beside another of the same state and number; one must be old"),
		    path, part);
	case ST_TOO_BIG:
		return diag_set(d, st,
		    _("%s: part %zu is larger than the format allows"), path,
		    part);
	default:
		return diag_set(d, st, _("%s: the bundle cannot be used"),
		    path);
	}
}
