/* Officers: their roles, how they log in, and the chain of the audit. */
#include "issuer/register/schema/schema.h"

/* Whoever else can manage the office for as long as it is there. */
#define ANOTHER_MANAGER(id) "EXISTS (SELECT 1 FROM officer_role AS r" \
	"  JOIN officer AS o ON o.id = r.officer WHERE r.role = 'manager'" \
	"  AND o.id <> " id " AND o.active = 1 AND o.until = '')"

static const char *const lines[] = {
	"CREATE TABLE officer_role ("
	" officer INTEGER NOT NULL REFERENCES officer,"
	" role TEXT NOT NULL CHECK (role IN ('registrar', 'approver', 'printer',"
	"  'manager', 'protection', 'auditor')),"
	" granted INTEGER NOT NULL,"
	" granted_by INTEGER NOT NULL REFERENCES officer,"
	/* The audit's act; 0: before roles were given one by one. */
	" act INTEGER NOT NULL DEFAULT 0,"
	" PRIMARY KEY (officer, role)) STRICT, WITHOUT ROWID;"
	"INSERT INTO officer_role (officer, role, granted, granted_by)"
	" SELECT o.id, r.column1, o.created, o.id FROM officer AS o,"
	" (VALUES ('registrar'), ('approver'), ('printer'), ('manager')) AS r;",

	/* Until when (the last good day; '' without end), sent by which office,
	 * for which districts (none: all). Officers stay, under one name, for
	 * the history is theirs. One manager without end is always left. */
	"ALTER TABLE officer ADD COLUMN until TEXT NOT NULL DEFAULT ''"
	" CHECK (until = '' OR until = date(until, '+0 days'));"
	"ALTER TABLE officer ADD COLUMN office_code TEXT NOT NULL DEFAULT '';"
	"UPDATE officer SET office_code = (SELECT code FROM office);"
	"CREATE TABLE officer_district ("
	" officer INTEGER NOT NULL REFERENCES officer,"
	" district TEXT NOT NULL CHECK (district <> ''),"
	" PRIMARY KEY (officer, district)) STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER officer_fixed BEFORE UPDATE OF id, login, created"
	" ON officer BEGIN"
	" SELECT RAISE(ABORT, 'an officer keeps the name'); END;"
	"CREATE TRIGGER officer_kept BEFORE DELETE ON officer BEGIN"
	" SELECT RAISE(ABORT, 'officers are kept'); END;"
	"CREATE TRIGGER officer_role_of_another BEFORE INSERT ON officer_role"
	" WHEN NEW.granted_by = NEW.officer AND"
	"  (SELECT count(*) FROM officer) > 1 BEGIN"
	" SELECT RAISE(ABORT, 'own_role: given by another'); END;"
	"CREATE TRIGGER officer_role_fixed BEFORE UPDATE ON officer_role BEGIN"
	" SELECT RAISE(ABORT, 'a role is given and taken'); END;"
	"CREATE TRIGGER last_manager_role BEFORE DELETE ON officer_role"
	" WHEN OLD.role = 'manager' AND NOT " ANOTHER_MANAGER("OLD.officer")
	" BEGIN SELECT RAISE(ABORT, 'last_manager: the role stays'); END;"
	"CREATE TRIGGER last_manager_stays BEFORE UPDATE OF active, until"
	" ON officer WHEN (NEW.active = 0 OR NEW.until <> '') AND EXISTS"
	"  (SELECT 1 FROM officer_role WHERE officer = NEW.id AND"
	"   role = 'manager') AND NOT " ANOTHER_MANAGER("NEW.id")
	" BEGIN SELECT RAISE(ABORT, 'last_manager: stays'); END;",

	/* How they log in. Of a passphrase scrypt's output, of a key file the
	 * digest of its key: neither opens anything. An officer without a row
	 * makes a secret at the next log-in. A session is known by the digest
	 * of what its file holds; its instants are the machine's clock. */
	"CREATE TABLE officer_secret ("
	" officer INTEGER PRIMARY KEY REFERENCES officer,"
	" kind TEXT NOT NULL CHECK (kind IN ('passphrase', 'key')),"
	" salt BLOB NOT NULL CHECK (length(salt) = 16),"
	" n INTEGER NOT NULL, r INTEGER NOT NULL, p INTEGER NOT NULL,"
	" verifier BLOB NOT NULL CHECK (length(verifier) = 32),"
	" must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),"
	" made INTEGER NOT NULL, made_by INTEGER NOT NULL REFERENCES officer,"
	" failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),"
	" locked_until INTEGER NOT NULL DEFAULT 0,"
	" CHECK (kind = 'key' OR (n >= 16384 AND r >= 8 AND p >= 1))) STRICT;"
	"CREATE TABLE session ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" token BLOB NOT NULL UNIQUE CHECK (length(token) = 32),"
	" officer INTEGER NOT NULL REFERENCES officer,"
	" machine TEXT NOT NULL,"
	" opened INTEGER NOT NULL,"
	" expires INTEGER NOT NULL CHECK (expires > opened),"
	" closed INTEGER) STRICT;"
	"CREATE INDEX session_officer ON session (officer, opened);"
	"CREATE TRIGGER session_fixed BEFORE UPDATE OF id, token, officer,"
	" machine, opened, expires ON session BEGIN"
	" SELECT RAISE(ABORT, 'a session is what it is'); END;"
	"CREATE TRIGGER session_closed BEFORE UPDATE OF closed ON session"
	" WHEN OLD.closed IS NOT NULL BEGIN"
	" SELECT RAISE(ABORT, 'a session is closed once'); END;"
	"CREATE TABLE register_uid (id INTEGER PRIMARY KEY CHECK (id = 1),"
	" uid BLOB NOT NULL CHECK (length(uid) = 16)) STRICT;"
	"INSERT INTO register_uid (id, uid) VALUES (1, randomblob(16));",

	/* Each act carries the digest of itself and of the one before it.
	 * cedula_audit_hash is audit_chain.c's. */
	"ALTER TABLE audit ADD COLUMN hash BLOB CHECK (length(hash) = 32);"
	"DROP TRIGGER audit_no_update;"
	"WITH RECURSIVE chain (id, hash) AS (SELECT 0, zeroblob(32)"
	" UNION ALL SELECT a.id, cedula_audit_hash(c.hash, a.id, a.at,"
	"  a.officer, o.login, a.action, a.object, a.details)"
	"  FROM chain AS c JOIN audit AS a ON a.id ="
	"   (SELECT min(id) FROM audit WHERE id > c.id)"
	"  JOIN officer AS o ON o.id = a.officer)"
	"UPDATE audit SET hash = c.hash FROM chain AS c WHERE c.id = audit.id;"
	"CREATE INDEX audit_officer ON audit (officer);"
	"CREATE TRIGGER audit_in_order BEFORE INSERT ON audit"
	" WHEN NEW.hash IS NULL OR"
	"  NEW.id <> (SELECT ifnull(max(id), 0) + 1 FROM audit) BEGIN"
	" SELECT RAISE(ABORT, 'the audit is a chain without gaps'); END;"
	"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN"
	" SELECT RAISE(ABORT, 'the audit is append only'); END;",
};

SCHEMA_CHUNK(schema_officers)
