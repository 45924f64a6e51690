#include "issuer/exchange/doctor.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/host/unfinished.h"
#include "common/verdict.h"
#include "common/when.h"
#include "issuer/register/audit_chain.h"
#include "issuer/register/eyes.h"
#include "issuer/register/officer.h"
#include "issuer/register/snapshot.h"

#define MEGA INT64_C(1000000)
#define WAL_LARGE (INT64_C(256) * MEGA)
#define SPACE_LEAST (INT64_C(500) * MEGA)
#define EYES_DAYS 90		/* of decisions looked at */
#define EYES_SHOWN 50		/* of them, one by one */

void
doctor_put(struct doctor *doc, const char *key, const char *label,
    enum doctor_result result, const char *advice, const char *found, ...)
{
	char text[640];
	va_list ap;

	va_start(ap, found);
	(void)vsnprintf(text, sizeof(text), found, ap);
	va_end(ap);
	doc->warnings += result == DOCTOR_WARNING ? 1 : 0;
	doc->problems += result == DOCTOR_PROBLEM ? 1 : 0;
	doc->put(doc->arg, key, label, result, text,
	    result == DOCTOR_OK ? "" : advice);
}

void
doctor_failed(struct doctor *doc, const char *key, const char *label,
    const struct diag *d)
{
	doctor_put(doc, key, label, DOCTOR_PROBLEM,
	    _("see what hinders it, and repeat"), "%s", d->text[0] != '\0' ?
	    d->text : _("could not be looked at"));
}

static const char *
damaged_advice(void)
{
	return _("stop work, keep the file as it is, and restore the newest backup elsewhere");
}

static void
check_integrity(struct doctor *doc)
{
	static const char key[] = "integrity", label[] = N_("Integrity");
	static const char refs[] = "foreign_keys", refs_label[] = N_("References");
	struct diag d = { "" };
	char found[256], table[64];
	int64_t n;

	if (doc->quick)
		return;
	if (reg_integrity(doc->r, found, &d) != ST_OK)
		doctor_failed(doc, key, label, &d);
	else
		doctor_put(doc, key, label, found[0] == '\0' ? DOCTOR_OK :
		    DOCTOR_PROBLEM, damaged_advice(), "%s",
		    found[0] == '\0' ? _("sound throughout") : found);
	if (reg_orphans(doc->r, &n, table, &d) != ST_OK)
		doctor_failed(doc, refs, refs_label, &d);
	else if (n == 0)
		doctor_put(doc, refs, refs_label, DOCTOR_OK, "", "%s",
		    _("every row refers to one that is there"));
	else
		doctor_put(doc, refs, refs_label, DOCTOR_PROBLEM,
		    damaged_advice(),
		    _("rows that refer to nothing: %" PRId64 ", first in table %s"),
		    n, table);
}

static void
check_settings(struct doctor *doc)
{
	const struct reg_health *h = &doc->health;

	doctor_put(doc, "schema", N_("Register version"),
	    h->version == h->known ? DOCTOR_OK : DOCTOR_PROBLEM,
	    _("use the program that the register was made with"),
	    _("%" PRId64 ", and the program knows %" PRId64), h->version,
	    h->known);
	doctor_put(doc, "journal", N_("Durability"),
	    strcmp(h->journal, "wal") == 0 && h->synchronous >= 2 &&
	    h->foreign_keys == 1 ? DOCTOR_OK : DOCTOR_PROBLEM,
	    _("is the disk one where files cannot be shared? move the register to a disk of this machine"),
	    _("journal %s, synchronous %" PRId64), h->journal, h->synchronous);
}

/* The folder that path stands in, "." if none is said. */
static void
folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		(void)snprintf(out, PATH_MAX, ".");
	else
		(void)snprintf(out, PATH_MAX, "%.*s",
		    (int)(slash == path ? 1 : slash - path), path);
}

