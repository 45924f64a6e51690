/*
 * Commands of cedula-issuer: a table says what each takes and what has to be
 * open before it runs; main opens it, runs the command, keeps or takes back
 * what it did, and only then prints its answer.
 */
#ifndef CEDULA_ISSUER_COMMAND_H
#define CEDULA_ISSUER_COMMAND_H

#include "common/host/diag.h"
#include "common/host/options.h"
#include "common/status.h"
#include "issuer/answer.h"
#include "issuer/register/officer.h"
#include "issuer/register/register.h"
#include "keys/signer.h"

enum {
	NEEDS_REGISTER = 1,	/* open */
	NEEDS_OFFICER = 2,	/* changes something, under the officer's name */
	READS = 4,		/* one snapshot of the register throughout */
	WRITES = 8,		/* one transaction: all of it or none */
	NEEDS_KEY = 16,		/* --key, opened before the transaction, which
				 * must not wait for a passphrase */
	MAY_KEY = 32,		/* the same where --unsigned needs none */
	DATES = 64,		/* acts on cards or publishes: --clock-is-right */
	/* Who may: an officer logged in with one of these roles. Without any,
	 * nobody has to be logged in: to make a register, to log in and out. */
	AS_REGISTRAR = OFFICER_REGISTRAR << 8,
	AS_APPROVER = OFFICER_APPROVER << 8,
	AS_PRINTER = OFFICER_PRINTER << 8,
	AS_MANAGER = OFFICER_MANAGER << 8,
	AS_PROTECTION = OFFICER_PROTECTION << 8,
	AS_AUDITOR = OFFICER_AUDITOR << 8,
	AS_DESK = AS_REGISTRAR | AS_APPROVER | AS_PRINTER | AS_MANAGER,
	AS_ANYBODY = AS_DESK | AS_PROTECTION | AS_AUDITOR
};

struct session {
	struct reg *reg;
	struct office office;
	int64_t now, clock;		/* as --now says; the machine's */
	bool clock_set;			/* --now was given */
	bool clock_is_right;		/* somebody has looked at the clock */
	const char *register_path, *officer;
	char acting[REG_NAME];		/* the officer, where none was named */
	uint8_t token_sha256[32];	/* of who is logged in */
	bool kept;			/* the command has committed by itself */
	struct signer *key;	/* NULL unless NEEDS_KEY */
	struct answer *answer;
	char *const *operand;
	size_t operands_n;
	struct diag *d;
};

struct command {
	const char *group, *verb;	/* verb "" where the group is all */
	unsigned flags;
	enum status (*run)(struct session *s);
	const struct opt *opts;
	size_t opts_n;
	const char *operands;		/* "ID", "" */
	size_t least, most;		/* how many operands */
	const char *help;
};

struct command_group {
	const struct command *command;
	size_t n;
};

extern const struct command_group
    office_commands,
    login_commands,
    officer_commands,
    person_commands,
    person_show_commands,
    person_life_commands,
    person_family_commands,
    document_commands,
    household_commands,
    duplicate_commands,
    application_commands,
    card_commands,
    card_life_commands,
    publish_commands,
    audit_commands,
    log_commands,
    trail_commands,
    employer_commands,
    contract_commands,
    case_commands,
    narrative_commands,
    emergency_commands,
    report_commands,
    exchange_commands,
    backup_commands,
    doctor_commands,
    stock_commands,
    batch_commands,
    fee_commands,
    fund_commands;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* The option of an act that nobody does without a reason. */
#define REASON_OPT(place, text) { .name = "reason", .arg = "TEXT", \
	.value = (place), .required = true, .help = (text) }

#define ID_MAX (INT64_MAX / 16)	/* of what the register counts */

/* A whole number from 1 to max as typed; what names it in the message: an
 * option, or text itself where it is an operand, which is an id. */
enum status	number_parse(const char *text, const char *what, int64_t max,
		    int64_t *out, struct diag *d) MUST_CHECK;
/* The first operand as a register's id. */
enum status	operand_id(const struct session *s, int64_t *out) MUST_CHECK;
/* The roles of --role, each by its name. */
enum status	roles_parse(const char *const *role, size_t n, unsigned *out,
		    struct diag *d) MUST_CHECK;
/* An option's id; text NULL leaves *out. */
enum status	option_id(const char *text, const char *option, int64_t *out,
		    struct diag *d) MUST_CHECK;
/* A cell for an id that may be none (0): empty for people, null for programs. */
void		cell_id(struct answer *a, int64_t id);
/* The roles of --role, each by its name. */
enum status	roles_parse(const char *const *role, size_t n, unsigned *out,
		    struct diag *d) MUST_CHECK;
/* A cell that says whether somebody is a minor: the word or nothing for people,
 * yes or no for programs. */
void		cell_minor(struct answer *a, bool minor);
/* "2026-11-23 18:20:00Z" for people's tables, "" for 0. */
void		moment_format(int64_t t, char out[WHEN_TEXT]);

#endif
