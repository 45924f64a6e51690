#include <stdio.h>

#include "issuer/register/db.h"

/*
 * Append only: registers in the field count on every line and its place.
 * Instants are seconds since 1970; calendar dates are YYYY-MM-DD; absent text
 * is the empty text, so that nothing is ever both "" and NULL.
 */
static const char *const migrations[] = {
	/* 1: the office, and who works there. 0x43c9d21a marks the file. */
	"PRAGMA application_id = 1137299994;"
	"CREATE TABLE office ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" state TEXT NOT NULL CHECK (state GLOB '[A-Z][A-Z][A-Z]'),"
	" code TEXT NOT NULL CHECK (code GLOB '[A-Z0-9][A-Z0-9][A-Z0-9]'),"
	" country TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,"
	" verify_at TEXT NOT NULL, district TEXT NOT NULL,"
	" colour INTEGER NOT NULL CHECK (colour BETWEEN 0 AND 16777215),"
	" demo INTEGER NOT NULL CHECK (demo IN (0, 1)),"
	" capacity INTEGER NOT NULL CHECK"
	"  (capacity BETWEEN 16 AND 4194304 AND capacity % 8 = 0),"
	" created INTEGER NOT NULL) STRICT;"
	"CREATE TABLE officer ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" login TEXT NOT NULL UNIQUE CHECK (login <> ''),"
	" full_name TEXT NOT NULL CHECK (full_name <> ''),"
	" active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),"
	" created INTEGER NOT NULL) STRICT;",

	/* 2: every act. Nothing is changed or taken away afterwards. */
	"CREATE TABLE audit ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" at INTEGER NOT NULL,"
	" officer INTEGER NOT NULL REFERENCES officer,"
	" action TEXT NOT NULL, object TEXT NOT NULL, details TEXT NOT NULL)"
	" STRICT;"
	"CREATE INDEX audit_object ON audit (object);"
	"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN"
	" SELECT RAISE(ABORT, 'the audit is append only'); END;"
	"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN"
	" SELECT RAISE(ABORT, 'the audit is append only'); END;",

	/* 3: persons, their photos (the newest is the one in use), and their
	 * names word by word as folded for search. */
	"CREATE TABLE person ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" surname1 TEXT NOT NULL, surname2 TEXT NOT NULL, given TEXT NOT NULL,"
	" sex TEXT NOT NULL CHECK (sex IN ('M', 'F', 'X')),"
	" birth_date TEXT NOT NULL CHECK"
	"  (birth_date = date(birth_date, '+0 days') AND birth_date >= '1880-01-01'),"
	" birth_place TEXT NOT NULL,"
	" nationality TEXT NOT NULL CHECK (nationality GLOB '[A-Z][A-Z][A-Z]'),"
	" nationality_evidence TEXT NOT NULL, identity_evidence TEXT NOT NULL,"
	" address TEXT NOT NULL, district TEXT NOT NULL,"
	" telephone TEXT NOT NULL, occupation TEXT NOT NULL,"
	" sector TEXT NOT NULL, employer TEXT NOT NULL, workplace TEXT NOT NULL,"
	" emergency_contact TEXT NOT NULL, guardian TEXT NOT NULL,"
	" consent TEXT NOT NULL CHECK (consent = date(consent, '+0 days')),"
	" folded TEXT NOT NULL CHECK (folded <> ''),"
	" enrolled INTEGER NOT NULL,"
	" enrolled_by INTEGER NOT NULL REFERENCES officer) STRICT;"
	"CREATE INDEX person_birth ON person (birth_date);"
	"CREATE TABLE photo ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" person INTEGER NOT NULL REFERENCES person,"
	" image BLOB NOT NULL, added INTEGER NOT NULL) STRICT;"
	"CREATE INDEX photo_person ON photo (person);"
	"CREATE TABLE person_word ("
	" word TEXT NOT NULL, person INTEGER NOT NULL REFERENCES person,"
	" PRIMARY KEY (word, person)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX person_word_person ON person_word (person);",

	/* 4: households: one head, who is nobody's head twice. */
	"CREATE TABLE household ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" head INTEGER NOT NULL UNIQUE REFERENCES person,"
	" created INTEGER NOT NULL) STRICT;"
	"CREATE TABLE household_member ("
	" household INTEGER NOT NULL REFERENCES household,"
	" person INTEGER NOT NULL REFERENCES person,"
	" relationship INTEGER NOT NULL CHECK (relationship BETWEEN 1 AND 7),"
	" position INTEGER NOT NULL,"
	" PRIMARY KEY (household, person)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX household_member_person ON household_member (person);"
	"CREATE TRIGGER head_is_no_member BEFORE INSERT ON household_member"
	" WHEN NEW.person = (SELECT head FROM household"
	"  WHERE id = NEW.household) BEGIN"
	" SELECT RAISE(ABORT, 'the head is not a member'); END;",

	/* 5: applications. The four eyes are the table's own rule: nobody
	 * approves what they enrolled or submitted, whichever program asks. */
	"CREATE TABLE application ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" kind TEXT NOT NULL CHECK (kind IN ('individual', 'family')),"
	" person INTEGER NOT NULL REFERENCES person,"
	" household INTEGER REFERENCES household,"
	" state TEXT NOT NULL CHECK (state IN"
	"  ('draft', 'submitted', 'approved', 'refused', 'issued')),"
	" created INTEGER NOT NULL, submitted INTEGER, decided INTEGER,"
	" issued INTEGER,"
	" submitter INTEGER NOT NULL REFERENCES officer,"
	" approver INTEGER REFERENCES officer,"
	" reason TEXT NOT NULL DEFAULT '',"
	" CONSTRAINT household_given CHECK"
	"  ((kind = 'family') = (household IS NOT NULL)),"
	" CONSTRAINT four_eyes CHECK (approver IS NULL OR approver <> submitter),"
	" CONSTRAINT decided_by CHECK ((state IN ('approved', 'refused', 'issued'))"
	"  = (approver IS NOT NULL)),"
	" CONSTRAINT refused_why CHECK (state <> 'refused' OR reason <> ''))"
	" STRICT;"
	"CREATE UNIQUE INDEX application_open ON application (person, kind)"
	" WHERE state IN ('draft', 'submitted', 'approved');"
	"CREATE INDEX application_state ON application (state);"
	"CREATE TRIGGER application_begins BEFORE INSERT ON application"
	" WHEN NEW.state <> 'draft' BEGIN"
	" SELECT RAISE(ABORT, 'an application begins as a draft'); END;"
	"CREATE TRIGGER application_steps BEFORE UPDATE OF state ON application"
	" WHEN (OLD.state, NEW.state) NOT IN (VALUES ('draft', 'submitted'),"
	"  ('submitted', 'approved'), ('submitted', 'refused'),"
	"  ('approved', 'refused'), ('approved', 'issued')) BEGIN"
	" SELECT RAISE(ABORT, 'an application does not go this way'); END;"
	"CREATE TRIGGER application_fixed BEFORE UPDATE OF"
	" id, kind, person, household, submitter, created ON application BEGIN"
	" SELECT RAISE(ABORT, 'an application keeps its subject'); END;"
	"CREATE TRIGGER application_four_eyes BEFORE UPDATE OF approver"
	" ON application WHEN OLD.state NOT IN ('submitted', 'approved') OR"
	"  NEW.approver ="
	"  (SELECT enrolled_by FROM person WHERE id = NEW.person) BEGIN"
	" SELECT RAISE(ABORT, 'four_eyes: enrolled by the approver'); END;"
	"CREATE TRIGGER application_kept BEFORE DELETE ON application BEGIN"
	" SELECT RAISE(ABORT, 'applications are kept'); END;",

	/* 6: what was approved stays what it was until it is issued or refused,
	 * or the second pair of eyes has seen something else. */
	"CREATE VIEW approved_person (person) AS"
	" SELECT person FROM application WHERE state = 'approved'"
	" UNION ALL SELECT m.person FROM application AS a"
	"  JOIN household_member AS m ON m.household = a.household"
	"  WHERE a.state = 'approved';"
	"CREATE TRIGGER approved_person_fixed BEFORE UPDATE OF surname1,"
	" surname2, given, sex, birth_date, nationality, district, guardian"
	" ON person WHEN NEW.id IN (SELECT person FROM approved_person) BEGIN"
	" SELECT RAISE(ABORT, 'approved: the person stays'); END;"
	"CREATE TRIGGER approved_photo_fixed BEFORE INSERT ON photo"
	" WHEN NEW.person IN (SELECT person FROM approved_person) BEGIN"
	" SELECT RAISE(ABORT, 'approved: the photo stays'); END;"
	"CREATE TRIGGER approved_household_fixed BEFORE INSERT ON"
	" household_member WHEN EXISTS (SELECT 1 FROM application"
	"  WHERE state = 'approved' AND household = NEW.household) BEGIN"
	" SELECT RAISE(ABORT, 'approved: the household stays'); END;",

	/* 7: numbers, status lists and cards. A number, and a place in a
	 * status list, belong to one card for ever. */
	"CREATE TABLE number_counter ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" next INTEGER NOT NULL CHECK (next BETWEEN 1 AND 1000000)) STRICT;"
	"INSERT INTO number_counter (id, next) VALUES (1, 1);"
	"CREATE TRIGGER number_counter_grows BEFORE UPDATE ON number_counter"
	" WHEN NEW.next < OLD.next BEGIN"
	" SELECT RAISE(ABORT, 'numbers are never used again'); END;"
	"CREATE TRIGGER number_counter_kept BEFORE DELETE ON number_counter"
	" BEGIN SELECT RAISE(ABORT, 'numbers are never used again'); END;"
	"CREATE TABLE status_list ("
	" number INTEGER PRIMARY KEY CHECK (number > 0),"
	" capacity INTEGER NOT NULL CHECK (capacity > 0),"
	" opened INTEGER NOT NULL) STRICT;"
	"CREATE TABLE card ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" number TEXT NOT NULL UNIQUE CHECK (number GLOB"
	"  '[A-Z0-9][A-Z0-9][A-Z0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),"
	" application INTEGER NOT NULL UNIQUE REFERENCES application,"
	" person INTEGER NOT NULL REFERENCES person,"
	" photo INTEGER NOT NULL REFERENCES photo,"
	" kind TEXT NOT NULL CHECK (kind IN ('individual', 'family')),"
	" list INTEGER NOT NULL REFERENCES status_list,"
	" idx INTEGER NOT NULL CHECK (idx >= 0),"
	" issued INTEGER NOT NULL, expires INTEGER NOT NULL CHECK"
	"  (expires > issued),"
	" kid BLOB NOT NULL CHECK (length(kid) = 8),"
	" token BLOB NOT NULL CHECK (length(token) > 0),"
	" qr TEXT NOT NULL CHECK (qr <> ''),"
	" status TEXT NOT NULL DEFAULT 'valid' CHECK"
	"  (status IN ('valid', 'revoked', 'suspended')),"
	" reason TEXT NOT NULL DEFAULT '' CHECK"
	"  (status = 'valid' OR reason <> ''),"
	" officer INTEGER NOT NULL REFERENCES officer,"
	" UNIQUE (list, idx)) STRICT;"
	"CREATE INDEX card_person ON card (person);"
	"CREATE TRIGGER card_in_list BEFORE INSERT ON card WHEN NEW.idx >="
	" (SELECT capacity FROM status_list WHERE number = NEW.list) BEGIN"
	" SELECT RAISE(ABORT, 'the index is outside its status list'); END;"
	"CREATE TRIGGER card_approved BEFORE INSERT ON card WHEN NOT EXISTS"
	" (SELECT 1 FROM application AS a WHERE a.id = NEW.application AND"
	"  a.person = NEW.person AND a.kind = NEW.kind AND"
	"  a.state = 'approved') BEGIN"
	" SELECT RAISE(ABORT, 'the application is not approved'); END;"
	"CREATE TRIGGER card_fixed BEFORE UPDATE OF id, number, application,"
	" person, photo, kind, list, idx, issued, expires, kid, token, qr, officer"
	" ON card BEGIN SELECT RAISE(ABORT, 'a card is what it is'); END;"
	"CREATE TRIGGER card_revoked BEFORE UPDATE OF status ON card"
	" WHEN OLD.status = 'revoked' BEGIN"
	" SELECT RAISE(ABORT, 'revoked is final'); END;"
	"CREATE TRIGGER card_kept BEFORE DELETE ON card BEGIN"
	" SELECT RAISE(ABORT, 'cards are kept'); END;",

	/* 8: what happened to each card. */
	"CREATE TABLE card_event ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" card INTEGER NOT NULL REFERENCES card, at INTEGER NOT NULL,"
	" officer INTEGER NOT NULL REFERENCES officer,"
	" event TEXT NOT NULL, reason TEXT NOT NULL) STRICT;"
	"CREATE INDEX card_event_card ON card_event (card);"
	"CREATE TRIGGER card_event_no_update BEFORE UPDATE ON card_event BEGIN"
	" SELECT RAISE(ABORT, 'the history is append only'); END;"
	"CREATE TRIGGER card_event_no_delete BEFORE DELETE ON card_event BEGIN"
	" SELECT RAISE(ABORT, 'the history is append only'); END;",

	/* 9: the ministry's word on which keys this office signs with: every
	 * trust list imported, and this office's keys in the newest. */
	"CREATE TABLE trust_list ("
	" sequence INTEGER PRIMARY KEY CHECK (sequence >= 0),"
	" iat INTEGER NOT NULL, exp INTEGER NOT NULL,"
	" list BLOB NOT NULL, anchor BLOB NOT NULL,"
	" imported INTEGER NOT NULL) STRICT;"
	"CREATE TRIGGER trust_list_newer BEFORE INSERT ON trust_list"
	" WHEN NEW.sequence <= (SELECT max(sequence) FROM trust_list) BEGIN"
	" SELECT RAISE(ABORT, 'the trust list is older than the one held');"
	" END;"
	"CREATE TABLE signer_key ("
	" pub BLOB NOT NULL, role INTEGER NOT NULL CHECK (role IN (1, 2)),"
	" kid BLOB NOT NULL CHECK (length(kid) = 8),"
	" from_ INTEGER NOT NULL, sign_until INTEGER NOT NULL,"
	" until INTEGER NOT NULL, revoked_from INTEGER NOT NULL,"
	" PRIMARY KEY (pub, role)) STRICT, WITHOUT ROWID;",

	/* The log of issuance, docs/format.md §11: an entry for every issue and
	 * change of status, also of those before there was a log; and every
	 * head of it that was signed. cedula_log_entry is log.c's. */
	"CREATE TABLE log_entry ("
	" seq INTEGER PRIMARY KEY CHECK (seq >= 0),"
	" entry BLOB NOT NULL CHECK (length(entry) > 0),"
	" event INTEGER NOT NULL UNIQUE REFERENCES card_event) STRICT;"
	"CREATE TRIGGER log_entry_in_order BEFORE INSERT ON log_entry"
	" WHEN NEW.seq <> (SELECT ifnull(max(seq), -1) + 1 FROM log_entry)"
	" BEGIN SELECT RAISE(ABORT, 'the log has no gaps'); END;"
	"CREATE TRIGGER log_entry_no_update BEFORE UPDATE ON log_entry BEGIN"
	" SELECT RAISE(ABORT, 'the log is append only'); END;"
	"CREATE TRIGGER log_entry_no_delete BEFORE DELETE ON log_entry BEGIN"
	" SELECT RAISE(ABORT, 'the log is append only'); END;"
	"CREATE TABLE log_head ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" size INTEGER NOT NULL CHECK (size >= 0), iat INTEGER NOT NULL,"
	" root BLOB NOT NULL CHECK (length(root) = 32),"
	" kid BLOB NOT NULL CHECK (length(kid) = 8),"
	" head BLOB NOT NULL CHECK (length(head) > 0)) STRICT;"
	"CREATE INDEX log_head_size ON log_head (size);"
	"CREATE TRIGGER log_head_no_update BEFORE UPDATE ON log_head BEGIN"
	" SELECT RAISE(ABORT, 'what was signed stays'); END;"
	"CREATE TRIGGER log_head_no_delete BEFORE DELETE ON log_head BEGIN"
	" SELECT RAISE(ABORT, 'what was signed stays'); END;"
	"INSERT INTO log_entry (seq, entry, event) SELECT"
	" row_number() OVER (ORDER BY e.id) - 1, cedula_log_entry(e.event, e.at,"
	" c.number, o.state, o.code, c.list, c.idx, c.expires, c.token), e.id"
	" FROM card_event AS e JOIN card AS c ON c.id = e.card, office AS o"
	" WHERE e.event IN ('issue', 'revoke', 'suspend', 'reinstate')"
	" ORDER BY e.id;",

	/* What was published last of each status list: the same again gives the
	 * same bytes, and another of the same signer (or of one not known, kid
	 * '') is dated later, whatever the clock says. */
	"CREATE TABLE status_published ("
	" list INTEGER PRIMARY KEY REFERENCES status_list,"
	" iat INTEGER NOT NULL, exp INTEGER NOT NULL CHECK (exp >= iat),"
	" kid BLOB NOT NULL CHECK (length(kid) IN (0, 8)),"
	" raw_sha256 BLOB NOT NULL CHECK (length(raw_sha256) = 32),"
	" token BLOB NOT NULL CHECK (length(token) > 0),"
	" short_token BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER status_published_newer BEFORE UPDATE ON status_published"
	" WHEN NEW.list <> OLD.list OR (NEW.iat <= OLD.iat AND (NEW.kid ="
	"  OLD.kid OR length(NEW.kid) = 0 OR length(OLD.kid) = 0)) BEGIN"
	" SELECT RAISE(ABORT, 'a published list is replaced by a newer one');"
	" END;"
	"CREATE TRIGGER status_list_fixed BEFORE UPDATE ON status_list BEGIN"
	" SELECT RAISE(ABORT, 'a status list is what it is'); END;"
	"CREATE TRIGGER status_list_kept BEFORE DELETE ON status_list BEGIN"
	" SELECT RAISE(ABORT, 'status lists are kept'); END;",

	/* Trust lists in the order in which they came: the list of a root that
	 * follows another may count lower than the other's. */
	"CREATE TABLE trust_list_in_order ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" sequence INTEGER NOT NULL CHECK (sequence >= 0),"
	" iat INTEGER NOT NULL, exp INTEGER NOT NULL,"
	" list BLOB NOT NULL, anchor BLOB NOT NULL,"
	" imported INTEGER NOT NULL) STRICT;"
	"INSERT INTO trust_list_in_order (sequence, iat, exp, list, anchor,"
	" imported) SELECT sequence, iat, exp, list, anchor, imported"
	" FROM trust_list ORDER BY sequence;"
	"DROP TABLE trust_list;"
	"ALTER TABLE trust_list_in_order RENAME TO trust_list;"
	"CREATE TRIGGER trust_list_no_update BEFORE UPDATE ON trust_list BEGIN"
	" SELECT RAISE(ABORT, 'trust lists are kept'); END;"
	"CREATE TRIGGER trust_list_no_delete BEFORE DELETE ON trust_list BEGIN"
	" SELECT RAISE(ABORT, 'trust lists are kept'); END;",
};

