#include "common/host/diag.h"

#include "common/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status
diag_set(struct diag *d, enum status st, const char *fmt, ...)
{
	va_list ap;

	if (d == NULL)
		return st;
	va_start(ap, fmt);
	(void)vsnprintf(d->text, sizeof(d->text), fmt, ap);
	va_end(ap);
	/* File names and field values are not ours: keep the terminal safe. */
	text_make_printable(d->text);
	return st;
}

enum status
diag_errno(struct diag *d, enum status st, const char *path)
{
	int e = errno;

	if (e == ENOSPC || e == EDQUOT)
		return diag_set(d, ST_FULL,
		    _("%s: no space left on the disk; free some and repeat, nothing was changed"),
		    path);
	if (e == EFBIG)
		return diag_set(d, ST_FULL,
		    _("%s: larger than this disk or account takes; choose another, nothing was changed"),
		    path);
	if (e == EISDIR)
		return diag_set(d, ST_NOT_FOUND,
		    _("%s: is a folder; give a file"), path);
	if (e == ENOENT && st == ST_CANT_CREATE)
		return diag_set(d, st,
		    _("%s: the folder for it does not exist; make it first"),
		    path);
	if (e == ENOENT)
		return diag_set(d, ST_NOT_FOUND,
		    _("%s: no such file or folder"), path);
	if (e == EACCES || e == EPERM || e == EROFS)
		return diag_set(d, ST_PERMISSION, _("%s: permission denied"),
		    path);
	return diag_set(d, st, "%s: %s", path, strerror(e));
}

int
diag_print(const char *program, const struct diag *d, enum status st)
{
	const char *text = d != NULL && d->text[0] != '\0' ? d->text :
	    gettext(status_text(st));

	fprintf(stderr, "%s: %s\n", program, text);
	return status_exit(st);
}
