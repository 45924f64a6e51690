/*
 * Scaling by a separable cubic kernel (Catmull-Rom) whose width grows with the
 * reduction, so that every source pixel counts. Weights are integers: the same
 * picture gives the same bytes on every machine.
 */
#include <math.h>
#include <stdlib.h>

#include "issuer/photo/pieces.h"

enum { ONE = 1 << 14 };

struct taps {
	uint32_t first, n;	/* source pixels of one target pixel */
	int32_t *weight;	/* n, sum ONE */
};

struct axis {
	struct taps *at;	/* one a target pixel */
	int32_t *weights;	/* all of them */
};

static double
kernel(double x)
{
	x = fabs(x);
	if (x < 1)
		return 1 + x * x * (1.5 * x - 2.5);
	if (x < 2)
		return 2 + x * (-4 + x * (2.5 - 0.5 * x));
	return 0;
}

static void
axis_free(struct axis *a)
{
	free(a->at);
	free(a->weights);
}

static void
taps_fill(struct taps *t, uint32_t i, double ratio, double reach, uint32_t from)
{
	double centre = (i + 0.5) * ratio, wide = reach / 2, sum = 0;
	int32_t left = ONE;
	uint32_t peak = 0;
	double lo = centre - reach, hi = centre + reach;

	t->first = lo < 0 ? 0 : (uint32_t)lo;
	t->n = (hi > from ? from : (uint32_t)ceil(hi)) - t->first;
	for (uint32_t k = 0; k < t->n; k++)
		sum += kernel((t->first + k + 0.5 - centre) / wide);
	for (uint32_t k = 0; k < t->n; k++) {
		double w = kernel((t->first + k + 0.5 - centre) / wide) / sum;

		t->weight[k] = (int32_t)lround(w * ONE);
		left -= t->weight[k];
		if (t->weight[k] > t->weight[peak])
			peak = k;
	}
	t->weight[peak] += left;	/* rounding must not change the tone */
}

static bool
axis_init(struct axis *a, uint32_t from, uint32_t to)
{
	double ratio = (double)from / to;
	double reach = 2 * (ratio > 1 ? ratio : 1);
	size_t most = (size_t)(2 * reach) + 3;

	a->at = calloc(to, sizeof(a->at[0]));
	a->weights = calloc(to, most * sizeof(a->weights[0]));
	if (a->at == NULL || a->weights == NULL)
		return false;
	for (uint32_t i = 0; i < to; i++) {
		a->at[i].weight = a->weights + i * most;
		taps_fill(&a->at[i], i, ratio, reach, from);
	}
	return true;
}

static uint8_t
clip(int64_t v)
{
	v = (v + ONE / 2) / ONE;
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* One target pixel from every step-th byte at p. */
static uint8_t
blend(const struct taps *t, const uint8_t *p, size_t step)
{
	int64_t v = 0;

	p += t->first * step;
	for (uint32_t k = 0; k < t->n; k++)
		v += t->weight[k] * p[k * step];
	return clip(v);
}

enum status
photo_scale(const struct photo *in, uint32_t x, uint32_t y, uint32_t w,
    uint32_t h, struct photo *out)
{
	struct axis across = { 0 }, down = { 0 };
	uint8_t *half = NULL;	/* scaled across, not yet down */
	size_t row = (size_t)out->w * 3;
	enum status st = ST_INTERNAL;

	if (!axis_init(&across, w, out->w) || !axis_init(&down, h, out->h) ||
	    (half = malloc(row * h)) == NULL)
		goto out;
	for (uint32_t i = 0; i < h; i++) {
		const uint8_t *p = in->rgb +
		    ((size_t)(y + i) * in->w + x) * 3;

		for (size_t j = 0; j < row; j++)
			half[i * row + j] = blend(&across.at[j / 3], p + j % 3,
			    3);
	}
	for (uint32_t i = 0; i < out->h; i++)
		for (size_t j = 0; j < row; j++)
			out->rgb[i * row + j] = blend(&down.at[i], half + j,
			    row);
	st = ST_OK;
out:
	axis_free(&across);
	axis_free(&down);
	free(half);
	return st;
}

enum status
photo_portrait(const struct photo *in, struct photo *out, struct diag *d)
{
	uint32_t w = in->w, h = in->h;
	enum status st;

	*out = (struct photo){ 0 };
	if (w * 4 > h * 3)
		w = h * 3 / 4;
	else
		h = w * 4 / 3;
	if (w < PHOTO_LEAST_W || h < PHOTO_LEAST_H)
		return diag_set(d, ST_DATA,
		    _("only %ux%u pixels are left when the photo is cut to 3:4; at least %dx%d are needed, take it again upright"),
		    w, h, PHOTO_LEAST_W, PHOTO_LEAST_H);
	if ((st = photo_alloc(PHOTO_W, PHOTO_H, "", out, d)) != ST_OK)
		return st;
	st = photo_scale(in, (in->w - w) / 2, (in->h - h) / 2, w, h, out);
	if (st != ST_OK) {
		photo_free(out);
		return diag_set(d, st, _("out of memory"));
	}
	return ST_OK;
}
