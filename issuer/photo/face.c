/*
 * The face in the symbol: 64×80, a few hundred bytes of WebP. Which settings
 * keep a face recognisable differs from face to face, so all of a small set
 * are tried, each at the highest quality that fits, and compared by SSIM.
 */
#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>
#include <webp/encode.h>

#include "issuer/photo/pieces.h"

/* Colour tells hair, skin and clothing apart at a glance, which SSIM of luma
 * does not see: it may cost this many thousandths. */
enum { COLOUR_WORTH = 15, SCORE_NONE = -1000 };

static const struct setting {
	bool colour;
	int sns;	/* spends bits where noise would show */
	int filter;	/* deblocking */
	int sharpness;
} settings[] = {
	{ false, 0, 0, 0 }, { false, 0, 30, 0 }, { false, 50, 30, 0 },
	{ false, 50, 60, 4 }, { false, 80, 20, 2 },
	{ true, 0, 0, 0 }, { true, 0, 30, 0 }, { true, 50, 30, 0 },
	{ true, 50, 60, 4 }, { true, 80, 20, 2 },
};

struct best {
	uint8_t data[FACE_BUDGET_MAX];
	struct photo_face face;
	int score;
};

/* Cut to 4:5: what is too high goes mostly from below, where the shirt is. */
static enum status
face_scale(const uint8_t *rgb, uint32_t w, uint32_t h, struct photo *out)
{
	union { const uint8_t *in; uint8_t *out; } u = { rgb };
	const struct photo in = { w, h, u.out };	/* only read */
	uint32_t cw = w, ch = h;

	if (cw * 5 > ch * 4)
		cw = ch * 4 / 5;
	else
		ch = cw * 5 / 4;
	return photo_scale(&in, (w - cw) / 2, (h - ch) / 3, cw, ch, out);
}

/* Mean SSIM over 8×8 windows every 2 pixels, in thousandths (Wang et al. 2004,
 * with flat windows). Sums are integers; only the last division is not. */
static int
ssim(const uint8_t *a, size_t a_step, const uint8_t *b, size_t b_step)
{
	enum { N = 8, M = N * N };
	const int64_t c1 = 6 * M * M + M * M / 2, c2 = 58 * M * M + M * M / 2;
	int64_t total = 0, windows = 0;

	for (size_t y = 0; y + N <= FACE_H; y += 2) {
		for (size_t x = 0; x + N <= FACE_W; x += 2) {
			int64_t sa = 0, sb = 0, aa = 0, bb = 0, ab = 0;

			for (size_t i = 0; i < M; i++) {
				size_t r = y + i / N, c = x + i % N;
				int64_t p = a[r * a_step + c];
				int64_t q = b[r * b_step + c];

				sa += p;
				sb += q;
				aa += p * p;
				bb += q * q;
				ab += p * q;
			}
			/* c1 and c2 are 6.5 and 58.5, scaled by M² as the
			 * sums of squares of means and variances are. */
			aa = M * aa - sa * sa;
			bb = M * bb - sb * sb;
			ab = M * ab - sa * sb;
			total += (int64_t)(1000000 *
			    ((double)(2 * sa * sb + c1) * (double)(2 * ab + c2)) /
			    ((double)(sa * sa + sb * sb + c1) *
			    (double)(aa + bb + c2)));
			windows++;
		}
	}
	return (int)(total / windows / 1000);
}

static bool
encode(WebPPicture *pic, const struct setting *s, int quality,
    WebPMemoryWriter *w)
{
	WebPConfig c;

	if (!WebPConfigInit(&c))
		return false;
	c.quality = (float)quality;
	c.method = 6;
	c.pass = 4;
	c.segments = s->sns == 0 ? 1 : 4;
	c.sns_strength = s->sns;
	c.filter_strength = s->filter;
	c.filter_sharpness = s->sharpness;
	c.filter_type = 1;
	c.thread_level = 0;
	WebPMemoryWriterInit(w);
	pic->writer = WebPMemoryWrite;
	pic->custom_ptr = w;
	return WebPEncode(&c, pic) != 0;
}

