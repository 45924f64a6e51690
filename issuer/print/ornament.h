/* Ornament: the background and the emblem. For issuer/print only. */
#ifndef CEDULA_ISSUER_PRINT_ORNAMENT_H
#define CEDULA_ISSUER_PRINT_ORNAMENT_H

#include <cairo.h>

#include "common/bytes.h"

struct area {
	double x, y, w, h;
};

/* Fine lines over a light tint of colour. Their shape comes from number, so
 * that a photo or name moved to another card sits on the wrong lines. */
void	ornament_background(cairo_t *c, struct area a, uint32_t colour,
	    struct bytes number);
/* A ring with rays around (x, y), radius r, in the given ink. An invention: no
 * state has it. */
void	ornament_emblem(cairo_t *c, double x, double y, double r, uint32_t rgb);

#endif
