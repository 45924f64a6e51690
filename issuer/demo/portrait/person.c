/* Who: what somebody looks like, drawn by lot from a seed. */
#include "issuer/demo/portrait/portrait.h"

#include <stddef.h>

static uint64_t chance;

static uint64_t
draw(void)
{
	uint64_t z = (chance += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static double
between(double lo, double hi)
{
	return lo + (hi - lo) * (double)(draw() >> 11) / 9007199254740992.0;
}

static size_t
one_of(size_t n)
{
	return (size_t)(draw() % n);
}

static bool
likely(double p)
{
	return between(0, 1) < p;
}
static void
choose_colours(struct person *p)
{
	static const uint32_t skins[] = { 0xf3d3bd, 0xe9bf9f, 0xdcab84,
	    0xcd9a70, 0xb98258, 0xa06b45, 0x7f5236, 0x633f2b };
	static const uint32_t hairs[] = { 0x1d1714, 0x2a1e18, 0x3b2820,
	    0x553726, 0x744c2c, 0x9a6b3c };
	static const uint32_t eyes[] = { 0x3a2415, 0x4a2e18, 0x5e4022,
	    0x6b5a2e, 0x54704e, 0x4c6f8c };
	static const uint32_t cloths[] = { 0x23395b, 0x7a2f3a, 0x2f5d50,
	    0x4b4453, 0x8a5a2b, 0x3e6c8f, 0xb4523b, 0x5b6d3c, 0x6c3f6b,
	    0x2b2f36, 0xc28f2c, 0x96a3ad };
	static const uint32_t backs[] = { 0xdfe6ec, 0xe8e6e0, 0xe2eae4,
	    0xe9e4ea, 0xdde3e6 };
	size_t s = one_of(sizeof(skins) / sizeof(skins[0]));
	/* The darker the skin the fewer light eyes and hair. */
	size_t range = s < 3 ? 6 : s < 5 ? 4 : 2;

	p->skin = hex(skins[s]);
	p->dark = mix(p->skin, hex(0x4a1f10), 0.42);
	p->light = mix(p->skin, hex(0xfff4e4), 0.45);
	p->hair = hex(hairs[one_of(range)]);
	p->iris = hex(eyes[one_of(range)]);
	p->lips = mix(p->skin, hex(p->female ? 0xb03848 : 0x9c4a44),
	    p->female ? between(0.42, 0.7) : 0.36);
	p->cloth = hex(cloths[one_of(sizeof(cloths) / sizeof(cloths[0]))]);
	p->cloth2 = hex(likely(0.7) ? 0xf3f1ec : 0xc9d6e2);
	p->back = hex(backs[one_of(sizeof(backs) / sizeof(backs[0]))]);
	if (p->age > 45)
		p->hair = mix(p->hair, hex(0xc9c6c2),
		    fmin(0.92, (p->age - 45) / 32.0 + between(-0.12, 0.12)));
}

static void
choose_style(struct person *p)
{
	static const enum hair men[] = { HAIR_SHORT, HAIR_PART, HAIR_CURLS,
	    HAIR_SHORT, HAIR_PART, HAIR_BALD };
	static const enum hair women[] = { HAIR_LONG, HAIR_BUN, HAIR_WAVES,
	    HAIR_BOB, HAIR_CURLS, HAIR_LONG };
	static const enum hair girls[] = { HAIR_FRINGE, HAIR_LONG, HAIR_BUN,
	    HAIR_BOB };
	static const enum hair boys[] = { HAIR_SHORT, HAIR_PART, HAIR_CURLS };

	if (p->child)
		p->style = p->female ? girls[one_of(4)] : boys[one_of(3)];
	else
		p->style = p->female ? women[one_of(6)] : men[one_of(6)];
	if (p->style == HAIR_BALD && p->age < 32)
		p->style = HAIR_SHORT;
	p->clothes = p->child ? CLOTHES_ROUND :
	    (enum clothes)one_of(4);
	p->moustache = !p->female && p->age >= 24 && likely(0.35);
	p->beard = !p->female && p->age >= 24 && likely(0.28);
	p->glasses = p->age > 12 && likely(p->age > 50 ? 0.45 : 0.16);
	p->earrings = p->female && p->age > 3 && likely(0.6);
}

static void
choose_face(struct person *p)
{
	/* 1 at the age of 2 or less, 0 from 17 on: large eyes set low, round
	 * cheeks, a small nose and chin. */
	double young = p->age >= 17 ? 0 : fmin(1, (17 - p->age) / 15.0);

	p->wide = between(126, 142) + 8 * young;
	p->jaw = p->wide * (p->female ? between(0.72, 0.82) :
	    between(0.8, 0.93)) + 6 * young;
	p->chin = between(180, 202) - 26 * young - (p->female ? 6 : 0);
	p->eye_x = between(56, 66);
	p->eye_y = between(0, 10) + 22 * young;
	p->eye_w = between(26, 31) + 3 * young;
	p->eye_h = between(10, 14) + 4 * young - (p->old ? 1.5 : 0);
	p->brow_y = p->eye_y - between(29, 37) + 2 * young;
	p->brow_thick = (p->female ? between(5, 8) : between(8, 13)) -
	    3 * young;
	p->brow_tilt = between(-4, 6);
	p->nose_y = p->eye_y + between(70, 84) - 24 * young;
	p->nose_w = between(24, 35) - 5 * young;
	p->mouth_y = p->nose_y + between(40, 50) - 8 * young;
	p->mouth_w = between(42, 54) - 8 * young;
	p->lip_up = between(8, 13);
	p->lip_low = between(11, 18);
	p->smile = between(1, 9);
	p->line = between(-128, -108) - (p->old && !p->female ? 14 : 0);
	p->stoop = p->child ? 0.62 + 0.2 * (1 - young) : p->female ? 0.86 : 1;
}

void
person_choose(struct person *p, uint64_t seed, char sex)
{
	chance = seed * 2654435761u + (uint64_t)sex;
	p->female = sex == 'f' || (sex == 'x' && likely(0.5));
	p->child = p->age < 13;
	p->old = p->age >= 55;
	choose_colours(p);
	choose_style(p);
	choose_face(p);
}
