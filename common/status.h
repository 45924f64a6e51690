/*
 * Status: what a function that can fail returns, and how a program ends.
 *
 * One row an outcome: name, stable token (JSON, tests), exit status as in
 * sysexits(3), and a sentence for people. ST_OK is the only success.
 */
#ifndef CEDULA_COMMON_STATUS_H
#define CEDULA_COMMON_STATUS_H

#define N_(s) s		/* marked for gettext, translated where printed */

#define STATUS_TABLE(X) \
	X(OK,		"ok",		0,  N_("done")) \
	X(USAGE,	"usage",	64, N_("the command line is wrong")) \
	X(DATA,		"bad-data",	65, N_("the data is not acceptable")) \
	X(MALFORMED,	"malformed",	65, N_("the data is not in the expected form")) \
	X(TOO_BIG,	"too-big",	65, N_("the data is larger than the format allows")) \
	X(SIGNATURE,	"bad-signature", 65, N_("the signature does not match")) \
	X(UNKNOWN_KEY,	"unknown-key",	65, N_("the signing key is not among the trusted ones")) \
	X(ROLLBACK,	"rollback",	65, N_("the data is older than the data in use")) \
	X(EXISTS,	"exists",	65, N_("it exists already")) \
	X(STATE,	"wrong-state",	65, N_("this cannot be done in the present state")) \
	X(NOT_FOUND,	"not-found",	66, N_("it was not found")) \
	X(INTERNAL,	"internal",	70, N_("internal error")) \
	X(CANT_CREATE,	"cannot-create", 73, N_("the file cannot be created")) \
	X(IO,		"io",		74, N_("input or output failed")) \
	X(FULL,		"full",		74, N_("there is no space left on the disk")) \
	X(PERMISSION,	"no-permission", 77, N_("this is not permitted")) \
	X(PASSPHRASE,	"wrong-passphrase", 77, N_("the passphrase is wrong")) \
	X(CONFIG,	"configuration", 78, N_("the configuration is wrong"))

enum status {
#define X(name, token, exit, text) ST_##name,
	STATUS_TABLE(X)
#undef X
};

const char	*status_token(enum status st);
const char	*status_text(enum status st);	/* untranslated; pass to _() */
int		 status_exit(enum status st);

#endif
