/* Duplicates: keys by which persons are found again, and what was decided of pairs. */
#include "issuer/register/schema/schema.h"

/* Somebody else could decide NEW: neither of the two who have a part in it. */
#define A_THIRD "EXISTS (SELECT 1 FROM officer AS o JOIN officer_role AS g" \
	" ON g.officer = o.id WHERE o.active = 1 AND" \
	" (o.until = '' OR o.until >= date(NEW.decided, 'unixepoch')) AND" \
	" g.role IN ('registrar', 'approver') AND" \
	" o.id NOT IN (NEW.alike_by, NEW.decided_by))"

static const char *const lines[] = {
	"CREATE TABLE duplicate ("
	" a INTEGER NOT NULL REFERENCES person,"
	" b INTEGER NOT NULL REFERENCES person,"
	" score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),"
	" reasons TEXT NOT NULL,"
	" found INTEGER NOT NULL,"
	" found_by INTEGER NOT NULL REFERENCES officer,"
	/* Who wrote the record that made them so alike; none: a search. */
	" alike_by INTEGER REFERENCES officer,"
	" decision TEXT NOT NULL DEFAULT 'open'"
	"  CHECK (decision IN ('open', 'different', 'twin', 'same')),"
	" decided INTEGER, decided_by INTEGER REFERENCES officer,"
	" reason TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (a, b), CHECK (a < b),"
	" CHECK ((decision = 'open') = (decided_by IS NULL)),"
	" CHECK ((decision = 'open') = (decided IS NULL)),"
	" CHECK (decision = 'open' OR reason <> '')) STRICT, WITHOUT ROWID;"
	"CREATE INDEX duplicate_b ON duplicate (b);"
	"CREATE INDEX duplicate_open ON duplicate (a) WHERE decision = 'open';"
	"CREATE INDEX duplicate_open_b ON duplicate (b) WHERE decision = 'open';"
	"CREATE TRIGGER duplicate_kept BEFORE DELETE ON duplicate BEGIN"
	" SELECT RAISE(ABORT, 'what was decided of pairs is kept'); END;"
	"CREATE TRIGGER duplicate_begins BEFORE INSERT ON duplicate"
	" WHEN NEW.decision <> 'open' BEGIN"
	" SELECT RAISE(ABORT, 'a pair begins open'); END;"
	/* Asked again: only of two who became more alike; 10 is REOPEN_RISE. */
	"CREATE TRIGGER duplicate_fixed BEFORE UPDATE ON duplicate"
	" WHEN OLD.decision = 'same' OR NEW.a <> OLD.a OR NEW.b <> OLD.b OR"
	"  (OLD.decision <> 'open' AND NEW.decision = 'open' AND"
	"   NEW.score < OLD.score + 10 AND"
	"   NOT (NEW.score >= 80 AND OLD.score < 80)) BEGIN"
	" SELECT RAISE(ABORT, 'what was decided of a pair stays'); END;"
	/* 80 is DUP_HIGH. Neither who made them alike, nor who enrolled the
	 * newer one; of these two the second, where there is nobody else. */
	"CREATE TRIGGER duplicate_four_eyes BEFORE UPDATE OF decision ON duplicate"
	" WHEN NEW.score >= 80 AND NEW.decision <> 'same' AND"
	"  (NEW.decided_by = NEW.alike_by OR (NEW.decided_by ="
	"   (SELECT enrolled_by FROM person WHERE id = NEW.b) AND"
	"   (NEW.alike_by IS NULL OR " A_THIRD "))) BEGIN"
	" SELECT RAISE(ABORT, 'four_eyes: enrolled or changed by who decides'); END;"
	"CREATE TRIGGER duplicate_same_merged BEFORE UPDATE OF decision"
	" ON duplicate WHEN NEW.decision = 'same' AND NOT EXISTS"
	"  (SELECT 1 FROM person WHERE (id = NEW.a AND merged_into = NEW.b) OR"
	"  (id = NEW.b AND merged_into = NEW.a)) BEGIN"
	" SELECT RAISE(ABORT, 'two are the same when they are merged'); END;"
	/* A pair is asked at the highest score it was found with; its reasons
	 * are of that finding. */
	"CREATE TRIGGER duplicate_score_rises BEFORE UPDATE OF score, reasons,"
	" found, found_by, alike_by ON duplicate WHEN NEW.score < OLD.score OR"
	"  NEW.found <> OLD.found OR NEW.found_by <> OLD.found_by OR"
	"  ((NEW.reasons <> OLD.reasons OR NEW.alike_by IS NOT OLD.alike_by)"
	"   AND NEW.score = OLD.score) OR"
	"  (NEW.score > OLD.score AND NEW.decision <> 'open') BEGIN"
	" SELECT RAISE(ABORT, 'what a pair was found with stays'); END;"

	/* A merged person's pairs are the other's now. */
	"CREATE VIEW open_duplicate (a, b, score) AS"
	" SELECT p.a, p.b, p.score FROM duplicate AS p"
	"  JOIN person AS x ON x.id = p.a JOIN person AS y ON y.id = p.b"
	"  WHERE p.decision = 'open' AND x.state <> 'merged'"
	"   AND y.state <> 'merged';"
	"CREATE TRIGGER application_no_duplicate BEFORE UPDATE OF state"
	" ON application WHEN NEW.state = 'submitted' AND EXISTS"
	"  (SELECT 1 FROM open_duplicate WHERE a = NEW.person OR b = NEW.person"
	"   UNION ALL SELECT 1 FROM household_member AS m JOIN open_duplicate"
	"    AS o ON o.a = m.person OR o.b = m.person"
	"    WHERE m.household = NEW.household) BEGIN"
	" SELECT RAISE(ABORT, 'an open duplicate stands in the way'); END;"

	/* Derived from person, and made anew from it (register/duplicate.c): the
	 * keys, and beside each person which keys it has. A register of before
	 * has its persons in person_unkeyed until it is opened. */
	"CREATE TABLE person_key ("
	" key INTEGER NOT NULL, person INTEGER NOT NULL,"
	" PRIMARY KEY (key, person)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE person_keyed ("
	" person INTEGER PRIMARY KEY, keys BLOB NOT NULL"
	"  CHECK (length(keys) % 8 = 0)) STRICT;"
	"CREATE TABLE person_unkeyed (person INTEGER PRIMARY KEY) STRICT;"
	"INSERT INTO person_unkeyed (person) SELECT id FROM person;"
	"CREATE TABLE duplicate_scan ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" upto INTEGER NOT NULL) STRICT;"
	"INSERT INTO duplicate_scan (id, upto) VALUES (1, 0);",
};

SCHEMA_CHUNK(schema_duplicates)
