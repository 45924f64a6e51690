/*
 * Chart: a report's table as a picture, of shown counts alone: what is withheld
 * is drawn only as far as the shown totals say it together. For issuer/report.
 */
#ifndef CEDULA_ISSUER_REPORT_CHART_H
#define CEDULA_ISSUER_REPORT_CHART_H

#include "issuer/report/page.h"

/* What the fills mean, on one line. */
void	chart_legend(struct page *g);
/* A stacked bar of the sexes for every row. */
void	chart_bars(struct page *g);
/* The same as columns side by side, where rows are months or years. */
void	chart_columns(struct page *g);
/* Women to the left, men to the right, the old above: of the total. */
void	chart_pyramid(struct page *g);
/* Days of every row: to the median, and on to the 90th percentile. */
void	chart_waits(struct page *g, size_t part);

#endif