static int
score(const WebPPicture *pic, const WebPMemoryWriter *w)
{
	int width, height, stride, uv_stride, s = SCORE_NONE;
	uint8_t *u, *v;
	uint8_t *y = WebPDecodeYUV(w->mem, w->size, &width, &height, &u, &v,
	    &stride, &uv_stride);

	if (y != NULL && width == FACE_W && height == FACE_H)
		s = ssim(pic->y, (size_t)pic->y_stride, y, (size_t)stride);
	WebPFree(y);
	return s;
}

/* The highest quality of this setting that fits, if it beats the best. */
static void
try(WebPPicture *pic, const struct setting *s, size_t budget, struct best *b)
{
	int lo = 0, hi = 100;

	while (lo <= hi) {
		WebPMemoryWriter w;
		int quality = lo + (hi - lo) / 2, is;
		bool fits = encode(pic, s, quality, &w) && w.size <= budget;

		if (fits) {
			is = score(pic, &w);
			if (is + (s->colour ? COLOUR_WORTH : 0) > b->score) {
				memcpy(b->data, w.mem, w.size);
				b->face = (struct photo_face){ w.size,
				    s->colour, quality, is };
				b->score = is +
				    (s->colour ? COLOUR_WORTH : 0);
			}
			lo = quality + 1;
		} else {
			hi = quality - 1;
		}
		WebPMemoryWriterClear(&w);
	}
}

static void
grey(const struct photo *in, struct photo *out)
{
	for (size_t i = 0; i < (size_t)in->w * in->h * 3; i += 3) {
		const uint8_t *p = in->rgb + i;
		unsigned y = (299u * p[0] + 587u * p[1] + 114u * p[2] + 500) /
		    1000;

		memset(out->rgb + i, (int)y, 3);
	}
}

static bool
try_all(const struct photo *face, bool colour, size_t budget, struct best *b)
{
	WebPPicture pic;
	bool ok = false;

	if (!WebPPictureInit(&pic))
		return false;
	pic.width = FACE_W;
	pic.height = FACE_H;
	if (WebPPictureImportRGB(&pic, face->rgb, FACE_W * 3)) {
		for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]);
		    i++)
			if (settings[i].colour == colour)
				try(&pic, &settings[i], budget, b);
		ok = true;
	}
	WebPPictureFree(&pic);
	return ok;
}

enum status
photo_face_webp(const uint8_t *rgb, uint32_t w, uint32_t h, size_t budget,
    struct buf *out, struct photo_face *info, struct diag *d)
{
	struct photo face = { 0 }, pale = { 0 };
	struct best b = { .score = SCORE_NONE };
	enum status st;

	if (budget < FACE_BUDGET_MIN)
		return diag_set(d, ST_TOO_BIG,
		    _("the text of the card leaves %zu bytes for the photo in the code and %d are needed; shorten the names or the guardian's name"),
		    budget, FACE_BUDGET_MIN);
	if (budget > FACE_BUDGET_MAX)
		budget = FACE_BUDGET_MAX;
	if (w < FACE_W || h < FACE_H)
		return diag_set(d, ST_DATA,
		    _("a portrait of %ux%u pixels is too small; take the photo again"),
		    w, h);
	if ((st = photo_alloc(FACE_W, FACE_H, "", &face, d)) != ST_OK ||
	    (st = photo_alloc(FACE_W, FACE_H, "", &pale, d)) != ST_OK ||
	    (st = face_scale(rgb, w, h, &face)) != ST_OK)
		goto out;
	grey(&face, &pale);
	st = ST_INTERNAL;
	if (!try_all(&pale, false, budget, &b) ||
	    !try_all(&face, true, budget, &b))
		goto out;
	if (b.face.len == 0) {
		st = diag_set(d, ST_TOO_BIG,
		    _("the photo does not fit %zu bytes of the code; take it again before a plain background"),
		    budget);
		goto out;
	}
	buf_put(out, b.data, b.face.len);
	st = out->bad ? ST_TOO_BIG : ST_OK;
	if (st == ST_OK && info != NULL)
		*info = b.face;
out:
	photo_free(&face);
	photo_free(&pale);
	return st;
}