static void
check_modes(struct doctor *doc)
{
	static const char key[] = "modes", label[] = N_("Who can read it");
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[PATH_MAX + 8], folder[PATH_MAX];
	struct diag d = { "" };
	struct stat sb;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", doc->path, ends[i]);
		if (stat(name, &sb) != 0) {
			if (i > 0 && errno == ENOENT)
				continue;
			(void)diag_errno(&d, ST_IO, name);
			doctor_failed(doc, key, label, &d);
			return;
		}
		if ((sb.st_mode & 007) != 0) {
			doctor_put(doc, key, label, DOCTOR_PROBLEM,
			    _("chmod o= it, and ask who may have copied it"),
			    _("%s: mode %03o, so everybody on this machine"),
			    name, (unsigned)(sb.st_mode & 0777));
			return;
		}
	}
	folder_of(doc->path, folder);
	if (stat(folder, &sb) == 0 && (sb.st_mode & 002) != 0 &&
	    (sb.st_mode & S_ISVTX) == 0)
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("chmod o-w the folder"),
		    _("%s: everybody on this machine may put another register in its place"),
		    folder);
	else
		doctor_put(doc, key, label, DOCTOR_OK, "", "%s",
		    _("its owner and its group alone"));
}

static void
put_unfinished(void *arg, const char *file)
{
	doctor_put(arg, "unfinished", N_("Unfinished file"), DOCTOR_WARNING,
	    _("rm it"),
	    _("%s: a restore that was killed left it, with the register in the clear"),
	    file);
}

static void
check_unfinished(struct doctor *doc)
{
	struct diag d = { "" };

	if (unfinished_find(doc->path, put_unfinished, doc, &d) != ST_OK)
		doctor_failed(doc, "unfinished", N_("Unfinished file"), &d);
}

/* Room for the register once more: what a restore beside it takes. */
static void
check_disk(struct doctor *doc)
{
	static const char key[] = "disk", label[] = N_("Free space");
	char folder[PATH_MAX];
	struct statvfs fs;
	struct diag d = { "" };
	int64_t free_bytes, bytes = (int64_t)doc->health.bytes;
	enum doctor_result result = DOCTOR_OK;

	folder_of(doc->path, folder);
	if (statvfs(folder, &fs) != 0) {
		(void)diag_errno(&d, ST_IO, folder);
		doctor_failed(doc, key, label, &d);
		return;
	}
	free_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	if (free_bytes < 2 * bytes || free_bytes < SPACE_LEAST)
		result = DOCTOR_WARNING;
	if (free_bytes < bytes / 4 || free_bytes < SPACE_LEAST / 10)
		result = DOCTOR_PROBLEM;
	doctor_put(doc, key, label, result,
	    _("free some, or move the register to a larger disk"),
	    _("%" PRId64 " MB, and the register has %" PRId64 " MB"),
	    free_bytes / MEGA, bytes / MEGA);
}

static void
check_wal(struct doctor *doc)
{
	char name[PATH_MAX + 8];
	struct stat sb;
	int64_t size;

	(void)snprintf(name, sizeof(name), "%s-wal", doc->path);
	size = stat(name, &sb) == 0 ? (int64_t)sb.st_size : 0;
	doctor_put(doc, "wal", N_("Journal"),
	    size > WAL_LARGE ? DOCTOR_WARNING : DOCTOR_OK,
	    _("end every program that has the register open, then run any command"),
	    _("%" PRId64 " MB"), size / MEGA);
}

static void
check_clock(struct doctor *doc)
{
	static const char key[] = "clock", label[] = N_("Clock");
	const struct reg_health *h = &doc->health;
	int64_t newest = h->last_act > h->trust_iat ? h->last_act :
	    h->trust_iat, published = 0;
	char when[WHEN_TEXT];
	struct diag d = { "" };

	if (reg_published_newest(doc->r, &published, &d) != ST_OK) {
		doctor_failed(doc, key, label, &d);
		return;
	}
	if (published > newest)
		newest = published;
	when_format(newest, when);
	if (newest > doc->now + CLOCK_SKEW)
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("set the clock; if it is right, it was ahead then: see --clock-is-right"),
		    _("behind the newest act, list or trust list (%s)"), when);
	else
		doctor_put(doc, key, label, DOCTOR_OK, "",
		    _("after the newest act, list and trust list (%s)"), when);
}

