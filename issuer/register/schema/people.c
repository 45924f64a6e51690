/* Persons: what became of them, whose children they are, what was seen of them. */
#include "issuer/register/schema/schema.h"

static const char *const lines[] = {
	"ALTER TABLE person ADD COLUMN maiden TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN origin TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN email TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN state TEXT NOT NULL DEFAULT 'abroad'"
	" CHECK (state IN ('abroad', 'departed', 'returned', 'dead', 'merged'));"
	"ALTER TABLE person ADD COLUMN state_since TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE person ADD COLUMN merged_into INTEGER REFERENCES person"
	" CHECK ((merged_into IS NOT NULL) = (state = 'merged'));"
	"CREATE INDEX person_district ON person (district);"
	"CREATE TABLE person_event ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" person INTEGER NOT NULL REFERENCES person,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" event TEXT NOT NULL CHECK (event IN ('arrival', 'departure', 'return',"
	"  'death', 'merge', 'correction')),"
	" date TEXT NOT NULL, place TEXT NOT NULL, evidence TEXT NOT NULL)"
	" STRICT;"
	"CREATE INDEX person_event_person ON person_event (person);",
};

SCHEMA_CHUNK(schema_people)
