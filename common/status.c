#include "common/status.h"

#include <stddef.h>

static const struct {
	const char *token, *text;
	int exit;
} rows[] = {
#define X(name, token, exit, text) { token, text, exit },
	STATUS_TABLE(X)
#undef X
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *
status_token(enum status st)
{
	return (size_t)st < ROWS ? rows[st].token : rows[ST_INTERNAL].token;
}

const char *
status_text(enum status st)
{
	return (size_t)st < ROWS ? rows[st].text : rows[ST_INTERNAL].text;
}

int
status_exit(enum status st)
{
	return (size_t)st < ROWS ? rows[st].exit : rows[ST_INTERNAL].exit;
}