static void
check_backup(struct doctor *doc)
{
	static const char key[] = "backup", label[] = N_("Newest backup");
	struct backup_made made;
	struct diag d = { "" };
	char when[WHEN_TEXT];
	int64_t days;
	enum status st = reg_backup_newest(doc->r, &made, &d);

	if (st == ST_NOT_FOUND) {
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("backup create, onto another disk"), "%s",
		    _("none was ever made with backup create"));
		return;
	}
	if (st != ST_OK) {
		doctor_failed(doc, key, label, &d);
		return;
	}
	days = doc->now > made.at ? (doc->now - made.at) / WHEN_DAY : 0;
	when_format(made.at, when);
	doctor_put(doc, key, label, days <= doc->backup_days ? DOCTOR_OK :
	    DOCTOR_PROBLEM, _("backup create, onto another disk"),
	    _("%s, %" PRId64 " days ago, by %s"), when, days, made.officer);
}

static void
check_stock(struct doctor *doc)
{
	static const char key[] = "stock", label[] = N_("Blank cards");
	const struct reg_health *h = &doc->health;
	char day[DATE_TEXT];

	if (h->blanks == 0)
		return;
	date_format(when_date(h->counted), day);
	if (h->receipts_wrong > 0 || h->cards_wrong > 0 ||
	    h->cards_blankless > 0)
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("count the stock, and compare with the register's history"),
		    _("receipts with other serials than were received: %" PRId64 "; cards on more than one blank: %" PRId64 "; cards printed without one: %" PRId64),
		    h->receipts_wrong, h->cards_wrong, h->cards_blankless);
	else if (h->unexplained > 0)
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("find out what became of them, record it, and count again with stock reconcile"),
		    _("%" PRId64 " received; not explained by the count of %s: %" PRId64),
		    h->blanks, day, h->unexplained);
	else
		doctor_put(doc, key, label, h->missing > 0 ||
		    h->counted == 0 ? DOCTOR_WARNING : DOCTOR_OK,
		    h->missing > 0 ? _("find them, or report them") :
		    _("count them with stock reconcile"),
		    _("%" PRId64 " received; missing: %" PRId64 "; last counted: %s"),
		    h->blanks, h->missing, h->counted == 0 ? _("never") : day);
}

/* Every act follows on the one before it (audit_chain.h). */
static void
check_audit(struct doctor *doc)
{
	static const char key[] = "audit_chain", label[] = N_("History");
	struct diag d = { "" };
	struct audit_head head;
	int64_t first_bad;
	enum status st;

	if (doc->quick)
		return;
	st = reg_audit_walk(doc->r, &head, &first_bad, &d);
	if (st == ST_OK)
		doctor_put(doc, key, label, DOCTOR_OK, "",
		    _("%" PRIu64 " acts, each follows on the one before"),
		    head.acts);
	else if (st == ST_DATA)
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("somebody changed it behind the program: compare with a backup from before"),
		    "%s", d.text);
	else
		doctor_failed(doc, key, label, &d);
}

struct staff {
	int64_t now;
	int claimless, late, locked;
};

static enum status
look_at_officer(void *arg, const struct officer *o)
{
	struct staff *s = arg;

	if (!o->active)
		return ST_OK;
	if (!o->has_secret)
		s->claimless++;
	else if (officer_in_time(o, s->now, NULL) != ST_OK)
		s->late++;
	else if (o->locked_until > s->now)
		s->locked++;
	return ST_OK;
}

static void
check_officers(struct doctor *doc)
{
	static const char key[] = "officers", label[] = N_("Officers");
	struct staff s = { .now = doc->now };
	struct diag d = { "" };

	if (reg_officers(doc->r, look_at_officer, &s, &d) != ST_OK)
		doctor_failed(doc, key, label, &d);
	else if (s.claimless + s.late + s.locked == 0)
		doctor_put(doc, key, label, DOCTOR_OK, "", "%s",
		    _("every active one can log in"));
	else
		doctor_put(doc, key, label, DOCTOR_WARNING,
		    _("look with officer list; deactivate who has left, and let the others log in"),
		    _("active without a secret: %d; past their last day: %d; locked: %d"),
		    s.claimless, s.late, s.locked);
}

