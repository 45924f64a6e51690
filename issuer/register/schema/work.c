/* The road of a card: why it was asked for, what it replaces, who has it. */
#include "issuer/register/schema/schema.h"

static const char *const lines[] = {
	"ALTER TABLE application ADD COLUMN cause TEXT NOT NULL DEFAULT 'first'"
	" CHECK (cause IN ('first', 'renewal', 'lost', 'stolen', 'damaged',"
	"  'correction'));"
	"ALTER TABLE application ADD COLUMN replaces INTEGER REFERENCES card;"
	"ALTER TABLE card ADD COLUMN custody TEXT NOT NULL DEFAULT 'issued'"
	" CHECK (custody IN ('issued', 'printed', 'handed-over', 'destroyed'));"
	"CREATE INDEX card_custody ON card (custody);"
	"CREATE TABLE handover ("
	" card INTEGER PRIMARY KEY REFERENCES card,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" to_name TEXT NOT NULL CHECK (to_name <> ''),"
	" proxy INTEGER NOT NULL CHECK (proxy IN (0, 1)),"
	" proxy_document TEXT NOT NULL, signed TEXT NOT NULL) STRICT;"
	"CREATE TABLE loss ("
	" card INTEGER PRIMARY KEY REFERENCES card,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" kind TEXT NOT NULL CHECK (kind IN ('lost', 'stolen')),"
	" date TEXT NOT NULL, place TEXT NOT NULL,"
	" police_report TEXT NOT NULL) STRICT;",
};

SCHEMA_CHUNK(schema_work)
