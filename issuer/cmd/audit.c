/* status audit: published status lists against the cards, one by one. */
#include "issuer/command.h"
#include "issuer/status_audit.h"

static void
answer_audit(struct status_audit *a, struct session *s)
{
	answer_int(s->answer, "lists", N_("Status lists"), a->lists);
	answer_int(s->answer, "short_lists", N_("Short lists"), a->briefs);
	answer_int(s->answer, "cards", N_("Cards compared"), a->cards);
	answer_int(s->answer, "changed", N_("Changed since the lists"),
	    a->changed);
	findings_answer(a->found, s->answer, s->d);
	if (a->found->n == 0 && a->changed > 0)
		answer_found(s->answer, diag_set(s->d, ST_DATA,
		    _("the lists are true for their time, and older than the last change: publish")));
}

static enum status
run_audit(struct session *s)
{
	struct findings found = { 0, NULL };
	struct held_trust held;
	struct status_audit a = { .r = s->reg, .office = &s->office, .d = s->d,
	    .found = &found, .now = s->now };
	enum status st = held_trust_open(&held, s->reg, &s->office, s->d);

	if (st == ST_NOT_FOUND && s->operands_n == 0)
		st = ST_OK;	/* what was prepared needs no trust */
	if (st == ST_OK && (st = status_audit_begin(&a)) == ST_OK &&
	    s->operands_n == 0)
		st = status_audit_published(&a, held.host.trust);
	for (size_t i = 0; i < s->operands_n && st == ST_OK; i++) {
		a.name = s->operand[i];
		st = status_audit_file(&a, &held);
	}
	status_audit_end(&a);
	if (st == ST_OK)
		answer_audit(&a, s);
	findings_free(&found);
	held_trust_close(&held);
	return st;
}

static const struct command commands[] = {
	{ "status", "audit", AS_MANAGER | AS_AUDITOR | NEEDS_REGISTER | READS, run_audit, NULL, 0,
	    "[FILE]...", 0, 256,
	    N_("compare published status lists with the cards") },
};

const struct command_group audit_commands = { commands, COUNT(commands) };