static void
put_same_hand(void *arg, const struct same_hand_decision *x)
{
	char other[32] = "";

	if (x->other != 0)
		(void)snprintf(other, sizeof(other), " %" PRId64, x->other);
	doctor_put(arg, "same_hand", N_("Same hand"), DOCTOR_WARNING,
	    _("ask both officers; look with person history"),
	    _("%s %" PRId64 "%s: decided by %s, with a secret from %s"), x->kind,
	    x->id, other, x->officer, x->hand);
}

/* A first secret is changed at the first log-in, by whoever knew it. Where one
 * officer manages and enrols, it is so of all approvals until the approvers
 * have changed theirs again: a line says how many, and how to see them. Of what
 * else is decided by two, which no list has, the newest are said here. */
static void
check_eyes(struct doctor *doc)
{
	static const char key[] = "four_eyes", label[] = N_("Four eyes");
	int64_t since = doc->now - EYES_DAYS * WHEN_DAY;
	struct diag d = { "" };
	struct same_hand n;

	if (reg_same_hand(doc->r, since, &n, &d) != ST_OK) {
		doctor_failed(doc, key, label, &d);
		return;
	}
	doctor_put(doc, key, label, n.same + n.others == 0 ? DOCTOR_OK :
	    DOCTOR_WARNING,
	    _("look with application list --same-hand; approvers change theirs with officer secret"),
	    _("approvals of the last %d days: %" PRId64 "; with a secret from who began the application: %" PRId64 "; other decisions so: %" PRId64),
	    EYES_DAYS, n.approvals, n.same, n.others);
	if (n.others > 0 && reg_same_hand_each(doc->r, since, EYES_SHOWN,
	    put_same_hand, doc, &d) != ST_OK)
		doctor_failed(doc, key, label, &d);
}

/* The four eyes go by who enrolled: the row against the chained history. */
static void
check_enrollers(struct doctor *doc)
{
	static const char key[] = "enrollers", label[] = N_("Who enrolled");
	struct diag d = { "" };
	int64_t n, first;

	if (doc->quick)
		return;
	if (reg_enrollers_wrong(doc->r, &n, &first, &d) != ST_OK)
		doctor_failed(doc, key, label, &d);
	else if (n == 0)
		doctor_put(doc, key, label, DOCTOR_OK, "", "%s",
		    _("every person by the officer whom the history names"));
	else
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("somebody changed it behind the program: compare with a backup from before"),
		    _("persons enrolled by another than the history says: %" PRId64 ", first person %" PRId64),
		    n, first);
}

/* No state without its event. */
static void
check_states(struct doctor *doc)
{
	static const char key[] = "states", label[] = N_("Lives");
	struct diag d = { "" };
	int64_t n, first;

	if (doc->quick)
		return;
	if (reg_states_wrong(doc->r, &n, &first, &d) != ST_OK)
		doctor_failed(doc, key, label, &d);
	else if (n == 0)
		doctor_put(doc, key, label, DOCTOR_OK, "", "%s",
		    _("every person is what the last event says"));
	else
		doctor_put(doc, key, label, DOCTOR_PROBLEM,
		    _("somebody changed it behind the program: compare with a backup from before"),
		    _("persons whose state is not of their last event: %" PRId64 ", first person %" PRId64),
		    n, first);
}

enum status
doctor_run(struct doctor *doc, struct diag *d)
{
	enum status st = reg_health(doc->r, &doc->health, d);

	if (st != ST_OK)
		return st;
	check_integrity(doc);
	check_settings(doc);
	check_modes(doc);
	check_unfinished(doc);
	check_disk(doc);
	check_wal(doc);
	check_clock(doc);
	check_backup(doc);
	check_stock(doc);
	check_audit(doc);
	check_officers(doc);
	check_eyes(doc);
	check_enrollers(doc);
	check_states(doc);
	doctor_trust(doc);
	return ST_OK;
}
