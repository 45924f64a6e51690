#include "common/host/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"

enum status
findings_new(struct findings *f, struct diag *d)
{
	f->n = 0;
	f->text = malloc(FINDINGS_MAX * sizeof(*f->text));
	return f->text != NULL ? ST_OK :
	    diag_set(d, ST_INTERNAL, _("out of memory"));
}

void
findings_free(struct findings *f)
{
	free(f->text);
	f->text = NULL;
	f->n = 0;
}

void
findings_add(struct findings *f, const char *fmt, ...)
{
	va_list ap;

	if (f->n < FINDINGS_MAX) {
		va_start(ap, fmt);
		(void)vsnprintf(f->text[f->n], FINDING_TEXT, fmt, ap);
		va_end(ap);
		text_make_printable(f->text[f->n]);
	}
	f->n++;
}
