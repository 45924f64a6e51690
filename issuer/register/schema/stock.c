/* Blank cards, by serial: each is accounted for from the parcel to the holder. */
#include "issuer/register/schema/schema.h"

static const char *const lines[] = {
	"CREATE TABLE blank_receipt ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" prefix TEXT NOT NULL, width INTEGER NOT NULL CHECK (width BETWEEN 1 AND 12),"
	" first INTEGER NOT NULL CHECK (first >= 0), last INTEGER NOT NULL,"
	" supplier TEXT NOT NULL, CHECK (last >= first)) STRICT;"
	"CREATE TABLE blank ("
	" serial TEXT PRIMARY KEY CHECK (serial <> ''),"
	" receipt INTEGER NOT NULL REFERENCES blank_receipt,"
	" state TEXT NOT NULL DEFAULT 'stock' CHECK (state IN ('stock', 'printed',"
	"  'spoiled', 'missing', 'destroyed')),"
	" card INTEGER REFERENCES card,"
	" batch INTEGER REFERENCES print_batch,"
	" at INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" reason TEXT NOT NULL DEFAULT '',"
	" CHECK (state <> 'printed' OR card IS NOT NULL)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX blank_card ON blank (card);"
	"CREATE INDEX blank_state ON blank (state);"
	"CREATE TABLE print_batch ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" opened INTEGER NOT NULL, officer INTEGER NOT NULL REFERENCES officer,"
	" closed INTEGER) STRICT;",
};

SCHEMA_CHUNK(schema_stock)
