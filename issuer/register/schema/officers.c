/* Officers: their roles, how they log in, and the chain of the audit. */
#include "issuer/register/schema/schema.h"

static const char *const lines[] = {
	"CREATE TABLE officer_role ("
	" officer INTEGER NOT NULL REFERENCES officer,"
	" role TEXT NOT NULL CHECK (role IN ('registrar', 'approver', 'printer',"
	"  'manager', 'protection', 'auditor')),"
	" granted INTEGER NOT NULL,"
	" granted_by INTEGER NOT NULL REFERENCES officer,"
	" PRIMARY KEY (officer, role)) STRICT, WITHOUT ROWID;"
	"INSERT INTO officer_role (officer, role, granted, granted_by)"
	" SELECT o.id, r.column1, o.created, o.id FROM officer AS o,"
	" (VALUES ('registrar'), ('approver'), ('printer'), ('manager')) AS r;",
};

SCHEMA_CHUNK(schema_officers)
