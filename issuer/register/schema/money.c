/* Fees, receipts, waivers, and the solidarity fund. Amounts are in the currency's
 * smallest unit. */
#include "issuer/register/schema/schema.h"

static const char *const lines[] = {
	"CREATE TABLE tariff ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" kind TEXT NOT NULL CHECK (kind IN ('individual', 'family')),"
	" cause TEXT NOT NULL CHECK (cause IN ('first', 'renewal', 'lost', 'stolen',"
	"  'damaged', 'correction')),"
	" amount INTEGER NOT NULL CHECK (amount >= 0),"
	" currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer) STRICT;"
	"CREATE INDEX tariff_of ON tariff (kind, cause);"
	"CREATE TABLE receipt ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" number TEXT NOT NULL UNIQUE,"
	" application INTEGER NOT NULL REFERENCES application,"
	" amount INTEGER NOT NULL CHECK (amount > 0),"
	" currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),"
	" payer TEXT NOT NULL,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" void INTEGER NOT NULL DEFAULT 0 CHECK (void IN (0, 1)),"
	" reason TEXT NOT NULL DEFAULT '' CHECK (void = 0 OR reason <> '')) STRICT;"
	"CREATE INDEX receipt_application ON receipt (application);"
	"CREATE TABLE waiver ("
	" application INTEGER PRIMARY KEY REFERENCES application,"
	" amount INTEGER NOT NULL CHECK (amount >= 0), currency TEXT NOT NULL,"
	" reason TEXT NOT NULL CHECK (reason <> ''),"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer) STRICT;"
	"CREATE TABLE fund_entry ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" kind TEXT NOT NULL CHECK (kind IN ('donation', 'share', 'aid', 'waiver',"
	"  'reversal')),"
	" amount INTEGER NOT NULL CHECK (amount <> 0),"
	" currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),"
	" person INTEGER REFERENCES person,"
	" detail TEXT NOT NULL CHECK (detail <> '')) STRICT;",
};

SCHEMA_CHUNK(schema_money)
