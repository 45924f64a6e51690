/* Duplicates: keys by which persons are found again, and what was decided of pairs. */
#include "issuer/register/schema/schema.h"

static const char *const lines[] = {
	"CREATE TABLE duplicate ("
	" a INTEGER NOT NULL REFERENCES person,"
	" b INTEGER NOT NULL REFERENCES person,"
	" score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),"
	" reasons TEXT NOT NULL,"
	" found INTEGER NOT NULL,"
	" found_by INTEGER NOT NULL REFERENCES officer,"
	" decision TEXT NOT NULL DEFAULT 'open'"
	"  CHECK (decision IN ('open', 'different', 'twin', 'same')),"
	" decided INTEGER, decided_by INTEGER REFERENCES officer,"
	" reason TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (a, b), CHECK (a < b),"
	" CHECK ((decision = 'open') = (decided_by IS NULL))) STRICT, WITHOUT ROWID;"
	"CREATE INDEX duplicate_b ON duplicate (b);"
	"CREATE INDEX duplicate_open ON duplicate (a) WHERE decision = 'open';",
};

SCHEMA_CHUNK(schema_duplicates)