#define MIGRATIONS ((int)(sizeof(migrations) / sizeof(migrations[0])))

static enum status
read_version(struct reg *r, int *version, struct diag *d)
{
	struct query q = query(r, "PRAGMA user_version", d);

	*version = query_row(&q) ? (int)col_int(&q, 0) : 0;
	return query_end(&q);
}

static enum status
apply(struct reg *r, int line, struct diag *d)
{
	char done[48];
	int version;
	enum status st;

	/* A pragma takes no bind; the number is ours. */
	(void)snprintf(done, sizeof(done), "PRAGMA user_version = %d", line + 1);
	if ((st = reg_begin(r, d)) != ST_OK)
		return st;
	/* Another program may have applied it while this one waited. */
	if ((st = read_version(r, &version, d)) != ST_OK ||
	    (version == line &&
	    ((st = reg_exec(r, migrations[line], d)) != ST_OK ||
	    (st = reg_exec(r, done, d)) != ST_OK)) ||
	    (st = reg_commit(r, d)) != ST_OK)
		reg_rollback(r);
	return st;
}

enum status
schema_migrate(struct reg *r, struct diag *d)
{
	int version;
	enum status st = read_version(r, &version, d);

	if (st == ST_OK && version > MIGRATIONS)
		return diag_set(d, ST_CONFIG,
		    _("%s: made by a newer Cédula (register version %d, this program knows %d); use the newer program"),
		    r->path, version, MIGRATIONS);
	for (int line = version; st == ST_OK && line < MIGRATIONS; line++)
		st = apply(r, line, d);
	return st;
}
