#include "issuer/exchange/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/host/program.h"
#include "common/text.h"

#include <libintl.h>

enum { BAR = 20, EVERY_MS = 200, QUIET_MS = 500 };

struct progress
progress_begin(const char *what, const char *unit)
{
	struct progress p = { .what = what, .unit = unit,
	    .shown = isatty(STDERR_FILENO) == 1 };

	if (p.shown)
		p.began = p.last = program_ticks();
	return p;
}

bool
progress_line(const struct progress *p, uint64_t done, uint64_t total,
    uint64_t units, int64_t elapsed_ms, char *out, size_t cap)
{
	char bar[BAR + 1];
	uint64_t ms = elapsed_ms > 0 ? (uint64_t)elapsed_ms : 1, left;
	int n;

	if (total == 0)
		total = 1;
	if (done > total)
		done = total;
	for (uint64_t i = 0; i < BAR; i++)
		bar[i] = i < done * BAR / total ? '#' : ' ';
	bar[BAR] = '\0';
	left = done > 0 ? ms * ((total - done) >> 8) / (done < 256 ? 1 :
	    done >> 8) / 1000 : 0;
	n = snprintf(out, cap, gettext("%s  [%s] %3" PRIu64 " %%  %" PRIu64 "%s  %" PRIu64 ":%02" PRIu64 " left"),
	    p->what, bar, done * 100 / total, units * 1000 / ms, p->unit,
	    left / 60, left % 60);
	return n > 0 && (size_t)n < cap;
}

void
progress_at(struct progress *p, uint64_t done, uint64_t total, uint64_t units)
{
	char line[160];
	int64_t now;
	int width;

	if (!p->shown || (now = program_ticks()) - p->last < EVERY_MS ||
	    now - p->began < QUIET_MS)
		return;
	p->last = now;
	if (!progress_line(p, done, total, units, now - p->began, line,
	    sizeof(line)))
		return;
	width = (int)text_length((struct bytes){ (const uint8_t *)line,
	    strlen(line) });
	fprintf(stderr, "\r%s%*s", line,
	    width < p->width ? p->width - width : 0, "");
	fflush(stderr);
	p->width = width;
}

void
progress_end(struct progress *p)
{
	if (p->width > 0)
		fprintf(stderr, "\r%*s\r", p->width, "");
	p->width = 0;
}
