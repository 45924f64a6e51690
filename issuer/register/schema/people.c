/* Persons: what became of them, whose children they are, what was seen of them. */
#include "issuer/register/schema/schema.h"

/* Of a row NEW of parent. Who is born first cannot be last: no cycles. */
#define PARENT_YOUNG "NEW.relationship <> 'guardian' AND" \
	" (SELECT p.birth_date > date(c.birth_date, '-12 years')" \
	"  FROM person AS p, person AS c" \
	"  WHERE p.id = NEW.parent AND c.id = NEW.child)"

#define GONE "('dead', 'merged')"

/* What no card may be asked for or issued with, of a person and the household
 * (NULL: none) of a family card. */
#define BARRED(person, household) \
	"EXISTS (SELECT 1 FROM person WHERE id = " person " AND" \
	"  (state IN " GONE " OR consent_withdrawn <> ''))" \
	" OR EXISTS (SELECT 1 FROM household_member AS m JOIN person AS p" \
	"  ON p.id = m.person WHERE m.household = " household \
	"  AND p.state IN " GONE ")"

#define APPROVED_HOUSEHOLD(id) \
	"EXISTS (SELECT 1 FROM application" \
	" WHERE state = 'approved' AND household = " id ")"

#define APPEND_ONLY(table) \
	"CREATE TRIGGER " table "_no_update BEFORE UPDATE ON " table " BEGIN" \
	" SELECT RAISE(ABORT, 'the history is append only'); END;" \
	"CREATE TRIGGER " table "_no_delete BEFORE DELETE ON " table " BEGIN" \
	" SELECT RAISE(ABORT, 'the history is append only'); END;"

#define LAST_EVENT \
	"(SELECT event FROM person_event WHERE person = NEW.id" \
	" ORDER BY id DESC LIMIT 1)"

/* Of a household headed by `head`, whose spouse in it is `spouse`. */
#define COUPLED(household, head, spouse) \
	"EXISTS (SELECT 1 FROM household AS h JOIN household_member AS m" \
	"  ON m.household = h.id WHERE m.person = " head \
	"  AND m.relationship = 1 AND h.head = " spouse \
	"  AND h.closed IS NULL AND h.id <> " household ")"
#define HEAD_OF "(SELECT head FROM household WHERE id = NEW.household)"

