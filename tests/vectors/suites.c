/*
 * suites [DIR]: every published suite of test vectors in DIR (by default
 * ../shared/vectors), one TAP line a suite with its counts. The programs under
 * test are taken from $B/bin (by default build/bin).
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/vectors/suite.h"

/* least: so many cases the folder had when this was written. Fewer mean that
 * something was lost, which must not pass for success. */
static const struct {
	const char *name, *folder;
	size_t least;
	suite_run *run;
} suites[] = {
	{ "cbor: RFC 8949 appendix A", "cbor/appendix_a.json", 82,
	    suite_cbor },
	{ "cose: sign1", "cose/sign1-tests", 9, suite_cose },
	{ "cose: ecdsa", "cose/ecdsa-examples", 8, suite_cose },
	{ "cose: eddsa", "cose/eddsa-examples", 4, suite_cose },
	{ "cose: CWT (RFC 8392 appendix A)", "cose/CWT", 5, suite_cwt },
	{ "wycheproof: ECDSA P-256 r||s",
	    "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", 262,
	    suite_wycheproof_p256 },
	{ "wycheproof: Ed25519", "wycheproof/ed25519_test.json", 151,
	    suite_wycheproof_ed25519 },
	{ "claim169: valid", "claim169/valid", 11, suite_claim169_valid },
	{ "claim169: invalid", "claim169/invalid", 4,
	    suite_claim169_invalid },
	{ "claim169: edge", "claim169/edge", 3, suite_claim169_edge },
	{ "status list: Token Status List examples", "status-list/examples",
	    20, suite_statuslist },
	{ "dgc: common", "dgc/common/2DCode/raw", 38, suite_dgc },
	{ "dgc: AT", "dgc/AT/2DCode/raw", 4, suite_dgc },
	{ "dgc: CH", "dgc/CH/2DCode/raw", 3, suite_dgc },
	{ "dgc: DE", "dgc/DE/2DCode/raw", 4, suite_dgc },
	{ "dgc: DK", "dgc/DK/2DCode/raw", 10, suite_dgc },
	{ "dgc: FR", "dgc/FR/2DCode/raw", 37, suite_dgc },
	{ "dgc: SE", "dgc/SE/2DCode/raw", 5, suite_dgc },
};

enum { SUITES = sizeof(suites) / sizeof(suites[0]) };

/* True unless the suite failed. */
static bool
run_one(size_t i, const char *root, const char *bin)
{
	struct suite s = { .root = root, .folder = suites[i].folder,
	    .bin = bin };
	char path[PATH_MAX];
	bool good;

	(void)snprintf(path, sizeof(path), "%s/%s", root, s.folder);
	if (access(path, R_OK) != 0) {
		printf("ok %zu - %s # SKIP %s is not there\n", i + 1,
		    suites[i].name, path);
		return true;
	}
	suites[i].run(&s);
	if (s.cases < suites[i].least)
		suite_fail(&s, NULL, NULL, "expected %zu cases, got %zu",
		    suites[i].least, s.cases);
	good = s.failed == 0;
	printf("%sok %zu - %s, %zu cases: %s\n", good ? "" : "not ", i + 1,
	    suites[i].name, s.cases, s.note);
	return good;
}

int
main(int argc, char *argv[])
{
	const char *root = argc > 1 ? argv[1] : "../shared/vectors";
	const char *build = getenv("B");
	char bin[PATH_MAX];
	bool good = true;

	(void)snprintf(bin, sizeof(bin), "%s/bin",
	    build != NULL && build[0] != '\0' ? build : "build");
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%d\n", SUITES);
	for (size_t i = 0; i < SUITES; i++)
		good = run_one(i, root, bin) && good;
	return good ? 0 : 1;
}
