/* audit list, audit check: the history of everything, and its chain. */
#include <stdio.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/register/audit_chain.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX 1000000

static const char *by, *object, *from, *to, *limit, *noted;

static const struct opt list_opts[] = {
	{ .name = "by", .arg = "NAME", .value = &by,
	    .help = N_("only this officer's") },
	{ .name = "object", .arg = "TEXT", .value = &object,
	    .help = N_("only of this, as 'person 12' or 'card SJO000001'") },
	{ .name = "from", .arg = "DATE", .value = &from,
	    .help = N_("from this day or moment on") },
	{ .name = "to", .arg = "DATE", .value = &to,
	    .help = N_("until this day, or before this moment") },
	{ .name = "limit", .arg = "N", .value = &limit,
	    .help = N_("the newest N, 100 if not given") },
};

static const struct opt check_opts[] = {
	{ .name = "noted", .arg = "ID:DIGEST", .value = &noted,
	    .help = N_("what an earlier check said; it must still be so") },
};

/* A day counts to its end where it is the last. */
static enum status
moment(const char *option, const char *text, bool last, int64_t *out,
    struct diag *d)
{
	struct date day;

	if (date_parse(bytes_text(text), &day))
		*out = when_from_date(day) + (last ? WHEN_DAY : 0);
	else if (!when_parse(bytes_text(text), out))
		return diag_set(d, ST_USAGE,
		    _("--%s: give a day as 2026-11-23, or a moment as 2026-11-23T18:20:00Z"),
		    option);
	return ST_OK;
}

static enum status
put_act(void *arg, const struct act *a)
{
	struct answer *answer = arg;
	char when[WHEN_TEXT];

	moment_format(a->at, when);
	answer_cell_int(answer, a->id);
	answer_cell(answer, when);
	answer_cell(answer, a->officer);
	answer_cell(answer, a->action);
	answer_cell(answer, a->object);
	answer_cell(answer, a->details);
	return ST_OK;
}

static enum status
run_list(struct session *s)
{
	static const struct column columns[] = {
		{ "id", N_("Act") }, { "at", N_("Moment") },
		{ "officer", N_("Officer") }, { "action", N_("Action") },
		{ "object", N_("Object") }, { "details", N_("Details") }
	};
	struct act_filter f = { .officer = by, .object = object,
	    .from = INT64_MIN, .limit = LIMIT_DEFAULT };
	enum status st;

	if ((from != NULL &&
	    (st = moment("from", from, false, &f.from, s->d)) != ST_OK) ||
	    (to != NULL && (st = moment("to", to, true, &f.to, s->d)) !=
	    ST_OK) || (limit != NULL && (st = number_parse(limit, "--limit",
	    LIMIT_MAX, &f.limit, s->d)) != ST_OK))
		return st;
	if (to != NULL && f.to <= f.from)
		return diag_set(s->d, ST_USAGE,
		    _("--to: before --from; give the earlier day first"));
	answer_list(s->answer, "acts", columns, COUNT(columns));
	st = reg_acts(s->reg, &f, put_act, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

/* The act that was noted is the act that is kept. */
static enum status
compare_noted(struct session *s)
{
	uint8_t want[AUDIT_HASH], got[AUDIT_HASH];
	char number[24] = "";
	const char *colon = strchr(noted, ':');
	int64_t id;
	size_t len = 0;
	enum status st;

	if (colon == NULL || (size_t)(colon - noted) >= sizeof(number) ||
	    !bytes_from_hex(bytes_text(colon + 1), want, sizeof(want), &len) ||
	    len != sizeof(want))
		return diag_set(s->d, ST_USAGE,
		    _("--noted: give what audit check said, as 1234:9f86d081..."));
	memcpy(number, noted, (size_t)(colon - noted));
	if ((st = number_parse(number, "--noted", ID_MAX, &id,
	    s->d)) != ST_OK)
		return st;
	st = reg_audit_hash(s->reg, id, got, s->d);
	if (st == ST_NOT_FOUND || (st == ST_OK && !bytes_equal(
	    bytes_from(want, len), bytes_from(got, len))))
		return diag_set(s->d, ST_ROLLBACK,
		    _("act %lld is not the one that was noted; was the audit made anew, or the register restored from an older backup?"),
		    (long long)id);
	return st;
}

static enum status
run_check(struct session *s)
{
	struct audit_head head;
	char hex[2 * AUDIT_HASH + 1] = "", mark[2 * AUDIT_HASH + 32];
	int64_t first_bad;
	enum status st = reg_audit_walk(s->reg, &head, &first_bad, s->d);

	if (st == ST_OK && noted != NULL)
		st = compare_noted(s);
	if (st != ST_OK && st != ST_DATA && st != ST_ROLLBACK)
		return st;
	answer_int(s->answer, "acts", N_("Acts in order"), (int64_t)head.acts);
	(void)bytes_to_hex(bytes_from(head.hash, AUDIT_HASH), hex, sizeof(hex));
	(void)snprintf(mark, sizeof(mark), "%lld:%s", (long long)head.id, hex);
	answer_text(s->answer, "head", N_("To note"), mark);
	if (st == ST_OK)
		return ST_OK;
	if (first_bad != 0)
		answer_int(s->answer, "first_bad", N_("First wrong act"),
		    first_bad);
	answer_text(s->answer, "problem", N_("Problem"), s->d->text);
	answer_found(s->answer, st);
	return ST_OK;
}

static const struct command commands[] = {
	{ "audit", "list", AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS, run_list,
	    list_opts, COUNT(list_opts), "", 0, 0,
	    N_("list who did what and when") },
	{ "audit", "check", AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS, run_check,
	    check_opts, COUNT(check_opts), "", 0, 0,
	    N_("check that the history is what it was") },
};

const struct command_group trail_commands = { commands, COUNT(commands) };