static const char *const lines[] = {
	/* Names and places that duplicates and reports ask for, and what
	 * happened in a life: no state without its event. */
	"ALTER TABLE person ADD COLUMN maiden TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN origin TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN email TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN state TEXT NOT NULL DEFAULT 'abroad'"
	" CHECK (state IN ('abroad', 'departed', 'returned', 'dead', 'merged'));"
	"ALTER TABLE person ADD COLUMN state_since TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN merged_into INTEGER REFERENCES person"
	" CHECK ((merged_into IS NOT NULL) = (state = 'merged'));"
	"ALTER TABLE person ADD COLUMN consent_withdrawn TEXT NOT NULL DEFAULT ''"
	" CHECK (consent_withdrawn = '' OR"
	"  consent_withdrawn = date(consent_withdrawn, '+0 days'));"
	"CREATE INDEX person_district ON person (district);"
	"CREATE INDEX person_state ON person (state);"
	"CREATE INDEX person_withdrawn ON person (consent_withdrawn)"
	" WHERE consent_withdrawn <> '';"
	"CREATE INDEX person_merged ON person (merged_into)"
	" WHERE merged_into IS NOT NULL;"
	"CREATE INDEX household_applications ON application (household)"
	" WHERE household IS NOT NULL;"
	"CREATE TABLE person_event ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" person INTEGER NOT NULL REFERENCES person,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" event TEXT NOT NULL CHECK (event IN ('arrival', 'departure', 'return',"
	"  'death', 'merge', 'correction')),"
	" date TEXT NOT NULL CHECK (date = date(date, '+0 days')),"
	" place TEXT NOT NULL, evidence TEXT NOT NULL,"
	" CHECK (event NOT IN ('death', 'correction') OR evidence <> ''))"
	" STRICT;"
	"CREATE INDEX person_event_person ON person_event (person);"
	APPEND_ONLY("person_event")
	"CREATE TRIGGER person_event_merged BEFORE INSERT ON person_event"
	" WHEN (SELECT state FROM person WHERE id = NEW.person) = 'merged' BEGIN"
	" SELECT RAISE(ABORT, 'the person was merged'); END;"
	"CREATE TRIGGER person_event_four_eyes BEFORE INSERT ON person_event"
	" WHEN NEW.event = 'correction' AND NEW.officer ="
	"  (SELECT officer FROM person_event WHERE person = NEW.person AND"
	"  event = 'death' ORDER BY id DESC LIMIT 1) BEGIN"
	" SELECT RAISE(ABORT, 'four_eyes: recorded by the same officer'); END;"
	"CREATE TRIGGER person_event_of_life BEFORE INSERT ON person_event"
	" WHEN NEW.date < (SELECT birth_date FROM person WHERE id = NEW.person)"
	" BEGIN SELECT RAISE(ABORT, 'it is before the birth'); END;"
	"CREATE TRIGGER person_kept BEFORE DELETE ON person BEGIN"
	" SELECT RAISE(ABORT, 'persons are kept'); END;",

	/* What a person may become, and what stays of the dead and merged. */
	"CREATE TRIGGER person_begins BEFORE INSERT ON person"
	" WHEN NEW.state <> 'abroad' OR NEW.consent_withdrawn <> '' BEGIN"
	" SELECT RAISE(ABORT, 'a person is enrolled as living abroad'); END;"
	"CREATE TRIGGER person_state_told BEFORE UPDATE OF state ON person"
	" WHEN NEW.state <> OLD.state AND CASE WHEN OLD.state = 'merged' THEN 1"
	"  WHEN OLD.state = 'dead' THEN " LAST_EVENT " IS NOT"
	"   iif(NEW.state = 'merged', 'merge', 'correction')"
	"  ELSE " LAST_EVENT " IS NOT CASE NEW.state"
	"   WHEN 'abroad' THEN 'arrival' WHEN 'departed' THEN 'departure'"
	"   WHEN 'returned' THEN 'return' WHEN 'dead' THEN 'death'"
	"   ELSE 'merge' END END BEGIN"
	" SELECT RAISE(ABORT, 'a person does not become this'); END;"
	"CREATE TRIGGER person_merge_ready BEFORE UPDATE OF state ON person"
	" WHEN NEW.state = 'merged' AND (EXISTS (SELECT 1 FROM application"
	"   WHERE person = NEW.id AND state IN ('draft', 'submitted', 'approved'))"
	"  OR EXISTS (SELECT 1 FROM card WHERE person = NEW.id AND"
	"   status <> 'revoked' AND expires > (SELECT at FROM person_event"
	"   WHERE person = NEW.id ORDER BY id DESC LIMIT 1))"
	"  OR EXISTS (SELECT 1 FROM person WHERE merged_into = NEW.id)) BEGIN"
	" SELECT RAISE(ABORT, 'applications, cards or merged persons hold it'); END;"
	"CREATE TRIGGER person_merge_target BEFORE UPDATE OF merged_into ON person"
	" WHEN NEW.merged_into = NEW.id OR (SELECT state FROM person"
	"  WHERE id = NEW.merged_into) = 'merged' BEGIN"
	" SELECT RAISE(ABORT, 'merged into one that is merged'); END;"
	"CREATE TRIGGER person_gone_fixed BEFORE UPDATE OF surname1, surname2,"
	" given, sex, birth_date, birth_place, nationality, nationality_evidence,"
	" identity_evidence, address, district, telephone, occupation, sector,"
	" employer, workplace, emergency_contact, guardian, consent, maiden,"
	" origin, email, consent_withdrawn ON person WHEN OLD.state IN " GONE
	" BEGIN SELECT RAISE(ABORT, 'the person is dead or merged'); END;"
	"CREATE TRIGGER person_gone_photo BEFORE INSERT ON photo WHEN"
	" (SELECT state FROM person WHERE id = NEW.person) IN " GONE " BEGIN"
	" SELECT RAISE(ABORT, 'the person is dead or merged'); END;"
	"CREATE TRIGGER person_consent BEFORE UPDATE OF consent ON person"
	" WHEN OLD.consent_withdrawn <> '' AND NEW.consent_withdrawn <> '' BEGIN"
	" SELECT RAISE(ABORT, 'the consent was withdrawn'); END;",

	/* Parents and guardians. */
	"CREATE TABLE parent ("
	" child INTEGER NOT NULL REFERENCES person,"
	" parent INTEGER NOT NULL REFERENCES person,"
	" relationship TEXT NOT NULL CHECK"
	"  (relationship IN ('mother', 'father', 'guardian')),"
	" evidence TEXT NOT NULL, at INTEGER NOT NULL,"
	" officer INTEGER NOT NULL REFERENCES officer,"
	" PRIMARY KEY (child, parent), CHECK (child <> parent))"
	" STRICT, WITHOUT ROWID;"
	"CREATE INDEX parent_parent ON parent (parent);"
	"CREATE TRIGGER parent_older BEFORE INSERT ON parent"
	" WHEN " PARENT_YOUNG " BEGIN"
	" SELECT RAISE(ABORT, 'a parent is born 12 years before'); END;"
	"CREATE TRIGGER parent_older_moved BEFORE UPDATE ON parent"
	" WHEN " PARENT_YOUNG " BEGIN"
	" SELECT RAISE(ABORT, 'a parent is born 12 years before'); END;"
	"CREATE TRIGGER parent_guards BEFORE INSERT ON parent"
	" WHEN NEW.relationship = 'guardian' AND"
	"  (SELECT p.birth_date > date(NEW.at, 'unixepoch', '-18 years') OR"
	"   c.birth_date < date(NEW.at, 'unixepoch', '-18 years')"
	"  FROM person AS p, person AS c"
	"  WHERE p.id = NEW.parent AND c.id = NEW.child) BEGIN"
	" SELECT RAISE(ABORT, 'a guardian is an adult, and of a minor'); END;"
	"CREATE TRIGGER parent_merged BEFORE INSERT ON parent WHEN EXISTS"
	" (SELECT 1 FROM person WHERE id IN (NEW.child, NEW.parent) AND"
	"  state = 'merged') BEGIN"
	" SELECT RAISE(ABORT, 'the person was merged'); END;"
	"CREATE TRIGGER parent_birth BEFORE UPDATE OF birth_date ON person"
	" WHEN EXISTS (SELECT 1 FROM parent AS k JOIN person AS p"
	"   ON p.id = k.parent WHERE k.child = NEW.id AND"
	"   k.relationship <> 'guardian' AND"
	"   p.birth_date > date(NEW.birth_date, '-12 years'))"
	"  OR EXISTS (SELECT 1 FROM parent AS k JOIN person AS c"
	"   ON c.id = k.child WHERE k.parent = NEW.id AND"
	"   k.relationship <> 'guardian' AND"
	"   NEW.birth_date > date(c.birth_date, '-12 years')) BEGIN"
	" SELECT RAISE(ABORT, 'a parent is born 12 years before'); END;",

	/* Documents that were seen. One number of one issuer is one person's,
	 * unless somebody says that it is shared. */
	"CREATE TABLE document ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" person INTEGER NOT NULL REFERENCES person,"
	" type TEXT NOT NULL CHECK (type IN ('birth-certificate', 'passport',"
	"  'national-id', 'marriage-certificate', 'death-certificate',"
	"  'police-report', 'power-of-attorney', 'other')),"
	" number TEXT NOT NULL,"
	" number_folded TEXT NOT NULL CHECK (number_folded <> ''),"
	" issuer TEXT NOT NULL CHECK (issuer <> ''),"
	" issuer_folded TEXT NOT NULL CHECK (issuer_folded <> ''),"
	" issued TEXT NOT NULL CHECK"
	"  (issued = '' OR issued = date(issued, '+0 days')),"
	" expires TEXT NOT NULL CHECK"
	"  (expires = '' OR expires = date(expires, '+0 days')),"
	" seen TEXT NOT NULL CHECK (seen <> ''),"
	" shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),"
	" void TEXT NOT NULL DEFAULT '',"
	" added INTEGER NOT NULL,"
	" officer INTEGER NOT NULL REFERENCES officer,"
	" CHECK (expires = '' OR expires >= issued)) STRICT;"
	"CREATE INDEX document_person ON document (person);"
	"CREATE INDEX document_number ON document (number_folded, type);"
	"CREATE UNIQUE INDEX document_once ON document"
	" (type, number_folded, issuer_folded) WHERE shared = 0 AND void = '';"
	"CREATE TRIGGER document_fixed BEFORE UPDATE OF id, type, number,"
	" number_folded, issuer, issuer_folded, issued, expires, seen, shared,"
	" added, officer ON document BEGIN"
	" SELECT RAISE(ABORT, 'a document is what was seen'); END;"
	"CREATE TRIGGER document_void BEFORE UPDATE OF void ON document"
	" WHEN OLD.void <> '' BEGIN"
	" SELECT RAISE(ABORT, 'the document is void already'); END;"
	"CREATE TRIGGER document_kept BEFORE DELETE ON document BEGIN"
	" SELECT RAISE(ABORT, 'documents are kept'); END;"
	"CREATE TRIGGER document_merged BEFORE INSERT ON document WHEN"
	" (SELECT state FROM person WHERE id = NEW.person) = 'merged' BEGIN"
	" SELECT RAISE(ABORT, 'the person was merged'); END;"
	"CREATE TABLE document_scan ("
	" document INTEGER PRIMARY KEY REFERENCES document,"
	" media_type TEXT NOT NULL CHECK (media_type IN"
	"  ('image/jpeg', 'image/png', 'application/pdf')),"
	" sha256 BLOB NOT NULL CHECK (length(sha256) = 32),"
	" image BLOB NOT NULL CHECK (length(image) BETWEEN 1 AND 8388608))"
	" STRICT;"
	"CREATE TRIGGER document_scan_no_update BEFORE UPDATE ON document_scan"
	" BEGIN SELECT RAISE(ABORT, 'scans are kept'); END;"
	"CREATE TRIGGER document_scan_no_delete BEFORE DELETE ON document_scan"
	" BEGIN SELECT RAISE(ABORT, 'scans are kept'); END;",

	/* Households that change and end. A person heads one open household at
	 * most: the table is made anew without its UNIQUE, and its rows return
	 * under their ids, before the members' references are asked for. */
	"PRAGMA defer_foreign_keys = ON;"
	"CREATE TABLE household_rows AS SELECT id, head, created FROM household;"
	"DROP TABLE household;"
	"CREATE TABLE household ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" head INTEGER NOT NULL REFERENCES person,"
	" created INTEGER NOT NULL, closed INTEGER,"
	" reason TEXT NOT NULL DEFAULT '',"
	" CHECK ((closed IS NULL) = (reason = ''))) STRICT;"
	"INSERT INTO household (id, head, created)"
	" SELECT id, head, created FROM household_rows;"
	"DROP TABLE household_rows;"
	"CREATE UNIQUE INDEX household_head ON household (head)"
	" WHERE closed IS NULL;"
	"CREATE INDEX household_heads ON household (head);"
	"CREATE TRIGGER household_kept BEFORE DELETE ON household BEGIN"
	" SELECT RAISE(ABORT, 'households are kept'); END;"
	"CREATE TRIGGER household_closed BEFORE UPDATE ON household"
	" WHEN OLD.closed IS NOT NULL BEGIN"
	" SELECT RAISE(ABORT, 'the household is closed'); END;"
	"CREATE TRIGGER household_approved BEFORE UPDATE OF head, closed"
	" ON household WHEN " APPROVED_HOUSEHOLD("NEW.id") " BEGIN"
	" SELECT RAISE(ABORT, 'approved: the household stays'); END;"
	"CREATE TRIGGER household_asked BEFORE UPDATE OF head, closed"
	" ON household WHEN EXISTS (SELECT 1 FROM application WHERE"
	"  household = NEW.id AND state IN ('draft', 'submitted')) BEGIN"
	" SELECT RAISE(ABORT, 'an application of the household is open'); END;"
	"CREATE TRIGGER household_head_lives BEFORE INSERT ON household WHEN"
	" (SELECT state FROM person WHERE id = NEW.head) IN " GONE " BEGIN"
	" SELECT RAISE(ABORT, 'the head is dead or merged'); END;"
	"CREATE TRIGGER household_head_follows BEFORE UPDATE OF head ON household"
	" WHEN (SELECT state FROM person WHERE id = NEW.head) = 'merged'"
	"  OR EXISTS (SELECT 1 FROM household_member WHERE household = NEW.id"
	"  AND person = NEW.head) BEGIN"
	" SELECT RAISE(ABORT, 'the head is merged, or a member'); END;"
	"CREATE TRIGGER member_lives BEFORE INSERT ON household_member WHEN"
	" (SELECT state FROM person WHERE id = NEW.person) IN " GONE " OR"
	" (SELECT closed FROM household WHERE id = NEW.household) IS NOT NULL"
	" BEGIN SELECT RAISE(ABORT, 'dead, merged, or the household is closed');"
	" END;"
	"CREATE TRIGGER member_is_no_head BEFORE UPDATE OF person"
	" ON household_member WHEN NEW.person = (SELECT head FROM household"
	"  WHERE id = NEW.household) BEGIN"
	" SELECT RAISE(ABORT, 'the head is not a member'); END;"
	"CREATE TRIGGER approved_household_update BEFORE UPDATE ON"
	" household_member WHEN " APPROVED_HOUSEHOLD("OLD.household") " BEGIN"
	" SELECT RAISE(ABORT, 'approved: the household stays'); END;"
	"CREATE TRIGGER approved_household_delete BEFORE DELETE ON"
	" household_member WHEN " APPROVED_HOUSEHOLD("OLD.household") " BEGIN"
	" SELECT RAISE(ABORT, 'approved: the household stays'); END;"
	"CREATE TRIGGER closed_household_kept BEFORE DELETE ON household_member"
	" WHEN (SELECT closed FROM household WHERE id = OLD.household)"
	"  IS NOT NULL BEGIN"
	" SELECT RAISE(ABORT, 'the household is closed'); END;",

	/* Who came to a household and left it; of those that there are, as far
	 * as the audit knows. */
	"CREATE TABLE household_event ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" household INTEGER NOT NULL REFERENCES household,"
	" person INTEGER NOT NULL REFERENCES person,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" event TEXT NOT NULL CHECK (event IN ('head', 'join', 'change',"
	"  'leave', 'close')),"
	" relationship INTEGER NOT NULL CHECK (relationship BETWEEN 0 AND 7),"
	" reason TEXT NOT NULL) STRICT;"
	"CREATE INDEX household_event_person ON household_event (person);"
	"CREATE INDEX household_event_household ON household_event (household);"
	APPEND_ONLY("household_event")
	"INSERT INTO household_event (household, person, at, officer, event,"
	" relationship, reason) SELECT h.id, h.head, h.created, ifnull("
	" (SELECT officer FROM audit WHERE object = 'household ' || h.id"
	"  ORDER BY id LIMIT 1), (SELECT min(id) FROM officer)), 'head', 0, ''"
	" FROM household AS h ORDER BY h.id;"
	"INSERT INTO household_event (household, person, at, officer, event,"
	" relationship, reason) SELECT m.household, m.person, e.at, e.officer,"
	" 'join', m.relationship, '' FROM household_member AS m"
	" JOIN household_event AS e ON e.household = m.household AND"
	"  e.event = 'head' ORDER BY m.household, m.position;",

	/* A couple is one household: one of the two heads it. */
	"CREATE TRIGGER member_of_couple BEFORE INSERT ON household_member"
	" WHEN NEW.relationship = 1 AND"
	"  " COUPLED("NEW.household", HEAD_OF, "NEW.person") " BEGIN"
	" SELECT RAISE(ABORT, 'a couple is one household'); END;"
	"CREATE TRIGGER member_becomes_couple BEFORE UPDATE OF person,"
	" relationship ON household_member WHEN NEW.relationship = 1 AND"
	"  " COUPLED("NEW.household", HEAD_OF, "NEW.person") " BEGIN"
	" SELECT RAISE(ABORT, 'a couple is one household'); END;"
	"CREATE TRIGGER head_of_couple BEFORE UPDATE OF head ON household"
	" WHEN EXISTS (SELECT 1 FROM household_member AS s WHERE"
	"  s.household = NEW.id AND s.relationship = 1 AND"
	"  " COUPLED("NEW.id", "NEW.head", "s.person") ") BEGIN"
	" SELECT RAISE(ABORT, 'a couple is one household'); END;",

	/* Nobody asks for a card for the dead, nor is one issued. */
	"CREATE TRIGGER application_of_the_living BEFORE INSERT ON application"
	" WHEN " BARRED("NEW.person", "NEW.household") " OR EXISTS (SELECT 1"
	"  FROM person WHERE id = NEW.person AND state <> 'abroad') BEGIN"
	" SELECT RAISE(ABORT, 'no application for a person who is dead, merged,"
	" away or without consent, or for the household of one'); END;"
	"CREATE TRIGGER application_of_the_head BEFORE INSERT ON application"
	" WHEN NEW.household IS NOT NULL AND NOT EXISTS (SELECT 1 FROM household"
	"  WHERE id = NEW.household AND head = NEW.person AND closed IS NULL)"
	" BEGIN SELECT RAISE(ABORT, 'the person does not head it'); END;"
	"CREATE TRIGGER application_living_still BEFORE UPDATE OF state"
	" ON application WHEN NEW.state IN ('submitted', 'approved', 'issued')"
	" AND (" BARRED("NEW.person", "NEW.household") ") BEGIN"
	" SELECT RAISE(ABORT, 'no card for a person who is dead, merged or"
	" without consent, or for the household of one'); END;"
	"CREATE TRIGGER card_of_the_living BEFORE INSERT ON card"
	" WHEN " BARRED("NEW.person",
	    "(SELECT household FROM application WHERE id = NEW.application)")
	" BEGIN SELECT RAISE(ABORT, 'no card for a person who is dead, merged or"
	" without consent, or for the household of one'); END;"
	"CREATE TRIGGER card_valid_again BEFORE UPDATE OF status ON card"
	" WHEN NEW.status = 'valid' AND (SELECT state FROM person"
	"  WHERE id = NEW.person) IN " GONE " BEGIN"
	" SELECT RAISE(ABORT, 'the person is dead or merged'); END;",
};

SCHEMA_CHUNK(schema_people)
